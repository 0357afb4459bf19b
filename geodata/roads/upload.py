"""Import of uploaded roads in a bounded process: a file that runs away takes only itself down."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.network.findings import Quality
from geodata.network.model import Network
from geodata.readers import transport
from geodata.readers.layers import gdal
from geodata.readers.layers.parser import parse
from geodata.readers.layers.reader import frame_of
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.report import Report
from geodata.readers.task import Task
from geodata.readers.turns import IMPORTING
from geodata.roads.importer import around, import_roads
from geodata.roads.options import ImportOptions

KINDS: Final = {"roads": "roads", "towns": "towns", "supply": "towns", "boundary": "boundary"}
"""What each layer of an import holds."""

SECONDS: Final = 60.0
"""The whole import may take longer than the reading of one file."""

MEMORY_MB: Final = 1_000

TABLES: Final = ("nodes", "segments", "places")
"""What an import makes, in the order in which it comes back."""


@dataclass(frozen=True, eq=False)
class Upload:
    """A network made of uploaded layers.

    Parameters
    ----------
    network : Network
    quality : Quality
    reports : dict of str to Report
        What was read of each layer.
    size : int
        Bytes of the network's tables.
    """

    network: Network
    quality: Quality
    reports: dict[str, Report]
    size: int = 0


def import_uploads(
    files: Mapping[str, bytes],
    *,
    options: ImportOptions | None = None,
    layers: Mapping[str, str] | None = None,
    crs: str | None = None,
    swap: bool = False,
    limits: Limits = UPLOAD,
) -> Upload:
    """Read uploaded layers and make a network of them, as ``import-roads`` does.

    Parameters
    ----------
    files : mapping of str to bytes
        ``roads`` and ``towns``, and if there are any ``supply`` and ``boundary``.
    options : Options, optional
    layers : mapping of str to str, optional
        Name of the layer to read in a file that has several, by the keys of ``files``.
    crs : str, optional
        Such as ``EPSG:32630``, for a file that declares none.
    swap : bool
        Exchange latitude and longitude.
    limits : Limits

    Raises
    ------
    GeodataError
        If a file is refused, naming the layer, or no network can be made.
    """
    for name, content in files.items():
        if len(content) > limits.file_mb * 10**6:
            raise GeodataError("roads.in_file", file=name, why=f"> {limits.file_mb} MB")
    params = {
        "sizes": {name: len(content) for name, content in files.items()},
        "options": asdict(options or ImportOptions()),
        "crs": crs,
        "swap": swap,
        "layers": {name: layer for name, layer in (layers or {}).items() if layer},
    }
    made = _WORK.run(
        b"".join(files.values()),
        params,
        limits=limits,
        seconds=SECONDS,
        memory_mb=MEMORY_MB,
    )
    supply = len(made.network.supply_points)
    if supply > limits.supply_points:
        raise GeodataError("roads.supply_points", n=supply, limit=limits.supply_points)
    return made


def _upload(summary: dict[str, Any], parts: dict[str, bytes]) -> Upload:
    nodes, segments, places = (transport.read_features(parts[name]) for name in TABLES)
    quality = Quality(
        summary["figures"], places, tuple((key, more) for key, more in summary["notes"])
    )
    reports = {
        name: transport.read_report(counts, parts[name])
        for name, counts in summary["reports"].items()
    }
    network = Network(nodes, segments, title=summary["title"])
    return Upload(network, quality, reports, sum(len(parts[name]) for name in TABLES))


_WORK: Final = Task("geodata.roads.upload:work", _upload, "", gdal.environment, IMPORTING)


def work(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Body of the bounded process: read every layer, make the network, and write both down."""
    files = transport.unpack(data, params["sizes"])
    options = ImportOptions(**params["options"])
    frames: dict[str, gpd.GeoDataFrame] = {}
    reports: dict[str, dict[str, Any]] = {}
    remarks: dict[str, bytes] = {}
    for name, content in files.items():
        area = None
        if KINDS[name] == "towns" and "roads" in frames:
            area = around(frames["roads"], options.attach_limit_km)
        wish = {
            "limits": params["limits"],
            "layer": params["layers"].get(name),
            "kind": KINDS[name],
            "area": area,
            "crs": params["crs"],
            "swap": params["swap"],
            "keep_outside": True,
            "name_column": None,
        }
        answer, stream = parse(content, wish)
        parts = transport.unpack(stream, answer["sizes"])
        frames[name] = frame_of(parts["features"])
        reports[name], remarks[name] = answer["report"], parts["problems"]
    imported = import_roads(
        frames["roads"],
        frames["towns"],
        supply=frames.get("supply"),
        boundary=frames.get("boundary"),
        options=options,
    )
    tables = (imported.network.nodes, imported.network.segments, imported.quality.places)
    written = dict(zip(TABLES, map(transport.written_features, tables), strict=True))
    summary = {
        "figures": {key: float(value) for key, value in imported.quality.figures.items()},
        "notes": [[key, dict(more)] for key, more in imported.quality.notes],
        "reports": reports,
        "title": imported.network.title,
    }
    return transport.pack(summary, written | remarks)
