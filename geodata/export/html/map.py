"""The map of the HTML page as plain numbers and names: paths on a grid, points, legend."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.fuel import FuelWord
from geodata.analysis.situation import REASON, reason_text
from geodata.events.summaries import place, summary
from geodata.export import style
from geodata.export.drawn_roads import drawn_states
from geodata.export.fuel import fuel_on
from geodata.export.map.frame import Frame, frame
from geodata.export.map.legend import drawn_events, legend_entries
from geodata.export.names import node_name, segment_name, town_state
from geodata.export.style import LineStyle
from geodata.i18n import number
from geodata.sanitize import printable
from geodata.sharing.publication import Publication

GRID: Final = 10_000
"""Width of the map in cells; at the largest zoom a cell is about a pixel."""

ASPECT: Final = 1.2
SURROUNDINGS: Final = 0.3
"""Share of the network's size that is drawn around it, for screens of another shape."""

CLOSE: Final = 0.03


def drawing(release: Publication) -> dict[str, Any]:
    """Give all that the page's map draws."""
    network = release.situation.dataset.network
    west, south, east, north = (float(bound) for bound in network.nodes.total_bounds)
    room = frame((west, south, east, north), GRID, GRID / ASPECT, margin=SURROUNDINGS)
    layers = release.situation.dataset.layers
    areas = [
        (name, _path(room, layers[name].geometry.to_numpy(), 6))
        for name in ("land", "admin0", "admin1", "lakes", "rivers", "rail")
        if name in layers
    ]
    focus = np.array([], dtype=object)
    if network.focus_country and "admin0" in layers:
        land = layers["admin0"]
        focus = land.geometry.to_numpy()[(land[f.COUNTRY] == network.focus_country).to_numpy()]
    fuel_words = _fuel(release)
    return {
        "width": GRID,
        "height": round(GRID / ASPECT),
        "home": _box(room, _points(network.nodes), CLOSE),
        "start": _box(room, _points(_town_nodes(release)), CLOSE * 2),
        "cellsPerKm": round(room.points_per_km, 4),
        "focus": _path(room, focus, 6),
        "base": [{"name": name, "d": path} for name, path in areas],
        "segments": _segments(room, release),
        "towns": _towns(room, release, fuel_words),
        **_fuel_legend(release, fuel_words),
        "supply": _supply(room, release),
        "crossings": _crossings(room, release),
        "events": _events(room, release),
        "names": _names(room, release),
        "legend": [
            {"name": words, "line": _line_class(look)}
            if isinstance(look, LineStyle)
            else {"name": words, "symbol": [look.shape, look.sign]}
            for words, look in legend_entries(release)
        ],
    }


def _town_nodes(release: Publication) -> gpd.GeoDataFrame:
    nodes = release.situation.dataset.network.nodes
    towns = nodes[nodes[f.NODE_ID].isin(release.situation.access.towns[f.NODE_ID])]
    return towns if len(towns) else nodes


def _points(nodes: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(nodes.geometry.to_numpy()))


def _box(room: Frame, lon_lat: NDArray[np.float64], margin: float) -> list[int]:
    """Give left, top, width and height, in cells, of what holds all points."""
    points = room.project(lon_lat)
    low, high = points.min(axis=0), points.max(axis=0)
    edge = max(float((high - low).max()), GRID / 50) * margin
    left, top = low[0] - edge, room.height - high[1] - edge
    width, height = high - low + 2 * edge
    return [round(float(number)) for number in (left, top, width, height)]


def _line_class(look: LineStyle) -> str:
    return next(f"s-{name}" for name, other in style.SEGMENT_STYLES.items() if other is look)


def _segments(room: Frame, release: Publication) -> list[dict[str, Any]]:
    situation = release.situation
    network = situation.dataset.network
    lines = network.segments.geometry.to_numpy()
    order = list(style.SEGMENT_STYLES)
    tip_lines = []
    for _, row in drawn_states(situation).iterrows():
        segment = str(row[f.SEGMENT_ID])
        number_of = network.segment_number[segment]
        km = number(float(network.length_km[number_of]), release.lang)
        shape = lines[number_of : number_of + 1]
        parts = [
            release.say(f"core.segment_state.{row[f.STATE]}"),
            f"{km} km",
            reason_text(situation, segment, release.lang) if row[REASON] else "",
        ]
        tip_lines.append(
            {
                "id": segment,
                "state": str(row[f.STATE]),
                "d": _path(room, shape, 2),
                "name": printable(segment_name(release, segment)),
                "text": printable(" · ".join(part for part in parts if part)),
                "rank": order.index(row[f.STATE]),
            }
        )
    return sorted(tip_lines, key=lambda each: each["rank"])


def _fuel(release: Publication) -> dict[str, str]:
    """Word of the fuel model for each town on the product's day; nothing where there is none."""
    table = fuel_on(release)
    if table is None:
        return {}
    words = table["fuel_word"].where(table["probability_short"].notna(), "silent")
    return {str(town): str(word) for town, word in words.items()}


def _fuel_legend(release: Publication, fuel_words: dict[str, str]) -> dict[str, Any]:
    """Words that occur, the likeliest to be short first, and their day and source."""
    fuel, day = release.fuel_estimate if fuel_words else None, release.view.date
    if fuel is None or day is None:
        return {}
    words_used = set(fuel_words.values())
    words = [str(word) for word in (*FuelWord, "silent") if word in words_used]
    note = release.say("map.fuel_note", day=release.day(day), last=release.day(fuel.last_event))
    texts = {word: release.say(f"map.fuel.{word}") for word in words}
    return {"fuel": {"words": texts, "note": note}}


