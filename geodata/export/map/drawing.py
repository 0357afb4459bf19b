"""The situation drawn on paper: base map, roads by state, towns by access, events, legend."""

from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.situation import Situation
from geodata.export import style
from geodata.export.drawn_roads import drawn_rows
from geodata.export.map.frame import Frame
from geodata.export.map.labels import Ground, Label, Placed, place
from geodata.export.map.legend import draw_legend, drawn_events
from geodata.export.map.symbols import dashes, draw_symbol
from geodata.export.names import node_name
from geodata.export.style import LineStyle
from geodata.sanitize import printable
from geodata.schema import SegmentState, TownState
from geodata.sharing.publication import Publication
from geodata.sharing.view_state import ViewState

LAND_LAYER: Final = "admin0"
REGION_LAYER: Final = "admin1"
HALO: Final = 1.6
PORT: Final = "port"
EVENT_RADIUS: Final = 3.3
SMALLEST_NAMED_AREA: Final = 900.0
"""In square points; a smaller area goes without a name."""

FOCUS_WEIGHT: Final = 0.01
BORDER_WEIGHT: Final = 0.3
LINE_WEIGHT: Final = 1.0
"""Cost of a label's cell that lies on a road, against 1000 for one on a symbol."""


def draw_map(axes: Axes, release: Publication, frame: Frame, ground: Ground) -> None:
    """Draw the whole map with its legend.

    Parameters
    ----------
    axes : Axes
        Limits are set to the frame's points.
    release : Release
    frame : Frame
    ground : Ground
        What is already on the paper; symbols, roads and labels are added to it.
    """
    situation = release.situation
    axes.set_xlim(0, frame.width)
    axes.set_ylim(0, frame.height)
    axes.set_axis_off()
    axes.add_patch(Rectangle((0, 0), frame.width, frame.height, facecolor=style.SEA, zorder=0))
    _base(axes, situation, frame, ground)
    _segments(axes, situation, frame, ground)
    _events(axes, release, frame)
    labels = _crossings(axes, release, frame, ground)
    labels += _towns(axes, situation, frame, ground)
    labels += _supply_points(axes, situation, frame, ground)
    draw_legend(axes, release, frame, ground)
    labels += _area_labels(situation, frame, release.lang)
    for label in place(labels, ground):
        _write(axes, label)
    axes.add_patch(
        Rectangle(
            (0.3, 0.3),
            frame.width - 0.6,
            frame.height - 0.6,
            fill=False,
            edgecolor=style.SOFT_INK,
            linewidth=0.6,
            zorder=50,
        )
    )


def _base(axes: Axes, situation: Situation, frame: Frame, ground: Ground) -> None:
    layers = situation.dataset.layers
    if "land" in layers:
        _areas(axes, frame.geometry(layers["land"].geometry.to_numpy()), style.LAND, 0.5)
    land = layers.get(LAND_LAYER)
    if land is not None:
        focus = _focus(situation, land)
        for rows, colour, z in ((~focus, style.LAND, 1.0), (focus, style.FOCUS, 1.1)):
            _areas(axes, frame.geometry(land.geometry.to_numpy()[rows]), colour, z)
        for area in frame.geometry(land.geometry.to_numpy()[focus]):
            ground.weigh_area(area, FOCUS_WEIGHT)
        outlines = shapely.boundary(land.geometry.to_numpy())
        _weigh(ground, frame.geometry(outlines), BORDER_WEIGHT)
        _lines(axes, frame.geometry(outlines[~focus]), LineStyle(style.BORDER, 0.45), 3.2)
        _lines(axes, frame.geometry(outlines[focus]), LineStyle(style.BORDER, 1.0), 3.3)
    if (regions := layers.get(REGION_LAYER)) is not None:
        inner = frame.geometry(shapely.boundary(regions.geometry.to_numpy()))
        _lines(axes, inner, LineStyle(style.REGION, 0.5, (2.5, 1.8)), 3.1)
    for name, width in (("rivers", 0.9), ("lakes", 0.4)):
        if name in layers:
            water = frame.geometry(layers[name].geometry.to_numpy())
            _areas(axes, water, style.WATER, 2.0)
            _lines(axes, water, LineStyle(style.WATER, width), 2.1)
    if "rail" in layers:
        rail = frame.geometry(layers["rail"].geometry.to_numpy())
        _lines(axes, rail, LineStyle(style.RAIL, 0.5, (0.8, 1.0)), 3.0)


