"""The command ``serve``: start the page from any folder."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).with_name("app.py")


def main(argv: Sequence[str]) -> int:
    """Start the page and serve it until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m geodata serve",
        description="Serve the page until interrupted.",
        epilog="Further options are those of `streamlit run`, such as --server.port 8600.",
    )
    parser.add_argument("--network", metavar="DIR", help="folder of a network")
    options, others = parser.parse_known_args(argv)
    from streamlit.web import cli

    network = ["--network", options.network] if options.network else []
    cli.main(["run", *others, str(APP), *network], prog_name="supply-routes")
    return 0
