"""Roads and ferries joined where they meet, or all but meet, with every join and doubt listed."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.graph.arrays import Bools
from geodata.network import findings
from geodata.roads import ferries, noding, tags
from geodata.roads import snapping as snap
from geodata.roads.geometry import Heights, Lines, Plane
from geodata.roads.options import ImportOptions


@dataclass(frozen=True, eq=False)
class Joined:
    """Lines after the joins.

    Parameters
    ----------
    lines : Lines
    findings : tuple of GeoDataFrame
        Ends that were joined, and crossings that were not.
    snapped, landed : int
        How many ends were joined to a road within the tolerance, and across a ferry terminal.
    midstream : ferries.Midstream
        Ferries whose course on the water is not clear.
    """

    lines: Lines
    findings: tuple[gpd.GeoDataFrame, ...]
    snapped: int
    landed: int
    midstream: ferries.Midstream


def join_lines(
    lines: Lines,
    table: pd.DataFrame,
    landings: NDArray[np.object_],
    plane: Plane,
    options: ImportOptions,
    *,
    name: NDArray[np.object_],
) -> Joined:
    """Join loose ends, ferries and, if asked, crossings.

    Parameters
    ----------
    lines : Lines
        As drawn.
    table : DataFrame
        As from `tags.road_table`.
    landings : array of Polygon
        Ferry terminals drawn as areas, in degrees.
    plane : Plane
    options : ImportOptions
        The tolerance, and whether roads that cross are joined.
    name : array of str
        What the report calls each row of the table.
    """
    height, ferry = tags.heights(table), tags.is_ferry(table)
    midstream = ferries.set_apart(lines, ferry[lines.road], plane)
    lines, landed = ferries.across_areas(
        midstream.lines, ferry[midstream.lines.road], landings, plane, max(1.0, options.snap_m)
    )
    joined, gap = snap.snapped(lines, height.of(lines.road), plane, options.snap_m)
    joined = snap.touching(joined, height.of(joined.road))
    about = name[lines.road[lines.owner[gap.place]]]
    listed = [findings.places("snapped", lines.lon_lat[gap.place], about, gap.metres)]
    level = height.inner[joined.road]
    if options.node_crossings:
        joined, _ = snap.noded_at_crossings(joined, plane, level)
    else:
        one, _, xy = snap.crossings(joined, level)
        degrees = plane.degrees(xy) if len(xy) else xy
        missing = np.full(len(xy), np.nan)
        listed.append(findings.places("crossing", degrees, name[joined.road[one]], missing))
    return Joined(joined, tuple(listed), len(gap.place), landed, midstream)


def not_joined(
    lines: Lines,
    table: pd.DataFrame,
    midstream: ferries.Midstream,
    options: ImportOptions,
    *,
    name: NDArray[np.object_],
) -> list[gpd.GeoDataFrame]:
    """List ends of roads and ferries that meet nothing although something is near.

    Parameters
    ----------
    lines : Lines
        After all joins, carriageways left out.
    table, options, name
        As for `join_lines`.
    midstream : ferries.Midstream
        As in `Joined`.
    """
    height: Heights = tags.heights(table).of(lines.road)
    ferry: Bools = tags.is_ferry(table)[lines.road]
    broken = noding.breaks(lines, height.inner, np.zeros(0, np.int64))
    part = noding.line_components(lines, broken)
    miss = snap.near_misses(lines, height, part, options.snap_m)
    miss = miss.pick(~ferry[lines.owner[miss.place]])
    about = name[lines.road[lines.owner[miss.place]]]
    return [
        *ferries.off_road(lines, ferry, midstream, name),
        findings.places("near_miss", lines.lon_lat[miss.place], about, miss.metres),
    ]
