"""What a question costs at most, estimated before it is computed: memory, and time of one core.

The times are main terms measured on the shipped network and on grids of roads, with room for
slower machines: they tell seconds from minutes, and are not forecasts.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.analysis.closure_samples import BLOCK
from geodata.analysis.danger_routes import MOST_ROUTES
from geodata.analysis.danger_routes import SECONDS as ROUTE_SECONDS
from geodata.analysis.exact_reliability import MOST_CELLS
from geodata.analysis.facilities import MAX_CELLS
from geodata.analysis.reopening_plan import SECONDS as SET_SECONDS
from geodata.analysis.reopening_sets import MOST_FLOWS, MOST_PAIRS
from geodata.analysis.uncertain_network import UncertainNetwork
from geodata.conditions import Conditions
from geodata.graph import double_cuts
from geodata.network.model import Network

TOWN_BYTES: Final = 3_000
"""Bytes of one town in the tables of two situations and in the table that compares them."""

STEP_BYTES: Final = 2_000
"""Bytes of one step of an order of reopening, and of one closed segment that waits in it."""

FLOW_BYTES: Final = 1_000
"""Bytes of one flow of a mixed integer programme while it is solved."""

ARC_BYTES: Final = 5_000
"""Bytes of one segment in one of the routes that a programme looks for together."""

PAIR_BYTES: Final = 100
"""Bytes of one pair of chains or segments while pairs are ranked."""

FACILITY_BYTES: Final = 1_000
"""Bytes of one town's way to one kind of facility, in the table and while it is made."""

FACILITY_SECONDS: Final = 1e-6
"""Time of one node or segment in the ways to one kind of facility."""

SAMPLE_BYTES: Final = 80
"""Bytes of one part or one uncertain segment in one sample."""

SAMPLE_SECONDS: Final = 2e-7
"""Time of one part or one uncertain segment in one sample."""

COUNT_SECONDS: Final = 4e-4
"""Time of one segment in the routes of one town."""

SEGMENT_SECONDS: Final = 2e-6
"""Time of one closed segment in one search for what to reopen together."""


@dataclass(frozen=True)
class Work:
    """What computing one answer takes at most.

    Parameters
    ----------
    memory : int
        Bytes, beside what is held already.
    seconds : float
        Time of one core.
    """

    memory: int
    seconds: float = 0.0

    def then(self, later: "Work") -> "Work":
        """Return what one answer after the other costs: the larger memory, the time of both."""
        return Work(max(self.memory, later.memory), self.seconds + later.seconds)


Bound = Callable[[Work], AbstractContextManager[object]]
"""Refuses work that is too large with a `GeodataError`, or counts it for as long as it lasts."""


def unbounded(work: Work) -> AbstractContextManager[object]:  # noqa: ARG001
    """Let any work be done, as on the machine of the person who asks."""
    return nullcontext()


def comparison_work(network: Network) -> Work:
    """Return what `geodata.analysis.comparison.compare` costs, with both situations' access."""
    return Work(TOWN_BYTES * len(network.towns))


def reopening_work(network: Network, scenario: Conditions) -> Work:
    """Return what `geodata.analysis.reopening.reopening_order` costs.

    At worst every stranded part with towns is a step of segments that help only together.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    roads = scenario.on(network)
    towns = [network.node_number[i] for i in network.towns]
    stranded = np.unique(roads.components[towns][~roads.reached[towns]])
    closed = int(roads.reopenable.sum())
    return Work(STEP_BYTES * (len(stranded) + closed), SEGMENT_SECONDS * len(stranded) * closed)


def sets_work(network: Network, scenario: Conditions) -> Work:
    """Return what `geodata.analysis.reopening_plan.reopening_plan` costs.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    order = reopening_work(network, scenario)
    towns, closed = len(network.towns), int(scenario.on(network).reopenable.sum())
    flows = min(2 * towns * closed, MOST_FLOWS)
    pairs = min(2 * towns * max(closed, towns), MOST_PAIRS)
    return Work(order.memory + FLOW_BYTES * flows + 9 * pairs, order.seconds + SET_SECONDS)


def pairs_work(network: Network) -> Work:
    """Return what `geodata.analysis.critical_pairs.pairs_table` costs."""
    return Work(PAIR_BYTES * min(len(network.segment_ids) ** 2, double_cuts.MOST_PAIRS))


def routes_work(network: Network) -> Work:
    """Return what `geodata.analysis.danger_routes.danger_routes` costs for one town."""
    return Work(ARC_BYTES * MOST_ROUTES * len(network.segment_ids), ROUTE_SECONDS)


def route_counts_work(network: Network) -> Work:
    """Return what the routes of all towns cost, most of which one danger bounds to one."""
    size = len(network.segment_ids) * len(network.towns)
    return Work(routes_work(network).memory, COUNT_SECONDS * size)


def facility_work(network: Network, kinds: int, places: int) -> Work:
    """Return what `geodata.analysis.facilities.facility_access` costs, for so many kinds."""
    nodes = len(network.node_ids)
    size = nodes + len(network.segment_ids)
    # Three ways and two sums of weights, and a floor for a small network.
    seconds = kinds * (0.01 + 5 * FACILITY_SECONDS * size)
    costs = 3 * 8 * min(places * nodes, MAX_CELLS)
    return Work(FACILITY_BYTES * kinds * len(network.towns) + costs, seconds)


def reliability_work(uncertain: UncertainNetwork, samples: int) -> Work:
    """Return what `geodata.analysis.reliability.reliability` costs."""
    size = uncertain.n_nodes + len(uncertain.segment)
    memory = SAMPLE_BYTES * (size * BLOCK // 8 + len(uncertain.town) * BLOCK // 8)
    return Work(memory + 3 * 8 * MOST_CELLS, SAMPLE_SECONDS * size * samples)


def samples_work(uncertain: UncertainNetwork, samples: int) -> Work:
    """Return what plans under drawn closures cost, which look at a block of samples at a time.

    They are `geodata.analysis.keep_open_plan.keep_open_plan` and
    `geodata.analysis.stock_plan.stock_plan`.
    """
    size = uncertain.n_nodes + len(uncertain.segment) + len(uncertain.town)
    return Work(SAMPLE_BYTES * BLOCK * size, SAMPLE_SECONDS * size * samples)
