import datetime as dt
import json

import pytest

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers.services import acled
from geodata.readers.services.acled import Credentials, credentials, fetch_events
from tests.support.hostile_cases import base
from tests.support.services import NOWHERE, service

TODAY = dt.date(2025, 10, 1)
ACCOUNT = Credentials("someone@example.org", "a secret word")
PERIOD = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 9, 30), "today": TODAY}


class Acled:
    """The service as recorded: tokens, pages of rows, and the faults that a test asks for."""

    def __init__(self, rows, *, page=acled.PAGE_ROWS, expires_after=None, status=200):
        self.rows, self.page, self.status = rows, page, status
        self.expires_after, self.reads, self.tokens = expires_after, 0, 0

    def __call__(self, method, path, fields, token):
        if path == "/oauth/token":
            return self.log_in(fields)
        if token != f"token-{self.tokens}" or self.reads == self.expires_after:
            self.reads += 1
            return 401, {
                "message": "The resource owner or authorization server denied the request."
            }
        self.reads += 1
        first = (int(fields["page"]) - 1) * self.page
        rows = self.rows[first : first + self.page]
        return self.status, {
            "status": 200,
            "success": True,
            "last_update": 9,
            "count": len(rows),
            "messages": [],
            "data": rows,
        }

    def log_in(self, fields):
        right = fields == {
            "grant_type": "password",
            "username": ACCOUNT.email,
            "password": ACCOUNT.password,
            "client_id": "acled",
        } or (
            fields
            == {"grant_type": "refresh_token", "refresh_token": "again", "client_id": "acled"}
        )
        if not right:
            return 400, {"error": "invalid_grant"}
        self.tokens += 1
        return 200, {
            "token_type": "Bearer",
            "expires_in": 86400,
            "refresh_token": "again",
            "access_token": f"token-{self.tokens}",
        }


def fetch(url, **options):
    return fetch_events(ACCOUNT, base_url=url, **{**PERIOD, **options})


def test_rows_become_events_with_their_credit():
    with service(Acled(base())) as (url, asked):
        found = fetch(url)
    assert len(found.events) == 12
    assert found.events[f.EVENT_TYPE][0] == "armed_clash"
    assert set(found.events[f.ORIGIN]) == {"ACLED"}
    assert found.report.exit_code == 0
    for words in ("ACLED", "acleddata.com", "Mali", "1 September 2025"):
        assert words in found.attribution("en")
    assert "terms of use" in found.terms("en")
    assert "septembre" in found.attribution("fr")
    question = asked[1][2]
    assert question["event_date"] == "2025-09-01|2025-09-24"  # the last seven days stay out
    assert (question["country"], question["event_date_where"]) == ("Mali", "BETWEEN")
    assert "notes" in question["fields"].split("|")


def test_every_page_is_read(monkeypatch):
    monkeypatch.setattr(acled, "PAGE_ROWS", 5)
    with service(Acled(base(), page=5)) as (url, asked):
        assert len(fetch(url).events) == 12
    assert [fields["page"] for _, path, fields, _ in asked if "read" in path] == ["1", "2", "3"]


def test_a_token_that_runs_out_is_renewed(monkeypatch):
    monkeypatch.setattr(acled, "PAGE_ROWS", 5)
    with service(Acled(base(), page=5, expires_after=1)) as (url, asked):
        assert len(fetch(url).events) == 12
    assert [fields["grant_type"] for _, path, fields, _ in asked if "token" in path] == [
        "password",
        "refresh_token",
    ]


def test_an_answer_is_kept_and_not_asked_for_again(tmp_path):
    with service(Acled(base())) as (url, asked):
        first = fetch(url, cache=tmp_path)
        count = len(asked)
        second = fetch(url, cache=tmp_path)
    assert len(asked) == count
    assert second.events.equals(first.events)
    (kept,) = tmp_path.iterdir()
    assert kept.suffix == ".json"
    assert kept.stat().st_mode & 0o077 == 0
    assert ACCOUNT.password not in kept.read_text()


