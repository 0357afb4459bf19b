"""Travel time: an assumed speed for each kind of road, shown wherever hours are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f


@dataclass(frozen=True)
class Speed:
    """One row of the table of speeds.

    Parameters
    ----------
    road_class, surface : str
        Words looked for in the segment's class and surface; an empty one matches all.
    speed_kmh : float
        Assumed mean speed of a laden lorry, stops for the night and at posts not counted.
    """

    road_class: str
    surface: str
    speed_kmh: float


# Our assumption, not a measurement: no published table of speeds for these roads was found.
# The first row that fits counts, so the worse states of a surface stand before the better.
SPEEDS: tuple[Speed, ...] = (
    Speed("ferry", "", 4.0),  # with the wait and the loading; the crossing alone is faster
    Speed("desert track", "", 20.0),
    Speed("", "track", 20.0),
    Speed("", "very degraded", 25.0),
    Speed("", "flood", 30.0),
    Speed("", "laterite", 35.0),
    Speed("", "unpaved", 35.0),
    Speed("", "degraded", 40.0),
    Speed("", "rehabilitation", 40.0),
    Speed("", "motorway", 80.0),
    Speed("", "paved", 60.0),
    Speed("national paved", "", 60.0),
    Speed("", "", 35.0),
)


def speeds_kmh(segments: pd.DataFrame) -> NDArray[np.float64]:
    """Return the assumed speed on every segment, row by row.

    Parameters
    ----------
    segments : DataFrame
        A network's segments. Their own ``speed_kmh`` counts where they have that column; the
        rest follow `SPEEDS`, an assumption, by ``road_class`` and ``surface``.
    """
    blank = pd.Series("", index=segments.index)
    road_class = segments.get(f.ROAD_CLASS, blank).fillna("").astype(str).str.lower()
    surface = segments.get(f.SURFACE, blank).fillna("").astype(str).str.lower()
    class_of, classes = pd.factorize(road_class)
    surface_of, surfaces = pd.factorize(surface)
    pairs, pair_of = np.unique(class_of * len(surfaces) + surface_of, return_inverse=True)
    kinds = [(str(classes[n // len(surfaces)]), str(surfaces[n % len(surfaces)])) for n in pairs]
    by_kind = np.array([_speed(*kind) for kind in kinds], np.float64)
    assumed = pd.Series(by_kind[pair_of], index=segments.index)
    own = pd.to_numeric(segments.get(f.SPEED_KMH, pd.Series(dtype=float)), errors="coerce")
    own = own.reindex(segments.index)
    return own.where(own > 0, assumed).to_numpy(np.float64)


def _speed(road_class: str, surface: str) -> float:
    fits = (s for s in SPEEDS if s.road_class in road_class and s.surface in surface)
    return next(fits).speed_kmh
