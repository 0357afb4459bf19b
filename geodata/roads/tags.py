"""What a road is: from OpenStreetMap tags, Geofabrik's short codes or columns named by the user.

Whether a tanker can pass is the one thing the engine needs that maps rarely say. The rule is
cautious and is printed in every report: *all year* only for roads known to be paved, or of
class motorway or trunk where the surface is not given; *in season* for unpaved or unknown roads
down to unclassified; *no* for tracks, unless they are paved. A ferry counts as *in season*. Tags
that bar tankers or mentions a season (`roads_access`) go before that rule.
"""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.roads import tag_access as access
from geodata.roads.columns import by_value, column, members, numbers, spread, words
from geodata.roads.geometry import Heights

SOURCE_ID: Final = "source_id"
ONEWAY: Final = "oneway"
DIVIDED: Final = "divided"
BRIDGE_STRUCTURE: Final = "bridge_structure"
LEVEL: Final = "level"
TANKER_BASIS: Final = "tanker_basis"
STATED_KM: Final = "stated_km"
MOTOR: Final = "motor"
RESTRICTION: Final = f.RESTRICTION

# Field to the columns that hold it in OpenStreetMap exports (HOT, Geofabrik, GDAL's osm driver)
# and in the tables this package writes; the first that is there counts.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    SOURCE_ID: ("osm_id", "osm_way_id", "@id", "full_id", "segment_id", "id", "fid", "objectid"),
    f.NAME: ("name", "name:fr", "nom", "road_name"),
    f.ROAD_REF: ("ref", "road_ref", "route", "numero"),
    f.ROAD_CLASS: ("highway", "fclass", "road_class", "class", "type"),
    f.SURFACE: ("surface", "revetement", "revêtement"),
    f.TANKER: ("tanker",),
    ONEWAY: ("oneway",),
    BRIDGE_STRUCTURE: ("bridge", "bridge_structure"),
    "tunnel": ("tunnel",),
    "layer": ("layer",),
    STATED_KM: (f.LENGTH_KM,),
    f.SPEED_KMH: (f.SPEED_KMH,),
}
_NESTED_KEYS: Final = (
    *access.TAGS,
    "highway",
    "surface",
    "oneway",
    "bridge",
    "tunnel",
    "layer",
    "name",
    "ref",
    "tanker",
)

PAVED: Final = frozenset(
    {"paved", "asphalt", "concrete", "chipseal", "concrete:plates", "concrete:lanes",
     "paving_stones", "sett", "bitume", "bitumé", "bitumee", "goudron", "goudronnée", "revêtu",
     "revetue", "revêtue", "motorway", "paved (degraded)", "paved (rehabilitation)"}
)  # fmt: skip
UNPAVED: Final = frozenset(
    {"unpaved", "laterite", "latérite", "gravel", "fine_gravel", "pebblestone", "compacted",
     "dirt", "earth", "ground", "soil", "sand", "mud", "clay", "rock", "grass", "piste", "terre",
     "track", "non revêtue", "non revetue", "improved laterite", "sand track"}
)  # fmt: skip
_NO_MOTOR: Final = frozenset(
    {"footway", "path", "pedestrian", "steps", "cycleway", "bridleway", "corridor", "platform",
     "construction", "proposed", "planned", "abandoned", "razed", "raceway", "elevator",
     "bus_stop", "via_ferrata", "escape", "no", "disused", "demolished", "destroyed", "removed",
     "dismantled", "rest_area", "services", "crossing"}
)  # fmt: skip
CLASSES: Final = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
    "living_street", "service", "road", "track", "busway",
)  # fmt: skip
"""Classes of OpenStreetMap from the best to the least."""
_OWN_CLASSES: Final = frozenset(
    {"national paved", "national unpaved", "desert track", "piste", "link", "ferry"}
)
_ALL_YEAR_UNSAID: Final = ("motorway", "trunk")
_TRACK: Final = ("track", "piste", "desert track")
_YES: Final = frozenset({"yes", "true", "t", "1", "viaduct", "movable", "oui", "vrai", "aqueduct"})
_NO_CLASS: Final = frozenset({"way", "relation", "node", "feature", "unknown", "none"})
"""Words that name no class: kinds of OpenStreetMap's objects, and words for not known."""
_NO_REF: Final = frozenset({"ferry", "road", "bus", "hiking", "bicycle", "train"})
"""Kinds of route, which are no road numbers."""
_TANKER_WORDS: Final = {
    "yes": "yes", "oui": "yes", "true": "yes", "1": "yes", "seasonal": "seasonal",
    "saisonnier": "seasonal", "saisonnière": "seasonal", "no": "no", "non": "no",
    "false": "no", "0": "no",
}  # fmt: skip


