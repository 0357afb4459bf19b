"""Several scenarios on one network, side by side: figures of each, and towns that differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import Summary, access
from geodata.analysis.blocks import run_blocks
from geodata.analysis.resolution import check_reported
from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.schema import Cause, SegmentState
from geodata.sharing.permalink import ViewState


@dataclass(frozen=True, eq=False)
class SideBySide:
    """What several scenarios do.

    Parameters
    ----------
    scenarios : DataFrame
        A row for each in the order given: ``name, date``; the towns isolated by each cause
        (``isolated_closure`` and so on), ``isolated``, ``escort_only``, ``detour``, ``at_risk``;
        ``population_isolated`` (known people in isolated towns) and
        ``population_isolated_unknown`` (isolated towns without a figure); segments ``closed``
        (cut by hand or by events).
    towns : DataFrame
        Towns whose state is not the same in all: ``node_id, name``, then a column for each
        scenario, named as it is.
    """

    scenarios: pd.DataFrame
    towns: pd.DataFrame


def side_by_side(
    dataset: Dataset,
    states: Sequence[ViewState],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> SideBySide:
    """Compute each scenario and set them side by side.

    A scenario is called by its title, or by its number in the order given; of scenarios with
    the same title the later ones bear their number too.

    Parameters
    ----------
    dataset : Dataset
    states : sequence of ViewState
    workers, scheduler
        As `geodata.analysis.blocks.run_blocks` has them; each scenario is a block.

    Raises
    ------
    GeodataError
        If a state's day lies after the last report, or a state names what does not exist here.
    """
    for state in states:
        if not state.preset:
            check_reported(dataset.events, state.date)
    shared = (dataset, tuple(states))
    results = run_blocks(_one, shared, range(len(states)), workers=workers, scheduler=scheduler)
    names = _names(states)
    rows = [
        {"name": name, f.DATE: state.date.isoformat() if state.date else "", **figures}
        for name, state, (figures, _) in zip(names, states, results, strict=True)
    ]
    network = dataset.network
    ids = list(network.towns)
    towns = pd.DataFrame({f.NODE_ID: ids, f.NAME: [network.labels[i] for i in ids]})
    columns = pd.DataFrame({name: states for name, (_, states) in zip(names, results, strict=True)})
    differ = columns.nunique(axis=1) > 1
    return SideBySide(
        pd.DataFrame(rows), pd.concat([towns, columns], axis=1)[differ].reset_index(drop=True)
    )


def _one(
    shared: tuple[Dataset, tuple[ViewState, ...]], block: int
) -> tuple[dict[str, int], list[str]]:
    """Return the figures of one scenario, and the state of every town in the network's order."""
    dataset, states = shared
    shown = situation(dataset, states[block].scenario)
    result = access(dataset.network, shown.conditions, count_routes=False)
    closed = int(shown.segment_states[f.STATE].isin([SegmentState.CLOSED, SegmentState.CUT]).sum())
    by_town = dict(zip(result.towns[f.NODE_ID], result.towns[f.STATE], strict=True))
    states_by_town = [str(by_town[town]) for town in dataset.network.towns]
    return {**_figures(result.summary), "closed": closed}, states_by_town


def _figures(summary: Summary) -> dict[str, int]:
    by_cause = {f"isolated_{cause}": summary.isolated_by[cause].towns for cause in Cause}
    return by_cause | {
        name: getattr(summary, name)
        for name in (
            "isolated",
            "escort_only",
            "detour",
            "at_risk",
            "population_isolated",
            "population_isolated_unknown",
        )
    }


def _names(states: Sequence[ViewState]) -> list[str]:
    names: list[str] = []
    for number, state in enumerate(states, start=1):
        in_use = (*names, f.NODE_ID, f.NAME)
        name = state.title or str(number)
        names.append(f"{name} ({number})" if name in in_use else name)
    return names
