"""The whole view as one frozen value, and the remarks made when one is opened."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from geodata.cached import cached_property
from geodata.events.rules import Rules
from geodata.i18n import catalogue, plural, text
from geodata.network.selection import Selection
from geodata.scenario import Scenario, ShockAssumptions
from geodata.schema import Measure, Traffic, Vehicle
from geodata.sharing.encoding import clean_label, decimal_text
from geodata.sharing.selection_code import selection_code

VERSION: Final = 1
WINDOW_DAYS: Final = 30
WINDOW_DAYS_MAX: Final = 366
NOTE_CHARACTERS: Final = 300
TITLE_CHARACTERS: Final = 80
NOTHING: Final = "none"
"""Compare with nothing cut, closed or switched off."""


@dataclass(frozen=True)
class Note:
    """Why a segment was cut or reopened by hand; free text is kept short and on one line."""

    segment_id: str
    reason: str = ""
    source: str = ""
    date: dt.date | None = None
    author: str = ""

    def __post_init__(self) -> None:
        for name in ("reason", "source", "author"):
            object.__setattr__(self, name, clean_label(getattr(self, name), NOTE_CHARACTERS))


@dataclass(frozen=True)
class View:
    """Where the map stands: centre in degrees (EPSG:4326) and zoom level."""

    lat: float
    lon: float
    zoom: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "lat", round(float(self.lat), 4))
        object.__setattr__(self, "lon", round(float(self.lon), 4))
        object.__setattr__(self, "zoom", round(float(self.zoom), 2))


@dataclass(frozen=True)
class ViewState:
    """All that a link holds.

    Parameters
    ----------
    cut, reopen : tuple of str
        Segments cut and reopened by hand, in the order made.
    cut_by : tuple of Selection
        Corridors, road numbers and areas whose segments are cut by hand, as if each of their
        segments stood in `cut`.
    off : tuple of str
        Supply points switched off.
    vehicle : Vehicle
    traffic : Traffic
        Whom closures stop.
    by : Measure
        Whether the shortest path is counted in km or in hours.
    date : datetime.date or None
        Day whose events close roads; without it no event closes anything.
    window : int
        Days up to `date` whose events are shown.
    rules : tuple of (str, float)
        Rules changed from their defaults, sorted by name.
    shocks : ShockAssumptions
        Which uncertain closures come together, for probabilities and plans.
    preset : str or None
        Id of a dated phase whose closures stand in place of the events'.
    compare : str
        What the view is compared with: empty for nothing, a date, a preset's id, ``none``, or
        ``field:value;field:value`` for another scenario; `geodata.sharing.permalink.compared`
        reads it.
    lang : {'en', 'fr'} or None
        None for the browser's language.
    town : str or None
        Town whose card is open.
    way : tuple of str
        Ids of the nodes between which a route is shown: none, the start alone, or both.
    view : View or None
        None for the whole network.
    hide : tuple of str
        Layers of the map switched off.
    show : tuple of str
        Layers of the map switched on, of those that are off by default.
    corridor, region : tuple of str
        Corridors and admin1 regions shown; empty for all.
    tab : str
        Tab that is open; empty for the first.
    title : str
        Name of the scenario, one short line.
    notes : tuple of Note
    desk : str
        Version of the desk whose events count, such as ``12``, or ``12p`` where proposed ones
        count too; empty without the desk.
    network : str
        Name of the network; empty for the shipped one.
    data : str
        Fingerprint of the data the link was made on.

    Raises
    ------
    ValueError
        If the vehicle, traffic or measure is none of those there are.
    """

    cut: tuple[str, ...] = ()
    reopen: tuple[str, ...] = ()
    cut_by: tuple[Selection, ...] = ()
    off: tuple[str, ...] = ()
    vehicle: Vehicle = Vehicle.ANY
    traffic: Traffic = Traffic.FUEL
    by: Measure = Measure.KM
    date: dt.date | None = None
    window: int = WINDOW_DAYS
    rules: tuple[tuple[str, float], ...] = ()
    shocks: ShockAssumptions = field(default_factory=ShockAssumptions)
    preset: str | None = None
    compare: str = ""
    lang: str | None = None
    town: str | None = None
    way: tuple[str, ...] = ()
    view: View | None = None
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    corridor: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    tab: str = ""
    title: str = ""
    notes: tuple[Note, ...] = ()
    desk: str = ""
    network: str = ""
    data: str = ""

    def __post_init__(self) -> None:
        for name in ("cut", "reopen", "cut_by", "off", "hide", "show", "corridor", "region", "way"):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))
        for name, kind in (("vehicle", Vehicle), ("traffic", Traffic), ("by", Measure)):
            object.__setattr__(self, name, kind(getattr(self, name)))
        rules = {name: float(decimal_text(value)) for name, value in self.rules}
        object.__setattr__(self, "rules", tuple(sorted(rules.items())))
        object.__setattr__(self, "title", clean_label(self.title, TITLE_CHARACTERS))

    @cached_property
    def scenario(self) -> Scenario:
        """What the view asks; all other fields change only what is shown of the answer.

        Rules whose values cannot be used keep their defaults.
        """
        return Scenario(
            cut=self.cut,
            reopened=self.reopen,
            cut_by=sorted(self.cut_by, key=selection_code),
            disabled_supply=self.off,
            vehicle=self.vehicle,
            traffic=self.traffic,
            measure=self.by,
            date=self.date,
            preset=self.preset,
            rules=Rules.usable(self.rules)[0],
            shocks=self.shocks,
        )


def view_of(scenario: Scenario, *, title: str = "", network: str = "") -> ViewState:
    """Return a view that shows a scenario and is otherwise as a link without parameters."""
    return ViewState(
        cut=tuple(sorted(scenario.cut)),
        reopen=tuple(sorted(scenario.reopened)),
        cut_by=tuple(scenario.cut_by),
        off=tuple(sorted(scenario.disabled_supply)),
        vehicle=Vehicle(scenario.vehicle),
        traffic=Traffic(scenario.traffic),
        by=Measure(scenario.measure),
        date=scenario.day,
        rules=scenario.rules.changes(),
        shocks=scenario.shocks,
        preset=scenario.preset,
        title=title,
        network=network,
    )


@dataclass(frozen=True)
class KnownIds:
    """What a link may name here; None where anything well-formed is taken.

    Parameters
    ----------
    segments, nodes, supply_points, towns : tuple of str, optional
        Ids of the network, sorted.
    presets, layers, corridors, regions, tabs, networks, rules : tuple of str, optional
    data : str
        Fingerprint of the data in use; empty for no check.
    last_report : date, optional
        Day of the last report in use, after which nothing is known; None for no check.
    """

    segments: tuple[str, ...] | None = None
    nodes: tuple[str, ...] | None = None
    supply_points: tuple[str, ...] | None = None
    towns: tuple[str, ...] | None = None
    presets: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None
    corridors: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    tabs: tuple[str, ...] | None = None
    networks: tuple[str, ...] | None = None
    rules: tuple[str, ...] | None = None
    data: str = ""
    last_report: dt.date | None = None


@dataclass(frozen=True)
class Notice:
    """A remark on what was opened: what was not used, and what stands in its place.

    The parameters may repeat untrusted text. Show the message as text: never as HTML
    or Markdown.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """Return it in plain words."""
        count = self.params.get("n")
        if isinstance(count, int) and not isinstance(catalogue(lang)[self.key], str):
            others = {name: value for name, value in self.params.items() if name != "n"}
            return plural(self.key, count, lang, **others)
        return text(self.key, lang, **self.params)
