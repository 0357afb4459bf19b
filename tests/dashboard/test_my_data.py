"""The page My data with files in its boxes, run without a browser."""

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, Point
from streamlit.testing.v1 import AppTest

from dashboard.runtime.footprint import footprint
from dashboard.session import datasets, own_facilities
from dashboard.session.own_facilities import OwnFacilities
from dashboard.views import own_fuel
from geodata.analysis.facilities import facility_access
from geodata.analysis.fuel_own import usable_own
from geodata.conditions import Conditions
from geodata.dataset import OwnFuel
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.network.model import Network
from geodata.scenario import Scenario
from tests.dashboard.test_app import APP, piece, texts
from tests.readers.test_services_hapi import published


def my_data(lang: str = "en") -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.query_params["tab"] = "own"
    page.query_params["lang"] = lang
    return page.run()


def test_monthly_counts_go_to_a_chart_and_a_list_and_close_nothing() -> None:
    page = my_data()
    box = page.file_uploader(key="own_events_file")
    box.upload("hdx_hapi_conflict_event_mli.csv", published(), "text/csv").run()
    assert not page.exception
    assert not page.error
    (table,) = [each.value for each in page.dataframe if "event_class" in each.value]
    assert table["events"].tolist() == [2, 3, 12]
    assert [each for each in texts(page) if text("connect_tab.chart", "en") in each]
    assert "closes no road" in page.info[-1].value
    assert "7, 8" in page.warning[-1].value
    assert "own_use" not in [button.key for button in page.button]


def test_the_boxes_hold_the_layers_and_columns_of_the_file(tmp_path: Path) -> None:
    """::

    main:   D ---- trunk ---- A ---- track ---- B
    paths:  lines that no vehicle can use
    """
    roads = tmp_path / "roads.gpkg"
    lines = [LineString([(0, 0), (1, 0)]), LineString([(1, 0), (2, 0)])]
    paths = gpd.GeoDataFrame({"sentier": ["a", "b", "c"]}, geometry=[*lines, lines[0]], crs=4326)
    main = gpd.GeoDataFrame(
        {"catégorie": ["trunk", "track"], "largeur": [7, 3]}, geometry=lines, crs=4326
    )
    pyogrio.write_dataframe(paths, roads, driver="GPKG", layer="paths")
    pyogrio.write_dataframe(main, roads, driver="GPKG", layer="main", append=True)
    towns = gpd.GeoDataFrame(
        {
            "libellé": ["D", "A", "B"],
            "dépôt central": ["yes", "", ""],
            "code": ["ML01", "ML01", ""],
        },
        geometry=[Point(0, 0), Point(1, 0), Point(2, 0)],
        crs=4326,
    )
    page = my_data("fr")
    page.file_uploader(key="own_layer_roads").upload("roads.gpkg", roads.read_bytes(), "")
    box = page.file_uploader(key="own_layer_towns")
    box.upload("towns.geojson", towns.to_json(drop_id=True).encode(), "").run()
    assert not page.exception
    (which,) = [each for each in page.selectbox if str(each.key).startswith("own_which_roads")]
    assert which.options == ["main", "paths"]
    assert which.value == "paths"
    assert options(page, "roads_road_class") == ["", "sentier"]
    which.select("main").run()
    assert options(page, "roads_surface") == ["", "catégorie", "largeur"]
    assert options(page, "towns_name") == ["", "libellé", "dépôt central", "code"]
    field(page, "roads_road_class").select("catégorie")
    field(page, "towns_name").select("libellé")
    field(page, "towns_supply_point").select("dépôt central")
    page.run()
    page.button(key="own_import").click().run()
    assert not page.exception
    assert not page.error
    made = page.session_state["own_imported"].network
    assert sorted(made.segments["road_class"]) == ["track", "trunk"]
    assert set(made.nodes["name"]) == {"D", "A", "B"}
    assert [*made.supply_points] == ["d"]


