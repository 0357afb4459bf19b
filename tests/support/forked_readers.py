"""Bounded processes that are forked from one with the readers' libraries loaded.

`geodata.readers.sandbox` starts a Python for each file, which then loads pandas, pyogrio and
pyarrow: half a second of computing, some seven hundred times in these tests. Here one process
loads them once and forks a child for each file. The child runs the same `serve` under the same
limits and the same confinement; only its start differs, and the tests of the sandbox and of the
confinement keep the real one.
"""

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from geodata.errors import GeodataError
from geodata.readers import sandbox
from geodata.readers.layers import gdal

ROOT: Final = Path(__file__).resolve().parents[2]
LENGTH: Final = struct.Struct(">Q")
CODE: Final = struct.Struct(">i")
STARTED: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from tests.support.forked_readers import fork_for_ever; fork_for_ever(int(sys.argv[2]))"
)

_started: Final[list["subprocess.Popen[bytes]"]] = []


def output(task: bytes, seconds: float, longest: int, environment: Mapping[str, str]) -> bytearray:
    """Stand in for the sandbox's own start of a child: what the child sends for one task."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(sandbox.CLOCK_TIMES * seconds)
        line.connect(_address(os.getpid()))
        variables = json.dumps({**sandbox._ENVIRONMENT, **environment}).encode()
        # A child that ends before it has read everything says why by other means.
        with suppress(BrokenPipeError):
            line.sendall(LENGTH.pack(len(variables)) + variables + LENGTH.pack(len(task)) + task)
        received = bytearray()
        try:
            while piece := line.recv(2**20):
                received += piece
                if len(received) > longest + CODE.size:
                    raise GeodataError("sandbox.answer")
        except TimeoutError as error:
            clock = f"{sandbox.CLOCK_TIMES * seconds:g}"
            raise GeodataError("sandbox.clock", seconds=clock, limit=f"{seconds:g}") from error
    (code,) = CODE.unpack(received[-CODE.size :])
    if code == -signal.SIGXCPU:
        raise GeodataError("sandbox.time", seconds=f"{seconds:g}")
    return received[: -CODE.size] if code == 0 else bytearray()


@cache
def _address(owner: int) -> str:
    """Start the process that forks, once for each process of tests; give its socket's path."""
    path = f"{tempfile.mkdtemp(prefix=f'readers-{owner}-')}/socket"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(16)
    _started.append(
        subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", STARTED, str(ROOT), str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # never written to: it ends with this process
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**sandbox._ENVIRONMENT, **gdal.environment()},
        )
    )
    listener.close()
    return path


def fork_for_ever(number: int) -> None:
    """Body of the process that forks: load what readers need, then a child for each caller."""
    import geodata.readers.events.parser
    import geodata.readers.layers.parser  # noqa: F401

    listener = socket.socket(fileno=number)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while listener in select.select([listener, 0], [], [])[0]:  # 0 closes as the tests end
        line, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _answer(line)
        line.close()


def _answer(line: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with line.makefile("rb", buffering=0) as source:
        (length,) = LENGTH.unpack(_exactly(source, LENGTH.size))
        environment = json.loads(_exactly(source, length))
        (length,) = LENGTH.unpack(_exactly(source, LENGTH.size))
        task = _exactly(source, length)
    reading, writing = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.dup2(reading, 0)
        os.dup2(line.fileno(), 1)
        os.environ.clear()
        os.environ.update(environment)
        # Kept by name: `serve` puts another in the place of `sys.stdout`, and closed is closed.
        inlet, outlet = os.fdopen(0, "r"), os.fdopen(1, "w")
        sys.stdin, sys.stdout = inlet, outlet
        sys.argv[2] = str(parent)
        sandbox.serve()
    os.close(reading)
    with suppress(BrokenPipeError), os.fdopen(writing, "wb") as sink:
        sink.write(task)
    _, status = os.waitpid(child, 0)
    line.sendall(CODE.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _exactly(source: object, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length and (piece := source.read(length - len(parts))):  # type: ignore[attr-defined]
        parts += piece
    return bytes(parts)
