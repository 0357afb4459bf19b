"""Towns and supply points as rows of nodes: names, kinds, people, codes and regions."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.readers.tables.numbers import whole_number
from geodata.roads.columns import by_lower
from geodata.sanitize import KEY_CHARACTERS

# Field to the columns that hold it in OpenStreetMap exports, GeoNames, COD tables and this
# package's own nodes; the first that is there counts.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    f.NODE_ID: ("node_id", "town_id", "id", "geonameid", "osm_id", "@id", "full_id"),
    f.NAME: ("name", "nom", "name:fr", "name_fr", "name_en", "town", "ville", "localite",
             "localité", "featurename", "feature_name", "asciiname"),
    f.ALT_NAMES: ("alt_names", "alt_name", "alternatenames", "alternatename"),
    f.KIND: ("kind", "place", "fclass"),
    f.POPULATION: ("population", "pop", "pop_total", "hab"),
    f.COUNTRY: ("country", "iso3", "adm0_pcode", "admin0pcode", "iso_a2", "countrycode",
                "country_code"),
    f.ADMIN1: ("admin1", "adm1_fr", "adm1_en", "admin1name_fr", "admin1name", "adm1_name",
               "region", "région"),
    f.ADMIN2: ("admin2", "adm2_fr", "adm2_en", "admin2name_fr", "admin2name", "adm2_name",
               "cercle"),
    f.PCODE: ("pcode", "p_code", "featurepcode", "adm3_pcode", "admin3pcode", "adm2_pcode",
              "admin2pcode"),
    f.SUPPLY_POINT: ("supply_point", "supply", "depot", "dépôt", "supply_pt"),
}  # fmt: skip
REGION_CODE: Final = "region_code"
_REGION_CODES: Final = (
    "adm1_pcode", "admin1pcode", "admin1_pcode", "adm1pcode", "adm1_code", "admin1_code",
)  # fmt: skip
"""Columns that give the region of a place by its P-code."""
_BOUNDARY: Final[dict[str, tuple[str, ...]]] = {
    f.COUNTRY: ("adm0_pcode", "admin0pcode", "iso3", "country", "adm0_a3", "adm0_fr", "adm0_en"),
    f.ADMIN1: COLUMNS[f.ADMIN1],
    f.ADMIN2: COLUMNS[f.ADMIN2],
    f.PCODE: ("adm3_pcode", "adm2_pcode", "adm1_pcode", "admin3pcode", "admin2pcode",
              "admin1pcode", "pcode"),
}  # fmt: skip
# The same in other languages (COD-AB's ADM1_PT) and by other makers (GADM, Natural Earth).
_PATTERNS: Final[dict[str, str]] = {
    f.ADMIN1: r"adm(?:in)?_?1(?:_?name)?(?:_[a-z]{2})?|name_1|nam_1|woe_name",
    f.ADMIN2: r"adm(?:in)?_?2(?:_?name)?(?:_[a-z]{2})?|name_2|nam_2",
    f.COUNTRY: r"adm(?:in)?_?0(?:_?name)?_[a-z]{2}|gid_0|shapegroup",
}
_SHAPEFILE_LETTERS: Final = 10
_TOWN: Final = frozenset(
    {
        "city",
        "town",
        "village",
        "hamlet",
        "suburb",
        "border_crossing",
        "junction",
        "port",
        "airport",
    }
)
_TRUE: Final = frozenset({"yes", "true", "1", "1.0", "oui", "vrai", "t", "x"})
_ID: Final = re.compile(r"[\w.-]{1,60}")


def place_table(
    places: gpd.GeoDataFrame, mapping: Mapping[str, str], *, supply: bool
) -> pd.DataFrame:
    """Return the attributes of towns or supply points in this package's words.

    Parameters
    ----------
    places : GeoDataFrame
        Points in EPSG:4326 with the columns of their source.
    mapping : mapping of str to str
        Column of the source to field, over the usual names in `COLUMNS`.
    supply : bool
        Whether all of them are supply points; towns may say so one by one.

    Returns
    -------
    DataFrame
        Indexed like ``places``: ``node_id, name, alt_names, kind, population, country, admin1,
        admin2, pcode, supply_point, region_code``. Unknown text is empty, unknown people are NaN.
        A town whose source gives no kind is a ``town``; a supply point is a ``port`` only if its
        source says so, else ``supply``.
    """
    table = pd.DataFrame(index=places.index)
    for field in COLUMNS:
        table[field] = _texts(places, field, mapping, COLUMNS)
    table[REGION_CODE] = _texts(places, REGION_CODE, {}, {REGION_CODE: _REGION_CODES})
    kind = table[f.KIND].str.lower()
    table[f.KIND] = kind.where(kind.isin(_TOWN), "supply" if supply else "town")
    table[f.POPULATION] = np.array([people(cell)[0] for cell in table[f.POPULATION]], float)
    # Gazetteers write 0 for "not known"; a town of nobody is no town.
    table.loc[table[f.POPULATION] <= 0, f.POPULATION] = np.nan
    is_supply = table[f.SUPPLY_POINT].str.lower().isin(_TRUE)
    table[f.SUPPLY_POINT] = True if supply else is_supply
    table[f.NAME] = table[f.NAME].where(table[f.NAME] != "", _numbered(table, supply))
    return table


_ABOUT: Final = re.compile(
    r"(?:~|≈|±|>|<|env(?:iron|\.)?|about|around|approx(?:\.|imately)?|ca?\.?|circa|est\.?)\s*", re.I
)
_AFTER: Final = re.compile(
    r"\s*(?:\((?:[^()]*)\)|\[[^\[\]]*\]|hab(?:itants|\.)?|pers(?:onnes|\.)?|people|inhabitants|\+)\s*$",
    re.I,
)
_SEVERAL: Final = re.compile(r"\s*(?:;|/|–|(?<=\d)\s*-\s*(?=\d)|\bà\b|\bto\b)\s*")
_SHORT: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(k|m|mille|million)", re.I)
_TIMES: Final = {"k": 1e3, "mille": 1e3, "m": 1e6, "million": 1e6}


def people(cell: str) -> tuple[float, bool]:
    """Return the population in a cell, and whether it is a plain figure.

    Of a range or of several figures the middle counts. Unknown is NaN; a figure below 10 that
    is not a whole number counts as unknown, since no town has 1.2 people.

    Examples
    --------
    >>> people("12 500"), people("env. 3 000"), people("5000-6000"), people("90 000 (2009)")
    ((12500.0, True), (3000.0, False), (5500.0, False), (90000.0, False))
    """
    plain = whole_number(cell) if cell else None
    if plain is not None:
        return (plain, True) if plain >= 10 or plain == int(plain) else (float("nan"), False)
    bare = _ABOUT.sub("", cell.strip(), count=1) if _ABOUT.match(cell.strip()) else cell.strip()
    while (shorter := _AFTER.sub("", bare)) != bare:
        bare = shorter
    figures = [_figure(part) for part in _SEVERAL.split(bare) if part]
    known = [value for value in figures if value is not None]
    if not figures or len(known) < len(figures) or len(figures) > 3:
        return float("nan"), not cell
    return (min(known) + max(known)) / 2, False


def _figure(word: str) -> float | None:
    short = _SHORT.fullmatch(word.strip())
    if short:
        return float(short[1].replace(",", ".")) * _TIMES[short[2].lower()]
    return whole_number(word)


def people_doubts(
    places: gpd.GeoDataFrame, mapping: Mapping[str, str]
) -> list[tuple[int, str, float]]:
    """Rows whose people are written in words: place in the table, the cell, and what was read."""
    cells = _texts(places, f.POPULATION, mapping, COLUMNS)
    read = [(row, cell, people(cell)) for row, cell in enumerate(cells)]
    return [(row, cell, value) for row, cell, (value, plain) in read if not plain]


def _texts(
    table: pd.DataFrame,
    field: str,
    mapping: Mapping[str, str],
    columns: Mapping[str, tuple[str, ...]],
) -> pd.Series:
    there = by_lower(table.columns)
    wanted = [column for column, target in mapping.items() if target == field]
    text = pd.Series("", index=table.index, dtype="str")
    usual = [*columns[field], *(name[:_SHAPEFILE_LETTERS] for name in columns[field])]
    pattern = _PATTERNS.get(field, "(?!)")
    usual += [name for name in there if re.fullmatch(pattern, name)]
    for name in [*wanted, *usual]:
        if name.lower() in there:
            cells = table[there[name.lower()]]
            texts = cells.map(_text).astype("str")
            text = text.where(text != "", texts)
            if name in wanted:
                break
    return text


def _text(cell: object) -> str:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def _numbered(table: pd.DataFrame, supply: bool) -> pd.Series:
    word = "supply" if supply else "town"
    return pd.Series([f"{word} {row}" for row in table.index], index=table.index, dtype="str")


def with_regions(
    table: pd.DataFrame,
    points: NDArray[np.object_],
    boundary: gpd.GeoDataFrame | None,
    mapping: Mapping[str, str],
) -> pd.DataFrame:
    """Fill what places lack of country, regions and P-code from polygons.

    Parameters
    ----------
    table : DataFrame
        As from `place_table`.
    points : array of object
        Their points in EPSG:4326.
    boundary : GeoDataFrame or None
        Polygons with names or codes, such as COD-AB at any level.
    mapping : mapping of str to str
        Column of the boundary to field.

    Returns
    -------
    DataFrame
        Without ``region_code``: where a place has no region, the name that the boundary gives to
        the very same code, else that of the polygon around it, else the code itself.
    """
    codes, table = table[REGION_CODE], table.drop(columns=REGION_CODE)
    if boundary is not None and len(boundary) and len(table):
        boundary = _levelled(boundary)
        names = _names_by_code(boundary, mapping)
        named = codes.map(lambda code: names.get(code, ""))
        table = table.assign(**{f.ADMIN1: table[f.ADMIN1].where(table[f.ADMIN1] != "", named)})
        table = _filled(table, points, boundary, mapping)
    return table.assign(**{f.ADMIN1: table[f.ADMIN1].where(table[f.ADMIN1] != "", codes)})


def _names_by_code(boundary: gpd.GeoDataFrame, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the region's name by its P-code; codes that have several names are left out."""
    names = _texts(boundary, f.ADMIN1, mapping, _BOUNDARY)
    codes = _texts(boundary, REGION_CODE, {}, {REGION_CODE: _REGION_CODES})
    pairs = pd.DataFrame({"code": codes, "name": names}).drop_duplicates()
    pairs = pairs[(pairs["code"] != "") & (pairs["name"] != "")]
    single = pairs[~pairs["code"].duplicated(keep=False)]
    return dict(zip(single["code"], single["name"], strict=True))


