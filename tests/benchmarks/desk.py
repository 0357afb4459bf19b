"""One server's desk with 20 editors and 50 readers: saves, reads, clicks on the page, losses."""

import datetime as dt
import math
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from geodata.desk.editing import add_event
from geodata.desk.journal import Kind
from geodata.desk.people import local_person
from geodata.desk.store import Desk, Draft, opened
from tests.benchmarks.comparison import Row
from tests.benchmarks.load import team
from tests.browser import watching
from tests.support import server

EDITORS: Final = 20
READERS: Final = 50
SECONDS: Final = 20
PAUSE: Final = 5.0
"""Between two acts of one person; real ones take longer."""

GOAL_SECONDS: Final = 0.5
SEEN_SECONDS: Final = 2.0
EDITS: Final = 5
EVENT: Final = {
    "date": "2026-05-01", "event_type": "blockade", "place": "Diboli", "lat": "14.46",
    "lon": "-12.2", "effect_on_passage": "closed", "source_name": "Radio A",
}  # fmt: skip


LONG: Final = {"events": 2_000, "scenarios": 500, "remarks": 5_000}
"""How much a long list holds."""


def measure() -> list[Row]:
    """Rows of the table, on the database that ``DESK_DATABASE`` names, or a file."""
    return [*_at_once(), *_clicks(1), *_clicks(2), *_seen(), *_long_lists()]


def _at_once() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DESK_DATABASE") or f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        desk = opened(url)
        first = desk.version
        saves, reads = _together(desk)
        lost = len(saves) - (opened(url).version - first)
    return [
        _row(f"save, {EDITORS} editors", saves),
        _row(f"read, {READERS} readers", reads),
        Row("saves lost", str(lost), "", "0", lost == 0),
    ]


def _clicks(servers: int) -> list[Row]:
    """Editors and viewers who click the real page, each in a session of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = team.clicks(Path(folder), servers=servers)
    every = [each for times in told.times.values() for each in times]
    people = f"{team.EDITORS} editors, {team.AT_DESK + team.ON_MAP} viewers, servers: {servers}"
    late = _p95(told.seen)
    seen = f"p95 {late:.2f} s, median {_median(told.seen):.2f} s, n {len(told.seen)}"
    return [
        _row(f"a click on the page, {people}", every),
        *(_row(f"such a click: {name}", times) for name, times in told.times.items()),
        Row("an edit seen by each viewer", seen, "", f"{SEEN_SECONDS} s", late < SEEN_SECONDS),
        Row(
            "such saves lost, errors shown, sessions broken off",
            f"{told.lost}, {told.failed}, {len(told.broken)}",
            "",
            "0",
            not (told.lost or told.failed or told.broken),
            note="; ".join(told.broken[:2]),
        ),
    ]


def _seen() -> list[Row]:
    """Time from a click in one browser until another, which nobody touches, shows what it did."""
    from tests.browser.test_desk import person  # playwright may be missing

    times = []
    with tempfile.TemporaryDirectory() as folder, watching.browser() as browser:
        url = f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        desk = opened(url)
        for n in range(EDITS):
            event = {**EVENT, "event_id": f"e{n}"}
            add_event(desk, local_person("Cheick"), event, today=dt.date(2026, 5, 20))
        settings = {"DESK_DATABASE": url, "DESK_ACCOUNTS": "local"}
        with server.app(Path(folder), environment=settings) as app:
            one, other = (person(browser, app.url, name) for name in ("Awa", "Binta"))
            for n in range(EDITS):
                watching.idle(one)
                pick = one.locator(f".st-key-desk_pick_e{n} button")
                pick.filter(visible=True).first.click()
                decide = one.get_by_role("button", name="Confirm as reviewed").first
                decide.wait_for()
                start = time.perf_counter()
                decide.click()
                shown = ".st-key-desk_list .sr-st-reviewed"
                other.wait_for_function(
                    "([all, n]) => document.querySelectorAll(all).length > n",
                    arg=[shown, n],
                    polling=20,
                )
                times.append(time.perf_counter() - start)
    told = f"longest {max(times):.2f} s, median {statistics.median(times):.2f} s, n {len(times)}"
    return [
        Row("seen in another browser", told, "", f"{SEEN_SECONDS} s", max(times) < SEEN_SECONDS)
    ]


def _long_lists() -> list[Row]:
    """Time of a run of the desk's page with long lists: drawn once before, then again."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        url = f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        _fill(opened(url))
        patched.setenv("DESK_DATABASE", url)
        patched.setenv("DESK_ACCOUNTS", "local")
        page = AppTest.from_file(server.ROOT / server.APP, default_timeout=300)
        page.query_params["tab"] = "desk"
        page.query_params["lang"] = "en"
        first = _timed(page.run)
        rows.append(Row("desk page, first run", f"{first:.1f} s", "", "", True))
        for part, count in LONG.items():
            choice = next(each for each in page.get("button_group") if each.key == "desk_part")
            choice.set_value(part).run()
            again = min(_timed(page.run) for _ in range(3))
            told = f"{again:.2f} s, {len(page.button)} buttons"
            rows.append(
                Row(f"{count:,} {part}", told, "", f"{GOAL_SECONDS} s", again < GOAL_SECONDS)
            )
    return rows


def _fill(desk: Desk) -> None:
    """Write a long journal at once, as years of work would have left it."""
    me = local_person("Editor 1")
    saved, remark = {"title": "", "query": "?v=1&cut=gao--bourem"}, {"place": "kita", "text": ""}
    kinds = (
        ("events", Kind.EVENT, EVENT),
        ("scenarios", Kind.SCENARIO, saved),
        ("remarks", Kind.REMARK, remark),
    )
    for part, kind, values in kinds:
        names = {name: f"{value}" for name, value in values.items()}
        drafts: dict[tuple[Kind, str], Draft] = {}
        for n in range(LONG[part]):
            own = {name: value or f"{part} {n}" for name, value in names.items()}
            drafts[kind, f"{part}-{n}"] = lambda _record, _past, _author, own=own: own
        desk.save(me, drafts)


def _together(desk: Desk) -> tuple[list[float], list[float]]:
    saves: list[float] = []
    reads: list[float] = []
    end = time.monotonic() + SECONDS

    def edits(number: int) -> None:
        me = local_person(f"Editor {number}")
        today = dt.date(2026, 5, 20)
        while time.monotonic() < end:
            saves.append(_timed(lambda: add_event(desk, me, EVENT, today=today)))
            time.sleep(PAUSE)

    def looks(_number: int) -> None:
        while time.monotonic() < end:
            reads.append(_timed(lambda: desk.records()))
            time.sleep(PAUSE)

    people = [(edits, n) for n in range(EDITORS)] + [(looks, n) for n in range(READERS)]
    threads = [threading.Thread(target=act, args=(n,)) for act, n in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return saves, reads


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _row(question: str, times: list[float]) -> Row:
    p95 = _p95(times)
    told = f"p95 {p95:.2f} s, median {_median(times):.2f} s, n {len(times)}"
    return Row(question, told, "", f"{GOAL_SECONDS} s", p95 < GOAL_SECONDS)


def _p95(times: list[float]) -> float:
    """The 95th percentile; not a number where nothing was measured, which meets no goal."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else math.nan


def _median(times: list[float]) -> float:
    return statistics.median(times) if times else math.nan
