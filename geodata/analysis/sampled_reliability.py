"""Probability of a path to supply from many samples of closures, for networks of any size."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainccinv, betaincinv, ndtri

from geodata.analysis.blocks import run_blocks
from geodata.analysis.closure_samples import BLOCK, as_bits, blocks_of, open_words
from geodata.analysis.elimination import Elimination, eliminate
from geodata.analysis.uncertain_network import UncertainNetwork
from geodata.errors import GeodataError

SAMPLES: Final = 10_000
CONFIDENCE: Final = 0.99
"""Probability with which all intervals of one table hold together."""


@dataclass(frozen=True, eq=False)
class SampledReliability:
    """In how many samples each town is connected to supply.

    Parameters
    ----------
    connected : array of int, shape (n_towns,)
        Samples in which a town is connected.
    people : array of float, shape (n_samples,)
        People of towns connected in each sample; towns of unknown population count as none.
    """

    connected: NDArray[np.int64]
    people: NDArray[np.float64]

    @property
    def probability(self) -> NDArray[np.float64]:
        """Share of samples in which each town is connected."""
        return self.connected / len(self.people)

    def interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the lower and upper bound of each town's probability.

        Clopper and Pearson's exact interval (Biometrika 26, 1934), with Bonferroni's correction:
        all towns' intervals hold together with the probability `CONFIDENCE`.
        """
        n, k = len(self.people), self.connected
        tail = (1 - CONFIDENCE) / 2 / max(len(k), 1)
        with np.errstate(invalid="ignore"):
            low = np.where(k == 0, 0.0, betaincinv(k, n - k + 1, tail))
            high = np.where(k == n, 1.0, betainccinv(k + 1, n - k, tail))
        return low, high

    def people_interval(self) -> tuple[float, float]:
        """Return the bounds of the expected people with access, by the central limit theorem."""
        n, mean = len(self.people), float(self.people.mean())
        spread = float(self.people.std(ddof=1)) if n > 1 else np.inf
        half = -float(ndtri((1 - CONFIDENCE) / 2)) * spread / np.sqrt(n)
        return max(mean - half, 0.0), mean + half


@dataclass(frozen=True, eq=False)
class _Plan:
    """All that a block needs besides its number."""

    uncertain: UncertainNetwork
    elimination: Elimination
    seed: int
    samples: int


def sampled_reliability(
    uncertain: UncertainNetwork,
    *,
    samples: int = SAMPLES,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
) -> SampledReliability:
    """Draw closures and count in how many samples each town is connected.

    Parameters
    ----------
    uncertain : UncertainNetwork
    samples : int
    seed : int
        The same seed gives the same result, regardless of the workers.
    workers : int
        Processes on this machine.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do it instead.

    Raises
    ------
    GeodataError
        If ``samples`` or ``seed`` is out of its bounds, or the scheduler cannot be used.
    """
    if samples < 1 or not 0 <= seed < 2**64:
        raise GeodataError("analysis.samples", samples=samples, seed=seed)
    plan = _Plan(
        uncertain, eliminate(uncertain.n_nodes, uncertain.ends, uncertain.town), seed, samples
    )
    blocks = blocks_of(samples)
    results = run_blocks(_block, plan, blocks, workers=workers, scheduler=scheduler)
    connected = np.stack([counts for counts, _ in results]).sum(axis=0)
    return SampledReliability(connected, np.concatenate([people for _, people in results]))


def _block(plan: _Plan, block: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the samples in which each town is connected, and people connected in each sample."""
    words = open_words(plan.uncertain, seed=plan.seed, block=block)
    reached = plan.elimination.connected(words)[plan.uncertain.town]
    bits = as_bits(reached)[:, : plan.samples - block * BLOCK]
    return bits.sum(axis=1, dtype=np.int64), plan.uncertain.people @ bits
