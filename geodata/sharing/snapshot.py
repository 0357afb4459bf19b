"""The snapshot file: a view with the versions of its data and its results, for later.

A snapshot is JSON. Opened a year on, it restores the scenario, says which data have changed
since, and how the results differ. It never holds code, and is read as untrusted input.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from geodata import schema as f
from geodata._version import __version__
from geodata.analysis.situation import Situation, situation
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.table import checked, typed
from geodata.readers import sandbox, transport
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.report import Problem, Report, refusal, report
from geodata.readers.task import Task
from geodata.schema import SegmentState
from geodata.sharing import permalink as links
from geodata.sharing import snapshot_schema as reading
from geodata.sharing.encoding import day
from geodata.sharing.fingerprints import versions
from geodata.sharing.permalink import KnownIds, Note, Notice, ViewState
from geodata.sharing.publication import Publication, Sensitivity, coarser
from geodata.sharing.snapshot_schema import FORMAT, VERSION
from geodata.values import plain_cell

TOWN_RESULTS: Final = tuple(reading.TOWNS.names)


@dataclass(frozen=True)
class Snapshot:
    """What a snapshot file holds, once checked.

    Parameters
    ----------
    state : ViewState
        With its notes; ids unknown here are left out and named in `notices`.
    notices : tuple of Notice
    made, app_version, lang, level : str
        As the file gives them.
    data : dict
        Sha256 of ``network``, ``events`` and each of ``layers``, and of ``own_fuel`` where the
        view was made with own figures of fuel.
    summary : dict
        Counts and people as they were.
    towns : DataFrame
        ``node_id, state, supply_point, distance_km, detour_km`` as they were.
    events : DataFrame or None
        Rows of events that travelled inside, as text, not yet checked: give them to
        `events_inside`.
    """

    state: ViewState
    notices: tuple[Notice, ...]
    made: str
    app_version: str
    lang: str
    level: str
    data: dict[str, Any]
    summary: dict[str, int]
    towns: pd.DataFrame
    events: pd.DataFrame | None = None


@dataclass(frozen=True)
class SnapshotDifference:
    """How a snapshot differs from the same scenario on today's data.

    Parameters
    ----------
    data : tuple of str
        Names of the parts that changed: ``network``, ``events``, ``own_fuel`` or a layer's name.
    towns : DataFrame
        Towns whose state or nearest supply differ: ``node_id, state_before, state,
        supply_point_before, supply_point``; a town that is no more, or is new, has an empty
        state on that side.
    summary : dict of str to (int, int)
        Counts that differ: before and now.
    """

    data: tuple[str, ...]
    towns: pd.DataFrame
    summary: dict[str, tuple[int, int]]

    @property
    def same(self) -> bool:
        """Whether the results are the same, whatever became of the data."""
        return not len(self.towns) and not self.summary


def write(release: Publication, *, with_events: bool = False) -> bytes:
    """Write a snapshot.

    Parameters
    ----------
    release : Release
    with_events : bool
        Whether tables that the user opened travel inside; their rows are as the level allows.

    Returns
    -------
    bytes
        The same for the same release.
    """
    view = release.situation
    data = versions(view.dataset)
    state = replace(release.state, data=data.short, notes=())
    content = {
        "format": FORMAT,
        "version": VERSION,
        "app_version": __version__,
        "made": release.made.isoformat(),
        "lang": release.lang,
        "level": str(release.level),
        "title": release.view.title,
        "state": links.params(state),
        "notes": [_note(each) for each in release.notes],
        "data": {"network": data.network, "events": data.events, "layers": data.layers}
        | ({"own_fuel": data.own_fuel} if data.own_fuel else {}),
        "results": _results(view),
    }
    added = view.dataset.added_events
    if with_events and added is not None:
        content["events"] = _added(release, added)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode(errors="replace")


def read(data: bytes, *, known: KnownIds | None = None, limits: Limits = UPLOAD) -> Snapshot:
    """Read a snapshot.

    Parameters
    ----------
    data : bytes
    known : Known, optional
        Ids and names that exist here.
    limits : Limits

    Raises
    ------
    GeodataError
        If it is not a snapshot, of a version not known here, damaged, or past a limit.
    """
    content = reading.load(data, limits)
    return _snapshot(content, *reading.tables(content), known)


def read_apart(data: bytes, *, known: KnownIds | None = None, limits: Limits = UPLOAD) -> Snapshot:
    """Read an untrusted snapshot in a bounded process; otherwise as `read`.

    A file as large as is allowed takes seconds to check, in which nobody else should wait.

    Raises
    ------
    GeodataError
        As `read` does, or as `geodata.readers.sandbox.run` does.
    """
    content, towns, events = _PARSE.run(data, limits=limits)
    with sandbox.untrusted_answer():
        return _snapshot(content, towns, events, known)


def _answered(
    _: dict[str, Any], parts: dict[str, bytes]
) -> tuple[dict[str, Any], pa.Table, pa.Table | None]:
    towns = transport.from_arrow(parts["towns"], reading.TOWNS)
    events = transport.from_arrow(parts["events"]) if "events" in parts else None
    return json.loads(parts["content"]), towns, events


_PARSE: Final = Task("geodata.sharing.snapshot_schema:serve", _answered, "snapshot.too_large")


def _snapshot(
    content: dict[str, Any], towns: pa.Table, events: pa.Table | None, known: KnownIds | None
) -> Snapshot:
    state, notices = links.parse(content["state"], known=known or KnownIds())
    notes = tuple(_read_note(each) for each in content["notes"])
    here = set(known.segments) if known and known.segments is not None else None
    known_notes = tuple(note for note in notes if here is None or note.segment_id in here)
    if len(known_notes) < len(notes):
        lost = [note.segment_id for note in notes if note.segment_id not in (here or ())]
        notices += (reading.unknown_notes(lost),)
    return Snapshot(
        state=replace(state, notes=known_notes),
        notices=notices,
        made=content["made"],
        app_version=content["app_version"],
        lang=content["lang"],
        level=content["level"],
        data=content["data"],
        summary=content["results"]["summary"],
        towns=towns.to_pandas(ignore_metadata=True),
        events=None if events is None else events.to_pandas(ignore_metadata=True),
    )


def check(data: bytes, *, known: KnownIds | None = None, limits: Limits = UPLOAD) -> Report:
    """Return the report on a snapshot file: one row for the scenario, one for each event inside."""
    try:
        snapshot = read(data, known=known, limits=limits)
    except GeodataError as error:
        return refusal(error)
    problems = [
        Problem.for_row(1, "warning", note.key, **_notice_params(note)) for note in snapshot.notices
    ]
    rows = 1 + (0 if snapshot.events is None else len(snapshot.events))
    return report(range(1, rows + 1), problems)


def differences(old: Snapshot, now: Situation) -> SnapshotDifference:
    """Report which data changed since a snapshot, and how the results differ."""
    data = versions(now.dataset)
    parts = {"network": data.network, "events": data.events, **data.layers}
    before = {**{name: old.data[name] for name in ("network", "events")}, **old.data["layers"]}
    if data.own_fuel or old.data.get("own_fuel"):
        parts["own_fuel"], before["own_fuel"] = data.own_fuel, old.data.get("own_fuel", "")
    changed = tuple(
        name for name in sorted({*parts, *before}) if parts.get(name) != before.get(name)
    )
    towns = now.access.towns[[f.NODE_ID, f.STATE, f.SUPPLY_POINT]]
    keep = [f.NODE_ID, f.STATE, f.SUPPLY_POINT]
    both = old.towns[keep].merge(towns, on=f.NODE_ID, how="outer", suffixes=("_before", ""))
    for column in both.columns:
        both[column] = ["" if not isinstance(each, str) else str(each) for each in both[column]]
    differs = both[f"{f.STATE}_before"] != both[f.STATE]
    differs |= both[f"{f.SUPPLY_POINT}_before"] != both[f.SUPPLY_POINT]
    summary = _summary(now)
    counts = {
        name: (old.summary[name], value)
        for name, value in summary.items()
        if name in old.summary and old.summary[name] != value
    }
    order = [f.NODE_ID, f"{f.STATE}_before", f.STATE, f"{f.SUPPLY_POINT}_before", f.SUPPLY_POINT]
    return SnapshotDifference(changed, both.loc[differs, order].reset_index(drop=True), counts)


def events_inside(old: Snapshot) -> pd.DataFrame | None:
    """Give the events in the snapshot, checked against the schema; None if there are none.

    Raises
    ------
    GeodataError
        If they do not hold to the schema.
    """
    if old.events is None:
        return None
    try:
        return checked(typed(old.events.astype("str"), origin="snapshot"), name="snapshot")
    except (ValueError, TypeError) as error:
        if isinstance(error, GeodataError):
            raise
        raise GeodataError("snapshot.damaged", part="events") from error


def restored(old: Snapshot, dataset: Dataset) -> Situation:
    """Give the situation of a snapshot's scenario on a data set, with the events inside."""
    inside = events_inside(old)
    data = dataset if inside is None else replace(dataset, added_events=inside)
    return situation(data, old.state.scenario)


