"""Find an installed PostgreSQL, or install Debian's: ``python -m tests.support.postgres``.

A separate server for tests: an ordinary user runs it on a socket in a private folder, and
it is ended by its process.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

PLACES: Final = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt")
START_SECONDS: Final = 60
# Root may not run PostgreSQL; Debian's package makes this user.
ORDINARY: Final = "postgres"


def find() -> Path | None:
    """Folder of the programs of an installed server, the newest first."""
    folders = [path.parent for place in PLACES for path in Path(place).glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return max(folders, key=lambda path: path.parent.name, default=None)


@dataclass
class PostgreSQL:
    """A server; `start` may be called again after `stop`, on the same data."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pg-")))
    process: "subprocess.Popen[bytes] | None" = None
    databases: int = 0

    def __post_init__(self) -> None:
        programs = find()
        if programs is None:
            raise FileNotFoundError("no PostgreSQL: python -m tests.support.postgres")
        self.programs = programs
        if os.geteuid() == 0:
            user = pwd.getpwnam(ORDINARY)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        made = [
            "initdb",
            "-D",
            str(self.folder / "data"),
            "-U",
            "desk",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ]
        self._run(made)

    def _as(self) -> Mapping[str, Any]:
        """Who runs its programs."""
        if os.geteuid() != 0:
            return {}
        user = pwd.getpwnam(ORDINARY)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _run(self, words: list[str]) -> None:
        command = [str(self.programs / words[0]), *words[1:]]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._as()
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = [
            f"unix_socket_directories={self.folder}",
            "listen_addresses=",
            "fsync=off",
            "max_connections=120",
        ]
        words = [word for setting in settings for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *words],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._as(),
            )
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._run(
                    ["psql", "-h", str(self.folder), "-U", "desk", "-qc", "SELECT 1", "postgres"]
                )
            except subprocess.CalledProcessError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise TimeoutError((self.folder / "log").read_text()) from None
                time.sleep(0.1)

    def database(self) -> str:
        """Address of a new, empty database."""
        self.databases += 1
        name = f"desk{self.databases}"
        self._run(["createdb", "-h", str(self.folder), "-U", "desk", name])
        return f"postgresql://desk@/{name}?host={self.folder}"

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it at once, its connections with it."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=START_SECONDS)
            self.process = None

    def remove(self) -> None:
        """End it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main() -> int:
    """Make a PostgreSQL available."""
    if find() is None:
        if shutil.which("apt-get") is None:
            print("Install PostgreSQL, then try again.", file=sys.stderr)
            return 1
        for words in (["update", "-qq"], ["install", "-y", "-qq", "postgresql"]):
            subprocess.run(["apt-get", *words], check=True, stdout=subprocess.DEVNULL)
    print(f"PostgreSQL: {find()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
