"""What leaves the tool: a situation at a level of sensitivity, in a language, made on a day.

Nothing sensitive is decided by the exports themselves: they write what a `Release` gives them.
The public level leaves out what would read as a list of targets (rankings of segments and of
pairs by effect, orders of reopening), and of tables that users opened: free text, actors and
exact places. What closes what was computed on the full data: only what is reported is coarser.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.comparison import Comparison
from geodata.analysis.facilities import FacilityAccess
from geodata.analysis.fuel import Fuel
from geodata.analysis.reliability import Sampling
from geodata.analysis.situation import PLAN_SAMPLES, Situation, change, situation
from geodata.analysis.stock_plan import OwnStocks, StockPlan, own_stocks, stock_plan
from geodata.analysis.work import samples_work
from geodata.cached import cached_property
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import day, text
from geodata.network.geodesy import distances_km
from geodata.sharing import permalink as links
from geodata.sharing.permalink import Note, ViewState

FREE_TEXT = (f.SUMMARY, f.ACTOR, f.PLACE_BASIS, f.REPORTED_TYPE)


class Sensitivity(StrEnum):
    """How much a product may show."""

    FULL = "full"
    PUBLIC = "public"


@dataclass(frozen=True, eq=False)
class Publication:
    """A situation as one product may show it.

    Parameters
    ----------
    situation : Situation
    view : ViewState
        What is shown of the situation; its scenario is the situation's.
    made : datetime.date
        Day of making, in UTC; the same day gives the same bytes.
    lang : {'en', 'fr'}
    level : Level
    address : str
        Address of the app, to which the link is added; empty where it is not known.
    changes_first : bool
        Whether a brief begins with what changed since the view compared with.
    fuel : Fuel or callable, optional
        Fuel of towns, for products that are to carry it; a callable without arguments that
        returns it is asked once, by the first product that shows fuel.
    facilities : FacilityAccess, optional
        What closures do to the way to the user's facilities.
    """

    situation: Situation
    view: ViewState
    made: dt.date
    lang: str = "en"
    level: Sensitivity = Sensitivity.FULL
    address: str = ""
    changes_first: bool = False
    fuel: Fuel | Callable[[], Fuel] | None = None
    facilities: FacilityAccess | None = None

    @property
    def ranked(self) -> bool:
        """Whether rankings by effect may be reported."""
        return self.level == Sensitivity.FULL

    @cached_property
    def fuel_estimate(self) -> Fuel | None:
        """Fuel of towns; nothing where none was given or the data allow no estimate."""
        if self.fuel is None or isinstance(self.fuel, Fuel):
            return self.fuel
        try:
            return self.fuel()
        except GeodataError:
            return None

    @cached_property
    def stocks(self) -> StockPlan | None:
        """Towns to stock before roads close, and whom each serves, where closures are uncertain."""
        shown, on = self.situation, self.view.date
        if shown.shocks is None or shown.uncertain is None or on is None:
            return None
        own = OwnStocks()
        with suppress(GeodataError):
            own = OwnStocks() if self.fuel_estimate is None else own_stocks(self.fuel_estimate, on)
        with shown.bound(samples_work(shown.uncertain, PLAN_SAMPLES)):
            return stock_plan(
                shown.dataset,
                shown.conditions,
                shown.shocks,
                days_of_stock=own.days,
                litres_a_day=own.litres,
                litres_band=own.band,
                sampling=Sampling(PLAN_SAMPLES),
            )

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events of the window, as they may be reported."""
        events = events_shown(self.situation.dataset, self.view).reset_index(drop=True)
        if self.level == Sensitivity.FULL:
            return events
        added = self.situation.dataset.added_events
        if added is None:
            return events
        return coarser(events, events[f.EVENT_ID].isin(added[f.EVENT_ID]), self.situation)

    @cached_property
    def compared(self) -> Situation | None:
        """Situation that this one is compared with."""
        other, shown = links.compared(self.view), self.situation
        if other is None:
            return None
        return situation(shown.dataset, other.scenario, bound=shown.bound)

    @cached_property
    def comparison(self) -> Comparison | None:
        """What changed since the situation compared with, the calendar apart from the roads."""
        return None if self.compared is None else change(self.compared, self.situation)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes on segments cut or reopened, as they may be reported."""
        return self.view.notes if self.level == Sensitivity.FULL else ()

    @property
    def state(self) -> ViewState:
        """The state that the product's link carries."""
        return replace(self.view, notes=self.notes, lang=self.lang)

    @property
    def link(self) -> str:
        """Link to the same view, without notes where the product is public."""
        known = links.KnownIds(segments=self.situation.dataset.network.segment_ids)
        query = links.format(self.state, known=known)
        return f"{self.address}?{query}" if self.address else f"?{query}"

    def say(self, key: str, /, **params: object) -> str:
        """Return the message ``key`` in the product's language."""
        return text(key, self.lang, **params)

    def day(self, date: dt.date) -> str:
        """Write a date in the product's language."""
        return day(date, self.lang)


def events_shown(dataset: Dataset, view: ViewState) -> pd.DataFrame:
    """Return the events of the view's window up to its date; all of them without a date."""
    events = dataset.events
    if view.date is None:
        return events
    first = view.date - dt.timedelta(days=view.window - 1)
    return events[(events[f.DATE] >= first) & (events[f.DATE] <= view.date)]


def coarser(events: pd.DataFrame, chosen: pd.Series, situation: Situation) -> pd.DataFrame:
    """Give ``events`` with free text, actors and exact places left out of the chosen rows.

    A placed event moves to the nearest town of the network, by great-circle distance.
    """
    nodes = situation.dataset.network.nodes
    towns = nodes[nodes[f.KIND].isin(f.TOWN_KINDS)]
    coarse = events.copy()
    coarse.loc[chosen, [name for name in FREE_TEXT if name in coarse]] = ""
    placed = chosen & coarse[f.LAT].notna() & coarse[f.LON].notna()
    coarse.loc[chosen & ~placed, f.PLACE] = ""
    if placed.any() and len(towns):
        nearest = towns.iloc[_nearest(coarse.loc[placed], shapely.get_coordinates(towns.geometry))]
        coarse.loc[placed, f.PLACE] = nearest[f.NAME].to_numpy()
        coarse.loc[placed, f.NODE_ID] = nearest[f.NODE_ID].to_numpy()
        coarse.loc[placed, f.LAT] = nearest.geometry.y.to_numpy()
        coarse.loc[placed, f.LON] = nearest.geometry.x.to_numpy()
        coarse.loc[placed, f.LOCATION_PRECISION] = "town"
    elif placed.any():
        coarse.loc[placed, [f.LAT, f.LON]] = np.nan
        coarse.loc[placed, f.PLACE] = ""
    return coarse


def _nearest(events: pd.DataFrame, towns: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the row of the nearest town to each event; towns are longitudes and latitudes."""
    lat, lon = (events[name].to_numpy(float)[:, None] for name in (f.LAT, f.LON))
    km = distances_km(lat, lon, towns[None, :, 1], towns[None, :, 0])
    return np.asarray(km.argmin(axis=1))
