"""How access falls as more and more roads close: people with access by the number of closures."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.analysis.blocks import run_blocks
from geodata.analysis.closure_samples import BLOCK, as_bits, blocks_of
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.elimination import Elimination, eliminate
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset
from geodata.errors import GeodataError

BAND: Final = (0.1, 0.9)
STEPS: Final = 20
CURVE_SAMPLES: Final = 1_000


@dataclass(frozen=True, eq=False)
class Degradation:
    """People and towns with access by the number of uncertain segments that are closed.

    Parameters
    ----------
    curve : DataFrame
        ``closed`` (segments), ``people`` (mean with access), ``people_low, people_high`` (between
        them lie eight of ten samples) and ``towns`` (mean).
    area : float
        Mean height of the curve as a share of the people with access before any closes: 1 if
        closures take access from nobody.
    samples : int
    """

    curve: pd.DataFrame
    area: float
    samples: int


def degradation(
    dataset: Dataset,
    scenario: Conditions,
    shocks: CommonShocks,
    *,
    samples: int = CURVE_SAMPLES,
    seed: int = 0,
    workers: int = 1,
) -> Degradation:
    """Close the uncertain segments one after the other, the riskier the sooner.

    In each sample the order is drawn without replacement with chances in proportion to the odds
    of closing. Towns of unknown population count as none.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
    shocks : CommonShocks
        Its switches do not count here, only each segment's own closing probability.
    samples, seed, workers : int

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If ``samples`` or ``seed`` is out of its bounds.
    """
    check_ids(dataset.network, scenario)
    if samples < 1 or not 0 <= seed < 2**64:
        raise GeodataError("analysis.samples", samples=samples, seed=seed)
    uncertain = uncertain_network(dataset.network, scenario, shocks)
    edges = len(uncertain.segment)
    counts = np.unique(np.linspace(0, edges, min(edges, STEPS) + 1).round().astype(np.int64))
    risk = shocks.probability[uncertain.segment]
    plan = _Plan(
        uncertain,
        eliminate(uncertain.n_nodes, uncertain.ends, uncertain.town),
        risk / (1 - risk),
        counts,
        seed,
    )
    blocks = run_blocks(_block, plan, blocks_of(samples), workers=workers)
    people, towns = (
        np.concatenate([block[part] for block in blocks], axis=1)[:, :samples] for part in (0, 1)
    )
    low, high = np.quantile(people, BAND, axis=1)
    curve = pd.DataFrame(
        {
            "closed": counts,
            "people": people.mean(axis=1),
            "people_low": low,
            "people_high": high,
            "towns": towns.mean(axis=1),
        }
    )
    mean = curve["people"].to_numpy()
    flat = edges == 0 or mean[0] == 0
    area = 1.0 if flat else float(np.trapezoid(mean, counts) / edges / mean[0])
    return Degradation(curve, area, samples)


@dataclass(frozen=True, eq=False)
class _Plan:
    uncertain: UncertainNetwork
    elimination: Elimination
    odds: NDArray[np.float64]
    counts: NDArray[np.int64]
    seed: int


def _block(plan: _Plan, block: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """People and towns with access, shape (n_counts, BLOCK), after each number of closures."""
    key = np.array([plan.seed, block], dtype=np.uint64)
    source = np.random.Generator(np.random.Philox(key=key))
    # The least of exponential times in proportion to the odds come first (Efraimidis and
    # Spirakis, Weighted random sampling with a reservoir, 2006).
    times = source.standard_exponential((len(plan.odds), BLOCK)) / plan.odds[:, None]
    place = times.argsort(axis=0).argsort(axis=0)
    people, towns = [], []
    for count in plan.counts:
        bits = np.packbits(place >= count, axis=1, bitorder="little")
        words = np.ascontiguousarray(bits).view("<u8").astype(np.uint64)
        reached = as_bits(plan.elimination.connected(words)[plan.uncertain.town])
        people.append(plan.uncertain.people @ reached)
        towns.append(reached.sum(axis=0))
    return np.stack(people), np.stack(towns)
