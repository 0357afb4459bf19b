"""Products carry the fuel estimate as a band, and plans only where they may rank."""

import datetime as dt
import io
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

import geodata as gd
from geodata import schema as f
from geodata.analysis.danger_routes import danger_routes
from geodata.analysis.fuel import Fuel, fuel
from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.export.brief import brief
from geodata.export.frames import towns
from geodata.export.fuel import COLUMNS
from geodata.export.html.map import drawing
from geodata.export.plans import danger_table
from geodata.export.view import export_view
from geodata.export.workbook import column_name, sheet_name
from geodata.i18n import LANGUAGES
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Publication, Sensitivity

MADE = dt.date(2026, 5, 1)


@pytest.fixture(scope="module")
def estimated(mali: Dataset) -> Fuel:
    """Fuel of the shipped data, by few members."""
    return fuel(mali, n_members=100)


def published(
    mali: Dataset, estimate: Fuel | None, level: Sensitivity, *, day: str = "2025-11-10"
) -> Publication:
    view = parse(f"date={day}&vehicle=tanker")[0]
    return Publication(situation(mali, view.scenario), view, MADE, "en", level, fuel=estimate)


@pytest.mark.parametrize("level", Sensitivity)
def test_tables_carry_both_ends_of_the_band_at_both_levels(
    mali: Dataset, estimated: Fuel, level: Sensitivity
) -> None:
    release = published(mali, estimated, level)
    table = towns(release).set_index(f.NODE_ID)
    told = estimated.on(dt.date(2025, 11, 10)).set_index(f.NODE_ID)
    assert set(COLUMNS) <= set(table)
    assert table.loc["mopti", "stock_high"] == told.loc["mopti", "stock_high"]
    book = openpyxl.load_workbook(io.BytesIO(export_view(release, "tables.xlsx")))
    header = [cell.value for cell in book["Towns"][1]]
    assert {column_name(release, "towns", name) for name in COLUMNS} <= set(header)
    shown = next(each for each in brief(release).tables if each.key == "fuel")
    assert shown.rows
    assert all("between" in row[2] or row[2] == "unknown" for row in shown.rows)


def test_fuel_is_computed_once_and_only_for_products_that_show_it(
    mali: Dataset, estimated: Fuel
) -> None:
    asked: list[str] = []

    def computed() -> Fuel:
        asked.append("fuel")
        return estimated

    release = replace(published(mali, None, Sensitivity.PUBLIC), fuel=computed)
    export_view(release, "snapshot.json")
    assert asked == []
    given = replace(release, fuel=estimated)
    for name in ("towns.csv", "towns.geojson"):
        assert export_view(release, name) == export_view(given, name)
    assert asked == ["fuel"]


def test_the_package_publishes_the_band_of_the_shipped_data(mali: Dataset) -> None:
    view = gd.publish(mali, gd.Scenario(date="2025-11-10"), made=MADE, sensitivity="public")
    head, *rows = gd.export_view(view, "towns.csv").decode("utf-8-sig").splitlines()
    assert set(COLUMNS) <= set(head.split(","))
    assert rows


def test_nothing_is_shown_for_a_day_without_an_estimate(mali: Dataset, estimated: Fuel) -> None:
    release = published(mali, estimated, Sensitivity.FULL, day="2026-04-28")
    assert not set(COLUMNS) & set(towns(release))
    assert "fuel" not in {each.key for each in brief(release).tables}


def test_the_exported_map_carries_the_models_words_and_leaves_them_out_where_there_are_none(
    mali: Dataset, estimated: Fuel
) -> None:
    drawn = drawing(published(mali, estimated, Sensitivity.PUBLIC))
    told = estimated.on(dt.date(2025, 11, 10)).set_index(f.NODE_ID)
    for town in drawn["towns"]:
        silent = np.isnan(told.loc[town["id"], "probability_short"])
        assert town["fuel"] == ("silent" if silent else told.loc[town["id"], "word"])
        assert drawn["fuel"]["words"][town["fuel"]] in town["text"]
    assert "10 November 2025" in drawn["fuel"]["note"]
    without = drawing(published(mali, None, Sensitivity.PUBLIC))
    assert "fuel" not in without
    assert not any("fuel" in town for town in without["towns"])


