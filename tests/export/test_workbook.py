"""The workbook speaks the language of its reader, and names the code behind every word."""

import datetime as dt
import io

import openpyxl
import pytest

from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.export.spreadsheets import TABLES, tables
from geodata.export.view import export_view
from geodata.i18n import LANGUAGES, catalogue
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Publication, Sensitivity

QUERY = "date=2025-11-10&vehicle=tanker&cut=gao--bourem&compare=2025-09-01"


def release_in(mali: Dataset, lang: str) -> Publication:
    view = parse(QUERY)[0]
    made = dt.date(2026, 5, 1)
    return Publication(situation(mali, view.scenario), view, made, lang, Sensitivity.PUBLIC)


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request: pytest.FixtureRequest, mali: Dataset) -> tuple[Publication, openpyxl.Workbook]:
    """A public workbook, which takes no plans and so no time."""
    release = release_in(mali, request.param)
    return release, openpyxl.load_workbook(io.BytesIO(export_view(release, "t.xlsx")))


def test_every_column_of_every_table_has_a_heading_in_both_languages(mali: Dataset) -> None:
    view = parse(QUERY)[0]
    found = situation(mali, view.scenario)
    release = Publication(found, view, dt.date(2026, 5, 1), "en", Sensitivity.FULL)
    for name, table in tables(release).items():
        assert name in TABLES
        hidden = {"from_node", "to_node", "reason"} if name == "segments" else set()
        for column in set(map(str, table.columns)) - hidden:
            keys = {f"workbook.column.{name}.{column}", f"workbook.column.{column}"}
            assert all(keys & set(catalogue(lang)) for lang in LANGUAGES), (name, column)


def test_no_heading_stands_twice_on_a_sheet(
    opened: tuple[Publication, openpyxl.Workbook],
) -> None:
    for sheet in opened[1].worksheets[1:]:
        heads = [cell.value for cell in sheet[1] if cell.value]
        assert len(heads) == len(set(heads))


def test_states_and_places_are_words_and_the_codes_lead_back(
    opened: tuple[Publication, openpyxl.Workbook],
) -> None:
    release, book = opened
    say = release.say
    head, *rows = book[say("workbook.sheet.towns")].iter_rows(values_only=True)
    rows_of_codes = book[say("workbook.sheet.codes")].iter_rows(values_only=True)
    known = set(rows_of_codes)
    codes = {(kind, shown): code for kind, shown, code in known}
    word, place = say("workbook.codes.word"), say("workbook.codes.place")
    state = head.index(say("workbook.column.state"))
    supply = head.index(say("workbook.column.supply_point"))
    table = tables(release)["towns"].set_index("node_id")
    for row in rows:
        told = table.loc[row[0]]
        assert codes.get((word, row[state]), row[state]) == told["state"]
        if row[supply]:
            assert codes.get((place, row[supply]), row[supply]) == told["supply_point"]
    assert say("core.town_state.isolated") in {row[state] for row in rows}
    assert (say("workbook.codes.column"), head[state], "towns.state") in known


def test_the_first_sheet_tells_people_what_is_found(
    opened: tuple[Publication, openpyxl.Workbook],
) -> None:
    release, book = opened
    assert book.sheetnames[0] == release.say("workbook.sheet.summary")
    told = "\n".join(str(c) for row in book.worksheets[0].values for c in row if c is not None)
    assert release.say("export.figure_isolated") in told
    for name in book.sheetnames[1:5]:
        assert name in told


def test_summaries_of_events_are_in_the_language_of_the_workbook(mali: Dataset) -> None:
    texts = {}
    for lang in LANGUAGES:
        release = release_in(mali, lang)
        book = openpyxl.load_workbook(io.BytesIO(export_view(release, "t.xlsx")))
        head, first, *_ = book[release.say("workbook.sheet.events")].iter_rows(values_only=True)
        texts[lang] = first[head.index(release.say("workbook.column.summary"))]
    assert texts["en"] != texts["fr"]
