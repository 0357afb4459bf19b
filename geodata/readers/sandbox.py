"""Run a parser where neither a crash nor a runaway can reach the program.

Each call starts one Python process with limits on computing, memory, open files and written bytes,
gives it the file over a pipe and receives JSON and bytes. Nothing is pickled, so that a parser
taken over by its input runs no code in the caller. The child may not open sockets, start programs
or write files: Python refuses what asks through it, and where the kernel can, it refuses the rest
(:mod:`geodata.readers.confinement`). There a reader taken over by its file can at worst give a
wrong table; elsewhere it can do what the user who runs the program can.
"""

import importlib
import json
import math
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from geodata.errors import GeodataError
from geodata.readers import confinement
from geodata.readers.turns import LOOK_SECONDS, READING, WAITING, Turns

_ROOT: Final = Path(__file__).resolve().parents[2]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from geodata.readers.sandbox import serve; serve()"
)
CLOCK_TIMES: Final = 12
"""How many times its computing time a reader may take by the clock, on a busy machine."""

ANSWER_TIMES: Final = 10
"""How many times its bytes what is made of a file may take."""

ANSWER_FREE: Final = 10 * 10**6
"""Bytes of an answer that any file may give, however small it is."""

HEAD_BYTES: Final = 2 * 10**6
"""Bytes of an answer's JSON: as objects it takes up to twenty times as much."""

PASSING: Final = frozenset({"sandbox.busy", "sandbox.clock"})
"""Refusals that are not the file's fault: another attempt may succeed."""

NICE: Final = 10
"""Steps by which a child lets the program compute first that started it, and who waits for a click;
more of Unix's 19 would have it wait for any other program on a busy machine."""

PARAM_CHARACTERS: Final = 2_000
_HEAD: Final = struct.Struct(">Q")
_PIECE: Final = 2**20
_REFUSED: Final = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "os.system",
    "pty.", "ftplib.", "urllib.", "http.", "smtplib.",
)  # fmt: skip
# One thread and no arenas: each would take address space that counts against the limit.
_ENVIRONMENT: Final = {
    "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
}  # fmt: skip


def run(
    function: str,
    data: bytes,
    params: Mapping[str, object] | None = None,
    *,
    seconds: float,
    memory_mb: int,
    environment: Mapping[str, str] | None = None,
    turns: Turns = READING,
) -> tuple[dict[str, object], bytes]:
    """Call ``function(data, params)`` in a bounded child process.

    Parameters
    ----------
    function : str
        ``module:name`` of a function that takes ``(bytes, dict)`` and returns
        ``(dict, bytes)``; both dicts hold only what JSON can. Its name comes from code, never
        from a file.
    data : bytes
        The file.
    params : mapping, optional
        Everything else the function needs.
    seconds, memory_mb
        Limits on computing time and memory, usually from :mod:`geodata.readers.limits`. By the
        clock it
        may take `CLOCK_TIMES` as long. Its answer may have `ANSWER_TIMES` the file's bytes
        and `ANSWER_FREE` more.
    turns : Turns
        Who asks, as `geodata.readers.turns` counts them.
    environment : mapping, optional
        More environment variables for the child, such as GDAL's switches.

    Returns
    -------
    tuple of dict and bytes
        What the function returned.

    Raises
    ------
    GeodataError
        What the function raised; or ``sandbox.time`` (computing), ``sandbox.clock`` (a busy
        machine), ``sandbox.memory``, ``sandbox.answer_size``, ``sandbox.crash``,
        ``sandbox.answer`` where the child sent no proper answer, or ``sandbox.busy`` where no
        turn came in time.
    """
    longest = min(ANSWER_TIMES * len(data) + ANSWER_FREE, memory_mb * 10**6)
    settings = {
        "function": function,
        "params": dict(params or {}),
        "seconds": seconds,
        "memory_mb": memory_mb,
        "longest": longest,
    }
    head = json.dumps(settings).encode()
    with turns.turn():
        output = _output(_HEAD.pack(len(head)) + head + data, seconds, longest, environment or {})
    return _answer(output, seconds, memory_mb)


