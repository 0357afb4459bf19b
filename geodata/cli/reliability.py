"""The command ``reliability``: how likely each town keeps a path to supply on a day."""

import argparse
import csv
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geodata import schema as f
from geodata.analysis.closing_probability import ClosingRules
from geodata.analysis.common_shocks import TOGETHER, CommonShocks, Grouping
from geodata.analysis.reliability import (
    BAND,
    PROBABILITY,
    Method,
    Reliability,
    Sampling,
    Uncertainty,
    reliability,
    shocks_on,
)
from geodata.analysis.resolution import check_reported, scenario_on
from geodata.analysis.sampled_reliability import SAMPLES
from geodata.cli.events import with_events
from geodata.cli.options import manual_scenario, scenario_parser
from geodata.cli.output import print_result, records
from geodata.dataset import Dataset, load
from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES, number, text
from geodata.scenario import Scenario

DECIMALS = 4


def main(argv: Sequence[str]) -> int:
    """Print how likely each town has a path to supply, the least likely first."""
    parser = uncertainty_parser("reliability")
    add_sampling_options(parser)
    parser.add_argument("--method", type=Method, choices=list(Method), default=Method.AUTO)
    options = parser.parse_args(list(argv))
    dataset, scenario, shocks = uncertain_view(options)
    found = reliability(
        dataset, scenario, shocks, method=options.method, sampling=sampling(options)
    )
    rows = found.towns.sort_values([PROBABILITY, f.NODE_ID], ignore_index=True)
    result = {**_summary(found), "towns": records(rows), "switches": records(found.switches)}
    shown = rows.assign(**{BAND: [text(f"reliability.band.{b}", options.lang) for b in rows[BAND]]})
    print_result(result, shown, _notes(found, options.lang), options.format, decimals=DECIMALS)
    return 0


def uncertainty_parser(command: str) -> argparse.ArgumentParser:
    """A parser of a dated scenario and of the assumptions on uncertain closures."""
    parser = scenario_parser(command)
    group = parser.add_argument_group("uncertain closures")
    group.add_argument(
        "--closing",
        action="append",
        default=[],
        metavar="NAME=P",
        help="an assumed closing probability: "
        + ", ".join(f"{r.name} ({r.default})" for r in dataclasses.fields(ClosingRules)),
    )
    group.add_argument(
        "--switches",
        type=Grouping,
        choices=list(Grouping),
        default=Grouping.CORRIDOR,
        help="what segments that close together share",
    )
    group.add_argument(
        "--groups", type=Path, metavar="FILE", help="CSV with segment_id, switch: your own groups"
    )
    group.add_argument(
        "--together",
        type=float,
        default=TOGETHER,
        metavar="R",
        help="from 0, closures are independent, to 1",
    )
    add_output_options(parser)
    return parser


def add_sampling_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `sampling` reads."""
    group = parser.add_argument_group("samples")
    group.add_argument("--samples", type=int, default=SAMPLES)
    group.add_argument("--seed", type=int, default=0)
    group.add_argument("--workers", type=int, default=1, help="processes on this machine")
    group.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask scheduler whose workers do it instead"
    )


def sampling(options: argparse.Namespace) -> Sampling:
    """How samples are drawn, from the options of `add_sampling_options`."""
    return Sampling(options.samples, options.seed, options.workers, options.scheduler)


def uncertain_view(options: argparse.Namespace) -> tuple[Dataset, Scenario, CommonShocks]:
    """Data set, dated scenario and uncertain closures, from the options of `uncertainty_parser`.

    Raises
    ------
    GeodataError
        If no date is given, or an option is out of its bounds.
    """
    if options.date is None:
        raise GeodataError("analysis.no_date")
    dataset, scenario = dated_view(options)
    chosen = Uncertainty(
        closing=_closing(options.closing),
        by=options.switches,
        groups=_groups(options.groups),
        together=options.together,
    )
    shocks = shocks_on(
        dataset, scenario, on=options.date, traffic=options.traffic, uncertainty=chosen
    )
    return dataset, scenario, shocks


def dated_view(options: argparse.Namespace) -> tuple[Dataset, Scenario]:
    """Data set and scenario, on a day if one is given, from the options of `scenario_parser`."""
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    manual = manual_scenario(dataset, options)
    return dataset, scenario_on(dataset, manual, on=options.date, traffic=options.traffic)


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add the language and form of what is printed."""
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")


def _closing(pairs: list[str]) -> ClosingRules:
    names = [rule.name for rule in dataclasses.fields(ClosingRules)]
    values: dict[str, float] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise GeodataError("analysis.closing_form", value=pair) from None
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise GeodataError("analysis.closing_unknown", name=unknown[0], known=", ".join(names))
    return ClosingRules(**values)


def _groups(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        return {row[f.SEGMENT_ID].strip(): row["switch"].strip() for row in rows}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError):
        raise GeodataError("analysis.groups", file=file.name) from None


def _summary(found: Reliability) -> dict[str, Any]:
    return {
        "method": found.method.value,
        "samples": found.samples,
        "expected_people": round(found.expected_people),
        "people_low": round(found.people_low),
        "people_high": round(found.people_high),
        f.POPULATION_UNKNOWN: found.unknown,
    }


def _notes(found: Reliability, lang: str) -> list[str]:
    people = [number(p, lang) for p in (found.expected_people, found.people_low, found.people_high)]
    values = dict(zip(("people", "low", "high"), people, strict=True))
    lines = [
        text(f"reliability.people.{found.method}", lang, unknown=found.unknown, **values),
        *(
            text(
                "reliability.switch",
                lang,
                name=name,
                share=number(100 * on, lang),
                count=len(segments),
            )
            for name, on, segments in found.switches.itertuples(index=False)
        ),
        text("reliability.note", lang),
    ]
    return ["", *lines]
