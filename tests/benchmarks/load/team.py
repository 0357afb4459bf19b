"""A team on the real page at once: editors who change events, viewers at the desk and on the map.

Each is a session over a websocket as a browser has it: it clicks, and it reads what the server
sends by itself when others have saved something.
"""

import asyncio
import datetime as dt
import itertools
import os
import random
import re
import time
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from websockets.exceptions import ConnectionClosed

from geodata.dataset import shipped
from geodata.desk.database import writing
from geodata.desk.editing import add_event, review
from geodata.desk.journal import Kind, Status
from geodata.desk.people import Person, Role, local_person, store_role
from geodata.desk.store import Desk, opened
from tests.benchmarks.load.visitor import Visitor
from tests.support import server

EDITORS: Final = 20
AT_DESK: Final = 30
ON_MAP: Final = 20
ARRIVE_SECONDS: Final = 20.0
LOAD_SECONDS: Final = 50.0
PATIENCE_SECONDS: Final = 30.0
"""After the end, until a session that waits for an answer is given up."""

THINK_SECONDS: Final = 5.0
"""Mean time between two clicks of one person; those who read and write take longer."""

TODAY: Final = dt.date(2026, 5, 20)
DAY: Final = "2026-05-02"
NEWEST: Final = re.compile(r"(?:uses version|newest is) (\d+)")
SECRET: Final = "of the proxy"
EVENT: Final = {
    "date": "2026-05-01",
    "event_type": "blockade",
    "place": "Diboli",
    "lat": "14.46",
    "lon": "-12.2",
    "effect_on_passage": "closed",
    "source_name": "Radio A",
}


@dataclass
class Clicks:
    """What the team met: seconds of each click by kind, and of each edit until others saw it.

    Parameters
    ----------
    times : mapping of str to list of float
        By ``read`` (an event opened at the desk), ``map`` (a road cut), ``form`` (an event's form
        opened, filled in or left) and ``save``.
    seen : list of float
        From the click that saves until the desk's page of a viewer shows that version.
    lost : int
        Saves that the page told of and the desk does not hold.
    failed : int
        Visitors who were shown an error of the page.
    broken : list of str
        Why a visitor's session broke off.
    """

    times: dict[str, list[float]] = field(
        default_factory=lambda: {name: [] for name in ("read", "map", "form", "save")}
    )
    seen: list[float] = field(default_factory=list)
    lost: int = 0
    failed: int = 0
    broken: list[str] = field(default_factory=list)


def clicks(folder: Path, *, servers: int = 1) -> Clicks:
    """Let the team work at one desk, divided among so many servers, whose files are in ``folder``.

    A server computes on one core, so two use both.
    """
    url = os.environ.get("DESK_DATABASE") or f"sqlite:///{folder / 'team.sqlite'}"
    desk = opened(url)
    _fill(desk)
    settings = {
        "DESK_DATABASE": url,
        "DESK_ACCOUNTS": "header:X-Remote-User",
        "DESK_PROXY_SECRET": SECRET,
    }
    with ExitStack() as stack:
        apps = [
            stack.enter_context(server.app(folder, environment=settings)) for _ in range(servers)
        ]
        return asyncio.run(_work([app.url.replace("http", "ws") for app in apps], desk))


def _fill(desk: Desk) -> None:
    """One reviewed event and one account for each editor."""
    for n in range(EDITORS):
        add_event(desk, local_person("Cheick"), {**EVENT, "event_id": f"t{n}"}, today=TODAY)
    names = [f"t{n}" for n in range(EDITORS)]
    review(desk, local_person("Binta"), names, Status.REVIEWED, base=desk.version)
    with writing(desk.engine) as connection:
        for n in range(EDITORS):
            store_role(connection, Person(_account(n), _account(n), Role.REVIEWER))


def _account(n: int) -> str:
    return f"editor{n}@example.org"


