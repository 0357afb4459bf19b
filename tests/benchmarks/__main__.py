"""Speed and load, measured here: ``python -m tests.benchmarks SECTION|map|weak|load``."""

import importlib
import sys
from collections.abc import Sequence

from tests.benchmarks.comparison import SECTIONS

OTHERS = {
    "map": "tests.benchmarks.map.clicks",
    "weak": "tests.benchmarks.map.weak_line",
    "load": "tests.benchmarks.load.command",
}
REFUSED = 2


def main(argv: Sequence[str]) -> int:
    """Measure speed against peers (sections, all unless named), or run another command."""
    if argv and argv[0] in OTHERS:
        return int(importlib.import_module(OTHERS[argv[0]]).main(argv[1:]))
    if argv and argv[0] in {"-h", "--help"}:
        print(__doc__)
        print(f"\nSections with a peer: {', '.join(SECTIONS)}. Each word takes --help.")
        return 0
    return int(importlib.import_module("tests.benchmarks.comparison").main(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
