"""The command ``reliability``: how likely each town keeps a path to supply on a day."""

import argparse
import dataclasses
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.analysis.calibration import calibration
from geodata.analysis.closing_probability import ClosingRules, closing_probabilities
from geodata.analysis.common_shocks import CommonShocks, closures_table
from geodata.analysis.degradation import degradation
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
from geodata.analysis.resolution import check_reported
from geodata.analysis.rule_draws import rule_draws
from geodata.analysis.sampled_reliability import SAMPLES
from geodata.cli.events import with_events
from geodata.cli.options import add_workers_options, dated_view, manual_scenario, scenario_parser
from geodata.cli.output import add_format_option, add_lang_option, as_text, print_result, records
from geodata.cli.own_table import rows_of
from geodata.conditions import Conditions
from geodata.dataset import Dataset, load
from geodata.errors import GeodataError
from geodata.i18n import number, text
from geodata.scenario import TOGETHER, ShockAssumptions
from geodata.schema import Grouping

DECIMALS = 4
CURVE_SAMPLES = 2000


class Show(StrEnum):
    """What the command reports."""

    TOWNS = "towns"
    CLOSURES = "closures"
    DEGRADATION = "degradation"
    RULES = "rules"
    CALIBRATION = "calibration"


def main(argv: Sequence[str]) -> int:
    """Print how likely each town has a path to supply, or what lies behind it."""
    parser = uncertainty_parser("reliability")
    add_sampling_options(parser)
    add_method_option(parser)
    parser.add_argument(
        "--show",
        type=Show,
        choices=list(Show),
        default=Show.TOWNS,
        help="towns (default); how likely each segment is closed, and by which event; people with"
        " access by number of closures; which rules decide for each town (minutes); scores on dated"
        " reports of towns (minutes)",
    )
    options = parser.parse_args(list(argv))
    {
        Show.TOWNS: _print_towns,
        Show.CLOSURES: _print_closures,
        Show.DEGRADATION: _print_degradation,
        Show.RULES: _print_rules,
        Show.CALIBRATION: _print_calibration,
    }[options.show](options)
    return 0


def _print_towns(options: argparse.Namespace) -> None:
    """The least likely towns first."""
    dataset, scenario, shocks = uncertain_view(options)
    estimate = reliability(
        dataset, scenario, shocks, method=options.method, sampling=sampling(options)
    )
    rows = estimate.towns.sort_values([PROBABILITY, f.NODE_ID], ignore_index=True)
    result = {**_summary(estimate), "towns": records(rows), "switches": records(estimate.switches)}
    shown = rows.assign(**{BAND: [text(f"reliability.band.{b}", options.lang) for b in rows[BAND]]})
    print_result(result, shown, _notes(estimate, options.lang), options.format, decimals=DECIMALS)


def _print_closures(options: argparse.Namespace) -> None:
    """The likeliest closures first."""
    dataset, scenario, shocks = uncertain_view(options)
    reported = closing_probabilities(
        dataset,
        scenario,
        on=options.date,
        traffic=options.traffic,
        closing=_closing(options.closing),
    )
    rows = closures_table(dataset, shocks, reported)
    notes = ["", text("reliability.closures", options.lang)]
    print_result({"segments": records(rows)}, rows, notes, options.format, decimals=DECIMALS)


def _print_degradation(options: argparse.Namespace) -> None:
    dataset, scenario, shocks = uncertain_view(options)
    curve = degradation(
        dataset, scenario, shocks, samples=min(options.samples, CURVE_SAMPLES), seed=options.seed
    )
    result = {"area": round(curve.area, DECIMALS), "curve": records(curve.curve)}
    note = text("reliability.area", options.lang, area=number(curve.area, options.lang, decimals=2))
    print_result(result, curve.curve, ["", note], options.format)


def _print_rules(options: argparse.Namespace) -> None:
    if options.date is None:
        raise GeodataError("analysis.no_date")
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    draws = rule_draws(
        dataset,
        options.date,
        scenario=manual_scenario(dataset, options),
        traffic=options.traffic,
        seed=options.seed,
        workers=options.workers,
        scheduler=options.scheduler,
    )
    result = {
        "draws": draws.draws,
        "towns": records(draws.towns),
        "rules": records(draws.rules),
        "segments": records(draws.segments),
    }
    labels = [text(f"rules.{name}", options.lang) for name in draws.rules["rule"]]
    rows = draws.rules.assign(label=labels).merge(draws.towns, on=f.NODE_ID)
    note = text("reliability.rules", options.lang, draws=draws.draws)
    print_result(result, rows, ["", note], options.format, decimals=2)


