"""The map's state as it travels: row numbers instead of ids, texts once, base64 round it all.

Base64 holds no character that a template, a script or HTML could take for its own: whatever a
table says stays text. The browser decodes it, and sets it as text.
"""

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.map.assets import coded_part, part, static_url
from dashboard.map.geometry import ROWS_AT_ONCE, coded, coded_one, content_hash
from dashboard.map.view_model import CLICK_KINDS, LAYERS, CodedEvents, MapClick, MapModel
from geodata.errors import GeodataError
from geodata.network.selection import Area, Circle, area
from geodata.schema import Cause, SegmentState, TownState

ID_LENGTH: Final = 200
EVENTS_AT_ONCE: Final = 12
"""Most events that one message names."""

CLICKS_AT_ONCE: Final = 25
TITLE_LENGTH: Final = 600
EVENT_COLUMNS: Final = (
    "id",
    "lat",
    "lon",
    "type",
    "age_days",
    "date",
    "confidence",
    "title",
    "source",
    "url",
    "place",
    "region",
)
"""Columns of events in the order in which the map's script reads them."""

OTHER_CAUSES: Final = (Cause.SEASON, Cause.SUPPLY, Cause.VEHICLE)
SIGN: Final = {True: "1", False: "0", None: "-"}


def encoded(state: Mapping[str, Any]) -> str:
    """Return ``state`` as base64 of JSON."""
    return base64.b64encode(coded(state)).decode("ascii")


def payload(model: MapModel, *, ack: int = 0, key: str = "map") -> dict[str, Any]:
    """Return the state that the map's script reads.

    Parameters
    ----------
    model : MapModel
    ack : int
        Number of the last message of the map that this state answers.
    key : str
        Names the session's files of this map.
    """
    segments, nodes = _rows(model.segment_ids), _rows(model.node_ids)
    by_state, why = _segments(model, segments)
    impassable = by_state.pop(SegmentState.IMPASSABLE, ())
    events = model.events if isinstance(model.events, CodedEvents) else code_events(model.events)
    state: dict[str, Any] = {
        "texts": static_url(f"texts.{model.lang}"),
        "lang": model.lang,
        "theme": "dark" if model.theme == "dark" else "light",
        "ack": ack,
        **{name: short(numbers) for name, numbers in by_state.items()},
        "impassable": part(short(impassable), place=f"{key}-impassable"),
        "why": part(why, place=f"{key}-why"),
        "lines": part(model.lines, place=f"{key}-lines"),
        "towns": _towns(model, nodes),
        "events": coded_part(events.data, place=f"{key}-events"),
        "eventKey": events.key,
        "facilities": part(_facilities(model), place=f"{key}-facilities"),
        "findings": part(_findings(model), place=f"{key}-findings"),
        "regions": part(dict(model.region_badges), place=f"{key}-regions"),
        "fuel": _fuel(model, nodes),
        "fuelNote": _text(model.fuel_note) or None,
        "off": _known(model.supply_off, nodes),
        "layers": "".join(SIGN[model.layers.get(name)] for name in LAYERS),
        "way": _known(model.way, segments),
        "former": _known(model.former_way, segments),
    }
    if model.selected_town is not None and model.selected_town in nodes:
        state["chosen"] = nodes[model.selected_town]
    if model.corridor is not None:
        state["corridor"] = _known(model.corridor, segments)
    if model.view is not None:
        state["view"], state["turn"] = list(model.view), model.view_turn
    if model.about is not None:
        state["about"] = list(model.about)
    for name in ("look", "mark", "drawing", "placing", "reports"):
        if getattr(model, name):
            state[name] = True
    if model.effects:
        state["effects"] = model.effects
    if model.pin is not None:
        state["pin"] = [_degrees(degrees) for degrees in model.pin]
    state["pending"] = _known(model.pending, segments)
    state["outs"] = _known(model.outs, segments)
    state["ends"] = _known(model.ends, nodes)
    state["areas"] = [_outline(area) for area in model.areas]
    if model.difference is not None:
        change = model.difference
        state["difference"] = {
            "lost": _known(change.segments_lost, segments),
            "gained": _known(change.segments_gained, segments),
            "towns": {
                "lost": _known(change.towns_lost, nodes),
                "gained": _known(change.towns_gained, nodes),
            },
        }
    return {name: value for name, value in state.items() if value not in ([], {}, None)}


