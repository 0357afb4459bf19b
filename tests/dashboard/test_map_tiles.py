"""Tiles of a large network: every segment once, named by their content, served from disk."""

import gzip
import hashlib
import json
import re
import shutil

import numpy as np
import pytest
import shapely
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.api import questions
from dashboard.map import assets, tile_files, tiles
from dashboard.map.geometry import SCALE, flat
from geodata.errors import GeodataError
from geodata.network.files import read_network, write_network
from geodata.sharing.publication import Sensitivity
from tests.conftest import make_network


@pytest.fixture
def levels(monkeypatch):
    """Three levels of which the first two are short, as if the network were a country's."""
    chosen = (tiles.Level(0, 2, 1), tiles.Level(6, 5, 3), tiles.Level(8, 7, None))
    monkeypatch.setattr(tiles, "LEVELS", chosen)
    return chosen


@pytest.fixture
def folder(corridor, tmp_path):
    write_network(corridor, tmp_path / "network")
    return tmp_path / "network"


def read(made, name):
    data = gzip.decompress((made.folder / name).read_bytes())
    assert hashlib.sha256(data).hexdigest() == name
    return json.loads(data)


def rows_by_level(made):
    head = read(made, made.head)
    return head, [
        [row for *_, name in level["tiles"] for row in read(made, name)] for level in head["levels"]
    ]


def test_the_finest_level_holds_every_segment_once_and_the_others_the_more_important(
    levels, folder
):
    network = read_network(folder)
    made = tiles.tiles_of(network, folder)
    head, rows = rows_by_level(made)
    assert head["count"] == len(network.segment_ids)
    assert sorted(row[0] for row in rows[-1]) == list(range(head["count"]))
    assert [network.segment_ids[row[0]] for row in rows[-1]] == [row[1] for row in rows[-1]]
    numbers = [{row[0] for row in part} for part in rows]
    assert numbers[0] < numbers[1] < numbers[2]
    assert [len(part) for part in rows] == [1, 3, head["count"]]
    places = [node[0] for node in head["nodes"]]
    assert places == list(made.roads.place_ids)
    for row in rows[-1]:
        ends = (network.segments["from_node"][row[0]], network.segments["to_node"][row[0]])
        assert tuple(places[end] if end >= 0 else "" for end in row[2:4]) == tuple(
            end if end in places else "" for end in ends
        )
        assert row[-1][:2] == flat(network.segments.geometry[row[0]])[:2]


def test_each_tile_names_the_box_in_which_its_segments_lie(levels, folder):
    made = tiles.tiles_of(read_network(folder), folder)
    for level in read(made, made.head)["levels"]:
        for west, north, east, south, name in level["tiles"]:
            for row in read(made, name):
                lon, lat = np.cumsum(np.array(row[-1]).reshape(-1, 2), axis=0).T / SCALE
                x, y = tiles._world(lon, lat)
                near = 1e-6
                assert west - near <= x.min() <= x.max() <= east + near
                assert north - near <= y.min() <= y.max() <= south + near


def test_routes_of_supply_come_before_other_roads_of_their_length():
    """A port, a town, and a longer road that leads nowhere.

    ::

        PORT --1-- t --9-- x
    """
    network = make_network(
        [("PORT", "t", 1), ("t", "x", 9)], supply=["PORT"], kinds={"x": "junction"}
    )
    first = tiles._by_importance(network)[0]
    assert set(network.segments.loc[first, ["from_node", "to_node"]]) == {"PORT", "t"}


def test_tiles_are_made_once_and_again_when_the_network_changes(folder, monkeypatch):
    made = tiles.tiles_of(read_network(folder), folder)
    with monkeypatch.context() as patched:
        patched.setattr(tiles, "_write", None)
        assert tiles.tiles_of(read_network(folder), folder).head == made.head
    path = folder / "segments.geojson"
    path.write_text(path.read_text().replace('"length_km": 100', '"length_km": 101'))
    other = tiles.tiles_of(read_network(folder), folder)
    assert (other.folder, other.head) != (made.folder, made.head)


