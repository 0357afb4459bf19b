"""Summaries and places of the shipped events in French."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pandas as pd

from geodata import schema as f
from geodata._paths import DATA_FOLDER
from geodata.events.table import cells

SUMMARY_FR: Final = "summary_fr"
PLACE_FR: Final = "place_fr"
FRENCH: Final = DATA_FOLDER / "summaries_fr.csv"


def summary(event: "Mapping[str, object] | pd.Series", lang: str) -> str:
    """Return the summary of an event in a language, or as it was written where there is no other.

    Parameters
    ----------
    event : mapping or Series
        A row of a table of events. Only a shipped event whose summary nobody has changed has a
        French one.
    lang : {'en', 'fr'}
    """
    return _in(lang, event, f.SUMMARY, SUMMARY_FR)


def place(event: "Mapping[str, object] | pd.Series", lang: str) -> str:
    """Return where an event took place in a language, or as it was written where there is no other.

    Parameters
    ----------
    event : mapping or Series
        A row of a table of events. Only a shipped event whose place nobody has changed has a
        French one.
    lang : {'en', 'fr'}
    """
    return _in(lang, event, f.PLACE, PLACE_FR)


def summaries(events: pd.DataFrame, lang: str) -> list[str]:
    """Return the `summary` of every event of a table."""
    return _of_all(lang, events, f.SUMMARY, SUMMARY_FR)


def places(events: pd.DataFrame, lang: str) -> list[str]:
    """Return the `place` of every event of a table."""
    return _of_all(lang, events, f.PLACE, PLACE_FR)


def _in(lang: str, event: "Mapping[str, object] | pd.Series", column: str, french: str) -> str:
    written = str(event[column])
    if lang != "fr":
        return written
    return _french(column, french).get((str(event[f.EVENT_ID]), written), written)


def _of_all(lang: str, events: pd.DataFrame, column: str, french: str) -> list[str]:
    written = cells(events[column])
    if lang != "fr":
        return written
    known = zip(cells(events[f.EVENT_ID]), written, strict=True)
    return [_french(column, french).get((name, text), text) for name, text in known]


@lru_cache(maxsize=2)
def _french(column: str, french: str) -> dict[tuple[str, str], str]:
    """Return a column's French words by the event's id and the English words."""
    with FRENCH.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {(row[f.EVENT_ID], row[column]): row[french] for row in rows}
