"""How likely each town keeps a path to supply while closures are uncertain and come together."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import population_of
from geodata.analysis.closing_probability import ClosingRules, closing_probabilities
from geodata.analysis.common_shocks import CommonShocks, common_shocks
from geodata.analysis.exact_reliability import exact_reliability, exact_steps
from geodata.analysis.sampled_reliability import SAMPLES, sampled_reliability
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.rules import Rules
from geodata.scenario import TOGETHER
from geodata.schema import Grouping, Traffic

PROBABILITY: Final = "probability"
LOW: Final = "probability_low"
HIGH: Final = "probability_high"
BAND: Final = "band"

MOST_STEPS: Final = 500_000_000
"""Numbers that an exact answer may take where samples would do; some ten seconds."""


class Method(StrEnum):
    """How the probability is computed."""

    AUTO = "auto"
    EXACT = "exact"
    SAMPLED = "sampled"


class Band(StrEnum):
    """A probability in plain words; the words stand in the catalogue."""

    NEARLY_CERTAIN = "nearly_certain"
    LIKELY = "likely"
    OPEN = "open"
    UNLIKELY = "unlikely"
    NEARLY_EXCLUDED = "nearly_excluded"


BANDS: Final = (
    (0.95, Band.NEARLY_CERTAIN),
    (0.7, Band.LIKELY),
    (0.3, Band.OPEN),
    (0.05, Band.UNLIKELY),
)
"""Lowest probability of each band, from the highest; below the last it is nearly excluded."""


@dataclass(frozen=True)
class Uncertainty:
    """Assumptions on how likely segments close, and which close together.

    Parameters
    ----------
    closing : ClosingRules
    by : Grouping
        What the segments of one switch share.
    groups : dict of str to str
        Segment id to the name of its switch, instead of what `by` gives; see `common_shocks`.
    on : dict of str to float
        Name of a switch to the probability that it is on; see `common_shocks`.
    together : float
        From 0, independent, to 1; see `CommonShocks`.
    """

    closing: ClosingRules = field(default_factory=ClosingRules)
    by: Grouping = Grouping.CORRIDOR
    groups: dict[str, str] = field(default_factory=dict)
    on: dict[str, float] = field(default_factory=dict)
    together: float = TOGETHER


@dataclass(frozen=True)
class Sampling:
    """How samples are drawn; see `sampled_reliability`."""

    samples: int = SAMPLES
    seed: int = 0
    workers: int = 1
    scheduler: str | None = None


@dataclass(frozen=True, eq=False)
class Reliability:
    """Probability of access of every town.

    Parameters
    ----------
    towns : DataFrame
        A row per town, sorted by id: ``node_id, name, admin1, population, probability,
        probability_low, probability_high, band``. The bounds equal the probability where it is
        exact; all bounds of a sampled table hold together with 99 %.
    expected_people : float
        Expected number of people in towns with access; towns of unknown population count as
        none, and ``unknown`` says how many they are.
    people_low, people_high : float
        Its bounds, 99 %.
    unknown : int
    method : Method
        ``exact`` or ``sampled``.
    samples : int
        0 if exact.
    switches : DataFrame
        A row per switch: ``switch, probability`` that it is on, and ``segments`` (ids).
    """

    towns: pd.DataFrame
    expected_people: float
    people_low: float
    people_high: float
    unknown: int
    method: Method
    samples: int
    switches: pd.DataFrame


def band(probability: float) -> Band:
    """Return the band of a probability.

    Examples
    --------
    >>> band(0.8)
    <Band.LIKELY: 'likely'>
    """
    return next((name for least, name in BANDS if probability >= least), Band.NEARLY_EXCLUDED)


def shocks_on(
    dataset: Dataset,
    scenario: Conditions,
    *,
    on: dt.date,
    traffic: Traffic = Traffic.FUEL,
    rules: Rules | None = None,
    uncertainty: Uncertainty | None = None,
) -> CommonShocks:
    """Return how likely each segment is closed on a day, and which close together.

    See `closing_probabilities` and `common_shocks` for the parameters.
    """
    chosen = uncertainty or Uncertainty()
    probabilities = closing_probabilities(
        dataset, scenario, on=on, traffic=traffic, rules=rules, closing=chosen.closing
    )
    return common_shocks(
        dataset,
        probabilities,
        by=chosen.by,
        groups=chosen.groups,
        on=chosen.on,
        together=chosen.together,
    )


def reliability(
    dataset: Dataset,
    scenario: Conditions,
    shocks: CommonShocks,
    *,
    method: Method = Method.AUTO,
    sampling: Sampling | None = None,
) -> Reliability:
    """Return how likely each town has a path to an open supply point; a path under escort counts.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
        Its supply points switched off are read; what is closed is in ``shocks``.
    shocks : CommonShocks
        From `shocks_on`, or any other.
    method : Method
        ``auto`` is exact where the network allows it within `MOST_STEPS`, else sampled.
    sampling : Sampling, optional

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If ``exact`` is asked for and the network is too closely meshed or has too many switches.
    """
    check_ids(dataset.network, scenario)
    uncertain = uncertain_network(dataset.network, scenario, shocks)
    if method != Method.SAMPLED:
        try:
            if method == Method.EXACT or exact_steps(uncertain) <= MOST_STEPS:
                return _exact(dataset, uncertain, shocks)
        except GeodataError:
            if method == Method.EXACT:
                raise
    return _sampled(dataset, uncertain, shocks, sampling or Sampling())


def _exact(dataset: Dataset, uncertain: UncertainNetwork, shocks: CommonShocks) -> Reliability:
    probability = exact_reliability(uncertain)[uncertain.town]
    people = float(probability @ uncertain.people)
    towns, unknown = _towns(dataset, probability, probability, probability)
    switches = _switches(dataset, shocks)
    return Reliability(towns, people, people, people, unknown, Method.EXACT, 0, switches)


def _sampled(
    dataset: Dataset, uncertain: UncertainNetwork, shocks: CommonShocks, sampling: Sampling
) -> Reliability:
    drawn = sampled_reliability(
        uncertain,
        samples=sampling.samples,
        seed=sampling.seed,
        workers=sampling.workers,
        scheduler=sampling.scheduler,
    )
    towns, unknown = _towns(dataset, drawn.probability, *drawn.interval())
    mean, bounds = float(drawn.people.mean()), drawn.people_interval()
    return Reliability(
        towns,
        mean,
        *bounds,
        unknown,
        Method.SAMPLED,
        sampling.samples,
        _switches(dataset, shocks),
    )


def _towns(
    dataset: Dataset,
    probability: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> tuple[pd.DataFrame, int]:
    network = dataset.network
    rows = [network.node_number[i] for i in network.towns]
    columns = [f.NODE_ID, f.NAME, f.ADMIN1, f.POPULATION]
    towns = pd.DataFrame(network.nodes[columns].iloc[rows]).reset_index(drop=True)
    towns[f.NAME] = towns[f.NODE_ID].map(network.labels)
    values = {PROBABILITY: probability, LOW: low, HIGH: high}
    towns = towns.assign(**values, **{BAND: [band(p).value for p in probability]})
    return towns, population_of(towns[f.POPULATION])[1]


def _switches(dataset: Dataset, shocks: CommonShocks) -> pd.DataFrame:
    ids = np.array(dataset.network.segment_ids, dtype=object)
    members = [tuple(ids[shocks.switch == n]) for n in range(len(shocks.names))]
    return pd.DataFrame({"switch": shocks.names, PROBABILITY: shocks.on, f.SEGMENTS: members})
