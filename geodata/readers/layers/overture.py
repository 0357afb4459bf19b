"""Segments of Overture Maps as plain columns in the words of OpenStreetMap.

Overture keeps names, surface and access in nested columns; a part of a segment can have its own
value (``between``). A segment is read as a whole: what is denied on a part is denied, the surface
is the worse one. See https://docs.overturemaps.org/schema/reference/transportation/segment/.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

_MARKS: Final = frozenset({"road_surface", "access_restrictions", "road_flags", "subtype"})
_SUBTYPE: Final = {"road": "highway", "rail": "railway", "water": "route"}
_MODES: Final = {
    "vehicle": "vehicle",
    "motor_vehicle": "motor_vehicle",
    "car": "motor_vehicle",
    "truck": "hgv",
    "hgv": "hgv",
}
_WORSE: Final = ("paved", "paving_stones", "metal", "gravel", "unpaved", "dirt", "unknown")
_FLAGS: Final = {
    "is_bridge": ("bridge", "yes"),
    "is_tunnel": ("tunnel", "yes"),
    "is_under_construction": ("highway", "construction"),
    "is_abandoned": ("highway", "abandoned"),
}


def plain(properties: pd.DataFrame) -> pd.DataFrame:
    """Return the properties with the nested columns of Overture's segments made plain.

    Parameters
    ----------
    properties : DataFrame
        Any layer's; it comes back as it is unless it has the columns of segments.

    Returns
    -------
    DataFrame
        With ``highway``, ``railway`` or ``route``, ``name``, ``ref``, ``surface``, ``access``,
        ``vehicle``, ``motor_vehicle``, ``hgv``, ``oneway``, ``bridge`` and ``tunnel`` where the
        segments give them, in place of the nested columns.
    """
    if len(_MARKS & set(map(str, properties.columns))) < 2:
        return properties
    records = [_record(row) for row in properties.to_dict("records")]
    added = pd.DataFrame(records, index=properties.index, dtype=object)
    dropped = [
        name
        for name in (
            "names",
            "subtype",
            "class",
            "road_surface",
            "road_flags",
            "access_restrictions",
            "routes",
            "connectors",
            "name",
            *added.columns,
        )
        if name in properties
    ]
    return properties.drop(columns=dropped).join(added)


def _record(row: dict[Any, Any]) -> dict[str, str]:
    tags: dict[str, str] = {}
    kind = _SUBTYPE.get(str(row.get("subtype")), "highway")
    if row.get("class") or kind == "route":
        tags[kind] = "ferry" if kind == "route" else str(row["class"])
    names = _nested(row.get("names"))
    if isinstance(names, dict) and names.get("primary"):
        tags["name"] = str(names["primary"])
    surfaces = [str(rule.get("value")) for rule in _rules(row.get("road_surface"))]
    ranked = [surface for surface in _WORSE if surface in surfaces and surface != "unknown"]
    if ranked:
        tags["surface"] = ranked[-1]
    refs = [str(rule["ref"]) for rule in _rules(row.get("routes")) if rule.get("ref")]
    if refs:
        tags["ref"] = ";".join(dict.fromkeys(refs))
    for rule in _rules(row.get("road_flags")):
        for flag in _listed(rule.get("values")):
            if flag in _FLAGS:
                tags[_FLAGS[flag][0]] = _FLAGS[flag][1]
    for rule in _rules(row.get("access_restrictions")):
        tags |= _denied(rule)
    return tags


def _denied(rule: dict[str, Any]) -> dict[str, str]:
    """Return what one rule of access denies, as tags."""
    if rule.get("access_type") != "denied":
        return {}
    when = _nested(rule.get("when"))
    when = when if isinstance(when, dict) else {}
    if when.get("heading"):
        return {"oneway": "-1" if when["heading"] == "forward" else "yes"}
    modes = [_MODES[mode] for mode in _listed(when.get("mode")) if mode in _MODES]
    if modes:
        return dict.fromkeys(modes, "no")
    limited = any(value is not None for value in when.values())
    return {} if limited else {"access": "no"}


def _nested(cell: Any) -> Any:
    """Return a nested cell, which some formats keep as JSON."""
    if isinstance(cell, str) and cell[:1] in "[{":
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return None
    return cell


def _listed(cell: Any) -> list[Any]:
    cell = _nested(cell)
    return list(cell) if isinstance(cell, list | tuple | np.ndarray) else []


def _rules(cell: Any) -> Iterator[dict[str, Any]]:
    yield from (rule for rule in _listed(cell) if isinstance(rule, dict))