def road_table(roads: gpd.GeoDataFrame, mapping: Mapping[str, str]) -> pd.DataFrame:
    """Return the attributes of every road in this package's words.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines with the columns of their source.
    mapping : mapping of str to str
        Column of the source to field, over the usual names in `COLUMNS`.

    Returns
    -------
    DataFrame
        Indexed like ``roads``: ``source_id, name, road_ref, road_class, surface, tanker,
        tanker_basis`` (``mapped``, ``tags``, ``surface`` or ``assumed``), ``oneway``,
        ``bridge_structure``, ``level`` (above or below ground), ``motor`` (False for footways,
        roads closed or not built and lines that are no roads), ``stated_km`` and ``speed_kmh``
        where the source has them; ``restriction`` (the tags that keep tankers out, always or in
        the rains), and the columns of `roads_access.judged`.

    Raises
    ------
    GeodataError
        If a mapped column is used for tankers and holds other words than yes, seasonal or no.
    """
    roads = spread(roads, _NESTED_KEYS)
    columns = {field: _column(roads, field, mapping) for field in COLUMNS}
    table = pd.DataFrame(index=roads.index)
    for field in (SOURCE_ID, f.NAME, f.ROAD_REF, f.ROAD_CLASS):
        table[field] = words(columns[field])
    table[SOURCE_ID] = by_value(table[SOURCE_ID], lambda word: "-".join(members(word)))
    table[f.NAME] = by_value(table[f.NAME], _listed)
    table[f.ROAD_REF] = by_value(table[f.ROAD_REF], _listed)
    table[f.ROAD_REF] = table[f.ROAD_REF].where(~table[f.ROAD_REF].str.lower().isin(_NO_REF), "")
    table[f.ROAD_CLASS] = by_value(table[f.ROAD_CLASS].str.lower(), _class)
    judged = access.judged(roads, table[f.ROAD_CLASS])
    ferry = judged[access.MODE] == access.FERRY
    table[f.ROAD_CLASS] = table[f.ROAD_CLASS].where(~ferry, access.FERRY)
    surface = by_value(words(columns[f.SURFACE]).str.lower(), _worst_surface).where(~ferry, "")
    table[f.SURFACE] = by_value(surface, _surface)
    table = table.join(judged)
    table[f.TANKER], table[TANKER_BASIS] = _tanker(table, surface, columns[f.TANKER])
    table[RESTRICTION] = _restriction(table)
    table[ONEWAY] = by_value(words(columns[ONEWAY]).str.lower(), _oneway)
    bridge = by_value(words(columns[BRIDGE_STRUCTURE]).str.lower(), _bridge).astype(bool)
    tunnel = words(columns["tunnel"]).str.lower().isin(_YES | {"culvert", "building_passage"})
    stated = numbers(columns["layer"])
    table[BRIDGE_STRUCTURE] = bridge
    assumed = bridge.astype(int) - tunnel.astype(int)
    table[LEVEL] = stated.where(stated.fillna(0) != 0, assumed).fillna(0).astype(int)
    built = ~table[f.ROAD_CLASS].isin(_NO_MOTOR)
    table[MOTOR] = built & (table[access.NO_ROAD] == "") & (table[access.CLOSED] == "")
    for field in (STATED_KM, f.SPEED_KMH):
        table[field] = numbers(columns[field])
    table[STATED_KM] = table[STATED_KM].fillna(_edge_km(roads))
    return table


def _edge_km(roads: pd.DataFrame) -> pd.Series:
    """Return the column ``length`` in km where the table is one of osmnx's edges, in metres.

    Any other table may mean any unit by that name, so its column is left unread.
    """
    if not {"u", "v", "osmid", "length"} <= set(roads.columns):
        return pd.Series(np.nan, index=roads.index)
    return numbers(roads["length"]) / 1000


def _column(roads: pd.DataFrame, field: str, mapping: Mapping[str, str]) -> pd.Series:
    wanted = [name for name, target in mapping.items() if target == field]
    return column(roads, [*wanted, *COLUMNS[field]])


def _listed(word: str) -> str:
    return "; ".join(members(word)) if word.startswith("[") else word


def _class(word: str) -> str:
    """Return the class of a road; of several (osmnx joins the paths of an edge) the best."""
    classes = [member for member in members(word) if member not in _NO_CLASS]
    return min(classes, key=_rank, default="")


def _rank(road_class: str) -> int:
    bare = road_class.removesuffix("_link")
    return CLASSES.index(bare) if bare in CLASSES else len(CLASSES)


def known_class(word: str) -> bool:
    """Return whether a class is one whose meaning is known here."""
    bare = word.removesuffix("_link")
    return word == "" or bare in CLASSES or word in _OWN_CLASSES | _NO_MOTOR or word in _TRACK


def known_surface(word: str) -> bool:
    """Return whether a surface, as `road_table` writes it, is known to be paved or unpaved."""
    return word == "" or word.startswith(("paved", "unpaved (")) or word in UNPAVED


def _worst_surface(word: str) -> str:
    """Return the surface of a road; of several an unpaved one, since a tanker passes over all."""
    words = members(word)
    return next((surface for surface in words if surface in UNPAVED), words[0] if words else "")


