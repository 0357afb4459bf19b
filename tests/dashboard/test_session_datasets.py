"""The shipped data: counts, validity, places, lengths, and the exceptions that are known."""

import itertools
import json
from collections import Counter

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from geodata.events.closures import closures
from geodata.network import provenance
from geodata.network.basemap import LAYER_NAMES, layers_around, read_layers

DATA = provenance.DATA_FOLDER
GEOD = Geod(ellps="WGS84")

# On the border, or drawn on its wrong side by Natural Earth at 1:10m: at most this far out.
OUTSIDE_KM = {
    "cinkasse": 0.6,
    "gogui": 0.4,
    "in-khalil": 2.1,
    "kidira": 0.8,
    "koro-frontiere": 1.4,
    "moussala-sn": 0.2,
    "tin-zaouatene": 2.3,
}
# Natural Earth draws the Kidal region too small.
OUTSIDE_REGION_KM = {"anefis": 6.0} | OUTSIDE_KM
# Both ends are points of places, not of the road.
SHORTER_THAN_DRAWN_KM = {"san--sienso": 0.2}


@pytest.fixture(scope="module")
def nodes() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "network" / "nodes.geojson").set_index("node_id", drop=False)


@pytest.fixture(scope="module")
def segments() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "network" / "segments.geojson").set_index("segment_id", drop=False)


@pytest.fixture(scope="module")
def layers() -> dict[str, gpd.GeoDataFrame]:
    return read_layers()


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return table("events.csv")


def km_outside(point: shapely.Point, area: shapely.Geometry) -> float:
    if area.covers(point):
        return 0.0
    nearest = shapely.shortest_line(point, area)
    return GEOD.geometry_length(nearest) / 1000


def test_the_network_has_every_node_and_segment(nodes, segments):
    assert len(nodes) == nodes.index.nunique() == 178
    assert len(segments) == segments.index.nunique() == 220
    malian = set(nodes.index[nodes.country == "MLI"])
    assert len(malian) == 115
    assert sum(segments.from_node.isin(malian) & segments.to_node.isin(malian)) == 140


def test_segments_run_between_their_nodes(nodes, segments):
    for end, position in (("from_node", 0), ("to_node", -1)):
        assert set(segments[end]) <= set(nodes.index)
        ends = [shapely.Point(line.coords[position]) for line in segments.geometry]
        assert ends == list(nodes.geometry[segments[end]])
    assert not any(segments.from_node == segments.to_node)


def test_there_is_one_folder_of_network_files():
    for name in ("nodes.geojson", "segments.geojson", "network.json"):
        assert list(DATA.rglob(name)) == [DATA / "network" / name]


def test_supply_points_are_the_ports_niamey_and_the_algerian_crossing(nodes):
    ports = {"dakar", "abidjan", "san-pedro", "conakry", "nouakchott", "lome", "tema", "cotonou"}
    assert set(nodes.index[nodes.kind == "port"]) == ports
    assert set(nodes.index[nodes.supply_point]) == ports | {"niamey", "bordj-badji-mokhtar"}
    assert not any(nodes.supply_point & (nodes.country == "MLI"))


def test_every_node_lies_in_its_country(nodes, layers):
    countries = layers["admin0"].set_index("country").geometry
    outside = {
        row.node_id: km_outside(row.geometry, countries[row.country])
        for row in nodes.itertuples()
        if not countries[row.country].covers(row.geometry)
    }
    assert set(outside) == set(OUTSIDE_KM)
    assert all(km <= OUTSIDE_KM[node] for node, km in outside.items()), outside


def test_every_malian_node_lies_in_its_region(nodes, layers):
    regions = layers["admin1"].set_index("admin1").geometry
    malian = nodes[nodes.country == "MLI"]
    assert set(malian.admin1) == set(regions.index)
    far = {
        row.node_id: km_outside(row.geometry, regions[row.admin1]) for row in malian.itertuples()
    }
    wrong = {node: km for node, km in far.items() if km > OUTSIDE_REGION_KM.get(node, 0.0)}
    assert wrong == {}


