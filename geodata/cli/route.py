"""The command ``route``: the way from one place to another, stretch by stretch."""

from collections.abc import Sequence
from typing import Any

from geodata import schema as f
from geodata.analysis.way_between import Way, WayBetween, way_between
from geodata.cli.options import dated_view, scenario_parser
from geodata.cli.output import add_format_option, print_result, records
from geodata.network.names import Names
from geodata.network.search import node_named

NO_WAY = 1


def main(argv: Sequence[str]) -> int:
    """Print the route between two places.

    Returns
    -------
    int
        0 if there is a way, 1 if there is none.
    """
    parser = scenario_parser("route")
    parser.add_argument("start", metavar="FROM", help="id or name of a place")
    parser.add_argument("end", metavar="TO", help="id or name of a place")
    add_format_option(parser)
    options = parser.parse_args(list(argv))
    dataset, scenario = dated_view(options)
    ends = (node_named(dataset.network, place) for place in (options.start, options.end))
    route = way_between(dataset, scenario, *ends)
    names = Names(dataset.network, "en")
    if route.way is None:
        print_result(
            _result(route), _no_rows(), [f"no way: {_avoids(route, names)}"], options.format
        )
        return NO_WAY
    print_result(_result(route), route.way.stretches, _notes(route, names), options.format)
    return 0


def _no_rows() -> Any:
    import pandas as pd

    return pd.DataFrame(columns=[f.SEGMENT_ID])


def _result(route: WayBetween) -> dict[str, Any]:
    ways = {"way": route.way, "alternative": route.alternative, "former": route.former}
    return {
        "from": route.start,
        "to": route.end,
        **{name: _way_json(way) for name, way in ways.items()},
        "avoids": list(route.avoids),
    }


def _way_json(way: Way | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {
        "km": round(way.km, 3),
        "hours": round(way.hours, 3),
        "under_escort": way.under_escort,
        "contested_km": round(way.contested_km, 3),
        "stretches": records(way.stretches),
    }


def _notes(route: WayBetween, names: Names) -> list[str]:
    assert route.way is not None  # noqa: S101  # main prints the other case
    lines = [f"total: {_sums(route.way)}"]
    if route.way.under_escort:
        lines.append("under escort only")
    if route.way.contested_km:
        lines.append(f"contested: {route.way.contested_km:.1f} km")
    if route.former is not None and route.avoids:
        lines.append(f"avoids {_avoids(route, names)}; without closures: {_sums(route.former)}")
    other = route.alternative
    lines.append(
        "no second way without a shared segment"
        if other is None
        else f"second way: {_sums(other)}, "
        + " ".join(names.node(i) for i in [*other.stretches[f.FROM_NODE], route.end])
    )
    return lines


def _avoids(route: WayBetween, names: Names) -> str:
    return ", ".join(names.segment(i) for i in route.avoids) or "no road leads there"


def _sums(way: Way) -> str:
    return f"{way.km:.0f} km, about {way.hours:.1f} h"
