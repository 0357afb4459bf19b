"""The rules as a table in words, for the documentation and for a user who edits them."""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.events.rules import Rules, editable
from geodata.i18n import number, text

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "rules.md"
DECIMALS: Final = 3


def rules_table(rules: Rules | None = None, lang: str = "en") -> pd.DataFrame:
    """Return every rule in words.

    Parameters
    ----------
    rules : Rules, optional
        Values to show; the defaults if not given.
    lang : str

    Returns
    -------
    DataFrame
        ``name, group, label, value, default, low, high, unit, why``, in the order shown.
    """
    rules = rules or Rules()
    return pd.DataFrame(
        [
            {
                "name": rule.name,
                "group": text(f"rules.group.{rule.group}", lang),
                "label": text(rule.label, lang),
                "value": float(getattr(rules, rule.name)),
                "default": rule.default,
                "low": rule.low,
                "high": rule.high,
                "unit": text(f"rules.unit.{rule.unit}", lang),
                "why": text(rule.why, lang),
            }
            for rule in editable()
        ]
    )


def plain(value: float, lang: str = "en") -> str:
    """Return a rule's value without needless decimals."""
    decimals = next((d for d in range(DECIMALS) if round(value, d) == value), DECIMALS)
    return number(value, lang, decimals=decimals)


def as_markdown(lang: str = "en") -> str:
    """Write the tables of rules as Markdown, one for each group."""
    table = rules_table(lang=lang)
    heads = [text(f"rules.head.{name}", lang) for name in ("rule", "default", "bounds", "why")]
    lines = []
    for group, rows in table.groupby("group", sort=False):
        lines += ["", f"### {group}", "", "| " + " | ".join(heads) + " |", "|---|---|---|---|"]
        for row in rows.to_dict("records"):
            bounds = f"{plain(row['low'], lang)}–{plain(row['high'], lang)} {row['unit']}"
            cells = [
                f"`{row['name']}`: {row['label']}",
                plain(row["default"], lang),
                bounds,
                row["why"],
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines[1:]) + "\n"
