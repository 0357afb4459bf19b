"""Preset scenarios: the dated phases of the blockade, and two plain ones beside them.

A phase is read from the shipped table, word by word: each fragment such as ``Dakar-Kayes-Bamako
(escort only)`` names a corridor and says how it was restricted. What the words do not say is not
added; the fragment and its source stay with every segment.
"""

import csv
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pandas as pd

from geodata._paths import DATA_FOLDER
from geodata.conditions import Closure
from geodata.errors import GeodataError
from geodata.events.closures import LEVELS
from geodata.events.corridors import Corridors
from geodata.events.matching import approach_roads
from geodata.events.rules import Rules
from geodata.network.model import Network
from geodata.schema import SegmentState, Traffic

PHASES_FILE: Final = DATA_FOLDER / "phases.csv"
NO_CLOSURES: Final = "no-closures"
DECLARED: Final = "kayes-nioro"
DECLARED_TOWNS: Final = ("kayes", "nioro")
DECLARED_SOURCE: Final = (
    "RFI via News-Rim",
    "https://news-rim.com/2025/09/04/mali-les-jihadistes-du-jnim-imposent-un-blocus-a-kayes-et-nioro",
)
DECLARED_DAY: Final = dt.date(2025, 9, 3)
TITLE: Final = "phases."
# Words of the table for roads that it does not call by a corridor's name.
OTHER_NAMES: Final = {"direct Côte d'Ivoire-Mopti road": "Côte d'Ivoire-Mopti direct"}
# A road that is avoided is not used: for the traffic that avoids it, it is closed.
AVOIDED: Final = re.compile(r"\s+avoided$")
# Fragments are parted by semicolons, but not by those inside a remark.
SEPARATOR: Final = re.compile(r";(?![^()]*\))")
FRAGMENT: Final = re.compile(r"^(?P<name>[^()]+?)\s*(?:\((?P<remark>[^()]*)\))?$")
FROM_DAY: Final = re.compile(r"\bfrom (\d{1,2}) (\w{3})\b")
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EVERYBODY: Final = frozenset(Traffic)
FUEL_ONLY: Final = frozenset({Traffic.FUEL})


@dataclass(frozen=True)
class Part:
    """What one fragment of a phase's text says.

    Parameters
    ----------
    text : str
        The fragment as the table writes it.
    corridor : str
        Name in the table of corridors, or nothing for the approach roads of towns.
    state : SegmentState
    traffic : frozenset of Traffic
        Traffic affected.
    since : date or None
        First day, if later than the phase's own.
    segments : tuple of str
        Segment ids; empty if the network does not know the name.
    """

    text: str
    corridor: str
    state: SegmentState
    traffic: frozenset[Traffic]
    since: dt.date | None
    segments: tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """A named scenario: segments by state, each traceable to a text and its source.

    Parameters
    ----------
    id : str
        ``no-closures``, ``kayes-nioro``, or ``phase-`` and a phase's number: ``phase-9b``.
    start, end : date or None
        Days that it stands for; an open end is not known.
    parts : tuple of Part
    source_name, source_url, note : str
        From the table of phases, as collected.
    """

    id: str
    start: dt.date | None
    end: dt.date | None
    parts: tuple[Part, ...]
    source_name: str = ""
    source_url: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """Key of its name in the catalogue."""
        return TITLE + self.id

    def closures(
        self, traffic: Traffic = Traffic.FUEL, *, on: dt.date | None = None
    ) -> tuple[Closure, ...]:
        """Return what stops one traffic class.

        A stretch shared by several of the corridors named takes the mildest of their states:
        a closed corridor does not close the part over which another still runs.

        Parameters
        ----------
        traffic : Traffic
        on : date, optional
            Parts that begin later are left out; without a day all count.
        """
        states_of: dict[str, list[SegmentState]] = {}
        for part in self.parts:
            begun = on is None or part.since is None or on >= part.since
            state = part.state if begun and traffic in part.traffic else SegmentState.OPEN
            for segment in part.segments:
                states_of.setdefault(segment, []).append(state)
        mildest = {s: min(states, key=LEVELS.index) for s, states in states_of.items()}
        return tuple(
            Closure(segment, state, severity=1.0)
            for segment, state in sorted(mildest.items())
            if state != SegmentState.OPEN
        )

    def text_of(self, segment_id: str) -> tuple[str, ...]:
        """Return the fragments of the phase's text that concern a segment."""
        return tuple(p.text for p in self.parts if segment_id in p.segments)


