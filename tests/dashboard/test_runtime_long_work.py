"""Long computations come one after the other; pages and short ones never wait for them."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dashboard.runtime import long_work
from dashboard.views.days_gif import in_turns


def test_only_one_long_computation_is_under_way() -> None:
    under_way, most = [0], []
    together = threading.Barrier(3)

    def compute() -> None:
        together.wait(10)
        for _ in range(20):
            with long_work.one_at_a_time(long_work.LARGE):
                under_way[0] += 1
                most.append(under_way[0])
                threading.Event().wait(0.001)
                under_way[0] -= 1

    threads = [threading.Thread(target=compute) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1] * 60


def test_a_short_computation_does_not_wait_for_a_long_one() -> None:
    done = threading.Event()

    def compute() -> None:
        with long_work.one_at_a_time(long_work.LARGE - 1):
            done.set()

    with long_work.one_at_a_time(long_work.LARGE):
        threading.Thread(target=compute).start()
        assert done.wait(long_work.WAIT_SECONDS / 2)


def test_a_long_computation_that_never_ends_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(long_work, "WAIT_SECONDS", 0.05)
    done = threading.Event()

    def compute() -> None:
        with long_work.one_at_a_time(long_work.LARGE):
            done.set()

    with long_work.one_at_a_time(long_work.LARGE):
        threading.Thread(target=compute).start()
        assert done.wait(5)


def calls(seconds: float) -> None:
    """Compute for so long, by many short calls."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(map(abs, range(20)))


@contextmanager
def thread(run: Callable[[], object], name: str = long_work.DRAWS) -> Iterator[threading.Thread]:
    """A thread of that name that runs meanwhile."""
    beside = threading.Thread(target=run, name=name)
    beside.start()
    try:
        yield beside
    finally:
        beside.join(20)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return what takes the seconds for which each pause may last, of pauses that last none."""
    pauses: list[float] = []

    def pause(seconds: float) -> float:
        pauses.append(seconds)
        return 0.0

    monkeypatch.setattr(long_work, "pause", pause)
    return pauses


def test_a_long_computation_pauses_now_and_then_and_only_until_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = counted(monkeypatch)

    def fails() -> None:
        with long_work.one_at_a_time(long_work.LARGE):
            calls(0.1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    seen = len(pauses)
    assert seen
    calls(0.1)
    assert len(pauses) == seen
    assert sys.getprofile() is None


def test_a_short_computation_never_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = counted(monkeypatch)
    with long_work.one_at_a_time(long_work.LARGE - 1):
        calls(0.1)
    assert not pauses


def test_a_computation_within_another_goes_on_pausing_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = counted(monkeypatch)
    with long_work.giving_way():
        with long_work.one_at_a_time(long_work.LARGE):
            pass
        pauses.clear()
        calls(0.1)
        assert pauses


def test_all_pauses_together_are_bounded_by_what_was_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> float:
        pauses.append(seconds)
        return seconds

    monkeypatch.setattr(long_work, "pause", pause)
    began = time.monotonic()
    with long_work.giving_way():
        calls(0.2)
    computed = time.monotonic() - began
    assert max(pauses) <= long_work.PAUSE_SECONDS
    assert sum(pauses) <= long_work.PAUSE_SECONDS + long_work.PAUSES * computed


@pytest.mark.parametrize(("pages", "sleeps"), [([], 0), ([True], 1), ([True, True, True], 3)])
def test_a_pause_lasts_as_long_as_a_page_is_drawn(
    monkeypatch: pytest.MonkeyPatch, pages: list[bool], sleeps: int
) -> None:
    slept: list[float] = []
    left = iter([*pages, False])
    monkeypatch.setattr(long_work, "drawn", lambda: next(left))
    monkeypatch.setattr(long_work.time, "sleep", slept.append)
    long_work.pause(60)
    assert len(slept) == sleeps


def test_a_pause_ends_though_pages_are_drawn_without_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(long_work, "drawn", lambda: True)
    assert long_work.pause(0.05) >= 0.05


def test_pages_go_first_but_nobody_waits_for_another_who_computes_something_long() -> None:
    done, within = threading.Event(), threading.Event()

    def long() -> None:
        with long_work.giving_way():
            within.set()
            done.wait(20)

    with thread(long):
        assert within.wait(20)
        assert not long_work.drawn()
        with thread(lambda: done.wait(20)):
            assert long_work.drawn()
            done.set()
    assert not long_work.drawn()


def test_the_pictures_of_two_visitors_are_drawn_one_at_a_time() -> None:
    drawing: list[int] = []
    most: list[int] = []

    def pictures() -> Iterator[int]:
        for number in range(4):
            drawing.append(number)
            most.append(len(drawing))
            time.sleep(0.02)
            drawing.pop()
            yield number

    made: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: made.append(list(in_turns(pictures())))) for _ in range(2)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=30)
    assert made == [[0, 1, 2, 3], [0, 1, 2, 3]]
    assert max(most) == 1
