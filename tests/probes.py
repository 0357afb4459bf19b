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


def writing(data, params):
    Path(params["path"]).write_text("x")
    return {}, b""


def threads(data, params):
    import pandas as pd
    import pyarrow as pa
    import shapely

    return {"rows": len(pd.DataFrame({"a": [1]})), "arrow": pa.nulls(2).null_count,
            "area": shapely.box(0, 0, 1, 1).area}, b""  # fmt: skip


def layers(data, params):
    """Read many layers and tell which faults the reader did not foresee."""
    from dataclasses import asdict

    from geodata.limits import UPLOAD
    from geodata.vector_parse import parse

    wish = {"limits": asdict(UPLOAD), "layer": None, "kind": "auto", "area": None, "crs": None,
            "swap": False, "keep_outside": False, "name_column": None}  # fmt: skip
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
