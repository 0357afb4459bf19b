"""Monthly counts of conflict events by district from HDX HAPI: for a chart, not for closures.

The service (hapi.humdata.org, version 2, ``coordination-context/conflict-events``) passes on
ACLED's counts by month and second-level district in three classes. A month's count says nothing
of a road or a day, so no closure is ever drawn from it.
"""

import base64
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geodata.errors import GeodataError
from geodata.i18n import day, text
from geodata.readers.services.http import Answer, ask, fresh, store, stored

SERVICE: Final = "HDX HAPI"
BASE_URL: Final = "https://hapi.humdata.org"
ENDPOINT: Final = "/api/v2/coordination-context/conflict-events"
PAGE_ROWS: Final = 10_000
MOST_ROWS: Final = 100_000
CACHE_DAYS: Final = 30
APPLICATION: Final = "supply-routes"

MONTH: Final = "month"
ADMIN1: Final = "admin1"
ADMIN2: Final = "admin2"
ADMIN2_PCODE: Final = "admin2_pcode"
CLASS: Final = "event_class"
EVENTS: Final = "events"
FATALITIES: Final = "fatalities"
Counted = tuple[dt.date, str, str, str, str, int | None, int | None]
COLUMNS: Final = (MONTH, ADMIN1, ADMIN2, ADMIN2_PCODE, CLASS, EVENTS, FATALITIES)


@dataclass(frozen=True)
class Counts:
    """Monthly counts and what must be said of them.

    Parameters
    ----------
    table : DataFrame
        [month (first day, date), admin1, admin2, admin2_pcode, event_class, events,
        fatalities]; counts are nullable whole numbers.
    fetched : datetime
        When the service was asked.
    stale : bool
        Whether an older answer is used since the service could not be reached.
    """

    table: pd.DataFrame
    fetched: dt.datetime
    stale: bool

    def attribution(self, lang: str = "en") -> str:
        """Return the credit with the date of access."""
        return text("hapi.attribution", lang, date=day(self.fetched.date(), lang))


def app_identifier(email: str, application: str = APPLICATION) -> str:
    """Return the mark by which the service knows its callers: name and e-mail address in base 64.

    Raises
    ------
    GeodataError
        ``connect.email`` if ``email`` is none.
    """
    if not re.fullmatch(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+", email):
        raise GeodataError("connect.email", email=email[:60])
    return base64.b64encode(f"{application}:{email}".encode()).decode()


def conflict_counts(
    email: str,
    *,
    start: dt.date,
    end: dt.date,
    location: str = "MLI",
    cache: Path | None = None,
    base_url: str = BASE_URL,
    timeout: float = 30.0,
) -> Counts:
    """Return the monthly counts by district for one country.

    Parameters
    ----------
    email : str
        Contact address that the service asks for.
    start, end : date
        Months from ``start`` to ``end``.
    location : str
        ISO 3166-1 alpha-3 code.
    cache : Path, optional
        Folder for answers; nothing is kept without one.
    base_url : str
        Another address, for tests on this machine.
    timeout : float
        Seconds.

    Raises
    ------
    GeodataError
        ``connect.*`` if the service cannot be asked and no earlier answer is at hand.
    """
    if end < start:
        raise GeodataError("connect.period", start=start, end=end)
    question = {
        "location_code": location,
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "admin_level": "2",
        "output_format": "json",
    }
    cached = stored(cache, question)
    if cached and fresh(cached, days=CACHE_DAYS):
        return _counts(cached)
    try:
        url = base_url.rstrip("/") + ENDPOINT
        rows = _rows(url, {**question, "app_identifier": app_identifier(email)}, timeout)
    except GeodataError as error:
        if cached and error.key in {"connect.offline", "connect.slow", "connect.fault"}:
            return _counts(replace(cached, stale=True))
        raise
    answer = Answer(rows, dt.datetime.now(dt.UTC))
    counts = _counts(answer)
    store(cache, question, answer)
    return counts


def _rows(url: str, question: Mapping[str, str], timeout: float) -> list[dict[str, Any]]:
    """Return every row of the answer, page by page."""
    rows: list[dict[str, Any]] = []
    while True:
        params = {**question, "limit": str(PAGE_ROWS), "offset": str(len(rows))}
        answer = ask(SERVICE, "GET", url, params=params, timeout=timeout)
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise GeodataError("connect.unreadable", service=SERVICE)
        rows += data
        if len(rows) > MOST_ROWS:
            raise GeodataError("connect.too_large", service=SERVICE, limit=MOST_ROWS)
        if len(data) < PAGE_ROWS:
            return rows


def _counts(answer: Answer) -> Counts:
    """Return the table of the rows; a row in another form than documented refuses the answer."""
    try:
        table = [counted(row) for row in answer.rows]
    except (KeyError, ValueError, TypeError):
        raise GeodataError("connect.unreadable", service=SERVICE) from None
    frame = pd.DataFrame(table, columns=list(COLUMNS))
    frame[[EVENTS, FATALITIES]] = frame[[EVENTS, FATALITIES]].astype("Int64")
    order = [MONTH, ADMIN1, ADMIN2, CLASS]
    frame = frame.sort_values(order, kind="stable", ignore_index=True)
    return Counts(frame, answer.fetched, answer.stale)


def counted(row: Mapping[str, Any]) -> Counted:
    """Return the cells of `COLUMNS` from one row of the service.

    Raises
    ------
    KeyError, ValueError, TypeError
        If the row is in another form than documented.
    """
    return (
        dt.date.fromisoformat(str(row["reference_period_start"])[:10]).replace(day=1),
        str(row.get("admin1_name") or ""),
        str(row.get("admin2_name") or ""),
        str(row.get("admin2_code") or ""),
        str(row["event_type"]),
        _count(row.get("events")),
        _count(row.get("fatalities")),
    )


def _count(value: object) -> int | None:
    """Return a count, or None where the service gives none."""
    if value is None:
        return None
    count = int(str(value))
    if count < 0:
        raise ValueError(value)
    return count
