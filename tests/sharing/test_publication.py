"""What a public product leaves out, and that nothing is decided anywhere else."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from geodata import schema as f
from geodata.analysis.situation import Situation, situation
from geodata.dataset import Dataset, shipped
from geodata.export.brief import brief
from geodata.sharing.permalink import Note, ViewState
from geodata.sharing.publication import Publication, Sensitivity, coarser, events_shown

MADE = dt.date(2026, 11, 22)
SECRET = "the driver's cousin said so"


def own_events() -> pd.DataFrame:
    """Three shipped rows made the user's own, with words that must not leave."""
    events = shipped().events
    placed = events[events[f.LAT].notna()].head(2)
    region = events[events[f.LAT].isna()].head(1)
    own = pd.concat([placed, region], ignore_index=True)
    own[f.EVENT_ID] = ["own-1", "own-2", "own-3"]
    own[f.SUMMARY], own[f.ACTOR], own[f.PLACE] = SECRET, "a named group", "the exact yard"
    own[f.DATE] = dt.date(2025, 11, 1)
    return own


VIEW = ViewState(
    cut=("gao--bourem",),
    date=dt.date(2025, 11, 8),
    notes=(Note("gao--bourem", SECRET, "me", None, "A. Author"),),
)


@pytest.fixture(scope="module")
def found() -> Situation:
    dataset = replace(shipped(), added_events=own_events())
    return situation(dataset, VIEW.scenario)


def test_the_full_level_reports_everything(found: Situation) -> None:
    release = Publication(found, VIEW, MADE)
    own = release.events[release.events[f.EVENT_ID].str.startswith("own-")]
    assert set(own[f.SUMMARY]) == {SECRET}
    assert release.notes == VIEW.notes
    assert any(table.key == "reopening" for table in brief(release).tables)


def test_public_leaves_out_rankings_notes_and_what_users_wrote(found: Situation) -> None:
    release = Publication(found, VIEW, MADE, level=Sensitivity.PUBLIC)
    own = release.events[release.events[f.EVENT_ID].str.startswith("own-")]
    assert len(own) == 3
    assert set(own[f.SUMMARY]) == set(own[f.ACTOR]) == {""}
    assert not any(table.key == "reopening" for table in brief(release).tables)
    assert release.notes == ()
    assert "note=" not in release.link
    assert "A.%20Author" in Publication(found, VIEW, MADE).link


def test_public_moves_own_events_to_the_nearest_town(found: Situation) -> None:
    nodes = found.dataset.network.nodes.set_index(f.NODE_ID)
    own = Publication(found, VIEW, MADE, level=Sensitivity.PUBLIC).events
    own = own[own[f.EVENT_ID].isin(["own-1", "own-2"])]
    for _, row in own.iterrows():
        town = nodes.loc[row[f.NODE_ID]]
        assert (row[f.LON], row[f.LAT]) == (town.geometry.x, town.geometry.y)
        assert row[f.PLACE] == town[f.NAME]


def test_public_keeps_shipped_events_and_results_as_they_are(found: Situation) -> None:
    public = Publication(found, VIEW, MADE, level=Sensitivity.PUBLIC).events
    full = Publication(found, VIEW, MADE).events
    shipped_rows = ~full[f.EVENT_ID].str.startswith("own-")
    pd.testing.assert_frame_equal(public[shipped_rows], full[shipped_rows])
    assert found.access.summary == situation(found.dataset, VIEW.scenario).access.summary


def test_nearest_town_is_the_nearest_by_brute_force(mali: Dataset) -> None:
    from geodata.network.geodesy import distance_km

    view = situation(mali, ViewState().scenario)
    events = mali.events[mali.events[f.LAT].notna()].reset_index(drop=True)
    told = coarser(events, pd.Series(True, index=events.index), view)
    nodes = mali.network.nodes
    towns = nodes[nodes[f.KIND].isin(f.TOWN_KINDS)]
    for before, after in zip(events.itertuples(), told.itertuples(), strict=True):
        moved = distance_km(before.lat, before.lon, after.lat, after.lon)
        nearest = min(distance_km(before.lat, before.lon, p.y, p.x) for p in towns.geometry)
        assert moved == pytest.approx(nearest, abs=0.05)


def test_coarser_leaves_the_table_it_was_given_alone(found: Situation) -> None:
    events = events_shown(found.dataset, VIEW).reset_index(drop=True)
    before = events.copy()
    coarser(events, pd.Series(True, index=events.index), found)
    pd.testing.assert_frame_equal(events, before)
