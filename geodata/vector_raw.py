"""A layer as a file holds it, before it is judged."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from geodata.problems import Problem


@dataclass(frozen=True, eq=False)
class Raw:
    """Features of one layer in the file's own coordinates.

    Parameters
    ----------
    format : str
        Name of the format as a user knows it.
    layer : str
        Name of the layer in the file, if layers have names.
    geometry : array of object
        Shapely geometries; None where the feature has none or it cannot be read.
    properties : DataFrame
        The other columns, a row per feature.
    crs : pyproj.CRS or None
        What the file declares.
    crs_by_format : bool
        Whether the format itself fixes degrees when nothing is declared.
    problems : tuple of Problem
        What was found while reading; features are counted from 1.
    """

    format: str
    layer: str
    geometry: NDArray[np.object_]
    properties: pd.DataFrame
    crs: pyproj.CRS | None
    crs_by_format: bool
    problems: tuple[Problem, ...]
