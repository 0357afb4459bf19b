"""One way to open a layer of roads, towns or boundaries, from any program.

The format is recognised from the content, never from the name. The file is parsed in a bounded
process without network or file system (:mod:`geodata.readers.sandbox`), and comes back as a table
in degrees with a report on every feature.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.readers import sandbox, transport
from geodata.readers.layers import gdal
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.report import Report
from geodata.readers.task import Task

Kind = Literal["auto", "towns", "roads", "boundary"]
ROW: Final = "row"
_SHAPEFILE_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer in use.

    Parameters
    ----------
    frame : GeoDataFrame
        Good features in EPSG:4326, two dimensions; the index is the place of each in the file,
        from 1; the columns are the file's own.
    report : Report
        Counts and remarks on all features, good or not.
    kind : str
        ``towns`` (points), ``roads`` (lines) or ``boundary`` (polygons).
    format : str
        Format as found.
    layer : str
        Layer taken, for formats that name layers.
    """

    frame: gpd.GeoDataFrame
    report: Report
    kind: str
    format: str
    layer: str


def read_layer(
    source: bytes | Path,
    *,
    kind: Kind = "auto",
    layer: str | None = None,
    area: tuple[float, float, float, float] | None = None,
    crs: str | None = None,
    swap: bool = False,
    keep_outside: bool = False,
    name_column: str | None = None,
    limits: Limits = UPLOAD,
) -> Layer:
    """Open a layer: GeoJSON, GeoPackage, zipped Shapefile, FlatGeobuf or GeoParquet.

    Parameters
    ----------
    source : bytes or Path
        The content or the file; a ``.shp`` takes its ``.shx``, ``.dbf``, ``.prj`` and ``.cpg``
        from beside it.
    kind : {'auto', 'towns', 'roads', 'boundary'}
        What it should hold; ``auto`` goes by the geometry.
    layer : str, optional
        Layer to take from a file with several; else the largest, which the report says.
    area : tuple of float, optional
        West, south, east, north in degrees: where the layer should lie. Towns outside are set
        aside; a layer that lies there only with latitude and longitude exchanged is refused
        unless ``swap`` is set.
    crs : str, optional
        Such as ``EPSG:32630``, taken where the file declares nothing.
    swap : bool
        Exchange latitude and longitude.
    keep_outside : bool
        Keep towns outside the area, for a caller that judges them itself.
    name_column : str, optional
        Column with the towns' names, where it has no usual name.
    limits : Limits
        Sizes, counts, time and memory beyond which the file is refused.

    Returns
    -------
    Layer
        The good features in EPSG:4326, and a report on every row.

    Raises
    ------
    GeodataError
        If the file as a whole cannot be used.
    """
    data = content(source, limits)
    params: dict[str, Any] = {
        "layer": layer,
        "kind": kind,
        "area": area,
        "crs": crs,
        "swap": swap,
        "keep_outside": keep_outside,
        "name_column": name_column,
    }
    return _PARSE.run(data, params, limits=limits)


def content(source: bytes | Path, limits: Limits) -> bytes:
    """Return the bytes of a file, refused where they are too many.

    Raises
    ------
    GeodataError
        If there is no such file or it is larger than the limit.
    """
    if isinstance(source, bytes):
        data = source
    elif source.suffix.lower() == ".shp":
        data = _with_parts(source)
    else:
        data = _file(source, limits)
    _PARSE.check_size(data, limits)
    return data


def _file(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.file_mb * 10**6 + 1)
    except OSError as error:
        raise GeodataError("layer.no_file", file=path.name, why=error.strerror or "") from error


def _with_parts(path: Path) -> bytes:
    """Read a shapefile on disk as the archive it would be sent as."""
    if not path.is_file():
        raise GeodataError("layer.no_file", file=path.name, why="")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for part in sorted(path.parent.iterdir()):
            if part.stem == path.stem and part.suffix.lower() in _SHAPEFILE_PARTS:
                file.writestr(part.name, part.read_bytes())
    return archive.getvalue()


def frame_of(stream: bytes) -> gpd.GeoDataFrame:
    """Read the good features of a layer from the stream that `vector_parse.parse` gives.

    Raises
    ------
    GeodataError
        ``sandbox.answer`` if the stream holds no layer.
    """
    features = transport.read_features(stream)
    with sandbox.untrusted_answer():
        return features.drop(columns=ROW).set_index(features[ROW].to_numpy())


def _answered(answer: dict[str, Any], parts: dict[str, bytes]) -> Layer:
    return Layer(
        frame_of(parts["features"]),
        transport.read_report(answer["report"], parts["problems"]),
        str(answer["kind"]),
        str(answer["format"]),
        str(answer["layer"]),
    )


_PARSE: Final = Task(
    "geodata.readers.layers.parser:parse", _answered, "layer.too_large", gdal.environment
)
