"""What of the desk's own table and scenarios a reader at the public level may see."""

from dataclasses import replace
from typing import Final

from geodata import schema as f
from geodata.desk.journal import Record, Status
from geodata.sharing.publication import FREE_TEXT
from geodata.sharing.view_state import ViewState

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


def public_view(view: ViewState) -> ViewState:
    """Return a view as it may be published: without its notes and without proposed events.

    A note holds a reason and a source in free words, and its author's name. Which roads are cut, an
    area drawn for that, and the title are what the view is about: a public brief names them too.

    Parameters
    ----------
    view : ViewState
        Of a saved scenario or of a link.
    """
    return replace(view, notes=(), desk=view.desk.removesuffix("p"))
