"""The table of events: one schema for the shipped one and for every table opened beside it.

An event is dated, sourced and placed as closely as its source places it, and no closer: one
known only to its region has no coordinates. Where sources disagree, both figures are kept.
"""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geodata import schema as f
from geodata._paths import DATA_FOLDER
from geodata.errors import GeodataError
from geodata.events.vocabulary import DEFAULTS, VOCABULARIES, LocationPrecision

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

SHIPPED: Final = DATA_FOLDER / "events.csv"


DATES: Final = (f.DATE, f.END_DATE)
COUNTS: Final = (f.TANKERS_LOW, f.TANKERS_HIGH, f.FATALITIES_LOW, f.FATALITIES_HIGH)
NUMBERS: Final = (f.LAT, f.LON, f.PRECISION_KM)
TEXTS: Final = (
    f.EVENT_ID, f.PLACE, f.REGION, f.PLACE_BASIS, f.NODE_ID, f.SEGMENT_IDS, f.CORRIDOR, f.ACTOR,
    f.SOURCE_NAME, f.SOURCE_URL, f.SOURCE_DATE, f.SUMMARY, f.REPORTED_TYPE, f.ORIGIN,
)  # fmt: skip
COLUMNS: Final = (
    f.EVENT_ID, f.DATE, f.DATE_PRECISION, f.END_DATE, f.EVENT_TYPE, f.REPORTED_TYPE, f.PLACE,
    f.REGION, f.LAT, f.LON, f.LOCATION_PRECISION, f.PRECISION_KM, f.PLACE_BASIS, f.NODE_ID,
    f.SEGMENT_IDS, f.CORRIDOR, f.ACTOR, f.EFFECT, f.APPLIES_TO, f.TANKERS_LOW, f.TANKERS_HIGH,
    f.FATALITIES_LOW, f.FATALITIES_HIGH, f.SOURCE_NAME, f.SOURCE_URL, f.SOURCE_DATE, f.CONFIDENCE,
    f.SUMMARY, f.MAY_CLOSE, f.ORIGIN,
)  # fmt: skip

RANGES: Final[dict[str, tuple[float, float | None]]] = {
    f.LAT: (-90.0, 90.0),
    f.LON: (-180.0, 180.0),
    **dict.fromkeys((f.PRECISION_KM, *COUNTS), (0, None)),
}
"""Least and greatest value by column; None where there is no greatest."""

PATTERNS: Final = {
    f.EVENT_ID: r"(?s)^.+",
    f.SOURCE_URL: r"^(https?://\S+)?$",
    f.SOURCE_DATE: r"^(\d{4}(-\d\d){1,2})?$",
}
"""Form of a text by column."""

LOW_HIGH: Final = ((f.TANKERS_LOW, f.TANKERS_HIGH), (f.FATALITIES_LOW, f.FATALITIES_HIGH))
"""Columns of a low and a high figure: where sources disagree, both are kept."""


@lru_cache(maxsize=1)
def schema() -> "DataFrameSchema":
    """Return the schema of a table of events.

    Dates are :class:`datetime.date` or None, counts nullable whole numbers, coordinates WGS84
    degrees (both missing where only the region is known), texts never missing but maybe empty;
    the date of a source is text (``2025-12-03`` or ``2025-12``), since some name only a month.
    ``may_close`` is False for events that are kept but must close nothing: those outside the
    study area or dated in the future.
    """
    # Imported here: it takes half a second that a page without uploads need not wait for.
    import pandera.pandas as pa

    def day(needed: bool) -> pa.Column:
        check = pa.Check(lambda value: isinstance(value, dt.date), element_wise=True)
        return pa.Column(object, check, nullable=not needed)

    return pa.DataFrameSchema(
        {
            **{name: pa.Column(str) for name in TEXTS},
            **{
                name: pa.Column(str, pa.Check.isin(list(vocabulary)))
                for name, vocabulary in VOCABULARIES.items()
            },
            **{
                name: pa.Column(
                    "Int64" if name in COUNTS else float,
                    pa.Check.ge(low) if high is None else pa.Check.in_range(low, high),
                    nullable=True,
                )
                for name, (low, high) in RANGES.items()
            },
            **{name: day(name == f.DATE) for name in DATES},
            f.MAY_CLOSE: pa.Column(bool),
            **{
                name: pa.Column(str, pa.Check.str_matches(pattern), unique=name == f.EVENT_ID)
                for name, pattern in PATTERNS.items()
            },
        },
        checks=[
            *(
                pa.Check(partial(_no_greater, low=low, high=high), name="low_above_high")
                for low, high in LOW_HIGH
            ),
            pa.Check(_ends_after_start, name="end_before_start"),
            pa.Check(_placed, name="no_coordinates"),
        ],
    )


