"""Files as people in the field write them: each command ends as a shared table requires.

The table and its files lie beside the checkout, in ``shared/field``; without them there is
nothing to run.
"""

import csv
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from geodata.cached import cached_property
from geodata.cli import main as cli
from geodata.network.files import read_network

_BESIDE = [parent / "shared" / "field" for parent in Path(__file__).resolve().parents[2:]]
SHARED = next((folder for folder in _BESIDE if folder.is_dir()), _BESIDE[0])


def expectations() -> list[dict[str, str]]:
    """Rows of the table that a command can show; the others are shown in the page."""
    if not (SHARED / "expectations.csv").is_file():
        return []
    with (SHARED / "expectations.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if not row["command"].startswith("app:")]


@dataclass(frozen=True)
class Step:
    """One command: its exit code, what it printed, and that without the names of the files."""

    code: int
    printed: str
    said: str


class Outcome:
    """What the steps of a row did, and what the network they made answers."""

    def __init__(self, command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.steps = [self.run(shlex.split(step)) for step in command.split(" && ")]

    def run(self, words: list[str]) -> Step:
        """Run one command in this process; names of shared files are no words of ours."""
        filled = [w.replace("{f}", str(SHARED)).replace("{o}", str(self.folder)) for w in words]
        try:
            code = cli.main(filled)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        printed = self._capsys.readouterr()
        said = both = printed.out + printed.err
        for name in sorted((path.name for path in SHARED.iterdir()), key=len, reverse=True):
            said = said.replace(name, "").replace(Path(name).stem, "")
        return Step(code, both, said)

    @cached_property
    def report(self) -> dict[str, object]:
        """Report on a table of events, as JSON."""
        text = self.steps[0].printed
        return dict(json.JSONDecoder().raw_decode(text[text.index("{") :])[0])

    def town(self, name: str, vehicle: str = "") -> dict[str, object] | None:
        """Row of a town in the answer, or None."""
        words = ["access", "--network", "{o}", "--format", "json"]
        step = self.run([*words, *(["--vehicle", vehicle] if vehicle else [])])
        if step.code:
            return {"state": step.said, "isolated": False, "distance_km": "nan", "admin1": ""}
        rows = json.loads(step.printed)["towns"]
        return next((row for row in rows if row["name"] == name), None)


def state(outcome: Outcome, vehicle: str, rest: str) -> bool:
    name, _, wanted = rest.partition("=")
    row = outcome.town(name, vehicle)
    found = "absent" if row is None else str(row["state"])
    words = {found, *({"isolated"} if row and row["isolated"] else ())}
    return bool(words & set(wanted.split("/")))


def kilometres(outcome: Outcome, rest: str) -> bool:
    name, _, wanted = rest.partition("=")
    row = outcome.town(name)
    value, _, tolerance = wanted.partition("~")
    assert row is not None
    return abs(float(str(row["distance_km"])) - float(value)) <= float(tolerance)


def holds(clause: str, outcome: Outcome) -> bool:
    """Whether one clause of the table holds."""
    said = "\n".join(step.said for step in outcome.steps)
    head, _, rest = clause.partition(":")
    word, _, vehicle = head.partition("@")
    first = outcome.steps[0]
    match word:
        case "ok":
            return all(step.code == 0 for step in outcome.steps)
        case "ok1":
            return first.code == 0
        case "refused":
            return first.code == 2
        case "exit":
            return first.code == int(rest)
        case "used":
            counts = outcome.report
            return int(str(counts["accepted"])) + int(str(counts["warned"])) == int(rest)
        case "said":
            return bool(re.search(rest, said, re.IGNORECASE))
        case "unsaid":
            return not re.search(rest, said, re.IGNORECASE)
        case "saidlast":
            return bool(re.search(rest, outcome.steps[-1].said, re.IGNORECASE))
        case "noflag":
            return '"row": ' not in said.replace('"row": null', "")
        case "state":
            return state(outcome, vehicle, rest)
        case "km":
            return kilometres(outcome, rest)
        case "admin1":
            name, _, wanted = rest.partition("=")
            row = outcome.town(name)
            return row is not None and row["admin1"] == wanted
        case "town":
            return rest in set(read_network(outcome.folder).nodes["name"])
    raise AssertionError(f"unknown clause {clause}")


@pytest.mark.skipif(not expectations(), reason="the shared files are not beside this checkout")
@pytest.mark.parametrize("row", expectations(), ids=lambda row: f"{row['id']}-{row['file']}")
def test_each_shared_file_ends_as_the_table_says(
    row: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(row["command"], tmp_path / "made", capsys)
    for clauses in row["must"].split(" ; "):
        met = any(holds(clause.strip(), outcome) for clause in clauses.split(" | "))
        assert met, f"{clauses}\n{[step.said for step in outcome.steps]}"
