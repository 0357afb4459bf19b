"""Make and compare the record: ``python -m tests.recorded.record`` writes it again.

Only a change of data, of rules or of an answer that a commit names may write it again.
"""

import contextlib
import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from geodata.cli.main import main
from tests.recorded.scenarios import (
    PRINTED,
    PRINTED_STATES,
    PRODUCTS,
    SCENARIOS,
    STATES,
)

FILE: Final = Path(__file__).with_name("record.json.gz")
COMMANDS: Final = ("access", "every-cut", "reopen", "pairs", "why")
TOWNS: Final = ("nioro", "mopti", "gao", "tombouctou", "sikasso")
MADE: Final = "2026-05-10"
LIBRARIES: Final = ("matplotlib", "reportlab", "pypdf", "openpyxl", "shapely", "pyogrio", "pandas")


def answer(command: str, number: int) -> Any:
    """JSON that a command prints for one scenario."""
    words = [command, *SCENARIOS[number], "--format", "json"]
    if command == "why":
        words.insert(1, TOWNS[number % len(TOWNS)])
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(io.StringIO()):
        code = main(words)
    return json.loads(text.getvalue()) if code == 0 else {"exit": code}


def short(value: Any) -> str:
    """Digest of a JSON value, for answers too long to keep."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def answers(number: int) -> dict[str, Any]:
    """Answers of every command to one scenario; tables as digests, summaries in full."""
    found: dict[str, Any] = {}
    for command in COMMANDS:
        value = answer(command, number)
        if command == "access" and "summary" in value:
            found["summary"] = value["summary"]
        found[command] = short(value)
    return found


def exports(state: str) -> dict[str, str]:
    """Sha256 of every export of one link; a zip by its members' bytes."""
    with tempfile.TemporaryDirectory() as folder:
        printed = PRINTED if state in STATES[:PRINTED_STATES] else ()
        files = [Path(folder) / name for name in (*PRODUCTS, *printed)]
        words = ["snapshot", "--state", state, "--made", MADE]
        for file in files:
            words += ["-o", str(file)]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = main(words)
        if code:
            return {"exit": str(code)}
        return {file.name: hashlib.sha256(_compact(file)).hexdigest() for file in files}


def _compact(file: Path) -> bytes:
    """Bytes of an export; GeoJSON without its blanks, which carry no meaning."""
    if file.suffix == ".geojson":
        return json.dumps(json.loads(file.read_bytes()), sort_keys=True).encode()
    return file.read_bytes()


def libraries() -> dict[str, str]:
    """Versions of the libraries on which the bytes of exports depend."""
    return {name: version(name) for name in LIBRARIES}


def recorded() -> dict[str, Any]:
    """The record as it stands."""
    record: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    return record


def _progress() -> Iterator[tuple[str, Any]]:
    yield "libraries", libraries()
    yield "answers", [answers(number) for number in range(len(SCENARIOS))]
    yield "exports", {state: exports(state) for state in STATES}


def write() -> None:
    """Write the record again."""
    text = json.dumps(dict(_progress()), ensure_ascii=False, indent=1)
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    write()
