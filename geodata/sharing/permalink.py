"""The link that carries the whole view: state to query string and back.

A link holds the scenario (cuts, reopenings, supply points off, vehicle, traffic, date, rules
changed, comparison), the filters and where the map stands, each as a short readable parameter
that is left out while it has its default. Opening a link gives the same state again; whatever
cannot be used falls back to the default and is named in a `Notice`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from geodata.scenario import ShockAssumptions
from geodata.sharing import encoding as codes
from geodata.sharing.permalink_reader import LISTS, VERSION, Reader, one_of
from geodata.sharing.selection_code import selection_code
from geodata.sharing.shock_code import shock_code
from geodata.sharing.view_state import NOTHING, KnownIds, Note, Notice, View, ViewState

__all__ = [
    "NOTHING",
    "KnownIds",
    "Note",
    "Notice",
    "View",
    "ViewState",
    "compared",
    "comparing",
    "format",
    "notes_fit",
    "params",
    "parse",
]

ANY_ID: Final = KnownIds()
NOTES_CHARACTERS: Final = 1_500
"""Notes travel in the link up to this length together; longer ones only in a snapshot."""

SAFE: Final = ",:;~/"
SCENARIO: Final = (
    "cut", "cut_by", "reopen", "off", "vehicle", "traffic", "by", "date", "window", "preset",
)  # fmt: skip
FOLLOWING: Final = ("vehicle", "traffic", "by", "window")
ORDER: Final = (
    "cut",
    "cut_by",
    "reopen",
    "off",
    "vehicle",
    "traffic",
    "by",
    "date",
    "window",
    "preset",
    "rules",
    "shocks",
    "compare",
    "lang",
    "town",
    "way",
    "view",
    "corridor",
    "region",
    "hide",
    "show",
    "tab",
    "title",
    "note",
    "desk",
    "network",
    "data",
)
FOREIGN: Final = ("embed", "embed_options", "v", "s")
"""Parameters of the page's own frame, and the version, which need no remark."""

JOINED: Final = frozenset({*LISTS, "cut_by"})
"""Parameters that hold several values, joined by commas."""

DEFAULT: Final = ViewState()


