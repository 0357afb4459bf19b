"""Dated reports of towns' fuel, and how likely each is for a given service of a town."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.fuel_priors import SHORT_BELOW
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.network.names import town_names
from geodata.sanitize import folded

SHORT: Final = "short"
SUPPLIED: Final = "supplied"
REPORTED: Final = {
    "shortage": SHORT, "no_fuel": SHORT, "no_power": SHORT, "cut_off": SHORT,
    "partial": SUPPLIED, "available": SUPPLIED,
}  # fmt: skip
"""What each reported status counts as."""
COLUMNS: Final = (f.DATE, "town", "status")
SPANS: Final = {"week": 7, "month": 28}
# Share of usual use between which each word is said: nothing on sale, most stations shut, some
# open, a fill in minutes. The middle edge is that of the model's own word; the others are judged.
EDGES: Final = (0.0, 0.12, SHORT_BELOW, 0.75, 1.0)
BAND: Final = {
    "no_fuel": (0, 1), "shortage": (1, 2), "partial": (2, 3), "available": (3, 4),
    "cut_off": (0, 2), "no_power": (0, 2),
}  # fmt: skip
BLUR: Final = 0.08
"""Width of an edge, as a share of usual use."""
WRONG: Final = 0.15
"""Chance that a report says nothing about the town's state, as of an event of medium confidence."""


@dataclass(frozen=True)
class Report:
    """One report of a town's fuel.

    Parameters
    ----------
    day : date
        Day as reported; the first of a week or month.
    known : date
        Day from which it counts: the last of its week or month, or its publication if earlier.
    town : str
        Node id.
    name, status : str
        As reported.
    """

    day: dt.date
    known: dt.date
    town: str
    name: str
    status: str

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Days that it may speak of: from its own to the one on which it is known."""
        length = (self.known - self.day).days + 1
        return tuple(self.day + dt.timedelta(days=i) for i in range(length))

    @property
    def short(self) -> bool:
        """Whether it reports a shortage."""
        return REPORTED[self.status] == SHORT


def read_reports(
    network: Network, statuses: pd.DataFrame
) -> tuple[tuple[Report, ...], tuple[str, ...]]:
    """Part the reports that can be used, in their order, from the others with the reason.

    Parameters
    ----------
    network : Network
    statuses : DataFrame
        Columns ``date`` (ISO), ``town`` (a name or id of the network) and ``status``; if there,
        ``date_precision`` (``day``, ``week``, ``month``) and ``source_date`` count too.

    Raises
    ------
    GeodataError
        If columns are missing.
    """
    missing = [c for c in COLUMNS if c not in statuses.columns]
    if missing:
        raise GeodataError("hindcast.columns", columns=", ".join(missing))
    names = town_names(network)
    reports, left_out = [], []
    for number, row in enumerate(statuses.to_dict("records"), start=2):
        name, status = str(row["town"]).strip(), str(row["status"]).strip()
        town, day = names.get(folded(name)), day_of(row[f.DATE])
        faults = [
            column
            for column, bad in (
                ("town", town is None),
                ("date", day is None),
                ("status", status not in REPORTED),
            )
            if bad
        ]
        if faults or town is None or day is None:
            cells = ", ".join(f"{c} {str(row[f.DATE if c == 'date' else c])!r}" for c in faults)
            left_out.append(f"row {number}: {cells}")
        else:
            reports.append(Report(day, _known(row, day), town, name, status))
    return tuple(reports), tuple(left_out)


def _known(row: Mapping[Any, Any], day: dt.date) -> dt.date:
    """Return the day from which a report counts."""
    span = SPANS.get(str(row.get(f.DATE_PRECISION, "day")), 1)
    last = day + dt.timedelta(days=span - 1)
    published = day_of(row.get(f.SOURCE_DATE, ""))
    return last if published is None else max(day, min(last, published))


def day_of(cell: object) -> dt.date | None:
    """Return the day that a cell holds in ISO form; None for anything else, such as a month."""
    try:
        return dt.date.fromisoformat(str(cell).strip())
    except ValueError:
        return None


def above(served: NDArray[np.float32], edge: float) -> NDArray[np.float32]:
    """Return the chance that a town with a share of its use served is taken to be above an edge."""
    return np.asarray(1 / (1 + np.exp((edge - served) / np.float32(BLUR))), dtype=np.float32)


def likelihood(served: NDArray[np.float32], status: str) -> NDArray[np.float32]:
    """Return the likelihood of a report for each share of usual use that a town is served.

    An ordered logit: the chance that the blurred share lies between the edges of the word,
    mixed with a report that says nothing.

    Parameters
    ----------
    served : array of float32
        Share of usual use served recently, from 0 to 1.
    status : str
        A key of `REPORTED`.
    """
    low, high = BAND[status]
    over = above(served, EDGES[low]) if low else np.float32(1.0)
    under = above(served, EDGES[high]) if high < len(EDGES) - 1 else np.float32(0.0)
    words = len(EDGES) - 1
    return np.asarray(WRONG * (high - low) / words + (1 - WRONG) * (over - under), np.float32)
