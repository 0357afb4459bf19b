"""Waiting until a server has done what it does once after its start."""

import time
from typing import Final

import psutil

from dashboard.runtime.first_map import CALM, PUT_OFF

IDLE_PERCENT: Final = 20
"""Most of a core that a server without visitors takes."""


def wait_for_work_ahead(pid: int) -> None:
    """Wait until a server has computed the fuel of all towns, which it does once nobody opens it.

    What is measured before would tell of that computation, too.
    """
    process, last = psutil.Process(pid), time.perf_counter() + PUT_OFF
    time.sleep(CALM)
    process.cpu_percent()
    busy = True
    while busy and time.perf_counter() < last:
        time.sleep(1)
        busy = process.cpu_percent() > IDLE_PERCENT
