"""The rules beside the table of phases, day by day: the figures that docs/rules.md gives."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pandas as pd

from geodata._paths import DATA_FOLDER
from geodata.analysis.timeline import replay
from geodata.dataset import Dataset
from geodata.schema import SegmentState, Traffic

DOCS = Path(__file__).parents[2] / "docs"
FIRST, LAST = dt.date(2025, 9, 3), dt.date(2026, 3, 31)
RANK = {s: n for n, s in enumerate((SegmentState.OPEN, SegmentState.CONTESTED,
                                    SegmentState.ESCORT_ONLY, SegmentState.CLOSED))}  # fmt: skip
LEAST = {
    "closed": SegmentState.CLOSED,
    "escort_only": SegmentState.ESCORT_ONLY,
    "restricted": SegmentState.CONTESTED,
}


def test_the_rules_agree_with_the_phases_on_as_many_days_as_the_docs_say(mali: Dataset) -> None:
    """A corridor's state is the worst of its segments; one as grave as the phase's words agrees."""
    timeline = replay(
        mali.network,
        mali.events,
        FIRST,
        LAST,
        traffic=Traffic.FUEL,
        corridor_segments=mali.corridor_segments,
    )
    of_corridor = mali.corridor_segments.groupby("corridor")["segment_id"].apply(list)
    phases = pd.read_csv(DATA_FOLDER / "phase_corridors.csv", keep_default_na=False)
    agreed, days = Counter[str](), Counter[str]()
    for row in phases.itertuples():
        if not row.end or dt.date.fromisoformat(row.start) < FIRST:
            continue
        for day in map(pd.Timestamp.date, pd.date_range(row.start, row.end)):
            states = timeline.segments_on(day)
            worst = max(RANK[states[segment]] for segment in of_corridor[row.corridor])
            days[row.state] += 1
            agreed[row.state] += worst >= RANK[LEAST[row.state]]
    told = " ".join((DOCS / "rules.md").read_text("utf-8").split())
    for state, words in {
        "closed": "closed",
        "escort_only": "under escort",
        "restricted": "restricted",
    }.items():
        found = re.search(rf"{words} on (\d+) corridor-days, agreed on (\d+)", told)
        assert found
        assert (days[state], agreed[state]) == tuple(map(int, found.groups()))
