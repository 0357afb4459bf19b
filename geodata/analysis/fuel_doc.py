"""The priors of the fuel model as a table in words, for the documentation and the page."""

from pathlib import Path
from typing import Final

from geodata.analysis.fuel_priors import PRIORS

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "fuel.md"
THOUSAND: Final = 1000


def as_markdown() -> str:
    """Write every prior, its band of 80 % and its source as a Markdown table."""
    lines = ["| Constant | Band of 80 % | For each town | Source | Why |", "|---|---|---|---|---|"]
    for prior in PRIORS:
        band = f"{_plain(prior.low)} to {_plain(prior.high)} {prior.unit}"
        each = "yes" if prior.by_town else "no"
        lines.append(f"| `{prior.name}` | {band} | {each} | {prior.source} | {prior.why} |")
    return "\n".join(lines)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= THOUSAND else f"{value:g}"
