"""Fuel of towns in products: always the band and the word, never a number alone."""

import datetime as dt
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.fuel import FuelWord
from geodata.export.brief_tables import BriefTable
from geodata.i18n import number, plural
from geodata.sharing.publication import Publication

COLUMNS: Final = ("stock_low", "stock_days", "stock_high", "probability_short", "fuel_word")
RANK: Final = {FuelWord.SHORT: 0, FuelWord.PROBABLY_SHORT: 1}


def fuel_on(release: Publication) -> pd.DataFrame | None:
    """Fuel of every town on the product's day, or nothing where none was given or is known.

    Returns
    -------
    DataFrame
        Indexed by ``node_id``, with the columns `COLUMNS`: ends of the band of 80 % and median in
        days of usual use, probability of being short, and a `FuelWord`.
    """
    state = release.view
    if state.date is None or state.preset:
        return None
    fuel = release.fuel_estimate
    if fuel is None:
        return None
    if not fuel.roads.days[0] <= state.date <= fuel.last_day:
        return None
    table = fuel.on(state.date).rename(columns={"word": "fuel_word"})
    return table.set_index(f.NODE_ID)[list(COLUMNS)]


def fuel_table(release: Publication, limit: int) -> BriefTable | None:
    """Towns short or probably short, most people first, with their band of days of stock."""
    fuel = fuel_on(release)
    day = release.view.date
    if fuel is None or day is None:
        return None
    nodes = release.situation.dataset.network.nodes.set_index(f.NODE_ID)
    short = fuel[fuel["fuel_word"].isin(RANK)]
    people = nodes[f.POPULATION].reindex(short.index).astype(float).fillna(-1)
    order = pd.DataFrame({"word": short["fuel_word"].map(RANK), "people": -people})
    short = short.loc[order.sort_values(["word", "people"]).index]
    rows = tuple(
        (
            str(nodes.at[town, f.NAME]),
            release.say(f"fuel_days.word.{row['fuel_word']}"),
            band(release, row),
        )
        for town, row in short.head(limit).iterrows()
    )
    return BriefTable(
        "fuel",
        release.say("export.table_fuel"),
        tuple(release.say(f"export.head_fuel_{name}") for name in ("town", "word", "band"))
        if rows
        else (),
        rows,
        (),
        (0.3, 0.3, 0.4),
        _note(release, day, len(short) - len(rows)),
    )


def band(release: Publication, row: pd.Series) -> str:
    """Median and ends of the band in words; unknown where the model says nothing."""
    if np.isnan(row["stock_days"]):
        return release.say("fuel_days.word.unknown")
    low, middle, high = (
        number(float(row[name]), release.lang, decimals=1)
        for name in ("stock_low", "stock_days", "stock_high")
    )
    return release.say("export.fuel_band", low=low, days=middle, high=high)


def _note(release: Publication, day: dt.date, more: int) -> str:
    note = release.say("export.fuel_note", day=release.day(day))
    own = release.situation.dataset.own_fuel
    if own is not None:
        note += " " + plural("own_fuel.on", len(own.towns), release.lang)
    if more > 0:
        note += " " + release.say("export.fuel_more", n=number(more, release.lang))
    return note
