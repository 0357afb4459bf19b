"""Every cut at once, beside gravel and networkx on the same graphs."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.graph.double_cuts import cut_pairs
from geodata.graph.single_cuts import EveryCut, Graph, every_cut
from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.graphs import places, road_graph
from tests.benchmarks.peers import (
    gravel_bridges,
    gravel_detours,
    gravel_ready,
    networkx_removals,
)

IntArray = NDArray[np.int64]

COUNTRY: Final = 831_558
N_SUPPLY: Final = 5
N_TOWNS: Final = 500
ROUNDS: Final = 9
NO_PEER: Final = "not installed"

PEAK: Final = """
from tests.benchmarks.engine import peak_memory
from tests.benchmarks.graphs import places, road_graph
from geodata.graph.single_cuts import every_cut
graph = road_graph({n_edges})
every_cut(graph, *places(graph, {n_supply}, {n_towns}), detours={detours})
print(peak_memory())
"""


def measure() -> list[Row]:
    """Measure the engine; some minutes, most of them the peers'."""
    return [
        _isolation(),
        _growth(),
        _memory(),
        *_detours(10_000, n_sampled=N_TOWNS),
        *_detours(100_000, n_sampled=5),
        *_one_at_a_time(10_000),
        _pairs(100_000),
    ]


def peak_memory() -> int:
    """Greatest memory that this process held at once, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: on Linux its figure outlives exec and may be the parent's.
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _in_turn(*runs: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Median time of each, run in turn so that a busy machine burdens all alike."""
    times = [[_timed(run) for run in runs] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def _ours(graph: Graph, *, detours: bool = False) -> Callable[[], EveryCut]:
    """From the arrays to the pairs, checks of the input included."""
    supply, towns = places(graph, N_SUPPLY, N_TOWNS)
    n, tail, head, km = graph.n_nodes, graph.tail.copy(), graph.head.copy(), graph.length_km.copy()
    return lambda: every_cut(Graph(n, tail, head, km), supply, towns, detours=detours)


def _isolation() -> Row:
    graph = road_graph(COUNTRY)
    question = f"isolation for every cut, {COUNTRY:,} edges"
    goal = "no slower than gravel's bridge_edge_info"
    if not gravel_ready():
        (ours,) = _in_turn(_ours(graph))
        return Row(question, seconds(ours), NO_PEER, goal, None)
    ours, peer = _in_turn(_ours(graph), lambda: gravel_bridges(graph))
    note = (
        f"{peer / ours:.2f} times as fast; both from numpy arrays, median of {ROUNDS} in turn; "
        "gravel tells bridges and nodes beyond, not which towns lose supply"
    )
    return Row(question, seconds(ours), seconds(peer), goal, ours <= peer, note)


def _growth() -> Row:
    graphs = [road_graph(100_000), road_graph(1_000_000)]
    runs: list[Callable[[], object]] = [_ours(graph) for graph in graphs]
    if gravel_ready():
        runs += [partial(gravel_bridges, graph) for graph in graphs]
    small, large, *peers = _in_turn(*runs)
    return Row(
        "the same, from 100,000 to 1,000,000 edges",
        f"{seconds(small)} to {seconds(large)}: {large / small:.1f} times",
        f"{seconds(peers[0])} to {seconds(peers[1])}: {peers[1] / peers[0]:.1f} times"
        if peers
        else NO_PEER,
        "at most 12 times",
        large / small <= 12,
        "the work is linear; what is above 10 comes of memory: the small graph fits the cache, "
        "and in the large one the depth-first search waits for nearly every node",
    )


def _memory() -> Row:
    peaks = []
    for detours in (False, True):
        size = 100_000 if detours else COUNTRY
        code = PEAK.format(n_edges=size, n_supply=N_SUPPLY, n_towns=N_TOWNS, detours=detours)
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        )
        peaks.append(int(done.stdout) / 1e6)
    return Row(
        f"peak memory of the process, {COUNTRY:,} edges",
        f"{peaks[0]:.0f} MB",
        "",
        "under 1,000 MB",
        peaks[0] < 1000,
        f"Python, libraries and graph included; with detours on 100,000 edges {peaks[1]:.0f} MB",
    )


def _detours(n_edges: int, *, n_sampled: int) -> list[Row]:
    graph = road_graph(n_edges)
    run = _ours(graph, detours=True)
    (ours,) = _in_turn(run, rounds=5)
    question = f"every cut with exact detours and switched supply, {n_edges:,} edges"
    goal = "no slower than gravel's batch_fragility"
    if not gravel_ready():
        return [Row(question, seconds(ours), NO_PEER, goal, None)]
    supply, towns = places(graph, N_SUPPLY, N_TOWNS)
    peer, same = gravel_detours(graph, supply, towns[:n_sampled], run(), n_towns=len(towns))
    how = "all towns" if n_sampled == N_TOWNS else f"{n_sampled} of {N_TOWNS} towns, times"
    note = (
        f"{peer / ours:,.0f} times as fast; gravel (contraction, shortcut index, batch; both "
        f"cores) on {how}{'' if n_sampled == N_TOWNS else f' {N_TOWNS // n_sampled}'}; "
        f"{same}; gravel does not tell the supply point"
    )
    return [Row(question, seconds(ours), seconds(peer), goal, ours <= peer, note)]


def _one_at_a_time(n_edges: int) -> list[Row]:
    graph = road_graph(n_edges)
    supply, towns = places(graph, N_SUPPLY, N_TOWNS)
    rows = []
    for detours in (False, True):
        (ours,) = _in_turn(_ours(graph, detours=detours), rounds=5)
        peer, n_sampled = networkx_removals(graph, supply, towns, detours=detours)
        rows.append(
            Row(
                f"{'with detours' if detours else 'isolation'}, {n_edges:,} edges",
                seconds(ours),
                seconds(peer),
                "1,000 times networkx, one removal at a time",
                peer / ours >= 1000,
                f"{peer / ours:,.0f} times as fast; {n_sampled} removals timed, times "
                f"{n_edges / n_sampled:.0f}",
            )
        )
    return rows


def _pairs(n_edges: int) -> Row:
    graph = road_graph(n_edges)
    supply, towns = places(graph, N_SUPPLY, N_TOWNS)
    people = np.random.default_rng(3).integers(100, 50_000, len(towns))
    (ours,) = _in_turn(lambda: cut_pairs(graph, supply, towns, people, limit=100), rounds=5)
    found = cut_pairs(graph, supply, towns, people, limit=100)
    seen = "all looked at" if found.complete else "not all looked at"
    return Row(
        f"pairs that isolate together, {n_edges:,} edges",
        seconds(ours),
        "",
        "",
        None,
        f"{found.n_found:,} pairs, {seen}; the heaviest 100 told",
    )
