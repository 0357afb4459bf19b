"""Before the first visitor: the data are checked and what every view needs is made ready."""

import sys

from dashboard import data
from dashboard.map_model import LAYERS
from dashboard.page import TABS
from geodata.errors import GeodataError
from geodata.state import State


def prepare() -> None:
    """Load what every visitor needs, or end the program.

    A server on damaged data has nothing to show: it ends with code 1 and one line that names the
    file and the remedy, for whoever or whatever started it.
    """
    try:
        held = data.started_with()
        held.known(TABS, LAYERS)
        held.access(held.situation(State()))
        _ = held.dataset.layers
    except GeodataError as error:
        sys.exit(str(error))
