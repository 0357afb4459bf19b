"""The tables of a brief: who is isolated, on a detour, under escort; what changed, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geodata import schema as f
from geodata.analysis.comparison import BEFORE, CHANGE, CHANGED_BY, Change
from geodata.analysis.situation import REASON, Reason
from geodata.export.names import region_name, segment_name, supply_name
from geodata.export.scope import comparison_label
from geodata.i18n import number, plural, series
from geodata.schema import Cause, Measure, SegmentState, TownState
from geodata.sharing.publication import Publication

NAMES: Final = 12
SOURCES: Final = 8
NO_VALUE: Final = "–"
KM_COLUMNS: Final = (f.BASELINE_KM, f.DISTANCE_KM, f.DETOUR_KM)
HOURS_COLUMNS: Final = (f.BASELINE_HOURS, f.HOURS, f.DETOUR_HOURS)
MARK: Final = "**"
"""Stands behind the name of a town that closures would isolate too."""


@dataclass(frozen=True)
class BriefTable:
    """A titled table of texts.

    Parameters
    ----------
    key : str
        What it is about: ``isolated``, ``detours`` ...
    title : str
    head : tuple of str
        Empty for a list of sentences.
    rows : tuple of tuple of str
    numeric : tuple of int
        Columns to be set flush right.
    widths : tuple of float
        Shares of the width.
    note : str
    towns : int
        Number of towns in rows that hold those of a region; 0 where a row is one thing.
    """

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    note: str = ""
    towns: int = 0


def isolated(release: Publication) -> BriefTable:
    """List towns isolated by closures, by region, with people."""
    head = ("export.head_region", "export.head_towns_lost", "export.head_people")
    return _table(
        release,
        "isolated",
        head,
        _by_region(release, Cause.CLOSURE),
        numeric=(2,),
        widths=(0.16, 0.68, 0.16),
        empty="export.none_isolated",
        towns=_isolated_towns(release, Cause.CLOSURE),
    )


def isolated_otherwise(release: Publication) -> BriefTable | None:
    """List towns isolated by the season or by supply points off; those never reached in the note.

    A town that closures would isolate too is marked with two stars.
    """
    towns = release.situation.access.towns
    rows = [
        (release.say(f"export.cause_{cause}"), *row)
        for cause in (Cause.SEASON, Cause.SUPPLY)
        for row in _by_region(release, cause)
    ]
    never = towns.loc[towns[f.ISOLATED_BY] == Cause.VEHICLE, f.NAME].sort_values()
    if not rows and not len(never):
        return None
    notes = []
    if any(MARK in names for _, _, names, _ in rows):
        notes.append(release.say("export.closed_too", mark=MARK))
    if len(never):
        notes.append(
            plural(
                "export.isolated_before", len(never), release.lang, names=_listed(release, never)
            )
        )
    head = (
        "export.head_cause",
        "export.head_region",
        "export.head_towns_lost",
        "export.head_people",
    )
    return _table(
        release,
        "isolated_otherwise",
        head,
        rows,
        numeric=(3,),
        widths=(0.16, 0.14, 0.56, 0.14),
        towns=_isolated_towns(release, Cause.SEASON, Cause.SUPPLY),
        note=" ".join(notes),
    )


def _isolated_towns(release: Publication, *causes: Cause) -> int:
    return int(release.situation.access.towns[f.ISOLATED_BY].isin(causes).sum())


def _by_region(release: Publication, cause: Cause) -> list[tuple[str, str, str]]:
    """Return region, towns and people of the towns isolated by one cause."""
    towns = release.situation.access.towns
    rows = []
    for region, group in towns[towns[f.ISOLATED_BY] == cause].groupby(f.ADMIN1, sort=True):
        ranked = group.sort_values(f.POPULATION, ascending=False, na_position="last")
        names = [_town(release, town) for _, town in ranked.iterrows()]
        rows.append(
            (region_name(release, region) or NO_VALUE, ", ".join(names), people_in(release, group))
        )
    return sorted(rows, key=lambda row: row[0])


def escorted(release: Publication) -> BriefTable | None:
    """List towns reached under escort only, by region."""
    towns = release.situation.access.towns
    escort_only = towns[towns[f.STATE] == TownState.ESCORT_ONLY]
    if not len(escort_only):
        return None
    rows = [
        (
            region_name(release, region) or NO_VALUE,
            _listed(release, group[f.NAME].sort_values()),
            people_in(release, group),
        )
        for region, group in escort_only.groupby(f.ADMIN1, sort=True)
    ]
    head = ("export.head_region", "export.head_towns_escorted", "export.head_people")
    return _table(
        release,
        "escort_only",
        head,
        rows,
        numeric=(2,),
        widths=(0.16, 0.68, 0.16),
        towns=len(escort_only),
    )


def detours(release: Publication, limit: int) -> BriefTable | None:
    """List towns with the greatest extra distance, or driving time where ways go by hours."""
    towns = release.situation.access.towns
    detoured = towns[towns[f.STATE] == TownState.DETOUR]
    if not len(detoured):
        return None
    by_hours = release.situation.conditions.by == Measure.HOURS
    unit, columns, decimals = ("hours", HOURS_COLUMNS, 1) if by_hours else ("km", KM_COLUMNS, 0)
    ranked = detoured.sort_values([columns[2], f.NAME], ascending=[False, True])

    def rounded(town: pd.Series, column: str) -> str:
        return number(town[column], release.lang, decimals=decimals)

    rows = [
        (
            str(town[f.NAME]),
            region_name(release, town[f.ADMIN1]),
            rounded(town, columns[0]),
            rounded(town, columns[1]),
            "+" + rounded(town, columns[2]),
            supply_name(release, town),
        )
        for _, town in ranked.head(limit).iterrows()
    ]
    head = (
        "export.head_town",
        "export.head_region",
        f"export.head_{unit}_before",
        f"export.head_{unit}_now",
        f"export.head_extra{'_hours' if by_hours else ''}",
        "export.head_supply",
    )
    return _table(
        release,
        "detours",
        head,
        rows,
        numeric=(2, 3, 4),
        widths=(0.2, 0.15, 0.11, 0.11, 0.11, 0.32),
        note=more_rows(release, len(ranked) - len(rows)),
    )


def changed(release: Publication, limit: int) -> BriefTable | None:
    """List what changed since the situation compared with."""
    comparison = release.comparison
    if comparison is None:
        return None
    changes = _ranked_changes(comparison.changed)
    rows = [
        (
            str(town[f.NAME]),
            _people(release, town[f.POPULATION]),
            release.say(f"core.town_state.{town[f.STATE + BEFORE]}"),
            release.say(f"core.town_state.{town[f.STATE]}"),
            release.say(f"export.change_{town[CHANGE]}"),
            release.say(f"export.changed_by_{town[CHANGED_BY]}"),
        )
        for _, town in changes.head(limit).iterrows()
    ]
    head = (
        "export.head_town",
        "export.head_people",
        "export.head_before",
        "export.head_now",
        "export.head_change",
        "export.head_changed_by",
    )
    table = _table(
        release,
        "changes",
        head,
        rows,
        numeric=(1,),
        widths=(0.2, 0.12, 0.16, 0.16, 0.2, 0.16),
        empty="export.none_changed",
        note=more_rows(release, len(changes) - len(rows)),
    )
    title = release.say("export.table_changes_since", other=comparison_label(release))
    return BriefTable(
        table.key, title, table.head, table.rows, table.numeric, table.widths, table.note
    )


def _ranked_changes(changed_towns: pd.DataFrame) -> pd.DataFrame:
    """Return the sort by gravity, then by people; towns of unknown population last."""
    order = list(Change)
    keys = pd.DataFrame(
        {
            "change": changed_towns[CHANGE].map(order.index),
            "people": -changed_towns[f.POPULATION].fillna(-1.0),
            "name": changed_towns[f.NAME],
        }
    )
    return changed_towns.loc[keys.sort_values(["change", "people", "name"]).index]


def closed(release: Publication, limit: int) -> BriefTable | None:
    """List roads not freely open, why, and the source; those that isolate come first."""
    states = release.situation.segment_states
    not_open = states[
        states[f.STATE].isin(
            {
                SegmentState.CUT,
                SegmentState.CLOSED,
                SegmentState.ESCORT_ONLY,
                SegmentState.CONTESTED,
            }
        )
        | (states[REASON] == Reason.REOPENED)
    ]
    if not len(not_open):
        return None
    cutting = {segment for ids in release.situation.access.towns[f.CUT_BY] for segment in ids}
    order = [
        SegmentState.CUT,
        SegmentState.CLOSED,
        SegmentState.ESCORT_ONLY,
        SegmentState.CONTESTED,
        SegmentState.OPEN,
    ]
    rank = not_open[f.STATE].map(order.index) - not_open[f.SEGMENT_ID].isin(cutting) * 10
    ranked = not_open.assign(rank=rank).sort_values(["rank", f.SEGMENT_ID])
    in_order = release.situation.dataset.events.sort_values(f.DATE, kind="stable")
    events = {row[f.EVENT_ID]: row for row in in_order.to_dict("records")}
    rows = [
        (
            segment_name(release, str(row[f.SEGMENT_ID])),
            release.say(f"core.segment_state.{row[f.STATE]}"),
            _why(release, row, events),
        )
        for _, row in ranked.head(limit).iterrows()
    ]
    head = ("export.head_road", "export.head_state", "export.head_why")
    return _table(
        release,
        "closed",
        head,
        rows,
        widths=(0.33, 0.17, 0.5),
        note=more_rows(release, len(ranked) - len(rows)),
    )


def reopening(release: Publication, limit: int) -> BriefTable | None:
    """List which closed road to reopen first; only for products that may rank."""
    steps = release.situation.reopening
    if not len(steps):
        return None
    rows = [
        (
            str(step[f.STEP]),
            " + ".join(segment_name(release, segment) for segment in step[f.SEGMENTS]),
            number(len(step[f.TOWNS_RESTORED]), release.lang),
            number(step[f.POPULATION_RESTORED], release.lang),
        )
        for _, step in steps.head(limit).iterrows()
    ]
    head = (
        "export.head_step",
        "export.head_road",
        "export.head_towns_restored",
        "export.head_people",
    )
    return _table(
        release,
        "reopening",
        head,
        rows,
        numeric=(2, 3),
        widths=(0.07, 0.55, 0.2, 0.18),
        note=more_rows(release, len(steps) - len(rows)),
    )


def sources(release: Publication) -> tuple[str, ...]:
    """Name who the data come from: the layers' publishers, and of the events behind closures."""
    sentences = [release.say("export.source_data")]
    if not release.situation.dataset.shipped_network:
        title = release.situation.dataset.network.title
        sentences = [release.say("export.source_network", title=title)]
    events = events_behind(release)
    names = dict.fromkeys(str(name) for name in events[f.SOURCE_NAME] if str(name))
    if names:
        shown = list(names)[:SOURCES]
        rest = len(names) - len(shown)
        listed = series(shown, release.lang) + (f" (+{number(rest, release.lang)})" if rest else "")
        sentences.append(plural("export.source_events", len(events), release.lang, names=listed))
    return tuple(sentences)


