"""Every product of a view by one door: what its file's name asks for.

``brief.pdf``, ``map.png``, ``view.html``, ``data.gpkg``, ``data.geojson``, ``view.kml``,
``towns.xlsx``, ``towns.csv`` (or ``segments``, ``events``, ``changes`` ...), ``tables.zip``,
``snapshot.json``.
"""

from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from geodata.analysis.resolution import check_reported
from geodata.errors import GeodataError
from geodata.sharing import snapshot
from geodata.sharing.permalink import compared
from geodata.sharing.publication import Publication

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
    """Write one product.

    Parameters
    ----------
    release : Publication
        The situation to publish, from `geodata.publish`.
    name : str
        File name; its ending decides the format, and for CSV and GeoJSON its stem decides
        the table (``towns``, ``segments``, ``events`` ...).
    hxl : bool
        Whether tables carry a row of HXL tags.
    with_events : bool
        Whether a snapshot holds the user's tables.

    Returns
    -------
    bytes
        Content of the file. The same publication gives the same bytes.

    Raises
    ------
    GeodataError
        If the ending names no product, or the view is of a day after the last report.
    """
    state = release.view
    for asked_state in (state, compared(state)):
        if asked_state is not None and not asked_state.preset:
            check_reported(release.situation.dataset.events, asked_state.date)
    path = PurePath(name)
    ending, stem = path.suffix.lower().lstrip("."), path.stem.lower()
    if ending == "json":
        return snapshot.write(release, with_events=with_events)
    if ending not in _MAKERS:
        raise GeodataError("export.unknown_product", name=path.name, known=", ".join(MEDIA))
    return _MAKERS[ending](release, stem, hxl)


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
        return spreadsheets.csv_zip(release, hxl=hxl)

    return make


def _workbook(release: Publication, stem: str, hxl: bool) -> bytes:  # noqa: ARG001
    from geodata.export.workbook import xlsx

    return xlsx(release, hxl=hxl)


_MAKERS: Final[dict[str, Maker]] = {
    "pdf": _pdf, "png": _png, "html": _html,
    **{ending: _layers(ending) for ending in ("gpkg", "geojson", "kml")},
    **{ending: _tables(ending) for ending in ("csv", "zip")}, "xlsx": _workbook,
}  # fmt: skip
