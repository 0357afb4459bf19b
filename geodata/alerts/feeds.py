"""Messages as an Atom feed (RFC 4287) and as a JSON feed (version 1.1)."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Final

from feedgen.feed import FeedGenerator

from geodata.alerts.messages import Message
from geodata.i18n import text

KEPT: Final = 200
"""Newest messages that a feed holds."""

JSON_FEED: Final = "https://jsonfeed.org/version/1.1"


def atom(messages: Sequence[Message], *, lang: str, address: str = "", made: dt.date) -> bytes:
    """Return the Atom feed of messages, the newest first.

    Parameters
    ----------
    messages : sequence of Message
    lang : {'en', 'fr'}
    address : str
        Address of the app, which is part of the feed's id.
    made : date
        Time of a feed without messages.
    """
    feed = FeedGenerator()
    feed.id(address or "urn:supply-routes:changes")
    feed.title(text("alerts.feed", lang))
    feed.author({"name": "supply routes"})
    feed.language(lang)
    if address:
        feed.link(href=address, rel="alternate")
    newest = _newest(messages)
    feed.updated(_moment(newest[0].day if newest else made))
    for message in reversed(newest):  # feedgen puts each new entry first
        entry = feed.add_entry()
        entry.id(f"urn:sha256:{message.key}")
        entry.title(message.title)
        entry.content(message.body, type="text")
        entry.updated(_moment(message.day))
        entry.published(_moment(message.day))
        if address:
            entry.link(href=message.link, rel="alternate")
        for source in message.sources:
            if source.url:
                entry.link(href=source.url, rel="related", title=source.name)
    return bytes(feed.atom_str(pretty=True))


def json_feed(messages: Sequence[Message], *, lang: str, address: str = "") -> bytes:
    """Return the JSON feed of messages, the newest first."""
    feed = {
        "version": JSON_FEED,
        "title": text("alerts.feed", lang),
        "language": lang,
        **({"home_page_url": address} if address else {}),
        "items": [
            {
                "id": f"urn:sha256:{message.key}",
                "title": message.title,
                "content_text": message.body,
                "date_published": _moment(message.day).isoformat(),
                "tags": list(message.towns),
                **({"url": message.link} if address else {}),
                "_events": [source.event for source in message.sources if source.event],
            }
            for message in _newest(messages)
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _newest(messages: Sequence[Message]) -> list[Message]:
    return sorted(messages, key=lambda each: (each.day, each.key), reverse=True)[:KEPT]


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
