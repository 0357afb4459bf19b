"""Time and memory of an import: a road-like, noisy GeoPackage to a ready folder.

``python -m tests.benchmarks import`` makes the file, imports it with the command a user would
give, in a separate process, and prints what it took. The goal is 300,000 roads in under 60 s
and 2 GB.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from tests.benchmarks.comparison import Row

SEED: Final = 20260101
GOAL_SECONDS: Final = 60.0
GOAL_MB: Final = 2000.0
ROADS: Final = 300_000
TOWNS: Final = 500
# The child reports its own peak and that of its children: in this process others would count.
_CHILD: Final = (
    "import resource, sys; from geodata.cli.import_roads import main; main(sys.argv[1:]);"
    "print(max(resource.getrusage(who).ru_maxrss for who in"
    " (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), file=sys.stderr)"
)
_SPACING: Final = 0.01
_CLASSES: Final = ("primary", "secondary", "tertiary", "unclassified", "residential", "track")
_SHARES: Final = (0.03, 0.06, 0.12, 0.35, 0.34, 0.10)
_SURFACES: Final = (None, "asphalt", "unpaved", "laterite", "gravel", "ground")


def noisy_roads(count: int, *, seed: int = SEED) -> gpd.GeoDataFrame:
    """Draw roads such as a country's export holds.

    A crooked grid over West Africa of which a quarter of the edges is missing; lines of three
    to nine points; a third of them in two halves that meet at a plain vertex; 2 % of the ends
    off by 3 to 20 m, 1 % of the lines drawn twice, 1 % bridges, 3 % short spurs.

    Parameters
    ----------
    count : int
        Number of lines.
    seed : int
        Of the random numbers; the same seed draws the same roads.
    """
    rng = np.random.default_rng(seed)
    starts, ends = _grid(count, rng)
    lines = _crooked(starts, ends, rng)
    halves = rng.random(len(lines)) < 0.33
    lines = np.concatenate([lines[~halves], *_halved(lines[halves])])
    twice = lines[rng.random(len(lines)) < 0.01]
    lines = np.concatenate([lines, _spurs(lines, rng), twice])[:count]
    lines = _frayed(lines, rng)
    lines = lines[rng.permutation(len(lines))]
    table = {
        "osm_id": np.arange(1, len(lines) + 1).astype(str),
        "highway": rng.choice(_CLASSES, len(lines), p=_SHARES),
        "surface": rng.choice(np.array(_SURFACES, object), len(lines)),
        "bridge": np.where(rng.random(len(lines)) < 0.01, "yes", ""),
        "oneway": np.where(rng.random(len(lines)) < 0.02, "yes", ""),
    }
    return gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326")


def _grid(count: int, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    side = int(np.ceil(np.sqrt(count / 2.0))) + 2
    x, y = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    node = np.stack([x, y], axis=-1) * _SPACING + rng.normal(0, 0.15 * _SPACING, (side, side, 2))
    node += (-11.0, 11.0)
    east = np.stack([node[:-1, :], node[1:, :]], axis=2).reshape(-1, 2, 2)
    north = np.stack([node[:, :-1], node[:, 1:]], axis=2).reshape(-1, 2, 2)
    pairs = np.concatenate([east, north])
    pairs = pairs[rng.random(len(pairs)) > 0.25]
    return pairs[:, 0], pairs[:, 1]


def _crooked(
    starts: NDArray[Any], ends: NDArray[Any], rng: np.random.Generator
) -> NDArray[np.object_]:
    counts = rng.integers(1, 8, len(starts))
    owner = np.repeat(np.arange(len(starts)), counts + 2)
    first = np.concatenate([[0], np.cumsum(counts + 2)[:-1]])
    place = np.arange(len(owner)) - first[owner]
    share = (place / (counts + 1)[owner])[:, None]
    xy = starts[owner] * (1 - share) + ends[owner] * share
    inner = (place > 0) & (place <= counts[owner])
    xy[inner] += rng.normal(0, 0.03 * _SPACING, (int(inner.sum()), 2))
    return _lines(np.round(xy, 7), owner)


def _halved(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(owner, np.arange(len(lines)))
    place = np.arange(len(owner)) - first[owner]
    middle = (np.bincount(owner) // 2)[owner]
    low, high = place <= middle, place >= middle
    return _lines(xy[low], owner[low]), _lines(xy[high], owner[high])


def _lines(xy: NDArray[Any], owner: NDArray[Any]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(xy, indices=owner), object)


def _spurs(lines: NDArray[np.object_], rng: np.random.Generator) -> NDArray[np.object_]:
    chosen = lines[rng.random(len(lines)) < 0.03]
    start = shapely.get_coordinates(shapely.get_point(chosen, 1))
    end = np.round(start + rng.normal(0, 0.2 * _SPACING, start.shape), 7)
    return np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), object)


def _frayed(lines: NDArray[np.object_], rng: np.random.Generator) -> NDArray[np.object_]:
    """Move 2 % of the last points by 3 to 20 m."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    last = np.append(np.flatnonzero(np.diff(owner)), len(owner) - 1)
    moved = last[rng.random(len(last)) < 0.02]
    turn, metres = rng.uniform(0, 2 * np.pi, len(moved)), rng.uniform(3, 20, len(moved))
    xy[moved] += np.stack([np.cos(turn), np.sin(turn)], axis=1) * (metres / 111_200)[:, None]
    return _lines(np.round(xy, 7), owner)


