"""Which column of a table of events means which field: ours, ACLED's, HXL's and usual names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from geodata import schema
from geodata.errors import GeodataError
from geodata.readers.events.hxl import hxl_rank
from geodata.readers.events.schemes import (
    ACLED,
    ACTOR_2,
    COORDINATES,
    DATE_PREC,
    FATALITIES,
    LAT_LON,
    LON_LAT,
    PCODE,
    PRECISION_M,
    PRIVATE,
    TANKERS,
    UCDP,
    WHERE_PREC,
    Scheme,
    form_names,
    form_point,
    scheme_of,
)
from geodata.sanitize import key

REQUIRED: Final = (schema.DATE, schema.LAT, schema.LON)
"""Fields without which a table says neither when nor where."""

FIELDS: Final = (
    schema.EVENT_ID, schema.DATE, schema.DATE_PRECISION, schema.END_DATE, schema.EVENT_TYPE,
    schema.PLACE, schema.REGION, PCODE, schema.LAT, schema.LON, COORDINATES, LAT_LON, LON_LAT,
    schema.LOCATION_PRECISION,
    schema.CORRIDOR, schema.ACTOR, schema.EFFECT, schema.APPLIES_TO, TANKERS, schema.TANKERS_LOW,
    schema.TANKERS_HIGH, FATALITIES, schema.FATALITIES_LOW, schema.FATALITIES_HIGH,
    schema.SOURCE_NAME, schema.SOURCE_URL, schema.SOURCE_DATE, schema.CONFIDENCE, schema.SUMMARY,
    schema.NODE_ID, schema.SEGMENT_IDS, schema.PRECISION_KM, PRECISION_M, schema.PLACE_BASIS,
    schema.ORIGIN,
)  # fmt: skip
"""Fields that a column can be mapped to, in the order in which the app lists them."""

_USUAL: Final = {
    schema.EVENT_ID: ("id", "event", "code", "ref", "reference", "identifiant", "no", "num",
                      "sind_event_id"),
    schema.DATE: ("day", "event_day", "date_evenement", "date_de_l_evenement", "jour",
                  "date_incident", "incident_date", "date_de_l_incident", "start_date",
                  "date_debut", "date_start", "date_evt", "date_event"),
    schema.END_DATE: ("date_fin", "date_end", "date_de_fin", "fin"),
    schema.EVENT_TYPE: ("type", "type_evenement", "type_d_evenement", "incident_type", "category",
                        "categorie", "type_incident", "type_d_incident", "event_type_name",
                        "what", "nature", "nature_incident", "evenement"),
    schema.PLACE: ("location", "place_name", "lieu", "localite", "ville", "town", "village",
                   "site", "nom_lieu", "where", "place_known_as", "endroit"),
    schema.REGION: ("admin1", "adm1", "admin1_name", "adm1_name", "adm1_fr", "adm1_en", "admin_1",
                    "province"),
    PCODE: ("admin2_pcode", "adm2_pcode", "admin2_code", "admin1_pcode", "adm1_pcode",
            "admin1_code", "p_code", "admin2pcode", "admin1pcode"),
    COORDINATES: ("gps", "gps_coordinates", "coords", "coordonnees", "coordonnees_gps",
                  "geopoint", "geom", "geometry", "the_geom", "wkt", "geom_wkt", "point", "mgrs",
                  "grid_reference", "location_gps", "point_gps", "position"),
    LAT_LON: ("latlon", "latlong", "lat_long", "lat_lng", "latitude_longitude",
              "latitude_et_longitude"),
    LON_LAT: ("lonlat", "long_lat", "lng_lat", "longitude_latitude"),
    PRECISION_M: ("gps_precision", "gps_accuracy"),
    schema.LAT: ("latitude", "y", "lat_dd", "coord_y", "gps_lat", "point_y"),
    schema.LON: ("longitude", "x", "lng", "long", "lon_dd", "coord_x", "gps_lon", "gps_long",
                 "point_x"),
    schema.LOCATION_PRECISION: ("precision_lieu", "precision_localisation"),
    schema.DATE_PRECISION: ("precision_date",),
    schema.CORRIDOR: ("route", "axe", "couloir", "road"),
    schema.ACTOR: ("actors", "acteur", "acteurs", "group", "groupe", "auteur", "perpetrator",
                   "actor1", "reported_perpetrator_name", "reported_perpetrator"),
    schema.EFFECT: ("effect", "effet", "passage", "effet_sur_le_passage", "status", "statut"),
    schema.APPLIES_TO: ("s_applique_a", "concerne"),
    FATALITIES: ("deaths", "killed", "dead", "morts", "deces", "tues", "nb_morts"),
    TANKERS: ("tankers", "citernes", "camions_citernes", "citernes_detruites"),
    schema.SOURCE_NAME: ("source", "sources", "source_nom"),
    schema.SOURCE_URL: ("url", "link", "lien", "source_link", "source_lien"),
    schema.SOURCE_DATE: ("date_source", "published", "publication_date", "date_de_publication"),
    schema.CONFIDENCE: ("confiance", "reliability", "fiabilite"),
    schema.SUMMARY: ("notes", "note", "description", "resume", "details", "comment", "comments",
                     "commentaire", "commentaires", "remarks", "remarques",
                     "event_description"),
}  # fmt: skip

ALIASES: Final = {
    **{alias: field for field, aliases in _USUAL.items() for alias in aliases},
    **{field: field for field in FIELDS},
    **{name: field for name, field in ACLED.items() if name.endswith(("_type", "_precision"))},
    "event_id_cnty": schema.EVENT_ID,
    "event_date": schema.DATE,
    "actor2": ACTOR_2,
    "fatalities": FATALITIES,
    "where_prec": WHERE_PREC,
    "date_prec": DATE_PREC,
}
"""Field by column name, as :func:`geodata.sanitize.key` writes it."""

_SCHEMES: Final = {Scheme.ACLED: ACLED, Scheme.UCDP: UCDP}
KNOWN: Final = frozenset(
    {*ALIASES, *ACLED, *UCDP, "actor1", "interaction", "disorder_type", "#date"}
)


@dataclass(frozen=True)
class Columns:
    """Where each field stands in a table.

    Parameters
    ----------
    places : mapping of str to int
        Column of each field found, counted from 0.
    scheme : Scheme
        Whose form the table has: its codes and types then apply.
    doubled : tuple of str
        Columns left unread since another one already gives their field.
    unread : tuple of str
        Columns that mean no field.
    private : tuple of str
        Columns left unread since they name who filled in a form, or the device.
    """

    places: Mapping[str, int]
    scheme: Scheme
    doubled: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


def missing_fields(present: Collection[str]) -> list[str]:
    """Return fields without which a table says neither when nor where, and that are not given."""
    in_one_cell = not {COORDINATES, LAT_LON, LON_LAT}.isdisjoint(present)
    return [
        field
        for field in REQUIRED
        if field not in present and (field == schema.DATE or not in_one_cell)
    ]


def suggest_mapping(columns: Sequence[str]) -> dict[str, str]:
    """Return the field for each column whose name says it, for the app's mapping step.

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
    scheme = scheme_of(columns)
    exact = {column: _field(column, scheme) for column in columns}
    exact_fields = {field for field in exact.values() if field}
    near: dict[str, str | None] = {}
    for column, field in exact.items():
        open_to_guess = not field and key(column) not in PRIVATE
        close = get_close_matches(key(column), ALIASES, n=1, cutoff=0.85) if open_to_guess else []
        near[column] = (
            ALIASES[close[0]] if close and ALIASES[close[0]] not in exact_fields else None
        )
    mapping: dict[str, str] = {}
    for column in columns:
        suggestion = exact[column] or near[column]
        if suggestion and suggestion not in mapping.values():
            mapping[column] = suggestion
    return mapping


