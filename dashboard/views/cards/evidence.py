"""Reported events as a card lists them: day, kind, summary, source and confidence."""

from typing import Any

from dashboard.markup import Html, link, tag
from dashboard.page import Page
from geodata import schema as f
from geodata.events.summaries import place


def item(page: Page, row: dict[Any, Any], reason: str = "") -> Html:
    """Return one event as an item of a list.

    Parameters
    ----------
    page : Page
    row : dict
        Row of the table of events.
    reason : str
        Why it matters to the subject of the card; by default the kind of event.
    """
    words = page.words
    key = f"map.event.{row[f.EVENT_TYPE]}"
    kind = words(key) if words.has(key) else str(row[f.EVENT_TYPE])
    level = words(f"why.confidence.{row[f.CONFIDENCE]}")
    return tag(
        "li",
        tag("time", words.label(words.day(row[f.DATE]))),
        reason or f"{kind}, {place(row, words.lang)}",
        ". ",
        link(str(row[f.SOURCE_URL]), str(row[f.SOURCE_NAME])),
        " ",
        tag("span", words("card.confidence", level=level), class_="sr-muted"),
    )
