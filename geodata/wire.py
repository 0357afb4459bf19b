"""What the bounded process sends back: tables as Arrow streams, a report as counts and a table.

A process taken over by its input could send anything; a table from it is checked in full before
it is used, since a stream with wrong offsets would have its reader read outside its memory
(https://arrow.apache.org/docs/format/Security.html).
"""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geodata.errors import GeodataError
from geodata.problems import Problems
from geodata.report import Report

if TYPE_CHECKING:
    import geopandas as gpd


def written(table: pa.Table) -> bytes:
    """``table`` as one Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def read(stream: bytes) -> pa.Table:
    """Table of an Arrow stream, checked in full.

    Raises
    ------
    GeodataError
        If the stream is no table or a wrong one.
    """
    return _sound(lambda: pa.ipc.open_stream(stream).read_all())


def written_features(frame: "gpd.GeoDataFrame") -> bytes:
    """``frame`` as one Feather file, with its reference system."""
    sink = io.BytesIO()
    frame.reset_index(drop=True).to_feather(sink)
    return sink.getvalue()


def read_features(data: bytes) -> "gpd.GeoDataFrame":
    """Features of a Feather file, checked in full.

    Raises
    ------
    GeodataError
        If the file holds no features.
    """
    # Imported here: the process that reads a table of events needs none of it.
    import geopandas as gpd
    import shapely

    _sound(lambda: pa.ipc.open_file(data).read_all())
    try:
        return gpd.read_feather(io.BytesIO(data))  # type: ignore[arg-type]  # it takes files too
    except (ValueError, TypeError, KeyError, RuntimeError, shapely.errors.ShapelyError) as error:
        raise GeodataError("sandbox.answer") from error


def _sound(made: Callable[[], pa.Table]) -> pa.Table:
    try:
        table = made()
        table.validate(full=True)
    except (pa.ArrowException, ValueError, OSError) as error:
        raise GeodataError("sandbox.answer") from error
    return table


def counted(report: Report) -> dict[str, Any]:
    """Counts of ``report``, as JSON can hold them; its remarks go as a table of their own."""
    return {
        "read": report.read, "accepted": report.accepted, "warned": report.warned,
        "rejected": report.rejected, "refused": report.refused,
    }  # fmt: skip


def remarks(report: Report) -> bytes:
    """Remarks of ``report`` as one Arrow stream."""
    return written(Problems.of(report.problems).table)


def report_of(counts: Mapping[str, Any], stream: bytes) -> Report:
    """Report with the remarks of an Arrow stream, none of them looked at yet.

    Raises
    ------
    GeodataError
        If the stream holds no remarks.
    """
    table = read(stream)
    try:
        return Report(**counts, problems=Problems(table))
    except (pa.ArrowException, ValueError, KeyError) as error:
        raise GeodataError("sandbox.answer") from error


def parts(data: bytes, sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Cut bytes into what was joined, in the order of ``sizes``."""
    found, start = {}, 0
    for name, size in sizes.items():
        found[name] = data[start : start + size]
        start += size
    return found