def _outline(area: Circle | Area) -> list[Any]:
    """Return latitude, longitude and km of a circle, or rings of longitudes and latitudes."""
    if isinstance(area, Circle):
        return [area.lat, area.lon, area.km]
    polygons = shapely.get_parts(area.shape)
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return [shapely.get_coordinates(ring).round(4).tolist() for ring in rings]


def _facilities(model: MapModel) -> list[list[Any]]:
    return [
        [_degrees(lat), _degrees(lon), _text(name), _text(kind)]
        for lat, lon, name, kind in model.facilities
    ]


def _findings(model: MapModel) -> list[list[Any]]:
    return [
        [_degrees(lat), _degrees(lon), weight, _text(sentence)]
        for lat, lon, weight, sentence in model.findings
    ]


def _rows(ids: Sequence[str] | Mapping[str, int]) -> Mapping[str, int]:
    return ids if isinstance(ids, Mapping) else {name: row for row, name in enumerate(ids)}


def short(numbers: Sequence[int] | NDArray[np.int64]) -> list[int] | str:
    """Row numbers as base64 of a bit for each row, or as they are where that is shorter."""
    rows = np.asarray(numbers, np.int64)
    if not len(rows):
        return []
    bits = np.zeros(int(rows.max()) + 1, np.bool_)
    bits[rows] = True
    coded_bits = base64.b64encode(np.packbits(bits, bitorder="little").tobytes()).decode("ascii")
    listed = rows.tolist()
    return coded_bits if len(coded_bits) + 2 < len(coded(listed)) else listed


def _known(ids: Iterable[str], rows: Mapping[str, int]) -> list[int]:
    return [rows[name] for name in ids if name in rows]


def _segments(
    model: MapModel, rows: Mapping[str, int]
) -> tuple[dict[str, NDArray[np.int64]], list[list[Any]]]:
    """Return the rows of each state but open, and those of each reason, in their short form."""
    by_state: dict[str, list[int]] = {}
    reasons: dict[str, list[int]] = {}
    for segment_id, (state, reason) in model.segment_states.items():
        row = rows.get(segment_id)
        name = SegmentState(state)
        if row is None or name is SegmentState.OPEN:
            continue
        by_state.setdefault(name.value, []).append(row)
        if reason:
            reasons.setdefault(reason, []).append(row)
    for reason, numbers in model.impassable.items():
        by_state.setdefault(SegmentState.IMPASSABLE, []).extend(numbers)
        reasons.setdefault(reason, []).extend(numbers)
    why = [[text, short(np.sort(reasons[text]))] for text in sorted(reasons) if text]
    return {name: np.sort(by_state[name]) for name in sorted(by_state)}, why


def _towns(model: MapModel, rows: Mapping[str, int]) -> dict[str, list[int] | str]:
    rows_by_state: dict[str, list[int]] = {}
    for node_id, state in model.town_states.items():
        name = TownState(state)
        if node_id in rows and name is not TownState.OPEN:
            rows_by_state.setdefault(name.value, []).append(rows[node_id])
    if model.new_isolated:
        rows_by_state["new"] = _known(model.new_isolated, rows)
    for node_id, cause in model.isolated_by.items():
        if node_id in rows and cause in OTHER_CAUSES:
            rows_by_state.setdefault(str(cause), []).append(rows[node_id])
    return {name: short(sorted(numbers)) for name, numbers in rows_by_state.items()}


def _fuel(model: MapModel, rows: Mapping[str, int]) -> dict[str, list[int] | str]:
    by_word: dict[str, list[int]] = {}
    for node_id, word in model.fuel.items():
        if node_id in rows:
            by_word.setdefault(str(word), []).append(rows[node_id])
    return {word: short(sorted(numbers)) for word, numbers in sorted(by_word.items())}


def code_events(events: Sequence[Mapping[str, Any]]) -> CodedEvents:
    """Return events in the form in which they travel."""
    return code_event_table({name: [event.get(name) for event in events] for name in EVENT_COLUMNS})


