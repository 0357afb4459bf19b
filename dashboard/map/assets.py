"""Where the browser finds what does not change: served by this app, named by content."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from streamlit import runtime

from dashboard.map.geometry import MIME, coded, network_geometry
from dashboard.map.tiles import Tiles, is_tiled, tiles_of
from dashboard.runtime.long_work import one_at_a_time
from geodata.network.model import Network

STATIC: Final = Path(__file__).parents[1] / "static"
MANIFEST: Final = STATIC / "manifest.json"
# The map's frame lives at <base>/component/<name>/index.html; so this works under any base path.
STATIC_PREFIX: Final = "../../app/static/"
APP_ROOT: Final = "../.."
COMPONENT: Final = "streamlit_folium.st_folium"
TILE_ROUTE: Final = "/tiles"
INLINE: Final = 150
"""Bytes of JSON up to which a part of the map's state travels with it."""

DRAWN: Final = 5_000
"""Segments that the map draws at any zoom, such as what is cut and the way to a town."""


_geometries: WeakKeyDictionary[Network, tuple[bytes, str]] = WeakKeyDictionary()
_tiled: WeakKeyDictionary[Network, Tiles] = WeakKeyDictionary()


def manifest() -> Mapping[str, Any]:
    """Return what `dashboard.map.build` made: names of files by their purpose.

    Raises
    ------
    FileNotFoundError
        If it was never run: ``python -m dashboard.map.build`` makes the files.
    """
    return _manifest(MANIFEST.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _manifest(_changed: int) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return content


def static_url(purpose: str) -> str:
    """Return address, from the map's frame, of the static file for ``purpose``."""
    return STATIC_PREFIX + str(manifest()["files"][purpose])


def early_files(lang: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a map of the shipped network asks for, as addresses from the app's document.

    Returns
    -------
    large, small : tuple of str
        Files above and below 30 kB on their way.
    """
    files = manifest()["files"]
    large = ("leaflet.js", "base")
    small = ("map.js", "network", "supercluster.js", "leaflet.css", "map.css", f"texts.{lang}")
    first, rest = (
        tuple(f"./app/static/{files[name]}" for name in names) for names in (large, small)
    )
    return (*_component_scripts(), *first), rest


def _component_scripts() -> tuple[str, ...]:
    """Return scripts of the frame that holds the map; none before a first run has named it."""
    if not runtime.exists():
        return ()
    build = runtime.get_instance().component_registry.get_component_path(COMPONENT)
    scripts = sorted(Path(build).glob("static/js/main.*.js")) if build else []
    return tuple(f"./component/{COMPONENT}/static/js/{each.name}" for each in scripts)


def geometry_of(network: Network) -> tuple[bytes, str]:
    """Return `network_geometry`, made once for each network that lives."""
    if network not in _geometries:
        with one_at_a_time(len(network.segment_ids)):
            _geometries[network] = network_geometry(network)
    return _geometries[network]


def use_tiles(network: Network, source: Path) -> None:
    """Have the map draw a network from tiles, where it is too large to be sent at once.

    Only for the network that the server was started with: tiles are the same for all visitors.

    Parameters
    ----------
    network : Network
    source : Path
        Folder that it was read from.
    """
    if is_tiled(network):
        _tiled[network] = tiles_of(network, source)


def tile_file(name: str) -> Path | None:
    """Return the file of a tile by its name; None if there is no such tile."""
    if re.fullmatch("[0-9a-f]{64}", name) is None:
        return None
    paths = (tiles.folder / name for tiles in _tiled.values())
    return next((path for path in paths if path.is_file()), None)


def node_ids_of(network: Network) -> Sequence[str]:
    """Return the ids of the nodes that the map knows, in the order of its file."""
    return _tiled[network].roads.place_ids if network in _tiled else network.node_ids


def lines_of(network: Network, segments: Iterable[str]) -> list[list[Any]]:
    """Return what the map draws at any zoom, though no tile in view may hold it.

    Empty for a network whose segments the map has all.
    """
    if network not in _tiled:
        return []
    rows = np.unique([network.segment_number[segment] for segment in segments])
    return _tiled[network].roads.rows(rows[:DRAWN].astype(np.int64))


def geometry_url(network: Network) -> str:
    """Return the address of a network's geometry.

    The shipped network is a static file. Any other goes through Streamlit's media files: they
    stay in memory, belong to the session and end with it.
    """
    if network in _tiled:
        return f"{APP_ROOT}{TILE_ROUTE}/{_tiled[network].head}.json"
    data, name = geometry_of(network)
    if name == manifest()["network"]:
        return static_url("network")
    return media_url(data, place="map-network")


def part(value: Any, *, place: str) -> Any:
    """Return ``value`` itself if small, else a reference to a file the browser fetches once.

    So a state that repeats with every click, such as the reasons of many closures, travels only
    when it changes.
    """
    data = coded(value)
    return value if len(data) <= INLINE else {"url": media_url(data, place=place)}


def coded_part(data: bytes, *, place: str) -> Any:
    """Return `part` of what is JSON already."""
    return json.loads(data) if len(data) <= INLINE else {"url": media_url(data, place=place)}


def media_url(data: bytes, *, place: str) -> str:
    """Return address of session-private ``data``; ``place`` says what it replaces in the session.

    The address holds a hash over every byte and the session (`dashboard.runtime.session_files`).
    """
    manager = runtime.get_instance().media_file_mgr
    return APP_ROOT + manager.add(data, MIME, place)
