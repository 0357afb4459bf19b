"""The command ``scenarios``: several scenarios made by hand, computed and listed side by side."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geodata.cli.events import add_events_options, with_events
from geodata.cli.options import add_workers_options
from geodata.cli.output import add_format_option, add_lang_option, as_text, print_result, records
from geodata.cli.own_table import rows_of
from geodata.dataset import load
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.sharing.fingerprints import known
from geodata.sharing.permalink import KnownIds, ViewState, parse
from geodata.sharing.side_by_side import side_by_side


def main(argv: Sequence[str]) -> int:
    """Print what each scenario does, and the towns whose state is not the same in all."""
    options = _parser().parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    here = known(dataset)
    queries = [("", query) for query in options.state]
    if options.file is not None:
        queries += _read(options.file)
    if not queries:
        raise GeodataError("scenarios.none")
    states = [_state(name, query, here, options.lang) for name, query in queries]
    both = side_by_side(dataset, states, workers=options.workers, scheduler=options.scheduler)
    result = {"scenarios": records(both.scenarios), "towns": records(both.towns)}
    tables = {"scenarios": both.scenarios, "towns": both.towns}
    other = "towns" if options.rows == "scenarios" else "scenarios"
    notes = [
        "",
        text("scenarios.towns", options.lang) if other == "towns" else "",
        as_text(tables[other]),
    ]
    print_result(result, tables[options.rows], notes, options.format)
    return 0


def _state(name: str, query: str, here: KnownIds, lang: str) -> ViewState:
    """Read one scenario; remarks on its link go to standard error."""
    state, notices = parse(query, known=here)
    for notice in notices:
        print(f"{name or query}: {notice.text(lang)}", file=sys.stderr)
    return replace(state, title=name) if name else state


def _read(file: Path) -> list[tuple[str, str]]:
    """Return the names and links of a CSV file with the columns ``name`` and ``link``."""
    with rows_of(file, "scenarios.file") as rows:
        return [((row["name"] or "").strip(), (row["link"] or "").strip()) for row in rows]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata scenarios", description=__doc__)
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        metavar="QUERYSTRING",
        help="a link, or its part; its title names the scenario; may be repeated",
    )
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="CSV with name and link, a row a scenario"
    )
    parser.add_argument(
        "--rows",
        choices=("scenarios", "towns"),
        default="scenarios",
        help="what CSV lists, and a table lists first",
    )
    add_lang_option(parser)
    add_format_option(parser)
    add_workers_options(parser)
    add_events_options(parser)
    return parser
