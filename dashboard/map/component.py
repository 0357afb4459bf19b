"""The map: three small folium elements, made once, and a state that follows every run.

`BaseMap` makes the Leaflet map and stays the same text for ever, so that the frame is never
loaded again; `NetworkLayer` names the geometry's file; `StateLayer` hands over the state. All
drawing is in ``map/web``.
"""

from collections.abc import Callable
from typing import Any, Final

import folium
import streamlit as st
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from dashboard.map.assets import manifest, static_url
from dashboard.map.payload import clicks_of, encoded, payload
from dashboard.map.view_model import MapClick, MapDifference, MapModel
from geodata.i18n import text

__all__ = [
    "BaseMap",
    "MapClick",
    "MapDifference",
    "MapModel",
    "NetworkLayer",
    "StateLayer",
    "draw_map",
    "take_clicks",
]

_SCRIPTS: Final = ("leaflet.js", "supercluster.js", "map.js")
_STYLES: Final = ("leaflet.css", "map.css")


class BaseMap(folium.Map):
    """A Leaflet map that loads nothing from another host.

    Its script depends on nothing but the app's own files: a map whose script changes would be
    taken down and built again by the browser.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}{% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = supplyRoutes.create(
                {{ this.get_name()|tojson }}, {{ this.setup|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__(location=(0, 0), tiles=None)
        self.setup = {
            "base": static_url("base"),
            "world": static_url("world"),
            **{name: manifest()[name] for name in ("focus", "home", "frame")},
        }
        # The frame has its own header; folium's would travel with every click.
        root = self.get_root()
        if isinstance(root, Figure):
            root.header._children.pop("meta_http", None)
        self.default_js = [(name, static_url(name)) for name in _SCRIPTS]
        self.default_css = [(name, static_url(name)) for name in _STYLES]

    def render(self, **_: object) -> str:
        """Put the place of the map into its page; a whole page of folium's is never shown.

        The component reads scripts and styles from the lists and the template above. Making the
        rest of the page would take a quarter of the time of a click.
        """
        page = self.get_root()
        if isinstance(page, Figure):
            place = Element(self._template.module.html(self, {}))
            page.html.add_child(place, name=self.get_name())
        return ""


class _Layer(MacroElement):
    """A part of the state, whose script the component reads from its template."""

    def render(self, **_: object) -> str:
        """Add nothing to a page, for the same reason as `BaseMap.render`."""
        return ""


class NetworkLayer(_Layer):
    """The network whose geometry the browser loads from ``url``, an address of this app."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}supplyRoutes.network({{ this.url|tojson }});{% endmacro %}
        """
    )

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "NetworkLayer"
        self.url = url


class StateLayer(_Layer):
    """The state, as text that can be nothing but letters of base64."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}supplyRoutes.show({{ this.coded|tojson }});{% endmacro %}
        """
    )

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "StateLayer"
        self.coded = encoded(state)


def take_clicks(key: str) -> tuple[MapClick, ...]:
    """Return what the user did on the map since this was last called, oldest first.

    To be called in the handler given to `draw_map` as ``on_change``. Several come at once when
    the user is faster than a run; none is lost and none comes twice.
    """
    clicks = clicks_of(st.session_state.get(key), after=_seen(key))
    if clicks:
        st.session_state[_seen_key(key)] = clicks[-1].n
    return clicks


def draw_map(
    model: MapModel, *, key: str, height: int, on_change: Callable[[], None]
) -> MapClick | None:
    """Draw the map and return what was clicked last.

    Parameters
    ----------
    model : MapModel
        What is to be seen.
    key : str
        Name of this map in the page, constant; its container must not come and go.
    height : int
        Height of the frame in pixels; a style sheet may set another, the map fills its frame.
    on_change : callable
        Called before the run that a click causes; see `take_clicks`.

    Returns
    -------
    MapClick or None
        The newest message if ``on_change`` did not take it: for pages without a handler.
    """
    if not st.get_option("server.enableStaticServing"):
        st.error(text("map.no_static", model.lang))
        return None
    base = BaseMap()
    dynamic = folium.FeatureGroup(name="state")
    state = payload(model, ack=_seen(key), key=key)
    dynamic.add_child(NetworkLayer(model.network_url))
    dynamic.add_child(StateLayer(state))
    value = st_folium(
        base,
        key=key,
        height=height,
        width=None,
        use_container_width=True,
        returned_objects=[],
        render=False,
        feature_group_to_add=dynamic,
        on_change=on_change,
    )
    fresh = clicks_of(value, after=_seen(key))
    return fresh[-1] if fresh else None


def _seen_key(key: str) -> str:
    return f"{key}:seen"


def _seen(key: str) -> int:
    return int(st.session_state.get(_seen_key(key), 0))
