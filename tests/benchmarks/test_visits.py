"""A short version of the measurement: what visitors leave behind is given back."""

import asyncio
import datetime as dt
import json

import psutil

from dashboard.runtime import hosting
from dashboard.runtime.departures import LOOK_SECONDS
from geodata.readers.events.parser import EventOptions, parse
from tests.benchmarks.load import heavy
from tests.benchmarks.load import visits as load_visits
from tests.benchmarks.load.visitor import widget_key
from tests.benchmarks.load.visits import ROWS, table, visits
from tests.support.server import app

FEW = 3


def test_the_tables_of_visitors_are_honest_and_differ():
    _, told = parse(table(1), EventOptions(today=dt.date(2026, 6, 1)))
    assert told.rejected == 0
    assert told.read == ROWS
    assert table(1) != table(2)


def test_the_heavy_files_are_as_heavy_as_stated():
    lines, towns = (json.loads(data)["features"] for data in heavy.roads())
    assert len(lines) == 2 * heavy.SIDE * (heavy.SIDE - 1) == 44_700
    assert len(towns) == 100
    assert len(heavy.harmful()) > heavy.HEADER_MB * 10**6


def test_the_server_does_not_grow_with_its_visitors(tmp_path, monkeypatch):
    """Few visitors, weighed after all left; the whole measurement is a command."""
    monkeypatch.setattr(load_visits, "WARM_UP", FEW)
    with app(tmp_path, environment={hosting.KEPT: "1"}) as server:
        found = asyncio.run(
            visits(
                server.port,
                psutil.Process(server.pid),
                FEW,
                seconds=1,
                rest=2 + LOOK_SECONDS,
            )
        )
    assert found.last_mb - found.first_mb < load_visits.LIMIT_MB
    assert len(found.waits) == FEW


def test_growth_is_reported_with_its_limit():
    told = load_visits.visits_table(load_visits.Visits(100.0, 130.0, [1.0, 2.0]), 2)
    assert "+30.0 MB" in told
    assert f"{load_visits.LIMIT_MB:g}" in told


def test_the_key_of_a_widget_keeps_its_hyphens():
    assert widget_key("$$ID-5d41402abc4b2a76b9719d911017c592-desk_open_qwfDvh-U") == (
        "desk_open_qwfDvh-U"
    )
    assert widget_key("$$ID-5d41402abc4b2a76b9719d911017c592-own_use") == "own_use"
