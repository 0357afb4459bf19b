"""An empty table of events to fill in, in columns that are read without a question."""

from typing import Final

from geodata import schema as f
from geodata.readers.tables.template import header_csv

COLUMNS: Final = (
    f.DATE, f.END_DATE, f.EVENT_TYPE, f.PLACE, f.REGION, f.LAT, f.LON, f.LOCATION_PRECISION,
    f.EFFECT, f.APPLIES_TO, f.CORRIDOR, f.ACTOR, f.SOURCE_NAME, f.SOURCE_URL, f.SOURCE_DATE,
    f.CONFIDENCE, f.SUMMARY,
)  # fmt: skip


def template_csv() -> bytes:
    """Return the header of a table of events as CSV.

    Examples
    --------
    >>> template_csv().decode("utf-8-sig").split(",")[0]
    'date'
    """
    return header_csv(COLUMNS)
