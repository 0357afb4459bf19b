"""Where the shipped data lie."""

from pathlib import Path
from typing import Final

DATA_FOLDER: Final = Path(__file__).parent / "data"
NETWORK_FOLDER: Final = DATA_FOLDER / "network"
