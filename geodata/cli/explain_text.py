"""The chain from a town to the sources, as JSON and as lines of plain text."""

import dataclasses
from typing import Any, Final

from geodata import schema as f
from geodata.analysis.explanation import Explanation
from geodata.analysis.link_words import segment_words
from geodata.events.closures import Evidence
from geodata.i18n import day, number, text
from geodata.schema import Cause, TownState, Vehicle

EVENT_COLUMNS: Final = (
    f.DATE, f.EVENT_TYPE, f.PLACE, f.EFFECT, f.SUMMARY, f.SOURCE_NAME, f.SOURCE_URL,
    f.SOURCE_DATE, f.CONFIDENCE,
)  # fmt: skip


def as_json(explanation: Explanation) -> dict[str, Any]:
    """Return the chain as the JSON that the command prints."""
    return {
        "town": explanation.town,
        "name": explanation.name,
        "date": explanation.on.isoformat() if explanation.on else None,
        "traffic": explanation.traffic.value,
        "vehicle": explanation.vehicle.value,
        "state": explanation.state.value,
        "baseline_isolated": explanation.baseline_isolated,
        "causes": [cause.value for cause in explanation.causes],
        "isolated_by": explanation.causes[0].value
        if explanation.state == TownState.ISOLATED
        else None,
        "sufficient_causes": [cause.value for cause in explanation.sufficient_causes],
        "supply_off": list(explanation.supply_off),
        "supply_point": explanation.supply_point,
        "baseline_supply_point": explanation.baseline_supply_point,
        "distance_km": explanation.distance_km,
        "baseline_km": explanation.baseline_km,
        "segments": [
            {
                "segment_id": link.segment_id,
                "state": link.state.value,
                "role": link.role.value,
                "severity": link.severity,
                "restriction": link.restriction,
                "ferry": link.ferry,
                "events": [_event_json(explanation, e) for e in link.evidence],
            }
            for link in explanation.links
        ],
    }


def _event_json(explanation: Explanation, evidence: Evidence) -> dict[str, Any]:
    event = _event(explanation, evidence)
    own = {column: event[column] for column in EVENT_COLUMNS}
    own[f.DATE] = event[f.DATE].isoformat()
    return {**dataclasses.asdict(evidence), **own, "why": text(evidence.reason)}


def as_text(explanation: Explanation, lang: str = "en") -> list[str]:
    """Return the chain as lines of plain text in a language."""
    when = text("why.on", lang, day=day(explanation.on, lang)) if explanation.on else ""
    state = text(f"why.state.{explanation.state}", lang)
    lines = [text("why.head", lang, name=explanation.name, when=when, state=state)]
    lines += [f"  {line}" for line in cause_lines(explanation, lang)]
    if explanation.distance_km is not None and explanation.supply_point is not None:
        km = number(explanation.distance_km, lang)
        start = explanation.supply_point_name or explanation.supply_point
        lines.append(text("why.way", lang, supply_point=start, km=km))
    for link in explanation.links:
        role = text(f"why.role.{link.role}", lang, segment=link.segment_id)
        more = segment_words(explanation, link, lang)
        lines.append(f"  {role} ({more})" if more else f"  {role}")
        for evidence in link.evidence:
            lines += [f"    {line}" for line in event_lines(explanation, evidence, lang)]
    return lines


def cause_lines(explanation: Explanation, lang: str = "en") -> list[str]:
    """Say why a town is not open, a sentence for each cause; nothing of an open town."""
    if explanation.state != TownState.ISOLATED:
        return [
            text(f"why.cause.{cause}", lang, names=", ".join(explanation.supply_off))
            for cause in explanation.causes
        ]
    cause = explanation.causes[0]
    if cause == Cause.VEHICLE:
        return [text("why.no_road" if explanation.vehicle == Vehicle.ANY else "why.never", lang)]
    lines = [text(f"why.isolated_by.{cause}", lang, names=", ".join(explanation.supply_off))]
    if cause != Cause.CLOSURE and Cause.CLOSURE in explanation.sufficient_causes:
        lines.append(text("why.closed_too", lang))
    return lines


def event_lines(explanation: Explanation, evidence: Evidence, lang: str = "en") -> list[str]:
    """Return one event in the chain: why it counts, what it says, who says so."""
    event = _event(explanation, evidence)
    head = text(
        "why.event",
        lang,
        id=evidence.event_id,
        day=day(event[f.DATE], lang),
        reason=text(evidence.reason, lang),
        age=number(evidence.age_days, lang),
        weight=number(evidence.weight, lang, decimals=2),
    )
    source = text(
        "why.source",
        lang,
        source=event[f.SOURCE_NAME],
        url=event[f.SOURCE_URL],
        confidence=text(f"why.confidence.{event[f.CONFIDENCE]}", lang),
    )
    return [head, f"  {event[f.SUMMARY]}", f"  {source}"]


def _event(explanation: Explanation, evidence: Evidence) -> dict[str, Any]:
    return {str(k): v for k, v in explanation.events.loc[evidence.event_id].to_dict().items()}