def presets(network: Network, corridor_segments: pd.DataFrame | None) -> tuple[Preset, ...]:
    """Return all presets on a network: nothing closed, the declared blockade alone, the phases.

    Parameters
    ----------
    network : Network
    corridor_segments : DataFrame or None
        Columns ``corridor, order, segment_id``.
    """
    corridors = Corridors(network, corridor_segments)
    return (
        Preset(NO_CLOSURES, None, None, ()),
        _declared(network),
        *(_phase(row, corridors) for row in phase_rows()),
    )


def preset(network: Network, corridor_segments: pd.DataFrame | None, wanted: str) -> Preset:
    """Return one preset by its id.

    Raises
    ------
    GeodataError
        If there is none of that id.
    """
    known = {p.id: p for p in presets(network, corridor_segments)}
    if wanted not in known:
        raise GeodataError("phases.unknown", id=wanted, known=", ".join(known))
    return known[wanted]


def preset_ids() -> tuple[str, ...]:
    """Return the ids of all presets, in the order in which they are shown."""
    return (NO_CLOSURES, DECLARED, *(phase_id(row) for row in phase_rows()))


@lru_cache(maxsize=1)
def phase_rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the shipped table of phases."""
    with PHASES_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _declared(network: Network) -> Preset:
    """Build the blockade of Kayes and Nioro at its word: nothing passes on their roads."""
    parts = tuple(
        Part(
            f"blockade of {town} declared",
            "",
            SegmentState.CLOSED,
            EVERYBODY,
            None,
            tuple(sorted(approach_roads(network, town, Rules().approach_km))),
        )
        for town in DECLARED_TOWNS
        if town in network.node_number
    )
    return Preset(DECLARED, DECLARED_DAY, None, parts, *DECLARED_SOURCE)


def phase_id(row: dict[str, str]) -> str:
    """Id of a phase: the number that its name begins with, 0 for the time before the first."""
    first = row["phase"].split()[0]
    return f"phase-{first if first[0].isdigit() else 0}"


def _phase(row: dict[str, str], corridors: Corridors) -> Preset:
    start = dt.date.fromisoformat(row["start"])
    end = dt.date.fromisoformat(row["end"]) if row["end"] else None
    lists = (
        ("corridors_closed", SegmentState.CLOSED),
        ("corridors_restricted", SegmentState.CONTESTED),
    )
    parts = [
        _part(fragment.strip(), state, start, corridors)
        for column, state in lists
        for fragment in SEPARATOR.split(row[column])
        if fragment.strip()
    ]
    return Preset(
        phase_id(row),
        start,
        end,
        tuple(parts),
        row["source_name"],
        row["source_url"],
        row["note"],
    )


def _part(text: str, state: SegmentState, start: dt.date, corridors: Corridors) -> Part:
    """Read one fragment; a remark that names no known restriction changes nothing."""
    match = FRAGMENT.match(text)
    name, remark = (match["name"], match["remark"] or "") if match else (text, "")
    traffic = EVERYBODY
    avoided = bool(AVOIDED.search(name))
    if avoided:
        name, state, traffic = AVOIDED.sub("", name), SegmentState.CLOSED, FUEL_ONLY
    if "escort" in remark and "moved" not in remark:
        state = SegmentState.ESCORT_ONLY
    export_ban = "export ban" in remark
    if remark == "fuel" or export_ban:
        traffic = FUEL_ONLY
    name = OTHER_NAMES.get(name, name)
    rows = corridors.segments.get(name, ())
    if avoided:
        # Who avoids a direct road still uses what it shares with others.
        others = [set(r) for n, r in corridors.segments.items() if n != name]
        rows = tuple(r for r in rows if not any(r in other for other in others))
    if export_ban:
        # A ban on exports shuts the border, not the road behind it.
        abroad = frozenset(corridors.foreign) - {""}
        rows = tuple(r for r in rows if r in corridors.crossings(abroad))
        state = SegmentState.CLOSED
    ids = tuple(corridors.network.segment_ids[r] for r in rows)
    return Part(text, name, state, traffic, _since(remark, start), ids)


def _since(remark: str, start: dt.date) -> dt.date | None:
    """Return the first day that a remark such as 'from 29 Sep' names, in the year of the phase."""
    first_day = FROM_DAY.search(remark)
    if not first_day or first_day[2].lower() not in MONTHS:
        return None
    return dt.date(start.year, MONTHS.index(first_day[2].lower()) + 1, int(first_day[1]))