def _filled(
    table: pd.DataFrame,
    points: NDArray[np.object_],
    boundary: gpd.GeoDataFrame,
    mapping: Mapping[str, str],
) -> pd.DataFrame:
    """Fill what places lack from the polygon around each."""
    tree = shapely.STRtree(boundary.geometry.to_numpy())
    place, polygon = tree.query(points, predicate="intersects")
    first = pd.Series(polygon, index=place).groupby(level=0).min()
    filled = table.copy()
    for field in _BOUNDARY:
        names = _texts(boundary, field, mapping, _BOUNDARY).to_numpy()
        regions = np.full(len(table), "", object)
        regions[first.index.to_numpy()] = names[first.to_numpy()]
        filled[field] = filled[field].where(filled[field] != "", pd.Series(regions, table.index))
    return filled


def _levelled(boundary: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Call geoBoundaries' ``shapeName`` by the level that ``shapeType`` gives."""
    there = {str(column).lower(): column for column in boundary.columns}
    if "shapename" not in there:
        return boundary
    kinds = boundary[there["shapetype"]].astype(str) if "shapetype" in there else ["ADM1"]
    level = next((kind[-1] for kind in kinds if kind[-1:] in "012"), "1")
    field = {"0": f.COUNTRY, "1": f.ADMIN1, "2": f.ADMIN2}[level]
    return (
        boundary
        if field in boundary.columns
        else boundary.assign(**{field: boundary[there["shapename"]]})
    )


def coded_regions(table: pd.DataFrame, codes: pd.Series) -> list[str]:
    """Return the P-codes that stand for a region whose name is not known.

    Parameters
    ----------
    table : DataFrame
        As from `with_regions`.
    codes : Series
        Column ``region_code`` of the same places, as from `place_table`.
    """
    return sorted(set(codes[(codes != "") & (table[f.ADMIN1] == codes)]))


def names_nothing(boundary: gpd.GeoDataFrame, mapping: Mapping[str, str]) -> bool:
    """Return whether no column of a boundary holds a name of a region or a code that is known."""
    levelled = _levelled(boundary)
    fields = (f.ADMIN1, f.ADMIN2, f.PCODE)
    return all((_texts(levelled, field, mapping, _BOUNDARY) == "").all() for field in fields)


def place_ids(table: pd.DataFrame, points: NDArray[np.object_]) -> NDArray[np.object_]:
    """Name every place by its own id, its P-code, or its name written plainly.

    Ids that are duplicates get the place's coordinates (hashed) behind them, so that the order of
    the file does not matter.
    """
    plain = [name_id(name) for name in table[f.NAME]]
    ids = table[f.NODE_ID].where(table[f.NODE_ID].map(lambda t: bool(_ID.fullmatch(t))), "")
    ids = ids.where(ids != "", table[f.PCODE]).where(
        lambda t: t != "", pd.Series(plain, table.index)
    )
    unique_ids = ids.to_numpy(object).copy()
    for place in np.flatnonzero(ids.duplicated(keep=False).to_numpy()):
        about = shapely.to_wkb(points[place]) + table[f.NAME].iloc[place].encode()
        unique_ids[place] = (
            f"{unique_ids[place]}-{hashlib.blake2s(about, digest_size=3).hexdigest()}"
        )
    again = pd.Series(unique_ids).groupby(unique_ids).cumcount()
    pairs = zip(unique_ids, again, strict=True)
    return np.array([f"{name}-{n + 1}" if n else name for name, n in pairs], object)


def name_id(name: str) -> str:
    """Write a name as an id: ``Sévaré`` becomes ``sevare``.

    A name without Latin letters or digits becomes ``place-`` and a hash.
    """
    letters = unicodedata.normalize("NFKD", name[:KEY_CHARACTERS].casefold())
    bare = letters.encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60]
    return plain or "place-" + hashlib.blake2s(name.encode(), digest_size=4).hexdigest()
