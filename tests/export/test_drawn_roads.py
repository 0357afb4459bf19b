"""Which roads of a network too large to draw whole stand in maps and tables."""

import csv
import datetime as dt
import io
import json
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from geodata import schema as f
from geodata.analysis.paths import routes_with_and_without_escort
from geodata.analysis.situation import situation
from geodata.conditions import Conditions
from geodata.export import drawn_roads
from geodata.export.html import map as html_map
from geodata.export.html import tables as html_tables
from geodata.export.map.legend import legend_entries
from geodata.export.view import export_view
from geodata.schema import Vehicle
from geodata.sharing.permalink import parse
from tests.support.publications import published

MADE = dt.date(2026, 11, 22)
QUERY = "cut=gao--bourem&date=2025-11-08&vehicle=tanker&reopen=segou--bla"


@pytest.fixture
def short(monkeypatch):
    """Products that draw no more than 219 roads."""
    monkeypatch.setattr(drawn_roads, "MOST", 219)


def ids_of(view):
    network = view.dataset.network
    return {network.segment_ids[row] for row in drawn_roads.drawn_rows(view)}


def test_segments_towards_towns_are_those_of_their_paths_one_by_one(mali):
    network = mali.network
    towns = np.array([network.node_number[town] for town in network.towns])
    cut = Conditions(cut=frozenset({"gao--bourem"}), vehicle=Vehicle.TANKER)
    for paths in routes_with_and_without_escort(network, cut):
        one_by_one = {row for town in towns for row in paths.segments_to(town)}
        assert set(paths.segments_towards(towns)) == one_by_one
        assert len(one_by_one) > len(towns) / 2


def test_all_roads_are_drawn_up_to_the_limit_and_nothing_is_said(mali):
    view = situation(mali, parse(QUERY)[0].scenario)
    assert list(drawn_roads.drawn_rows(view)) == list(range(len(mali.network.segment_ids)))
    assert drawn_roads.left_out(published(mali, parse(QUERY)[0], MADE)) == ()


def test_of_more_roads_those_not_open_come_first_then_the_ways_to_towns(mali, monkeypatch):
    view = situation(mali, parse(QUERY)[0].scenario)
    states = view.segment_states
    told = states[~states[f.STATE].isin(["open", "impassable"]) | (states["reason"] == "reopened")]
    least = set(told[f.SEGMENT_ID])
    assert {"gao--bourem", "segou--bla"} <= least
    monkeypatch.setattr(drawn_roads, "MOST", len(states) - 1)
    ways, network = ids_of(view), mali.network
    assert least < ways < set(network.segment_ids)
    towns = [network.node_number[town] for town in network.towns]
    for conditions in (view.conditions, view.conditions.baseline()):
        for paths in routes_with_and_without_escort(network, conditions):
            for town in towns:
                assert {network.segment_ids[row] for row in paths.segments_to(town)} <= ways
    monkeypatch.setattr(drawn_roads, "MOST", len(least) + 1)
    assert least < ids_of(view)
    assert len(ids_of(view)) == len(least) + 1


@pytest.mark.usefixtures("short")
def test_every_list_of_roads_holds_the_same_and_its_file_says_how_many(mali):
    release = published(mali, parse(QUERY)[0], MADE)
    drawn = ids_of(release.situation)
    assert 0 < len(drawn) <= 219 < len(mali.network.segment_ids)
    table = csv.DictReader(io.StringIO(export_view(release, "segments.csv").decode("utf-8-sig")))
    assert {row["segment_id"] for row in table} == drawn
    collection = json.loads(export_view(release, "segments.geojson"))
    assert {each["properties"]["segment_id"] for each in collection["features"]} == drawn
    ranked = csv.DictReader(
        io.StringIO(export_view(release, "further_closures.csv").decode("utf-8-sig"))
    )
    told = {row["segment_id"] for row in ranked}
    assert told <= drawn
    cuts = release.situation.every_cut.set_index(f.SEGMENT_ID)
    names = [f.TOWNS_ISOLATED, f.TOWNS_ESCORTED, f.TOWNS_DETOURED]
    assert set(cuts.index[(cuts[names].map(len) > 0).any(axis=1)]) <= told
    number = f"hold {len(drawn)} of them"
    assert any(number in sentence for sentence in collection["about"]["assumption"])
    assert {each["id"] for each in html_map.drawing(release)["segments"]} == drawn
    listed = html_tables._segments(release)["rows"]
    assert {row[0]["road"] for row in listed} == drawn
    kml = Xml.fromstring(export_view(release, "view.kml"))
    space = "{http://www.opengis.net/kml/2.2}"
    assert len(kml[0].find(f"{space}Folder").findall(f"{space}Placemark")) == len(drawn)
    assert not any("Not passable" in words for words, _ in legend_entries(release))