def _no_greater(events: pd.DataFrame, *, low: str, high: str) -> pd.Series:
    return ~(events[low] > events[high]).fillna(False).astype(bool)


def _ends_after_start(events: pd.DataFrame) -> pd.Series:
    pairs = zip(events[f.DATE], events[f.END_DATE], strict=True)
    return pd.Series([end is None or end >= start for start, end in pairs], index=events.index)


def _placed(events: pd.DataFrame) -> pd.Series:
    point = events[f.LAT].notna() & events[f.LON].notna()
    return point | events[f.LOCATION_PRECISION].eq(LocationPrecision.REGION)


def checked(events: pd.DataFrame, *, name: str = "events") -> pd.DataFrame:
    """Return ``events`` in the order of :data:`COLUMNS` if they hold to the schema.

    Parameters
    ----------
    events : DataFrame
    name : str
        What to call the table in the message.

    Raises
    ------
    GeodataError
        ``events.schema``, naming the first event, column and value at fault.
    """
    from pandera.errors import SchemaErrors

    missing = [column for column in COLUMNS if column not in events.columns]
    if missing:
        raise GeodataError("events.schema_columns", name=name, columns=", ".join(missing))
    try:
        schema().validate(events, lazy=True)
    except SchemaErrors as error:
        case = error.failure_cases.iloc[0]
        place = case["index"]
        event = events[f.EVENT_ID].get(place, "?") if pd.notna(place) else "?"
        raise GeodataError(
            "events.schema",
            name=name,
            event=str(event),
            column=str(case["column"]),
            value=str(case["failure_case"])[:80],
            check=str(case["check"])[:80],
        ) from None
    return events[list(COLUMNS)]


def typed(table: pd.DataFrame, *, origin: str) -> pd.DataFrame:
    """Return the events with the schema's types from a table of plain text in the schema's columns.

    Parameters
    ----------
    table : DataFrame of str
        Blank where nothing is known. Columns that are missing are filled with what says least.
    origin : str
        Name of the file or table, kept with each event that has none.
    """
    blank = pd.Series("", index=table.index, dtype="str")
    events = pd.DataFrame(index=table.index)
    for name in TEXTS:
        events[name] = table.get(name, blank)
    for name, default in DEFAULTS.items():
        events[name] = table.get(name, blank).where(lambda cells: cells != "", default)
    for name in DATES:
        cells = table.get(name, blank).to_numpy(object).tolist()
        days = {
            cell: dt.date.fromisoformat(cell) if cell else None for cell in dict.fromkeys(cells)
        }
        events[name] = pd.Series([days[cell] for cell in cells], index=table.index, dtype=object)
    for name in COUNTS:
        events[name] = pd.to_numeric(table.get(name, blank).replace("", None)).astype("Int64")
    for name in NUMBERS:
        events[name] = pd.to_numeric(table.get(name, blank).replace("", None)).astype(float)
    events[f.MAY_CLOSE] = table.get(f.MAY_CLOSE, blank).ne("False")
    events[f.ORIGIN] = events[f.ORIGIN].where(lambda cells: cells != "", origin)
    return events[list(COLUMNS)]


def records(events: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return some columns of each event as pandas' ``to_dict("records")`` does, ten times as fast.

    pandas takes each text out of its column by itself, which takes seconds for 100,000 events.
    """
    values = (cells(events[name]) for name in columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def cells(column: pd.Series) -> list[Any]:
    """Return the values of a column as Python's own; a missing count is None."""
    if isinstance(column.dtype, pd.Int64Dtype):
        column = column.astype(object).where(column.notna(), None)
    return list(column.to_numpy(object))


def no_events() -> pd.DataFrame:
    """Return a table of events without rows, typed as the schema asks."""
    return typed(pd.DataFrame(columns=list(COLUMNS), dtype="str"), origin="")


def shipped_events(path: Path = SHIPPED) -> pd.DataFrame:
    """Return the shipped table of events.

    It is not validated by the schema, which would load pandera at every start: its bytes are
    compared with their checksum as a data set is loaded, and a test checks them.

    Parameters
    ----------
    path : Path
        Another table in exactly the shipped form.
    """
    table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    return typed(table, origin=path.name)
