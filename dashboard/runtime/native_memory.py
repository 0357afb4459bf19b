"""Memory of the C libraries: few pools, and what is free given back to the system.

The C library keeps a pool for each thread that asks while others do, up to eight for each core,
and Streamlit starts a thread for every run: what one run leaves free in its pool is of no use to
the next. It also keeps the memory of a large array for one to come. After 90 visitors with a table
a server of two cores held 142 MB that nothing used, ever more with each; with two pools 20 to 35.
"""

import ctypes
import sys
from contextlib import suppress
from typing import Final

import pyarrow as pa

TRIM_THRESHOLD: Final = -1
MMAP_THRESHOLD: Final = -3
ARENA_MAX: Final = -8
"""Numbers of settings in the GNU C library's ``malloc.h``."""

POOLS: Final = 2
LARGE: Final = 512 * 1024
"""Bytes from which a block is asked of the system, and given back to it, by itself.

The fuel model makes thousands of arrays of 336 kB. Were each asked of the system, which clears it
first, the model would take twice as long.
"""
TRIMMED: Final = 256 * 1024
"""Bytes free at the end of a pool that are given back."""


def bound() -> None:
    """Have few pools from now on; called before other threads ask for memory."""
    pa.set_memory_pool(pa.system_memory_pool())
    for setting, value in (
        (ARENA_MAX, POOLS),
        (MMAP_THRESHOLD, LARGE),
        (TRIM_THRESHOLD, TRIMMED),
    ):
        _call("mallopt", setting, value)


def give_back() -> None:
    """Give free memory back to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    """Call a function of the GNU C library; another one has no such function."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), name)(*arguments)
