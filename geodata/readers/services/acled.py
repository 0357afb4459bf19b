"""Events from ACLED's API, for those with an account: fetched, kept on disk, read like a file.

The service (acleddata.com, documentation "API guide" of 2025): a token from ``/oauth/token``
with e-mail address and password (valid for a day), renewed with the refresh token (valid for two
weeks); rows from ``/api/acled/read``, paged by ``limit`` and ``page``. What an account may read,
and how fresh, depends on its access level.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geodata.errors import GeodataError
from geodata.i18n import day, text
from geodata.readers.events.dates import RECENT_DAYS
from geodata.readers.events.reader import read_events
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.report import Report
from geodata.readers.services.http import Answer, DeniedError, ask, fresh, store, stored

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SERVICE: Final = "ACLED"
BASE_URL: Final = "https://acleddata.com"
PAGE_ROWS: Final = 5000
CACHE_DAYS: Final = 7
"""ACLED publishes weekly; an answer is asked for again after that."""

FIELDS: Final = (
    "event_id_cnty", "event_date", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "actor2", "country", "admin1", "admin2", "location", "latitude",
    "longitude", "geo_precision", "source", "notes", "fatalities",
)  # fmt: skip
NAMES: Final = ("ACLED_EMAIL", "ACLED_PASSWORD")


@dataclass(frozen=True)
class Credentials:
    """A myACLED account; the password never shows in messages."""

    email: str
    password: str = field(repr=False)


def credentials(settings: Mapping[str, str]) -> Credentials:
    """Return the account from the environment or the app's secrets.

    Raises
    ------
    GeodataError
        ``connect.credentials`` naming the settings that are missing.
    """
    email, password = (str(settings.get(name, "")).strip() for name in NAMES)
    if not email or not password:
        raise GeodataError("connect.credentials", service=SERVICE, names=" and ".join(NAMES))
    return Credentials(email, password)


@dataclass(frozen=True)
class Fetched:
    """Events from ACLED with their report, and what must be said of them.

    Parameters
    ----------
    events : DataFrame
        In the columns of :data:`geodata.events.table.COLUMNS`.
    report : Report
    fetched : datetime
        When ACLED was asked.
    stale : bool
        Whether an older answer is used since ACLED could not be reached.
    start, end : date
        Period asked for.
    country : str
    """

    events: pd.DataFrame
    report: Report
    fetched: dt.datetime
    stale: bool
    start: dt.date
    end: dt.date
    country: str

    def attribution(self, lang: str = "en") -> str:
        """Return the credit as ACLED's attribution policy asks: source, date of access, filters."""
        period = {"start": day(self.start, lang), "end": day(self.end, lang)}
        filters = text("acled.filters", lang, country=self.country, **period)
        return text("acled.attribution", lang, date=day(self.fetched.date(), lang), filters=filters)

    def terms(self, lang: str = "en") -> str:
        """Return what ACLED's terms of use mean for these events: to be shown beside them."""
        return text("acled.terms", lang)


def fetch_events(
    account: Credentials,
    *,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    country: str = "Mali",
    area: "BaseGeometry | None" = None,
    cache: Path | None = None,
    include_recent: bool = False,
    base_url: str = BASE_URL,
    timeout: float = 30.0,
    limits: Limits = UPLOAD,
) -> Fetched:
    """Return the events of one country and period.

    Parameters
    ----------
    account : Credentials
    start, end : date
        Period, both days included; unless recent events are allowed it ends at least seven
        days before ``today``.
    today : date
    country : str
        As ACLED writes it.
    area : shapely geometry, optional
        Study area, as in :func:`geodata.readers.events.reader.read_events`.
    cache : Path, optional
        Folder for answers; nothing is kept without one.
    include_recent : bool
    base_url : str
        Another address, for tests on this machine.
    timeout : float
        Seconds.
    limits : Limits

    Raises
    ------
    GeodataError
        ``connect.*`` if ACLED cannot be asked and no earlier answer is at hand.
    """
    if not include_recent:
        end = min(end, today - dt.timedelta(days=RECENT_DAYS))
    if end < start:
        raise GeodataError("connect.period", start=start, end=end)
    question = {
        "country": country,
        "event_date": f"{start}|{end}",
        "event_date_where": "BETWEEN",
        "fields": "|".join(FIELDS),
    }
    answer = _answer(account, question, cache, base_url, timeout, limits)
    events, report = read_events(
        _as_csv(answer.rows),
        "ACLED",
        today=today,
        area=area,
        include_recent=include_recent,
        limits=limits,
    )
    return Fetched(events, report, answer.fetched, answer.stale, start, end, country)


