"""One view, one set of figures: sentence, strip, table, API, CSV and workbook tell the same."""

import datetime as dt
import html
import io
import json
import re

import openpyxl
import pandas as pd
import pytest

from dashboard.api.questions import Question, view_answer
from dashboard.page import Page
from dashboard.session import datasets
from dashboard.translate import Translator
from dashboard.views import compare, headline, summary, towns
from dashboard.widgets import date_controls, tables
from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.analysis.comparison import compare as comparison_of
from geodata.analysis.resolution import conditions
from geodata.dataset import Dataset
from geodata.export.answers import Subject
from geodata.export.view import export_view
from geodata.i18n import LANGUAGES
from geodata.schema import Cause, TownState
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Sensitivity
from tests.support.publications import published

MADE = dt.date(2026, 5, 10)
VIEWS = (
    "vehicle=tanker&date=2025-09-10",
    "vehicle=tanker&date=2025-11-05&cut=gao--bourem",
    "vehicle=tanker&date=2026-02-10&off=dakar,abidjan,san-pedro,conakry,lome,tema",
    "vehicle=any&traffic=light&date=2026-01-25&by=hours",
    "vehicle=tanker_all_year&preset=phase-4",
)


class Counts:
    """Towns and people by what happened to them, as the engine counts them."""

    def __init__(self, mali: Dataset, query: str) -> None:
        self.state = parse(query)[0]
        found = access(
            mali.network, conditions(mali, self.state.scenario), count_routes=False
        ).summary
        self.by_cause = {cause: found.isolated_by[cause].towns for cause in Cause}
        self.isolated = found.isolated
        self.closed = found.isolated_by[Cause.CLOSURE]
        self.detour, self.escort_only = found.detour, found.escort_only

    @property
    def figures(self) -> list[int]:
        """The four figures that every product shows."""
        return [self.closed.towns, self.closed.population, self.detour, self.escort_only]


def plain(markup: object) -> str:
    """Text without tags, and without what separates groups of digits."""
    text = html.unescape(re.sub(r"<[^>]+>", "", str(markup)))
    return re.sub(r"(?<=\d)[,\s\u202f\xa0](?=\d{3})", "", text)


def counted(state: pd.Series, cause: pd.Series, people: pd.Series) -> list[int]:
    """The four figures of a table with a row for each town."""
    closed = cause == "closure"
    return [
        int(closed.sum()),
        int(pd.to_numeric(people[closed]).sum()),
        int((state == "detour").sum()),
        int((state == "escort_only").sum()),
    ]


@pytest.fixture(scope="module", params=VIEWS)
def counts(request: pytest.FixtureRequest, mali: Dataset) -> tuple[str, Counts]:
    return request.param, Counts(mali, request.param)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_what_the_engine_counts(
    counts: tuple[str, Counts], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, engine = counts
    words = Translator(lang)
    page = Page(datasets.started_with(), engine.state, words, "light")
    bold = re.findall(r"<b>(.*?)</b>", str(summary.figures(page)))
    assert [int(plain(each)) for each in bold] == engine.figures

    told = plain("".join(headline.sentence(page)))
    by_supply, by_season = engine.by_cause[Cause.SUPPLY], engine.by_cause[Cause.SEASON]
    expected = {
        "supply": by_supply,
        "detour": engine.detour,
        "escort": engine.escort_only,
        "many_cut_off": engine.closed.towns if engine.closed.towns > headline.NAMED else 0,
    }
    for name, n in expected.items():
        # What stands in front of the first name that is filled in is said only of that number.
        shown = words.count(f"headline.{name}", n, total=84, people="|", names="|")
        assert (plain(shown).partition("|")[0].rstrip(" (:") in told) == bool(n), (name, told)
    names = [page.names.node(town) for town in page.isolated_by[Cause.CLOSURE]]
    assert len(names) == engine.closed.towns
    assert all(name in told for name in names[: headline.NAMED])
    if by_season:
        rains = {f"headline.rains_{form}" for form in ("too", "only")}
        assert any(plain(words.count(each, by_season)) in told for each in rains)

    # The strip under the map shows every day under what events close, without cuts by hand.
    day, by_hand = engine.state.date, engine.state.cut or engine.state.off
    if day is not None:
        isolated = engine.by_cause[Cause.CLOSURE] + by_supply
        row = (day - page.period[0]).days
        assert page.isolated_but_for_season(page.timeline)[row] == isolated
        if not by_hand:
            assert date_controls._isolated(page)[row] == isolated

    shown_tables: list[pd.DataFrame] = []
    monkeypatch.setattr(tables, "sortable", lambda _page, rows, **_: shown_tables.append(rows))
    towns._sortable(page, page.situation.access.towns)
    table = shown_tables[0]
    assert (
        counted(
            table["state"].map({words(f"core.town_state.{each}"): str(each) for each in TownState}),
            table["state"].map({words("towns.by_closure"): "closure"}),
            table["people"],
        )
        == engine.figures
    )
    for text in (told, plain(summary.figures(page))):
        assert not re.search(r"\([^()]*\(", text)


def test_the_api_and_the_table_of_towns_tell_what_the_engine_counts(
    counts: tuple[str, Counts], mali: Dataset
) -> None:
    query, engine = counts
    asked = Question(query, "", MADE, Sensitivity.PUBLIC, "")
    answer = json.loads(view_answer(asked, Subject.ACCESS, features=False))
    summed = answer["summary"]
    closed = summed["isolated_by"]["closure"]
    assert [closed["towns"], closed["population"], summed["detour"], summed["escort_only"]] == (
        engine.figures
    )
    rows = pd.DataFrame(answer["rows"])
    assert counted(rows["state"], rows["isolated_by"], rows["population"]) == engine.figures
    release = published(mali, engine.state, MADE, "en", Sensitivity.PUBLIC)
    csv = pd.read_csv(io.BytesIO(export_view(release, "towns.csv")))
    assert counted(csv["state"], csv["isolated_by"], csv["population"]) == engine.figures
    assert (csv["state"] == "isolated").sum() == engine.isolated


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_tells_what_the_engine_counts(
    counts: tuple[str, Counts], lang: str, mali: Dataset
) -> None:
    _, engine = counts
    release = published(mali, engine.state, MADE, lang, Sensitivity.PUBLIC)
    book = openpyxl.load_workbook(io.BytesIO(export_view(release, "t.xlsx")), read_only=True)
    head, *rows = book[release.say("workbook.sheet.towns")].iter_rows(values_only=True)
    sheet = pd.DataFrame(rows, columns=head).iloc[: len(mali.network.towns)]
    state, cause, people = (
        sheet[release.say(f"workbook.column.{name}")]
        for name in (f.STATE, f.ISOLATED_BY, f.POPULATION)
    )
    codes = {release.say(f"core.town_state.{each}"): str(each) for each in TownState}
    closure = {release.say("export.cause_closure"): "closure"}
    assert counted(state.map(codes), cause.map(closure), people) == engine.figures


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_of_a_comparison_holds_no_brackets_in_brackets(lang: str) -> None:
    query = "vehicle=tanker&date=2026-01-07&compare=2025-11-05"
    page = Page(datasets.started_with(), parse(query)[0], Translator(lang), "light")
    before, after = compare._in_order(page, page.compared)
    told = plain(compare._counts(page, comparison_of(before.access, after.access)))
    assert page.words("compare.longer") in told or page.words("compare.shorter") in told
    assert not re.search(r"\([^()]*\(", told)
