"""The situation for map programs and phones: GeoPackage, GeoJSON and KML."""

import datetime as dt
import errno
import html
import json
import os
import re
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as Xml

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from geodata import schema as f
from geodata.events.summaries import place, summary
from geodata.export import frames, style
from geodata.export.brief import brief
from geodata.export.names import node_name, town_state
from geodata.sanitize import printable
from geodata.sharing.publication import Publication
from geodata.values import plain_cell

DECIMALS: Final = 6
LAYERS: Final = {"towns": frames.towns, "segments": frames.segments, "events": frames.events}
KML: Final = "http://www.opengis.net/kml/2.2"
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gpkg(release: Publication) -> bytes:
    """Write layers ``towns``, ``segments``, ``events`` and the table ``about`` as a GeoPackage.

    Returns
    -------
    bytes
        The same for the same release and versions of the libraries: the time of writing that
        the format asks for is the release's day.
    """
    with tempfile.TemporaryDirectory(prefix="supply-routes-") as folder:
        path = Path(folder) / "data.gpkg"
        try:
            _write_layers(release, path)
        except (DataSourceError, DataLayerError, FeatureError, sqlite3.Error) as error:
            # GDAL and SQLite say in many ways that there is no room.
            raise OSError(errno.EIO, os.strerror(errno.EIO)) from error
        return path.read_bytes()


def _write_layers(release: Publication, path: Path) -> None:
    for name, layer in LAYERS.items():
        kind = "LineString" if name == "segments" else "Point"
        table = _lines(layer(release)) if name == "segments" else layer(release)
        pyogrio.write_dataframe(
            _texts(table), path, layer=name, driver="GPKG", geometry_type=kind, append=path.exists()
        )
    pyogrio.write_dataframe(frames.about(release), path, layer="about", driver="GPKG", append=True)
    _date(path, f"{release.made:%Y-%m-%d}T00:00:00.000Z")


def geojson(release: Publication, *, layer: str = "") -> bytes:
    """Write a layer, or all in one collection where each feature names its layer.

    Parameters
    ----------
    release : Release
    layer : {'', 'towns', 'segments', 'events'}
    """
    chosen = [layer] if layer in LAYERS else list(LAYERS)
    features = [
        {"type": "Feature", "properties": {"layer": name, **properties}, "geometry": geometry}
        for name in chosen
        for properties, geometry in _features(LAYERS[name](release))
    ]
    about = frames.about(release).groupby("key", sort=False)["value"].agg(list)
    collection = {
        "type": "FeatureCollection",
        "about": {key: values if len(values) > 1 else values[0] for key, values in about.items()},
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (text + "\n").encode(errors="replace")


def kml(release: Publication) -> bytes:
    """Write towns, roads and events as KML 2.2, coloured by state, for phones.

    Descriptions are escaped twice: viewers show them as HTML.
    """
    content = brief(release)
    Xml.register_namespace("", KML)
    root = Xml.Element(f"{{{KML}}}kml")
    document = _add(root, "Document")
    _add(document, "name", f"{content.title} – {content.subtitle}")
    _add(document, "description", _html(content.level, content.headline, *content.sources))
    for state, look in style.SEGMENT_STYLES.items():
        _style(document, f"segment_{state}", look.colour, look.width * 2)
    for town, symbol in style.TOWN_SYMBOLS.items():
        plain = symbol.fill == style.COLOURS["town"]
        _style(document, f"town_{town}", symbol.edge if plain else symbol.fill, 2)
    for group, symbol in style.EVENT_GROUPS.items():
        _style(document, f"event_{group}", symbol.fill, 2)
    makers = (("segments", _road), ("towns", _town), ("events", _event))
    for name, make in makers:
        folder = _add(document, "Folder")
        _add(folder, "name", release.say(f"export.table_{name}"))
        table = LAYERS[name](release)
        for _, row in table[table.geometry.notna()].iterrows():
            make(folder, row, release)
    Xml.indent(root, space=" ")
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _road(folder: Xml.Element, row: pd.Series, release: Publication) -> None:
    name = f"{node_name(release, row[f.FROM_NODE])} – {node_name(release, row[f.TO_NODE])}"
    state = release.say(f"core.segment_state.{row[f.STATE]}")
    lines = (
        state,
        row[frames.REASON_TEXT],
        f"{row[f.LENGTH_KM]:.0f} km",
        row[f.EVENT_IDS],
        *(row[column] for column in frames.NOTE),
    )
    mark = _placemark(folder, name, _html(*lines), f"segment_{row[f.STATE]}")
    many = _add(mark, "MultiGeometry")
    for part in shapely.get_parts(row.geometry):
        _add(_add(many, "LineString"), "coordinates", _places(part))


def _town(folder: Xml.Element, row: pd.Series, release: Publication) -> None:
    lines = [town_state(release, row)]
    if row[f.SUPPLY_POINT]:
        lines.append(f"{row[f.SUPPLY_POINT]}: {row[f.DISTANCE_KM]:.0f} km")
    mark = _placemark(folder, row[f.NAME], _html(*lines), f"town_{row[f.STATE]}")
    _add(_add(mark, "Point"), "coordinates", _places(row.geometry))


def _event(folder: Xml.Element, row: pd.Series, release: Publication) -> None:
    kind = release.say(f"export.event_type_{row[f.EVENT_TYPE]}")
    name = f"{release.day(dt.date.fromisoformat(row[f.DATE]))}, {kind}"
    group = style.event_group(str(row[f.EVENT_TYPE]))
    lines = (
        place(row, release.lang),
        summary(row, release.lang),
        row[f.SOURCE_NAME],
        row[f.CONFIDENCE],
    )
    mark = _placemark(folder, name, _html(*lines), f"event_{group}")
    _add(_add(mark, "Point"), "coordinates", _places(row.geometry))


def _placemark(folder: Xml.Element, name: object, words: str, look: str) -> Xml.Element:
    mark = _add(folder, "Placemark")
    _add(mark, "name", name)
    _add(mark, "description", words)
    _add(mark, "styleUrl", f"#{look}")
    return mark


def _style(document: Xml.Element, name: str, colour: str, width: float) -> None:
    look = _add(document, "Style")
    look.set("id", name)
    bgr = f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}"
    _add(_add(look, "IconStyle"), "color", bgr)
    line = _add(look, "LineStyle")
    _add(line, "color", bgr)
    _add(line, "width", f"{width:g}")