def _answer(
    account: Credentials,
    question: Mapping[str, str],
    cache: Path | None,
    base_url: str,
    timeout: float,
    limits: Limits,
) -> Answer:
    """Rows from the cache while fresh, else from ACLED; an older answer where it is silent."""
    # The account is part of the mark: what one may read is not for another to see.
    mark = {**question, "account": account.email}
    cached = stored(cache, mark)
    if cached and fresh(cached, days=CACHE_DAYS):
        return cached
    try:
        rows = _Session(account, base_url, timeout).rows(question, limits.rows)
    except DeniedError:
        raise
    except GeodataError as error:
        if cached and error.key in {"connect.offline", "connect.slow", "connect.fault"}:
            return replace(cached, stale=True)
        raise
    answer = Answer(rows, dt.datetime.now(dt.UTC))
    store(cache, mark, answer)
    return answer


class _Session:
    """Token of one account, and pages read with it."""

    def __init__(self, account: Credentials, base_url: str, timeout: float) -> None:
        self.account, self.base_url, self.timeout = account, base_url.rstrip("/"), timeout
        self.token, self.renewal = "", ""

    def rows(self, question: Mapping[str, str], limit: int) -> list[dict[str, Any]]:
        """Return every row of the answer, page by page."""
        rows: list[dict[str, Any]] = []
        self._log_in()
        page = 1
        while True:
            params = {**question, "_format": "json", "limit": str(PAGE_ROWS), "page": str(page)}
            page_rows = self._page(params)
            rows += page_rows
            if len(rows) > limit:
                raise GeodataError("connect.too_large", service=SERVICE, limit=limit)
            if len(page_rows) < PAGE_ROWS:
                return rows
            page += 1

    def _page(self, params: Mapping[str, str]) -> list[dict[str, Any]]:
        try:
            answer = self._read(params)
        except DeniedError:
            self._renew()
            answer = self._read(params)
        if not isinstance(answer, dict) or answer.get("success") is False:
            raise GeodataError("connect.unreadable", service=SERVICE)
        rows = answer.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise GeodataError("connect.unreadable", service=SERVICE)
        return rows

    def _read(self, params: Mapping[str, str]) -> Any:
        url = f"{self.base_url}/api/acled/read"
        return ask(SERVICE, "GET", url, params=params, token=self.token, timeout=self.timeout)

    def _log_in(self) -> None:
        self._request_token(
            {
                "grant_type": "password",
                "username": self.account.email,
                "password": self.account.password,
            }
        )

    def _renew(self) -> None:
        """A new token by the refresh token, or by logging in where that has run out."""
        try:
            self._request_token({"grant_type": "refresh_token", "refresh_token": self.renewal})
        except DeniedError:
            self._log_in()

    def _request_token(self, form: Mapping[str, str]) -> None:
        url = f"{self.base_url}/oauth/token"
        fields = {**form, "client_id": "acled"}
        answer = ask(SERVICE, "POST", url, form=fields, timeout=self.timeout)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise GeodataError("connect.unreadable", service=SERVICE)
        self.token, self.renewal = token, str(answer.get("refresh_token", ""))


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    """Return the rows as the CSV that ACLED's portal exports, for the one reader of events."""
    file = io.StringIO()
    writer = csv.DictWriter(file, FIELDS, extrasaction="ignore", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _plain(row.get(name)) for name in FIELDS})
    return file.getvalue().encode("utf-8", errors="replace")


def _plain(value: object) -> str:
    return "" if value is None else str(value)
