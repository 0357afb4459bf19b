"""Three visitors with heavy files, for whom the others must not have to wait.

Asked through ``python -m tests.benchmarks load --sessions 50 --heavy``: one has a table of
100,000 honest events, one imports 45,000 roads, one opens a file made to do harm.
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from geodata.network.model import Network
from tests.benchmarks.load.visitor import Visitor
from tests.benchmarks.load.visits import table

EVENTS: Final = 100_000
SIDE: Final = 150
"""Junctions along a side of the grid of roads: 44,700 roads."""

HEADER_MB: Final = 20
QUERY: Final = "vehicle=tanker&lang=en"
PAUSE_SECONDS: Final = 2.0


@dataclass
class Heavy:
    """Seconds that each step of the three took, by step."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    ends: dict[str, list[float]] = field(default_factory=dict)
    """When each step ended, by `time.perf_counter`."""

    def note(self, step: str, seconds: float) -> None:
        """Add one step that ends now."""
        self.waits.setdefault(step, []).append(seconds)
        self.ends.setdefault(step, []).append(time.perf_counter())

    def steps(self) -> list[tuple[str, float, float]]:
        """Return each step's name, beginning and seconds."""
        return [
            (step, ended - took, took)
            for step, waits in self.waits.items()
            for took, ended in zip(waits, self.ends[step], strict=True)
        ]


def roads() -> tuple[bytes, bytes]:
    """A grid of roads over the south of Mali, and towns on some of its junctions, as GeoJSON."""

    def at(row: int, column: int) -> list[float]:
        return [round(-10 + column * 0.04, 4), round(11 + row * 0.03, 4)]

    ends = [
        ((row, column), (row + down, column + right))
        for row in range(SIDE)
        for column in range(SIDE)
        for down, right in ((0, 1), (1, 0))
        if row + down < SIDE and column + right < SIDE
    ]
    lines = [
        _feature("LineString", [at(*one), at(*other)], highway="primary") for one, other in ends
    ]
    points = [
        _feature("Point", at(row, column), name=f"Town {row}-{column}")
        for row in range(0, SIDE, 15)
        for column in range(0, SIDE, 15)
    ]
    return _collection(lines), _collection(points)


def _feature(kind: str, coordinates: object, **properties: str) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _collection(features: list[dict[str, object]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def harmful() -> bytes:
    """A table with one header cell of many million letters."""
    return b"date,lat,lon," + b"x" * (HEADER_MB * 10**6) + b"\n2025-09-10,13,-8,a\n"


@dataclass(frozen=True)
class Files:
    """What the three open, made before anybody comes so that nobody waits for its making."""

    events: bytes
    roads: bytes
    towns: bytes
    worst_name: str
    worst: bytes


def files(worst: Path | None = None) -> Files:
    """Return the files of the three; the third's is `harmful` unless named."""
    lines, towns = roads()
    name, content = (worst.name, worst.read_bytes()) if worst else ("header.csv", harmful())
    return Files(table(0, EVENTS), lines, towns, name, content)


async def heavy(port: int, network: Network, end: float, given: Files) -> Heavy:
    """Let the three go on until ``end``, by `time.perf_counter`."""
    found = Heavy()
    await asyncio.gather(
        _events(port, network, end, found, given),
        _roads(port, end, found, given),
        _harm(port, end, found, given),
    )
    return found


async def _opened(port: int) -> Visitor:
    visitor = Visitor(f"ws://127.0.0.1:{port}", f"{QUERY}&tab=own")
    await visitor.open()
    return visitor


async def _events(port: int, network: Network, end: float, found: Heavy, given: Files) -> None:
    visitor, choice = await _opened(port), random.Random(3)
    while time.perf_counter() < end:
        waited = await visitor.upload("own_events_file", "many.csv", given.events)
        found.note("events read", waited)
        if visitor.sees("own_use"):
            found.note("events used", await visitor.press("own_use"))
        await visitor.go("map", "scenario")
        for _ in range(5):
            found.note("click on them", await visitor.click(choice.choice(network.segment_ids)))
            await asyncio.sleep(PAUSE_SECONDS)
        await visitor.go("own")
    await visitor.close()


async def _roads(port: int, end: float, found: Heavy, given: Files) -> None:
    visitor = await _opened(port)
    while time.perf_counter() < end:
        await visitor.upload("own_layer_towns", "towns.geojson", given.towns)
        await visitor.upload("own_layer_roads", "roads.geojson", given.roads)
        found.note("roads imported", await visitor.press("own_import"))
        if visitor.sees("own_use_network"):
            found.note("network opened", await visitor.press("own_use_network"))
        await asyncio.sleep(PAUSE_SECONDS)
    await visitor.close()


async def _harm(port: int, end: float, found: Heavy, given: Files) -> None:
    visitor = await _opened(port)
    while time.perf_counter() < end:
        waited = await visitor.upload("own_events_file", given.worst_name, given.worst)
        found.note("harmful file", waited)
        await asyncio.sleep(PAUSE_SECONDS)
    await visitor.close()


def heavy_table(found: Heavy) -> str:
    """The figures of the three as rows of a table."""
    return "\n".join(
        f"| {step}, times and longest | {len(waits)}, {max(waits):.1f} s |"
        for step, waits in found.waits.items()
    )
