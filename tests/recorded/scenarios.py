"""The scenarios whose answers are recorded: cuts, dates, vehicles, traffic, rules, presets."""

from typing import Final

CUTS: Final = (
    (),
    ("gao--bourem",),
    ("kati--bamako",),
    ("didieni--carrefour-rn3-rn4",),
    ("sevare--mopti",),
    ("gao--bourem", "bourem--anefis"),
    ("kati--bamako", "bamako--siby"),
)
DATES: Final = ("2025-09-02", "2025-09-20", "2025-10-30", "2025-11-05", "2025-12-11", "2026-01-07")
VEHICLES: Final = ("any", "tanker", "tanker_all_year")
TRAFFIC: Final = ("fuel", "trucks", "light")
WITHOUT: Final = ((), ("dakar",), ("abidjan", "san-pedro"), ("niamey",))


def _options(number: int) -> tuple[str, ...]:
    """Options of scenario `number`: each list above is walked at its own pace."""
    words: list[str] = []
    for cut in CUTS[number % len(CUTS)]:
        words += ["--cut", cut]
    for supply in WITHOUT[number // 3 % len(WITHOUT)]:
        words += ["--without", supply]
    words += ["--vehicle", VEHICLES[number % len(VEHICLES)]]
    words += ["--traffic", TRAFFIC[number // 2 % len(TRAFFIC)]]
    if number % 5:
        words += ["--date", DATES[number % len(DATES)]]
    if number % 11 == 7:
        words += ["--by", "hours"]
    return tuple(words)


SCENARIOS: Final = tuple(_options(number) for number in range(50))
"""Options of each scenario, for every command that takes them."""

STATES: Final = (
    "vehicle=tanker",
    "date=2025-11-05&vehicle=tanker&lang=fr",
    "date=2025-09-08&vehicle=tanker&town=massigui",
    "cut=gao--bourem,bourem--anefis&vehicle=any",
    "date=2025-10-30&off=dakar&traffic=trucks&lang=fr",
    "preset=phase-4&vehicle=tanker",
    "date=2025-11-05&vehicle=tanker&compare=2026-01-07",
    "date=2025-11-05&vehicle=tanker&rules=attack_hold_days:14",
    "cut=kati--bamako&by=hours&vehicle=any&lang=fr",
)
"""Links whose exports are recorded."""

PRODUCTS: Final = (
    "view.html",
    "data.geojson",
    "view.kml",
    "tables.zip",
    "tables.xlsx",
    "snapshot.json",
)
"""Exports made of each link; every one is deterministic for one set of libraries."""

PRINTED: Final = ("map.png", "brief.pdf")
"""Exports that take seconds each: made of the first links only."""

PRINTED_STATES: Final = 2
