"""Messages posted to addresses that an administrator listed, and to no others."""

import ipaddress
import json
import socket
import time
from collections.abc import Callable, Collection, Sequence
from typing import Final
from urllib.parse import urlsplit

import certifi
import urllib3

from geodata.alerts.messages import Message
from geodata.errors import GeodataError

TRIES: Final = 4
FIRST_WAIT_SECONDS: Final = 1.0
TIMEOUT_SECONDS: Final = 10
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which another try makes sense."""


def post(
    messages: Sequence[Message],
    url: str,
    *,
    allowed: Collection[str],
    private: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Post messages as JSON; the same messages carry the same ``Idempotency-Key``.

    Parameters
    ----------
    url : str
    allowed : collection of str
        Addresses that an administrator listed, each exactly as it is called.
    private : bool
        Whether an address of a private network, or http, may be called.
    wait : callable
        Waits between tries, twice as long each time.

    Returns
    -------
    int
        Tries it took.

    Raises
    ------
    GeodataError
        If the address is not listed, leads into a private network, or does not take it.
    """
    if url not in allowed:
        raise GeodataError("alerts.hook_not_listed")
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise GeodataError("alerts.hook_not_listed")
    if parts.scheme != "https" and not private:
        raise GeodataError("alerts.hook_private")
    body = json.dumps({"messages": [_plain(item) for item in messages]}, ensure_ascii=False)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": "-".join(item.key[:16] for item in messages[-8:]),
    }
    for turn in range(1, TRIES + 1):
        address = _resolved(parts.hostname, private=private)
        if _delivered(url, address, body, headers):
            return turn
        if turn < TRIES:
            wait(FIRST_WAIT_SECONDS * 2 ** (turn - 1))
    raise GeodataError("alerts.hook_failed", host=parts.hostname, tries=TRIES)


def _resolved(host: str, *, private: bool) -> str:
    """An address of a host; the connection goes to this one, so no second answer can differ."""
    try:
        resolved = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ""
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in resolved]
    mapped = [getattr(entry, "ipv4_mapped", None) or entry for entry in addresses]
    if not private and any(not entry.is_global or entry.is_multicast for entry in mapped):
        raise GeodataError("alerts.hook_private")
    return str(addresses[0])


def _delivered(url: str, address: str, body: str, headers: dict[str, str]) -> bool:
    """Return whether the address took it; False if it may later."""
    parts = urlsplit(url)
    if not address:
        return False
    host = str(parts.hostname)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        with _pool(parts.scheme, host, address, parts.port) as pool:
            answer = pool.urlopen(
                "POST",
                path,
                body=body.encode(),
                redirect=False,
                retries=False,
                headers={**headers, "Host": parts.netloc.rpartition("@")[2]},
                preload_content=False,
            )
            status = answer.status
            answer.close()
    except urllib3.exceptions.HTTPError:
        return False
    if 200 <= status < 300:
        return True
    if status in LATER:
        return False
    raise GeodataError("alerts.hook_refused", host=host, status=status)


def _pool(scheme: str, host: str, address: str, port: int | None) -> urllib3.HTTPConnectionPool:
    """A connection to this very address, which must show the certificate of the host's name."""
    timeout = urllib3.Timeout(TIMEOUT_SECONDS)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=timeout,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def _plain(message: Message) -> dict[str, object]:
    return {
        "id": message.key,
        "day": message.day.isoformat(),
        "title": message.title,
        "text": message.body,
        "link": message.link,
        "towns": list(message.towns),
        "events": [source.event for source in message.sources],
    }
