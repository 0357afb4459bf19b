"""Map of 20,000 segments: run by ``tests.benchmarks.map.clicks``."""

import geopandas as gpd
import numpy as np
import shapely
import streamlit as st

from dashboard.map.assets import geometry_url
from dashboard.map.component import MapModel, draw_map, take_clicks
from geodata import schema as f
from geodata.network.model import Network

SEGMENTS = 20_000
TOWNS = 500


@st.cache_resource
def network() -> Network:
    """A crooked grid of roads with towns on it, the same on every run."""
    chance = np.random.default_rng(1)
    side = int(np.sqrt(SEGMENTS / 1.9))
    grid = np.meshgrid(np.linspace(-11, 3, side), np.linspace(10, 22, side))
    points = np.column_stack([axis.ravel() for axis in grid])
    points += chance.normal(0, 0.02, points.shape)
    ids = [f"n{row:06d}" for row in range(len(points))]
    kinds = np.full(len(points), "junction", dtype=object)
    kinds[chance.choice(len(points), TOWNS, replace=False)] = "town"
    kinds[chance.choice(len(points), 5, replace=False)] = "port"
    people = np.where(kinds == "town", chance.integers(1000, 300_000, len(points)), np.nan)
    nodes = {
        f.NODE_ID: ids,
        f.NAME: ids,
        f.KIND: kinds,
        f.COUNTRY: "",
        f.ADMIN1: "",
        f.POPULATION: people,
        f.SUPPLY_POINT: kinds == "port",
    }
    number = np.arange(side * side).reshape(side, side)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    ends = chance.permutation(np.vstack([across, along]))[:SEGMENTS]
    share = np.linspace(0, 1, 8)[None, :, None]
    lines = points[ends[:, 0]][:, None] * (1 - share) + points[ends[:, 1]][:, None] * share
    lines[:, 1:-1] += chance.normal(0, 0.008, lines[:, 1:-1].shape)
    segments = {
        f.SEGMENT_ID: [f"s{row:06d}" for row in range(len(ends))],
        f.FROM_NODE: [ids[end] for end in ends[:, 0]],
        f.TO_NODE: [ids[end] for end in ends[:, 1]],
        f.LENGTH_KM: chance.uniform(5, 20, len(ends)),
        f.TANKER: "yes",
    }
    return Network(
        gpd.GeoDataFrame(nodes, geometry=shapely.points(points), crs=f.CRS),
        gpd.GeoDataFrame(segments, geometry=shapely.linestrings(lines), crs=f.CRS),
    )


def take() -> None:
    """Cut what was clicked, or undo the cut."""
    for click in take_clicks("map"):
        if click.kind == "segment":
            st.session_state.cuts.symmetric_difference_update({click.id})


st.set_page_config(layout="wide")
cuts: set[str] = st.session_state.setdefault("cuts", set())
made = network()
states = {name: ("cut", "") for name in cuts}
model = MapModel(geometry_url(made), made.segment_ids, made.node_ids, states)
draw_map(model, key="map", height=620, on_change=take)
with st.container(key="towns"):
    st.text(" ".join(sorted(cuts)))
