"""Data shared by all sessions are unchanged after any session has used them."""

import datetime as dt
import hashlib

import pandas as pd
import pytest

from dashboard.session.results import AnalysisCache
from geodata.analysis.hindcast import hindcast
from geodata.dataset import shipped
from geodata.export.view import export_view
from geodata.sharing.permalink import ViewState, parse
from geodata.sharing.publication import Publication

QUERIES = (
    "cut=gao--bourem&date=2025-11-10&vehicle=tanker", "date=2025-12-01&traffic=trucks&by=hours",
    "cut=ansongo--labbezanga,gao--bourem&compare=none",
    "reopen=gao--bourem&date=2026-01-07&window=90",
)  # fmt: skip


def print_of(table):
    """Sha256 of a table's values, types, index and columns."""
    plain = pd.DataFrame(table)
    shapes = plain.astype({name: str for name in plain.columns if name == "geometry"})
    text = shapes.to_json(orient="split", default_handler=str, date_format="iso")
    return hashlib.sha256((text + str(plain.dtypes.to_dict())).encode()).hexdigest()


def tables(held, states):
    """Every table that sessions share."""
    data = held.dataset
    found = {
        "nodes": data.network.nodes,
        "segments": data.network.segments,
        "events": data.events,
        "statuses": data.statuses,
        "corridors": data.corridor_segments,
        **{f"layer {name}": layer for name, layer in data.layers.items()},
    }
    for number, state in enumerate(states):
        now = held.situation(state)
        found |= {
            f"access {number}": now.access.towns,
            f"quick {number}": held.access(now).towns,
            f"states {number}": now.segment_states,
            f"cuts {number}": now.every_cut,
            f"order {number}": now.reopening,
            f"window {number}": now.events,
        }
    return {name: print_of(table) for name, table in found.items()}


@pytest.mark.filterwarnings("ignore:Glyph")
def test_nothing_shared_is_changed_by_use():
    held = AnalysisCache(shipped())
    states = [parse(query)[0] for query in QUERIES]
    before = tables(held, states)
    for state in states:
        release = Publication(held.situation(state), dt.date(2026, 4, 1))
        for name in (
            "data.gpkg",
            "data.geojson",
            "view.kml",
            "tables.xlsx",
            "tables.zip",
            "snapshot.json",
            "view.html",
        ):
            export_view(release, name)
        held.timeline(state)
        held.fuel()
        for town in held.dataset.network.towns[::9]:
            held.why(held.situation(state), town)
            held.way(held.situation(state).scenario, town)
    export_view(Publication(held.situation(states[0]), dt.date(2026, 4, 1)), "brief.pdf")
    hindcast(shipped())
    assert tables(held, states) == before


def test_one_answer_is_kept_for_each_state_and_only_so_many():
    held = AnalysisCache(shipped(), limit=3)
    first = held.situation(ViewState())
    assert held.situation(ViewState(title="a name changes nothing", tab="share")) is first
    ways = [
        held.situation(ViewState(cut=cut))
        for cut in (("gao--bourem", "ansongo--menaka"), ("ansongo--menaka", "gao--bourem"))
    ]
    assert ways[0] is ways[1]
    other = held.situation(ViewState(cut=("gao--bourem",)))
    assert other is not first
    assert other.scenario.cut == {"gao--bourem"}
    for day in range(1, 6):
        held.situation(ViewState(date=dt.date(2025, 11, day)))
    assert len(held._results) == 3
    assert held.situation(ViewState()) is not first
