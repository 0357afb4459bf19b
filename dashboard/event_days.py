"""Days with reported events, for the calendar in which the visitor chooses a day."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dashboard.markup import Html, tag

SCRIPT: Final = Path(__file__).with_suffix(".js")


def script() -> str:
    """Return the script that marks the days in the calendar."""
    return f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"


def listed(days: Iterable[dt.date]) -> Html:
    """Return the days where the script finds them; nothing of it is seen."""
    written = " ".join(day.isoformat() for day in sorted(set(days)))
    return tag("span", class_="sr-event-days", data_days=written, hidden=True)
