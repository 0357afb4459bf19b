"""Where the shipped data lie, and what a user's own folders are called."""

from pathlib import Path
from typing import Final

DATA_FOLDER: Final = Path(__file__).parent / "data"
NETWORK_FOLDER: Final = DATA_FOLDER / "network"
USER_FOLDER: Final = "supply-routes"
"""Name of the folders of a user's data and cache, for `platformdirs`."""
