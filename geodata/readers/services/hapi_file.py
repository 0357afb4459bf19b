"""Monthly counts from a file of HDX HAPI, as the Humanitarian Data Exchange publishes it.

The file of a country, or of the world and a year, has the columns of the service's answer, most
often with a row of HXL hashtags below them. It is read in a bounded process, like any other
upload. What it counts goes to the chart and the list of counts; it closes no road.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

import pandas as pd
import pyarrow as pa

from geodata.errors import GeodataError
from geodata.readers import sandbox, transport
from geodata.readers.events.hxl import is_hxl
from geodata.readers.events.layer import read_rows
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.services.hapi import COLUMNS, EVENTS, FATALITIES, MONTH, Counted, counted
from geodata.sanitize import key

_NEEDED: Final = frozenset({"event_type", "events", "reference_period_start"})
_NAMES: Final = {
    "admin1_name": "provider_admin1_name",
    "admin2_name": "provider_admin2_name",
}
"""Column to the one that stands in where its cell is blank: names before HDX matched them."""
_SCHEMA: Final = pa.schema(
    [
        (
            name,
            pa.date32()
            if name == MONTH
            else pa.int64()
            if name in {EVENTS, FATALITIES}
            else pa.string(),
        )
        for name in COLUMNS
    ]
)
_SHOWN: Final = 5


@dataclass(frozen=True, eq=False)
class FileCounts:
    """Counts of a file, and what of it was left out.

    Parameters
    ----------
    table : DataFrame
        As `hapi.Counts.table`.
    rejected : int
        Rows that could not be read, or that the publisher marks as wrong.
    examples : tuple of int
        The first of them, numbered as a spreadsheet shows them.
    elsewhere : int
        Rows of other countries.
    """

    table: pd.DataFrame
    rejected: int
    examples: tuple[int, ...]
    elsewhere: int


def is_hapi(columns: Sequence[str]) -> bool:
    """Return whether these are the columns of HDX HAPI's conflict events."""
    return {key(column) for column in columns} >= _NEEDED


def read_counts(data: bytes, *, country: str | None = None, limits: Limits = UPLOAD) -> FileCounts:
    """Return the monthly counts of a file of HDX HAPI.

    Parameters
    ----------
    data : bytes
        Content of the file.
    country : str, optional
        ISO 3166-1 alpha-3 code; rows of other countries are counted and left out.
    limits : Limits

    Raises
    ------
    GeodataError
        If the file is not a table with these columns, or beyond the limits.
    """
    if len(data) > limits.file_mb * 10**6:
        size = -(-len(data) // 10**6)
        raise GeodataError("table.file_size", limit=limits.file_mb, size=size)
    answer, stream = sandbox.run(
        "geodata.readers.services.hapi_file:work",
        data,
        {"limits": asdict(limits), "country": country or ""},
        seconds=limits.seconds,
        memory_mb=limits.memory_mb,
    )
    table = transport.from_arrow(stream, _SCHEMA).to_pandas(date_as_object=True)
    with sandbox.untrusted_answer():
        numbers = [
            answer["rejected"],
            answer["elsewhere"],
            *cast("list[object]", answer["examples"]),
        ]
        if not all(type(n) is int and n >= 0 for n in numbers):
            raise ValueError("counts")
        rejected, elsewhere, *examples = cast("list[int]", numbers)
    table[[EVENTS, FATALITIES]] = table[[EVENTS, FATALITIES]].astype("Int64")
    return FileCounts(table, rejected, tuple(examples[:_SHOWN]), elsewhere)


def work(data: bytes, params: dict[str, Any]) -> tuple[dict[str, object], bytes]:
    """Return the body of the bounded process."""
    table = read_rows(data, Limits(**params["limits"]))
    names = [key(column) for column in table.header]
    if not set(names) >= _NEEDED:
        raise GeodataError("events.counts", columns=", ".join(table.header)[:300])
    country, counts, rejected, elsewhere = params["country"], [], list(table.rejected), 0
    for number, cells in table.rows:
        row = dict(zip(names, cells, strict=True))
        if is_hxl(cells):
            continue
        if country and row.get("location_code", country).strip().upper() != country:
            elsewhere += 1
            continue
        try:
            if row.get("error", "").strip():
                raise ValueError(row["error"])
            counts.append(counted(_filled(row)))
        except (ValueError, TypeError):
            rejected.append(number)
    columns = list(zip(*sorted(counts, key=_order), strict=True)) if counts else [()] * len(COLUMNS)
    arrays = [pa.array(cells, field.type) for cells, field in zip(columns, _SCHEMA, strict=True)]
    stream = transport.to_arrow(pa.table(arrays, schema=_SCHEMA))
    answer: dict[str, object] = {
        "rejected": len(rejected),
        "examples": sorted(rejected)[:_SHOWN],
        "elsewhere": elsewhere,
    }
    return answer, stream


def _filled(row: Mapping[str, str]) -> dict[str, object]:
    """Return a row with the provider's names where HDX has none, and no count where it is blank."""
    named = {name: row.get(name) or row.get(other, "") for name, other in _NAMES.items()}
    counts = {name: _whole(row.get(name, "")) for name in (EVENTS, FATALITIES)}
    if counts[EVENTS] is None:
        raise ValueError(EVENTS)
    return {**row, **named, **counts}


def _whole(cell: str) -> int | None:
    """Return a whole number, also one that a spreadsheet wrote as 3.0; None for a blank cell."""
    if not cell.strip():
        return None
    value = float(cell)
    if value != int(value):
        raise ValueError(cell)
    return int(value)


def _order(row: Counted) -> tuple[object, ...]:
    return row[:3], row[4]
