import json
import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.readers.events.head import read_head
from geodata.readers.limits import UPLOAD, Limits
from geodata.roads.options import ImportOptions
from geodata.roads.upload import import_uploads


def _collection(features: list[tuple[dict[str, object], str, object]]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": kind, "coordinates": coordinates},
                }
                for properties, kind, coordinates in features
            ],
        }
    ).encode()


@pytest.fixture
def files() -> dict[str, bytes]:
    """Three towns on a fork, the first a supply point.

    a --- x --- b
          |
          c
    """
    lines = [[[0, 0], [1, 0]], [[1, 0], [2, 0]], [[1, 0], [1, -1]]]
    roads = [({"highway": "primary"}, "LineString", line) for line in lines]
    towns = [
        ({"name": name, "supply_point": name == "a"}, "Point", at)
        for name, at in (("a", [0, 0]), ("b", [2, 0]), ("c", [1, -1]))
    ]
    return {"roads": _collection(roads), "towns": _collection(towns)}


def test_the_network_answers_as_any_other(files: dict[str, bytes]) -> None:
    made = import_uploads(files)
    network = made.network
    assert len(network.segment_ids) == 3
    assert len(network.supply_points) == 1
    nodes, segments = network.nodes.set_index(f.NAME), network.segments
    ends = (segments[f.FROM_NODE] == nodes.loc["b", f.NODE_ID]) | (
        segments[f.TO_NODE] == nodes.loc["b", f.NODE_ID]
    )
    (fork,) = segments.loc[ends, f.SEGMENT_ID]
    towns = access(network, Conditions(cut=frozenset({fork}))).towns.set_index(f.NAME)
    assert towns[f.ISOLATED].to_dict() == {"b": True, "c": False}


def test_what_was_read_and_found_is_reported(files: dict[str, bytes]) -> None:
    made = import_uploads(files)
    assert made.reports["roads"].read == made.reports["towns"].read == 3
    assert "3" in made.quality.to_text("fr")


def test_a_file_that_is_no_layer_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(GeodataError):
        import_uploads({**files, "roads": b"<html></html>"})


def test_a_file_past_the_limit_is_refused_before_it_is_read(files: dict[str, bytes]) -> None:
    with pytest.raises(GeodataError, match="roads"):
        import_uploads(files, limits=Limits(file_mb=0))


def test_the_header_is_given_as_the_file_writes_it() -> None:
    data = "sep=;\nDate de l’incident;Lat;Lon\n2025-01-01;1,5;2\n".encode("cp1252")
    assert read_head(data).columns == ("Date de l’incident", "Lat", "Lon")


def test_a_page_of_the_web_has_no_header() -> None:
    with pytest.raises(GeodataError):
        read_head(b"<html><table></table></html>")


def test_the_layer_and_the_columns_are_those_chosen(files: dict[str, bytes]) -> None:
    lines = gpd.GeoDataFrame(
        {"classe": ["track", "trunk"]},
        geometry=[shapely.LineString([(0, 0), (2, 0)]), shapely.LineString([(0, 0), (1, -1)])],
        crs=4326,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roads.gpkg"
        pyogrio.write_dataframe(lines, path, driver="GPKG", layer="all")
        pyogrio.write_dataframe(lines.tail(1), path, driver="GPKG", layer="main", append=True)
        roads = path.read_bytes()
    options = ImportOptions(mapping={"roads:classe": "road_class"})
    given = {**files, "roads": roads}
    made = import_uploads(given, options=options, layers={"roads": "main"})
    assert made.network.segments["road_class"].tolist() == ["trunk"]
    with pytest.raises(GeodataError, match="all"):
        import_uploads(given, layers={"roads": "none"})


def test_more_supply_points_than_routes_can_be_searched_from_are_refused(
    files: dict[str, bytes],
) -> None:
    few = replace(UPLOAD, supply_points=1)
    assert len(import_uploads(files, limits=few).network.supply_points) == 1
    more = files | {"supply": _collection([({"name": "b"}, "Point", [2, 0])])}
    with pytest.raises(GeodataError, match="2 supply points"):
        import_uploads(more, limits=few)