def _results(view: Situation) -> dict[str, Any]:
    towns = view.access.towns[list(TOWN_RESULTS)]
    states = view.segment_states
    shut = states[states[f.STATE] != SegmentState.OPEN]
    return {
        "summary": _summary(view),
        "towns": [[_value(each) for each in row] for row in towns.itertuples(index=False)],
        "segments": {str(row[f.SEGMENT_ID]): str(row[f.STATE]) for _, row in shut.iterrows()},
    }


def _summary(view: Situation) -> dict[str, int]:
    """Return counts of the summary; the towns isolated by each cause under a separate name."""
    summary = vars(view.access.summary)
    by_cause = {f"{f.ISOLATED_BY}_{c}": n.towns for c, n in summary[f.ISOLATED_BY].items()}
    flat = {name: int(value) for name, value in summary.items() if name != f.ISOLATED_BY}
    return {**flat, **by_cause}


def _added(release: Publication, table: pd.DataFrame) -> dict[str, Any]:
    """Give the user's events as the level allows, all of them, not only the window's."""
    if release.level == Sensitivity.PUBLIC:
        table = coarser(table, pd.Series(True, index=table.index), release.situation)
    rows = [[_value(each) for each in row] for row in table.itertuples(index=False)]
    return {"columns": [str(name) for name in table.columns], "rows": rows}


def _value(value: Any) -> Any:
    cell = plain_cell(value)
    return round(cell, 6) if isinstance(cell, float) else cell


def _note(note: Note) -> dict[str, str]:
    date = note.date.isoformat() if note.date else ""
    return {
        "segment_id": note.segment_id,
        "reason": note.reason,
        "source": note.source,
        "date": date,
        "author": note.author,
    }


def _read_note(note: dict[str, str]) -> Note:
    return Note(
        note["segment_id"], note["reason"], note["source"], day(note["date"]), note["author"]
    )


def _notice_params(notice: Notice) -> dict[str, object]:
    return dict(notice.params)
