"""Lists of options: each option has a code, and a label in the page's language.

A browser names an option by its label, and goes on sending the label of the former language
until its list is set again. So whatever it sends is looked up in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.translate import Translator
from geodata.analysis.reopening_plan import Budget
from geodata.events.presets import preset_ids
from geodata.i18n import LANGUAGES
from geodata.schema import Grouping, Measure, Traffic, Vehicle
from geodata.sharing.publication import Sensitivity


class NotAnOptionError(ValueError):
    """A browser sent something that is not an option of the list."""


@dataclass(frozen=True)
class Options:
    """Codes, and the message that names each.

    Parameters
    ----------
    codes : sequence of str
    message : str
        Key of the label in the catalogue, with ``{}`` for the code.
    """

    codes: Sequence[str]
    message: str

    def label(self, words: Translator, code: str) -> str:
        """Return the name of an option in the page's language."""
        return words(self.message.format(code))

    def code(self, sent: object) -> str:
        """Return the option that was chosen.

        Parameters
        ----------
        sent : object
            Value of the widget: a code, or a label in any language.

        Raises
        ------
        NotAnOptionError
            If it is neither.
        """
        for code in self.codes:
            if sent == code or any(
                sent == self.label(Translator(lang), code) for lang in LANGUAGES
            ):
                return code
        raise NotAnOptionError


CHOICES: Final = {
    "vehicle": Options(tuple(Vehicle), "controls.vehicle_{}"),
    "traffic": Options(tuple(Traffic), "controls.traffic_{}"),
    "by": Options(tuple(Measure), "controls.by_{}"),
}
MOVES: Final = Options(tuple(Traffic), "controls.moves_{}")
STRIDES: Final = Options(("day", "week", "change"), "dates.stride_{}")
PRESETS: Final = Options(preset_ids(), "phases.{}")
LANGUAGE: Final = Options(LANGUAGES, "page.lang_{}")
BUDGETS: Final = Options(tuple(Budget), "plan_tab.cost_{}")
GROUPINGS: Final = Options(tuple(Grouping), "shock.by_{}")
LEVELS: Final = Options(tuple(Sensitivity), "share.level_{}")