def test_regions_of_2023_are_twenty_names(nodes):
    assert nodes.admin1_2023[nodes.country == "MLI"].nunique() == 20
    assert set(nodes.admin1_2023[nodes.country != "MLI"]) == {""}


def test_no_road_is_shorter_than_its_drawn_line(segments):
    drawn = segments.geometry.map(lambda line: GEOD.geometry_length(line) / 1000)
    assert (drawn - segments.drawn_km).abs().max() <= 0.051
    short = (drawn - segments.length_km)[segments.length_km < drawn]
    assert set(short.index) == set(SHORTER_THAN_DRAWN_KM)
    assert all(km <= SHORTER_THAN_DRAWN_KM[segment] for segment, km in short.items())


def test_no_road_is_more_than_half_as_long_again_as_its_drawn_line(segments):
    assert (segments.length_km / segments.drawn_km).max() < 1.5


def test_roads_are_drawn_through_the_countries_they_join(nodes, segments, layers):
    countries = layers["admin0"].set_index("country").geometry
    for row in segments.itertuples():
        joined = {nodes.country[row.from_node], nodes.country[row.to_node]}
        for place in row.geometry.coords[1:-1]:
            point = shapely.Point(place)
            assert min(km_outside(point, countries[code]) for code in joined) < 2.5, row.segment_id


def test_drawn_roads_meet_at_nodes_only(segments):
    tree = segments.sindex
    for row in segments.itertuples():
        for other in segments.iloc[tree.query(row.geometry, predicate="crosses")].itertuples():
            shared = {row.from_node, row.to_node} & {other.from_node, other.to_node}
            assert shared, (row.segment_id, other.segment_id)


def test_closed_sets_of_values(nodes, segments):
    assert set(nodes.kind) == {"city", "town", "junction", "border_crossing", "port"}
    assert set(segments.tanker) == {"yes", "seasonal", "no"}
    assert set(segments.confidence) == {"high", "med", "low"}
    assert set(segments.length_basis) == {
        "published",
        "published_split",
        "osm_derived",
        "estimated",
    }
    estimated = segments[segments.length_basis == "estimated"]
    assert len(estimated) == 63


def test_sources_of_segments_are_in_the_list_of_sources(segments):
    codes = {code for source in segments.source if source for code in source.split(";")}
    assert codes <= set(table("network_sources.csv").code)


def test_an_unknown_population_is_never_zero(nodes, layers):
    for people in (nodes.population, layers["towns"].population):
        assert people.isna().any()
        assert (people.dropna() > 0).all()
    assert all(nodes.population_source[nodes.population.notna()] != "")
    assert all(nodes.population_source[nodes.population.isna()] == "")
    for file in ("network/nodes.geojson", "towns.geojson"):
        features = json.loads((DATA / file).read_text(encoding="utf-8"))["features"]
        assert all(
            feature["properties"]["population"] is None or feature["properties"]["population"] > 0
            for feature in features
        )


def test_bridges_are_read_from_the_crossing_notes(segments):
    bridges = segments.bridge_structure
    assert bridges["wabaria--gao"]
    assert bridges["bamako--bamako-rive-droite"]
    assert not bridges["macina--diafarabe"]
    assert not bridges["tenenkou--mopti"]
    assert not bridges["korioume--bambara-maounde"]


def test_shortest_routes_meet_the_published_distances():
    distances = table("published_distances.csv")
    off = distances.difference_percent.astype(float).abs() > 5
    assert len(distances) == 36
    assert (distances.exception[off].str.len() > 20).all()
    assert set(distances.exception[~off]) == {""}
    assert off.sum() == 6


def test_every_event_is_there_once_and_sourced(events):
    assert len(events) == events.event_id.nunique() == 217
    assert (events.source_name != "").all()
    assert set(events.applies_to) == {"all", "fuel", "escorted"}
    assert set(events.origin) == {"events.csv"}
    dates = pd.to_datetime(events.date)
    assert dates.min() == pd.Timestamp("2025-03-29")
    assert dates.max() == pd.Timestamp("2026-04-29")
    ended = events[events.end_date != ""]
    assert len(ended) == 21
    assert (pd.to_datetime(ended.end_date) >= pd.to_datetime(ended.date)).all()


