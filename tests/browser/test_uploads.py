"""Odd and hostile files in the app's uploaders: each is answered, and the app keeps running."""

import asyncio

import pytest

from tests.benchmarks.load.visitor import Visitor
from tests.benchmarks.load.visits import table
from tests.support.hostile_cases import CASES

pytestmark = pytest.mark.browser
NAMES = (
    "clean",
    "ragged",
    "control",
    "web_page",
    "scripts",
    "workbook_rows",
    "old_excel",
    "empty",
    "other_zip",
)
ROWS = 80_000
"""Events whose reading takes longer than a visitor is left without a button to stop it."""

SNAPSHOTS = (
    b"",
    b"[" * 100_000,
    b'{"version": 999, "title": "<script>"}',
    b"\xff\xfe{}",
)


@pytest.fixture(scope="module")
def app(shipped_app):
    return shipped_app


async def give(app, tab, uploader, files):
    visitor = Visitor(f"ws://127.0.0.1:{app.port}", f"lang=en&tab={tab}")
    try:
        await visitor.open()
        for name, content in files:
            await asyncio.wait_for(visitor.upload(uploader, name, content), 30)
            assert not visitor.failed, name
    finally:
        await visitor.close()


def test_tables_of_events(app):
    ending = {"old_excel": "xls", "workbook_rows": "xlsx"}
    chosen = [
        (f"{case.name}.{ending.get(case.name, 'csv')}", case.data)
        for case in CASES
        if case.name in NAMES
    ]
    assert len(chosen) == len(NAMES)
    asyncio.run(give(app, "own", "own_events_file", chosen))
    assert "a run failed" not in app.said
    assert "Traceback" not in app.said


def test_snapshots(app):
    files = [(f"{number}.json", content) for number, content in enumerate(SNAPSHOTS)]
    asyncio.run(give(app, "share", "snapshot_file", files))
    assert "a run failed" not in app.said
    assert "Traceback" not in app.said


async def stop_a_reading(app):
    visitor = Visitor(f"ws://127.0.0.1:{app.port}", "lang=en&tab=own")
    try:
        await visitor.open()
        given = visitor.upload("own_events_file", "long.csv", table(1, ROWS))
        reading = asyncio.create_task(given)
        while not visitor.sees("own_events_stop") and not reading.done():
            await asyncio.sleep(0.02)
        await visitor.interrupt("own_events_stop")
        await asyncio.wait_for(reading, 60)
        return visitor.sees("own_again"), visitor.sees("own_use"), visitor.failed
    finally:
        await visitor.close()


async def stop_a_picture(app):
    visitor = Visitor(f"ws://127.0.0.1:{app.port}", "lang=en&tab=share&vehicle=tanker")
    try:
        await visitor.open()
        drawing = asyncio.create_task(visitor.press("gif_make"))
        while not visitor.sees("gif_stop") and not drawing.done():
            await asyncio.sleep(0.02)
        await visitor.interrupt("gif_stop")
        await asyncio.wait_for(drawing, 60)
        return visitor.sees("gif_done"), visitor.failed
    finally:
        await visitor.close()


def test_a_moving_picture_in_the_making_can_be_stopped(app):
    assert asyncio.run(stop_a_picture(app)) == (False, False)
    assert "a run failed" not in app.said


def test_a_long_reading_can_be_stopped(app):
    assert asyncio.run(stop_a_reading(app)) == (True, False, False)
    assert "a run failed" not in app.said
