"""Keep what never goes away out of the garbage collector's way.

Streamlit collects all garbage after every run. With the libraries of this app loaded, that walks
over a million objects that live as long as the server, and takes longer than the run itself:
about 120 ms of a click's 180 ms, before this. Objects that are there once the libraries are
loaded are set aside; only what sessions make afterwards is walked over.
"""

import gc
import sys
import threading
from typing import Final

NEW_MODULES: Final = 10
_lock: Final = threading.Lock()
_loaded: Final = [0]


def settle() -> None:
    """Set aside all objects there are, if more libraries were loaded since the last time."""
    if len(sys.modules) - _loaded[0] < NEW_MODULES:
        return
    with _lock:
        _loaded[0] = len(sys.modules)
        gc.collect()
        gc.freeze()