def test_events_known_only_by_region_are_never_points(events):
    regional = events[events.location_precision == "region"]
    assert len(regional) == 98
    for column in ("lat", "lon", "precision_km", "node_id", "segment_ids"):
        assert set(regional[column]) == {""}
    assert (regional.region != "").all()
    assert (regional.region == "Mali").sum() == 30


def test_other_events_are_points_in_or_at_mali(events, layers):
    placed = events[events.location_precision != "region"]
    mali = layers["admin0"].set_index("country").geometry["MLI"]
    points = gpd.points_from_xy(placed.lon.astype(float), placed.lat.astype(float))
    assert max(km_outside(point, mali) for point in points) < 0.5
    assert (placed.precision_km.astype(float) > 0).all()
    assert (placed.place_basis != "").all()


def test_events_at_a_node_have_its_place(events, nodes):
    at_node = events[events.node_id != ""]
    assert len(at_node) == 70
    for row in at_node.itertuples():
        point = nodes.geometry[row.node_id]
        assert (float(row.lon), float(row.lat)) == pytest.approx((point.x, point.y), abs=6e-5)


def test_events_on_roads_name_segments_that_exist(events, segments):
    named = events.segment_ids[events.location_precision == "segment"]
    assert (named != "").all()
    assert {s for text in named for s in text.split("; ")} <= set(segments.index)
    by_id = events.set_index("event_id").segment_ids
    assert by_id["MLI-2025-0913-01"] == "didieni--kolokani"
    assert by_id["MLI-2026-0129-01"] == "diboli--ambidedi; ambidedi--kayes"
    assert by_id["MLI-2025-1106-01"].split("; ") == [
        "kolondieba--kadiana",
        "zantiebougou--kolondieba",
        "bougouni--zantiebougou",
    ]


def test_every_corridor_named_has_its_segments(events, segments):
    corridors = table("corridor_segments.csv")
    assert set(corridors.segment_id) <= set(segments.index)
    assert not corridors.duplicated(["corridor", "segment_id"]).any()
    assert set(events.corridor) - set(corridors.corridor) == {"all import corridors", "none"}
    assert set(table("phase_corridors.csv").corridor) <= set(corridors.corridor)


def test_the_segments_of_a_corridor_hang_together(segments):
    for _, rows in table("corridor_segments.csv").groupby("corridor"):
        ends = segments.loc[list(rows.segment_id), ["from_node", "to_node"]]
        assert nx.is_connected(nx.Graph(ends.to_numpy().tolist()))


def test_the_ivorian_road_has_three_branches():
    corridors = table("corridor_segments.csv")
    road = corridors[corridors.corridor == "Abidjan-Sikasso/Bougouni-Bamako"]
    branches = {name: set(rows.segment_id) for name, rows in road.groupby("branch")}
    assert {"zegoua--pogo", "sikasso--zegoua", "bamako--bamako-rive-droite"} <= branches["main"]
    assert {"kadiana--debete", "zantiebougou--kolondieba"} <= branches["kadiana"]
    assert {"garalo--manankoro", "bougouni--garalo"} <= branches["manankoro"]


def test_phases_and_their_corridors_agree():
    phases = table("phases.csv")
    assert len(phases) == 13
    rows = table("phase_corridors.csv").merge(phases, on="phase", suffixes=("", "_phase"))
    assert len(rows) == len(table("phase_corridors.csv"))
    assert (rows.start >= rows.start_phase).all()
    assert (rows.end == rows.end_phase).all()
    assert set(rows.state) == {"closed", "restricted", "escort_only"}


def test_reports_of_towns_fuel_name_nodes(nodes):
    statuses = table("town_status.csv")
    on_network = statuses[statuses.node_id != ""]
    assert set(on_network.node_id) <= set(nodes.index[nodes.country == "MLI"])
    assert set(statuses.town[statuses.node_id == ""]) == {"Oussoubidiagna"}
    assert Counter(statuses.status) == {
        "partial": 27,
        "shortage": 24,
        "available": 12,
        "no_fuel": 9,
        "cut_off": 6,
        "no_power": 3,
    }


