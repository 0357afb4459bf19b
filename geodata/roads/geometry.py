"""Many lines as a few arrays, so that every step runs over all of them at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.cached import cached_property
from geodata.graph.arrays import Bools, Floats, Ints, ranges, starts

_PER_DEGREE = 10**7
"""Two points closer than 1e-7 degrees (1 cm, the precision of OpenStreetMap) are one."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A flat map in metres around the middle of the data (Lambert azimuthal equal-area).

    Its scale is true to 1 % within some 1,800 km of the middle, ample for tolerances of tens of
    metres; lengths of roads are never taken from it but from the ellipsoid.
    """

    lon: float
    lat: float

    @classmethod
    def around(cls, lon_lat: Floats) -> "Plane":
        """Return the plane for points given as (n, 2) degrees."""
        west, south = lon_lat.min(axis=0)
        east, north = lon_lat.max(axis=0)
        return cls(float(west + east) / 2, float(south + north) / 2)

    @cached_property
    def _there(self) -> pyproj.Transformer:
        crs = f"+proj=laea +lat_0={self.lat} +lon_0={self.lon} +datum=WGS84 +units=m +type=crs"
        return pyproj.Transformer.from_crs(f.CRS, crs, always_xy=True)

    def metres(self, lon_lat: Floats) -> Floats:
        """Convert degrees (n, 2) to metres (n, 2)."""
        return np.column_stack(self._there.transform(lon_lat[:, 0], lon_lat[:, 1]))

    def degrees(self, xy: Floats) -> Floats:
        """Convert metres (n, 2) to degrees (n, 2)."""
        back = self._there.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return np.column_stack(back)


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines one after another in flat arrays.

    Parameters
    ----------
    lon_lat, xy : array (n_vertices, 2)
        The same vertices in degrees and in metres of a `Plane`.
    start : array (n_lines + 1,)
        Line ``i`` has the vertices ``start[i]`` up to and without ``start[i + 1]``.
    road : array (n_lines,)
        Row of each line in the table of roads.
    """

    lon_lat: Floats
    xy: Floats
    start: Ints
    road: Ints

    def __len__(self) -> int:
        return len(self.road)

    @cached_property
    def owner(self) -> Ints:
        """Line of each vertex."""
        return np.repeat(np.arange(len(self.road)), np.diff(self.start))

    @cached_property
    def key(self) -> Ints:
        """One number per place: equal where two vertices are the same point."""
        return place_key(self.lon_lat)

    @cached_property
    def vertex(self) -> Ints:
        """Places numbered from 0, in the order in which they appear."""
        return pd.factorize(self.key)[0].astype(np.int64)

    @cached_property
    def is_end(self) -> Bools:
        """Whether a vertex is the first or last of its line."""
        ends = np.zeros(len(self.xy), bool)
        ends[self.start[:-1]] = True
        ends[self.start[1:] - 1] = True
        return ends

    @cached_property
    def measure(self) -> Floats:
        """Metres from the start of its line to each vertex, on the plane."""
        step = np.zeros(len(self.xy))
        step[1:] = np.hypot(*np.diff(self.xy, axis=0).T)
        step[self.start[:-1]] = 0.0
        along = np.cumsum(step)
        return along - np.repeat(along[self.start[:-1]], np.diff(self.start))

    @cached_property
    def metres(self) -> NDArray[np.object_]:
        """Shapely lines on the plane."""
        return shapely.linestrings(self.xy, indices=self.owner)  # type: ignore[return-value]

    @cached_property
    def degrees(self) -> NDArray[np.object_]:
        """Shapely lines in degrees."""
        return shapely.linestrings(self.lon_lat, indices=self.owner)  # type: ignore[return-value]

    @cached_property
    def plane_length(self) -> Floats:
        """Metres of each line on the plane."""
        return self.measure[self.start[1:] - 1]

    def pick(self, keep: Any) -> "Lines":
        """Take the lines at the places (or where the mask) ``keep``."""
        chosen = np.arange(len(self.road))[keep]
        counts = np.diff(self.start)[chosen]
        rows = ranges(self.start[:-1][chosen], counts)
        return Lines(self.lon_lat[rows], self.xy[rows], starts(counts), self.road[chosen])

    def inserted(self, line: Ints, measure: Floats, lon_lat: Floats, xy: Floats) -> "Lines":
        """Give the lines more vertices.

        Parameters
        ----------
        line : array (k,)
            Line that each new vertex goes into.
        measure : array (k,)
            Metres along it; below 0 puts a vertex before the first, infinity behind the last.
        lon_lat, xy : array (k, 2)
            The new vertices.
        """
        owner = np.concatenate([self.owner, line])
        order = np.lexsort((np.concatenate([self.measure, measure]), owner))
        counts = np.bincount(owner, minlength=len(self.road))
        lines = Lines(
            np.concatenate([self.lon_lat, lon_lat])[order],
            np.concatenate([self.xy, xy])[order],
            starts(counts),
            self.road,
        )
        return lines.without_repeats()

    def without_repeats(self) -> "Lines":
        """Leave out vertices that repeat the one before, and lines of one place."""
        new = np.ones(len(self.key), bool)
        new[1:] = self.key[1:] != self.key[:-1]
        new[self.start[:-1]] = True
        counts = np.bincount(self.owner[new], minlength=len(self.road))
        real = counts > 1
        distinct = new & real[self.owner]
        return Lines(
            self.lon_lat[distinct], self.xy[distinct], starts(counts[real]), self.road[real]
        )


