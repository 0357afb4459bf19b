"""What a road is: from OpenStreetMap tags, Geofabrik's short codes or columns named by the user.

Whether a tanker can pass is the one thing the engine needs that maps seldom say. The rule is
cautious and is printed in every report: *all year* only for roads known to be paved, or of
class motorway or trunk where the surface is not given; *in season* for unpaved or unknown roads
down to unclassified; *no* for tracks, unless they are paved.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import fields as f
from geodata.errors import GeodataError
from geodata.numerals import number as number_in

SOURCE_ID: Final = "source_id"
ONEWAY: Final = "oneway"
BRIDGE_STRUCTURE: Final = "bridge_structure"
LEVEL: Final = "level"
TANKER_BASIS: Final = "tanker_basis"
STATED_KM: Final = "stated_km"
MOTOR: Final = "motor"

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
_FROM_OTHER_TAGS: Final = {
    f.SURFACE: "surface", ONEWAY: "oneway", BRIDGE_STRUCTURE: "bridge", "tunnel": "tunnel",
    "layer": "layer", f.ROAD_REF: "ref",
}  # fmt: skip

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
     "bus_stop", "via_ferrata", "escape"}
)  # fmt: skip
_ALL_YEAR_UNSAID: Final = ("motorway", "trunk")
_TRACK: Final = ("track", "piste", "desert track")
_YES: Final = frozenset({"yes", "true", "t", "1", "viaduct", "movable", "oui", "vrai", "aqueduct"})
_TANKER_WORDS: Final = {
    "yes": "yes", "oui": "yes", "true": "yes", "1": "yes", "seasonal": "seasonal",
    "saisonnier": "seasonal", "saisonnière": "seasonal", "no": "no", "non": "no",
    "false": "no", "0": "no",
}  # fmt: skip


def road_table(roads: gpd.GeoDataFrame, mapping: Mapping[str, str]) -> pd.DataFrame:
    """Attributes of every road in this package's words.

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
        tanker_basis`` (``mapped``, ``surface`` or ``assumed``), ``oneway``,
        ``bridge_structure``, ``level`` (above or below ground), ``motor`` (False for footways,
        roads not built and the like), ``stated_km`` and ``speed_kmh`` where the source has them.

    Raises
    ------
    GeodataError
        If a mapped column is used for tankers and holds other words than yes, seasonal or no.
    """
    columns = {field: _column(roads, field, mapping) for field in COLUMNS}
    table = pd.DataFrame(index=roads.index)
    for field in (SOURCE_ID, f.NAME, f.ROAD_REF, f.ROAD_CLASS):
        table[field] = _words(columns[field])
    table[f.ROAD_CLASS] = table[f.ROAD_CLASS].str.lower()
    surface = _words(columns[f.SURFACE]).str.lower()
    table[f.SURFACE] = _by_value(surface, _surface)
    table[f.TANKER], table[TANKER_BASIS] = _tanker(table, surface, columns[f.TANKER])
    table[ONEWAY] = _by_value(_words(columns[ONEWAY]).str.lower(), _oneway)
    bridge = _words(columns[BRIDGE_STRUCTURE]).str.lower().isin(_YES)
    tunnel = _words(columns["tunnel"]).str.lower().isin(_YES | {"culvert", "building_passage"})
    stated = _numbers(columns["layer"])
    table[BRIDGE_STRUCTURE] = bridge
    assumed = bridge.astype(int) - tunnel.astype(int)
    table[LEVEL] = stated.where(stated.fillna(0) != 0, assumed).fillna(0).astype(int)
    table[MOTOR] = ~table[f.ROAD_CLASS].isin(_NO_MOTOR)
    for field in (STATED_KM, f.SPEED_KMH):
        table[field] = _numbers(columns[field])
    return table


def _column(roads: pd.DataFrame, field: str, mapping: Mapping[str, str]) -> pd.Series:
    wanted = [column for column, target in mapping.items() if target == field]
    by_lower = {str(column).lower(): column for column in reversed(list(roads.columns))}
    for name in [*wanted, *COLUMNS[field]]:
        if name.lower() in by_lower:
            return roads[by_lower[name.lower()]]
    if field in _FROM_OTHER_TAGS and "other_tags" in by_lower:
        pattern = f'"{re.escape(_FROM_OTHER_TAGS[field])}"=>"([^"]*)"'
        tags = roads[by_lower["other_tags"]].astype("str")
        return tags.str.extract(pattern, expand=False)
    return pd.Series(None, index=roads.index, dtype=object)


def _words(cells: pd.Series) -> pd.Series:
    """Text without blanks around it; unknown is empty, whole numbers carry no decimals."""
    if pd.api.types.is_float_dtype(cells.dtype):
        whole = cells.notna() & (cells == cells.round())
        text = cells.astype("str").where(~whole, cells.fillna(0).astype("int64").astype("str"))
    else:
        text = cells.astype("str")
    return text.where(cells.notna(), "").str.strip()


def _numbers(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.astype(float)
    return _by_value(_words(cells), _number).astype(float)


def _number(word: str) -> float:
    value = number_in(word) if word else None
    return float("nan") if value is None else float(value)


def _by_value(words: pd.Series, rule: Callable[[str], Any]) -> pd.Series:
    """Apply ``rule`` once to each different value: there are few among many roads."""
    codes, values = pd.factorize(words)
    results = np.array([rule(str(value)) for value in values])
    return pd.Series(results[codes] if len(values) else [], index=words.index)


def _surface(word: str) -> str:
    """Surface in words that the table of speeds knows, with the source's own beside them."""
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
    tanker = _by_value(pair, lambda both: tanker_rule(*both.split("\n")))
    basis = pd.Series(np.where(known != "", "surface", "assumed"), index=table.index)
    words = _words(mapped).str.lower()
    if words.eq("").all():
        return tanker, basis
    foreign = sorted(set(words) - set(_TANKER_WORDS) - {""})
    if foreign:
        raise GeodataError("roads.bad_tanker", value=foreign[0][:60])
    said = words.map(_TANKER_WORDS)
    return said.fillna(tanker), basis.where(said.isna(), "mapped")


def tanker_rule(road_class: str, surface: str) -> str:
    """Whether a tanker passes: ``yes``, ``seasonal`` or ``no``.

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