@pytest.mark.parametrize("name", ["events.csv", "town_status.csv", "convoys.csv"])
def test_weeks_begin_on_monday_and_months_on_the_first(name):
    rows = table(name)
    dates = pd.to_datetime(rows.date)
    assert set(dates[rows.date_precision == "week"].dt.day_of_week) == {0}
    assert set(dates[rows.date_precision == "month"].dt.day) <= {1}


def test_phases_have_nioro_shut_to_february_and_the_west_in_use_until_the_stoppage():
    rows = table("phase_corridors.csv")
    nioro = rows[(rows.corridor == "Nouakchott-Nioro-Bamako") & (rows.state == "closed")]
    spans = sorted(zip(nioro.start, nioro.end, strict=True))
    assert (spans[0][0], spans[-1][1]) == ("2025-09-03", "2026-02-11")
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert (pd.Timestamp(start) - pd.Timestamp(end)).days == 1
    west = rows[(rows.corridor == "Dakar-Kayes-Bamako") & (rows.state == "closed")]
    winter = west[west.start > "2026"]
    assert list(zip(winter.start, winter.end, strict=True)) == [("2026-02-09", "2026-02-11")]


def test_an_announced_blockade_closes_nothing(mali):
    announced = mali.events[mali.events.event_id == "MLI-2026-0428-01"]
    found = closures(
        mali.network,
        announced,
        on=announced.date.iloc[0],
        corridor_segments=mali.corridor_segments,
    )
    assert len(announced) == 1
    assert found.empty


def test_no_convoy_is_counted_in_two_totals(events):
    convoys = table("convoys.csv")
    assert set(convoys.scope) == {"announced", "convoy", "national", "overlap"}
    national = convoys[convoys.scope == "national"]
    assert list(national.date) == [
        "2026-01-12",
        "2026-01-19",
        "2026-01-26",
        "2026-02-02",
        "2026-02-09",
        "2026-02-16",
    ]
    assert list(national.tankers_low.astype(int)) == [875, 753, 757, 843, 622, 519]
    assert (national.node_ids == "").all()
    litres = national[national.litres != ""]
    per_tanker = litres.litres.astype(float) / litres.tankers_low.astype(float)
    assert per_tanker.between(45_000, 47_000).all()
    assert set(convoys.event_id) <= set(events.event_id)


def test_mirror_addresses_are_gone(events):
    links = pd.concat([events.source_url, table("town_status.csv").source_url])
    hosts = {"mj.africarrieres.com", "docker.seneweb.com", "sport.walaw.press", "yop.l-frii.com"}
    assert not any(host in link for link in links for host in hosts)


def test_layers_are_valid_and_small(layers):
    assert tuple(layers) == LAYER_NAMES
    for name, layer in layers.items():
        assert layer.crs.to_epsg() == 4326
        assert layer.geometry.is_valid.all(), name
        assert not layer.geometry.is_empty.any(), name
    total = sum((DATA / f"{name}.geojson").stat().st_size for name in LAYER_NAMES)
    assert total < 600_000


def test_the_world_is_drawn_under_networks_from_elsewhere_only():
    kenya, mali = (33.9, -4.75, 41.9, 5.0), (-12.3, 10.1, 4.3, 25.0)
    assert len(layers_around(mali)["admin0"]) == 11
    layers = layers_around(kenya)
    assert {name for name, layer in layers.items() if len(layer)} == {"admin0"}
    world = layers["admin0"]
    assert world.geometry.is_valid.all()
    assert world.country.is_unique
    assert len(world) == 252
    nairobi, niamey = shapely.Point(36.82, -1.29), shapely.Point(2.11, 13.51)
    assert world[world.covers(nairobi)].name_fr.tolist() == ["Kenya"]
    assert world[world.covers(niamey)].country.tolist() == ["NER"]
    ours = read_layers()["admin0"].set_index("country").geometry
    coarse = world.set_index("country").geometry[ours.index]
    share = shapely.area(ours.symmetric_difference(coarse)) / shapely.area(ours)
    assert share.max() < 0.03
    assert (DATA / "world.geojson").stat().st_size < 800_000


