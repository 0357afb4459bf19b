"""The page answers to its own names only, whatever name points at this machine."""

import asyncio

import pytest

from dashboard.runtime import hosts

NAMES = frozenset({"localhost", "routes.example.org"})
OURS = (
    "localhost", "localhost:8501", "LOCALHOST:8501", "localhost.", "127.0.0.1", "127.0.0.1:8501",
    "[::1]", "[::1]:8501", "192.168.1.7:8501", "routes.example.org", "Routes.Example.org:443", "",
)  # fmt: skip
OTHERS = (
    "elsewhere.example", "elsewhere.example:8501", "localhost.elsewhere.example",
    "127.0.0.1.elsewhere.example:80", "routes.example.org.elsewhere.example", "[localhost]x:1",
    "x@localhost", "localhost:8501:x", "127.0.0.1 elsewhere.example", "evil.local", ":8501", ".",
)  # fmt: skip


@pytest.mark.parametrize("host", OURS)
def test_names_and_addresses_of_this_server_are_known(host):
    assert hosts.is_known(host, NAMES)


@pytest.mark.parametrize("host", OTHERS)
def test_names_of_others_are_not(host):
    assert not hosts.is_known(host, NAMES)


def test_names_are_those_set_and_the_machines_own(monkeypatch):
    monkeypatch.setenv(hosts.SETTING, "Routes.example.org, other.example.org,")
    monkeypatch.setattr(hosts.socket, "gethostname", lambda: "Desk-7")
    assert hosts.host_names() >= {
        "localhost",
        "desk-7",
        "desk-7.local",
        "routes.example.org",
        "other.example.org",
    }
    assert "" not in hosts.host_names()


async def answers(kind, *named):
    """What is sent for a request with these Host headers."""
    sent = []

    async def passed(_scope, _receive, send):
        await send({"type": "passed"})

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "headers": [(b"host", each.encode()) for each in named]}
    await hosts.KnownHosts(passed, NAMES)(scope, None, send)
    return sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_requests_to_this_server_are_passed_on(kind):
    assert asyncio.run(answers(kind, "localhost:8501")) == [{"type": "passed"}]
    assert asyncio.run(answers(kind)) == [{"type": "passed"}]
    for named in (["elsewhere.example"], ["localhost", "elsewhere.example"]):
        first = asyncio.run(answers(kind, *named))[0]
        assert first.get("status", first.get("code")) == {"http": 421, "websocket": 1008}[kind]


def test_the_start_and_end_of_the_server_pass():
    assert asyncio.run(answers("lifespan", "elsewhere.example")) == [{"type": "passed"}]
