"""The naive map of a country: folium with all roads in it; run by ``tests.benchmarks.country``."""

import sys

import folium
import streamlit as st
from streamlit_folium import st_folium

from dashboard.map.assets import static_url
from geodata.network.files import read_network
from geodata.network.model import Network

folium.Map.default_js = [("leaflet", static_url("leaflet.js"))]
folium.Map.default_css = [("leaflet_css", static_url("leaflet.css"))]


@st.cache_resource
def network(folder: str) -> Network:
    """Return the network of a folder."""
    return read_network(folder)


st.set_page_config(layout="wide")
roads = network(sys.argv[1]).segments
middle = roads.total_bounds.reshape(2, 2).mean(axis=0)
page = folium.Map(location=[middle[1], middle[0]], zoom_start=8, tiles=None)
folium.GeoJson(roads[["segment_id", "geometry"]].to_json()).add_to(page)
st_folium(page, height=620, use_container_width=True)
