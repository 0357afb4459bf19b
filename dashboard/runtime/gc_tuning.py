"""Keep what lives long out of the garbage collector's way.

Streamlit collects all garbage after every run, and that walks over every object there is: over a
million of the libraries', which live as long as the server, and what sessions and kept results
hold, which lives for many runs. Before this it took about 120 ms of a lone visitor's click, and
two thirds of the server's time under 40 visitors. So what exists at the start of a run is
frozen, which takes no time, and only newer objects are searched. Now and then everything is
thawed and searched, so that unused objects do not stay for long. Nobody is served meanwhile, and
a visitor with a large table makes it take a second: so it is done the less often the longer it
takes, and where possible while no page is being drawn. At the start of a run, as before, each
search of 0.3 s under 50 visitors made some ten clicks take 0.6 to 0.9 s.
"""

import gc
import sys
import threading
import time
from typing import Final

from dashboard.runtime.long_work import drawing

NEW_MODULES: Final = 10
RUNS_BETWEEN: Final = 200
SHARE: Final = 0.01
"""Most of one core's time that searching everything may take."""

# A run that computes for long must not hold up those of others between its steps. Beside two
# threads in a loop of Python's own a click took 1.07 s at the standard 5 ms, 0.42 s at 1 ms,
# 0.26 s at 0.5 ms and 0.21 s at 0.2 ms; beside one that goes through a large table in steps of
# 4 ms, 0.26 s at 1 and at 0.5 ms but 0.39 s at 0.2 ms, since it gives up its turn more often.
sys.setswitchinterval(0.0005)
IDLE_SECONDS: Final = 10.0
"""How long a search waits at most for a moment without a run."""

LOOK_SECONDS: Final = 0.01

_lock: Final = threading.Lock()
_seen: Final = {"modules": 0, "runs": 0}
_next: Final = {"search": 0.0}


def freeze_long_lived_objects() -> None:
    """Exclude all present objects from collection, at the start of a run.

    Not while they are searched, which may take a second: no run waits for that.
    """
    if not _lock.acquire(blocking=False):
        return
    try:
        _seen["runs"] += 1
        loaded = len(sys.modules) - _seen["modules"] >= NEW_MODULES
        due = (loaded or _seen["runs"] >= RUNS_BETWEEN) and may_search()
        if due:
            _seen.update(modules=len(sys.modules), runs=0)
            _next["search"] = time.monotonic() + IDLE_SECONDS  # by then this one is under way
        gc.freeze()
    finally:
        _lock.release()
    if due:
        _soon()


def _soon() -> None:
    threading.Thread(target=collect, name="collector", daemon=True).start()


def may_search() -> bool:
    """Return whether the last search of everything is long enough ago."""
    return time.monotonic() >= _next["search"]


def collect() -> None:
    """Look through all objects there are, as after sessions have ended, and when nobody waits."""
    last = time.monotonic() + IDLE_SECONDS
    while drawing() and time.monotonic() < last:
        time.sleep(LOOK_SECONDS)
    with _lock:
        _search()
        gc.freeze()


def _search() -> None:
    began = time.thread_time()
    gc.unfreeze()
    gc.collect()
    _next["search"] = time.monotonic() + (time.thread_time() - began) / SHARE
