"""Geometry of a country's roads in tiles by zoom, made once and served from disk.

A browser cannot draw some hundred thousand segments at once, nor should it fetch them. So each
level of zoom has its own choice of segments, the more important first, cut into squares of the
usual web tiles; the map asks for those in view. A segment lies whole in the one tile that holds
the middle of its box, so that no line is cut in pieces that a click would have to put together.
"""

import atexit
import gzip
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.map.geometry import SCALE, coded, flats, frame_of, node_rows, segment_columns
from dashboard.map.tile_folders import finish, locked, remove_others
from geodata import schema as f
from geodata.analysis.paths import shortest_paths
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.schema import Measure

LEAST: Final = 50_000
"""Segments from which the network that a server is started with is drawn from tiles."""

FOLDER: Final = "map-tiles"
NO_PLACE: Final = -1
"""Stands for the end of a segment that is a plain junction."""

LARGEST: Final = 12.0
"""Greatest zoom of the map."""

FORMAT: Final = 1
"""Raise it when tiles change: those of another format are made again."""

IMPORTANT: Final = ("motorway", "trunk", "primary", "national")
MIDDLING: Final = ("secondary", "tertiary", "regional")
"""Beginnings of the classes of roads that are drawn before others."""

PIXELS: Final = 256


@dataclass(frozen=True)
class Level:
    """What is drawn from a zoom on.

    Parameters
    ----------
    zoom : float
        Least zoom of the map at which it is drawn.
    tile_zoom : int
        Zoom of its tiles.
    most : int or None
        Segments, the most important first; all if None.
    """

    zoom: float
    tile_zoom: int
    most: int | None


LEVELS: Final = (Level(0, 5, 10_000), Level(8.5, 8, 60_000), Level(9.75, 10, None))


def is_tiled(network: Network) -> bool:
    """Return whether a network is so large that a server started with it draws it from tiles."""
    return len(network.segment_ids) > LEAST


class Roads:
    """Segments of a network as rows that the map reads.

    Parameters
    ----------
    network : Network

    Attributes
    ----------
    places : ndarray of int64
        Rows of the nodes that the map knows: towns, supply points and whatever has a name.
    names : dict of str to list of str
        What rows point into: see `segment_columns`.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        labels = np.array([label != "" for label in network.labels.values()], bool)
        asked = np.isin(np.array(network.node_ids), [*network.towns, *network.supply_points])
        self.places = np.flatnonzero(labels | asked)
        self.names, self._columns = segment_columns(network)
        number = np.full(len(network.node_ids), NO_PLACE)
        number[self.places] = np.arange(len(self.places))
        self._ends = number[network.tail], number[network.head]

    @property
    def place_ids(self) -> tuple[str, ...]:
        """Ids of the nodes that the map knows, in its order."""
        return tuple(self.network.node_ids[row] for row in self.places)

    def rows(
        self, rows: NDArray[np.int64], lines: NDArray[np.object_] | None = None
    ) -> list[list[Any]]:
        """Return segments as rows: number, id, ends, the columns, and the line.

        Parameters
        ----------
        rows : ndarray of int64
        lines : ndarray of LineString, optional
            Drawn in place of their own lines.
        """
        given = self.network.segments.geometry.to_numpy()[rows] if lines is None else lines
        tail, head = self._ends
        return [
            [row, self.network.segment_ids[row], int(tail[row]), int(head[row])]
            + [column[row] for column in self._columns]
            + [line]
            for row, line in zip(rows.tolist(), flats(given), strict=True)
        ]


@dataclass(frozen=True)
class Tiles:
    """Tiles of one network on disk.

    Parameters
    ----------
    folder : Path
        Holds each file, compressed, under the SHA-256 of its content.
    head : str
        SHA-256 of the file to begin with.
    roads : Roads
    lock : file
        Keeps other servers from removing the folder while these tiles are in use.
    """

    folder: Path
    head: str
    roads: Roads
    lock: BinaryIO


def tiles_of(network: Network, source: Path) -> Tiles:
    """Return the tiles of a network, made if its folder does not hold them yet.

    Parameters
    ----------
    network : Network
    source : Path
        Folder that the network was read from. The tiles go into its folder ``map-tiles``, and
        those of earlier versions of the network are removed there, unless another server on this
        machine uses them. Where it cannot be written, a temporary folder holds the tiles until
        this process ends.

    Raises
    ------
    GeodataError
        If neither can be written.
    """
    roads, digest = Roads(network), _digest(source)
    for temporary in (False, True):
        try:
            root = _temporary() if temporary else source / FOLDER
            lock = _made(roads, root / digest)
        except OSError:
            continue
        with suppress(OSError):  # a folder that others made and only they may list
            remove_others(root, kept=digest)
        return Tiles(root / digest, lock.read().decode("ascii").strip(), roads, lock)
    raise GeodataError("map.no_tile_folder", folder=str(source / FOLDER))


def _temporary() -> Path:
    root = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _made(roads: Roads, folder: Path) -> BinaryIO:
    """Return the locked head of a folder of tiles, made unless it is there."""
    lock = locked(folder)
    if lock is None:
        folder.mkdir(parents=True, exist_ok=True)
        finish(folder, _write(roads, folder))
        lock = locked(folder)
    if lock is None:
        raise FileNotFoundError(folder)
    return lock


def _digest(source: Path) -> str:
    """Return the SHA-256 of the network's files and of how tiles are made of them."""
    digest = hashlib.sha256(repr((FORMAT, SCALE, LEVELS)).encode())
    for path in sorted(source.glob("*")):
        if path.is_file() and path.stem in ("nodes", "segments", "network"):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _write(roads: Roads, folder: Path) -> str:
    """Write all tiles and the file that lists them; return the name of that file."""
    network, levels = roads.network, []
    order = _by_importance(network)
    for level, finest in zip(LEVELS, (*(level.zoom for level in LEVELS[1:]), LARGEST), strict=True):
        rows = np.sort(order[: level.most])
        tiles = [
            [*box, _write_file(part, folder)]
            for box, part in _cut(roads, rows, level.tile_zoom, _pixel(finest))
        ]
        levels.append({"zoom": level.zoom, "tiles": tiles})
    head = {
        **frame_of(network),
        **roads.names,
        "count": len(network.segment_ids),
        "segments": [],
        "nodes": node_rows(network, roads.places),
        "levels": levels,
    }
    return _write_file(head, folder)


