"""Feeds, calendar, mail and webhook: valid, repeatable, and sent only where they may go."""

import datetime as dt
import email
import json
import socket
import threading
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import feedparser
import icalendar
import jsonschema
import pytest
from aiosmtpd.controller import Controller
from lxml import etree

from geodata.alerts import webhook
from geodata.alerts.calendar import calendar
from geodata.alerts.feeds import atom, json_feed
from geodata.alerts.mail import mail, send
from geodata.alerts.messages import Message, Source
from geodata.cli.main import main
from geodata.errors import GeodataError
from geodata.i18n import text

ADDRESS = "https://routes.example.org/"
MADE = dt.date(2026, 5, 20)
GRAMMAR = etree.RelaxNG(file=str(Path(__file__).with_name("atom.rng")))
HOSTILE = "<script>alert(1)</script> & ]]> ’ \u202e"
JSON_FEED = {  # https://www.jsonfeed.org/version/1.1/
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "home_page_url": {"type": "string", "format": "uri"},
        "language": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_text"],
                "properties": {
                    "id": {"type": "string"},
                    "url": {"type": "string", "format": "uri"},
                    "date_published": {"type": "string", "format": "date-time"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "patternProperties": {"^_": {}},
            },
        },
    },
}


def message(number=1, title="Kita: isolated", body="Text"):
    source = Source("e1", "Radio A", "https://example.org/a", dt.date(2026, 4, 1), "Kita")
    day = dt.date(2026, 4, number)
    return Message(
        f"{number:064x}", day, title, body, f"{ADDRESS}?v=1&town=kita", ("kita",), (source,), "en"
    )


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("count", [0, 1, 250])
def test_the_atom_feed_is_valid_and_newest_first(lang, count):
    messages = [message(n % 28 + 1, f"{HOSTILE} {n}", HOSTILE) for n in range(count)]
    made = atom(messages, lang=lang, address=ADDRESS, made=MADE)
    found = feedparser.parse(made)
    assert not found.bozo
    GRAMMAR.assertValid(etree.fromstring(made))
    assert found.version == "atom10"
    assert len(found.entries) == min(count, 200)
    assert [e.updated for e in found.entries] == sorted(e.updated for e in found.entries)[::-1]
    assert all(
        entry.title.startswith("<script>") or "&lt;" in entry.title for entry in found.entries
    )
    assert b"<script>" not in made
    assert made == atom(messages, lang=lang, address=ADDRESS, made=MADE)


def test_the_grammar_of_atom_refuses_a_feed_without_its_date():
    feed = etree.fromstring(atom([message()], lang="en", address=ADDRESS, made=MADE))
    feed.remove(feed.find("{*}updated"))
    assert not GRAMMAR.validate(feed)


def test_the_json_feed_is_valid():
    feed = json.loads(json_feed([message(1), message(2)], lang="en", address=ADDRESS))
    checker = jsonschema.FormatChecker()
    jsonschema.validate(feed, JSON_FEED, format_checker=checker)
    assert [item["date_published"][:10] for item in feed["items"]] == ["2026-04-02", "2026-04-01"]
    jsonschema.validate(json.loads(json_feed([], lang="fr")), JSON_FEED)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_calendar_holds_phases_and_ends_as_whole_days(mali, lang):
    made = calendar(mali.events, lang=lang, made=MADE, until=dt.date(2025, 10, 1))
    found = icalendar.Calendar.from_ical(made)
    entries = found.walk("VEVENT")
    assert len({str(entry["uid"]) for entry in entries}) == len(entries) > 3
    for entry in entries:
        assert entry.errors == []
        assert entry.end > entry.start
        assert entry["dtstamp"]
    starts = {entry.start for entry in entries}
    assert dt.date(2025, 9, 3) in starts
    assert all(max(map(len, line.split(b"\r\n"))) <= 75 for line in [made])


def test_the_calendar_names_phases_in_its_language_under_the_same_ids(mali):
    one, two = (
        icalendar.Calendar.from_ical(
            calendar(mali.events, lang=lang, made=MADE, until=dt.date(2025, 10, 1))
        ).walk("VEVENT")
        for lang in ("en", "fr")
    )
    assert [str(each["uid"]) for each in one] == [str(each["uid"]) for each in two]
    names = {str(each["summary"]) for each in two}
    assert text("phases.phase-1", "fr") in names
    assert text("phases.phase-1", "en") not in names


