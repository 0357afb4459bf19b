"""Data shared by all sessions are unchanged after any session has used them."""

import datetime as dt
import hashlib

import pandas as pd
import pytest

from dashboard.page import Page
from dashboard.session.results import AnalysisCache, access_of, situation
from dashboard.translate import Translator
from geodata.analysis.hindcast import hindcast
from geodata.dataset import shipped
from geodata.export.view import export_view
from geodata.sharing.permalink import ViewState, parse
from geodata.sharing.publication import Publication, events_shown

QUERIES = (
    "cut=gao--bourem&date=2025-11-10&vehicle=tanker", "date=2025-12-01&traffic=trucks&by=hours",
    "cut=ansongo--labbezanga&reopen=gao--bourem&compare=none&window=90",
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
        now = situation(held, state.scenario)
        found |= {
            f"access {number}": now.access.towns,
            f"quick {number}": access_of(held, now).towns,
            f"states {number}": now.segment_states,
            f"cuts {number}": now.every_cut,
            f"order {number}": now.reopening,
            f"window {number}": events_shown(data, state),
        }
    return {name: print_of(table) for name, table in found.items()}


@pytest.mark.filterwarnings("ignore:Glyph")
def test_nothing_shared_is_changed_by_use():
    held = AnalysisCache(shipped())
    states = [parse(query)[0] for query in QUERIES]
    before = tables(held, states)
    # With a day and without one. The workbook and the archive hold the same tables.
    for state, tabled in ((states[0], "tables.xlsx"), (states[2], "tables.zip")):
        release = Publication(situation(held, state.scenario), state, dt.date(2026, 4, 1))
        for name in ("data.gpkg", "data.geojson", "view.kml", tabled, "snapshot.json", "view.html"):
            export_view(release, name)
    for state in states:
        page = Page(held, state, Translator("en"), "light")
        assert len(page.timeline.days)
        assert len(page.fuel().roads.days)
        for town in held.dataset.network.towns[::9]:
            page.why(town)
            page.way(town)
    shown = Publication(situation(held, states[0].scenario), states[0], dt.date(2026, 4, 1))
    export_view(shown, "brief.pdf")
    hindcast(shipped())
    assert tables(held, states) == before


def test_one_answer_is_kept_for_each_state_and_only_so_many():
    # Each situation stands beside the closures of its day.
    held = AnalysisCache(shipped(), limit=3)
    first = situation(held, ViewState().scenario)
    assert situation(held, ViewState(title="a name changes nothing", tab="share").scenario) is first
    ways = [
        situation(held, ViewState(cut=cut).scenario)
        for cut in (("gao--bourem", "ansongo--menaka"), ("ansongo--menaka", "gao--bourem"))
    ]
    assert ways[0] is ways[1]
    other = situation(held, ViewState(cut=("gao--bourem",)).scenario)
    assert other is not first
    assert other.conditions.cut == {"gao--bourem"}
    for day in range(1, 6):
        situation(held, ViewState(date=dt.date(2025, 11, day)).scenario)
    assert len(held._results) == 3
    assert situation(held, ViewState().scenario) is not first
