"""Events that give a name or a P-code and no coordinates."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from geodata import schema as f
from geodata.analysis.bearing import bearing_events
from geodata.dataset import Dataset
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.proposals import placed, proposals
from geodata.readers.events.reader import parse_events
from geodata.readers.report import Report
from tests.conftest import make_network

TODAY = dt.date(2026, 4, 30)
NETWORK = make_network(
    [("alpha", "beta", 10), ("beta", "gamma", 10), ("alpha", "gamma", 50)], supply=["alpha"]
)
r"""A triangle; the shortest path from alpha to gamma goes by beta.

::

    ALPHA --10-- beta --10-- gamma
        \_________50_________/
"""


def read(places: list[str], column: str = "lieu") -> tuple[pd.DataFrame, Report]:
    lines = [f"date;type;{column}", *(f"2025-09-14;blocus;{place}" for place in places)]
    return parse_events("\n".join(lines).encode(), EventOptions(today=TODAY, filename="a.csv"))


def test_names_alone_are_kept_without_a_point_and_close_nothing() -> None:
    events, report = read(["Beta", "axe Alpha-Gamma"])
    assert events[f.LAT].isna().all()
    assert "events.no_points" in report.keys
    own = Dataset(NETWORK, shipped_network=False)
    assert not bearing_events(own, events)


@pytest.mark.parametrize(
    ("place", "node", "segments"),
    [
        ("Beta", "beta", ()), ("BÊTA", "beta", ()),
        ("axe Alpha-Gamma", "", ("alpha--beta", "beta--gamma")),
        ("route Gamma - Alpha", "", ("beta--gamma", "alpha--beta")),
        ("entre Alpha et Beta", "", ("alpha--beta",)),
        ("between Beta and Gamma", "", ("beta--gamma",)),
    ],
)  # fmt: skip
def test_a_name_proposes_a_node_and_an_axis_the_segments_between(
    place: str, node: str, segments: tuple[str, ...]
) -> None:
    (found,) = proposals(NETWORK, read([place])[0])
    assert (found.node_id, found.segment_ids) == (node, segments)


@pytest.mark.parametrize("place", ["Delta", "axe Alpha-Delta", "axe Alpha-Alpha", "", "-"])
def test_what_names_no_node_proposes_nothing(place: str) -> None:
    assert not proposals(NETWORK, read([place, "Beta"])[0][lambda t: t[f.PLACE] != "Beta"])


def test_a_name_of_two_nodes_proposes_nothing() -> None:
    nodes = NETWORK.nodes.assign(name=["Beta", "Beta", "Gamma"])
    assert not proposals(replace(NETWORK, nodes=nodes), read(["Beta"])[0])


def test_events_at_confirmed_places_affect_roads() -> None:
    events, _ = read(["Beta", "axe Beta-Gamma", "Delta"])
    own = Dataset(NETWORK, shipped_network=False)
    sure = placed(events, proposals(NETWORK, events))
    assert list(sure[f.LOCATION_PRECISION]) == ["town", "segment", "region"]
    assert bearing_events(own, sure) == set(events[f.EVENT_ID][:2])
    assert events[f.LAT].isna().all()


def test_a_p_code_alone_is_a_region() -> None:
    events, report = read(["ML0103"], "admin2_pcode")
    assert list(events[f.REGION]) == ["ML0103"]
    assert list(events[f.LOCATION_PRECISION]) == ["region"]
    assert not report.refused


def test_a_p_code_proposes_the_one_node_that_has_it() -> None:
    """ML0103 has one node, ML0104 two and ML0105 none; KE107 is not KE0107."""
    events, _ = read(["ML0103", "ml0103 ", "ML0104", "ML0105", "ML01"], "admin2_pcode")
    coded = replace(NETWORK, nodes=NETWORK.nodes.assign(pcode=["ML0104", "ML0103", "ML0104"]))
    candidates = proposals(coded, events)
    assert [(each.event_id, each.node_id) for each in candidates] == [
        (event, "beta") for event in events[f.EVENT_ID][:2]
    ]
    sure = placed(events, candidates)
    assert list(sure[f.LOCATION_PRECISION]) == ["town"] * 2 + ["region"] * 3
    assert sure[f.PLACE_BASIS][0] == "by its P-code, as confirmed"
    own = Dataset(coded, shipped_network=False)
    assert bearing_events(own, sure) == set(events[f.EVENT_ID][:2])
    assert not proposals(NETWORK, events)


def test_a_column_that_may_be_a_coordinate_is_asked_for_first() -> None:
    data = b"date,lieu,Lattitude,Longitud\n2025-09-14,Beta,14,-9\n"
    _, report = parse_events(data, EventOptions(today=TODAY))
    assert report.refused
    assert report.problems[0].key == "events.columns_hint"


def test_a_row_without_coordinates_is_proposed_by_its_name_beside_rows_with_a_point() -> None:
    data = (
        b"date,type,place,latitude,longitude\n2025-09-14,blockade,Beta,,\n"
        b"2025-09-14,blockade,Gamma,0.1,0.2\n2025-09-14,blockade,,,\n"
        b"2025-09-14,blockade,Beta,14.5,\n"
    )
    events, report = parse_events(data, EventOptions(today=TODAY))
    assert list(events[f.LAT].isna()) == [True, False]
    assert sorted((each.row, each.key) for each in report.problems if each.row) == [
        (2, "events.no_point"),
        (4, "events.no_lat"),
        (5, "events.no_lon"),
    ]
    own = Dataset(NETWORK, shipped_network=False)
    (found,) = proposals(NETWORK, events)
    assert found.node_id == "beta"
    assert found.event_id not in bearing_events(own, events)
    assert found.event_id in bearing_events(own, placed(events, [found]))
