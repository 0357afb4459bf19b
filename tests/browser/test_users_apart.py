"""Two visitors at once: neither sees or changes anything of the other's."""

import csv
import io
import urllib.error
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser import watching
from tests.browser.journeys import click_road, visit
from tests.support import chromium, server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
SECRET = "Zandoungou-of-visitor-one"


def table():
    """Twelve events at synthetic places whose names only visitor one knows."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [
            "event_id",
            "event_date",
            "event_type",
            "latitude",
            "longitude",
            "location",
            "notes",
            "source",
        ]
    )
    for number in range(12):
        writer.writerow(
            [
                f"Z{number}",
                f"2025-11-{number + 1:02}",
                "ambush",
                14.4 + number / 50,
                -4.2,
                f"{SECRET} {number}",
                f"{SECRET} note",
                "Made up",
            ]
        )
    return file.getvalue()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """An app with its own temporary folder, and two visitors with a browser each."""
    folder = tmp_path_factory.mktemp("apart")
    temporary = folder / "tmp"
    temporary.mkdir()
    (folder / "own.csv").write_text(table(), encoding="utf-8")
    with (
        server.app(folder, environment={"TMPDIR": str(temporary)}) as app,
        watching.browser() as browser,
    ):
        one, two = (watching.context(browser, app.url, locale="en-GB") for _ in range(2))
        yield app, folder, one[0].new_page(), two[0].new_page()
        one[0].close()
        two[0].close()


def text_of(page):
    return "\n".join(frame.content() for frame in page.frames)


def answer_of(request):
    """Status and content, regardless of the status."""
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_what_one_opens_the_other_never_sees(world):
    app, folder, one, two = world
    visit(one, app.url, "lang=en&tab=own&date=2025-11-10")
    visit(two, app.url, "lang=en&tab=events&date=2025-11-10")
    before = two.locator(".sr-summary").inner_text()
    one.set_input_files(".st-key-own_events_file input[type=file]", str(folder / "own.csv"))
    one.locator(".st-key-own_use button").click(timeout=30_000)
    watching.idle(one)
    assert one.locator(".st-key-tab [data-testid=stAlert]").first.is_visible()
    assert "own.csv" in text_of(one)
    two.reload()
    watching.settled(two)
    seen = text_of(two)
    assert SECRET not in seen
    assert "own.csv" not in seen
    assert two.locator(".sr-summary").inner_text() == before


def test_cuts_of_one_change_nothing_for_the_other(world):
    app, _, one, two = world
    before = two.locator(".sr-summary").inner_text(), two.url
    visit(one, app.url, "lang=en&tab=scenario&date=2025-11-10")
    click_road(one, "gao--bourem")
    one.wait_for_function("() => location.search.includes('gao--bourem')")
    visit(two, app.url, before[1].partition("?")[2])
    assert (two.locator(".sr-summary").inner_text(), two.url) == before


def test_a_file_of_one_is_not_served_to_one_who_guesses(world):
    app, _, _, _ = world
    for address in (
        "media/own.csv",
        "_stcore/upload_file/x/y",
        "media/" + "0" * 56 + ".json",
        "app/static/../../geodata/data/events.csv",
        "app/static/%2e%2e/%2e%2e/.streamlit/config.toml",
    ):
        status, content = answer_of(urllib.request.Request(f"{app.url}/{address}"))
        assert status == 200 or 400 <= status < 500
        for kept in (SECRET, "event_id", "enableStaticServing"):
            assert kept.encode() not in content


def test_a_foreign_page_may_neither_read_nor_post(world):
    """Cross-site requests: no answer may be read, no file may be put into another session."""
    app, _, _, _ = world
    asked = urllib.request.Request(
        f"{app.url}/_stcore/health", headers={"Origin": "https://elsewhere.example"}
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        assert answer.headers.get("Access-Control-Allow-Origin") in (None, app.url)
    put = urllib.request.Request(
        f"{app.url}/_stcore/upload_file/session/file", data=b"x", method="PUT"
    )
    put.add_header("Origin", "https://elsewhere.example")
    status, _ = answer_of(put)
    assert 400 <= status < 500
    stream = f"ws://127.0.0.1:{app.port}/_stcore/stream"
    with pytest.raises(InvalidStatus), connect(stream, origin="https://elsewhere.example"):
        pass
    with connect(stream, origin=app.url):
        pass


def test_an_upload_leaves_no_file_and_a_reload_forgets_it(world):
    app, folder, one, _ = world
    left = [path.name for path in (folder / "tmp").rglob("*") if path.is_file()]
    assert not [name for name in left if "own" in name or "supply" in name]
    for path in (folder / "tmp").rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()
    one.reload()
    watching.settled(one)
    assert "own.csv" not in text_of(one)
    assert SECRET not in app.said