def test_plans_are_in_full_products_and_not_in_public_ones(mali: Dataset) -> None:
    wanted = {
        "reopening_plan",
        "reopening_steps",
        "access_probability",
        "keep_open_plan",
        "stock_plan",
        "danger_routes",
    }
    for level in Sensitivity:
        release = published(mali, None, level)
        book = openpyxl.load_workbook(io.BytesIO(export_view(release, "tables.xlsx")))
        shown = {each.key for each in brief(release).tables}
        expected = wanted if level == Sensitivity.FULL else set()
        sheets = {sheet_name(release, name): name for name in wanted}
        assert {sheets[name] for name in book.sheetnames if name in sheets} == expected
        assert wanted & shown == expected


def test_every_step_of_a_plan_says_for_whom_and_what_must_be_open(mali: Dataset) -> None:
    release = published(mali, None, Sensitivity.FULL)
    book = openpyxl.load_workbook(io.BytesIO(export_view(release, "tables.xlsx")))

    def rows(name: str) -> list[dict[str, object]]:
        head, *body = book[sheet_name(release, name)].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in body]

    sets = rows("reopening_plan")
    assert {row["Budget and cost in"] for row in sets} == {"Roads", "Kilometres", "Escort days"}
    steps = rows("reopening_steps")
    assert [row["Step"] for row in steps] == list(range(1, len(steps) + 1))
    assert any(row["Towns that regain supply"] for row in steps)
    kept = rows("keep_open_plan")
    assert "Bamako" in str(kept[0]["Towns that gain"])
    needs = release.stocks.towns.needs if release.stocks else []
    names = {release.situation.dataset.network.segment_ids[0], *(e for some in needs for e in some)}
    stocked = rows("stock_plan")
    told = "; ".join(str(row["Roads that must be open too"]) for row in stocked)
    assert any(needs)
    assert not any(each in told for each in names)  # roads by name, not by id
    routes = rows("danger_routes")
    assert any(" + " in str(row["Roads of each route"]) for row in routes)
    for lang in LANGUAGES:
        told_in = {each.key: each for each in brief(replace(release, lang=lang)).tables}
        for key in ("reopening_steps", "keep_open_plan", "stock_plan", "danger_routes"):
            shown = told_in[key]
            assert all(len(row) == len(shown.head) == len(shown.widths) for row in shown.rows), key
            assert shown.rows


def test_stocks_to_lay_in_carry_litres_with_their_band_where_there_is_an_estimate(
    mali: Dataset, estimated: Fuel
) -> None:
    for estimate, known in ((estimated, True), (None, False)):
        release = published(mali, estimate, Sensitivity.FULL)
        book = openpyxl.load_workbook(io.BytesIO(export_view(release, "tables.xlsx")))
        head, first, *_ = book["Stock first"].iter_rows(values_only=True)
        row = dict(zip(head, first, strict=True))
        assert (row["Litres to stock"] is not None) == known
        shown = next(each for each in brief(release).tables if each.key == "stock_plan")
        assert all(bool(cells[2]) == known for cells in shown.rows)
        assert any("(+" in cells[3] for cells in shown.rows)
    kept = next(each for each in brief(release).tables if each.key == "keep_open_plan")
    assert all("between" in cells[1] for cells in kept.rows)


def test_towns_whose_routes_all_share_a_danger_are_told_with_it(mali: Dataset) -> None:
    release = published(mali, None, Sensitivity.FULL)
    shown = next(each for each in brief(release).tables if each.key == "danger_routes")
    (shared,) = [row for row in shown.rows if row[:2] == ("1", "Dakar-Kayes-Bamako")]
    assert "Ambidédi" in shared[3]
    table = release.situation.danger_routes.set_index(f.NODE_ID)
    whole = danger_table(release, len(table))
    assert whole
    assert whole.rows[: len(shown.rows)] == shown.rows
    left_out = f"{len(whole.rows) - len(shown.rows)} more in the data files."
    assert shown.note.endswith(left_out)
    assert "more in the data files" not in whole.note
    assert sum(int(row[2]) for row in whole.rows) == (table["danger_routes"] > 0).sum()
    for town in ("ambidedi", "bamako", "banamba"):
        alone = danger_routes(mali, release.situation.conditions, town)
        assert len(alone.routes) == table.loc[town, "danger_routes"]
        assert alone.shared == table.loc[town, "shared"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_brief_with_fuel_and_plans_is_laid_out(mali: Dataset, estimated: Fuel, lang: str) -> None:
    view = parse("date=2025-11-10&vehicle=tanker")[0]
    found = situation(mali, view.scenario)
    release = Publication(found, view, MADE, lang, Sensitivity.FULL, fuel=estimated)
    assert export_view(release, "brief.pdf").startswith(b"%PDF")
    assert len(export_view(release, "data.gpkg"))