def _by_importance(network: Network) -> NDArray[np.int64]:
    """Return the rows of all segments: routes of supply first, then by class, then by length."""
    everything = np.ones(len(network.segment_ids), np.bool_)
    supply = np.array([network.node_number[i] for i in network.supply_points], np.int64)
    routes = shortest_paths(network, everything, supply, by=Measure.KM)
    passed = np.zeros(len(network.segment_ids), np.bool_)
    towns = np.array([network.node_number[town] for town in network.towns], np.int64)
    passed[routes.segments_towards(towns)] = True
    names = network.segments.get(f.ROAD_CLASS)
    rank = np.full(len(passed), 2)
    if names is not None:
        classes = names.fillna("").astype(str)
        rank[classes.str.startswith(MIDDLING).to_numpy(bool)] = 1
        rank[classes.str.startswith(IMPORTANT).to_numpy(bool)] = 0
    return np.lexsort((-network.length_km, rank, ~passed))


def _cut(
    roads: Roads, rows: NDArray[np.int64], zoom: int, tolerance: float
) -> Iterator[tuple[list[float], list[list[Any]]]]:
    """Give the box of each tile's segments, on a world of side 1, and the segments themselves."""
    lines = roads.network.segments.geometry.to_numpy()[rows]
    west, south, east, north = shapely.bounds(lines).T
    (left, top), (right, bottom) = _world(west, north), _world(east, south)
    across, down = (
        np.floor(middle * 2**zoom) for middle in ((left + right) / 2, (top + bottom) / 2)
    )
    tile = (down * 2**zoom + across).astype(np.int64)
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    order = np.argsort(tile, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(tile[order])) + 1):
        box = [left[part].min(), top[part].min(), right[part].max(), bottom[part].max()]
        yield [round(float(edge), 7) for edge in box], roads.rows(rows[part], simple[part])


def _world(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    sin = np.clip(np.sin(np.radians(lat)), -0.9999, 0.9999)
    return [lon / 360 + 0.5, 0.5 - np.log((1 + sin) / (1 - sin)) / (4 * np.pi)]


def _pixel(zoom: float) -> float:
    """Return degrees of longitude in one pixel of the map."""
    return float(360 / (PIXELS * 2**zoom))


def _write_file(content: Any, folder: Path) -> str:
    data = coded(content)
    name = hashlib.sha256(data).hexdigest()
    (folder / name).write_bytes(gzip.compress(data, compresslevel=5, mtime=0))
    return name
