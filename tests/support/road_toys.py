"""Toy corridors placed on the ground, and events on them."""

import datetime as dt
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point

from geodata.events.table import typed
from geodata.network.model import Network

DAY = dt.date(2026, 1, 10)

PLACES = {
    # name: (lon, lat, kind, country); one hundredth of a degree is about 1.1 km
    "PORT": (0.0, 14.0, "port", "SEN"),
    "gate": (0.5, 14.0, "border_crossing", "MLI"),
    "a": (1.0, 14.0, "town", "MLI"),
    "b": (1.5, 14.0, "town", "MLI"),
    "c": (2.0, 14.0, "town", "MLI"),
    "d": (1.0, 14.5, "town", "MLI"),
    "NORTH": (1.0, 15.0, "port", "DZA"),
}
ROADS = (
    ("PORT", "gate", "yes"), ("gate", "a", "yes"), ("a", "b", "yes"), ("b", "c", "seasonal"),
    ("a", "d", "yes"), ("d", "NORTH", "yes"),
)  # fmt: skip
CORRIDORS = pd.DataFrame(
    [
        ("West", 1, "PORT--gate"), ("West", 2, "gate--a"), ("West", 3, "a--b"),
        ("West", 4, "b--c"), ("North", 1, "a--d"),
    ],
    columns=["corridor", "order", "segment_id"],
)  # fmt: skip


def road_network() -> Network:
    r"""Two ways in.

    ::

                        NORTH (DZA)
                          |
                          d
                          |
        PORT -- gate ---- a ---- b ---- c      West: PORT to c, North: a to d
        (SEN)   (border)
    """
    names = sorted(PLACES)
    nodes = gpd.GeoDataFrame(
        {
            "node_id": names,
            "name": [n.title() for n in names],
            "kind": [PLACES[n][2] for n in names],
            "country": [PLACES[n][3] for n in names],
            "admin1": "Toy",
            "population": [100.0] * len(names),
            "supply_point": [PLACES[n][2] == "port" for n in names],
        },
        geometry=[Point(PLACES[n][:2]) for n in names],
        crs="EPSG:4326",
    )
    segments = gpd.GeoDataFrame(
        {
            "segment_id": [f"{a}--{b}" for a, b, _ in ROADS],
            "from_node": [a for a, _, _ in ROADS],
            "to_node": [b for _, b, _ in ROADS],
            "length_km": 55.0,
            "tanker": [t for _, _, t in ROADS],
        },
        geometry=[LineString([PLACES[a][:2], PLACES[b][:2]]) for a, b, _ in ROADS],
        crs="EPSG:4326",
    )
    return Network(nodes, segments, focus_country="MLI")


def events(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of events; what a row leaves out is a plain, well-sourced ambush on a--b."""
    plain = {
        "date": DAY,
        "event_type": "ambush",
        "lon": 1.25,
        "lat": 14.0,
        "confidence": "high",
        "location_precision": "segment",
        "effect_on_passage": "contested",
        "corridor": "West",
        "source_name": "Toy Press",
        "source_url": "https://example.org/toy",
        "summary": "Toy",
    }
    filled = [{"event_id": f"E{i}", **plain, **row} for i, row in enumerate(rows)]
    cells = [{k: "" if v is None else str(v) for k, v in row.items()} for row in filled]
    return typed(pd.DataFrame(cells, dtype="str").fillna(""), origin="toy")


AT_A = {"lon": 1.0, "lat": 14.0, "node_id": "a", "location_precision": "town"}
AT_GATE = {"lon": 0.5, "lat": 14.0, "node_id": "gate", "location_precision": "town"}
NOWHERE = {"lon": None, "lat": None, "location_precision": "region"}
BAN = {
    "event_type": "blockade",
    "effect_on_passage": "restricted",
    "applies_to": "fuel",
    "corridor": "all import corridors",
    **NOWHERE,
}
