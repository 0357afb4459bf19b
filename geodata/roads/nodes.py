"""Nodes of an imported network: junctions, and the towns and supply points on the roads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.cached import cached_property
from geodata.graph.arrays import Floats, Ints
from geodata.graph.connectivity import components
from geodata.network.model import TANKER_VALUES, Network
from geodata.roads import tags
from geodata.roads.attachment import Attached
from geodata.roads.geometry import place_key, points_at
from geodata.roads.noding import Pieces, node_name
from geodata.roads.tag_access import MODE, ROAD

ATTACH_KM: Final = "attach_km"
PLACE_LON: Final = "place_lon"
PLACE_LAT: Final = "place_lat"
_LINK_DEGREES: Final = 1e-5
_LINK_KM: Final = 0.0011
"""Where two places meet the road at one point the second is set a metre off, on a link of that
length: graph libraries read a length of zero as no edge."""
_SAME_PLACE_KM: Final = 0.1
"""Two places no further than this from the point where they meet the road are one place to any
vehicle; from further off, a vehicle passes from one to the other if the road there bears it."""


@dataclass(frozen=True, eq=False)
class AttachedPlaces:
    """Towns and supply points, and where they meet the roads.

    Parameters
    ----------
    table : DataFrame
        Their attributes, ``node_id`` among them, indexed from 0.
    lon_lat : array (n, 2)
        Where they are themselves, in degrees.
    attached : Attached
        Where they meet the roads.
    """

    table: pd.DataFrame
    lon_lat: Floats
    attached: Attached

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Whether a place is on a road."""
        return np.asarray(self.attached.fault == "", bool)

    @cached_property
    def key(self) -> Ints:
        """Key of the road point of each place, -1 where it has none."""
        key = np.full(len(self.table), -1, np.int64)
        key[self.used] = place_key(self.attached.lon_lat[self.used])
        return key

    @cached_property
    def owner(self) -> Ints:
        """Places that have a node of the roads; of several at one, the first by id."""
        used = np.flatnonzero(self.used)
        order = used[np.argsort(self.table[f.NODE_ID].to_numpy(str)[used])]
        return order[np.sort(np.unique(self.key[order], return_index=True)[1])]

    @cached_property
    def guests(self) -> Ints:
        """Attached places whose node another place has."""
        return np.setdiff1d(np.flatnonzero(self.used), self.owner)


def numbered(pieces: Pieces) -> tuple[Ints, tuple[Ints, Ints]]:
    """Return the node keys in order, and the pieces' ends as numbers into them."""
    node, ends = np.unique(np.concatenate([pieces.tail, pieces.head]), return_inverse=True)
    n = len(pieces.tail)
    return node, (ends[:n].astype(np.int64), ends[n:].astype(np.int64))


def node_names(node: Ints, places: AttachedPlaces) -> NDArray[np.object_]:
    """Return the ids of all nodes: the place's own, else one made of the node's coordinates."""
    names = np.array([node_name(int(key)) for key in node], object)
    at = np.searchsorted(node, places.key[places.owner])
    names[at] = places.table[f.NODE_ID].to_numpy(object)[places.owner]
    return names


def node_table(
    node: Ints, names: NDArray[np.object_], in_use: Ints, places: AttachedPlaces
) -> gpd.GeoDataFrame:
    """Return the rows of the nodes that segments end at.

    Parameters
    ----------
    node : array (n,)
        Keys of all nodes.
    names : array (n,)
        Their ids.
    in_use : array of int
        Numbers of the nodes to take.
    places : Places
        Towns and supply points.
    """
    lon, lat = _degrees(node[in_use])
    here = np.full(len(node), -1, np.int64)
    here[np.searchsorted(node, places.key[places.owner])] = places.owner
    place = here[in_use]
    table = _attributes(places, place)
    table[f.NODE_ID] = names[in_use]
    points = points_at(np.column_stack([lon, lat]))
    on_road = place >= 0
    points[on_road] = points_at(places.attached.lon_lat[place[on_road]])
    return gpd.GeoDataFrame(table, geometry=points, crs=f.CRS)


def _attributes(places: AttachedPlaces, place: Ints) -> pd.DataFrame:
    """Return the attributes of places; a row of -1 is a junction."""
    table = places.table.reindex(place).reset_index(drop=True)
    junction = place < 0
    for column in (f.NAME, f.ALT_NAMES, f.COUNTRY, f.ADMIN1, f.ADMIN2, f.PCODE):
        table[column] = table[column].astype(object).where(~junction, "")
    table[f.KIND] = table[f.KIND].astype(object).where(~junction, "junction")
    table[f.SUPPLY_POINT] = (
        table[f.SUPPLY_POINT].astype(object).where(~junction, False).astype(bool)
    )
    table[ATTACH_KM] = np.where(junction, np.nan, np.round(places.attached.attach_km[place], 3))
    table[PLACE_LON] = np.where(junction, np.nan, np.round(places.lon_lat[place, 0], 6))
    table[PLACE_LAT] = np.where(junction, np.nan, np.round(places.lon_lat[place, 1], 6))
    return table


