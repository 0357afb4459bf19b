"""What a blockade cuts, and its effect, shown before the cut is made.

A page or a command makes a `Selection`, shows `preview` before anything is cut, and then either
keeps the selection in the link (``State.cut_by``) or adds its ids to ``State.cut``: the two mean
the same scenario.

Examples
--------
>>> from geodata.dataset import shipped
>>> from geodata.network.selection import RoadNumber
>>> from geodata.conditions import Conditions
>>> mali = shipped()
>>> ids = select(mali, RoadNumber("RN18")).segment_ids
>>> preview(mali, Conditions(), ids).text("en")
'closes 1 segment; isolates 0 towns'
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from geodata import schema as f
from geodata.analysis.accessibility import EXTRA, SAME_WAY, Access, access, population_of
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import plural, text
from geodata.network.selection import (
    CorridorName,
    RoadNumber,
    Selected,
    Selection,
    road_segments,
    segments_near,
)
from geodata.schema import TownState


def select(dataset: Dataset, selection: Selection) -> Selected:
    """Return the segments that a selection names on a data set; none if there are none.

    Raises
    ------
    GeodataError
        If the data set knows no corridor of that name.
    """
    network = dataset.network
    if isinstance(selection, RoadNumber):
        return road_segments(network, selection.number)
    if isinstance(selection, CorridorName):
        known = dataset.corridors.segments
        if selection.name not in known:
            names = ", ".join(known) or "–"
            raise GeodataError("core.unknown_corridor", name=selection.name, known=names)
        return Selected(tuple(sorted(network.segment_ids[row] for row in known[selection.name])))
    return segments_near(network, selection)


def selected_ids(dataset: Dataset, selections: Iterable[Selection]) -> frozenset[str]:
    """Return the ids of all segments that any of the selections names."""
    return frozenset(i for each in selections for i in select(dataset, each).segment_ids)


@dataclass(frozen=True)
class CutPreview:
    """What further cuts change.

    Parameters
    ----------
    closes : tuple of str
        Segments that the cut closes and that are neither cut nor closed by events so far.
    already_shut : tuple of str
        Segments of the cut that let nothing pass before it.
    isolated : tuple of str
        Towns that lose every path to supply by it.
    population, population_unknown : int
        People of those towns, and how many of them have an unknown population.
    escorted : tuple of str
        Towns that had a route free of escort and keep one under escort only.
    longer : tuple of str
        Towns that keep a path, by a longer route.
    """

    closes: tuple[str, ...]
    already_shut: tuple[str, ...]
    isolated: tuple[str, ...]
    population: int
    population_unknown: int
    escorted: tuple[str, ...]
    longer: tuple[str, ...]

    def text(self, lang: str = "en") -> str:
        """Return it in one line, such as ``closes 7 segments; isolates 12 towns``."""
        parts = [
            plural("select.closes", len(self.closes), lang),
            plural("select.isolates", len(self.isolated), lang),
        ]
        if self.isolated:
            parts.append(plural("select.people", self.population, lang))
        if self.population_unknown:
            parts.append(plural("select.people_unknown", self.population_unknown, lang))
        if self.escorted:
            parts.append(plural("select.escorted", len(self.escorted), lang))
        if self.longer:
            parts.append(plural("select.longer", len(self.longer), lang))
        if self.already_shut:
            parts.append(plural("select.already_shut", len(self.already_shut), lang))
        return text("select.joint", lang).join(parts)


def preview(
    dataset: Dataset,
    scenario: Conditions,
    segment_ids: Collection[str],
    *,
    before: Access | None = None,
) -> CutPreview:
    """Return what cutting segments would do to a scenario.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
        As it is; segments reopened by hand stay open, as everywhere.
    segment_ids : collection of str
    before : Access, optional
        Access under `scenario`, where it is at hand already.

    Raises
    ------
    UnknownIdError
        If the network holds no such segment.
    """
    network = dataset.network
    cut = replace(scenario, cut=scenario.cut | frozenset(segment_ids))
    now = access(network, scenario, count_routes=False) if before is None else before
    then = access(
        network, cut, count_routes=False, baseline=now if _is_baseline(scenario) else None
    )
    lost = then.towns[f.ISOLATED] & ~now.towns[f.ISOLATED]
    under_escort = then.towns[f.STATE] == TownState.ESCORT_ONLY
    escorted = under_escort & now.towns[f.STATE].isin({TownState.OPEN, TownState.DETOUR})
    measure = EXTRA[scenario.by]
    longer = (then.towns[measure] - now.towns[measure]) > SAME_WAY
    people, unknown = population_of(then.towns.loc[lost, f.POPULATION])
    was_shut, is_shut = scenario.on(network).shut, cut.on(network).shut
    selected = network.segments[f.SEGMENT_ID].isin(set(segment_ids)).to_numpy(bool)
    ids = network.segments[f.SEGMENT_ID]
    return CutPreview(
        closes=tuple(ids[is_shut & ~was_shut]),
        already_shut=tuple(ids[selected & was_shut]),
        isolated=tuple(then.towns.loc[lost, f.NODE_ID]),
        population=people,
        population_unknown=unknown,
        escorted=tuple(then.towns.loc[escorted, f.NODE_ID]),
        longer=tuple(then.towns.loc[longer, f.NODE_ID]),
    )


def _is_baseline(scenario: Conditions) -> bool:
    return scenario == scenario.baseline()