def test_borders_are_one_coverage_and_mali_is_its_regions(layers):
    countries, regions = layers["admin0"], layers["admin1"]
    assert len(countries) == 11
    assert len(regions) == 9
    assert shapely.coverage_is_valid(list(countries.geometry))
    others = list(countries.geometry[countries.country != "MLI"])
    assert shapely.coverage_is_valid([*regions.geometry, *others])
    mali = countries.geometry[countries.country == "MLI"].iloc[0]
    assert shapely.coverage_union_all(list(regions.geometry)).equals(mali)


def test_labels_are_the_official_names(layers):
    regions = layers["admin1"].set_index("iso_3166_2")
    assert (regions.name_fr["ML-6"], regions.name_en["ML-6"]) == ("Tombouctou", "Timbuktu")
    assert (regions.name_fr["ML-3"], regions.name_en["ML-3"]) == ("Sikasso", "Sikasso")
    countries = layers["admin0"].set_index("country")
    assert countries.name_fr["CIV"] == countries.name_en["CIV"] == "Côte d'Ivoire"
    assert countries.name_fr["DZA"] == "Algérie"


def test_rivers_pass_their_towns(layers, nodes):
    rivers = layers["rivers"].set_index("name_fr").geometry
    at = {
        "Fleuve Niger": ["koulikoro", "segou", "gao", "bourem", "ansongo", "mopti", "niafunke"],
        "Fleuve Sénégal": ["kayes", "ambidedi"],
        "Bafing": ["bafoulabe", "mahina", "manantali"],
        "Bani": ["sofara", "djenne"],
    }
    for river, towns in at.items():
        for town in towns:
            line = shapely.shortest_line(nodes.geometry[town], rivers[river])
            assert GEOD.geometry_length(line) < 5_000, (river, town)


def test_the_railway_joins_dakar_to_bamako_and_says_it_is_out_of_service(layers, nodes):
    rail = layers["rail"].set_index("part")
    whole = shapely.line_merge(shapely.union_all(list(rail.geometry)))
    for town in ("dakar", "tambacounda", "kayes", "bamako"):
        assert GEOD.geometry_length(shapely.shortest_line(nodes.geometry[town], whole)) < 4_000
    assert 1_100 < GEOD.geometry_length(whole) / 1000 < 1_250
    assert rail.status["kidira-bamako"] == "out_of_service"
    assert (rail.source_url.str.startswith("http")).all()


def test_airports_are_in_mali_and_repaired(layers, nodes):
    airports, mali = layers["airports"], layers["admin0"].set_index("country").geometry["MLI"]
    assert len(airports) == 36
    assert "GACA" not in set(airports.icao)
    assert all(mali.covers(point) for point in airports.geometry)
    for icao, town in (("GASG", "segou"), ("GAKY", "kayes"), ("GAHB", "hombori"), ("GASN", "san")):
        point = airports.geometry[airports.icao == icao].iloc[0]
        line = shapely.shortest_line(point, nodes.geometry[town])
        assert GEOD.geometry_length(line) < 15_000, icao


def test_towns_lie_in_their_country_and_are_there_once(layers, nodes):
    towns = layers["towns"]
    countries = layers["admin0"].set_index("country").geometry
    known = set(OUTSIDE_KM)
    for row in towns.itertuples():
        assert row.node_id in known or countries[row.country].covers(row.geometry), row.name
    named = towns[towns.node_id != ""]
    assert named.node_id.is_unique
    assert set(named.node_id) <= set(nodes.index)
    assert towns.geonameid.dropna().is_unique
    malian_towns = nodes[(nodes.country == "MLI") & nodes.kind.isin(["city", "town"])]
    assert set(malian_towns.index) <= set(named.node_id)
    assert (towns.country == "MLI").sum() == 124
