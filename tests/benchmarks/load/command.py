"""Many visitors at once: ``python -m tests.benchmarks load --sessions 50 --seconds 300``.

Starts the app, lets visitors open it and cut a road every few seconds, holds each answer
against the engine's, and prints waiting times, errors, wrong answers and memory. It ends by
itself and talks to 127.0.0.1 only.
"""

import argparse
import asyncio
import html
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import httpx
import psutil

from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.network.model import Network
from geodata.schema import Vehicle
from tests.benchmarks.load import heavy as load_heavy
from tests.benchmarks.load import soak as load_soak
from tests.benchmarks.load import visits as load_visits
from tests.benchmarks.load.visitor import Visitor
from tests.benchmarks.work_ahead import wait_for_work_ahead
from tests.support.server import Server, running

QUERY: Final = "vehicle=tanker&lang=en"
MOST_CUTS: Final = 6
MB: Final = 2**20


@dataclass
class Tally:
    """What the visitors met."""

    cold_view: float = 0.0
    first_views: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    """How long answers took that the map asked for while the pointer rested on a road."""

    ends: list[float] = field(default_factory=list)
    """When each click was answered, by `time.perf_counter`."""

    errors: list[str] = field(default_factory=list)
    told: list[tuple[frozenset[str], list[str]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    received: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the load and print its table; 1 if there was an error or a wrong answer."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=5.0, help="mean seconds between clicks")
    parser.add_argument("--arrive", type=float, default=20.0, help="seconds over which all come")
    parser.add_argument(
        "--soak",
        type=int,
        metavar="RUNS",
        help="instead, weigh the server over so many runs of one session",
    )
    parser.add_argument(
        "--upload",
        type=Path,
        metavar="FILE",
        help="instead, compare clicks without and beside uploads of this table, snapshot or roads",
    )
    parser.add_argument(
        "--visits",
        type=int,
        metavar="COUNT",
        help="instead, weigh the server over so many sessions that connect, upload and leave",
    )
    parser.add_argument(
        "--heavy",
        action="store_true",
        help="beside three visitors: 100,000 events, 45,000 roads, a file made to do harm",
    )
    parser.add_argument("--worst", type=Path, metavar="FILE", help="with --heavy: the third's file")
    parser.add_argument("--towns", type=Path, metavar="FILE", help="with roads: towns on them")
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="write when each step began and what it took (CSV)"
    )
    options = parser.parse_args(argv)
    with running(Server()) as server:
        port, process = server.port, psutil.Process(server.pid)
        if options.soak or options.upload or options.visits:
            print(_other(port, process, options))
            return 0
        tally = asyncio.run(_load(port, process, options))
    print(report(tally, options.sessions, options.think))
    return 1 if tally.errors or tally.wrong else 0


def _other(port: int, process: psutil.Process, options: argparse.Namespace) -> str:
    if options.visits:
        came = asyncio.run(
            load_visits.visits(port, process, options.visits, seconds=options.seconds)
        )
        return load_visits.visits_table(came, options.visits)
    network = shipped().network
    if options.soak:
        growth = asyncio.run(load_soak.soak(port, process, network, options.soak))
        return load_soak.growth_table(growth, options.soak)
    found = asyncio.run(
        load_soak.disturb(
            port,
            network,
            options.upload,
            sessions=options.sessions,
            seconds=options.seconds,
            think=options.think,
            towns=options.towns,
        )
    )
    return load_soak.disturbance_table(found, options.upload, options.sessions)


async def _load(port: int, process: psutil.Process, options: argparse.Namespace) -> Tally:
    tally, network = Tally(), shipped().network
    # The very first view of a server loads its libraries; it is reported separately.
    opener = Visitor(f"ws://127.0.0.1:{port}", f"{QUERY}&tab=scenario")
    tally.cold_view = await opener.open()
    await opener.close()
    await asyncio.to_thread(wait_for_work_ahead, process.pid)
    files = load_heavy.files(options.worst) if options.heavy else None
    watch = asyncio.create_task(_watch(process, tally))
    end = time.perf_counter() + options.arrive + options.seconds
    gap = options.arrive / options.sessions
    visits = [
        _visit(port, network, tally, seed, seed * gap, end, options.think)
        for seed in range(options.sessions)
    ]
    if files is not None:
        beside = load_heavy.heavy(port, network, end, files)
        found, _ = await asyncio.gather(beside, asyncio.gather(*visits))
        print(load_heavy.heavy_table(found))
    else:
        found = load_heavy.Heavy()
        await asyncio.gather(*visits)
    watch.cancel()
    if options.log is not None:
        options.log.write_text(_log(tally, found), encoding="utf-8")
    _check(network, tally)
    return tally


def _log(tally: Tally, heavy: load_heavy.Heavy) -> str:
    """Every click and every step of the heavy visitors as CSV, in the order of their beginnings."""
    steps = [
        *(
            (ended - took, took, "click")
            for ended, took in zip(tally.ends, tally.clicks, strict=True)
        ),
        *((began, took, step) for step, began, took in heavy.steps()),
    ]
    rows = [f"{began:.3f},{took:.3f},{step}" for began, took, step in sorted(steps)]
    return "\n".join(["began_seconds,seconds,step", *rows, ""])


async def _visit(
    port: int, network: Network, tally: Tally, seed: int, wait: float, end: float, think: float
) -> None:
    choice = random.Random(seed)
    await asyncio.sleep(wait)
    visitor = Visitor(f"ws://127.0.0.1:{port}", f"{QUERY}&tab=scenario")
    try:
        tally.first_views.append(await visitor.open())
        while time.perf_counter() < end:
            await asyncio.sleep(choice.uniform(0, 2 * think))
            # On the way to the road that is clicked the pointer rests on another.
            for segment in (choice.choice(network.segment_ids), _next(choice, visitor, network)):
                took, ahead = await visitor.rest(segment)
                tally.asked.append(took)
            tally.clicks.append(await visitor.click(segment))
            tally.ends.append(time.perf_counter())
            if ahead != (visitor.lost or []):
                tally.wrong.append(f"{segment}: told {ahead} before the click")
            tally.told.append((frozenset(visitor.cut), visitor.lost or []))
    except (OSError, AssertionError, TimeoutError, httpx.HTTPError) as error:
        tally.errors.append(repr(error))
    finally:
        tally.received += visitor.received
        await visitor.close()


def _next(choice: random.Random, visitor: Visitor, network: Network) -> str:
    if len(visitor.cut) >= MOST_CUTS:
        return choice.choice(sorted(visitor.cut))
    return choice.choice(network.segment_ids)


def _check(network: Network, tally: Tally) -> None:
    """Compare the towns shown with the engine's answer for the same cuts.

    Once all have left: the engine would take the time of the server and of those who wait for it.
    """
    for cut, shown in tally.told:
        scenario = Conditions(cut=cut, vehicle=Vehicle.TANKER)
        towns = access(network, scenario, count_routes=False).towns
        lost = sorted(towns.loc[towns[f.ISOLATED] & ~towns[f.BASELINE_ISOLATED], f.NAME])
        told = sorted(html.unescape(name) for name in shown)
        if told != lost:
            tally.wrong.append(f"{sorted(cut)}: told {told}, is {lost}")


async def _watch(process: psutil.Process, tally: Tally) -> None:
    while True:
        tally.memory_mb.append(process.memory_info().rss / MB)
        await asyncio.sleep(1)


def report(tally: Tally, sessions: int, think: float) -> str:
    """The figures as rows of a table."""
    clicks, views = sorted(tally.clicks), sorted(tally.first_views)
    rows = {
        "sessions, mean think time": f"{sessions}, {think:g} s",
        "clicks answered": f"{len(clicks)}",
        "click, median": f"{median(clicks):.3f} s",
        "click, 95th percentile": f"{load_soak.p95(clicks):.3f} s",
        "what a click would change, median": f"{median(tally.asked):.3f} s",
        "what a click would change, 95th percentile": f"{load_soak.p95(tally.asked):.3f} s",
        "very first view of the server": f"{tally.cold_view:.2f} s",
        "first view of each, median and worst": f"{median(views):.2f} s, {views[-1]:.2f} s",
        "errors": f"{len(tally.errors)} {tally.errors[:2] or ''}",
        "wrong answers": f"{len(tally.wrong)} {tally.wrong[:2] or ''}",
        "server memory, first and most": " MB, ".join(
            f"{mb:.0f}" for mb in (tally.memory_mb[0], max(tally.memory_mb))
        )
        + " MB",
        "received per click": f"{tally.received / max(len(clicks), 1) / 1000:.1f} kB",
    }
    return "\n".join(f"| {name} | {value} |" for name, value in rows.items())


if __name__ == "__main__":
    sys.exit(main())
