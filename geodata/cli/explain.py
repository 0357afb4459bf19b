"""The command ``why``."""

import json
from collections.abc import Sequence

from geodata.analysis.explanation import explain, town_id
from geodata.analysis.resolution import check_reported
from geodata.cli.events import with_events
from geodata.cli.explain_text import as_json, as_text
from geodata.cli.options import manual_scenario, scenario_parser
from geodata.cli.output import add_format_option, add_lang_option
from geodata.dataset import load


def main(argv: Sequence[str]) -> int:
    """Report what cuts a town, and the source."""
    parser = scenario_parser("why")
    parser.add_argument("town", metavar="TOWN", help="id or name of a town")
    add_lang_option(parser)
    add_format_option(parser, ("table", "json"))
    options = parser.parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    manual = manual_scenario(dataset, options)
    town = town_id(dataset, options.town)
    explanation = explain(dataset, town, options.date, scenario=manual, traffic=options.traffic)
    if options.format == "json":
        print(json.dumps(as_json(explanation), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print("\n".join(as_text(explanation, options.lang)))
    return 0