def test_tiles_of_earlier_versions_go_unless_a_server_uses_them_and_nothing_else_goes(folder):
    root = folder / tiles.FOLDER
    first = tiles.tiles_of(read_network(folder), folder)
    second = _changed(folder, "101")
    assert {first.folder.name, second.folder.name} == {path.name for path in root.iterdir()}
    first.lock.close()
    strange = root / ("f" * 64)
    strange.mkdir()
    (strange / "head").write_text("x")
    (strange / "notes.txt").write_text("a visitor's own")
    (root / "readme").write_text("mine")
    unfinished = root / ("0" * 64)
    unfinished.mkdir()
    third = _changed(folder, "102")
    left = {path.name for path in root.iterdir()}
    assert left == {
        second.folder.name,
        third.folder.name,
        strange.name,
        unfinished.name,
        "readme",
    }
    assert read(second, second.head)["count"]
    assert (strange / "notes.txt").is_file()
    second.lock.close()
    again = tiles.tiles_of(read_network(folder), folder)
    assert again.folder == third.folder
    assert not second.folder.exists()


def _changed(folder, km):
    """Tiles of the network with another length of its longest corridor."""
    path = folder / "segments.geojson"
    path.write_text(re.sub(r'"length_km": 10\d', f'"length_km": {km}', path.read_text()))
    return tiles.tiles_of(read_network(folder), folder)


def test_a_network_that_cannot_be_written_beside_gets_a_folder_elsewhere(folder):
    (folder / tiles.FOLDER).write_text("in the way")
    made = tiles.tiles_of(read_network(folder), folder)
    try:
        assert folder not in made.folder.parents
        assert read(made, made.head)["count"]
    finally:
        shutil.rmtree(made.folder.parent)


def test_a_tile_is_sent_under_its_hash_and_nothing_else_is(folder, monkeypatch):
    monkeypatch.setattr(tiles, "LEAST", 0)
    network = read_network(folder)
    assert assets.lines_of(network, network.segment_ids) == []
    assets.use_tiles(network, folder)
    client = TestClient(Starlette(routes=tile_files.routes()))
    address = assets.geometry_url(network).removeprefix(assets.APP_ROOT)
    sent = client.get(address)
    name = address.removesuffix(".json").rpartition("/")[2]
    assert hashlib.sha256(sent.content).hexdigest() == name
    assert sent.headers["content-encoding"] == "gzip"
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert plain.content == sent.content
    assert "content-encoding" not in plain.headers
    for other in ("head", "0" * 64, "..%2Fnodes", f"{name}%00"):
        assert client.get(f"/tiles/{other}.json").status_code == 404
    drawn = assets.lines_of(network, [network.segment_ids[2], network.segment_ids[0]])
    assert [row[1] for row in drawn] == [network.segment_ids[0], network.segment_ids[2]]
    assert drawn[0][-1] == flat(network.segments.geometry[0])
    assert assets.node_ids_of(network) == tuple(
        node for node in network.node_ids if network.labels[node] or node in network.towns
    )


def test_lines_of_segments_without_length_do_not_break_a_tile(tmp_path):
    network = make_network([("PORT", "t", 1), ("t", "x", 0)], supply=["PORT"])
    lines = network.segments.geometry.to_numpy().copy()
    lines[0] = shapely.LineString([(1, 1), (1, 1)])
    network = type(network)(network.nodes, network.segments.set_geometry(lines, crs=4326))
    write_network(network, tmp_path)
    made = tiles.tiles_of(network, tmp_path)
    _, rows = rows_by_level(made)
    assert sorted(row[0] for row in rows[-1]) == [0, 1]


def test_the_light_version_refuses_a_network_drawn_from_tiles(monkeypatch):
    monkeypatch.setattr(tiles, "LEAST", 100)
    with pytest.raises(GeodataError, match="light version"):
        questions.light_page(questions.question("", level=Sensitivity.FULL, address=""))
