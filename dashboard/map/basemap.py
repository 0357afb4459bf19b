"""The base map's file: land, borders, regions, waters, railway and airports, without tiles."""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from dashboard.map.geometry import SCALE, anchors, coded, joined, lines, rings
from geodata import schema as f
from geodata.network.basemap import FRAME
from geodata.network.labels import airport_name

FOCUS: Final = "MLI"
SHOWN: Final = box(*FRAME)
RIVER_RANKS: Final = {"Fleuve Niger": 1, "Fleuve Sénégal": 1, "Bani": 2}

PARTS: Final = ("focus", "regions", "rivers", "lakes", "rail", "airports")
"""Parts of the file that only the study area has."""

Layers = Mapping[str, gpd.GeoDataFrame]


def base_map(layers: Layers) -> bytes:
    """Return the base map as the browser's map reads it.

    Parameters
    ----------
    layers : mapping of str to GeoDataFrame
        ``admin0`` (countries of the network) and ``land`` (the countries around them, with the
        same columns), ``admin1``, ``rivers``, ``lakes``, ``rail``, ``airports``; EPSG:4326.

    Returns
    -------
    bytes
        JSON with lines as `map_geometry.flat` writes them.
    """
    countries = _countries(layers)
    focus = countries[countries[f.COUNTRY] == FOCUS].geometry.union_all()
    content = {
        "scale": SCALE,
        "land": rings(shapely.union_all(countries.geometry.to_numpy())),
        "focus": rings(focus),
        "borders": _borders(countries, layers["admin1"]),
        "countries": [_country(row) for _, row in countries.iterrows()],
        "regions": [_region(row) for _, row in layers["admin1"].iterrows()],
        "rivers": [_river(row) for _, row in layers["rivers"].iterrows()],
        "lakes": [_lake(row) for _, row in layers["lakes"].iterrows()],
        "rail": [_railway(row) for _, row in layers["rail"].iterrows()],
        "airports": [_airport(row) for _, row in layers["airports"].iterrows()],
    }
    return coded(content)


def world_map(countries: gpd.GeoDataFrame) -> bytes:
    """Return the ground under a network from elsewhere: coasts, borders and names of countries.

    Parameters
    ----------
    countries : GeoDataFrame
        The layer ``world``, in EPSG:4326.

    Returns
    -------
    bytes
        JSON in the form of `base_map`, its other parts empty.
    """
    land = shapely.union_all(countries.geometry.to_numpy())
    edges = shapely.union_all(shapely.boundary(countries.geometry.to_numpy()))
    between = shapely.line_merge(edges.difference(land.boundary.buffer(1e-6)))
    empty: dict[str, list[Any]] = {name: [] for name in PARTS}
    content = empty | {
        "scale": SCALE,
        "land": rings(land),
        "borders": {
            "coast": _long(land.boundary),
            "focus": [],
            "inter": _long(between),
            "regions": [],
        },
        "countries": [_country(row) for _, row in countries.iterrows()],
    }
    return coded(content)


def _countries(layers: Layers) -> gpd.GeoDataFrame:
    columns = [f.COUNTRY, f.NAME_EN, f.NAME_FR, f.GEOMETRY]
    inner, land = layers["admin0"][columns], layers["land"][columns]
    # The land around is widened under the inner countries: their own border is the one drawn.
    land = land.assign(geometry=land.geometry.difference(inner.geometry.union_all()))
    table = pd.concat([inner, land], ignore_index=True)
    clipped = gpd.GeoDataFrame(table, geometry=table.geometry.intersection(SHOWN))
    return clipped[~clipped.geometry.is_empty].reset_index(drop=True)


def _borders(countries: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> dict[str, Any]:
    """Each border once: the coast, borders between countries, the focus country's, regions'."""
    edges = countries.geometry.boundary
    frame = SHOWN.boundary.buffer(0.01)
    land = shapely.union_all(countries.geometry.to_numpy())
    coast = land.boundary.difference(frame)
    is_focus = (countries[f.COUNTRY] == FOCUS).to_numpy()
    focus = joined(edges[is_focus]).difference(coast.buffer(1e-6))
    between = shapely.union_all(list(edges[~is_focus]))
    inter = between.difference(coast.buffer(1e-6)).difference(focus.buffer(1e-6)).difference(frame)
    inner = shapely.union_all(regions.geometry.boundary.to_numpy())
    inner = inner.difference(focus.buffer(0.02))
    parts = {"coast": coast, "focus": focus, "inter": inter, "regions": inner}
    return {name: _long(shapely.line_merge(part)) for name, part in parts.items()}


def _long(geometry: BaseGeometry, *, least: float = 0.02) -> list[list[int]]:
    long_parts = [part for part in shapely.get_parts(geometry) if part.length > least]
    return lines(shapely.multilinestrings(long_parts))


def _names(row: pd.Series) -> dict[str, str]:
    return {"en": str(row[f.NAME_EN] or ""), "fr": str(row[f.NAME_FR] or "")}


def _country(row: pd.Series) -> dict[str, Any]:
    code = str(row[f.COUNTRY])
    points = anchors(row.geometry, most=12 if code == FOCUS else 8)
    return {"id": code, "name": _names(row), "focus": int(code == FOCUS), "anchors": points}


def _region(row: pd.Series) -> dict[str, Any]:
    points = anchors(row.geometry)
    return {"id": str(row[f.NAME]), "name": _names(row), "anchors": points, "badge": points[0][:2]}


def _river(row: pd.Series) -> dict[str, Any]:
    rank = RIVER_RANKS.get(str(row[f.NAME_FR]), 3)
    return {"name": _names(row), "rank": rank, "lines": lines(joined([row.geometry]))}


def _railway(row: pd.Series) -> dict[str, Any]:
    facts = {name: str(row[name] or "") for name in ("status", "status_date", "source_name")}
    return {"name": _names(row), **facts, "lines": lines(joined([row.geometry]))}


def _lake(row: pd.Series) -> dict[str, Any]:
    place = row.geometry.representative_point()
    anchor = [round(place.y, 3), round(place.x, 3)]
    return {"name": _names(row), "anchor": anchor, "rings": rings(row.geometry)}


def _airport(row: pd.Series) -> dict[str, Any]:
    codes = [str(row[column]) for column in ("iata", "icao") if row.get(column)]
    point = row.geometry
    return {
        "name": airport_name(str(row[f.NAME])),
        "code": " / ".join(codes),
        "lat": round(point.y, 4),
        "lon": round(point.x, 4),
    }