def code_event_table(columns: Mapping[str, Sequence[Any]]) -> CodedEvents:
    """Return a table of events in the form in which they travel: JSON, a list for each.

    It is written by column, since a table may have 100,000 rows and few different values.

    Parameters
    ----------
    columns : mapping of str to sequence
        Values of each of `EVENT_COLUMNS`; what has a region is drawn at no other place.
    """
    drawn = [not _text(region) for region in columns["region"]]
    written = []
    for name in EVENT_COLUMNS:
        if name in ("lat", "lon"):
            places = zip(columns[name], drawn, strict=True)
            degrees = [_degrees(each) if here else None for each, here in places]
            written.append(["null" if each is None else repr(each) for each in degrees])
        else:
            written.append(_each(columns[name], _AS.get(name, _text)))
    rows = zip(*written, strict=True)
    parts = []
    while part := list(islice(rows, ROWS_AT_ONCE)):
        parts.append(",".join([f"[{','.join(row)}]" for row in part]).encode())
    data = b"[" + b",".join(parts) + b"]"
    return CodedEvents(data, content_hash(data))


def _each(values: Sequence[Any], make: Callable[[Any], object]) -> list[str]:
    """Return the JSON of what is made of each value; equal ones are written once."""
    written = {value: coded_one(make(value)) for value in dict.fromkeys(values)}
    return [written[value] for value in values]


def _days(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0


def _text(value: object) -> str:
    if isinstance(value, str):  # nearly always, and of a large table half a million times
        return value[:TITLE_LENGTH]
    return "" if value is None or value != value else str(value)[:TITLE_LENGTH]


def _degrees(value: object) -> float | None:
    good = isinstance(value, int | float) and math.isfinite(value) and abs(value) <= 180
    return round(float(value), 4) if good else None  # type: ignore[arg-type]


def web_url(value: object) -> str:
    """Return ``value`` if it is an http or https address, else nothing."""
    text = _text(value).strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


_AS: Final[dict[str, Callable[[Any], object]]] = {"age_days": _days, "url": web_url}


def clicks_of(value: object, *, after: int = 0) -> tuple[MapClick, ...]:
    """Return the messages in a value of the component that are newer than ``after``, oldest first.

    The value comes from a browser: whatever does not have the right form is left out.
    """
    if not isinstance(value, Mapping):
        return ()
    before = value.get("before")
    raw = [*(before if isinstance(before, list) else [])[-CLICKS_AT_ONCE:], value]
    clicks = {click.n: click for click in map(_click, raw) if click and click.n > after}
    return tuple(clicks[n] for n in sorted(clicks))


def _click(raw: object) -> MapClick | None:
    if not isinstance(raw, Mapping):
        return None
    kind, name, n = raw.get("kind"), raw.get("id"), raw.get("n")
    if not isinstance(kind, str) or kind not in CLICK_KINDS:
        return None
    most = EVENTS_AT_ONCE if kind == "events" else 1
    if not isinstance(name, str) or len(name) > (ID_LENGTH + 1) * most:
        return None
    if not isinstance(n, int | float) or not 0 < n < 2**53:
        return None
    if kind == "layer":
        return MapClick(kind, name, int(n), on=bool(raw.get("on"))) if name in LAYERS else None
    if kind == "area":
        drawn = _drawn(raw)
        return MapClick(kind, "", int(n), area=drawn) if drawn or raw.get("stop") else None
    if kind in ("view", "point"):
        view = _view(raw)
        return MapClick(kind, "", int(n), view=view) if view else None
    return MapClick(kind, name, int(n))


def _drawn(raw: Mapping[str, Any]) -> Circle | Area | None:
    """Return the circle or polygon that was drawn; None for what is neither."""
    circle, shape = raw.get("circle"), raw.get("shape")
    try:
        if isinstance(circle, list) and len(circle) == 3:
            return Circle(*(float(each) for each in circle))
        return area(shape) if isinstance(shape, dict) else None
    except (GeodataError, TypeError, ValueError, OverflowError):
        return None


def _view(raw: Mapping[str, Any]) -> tuple[float, float, float] | None:
    values = [raw.get(name) for name in ("lat", "lon", "zoom")]
    good = all(isinstance(value, int | float) and math.isfinite(value) for value in values)
    if not good:
        return None
    lat, lon, zoom = (float(value) for value in values)  # type: ignore[arg-type]
    inside = abs(lat) <= 90 and abs(lon) <= 360 and 0 <= zoom <= 22
    return (lat, lon, zoom) if inside else None
