"""A Streamlit app on a free port of this machine, for measuring and testing.

Started, killed and started again by its pid; it listens on 127.0.0.1 by default.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
APP: Final = Path("dashboard/app.py")
START_SECONDS: Final = 60
END_SECONDS: Final = 20


@dataclass
class Server:
    """A server: its address, its process and what it has said.

    Parameters
    ----------
    script : Path
        The page, from ``root``.
    arguments : tuple of str
        For the page itself, such as ``--network DIR``.
    root : Path
        Folder it runs in; its ``.streamlit/config.toml`` counts.
    environment : mapping of str to str
        Beside this process's own.
    log : Path, optional
        File that takes what it says; unless given nobody does.
    address : str
        What it listens on: the loopback address unless named otherwise.
    """

    script: Path = APP
    arguments: tuple[str, ...] = ()
    root: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    address: str = "127.0.0.1"
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it is healthy.

        Raises
        ------
        ChildProcessError
            If it ends instead; the error's arguments are its exit code and what it has said.
        TimeoutError
            If it does not answer within `START_SECONDS`.
        """
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(self.script),
            "--server.address",
            self.address,
            "--server.port",
            str(self.port),
            "--server.headless",
            "true",
            "--server.fileWatcherType",
            "none",
            *(["--", *self.arguments] if self.arguments else []),
        ]
        with (self.log or Path(os.devnull)).open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.root,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + START_SECONDS
        while not self._healthy():
            if (code := self.process.poll()) is not None:
                self.process = None
                raise ChildProcessError(code, self.said)
            if time.monotonic() > end:
                raise TimeoutError(f"{self.url} does not answer. {self.said}")
            time.sleep(0.1)

    def _healthy(self) -> bool:
        try:
            address = f"{self.url}/_stcore/health"
            with urllib.request.urlopen(address, timeout=1) as answer:
                return bool(answer.read() == b"ok")
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it, by default as an operator does."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=END_SECONDS)
            self.process = None

    @property
    def pid(self) -> int:
        """Number of the running process.

        Raises
        ------
        ProcessLookupError
            If it is not running.
        """
        if self.process is None:
            raise ProcessLookupError(f"{self.url} is not running")
        return self.process.pid

    @property
    def said(self) -> str:
        """Everything it wrote to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log else ""


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server, and stop it at the end."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def app(
    folder: Path, *arguments: str, root: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The app, its log in ``folder``; nothing is computed ahead unless the environment says so."""
    given = {"COMPUTE_AHEAD": "off", **(environment or {})}
    made = Server(arguments=arguments, root=root, environment=given)
    made.log = folder / f"app-{made.port}.log"
    with running(made):
        yield made