@dataclass(frozen=True, eq=False)
class Heights:
    """Heights of lines above the ground, in steps: lines of different heights do not meet.

    Parameters
    ----------
    inner : array (n,)
        Height between the ends. Each ferry has one to itself: it meets nothing on its way.
    end : array (n,)
        Height of the ends; those of ferries lie on the ground.
    """

    inner: Ints
    end: Ints

    def of(self, road: Ints) -> "Heights":
        """Return the heights of lines that are drawn from these roads."""
        return Heights(self.inner[road], self.end[road])


def lines_of(geometry: NDArray[np.object_], road: Ints, plane: Plane | None = None) -> Lines:
    """Return the lines of simple and multiple shapely lines in degrees.

    Parameters
    ----------
    geometry : array of object
        LineStrings and MultiLineStrings in EPSG:4326.
    road : array of int
        Row of each in the table of roads.
    plane : Plane, optional
        Map for the metres; else the one around these lines.
    """
    parts, whole = shapely.get_parts(geometry, return_index=True)
    lon_lat, owner = shapely.get_coordinates(parts, return_index=True)
    plane = plane or Plane.around(lon_lat)
    counts = np.bincount(owner, minlength=len(parts))
    lines = Lines(lon_lat, plane.metres(lon_lat), starts(counts), road[whole])
    return lines.without_repeats()


@dataclass(frozen=True, eq=False)
class Boarding:
    """Where a place can be put on each line: anywhere on a road, at the ends of a ferry.

    Parameters
    ----------
    lines : Lines
    ferry : array (n_lines,) of bool
    """

    lines: Lines
    ferry: Bools

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Lines in metres; of a ferry its two ends."""
        shapes = self.lines.metres.copy()
        for line in np.flatnonzero(self.ferry).tolist():
            shapes[line] = shapely.MultiPoint(self.lines.xy[self._ends(line)])
        return shapes

    def measure(self, line: Ints, points: NDArray[np.object_]) -> Floats:
        """Return the metres along each line to where a point is put on it."""
        along = np.asarray(shapely.line_locate_point(self.lines.metres[line], points), float)
        for row in np.flatnonzero(self.ferry[line]):
            ends = points_at(self.lines.xy[self._ends(int(line[row]))])
            first, last = shapely.distance(ends, points[row])
            along[row] = 0.0 if first <= last else self.lines.plane_length[line[row]]
        return along

    def _ends(self, line: int) -> list[int]:
        return [int(self.lines.start[line]), int(self.lines.start[line + 1]) - 1]


def points_at(xy: Floats) -> NDArray[np.object_]:
    """Return the Shapely points at (n, 2) coordinates."""
    points: NDArray[np.object_] = np.asarray(shapely.points(xy), object)
    return points


def place_key(lon_lat: Floats) -> Ints:
    """Return one whole number per place, at 1e-7 degrees."""
    lon, lat = np.rint(lon_lat * _PER_DEGREE).astype(np.int64).T
    key: Ints = (lat + 90 * _PER_DEGREE) * (400 * _PER_DEGREE) + lon + 180 * _PER_DEGREE
    return key


def geodesic_km(lines: Lines) -> Floats:
    """Return the length of each line on the WGS84 ellipsoid, in km (Karney 2013, by PROJ)."""
    lon, lat = lines.lon_lat.T
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step = np.zeros(len(lines.lon_lat))
    step[1:] = metres
    step[lines.start[:-1]] = 0.0
    return np.add.reduceat(step, lines.start[:-1]) / 1000 if len(lines) else np.zeros(0)
