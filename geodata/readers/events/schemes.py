"""Tables of events that are published in one known form: ACLED's, UCDP's, KoBo's and ODK's.

UCDP's Georeferenced Event Dataset says by ``where_prec`` how closely it knows a place: 1 the
place itself, 2 within 25 km of it, 3 a second-order division, 4 a first-order division, 5 a
linear or otherwise fuzzy feature, 6 the country, 7 water or air beyond it; and by ``date_prec``
how closely it knows the day: 1 the day, 2 two to six days, 3 a week, 4 a month, 5 up to a year.
Source: UCDP GED codebook.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from geodata import schema
from geodata.sanitize import KEY_CHARACTERS, key

SUB_TYPE: Final = "sub_event_type"
GEO_PRECISION: Final = "geo_precision"
TIME_PRECISION: Final = "time_precision"
WHERE_PREC: Final = "where_prec"
DATE_PREC: Final = "date_prec"
ACTOR_2: Final = "actor2"
FATALITIES: Final = "fatalities"
TANKERS: Final = "tankers_destroyed"
PCODE: Final = "pcode"
COORDINATES: Final = "coordinates"
LAT_LON: Final = "lat_lon"
LON_LAT: Final = "lon_lat"
PRECISION_M: Final = "precision_m"


class Scheme(StrEnum):
    """Whose form a table has."""

    PLAIN = ""
    ACLED = "acled"
    UCDP = "ucdp"
    FORM = "form"


ACLED: Final = {
    "event_id_cnty": schema.EVENT_ID,
    "event_date": schema.DATE,
    "time_precision": TIME_PRECISION,
    "event_type": schema.EVENT_TYPE,
    "sub_event_type": SUB_TYPE,
    "actor1": schema.ACTOR,
    "actor2": ACTOR_2,
    "admin1": schema.REGION,
    "location": schema.PLACE,
    "latitude": schema.LAT,
    "longitude": schema.LON,
    "geo_precision": GEO_PRECISION,
    "source": schema.SOURCE_NAME,
    "notes": schema.SUMMARY,
    "fatalities": FATALITIES,
}
"""Columns of ACLED's export and API that are used; the others are left unread."""

UCDP: Final = {
    "id": schema.EVENT_ID,
    "type_of_violence": schema.EVENT_TYPE,
    "side_a": schema.ACTOR,
    "side_b": ACTOR_2,
    "where_prec": WHERE_PREC,
    "where_coordinates": schema.PLACE,
    "adm_1": schema.REGION,
    "latitude": schema.LAT,
    "longitude": schema.LON,
    "date_prec": DATE_PREC,
    "date_start": schema.DATE,
    "date_end": schema.END_DATE,
    "best": FATALITIES,
    "low": schema.FATALITIES_LOW,
    "high": schema.FATALITIES_HIGH,
    "source_article": schema.SOURCE_NAME,
    "source_date": schema.SOURCE_DATE,
    "source_headline": schema.SUMMARY,
}
"""Columns of UCDP's Georeferenced Event Dataset that are used; the others are left unread."""

PRIVATE: Final = frozenset({
    "username", "_submitted_by", "submitted_by", "submittername", "submitterid", "deviceid",
    "device_id", "phonenumber", "phone_number", "subscriberid", "simserial", "simid", "email",
    "enumerator", "enumerator_name", "enqueteur", "nom_enqueteur", "nom_de_l_enqueteur", "audit",
})  # fmt: skip
"""Columns of a form that name the person or the device that filled it in: never read."""

_FORM_MARKS: Final = frozenset({
    "_uuid", "_submission_time", "_validation_status", "_submission__uuid", "meta_instanceid",
    "instanceid", "submissiondate", "formhub_uuid", "__version__", "deviceid", "_xform_id_string",
})  # fmt: skip
_FORM_TIMES: Final = frozenset({"start", "end", "today", "_submission_time", "submissiondate"})
_POINT_PART: Final = re.compile(r"(?:.*_)?(latitude|longitude|precision|accuracy)")
_POINT_FIELDS: Final = {
    "latitude": schema.LAT, "longitude": schema.LON, "precision": PRECISION_M,
    "accuracy": PRECISION_M,
}  # fmt: skip
_PERIODS: Final = frozenset({"week", "month", "year", "month_year", "reference_period_start"})
_COUNTS: Final = frozenset({"events", "event_count", "nb_events", "number_of_events"})


def raw_key(column: str) -> str:
    """Name of a column in lower case with the underscores that a form puts before its own."""
    return re.sub(r"[^\w]+", "_", column[:KEY_CHARACTERS].strip()).casefold()


def scheme_of(columns: Sequence[str]) -> Scheme:
    """Whose form these columns have.

    ACLED's id, or its type and sub-type with its date; UCDP's precision of the place with its
    type of violence or precision of the date; two of the columns that KoBo or ODK add.
    """
    names = {key(column) for column in columns}
    if "event_id_cnty" in names or {"event_date", "event_type", SUB_TYPE} <= names:
        return Scheme.ACLED
    if "where_prec" in names and names & {"type_of_violence", "date_prec"}:
        return Scheme.UCDP
    raw = {raw_key(part) for column in columns for part in (column, column.split("/")[-1])}
    return Scheme.FORM if len(raw & _FORM_MARKS) > 1 else Scheme.PLAIN


def is_counts(columns: Sequence[str]) -> bool:
    """Whether each row counts the events of a week or month in a region, as ACLED's files do."""
    names = {key(column) for column in columns}
    return bool(names & _PERIODS and names & _COUNTS)


def form_names(column: str) -> tuple[str, ...]:
    """Return the names that a form's column may go by: the question alone, without its groups.

    >>> form_names("incident/date_incident")
    ('incident_date_incident', 'date_incident')
    """
    if raw_key(column) in _FORM_TIMES or raw_key(column).startswith("_submission"):
        return ()
    parts = re.split(r"[/.:-]", column[:KEY_CHARACTERS].strip())
    ends = ("_".join(parts[start:]) for start in range(len(parts)))
    return tuple(dict.fromkeys(map(key, ends)))


def form_point(column: str) -> str | None:
    """Return the field of one of the columns into which a form splits a point.

    >>> form_point("_incident/gps_latitude"), form_point("gps-Accuracy")
    ('lat', 'precision_m')
    """
    match = _POINT_PART.fullmatch(raw_key(column))
    return _POINT_FIELDS[match[1]] if match else None
