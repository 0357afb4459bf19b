"""The README's claims hold."""

import re
from pathlib import Path

from geodata.readers.limits import COMMAND_LINE, UPLOAD

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LIMITS = (
    (ROOT / "docs" / "limitations.md")
    .read_text(encoding="utf-8")
    .partition("## Limits on files")[2]
)


def test_limits_are_unchanged():
    rows = dict(re.findall(r"^\| ([a-z]+) \| (.*) \|$", LIMITS, re.MULTILINE))
    for name, told in rows.items():
        for limits, column in zip((UPLOAD, COMMAND_LINE), told.split(" | "), strict=True):
            numbers = {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", column)}
            assert numbers <= {int(v) for v in vars(limits).values()}, (name, column)
    assert {"file", "unpacked", "table", "layer", "reading"} <= set(rows)


def test_every_file_it_points_to_exists():
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert linked
    missing = [path for path in linked if not (ROOT / path).exists()]
    assert missing == []


def test_ci_runs_the_same_command():
    block = README.split("<!-- tests -->")[1].split("```")[1]
    assert block.strip().removeprefix("sh").strip().startswith("python3 -m venv")
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
