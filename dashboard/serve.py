"""The command ``serve``: start the page from any folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).with_name("app.py")


def main(argv: Sequence[str]) -> int:
    """Start the page and serve it until interrupted.

    ``argv`` takes ``--network DIR`` and any option of ``streamlit run``.
    """
    from streamlit.web import cli

    cli.main(["run", str(APP), *argv], prog_name="supply-routes", standalone_mode=True)
    return 0
