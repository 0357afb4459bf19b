"""Where the keyboard goes: to the card that was opened, and a typed day counts on Enter."""

from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).with_suffix(".js")


def script() -> str:
    """Return the script that keeps the keyboard's place."""
    return f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"