def _field(column: str, scheme: Scheme) -> str | None:
    """Return the field that a column's name says in a table of one scheme."""
    name = key(column)
    if name in PRIVATE:
        return None
    if scheme is Scheme.PLAIN:
        return ALIASES.get(name)
    if scheme is Scheme.FORM:
        fields = (ALIASES[form_name] for form_name in form_names(column) if form_name in ALIASES)
        return form_point(column) or next(fields, None)
    # "region" is a part of the continent there; columns added to such a table keep our names.
    own = name if name in FIELDS and name != schema.REGION else None
    return _SCHEMES[scheme].get(name, own)


def find_columns(
    header: Sequence[str], *, tags: Sequence[str] = (), mapping: Mapping[str, str] | None = None
) -> Columns:
    """Return the place of each field in a table.

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
    scheme = scheme_of(header)
    places: dict[str, int] = {field: place for place, field in chosen.items() if field}
    tagged_fields = _by_tags(tags, chosen)
    for place, field in tagged_fields.items():
        places.setdefault(field, place)
    doubled, unread, private = [], [], []
    for place, column in enumerate(header):
        if place in chosen or place in tagged_fields:
            continue
        tagged = place < len(tags) and hxl_rank(tags[place])
        field_named = None if tagged else _field(column, scheme)
        if key(column) in PRIVATE:
            private.append(column)
        elif field_named and field_named not in places:
            places[field_named] = place
        elif (field_named or tagged) and column.strip():
            doubled.append(column)
        elif column.strip():
            unread.append(column)
    return Columns(places, scheme, tuple(doubled), tuple(unread), tuple(private))


def _by_tags(tags: Sequence[str], chosen: Mapping[int, str]) -> dict[int, str]:
    """Field by place, as hashtags say: of two columns for one field the better, then the first.

    A table without the day of the event is dated by its reports.
    """
    ranks: dict[str, tuple[int, int]] = {}
    for place, tag in enumerate(tags):
        field_and_rank = hxl_rank(tag) if place not in chosen and tag.strip() else None
        if field_and_rank and field_and_rank[0] not in chosen.values():
            field, rank = field_and_rank
            ranks[field] = min(ranks.get(field, (rank, place)), (rank, place))
    if schema.SOURCE_DATE in ranks and schema.DATE not in {*ranks, *chosen.values()}:
        ranks[schema.DATE] = ranks.pop(schema.SOURCE_DATE)
    return {place: field for field, (_, place) in ranks.items()}


def _chosen(header: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """Return the field by place, as the user mapped them."""
    names = [key(column) for column in header]
    chosen = {}
    for column, field in mapping.items():
        if key(column) not in names:
            raise GeodataError("events.mapping_column", column=column, columns=", ".join(header))
        if field and field not in FIELDS:
            raise GeodataError("events.mapping_field", field=field, fields=", ".join(FIELDS))
        chosen[names.index(key(column))] = field
    return chosen
