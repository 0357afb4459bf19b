"""What programs are answered: a view's towns, segments or events as JSON or GeoJSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.export.geodata_formats import geojson
from geodata.sharing.permalink import Notice
from geodata.sharing.publication import Publication

KM_DECIMALS: Final = 6


class Subject(StrEnum):
    """What can be asked for."""

    ACCESS = "access"
    EVERY_CUT = "every-cut"
    EVENTS = "events"


LAYER: Final = {Subject.ACCESS: "towns", Subject.EVENTS: "events"}
"""Layer of `geojson` that holds a subject; a further cut has none."""


def answer(
    release: Publication,
    subject: Subject,
    notices: Sequence[Notice] = (),
    *,
    features: bool = False,
) -> bytes:
    """Return the answer as UTF-8 JSON; the same release gives the same bytes.

    Parameters
    ----------
    release : Publication
    subject : Subject
    notices : sequence of Notice
        Remarks on the question, repeated in the answer.
    features : bool
        Whether to answer as GeoJSON (RFC 7946).

    Raises
    ------
    GeodataError
        ``api.ranked`` for further cuts at the public level, where they would read as a list of
        targets; ``api.no_features`` for further cuts as GeoJSON.
    """
    if subject == Subject.EVERY_CUT:
        if not release.ranked:
            raise GeodataError("api.ranked")
        if features:
            raise GeodataError("api.no_features")
        rows = _records(release)
    elif features:
        return geojson(release, layer=LAYER[subject])
    else:
        collection = json.loads(geojson(release, layer=LAYER[subject]))
        rows = [feature["properties"] for feature in collection["features"]]
    result: dict[str, Any] = {
        "link": release.link,
        "level": str(release.level),
        "notices": [notice.text(release.lang) for notice in notices],
    }
    if subject == Subject.ACCESS:
        result["summary"] = asdict(release.situation.access.summary)
    result["rows"] = rows
    return json.dumps(result, ensure_ascii=False, allow_nan=False, default=str).encode()


def _records(release: Publication) -> list[dict[str, Any]]:
    """Return the rows of the further cuts with plain values."""
    table = release.situation.every_cut
    return [
        {str(name): _plain(value, str(name)) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any, column: str) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item, column) for item in value]
    if isinstance(value, float):
        if value != value:
            return None
        return int(value) if column == f.POPULATION else round(value, KM_DECIMALS)
    return value.item() if hasattr(value, "item") else value
