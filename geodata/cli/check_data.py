"""The command ``check``: compare every shipped file with its checksum."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from geodata._paths import DATA_FOLDER
from geodata.network.provenance import verify
from geodata.network.shipped import faults


def main(argv: Sequence[str]) -> int:
    """Check every shipped file; 0 if all are whole, 1 if one is damaged or missing."""
    parser = argparse.ArgumentParser(prog="python -m geodata check")
    parser.add_argument(
        "--data", type=Path, default=DATA_FOLDER, metavar="DIR", help="folder of the data to check"
    )
    options = parser.parse_args(list(argv))
    problems = [*faults(), *verify(options.data)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("All shipped files are what shipped.txt and sources.json say.")
    return 1 if problems else 0
