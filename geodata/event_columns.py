"""Which column of a table of events means which field: ours, ACLED's, HXL's and usual names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from geodata import fields
from geodata.cells import key
from geodata.errors import GeodataError

SUB_TYPE: Final = "sub_event_type"
GEO_PRECISION: Final = "geo_precision"
TIME_PRECISION: Final = "time_precision"
ACTOR_2: Final = "actor2"
FATALITIES: Final = "fatalities"
TANKERS: Final = "tankers_destroyed"

REQUIRED: Final = (fields.DATE, fields.LAT, fields.LON)
"""Fields without which a table says neither when nor where."""

FIELDS: Final = (
    fields.EVENT_ID, fields.DATE, fields.DATE_PRECISION, fields.END_DATE, fields.EVENT_TYPE,
    fields.PLACE, fields.REGION, fields.LAT, fields.LON, fields.LOCATION_PRECISION,
    fields.CORRIDOR, fields.ACTOR, fields.EFFECT, fields.APPLIES_TO, TANKERS, fields.TANKERS_LOW,
    fields.TANKERS_HIGH, FATALITIES, fields.FATALITIES_LOW, fields.FATALITIES_HIGH,
    fields.SOURCE_NAME, fields.SOURCE_URL, fields.SOURCE_DATE, fields.CONFIDENCE, fields.SUMMARY,
    fields.NODE_ID, fields.SEGMENT_IDS, fields.PRECISION_KM, fields.PLACE_BASIS, fields.ORIGIN,
)  # fmt: skip
"""Fields that a column can be mapped to, in the order in which the app lists them."""

ACLED: Final = {
    "event_id_cnty": fields.EVENT_ID,
    "event_date": fields.DATE,
    "time_precision": TIME_PRECISION,
    "event_type": fields.EVENT_TYPE,
    "sub_event_type": SUB_TYPE,
    "actor1": fields.ACTOR,
    "actor2": ACTOR_2,
    "admin1": fields.REGION,
    "location": fields.PLACE,
    "latitude": fields.LAT,
    "longitude": fields.LON,
    "geo_precision": GEO_PRECISION,
    "source": fields.SOURCE_NAME,
    "notes": fields.SUMMARY,
    "fatalities": FATALITIES,
}
"""Columns of ACLED's export and API that are used; the others are left unread."""

_USUAL: Final = {
    fields.EVENT_ID: ("id", "event", "code", "ref", "reference", "identifiant", "no", "num"),
    fields.DATE: ("day", "event_day", "date_evenement", "date_de_l_evenement", "jour",
                  "date_incident", "incident_date", "date_de_l_incident", "start_date",
                  "date_debut", "date_start"),
    fields.END_DATE: ("date_fin", "date_end", "date_de_fin", "fin"),
    fields.EVENT_TYPE: ("type", "type_evenement", "type_d_evenement", "incident_type", "category",
                        "categorie", "type_incident", "type_d_incident"),
    fields.PLACE: ("location", "place_name", "lieu", "localite", "ville", "town", "village",
                   "site", "nom_lieu", "where"),
    fields.REGION: ("admin1", "adm1", "admin1_name", "province"),
    fields.LAT: ("latitude", "y", "lat_dd", "coord_y", "gps_lat", "point_y"),
    fields.LON: ("longitude", "x", "lng", "long", "lon_dd", "coord_x", "gps_lon", "gps_long",
                 "point_x"),
    fields.LOCATION_PRECISION: ("precision_lieu", "precision_localisation"),
    fields.DATE_PRECISION: ("precision_date",),
    fields.CORRIDOR: ("route", "axe", "couloir", "road"),
    fields.ACTOR: ("actors", "acteur", "acteurs", "group", "groupe", "auteur", "perpetrator",
                   "actor1"),
    fields.EFFECT: ("effect", "effet", "passage", "effet_sur_le_passage", "status", "statut"),
    fields.APPLIES_TO: ("s_applique_a", "concerne"),
    FATALITIES: ("deaths", "killed", "dead", "morts", "deces", "tues", "nb_morts"),
    TANKERS: ("tankers", "citernes", "camions_citernes", "citernes_detruites"),
    fields.SOURCE_NAME: ("source", "sources", "source_nom"),
    fields.SOURCE_URL: ("url", "link", "lien", "source_link", "source_lien"),
    fields.SOURCE_DATE: ("date_source", "published", "publication_date", "date_de_publication"),
    fields.CONFIDENCE: ("confiance", "reliability", "fiabilite"),
    fields.SUMMARY: ("notes", "note", "description", "resume", "details", "comment", "comments",
                     "commentaire", "commentaires", "remarks", "remarques"),
}  # fmt: skip

ALIASES: Final = {
    **{alias: field for field, aliases in _USUAL.items() for alias in aliases},
    **{field: field for field in FIELDS},
    **{name: field for name, field in ACLED.items() if name.endswith(("_type", "_precision"))},
    "event_id_cnty": fields.EVENT_ID,
    "event_date": fields.DATE,
    "actor2": ACTOR_2,
    "fatalities": FATALITIES,
}
"""Field by column name, as :func:`geodata.cells.key` writes it."""