def format(state: ViewState, *, known: KnownIds = ANY_ID) -> str:
    """Write the link's query string, without ``?``; only what differs from the default.

    Parameters
    ----------
    state : ViewState
    known : Known
        With the network's segments, a long list of cuts is written in few characters.
    """
    pairs = [("v", str(VERSION))]
    for name, value in params(state, known=known).items():
        pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    quoted = ((name, quote(value, safe=SAFE, errors="replace")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in quoted)


def params(state: ViewState, *, known: KnownIds = ANY_ID) -> dict[str, str | list[str]]:
    """Give the link's parameters by name, not yet percent-encoded, the version left out."""
    written = {name: _written(state, name, known) for name in ORDER if name != "note"}
    parameters: dict[str, str | list[str]] = {
        name: value for name, value in written.items() if value
    }
    if state.notes and notes_fit(state):
        parameters["note"] = [_note_text(note) for note in state.notes]
    return {name: parameters[name] for name in ORDER if name in parameters}


def notes_fit(state: ViewState) -> bool:
    """Return whether the notes are short enough, together, to travel in the link."""
    return sum(len(quote(_note_text(note))) for note in state.notes) <= NOTES_CHARACTERS


def parse(
    query: str | Mapping[str, object], *, known: KnownIds = ANY_ID
) -> tuple[ViewState, tuple[Notice, ...]]:
    """Return the state that a link holds, with a notice for each value that could not be used.

    Parameters
    ----------
    query : str or mapping
        A query string (a leading ``?`` or a whole URL is fine), or its parameters, each a
        string or a list of strings.
    known : Known
        Ids and names that exist here.

    Notes
    -----
    Never raises. A list may be comma-joined, repeated or both; of a repeated single value the
    last counts, and a notice says so.
    """
    reader = Reader(known)
    values = reader.parameters(query)
    reader.check_version(values.get("v", []))
    unknown = [name for name in values if name not in ORDER and name not in FOREIGN]
    reader.remark_on("state.unknown_parameters", unknown)
    fields: dict[str, Any] = {}
    for name in ORDER:
        value = reader.value(name, values.get(name, []))
        if value is not None:
            fields["notes" if name == "note" else name] = value
    state = ViewState(**fields)
    reader.check_data(state.data)
    if state.compare:
        code, notices = _checked_compare(state, known)
        state = replace(state, compare=code)
        reader.notices += notices
    return state, tuple(reader.notices)


def compared(state: ViewState) -> ViewState | None:
    """Give the scenario that `state` is compared with, as a separate state.

    A date or a preset alone changes only that. ``none`` and a list of fields give the whole
    other scenario: cuts, reopenings, supply points off, date and preset that are not named are
    not set. Vehicle, traffic, measure, window, rules and shocks follow `state` unless named.
    """
    return _compared(state, ANY_ID)[0]


def comparing(state: ViewState, other: ViewState) -> ViewState:
    """Give `state` compared with the scenario of `other`.

    Rules are those of `state`: a comparison under other rules would compare two things at once.
    """
    return replace(state, compare=_compare_code(state, other))


def _written(state: ViewState, name: str, known: KnownIds) -> str:
    """Return the value of one parameter as text; empty for the default."""
    value = getattr(state, name)
    if value == getattr(DEFAULT, name) or value is None:
        return ""
    if name in LISTS:
        text = codes.join(value)
        long = len(text) > codes.READABLE_CHARACTERS
        return (codes.pack(value, getattr(known, LISTS[name]) or ()) if long else None) or text
    if name == "cut_by":
        return codes.join(selection_code(each) for each in value)
    if name == "rules":
        return ",".join(f"{rule}:{codes.decimal_text(number)}" for rule, number in value)
    if isinstance(value, ShockAssumptions):
        return shock_code(value)
    if isinstance(value, View):
        return ",".join(codes.decimal_text(each) for each in (value.lat, value.lon, value.zoom))
    return str(value)


def _note_text(note: Note) -> str:
    date = note.date.isoformat() if note.date else ""
    parts = (note.segment_id, note.reason, note.source, date, note.author)
    return ";".join(codes.escape(part) for part in parts)


def _compare_code(state: ViewState, other: ViewState) -> str:
    """Return how `other` is written, as short as it can be, so that `_compared` gives it again."""
    other = replace(state, compare="", **{name: getattr(other, name) for name in SCENARIO})
    short = [NOTHING, other.date.isoformat() if other.date else "", other.preset or ""]
    for code in short:
        if code and _compared(replace(state, compare=code), ANY_ID)[0] == other:
            return code
    base = _nothing_set(state)
    changed_names = [name for name in SCENARIO if getattr(other, name) != getattr(base, name)]
    return ";".join(f"{name}:{_value_text(other, name)}" for name in changed_names)


def _value_text(state: ViewState, name: str) -> str:
    value = getattr(state, name)
    if name == "cut_by":
        return codes.join(selection_code(each) for each in value)
    return codes.join(value) if name in LISTS else codes.escape(str(value))


def _nothing_set(state: ViewState) -> ViewState:
    followed = {name: getattr(state, name) for name in (*FOLLOWING, "rules", "shocks")}
    return replace(
        state, compare="", **{name: getattr(DEFAULT, name) for name in SCENARIO} | followed
    )


def _compared(state: ViewState, known: KnownIds) -> tuple[ViewState | None, list[Notice]]:
    code = state.compare
    if not code:
        return None, []
    if code == NOTHING:
        return _nothing_set(state), []
    reader = Reader(known)
    if codes.day(code):
        day = reader.day(code)
        return replace(state, compare="", date=day, preset=None), reader.notices
    if ":" not in code:
        preset = one_of(code, known.presets)
        if preset is None:
            return None, [
                Notice("state.bad_value", {"name": "compare", "value": codes.named([code])})
            ]
        return replace(state, compare="", preset=preset), []
    fields: dict[str, Any] = {}
    for part in code.split(";"):
        name, _, value = part.partition(":")
        if name not in SCENARIO:
            reader.bad("compare", part)
            continue
        read = reader.value(name, [value if name in JOINED else codes.unescape(value)])
        if read is not None:
            fields[name] = read
    return replace(_nothing_set(state), **fields), reader.notices


def _checked_compare(state: ViewState, known: KnownIds) -> tuple[str, list[Notice]]:
    """Give the comparison with what does not exist here taken out, written the one way."""
    other, notices = _compared(state, known)
    return (_compare_code(state, other) if other else ""), notices
