"""What a brief says, in words and tables, before anyone lays it out.

One content stands behind the PDF, the HTML file and the workbook, so that all say the same.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from geodata import schema as f
from geodata._version import __version__
from geodata.analysis.resolution import RECENT_DAYS, reports_on
from geodata.cached import cached_property
from geodata.export import brief_tables as tables
from geodata.export import plans
from geodata.export.brief_tables import BriefTable
from geodata.export.drawn_roads import left_out
from geodata.export.facilities import facility_table
from geodata.export.fuel import fuel_table
from geodata.export.scope import scope
from geodata.i18n import number, plural, series
from geodata.schema import Cause, Measure, Traffic, Vehicle
from geodata.sharing.publication import Publication

ROWS = 14
HEADLINE_CAUSES = (Cause.CLOSURE, Cause.SEASON, Cause.SUPPLY)
ESTIMATED = ("estimated", "geometry")


@dataclass(frozen=True)
class Figure:
    """A key figure: the number, what it counts, and what to mind."""

    value: str
    label: str
    note: str = ""
    alarm: bool = False


@dataclass(frozen=True, eq=False)
class Brief:
    """All texts of a brief, in one language.

    Parameters
    ----------
    title, kicker, subtitle : str
        Name of the scenario or of the brief; name of the network; date and scope.
    made : str
        Day of making and version.
    level : str
        The level of sensitivity, in a sentence.
    headline : str
        What the brief says in two or three sentences.
    figures : tuple of Figure
    assumptions, sources : tuple of str
    link : str
    release : Publication
        What it tells of.
    limit : int
        Most rows of each longer table.
    """

    title: str
    kicker: str
    subtitle: str
    made: str
    level: str
    headline: str
    figures: tuple[Figure, ...]
    assumptions: tuple[str, ...]
    sources: tuple[str, ...]
    link: str
    release: Publication
    limit: int

    @cached_property
    def tables(self) -> tuple[BriefTable, ...]:
        """The brief's tables; most products need its texts alone."""
        return _tables(self.release, self.limit)


def brief(release: Publication, *, limit: int = ROWS) -> Brief:
    """Write the content of a brief, with at most ``limit`` rows of each longer table."""
    return Brief(
        title=release.view.title or release.say("export.title"),
        kicker=kicker(release),
        subtitle=scope(release),
        made=made(release),
        level=release.say(f"export.level_{release.level}"),
        headline=headline(release),
        figures=figures(release),
        assumptions=assumptions(release),
        sources=tables.sources(release),
        link=release.link,
        release=release,
        limit=limit,
    )


def _tables(release: Publication, limit: int) -> tuple[BriefTable, ...]:
    shown = [
        tables.isolated(release),
        tables.isolated_otherwise(release),
        tables.escorted(release),
        tables.detours(release, limit),
        tables.changed(release, limit),
        tables.closed(release, limit),
        tables.reopening(release, limit) if release.ranked else None,
        plans.reopening_table(release, limit),
        plans.reopening_steps_table(release, limit),
        plans.access_table(release),
        plans.keep_open_table(release, limit),
        plans.stock_table(release),
        plans.danger_table(release, limit),
        fuel_table(release, limit),
        facility_table(release),
    ]
    if release.changes_first:
        shown = [tables.changed(release, limit), *shown[:4], *shown[5:]]
    return tuple(table for table in shown if table is not None)


def kicker(release: Publication) -> str:
    """Name the network; the shipped one in the product's language."""
    if not release.situation.dataset.shipped_network:
        return release.situation.dataset.network.title
    return release.say("export.kicker")


def made(release: Publication) -> str:
    """Return the day of creation and the version of the tool."""
    return release.say("export.made", date=release.day(release.made), version=__version__)


def headline(release: Publication) -> str:
    """Return how many towns and people are isolated, by cause, detoured or escorted."""
    summary = release.situation.access.summary
    lang = release.lang
    sentences = [_isolated_by(release, cause) for cause in HEADLINE_CAUSES]
    sentences = [sentences[0] or release.say("export.headline_none"), *filter(None, sentences[1:])]
    if summary.detour:
        sentences.append(plural("export.headline_detour", summary.detour, lang))
    if summary.escort_only:
        sentences.append(plural("export.headline_escort", summary.escort_only, lang))
    if summary.at_risk:
        sentences.append(plural("export.headline_at_risk", summary.at_risk, lang))
    if summary.baseline_isolated:
        key = f"export.headline_before_{'any' if _any_vehicle(release) else 'vehicle'}"
        sentences.append(plural(key, summary.baseline_isolated, lang))
    return " ".join(sentences)


