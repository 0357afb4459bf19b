"""The days as a moving picture: the published map week by week, for articles and talks."""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from PIL import Image

from geodata.analysis.resolution import check_reported
from geodata.analysis.situation import situation
from geodata.errors import GeodataError
from geodata.sharing.publication import Publication

STEP: Final = dt.timedelta(days=7)
MOST: Final = 40
"""Pictures in one file: nine months of weeks. Longer periods take longer steps."""

DPI: Final = 96
"""A picture is then 945 pixels wide, and its smallest text can still be read."""

FINER: Final = 2
"""How many times finer it is drawn: letters set on whole pixels would stand apart unevenly."""

FRAME_MS: Final = 700
LAST_MS: Final = 3_000
COLOURS: Final = 128


def days_shown(first: dt.date, last: dt.date, *, most: int = MOST) -> tuple[dt.date, ...]:
    """Return the days of the pictures: week by week back from the last one, at most ``most``.

    Examples
    --------
    >>> import datetime as dt
    >>> [str(day) for day in days_shown(dt.date(2025, 9, 1), dt.date(2025, 9, 16))]
    ['2025-09-02', '2025-09-09', '2025-09-16']
    """
    weeks = (last - first) // STEP
    step = STEP * max(1, -(-weeks // (most - 1)))
    return tuple(last - step * n for n in reversed(range((last - first) // step + 1)))


def pictures(release: Publication, days: tuple[dt.date, ...]) -> Iterator[Image.Image]:
    """Draw the map of each day, one at a time, so that the caller can tell progress and stop.

    Each has the title, the day, the figures, the sources and the limits of the published map.

    Parameters
    ----------
    release : Publication
        Its scenario, language and level hold for all days.
    days : tuple of datetime.date

    Raises
    ------
    GeodataError
        If no report covers a day.
    """
    from geodata.export.png import png  # matplotlib: the page opens without it

    dataset = release.situation.dataset
    for day in days:
        check_reported(dataset.events, day)
        view = replace(release.view, date=day, preset=None, compare="")
        of_day = replace(release, situation=situation(dataset, view.scenario), view=view, fuel=None)
        with Image.open(io.BytesIO(png(of_day, dpi=DPI * FINER))) as picture:
            yield picture.convert("RGB").reduce(FINER).quantize(COLOURS)


def gif(frames: list[Image.Image]) -> bytes:
    """Join pictures to an endless GIF that rests on the last one.

    Raises
    ------
    GeodataError
        If there is no picture.
    """
    if not frames:
        raise GeodataError("export.no_days")
    target = io.BytesIO()
    durations = [FRAME_MS] * (len(frames) - 1) + [LAST_MS]
    first, *others = frames
    first.save(
        target, "GIF", save_all=True, append_images=others, duration=durations, loop=0, disposal=1
    )
    return target.getvalue()
