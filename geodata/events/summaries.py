"""Summaries of the shipped events in French."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pandas as pd

from geodata import schema as f
from geodata._paths import DATA_FOLDER
from geodata.events.table import cells

SUMMARY_FR: Final = "summary_fr"
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
    written = str(event[f.SUMMARY])
    if lang != "fr":
        return written
    return _french().get((str(event[f.EVENT_ID]), written), written)


def summaries(events: pd.DataFrame, lang: str) -> list[str]:
    """Return the `summary` of every event of a table."""
    written = cells(events[f.SUMMARY])
    if lang != "fr":
        return written
    known = zip(cells(events[f.EVENT_ID]), written, strict=True)
    return [_french().get((name, text), text) for name, text in known]


@lru_cache(maxsize=1)
def _french() -> dict[tuple[str, str], str]:
    """Return the French summary by the event's id and its English summary."""
    with FRENCH.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {(row[f.EVENT_ID], row[f.SUMMARY]): row[SUMMARY_FR] for row in rows}
