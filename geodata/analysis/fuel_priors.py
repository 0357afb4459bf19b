"""What the fuel model takes for possible: each constant with its band and its source.

A band is the range that holds the constant with a probability of 80 %. Figures with a source are
published ones; `JUDGEMENT` marks the others. None was chosen by the score of `hindcast`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Draw = NDArray[np.float32]

JUDGEMENT: Final = "judgement"
LESSOR_DECEMBER: Final = "L'Essor, 5 December 2025"
OFFICIAL_WEEKS: Final = "Ministry of Commerce, weekly counts of January and February 2026"
NORMAL_SPREAD: Final = 2.5631  # width of the central 80 % of a normal law in standard deviations


@dataclass(frozen=True)
class Prior:
    """A constant of the model before any report of a town's fuel is read.

    Parameters
    ----------
    name : str
    low, high : float
        Ends of the band that holds it with 80 %; the law is log-normal.
    unit : str
    source : str
    why : str
        What the source says, or why the band is judged so.
    by_town : bool
        Whether each town has its own value; otherwise one holds for the country.
    """

    name: str
    low: float
    high: float
    unit: str
    source: str
    why: str
    by_town: bool = False

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Draw:
        """Draw values, an array of ``shape``."""
        middle = np.sqrt(self.low * self.high)
        spread = np.log(self.high / self.low) / NORMAL_SPREAD
        drawn = middle * np.exp(spread * rng.standard_normal(shape, dtype=np.float32))
        return np.asarray(drawn, dtype=np.float32)


NATIONAL_USE_LITRES: Final = (6.4e6, 3.0e6)
"""Litres a day used in the country: two published figures that exclude one another.

The first is near 40,000 barrels a day (TheGlobalEconomy via Abidjan24, November 2025: 6.3 to 6.5
million litres), the second leaves power stations out (Mali24/Le Témoin). Half of the members
hold each.
"""

PRIORS: Final = (
    Prior("tanker_litres", 44_000, 49_000, "litres", OFFICIAL_WEEKS,
          "46,000 litres a tanker in the official weeks; 49,000 in the gift of Niger"),
    Prior("industry_share", 0.2, 0.4, "share", "Africa-Press, 2 December 2025",
          "protocol of 21 November: 30 per cent of arrivals to industry"),
    Prior("blockade_tankers", 28, 125, "tankers a day", "Reuters, AP; " + OFFICIAL_WEEKS,
          "about 200 a week in November 2025, 622 to 875 a week in January and February 2026"),
    Prior("ivorian_share", 0.3, 0.72, "share", "allAfrica, 24 July 2022; PANA",
          "of the fuel that escorts bring: 41 of some 140 tankers a day were loaded at one Ivorian "
          "depot in 2022; 28 per cent came from Senegal in 2006; no split of today is published"),
    Prior("attack_effect", 0.03, 0.3, "share lost", JUDGEMENT,
          "convoys wait after an attack: the share by which a recent attack lowers the flow"),
    Prior("town_litres_a_head", 0.1, 0.28, "litres a day", "AMAP, 21 October 2025",
          "Koutiala: 15 tankers a month for 138,000 people, 0.17 litres a day", by_town=True),
    Prior("hub_share", 0.5, 0.8, "share", JUDGEMENT,
          "what is left of national use once the towns use as Koutiala does goes to Bamako and "
          "to mines; RFI's 250 tankers a day for Bamako alone exceed national use"),
    Prior("hub_days", 7, 16, "days of use", "Reuters, 16 September 2025; ONAP, 8 October 2025",
          "dry in under two weeks if fully cut; three main depots under a week, stations beside"),
    Prior("station_days", 4, 14, "days of use", "AMAP, 21 October 2025",
          "six tankers, 12 days of Koutiala's use, were sold in a week; no town but Bamako has "
          "a depot (Maliweb, May 2022)", by_town=True),
    Prior("onward_km", 180, 600, "km", "RFI, 10 November 2025 and 13 December 2025",
          "escorts end in Bamako; towns beyond wait for another: the distance over which their "
          "share falls to 37 per cent", by_town=True),
    Prior("trade_share", 0.6, 1.2, "share", "AMAP, 26 October and 16 November 2025; L'Essor",
          "share of use that small trade brings at the border itself, where it can bring nearly "
          "all; it falls with distance",
          by_town=True),
    Prior("trade_km", 80, 250, "km", "AMAP, 26 October 2025",
          "Kayes, 95 km from the border, at official prices; Koutiala, 235 km, was dry: the "
          "distance over which small trade falls to 37 per cent", by_town=True),
    Prior("trade_delay", 10, 50, "days", JUDGEMENT,
          "small traders need weeks to take over from tankers", by_town=True),
    Prior("desert_share", 0.3, 0.9, "share", "aBamako, 19 January 2026; Mauriweb",
          "Timbuktu and Gao also live on Algeria and Mauritania, at 1,300 F a litre",
          by_town=True),
    Prior("north_share", 0.12, 1.0, "share", "AFP digest, July 2025; convoys at Gao",
          "310 tankers a month by the accord with Niger; reported are 30 to 100 a month, so that "
          "it was not met or most convoys go unreported", by_town=True),
    Prior("west_share", 0.1, 0.5, "share", "AFP via African Dawn, 2 February 2026",
          "the Senegal road is not widely used for fuel, its escorts moved to the Ivorian one: "
          "what towns on it get of the share that their distance gives", by_town=True),
    Prior("convoy_share", 0.12, 0.5, "share", "RFI, 13 December 2025",
          "Mopti's convoys are shared with six other cercles: what stays in the town itself",
          by_town=True),
    Prior("convoy_days", 3, 16, "days", "RFI; " + LESSOR_DECEMBER,
          "days between deliveries to a town 300 km beyond Bamako; Bamako has one in two to four",
          by_town=True),
    Prior("rush", 1.3, 2.4, "times usual use", "AMAP, 21 October 2025",
          "Koutiala sold 12 days of use in a week", by_town=True),
    Prior("siege_leak", 0.01, 0.12, "share", "RFI, early February 2026",
          "in and out of Nioro but in secret", by_town=True),
    Prior("held_back", 0.3, 0.8, "share", "L'Essor, 25 September 2025",
          "the oil office holds back supply of Mopti and Dioïla: what is still let through",
          by_town=True),
    Prior("luck_days", 4, 30, "days", JUDGEMENT,
          "how long a town's luck lasts: from one convoy to a month of them", by_town=True),
    Prior("diesel_share", 0.48, 0.62, "share", LESSOR_DECEMBER,
          "166 of 288 tankers that entered Bamako on 3 December held diesel"),
    Prior("power_first", 0.2, 0.7, "share", "RFI, 6 March 2026; Sahel Intelligence",
          "diesel goes to the power utility first: what is left for the stations"),
)  # fmt: skip
BY_NAME: Final = {prior.name: prior for prior in PRIORS}

# Standard deviation of what no constant explains, as log of a share, and the days in which it
# is forgotten. Judgement: a town's luck lasts days or weeks, the country's flow a month.
TOWN_SPREAD: Final = 0.45
PHASE_DAYS: Final = 20.0
"""Days that a way of supplying a town holds: thirteen reported phases in 240 days."""
CHANGING: Final = (
    "onward_km", "convoy_days", "convoy_share", "trade_share", "trade_km", "desert_share",
    "north_share", "west_share",
)  # fmt: skip
"""Constants that are a way of supply, not a property of the town: they change with the phases."""
FLOW_SPREAD: Final = 0.35
FLOW_DAYS: Final = 30.0
PUBLISHED_FLOWS: Final = {dt.date(2025, 12, 3): (100.0, 150.0), dt.date(2026, 1, 1): (64.0, 80.0)}
"""Tankers a day into the country from a day on, where papers give a band instead of a count.

