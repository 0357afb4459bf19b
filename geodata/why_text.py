"""The chain from a town to the sources, as JSON and as lines of plain text."""

import dataclasses
from typing import Any, Final

from geodata import fields as f
from geodata.closures import Evidence
from geodata.text import day, number, text
from geodata.why import Why

EVENT_COLUMNS: Final = (
    f.DATE, f.EVENT_TYPE, f.PLACE, f.EFFECT, f.SUMMARY, f.SOURCE_NAME, f.SOURCE_URL,
    f.SOURCE_DATE, f.CONFIDENCE,
)  # fmt: skip


def as_json(found: Why) -> dict[str, Any]:
    """Give the chain as the JSON that the command prints."""
    return {
        "town": found.town, "name": found.name,
        "date": found.on.isoformat() if found.on else None,
        "traffic": found.traffic.value, "vehicle": found.vehicle.value,
        "state": found.state.value, "baseline_isolated": found.baseline_isolated,
        "supply_point": found.supply_point,
        "baseline_supply_point": found.baseline_supply_point,
        "distance_km": found.distance_km, "baseline_km": found.baseline_km,
        "segments": [
            {
                "segment_id": link.segment_id, "state": link.state.value,
                "role": link.role.value, "severity": link.severity,
                "events": [_event_json(found, e) for e in link.evidence],
            }
            for link in found.links
        ],
    }  # fmt: skip


def _event_json(found: Why, evidence: Evidence) -> dict[str, Any]:
    event = _event(found, evidence)
    own = {column: event[column] for column in EVENT_COLUMNS}
    own[f.DATE] = event[f.DATE].isoformat()
    return {**dataclasses.asdict(evidence), **own, "why": text(evidence.reason)}


def as_text(found: Why, lang: str = "en") -> list[str]:
    """Give the chain as lines of plain text in a language."""
    when = text("why.on", lang, day=day(found.on, lang)) if found.on else ""
    state = text(f"why.state.{found.state}", lang)
    lines = [text("why.head", lang, name=found.name, when=when, state=state)]
    if found.baseline_isolated:
        lines.append(text("why.never", lang))
    if found.distance_km is not None and found.supply_point is not None:
        km = number(found.distance_km, lang)
        lines.append(text("why.way", lang, supply_point=found.supply_point, km=km))
    for link in found.links:
        role = text(f"why.role.{link.role}", lang, segment=link.segment_id)
        lines.append(f"  {role} ({text(f'why.segment.{link.state}', lang)})")
        for evidence in link.evidence:
            lines += [f"    {line}" for line in event_lines(found, evidence, lang)]
    return lines


def event_lines(found: Why, evidence: Evidence, lang: str = "en") -> list[str]:
    """Give one event in the chain: why it counts, what it says, who says so."""
    event = _event(found, evidence)
    head = text(
        "why.event", lang, id=evidence.event_id, day=day(event[f.DATE], lang),
        reason=text(evidence.reason, lang), age=number(evidence.age_days, lang),
        weight=number(evidence.weight, lang, decimals=2),
    )  # fmt: skip
    source = text(
        "why.source", lang, source=event[f.SOURCE_NAME], url=event[f.SOURCE_URL],
        confidence=text(f"why.confidence.{event[f.CONFIDENCE]}", lang),
    )  # fmt: skip
    return [head, f"  {event[f.SUMMARY]}", f"  {source}"]


def _event(found: Why, evidence: Evidence) -> dict[str, Any]:
    return {str(k): v for k, v in found.events.loc[evidence.event_id].to_dict().items()}