def events_behind(release: Publication) -> pd.DataFrame:
    """Return the events that closures rest on, as they may be reported."""
    ids = {event for row in release.situation.segment_states[f.EVENT_IDS] for event in row}
    events = release.situation.dataset.events
    return events[events[f.EVENT_ID].isin(ids)].sort_values([f.DATE, f.EVENT_ID])


def _table(
    release: Publication,
    key: str,
    head: Iterable[str],
    rows: Sequence[tuple[str, ...]],
    *,
    numeric: tuple[int, ...] = (),
    widths: tuple[float, ...] = (),
    note: str = "",
    empty: str = "",
    towns: int = 0,
) -> BriefTable:
    words = tuple(release.say(message_key) for message_key in head) if rows else ()
    if not rows and empty:
        note = " ".join(part for part in (release.say(empty), note) if part)
    return BriefTable(
        key, release.say(f"export.table_{key}"), words, tuple(rows), numeric, widths, note, towns
    )


def _why(release: Publication, row: pd.Series, events: dict[str, dict[Any, Any]]) -> str:
    """Return the reason for a segment's state: the note made by hand, or the reports behind it.

    ``events`` are all by id, the earliest first.
    """
    reason = str(row[REASON])
    rows = []
    for note in release.notes:
        if note.segment_id == row[f.SEGMENT_ID]:
            day = release.day(note.date) if note.date else ""
            parts = [note.reason, note.source, day, note.author]
            rows.append(", ".join(part for part in parts if part))
    if row[f.EVENT_IDS]:
        behind = [event for name, event in events.items() if name in row[f.EVENT_IDS]]
        reports = [
            f"{event[f.SOURCE_NAME] or NO_VALUE}, {release.day(event[f.DATE])}"
            for event in behind[::-1][:2]
        ]
        rest = len(behind) - len(reports)
        rows.append(
            series(reports, release.lang) + (f" (+{number(rest, release.lang)})" if rest else "")
        )
    if reason in {Reason.NONE, Reason.CUT}:
        return series(rows, release.lang)
    named = release.say(f"core.reason.{reason}")
    if not rows:
        return named
    return release.say("export.reason", reason=named, told=series(rows, release.lang))


def _town(release: Publication, town: pd.Series) -> str:
    also = town[f.ISOLATED_BY] != Cause.CLOSURE and Cause.CLOSURE in town[f.SUFFICIENT_CAUSES]
    return f"{town[f.NAME]}{MARK if also else ''} ({_people(release, town[f.POPULATION])})"


def _people(release: Publication, population: float) -> str:
    if pd.isna(population):
        return release.say("export.unknown")
    return number(population, release.lang)


def people_in(release: Publication, towns: pd.DataFrame) -> str:
    """Sum the people of towns; an asterisk says that those of some are unknown."""
    known = towns[f.POPULATION].dropna()
    total = number(known.sum(), release.lang) if len(known) else release.say("export.unknown")
    return total + ("*" if 0 < len(known) < len(towns) else "")


def _listed(release: Publication, names: Iterable[str]) -> str:
    every = [str(name) for name in names]
    rest = len(every) - NAMES
    return ", ".join(every[:NAMES]) + (f" (+{number(rest, release.lang)})" if rest > 0 else "")


def more_rows(release: Publication, count: int) -> str:
    """Say how many rows are left out; empty if none is."""
    return plural("export.more_rows", count, release.lang) if count > 0 else ""
