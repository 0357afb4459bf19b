"""A layer as a file holds it, before it is judged, and what the caller asks of the file."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from geodata.readers.limits import Limits
from geodata.readers.report import Problem


@dataclass(frozen=True)
class LayerRequest:
    """What the caller wants from a file.

    Parameters
    ----------
    limits : Limits
        Sizes and counts beyond which the file is refused.
    kind : str
        ``towns``, ``roads``, ``boundary`` or ``auto``: decides between the layers of a file.
    layer : str or None
        Layer to read, by its name in the file.
    crs : str or None
        Coordinate system that overrules an unreadable declaration.
    """

    limits: Limits
    kind: str = "auto"
    layer: str | None = None
    crs: str | None = None


@dataclass(frozen=True, eq=False)
class RawLayer:
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
        What was seen while reading; features are counted from 1.
    layers : tuple of str
        Names of all layers of the file, where its format names them.
    """

    format: str
    layer: str
    geometry: NDArray[np.object_]
    properties: pd.DataFrame
    crs: pyproj.CRS | None
    crs_by_format: bool
    problems: tuple[Problem, ...]
    layers: tuple[str, ...] = ()
