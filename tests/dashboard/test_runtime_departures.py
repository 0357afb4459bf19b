"""Sessions whose visitor left end after a time, with everything that they hold."""

import asyncio
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.runtime import departures
from dashboard.runtime.departures import KEPT_SECONDS, LOOK_SECONDS, MOST, Departures


@dataclass
class Session:
    id: str
    session_state: dict = field(default_factory=lambda: {"table": 1})
    ended: bool = False

    def shutdown(self):
        self.ended = True


def leaving(name):
    return SimpleNamespace(session=Session(name))


def test_all_is_given_back_within_two_minutes():
    assert KEPT_SECONDS + LOOK_SECONDS < 110


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.floats(0, 200))
def test_sessions_end_when_their_time_is_over_and_not_before(left, now):
    ended, infos = [], []
    waiting = Departures(seconds=60, ended=ended.append)
    for number, moment in enumerate(left):
        infos.append(leaving(str(number)))
        waiting._waiting[str(number)] = moment + 60, infos[-1]
    waiting.end_due(now)
    for number, (moment, info) in enumerate(zip(left, infos, strict=True)):
        over = moment + 60 <= now
        assert info.session.ended == over == (str(number) in ended)
        assert (waiting.get(str(number)) is None) == over
        assert info.session.session_state == ({} if over else {"table": 1})


def test_a_session_in_use_is_not_ended():
    waiting, info = Departures(seconds=0, ended=lambda _: None), leaving("a")
    waiting.save(info)
    assert waiting.list() == [info]
    waiting.delete("a")
    waiting.end_due(float("inf"))
    assert not info.session.ended
    with pytest.raises(KeyError):
        waiting.delete("a")


def test_the_first_that_left_ends_where_too_many_wait():
    waiting = Departures(ended=lambda _: None)
    infos = [leaving(str(number)) for number in range(MOST + 2)]
    for info in infos:
        waiting.save(info)
    assert [info.session.ended for info in infos] == [True, True] + [False] * MOST


def test_the_clock_ends_them_though_no_other_visitor_comes(monkeypatch):
    monkeypatch.setattr(departures, "LOOK_SECONDS", 0.01)
    ended = []
    waiting = Departures(seconds=0, ended=ended.append)

    async def quiet_server():
        async with waiting.watched():
            waiting.save(leaving("a"))
            for _ in range(200):
                await asyncio.sleep(0.01)
                if ended:
                    break

    asyncio.run(quiet_server())
    assert ended == ["a"]


def test_memory_is_given_back_as_soon_as_a_search_may_be_made(monkeypatch):
    monkeypatch.setattr(departures, "LOOK_SECONDS", 0.01)
    given_back: list[float] = []
    allowed: list[float] = []
    monkeypatch.setattr(departures, "give_back", lambda: given_back.append(time.monotonic()))
    monkeypatch.setattr(departures.gc_tuning, "may_search", lambda: bool(allowed))
    ended: list[str] = []
    waiting = Departures(seconds=0, ended=ended.append)

    async def quiet_server():
        async with waiting.watched():
            waiting.save(leaving("a"))
            while not ended:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            assert not given_back
            allowed.append(time.monotonic())
            while not given_back:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(quiet_server(), 10))
    assert len(given_back) == 1
