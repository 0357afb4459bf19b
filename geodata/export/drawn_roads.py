"""Roads that a product draws and lists: all, or of a whole country those that its towns rest on."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.analysis.situation import Situation
from geodata.i18n import number
from geodata.schema import SegmentState
from geodata.sharing.publication import Publication

MOST: Final = 50_000
"""Segments of which a product draws and lists every one. Of more, a map on paper shows a grey
mass, and a list for a phone or a spreadsheet opens no more."""

UNREMARKABLE: Final = (SegmentState.OPEN, SegmentState.IMPASSABLE)


def drawn_rows(situation: Situation) -> NDArray[np.int64]:
    """Return the rows of the segments that a product draws and lists, in the network's order.

    All of them; of a network of more than `MOST`, those that are cut, closed, contested, under
    escort or reopened by hand, then those of the shortest paths to its towns, now and with
    nothing shut: at most `MOST` together. What only the vehicle or the season rules out is left
    out: in a country that is most of the tracks.
    """
    network, now = situation.dataset.network, situation.conditions
    if len(network.segment_ids) <= MOST:
        return np.arange(len(network.segment_ids))
    roads = now.on(network)
    reopened = [network.segment_number[i] for i in now.reopened]
    told = np.union1d(np.flatnonzero(~roads.has_state(*UNREMARKABLE)), reopened)
    chosen = dict.fromkeys([*told.astype(np.int64).tolist(), *situation.on_the_way.tolist()])
    return np.sort(np.array(list(chosen)[:MOST], np.int64))


def drawn_states(situation: Situation) -> pd.DataFrame:
    """Return the rows of `Situation.segment_states` that a product draws and lists."""
    return situation.segment_states.iloc[drawn_rows(situation)]


def left_out(release: Publication) -> tuple[str, ...]:
    """Say which roads a product leaves out; nothing where it holds all."""
    n_segments = len(release.situation.dataset.network.segment_ids)
    if n_segments <= MOST:
        return ()
    shown = number(len(drawn_rows(release.situation)), release.lang)
    return (
        release.say("export.roads_left_out", shown=shown, all=number(n_segments, release.lang)),
    )