def _focus(situation: Situation, land: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    code = situation.dataset.network.focus_country
    if code is None:
        return np.zeros(len(land), dtype=bool)
    return (land[f.COUNTRY] == code).to_numpy(bool)


def _segments(axes: Axes, situation: Situation, frame: Frame, ground: Ground) -> None:
    rows = drawn_rows(situation)
    all_lines = situation.dataset.network.segments.geometry.to_numpy()[rows]
    state = situation.segment_states[f.STATE].to_numpy()[rows]
    for order, (name, look) in enumerate(style.SEGMENT_STYLES.items()):
        lines = frame.geometry(all_lines[state == name])
        _lines(axes, lines, LineStyle(style.COLOURS["casing"], look.width + 1.3), 5.0)
        _lines(axes, lines, look, 6.0 + order / 10)
        if look.core is not None:
            _lines(axes, lines, look.core, 6.05 + order / 10)
        _weigh(ground, lines, LINE_WEIGHT)
        if name == SegmentState.CUT:
            middles = [
                shapely.line_interpolate_point(line, 0.5, normalized=True)
                for line in shapely.get_parts(lines)
            ]
            _crosses(axes, shapely.get_coordinates(np.array(middles, dtype=object)))


def _weigh(ground: Ground, lines: NDArray[np.object_], weight: float) -> None:
    for line in lines:
        ground.weigh(shapely.get_coordinates(shapely.segmentize(line, 0.9)), weight)


def _crosses(axes: Axes, points: NDArray[np.float64]) -> None:
    """Put a cross on the middle of each road cut by hand."""
    casing = LineStyle(style.COLOURS["casing"], 2 * style.CROSS.width)
    for size, look in ((7.5, casing), (6.5, style.CROSS)):
        axes.plot(
            points[:, 0],
            points[:, 1],
            linestyle="",
            marker="x",
            markersize=size,
            markeredgewidth=look.width,
            color=look.colour,
            zorder=7.5,
        )


def _events(axes: Axes, release: Publication, frame: Frame) -> None:
    events = drawn_events(release.events)
    points = frame.project(events[[f.LON, f.LAT]].to_numpy(float))
    ages = _ages(release.view, events)
    for point, kind, age in zip(points, events[f.EVENT_TYPE], ages, strict=True):
        look = style.event_symbol(str(kind))
        draw_symbol(axes, point, look, EVENT_RADIUS, edge=0.4, z=8, alpha=1 - 0.65 * age)


def _ages(view: ViewState, events: pd.DataFrame) -> list[float]:
    """Return the age of each event as a share of the window, from 0 (today) to 1."""
    day = view.date
    if day is None:
        return [0.0] * len(events)
    window = view.window
    return [min(max((day - date).days / window, 0.0), 1.0) for date in events[f.DATE]]


def _crossings(axes: Axes, release: Publication, frame: Frame, ground: Ground) -> list[Label]:
    nodes = release.situation.dataset.network.nodes
    rows = nodes[(nodes[f.KIND] == "border_crossing") & ~nodes[f.SUPPLY_POINT]]
    points = _points(frame, rows)
    for point in points[frame.inside(points)]:
        draw_symbol(axes, point, style.CROSSING, 2.3, edge=0.5, z=8.5)
        ground.block(point[0] - 1.5, point[1] - 1.5, 3, 3)
    return [
        Label(
            printable(node_name(release, node)),
            float(x),
            float(y),
            4.8,
            style.SOFT_INK,
            style="italic",
            gap=2.4,
            rank=60,
        )
        for node, (x, y) in zip(rows[f.NODE_ID], points, strict=True)
        if frame.inside(np.array([[x, y]]))[0]
    ]


def _towns(axes: Axes, situation: Situation, frame: Frame, ground: Ground) -> list[Label]:
    network = situation.dataset.network
    towns = situation.access.towns
    nodes = network.nodes.set_index(f.NODE_ID).loc[towns[f.NODE_ID]]
    points = _points(frame, nodes)
    labels = []
    for point, (_, town) in zip(points, towns.iterrows(), strict=True):
        if not frame.inside(point[None])[0]:
            continue
        radius = _radius(town[f.POPULATION])
        look = style.town_symbol(town[f.STATE], town[f.ISOLATED_BY])
        z = 9.0 + 0.5 * (town[f.STATE] != TownState.OPEN)
        draw_symbol(axes, point, look, radius, edge=0.8, z=z)
        ground.block(point[0] - radius, point[1] - radius, 2 * radius, 2 * radius)
        labels.append(_town_label(town, point, radius))
    return labels


def _town_label(town: pd.Series, point: NDArray[np.float64], radius: float) -> Label:
    people = 0.0 if pd.isna(town[f.POPULATION]) else float(town[f.POPULATION])
    affected = town[f.STATE] != TownState.OPEN and not town[f.BASELINE_ISOLATED]
    lost = affected and town[f.STATE] == TownState.ISOLATED
    big = people >= 100_000
    return Label(
        printable(town[f.NAME]),
        float(point[0]),
        float(point[1]),
        size=7.4 if people >= 1_000_000 else 6.4 if big or lost else 5.6,
        colour=style.WARNING if lost else style.INK if big or affected else style.SOFT_INK,
        weight=style.BOLD if big or lost else style.REGULAR,
        gap=radius + 1.6,
        rank=(0 if people >= 1_000_000 else 5 if lost else 10 if big else 20 if affected else 40)
        - people / 1e8,
        must=lost or big,
    )


def _supply_points(axes: Axes, situation: Situation, frame: Frame, ground: Ground) -> list[Label]:
    nodes = situation.dataset.network.nodes
    rows = nodes[nodes[f.SUPPLY_POINT]]
    labels = []
    for point, (_, node) in zip(_points(frame, rows), rows.iterrows(), strict=True):
        if not frame.inside(point[None])[0]:
            continue
        off = node[f.NODE_ID] in situation.conditions.without
        look = replace(
            style.SUPPLY_OFF if off else style.SUPPLY,
            sign="port" if node[f.KIND] == PORT else "depot",
        )
        draw_symbol(axes, point, look, 4.2, edge=0.6, z=10)
        ground.block(point[0] - 3.4, point[1] - 3.4, 6.8, 6.8)
        labels.append(
            Label(
                printable(node[f.NAME]),
                float(point[0]),
                float(point[1]),
                6.2,
                style.COLOURS["supply"],
                weight=style.BOLD,
                gap=4.8,
                rank=2,
                must=True,
            )
        )
    return labels


def _area_labels(situation: Situation, frame: Frame, lang: str) -> list[Label]:
    """Return the names of countries and regions, where their shown part is widest."""
    layers = situation.dataset.layers
    labels = []
    for layer, size, colour, rank in (
        (LAND_LAYER, 7.0, "#8b8373", 30),
        (REGION_LAYER, 5.2, "#a89f8c", 70),
    ):
        table = layers.get(layer)
        if table is None:
            continue
        column = f"name_{lang}" if f"name_{lang}" in table else f.NAME
        for name, area in zip(table[column], table.geometry, strict=True):
            part = frame.geometry(np.array([area], dtype=object))
            if len(part) and shapely.area(part[0]) > SMALLEST_NAMED_AREA:
                spots = _spots(part[0])
                x, y = spots[0]
                words = printable(name).upper()
                labels.append(Label(words, x, y, size, colour, rank=rank, spots=spots))
    return labels


def _spots(area: Any) -> tuple[tuple[float, float], ...]:
    """Return points well inside an area, the most inner first, for its name to be centred on."""
    west, south, east, north = shapely.bounds(area)
    across, up = np.meshgrid(np.linspace(west, east, 15), np.linspace(south, north, 15))
    grid = np.asarray(shapely.points(across.ravel(), up.ravel()), dtype=object)
    inside = grid[shapely.contains(area, grid)]
    inside = np.array([*inside, shapely.point_on_surface(area)], dtype=object)
    depth = shapely.distance(inside, shapely.boundary(area))
    order = np.argsort(-depth, kind="stable")
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(inside[order]))