def _add(parent: Xml.Element, tag: str, text: object = None) -> Xml.Element:
    child = Xml.SubElement(parent, f"{{{KML}}}{tag}")
    if text is not None:
        child.text = _NOT_XML.sub(" ", printable(text))
    return child


def _html(*lines: object) -> str:
    return "<br/>".join(html.escape(printable(line)) for line in lines if str(line))


def _places(geometry: Any) -> str:
    points = shapely.get_coordinates(geometry).round(DECIMALS)
    return " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)


def _features(table: gpd.GeoDataFrame) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    plain = pd.DataFrame(table.drop(columns=f.GEOMETRY))
    rows = [
        {str(name): plain_cell(value) for name, value in row.items()}
        for row in plain.to_dict(orient="records")
    ]
    shapes = [
        None
        if shape is None
        else json.loads(
            shapely.to_geojson(shapely.set_precision(shape, 10.0**-DECIMALS, mode="pointwise"))
        )
        for shape in table.geometry
    ]
    return list(zip(rows, shapes, strict=True))


def _texts(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns of mixed objects as text, without NUL, which ends a text in SQLite's readers."""
    changed: dict[str, Any] = {
        str(name): [
            None if value is None or pd.isna(value) else str(value).replace("\0", "")
            for value in table[name]
        ]
        for name in table.columns
        if name != f.GEOMETRY and not pd.api.types.is_numeric_dtype(table[name])
    }
    return table.assign(**changed)


def _lines(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the segments drawn in several parts as one line each, so that a row stays a row."""
    merged = shapely.line_merge(table.geometry.to_numpy())
    whole = shapely.get_type_id(merged) == shapely.GeometryType.LINESTRING
    joined = [
        line if ok else shapely.LineString(shapely.get_coordinates(line))
        for line, ok in zip(merged, whole, strict=True)
    ]
    return table.set_geometry(gpd.GeoSeries(joined, index=table.index, crs=f.CRS))


def _date(path: Path, stamp: str) -> None:
    """Set the time of writing to the day of the release."""
    with sqlite3.connect(path) as base:
        base.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
    base.close()
