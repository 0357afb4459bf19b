"""Commands of ``python -m geodata``: which there are, and how errors end them."""

import importlib
import sys
from collections.abc import Sequence

from geodata.errors import GeodataError

# Command to the module whose `main(argv)` runs it, and what it is for. Modules load on
# demand, so that a quick command does not wait for the libraries of a slow one.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("dashboard.serve", "the page, in a browser"),
    "access": ("geodata.cli.access", "which towns still reach a supply point"),
    "every-cut": ("geodata.cli.access", "the effect of each further closure"),
    "reopen": ("geodata.cli.access", "which closed segment to reopen first"),
    "pairs": ("geodata.cli.access", "which two segments together isolate towns"),
    "scenarios": ("geodata.cli.scenarios", "several scenarios made by hand, side by side"),
    "reliability": (
        "geodata.cli.reliability",
        "how likely each town keeps a path while closures are uncertain",
    ),
    "plan": ("geodata.cli.plan", "what to reopen, keep open or stock first, with its proof"),
    "why": ("geodata.cli.explain", "what isolates a town, and the source of each closure"),
    "facilities": (
        "geodata.cli.facilities",
        "towns that lose their nearest health site, market or school of a layer of yours",
    ),
    "route": ("geodata.cli.route", "the route between two places, segment by segment"),
    "fuel": ("geodata.cli.fuel", "days of fuel by town, and how likely each is short"),
    "hindcast": ("geodata.cli.fuel", "the fuel model scored on reports of towns' fuel"),
    "desk": ("geodata.cli.desk", "the shared table of events: add, edit, review, restore"),
    "watch": ("geodata.cli.watch", "messages when a town's access changes"),
    "weekly": ("geodata.cli.weekly", "the situation of a week, starting with what changed"),
    "snapshot": ("geodata.cli.snapshot", "a view as PDF, PNG, HTML, data or snapshot file"),
    "check-events": ("geodata.cli.check_events", "a report on a table of events"),
    "check-file": ("geodata.cli.check_file", "a report on a layer or a snapshot"),
    "import-roads": ("geodata.cli.import_roads", "a network from your own roads and towns"),
    "build": ("geodata.build.command", "build the shipped data again from its sources"),
    "check": ("geodata.cli.check_data", "compare every shipped file with its checksum"),
    "seal": (
        "geodata.network.shipped",
        "list the checksums of shipped files that were changed on purpose",
    ),
}
SHARED = frozenset({"geodata.cli.access", "geodata.cli.fuel"})
"""Modules that run several commands, and so are given the command's name too."""
REFUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 if done, 2 if refused, with one line on standard error that says why; a command may
        give other codes.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help"}:
        print(_usage())
        return 0
    if words[0] not in COMMANDS:
        print(f"Unknown command {words[0]!r}; there are {', '.join(COMMANDS)}.", file=sys.stderr)
        return REFUSED
    module = importlib.import_module(COMMANDS[words[0]][0])
    arguments = words if COMMANDS[words[0]][0] in SHARED else words[1:]
    try:
        return int(module.main(arguments))
    except GeodataError as error:
        print(str(error).replace("\n", " "), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        return 0


def _usage() -> str:
    lines = [f"  {name:<13} {purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(
        ["python -m geodata COMMAND [options]; COMMAND --help lists its options.", "", *lines]
    )
