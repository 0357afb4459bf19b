"""Layers that GDAL reads, from memory and by drivers named beforehand.

This module runs in the bounded process of :mod:`geodata.readers.sandbox`, under the switches of
:mod:`geodata.readers.layers.gdal`; it refuses to call GDAL where those switches are not in force.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.errors import GeodataError
from geodata.readers.layers import gdal
from geodata.readers.layers.choice import Inside
from geodata.readers.layers.raw import RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

_CURVES: Final = frozenset(range(8, 15))
"""Geometry codes of arcs and of what is made of them (ISO 19125, SQL/MM part 3)."""


def read(
    data: bytes,
    kind: str,
    layer: str | None,
    *,
    limits: Limits,
    remarks: tuple[Problem, ...] = (),
    encoding: str | None = None,
    crs_by_format: bool = False,
    named: str = "",
    where: str | None = None,
) -> RawLayer:
    """Read one layer.

    Parameters
    ----------
    data : bytes
        The file, whose format was recognised from its content.
    kind : str
        Name of the format.
    layer : str or None
        Name of the layer, None for the only one.
    limits : Limits
        Count of features.
    remarks : tuple of Problem
        Remarks made before.
    encoding : str, optional
        Of a Shapefile's table.
    crs_by_format : bool
        Whether the format allows degrees only.
    named : str
        Name that the driver wants the file to have in memory.
    where : str, optional
        Condition of OGR SQL on the columns; other features are passed over and do not count
        towards the limit.

    Raises
    ------
    GeodataError
        If the file is damaged or has too many features.
    """
    import pyogrio

    _check_closed()
    with _damage(kind), _in_memory(named):
        meta, table = pyogrio.raw.read_arrow(
            data,
            layer=layer,
            encoding=encoding,
            where=where,
            max_features=limits.features + 1,
        )
        table.validate(full=True)  # a damaged file gives lengths that point outside it
    if table.num_rows > limits.features:
        raise GeodataError("layer.features", features=table.num_rows, limit=limits.features)
    name = meta["geometry_name"] or "wkb_geometry"
    if name not in table.column_names:
        raise GeodataError("layer.no_features")
    wkb = np.array(table[name].to_pylist(), object)
    curved = np.array([_is_curved(cell) for cell in wkb], bool)
    if curved.any():
        with _damage(kind), _in_memory(named):
            _, _, straight, _ = pyogrio.raw.read(data, layer=layer, columns=[], where=where)
        wkb[curved] = straight[curved]
        params = {"n": int(curved.sum())}
        remarks = (*remarks, Problem.for_file("info", "layer.curves", **params))
    table = table.drop_columns([name])
    return from_wkb(kind, layer or "", wkb, table, crs_of(meta["crs"]), crs_by_format, remarks)


def count(data: bytes, kind: str, layer: str) -> int:
    """Count all features of a layer, read once for it if the head of the file does not say."""
    import pyogrio

    _check_closed()
    with _damage(kind):
        info = pyogrio.read_info(data, layer=layer, force_feature_count=True)
    return int(info["features"])


def layers(data: bytes, kind: str, *, named: str = "", count: bool = False) -> dict[str, Inside]:
    """Return the layers of a file, each with its geometry and its count of features.

    Parameters
    ----------
    data : bytes
    kind : str
        Name of the format.
    named : str
        Name that the driver wants the file to have in memory.
    count : bool
        Whether to read the file for the count where its head does not say.

    Raises
    ------
    GeodataError
        If the file is damaged.
    """
    import pyogrio

    _check_closed()
    with _damage(kind), _in_memory(named):
        names = {str(name): str(geometry or "") for name, geometry in pyogrio.list_layers(data)}
        return {
            name: Inside(
                geometry, pyogrio.read_info(data, layer=name, force_feature_count=count)["features"]
            )
            for name, geometry in names.items()
        }


def from_wkb(
    kind: str,
    layer: str,
    wkb: NDArray[np.object_],
    rest: pa.Table,
    crs: pyproj.CRS | None,
    crs_by_format: bool,
    remarks: tuple[Problem, ...],
) -> RawLayer:
    """Make a raw layer of geometries as well-known binary and an Arrow table of the rest."""
    try:
        geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:  # an arc inside a collection
        geometry = np.array([_geometry_of(cell) for cell in wkb], object)
    except TypeError as error:  # a column of something else
        raise GeodataError("layer.damaged", format=kind) from error
    absent = np.array([cell is None for cell in wkb], bool)
    return from_geometry(kind, layer, geometry, absent, rest, crs, crs_by_format, remarks)


def from_geometry(
    kind: str,
    layer: str,
    geometry: NDArray[np.object_],
    absent: NDArray[np.bool_],
    rest: pa.Table,
    crs: pyproj.CRS | None,
    crs_by_format: bool,
    remarks: tuple[Problem, ...],
) -> RawLayer:
    """Make a raw layer of geometries; a missing one that is not ``absent`` could not be read."""
    problems = [
        Problem.for_row(
            int(row) + 1, "error", "layer.no_geometry" if absent[row] else "layer.bad_geometry"
        )
        for row in np.flatnonzero(shapely.is_missing(geometry))
    ]
    properties = (
        rest.to_pandas(ignore_metadata=True, date_as_object=True)
        if rest.num_columns
        else pd.DataFrame(index=range(len(geometry)))
    )
    return RawLayer(kind, layer, geometry, properties, crs, crs_by_format, (*remarks, *problems))


def crs_of(text: str | None) -> pyproj.CRS | None:
    """Take a system by its code where it has one, so that data names no grid file.

    Raises
    ------
    GeodataError
        If it is not known.
    """
    if not text:
        return None
    try:
        crs = pyproj.CRS.from_user_input(text if ":" not in text[:12] else text.strip())
        code = crs.to_epsg(min_confidence=70)
    except (pyproj.exceptions.CRSError, ValueError) as error:
        raise GeodataError("layer.crs_unknown", crs=text[:60]) from error
    if code:
        return pyproj.CRS.from_epsg(code)
    if (
        "nadgrids" in text.lower()
        or "+init" in text.lower()
        or not (crs.is_geographic or crs.is_projected)
    ):
        raise GeodataError("layer.crs_unknown", crs=text[:60])
    return crs


def _check_closed() -> None:
    import pyogrio

    foreign = gdal.unexpected(pyogrio.list_drivers(read=True))
    if foreign:
        raise RuntimeError(f"GDAL is not closed: {', '.join(foreign[:5])}")


@contextmanager
def _in_memory(named: str) -> Iterator[None]:
    """Have pyogrio give the file in memory a name of ours: a driver may go by its ending."""
    from pyogrio import _vsi

    if not named:
        yield
        return
    before = _vsi.uuid4
    _vsi.uuid4 = lambda: SimpleNamespace(hex=named)
    try:
        yield
    finally:
        _vsi.uuid4 = before


@contextmanager
def _damage(kind: str) -> Iterator[None]:
    """Report anything that GDAL or Arrow raises on a damaged file as damage."""
    try:
        yield
    except (pa.ArrowException, IndexError, OSError, RuntimeError, ValueError) as error:
        raise GeodataError("layer.damaged", format=kind) from error


def _is_curved(wkb: bytes | None) -> bool:
    """Return whether well-known binary holds an arc, at its head or in a collection."""
    if wkb is None or len(wkb) < 5:
        return False
    code = int.from_bytes(wkb[1:5], "little" if wkb[0] == 1 else "big") & 0x0FFF_FFFF
    return code % 1000 in _CURVES


def _geometry_of(wkb: bytes | None) -> shapely.Geometry | None:
    try:
        return None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return None
