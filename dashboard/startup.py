"""Before the first visitor: the server is shut off, the data checked, every view made ready."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from streamlit import net_util

from dashboard.map.assets import use_tiles
from dashboard.map.tiles import is_tiled
from dashboard.page import link_ids
from dashboard.runtime import (
    compression,
    connections,
    fonts,
    json_log,
    late_values,
    native_memory,
    theme_message,
)
from dashboard.runtime.first_map import MAPS
from dashboard.session import datasets
from dashboard.session.results import AnalysisCache, access_of, fuel_of, situation
from geodata.errors import GeodataError
from geodata.network.shipped import faults
from geodata.readers.confinement import undumpable
from geodata.scenario import Scenario

AHEAD: Final = "COMPUTE_AHEAD"
"""Setting: ``off`` leaves what `compute_ahead` computes to the first visitor who asks for it."""


def prepare() -> None:
    """Load what every visitor needs, or end the program.

    A server on damaged data has nothing to show: it ends with code 1 and one line that names the
    file and the remedy, for any user or service that started it.
    """
    for fault in faults():
        sys.exit(fault)
    native_memory.bound()
    json_log.set_up()
    ask_no_host()
    undumpable()
    connections.limit()
    compression.widen_window()
    late_values.compare()
    theme_message.read_once()
    try:
        cache = datasets.started_with()
        folder = datasets.network_folder()
        if folder:
            use_tiles(cache.dataset.network, Path(folder))
        link_ids(cache)
        access_of(cache, situation(cache, Scenario()))
        _ = cache.dataset.layers
    except GeodataError as error:
        sys.exit(str(error))
    threading.Thread(target=compute_ahead, args=(cache,), name="ahead", daemon=True).start()


def compute_ahead(cache: AnalysisCache, *, wait: Callable[[], object] = MAPS.wait_for_calm) -> None:
    """Make the page's icons and the fuel of all towns, so that no visitor waits for either.

    The fuel takes seconds, in which every file and message of a page that opens would wait for its
    turn: so it is put off while pages open.
    Data without events or outside Mali have no fuel; the card of a town says so. On a network that
    is drawn from tiles fuel would take gigabytes, so it waits until somebody asks.
    """
    if os.environ.get(AHEAD) == "off":
        return
    fonts.style()
    if is_tiled(cache.dataset.network):
        return
    wait()
    with contextlib.suppress(GeodataError):
        fuel_of(cache)


def ask_no_host() -> None:
    """Have Streamlit decide on origins from its settings and the request alone.

    For every foreign origin it would otherwise ask a service on the internet for this machine's
    address, in the event loop, so that a name server that does not answer stops all visitors.
    To name the server otherwise, set ``browser.serverAddress``.
    """
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown


def _unknown() -> None:
    """Stand for an address that nobody was asked for."""
