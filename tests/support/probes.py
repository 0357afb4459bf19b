"""Functions that the tests run in the bounded process."""

import socket
import subprocess
import time
from pathlib import Path

from geodata.errors import GeodataError


def echo(data, params):
    print("a stray line of a library")
    return {"given": params}, data[::-1]


def slow(data, params):
    time.sleep(60)


def busy(data, params):
    while True:
        pass


def endless(data, params):
    """Answer without end, past what the parent waits for."""
    import os

    while True:
        os.write(1, bytes(2**20))


def leaving(data, params):
    """End before the file is read."""
    import os

    os._exit(3)


def greedy(data, params):
    return {"length": len(bytearray(2 * 10**9))}, b""


def swelling(data, params):
    """Make much of little."""
    return {}, bytes(20 * 10**6)


def nested(data, params):
    """An answer of brackets, each of which would be an object."""
    return {"parts": [[]] * 10**6}, b""


def repeating(data, params):
    return {}, data * params["times"]


def refusing(data, params):
    raise GeodataError("table.row_limit", limit=7)


def broken(data, params):
    raise KeyError(data.decode())


def dying(data, params):
    import os

    os._exit(9)


def cut_short(data, params):
    """End as one does whom the system stops in the middle of the answer."""
    import os
    import signal

    os.write(1, (20).to_bytes(8, "big") + b'{"answer": {}}      ' + b"half of the")
    os.kill(os.getpid(), signal.SIGKILL)


def calling(data, params):
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def starting(data, params):
    subprocess.run(["true"], check=True)


# What follows asks the kernel through libc, as code does that has taken a reader over: Python's
# own refusals see nothing of it. Each answers with what the kernel said.


def _asked(name, *words):
    import ctypes
    import errno

    libc = ctypes.CDLL(None, use_errno=True)
    ctypes.set_errno(0)
    got = getattr(libc, name)(*words)
    code = ctypes.get_errno()
    return {"got": got, "error": errno.errorcode.get(code, str(code))}, b""


def reading(data, params):
    return _asked("open", params["path"].encode(), 0)


def parent_memory(data, params):
    import os

    return _asked("open", f"/proc/{os.getppid()}/{params['part']}".encode(), 0)


def opening_to_write(data, params):
    import os

    return _asked("open", params["path"].encode(), os.O_WRONLY | os.O_CREAT, 0o600)


def removing(data, params):
    return _asked("unlink", params["path"].encode())


def renaming(data, params):
    return _asked("rename", params["path"].encode(), (params["path"] + "x").encode())


def cutting(data, params):
    return _asked("truncate", params["path"].encode(), 0)


def opening_a_socket(data, params):
    return _asked("socket", 2, 1, 0)


def connecting(data, params):
    """Connect by a socket where the kernel gives one: only a filter refuses the socket itself."""
    import ctypes
    import struct

    libc = ctypes.CDLL(None, use_errno=True)
    address = struct.pack(
        "=HHI8x",
        2,
        int.from_bytes(params["port"].to_bytes(2, "little"), "big"),
        int.from_bytes(bytes([127, 0, 0, 1]), "little"),
    )
    return _asked("connect", libc.socket(2, 1, 0), address, len(address))


def forking(data, params):
    import os

    answer = _asked("fork")
    if answer[0]["got"] == 0:
        os._exit(0)
    return answer


def running_a_program(data, params):
    import ctypes

    words = (ctypes.c_char_p * 2)(b"/bin/true", None)
    return _asked("execv", b"/bin/true", words)


def signalling(data, params):
    import os

    return _asked("kill", os.getppid(), 0)


def tracing(data, params):
    import os

    return _asked("ptrace", 16, os.getppid(), 0, 0)


def surroundings(data, params):
    import os

    return {"environment": dict(os.environ), "descriptors": _descriptors()}, b""


def _descriptors():
    import os

    held = []
    for number in range(64):
        try:
            os.fstat(number)
        except OSError:
            continue
        held.append(number)
    return held


def niceness(data, params):
    """Return by how many steps this process lets others compute first."""
    import os

    return {"nice": os.getpriority(os.PRIO_PROCESS, 0)}, b""


def privileges(data, params):
    import ctypes

    libc = ctypes.CDLL(None)
    return {"no_new_privs": libc.prctl(39, 0, 0, 0, 0), "dumpable": libc.prctl(3, 0, 0, 0, 0)}, b""


def writing(data, params):
    Path(params["path"]).write_text("x")
    return {}, b""


def threads(data, params):
    import pandas as pd
    import pyarrow as pa
    import shapely

    return {
        "rows": len(pd.DataFrame({"a": [1]})),
        "arrow": pa.nulls(2).null_count,
        "area": shapely.box(0, 0, 1, 1).area,
    }, b""


def layers(data, params):
    """Read many layers and return the faults that the reader did not foresee."""
    from dataclasses import asdict

    from geodata.readers.layers.parser import parse
    from geodata.readers.limits import UPLOAD

    wish = {
        "limits": asdict(UPLOAD),
        "layer": None,
        "kind": "auto",
        "area": None,
        "crs": None,
        "swap": False,
        "keep_outside": False,
        "name_column": None,
    }
    read, refused, unforeseen = 0, 0, []
    for each in params["files"]:
        try:
            parse(bytes.fromhex(each), dict(wish))
            read += 1
        except GeodataError:
            refused += 1
        except Exception as error:  # noqa: BLE001 - whatever else comes out is what is asked
            unforeseen.append(f"{type(error).__name__}: {error} for {each[:4000]}")
    return {"read": read, "refused": refused, "unforeseen": unforeseen}, b""
