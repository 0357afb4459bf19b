"""Reference of the command line: ``python -m tests.support.cli_reference``.

Writes ``docs/cli.md`` from the help of every command.
"""

import contextlib
import io
import os
import re
import sys
from typing import Final
from unittest import mock

from geodata.cli.main import COMMANDS, main
from tests.support.server import ROOT

DOCUMENT: Final = ROOT / "docs" / "cli.md"
COLUMNS: Final = "88"
_SUBCOMMANDS: Final = re.compile(r"\{([a-z-]+(?:,[a-z-]+)+)\}(?: \.\.\.)?$", re.MULTILINE)
_HEAD: Final = """# Command line

Made by `python -m tests.support.cli_reference` from the help of each command.
`supply-routes COMMAND` and `python -m geodata COMMAND` are the same program. Exit codes: 0 done,
1 some rows are not in use or a check failed, 2 refused, with one line on standard error that says
why.
"""


def help_of(*words: str) -> str:
    """Return what a command prints for ``--help``."""
    said = io.StringIO()
    with (
        mock.patch.dict(os.environ, COLUMNS=COLUMNS),
        contextlib.redirect_stdout(said),
        contextlib.suppress(SystemExit),
    ):
        main([*words, "--help"])
    return said.getvalue().rstrip()


def helps() -> dict[str, str]:
    """Help of each command and each of its subcommands, by the words that call it."""
    found: dict[str, str] = {}
    for command in COMMANDS:
        found[command] = help_of(command)
        if command in {"desk", "plan"}:
            names = _SUBCOMMANDS.findall(found[command].partition("\n\n")[0])
            for name in names[-1].split(",") if names else ():
                found[f"{command} {name}"] = help_of(command, name)
    return found


def as_markdown() -> str:
    """Return the whole page."""
    parts = [
        f"## {words}\n\n{COMMANDS[words][1].capitalize() + '.' if words in COMMANDS else ''}"
        f"\n\n```text\n{text}\n```\n".replace("\n\n\n\n", "\n\n")
        for words, text in helps().items()
    ]
    return "\n".join([_HEAD, *parts])


if __name__ == "__main__":
    DOCUMENT.write_text(as_markdown(), encoding="utf-8")
    sys.exit(0)
