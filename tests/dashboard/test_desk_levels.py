"""What leaves the server about the desk's events, read off the wire by a viewer and an editor."""

import asyncio
import base64
import re
import struct

import httpx
import pytest

from dashboard.views.desk.page import PARTS
from geodata.desk.database import writing
from geodata.desk.editing import add_event, edit_event, review
from geodata.desk.journal import Status
from geodata.desk.people import Person, Role, store_role
from geodata.desk.scenarios import add_remark, save_scenario, saved_scenarios
from geodata.desk.store import opened
from geodata.i18n import text
from tests.benchmarks.load.visitor import Visitor
from tests.desk.conftest import AWA, BINTA, EVENT, TODAY
from tests.support import server

SECRET = "proxy-secret"
EDITOR = {"X-Remote-User": "c@example.org", "X-Desk-Proxy": SECRET}
DAY = "2026-04-12"
REPORT = {
    **EVENT,
    "event_id": "own1",
    "date": "2026-04-10",
    "event_type": "siege",
    "lat": "13.1726",
    "lon": "-9.6184",
    "place": "Quelquepart-les-Puits",
    "confidence": "high",
    "actor": "Groupe Inconnu",
    "summary": "Told in confidence",
}
NOTE = "kita--kati;Bridge mined at the old well;Driver of Kita;2026-04-09;Oumou"
HIDDEN = (
    *("Quelquepart", "Groupe Inconnu", "Told in confidence", "Waiting words", "Awa", "Binta"),
    *("Bridge mined", "Driver of Kita", "Oumou"),
)
"""Words of the event, of a change nobody has read, of a scenario's note, and who wrote them."""

EXACT = (r"13\.172", r"9\.618", r"131726(?!\d)", r"-96184(?!\d)")
"""The place in degrees, to about 100 m, and in the map's whole numbers."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """A server's desk with one reviewed event, changed since by words that nobody has read."""
    folder = tmp_path_factory.mktemp("levels")
    url = f"sqlite:///{folder / 'desk.sqlite'}"
    desk = opened(url)
    add_event(desk, AWA, REPORT, today=TODAY)
    review(desk, BINTA, ["own1"], Status.REVIEWED, base=1)
    edit_event(desk, AWA, "own1", {"summary": "Waiting words"}, base=2, today=TODAY)
    save_scenario(desk, AWA, "Kita cut", f"?v=1&cut=kita--kati&date={DAY}&note={NOTE}")
    add_remark(desk, AWA, "kita", "Waiting words")
    with writing(desk.engine) as connection:
        store_role(connection, Person("c@example.org", "Cheick", Role.CONTRIBUTOR))
    settings = {
        "DESK_DATABASE": url,
        "DESK_ACCOUNTS": "header:X-Remote-User",
        "DESK_PROXY_SECRET": SECRET,
    }
    with server.app(folder, environment=settings) as started:
        yield started


def decoded(content):
    """What is written in base64, among bytes."""
    return [base64.b64decode(each) for each in re.findall(rb"(?:[A-Za-z0-9+/]{4}){20,}", content)]


def files(app, content):
    """Every file of the server's that bytes name, while its session lives."""
    names = set(re.findall(rb"media/[\w.-]+", content))
    assert names
    with httpx.Client(base_url=app.url, timeout=60) as client:
        answers = [client.get(name.decode()) for name in sorted(names)]
    assert any(answer.status_code == 200 for answer in answers)
    return [answer.content for answer in answers if answer.status_code == 200]


async def received(app, headers):
    """All that the server sends while a visitor opens every part that shows events.

    The map's state is JSON in base64, and what of it is large is a file of the session's own.
    """
    kept: list[bytes] = []
    (saved,) = saved_scenarios(opened(app.environment["DESK_DATABASE"]))
    links = ("", "&tab=events", "&tab=time", "&tab=share", "&tab=desk", "&town=kita")
    for query in (*links, f"&s={saved.token}"):
        visitor = Visitor(
            app.url.replace("http", "ws"),
            f"lang=en&desk=3&date={DAY}{query}",
            headers=headers,
            kept=kept,
        )
        await visitor.open()
        if query == "&tab=desk":
            await visitor.press("desk_pick_own1")
            for part in range(len(PARTS.codes)):
                await visitor.choose("desk_part", part)
            await visitor.choose("desk_part", PARTS.codes.index("scenarios"))
            await visitor.press(f"desk_open_{saved.token}")
            await visitor.tap("segment", "kita--kati")
        if not query:
            await visitor.tap("event", "own1")
            await visitor.tap("segment", "mahina--kita")
        assert not visitor.failed
        kept += decoded(b"".join(kept))
        kept += await asyncio.to_thread(files, app, b"".join(kept))
        await visitor.close()
    return b"".join(kept)


def told(content):
    """What of the hidden words and numbers stands in bytes that were sent."""
    readable = content.decode("utf-8", "replace")
    words = {each for each in HIDDEN if each in readable}
    numbers = {each for each in EXACT if re.search(rf"(?<!\d){each}", readable)}
    packed = {v for v in ("13.1726", "-9.6184") if struct.pack("<d", float(v)) in content}
    return words | numbers | packed


def test_a_viewer_is_sent_no_exact_place_and_an_editor_is(app):
    viewer = asyncio.run(received(app, {}))
    editor = asyncio.run(received(app, EDITOR))
    assert b"Radio A" in viewer
    assert text("desk.notes_hidden", "en").encode() in viewer
    assert told(viewer) == set()
    assert set(HIDDEN) | set(EXACT[:2]) <= told(editor)


def test_programs_are_sent_no_exact_place_without_the_administrators_word(app):
    with httpx.Client(base_url=app.url, timeout=120) as client:
        for path in (
            *(f"/api/v1/{name}" for name in ("access", "events", "changes.atom", "changes.json")),
            "/api/v1/events?format=geojson",
            "/api/v1/phases.ics",
            "/light",
        ):
            asked = f"{path}{'&' if '?' in path else '?'}date={DAY}&desk=3p"
            answer = client.get(asked)
            assert answer.status_code == 200, (path, answer.text[:200])
            assert told(answer.content) == set(), path
        rows = client.get(f"/api/v1/events?date={DAY}&desk=3").json()["rows"]
    (row,) = [each for each in rows if each["event_id"] == "own1"]
    assert row["location_precision"] == "town"
