"""What of the desk's own table a reader at the public level may see."""

from dataclasses import replace
from typing import Final

from geodata import schema as f
from geodata.desk.journal import Record, Status
from geodata.sharing.publication import FREE_TEXT

EXACT: Final = frozenset({*FREE_TEXT, f.PLACE, f.LAT, f.LON, f.NODE_ID, f.LOCATION_PRECISION})
"""Fields that say where exactly, who, or in free words; a region may be published."""


def public_record(record: Record) -> Record | None:
    """Return an event as it may be published; None where nobody has reviewed it.

    What waits for a second reader is left out, and so is who wrote it.

    Parameters
    ----------
    record : Record
        Of an event.
    """
    if record.reviewed is None:
        return None
    values = {name: value for name, value in record.reviewed.items() if name not in EXACT}
    return replace(
        record, values=values, reviewed=values, status=Status.REVIEWED, unread=frozenset()
    )
