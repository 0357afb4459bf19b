"""What events are, the source, and their figures, in the words of the schema."""

import re
from collections.abc import Mapping
from typing import Final

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.vocabulary import DEFAULTS, VOCABULARIES, EventType
from geodata.readers.events.acled_codes import (
    FALLBACK,
    acled_type,
    known_word,
    precision_code,
    ucdp_type,
)
from geodata.readers.events.draft import Draft
from geodata.readers.events.schemes import (
    ACTOR_2,
    DATE_PREC,
    FATALITIES,
    GEO_PRECISION,
    SUB_TYPE,
    TANKERS,
    TIME_PRECISION,
    WHERE_PREC,
)
from geodata.readers.tables.numbers import count, number
from geodata.sanitize import key

UCDP_URL: Final = "https://ucdp.uu.se"
ACLED_URL: Final = "https://acleddata.com"
_URL: Final = re.compile(r"https?://[^\s<>\"'`{}|\\^]{3,2000}", re.IGNORECASE)


_CODED: Final = (
    (f.LOCATION_PRECISION, GEO_PRECISION), (f.DATE_PRECISION, TIME_PRECISION),
    (f.LOCATION_PRECISION, WHERE_PREC), (f.DATE_PRECISION, DATE_PREC),
)  # fmt: skip
_NUMBERED: Final = re.compile(r"^\(\d{1,2}\)\s*")
_COUNTRY: Final = frozenset({"6", "7"})
_YEAR: Final = "5"
NEAR_KM: Final = "25"
"""How far UCDP's second class of places may lie from its point, in km."""


def read_codes(draft: Draft) -> None:
    """Precision of places and days from columns of codes, or of words in such a column."""
    for field, coded in _CODED:
        if coded not in draft:
            continue
        words = list(draft[field])
        for place, cell in enumerate(draft[coded]):
            if not cell or words[place]:
                continue
            value = precision_code(coded, cell) or known_word(field, _NUMBERED.sub("", cell))
            if value is None and place not in draft.rejected:
                draft.warn(place, coded, "events.unknown_code", value=cell[:60])
            words[place] = value or FALLBACK[field]
        draft[field] = words


def read_ucdp(draft: Draft) -> None:
    """UCDP's types, sides and sources in the words used here; no place finer than it says."""
    types, reported = [], []
    for place, cell in enumerate(draft[f.EVENT_TYPE]):
        event_type = ucdp_type(cell, draft[f.SUMMARY][place])
        if event_type is None and place not in draft.rejected:
            draft.warn(place, f.EVENT_TYPE, "events.unknown_type", value=cell[:60])
        types.append(event_type[0] if event_type else FALLBACK[f.EVENT_TYPE])
        reported.append(event_type[1] if event_type else cell)
    draft[f.EVENT_TYPE], draft[f.REPORTED_TYPE] = types, reported
    codes = draft[WHERE_PREC]
    draft[f.REGION] = [
        "" if code in _COUNTRY else re.sub(r"\s+region$", "", region, flags=re.IGNORECASE)
        for code, region in zip(codes, draft[f.REGION], strict=True)
    ]
    draft[f.PRECISION_KM] = [
        km or (NEAR_KM if code == "2" else "")
        for code, km in zip(codes, draft[f.PRECISION_KM], strict=True)
    ]
    draft[f.ACTOR] = [
        "; ".join(filter(None, pair)) for pair in zip(draft[f.ACTOR], draft[ACTOR_2], strict=True)
    ]
    draft[f.SOURCE_NAME] = [
        f"UCDP GED ({cell[:200]})" if cell else "UCDP GED" for cell in draft[f.SOURCE_NAME]
    ]
    draft[f.SOURCE_URL] = [cell or UCDP_URL for cell in draft[f.SOURCE_URL]]
    draft.remark("events.ucdp")


def unplaced(draft: Draft) -> set[int]:
    """Return places of the rows known only to a country, the sea or a year: they close nothing."""
    places = set()
    for place in draft.in_use():
        if draft[WHERE_PREC][place] in _COUNTRY:
            places.add(place)
            draft.warn(place, WHERE_PREC, "events.country_only")
        if draft[DATE_PREC][place] == _YEAR:
            places.add(place)
            draft.warn(place, DATE_PREC, "events.year_only")
    return places


def read_acled(draft: Draft) -> None:
    """ACLED's types, codes, actors and source in the words used here."""
    types, reported = [], []
    for place in range(len(draft)):
        main, sub = draft[f.EVENT_TYPE][place], draft[SUB_TYPE][place]
        event_type = acled_type(main, sub, draft[f.SUMMARY][place])
        if event_type is None and place not in draft.rejected:
            draft.warn(place, f.EVENT_TYPE, "events.unknown_type", value=main[:60])
        types.append(event_type or FALLBACK[f.EVENT_TYPE])
        reported.append(" / ".join(filter(None, (main, sub))))
    draft[f.EVENT_TYPE], draft[f.REPORTED_TYPE] = types, reported
    draft[f.ACTOR] = [
        "; ".join(filter(None, pair)) for pair in zip(draft[f.ACTOR], draft[ACTOR_2], strict=True)
    ]
    draft[f.SOURCE_NAME] = [f"ACLED ({cell})" if cell else "ACLED" for cell in draft[f.SOURCE_NAME]]
    draft[f.SOURCE_URL] = [cell or ACLED_URL for cell in draft[f.SOURCE_URL]]
    draft.remark("events.acled")


