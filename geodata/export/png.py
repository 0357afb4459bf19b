"""The map as a picture: title, dates, legend, sources; at print resolution."""

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from geodata.export import style
from geodata.export.brief import Brief, brief
from geodata.export.map.drawing import draw_map
from geodata.export.map.frame import frame
from geodata.export.map.labels import Ground, text_size
from geodata.sanitize import printable
from geodata.sharing.publication import Publication

DPI: Final = 300
POINTS_PER_MM: Final = 72 / 25.4
WIDTH: Final = 250 * POINTS_PER_MM
MARGIN: Final = 20.0
HEAD: Final = 92.0
FOOT: Final = 62.0
MAP_ASPECT: Final = 1.2
"""Width over height; it holds the shipped network with little to spare on either side."""

_PLAIN: Final[dict[Any, Any]] = {
    "pdf.fonttype": 42,
    "text.usetex": False,
    "text.parse_math": False,
}
"""Keep text as text in PDF, and never read it as mathematics."""


class _SharedSettings:
    """Settings of matplotlib, which all threads of a process share, for as long as any draws.

    Two threads that each set and restored them would take them from each other; one that waited
    for the other would wait as long as the largest network takes to draw.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawing = 0
        self._set = ExitStack()

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Keep the settings until this thread has drawn, at least."""
        with self._lock:
            if not self._drawing:
                self._set.enter_context(matplotlib.rc_context(_PLAIN))
            self._drawing += 1
        try:
            yield
        finally:
            with self._lock:
                self._drawing -= 1
                if not self._drawing:
                    self._set.close()


_SETTINGS: Final = _SharedSettings()


def png(release: Publication, *, dpi: int = DPI) -> bytes:
    """Draw the map with its title and sources as a PNG.

    Parameters
    ----------
    release : Release
    dpi : int
        Dots per inch; the picture is 250 mm wide.

    Returns
    -------
    bytes
        The same for the same release and versions of the libraries.
    """
    content = brief(release)
    map_width = WIDTH - 2 * MARGIN
    map_height = map_width / MAP_ASPECT
    height = HEAD + map_height + FOOT
    with _SETTINGS.in_force():
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=dpi, facecolor="white")
        FigureCanvasAgg(figure)
        _map_axes(figure, release, (MARGIN, FOOT, map_width, map_height), height)
        page = figure.add_axes((0, 0, 1, 1), zorder=-1)
        page.set(xlim=(0, WIDTH), ylim=(0, height))
        page.set_axis_off()
        _head(page, content, height, release)
        _foot(page, content)
        target = io.BytesIO()
        about = {
            "Title": f"{content.title} – {content.subtitle}",
            "Software": content.made,
            "Description": content.level,
        }
        figure.savefig(target, format="png", dpi=dpi, metadata=about)
    return target.getvalue()


def map_pdf(release: Publication, width: float, height: float) -> bytes:
    """Draw the bare map as a PDF of a size in points, for a page to hold; its text is text."""
    with _SETTINGS.in_force():
        figure = Figure(figsize=(width / 72, height / 72))
        FigureCanvasPdf(figure)
        _map_axes(figure, release, (0, 0, width, height), height)
        target = io.BytesIO()
        none = {"CreationDate": None, "Producer": None, "Creator": None}
        figure.savefig(target, format="pdf", metadata=none)
    return target.getvalue()


def _map_axes(
    figure: Figure, release: Publication, box: tuple[float, float, float, float], height: float
) -> None:
    left, bottom, map_width, map_height = box
    page = figure.get_figwidth() * 72
    axes = figure.add_axes((left / page, bottom / height, map_width / page, map_height / height))
    network = release.situation.dataset.network
    west, south, east, north = (float(bound) for bound in network.nodes.total_bounds)
    draw_map(
        axes,
        release,
        frame((west, south, east, north), map_width, map_height),
        Ground(map_width, map_height),
    )


def _head(page: Axes, content: Brief, height: float, release: Publication) -> None:
    top = height - MARGIN
    _text(page, MARGIN, top - 6, content.kicker.upper(), 7.5, style.ACCENT, style.BOLD)
    _text(page, MARGIN, top - 28, content.title, 19, style.INK, style.BOLD)
    _text(page, MARGIN, top - 43, content.subtitle, 9, style.SOFT_INK)
    level = release.say(f"export.level_{release.level}_short").upper()
    width = text_size(level, 7.5, style.BOLD)[0]
    colour = style.ACCENT if not release.ranked else style.WARNING
    _text(page, WIDTH - MARGIN - width, top - 6, level, 7.5, colour, style.BOLD)
    x = MARGIN
    for figure in content.figures:
        tint = style.WARNING if figure.alarm else style.INK
        _text(page, x, top - 63, figure.value, 13, tint, style.BOLD)
        x += text_size(figure.value, 13, style.BOLD)[0] + 4
        _text(page, x, top - 63, figure.label, 9, style.SOFT_INK)
        x += text_size(figure.label, 9)[0] + 20


def _foot(page: Axes, content: Brief) -> None:
    width = WIDTH - 2 * MARGIN
    y = FOOT - 13.0
    for words in (content.level, *content.sources, f"{content.made} · {content.assumptions[0]}"):
        for line in wrapped(words, width, 6.6):
            if y < 5:
                return
            _text(page, MARGIN, y, line, 6.6, style.SOFT_INK)
            y -= 8.4


def wrapped(words: str, width: float, size: float) -> list[str]:
    """Break a text into lines no wider than ``width`` points."""
    lines = [""]
    for word in printable(words).split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_size(longer, size)[0] > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _text(
    page: Axes, x: float, y: float, words: str, size: float, colour: str, weight: int = 400
) -> None:
    page.text(
        x,
        y,
        printable(words),
        fontproperties=style.font(weight),
        fontsize=size,
        color=colour,
        parse_math=False,
    )