def _degrees(key: Ints) -> tuple[Floats, Floats]:
    """Undo `roads_lines.place_key`."""
    lat, lon = np.divmod(key, 4_000_000_000)
    return lon / 1e7 - 180, lat / 1e7 - 90


def with_shared(
    nodes: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, places: AttachedPlaces
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Add the places that meet the roads where another place does, each on a metre of link.

    A link bears what the best road at that point bears; any vehicle where both places are there.
    """
    guests = places.guests
    if not len(guests):
        return nodes, segments
    owner_of = dict(zip(places.key[places.owner], places.owner, strict=True))
    ids = places.table[f.NODE_ID].to_numpy(object)
    hosts = np.array([owner_of[key] for key in places.key[guests]], np.int64)
    nth = pd.Series(hosts).groupby(hosts).cumcount().to_numpy() + 1
    at = places.attached.lon_lat[guests]
    aside = at + np.column_stack([np.zeros(len(nth)), nth * _LINK_DEGREES])
    table = _attributes(places, guests)
    table[f.NODE_ID] = ids[guests]
    more_nodes = gpd.GeoDataFrame(table, geometry=shapely.points(aside), crs=f.CRS)
    links = pd.DataFrame(
        {
            f.SEGMENT_ID: [f"link-{name}" for name in ids[guests]],
            f.FROM_NODE: ids[hosts],
            f.TO_NODE: ids[guests],
            f.LENGTH_KM: np.round(nth * _LINK_KM, 4),
            f.TANKER: _passable(segments, ids[hosts], places.attached.attach_km, guests, hosts),
            tags.TANKER_BASIS: "link",
            f.ROAD_CLASS: "link",
            f.LENGTH_BASIS: "drawn",
            MODE: ROAD,
        }
    )
    drawn = np.asarray(shapely.linestrings(np.stack([at, aside], axis=1)), object)
    more = gpd.GeoDataFrame(links, geometry=drawn, crs=f.CRS)
    both = [pd.concat(pair, ignore_index=True) for pair in ((nodes, more_nodes), (segments, more))]
    text = both[1].columns.difference([f.GEOMETRY, f.LENGTH_KM, f.SPEED_KMH, tags.BRIDGE_STRUCTURE])
    both[1][text] = both[1][text].fillna("")
    both[1][tags.BRIDGE_STRUCTURE] = both[1][tags.BRIDGE_STRUCTURE].astype(object).fillna(False)
    return gpd.GeoDataFrame(both[0], crs=f.CRS), gpd.GeoDataFrame(both[1], crs=f.CRS)


def _passable(
    segments: pd.DataFrame,
    host_ids: NDArray[np.object_],
    attach_km: Floats,
    guests: Ints,
    hosts: Ints,
) -> NDArray[np.object_]:
    """Return which tankers pass from a place to another that meets the road at its point."""
    ends = pd.concat([segments.set_index(end)[f.TANKER] for end in (f.FROM_NODE, f.TO_NODE)])
    rank = ends.map(TANKER_VALUES.index).groupby(level=0).min()
    best = rank.reindex(host_ids, fill_value=0).to_numpy(np.int64)
    far = np.maximum(attach_km[guests], attach_km[hosts]) > _SAME_PLACE_KM
    passable: NDArray[np.object_] = np.array(TANKER_VALUES, object)[np.where(far, best, 0)]
    return passable


def figures(
    network: Network, pieces: Pieces, places: AttachedPlaces, read: int
) -> Mapping[str, float]:
    """Count nodes, segments, towns and kilometres of an import.

    Parameters
    ----------
    network : Network
        The result.
    pieces : Pieces
        All pieces of road before any was left out.
    places : Places
        Towns and supply points.
    read : int
        Roads read.
    """
    part = components(len(network.node_ids), network.tail, network.head)
    number = network.node_number
    fed = np.unique(part[[number[name] for name in network.supply_points]].astype(np.int64))
    towns = part[[number[name] for name in network.towns]]
    return {
        "roads_read": read,
        "pieces": len(pieces),
        "segments": len(network.segment_ids),
        "nodes": len(network.node_ids),
        "km_read": round(float(pieces.km.sum()), 1),
        "km_network": round(float(network.length_km.sum()), 1),
        "parts": len(np.unique(part)),
        "places_read": len(places.table),
        "places_attached": int(places.used.sum()),
        "towns": len(network.towns),
        "supply_points": len(network.supply_points),
        "towns_without_supply": int((~np.isin(towns, fed)).sum()) if len(towns) else 0,
    }