def read_types(draft: Draft, type_words: Mapping[str, str] | None = None) -> None:
    """Types in the words used here; what the file says is kept beside.

    Parameters
    ----------
    draft : Draft
    type_words : mapping of str to str, optional
        Type by word, as the user says; it goes before the vocabulary.

    Raises
    ------
    GeodataError
        ``events.type_unknown`` for a type that there is not.
    """
    types_by_word = {key(word): kind for word, kind in (type_words or {}).items()}
    for kind in types_by_word.values():
        if kind not in list(EventType):
            raise GeodataError("events.type_unknown", type=kind[:60], types=", ".join(EventType))
    types, reported = [], []
    if f.EVENT_TYPE not in draft:
        draft.remark("events.no_type", "warning")
    originals = [
        " / ".join(filter(None, pair))
        for pair in zip(draft[f.EVENT_TYPE], draft[SUB_TYPE], strict=True)
    ]
    for place, cell in enumerate(draft[f.EVENT_TYPE]):
        event_type = (
            (types_by_word.get(key(cell)) or known_word(f.EVENT_TYPE, cell)) if cell else None
        )
        if cell and event_type is None and place not in draft.rejected:
            draft.warn(place, f.EVENT_TYPE, "events.unknown_type", value=cell[:60])
        types.append(event_type or FALLBACK[f.EVENT_TYPE])
        reported.append("" if originals[place] == event_type else originals[place])
    if f.REPORTED_TYPE in draft.columns.places:
        reported = draft[f.REPORTED_TYPE]
    draft[f.EVENT_TYPE], draft[f.REPORTED_TYPE] = types, reported


def read_words(draft: Draft) -> None:
    """Other closed sets; a blank takes the default, a word not understood what claims least."""
    for field in VOCABULARIES:
        if field == f.EVENT_TYPE:
            continue
        words, blank = [], 0
        for place, cell in enumerate(draft[field]):
            word = known_word(field, cell) if cell else DEFAULTS[field]
            blank += not cell and place not in draft.rejected
            if word is None:
                if place not in draft.rejected:
                    params = {"value": cell[:60], "taken": FALLBACK[field]}
                    draft.warn(place, field, "events.unknown_word", **params)
                word = FALLBACK[field]
            words.append(word)
        draft[field] = words
        if blank and field in {f.CONFIDENCE, f.LOCATION_PRECISION}:
            draft.remark("events.default", field=field, n=blank, taken=DEFAULTS[field])


def read_counts(draft: Draft) -> None:
    """Low and high figures; where a file gives one figure it is both."""
    pairs = (
        (FATALITIES, f.FATALITIES_LOW, f.FATALITIES_HIGH),
        (TANKERS, f.TANKERS_LOW, f.TANKERS_HIGH),
    )
    for single, low_field, high_field in pairs:
        lows, highs = [], []
        for place in range(len(draft)):
            low, high = _pair(draft, place, single, low_field, high_field)
            if low is not None and high is not None and low > high:
                if place not in draft.rejected:
                    draft.warn(place, low_field, "events.low_above_high", low=low, high=high)
                low, high = high, low
            lows.append("" if low is None else str(low))
            highs.append("" if high is None else str(high))
        draft[low_field], draft[high_field] = lows, highs


def _pair(
    draft: Draft, place: int, single: str, low_field: str, high_field: str
) -> tuple[int | None, int | None]:
    """Return the low and high figure of one row."""

    def read(field: str) -> tuple[int | None, int | None]:
        low, high, remark = count(draft[field][place])
        if remark and place not in draft.rejected:
            shown = {"low": "–" if low is None else low, "high": "–" if high is None else high}
            draft.warn(place, field, remark, **shown)
        return low, high

    low, high = read(single) if single in draft else (None, None)
    if draft[low_field][place]:
        low = read(low_field)[0]
    if draft[high_field][place]:
        high = read(high_field)[1]
    return low, high


def read_sources(draft: Draft) -> None:
    """Links that lead to the web; others are left out. Radius of a place, if it is a number."""
    links = []
    for place, cell in enumerate(draft[f.SOURCE_URL]):
        first = re.split(r"[\s;,|]+", cell, maxsplit=1)[0] if cell else ""
        good = _URL.fullmatch(first) is not None
        if cell and not good and place not in draft.rejected:
            draft.warn(place, f.SOURCE_URL, "events.link")
        scheme, _, rest = first.partition(":")
        links.append(f"{scheme.lower()}:{rest}" if good else "")
    draft[f.SOURCE_URL] = links
    if f.PRECISION_KM in draft:
        radii = [number(cell) if cell else None for cell in draft[f.PRECISION_KM]]
        draft[f.PRECISION_KM] = ["" if km is None or km < 0 else f"{km:g}" for km in radii]