def _points(frame: Frame, nodes: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return frame.project(shapely.get_coordinates(nodes.geometry.to_numpy()))


def _radius(population: float) -> float:
    """Return radius of a town's symbol in points; its area grows with the root of the people."""
    people = 10_000.0 if pd.isna(population) else max(float(population), 3_000.0)
    return float(np.clip(1.5 * (people / 10_000) ** 0.25, 1.2, 5.2))


def _areas(axes: Axes, areas: NDArray[np.object_], colour: str, z: float) -> None:
    polygons = [part for part in shapely.get_parts(areas) if part.geom_type == "Polygon"]
    if polygons:
        patches = PatchCollection([PathPatch(_outline(polygon)) for polygon in polygons])
        patches.set(facecolor=colour, edgecolor=colour, linewidth=0.2, zorder=z)
        axes.add_collection(patches)


def _outline(polygon: shapely.Polygon) -> Outline:
    rings = [polygon.exterior, *polygon.interiors]
    return Outline.make_compound_path(
        *[Outline(shapely.get_coordinates(ring), closed=True) for ring in rings]
    )


def _lines(axes: Axes, lines: NDArray[np.object_], look: LineStyle, z: float) -> None:
    parts = [
        shapely.get_coordinates(part)
        for part in shapely.get_parts(shapely.get_parts(lines))
        if part.geom_type in ("LineString", "LinearRing")
    ]
    if not parts:
        return
    axes.add_collection(
        LineCollection(
            parts,
            colors=look.colour,
            linewidths=look.width,
            linestyles=[dashes(look)],
            capstyle="butt" if look.dashes and not look.dotted else "round",
            joinstyle="round",
            zorder=z,
        )
    )


def _write(axes: Axes, placed: Placed) -> None:
    """Write a label with a halo, so that the text itself stays text in a PDF."""
    label = placed.label
    font = style.font(label.weight, label.style)
    if placed.leader:
        axes.plot(
            [label.x, placed.x + placed.width / 2],
            [label.y, placed.y + placed.height / 2],
            color=label.colour,
            linewidth=0.4,
            zorder=11,
        )
    outline = TextPath((placed.x, placed.y), label.text, size=label.size, prop=font)
    axes.add_artist(
        PathPatch(
            outline,
            facecolor="white",
            edgecolor="white",
            linewidth=HALO,
            joinstyle="round",
            alpha=0.85,
            zorder=12,
        )
    )
    axes.text(
        placed.x,
        placed.y,
        label.text,
        fontproperties=font,
        fontsize=label.size,
        color=label.colour,
        zorder=13,
        parse_math=False,
    )
