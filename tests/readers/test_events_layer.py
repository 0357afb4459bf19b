"""Events as the points of a GeoJSON or KML layer."""

import datetime as dt
import io
import json
import zipfile

import pytest

from geodata import schema as f
from geodata.readers.events.head import read_head
from geodata.readers.events.reader import read_events

POINT = {"type": "Point", "coordinates": [-12.19, 14.46]}
LINE = {"type": "LineString", "coordinates": [[-12, 14], [-11, 14]]}


def layer(*geometries: object) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"date": "2025-09-13", "type": "ambush", "killed": 3},
            "geometry": geometry,
        }
        for geometry in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_points_of_a_layer_are_events_and_other_shapes_are_rejected() -> None:
    events, report = read_events(layer(POINT, LINE, None), "a.geojson", today=dt.date(2026, 4, 30))
    assert [(events[f.LAT][0], events[f.LON][0])] == [(14.46, -12.19)]
    assert list(events[f.FATALITIES_HIGH]) == [3]
    assert (report.read, report.rejected) == (3, 2)


def test_the_columns_of_a_layer_are_suggested() -> None:
    head = read_head(layer(POINT))
    assert head.suggested["date"] == f.DATE
    assert head.suggested["lat"] == f.LAT


def test_json_that_is_no_layer_is_refused() -> None:
    _, report = read_events(b'{"a": 1}', "a.json", today=dt.date(2026, 4, 30))
    assert report.refused


PLACEMARK = """<Placemark><name>Kayes</name><description>A convoy was attacked.</description>
{time}<ExtendedData><Data name="type"><value>ambush</value></Data></ExtendedData>{shape}
</Placemark>"""
STAMP = "<TimeStamp><when>2025-09-13</when></TimeStamp>"
SPAN = "<TimeSpan><begin>2025-09-13</begin><end>2025-09-20</end></TimeSpan>"
DRAWN = "<Point><coordinates>-11.44,14.45,0</coordinates></Point>"
WAY = "<LineString><coordinates>-11,14 -10,14</coordinates></LineString>"


def placemarks(*marks: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> bytes:
    inside = "".join(marks)
    return (
        f'{prolog}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'
    ).encode()


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.kml", content)
    return file.getvalue()


@pytest.mark.parametrize("form", ["kml", "bare", "kmz"])
def test_placemarks_are_events_and_other_shapes_are_rejected(form: str) -> None:
    marks = [PLACEMARK.format(time=STAMP, shape=shape) for shape in (DRAWN, WAY, "")]
    data = placemarks(*marks, prolog="" if form == "bare" else "<?xml version='1.0'?>")
    if form == "kmz":
        data = packed(other=b"<kml/>", doc=data)
    events, report = read_events(data, "a.kml", today=dt.date(2026, 4, 30))
    assert [(events[f.LAT][0], events[f.LON][0])] == [(14.45, -11.44)]
    assert list(events[f.EVENT_TYPE]) == ["ambush"]
    assert list(events[f.SUMMARY]) == ["A convoy was attacked."]
    assert [str(day)[:10] for day in events[f.DATE]] == ["2025-09-13"]
    assert (report.read, report.rejected) == (3, 2)


def test_the_span_of_a_placemark_is_that_of_its_event() -> None:
    data = placemarks(PLACEMARK.format(time=SPAN, shape=DRAWN))
    events, _ = read_events(data, "a.kml", today=dt.date(2026, 4, 30))
    days = [str(events[name][0])[:10] for name in (f.DATE, f.END_DATE)]
    assert days == ["2025-09-13", "2025-09-20"]


@pytest.mark.parametrize(
    "data",
    [
        placemarks(), b"<kml>", b"<kml><Placemark></kml>", packed(doc=b"no xml"),
        placemarks(prolog='<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "b">]>'),
    ],
)  # fmt: skip
def test_kml_that_holds_no_placemark_or_is_damaged_is_refused(data: bytes) -> None:
    _, report = read_events(data, "a.kml", today=dt.date(2026, 4, 30))
    assert report.refused
