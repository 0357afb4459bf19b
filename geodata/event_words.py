"""What events are, on whose word, and their figures, in the words of the schema."""

import re
from typing import Final

from geodata import fields as f
from geodata.event_columns import (
    ACTOR_2,
    FATALITIES,
    GEO_PRECISION,
    SUB_TYPE,
    TANKERS,
    TIME_PRECISION,
)
from geodata.event_draft import Draft
from geodata.event_types import FALLBACK, acled_code, acled_type, known_word
from geodata.event_vocabulary import DEFAULTS, VOCABULARIES
from geodata.numerals import count, number

ACLED_URL: Final = "https://acleddata.com"
_URL: Final = re.compile(r"https?://[^\s<>\"'`{}|\\^]{3,2000}", re.IGNORECASE)


def read_acled(draft: Draft) -> None:
    """ACLED's types, codes, actors and source in the words used here."""
    types, reported = [], []
    for place in range(len(draft)):
        main, sub = draft[f.EVENT_TYPE][place], draft[SUB_TYPE][place]
        found = acled_type(main, sub, draft[f.SUMMARY][place])
        if found is None and place not in draft.rejected:
            draft.warn(place, f.EVENT_TYPE, "events.unknown_type", value=main[:60])
        types.append(found or FALLBACK[f.EVENT_TYPE])
        reported.append(" / ".join(filter(None, (main, sub))))
    draft[f.EVENT_TYPE], draft[f.REPORTED_TYPE] = types, reported
    for field, coded in ((f.LOCATION_PRECISION, GEO_PRECISION), (f.DATE_PRECISION, TIME_PRECISION)):
        given, words = draft[coded], list(draft[field])
        for place, cell in enumerate(given):
            if not cell or words[place]:
                continue
            value = acled_code(field, cell)
            if value is None and place not in draft.rejected:
                draft.warn(place, coded, "events.unknown_code", value=cell[:60])
            words[place] = value or FALLBACK[field]
        draft[field] = words
    draft[f.ACTOR] = [
        "; ".join(filter(None, pair)) for pair in zip(draft[f.ACTOR], draft[ACTOR_2], strict=True)
    ]
    draft[f.SOURCE_NAME] = [f"ACLED ({cell})" if cell else "ACLED" for cell in draft[f.SOURCE_NAME]]
    draft[f.SOURCE_URL] = [cell or ACLED_URL for cell in draft[f.SOURCE_URL]]
    draft.tell("events.acled")


def read_types(draft: Draft) -> None:
    """Types in the words used here; what the file says is kept beside."""
    types, reported = [], []
    if f.EVENT_TYPE not in draft:
        draft.tell("events.no_type", "warning")
    given = [" / ".join(filter(None, pair)) for pair in
             zip(draft[f.EVENT_TYPE], draft[SUB_TYPE], strict=True)]  # fmt: skip
    for place, cell in enumerate(draft[f.EVENT_TYPE]):
        found = known_word(f.EVENT_TYPE, cell) if cell else None
        if cell and found is None and place not in draft.rejected:
            draft.warn(place, f.EVENT_TYPE, "events.unknown_type", value=cell[:60])
        types.append(found or FALLBACK[f.EVENT_TYPE])
        reported.append("" if given[place] == found else given[place])
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
            found = known_word(field, cell) if cell else DEFAULTS[field]
            blank += not cell and place not in draft.rejected
            if found is None:
                if place not in draft.rejected:
                    params = {"value": cell[:60], "taken": FALLBACK[field]}
                    draft.warn(place, field, "events.unknown_word", **params)
                found = FALLBACK[field]
            words.append(found)
        draft[field] = words
        if blank and field in {f.CONFIDENCE, f.LOCATION_PRECISION}:
            draft.tell("events.default", field=field, n=blank, taken=DEFAULTS[field])


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
    """Low and high figure of one row."""

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
