"""What a browser asks its session between runs is answered to that session's page alone."""

import gc
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient

from dashboard.runtime import session_answers
from dashboard.runtime.session_answers import ABOUT_CHARACTERS, AT_ONCE, PATH, offer, withdraw
from geodata.errors import GeodataError

WAIT = 30.0


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What one session holds."""
    holds: dict[str, object] = {}
    monkeypatch.setattr(session_answers, "st", SimpleNamespace(session_state=holds))
    return holds


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[session_answers.route()])) as opened:
        yield opened


def ask(client: TestClient, token: str, about: str = "a--b") -> Response:
    return client.get(PATH, params={"of": token, "about": about})  # type: ignore[return-value]


def echo(about: str) -> Mapping[str, object] | None:
    return {"about": about} if about != "nothing" else None


def test_who_knows_the_token_is_answered_and_nobody_keeps_it(
    client: TestClient, session: dict[str, object]
) -> None:
    answer = client.get(PATH, params={"of": offer("state", echo), "about": "Gao & <b>"})
    assert answer.json() == {"about": "Gao & <b>"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("token", ["", "x" * 16])
def test_a_token_that_was_not_given_out_has_no_answer(
    client: TestClient, session: dict[str, object], token: str
) -> None:
    offer("state", echo)
    assert ask(client, token).status_code == 204


def test_what_there_is_not_and_what_is_too_long_have_no_answer(
    client: TestClient, session: dict[str, object]
) -> None:
    token = offer("state", echo)
    assert ask(client, token, "nothing").status_code == 204
    assert ask(client, token, "x" * ABOUT_CHARACTERS).status_code == 200
    assert ask(client, token, "x" * (ABOUT_CHARACTERS + 1)).status_code == 204


def test_an_offer_stays_while_the_page_is_the_same_and_ends_with_it(
    client: TestClient, session: dict[str, object]
) -> None:
    first = offer("state", echo)
    assert offer("state", echo) == first
    second = offer("another", echo)
    assert second != first
    assert ask(client, first).status_code == 204
    assert ask(client, second).status_code == 200
    withdraw()
    withdraw()
    assert ask(client, second).status_code == 204


def test_an_offer_ends_with_its_session(client: TestClient, session: dict[str, object]) -> None:
    token = offer("state", echo)
    session.clear()
    gc.collect()
    assert ask(client, token).status_code == 204


def test_sessions_do_not_answer_for_each_other(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, states = [], []
    for name in ("one", "other"):
        states.append(SimpleNamespace(session_state={}))
        monkeypatch.setattr(session_answers, "st", states[-1])
        tokens.append(offer("the same view", lambda _, name=name: {"of": name}))  # type: ignore[misc]
    answers = [client.get(PATH, params={"of": token, "about": "x"}).json() for token in tokens]
    assert answers == [{"of": "one"}, {"of": "other"}]


def test_a_refusal_is_no_answer_and_the_next_question_is_answered(
    client: TestClient, session: dict[str, object]
) -> None:
    def refuse_first(about: str) -> Mapping[str, object]:
        if about == "first":
            raise GeodataError("own.session_full", mb=1)
        return {}

    token = offer("state", refuse_first)
    assert ask(client, token, "first").status_code == 204
    assert ask(client, token, "second").status_code == 200


def test_of_one_session_one_answer_is_computed_at_once_and_few_of_all(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty sessions ask three times each, while no answer may end."""
    go, lock = threading.Event(), threading.Lock()
    running, most = 0, 0

    def slow(about: str) -> Mapping[str, object]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        assert go.wait(WAIT)
        with lock:
            running -= 1
        return {}

    sessions = [SimpleNamespace(session_state={}) for _ in range(20)]
    tokens = []
    for each in sessions:
        monkeypatch.setattr(session_answers, "st", each)
        tokens.append(offer("state", slow))
    with ThreadPoolExecutor(60) as visitors:
        asked = [visitors.submit(ask, client, token) for token in tokens for _ in range(3)]
        list(islice(as_completed(asked, WAIT), 40))  # all but one of each session: at once
        go.set()
        statuses = sorted(each.result(WAIT).status_code for each in asked)
    assert statuses == [200] * 20 + [204] * 40
    assert most == AT_ONCE