def _print_calibration(options: argparse.Namespace) -> None:
    dataset = with_events(load(options.network), options)
    calibrated = calibration(dataset, uncertainty=uncertainty(options))
    scores = pd.DataFrame(
        [(s.name, s.brier.value, s.brier.low, s.brier.high) for s in calibrated.scores],
        columns=["score", "brier", "brier_low", "brier_high"],
    )
    skill = {name: dataclasses.asdict(measure) for name, measure in calibrated.skill.items()}
    result = {
        "scores": records(scores),
        "skill": skill,
        "has_skill": calibrated.has_skill,
        "reliability": records(calibrated.reliability),
        "rows": records(
            calibrated.rows.assign(**{f.DATE: [d.isoformat() for d in calibrated.rows[f.DATE]]})
        ),
    }
    key = "reliability.skill" if calibrated.has_skill else "reliability.no_skill"
    notes = ["", as_text(calibrated.reliability, decimals=2), "", text(key, options.lang)]
    print_result(result, scores, notes, options.format, decimals=2)


def uncertainty_parser(command: str) -> argparse.ArgumentParser:
    """Return a parser of a dated scenario and of the assumptions on uncertain closures."""
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
        "--switch",
        action="append",
        default=[],
        metavar="NAME=P",
        help="probability that a switch is on, instead of the one that follows from the events",
    )
    group.add_argument(
        "--together",
        type=float,
        default=TOGETHER,
        metavar="R",
        help="from 0, closures are independent, to 1",
    )
    add_lang_option(parser)
    add_format_option(parser)
    return parser


def add_method_option(parser: argparse.ArgumentParser) -> None:
    """Add the option for how probabilities are computed."""
    parser.add_argument(
        "--method",
        type=Method,
        choices=list(Method),
        default=Method.AUTO,
        help="exact, sampled, or whichever suits the network",
    )


def add_sampling_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `sampling` reads."""
    group = parser.add_argument_group("samples")
    group.add_argument("--samples", type=int, default=SAMPLES, help="number of samples")
    group.add_argument("--seed", type=int, default=0, help="seed of the random numbers")
    add_workers_options(group)


def sampling(options: argparse.Namespace) -> Sampling:
    """Return how samples are drawn, from the options of `add_sampling_options`."""
    return Sampling(options.samples, options.seed, options.workers, options.scheduler)


def uncertain_view(options: argparse.Namespace) -> tuple[Dataset, Conditions, CommonShocks]:
    """Data set, dated scenario and uncertain closures, from the options of `uncertainty_parser`.

    Raises
    ------
    GeodataError
        If no date is given, or an option is out of its bounds.
    """
    if options.date is None:
        raise GeodataError("analysis.no_date")
    dataset, scenario = dated_view(options)
    shocks = shocks_on(
        dataset,
        scenario,
        on=options.date,
        traffic=options.traffic,
        uncertainty=uncertainty(options),
    )
    for name in _switches(options.switch):
        if name not in shocks.names:
            known = ", ".join(shocks.names)
            raise GeodataError("analysis.switch_unknown", name=name, known=known)
    return dataset, scenario, shocks


def uncertainty(options: argparse.Namespace) -> Uncertainty:
    """Return the assumptions on uncertain closures, from the options of `uncertainty_parser`."""
    return Uncertainty(
        closing=_closing(options.closing),
        by=options.switches,
        groups=_groups(options.groups),
        on=_switches(options.switch),
        together=options.together,
    )


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


def _switches(pairs: list[str]) -> dict[str, float]:
    chances: dict[str, float] = {}
    for pair in pairs:
        name, _, value = pair.rpartition("=")
        try:
            chances[name.strip()] = float(value)
        except ValueError:
            raise GeodataError("analysis.switch_form", value=pair) from None
    return dict(ShockAssumptions(on=tuple(chances.items())).on)


def _groups(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    with rows_of(file, "analysis.groups") as rows:
        return {row[f.SEGMENT_ID].strip(): row["switch"].strip() for row in rows}


def _summary(estimate: Reliability) -> dict[str, Any]:
    return {
        "method": estimate.method.value,
        "samples": estimate.samples,
        "expected_people": round(estimate.expected_people),
        "people_low": round(estimate.people_low),
        "people_high": round(estimate.people_high),
        f.POPULATION_UNKNOWN: estimate.unknown,
    }


def _notes(estimate: Reliability, lang: str) -> list[str]:
    people = [
        number(p, lang)
        for p in (estimate.expected_people, estimate.people_low, estimate.people_high)
    ]
    values = dict(zip(("people", "low", "high"), people, strict=True))
    lines = [
        text(f"reliability.people.{estimate.method}", lang, unknown=estimate.unknown, **values),
        *(
            text(
                "reliability.switch",
                lang,
                name=name,
                share=number(100 * on, lang),
                count=len(segments),
            )
            for name, on, segments in estimate.switches.itertuples(index=False)
        ),
        text("reliability.note", lang),
    ]
    return ["", *lines]
