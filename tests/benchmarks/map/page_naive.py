"""The pattern that the map is compared with: a folium map rebuilt with its geometry on each run.

Run by ``python -m tests.benchmarks map`` only. Leaflet is the app's own copy, so that
the pattern is not blank without internet, as it would be out of the box.
"""

import folium
import streamlit as st
from streamlit_folium import st_folium

from dashboard.map.assets import static_url
from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.schema import Vehicle

folium.Map.default_js = [("leaflet", static_url("leaflet.js"))]
folium.Map.default_css = [("leaflet_css", static_url("leaflet.css"))]

network = st.cache_resource(lambda: shipped().network)()
cuts: set[str] = st.session_state.setdefault("cuts", set())
result = access(network, Conditions(cut=frozenset(cuts), vehicle=Vehicle.TANKER))
table = network.segments[[f.SEGMENT_ID, f.GEOMETRY]]
table = table.assign(state=["cut" if name in cuts else "open" for name in table[f.SEGMENT_ID]])
drawing = folium.Map(location=(14.5, -5), zoom_start=6, tiles=None)
folium.GeoJson(
    table,
    style_function=lambda feature: {
        "color": "#14171b" if feature["properties"]["state"] == "cut" else "#1d6f72",
        "weight": 6,
        "className": "id-" + feature["properties"][f.SEGMENT_ID],
    },
).add_to(drawing)
answer = st_folium(drawing, width=1100, height=620, returned_objects=["last_active_drawing"])
with st.container(key="towns"):
    towns = result.towns
    st.text(" · ".join(towns.loc[towns[f.ISOLATED], f.NAME]))
clicked = (answer or {}).get("last_active_drawing")
if clicked and clicked != st.session_state.get("last"):
    st.session_state.last = clicked
    cuts.symmetric_difference_update({clicked["properties"][f.SEGMENT_ID]})
    st.rerun()