def test_a_mail_is_whole_and_no_address_slips_in_a_line():
    made = mail(
        [message(1), message(2)], lang="en", sender="a@example.org", to=["b@example.org"], made=MADE
    )
    read = email.message_from_bytes(bytes(made), policy=default)
    assert read["To"] == "b@example.org"
    assert "2 changes" in read["Subject"]
    assert not read.defects
    for address in ("b@example.org\nBcc: c@example.org", "b", "b@c@d", "b@e.org, c@e.org"):
        with pytest.raises(GeodataError, match="mail address"):
            mail([message()], lang="en", sender="a@example.org", to=[address], made=MADE)


class Kept:
    def __init__(self):
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"


def test_a_mail_server_gets_the_mail_but_no_password_in_the_clear():
    kept = Kept()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    made = mail(
        [message(body="l’œil")], lang="en", sender="a@example.org", to=["b@example.org"], made=MADE
    )
    try:
        send(made, host="127.0.0.1", port=port)
        with pytest.raises(GeodataError, match="TLS"):
            send(made, host="127.0.0.1", port=port, user="u", password="p")
    finally:
        server.stop()
    (envelope,) = kept.envelopes
    assert envelope.rcpt_tos == ["b@example.org"]
    assert "œil" in email.message_from_bytes(envelope.content, policy=default).get_content()
    with pytest.raises(GeodataError, match="did not accept"):
        send(made, host="127.0.0.1", port=port)


@pytest.fixture
def hook():
    """A server that gives preset answers and records its requests."""
    answers, got = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            got.append((dict(self.headers), json.loads(self.rfile.read(length)), self.path))
            self.send_response(answers.pop(0) if answers else 204)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/in?x=1", answers, got
    server.shutdown()


def test_a_hook_that_fails_is_tried_again_with_the_same_key(hook):
    url, answers, got = hook
    answers += [500, 429]
    waits = []
    tries = webhook.post([message()], url, allowed=[url], private=True, wait=waits.append)
    assert (tries, waits) == (3, [1, 2])
    assert len({headers["Idempotency-Key"] for headers, *_ in got}) == 1
    assert got[0][1]["messages"][0]["events"] == ["e1"]
    assert got[0][2] == "/in?x=1"


@pytest.mark.parametrize("status", [301, 302, 400, 404])
def test_a_hook_that_refuses_or_sends_elsewhere_is_not_tried_again(hook, status):
    url, answers, got = hook
    answers += [status]
    with pytest.raises(GeodataError, match=str(status)):
        webhook.post([message()], url, allowed=[url], private=True, wait=lambda _: None)
    assert len(got) == 1


def test_a_hook_that_never_answers_is_given_up(hook):
    url, answers, got = hook
    answers += [503] * 9
    with pytest.raises(GeodataError, match="4 tries"):
        webhook.post([message()], url, allowed=[url], private=True, wait=lambda _: None)
    assert len(got) == 4


def test_only_listed_addresses_and_no_private_ones_are_called(hook):
    url, _, got = hook
    for allowed, private in (([], True), ([url + "2"], True), ([url], False)):
        with pytest.raises(GeodataError):
            webhook.post([message()], url, allowed=allowed, private=private)
    assert got == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "192.168.0.9",
        "169.254.169.254",
        "[::ffff:10.0.0.1]",
        "0.0.0.0",
        "localhost",
        "2130706433",
        "[fd00::1]",
        "224.0.0.1",
        "100.64.0.1",
    ],
)
def test_no_spelling_of_a_private_address_is_called(host):
    url = f"https://{host}/x"
    with pytest.raises(GeodataError, match="private"):
        webhook.post([message()], url, allowed=[url], wait=lambda _: None)


def test_the_command_writes_every_form(tmp_path, capsys):
    names = ["f.atom", "f.json", "f.ics", "f.eml", "f.txt"]
    words = [word for name in names for word in ("-o", str(tmp_path / name))]
    asked = [
        "watch",
        "--towns",
        "kita,Gao",
        "--since",
        "2025-09-01",
        "--until",
        "2025-09-30",
        "--to",
        "b@example.org",
        "--digest",
        "week",
        "--address",
        ADDRESS,
        *words,
    ]
    assert main(asked) == 0
    assert not feedparser.parse((tmp_path / "f.atom").read_bytes()).bozo
    items = json.loads((tmp_path / "f.json").read_text())["items"]
    assert items
    assert all(set(item["tags"]) <= {"kita", "gao"} for item in items)
    assert main(["watch", "-o", str(tmp_path / "f.doc")]) == 2