def _isolated_by(release: Publication, cause: Cause) -> str:
    """Report how many towns and people one cause isolates; empty for none."""
    isolated = release.situation.access.summary.isolated_by[cause]
    if not isolated.towns:
        return ""
    people = number(isolated.population, release.lang)
    return plural(f"export.headline_by_{cause}", isolated.towns, release.lang, people=people)


def figures(release: Publication) -> tuple[Figure, ...]:
    """Give the four key figures; sums of people say how many towns they leave out.

    The first two count closures alone; the note of the first names the other causes.
    """
    summary = release.situation.access.summary
    lang = release.lang

    def people(count: int, unknown: int) -> str:
        notes = [release.say("export.figure_people_count", people=number(count, lang))]
        if unknown:
            notes.append(plural("export.population_unknown", unknown, lang))
        return ", ".join(notes if count or not unknown else notes[1:])

    closed = summary.isolated_by[Cause.CLOSURE]
    unknown = closed.population_unknown
    notes = [release.say("export.figure_of", towns=number(summary.towns, lang))]
    notes += [
        plural(f"export.figure_by_{cause}", counts.towns, lang)
        for cause, counts in summary.isolated_by.items()
        if counts.towns and cause != Cause.CLOSURE
    ]
    return (
        Figure(
            number(closed.towns, lang),
            plural("export.figure_isolated", closed.towns, lang),
            series(notes, lang),
            closed.towns > 0,
        ),
        Figure(
            number(closed.population, lang),
            plural("export.figure_people", closed.population, lang),
            plural("export.population_unknown", unknown, lang) if unknown else "",
            closed.towns > 0,
        ),
        Figure(
            number(summary.detour, lang),
            plural("export.figure_detour", summary.detour, lang),
            people(summary.population_detour, summary.population_detour_unknown),
        ),
        Figure(
            number(summary.escort_only, lang),
            plural("export.figure_escort", summary.escort_only, lang),
            people(summary.population_escort_only, summary.population_escort_only_unknown),
        ),
    )


def assumptions(release: Publication) -> tuple[str, ...]:
    """List what the figures rest on."""
    situation = release.situation
    state = release.view
    by_hours = state.by == Measure.HOURS
    detour = "export.assume_detour_hours" if by_hours else "export.assume_detour"
    sentences = [release.say("export.assume_isolated"), release.say(detour)]
    if state.date and not state.preset:
        sentences.append(release.say("export.assume_events", date=release.day(state.date)))
        sentences.append(reports_end(release, state.date))
        sentences += filter(None, [reports_sparse(release)])
    if state.rules:
        changed = ", ".join(f"{name} = {value:g}" for name, value in state.rules)
        sentences.append(release.say("export.assume_rules", rules=changed))
    if state.vehicle == Vehicle.ANY and state.traffic == Traffic.FUEL and state.date:
        sentences.append(release.say("export.assume_fuel_any"))
    if state.vehicle != Vehicle.ANY:
        sentences.append(release.say("export.assume_tanker"))
    sentences.append(
        release.say(
            "export.assume_estimates",
            share=number(_estimated_share(situation.dataset.network.segments) * 100, release.lang),
        )
    )
    sentences.append(release.say("export.assume_population"))
    return (*sentences, *left_out(release))


def reports_end(release: Publication, on: dt.date) -> str:
    """Return when the reports in use end, and how many are recent on a day."""
    reports = reports_on(release.situation.dataset.events, on)
    if reports.last is None:
        return release.say("export.assume_no_reports")
    return plural(
        "export.assume_reports_end",
        reports.recent,
        release.lang,
        days=RECENT_DAYS,
        last=release.day(reports.last),
        date=release.day(on),
    )


def reports_sparse(release: Publication) -> str:
    """Say that few reports are dated around the day; empty if as many as usual are."""
    state = release.view
    if state.date is None or state.preset:
        return ""
    reports = reports_on(release.situation.dataset.events, state.date)
    if not reports.sparse(state.date) or reports.dense_until is None:
        return ""
    return plural(
        "export.reports_sparse",
        reports.around,
        release.lang,
        days=RECENT_DAYS,
        usual=reports.usual,
        until=release.day(reports.dense_until),
        date=release.day(state.date),
    )


def _any_vehicle(release: Publication) -> bool:
    return release.view.vehicle == Vehicle.ANY


def _estimated_share(segments: pd.DataFrame) -> float:
    """Return the share of the segments whose length is an estimate or taken from the drawn line."""
    if f.LENGTH_BASIS not in segments or not len(segments):
        return 0.0
    return float(segments[f.LENGTH_BASIS].isin(ESTIMATED).mean())
