"""Brute-force answers that the engine's are compared with."""

import itertools
from dataclasses import replace

import networkx as nx
import pandas as pd

from geodata.conditions import Conditions
from geodata.network.model import Network
from geodata.schema import PASSABLE, Cause, SegmentState


def open_graph(network: Network, scenario: Conditions, *, less: str | None = None) -> nx.MultiGraph:
    """What is passable, as a networkx multigraph."""
    states = scenario.on(network).states
    graph = nx.MultiGraph()
    graph.add_nodes_from(network.node_ids)
    for row in network.segments.itertuples():
        if states[row.segment_id] in PASSABLE and row.segment_id != less:
            graph.add_edge(row.from_node, row.to_node, key=row.segment_id, km=row.length_km)
    return graph


def supply_of(network: Network, scenario: Conditions) -> list[str]:
    return [s for s in network.supply_points if s not in scenario.without]


def distances(graph: nx.MultiGraph, supply: list[str]) -> dict[str, dict[str, float]]:
    """Town -> supply point -> km."""
    found: dict[str, dict[str, float]] = {}
    for point in supply:
        for node, km in nx.single_source_dijkstra_path_length(graph, point, weight="km").items():
            found.setdefault(node, {})[point] = km
    return found


def routes(graph: nx.MultiGraph, supply: list[str], town: str) -> int:
    flow = nx.DiGraph()
    flow.add_nodes_from([*graph, "*"])
    for a, b, _ in graph.edges(keys=True):
        if a == b:
            continue
        for u, v in ((a, b), (b, a)):
            capacity = flow.get_edge_data(u, v, {"capacity": 0})["capacity"]
            flow.add_edge(u, v, capacity=capacity + 1)
    for point in supply:
        flow.add_edge("*", point)
    return int(nx.maximum_flow_value(flow, "*", town)) if supply else 0


def smallest_reopening(network: Network, scenario: Conditions, town: str) -> int | None:
    """Size of the smallest set of closed segments whose reopening restores a town."""
    states = scenario.on(network).states
    shut = [i for i, s in states.items() if s in {SegmentState.CUT, SegmentState.CLOSED}]
    for size in range(1, len(shut) + 1):
        for chosen in itertools.combinations(shut, size):
            if restores(network, scenario, chosen, town):
                return size
    return None


def restores(network: Network, scenario: Conditions, chosen: tuple[str, ...], town: str) -> bool:
    reopened = Conditions(
        cut=scenario.cut,
        reopened=scenario.reopened | set(chosen),
        without=scenario.without,
        vehicle=scenario.vehicle,
        closures=scenario.closures,
    )
    graph = open_graph(network, reopened)
    reach = set().union(
        *(nx.node_connected_component(graph, s) for s in supply_of(network, scenario)), set()
    )
    return town in reach


def people_for_ranking(network: Network) -> pd.Series:
    """People by town, the unknown at the median of the known, or at 1 if none is known."""
    people = network.nodes.set_index("node_id").population[list(network.towns)]
    return people.fillna(people.median() if people.notna().any() else 1.0)


def cause(network: Network, scenario: Conditions, town: str) -> Cause | None:
    """First restriction, of vehicle, season, supply and closure, at which no path is left."""
    nothing = Conditions(vehicle=scenario.vehicle)
    steps = {
        Cause.VEHICLE: nothing,
        Cause.SEASON: replace(nothing, impassable=scenario.impassable),
        Cause.SUPPLY: replace(nothing, impassable=scenario.impassable, without=scenario.without),
        Cause.CLOSURE: scenario,
    }
    lost = [name for name, each in steps.items() if not has_path(network, each, town)]
    return lost[0] if lost else None


def sufficient_causes(network: Network, scenario: Conditions, town: str) -> tuple[Cause, ...]:
    """Restrictions that isolate a town when all others but the vehicle are lifted."""
    nothing = Conditions(vehicle=scenario.vehicle)
    if not has_path(network, nothing, town):
        return (Cause.VEHICLE,)
    closed = {"cut": scenario.cut, "reopened": scenario.reopened, "closures": scenario.closures}
    single = {
        Cause.SEASON: replace(nothing, impassable=scenario.impassable),
        Cause.SUPPLY: replace(nothing, without=scenario.without),
        Cause.CLOSURE: replace(nothing, **closed),
    }
    return tuple(name for name, each in single.items() if not has_path(network, each, town))


def has_path(network: Network, scenario: Conditions, town: str) -> bool:
    graph = open_graph(network, scenario)
    return any(nx.has_path(graph, s, town) for s in supply_of(network, scenario))
