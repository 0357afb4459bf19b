"""What the map receives and what it sends back: plain data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from geodata.network.selection import Area, Circle

LAYERS: Final = ("events", "supply", "crossings", "rail", "airports", "tiles", "findings", "fuel")
ON_REQUEST: Final = frozenset({"fuel"})
"""Layers that a link names to switch them on; the others it names to switch them off."""

NO_ESTIMATE: Final = "silent"
"""Stands in `MapModel.fuel` for a town of which the fuel model says nothing."""

CLICK_KINDS: Final = frozenset(
    {
        "segment",
        "mark",
        "area",
        "town",
        "event",
        "events",
        "region",
        "supply",
        "point",
        "view",
        "layer",
    }
)
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class MapDifference:
    """What one scenario lost and gained against another, to be drawn instead of states.

    Parameters
    ----------
    segments_lost, segments_gained : sequence of str
        Segments that let traffic pass before and not now, and the reverse.
    towns_lost, towns_gained : sequence of str
        Towns whose access got worse, and better.
    """

    segments_lost: Sequence[str] = ()
    segments_gained: Sequence[str] = ()
    towns_lost: Sequence[str] = ()
    towns_gained: Sequence[str] = ()


@dataclass(frozen=True)
class CodedEvents:
    """Events as they travel, coded once for all states that show the same ones.

    Parameters
    ----------
    data : bytes
        JSON of a list for each event: as Python's own lists they take ten times as much.
    key : str
        Names this content.
    """

    data: bytes
    key: str


@dataclass(frozen=True)
class MapModel:
    """One picture of the map.

    Parameters
    ----------
    network_url : str
        Where the browser finds the network's geometry: from `map_files.geometry_url`.
    segment_ids : sequence of str, or mapping of str to int
        Ids in the order of that file, ``network.segment_ids``, or the row of each.
    node_ids : sequence of str
        Ids of the nodes in the order of that file.
    lines : sequence of rows
        Segments that are drawn at any zoom, where the file holds tiles: from `assets.lines_of`.
    segment_states : mapping of str to (state, reason)
        Segments that are not open; a reason may be empty.
    impassable : mapping of str to sequence of int
        Rows in the network's order of the segments that the vehicle cannot use, by the reason: a
        country has tens of thousands. None of them is in ``segment_states``.
    town_states : mapping of str to str
        Towns whose access is not plainly open: detour, escort_only or isolated.
    new_isolated : sequence of str
        Towns isolated by closures: ringed.
    isolated_by : mapping of str to str
        Cause of each town isolated by anything else: season, supply or vehicle. Each has a sign
        of its own.
    selected_town : str, optional
    way, former_way : sequence of str
        Segment ids in travelling order.
    events : sequence of mapping, or CodedEvents
        ``id, lat, lon, type, age_days, date, confidence, title, source, url, place``; an event
        known only to its region has ``region`` instead of ``lat`` and ``lon``. ``date`` is
        text as shown; ``url`` counts only if http or https.
    region_badges : mapping of str to int
        Number of events known only to a region, by the region's name.
    findings : sequence of (lat, lon, weight, sentence)
        What the network's import found doubtful; weights are those of `geodata.network.findings`.
    fuel : mapping of str to str
        The fuel model's word for each town, or `NO_ESTIMATE`; empty while the layer is off.
    fuel_note : str
        Day and source of ``fuel``, or why there is none.
    supply_off : sequence of str
        Supply points switched off.
    layers : mapping of str to bool
        Which of `LAYERS` show. A change of it overrides what the user ticked on the map.
    corridor : sequence of str, optional
        Segments to stress; the others fade.
    lang, theme : str
        ``en`` or ``fr``; ``light`` or ``dark``.
    view : (lat, lon, zoom), optional
        Gone to once, when it changes; a view that the map itself reported is never gone to.
    view_turn : int
        Raise it to go to the same ``view`` again.
    about : (south, west, north, east), optional
        Degrees: where the open card's subject lies. Brought into sight once, when it changes and
        no new ``view`` comes with it.
    difference : Difference, optional
    look : bool
        Whether a click on a road only shows what it is; otherwise it cuts or reopens it.
    effects : str
        Token by which the map asks what a click on a road would change, see
        `dashboard.runtime.session_answers`; empty where it is not to ask.
    mark : bool
        Whether a click on a road marks it, as one with Shift does always.
    pending : sequence of str
        Segments about to be cut: marked.
    areas : sequence of Circle or Area
        Outlines of what is cut or about to be cut.
    outs : sequence of str
        Segments of the ways out of the selected town.
    ends : sequence of str
        Nodes marked A and B: the ends of the way.
    facilities : sequence of (lat, lon, name, kind)
        Open facilities of the visitor's own layer.
    drawing : bool
        Whether the pointer draws an area.
    placing : bool
        Whether a click beside roads and symbols reports its point.
    reports : bool
        Whether the map tells the server when it has been drawn, see `dashboard.runtime.first_map`.
    pin : (lat, lon), optional
        Where a pin stands, WGS84 degrees.
    """

    network_url: str
    segment_ids: Sequence[str] | Mapping[str, int]
    node_ids: Sequence[str]
    segment_states: Mapping[str, tuple[str, str]] = field(default_factory=lambda: _NONE)
    impassable: Mapping[str, Sequence[int]] = field(default_factory=lambda: _NONE)
    lines: Sequence[Sequence[Any]] = ()
    town_states: Mapping[str, str] = field(default_factory=lambda: _NONE)
    new_isolated: Sequence[str] = ()
    isolated_by: Mapping[str, str] = field(default_factory=lambda: _NONE)
    selected_town: str | None = None
    way: Sequence[str] = ()
    former_way: Sequence[str] = ()
    events: CodedEvents | Sequence[Mapping[str, Any]] = ()
    region_badges: Mapping[str, int] = field(default_factory=lambda: _NONE)
    findings: Sequence[tuple[float, float, str, str]] = ()
    fuel: Mapping[str, str] = field(default_factory=lambda: _NONE)
    fuel_note: str = ""
    supply_off: Sequence[str] = ()
    layers: Mapping[str, bool] = field(default_factory=lambda: _NONE)
    corridor: Sequence[str] | None = None
    lang: str = "en"
    theme: str = "light"
    view: tuple[float, float, float] | None = None
    view_turn: int = 0
    about: tuple[float, float, float, float] | None = None
    difference: MapDifference | None = None
    look: bool = False
    effects: str = ""
    mark: bool = False
    pending: Sequence[str] = ()
    areas: Sequence[Circle | Area] = ()
    outs: Sequence[str] = ()
    ends: Sequence[str] = ()
    facilities: Sequence[tuple[float, float, str, str]] = ()
    drawing: bool = False
    placing: bool = False
    reports: bool = False
    pin: tuple[float, float] | None = None


@dataclass(frozen=True)
class MapClick:
    """What a user did on the map.

    Parameters
    ----------
    kind : str
        One of `CLICK_KINDS`.
    id : str
        Segment, town, event, supply point, or region by its name in ``region_badges``; for
        ``events`` their ids, a blank between;
        for ``layer`` its name; for ``view`` and ``point`` empty.
    n : int
        Number of the message, growing.
    view : (lat, lon, zoom), optional
        For ``view``; for ``point`` where it lies, and the zoom at which it was chosen.
    on : bool, optional
        For ``layer``.
    area : Circle or Area, optional
        For ``area``: what was drawn; None if drawing was stopped.
    """

    kind: str
    id: str
    n: int
    view: tuple[float, float, float] | None = None
    on: bool | None = None
    area: Circle | Area | None = None
