"""Geometry as arrays: what is sent comes back, and damaged bytes are refused, never followed."""

import json
import struct

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LinearRing,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from geodata.errors import GeodataError
from geodata.readers import ragged
from geodata.readers.sandbox import untrusted_answer

MIXED = [
    Point(1, 2), None, LineString([(0, 0), (1, 1), (2, 0)]), box(0, 0, 1, 1), Point(3, 4),
    Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)], [(3, 3), (4, 3), (4, 4)]]),
    MultiPoint([(1, 1), (2, 2)]), MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
    MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), LineString([(0, 0), (5, 5)]),
]  # fmt: skip


def array(geometries):
    made = np.empty(len(geometries), object)
    made[:] = geometries
    return made


@given(st.lists(st.sampled_from(MIXED)))
def test_any_mix_of_geometries_comes_back_in_its_order(chosen):
    sent = array(chosen)
    again = ragged.read(ragged.written(sent), count=len(sent))
    assert (shapely.to_wkt(again) == shapely.to_wkt(sent)).all()


def test_a_ring_comes_back_as_a_line_and_height_is_left_out():
    sent = array([LinearRing([(0, 0), (1, 0), (1, 1)]), Point(1, 2, 3)])
    line, point = ragged.read(ragged.written(sent), count=2)
    assert line == LineString([(0, 0), (1, 0), (1, 1), (0, 0)])
    assert point == Point(1, 2)


def test_what_nests_without_end_has_no_form_here():
    with pytest.raises(TypeError):
        ragged.written(array([GeometryCollection([Point(1, 2)])]))


def nested_wkb(depth):
    """A collection in a collection, so deep that a recursive reader runs out of stack."""
    return struct.pack("<BII", 1, 7, 1) * depth + struct.pack("<BIdd", 1, 1, 1.0, 2.0)


@pytest.mark.parametrize("data", [
    b"", nested_wkb(50_000), b"[" * 50_000, struct.pack(">Q", 2**63), struct.pack(">Q", 9) + b"{}",
    struct.pack(">Q", 9_000) + b"[" * 9_000,
], ids=lambda data: repr(data[:12]))  # fmt: skip
def test_bytes_that_are_no_arrays_are_refused(data):
    with pytest.raises(GeodataError), untrusted_answer():
        ragged.read(data, count=1)


SENT = ragged.written(array([LineString([(0, 0), (1, 1), (2, 0)]), LineString([(3, 3), (4, 4)])]))


def with_offsets(*offsets):
    good = struct.pack("<3q", 0, 3, 5)
    assert SENT.endswith(good)
    return SENT.removesuffix(good) + struct.pack("<3q", *offsets)


@pytest.mark.parametrize("offsets", [
    (0, 3, 2**40), (0, -1, 5), (1, 3, 5), (0, 6, 5), (0, 3, 4), (0, 2**62, 5), (0, 4, 5),
])  # fmt: skip
def test_offsets_that_lead_elsewhere_are_refused(offsets):
    with pytest.raises(GeodataError), untrusted_answer():
        ragged.read(with_offsets(*offsets), count=2)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_coordinates_are_numbers(value):
    sent = SENT.replace(struct.pack("<2d", 4.0, 4.0), struct.pack("<2d", 4.0, value))
    assert sent != SENT
    with pytest.raises(GeodataError), untrusted_answer():
        ragged.read(sent, count=2)


def test_a_count_that_does_not_fit_the_table_is_refused():
    for count in (0, 1, 3):
        with pytest.raises(GeodataError), untrusted_answer():
            ragged.read(SENT, count=count)


ALL = ragged.written(array(MIXED))


@given(data=st.data())
@settings(max_examples=400)
def test_damaged_bytes_are_refused_or_drawn(data):
    place = data.draw(st.integers(0, len(ALL) - 1))
    bent = bytearray(ALL)
    bent[place : place + 8] = data.draw(st.binary(min_size=0, max_size=9))
    try:
        with untrusted_answer():
            found = ragged.read(bytes(bent), count=len(MIXED))
    except GeodataError:
        return
    assert len(shapely.to_wkb(found)) == len(MIXED)


@pytest.mark.parametrize("sizes", [[-1], [True], ["1"], [2**40], None, 7, [[1]], [1e9]])
def test_sizes_are_whole_numbers_within_the_bytes(sizes):
    head = json.dumps(sizes).encode()
    with pytest.raises(GeodataError), untrusted_answer():
        ragged.read(struct.pack(">Q", len(head)) + head + b"x", count=1)
