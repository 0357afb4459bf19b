"""Places of the user's own in products: sums by kind, towns with words, and no names in public."""

import datetime as dt
import io

import geopandas as gpd
import openpyxl
import pytest
from shapely.geometry import Point

from geodata.analysis.facilities import facilities, facility_access
from geodata.analysis.resolution import conditions
from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.export.brief import brief
from geodata.export.facilities import facility_table, facility_towns
from geodata.export.view import export_view
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Publication, Sensitivity


def published(mali: Dataset, level: Sensitivity, lang: str = "en") -> Publication:
    """A hospital of 120 beds in Gao, the only one, and the only road to Bourem and Kidal cut."""
    view = parse("vehicle=tanker&cut=gao--bourem")[0]
    nodes = mali.network.nodes.set_index("node_id")
    at: Point = nodes.geometry["gao"]
    layer = gpd.GeoDataFrame(
        {"name": ["Gao hospital"], "kind": ["hospital"], "beds": [120]}, geometry=[at], crs=4326
    )
    places = facilities(mali.network, layer)
    found = facility_access(mali.network, conditions(mali, view.scenario), places)
    made = dt.date(2026, 5, 1)
    return Publication(situation(mali, view.scenario), view, made, lang, level, facilities=found)


@pytest.mark.parametrize("level", Sensitivity)
def test_towns_that_lose_the_hospital_are_listed_and_named_only_in_full(
    mali: Dataset, level: Sensitivity
) -> None:
    release = published(mali, level)
    towns = facility_towns(release)
    assert towns is not None
    assert {"bourem"} <= set(towns.loc[towns["state"] == "isolated", "node_id"])
    assert ("baseline_facility" in towns) == (level == Sensitivity.FULL)
    assert ("Gao hospital" in towns.to_csv()) == (level == Sensitivity.FULL)
    table = facility_table(release)
    assert table is not None
    ((kind, lost, people, *_, reach),) = table.rows
    assert kind == "hospital"
    assert int(lost) == (towns["state"] == "isolated").sum()
    assert people != "0"
    now, before = (float(part) for part in reach.split(" / "))
    assert 0 < now < before <= 120


def test_the_brief_and_the_workbook_carry_them_and_go_without_where_there_are_none(
    mali: Dataset,
) -> None:
    release = published(mali, Sensitivity.PUBLIC, "fr")
    book = openpyxl.load_workbook(io.BytesIO(export_view(release, "t.xlsx")))
    head, *rows = book[release.say("workbook.sheet.facilities")].iter_rows(values_only=True)
    states = {row[head.index(release.say("workbook.column.state"))] for row in rows}
    assert release.say("facility.state_isolated") in states
    assert "facilities" in {table.key for table in brief(release).tables}
    without = Publication(release.situation, release.view, release.made)
    assert facility_towns(without) is None
    assert facility_table(without) is None
