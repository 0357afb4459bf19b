"""The command ``check-file``: what would become of a layer or a snapshot, row by row.

One door for every file of places: the app's panels call `check`, the command prints what it
says. Tables of events have their own door, ``check-events``, with the same report.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

from geodata._paths import DATA_FOLDER
from geodata.cli.output import add_report_options, print_report
from geodata.errors import GeodataError
from geodata.network.files import read_network
from geodata.readers import transport
from geodata.readers.layers import reader
from geodata.readers.limits import COMMAND_LINE, UPLOAD, Limits
from geodata.readers.report import Report, refusal
from geodata.readers.task import Task

KINDS: Final = ("auto", "roads", "towns", "boundary", "snapshot")
MARGIN_DEGREES: Final = 2.0
"""Places this far around the network still count as within its area."""

_NO_SNAPSHOT: Final = frozenset({"snapshot.not_json", "snapshot.not_a_snapshot"})

Box = tuple[float, float, float, float]


def check(
    source: bytes | Path,
    *,
    kind: str = "auto",
    area: Box | None = None,
    swap: bool = False,
    crs: str | None = None,
    layer: str | None = None,
    name_column: str | None = None,
    limits: Limits = UPLOAD,
) -> Report:
    """Return the report on a layer or a snapshot.

    Parameters
    ----------
    source : bytes or Path
        The content or the file.
    kind : str
        One of `KINDS`; ``auto`` goes by the content.
    area : tuple of float, optional
        West, south, east, north in degrees: where a layer should lie, as `network_area` gives.
    swap, crs, layer, name_column
        As for `vector_read.read_layer`.
    limits : Limits
        Beyond which the file is refused.

    Returns
    -------
    Report
        Refused where the file as a whole cannot be used; nothing is raised for a bad file.
    """
    if kind == "snapshot":
        return snapshot_report(source, limits=limits)
    try:
        return reader.read_layer(
            source,
            kind=cast(reader.Kind, kind),
            layer=layer,
            area=area,
            crs=crs,
            swap=swap,
            name_column=name_column,
            limits=limits,
        ).report
    except GeodataError as error:
        report = refusal(error)
    if kind == "auto" and report.problems[0].key == "layer.not_geojson":
        other = snapshot_report(source, limits=limits)
        if not other.refused or other.problems[0].key not in _NO_SNAPSHOT:
            return other
    return report


def network_area(folder: Path) -> Box:
    """Return west, south, east, north of a network's folder, with a margin around."""
    west, south, east, north = read_network(folder).nodes.total_bounds
    pad = MARGIN_DEGREES
    return (west - pad, south - pad, east + pad, north + pad)


def snapshot_report(source: bytes | Path, *, limits: Limits = UPLOAD) -> Report:
    """Return the report on a snapshot file, opened in a separate process."""
    try:
        return _CHECK_SNAPSHOT.run(reader.content(source, limits), limits=limits)
    except GeodataError as error:
        return refusal(error)


def parse_snapshot(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the body of the bounded process: a snapshot's bytes to the report on it."""
    from geodata.sharing import snapshot

    result = snapshot.check(data, limits=Limits(**params["limits"]))
    problems = {"problems": transport.problem_table(result)}
    return transport.pack({"report": transport.report_counts(result)}, problems)


def _answered(answer: dict[str, Any], parts: dict[str, bytes]) -> Report:
    return transport.read_report(answer["report"], parts["problems"])


_CHECK_SNAPSHOT: Final = Task(
    "geodata.cli.check_file:parse_snapshot", _answered, "snapshot.too_large"
)


def main(argv: Sequence[str]) -> int:
    """Return the report on one file.

    Returns
    -------
    int
        0 if every row is in use, 1 if some are not or there are none, 2 if the file as a whole
        is refused.
    """
    options = _parser().parse_args(list(argv))
    report = check(
        options.file,
        kind=options.kind,
        area=None if options.anywhere else network_area(options.network),
        swap="swap" in options.fix,
        crs=options.crs,
        layer=options.layer,
        name_column=options.name_column,
        limits=COMMAND_LINE,
    )
    return print_report(report, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m geodata check-file",
        description="Report on a layer (docs/formats.md lists what is read) or a snapshot.",
    )
    parser.add_argument("file", type=Path, help="layer or snapshot file")
    parser.add_argument("--kind", choices=KINDS, default="auto", help="what the file holds")
    add_report_options(parser)
    parser.add_argument("--layer", help="layer of a file that has several")
    parser.add_argument("--crs", help="such as EPSG:32630, where the file declares none")
    parser.add_argument(
        "--fix", action="append", default=[], choices=("swap",), help="swap latitude and longitude"
    )
    parser.add_argument("--name-column", help="column with the towns' names")
    parser.add_argument(
        "--network",
        type=Path,
        default=DATA_FOLDER / "network",
        metavar="DIR",
        help="network in whose area the file should lie, by default the shipped one",
    )
    parser.add_argument("--anywhere", action="store_true", help="accept a layer anywhere on Earth")
    return parser
