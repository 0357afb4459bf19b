"""What the bounded process sends back: tables as Arrow streams, a report as counts and a table.

Geometry travels as arrays of numbers (:mod:`geodata.readers.ragged`).

A process taken over by its input could send anything. So a table from it is checked in full
before it is used, since a stream with wrong offsets would have its reader read outside its memory
(https://arrow.apache.org/docs/format/Security.html), and what takes more memory than it has bytes
is refused: compressed batches, columns that name the same value many times.
"""

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata import schema as f
from geodata.i18n import catalogue
from geodata.readers.report import SEVERITIES, WIRE, Problems, Report
from geodata.readers.sandbox import untrusted_answer

if TYPE_CHECKING:
    import geopandas as gpd

_PLAIN: Final = (
    pa.types.is_null, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating,
    pa.types.is_decimal, pa.types.is_temporal, pa.types.is_string, pa.types.is_large_string,
    pa.types.is_binary, pa.types.is_large_binary,
)  # fmt: skip
_LENGTH: Final = struct.Struct(">Q")
_COUNTS: Final = ("read", "accepted", "warned", "rejected")


def to_arrow(table: pa.Table) -> bytes:
    """Return ``table`` as one Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_arrow(stream: bytes, schema: pa.Schema | None = None) -> pa.Table:
    """Return the table of an Arrow stream, checked in full.

    Parameters
    ----------
    stream : bytes
    schema : pyarrow.Schema, optional
        What it must be; any plain columns unless given.

    Raises
    ------
    GeodataError
        ``sandbox.answer`` if the stream is not a table or a wrong one.
    """
    with untrusted_answer():
        if any(map(_compressed, pa.ipc.MessageReader.open_stream(stream))):
            raise ValueError("compressed")
        reader = pa.ipc.open_stream(stream)
        table_schema = reader.schema
        if schema is not None and table_schema.remove_metadata() != schema:
            raise TypeError("schema")
        if not all(any(is_plain(field.type) for is_plain in _PLAIN) for field in table_schema):
            raise TypeError("columns")
        table = reader.read_all()
        table.validate(full=True)
        if table.num_rows > len(stream):
            raise ValueError("rows without bytes")
        return table


def _compressed(message: pa.Message) -> bool:
    """Return whether a batch's header has the field that names a compression.

    The header is a flatbuffer: tables point to their list of fields, by
    https://github.com/apache/arrow/blob/main/format/Message.fbs.
    """
    data = bytes(message.metadata)

    def field(table: int, number: int) -> int:
        (back,) = struct.unpack_from("<i", data, table)
        (length,) = struct.unpack_from("<H", data, table - back)
        place = 4 + 2 * number
        if place >= length:
            return 0
        (offset,) = struct.unpack_from("<H", data, table - back + place)
        return table + int(offset) if offset else 0

    def follow(place: int) -> int:
        return place + int(struct.unpack_from("<I", data, place)[0])

    header = field(follow(0), 2)
    return message.type == "record batch" and bool(field(follow(header), 3))


def written_features(frame: "gpd.GeoDataFrame") -> bytes:
    """Return ``frame`` in EPSG:4326: its columns as an Arrow stream, its geometry as plain arrays.

    The index does not travel.
    """
    # Imported here: the process that reads a table of events needs none of it.
    from geodata.readers import ragged

    geometry = frame.geometry.to_numpy()
    columns = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table = pa.Table.from_pandas(columns, preserve_index=False).replace_schema_metadata(None)
    stream = to_arrow(table)
    return _LENGTH.pack(len(stream)) + stream + ragged.written(geometry)


def read_features(data: bytes) -> "gpd.GeoDataFrame":
    """Return the features of what `written_features` gave, checked in full; in EPSG:4326.

    Raises
    ------
    GeodataError
        ``sandbox.answer`` if the bytes hold no features.
    """
    import geopandas as gpd

    from geodata.readers import ragged

    with untrusted_answer():
        (length,) = _LENGTH.unpack_from(data)
        table = from_arrow(data[_LENGTH.size : _LENGTH.size + length])
        geometry = ragged.read(data[_LENGTH.size + length :], count=table.num_rows)
        columns = table.to_pandas(date_as_object=True, ignore_metadata=True)
        return gpd.GeoDataFrame(columns, geometry=geometry, crs=f.CRS)


def report_counts(report: Report) -> dict[str, Any]:
    """Counts of ``report``, as JSON can hold them; its remarks go in a separate table."""
    return {name: getattr(report, name) for name in (*_COUNTS, "refused")}


def problem_table(report: Report) -> bytes:
    """Return the remarks of ``report`` as one Arrow stream."""
    return to_arrow(Problems.of(report.problems).table)


def read_report(counts: Mapping[str, Any], stream: bytes) -> Report:
    """Return the report with the remarks of an Arrow stream, none of them made a `Problem` yet.

    Raises
    ------
    GeodataError
        ``sandbox.answer`` if the stream holds no remarks, or the counts do not add up.
    """
    table = from_arrow(stream, WIRE)
    with untrusted_answer():
        numbers = [counts[name] for name in _COUNTS]
        if not all(type(n) is int and n >= 0 for n in numbers) or numbers[0] != sum(numbers[1:]):
            raise ValueError("counts")
        if type(counts["refused"]) is not bool or (counts["refused"] and not table.num_rows):
            raise ValueError("refused")
        if set(pc.unique(table["severity"]).to_pylist()) - set(SEVERITIES):
            raise ValueError("severity")
        if set(pc.unique(table["key"]).to_pylist()) - set(catalogue("en")):
            raise ValueError("key")
        read_, accepted, warned, rejected = numbers
        return Report(read_, accepted, warned, rejected, Problems(table), counts["refused"])


def pack(answer: Mapping[str, Any], parts: Mapping[str, bytes]) -> tuple[dict[str, Any], bytes]:
    """Return a child's answer with the sizes of its pieces of bytes, and all pieces in a row."""
    sizes = {name: len(part) for name, part in parts.items()}
    return {**answer, "sizes": sizes}, b"".join(parts.values())


def unpack(data: bytes, sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Cut bytes into what was joined, in the order of ``sizes``.

    Raises
    ------
    GeodataError
        ``sandbox.answer`` if the sizes are not those of these bytes.
    """
    with untrusted_answer():
        lengths = list(sizes.values())
        if not all(type(n) is int and n >= 0 for n in lengths) or sum(lengths) != len(data):
            raise ValueError("sizes")
        parts, start = {}, 0
        for name, size in sizes.items():
            parts[name] = data[start : start + size]
            start += size
        return parts
