"""What the page draws of a stranger's large file is bounded, whatever the file holds."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from dashboard.translate import Translator
from dashboard.views import own_events, share
from geodata.readers.events.columns import FIELDS, suggest_mapping
from geodata.readers.events.head import Head
from geodata.sharing.permalink import ViewState
from geodata.sharing.snapshot import SnapshotDifference

WORDS = Translator("en")


class Streamlit:
    """What the page asks Streamlit for, recorded; the visitor adds ``added``."""

    def __init__(self, added: list[Any]) -> None:
        self.added = added
        self.session_state: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []

    def multiselect(self, text: str, options: list[Any], **how: Any) -> list[Any]:
        self.asked.append({"text": text, "options": options, **how})
        return self.added


@pytest.mark.parametrize("added", [[], [(499, "c499")]])
def test_a_wide_table_has_boxes_for_what_is_recognised_and_what_is_added(
    added: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Any = SimpleNamespace(words=WORDS)
    asked = Streamlit(added)
    monkeypatch.setattr(own_events, "st", asked)
    columns = ("date", "lat", "lon", *(f"c{n}" for n in range(3, 500)))
    boxes = own_events._columns_offered(page, Head(columns, suggest_mapping(columns)))
    assert boxes == [(0, "date"), (1, "lat"), (2, "lon"), *added]
    assert [each["max_selections"] for each in asked.asked] == [own_events.COLUMNS_ASKED]
    assert "500" in asked.asked[0]["text"]


def test_a_table_of_forty_columns_has_a_box_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Streamlit([])
    monkeypatch.setattr(own_events, "st", asked)
    columns = tuple(f"c{n}" for n in range(own_events.COLUMNS_ASKED))
    page: Any = SimpleNamespace(words=WORDS)
    assert [name for _, name in own_events._columns_offered(page, Head(columns, {}))] == list(
        columns
    )
    assert not asked.asked


def test_no_more_columns_are_recognised_than_a_table_of_events_has() -> None:
    columns = [f"{name}{n}" for name in ("date", "latitude", "source") for n in range(150)]
    assert len(suggest_mapping(columns)) <= len(FIELDS)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A snapshot that differs in 1,000 towns, and how often the differences were computed."""
    towns = pd.DataFrame(
        {
            "node_id": [f"t{n}" for n in range(1_000)],
            "state_before": "open",
            "state": "isolated",
        }
    )
    counted = SimpleNamespace(times=0)

    def differences(*_given: Any) -> SnapshotDifference:
        counted.times += 1
        return SnapshotDifference(data=("events",), towns=towns, summary={})

    asked = Streamlit([])
    monkeypatch.setattr(share.st, "session_state", asked.session_state)
    monkeypatch.setattr(share.snapshot, "differences", differences)
    monkeypatch.setattr(share, "situation", lambda _held, _scenario: None)
    return counted


def test_differences_of_a_snapshot_are_computed_once_and_two_hundred_shown(opened: Any) -> None:
    held = SimpleNamespace()
    page: Any = SimpleNamespace(
        words=WORDS, held=held, names=SimpleNamespace(node=lambda town: f"Town {town}")
    )
    found: Any = SimpleNamespace(state=ViewState(), made=dt.date(2026, 1, 1), app_version="1")
    drawn = [str(share._differences(page, found)) for _ in range(3)]
    assert opened.times == 1
    assert drawn[0].count("Town t") == share.TOWNS_SHOWN == 200
    assert "800" in drawn[0]
    assert drawn[0] == drawn[1] == drawn[2]
    # Other data, or another snapshot: the kept ones would be wrong.
    page.held = SimpleNamespace(other=True)
    share._differences(page, found)
    share._differences(page, SimpleNamespace(**vars(found)))
    assert opened.times == 3
