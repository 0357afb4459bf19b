"""The command ``facilities``: which towns lose their nearest facility of the user's own layer."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geodata import schema as f
from geodata.analysis.facilities import (
    FACILITY,
    FACILITY_KIND,
    NEAR_KM,
    WEIGHT,
    FacilityAccess,
    facilities,
    facility_access,
)
from geodata.cli.options import dated_view, scenario_parser
from geodata.cli.output import add_format_option, print_result, records
from geodata.readers.layers.reader import read_layer
from geodata.schema import Traffic

COLUMNS = (
    FACILITY_KIND, f.NODE_ID, f.NAME, f.STATE, FACILITY, f.DISTANCE_KM, f.BASELINE_KM, "extra_km",
    WEIGHT, "baseline_weight", f.POPULATION,
)  # fmt: skip

REMARKS = 20
"""Remarks on rows of the layer that are printed."""


def main(argv: Sequence[str]) -> int:
    """Print towns whose way to the nearest facility changes, and the sums by kind."""
    parser = scenario_parser("facilities")
    parser.add_argument(
        "layer", type=Path, metavar="FILE", help="points of facilities, with name, kind and weight"
    )
    parser.add_argument(
        "--near-km",
        type=float,
        default=NEAR_KM,
        metavar="KM",
        help="farthest node at which a facility is taken to stand",
    )
    parser.add_argument("--all", action="store_true", help="print the towns without change too")
    add_format_option(parser)
    # People travel by car and bus, whatever the tankers do.
    parser.set_defaults(traffic=Traffic.LIGHT)
    options = parser.parse_args(list(argv))
    dataset, scenario = dated_view(options)
    layer = read_layer(options.layer, kind="towns", keep_outside=True)
    places = facilities(dataset.network, layer.frame, near_km=options.near_km)
    read = layer.report.to_text("en").splitlines()
    for line in (*read[: REMARKS + 1], *places.remarks("en")):
        print(line, file=sys.stderr)
    result = facility_access(dataset.network, scenario, places)
    rows = result.towns if options.all else result.towns[result.towns[f.STATE] != "open"]
    print_result(_result(result), rows[list(COLUMNS)], _notes(result), options.format)
    return 0


def _result(facilities: FacilityAccess) -> dict[str, Any]:
    return {"kinds": records(facilities.kinds), "towns": records(facilities.towns)}


def _notes(facilities: FacilityAccess) -> list[str]:
    lines = []
    for row in facilities.kinds.to_dict("records"):
        line = (
            f"{row[FACILITY_KIND]}: {row['isolated']} towns lose the nearest"
            f" ({row['population_isolated']} people, {row['population_unknown']} unknown),"
            f" {row['detour']} go farther, {row['escort_only']} under escort only"
        )
        if row["mean_extra_km"] is not None:
            line += f"; {row['mean_extra_km']:.0f} km more per person"
        lines.append(line)
    return lines
