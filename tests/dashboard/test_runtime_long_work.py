"""Long computations come one after the other; pages and short ones never wait for them."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
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


def test_a_long_computation_pauses_now_and_then_and_only_until_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[None] = []
    monkeypatch.setattr(long_work, "pause", lambda: bool(pauses.append(None)))

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
    pauses: list[None] = []
    monkeypatch.setattr(long_work, "pause", lambda: bool(pauses.append(None)))
    with long_work.one_at_a_time(long_work.LARGE - 1):
        calls(0.1)
    assert not pauses


def test_a_computation_within_another_goes_on_pausing_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[None] = []
    monkeypatch.setattr(long_work, "pause", lambda: bool(pauses.append(None)))
    with long_work.giving_way():
        with long_work.one_at_a_time(long_work.LARGE):
            pass
        pauses.clear()
        calls(0.1)
        assert pauses


@pytest.mark.parametrize(
    ("looks", "drawn", "sleeps"),
    [
        ([{}], False, 0),
        ([{7: "5"}, {7: "5"}], False, 1),
        ([{7: "5"}, {7: "6"}, {7: "6"}], True, 2),
        ([{7: "5"}, {7: "5", 8: "1"}, {7: "5", 8: "1"}], True, 2),
        ([{7: "5"}, {7: "6"}, {}], True, 2),
    ],
)
def test_a_pause_lasts_as_long_as_pages_compute(
    monkeypatch: pytest.MonkeyPatch,
    looks: list[Mapping[int, str]],
    *,
    drawn: bool,
    sleeps: int,
) -> None:
    slept: list[float] = []
    left = iter(looks)
    monkeypatch.setattr(long_work, "computed", lambda: next(left))
    monkeypatch.setattr(long_work.time, "sleep", slept.append)
    assert long_work.pause() is drawn
    assert len(slept) == sleeps


def test_a_pause_ends_though_pages_compute_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(10**6))
    monkeypatch.setattr(long_work, "computed", lambda: {7: str(next(looks))})
    monkeypatch.setattr(long_work, "PAUSE_SECONDS", 0.05)
    assert long_work.pause()


@pytest.mark.skipif(not long_work.THREADS.is_dir(), reason="only Linux says what threads compute")
def test_only_pages_that_compute_are_waited_for() -> None:
    waits, done = threading.Event(), threading.Event()

    def long() -> None:
        with long_work.giving_way():
            done.wait(20)

    with thread(lambda: waits.wait(20)) as idle, thread(long):
        assert long_work.pause() is False  # both wait, one of them within something long
        assert set(long_work.computed()) <= {idle.native_id}
        with thread(lambda: calls(0.5)) as page:
            before = long_work.computed()
            assert page.native_id in before
            time.sleep(0.1)
            assert long_work.computed()[page.native_id or 0] != before[page.native_id or 0]
        waits.set()
        done.set()


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
