"""Events as the points of a GeoJSON layer."""

import datetime as dt
import json

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


def test_points_of_a_layer_are_events_and_other_shapes_are_set_aside() -> None:
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
