"""Scope of a product: which day or phase, which traffic, and what was changed by hand."""

from geodata.events.presets import TITLE
from geodata.i18n import plural, text
from geodata.schema import Measure
from geodata.sharing.permalink import NOTHING, ViewState, compared
from geodata.sharing.publication import Publication


def scope(release: Publication) -> str:
    """Report which day, for which vehicle and traffic, with what done by hand."""
    state = release.view
    parts = [date_or_preset(release, state), release.say(f"core.vehicle.{state.vehicle}")]
    if state.by == Measure.HOURS:
        parts.append(release.say("export.by_hours"))
    if state.date or state.preset:
        parts.append(
            release.say("export.for_traffic", traffic=release.say(f"core.traffic.{state.traffic}"))
        )
    cut = release.situation.conditions.cut
    for name, ids in (("cut", cut), ("reopened", state.reopen), ("off", state.off)):
        if ids:
            parts.append(plural(f"export.count_{name}", len(ids), release.lang))
    return " · ".join(parts)


def date_or_preset(release: Publication, state: ViewState) -> str:
    """Report which phase or day a state is."""
    if state.preset:
        return release.say("export.of_preset", preset=preset_name(state.preset, release.lang))
    if state.date:
        return release.say("export.of_date", date=release.day(state.date))
    return release.say("export.no_date")


def comparison_label(release: Publication) -> str:
    """Name what the situation is compared with; empty for nothing."""
    state = release.view
    other = compared(state)
    if other is None:
        return ""
    if state.compare == NOTHING:
        return release.say("export.compared_none")
    return date_or_preset(release, other)


def preset_name(preset: str, lang: str) -> str:
    """Name a preset scenario."""
    return text(TITLE + preset, lang)
