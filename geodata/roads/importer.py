"""A network from any roads and towns, with a report on every change."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.graph.arrays import Floats, Ints
from geodata.network import findings as quality
from geodata.network.findings import Quality
from geodata.network.model import TANKER_VALUES, Network
from geodata.roads import ferries, noding, tags
from geodata.roads import notes as roads_notes
from geodata.roads import places as towns_
from geodata.roads import quality as roads_findings
from geodata.roads.attachment import Served, attach_places, with_places
from geodata.roads.barriers import closed_at, parted
from geodata.roads.carriageways import Undivided, undivided
from geodata.roads.drawing import Drawing, drawing
from geodata.roads.geometry import Lines, Plane, geodesic_km, lines_of
from geodata.roads.joining import Joined, join_lines, not_joined
from geodata.roads.nodes import AttachedPlaces, figures
from geodata.roads.options import ImportOptions, check_mapping
from geodata.roads.rivers import rivers_of
from geodata.roads.segments import Note, build_segments


@dataclass(frozen=True, eq=False)
class Imported:
    """A network, the report on it, and what was left out.

    Parameters
    ----------
    network : Network
        Ready for the engine.
    quality : Quality
        What was found, done and assumed.
    removed : GeoDataFrame
        Pieces of road that the network does without, each with its ``reason``.
    """

    network: Network
    quality: Quality
    removed: gpd.GeoDataFrame


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Roads as lines with their attributes, and what was seen while they were joined."""

    lines: Lines
    plane: Plane
    table: pd.DataFrame
    rivers: NDArray[np.object_]
    carriageways: Lines
    findings: tuple[gpd.GeoDataFrame, ...]
    notes: tuple[Note, ...]

    def levels(self) -> Ints:
        """Return the height of each line as the lines now are."""
        return tags.heights(self.table).inner[self.lines.road]

    def ferries(self) -> NDArray[np.bool_]:
        """Return which of the lines are ferries."""
        return tags.is_ferry(self.table)[self.lines.road]


def import_roads(
    roads: gpd.GeoDataFrame,
    towns: gpd.GeoDataFrame,
    *,
    supply: gpd.GeoDataFrame | None = None,
    boundary: gpd.GeoDataFrame | None = None,
    options: ImportOptions | None = None,
) -> Imported:
    """Make a network of roads, towns and supply points.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines in EPSG:4326 with the columns of their source; points among them are barriers.
    towns : GeoDataFrame
        Points in EPSG:4326; a column ``supply_point`` may mark supply points among them.
    supply : GeoDataFrame, optional
        Points in EPSG:4326, all of them supply points.
    boundary : GeoDataFrame, optional
        Polygons in EPSG:4326 that give country, regions and P-codes to towns without.
    options : Options, optional
        Tolerances and choices.

    Returns
    -------
    Imported
        Lengths are geodesic, in km; roads carry traffic both ways, whatever ``oneway`` says.

    Raises
    ------
    GeodataError
        If there is not a road a vehicle can use, no town on any road, or a mapping names a column
        or a field that is not there.
    """
    options = options or ImportOptions()
    layers = {"roads": roads, "towns": towns, "supply": supply, "boundary": boundary}
    check_mapping(options, {name: layer for name, layer in layers.items() if layer is not None})
    roads, posts = parted(roads)
    roads, landings = ferries.landing_areas(roads)
    table = tags.road_table(roads, options.of("roads"))
    read = (*roads_notes.of_tags(table), *roads_notes.of_columns(roads, table, options.of("roads")))
    drawn = _drawn(roads, table, landings, options)
    lines, at_barriers = closed_at(drawn.lines, posts, drawn.plane)
    drawn = replace(drawn, lines=lines, findings=(*drawn.findings, *at_barriers))
    place_rows, lon_lat, coded = _places(towns, supply, boundary, options)
    drawn, places = _with_places(drawn, place_rows, lon_lat, options)
    table = drawn.table
    broken = noding.breaks(drawn.lines, drawn.levels(), places.key[places.used])
    rank = table[f.TANKER].map(TANKER_VALUES.index).to_numpy(np.int64)
    pieces, twice = (noding.forward(part) for part in noding.pieces(drawn.lines, broken, rank))
    aside = noding.whole(drawn.carriageways)
    built = build_segments(
        pieces, {"duplicate": twice, "carriageway": aside}, table, places, options
    )
    findings = (
        *(roads_findings.but_landings(doubts, places) for doubts in drawn.findings),
        *roads_findings.of_places(places),
        *roads_findings.of_people(places, towns_.people_doubts(towns, options.of("towns"))),
        *roads_findings.of_pieces(pieces, twice, table, places),
    )
    if boundary is not None and towns_.names_nothing(boundary, options.of("boundary")):
        columns = [str(name) for name in boundary.columns if name != f.GEOMETRY]
        read = (*read, ("roads.note_boundary", {"columns": ", ".join(columns[:12]) or "–"}))
    if coded:
        read = (*read, ("roads.note_region_codes", {"codes": ", ".join(coded[:12])}))
    no_supply: tuple[Note, ...] = (
        () if built.network.supply_points else (("roads.note_no_supply", {}),)
    )
    report = Quality(
        figures(built.network, pieces, places, len(roads)),
        quality.collect_findings(findings),
        (*no_supply, *read, *drawn.notes, *built.notes),
    )
    return Imported(built.network, report, built.removed)


