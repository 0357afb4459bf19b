"""Doubts about roads and towns, each with its place on the map."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.graph.arrays import Floats
from geodata.graph.connectivity import components
from geodata.network import findings
from geodata.roads import tags
from geodata.roads.geometry import Lines, place_key
from geodata.roads.nodes import AttachedPlaces, numbered
from geodata.roads.noding import Pieces

FAR_KM: Final = 1.0
"""A town further than this from its road is worth a look."""
_LENGTH_OFF: Final = 0.05
_SMALL_PARTS: Final = 200
"""Parts of the network without a town that are listed one by one, the longest first."""


def road_names(table: pd.DataFrame) -> NDArray[np.object_]:
    """Name each road for the report: by its id, else its row."""
    ids = table[tags.SOURCE_ID].to_numpy(object)
    return np.where(ids != "", ids, np.array([f"row {row}" for row in table.index], object))


def self_crossing(lines: Lines, name: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Return the lines that cross or touch themselves."""
    bad = np.flatnonzero(~shapely.is_simple(lines.metres))
    where = np.array([_knot(line) for line in lines.degrees[bad]]).reshape(-1, 2)
    return findings.places("self_crossing", where, name[lines.road[bad]], np.full(len(bad), np.nan))


def _knot(line: shapely.LineString) -> Floats:
    """Return where a line first meets itself: an end of a part once it is parted there."""
    ends = shapely.get_coordinates(shapely.boundary(line))
    for part in shapely.get_parts(shapely.node(line)):
        for place in shapely.get_coordinates(part)[[0, -1]]:
            if not (ends == place).all(axis=1).any():
                return place  # type: ignore[no-any-return]
    return shapely.get_coordinates(line)[0]  # type: ignore[no-any-return]


def but_landings(doubts: gpd.GeoDataFrame, places: AttachedPlaces) -> gpd.GeoDataFrame:
    """Leave out ends of ferries at which a town or supply point lies: it needs no road there."""
    ends = place_key(shapely.get_coordinates(doubts.geometry.to_numpy()))
    landing = (doubts[findings.PROBLEM] == "ferry_end").to_numpy(bool)
    return doubts[~(landing & np.isin(ends, places.key[places.used]))]


def of_places(places: AttachedPlaces) -> list[gpd.GeoDataFrame]:
    """Return towns and supply points rejected, far from their road, or moved past a stray piece."""
    attached = places.attached
    groups = {fault: attached.fault == fault for fault in ("null_island", "outside", "too_far")}
    groups["town_far"] = places.used & (attached.attach_km > FAR_KM)
    groups["off_stray"] = attached.off_stray
    groups["not_nearest"] = attached.passed
    groups["across_river"] = places.used & attached.wet
    groups["same_point"] = np.isin(np.arange(len(places.table)), places.guests)
    names = places.table[f.NAME].to_numpy(object)
    doubts = [
        findings.places(problem, places.lon_lat[here], names[here], attached.attach_km[here])
        for problem, here in groups.items()
    ]
    links = attached.links
    km = (
        pyproj.Geod(ellps="WGS84").inv(*attached.lon_lat[links.place].T, *links.lon_lat.T)[2] / 1000
    )
    groups = {"linked": km > 0, "across_river": links.wet}
    of_links = [
        findings.places(problem, links.lon_lat[here], names[links.place][here], km[here])
        for problem, here in groups.items()
    ]
    return [*doubts, *of_links]


def of_people(
    places: AttachedPlaces, doubts: list[tuple[int, str, float]]
) -> list[gpd.GeoDataFrame]:
    """Return the towns whose people are written in words: what was read, or that nothing was."""
    names = places.table[f.NAME].to_numpy(object)
    groups: dict[str, list[tuple[int, str, float]]] = {"people_read": [], "people_unread": []}
    for row, cell, value in doubts:
        groups["people_read" if np.isfinite(value) else "people_unread"].append((row, cell, value))
    return [
        findings.places(
            problem,
            places.lon_lat[[row for row, _, _ in rows]],
            [f"{names[row]} ({cell[:40]})" for row, cell, _ in rows],
            [value for _, _, value in rows],
        )
        for problem, rows in groups.items()
    ]


def of_pieces(
    pieces: Pieces, twice: Pieces, table: pd.DataFrame, places: AttachedPlaces
) -> list[gpd.GeoDataFrame]:
    """Roads drawn twice, lengths that differ from the drawing, parts that nothing connects."""
    name = road_names(table)
    middle = twice.lines.lon_lat[(twice.lines.start[:-1] + twice.lines.start[1:]) // 2]
    doubled = findings.places("duplicate", middle, name[twice.lines.road], twice.km)
    stated = table[tags.STATED_KM].to_numpy(float)
    every = np.concatenate([pieces.lines.road, twice.lines.road])
    km = np.bincount(every, np.concatenate([pieces.km, twice.km]), minlength=len(table))
    with np.errstate(invalid="ignore", divide="ignore"):
        off = (stated - km) / km
    bad = np.flatnonzero((np.abs(off) > _LENGTH_OFF) & (np.abs(stated - km) > 0.1) & (km > 0))
    first = np.searchsorted(pieces.lines.road, bad).clip(max=max(0, len(pieces) - 1))
    where = pieces.lines.lon_lat[pieces.lines.start[:-1][first]]
    return [
        doubled,
        findings.places("length_differs", where, name[bad], 100 * off[bad]),
        _parts(pieces, places),
    ]


def _parts(pieces: Pieces, places: AttachedPlaces) -> gpd.GeoDataFrame:
    """Return the parts of the network that nothing connects to its longest."""
    node, number = numbered(pieces)
    part = components(len(node), *number)
    km = np.bincount(part[number[0]], weights=pieces.km, minlength=int(part.max()) + 1)
    n_places = np.bincount(part[np.searchsorted(node, places.key[places.used])], minlength=len(km))
    main = int(km.argmax())
    minor = np.array([p for p in np.argsort(-km, kind="stable") if p != main], np.int64)
    listed = minor[(n_places[minor] > 0) | (np.arange(len(minor)) < _SMALL_PARTS)]
    order = np.argsort(part[number[0]], kind="stable")
    first = order[np.searchsorted(part[number[0]][order], listed)]
    where = pieces.lines.lon_lat[pieces.lines.start[:-1][first]]
    return findings.places("part", where, n_places[listed], km[listed])
