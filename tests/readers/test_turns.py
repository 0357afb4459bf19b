"""Turns: the visitor served least recently is next, and everyone is served in the end."""

import threading

import pytest

from geodata.errors import GeodataError
from geodata.readers import turns as module
from geodata.readers.turns import PARTY, WAITING, Turns


def worker(turns, party, done, started, gate):
    """One piece of work for a party, which signals when it waits and when it is done."""

    def work():
        PARTY.set(party)
        started.set()
        with turns.turn():
            done.append(party)
            gate.wait(20)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def waiting(turns, number):
    """Wait until that many wait."""
    for _ in range(2_000):
        with turns._changed:
            if len(turns._waiting) == number:
                return
        threading.Event().wait(0.005)
    raise AssertionError(number)


def test_a_single_request_does_not_wait_behind_a_visitor_who_keeps_asking():
    turns, done, gate = Turns(1, patience=20), [], threading.Event()
    turns._had["greedy"] = (100.0, float("inf"))
    hold = threading.Event()
    first = worker(turns, "other", done, threading.Event(), hold)
    waiting(turns, 0)
    while not done:
        threading.Event().wait(0.005)
    gate.set()
    later = [
        worker(turns, party, done, threading.Event(), gate)
        for party in ("greedy", "greedy", "modest")
    ]
    waiting(turns, 3)
    hold.set()
    for thread in (first, *later):
        thread.join(20)
    assert done == ["other", "modest", "greedy", "greedy"]


def test_no_more_work_at_once_than_there_are_places():
    turns, done, gate = Turns(2, patience=20), [], threading.Event()
    threads = [worker(turns, str(n), done, threading.Event(), gate) for n in range(6)]
    waiting(turns, 4)
    assert len(done) == 2
    gate.set()
    for thread in threads:
        thread.join(20)
    assert sorted(done) == [str(n) for n in range(6)]
    waiting(turns, 0)


def test_a_wait_ends_in_words():
    turns, done, gate = Turns(1, patience=0.05), [], threading.Event()
    thread = worker(turns, "a", done, threading.Event(), gate)
    while not done:
        threading.Event().wait(0.005)
    with pytest.raises(GeodataError) as caught, turns.turn():
        pass
    assert caught.value.key == "sandbox.busy"
    gate.set()
    thread.join(20)
    with turns.turn():
        pass


def test_who_no_longer_wants_to_wait_leaves_the_queue(monkeypatch):
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    turns = Turns(1, patience=20)

    def stop():
        raise KeyboardInterrupt

    with turns.turn():
        before = WAITING.set(stop)
        try:
            with pytest.raises(KeyboardInterrupt), turns.turn():
                pass
        finally:
            WAITING.reset(before)
    assert turns._waiting == {}
    with turns.turn():
        pass
