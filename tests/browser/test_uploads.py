"""Odd and hostile files in the app's uploaders: each is answered, and the app keeps running."""

import asyncio

import pytest

from tests.benchmarks.load.visitor import Visitor
from tests.support.hostile_cases import CASES

pytestmark = pytest.mark.browser
NAMES = (
    "clean",
    "latin1",
    "ambiguous",
    "metres",
    "ragged",
    "open_quote",
    "control",
    "web_page",
    "scripts",
    "formulas",
    "workbook_rows",
    "workbook_far",
    "workbook_entity",
    "old_excel",
    "empty",
    "other_zip",
)
SNAPSHOTS = (
    b"",
    b"{",
    b"[" * 100_000,
    b'{"version": 999, "title": "<script>"}',
    b'{"version": 1, "version": 1}',
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
    ending = {"old_excel": "xls", "workbook_rows": "xlsx", "workbook_far": "xlsx"}
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
