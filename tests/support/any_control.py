"""Whatever stands on the page and can be used, and what a browser may send for it."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hypothesis import strategies as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.testing.v1.element_tree import FileUploader, Widget

from dashboard.map.component import _seen_key
from dashboard.map.view_model import LAYERS
from dashboard.views.map import KEY as MAP
from geodata.readers import fuel_table
from geodata.readers.events import template
from tests.support.remembering import Remembering

PLAYING: Final = ("date_play", "door_months")
"""Controls that start a clock, which runs without a visitor."""

TEXTS: Final = ("", "Gao", "mopti", "14.5, -4.1", "<b>Nioro</b> & \u202eWest $x$ `y`", "9" * 300)
FIRST, LAST = dt.date(2025, 8, 1), dt.date(2026, 6, 1)
"""Days that a visitor asks for, besides the first and the last that a control allows."""

SEEN: Final = _seen_key(MAP)
FILES: Final[Mapping[str, Callable[[], bytes]]] = MappingProxyType(
    {
        "events.csv": template.template_csv,
        "fuel.csv": fuel_table.template_csv,
        "empty.csv": lambda: b"",
        "places.geojson": lambda: json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"name": "Clinic", "kind": "clinic"},
                        "geometry": {"type": "Point", "coordinates": [-4.19, 14.49]},
                    }
                ],
            }
        ).encode(),
        "snapshot.json": lambda: b'{"kind": "no snapshot"}',
    }
)
"""What a visitor may open, by name; no part of the page can use all of them."""


@dataclass(frozen=True)
class Control:
    """A control as it stands on the page.

    Parameters
    ----------
    kind : str
        As Streamlit names it.
    key : str
    id : str
        As the browser names it.
    node : element of the page
    """

    kind: str
    key: str
    id: str
    node: Any


def controls(page: Remembering) -> list[Control]:
    """What can be used now, the map and what unfolds among it."""
    return [each for each in map(_control, page._tree) if each is not None]


def _control(node: Any) -> Control | None:
    if isinstance(node, Widget):
        usable = node.key and not node.proto.disabled and node.key not in PLAYING
        return Control(node.type, node.key, node.id, node) if usable else None
    kind, proto = getattr(node, "type", ""), getattr(node, "proto", None)
    if kind == "component_instance":
        return Control("map", MAP, proto.id, node)
    if kind == "dataframe" and proto.selection_mode:
        return Control(kind, _key(proto.id), proto.id, node)
    part = proto if kind == "expander" else proto.popover if kind == "popover" else None
    return Control("fold", _key(part.id), part.id, node) if part and part.id else None


def _key(element_id: str) -> str:
    return user_key_from_element_id(element_id) or element_id


def use(
    page: Remembering, control: Control, draw: Any, on_map: Mapping[str, tuple[str, ...]]
) -> None:
    """Use a control in some way that a visitor can.

    Parameters
    ----------
    page : Remembering
    control : Control
    draw : the data of Hypothesis
    on_map : mapping of str to tuple of str
        Ids of what the map shows, by the kind of a click on it.

    Raises
    ------
    KeyError
        For a kind of control that is not described here.
    """
    if control.kind == "file_uploader":
        _upload(page, control.node, draw)
        return
    state = WidgetState(id=control.id)
    if control.kind == "map":
        clicked = _click(draw, on_map, last=page.session_state.get(SEEN, 0))
        state.json_value = json.dumps(clicked)
    else:
        SENT[control.kind](state, control.node, draw)
    page.send(state)


def _upload(page: Remembering, uploader: FileUploader, draw: Any) -> str | None:
    accepted = {f".{each.lstrip('.')}" for each in uploader.allowed_type}
    fitting = [name for name in FILES if not accepted or Path(name).suffix in accepted]
    name = draw.draw(st.none() | st.sampled_from(fitting)) if fitting else None
    uploader.set_value((name, FILES[name](), "application/octet-stream") if name else None)
    page.run()
    return name


def _press(state: WidgetState, *_: Any) -> None:
    state.trigger_value = True


def _turn(state: WidgetState, _: Any, draw: Any) -> None:
    state.bool_value = draw.draw(st.booleans())


def _one(state: WidgetState, node: Any, draw: Any) -> None:
    if node.options:
        state.string_value = draw.draw(st.sampled_from(node.options))


def _several(state: WidgetState, node: Any, draw: Any) -> None:
    if node.options:
        some = st.lists(st.sampled_from(node.options), max_size=3, unique=True)
        state.string_array_value.data[:] = draw.draw(some)


def _pills(state: WidgetState, node: Any, draw: Any) -> None:
    """One of a row of buttons, or none where the row allows it."""
    chosen = draw.draw(st.sampled_from(node.options))
    empty = not node.proto.required and draw.draw(st.integers(0, 4)) == 0
    state.string_array_value.data[:] = [] if empty else [chosen]


def _number(state: WidgetState, node: Any, draw: Any) -> None:
    low, high = (
        other if each is None else each for each, other in ((node.min, -1e6), (node.max, 1e6))
    )
    whole = isinstance(node.value, int)
    inside = st.integers(int(low), int(high)) if whole else st.floats(low, high)
    state.double_value = draw.draw(st.sampled_from([low, high]) | inside)


def _slide(state: WidgetState, node: Any, draw: Any) -> None:
    proto = node.proto
    steps = st.integers(0, int((proto.max - proto.min) / proto.step))
    values = [proto.min + proto.step * draw.draw(steps) for _ in proto.default]
    state.double_array_value.data[:] = sorted(values)


def _days(state: WidgetState, node: Any, draw: Any) -> None:
    low, high = max(node.min, FIRST), min(node.max, LAST)
    day = st.sampled_from([node.min, node.max]) | st.dates(min(low, high), max(low, high))
    chosen = draw.draw(st.lists(day, max_size=2 if node.is_range else 1))
    state.string_array_value.data[:] = [each.isoformat() for each in sorted(chosen)]


def _type(state: WidgetState, node: Any, draw: Any) -> None:
    state.string_value = draw.draw(st.sampled_from(TEXTS))[: node.proto.max_chars or None]


def _row(state: WidgetState, node: Any, draw: Any) -> None:
    """Choose a row of a table, or none."""
    rows = draw.draw(st.lists(st.integers(0, max(len(node.value) - 1, 0)), max_size=1))
    state.string_value = json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}})


def _click(draw: Any, on_map: Mapping[str, tuple[str, ...]], *, last: int) -> dict[str, Any]:
    """A click on what the map shows or between it, or a change of view; the map numbers them."""
    kind = draw.draw(st.sampled_from([*on_map, "view", "point", "area", "layer"]))
    click: dict[str, Any] = {"kind": kind, "id": "", "n": last + 1}
    if kind in on_map:
        return {**click, "id": draw.draw(st.sampled_from(on_map[kind]))}
    if kind in ("view", "point"):
        where = {"lat": draw.draw(st.floats(10, 24)), "lon": draw.draw(st.floats(-12, 4))}
        return {**click, **where, "zoom": 7}
    if kind == "layer":
        name, on = draw.draw(st.sampled_from(LAYERS)), draw.draw(st.booleans())
        return {**click, "id": name, "on": on}
    km = draw.draw(st.none() | st.sampled_from([1.0, 80.0]))
    return {**click, "stop": True} if km is None else {**click, "circle": [-4.0, 14.5, km]}


SENT: Final[Mapping[str, Callable[[WidgetState, Any, Any], None]]] = MappingProxyType(
    {
        "button": _press,
        "download_button": _press,
        "checkbox": _turn,
        "toggle": _turn,
        "fold": _turn,
        "selectbox": _one,
        "radio": _one,
        "multiselect": _several,
        "button_group": _pills,
        "number_input": _number,
        "slider": _slide,
        "date_input": _days,
        "text_input": _type,
        "text_area": _type,
        "dataframe": _row,
    }
)
"""What a browser sends, by kind of control."""
