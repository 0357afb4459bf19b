"""Changes of towns' access and fuel in words: title, cause, sources, people and a link."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final

import pandas as pd

from geodata import schema as f
from geodata.alerts.changes import TownChange
from geodata.alerts.fuel_changes import FuelChange
from geodata.analysis.situation import Situation, situation
from geodata.cached import cached_property
from geodata.dataset import Dataset
from geodata.i18n import day, number, plural, text
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import Publication, Sensitivity, coarser

EVENTS_TOLD: Final = 5
Change = TownChange | FuelChange
LEAST_STOCK: Final = 0.1
"""Days of stock below which a band is called almost nothing."""


class Digest(StrEnum):
    """How messages are put together."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True)
class Source:
    """A report behind a message; one of a town's fuel has no event."""

    event: str
    name: str
    url: str
    date: dt.date
    place: str


@dataclass(frozen=True)
class Message:
    """One change, or several of a day or week, as it is sent.

    Parameters
    ----------
    key : str
        The same for the same change at every run, so that a reader shows it once.
    day : date
        Day that the message belongs to.
    title, body : str
        Plain text.
    link : str
    towns : tuple of str
        Node ids.
    sources : tuple of Source
    lang : str
    """

    key: str
    day: dt.date
    title: str
    body: str
    link: str
    towns: tuple[str, ...]
    sources: tuple[Source, ...]
    lang: str


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes messages in one language, at one level of sensitivity.

    Parameters
    ----------
    dataset : Dataset
    state : ViewState
    lang : {'en', 'fr'}
    level : Sensitivity
        At the public level, events that users added are reported without place and actor.
    address : str
        Address of the app.
    """

    dataset: Dataset
    state: ViewState
    lang: str = "en"
    level: Sensitivity = Sensitivity.PUBLIC
    address: str = ""

    def message(self, change: Change) -> Message:
        """Return the message of one change."""
        return self._of_fuel(change) if isinstance(change, FuelChange) else self._of_access(change)

    def _of_access(self, change: TownChange) -> Message:
        node = self._node(change.town)
        name = self.dataset.network.labels[change.town]
        since = day(change.since, self.lang)
        before, after = self._state(change.before), self._state(change.after)
        params = {"town": name, "before": before, "after": after, "day": since}
        title = text("alerts.title", self.lang, **params)
        sources = self._sources(change.events)
        key = "worse" if change.worse else "better"
        lines = [text(f"alerts.{key}", self.lang, **params), self._people(node[f.POPULATION])]
        if change.causes:
            named = [text(f"alerts.cause_{cause}", self.lang) for cause in change.causes]
            causes = ", ".join(named)
            lines.append(text(f"alerts.causes_{key}", self.lang, causes=causes))
        lines += [self._source_line(source) for source in sources]
        compared = (change.since - dt.timedelta(days=1)).isoformat()
        link = self._link(change, compare=compared)
        key_of_change, body = _key(change, self.state), "\n".join([*lines, link])
        return Message(
            key_of_change, change.reported_on, title, body, link, (change.town,), sources, self.lang
        )

    def _of_fuel(self, change: FuelChange) -> Message:
        """Return the message of another word of the fuel model: bands, never a number alone."""
        node = self._node(change.town)
        params = {
            "town": self.dataset.network.labels[change.town],
            "before": text(f"fuel_days.word.{change.before}", self.lang),
            "after": text(f"fuel_days.word.{change.after}", self.lang),
            "band": text(f"alerts.fuel_band.{change.after}", self.lang),
            "day": day(change.since, self.lang),
        }
        lines = [
            text(f"alerts.fuel_{'worse' if change.worse else 'better'}", self.lang, **params),
            self._stock(change),
        ]
        if change.leading:
            leading = text(f"fuel_days.leading.{change.leading}", self.lang)
            lines.append(text("alerts.fuel_leading", self.lang, leading=leading))
        lines.append(self._people(node[f.POPULATION]))
        sources = self._fuel_sources(change.reports)
        lines += [self._source_line(source) for source in sources]
        link = self._link(change, show=(*self.state.show, "fuel"))
        title = text("alerts.fuel_title", self.lang, **params)
        key_of_change, body = _key(change, self.state), "\n".join([*lines, link])
        return Message(
            key_of_change, change.reported_on, title, body, link, (change.town,), sources, self.lang
        )

    def _stock(self, change: FuelChange) -> str:
        low, median, high = (number(each, self.lang, decimals=1) for each in change.stock)
        if change.stock[2] < LEAST_STOCK:
            return text("fuel.stock_none", self.lang)
        return text("fuel.stock", self.lang, low=low, days=median, high=high)

    def _fuel_sources(self, rows: Iterable[int]) -> tuple[Source, ...]:
        reports = self.dataset.statuses.iloc[list(rows)[:EVENTS_TOLD]].to_dict("records")
        return tuple(
            Source(
                "",
                row[f.SOURCE_NAME],
                row[f.SOURCE_URL],
                dt.date.fromisoformat(str(row[f.DATE])[:10]),
                text(f"fuel.{row['status']}", self.lang),
            )
            for row in reports
        )

    def digest(self, changes: Sequence[Change], by: Digest) -> list[Message]:
        """Return messages of changes, one for each, or one for each day or week that has any."""
        if by == Digest.NONE:
            return [self.message(change) for change in changes]
        groups: dict[dt.date, list[Change]] = {}
        for change in changes:
            monday = change.reported_on - dt.timedelta(days=change.reported_on.weekday())
            groups.setdefault(monday if by == Digest.WEEK else change.reported_on, []).append(
                change
            )
        return [self._group(start, group, by) for start, group in sorted(groups.items())]

    def _group(self, start: dt.date, changes: Sequence[Change], by: Digest) -> Message:
        single = [self.message(change) for change in changes]
        title = plural(f"alerts.digest_{by}", len(single), self.lang, day=day(start, self.lang))
        body = "\n\n".join(f"{item.title}\n{item.body}" for item in single)
        key = sha256(" ".join(item.key for item in single).encode()).hexdigest()
        sources = tuple(dict.fromkeys(source for item in single for source in item.sources))
        towns = tuple(dict.fromkeys(town for item in single for town in item.towns))
        latest = max(change.reported_on for change in changes)
        return Message(key, latest, title, body, single[-1].link, towns, sources, self.lang)

    def _node(self, town: str) -> "pd.Series":
        network = self.dataset.network
        return network.nodes.iloc[network.node_number[town]]

    def _state(self, state: f.TownState) -> str:
        return text(f"core.town_state.{state}", self.lang)

    def _people(self, population: object) -> str:
        if pd.isna(population):  # type: ignore[call-overload]
            return text("alerts.people_unknown", self.lang)
        return text("alerts.people", self.lang, n=number(float(str(population)), self.lang))

    def _sources(self, events: Iterable[str]) -> tuple[Source, ...]:
        table = self.reportable_events().set_index(f.EVENT_ID)
        named = [event for event in events if event in table.index][:EVENTS_TOLD]
        rows = table.loc[named].to_dict("records")
        return tuple(
            Source(event, row[f.SOURCE_NAME], row[f.SOURCE_URL], row[f.DATE], row[f.PLACE])
            for event, row in zip(named, rows, strict=True)
        )

    def reportable_events(self) -> pd.DataFrame:
        """Return the events as the level allows them to be reported."""
        events = self.dataset.events
        added = self.dataset.added_events
        if self.level == Sensitivity.FULL or added is None:
            return events
        mask = events[f.EVENT_ID].isin(added[f.EVENT_ID])
        return coarser(events, mask, self._situation)

    def _source_line(self, source: Source) -> str:
        params = {
            "event": source.event,
            "day": day(source.date, self.lang),
            "place": source.place or "?",
            "source": source.name,
        }
        line = text("alerts.source" if source.event else "alerts.fuel_source", self.lang, **params)
        return f"{line} {source.url}" if source.url else line

    @cached_property
    def _situation(self) -> Situation:
        return situation(self.dataset, replace(self.state.scenario, date=None, preset=None))

    def _link(self, change: Change, *, compare: str = "", show: tuple[str, ...] = ()) -> str:
        state = replace(
            self.state,
            date=change.since,
            preset=None,
            compare=compare,
            town=change.town,
            show=show or self.state.show,
        )
        return Publication(
            self._situation, state, change.reported_on, self.lang, self.level, self.address
        ).link


def _key(change: Change, state: ViewState) -> str:
    # The words of the fuel model are not those of access, and hang on no vehicle.
    moved = () if isinstance(change, FuelChange) else (state.vehicle, state.traffic)
    identity = (change.town, change.since.isoformat(), change.before, change.after, *moved)
    return sha256("|".join(map(str, identity)).encode()).hexdigest()
