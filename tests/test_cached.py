"""Cached properties: values are kept, and no object waits for another."""

import threading

import pytest

from dashboard.page import Page
from dashboard.session.results import AnalysisCache
from geodata import cached
from geodata.cached import cached_property
from geodata.dataset import Dataset
from geodata.network.model import Network

WAIT = 10


def test_two_objects_compute_at_the_same_time():
    """Each waits within its computation for the other one to be within its own."""
    both = threading.Barrier(2)

    class Meeting:
        @cached_property
        def met(self):
            both.wait(WAIT)
            return True

    pair = [Meeting(), Meeting()]
    threads = [threading.Thread(target=lambda one=one: one.met) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * WAIT)
    assert [vars(one) for one in pair] == [{"met": True}] * 2


def test_threads_that_ask_one_object_at_once_get_one_value():
    both = threading.Barrier(2)

    class Shared:
        @cached_property
        def kept(self):
            both.wait(WAIT)
            return object()

    one, got = Shared(), []
    threads = [threading.Thread(target=lambda: got.append(one.kept)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * WAIT)
    assert got == [one.kept] * 2


@pytest.mark.parametrize("value", [None, 0, "x"])
def test_a_value_is_computed_once_whatever_it_is(value):
    class Counted:
        count = 0

        @cached_property
        def kept(self):
            """The value."""
            self.count += 1
            return value

    one = Counted()
    assert (one.kept, one.kept, one.count) == (value, value, 1)
    assert Counted.kept.__doc__ == "The value."


def test_a_computation_that_fails_is_tried_again():
    class Failing:
        tried = 0

        @cached_property
        def kept(self):
            self.tried += 1
            if self.tried == 1:
                raise ValueError("first")
            return "second"

    one = Failing()
    with pytest.raises(ValueError, match="first"):
        _ = one.kept
    assert one.kept == "second"


@pytest.mark.parametrize("kind", [Page, AnalysisCache, Dataset, Network])
def test_what_sessions_share_by_class_keeps_its_values_without_a_lock(kind):
    kept = [each for each in vars(kind).values() if type(each).__name__ == "cached_property"]
    assert kept
    assert {type(each) for each in kept} == {cached.cached_property}
