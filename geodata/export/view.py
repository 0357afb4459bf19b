"""Every product of a view by one door: what its file's name asks for.

``brief.pdf``, ``map.png``, ``view.html``, ``data.gpkg``, ``data.geojson``, ``view.kml``,
``towns.xlsx``, ``towns.csv`` (or ``segments``, ``events``, ``changes`` ...), ``tables.zip``,
``snapshot.json``.
"""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

from geodata.analysis.resolution import check_reported
from geodata.analysis.situation import situation
from geodata.cli.desk_options import desk_code
from geodata.cli.events import add_events_options, with_events
from geodata.dataset import load
from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES
from geodata.sharing import permalink as links
from geodata.sharing import snapshot
from geodata.sharing.fingerprints import fingerprint, known
from geodata.sharing.permalink import compared
from geodata.sharing.publication import Publication, Sensitivity

Maker = Callable[[Publication, str, bool], bytes]

MEDIA: Final = {
    "pdf": "application/pdf", "png": "image/png", "html": "text/html",
    "gpkg": "application/geopackage+sqlite3", "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv", "zip": "application/zip", "json": "application/json",
}  # fmt: skip
"""Media type of each product by the ending of its file's name."""


def export_view(
    release: Publication, name: str, *, hxl: bool = False, with_events: bool = False
) -> bytes:
    """Make one product.

    Parameters
    ----------
    release : Release
    name : str
        File name; its ending decides the format, and for CSV and GeoJSON its stem decides
        the table (``towns``, ``segments``, ``events`` ...).
    hxl : bool
        Whether tables carry a row of HXL tags.
    with_events : bool
        Whether a snapshot holds the user's tables.

    Raises
    ------
    GeodataError
        If the ending names no product, or the view is of a day after the last report.
    """
    state = release.situation.state
    for each in (state, compared(state)):
        if each is not None and not each.preset:
            check_reported(release.situation.dataset.events, each.date)
    path = PurePath(name)
    ending, stem = path.suffix.lower().lstrip("."), path.stem.lower()
    if ending == "json":
        return snapshot.write(release, with_events=with_events)
    if ending not in _MAKERS:
        raise GeodataError("export.unknown_product", name=path.name, known=", ".join(MEDIA))
    return _MAKERS[ending](release, stem, hxl)


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
    state = replace(state, desk=desk_code(options))
    if options.network:
        state = replace(state, network=dataset.network.title)
    release = Publication(
        situation(dataset, replace(state, data=here.data)),
        options.made,
        lang,
        options.level,
        options.address,
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
    asked = options.desk is not None
    code = desk_code(options) if asked else links.parse(options.state)[0].desk
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
        help="what to make; may be given several times: "
        "brief.pdf map.png view.html data.gpkg data.geojson view.kml "
        "towns.xlsx towns.csv tables.zip snapshot.json",
    )
    parser.add_argument(
        "--level", type=Sensitivity, choices=list(Sensitivity), default=Sensitivity.FULL
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language, if not the link's")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument(
        "--made",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        default=dt.datetime.now(dt.UTC).date(),
        help="day of making; the same day gives the same bytes",
    )
    parser.add_argument("--address", default="", metavar="URL", help="address of the app")
    parser.add_argument("--hxl", action="store_true", help="a row of HXL tags in tables")
    add_events_options(parser)
    return parser


def _pdf(release: Publication, stem: str, hxl: bool) -> bytes:  # noqa: ARG001
    from geodata.export.pdf import pdf

    return pdf(release)


def _png(release: Publication, stem: str, hxl: bool) -> bytes:  # noqa: ARG001
    from geodata.export.png import png

    return png(release)


def _html(release: Publication, stem: str, hxl: bool) -> bytes:  # noqa: ARG001
    from geodata.export.html.page import page

    return page(release)


def _layers(ending: str) -> Maker:
    def make(release: Publication, stem: str, hxl: bool) -> bytes:  # noqa: ARG001
        from geodata.export import geodata_formats

        if ending == "geojson":
            return geodata_formats.geojson(release, layer=stem)
        return geodata_formats.gpkg(release) if ending == "gpkg" else geodata_formats.kml(release)

    return make


def _tables(ending: str) -> Maker:
    def make(release: Publication, stem: str, hxl: bool) -> bytes:
        from geodata.export import spreadsheets

        if ending == "csv":
            return spreadsheets.csv_table(release, stem, hxl=hxl)
        whole = spreadsheets.xlsx if ending == "xlsx" else spreadsheets.csv_zip
        return whole(release, hxl=hxl)

    return make


_MAKERS: Final[dict[str, Maker]] = {
    "pdf": _pdf, "png": _png, "html": _html,
    **{ending: _layers(ending) for ending in ("gpkg", "geojson", "kml")},
    **{ending: _tables(ending) for ending in ("xlsx", "csv", "zip")},
}  # fmt: skip
