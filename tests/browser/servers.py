"""The app on a free port of this machine, started, killed and started again by its pid."""

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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class App:
    """A running app: its address, its process and what it has said."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], root: Path,
                 environment: Mapping[str, str]) -> None:  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._root, self._arguments = root, arguments
        self._environment = {**os.environ, **environment}
        self._log = folder / f"app-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is healthy."""
        command = [
            sys.executable, "-m", "streamlit", "run", "dashboard/app.py",
            "--server.address", "127.0.0.1", "--server.port", str(self.port),
            "--server.headless", "true", "--server.fileWatcherType", "none",
            *(["--", *self._arguments] if self._arguments else []),
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self._root, env=self._environment,
                                            stdout=log, stderr=subprocess.STDOUT)  # fmt: skip
        for _ in range(START_SECONDS * 10):
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                    if answer.read() == b"ok":
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(self.said)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it, by default as an operator does."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None

    @property
    def said(self) -> str:
        """Everything it wrote to its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def app(folder: Path, *arguments: str, root: Path = ROOT,
        environment: Mapping[str, str] | None = None) -> Iterator[App]:  # fmt: skip
    """An app that is stopped at the end; its log goes to ``folder``."""
    made = App(folder, arguments, root, environment or {})
    try:
        made.start()
        yield made
    finally:
        made.stop()
