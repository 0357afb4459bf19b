"""A Dask scheduler and its workers: processes of their own on 127.0.0.1, ended by their ids."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
STARTS_WITHIN: Final = 60
ENDS_WITHIN: Final = 20
HERE: Final = ("--host", "127.0.0.1", "--no-dashboard")


@contextmanager
def scheduler() -> Iterator[str]:
    """Address of a scheduler that runs meanwhile."""
    process, match = _started(
        "dask_scheduler", *HERE, "--port", "0", ready=r"Scheduler at:\s+(tcp://\S+)"
    )
    try:
        yield match[1]
    finally:
        end(process)


@contextmanager
def workers(address: str, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """So many workers of one thread that work for the scheduler meanwhile."""
    running: list[subprocess.Popen[str]] = []
    try:
        for _ in range(count):
            running.append(worker(address))
        yield running
    finally:
        for process in running:
            end(process)


def worker(address: str) -> subprocess.Popen[str]:
    """One worker of one thread, registered with the scheduler."""
    words = (address, *HERE, "--nthreads", "1", "--no-nanny", "--local-directory", "/tmp")
    return _started("dask_worker", *words, ready="Registered to")[0]


def end(process: subprocess.Popen[str]) -> None:
    """End the process and what it started, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _started(command: str, *words: str, ready: str) -> tuple[subprocess.Popen[str], re.Match[str]]:
    """A process, and the match of the line that says that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{command}", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    matches: list[re.Match[str]] = []

    def read() -> None:
        for line in process.stdout or ():
            if not matches and (match := re.search(ready, line)):
                matches.append(match)

    threading.Thread(target=read, daemon=True).start()
    last = time.monotonic() + STARTS_WITHIN
    while not matches and process.poll() is None and time.monotonic() < last:
        time.sleep(0.05)
    if not matches:
        end(process)
        raise RuntimeError(f"{command} was not ready within {STARTS_WITHIN} s")
    return process, matches[0]