def noisy_towns(roads: gpd.GeoDataFrame, count: int, *, seed: int = SEED) -> gpd.GeoDataFrame:
    """Towns up to a kilometre from a road, every hundredth of them a supply point."""
    rng = np.random.default_rng(seed + 1)
    at = rng.choice(len(roads), count, replace=False)
    xy = shapely.get_coordinates(shapely.get_point(roads.geometry.to_numpy()[at], 0))
    points = shapely.points(xy + rng.normal(0, 0.003, xy.shape))
    table = {
        "name": [f"Town {n}" for n in range(count)],
        "place": "town",
        "population": rng.integers(500, 50_000, count),
        "supply_point": np.arange(count) % 100 == 0,
    }
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def measure() -> list[Row]:
    """Import 300,000 roads and report time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        found = imported(ROADS, TOWNS, Path(folder))
    note = (
        f"GeoPackage of {found['file_mb']} MB to {found['segments']:,} segments and "
        f"{found['nodes']:,} nodes; reading, joining, report and writing, from the command line"
    )
    question = f"import of {ROADS:,} roads"
    seconds, peak = found["seconds"], found["peak_mb"]
    return [
        Row(
            question,
            f"{seconds:.1f} s",
            "",
            f"< {GOAL_SECONDS:.0f} s",
            seconds < GOAL_SECONDS,
            note,
        ),
        Row(
            f"{question}, peak memory",
            f"{peak:,} MB",
            "",
            f"< {GOAL_MB:,.0f} MB",
            peak < GOAL_MB,
            "the larger of the command and the process that opens its files",
        ),
    ]


def imported(count: int, towns: int, folder: Path) -> dict[str, Any]:
    """Make the files in ``folder``, import them, and report time and memory.

    Returns
    -------
    dict
        ``seconds`` and ``peak_mb`` of the command and the bounded process that opens its files,
        the larger of the two; size of the GeoPackage; figures of the network.
    """
    roads = noisy_roads(count)
    source, places, target = folder / "roads.gpkg", folder / "towns.gpkg", folder / "network"
    pyogrio.write_dataframe(roads, source, layer="roads")
    pyogrio.write_dataframe(noisy_towns(roads, towns), places, layer="towns")
    del roads
    words = [str(source), "--towns", str(places), "-o", str(target), "--format", "json"]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *words],
        check=True,
        capture_output=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    seconds = time.perf_counter() - begun
    told = json.loads(done.stdout)
    return {
        "file_mb": round(source.stat().st_size / 1e6, 1),
        "seconds": round(seconds, 1),
        "peak_mb": int(done.stderr.split()[-1]) // 1000,
        **told["figures"],
    }