def _with_places(
    drawn: _Drawn, table: pd.DataFrame, lon_lat: Floats, options: ImportOptions
) -> tuple[_Drawn, AttachedPlaces]:
    """Put the places on the lines, and draw the links of those that several roads serve."""
    broken = noding.breaks(drawn.lines, drawn.levels(), np.zeros(0, np.int64))
    attached = attach_places(
        drawn.lines,
        noding.line_components(drawn.lines, broken),
        Served(
            table[f.SUPPLY_POINT].to_numpy(bool),
            drawn.table[f.TANKER].to_numpy(object)[drawn.lines.road],
            drawn.ferries(),
            broken,
            drawn.rivers,
        ),
        lon_lat,
        drawn.plane,
        limit_km=options.attach_limit_km,
        snap_m=options.snap_m,
    )
    places = AttachedPlaces(table, lon_lat, attached)
    if not places.used.any():
        raise GeodataError("roads.no_town_attached", limit=f"{options.attach_limit_km:g}")
    lines = with_places(drawn.lines, attached, len(drawn.table))
    linked = tags.with_links(
        drawn.table,
        drawn.lines.road[attached.links.line],
        table[f.NODE_ID].to_numpy(object)[attached.links.place],
    )
    return replace(drawn, lines=lines, table=linked), places


def _drawn(
    roads: gpd.GeoDataFrame,
    table: pd.DataFrame,
    landings: NDArray[np.object_],
    options: ImportOptions,
) -> _Drawn:
    use = np.flatnonzero(table[tags.MOTOR].to_numpy())
    if not len(use):
        raise GeodataError("roads.no_roads")
    drawn = drawing(roads.geometry.to_numpy()[use])
    lines = lines_of(drawn.geometry, use)
    if not len(lines):
        raise GeodataError("roads.no_roads")
    plane = Plane.around(lines.lon_lat)
    name = roads_findings.road_names(table)
    joined = join_lines(lines, table, landings, plane, options, name=name)
    level = tags.heights(table).inner
    single = undivided(joined.lines, level[joined.lines.road], plane, table)
    table = tags.with_divided(table, single.roads)
    findings = (
        *_of_drawing(drawn, lines, use, name),
        *joined.findings,
        *not_joined(single.lines, table, joined.midstream, options, name=name),
    )
    notes = _drawing_notes(table, single, level, joined, options)
    rivers = rivers_of(roads, table, plane)
    return _Drawn(single.lines, plane, table, rivers, single.left_out, findings, notes)


def _of_drawing(
    drawn: Drawing, lines: Lines, use: Ints, name: NDArray[np.object_]
) -> list[gpd.GeoDataFrame]:
    """List what is odd in single lines: crossing themselves, vertices at 0,0, leaps."""
    unmeasured = np.full(len(drawn.null_line), np.nan)
    return [
        roads_findings.self_crossing(lines, name),
        quality.places("null_vertex", drawn.null_at, name[use[drawn.null_line]], unmeasured),
        quality.places("jump", drawn.jump_at, name[use[drawn.jump_line]], drawn.jump_km),
    ]


def _drawing_notes(
    table: pd.DataFrame, single: Undivided, level: Ints, joined: Joined, options: ImportOptions
) -> tuple[Note, ...]:
    notes: list[Note] = []
    oneway = int((table[tags.ONEWAY] != "").sum())
    apart = noding.not_joined_by_level(single.lines, level[single.lines.road])
    divided = single.left_out
    if joined.snapped:
        metres = f"{options.snap_m:g}"
        notes.append(("roads.note_snapped", {"n": joined.snapped, "metres": metres}))
    if joined.landed:
        notes.append(("roads.note_landed", {"n": joined.landed}))
    if apart:
        notes.append(("roads.note_levels", {"n": apart}))
    if oneway:
        notes.append(("roads.note_oneway", {"n": oneway}))
    if len(divided):
        km = geodesic_km(divided).sum()
        notes.append(("roads.note_divided", {"n": len(divided), "km": f"{km:.1f}"}))
    return tuple(notes)


def _places(
    towns: gpd.GeoDataFrame,
    supply: gpd.GeoDataFrame | None,
    boundary: gpd.GeoDataFrame | None,
    options: ImportOptions,
) -> tuple[pd.DataFrame, Floats, list[str]]:
    tables = [towns_.place_table(towns, options.of("towns"), supply=False)]
    points = [towns.geometry.to_numpy()]
    if supply is not None:
        tables.append(towns_.place_table(supply, options.of("supply"), supply=True))
        points.append(supply.geometry.to_numpy())
    table = pd.concat(tables, ignore_index=True)
    geometry = np.concatenate(points)
    # Ids are the towns' own: the code of a region is no name of a town.
    table[f.NODE_ID] = towns_.place_ids(table, geometry)
    codes = table[towns_.REGION_CODE]
    table = towns_.with_regions(table, geometry, boundary, options.of("boundary"))
    return table, shapely.get_coordinates(geometry), towns_.coded_regions(table, codes)


def around(frame: gpd.GeoDataFrame, limit_km: float) -> tuple[float, float, float, float] | None:
    """Return box in degrees around ``frame``, wider by the distance at which towns are refused."""
    if not len(frame):
        return None
    west, south, east, north = frame.total_bounds
    tall = limit_km / 111.2
    wide = tall / max(0.1, float(np.cos(np.radians((south + north) / 2))))
    return (west - wide, south - tall, east + wide, north + tall)
