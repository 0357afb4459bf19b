"""From degrees to points on paper: one simple projection for every exported map."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

KM_PER_DEGREE: Final = 111.32
"""Length of a degree of latitude; the mean over the ellipsoid is 111.1 to 111.4 km here."""


FINEST: Final = 0.12
"""Detail finer than this, in points on paper (0.04 mm), is left out: no printer shows it."""


@dataclass(frozen=True)
class Frame:
    """A map's frame on paper and the piece of the earth in it.

    Equirectangular projection, true to scale along the middle parallel: at the size of a
    country within 25 degrees of the equator the scale differs by a few percent at the edges.

    Parameters
    ----------
    width, height : float
        Size on paper in points.
    west, south, east, north : float
        Bounds in degrees (EPSG:4326); they fill the frame exactly.
    """

    width: float
    height: float
    west: float
    south: float
    east: float
    north: float

    @property
    def stretch(self) -> float:
        """Length of a degree of longitude over one of latitude, on the middle parallel."""
        return float(np.cos(np.radians((self.south + self.north) / 2)))

    @property
    def points_per_degree(self) -> float:
        """Points on paper per degree of latitude."""
        return self.height / (self.north - self.south)

    @property
    def points_per_km(self) -> float:
        """Points on paper per km, on the middle parallel."""
        return self.points_per_degree / KM_PER_DEGREE

    def project(self, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points on paper (n x 2, origin lower left) of degrees (n x 2, longitude first)."""
        scale = np.array([self.stretch, 1.0]) * self.points_per_degree
        return (lon_lat - (self.west, self.south)) * scale

    def geometry(self, geometry: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return the geometries clipped to the frame, on paper; empty ones are left out."""
        box = (self.west, self.south, self.east, self.north)
        clipped = shapely.clip_by_rect(shapely.make_valid(geometry), *box)
        visible: NDArray[np.object_] = clipped[~shapely.is_empty(clipped)]
        on_paper = shapely.transform(visible, self.project)
        return np.asarray(shapely.simplify(on_paper, FINEST, preserve_topology=True), dtype=object)

    def inside(self, points: NDArray[np.float64], margin: float = 0.0) -> NDArray[np.bool_]:
        """Return which points on paper lie in the frame, ``margin`` points off its edge."""
        low, high = margin, np.array([self.width, self.height]) - margin
        return np.asarray(((points >= low) & (points <= high)).all(axis=1))


def frame(
    bounds: tuple[float, float, float, float],
    width: float,
    height: float,
    *,
    margin: float = 0.03,
) -> Frame:
    """Return frame of a size on paper that holds ``bounds`` (west, south, east, north, in degrees).

    The side that has room to spare shows more of the surroundings.
    """
    west, south, east, north = bounds
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    stretch = float(np.cos(np.radians(middle_lat)))
    needed_height = max(north - south, 0.2) * (1 + 2 * margin)
    needed_width = max(east - west, 0.2) * (1 + 2 * margin) * stretch
    degrees = max(needed_height, needed_width * height / width)
    half_lat, half_lon = degrees / 2, degrees * width / height / stretch / 2
    return Frame(
        width,
        height,
        middle_lon - half_lon,
        middle_lat - half_lat,
        middle_lon + half_lon,
        middle_lat + half_lat,
    )
