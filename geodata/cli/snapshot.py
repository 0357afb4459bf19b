"""The command ``snapshot``: a view as files."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from geodata.analysis.fuel import fuel
from geodata.analysis.situation import situation
from geodata.cli.desk_options import desk_code
from geodata.cli.events import add_events_options, with_events
from geodata.dataset import load
from geodata.errors import GeodataError
from geodata.export.view import export_view
from geodata.i18n import LANGUAGES
from geodata.sharing import permalink as links
from geodata.sharing.fingerprints import fingerprint, known
from geodata.sharing.publication import Publication, Sensitivity


def main(argv: Sequence[str]) -> int:
    """Run ``python -m geodata snapshot``.

    Returns
    -------
    int
        0 if every file was written; remarks on the state go to standard error.
    """
    options = _parser().parse_args(list(argv))
    options.desk, options.proposed = _desk_asked(options)
    dataset = with_events(load(options.network), options)
    here = known(dataset, data=fingerprint(dataset))
    state, notices = links.parse(options.state, known=here)
    lang = options.lang or state.lang or "en"
    for notice in notices:
        print(notice.text(lang), file=sys.stderr)
    state = replace(state, desk=desk_code(options), data=here.data)
    if options.network:
        state = replace(state, network=dataset.network.title)
    release = Publication(
        situation(dataset, state.scenario),
        state,
        options.made,
        lang,
        options.level,
        options.address,
        fuel=partial(fuel, dataset),
    )
    for path in options.output:
        try:
            content = export_view(release, path.name, hxl=options.hxl)
        except OSError as error:  # a workbook and a GeoPackage are made in the temporary folder
            raise _not_written(path, error) from error
        write_whole(path, content)
        print(f"{path}: {len(content):,} bytes")
    return 0


def _desk_asked(options: argparse.Namespace) -> tuple[str | None, bool]:
    """Version of the desk and whether proposed events count: the options', else the link's."""
    wants_desk = options.desk is not None
    code = desk_code(options) if wants_desk else links.parse(options.state)[0].desk
    return (code.removesuffix("p"), code.endswith("p")) if code else (None, False)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    GeodataError
        ``export.not_written``, naming the file.
    """
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> GeodataError:
    fault = error.strerror or type(error).__name__
    return GeodataError("export.not_written", file=str(path), fault=fault)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata snapshot")
    parser.add_argument(
        "--state",
        default="",
        metavar="QUERYSTRING",
        help="the part of a link after '?', or the whole link",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        type=Path,
        required=True,
        metavar="FILE",
        help="file to write; may be given several times: "
        "brief.pdf map.png view.html data.gpkg data.geojson view.kml "
        "towns.xlsx towns.csv tables.zip snapshot.json",
    )
    parser.add_argument(
        "--level",
        type=Sensitivity,
        choices=list(Sensitivity),
        default=Sensitivity.FULL,
        help="sensitivity level",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language, if not the link's")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument(
        "--made",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        default=dt.datetime.now(dt.UTC).date(),
        help="day of creation; the same day gives the same bytes",
    )
    parser.add_argument("--address", default="", metavar="URL", help="address of the app")
    parser.add_argument("--hxl", action="store_true", help="add a row of HXL tags to tables")
    add_events_options(parser)
    return parser
