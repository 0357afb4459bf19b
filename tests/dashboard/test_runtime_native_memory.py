"""Threads of a server share few pools of memory."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.runtime.native_memory import POOLS

ROOT = Path(__file__).parents[2]
THREADS = 12

PROGRAM = f"""
import ctypes, sys, threading
from pathlib import Path
if "bound" in sys.argv:
    from dashboard.runtime import native_memory
    native_memory.bound()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
together, counted = threading.Barrier({THREADS} + 1), threading.Event()

def ask():
    libc.malloc(1_000)
    together.wait()
    counted.wait()

threads = [threading.Thread(target=ask) for _ in range({THREADS})]
for each in threads:
    each.start()
together.wait()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
counted.set()
print(Path(sys.argv[1]).read_text().count("<heap nr="))
"""


def pools(path: Path, *how: str) -> int:
    """How many pools of memory a program has while `THREADS` threads ask for some."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), *how],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(told.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other pools")
def test_many_threads_share_few_pools(tmp_path: Path) -> None:
    assert pools(tmp_path / "usual.xml") > POOLS
    assert pools(tmp_path / "bound.xml", "bound") <= POOLS
