"""Which towns to stock before roads close, so that the fewest person-days go without fuel.

In each sample of closures a town without access draws on its own stock first, then on a stocked
town that it can still reach. Samples with the same stranded towns are counted together, which
leaves a maximal covering problem (Church and ReVelle, 1974) over the stranded groups of towns.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, eye_array, hstack

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking, population_of
from geodata.analysis.blocks import run_blocks
from geodata.analysis.closure_samples import BLOCK, blocks_of
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.drawn_parts import drawn_parts
from geodata.analysis.fuel import Fuel
from geodata.analysis.needed_segments import NeededSegments
from geodata.analysis.reliability import Sampling
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions, check_ids, check_town
from geodata.dataset import Dataset
from geodata.errors import GeodataError

SECONDS: Final = 60.0
HORIZON_DAYS: Final = 30.0
GREEDY_SHARE: Final = 1 - 1 / math.e
"""What the greedy choice covers at least of the best (Nemhauser, Wolsey and Fisher, 1978)."""
LITRES_SHARE: Final = 0.9
FRONTIER: Final = ("p", "towns", "uncovered", "covered", "towns_greedy", "uncovered_greedy",
                   "bound", "gap")  # fmt: skip
TOWNS: Final = (f.NODE_ID, f.NAME, "reached", f.POPULATION, f.POPULATION_UNKNOWN, "needs",
                "covered", "litres", "litres_low", "litres_high")  # fmt: skip


@dataclass(frozen=True, eq=False)
class StockPlan:
    """Which towns to stock, by their number.

    Parameters
    ----------
    frontier : DataFrame
        A row per number of towns from 0: ``p, towns`` (ids, the best found), ``uncovered``
        (expected person-days without fuel), ``covered`` (of them, what the stock covers),
        ``towns_greedy, uncovered_greedy, bound`` (no choice leaves fewer uncovered) and ``gap``
        (uncovered less the bound).
    towns : DataFrame
        Each town of the last row: ``node_id, name, reached`` (ids of the towns that it serves
        in some sample, most people first), ``population`` (of these), ``population_unknown``
        (how many of them have none on record), ``needs`` (ids of the uncertain segments that
        must be open, or it does not serve all of them), ``covered`` (expected person-days that
        would be uncovered without it), ``litres`` (missing without figures of use) and
        ``litres_low, litres_high`` (the same by the ends of the band of use; missing without
        one). All towns at the same end is more than a band of 80 %.
    steps : DataFrame
        The columns of ``towns`` for each row of the frontier, after its ``p``, and with its
        ``uncovered`` and ``gap``.
    samples : int
    """

    frontier: pd.DataFrame
    towns: pd.DataFrame
    steps: pd.DataFrame
    samples: int


@dataclass(frozen=True)
class OwnStocks:
    """What towns have and use by the fuel model, for the towns of which it says something.

    Parameters
    ----------
    days : mapping of str to float
        Town id to the median of its days of stock.
    litres : mapping of str to float
        Town id to the median of its litres of use a day.
    band : mapping of str to (float, float)
        Town id to the ends of the band of 80 % of its use.
    """

    days: Mapping[str, float] = field(default_factory=dict)
    litres: Mapping[str, float] = field(default_factory=dict)
    band: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def own_stocks(fuel: Fuel, on: dt.date) -> OwnStocks:
    """Return the towns' own stocks and use on a day.

    Raises
    ------
    GeodataError
        If the day lies outside the model's period.
    """
    known = fuel.on(on).merge(fuel.use_on(on), on=f.NODE_ID).dropna(subset=["stock_days"])
    ids = list(known[f.NODE_ID])
    ends = zip(known["use_low"], known["use_high"], strict=True)
    return OwnStocks(
        dict(zip(ids, known["stock_days"].astype(float), strict=True)),
        dict(zip(ids, known["use_litres"].astype(float), strict=True)),
        dict(zip(ids, ends, strict=True)),
    )


def stock_plan(
    dataset: Dataset,
    scenario: Conditions,
    shocks: CommonShocks,
    *,
    most: int = 5,
    horizon_days: float = HORIZON_DAYS,
    days_of_stock: Mapping[str, float] | None = None,
    litres_a_day: Mapping[str, float] | None = None,
    litres_band: Mapping[str, tuple[float, float]] | None = None,
    sampling: Sampling | None = None,
) -> StockPlan:
    """Choose which towns to stock, for each number of towns up to ``most``.

    A town of unknown population counts as `people_for_ranking` says.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
    shocks : CommonShocks
    most : int
    horizon_days : float
        Days for which the drawn closures last.
    days_of_stock : mapping of str to float, optional
        Town id to the days that its own stock lasts; 0 for a town that is not named.
    litres_a_day : mapping of str to float, optional
        Town id to its use, for the litres to put into each stocked town: what the towns that it
        would serve lack in nine of ten samples in which it serves any, shared out equally
        between the stocked towns that they reach.
    litres_band : mapping of str to (float, float), optional
        Town id to the ends of the band of its use.
    sampling : Sampling, optional

    Raises
    ------
    UnknownIdError
        If the scenario or a mapping names an unknown id.
    GeodataError
        If a number of days, litres or towns is below 0 or not finite.
    """
    network = dataset.network
    check_ids(network, scenario)
    for town in (*(days_of_stock or {}), *(litres_a_day or {}), *(litres_band or {})):
        check_town(network, town)
    figures = (
        horizon_days,
        most,
        *(days_of_stock or {}).values(),
        *(litres_a_day or {}).values(),
        *(end for ends in (litres_band or {}).values() for end in ends),
    )
    if not all(0 <= value < np.inf for value in figures):
        raise GeodataError("analysis.stock")
    uncertain = uncertain_network(network, scenario, shocks)
    rows = [network.node_number[i] for i in network.towns]
    own = np.array([(days_of_stock or {}).get(i, 0.0) for i in network.towns])
    lacking = np.maximum(horizon_days - own, 0.0)
    draw = sampling or Sampling()
    groups = _stranded(uncertain, draw)
    people = people_for_ranking(network)[rows]
    cover = _Cover(
        groups.members,
        groups.share * (groups.members @ (people * lacking)),
        _candidates(groups.members, people),
    )
    frontier = _frontier(network.towns, cover, most)
    uses = [litres_a_day or {}, *_ends(litres_band or {})]
    litres = np.array([[each.get(i, np.nan) for i in network.towns] for each in uses]) * lacking
    of_row = [
        _towns(dataset, uncertain, cover, groups, [network.towns.index(i) for i in ids], litres)
        for ids in frontier["towns"]
    ]
    return StockPlan(frontier, of_row[-1], _steps(frontier, of_row), draw.samples)


def _steps(frontier: pd.DataFrame, of_row: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the towns of every row of the frontier, one below the other."""
    parts = []
    for row, towns in zip(frontier.to_dict("records"), of_row, strict=True):
        part = towns.assign(uncovered=row["uncovered"], gap=row["gap"])
        part.insert(0, "p", row["p"])
        parts.append(part)
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _ends(band: Mapping[str, tuple[float, float]]) -> tuple[dict[str, float], dict[str, float]]:
    return {i: low for i, (low, _) in band.items()}, {i: high for i, (_, high) in band.items()}


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups of towns that are stranded together.

    Parameters
    ----------
    members : array of float, shape (n_groups, n_towns)
        1 for a member, else 0.
    share : array of float, shape (n_groups,)
        Share of samples in which exactly these towns are one stranded part.
    """

    members: NDArray[np.float64]
    share: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Plan:
    uncertain: UncertainNetwork
    seed: int
    samples: int


def _stranded(uncertain: UncertainNetwork, sampling: Sampling) -> _Groups:
    plan = _Plan(uncertain, sampling.seed, sampling.samples)
    blocks = blocks_of(sampling.samples)
    results = run_blocks(
        _block, plan, blocks, workers=sampling.workers, scheduler=sampling.scheduler
    )
    packed = np.concatenate([members for members, _ in results])
    counts = np.concatenate([count for _, count in results])
    unique, inverse = np.unique(packed, axis=0, return_inverse=True)
    share = np.bincount(inverse.ravel(), counts, minlength=len(unique)) / sampling.samples
    members = np.unpackbits(unique, axis=1, count=len(uncertain.town)).astype(float)
    return _Groups(members, share)


def _block(plan: _Plan, block: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the stranded groups of towns in a block, as packed bits, and how often each occurs."""
    part, _ = drawn_parts(plan.uncertain, seed=plan.seed, block=block)
    part = part[: plan.samples - block * BLOCK]
    towns = part[:, plan.uncertain.town]
    sample, town = np.nonzero(towns != part[:, :1])
    names, group = np.unique(towns[sample, town], return_inverse=True)
    members = np.zeros((len(names), len(plan.uncertain.town)), dtype=bool)
    members[group, town] = True
    packed, counts = np.unique(np.packbits(members, axis=1), axis=0, return_counts=True)
    return packed, counts.astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Cover:
    """Groups, the expected person-days that each lacks, and the towns that may be chosen."""

    members: NDArray[np.float64]
    worth: NDArray[np.float64]
    candidates: NDArray[np.int64]

    def covered(self, chosen: Sequence[int]) -> float:
        """Return the expected person-days covered by stocking these towns."""
        return float(self.worth[self.members[:, list(chosen)].any(axis=1)].sum())

    def greedy(self, most: int) -> list[int]:
        """Return the towns in the order in which each covers most of what is left."""
        chosen: list[int] = []
        left = self.worth.copy()
        for _ in range(most):
            gains = left @ self.members[:, self.candidates]
            if gains.max(initial=0.0) <= 0:
                break
            best = int(self.candidates[np.argmax(gains)])
            chosen.append(best)
            left = np.where(self.members[:, best] > 0, 0.0, left)
        return chosen

    def best(self, count: int) -> tuple[list[int], float]:
        """Return the towns to stock, and a bound that no choice of as many exceeds."""
        groups, towns = len(self.worth), len(self.candidates)
        if not count or not groups:
            return [], 0.0
        link = hstack([-coo_array(self.members[:, self.candidates]), eye_array(groups)])
        number = np.r_[np.ones(towns), np.zeros(groups)][None, :]
        done = milp(
            np.r_[np.zeros(towns), -self.worth / max(self.worth.max(), 1.0)],
            constraints=[LinearConstraint(link, -np.inf, 0), LinearConstraint(number, 0, count)],
            integrality=np.r_[np.ones(towns), np.zeros(groups)],
            bounds=Bounds(0, 1),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        scale = max(self.worth.max(), 1.0)
        if done.x is None:
            return self.greedy(count), float(self.worth.sum())
        chosen = [int(t) for t in self.candidates[done.x[:towns] > 0.5]]
        bound = self.covered(chosen) if done.status == 0 else -float(done.mip_dual_bound) * scale
        return chosen, bound


def _candidates(members: NDArray[np.float64], people: NDArray[np.float64]) -> NDArray[np.int64]:
    """Of towns that are always stranded together the largest, and none that never is."""
    order = np.argsort(-people, kind="stable")
    _, first = np.unique(members[:, order], axis=1, return_index=True)
    chosen = np.sort(order[first])
    stranded: NDArray[np.int64] = chosen[members[:, chosen].any(axis=0)]
    return stranded


def _frontier(ids: Sequence[str], cover: _Cover, most: int) -> pd.DataFrame:
    total, greedy = float(cover.worth.sum()), cover.greedy(most)
    rows = []
    for count in range(most + 1):
        chosen, bound = cover.best(count)
        first = greedy[:count]
        if cover.covered(first) > cover.covered(chosen):
            chosen = first
        covered = cover.covered(chosen)
        # The greedy choice proves another bound; the tighter one counts.
        bound = max(min(bound, cover.covered(first) / GREEDY_SHARE), covered)
        rows.append(
            (
                count,
                tuple(ids[t] for t in sorted(chosen)),
                total - covered,
                covered,
                tuple(ids[t] for t in first),
                total - cover.covered(first),
                total - bound,
                bound - covered,
            )
        )
    return pd.DataFrame(rows, columns=list(FRONTIER))


def _towns(
    dataset: Dataset,
    uncertain: UncertainNetwork,
    cover: _Cover,
    groups: _Groups,
    chosen: list[int],
    litres: NDArray[np.float64],
) -> pd.DataFrame:
    ids, names = dataset.network.towns, dataset.network.labels
    nodes = [dataset.network.node_number[i] for i in ids]
    people = people_for_ranking(dataset.network)[nodes]
    known = dataset.network.nodes[f.POPULATION].iloc[nodes]
    stocked = groups.members[:, chosen].sum(axis=1)
    rows = []
    for town in chosen:
        here = groups.members[:, town] > 0
        reached = np.flatnonzero(groups.members[here].any(axis=0))
        reached = reached[np.argsort(-people[reached], kind="stable")]
        others = [t for t in chosen if t != town]
        own = cover.covered(chosen) - cover.covered(others)
        needs = [
            _needed(groups.members[here], each, stocked[here], groups.share[here])
            for each in litres
        ]
        rows.append(
            (
                ids[town],
                names[ids[town]],
                tuple(ids[t] for t in reached),
                *population_of(known.iloc[reached]),
                _between(dataset, uncertain, town, reached),
                own,
                *needs,
            )
        )
    return pd.DataFrame(rows, columns=list(TOWNS))


def _between(
    dataset: Dataset, uncertain: UncertainNetwork, town: int, reached: NDArray[np.int64]
) -> tuple[str, ...]:
    """Return the uncertain segments without which a town does not serve all that it may reach."""
    needed = NeededSegments.of_stranded(uncertain, int(uncertain.town[town]))
    edges = {edge for each in reached for edge in needed.to(int(uncertain.town[each]))}
    return tuple(sorted(dataset.network.segment_ids[uncertain.segment[edge]] for edge in edges))


def _needed(
    members: NDArray[np.float64],
    litres: NDArray[np.float64],
    stocked: NDArray[np.float64],
    share: NDArray[np.float64],
) -> float:
    """Return the litres that are enough; towns without a figure are left out, if some have one."""
    if np.isnan(litres).all():
        return float("nan")
    return _quantile(members @ np.nan_to_num(litres) / stocked, share)


def _quantile(values: NDArray[np.float64], share: NDArray[np.float64]) -> float:
    """Return the value that is enough in nine of ten samples."""
    order = np.argsort(values)
    reached = np.cumsum(share[order]) / max(share.sum(), 1e-12)
    return float(values[order][np.searchsorted(reached, LITRES_SHARE - 1e-12)])
