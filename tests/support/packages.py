"""Pin every package and list its licence: ``python -m tests.support.packages``.

Writes ``requirements.lock``, one version and the hashes of its files for all systems, out of the
ranges in ``requirements.txt``, and ``docs/licences.md``. It needs the package registry that pip
is set up for, and uv.
"""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

from tests.support.server import ROOT

RANGES: Final = ROOT / "requirements.txt"
LOCK: Final = ROOT / "requirements.lock"
LICENCES: Final = ROOT / "docs" / "licences.md"
OLDEST_PYTHON: Final = "3.11"
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
# Packages whose metadata name no licence, or that only Windows needs: as their sources state it.
_STATED: Final = {"streamlit-folium": "MIT", "colorama": "BSD-3-Clause"}
_HEAD: Final = """# Licences of what the app needs

Made by `python -m tests.support.packages` from the packages' own metadata; the versions are those
of `requirements.lock`. Data and their licences: [LICENSE-DATA](../LICENSE-DATA.md).

| package | version | licence |
|---|---|---|
"""


def pinned(lock: Path = LOCK) -> dict[str, list[str]]:
    """Versions of each package in the lock file: several where Pythons need different ones."""
    versions: dict[str, list[str]] = {}
    for name, version in _PIN.findall(lock.read_text(encoding="utf-8")):
        versions.setdefault(name, []).append(version)
    return versions


def licence(name: str) -> str:
    """Licence of a package from its metadata, in short."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return _STATED.get(name, "not installed on the system this list was made on")
    said = _field(told, "License-Expression")
    classes = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or []
        if each.startswith("License ::")
    ]
    first_line = _field(told, "License").strip().partition("\n")[0]
    short = first_line if len(first_line) < 60 else ""
    return said or "; ".join(classes) or short or _STATED.get(name, "none named")


def _field(told: metadata.PackageMetadata, name: str) -> str:
    return str((told.get_all(name) or [""])[0])


def table(versions: dict[str, list[str]]) -> str:
    """The list of licences as a page."""
    rows = [f"| {name} | {', '.join(held)} | {licence(name)} |" for name, held in versions.items()]
    return _HEAD + "\n".join(rows) + "\n"


def registry() -> list[str]:
    """Settings of uv for the registry that pip uses."""
    words = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(words, capture_output=True, text=True, check=False)
    return ["--default-index", asked.stdout.strip()] if asked.stdout.strip() else []


def main() -> int:
    """Write both files; the exit status."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            RANGES.name,
            "--universal",
            "--quiet",
            "--generate-hashes",
            "--python-version",
            OLDEST_PYTHON,
            "--no-header",
            "--no-annotate",
            "--no-emit-index-url",
            "--output-file",
            LOCK.name,
            *registry(),
        ],
        cwd=ROOT,
        check=False,
    )
    if done.returncode == 0:
        LICENCES.write_text(table(pinned()), encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
