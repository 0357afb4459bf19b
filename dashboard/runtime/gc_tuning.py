"""Keep what lives long out of the garbage collector's way.

Streamlit collects all garbage after every run, and that walks over every object there is: over a
million of the libraries', which live as long as the server, and what sessions and kept results
hold, which lives for many runs. Before this it took about 120 ms of a lone visitor's click, and
two thirds of the server's time under 40 visitors. So what exists at the start of a run is
frozen, which takes no time, and only newer objects are searched. Now and then everything is
thawed and searched, so that unused objects do not stay for long.
"""

import gc
import sys
import threading
from typing import Final

NEW_MODULES: Final = 10
RUNS_BETWEEN: Final = 200
# A run that reads a large file must not hold up those of others between its steps: at Python's
# standard 5 ms the 95th percentile of 20 others rose 4.7 times, at 1 ms half of that.
sys.setswitchinterval(0.001)
_lock: Final = threading.Lock()
_seen: Final = {"modules": 0, "runs": 0}


def freeze_long_lived_objects() -> None:
    """Exclude all present objects from collection, at the start of a run."""
    with _lock:
        _seen["runs"] += 1
        loaded = len(sys.modules) - _seen["modules"] >= NEW_MODULES
        if loaded or _seen["runs"] >= RUNS_BETWEEN:
            _seen.update(modules=len(sys.modules), runs=0)
            gc.unfreeze()
            gc.collect()
        gc.freeze()


def collect() -> None:
    """Look through all objects there are, as after sessions have ended."""
    with _lock:
        gc.unfreeze()
        gc.collect()