def _bridge(word: str) -> bool:
    return any(member in _YES for member in members(word))


def _restriction(table: pd.DataFrame) -> pd.Series:
    """Return the tags that bar tankers, and those that bar them in the rains, in one cell."""
    both = table[access.NO_TANKER], table[access.SEASONAL]
    between = np.where((both[0] != "") & (both[1] != ""), "; ", "")
    return both[0] + pd.Series(between, index=table.index) + both[1]


def _surface(word: str) -> str:
    """Return surface in words that the table of speeds knows, with the source's own beside them."""
    if word in PAVED:
        return "paved" if word == "paved" else f"paved ({word})"
    if word in {"laterite", "latérite", "track", "unpaved"}:
        return "laterite" if word == "latérite" else word
    return f"unpaved ({word})" if word in UNPAVED else word


def _oneway(word: str) -> str:
    if word in {"", "no", "b", "false", "0", "non"}:
        return ""
    return "reverse" if word in {"-1", "t", "reverse"} else "yes"


def _tanker(
    table: pd.DataFrame, surface: pd.Series, mapped: pd.Series
) -> tuple[pd.Series, pd.Series]:
    known = surface.where(surface.isin(PAVED | UNPAVED), "")
    pair = table[f.ROAD_CLASS] + "\n" + known
    tanker = by_value(pair, lambda both: tanker_rule(*both.split("\n")))
    by_surface = np.where(known != "", "surface", "assumed")
    barred = table[access.NO_TANKER] != ""
    dry = (table[access.SEASONAL] != "") & (tanker == "yes")
    tanker = tanker.mask(dry, "seasonal").mask(barred, "no")
    basis = pd.Series(np.where(dry | barred, "tags", by_surface), index=table.index)
    said_words = words(mapped).str.lower()
    if said_words.eq("").all():
        return tanker, basis
    foreign = sorted(set(said_words) - set(_TANKER_WORDS) - {""})
    if foreign:
        raise GeodataError("roads.bad_tanker", value=foreign[0][:60])
    by_word = said_words.map(_TANKER_WORDS)
    return by_word.fillna(tanker), basis.where(by_word.isna(), "mapped")


def tanker_rule(road_class: str, surface: str) -> str:
    """Return whether a tanker passes: ``yes``, ``seasonal`` or ``no``.

    Parameters
    ----------
    road_class : str
        Value of OpenStreetMap's ``highway``, lower case.
    surface : str
        Value of ``surface``, lower case; empty if unknown.
    """
    if road_class in _TRACK:
        return "seasonal" if surface in PAVED else "no"
    if surface in PAVED:
        return "yes"
    if not surface and road_class.removesuffix("_link") in _ALL_YEAR_UNSAID:
        return "yes"
    return "seasonal"


def heights(table: pd.DataFrame) -> Heights:
    """Return the height of every road, and of every ferry one of its own between its ends."""
    level = table[LEVEL].to_numpy(np.int64)
    ferry = is_ferry(table)
    own = level.max(initial=0) + 1 + np.arange(len(level))
    return Heights(np.where(ferry, own, level), np.where(ferry, 0, level))


def is_ferry(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows are ferries."""
    return (table[access.MODE] == access.FERRY).to_numpy(bool)


def with_divided(table: pd.DataFrame, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Mark the roads that stand for both carriageways of a divided road.

    Parameters
    ----------
    table : DataFrame
        As from `road_table`.
    rows : array of int
        Places of those roads in it.
    """
    marked = table[ONEWAY].to_numpy(object).copy()
    marked[rows] = DIVIDED
    return table.assign(**{ONEWAY: marked})


def with_links(
    table: pd.DataFrame, roads: NDArray[np.int64], places: NDArray[np.object_]
) -> pd.DataFrame:
    """Add a row for each link between a place and a further road.

    Parameters
    ----------
    table : DataFrame
        As from `road_table`.
    roads : array (n,)
        Row of the road that each link leads to; the link bears what that road bears.
    places : array (n,) of str
        Id of each link's place.
    """
    if not len(roads):
        return table
    nth = pd.Series(places).groupby(places).cumcount() + 1
    links = table.iloc[roads].copy()
    blank = [f.NAME, f.ROAD_REF, f.SURFACE, ONEWAY, access.NO_ROAD, access.ADMITTED, access.UNREAD]
    links = links.assign(**dict.fromkeys(blank, ""))
    links[SOURCE_ID] = [f"link-{place}-{n}" for place, n in zip(places, nth, strict=True)]
    links[f.ROAD_CLASS], links[TANKER_BASIS], links[access.MODE] = "link", "link", access.ROAD
    links[BRIDGE_STRUCTURE], links[LEVEL] = False, 0
    links[STATED_KM], links[f.SPEED_KMH] = np.nan, np.nan
    return pd.concat([table, links], ignore_index=True).set_index(
        pd.Index([*table.index, *links[SOURCE_ID]])
    )
