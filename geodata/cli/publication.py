"""How commands make a publication: the options they share, and its files."""

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
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.export.drawn_roads import left_out
from geodata.export.view import export_view
from geodata.i18n import LANGUAGES
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import Publication, Sensitivity


def add_publication_options(
    parser: argparse.ArgumentParser, *, level: Sensitivity, made: str, example: str
) -> None:
    """Add the options of a view, of what is made of it, and of how much that may tell.

    Parameters
    ----------
    parser : ArgumentParser
    level : Sensitivity
        Level by default.
    made, example : str
        What the day of making decides; names of files to make.
    """
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
        help=f"file to write; may be given several times: {example}",
    )
    parser.add_argument(
        "--level",
        type=Sensitivity,
        choices=list(Sensitivity),
        default=level,
        help="sensitivity level",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language, if not the link's")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument("--address", default="", metavar="URL", help="address of the app")
    parser.add_argument(
        "--made",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        default=dt.datetime.now(dt.UTC).date(),
        help=f"day of creation; {made}",
    )


def publication(
    dataset: Dataset, state: ViewState, options: argparse.Namespace, *, changes_first: bool = False
) -> Publication:
    """Return what the options ask for of a view; its link names the desk's version."""
    shown = replace(state, desk=desk_code(options))
    return Publication(
        situation(dataset, shown.scenario),
        shown,
        options.made,
        options.lang or state.lang or "en",
        options.level,
        options.address,
        changes_first=changes_first,
        fuel=partial(fuel, dataset),
    )


def write_files(release: Publication, paths: Sequence[Path], *, hxl: bool = False) -> None:
    """Write each product and tell its size.

    Raises
    ------
    GeodataError
        ``export.not_written``, naming the file.
    """
    for path in paths:
        try:
            content = export_view(release, path.name, hxl=hxl)
        except OSError as error:  # a workbook and a GeoPackage are made in the temporary folder
            raise _not_written(path, error) from error
        write_whole(path, content)
        print(f"{path}: {len(content):,} bytes")
    for sentence in left_out(release):
        print(sentence, file=sys.stderr)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    GeodataError
        ``export.not_written``, naming the file.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> GeodataError:
    fault = error.strerror or type(error).__name__
    return GeodataError("export.not_written", file=str(path), fault=fault)
