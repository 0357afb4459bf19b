"""A search of all objects takes a small share of the server's time, however many there are."""

import inspect
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner

from dashboard.runtime import gc_tuning, long_work
from dashboard.runtime.departures import KEPT_SECONDS, LOOK_SECONDS


class Clock:
    """A server's time, of which each search of everything takes some seconds."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds, self.searches = 1000.0, seconds, 0

    def search(self) -> None:
        self.now += self.seconds
        self.searches += 1


@pytest.fixture
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(request.param)

    def now() -> float:
        return made.now

    collector = SimpleNamespace(collect=made.search, freeze=lambda: None, unfreeze=lambda: None)
    monkeypatch.setattr(gc_tuning, "gc", collector)
    monkeypatch.setattr(gc_tuning, "time", SimpleNamespace(monotonic=now, thread_time=now))
    monkeypatch.setattr(gc_tuning, "_soon", gc_tuning.collect)
    monkeypatch.setattr(gc_tuning, "_seen", {"modules": 10**6, "runs": 0})
    monkeypatch.setattr(gc_tuning, "_next", {"search": 0.0})
    return made


@pytest.mark.parametrize("clock", [0.05, 0.5, 3.0], indirect=True)
def test_a_search_is_made_the_less_often_the_longer_it_takes(clock):
    began = clock.now
    for _ in range(20_000):
        clock.now += 0.1
        gc_tuning.freeze_long_lived_objects()
    share = clock.searches * clock.seconds / (clock.now - began)
    assert clock.searches
    assert share <= gc_tuning.SHARE * 1.1
    by_runs = 20_000 / gc_tuning.RUNS_BETWEEN
    by_time = (clock.now - began) * gc_tuning.SHARE / clock.seconds
    assert clock.searches >= 0.8 * min(by_runs, by_time)


@pytest.mark.parametrize("clock", [0.4], indirect=True)
def test_what_ended_sessions_left_is_searched_for_within_two_minutes(clock):
    gc_tuning.collect()
    assert not gc_tuning.may_search()
    clock.now += 120 - KEPT_SECONDS - 2 * LOOK_SECONDS
    assert gc_tuning.may_search()


@contextmanager
def drawing() -> Iterator[None]:
    done = threading.Event()
    run = threading.Thread(target=done.wait, args=(20,), name=long_work.DRAWS)
    run.start()
    try:
        yield
    finally:
        done.set()
        run.join()


def test_a_search_waits_until_no_page_is_drawn(monkeypatch):
    searched = threading.Event()
    monkeypatch.setattr(gc_tuning, "_search", searched.set)
    with drawing():
        gc_tuning._soon()
        assert not searched.wait(20 * gc_tuning.LOOK_SECONDS)
    assert searched.wait(5)


def test_a_search_is_made_on_a_server_that_always_draws(monkeypatch):
    searched = threading.Event()
    monkeypatch.setattr(gc_tuning, "_search", searched.set)
    monkeypatch.setattr(gc_tuning, "IDLE_SECONDS", 0.05)
    with drawing():
        gc_tuning._soon()
        assert searched.wait(5)


def test_no_run_waits_for_a_search(monkeypatch):
    searching, done = threading.Event(), threading.Event()

    def search() -> None:
        searching.set()
        done.wait(20)

    monkeypatch.setattr(gc_tuning, "_search", search)
    gc_tuning._soon()
    assert searching.wait(5)
    run = threading.Thread(target=gc_tuning.freeze_long_lived_objects)
    run.start()
    run.join(5)
    waits = run.is_alive()
    done.set()
    assert not waits


def test_streamlit_draws_in_the_thread_that_a_search_looks_for():
    assert f'name="{long_work.DRAWS}"' in inspect.getsource(ScriptRunner.start)