On 3 December 2025 a convoy of 200 to 300 every 48 hours (L'Essor, 5 December 2025). From 1 to
11 January 2026 what is left of a little over 2,000 tankers up to about 22 January (importers'
union by AP, 24 January 2026) without the 1,192 counted from 12 to 21 January (Africanews).
"""
COUNT_ERROR: Final = 0.05
"""Error of an official count of a week, as a share."""
FADED_IS_TRUE: Final = 0.5
"""Share of members in which a road is open again because reports on it have faded."""
BACKLOG_DAYS: Final = 7.0
"""Days of missed use that buyers make up for once fuel arrives: judgement."""
SERVED_DAYS: Final = 3.0
"""Days over which service is averaged: a day without queues is not yet a supplied town."""
SHORT_BELOW: Final = 0.3
"""Share of usual use below which a town is called short.

Papers say that a town is partly served from about a sixth of its stations (110 of 700 in Bamako,
mid-November 2025, Walaw) to half of them (7 of 14 visited there on 7 November, AMAP); the edge to
a shortage lies between, near the geometric mean.
"""
HELD_BACK_TOWNS: Final = ("mopti", "dioila")
HELD_BACK_FROM: Final = dt.date(2025, 9, 22)
HELD_BACK_DAYS: Final = 30
"""Days that a decision counts if its end is not known: the rule `policy_hold_days`."""
POWER_FIRST_FROM: Final = dt.date(2026, 3, 6)
POWER_FIRST_DAYS: Final = 30
TRADING_COUNTRIES: Final = ("SEN", "CIV")
"""Neighbours over whose border small trade in fuel is reported; Guinea curbs it."""
DESERT_TOWNS: Final = ("tombouctou", "gao")
"""Towns that live on small trade from Algeria and Mauritania, by the source above."""
ATTACK_DAYS: Final = 10.0
"""Days in which the memory of an attack on a convoy falls to 37 per cent: judgement."""
