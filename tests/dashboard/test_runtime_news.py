"""Which open pages are drawn again for news, and which part of each."""

import pytest

from dashboard.runtime import news


@pytest.fixture(autouse=True)
def waiting(monkeypatch):
    """Nobody waits but those of one test."""
    parts: dict[str, news.Waiting] = {}
    monkeypatch.setattr(news, "_waiting", parts)
    return parts


def test_pages_that_show_something_older_are_due_and_those_drawn_longest_ago_come_first(waiting):
    for session, drawn, since in (("a", 1, 10.0), ("b", 1, 8.0), ("c", 2, 1.0), ("d", 1, 12.0)):
        waiting[session] = news.Waiting("part", drawn, since)
    assert news.due(2, 100.0) == ["b", "a", "d"]
    assert news.due(1, 100.0) == ["c"]


def test_a_page_that_was_drawn_a_moment_ago_rests_first(waiting):
    waiting["a"] = news.Waiting("part", 1, 0.0)
    assert news.due(2, news.REST_SECONDS / 2) == []
    assert news.due(2, news.REST_SECONDS) == ["a"]
    waiting["a"] = news.Waiting("part", 1, 0.0, rest=60.0)
    assert news.due(2, news.REST_SECONDS) == []
    assert news.due(2, 60.0) == ["a"]


def test_a_session_that_has_ended_waits_for_nothing(waiting):
    waiting["a"] = news.Waiting("part", 1, 0.0)
    news.forget("a")
    news.forget("unknown")
    assert news.due(2, 100.0) == []


def test_outside_of_a_run_nothing_waits(waiting):
    news.wait(1)
    assert not waiting
