"""The desk on the page: who may write, and an event that closes its road after a restart."""

import datetime as dt

import pytest

from dashboard.session import datasets
from dashboard.session import desk as session_desk
from geodata.desk.database import writing
from geodata.desk.editing import add_event, review
from geodata.desk.journal import Kind, Status
from geodata.desk.people import Person, Role, store_role
from geodata.desk.scenarios import save_scenario
from geodata.desk.store import opened as opened_desk
from tests.dashboard.test_app import opened, sound
from tests.desk.conftest import AWA, BINTA, EVENT, TODAY

OWN = {"tab": "own", "lang": "en"}
KITA = {
    **EVENT, "event_id": "own-1", "date": "2026-04-10", "event_type": "siege", "lat": "13.0349",
    "lon": "-9.4895", "node_id": "kita", "location_precision": "town", "confidence": "high",
}  # fmt: skip


@pytest.fixture
def url(tmp_path, monkeypatch):
    """A separate desk for one test, where names come from the page."""
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    monkeypatch.setenv("DESK_DATABASE", url)
    monkeypatch.setenv("DESK_ACCOUNTS", "local")
    session_desk._opened.cache_clear()
    datasets.at_desk.cache_clear()
    return url


def labels(page, kind):
    return {each.label for each in page.get(kind)}


def test_an_event_entered_on_the_page_closes_its_road_after_a_restart(url):
    page = opened(OWN)
    page.text_input("desk_name").set_value("Awa").run()
    page.date_input("desk_date").set_value(dt.date(2026, 4, 10))
    page.selectbox("desk_type").select("siege")
    page.selectbox("desk_town").select("kita")
    page.selectbox("desk_effect").select("closed")
    page.text_input("desk_source").set_value("Radio A")
    button = next(each for each in page.button if each.label == "Save")
    button.click().run()
    sound(page)
    desk = opened_desk(url)
    ((_, event),) = [item for item in desk.records() if item[0] == Kind.EVENT]
    assert page.query_params["desk"] == "1"
    review(desk, BINTA, [event], Status.REVIEWED, base=1)
    session_desk._opened.cache_clear()
    again = opened({**OWN, "desk": "2", "date": "2026-04-20"})
    sound(again)
    assert event in set(datasets.at_desk("2").dataset.events["event_id"])


def test_a_view_without_a_link_begins_with_the_newest_version(url):
    add_event(opened_desk(url), AWA, KITA, today=TODAY)
    page = opened()
    sound(page)
    assert page.query_params["desk"] == "1"


def test_a_server_lets_nobody_write_until_it_knows_where_names_come_from(url, monkeypatch):
    add_event(opened_desk(url), AWA, KITA, today=TODAY)
    monkeypatch.delenv("DESK_ACCOUNTS")
    page = opened(OWN)
    sound(page)
    assert "Save" not in labels(page, "button")
    assert "Your name" not in labels(page, "text_input")


@pytest.mark.parametrize(
    ("role", "proof"), [*((role, "secret") for role in Role), (Role.REVIEWER, "guessed")]
)
def test_a_proxys_user_may_do_what_the_role_allows(url, monkeypatch, role, proof):
    monkeypatch.setenv("DESK_ACCOUNTS", "header:X-Remote-User")
    desk = opened_desk(url)
    add_event(desk, AWA, KITA, today=TODAY)
    with writing(desk.engine) as connection:
        store_role(connection, Person("c@example.org", "Cheick", role))
    monkeypatch.setenv("DESK_PROXY_SECRET", "secret")
    sent = {"X-Remote-User": "c@example.org", "X-Desk-Proxy": proof}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", sent)
    page = opened(OWN)
    sound(page)
    buttons = {each.label for each in page.button}
    trusted = proof == "secret"
    assert ("Save" in buttons) == (trusted and role != Role.VIEWER)
    assert ("Reject" in buttons) == (trusted and role == Role.REVIEWER)


def test_a_short_link_opens_its_scenario_and_an_unknown_one_says_so(url):
    token = save_scenario(opened_desk(url), AWA, "Gao cut", "?v=1&cut=gao--bourem&vehicle=tanker")
    page = opened({"s": token, "lang": "en"})
    sound(page)
    assert page.query_params["cut"] == "gao--bourem"
    sound(opened({"s": "nothing"}))


def test_a_link_to_a_version_that_is_not_here_opens_without_the_desk(url):
    page = opened({"desk": "7", "date": "2026-01-15"})
    sound(page)
    assert "desk" not in page.query_params
    assert page.query_params["date"] == "2026-01-15"
