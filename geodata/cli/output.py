"""How commands print: tables as records for JSON, as CSV or in columns, and reports on files."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.i18n import LANGUAGES
from geodata.readers.report import Report
from geodata.sanitize import formula_safe, joined
from geodata.values import plain

JSON_DECIMALS = 6


def print_result(
    result: dict[str, Any], rows: pd.DataFrame, notes: list[str], form: str, *, decimals: int = 1
) -> None:
    """Print a result as ``json``, its rows as ``csv``, or rows and notes as ``table``.

    Parameters
    ----------
    result : dict
        What JSON shows.
    rows : DataFrame
    notes : list of str
        Lines below the table.
    form : str
    decimals : int
        Of the numbers in CSV and table.
    """
    if form == "json":
        print(json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False))
    elif form == "csv":
        write_csv(rows, decimals=decimals)
    else:
        print("\n".join([as_text(rows, decimals=decimals), *notes]))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON takes them: what is missing is None."""
    return [
        {str(key): _plain(value, str(key)) for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def write_csv(table: pd.DataFrame, *, decimals: int = 1) -> None:
    """Print a table as CSV that no spreadsheet takes for formulas."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([formula_safe(str(name)) for name in table.columns])
    writer.writerows([_safe(value, decimals) for value in row.values()] for row in records(table))


def as_text(table: pd.DataFrame, *, decimals: int = 1) -> str:
    """Return a table in columns of plain text."""
    rows = [[_cell(value, decimals) for value in row.values()] for row in records(table)]
    heads = [str(c) for c in table.columns]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [heads, *rows]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _plain(value: Any, column: str) -> Any:
    if isinstance(value, tuple):
        return list(value)
    value = plain(value)
    if isinstance(value, float):
        return int(value) if column == f.POPULATION else round(value, JSON_DECIMALS)
    return value


def _cell(value: Any, decimals: int) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return joined(_cell(v, decimals) for v in value)
    if isinstance(value, dict):
        return f"{value[f.NODE_ID]}:{value['from']}>{value['to']}"
    return f"{value:.{decimals}f}" if isinstance(value, float) else str(value)


def _safe(value: Any, decimals: int) -> str:
    cell = _cell(value, decimals)
    return formula_safe(cell) if isinstance(value, str | list | dict) else cell


def add_format_option(
    parser: argparse.ArgumentParser, choices: Sequence[str] = ("table", "json", "csv")
) -> None:
    """Add the option for the form of what is printed."""
    parser.add_argument("--format", choices=choices, default="table", help="format of the output")


def add_lang_option(parser: argparse.ArgumentParser) -> None:
    """Add the option for the language of what is printed."""
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the output")


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that prints the report on a file."""
    add_format_option(parser, ("table", "json"))
    add_lang_option(parser)


def print_report(report: Report, options: argparse.Namespace) -> int:
    """Print the report on a file, the reason of a refusal to standard error; return the exit code.

    Returns
    -------
    int
        0 if every row is in use, 1 if some are not or there are none, 2 if the file as a whole
        is refused.
    """
    lang = options.lang
    print(report.to_json(lang) if options.format == "json" else report.to_text(lang))
    if report.refused:
        print(report.problems[0].message(lang).replace("\n", " "), file=sys.stderr)
    return report.exit_code
