"""Reading the parameters of a link one by one, with a remark on each that cannot be used."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_plus

from geodata.i18n import LANGUAGES
from geodata.network.selection import CorridorName, Selection
from geodata.schema import Measure, Traffic, Vehicle
from geodata.sharing import encoding as codes
from geodata.sharing.selection_code import read_selection
from geodata.sharing.shock_code import read_shocks
from geodata.sharing.view_state import WINDOW_DAYS_MAX, KnownIds, Note, Notice, View

VERSION: Final = 1
QUERY_CHARACTERS: Final = 200_000
WAY_ENDS: Final = 2
MAX_SELECTIONS: Final = 50
"""Cuts by road, corridor or area that one link may hold."""
_ESCAPED: Final = "amp;"
"""What a mail client leaves before a name where it wrote ``&amp;`` for ``&``."""

LISTS: Final = {
    "cut": "segments",
    "reopen": "segments",
    "off": "supply_points",
    "hide": "layers",
    "show": "layers",
    "corridor": "corridors",
    "region": "regions",
    "way": "nodes",
}
CHOICES: Final = {"vehicle": Vehicle, "traffic": Traffic, "by": Measure}
NAMES: Final = {"preset": "presets", "town": "towns", "tab": "tabs", "network": "networks"}


@dataclass
class Reader:
    """Reads parameters one by one and gathers what could not be used."""

    known: KnownIds
    notices: list[Notice] = field(default_factory=list)

    def parameters(self, query: str | Mapping[str, object]) -> dict[str, list[str]]:
        """Gather the values of each parameter, in the order given."""
        if isinstance(query, str):
            return self._split(query)
        values: dict[str, list[str]] = {}
        for name, value in query.items():
            many = value if isinstance(value, list | tuple) else [value]
            plain = str(name).removeprefix(_ESCAPED)
            values[plain] = [each for each in many if isinstance(each, str)]
            wrong = [type(each).__name__ for each in many if not isinstance(each, str)]
            if wrong:
                self.remark("state.not_text", name=codes.clean_label(str(name), 40))
        return values

    def _split(self, query: str) -> dict[str, list[str]]:
        query = query.partition("?")[2] if "?" in query else query
        if len(query) > QUERY_CHARACTERS:
            self.remark("state.link_too_long", limit=QUERY_CHARACTERS)
            query = query[:QUERY_CHARACTERS]
        values: dict[str, list[str]] = {}
        for pair in query.partition("#")[0].split("&"):
            name, _, value = pair.partition("=")
            if name:
                name = unquote_plus(name).removeprefix(_ESCAPED)
                values.setdefault(name, []).append(unquote_plus(value))
        return values

    def remark(self, key: str, **params: object) -> None:
        """Add a notice."""
        self.notices.append(Notice(key, params))

    def remark_on(self, key: str, values: Sequence[str], **params: object) -> None:
        """Add a notice that counts and names ``values``, if there are any."""
        if values:
            self.remark(key, n=len(values), names=codes.named(values), **params)

    def bad(self, name: str, value: str) -> None:
        """Say that one value cannot be used."""
        self.remark("state.bad_value", name=name, value=codes.named([value]))

    def check_version(self, values: Sequence[str]) -> None:
        """Say so if the link has another format than this one."""
        if values and values[-1] != str(VERSION):
            number = codes.whole(values[-1])
            if number is not None and number > VERSION:
                self.remark("state.newer_version", version=number)
            else:
                self.bad("v", values[-1])

    def check_data(self, data: str) -> None:
        """Say so if the link was made on other data."""
        if data and self.known.data and data != self.known.data:
            self.remark("state.data_differ", link=data, now=self.known.data)

    def value(self, name: str, values: Sequence[str]) -> Any:
        """Read one parameter; None stands for the default."""
        if name == "note":
            return self.notes(values)
        if name == "rules":
            return self.rules(values)
        if name == "cut_by":
            return self.selections(values)
        if name == "shocks":
            read, wrong = read_shocks(values)
            self.remark_on("state.unknown_shocks", wrong)
            return read
        if name in LISTS:
            return self.ids(name, values)
        if len(values) > 1:
            self.remark("state.repeated", name=name)
        if not values or not values[-1]:
            return None
        read = self.single(name, values[-1])
        if read is None:
            self.bad(name, values[-1])
        return read

    def single(self, name: str, text: str) -> Any:
        """Read a parameter that holds one value; None if it cannot be used."""
        if name in CHOICES:
            choice = CHOICES[name]
            return choice(text) if text in list(choice) else None
        if name in NAMES:
            return one_of(text, getattr(self.known, NAMES[name]))
        readers: dict[str, Callable[[str], Any]] = {
            "date": self.day,
            "window": _window,
            "lang": _lang,
            "view": _view,
            "data": _fingerprint,
            "title": str,
            "compare": str,
            "desk": _desk,
        }
        return readers[name](text)

    def day(self, text: str) -> dt.date | None:
        """Read a date; one after the last report gives way to that, with a notice."""
        wanted_day, last = codes.day(text), self.known.last_report
        if wanted_day is None or last is None or wanted_day <= last:
            return wanted_day
        self.remark("state.after_last_report", day=wanted_day, last=last)
        return last

    def ids(self, name: str, values: Sequence[str]) -> tuple[str, ...]:
        """Read a list of ids or names; those not known here are left out."""
        known: tuple[str, ...] | None = getattr(self.known, LISTS[name])
        packed = [value for value in values if value.startswith(codes.COMPACT_MARK)]
        parsed: tuple[str, ...] = ()
        for value in packed:
            ids = codes.unpack(value, known or ())
            if ids is None:
                self.remark("state.packed_for_other_network", name=name)
            parsed += ids or ()
        parsed += codes.split([value for value in values if value not in packed])
        if len(parsed) > codes.MAX_IDS:
            self.remark("state.too_many", name=name, n=len(parsed), limit=codes.MAX_IDS)
        if name == "way" and len(parsed) > WAY_ENDS:
            self.bad(name, ",".join(parsed))
            return ()
        exists = set(known) if known is not None else None
        fits = [each for each in parsed if (is_id(each) if exists is None else each in exists)]
        fitting = set(fits)
        self.remark_on(f"state.unknown_{LISTS[name]}", [i for i in parsed if i not in fitting])
        return tuple(fits[: codes.MAX_IDS])

    def selections(self, values: Sequence[str]) -> tuple[Selection, ...]:
        """Read cuts by road, corridor or area; those that cannot be used are left out."""
        parsed: list[Selection] = []
        wrong: list[str] = []
        for code in codes.split(values):
            read = read_selection(code)
            corridors = self.known.corridors
            strange = isinstance(read, CorridorName) and one_of(read.name, corridors) is None
            if read is None or strange or len(parsed) >= MAX_SELECTIONS:
                wrong.append(code)
            else:
                parsed.append(read)
        self.remark_on("state.unknown_selections", wrong)
        return tuple(parsed)

    def rules(self, values: Sequence[str]) -> tuple[tuple[str, float], ...]:
        """Read ``name:number`` pairs."""
        rules, wrong = [], []
        for part in (part for value in values for part in value.split(",") if part):
            name, _, text = part.partition(":")
            value = codes.decimal(text)
            if value is None or one_of(name, self.known.rules) is None:
                wrong.append(part)
            else:
                rules.append((name, value))
        self.remark_on("state.unknown_rules", wrong)
        return tuple(rules)

    def notes(self, values: Sequence[str]) -> tuple[Note, ...]:
        """Read the notes on segments: ``segment;reason;source;date;author``."""
        notes, wrong = [], []
        for value in values:
            parts = [codes.unescape(part) for part in value.split(";")]
            if len(parts) != 5 or one_of(parts[0], self.known.segments) is None:
                wrong.append(value)
                continue
            segment_id, reason, source, date, author = parts
            notes.append(Note(segment_id, reason, source, codes.day(date), author))
        self.remark_on("state.unknown_notes", wrong)
        return tuple(notes)


def one_of(text: str, known: tuple[str, ...] | None) -> str | None:
    """Give ``text`` if it is known here, or if anything is taken and it looks like an id."""
    fits = is_id(text) if known is None else text in known
    return text if fits else None


def is_id(text: str) -> bool:
    """Say whether ``text`` can be an id at all."""
    return 0 < len(text) <= codes.ID_CHARACTERS and text.isprintable()


def _window(text: str) -> int | None:
    days = codes.whole(text)
    return days if days is not None and 1 <= days <= WINDOW_DAYS_MAX else None


def _lang(text: str) -> str | None:
    return text if text in LANGUAGES else None


def _desk(text: str) -> str | None:
    """Return a version of the desk, ``12`` or ``12p``."""
    number = codes.whole(text.removesuffix("p"))
    if number is None or number < 0:
        return None
    return f"{number}p" if text.endswith("p") else str(number)


def _fingerprint(text: str) -> str | None:
    return text if len(text) <= 64 and text.isascii() and text.isalnum() else None


def _view(text: str) -> View | None:
    numbers = [codes.decimal(part) for part in text.split(",")]
    if len(numbers) != 3 or None in numbers:
        return None
    lat, lon, zoom = (float(number) for number in numbers if number is not None)
    in_range = abs(lat) <= 90 and abs(lon) <= 180 and 0 <= zoom <= 22
    return View(lat, lon, zoom) if in_range else None