_HXL: Final[tuple[tuple[str, set[str], str], ...]] = (
    ("#date", {"end"}, fields.END_DATE),
    ("#date", {"publication"}, fields.SOURCE_DATE),
    ("#date", {"source"}, fields.SOURCE_DATE),
    ("#date", set(), fields.DATE),
    ("#geo", {"lat"}, fields.LAT),
    ("#geo", {"lon"}, fields.LON),
    ("#geo", {"precision"}, fields.LOCATION_PRECISION),
    ("#event", {"id"}, fields.EVENT_ID),
    ("#event", {"code"}, fields.EVENT_ID),
    ("#event", {"type"}, fields.EVENT_TYPE),
    ("#event", set(), fields.EVENT_TYPE),
    ("#cause", set(), fields.EVENT_TYPE),
    ("#loc", set(), fields.PLACE),
    ("#adm1", {"name"}, fields.REGION),
    ("#adm1", set(), fields.REGION),
    ("#group", set(), fields.ACTOR),
    ("#org", set(), fields.ACTOR),
    ("#affected", {"killed"}, FATALITIES),
    ("#affected", {"f", "killed"}, FATALITIES),
    ("#meta", {"source"}, fields.SOURCE_NAME),
    ("#meta", {"url"}, fields.SOURCE_URL),
    ("#description", set(), fields.SUMMARY),
    ("#access", set(), fields.EFFECT),
)
KNOWN: Final = frozenset({*ALIASES, *ACLED, "actor1", "interaction", "disorder_type", "#date"})


@dataclass(frozen=True)
class Columns:
    """Where each field stands in a table.

    Parameters
    ----------
    places : mapping of str to int
        Column of each field found, counted from 0.
    acled : bool
        Whether the table is ACLED's, whose codes and types then apply.
    doubled : tuple of str
        Columns left unread since another one already gives their field.
    unread : tuple of str
        Columns that mean no field.
    """

    places: Mapping[str, int]
    acled: bool
    doubled: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def suggest_mapping(columns: Sequence[str]) -> dict[str, str]:
    """Field for each column whose name says it, for the app's mapping step.

    Parameters
    ----------
    columns : sequence of str
        Names as the file writes them, in any language or case; near misses count.

    Returns
    -------
    dict of str to str
        Column to field, in the order of the columns; each field at most once, an exact name
        before a near one.
    """
    acled = is_acled(columns)
    exact = {column: _field(key(column), acled) for column in columns}
    taken = {field for field in exact.values() if field}
    near: dict[str, str | None] = {}
    for column, field in exact.items():
        close = get_close_matches(key(column), ALIASES, n=1, cutoff=0.85) if not field else []
        near[column] = ALIASES[close[0]] if close and ALIASES[close[0]] not in taken else None
    found: dict[str, str] = {}
    for column in columns:
        suggestion = exact[column] or near[column]
        if suggestion and suggestion not in found.values():
            found[column] = suggestion
    return found


def is_acled(columns: Sequence[str]) -> bool:
    """Whether these are ACLED's columns: its id, or its type and sub-type with its date."""
    names = {key(column) for column in columns}
    return "event_id_cnty" in names or {"event_date", "event_type", SUB_TYPE} <= names


def _field(name: str, acled: bool) -> str | None:
    if not acled:
        return ALIASES.get(name)
    # ACLED's "region" is a part of the continent; other columns added to its table keep our names.
    own = name if name in FIELDS and name != fields.REGION else None
    return ACLED.get(name, own)


def is_hxl(cells: Sequence[str]) -> bool:
    """Whether a row holds HXL hashtags: several, and nothing else."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and all(cell.startswith("#") for cell in filled)


def hxl_field(tag: str) -> str | None:
    """Field of one HXL hashtag with its attributes, such as ``#geo+lat``."""
    hashtag, *attributes = tag.strip().lower().replace(" ", "").split("+")
    for name, needed, field in _HXL:
        if hashtag == name and needed <= set(attributes):
            return field
    return None


def find_columns(
    header: Sequence[str], *, tags: Sequence[str] = (), mapping: Mapping[str, str] | None = None
) -> Columns:
    """Place of each field in a table.

    The user's mapping comes first, then HXL hashtags, then names.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    tags : sequence of str
        HXL hashtags under them, if any.
    mapping : mapping of str to str, optional
        Column to field; a column mapped to ``""`` is left unread.

    Raises
    ------
    GeodataError
        ``events.mapping_column`` or ``events.mapping_field`` for a mapping that names none.
    """
    chosen = _chosen(header, mapping or {})
    acled = is_acled(header)
    places: dict[str, int] = {field: place for place, field in chosen.items() if field}
    doubled, unread = [], []
    for place, column in enumerate(header):
        if place in chosen:
            continue
        tag = tags[place] if place < len(tags) else ""
        field = hxl_field(tag) if tag else None
        field = field or _field(key(column), acled)
        if field and field not in places:
            places[field] = place
        elif field and column.strip():
            doubled.append(column)
        elif column.strip():
            unread.append(column)
    return Columns(places, acled, tuple(doubled), tuple(unread))


def _chosen(header: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """Field by place, as the user mapped them."""
    names = [key(column) for column in header]
    chosen = {}
    for column, field in mapping.items():
        if key(column) not in names:
            raise GeodataError("events.mapping_column", column=column, columns=", ".join(header))
        if field and field not in FIELDS:
            raise GeodataError("events.mapping_field", field=field, fields=", ".join(FIELDS))
        chosen[names.index(key(column))] = field
    return chosen
