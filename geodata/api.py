"""The public functions: each takes a data set and a scenario, and options after them.

``import geodata`` offers everything here by name. Every function resolves the scenario on the
data set first: cuts made by hand, what events or a dated phase close, vehicle and season.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from geodata.analysis import accessibility, comparison, explanation, timeline
from geodata.analysis.critical_pairs import PAIR_LIMIT, pairs_table
from geodata.analysis.fuel import fuel
from geodata.analysis.resolution import check_reported
from geodata.analysis.situation import Situation, change, situation
from geodata.conditions import check_ids
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES
from geodata.readers.events import reader
from geodata.readers.layers.reader import content
from geodata.readers.limits import COMMAND_LINE, Limits
from geodata.readers.report import Report
from geodata.readers.tables.dates import Order
from geodata.scenario import Scenario, choice, one_of, parse_day
from geodata.schema import Traffic
from geodata.sharing.publication import Publication, Sensitivity
from geodata.sharing.view_state import view_of


def access(dataset: Dataset, scenario: Scenario | None = None) -> accessibility.Access:
    """Return which towns still reach an open supply point, by what route, and what cuts the others.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, date, vehicle and traffic; with none given, nothing is cut and no event counts.

    Returns
    -------
    Access
        ``towns``, a table with a row per town (distances in km, times in hours), and
        ``summary``, the counts.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If the date is after the last report, or there is no such preset.

    Examples
    --------
    >>> import geodata as gd
    >>> mali = gd.load()
    >>> result = gd.access(mali, gd.Scenario(vehicle="tanker", cut={"gao--bourem"}))
    >>> result.towns.query("isolated and not baseline_isolated").node_id.tolist()
    ['anefis', 'bourem', 'kidal']
    """
    return resolved(dataset, scenario).access


def critical_segments(dataset: Dataset, scenario: Scenario | None = None) -> pd.DataFrame:
    """Return what cutting each further segment would do, most severe first.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, date, vehicle and traffic; with none given, nothing is cut and no event counts.

    Returns
    -------
    DataFrame
        The columns of `geodata.analysis.critical_links.every_cut`: a row per segment that is
        neither cut nor closed yet.

    Examples
    --------
    >>> import geodata as gd
    >>> worst = gd.critical_segments(gd.load(), gd.Scenario(vehicle="tanker"))
    >>> list(worst.columns[:3])
    ['segment_id', 'towns_isolated', 'population_isolated']
    """
    return resolved(dataset, scenario).every_cut


def critical_pairs(
    dataset: Dataset, scenario: Scenario | None = None, *, limit: int | None = PAIR_LIMIT
) -> pd.DataFrame:
    """Return the pairs of segments that isolate towns together though neither does alone.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, date, vehicle and traffic; with none given, nothing is cut and no event counts.
    limit : int, optional
        How many pairs to list; all if None.

    Returns
    -------
    DataFrame
        ``segments, towns_isolated, population_isolated, population_unknown``, most people
        first. Its ``attrs`` hold ``pairs_found``, ``pairs_listed`` and ``complete``.

    Examples
    --------
    >>> import geodata as gd
    >>> pairs = gd.critical_pairs(gd.load(), limit=5)
    >>> len(pairs), pairs.attrs["pairs_listed"]
    (5, 5)
    """
    now = resolved(dataset, scenario).conditions
    table, searched = pairs_table(dataset.network, now, limit=limit)
    table.attrs.update(searched)
    return table


def reopening_order(dataset: Dataset, scenario: Scenario | None = None) -> pd.DataFrame:
    """Return in which order to reopen closed and cut segments.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, date, vehicle and traffic; with none given, nothing is cut and no event counts.

    Returns
    -------
    DataFrame
        ``step, segments, towns_restored, population_restored, population_unknown``. The order
        is greedy: each step is the best next one.

    Examples
    --------
    >>> import geodata as gd
    >>> cut = gd.Scenario(vehicle="tanker", cut={"gao--bourem", "bourem--anefis"})
    >>> gd.reopening_order(gd.load(), cut).segments.tolist()
    [('gao--bourem',), ('bourem--anefis',)]
    """
    return resolved(dataset, scenario).reopening


def compare(
    dataset: Dataset, before: Scenario | None, after: Scenario | None
) -> comparison.Comparison:
    """Compare the access of every town under two scenarios.

    What the season alone changes is listed separately from what closures change.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    before, after : Scenario or None
        The two scenarios; None is one without cuts and without a date.

    Returns
    -------
    Comparison
        ``towns``, a table with a row per town and how its access changed (distances in km,
        times in hours), and ``changed``, the rows that differ.

    Examples
    --------
    >>> import geodata as gd
    >>> change = gd.compare(
    ...     gd.load(),
    ...     gd.Scenario(vehicle="tanker"),
    ...     gd.Scenario(vehicle="tanker", cut={"gao--bourem"}),
    ... )
    >>> change.changed.query("change == 'lost'").node_id.tolist()
    ['anefis', 'bourem', 'kidal']
    """
    return change(resolved(dataset, before), resolved(dataset, after))


def replay(
    dataset: Dataset,
    scenario: Scenario | None = None,
    *,
    start: dt.date | str,
    end: dt.date | str,
) -> timeline.Timeline:
    """Compute access for every day of a period.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, vehicle and traffic. Its date is not used, and it may name no preset.
    start, end : datetime.date or str
        First and last day.

    Returns
    -------
    Timeline
        The state of every town on every day, with the counts of each day.

    Raises
    ------
    GeodataError
        If the period is empty, longer than ten years or ends after the last report, or the
        scenario names a preset.

    Examples
    --------
    >>> import geodata as gd
    >>> year = gd.replay(gd.load(), start="2025-09-01", end="2025-11-30")
    >>> len(year.days)
    91
    """
    question = scenario or Scenario()
    if question.preset is not None:
        raise GeodataError("core.preset_in_period", preset=question.preset)
    first, last = parse_day("start", start), parse_day("end", end)
    check_reported(dataset.events, last)
    return timeline.replay(
        dataset.network,
        dataset.events,
        first,
        last,
        scenario=resolved(dataset, dataclasses.replace(question, date=None)).conditions,
        rules=question.rules,
        traffic=Traffic(question.traffic),
        corridor_segments=dataset.corridor_segments,
    )


def explain(
    dataset: Dataset, scenario: Scenario | None = None, *, town: str
) -> explanation.Explanation:
    """Trace a town's access to the segments, the events and the sources behind it.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, date, vehicle and traffic. It may name no preset, which has no events.
    town : str
        Id of a town or one of its names.

    Returns
    -------
    Explanation
        The town's state and its causes, ``links``, the segments behind them with the weight of
        each event, and ``events``, a table of these events with their sources.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    GeodataError
        If the date is after the last report, or the scenario names a preset.

    Examples
    --------
    >>> import geodata as gd
    >>> nioro = gd.explain(gd.load(), gd.Scenario(date="2025-11-05"), town="Nioro du Sahel")
    >>> nioro.town, len(nioro.links) > 0
    ('nioro', True)
    """
    question = scenario or Scenario()
    if question.preset is not None:
        raise GeodataError("core.preset_in_period", preset=question.preset)
    on = question.day
    check_reported(dataset.events, on)
    return explanation.explain(
        dataset,
        explanation.town_id(dataset, town),
        on,
        scenario=resolved(dataset, dataclasses.replace(question, date=None)).conditions,
        traffic=Traffic(question.traffic),
        rules=question.rules,
    )


def read_events(
    source: Path | str | bytes,
    *,
    filename: str = "",
    today: dt.date | str | None = None,
    mapping: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    date_order: Order | None = None,
    include_recent: bool = False,
    swap: bool = False,
    crs: str | None = None,
    limits: Limits = COMMAND_LINE,
) -> tuple[pd.DataFrame, Report]:
    """Read a table of events in a limited child process.

    Give the result to a data set with ``dataclasses.replace(dataset, added_events=events)``.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or its content.
    filename : str
        Name to record as the events' origin; that of the file if not given.
    today : datetime.date or str, optional
        Events of the last seven days before it are rejected; the present day if not given.
    mapping : mapping of str to str, optional
        Column of the file to field, for columns whose names are not recognised.
    types : mapping of str to str, optional
        Word of the file to event type.
    date_order : {'dmy', 'mdy'}, optional
        Order of day and month where the dates of the file leave it open.
    include_recent : bool
        Whether events of the last seven days are used.
    swap : bool
        Whether latitude and longitude are swapped where they look reversed.
    crs : str, optional
        Coordinate system where coordinates are not degrees, such as ``EPSG:32630``.
    limits : Limits
        Sizes, counts, time and memory beyond which the file is refused.

    Returns
    -------
    tuple of DataFrame and Report
        The events in use, and a report on every row. Nothing is raised for what a file holds.

    Raises
    ------
    GeodataError
        If the file cannot be opened or is too large.

    Examples
    --------
    >>> import geodata as gd
    >>> from geodata.events.table import SHIPPED
    >>> events, report = gd.read_events(SHIPPED, today="2026-06-01")
    >>> len(events), report.refused
    (217, False)
    """
    data = source if isinstance(source, bytes) else content(Path(source), limits)
    return reader.read_events(
        data,
        filename or ("" if isinstance(source, bytes) else Path(source).name),
        today=dt.date.today() if today is None else parse_day("today", today),
        mapping=mapping,
        types=types,
        date_order=date_order,
        include_recent=include_recent,
        swap=swap,
        crs=crs,
        limits=limits,
    )


def publish(
    dataset: Dataset,
    scenario: Scenario | None = None,
    *,
    lang: str = "en",
    sensitivity: Sensitivity | str = Sensitivity.FULL,
    made: dt.date | str | None = None,
    title: str = "",
    address: str = "",
) -> Publication:
    """Prepare a scenario for publication; `geodata.export_view` writes files from it.

    Parameters
    ----------
    dataset : Dataset
        Network, events and tables to use.
    scenario : Scenario, optional
        Cuts, date, vehicle and traffic; with none given, nothing is cut and no event counts.
    lang : {'en', 'fr'}
        Language of the products.
    sensitivity : Sensitivity or str
        ``full``, or ``public`` to leave out rankings, notes and the places of added events.
    made : datetime.date or str, optional
        Day to print; the present day if not given. The same day gives the same bytes.
    title : str
        Name of the scenario.
    address : str
        Address of the app, to which the view's link is added.

    Returns
    -------
    Publication
        The situation with its language, day and sensitivity level.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If the date is after the last report, or an argument has a value that is not allowed.

    Examples
    --------
    >>> import geodata as gd
    >>> view = gd.publish(gd.load(), gd.Scenario(date="2025-11-05"), made="2026-05-01")
    >>> gd.export_view(view, "towns.csv").decode("utf-8-sig").split(",")[0]
    'node_id'
    """
    now = resolved(dataset, scenario)
    network = "" if dataset.shipped_network else dataset.network.title
    return Publication(
        now,
        view_of(now.scenario, title=title, network=network),
        dt.datetime.now(dt.UTC).date() if made is None else parse_day("made", made),
        one_of("lang", lang, LANGUAGES),
        choice("sensitivity", Sensitivity, sensitivity),
        address,
        fuel=partial(fuel, dataset),
    )


def resolved(dataset: Dataset, scenario: Scenario | None) -> Situation:
    """Resolve a scenario on a data set; a date after the last report is refused."""
    question = scenario or Scenario()
    if question.preset is None:
        check_reported(dataset.events, question.day)
    now = situation(dataset, question)
    check_ids(dataset.network, now.conditions)
    return now