def _output(task: bytes, seconds: float, longest: int, environment: Mapping[str, str]) -> bytearray:
    """Return what a child sends back for one task, no more bytes of it than ``longest``."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _START, str(_ROOT), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**_ENVIRONMENT, **environment},
    )
    with process, ThreadPoolExecutor(1) as readers:
        _let_others_first(process.pid)
        clock = threading.Timer(CLOCK_TIMES * seconds, process.kill)
        feeder = threading.Thread(target=_feed, args=(process, task), daemon=True)
        clock.start()
        feeder.start()
        try:
            output = _awaited(readers.submit(_read, process, longest))
            process.wait()
            late = not clock.is_alive()
        finally:
            clock.cancel()
            process.kill()
            feeder.join()
    if process.returncode == -signal.SIGXCPU:
        raise GeodataError("sandbox.time", seconds=f"{seconds:g}")
    if late:
        raise GeodataError(
            "sandbox.clock", seconds=f"{CLOCK_TIMES * seconds:g}", limit=f"{seconds:g}"
        )
    # A child that died while it answered has sent a part that must not pass for the whole.
    return output if process.returncode == 0 else bytearray()


def _awaited(output: Future[bytearray]) -> bytearray:
    """Return what a child writes; a caller may end the wait."""
    while True:
        try:
            return output.result(LOOK_SECONDS)
        except TimeoutError:
            WAITING.get()()


def _let_others_first(pid: int) -> None:
    """Have a child compute only where nobody else wants to, from its start on."""
    # Not every system has this; and a child that has ended already needs it no more.
    with suppress(AttributeError, OSError):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, pid, own + NICE)


def _feed(process: "subprocess.Popen[bytes]", task: bytes) -> None:
    if process.stdin is not None:
        # A child that ends before it has read everything says why by other means.
        with suppress(BrokenPipeError):
            process.stdin.write(task)
        with suppress(BrokenPipeError):
            process.stdin.close()


def _read(process: "subprocess.Popen[bytes]", longest: int) -> bytearray:
    """Return everything a child writes; it is ended where it goes on without end."""
    output = bytearray()
    while process.stdout is not None and (piece := os.read(process.stdout.fileno(), _PIECE)):
        output += piece
        if len(output) > longest:
            process.kill()
            raise GeodataError("sandbox.answer")
    return output


@contextmanager
def untrusted_answer() -> Iterator[None]:
    """Take a child's answer apart: whatever is wrong with it is one error.

    Raises
    ------
    GeodataError
        ``sandbox.answer`` for any other error that comes up within.
    """
    try:
        yield
    except GeodataError:
        raise
    except Exception as error:  # a child taken over by its input can send anything
        raise GeodataError("sandbox.answer") from error


def _answer(output: bytearray, seconds: float, memory_mb: int) -> tuple[dict[str, object], bytes]:
    """Return what the child sent, or the error it reported or died of."""
    if len(output) < _HEAD.size:
        raise GeodataError("sandbox.crash", memory_mb=memory_mb, seconds=f"{seconds:g}")
    with untrusted_answer():
        (length,) = _HEAD.unpack_from(output)
        if length > HEAD_BYTES:
            raise ValueError("head")
        head = json.loads(output[_HEAD.size : _HEAD.size + length])
        _raise_reported(head, seconds, memory_mb)
        answer = head["answer"]
        if not isinstance(answer, dict):
            raise TypeError(type(answer))
        return answer, bytes(memoryview(output)[_HEAD.size + length :])


def _raise_reported(head: dict[str, Any], seconds: float, memory_mb: int) -> None:
    """Raise the error that a child reports, if it reports one."""
    if "error" in head:
        if head["error"] == "sandbox.memory":
            raise GeodataError("sandbox.memory", memory_mb=memory_mb)
        if head["error"] == "sandbox.crash":
            error = GeodataError("sandbox.crash", memory_mb=memory_mb, seconds=f"{seconds:g}")
            error.add_note(head["params"]["kind"])
            raise error
        params = {
            name: value[:PARAM_CHARACTERS] if isinstance(value, str) else value
            for name, value in head["params"].items()
        }
        raise GeodataError(head["error"], **params)


def serve() -> None:
    """Body of the child: limit itself, read the task, answer, end."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print of a library must not reach the answer
    (length,) = _HEAD.unpack(source.read(_HEAD.size))
    settings = json.loads(source.read(length))
    _limit(settings["seconds"], settings["memory_mb"])
    module, name = settings["function"].split(":")
    confinement.confine(module.partition(".")[0], int(sys.argv[2]))
    try:
        function = getattr(importlib.import_module(module), name)
        sys.addaudithook(_refuse)
        answer, payload = function(source.read(), settings["params"])
        _send(sink, {"answer": answer}, payload, longest=settings["longest"])
    except GeodataError as error:
        _send(sink, {"error": error.key, "params": error.params})
    except MemoryError:
        _send(sink, {"error": "sandbox.memory"})
    except Exception as error:  # noqa: BLE001 - the process boundary: the caller gets an answer
        _send(sink, {"error": "sandbox.crash", "params": {"kind": _kind(error)}})
    sink.flush()
    os._exit(0)  # no clean-up of libraries that the input may have upset


def _send(
    sink: BinaryIO, head: dict[str, object], payload: bytes = b"", *, longest: int | None = None
) -> None:
    encoded = json.dumps(head, default=str).encode()
    if longest is not None and len(encoded) + len(payload) + _HEAD.size > longest:
        raise GeodataError("sandbox.answer_size", times=ANSWER_TIMES)
    sink.write(_HEAD.pack(len(encoded)) + encoded)
    sink.write(payload)


def _kind(error: BaseException) -> str:
    """Type and place of an unforeseen error, without its text, which may hold users' data."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


def _limit(seconds: float, memory_mb: int) -> None:
    """Bound this process; where the system has no such limits the caller's clock still rules."""
    try:
        import resource
    except ImportError:
        return
    memory = memory_mb * 10**6
    computing = math.ceil(seconds)
    wanted = {
        resource.RLIMIT_DATA: (memory, memory),
        # Libraries map files that cost no memory.
        resource.RLIMIT_AS: (3 * memory, 3 * memory),
        # At the first the signal that says why, at the second the end.
        resource.RLIMIT_CPU: (computing, computing + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, values in wanted.items():
        _, hard = resource.getrlimit(kind)
        unlimited = hard == resource.RLIM_INFINITY
        soft, ceiling = (value if unlimited else min(value, hard) for value in values)
        resource.setrlimit(kind, (soft, ceiling))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook of the child: no network, no programs, no written files."""
    if event.startswith(_REFUSED):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise PermissionError(event)