def test_another_account_does_not_see_a_kept_answer(tmp_path):
    with service(Acled(base())) as (url, _):
        fetch(url, cache=tmp_path)
        with pytest.raises(GeodataError):
            fetch_events(
                Credentials("other@example.org", "x"), base_url=url, cache=tmp_path, **PERIOD
            )


def test_a_damaged_or_old_answer_is_asked_for_again_and_used_when_offline(tmp_path):
    with service(Acled(base())) as (url, asked):
        fetch(url, cache=tmp_path)
        (kept,) = tmp_path.iterdir()
        old = json.loads(kept.read_text())
        kept.write_text("{ broken")
        fetch(url, cache=tmp_path)
        assert len([one for one in asked if "read" in one[1]]) == 2
    old["fetched"] = "2025-01-01T00:00:00+00:00"
    kept.write_text(json.dumps(old))
    found = fetch(NOWHERE, cache=tmp_path)
    assert found.stale
    assert len(found.events) == 12
    assert "1 January 2025" in found.attribution("en")


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (lambda *_: (403, {}), "connect.denied"),
        (lambda *_: (429, {}), "connect.busy"),
        (lambda *_: (500, b"oops"), "connect.fault"),
        (lambda *_: (302, b""), "connect.fault"),
        (lambda *_: (200, b"<html>"), "connect.unreadable"),
        (lambda *_: (200, b"[" * 100_000), "connect.unreadable"),
        (lambda *_: (200, {"no": "token"}), "connect.unreadable"),
        (lambda m, path, *_: (200, {"access_token": "t"} if "token" in path else {"data": [1]}),
         "connect.unreadable"),
        (lambda m, path, *_: (200, {"access_token": "t"} if "token" in path
                              else {"success": False, "data": []}), "connect.unreadable"),
    ],
)  # fmt: skip
def test_each_fault_of_the_service_is_reported_without_the_password(answer, key):
    with service(answer) as (url, _), pytest.raises(GeodataError) as caught:
        fetch(url)
    assert caught.value.key == key
    assert ACCOUNT.password not in str(caught.value) + repr(ACCOUNT)


def test_offline_it_explains_itself_in_both_languages():
    with pytest.raises(GeodataError) as caught:
        fetch(NOWHERE)
    assert "built-in table" in caught.value.text("en")
    assert "injoignable" in caught.value.text("fr")


def test_nothing_goes_over_an_unsafe_line():
    with pytest.raises(GeodataError) as caught:
        fetch("http://acled.example.org")
    assert caught.value.key == "connect.secure"


def test_more_rows_than_the_limit_are_refused():
    from geodata.readers.limits import Limits

    with service(Acled(base())) as (url, _), pytest.raises(GeodataError, match="11"):
        fetch(url, limits=Limits(rows=11))


def test_recent_events_come_only_when_allowed():
    with pytest.raises(GeodataError) as caught:
        fetch(NOWHERE, start=dt.date(2025, 9, 28))
    assert caught.value.key == "connect.period"
    with service(Acled(base())) as (url, asked):
        fetch(url, include_recent=True)
    assert asked[1][2]["event_date"].endswith("|2025-09-30")


def test_an_account_comes_from_settings_or_says_which_are_missing():
    settings = {"ACLED_EMAIL": " a@b.org ", "ACLED_PASSWORD": "x"}
    assert credentials(settings) == Credentials("a@b.org", "x")
    with pytest.raises(GeodataError, match="ACLED_EMAIL and ACLED_PASSWORD"):
        credentials({"ACLED_EMAIL": "a@b.org"})


def test_a_cache_that_cannot_be_written_costs_the_copy_not_the_answer(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with service(Acled(base())) as (url, _):
        assert len(fetch(url, cache=blocked).events) == 12