def own_network(page: AppTest, *, east: float = 0.0) -> None:
    """Give the page the roads and towns of a small network, and have it build the network.

    ::

        D ---- A        far away: B, on no road
    """
    line = gpd.GeoDataFrame({"highway": ["trunk"]}, geometry=[LineString([(-5, 13), (-4, 13)])])
    towns = gpd.GeoDataFrame(
        {"name": ["D", "A", "B"], "supply_point": ["yes", "", ""]},
        geometry=[Point(-5, 13), Point(-4, 13), Point(-4, 15)],
    )
    for key, layer in (("roads", line), ("towns", towns)):
        layer.geometry = layer.translate(xoff=east)
        box = page.file_uploader(key=f"own_layer_{key}")
        box.upload(f"{key}.geojson", layer.set_crs(4326).to_json(drop_id=True).encode(), "")
    page.run()
    page.button(key="own_import").click().run()
    assert not page.exception
    assert not page.error


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def test_a_network_in_use_says_so_and_can_be_removed() -> None:
    page = my_data("fr")
    page.query_params["date"] = "2025-11-05"
    page.run()
    own_network(page)
    (report,) = [each for each in page.expander if each.label == text("own.import_report", "fr")]
    assert report.proto.expanded
    page.button(key="own_use_network").click().run()
    assert not page.exception
    # Nothing offers what is done already; the day stays, since events are known here.
    assert "own_use_network" not in keys(page)
    assert "own_use_network_map" in keys(page)
    (report,) = [each for each in page.expander if each.label == text("own.import_report", "fr")]
    assert not report.proto.expanded
    shown = page.selectbox(key="choose_network")
    assert shown.options == [text("own.shipped_network", "fr"), text("own.unnamed_network", "fr")]
    assert page.query_params["date"] == "2025-11-05"
    page.button(key="own_remove_network").click().run()
    assert not page.exception
    assert "network" not in page.query_params
    page.button(key="undo").click().run()
    assert not page.exception
    assert "network" not in page.query_params
    page.button(key="own_use_network").click().run()
    assert page.query_params["network"] == "own"
    # Of other files nothing is built yet: the former report does not stand beside them.
    page.file_uploader(key="own_layer_towns").upload("t.geojson", b"{}", "").run()
    assert keys(page).isdisjoint({"own_use_network", "own_use_network_map"})
    # These towns are in no region: nothing is offered by region, and no heading stands empty.
    for tab in ("towns", "time", "situation"):
        page.query_params["tab"] = tab
        page.run()
        assert not page.exception
        assert "choose_region" not in {each.key for each in page.multiselect}
        assert not [each for each in texts(page) if "<h4></h4>" in each]
    assert "door_own" not in keys(page)
    assert any(text("page.people_given", "fr") in each for each in texts(page))


def test_a_network_where_no_event_is_known_says_so_and_speaks_of_no_other_country() -> None:
    page = my_data()
    own_network(page, east=40.0)
    page.button(key="own_use_network").click().run()
    page.query_params["tab"] = "situation"
    page.run()
    assert not page.exception
    headline = piece(page, "sr-summary")
    assert text("headline.all_open", "en") in headline
    assert "published reports" not in headline
    assert "Mopti" not in page.text_input(key="find").placeholder
    page.query_params["tab"] = "method"
    page.run()
    assert text("method.how_5", "en") in " ".join(texts(page))
    assert text("method.how_6", "en") not in " ".join(texts(page))


def field(page: AppTest, name: str) -> object:
    (found,) = [each for each in page.selectbox if str(each.key).startswith(f"own_field_{name}_")]
    return found


def options(page: AppTest, name: str) -> list[str]:
    """Columns offered for a field; the first means: by its usual name."""
    return ["", *field(page, name).options[1:]]


