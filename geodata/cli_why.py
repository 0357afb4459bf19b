"""The command ``why``."""

import json
from collections.abc import Sequence

from geodata.cli_events import with_events
from geodata.cli_scenario import manual_scenario, scenario_parser
from geodata.dataset import load
from geodata.dated import check_reported
from geodata.text import LANGUAGES
from geodata.why import town_id, why
from geodata.why_text import as_json, as_text


def main(argv: Sequence[str]) -> int:
    """Tell what cuts a town, and on whose word."""
    parser = scenario_parser("why")
    parser.add_argument("town", metavar="TOWN", help="id or name of a town")
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    manual = manual_scenario(dataset, options)
    town = town_id(dataset, options.town)
    found = why(dataset, town, options.date, scenario=manual, traffic=options.traffic)
    if options.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print("\n".join(as_text(found, options.lang)))
    return 0
