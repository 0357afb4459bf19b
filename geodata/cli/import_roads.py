"""The command ``import-roads``: files in, a network's folder and a report out."""

import argparse
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from geodata.cli.output import add_report_options
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.network.files import NetworkFormat, write_geojson, write_network
from geodata.network.findings import PLACES_FILE, WEIGHTS, Quality
from geodata.readers.layers.reader import Kind, Layer, read_layer
from geodata.readers.limits import COMMAND_LINE
from geodata.readers.report import Report
from geodata.roads.importer import Imported, around, import_roads
from geodata.roads.options import ImportOptions, mapping_of

REMOVED_FILE: Final = "removed.geojson"
QUALITY_FILE: Final = "quality.json"
BOTH: Final = "both"


def main(argv: Sequence[str]) -> int:
    """Import roads; 0 if a network was written, 2 if a file is refused."""
    options = _parser().parse_args(list(argv))
    choices = ImportOptions(
        mapping=mapping_of(options.map),
        node_crossings=options.node_crossings,
        snap_m=options.snap_m,
        attach_limit_km=options.attach_limit_km,
        keep_dead_ends=options.keep_dead_ends,
        keep_chains=options.keep_chains,
        stated_lengths=options.stated_lengths,
        title=options.title or options.roads.stem,
    )
    layers = _layers(options)
    imported = import_roads(
        layers["roads"].frame,
        layers["towns"].frame,
        supply=layers["supply"].frame if "supply" in layers else None,
        boundary=layers["boundary"].frame if "boundary" in layers else None,
        options=choices,
    )
    both = options.network_format == BOTH
    formats = tuple(NetworkFormat) if both else (NetworkFormat(options.network_format),)
    write_import(imported, options.output, formats=formats)
    reports = {name: layer.report for name, layer in layers.items()}
    print(_report_text(imported.quality, reports, options.format, options.lang))
    return 0


def write_import(
    imported: Imported,
    folder: Path,
    *,
    formats: Collection[NetworkFormat] = (NetworkFormat.GEOJSON,),
) -> None:
    """Write an imported network to a folder, its nodes and segments in ``formats``.

    Beside the files of `geodata.network.files.write_network` it holds ``removed.geojson`` (pieces
    of road left out, with the reason), ``quality.json`` (the report) and ``quality.geojson`` (its
    places for a map).
    """
    write_network(imported.network, folder, formats=formats)
    write_geojson(imported.removed, folder / REMOVED_FILE)
    (folder / QUALITY_FILE).write_text(imported.quality.to_json() + "\n", encoding="utf-8")
    places = imported.quality.places
    severity = places["problem"].map(WEIGHTS)
    findings = places.assign(severity=severity, message=imported.quality.messages())
    write_geojson(findings, folder / PLACES_FILE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m geodata import-roads",
        description="Make a network of roads and towns; docs/formats.md lists what is read.",
    )
    parser.add_argument("roads", type=Path, help="layer of roads (lines)")
    parser.add_argument("--towns", type=Path, required=True, help="layer of towns (points)")
    parser.add_argument("--supply", type=Path, help="layer of supply points (points)")
    parser.add_argument("--boundary", type=Path, help="polygons with regions or P-codes")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder to write the network to",
    )
    parser.add_argument(
        "--network-format",
        choices=(*NetworkFormat, BOTH),
        default=NetworkFormat.GEOJSON.value,
        help="write the network as GeoJSON, as GeoParquet, which loads several times faster, or as "
        "both (%(default)s)",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="take FIELD from COLUMN; towns:COLUMN=FIELD for one layer",
    )
    parser.add_argument("--layer", help="layer of the roads' file")
    parser.add_argument("--towns-layer", help="layer of the towns' file")
    parser.add_argument("--crs", help="such as EPSG:32630, where a file declares none")
    parser.add_argument(
        "--fix",
        action="append",
        default=[],
        choices=("swap", "swap-towns"),
        help="swap latitude and longitude in all layers, or in towns and supply points",
    )
    parser.add_argument(
        "--node-crossings",
        action="store_true",
        help="join roads that cross without a common vertex",
    )
    _add_tolerances(parser)
    parser.add_argument(
        "--keep-dead-ends", action="store_true", help="keep dead ends that serve no town"
    )
    parser.add_argument(
        "--keep-chains", action="store_true", help="keep nodes where only two segments meet"
    )
    parser.add_argument(
        "--stated-lengths",
        action="store_true",
        help="use the lengths that the source states, as for schematic lines",
    )
    parser.add_argument("--title", default="", help="title of the network")
    add_report_options(parser)
    return parser


def _add_tolerances(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--snap-m",
        type=float,
        default=ImportOptions.snap_m,
        metavar="M",
        help="largest gap closed between an end and a road (%(default)s m)",
    )
    parser.add_argument(
        "--attach-limit-km",
        type=float,
        default=ImportOptions.attach_limit_km,
        metavar="KM",
        help="largest distance from town to road (%(default)s km)",
    )


def _layers(options: argparse.Namespace) -> dict[str, Layer]:
    """Open the files; towns and supply points are looked for where the roads are."""
    swap = "swap" in options.fix
    layers = {"roads": _open(options.roads, "roads", options, layer=options.layer, swap=swap)}
    area = around(layers["roads"].frame, options.attach_limit_km)
    swap = swap or "swap-towns" in options.fix
    layers["towns"] = _open(
        options.towns, "towns", options, layer=options.towns_layer, swap=swap, area=area
    )
    if options.supply:
        layers["supply"] = _open(options.supply, "towns", options, swap=swap, area=area)
    if options.boundary:
        layers["boundary"] = _open(
            options.boundary, "boundary", options, swap="swap" in options.fix
        )
    return layers


def _open(
    path: Path,
    kind: Kind,
    options: argparse.Namespace,
    *,
    layer: str | None = None,
    swap: bool = False,
    area: tuple[float, float, float, float] | None = None,
) -> Layer:
    try:
        return read_layer(
            path,
            kind=kind,
            layer=layer,
            crs=options.crs,
            swap=swap,
            area=area,
            keep_outside=True,
            limits=COMMAND_LINE,
        )
    except GeodataError as error:
        raise GeodataError("roads.in_file", file=path.name, why=str(error)) from error


def _report_text(quality: Quality, reports: dict[str, Report], form: str, lang: str) -> str:
    if form == "json":
        files = {name: report.as_dict(lang) for name, report in reports.items()}
        return json.dumps({"files": files, **quality.as_dict(lang)}, ensure_ascii=False, indent=1)
    lines = [
        text(
            "roads.file_report", lang, layer=text(f"roads.layer_{name}", lang), told=_short(r, lang)
        )
        for name, r in reports.items()
    ]
    return "\n".join([*lines, quality.to_text(lang)])


def _short(report: Report, lang: str) -> str:
    """Return the counts, and each different remark once."""
    messages = dict.fromkeys(problem.message(lang) for problem in report.problems)
    return " ".join([report.summary(lang), *list(messages)[:10]])