def test_own_figures_of_fuel_replace_the_models_and_bad_rows_are_named() -> None:
    page = my_data("fr")
    table = (
        "Ville;Cuve;Consommation;Date;Litres livrés\n"
        "Ségou;500 000 000;1 000;;\n"
        "Atlantis;1;;;\n"
        "Mopti;;;2019-01-05;46 000\n"
    )
    page.file_uploader(key="own_fuel_file").upload("cuves.csv", table.encode(), "text/csv").run()
    assert not page.exception
    assert any("Atlantis" in each and "3" in each for each in texts(page))
    assert any("hors des jours du modèle" in each.value for each in page.warning)
    page.button(key="own_fuel_use").click().run()
    assert not page.exception
    assert "own_fuel_use" not in keys(page)
    (told,) = [each.value for each in page.success if "cuves" in each.value]
    assert "2 villes" in told
    page.query_params["tab"] = "share"
    page.run()
    assert any("vos propres chiffres de carburant" in each.value for each in page.info)
    page.query_params["tab"] = "situation"
    page.query_params["town"] = "segou"
    page.query_params["date"] = "2025-11-05"
    page.run()
    assert not page.exception
    (card,) = [each for each in texts(page) if text("own_fuel.mine", "fr") in each]
    assert "500\u202f000\u202f000" in card
    assert text("fuel_days.word.supplied", "fr") in card


def test_the_card_of_a_town_names_its_nearest_places_now_and_before() -> None:
    nodes = datasets.started_with().dataset.network.nodes.set_index("node_id")
    layer = gpd.GeoDataFrame(
        {"name": ["Gao hospital"], "kind": ["hospital"], "beds": [120]},
        geometry=[nodes.geometry["gao"]],
        crs=4326,
    )
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.session_state["facilities"] = OwnFacilities(layer, 10.0)
    page.query_params.update({"lang": "en", "town": "sevare", "cut": "gao--ansongo,hombori--gossi"})
    page.run()
    assert not page.exception
    (card,) = [each for each in texts(page) if text("facility.title", "en") in each]
    assert "Gao hospital" in card
    assert "of 120" in card


def many_kinds() -> gpd.GeoDataFrame:
    nodes = datasets.started_with().dataset.network.nodes
    return gpd.GeoDataFrame(
        {"name": "x", "kind": ["a", "b"]}, geometry=list(nodes.geometry[:2]), crs=4326
    )


def test_places_are_put_on_a_network_once_and_never_on_the_former_one() -> None:
    """The next network may come to lie where the former one lay in memory."""
    network = datasets.started_with().dataset.network
    copy = Network(network.nodes, network.segments.iloc[:5])
    mine = OwnFacilities(many_kinds(), 10.0)
    first = mine.on(network)
    mine.results[Conditions()] = facility_access(network, Conditions(), first)
    assert mine.on(network) is first
    assert mine.results
    assert mine.on(copy) is not first
    assert not mine.results
    del copy
    assert mine.on(network) is not first


def test_what_is_computed_of_places_is_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = datasets.started_with().dataset
    mine = OwnFacilities(many_kinds(), 10.0)
    monkeypatch.setattr(own_facilities, "layer", lambda: mine)
    held: dict[str, int] = {}
    monkeypatch.setattr(own_facilities.uploads, "hold", held.__setitem__)
    for day in range(1, own_facilities.KEPT + 3):
        assert own_facilities.access(dataset, Scenario(date=dt.date(2025, 11, day))) is not None
        (size,) = held.values()
        assert size >= sum(footprint(each) for each in mine.results.values()) / 2
    assert len(mine.results) <= own_facilities.KEPT
    monkeypatch.setattr(own_facilities.LEDGER, "server_mb", 0)
    full = Scenario(date=dt.date(2025, 10, 1))
    assert own_facilities.access(dataset, full) is None
    refused = own_facilities.refusal(dataset, full)
    assert refused is not None
    assert refused.key == "own.server_full"


def test_a_long_table_of_fuel_is_judged_once_and_not_at_every_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[int] = []

    def usable(network: Network, rows: pd.DataFrame) -> tuple[OwnFuel, tuple[GeodataError, ...]]:
        judged.append(len(rows))
        return usable_own(network, rows)

    monkeypatch.setattr(own_fuel, "usable_own", usable)
    page = my_data()
    table = "town;tank\n" + "Atlantis;1\n" * 30 + "Mopti;500\n"
    page.file_uploader(key="own_fuel_file").upload("t.csv", table.encode(), "text/csv").run()
    page.run()
    assert not page.exception
    assert judged == [31]
    (remarks,) = [each for each in texts(page) if each.count("Atlantis") > 1]
    assert remarks.count("Atlantis") == own_fuel.FAULTS_SHOWN
    assert "20" in remarks
