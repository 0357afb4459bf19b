"""Long computations come one after the other; short ones never wait for them."""

import threading

import pytest

from dashboard.runtime import long_work


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
