"""Whether every file that came with the program is as it was made: the command ``seal``.

``shipped.txt`` lists what is neither code nor a data layer (those are in ``sources.json``): the
map's files, the catalogues, fonts, style and settings, each with its SHA-256 as ``sha256sum``
writes it.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LIST: Final = "geodata/shipped.txt"
_FOLDERS: Final = ("dashboard/static", "geodata/locale", "geodata/export/assets")
_FILES: Final = (
    "dashboard/.streamlit/config.toml",
    "dashboard/focus.js",
    "dashboard/offline/head.html",
    "dashboard/offline/page.js",
    "dashboard/offline/worker.js",
    "dashboard/runtime/early_files.js",
    "dashboard/streamlit_words.js",
    "dashboard/style.css",
    "geodata/data/sources.json",
)
_APP: Final = "dashboard/"


def names(root: Path = ROOT) -> list[str]:
    """Return the files that the list must name, as paths from ``root``, sorted."""
    within = [path for folder in _FOLDERS for path in (root / folder).rglob("*") if path.is_file()]
    return sorted([*(path.relative_to(root).as_posix() for path in within), *_FILES])


def listed(root: Path = ROOT) -> str:
    """Return the list as it should be for the files as they are."""
    lines = (f"{_sha256(root / name)}  {name}\n" for name in names(root))
    return "".join(lines)


def faults(root: Path = ROOT) -> list[str]:
    """Report what is damaged or missing, a line each with the file and the remedy.

    The lines are in English and not from the catalogue, which may be what is damaged. Where only
    the package is there, without the app, the app's files are not asked for.
    """
    try:
        rows = [line.split("  ", 1) for line in (root / LIST).read_text("utf-8").splitlines()]
        wanted = {name: sha256 for sha256, name in rows}
    except (OSError, ValueError):
        return [_fault_text(root / LIST, "damaged or missing")]
    app = (root / "dashboard").is_dir()
    if any(name not in wanted for name in names(root) if app or not name.startswith(_APP)):
        return [_fault_text(root / LIST, "damaged")]
    problems = [
        _file_fault(root / name, sha256)
        for name, sha256 in wanted.items()
        if app or not name.startswith(_APP)
    ]
    return [problem for problem in problems if problem]


def _file_fault(path: Path, sha256: str) -> str:
    try:
        return "" if _sha256(path) == sha256 else _fault_text(path, "not as it was shipped")
    except FileNotFoundError:
        return _fault_text(path, "missing")
    except OSError:
        return _fault_text(path, "unreadable")


def _fault_text(path: Path, what: str) -> str:
    return (
        f"The file {path} is {what}. Install the program again; or, if the file was changed on "
        "purpose, run: python -m geodata seal"
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(argv: Sequence[str]) -> int:
    """Write the list for the files as they are now."""
    parser = argparse.ArgumentParser(prog="python -m geodata seal")
    parser.parse_args(list(argv))
    (ROOT / LIST).write_text(listed(), encoding="utf-8")
    print(f"{LIST} names {len(names())} files.", file=sys.stderr)
    return 0
