"""How a link writes which closures come together: ``by:actor,together:0.5,on.NAME:0.3``.

Closing probabilities of a state are written as ``closing.closed:0.9``.
"""

from collections.abc import Sequence
from typing import Final

from geodata.errors import GeodataError
from geodata.scenario import ShockAssumptions
from geodata.schema import Grouping
from geodata.sharing import encoding as codes

SWITCH: Final = "on."
"""What the name of a switch begins with in a link, so that it is none of the other names."""

CLOSES: Final = "closing."
"""What the name of a state begins with, whose closing probability is another."""

MAX_SWITCHES: Final = 60
"""Switches with a changed probability in one link."""


def shock_code(assumed: ShockAssumptions) -> str:
    """Return what differs from the defaults, in the form that `read_shocks` reads.

    Examples
    --------
    >>> shock_code(ShockAssumptions(together=0.5, on=[("RN1", 0.25)]))
    'together:0.5,on.RN1:0.25'
    """
    usual = ShockAssumptions()
    parts = [] if assumed.by == usual.by else [f"by:{assumed.by}"]
    if assumed.together != usual.together:
        parts.append(f"together:{codes.decimal_text(assumed.together)}")
    parts += [f"{SWITCH}{codes.escape(n)}:{codes.decimal_text(chance)}" for n, chance in assumed.on]
    parts += [f"{CLOSES}{name}:{codes.decimal_text(p)}" for name, p in assumed.closing]
    return ",".join(parts)


def read_shocks(values: Sequence[str]) -> tuple[ShockAssumptions | None, list[str]]:
    """Read what `shock_code` wrote, and the parts that cannot be used; None for the defaults.

    Examples
    --------
    >>> read_shocks(["together:0.5,by:weather"])[1]
    ['by:weather']
    """
    fields: dict[str, Grouping | float] = {}
    on: dict[str, float] = {}
    closing: dict[str, float] = {}
    wrong: list[str] = []
    for part in (part for value in values for part in value.split(",") if part):
        name, _, text = part.rpartition(":")
        chance = codes.decimal(text)
        usable = chance is not None and 0 <= chance <= 1
        switch = codes.unescape(name.removeprefix(SWITCH))
        if name == "by" and text in list(Grouping):
            fields["by"] = Grouping(text)
        elif name == "together" and chance is not None and usable:
            fields["together"] = chance
        elif name.startswith(SWITCH) and chance is not None and usable and _named(switch, on):
            on[switch] = chance
        elif name.startswith(CLOSES) and chance is not None:
            closing[name.removeprefix(CLOSES)] = chance
        else:
            wrong.append(part)
    try:
        ShockAssumptions(closing=tuple(closing.items()))
    except GeodataError:  # a probability without the others may not rise with the state
        wrong += [f"{CLOSES}{name}:{codes.decimal_text(p)}" for name, p in closing.items()]
        closing = {}
    if not fields and not on and not closing:
        return None, wrong
    changed = ShockAssumptions(**fields, on=tuple(on.items()), closing=tuple(closing.items()))  # type: ignore[arg-type]
    return changed, wrong


def _named(switch: str, others: dict[str, float]) -> bool:
    """Return whether this may be the name of one more switch."""
    one_line = codes.clean_label(switch, codes.ID_CHARACTERS) == switch
    return bool(switch) and one_line and len(others) < MAX_SWITCHES