async def _work(servers: Sequence[str], desk: Desk) -> Clicks:
    told, first = Clicks(), desk.version
    at_desk = f"lang=en&tab=desk&desk={first}&date={DAY}"
    saves: dict[str, list[float]] = {_account(n): [] for n in range(EDITORS)}
    end = time.perf_counter() + ARRIVE_SECONDS + LOAD_SECONDS
    at = [servers[n % len(servers)] for n in range(max(AT_DESK, EDITORS, ON_MAP))]
    readers = [Visitor(at[n], at_desk, noted=NEWEST) for n in range(AT_DESK)]
    people = [
        *(_edits(at[n], at_desk, n, saves[_account(n)], told, end) for n in range(EDITORS)),
        *(_reads(reader, n, told, end) for n, reader in enumerate(readers)),
        *(_cuts(at[n], f"lang=en&desk={first}&date={DAY}", n, told, end) for n in range(ON_MAP)),
    ]
    random.Random(1).shuffle(people)
    gap = ARRIVE_SECONDS / len(people)
    await asyncio.gather(*(_late(n * gap, act, told) for n, act in enumerate(people)))
    clicked = _versions(desk, first, saves)
    told.lost = sum(map(len, saves.values())) - len(clicked)
    told.seen = [
        min(later) - clicked[version]
        for version in clicked
        for reader in readers
        if (later := [at for shown, at in reader.shown.items() if shown >= version])
    ]
    told.failed = sum(reader.failed for reader in readers) + told.failed
    return told


async def _late(seconds: float, act: Coroutine[None, None, None], told: Clicks) -> None:
    """Let one person come after some seconds; a session that breaks off ends no other."""
    await asyncio.sleep(seconds)
    try:
        async with asyncio.timeout(ARRIVE_SECONDS + LOAD_SECONDS + PATIENCE_SECONDS):
            await act
    except (OSError, KeyError, TimeoutError, ConnectionClosed) as fault:
        told.broken.append(repr(fault))


def _versions(desk: Desk, first: int, saves: Mapping[str, list[float]]) -> dict[int, float]:
    """Moment of the click that made each version: an editor's saves are in order."""
    made: dict[str, list[int]] = {}
    for each in desk.entries(since=first):
        versions = made.setdefault(each.author or "", [])
        if each.kind == Kind.EVENT and each.version not in versions:
            versions.append(each.version)
    return {
        version: moment
        for author, moments in saves.items()
        for version, moment in zip(sorted(made.get(author, [])), moments, strict=False)
    }


async def _edits(
    address: str, query: str, n: int, saved: list[float], told: Clicks, end: float
) -> None:
    """Open one event, change its source, save, and go back to the list; again and again."""
    headers = {"X-Remote-User": _account(n), "X-Desk-Proxy": SECRET}
    visitor, choice = Visitor(address, query, headers=headers), random.Random(n)
    await visitor.open()
    await visitor.press(f"desk_pick_t{n}")
    asking = asyncio.create_task(visitor.stay())
    for act in itertools.cycle(("desk_edit", "entry_source_name", "entry_save", "entry_list")):
        await _thought(choice)
        if time.perf_counter() > end:
            break
        if act == "entry_source_name":
            taken = await visitor.write(act, f"Radio {len(saved)}")
        else:
            if act == "entry_save":
                saved.append(time.time())
            taken = await visitor.press(act)
        told.times["save" if act == "entry_save" else "form"].append(taken)
    await _leave(visitor, asking, told)


async def _reads(visitor: Visitor, n: int, told: Clicks, end: float) -> None:
    """Open one event of the list after the other."""
    choice = random.Random(100 + n)
    await visitor.open()
    asking = asyncio.create_task(visitor.stay())
    while time.perf_counter() < end:
        await _thought(choice)
        told.times["read"].append(await visitor.press(f"desk_pick_t{choice.randrange(EDITORS)}"))
    await _leave(visitor, asking, told)


async def _cuts(address: str, query: str, n: int, told: Clicks, end: float) -> None:
    """Cut and reopen roads on the map."""
    visitor, choice = Visitor(address, f"{query}&tab=scenario"), random.Random(200 + n)
    roads = shipped().network.segment_ids
    await visitor.open()
    asking = asyncio.create_task(visitor.stay())
    while time.perf_counter() < end:
        await _thought(choice)
        told.times["map"].append(await visitor.click(choice.choice(roads)))
    await _leave(visitor, asking, told)


async def _thought(choice: random.Random) -> None:
    await asyncio.sleep(choice.uniform(0, 2 * THINK_SECONDS))


async def _leave(visitor: Visitor, asking: "asyncio.Task[None]", told: Clicks) -> None:
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await visitor.close()
    told.failed += visitor.failed
