"""How long visitors of the shipped network wait while another server draws a whole country.

A server has one network for all its visitors, so a country has a server beside. Both share the
machine: a visitor of the shipped network clicks first alone, then while one of the country clicks
without rest.
"""

import asyncio
import statistics
from pathlib import Path
from typing import Final

from geodata.dataset import shipped
from geodata.network.files import read_network
from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.load.visitor import Visitor
from tests.support.server import Server, running

QUERY: Final = "vehicle=tanker&lang=en&tab=scenario"
CLICKS: Final = 25
PAUSE_SECONDS: Final = 0.4
GOAL_RATIO: Final = 2.0


def visitors(folder: Path) -> Row:
    """Compare the wait after a click alone and beside a country's visitor."""
    roads = shipped().network.segment_ids
    country = read_network(folder).segment_ids
    with running(Server()) as here, running(Server(arguments=("--network", str(folder)))) as there:
        alone, beside, others = asyncio.run(
            _waits(f"ws://127.0.0.1:{here.port}", f"ws://127.0.0.1:{there.port}", roads, country)
        )
    ratio = beside / alone
    return Row(
        "wait of another visitor while a country is clicked",
        seconds(beside),
        f"{seconds(alone)} alone",
        f"< {GOAL_RATIO:g} times",
        ratio < GOAL_RATIO,
        f"{ratio:.2f} times; server's answer to a click, medians of {CLICKS};"
        f" the country's visitor waits {seconds(others)}",
    )


async def _waits(
    here: str, there: str, roads: tuple[str, ...], country: tuple[str, ...]
) -> tuple[float, float, float]:
    """Medians of the waits alone, beside the country's visitor, and of that visitor."""
    one, other = Visitor(here, QUERY), Visitor(there, QUERY)
    await one.open()
    await other.open()
    await one.click(roads[0])
    await other.click(country[0])
    alone = await _clicked(one, roads[1:])
    stop = asyncio.Event()
    busy = asyncio.create_task(_without_rest(other, country, stop))
    beside = await _clicked(one, roads[1 + CLICKS :])  # others: what was cut before is kept
    stop.set()
    waited = await busy
    await one.close()
    await other.close()
    return tuple(statistics.median(waits) for waits in (alone, beside, waited))  # type: ignore[return-value]


async def _clicked(visitor: Visitor, roads: tuple[str, ...]) -> list[float]:
    """Cut a segment and reopen it, in turns; waits of all clicks."""
    waits = []
    for turn in range(CLICKS):
        waits.append(await visitor.click(roads[turn // 2]))
        await asyncio.sleep(PAUSE_SECONDS)
    return waits


async def _without_rest(
    visitor: Visitor, roads: tuple[str, ...], stop: asyncio.Event
) -> list[float]:
    waits, turn = [], 0
    while not stop.is_set():
        waits.append(await visitor.click(roads[(1 + turn // 2) % len(roads)]))
        turn += 1
    return waits
