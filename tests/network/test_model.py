import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from geodata.errors import GeodataError
from geodata.network.files import read_network, write_network
from geodata.network.model import Network
from tests.conftest import make_network


def test_a_folder_gives_the_same_network_back(mali, tmp_path):
    write_network(mali.network, tmp_path)
    again = read_network(tmp_path)
    assert again.fingerprint == mali.network.fingerprint
    assert again.towns == mali.network.towns
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.segments.drop(columns="geometry")),
        pd.DataFrame(mali.network.segments.drop(columns="geometry")),
    )
    first = (tmp_path / "segments.geojson").read_bytes()
    write_network(again, tmp_path)
    assert (tmp_path / "segments.geojson").read_bytes() == first


def test_the_shipped_network_is_what_it_says(mali):
    network = mali.network
    assert (len(network.node_ids), len(network.segment_ids)) == (178, 220)
    assert len(network.supply_points) == 10
    assert {"niamey", "bordj-badji-mokhtar"} <= set(network.supply_points)
    assert (network.nodes.country == "MLI").sum() == 115
    assert not (network.nodes.population == 0).any()


def test_other_networks_take_every_town_that_is_no_supply_point():
    network = make_network(
        [("PORT", "a", 1), ("a", "b", 1)], supply=["PORT", "b"], kinds={"PORT": "city", "a": "city"}
    )
    assert network.towns == ("a",)


def test_what_is_given_stays_as_it_was(corridor):
    nodes = corridor.nodes.sample(frac=1, random_state=1)
    before = nodes.copy()
    Network(nodes, corridor.segments)
    pd.testing.assert_frame_equal(nodes, before)


def test_parallel_segments_and_missing_lines_are_fine(corridor):
    twin = corridor.segments.assign(segment_id=corridor.segments.segment_id + "-2")
    twin = twin.set_geometry(gpd.GeoSeries([None] * len(twin), crs="EPSG:4326"))
    both = pd.concat([corridor.segments, twin], ignore_index=True)
    network = Network(corridor.nodes, both)
    assert len(network.segment_ids) == 2 * len(corridor.segment_ids)
    assert not network.segments.geometry.is_empty.any()


def change(table, column, value):
    column_values = table[column].astype(object).to_numpy().copy()
    column_values[0] = value
    return table.assign(**{column: column_values})


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("nodes", "node_id", "a", "duplicate"),
        ("nodes", "node_id", None, "empty or not text"),
        ("nodes", "node_id", 7, "empty or not text"),
        ("nodes", "population", "many", "population"),
        ("nodes", "population", -5, "population"),
        ("nodes", "supply_point", "perhaps", "neither true nor false"),
        ("segments", "from_node", "nowhere", "'nowhere'"),
        ("segments", "length_km", -1, "'-1'"),
        ("segments", "length_km", "far", "'far'"),
        ("segments", "length_km", np.inf, "length_km"),
        ("segments", "tanker", "maybe", "yes, seasonal or no"),
        ("segments", "segment_id", "d--e", "duplicate"),
    ],
)
def test_a_bad_row_is_named_with_its_remedy(corridor, table, column, value, message):
    tables = {"nodes": corridor.nodes, "segments": corridor.segments}
    tables[table] = change(tables[table], column, value)
    with pytest.raises(GeodataError, match=message):
        Network(tables["nodes"], tables["segments"])


def test_a_missing_column_and_a_wrong_crs_are_named(corridor):
    with pytest.raises(GeodataError, match="length_km"):
        Network(corridor.nodes, corridor.segments.drop(columns="length_km"))
    with pytest.raises(GeodataError, match="to_crs"):
        Network(corridor.nodes.to_crs(32630), corridor.segments)
    metres = corridor.nodes.set_geometry([Point(500000, 1400000)] * len(corridor.nodes), crs=4326)
    with pytest.raises(GeodataError, match="reproject"):
        Network(metres, corridor.segments)
    lines = corridor.nodes.set_geometry(
        [LineString([(0, 0), (1, 1)])] * len(corridor.nodes), crs=4326
    )
    with pytest.raises(GeodataError, match="not a point"):
        Network(lines, corridor.segments)


def test_a_damaged_folder_is_refused_by_file(corridor, tmp_path):
    write_network(corridor, tmp_path)
    (tmp_path / "segments.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(GeodataError, match=r"segments\.geojson"):
        read_network(tmp_path)
    (tmp_path / "segments.geojson").write_text(json.dumps({"type": "VRT"}), encoding="utf-8")
    with pytest.raises(GeodataError, match="feature collection"):
        read_network(tmp_path)
    (tmp_path / "nodes.geojson").unlink()
    with pytest.raises(GeodataError, match=r"nodes\.geojson is missing"):
        read_network(tmp_path)