def _towns(room: Frame, release: Publication, words: dict[str, str]) -> list[dict[str, Any]]:
    towns = release.situation.access.towns
    network = release.situation.dataset.network
    nodes = network.nodes.set_index(f.NODE_ID)
    symbols = []
    for _, row in towns.iterrows():
        people = row[f.POPULATION]
        state = str(row[f.STATE])
        parts = [town_state(release, row)]
        parts.append(
            release.say("export.unknown")
            if pd.isna(people)
            else release.say("export.figure_people_count", people=number(people, release.lang))
        )
        if isinstance(row[f.SUPPLY_POINT], str):
            km = number(row[f.DISTANCE_KM], release.lang)
            parts.append(f"{node_name(release, row[f.SUPPLY_POINT])}: {km} km")
        word = words.get(str(row[f.NODE_ID]))
        if word:
            parts.append(release.say("map.fuel.of", word=release.say(f"map.fuel.{word}")))
        symbols.append(
            {
                "id": str(row[f.NODE_ID]),
                **({"fuel": word} if word else {}),
                "name": printable(row[f.NAME]),
                "state": state,
                "before": bool(row[f.BASELINE_ISOLATED]),
                "cause": str(row[f.ISOLATED_BY] or ""),
                "at": _at(room, nodes.loc[row[f.NODE_ID]]),
                "people": 0 if pd.isna(people) else int(people),
                "text": printable(" · ".join(parts)),
            }
        )
    return symbols


def _supply(room: Frame, release: Publication) -> list[dict[str, Any]]:
    nodes = release.situation.dataset.network.nodes
    off = release.situation.conditions.without
    return [
        {
            "name": printable(node_name(release, node[f.NODE_ID])),
            "at": _at(room, node),
            "off": node[f.NODE_ID] in off,
            "kind": "port" if node[f.KIND] == "port" else "depot",
        }
        for _, node in nodes[nodes[f.SUPPLY_POINT]].iterrows()
    ]


def _crossings(room: Frame, release: Publication) -> list[dict[str, Any]]:
    nodes = release.situation.dataset.network.nodes
    rows = nodes[(nodes[f.KIND] == "border_crossing") & ~nodes[f.SUPPLY_POINT]]
    return [
        {"name": printable(node_name(release, node[f.NODE_ID])), "at": _at(room, node)}
        for _, node in rows.iterrows()
    ]


def _events(room: Frame, release: Publication) -> list[dict[str, Any]]:
    events = drawn_events(release.events)
    points = room.project(events[[f.LON, f.LAT]].to_numpy(float))
    symbols = []
    for (x, y), (_, row) in zip(points, events.iterrows(), strict=True):
        parts = [
            release.day(row[f.DATE]),
            place(row, release.lang),
            summary(row, release.lang),
            str(row[f.SOURCE_NAME]),
            release.say(f"export.confidence_{row[f.CONFIDENCE]}"),
        ]
        symbols.append(
            {
                "type": str(row[f.EVENT_TYPE]),
                "name": release.say(f"export.event_type_{row[f.EVENT_TYPE]}"),
                "at": _cell(room, x, y),
                "text": printable(" · ".join(part for part in parts if part)),
            }
        )
    return symbols


def _names(room: Frame, release: Publication) -> list[dict[str, Any]]:
    """Return the names of countries and regions, each at a point well inside its shown part."""
    labels = []
    for layer in ("admin0", "admin1"):
        table = release.situation.dataset.layers.get(layer)
        if table is None:
            continue
        column = f"name_{release.lang}" if f"name_{release.lang}" in table else f.NAME
        for name, area in zip(table[column], table.geometry, strict=True):
            part = room.geometry(np.array([area], dtype=object))
            if len(part):
                # The circle's radius is a line that starts at its centre.
                x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(part[0]))[0]
                labels.append({"name": printable(name), "at": _cell(room, x, y), "layer": layer})
    return labels


def _at(room: Frame, node: Any) -> list[int]:
    x, y = room.project(shapely.get_coordinates(node[f.GEOMETRY]))[0]
    return _cell(room, x, y)


def _cell(room: Frame, x: float, y: float) -> list[int]:
    return [round(float(x)), round(room.height - float(y))]


def _path(room: Frame, geometry: NDArray[np.object_], tolerance: float) -> str:
    """Return geometries as one SVG path in whole cells, each step relative to the one before."""
    shapes = shapely.simplify(room.geometry(geometry), tolerance)
    lines = shapely.get_parts(shapely.get_parts(_outlines(shapes)))
    return "".join(_line(room, shapely.get_coordinates(line)) for line in lines)


def _outlines(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    flat = shapely.get_parts(shapely.get_parts(shapes))
    areas = shapely.get_dimensions(flat) == 2
    lines = np.where(areas, shapely.boundary(flat), flat)
    return np.asarray(lines[shapely.get_dimensions(lines) == 1], dtype=object)


def _line(room: Frame, points: NDArray[np.float64]) -> str:
    cells = np.rint(np.column_stack([points[:, 0], room.height - points[:, 1]])).astype(int)
    steps = np.diff(cells, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    if not len(steps):
        return ""
    moves = " ".join(f"{x} {y}" for x, y in steps)
    return f"M{cells[0, 0]} {cells[0, 1]}l{moves}"
