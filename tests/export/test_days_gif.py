"""The days as a moving picture: one published map for each week, and nothing else."""

import datetime as dt
import io

import pytest
from PIL import Image

from geodata.analysis.situation import situation
from geodata.errors import GeodataError
from geodata.export.days_gif import MOST, days_shown, gif, pictures
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Publication, Sensitivity


def test_the_days_end_on_the_last_and_are_never_too_many():
    first, last = dt.date(2025, 8, 1), dt.date(2026, 4, 29)
    days = days_shown(first, last)
    assert days[-1] == last
    assert first <= days[0] < first + dt.timedelta(days=7)
    assert len(days) <= MOST
    assert len(days_shown(dt.date(2012, 1, 1), last)) <= MOST
    assert days_shown(last, last) == (last,)


def test_a_gif_has_a_picture_a_day_and_rests_on_the_last(mali):
    state, _ = parse("date=2025-11-05&vehicle=tanker&lang=fr")
    release = Publication(
        situation(mali, state.scenario), state, dt.date(2026, 5, 1), "fr", Sensitivity.PUBLIC, ""
    )
    days = (dt.date(2025, 9, 10), dt.date(2025, 11, 5))
    with Image.open(io.BytesIO(gif(list(pictures(release, days))))) as made:
        assert made.n_frames == len(days)
        assert made.info["loop"] == 0
        assert made.width > 700
        made.seek(1)
        assert made.info["duration"] == 3_000


def test_no_picture_and_a_day_without_reports_are_refused(mali):
    state, _ = parse("date=2025-11-05")
    release = Publication(
        situation(mali, state.scenario), state, dt.date(2026, 5, 1), "en", Sensitivity.PUBLIC, ""
    )
    with pytest.raises(GeodataError):
        gif([])
    with pytest.raises(GeodataError):
        next(pictures(release, (dt.date(2031, 1, 1),)))
