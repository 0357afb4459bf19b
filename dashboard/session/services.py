"""The operator's accounts with event services: lent to visitors only where the operator says so.

One account serves all visitors, so one of them must not use it up or have it blocked: an answer
is kept for all, a fault too, and the server as a whole asks a service only so often.
"""

import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard.runtime.footprint import footprint
from dashboard.runtime.ledger import LEDGER, SERVER, Ledger
from geodata.errors import GeodataError
from geodata.readers.services import acled

ENABLED: Final = "EVENT_SERVICES"
"""Setting that lends the accounts to visitors: ``on``."""

HAPI_EMAIL: Final = "HAPI_EMAIL"
NAMES: Final = (*acled.NAMES, HAPI_EMAIL, ENABLED)
KEPT_SECONDS: Final = 6 * 3600.0
FAULT_SECONDS: Final = 15 * 60.0
"""How long a service is not asked again after it refused or failed."""

KEPT: Final = 8
"""Answers kept for all visitors."""

PER_HOUR: Final = 12
"""Questions to one service in an hour, by all visitors together."""


Answer = TypeVar("Answer")


def settings() -> Mapping[str, str]:
    """Return the accounts from the environment or from Streamlit's secrets, which win."""
    values = {name: os.environ.get(name, "") for name in NAMES}
    with suppress(StreamlitSecretNotFoundError):  # most machines have no file of secrets
        values |= {name: str(st.secrets[name]) for name in NAMES if name in st.secrets}
    return values


def enabled() -> bool:
    """Return whether the operator lends the accounts to visitors."""
    return settings()[ENABLED].strip().lower() == "on"


@dataclass
class Desk:
    """Where visitors ask a service, one question after the other.

    Parameters
    ----------
    ledger : Ledger
    clock : callable
        Seconds, from any start.
    """

    ledger: Ledger = field(default_factory=lambda: LEDGER)
    clock: Callable[[], float] = time.monotonic
    _answers: OrderedDict[tuple[str, Hashable], tuple[float, object]] = field(
        default_factory=OrderedDict
    )
    _asked: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, service: str, about: Hashable, question: Callable[[], Answer]) -> Answer:
        """Return the answer of a service, asked for now or kept from an earlier visitor.

        Parameters
        ----------
        service : str
        about : hashable
            What is asked: the same answer for the same.
        question : callable
            Asks.

        Raises
        ------
        GeodataError
            What ``question`` raises, also for those who ask soon after; ``connect.often`` if the
            service was asked too often, or is being asked.
        """
        if not self._lock.acquire(blocking=False):
            raise GeodataError("connect.often", service=service)
        try:
            cached = self._kept((service, about)) or self._kept((service, None))
            if cached is None:
                cached = self._answered(service, about, question)
        finally:
            self._lock.release()
        if isinstance(cached, GeodataError):
            raise cached.again()
        return cast("Answer", cached)

    def _answered(self, service: str, about: Hashable, question: Callable[[], object]) -> object:
        now = self.clock()
        times = self._asked.setdefault(service, deque())
        while times and now - times[0] > 3600:
            times.popleft()
        if len(times) >= PER_HOUR:
            return GeodataError("connect.often", service=service)
        times.append(now)
        try:
            answer: object = question()
        except GeodataError as fault:
            # Whatever was asked: the account itself may be what the service refuses.
            answer = fault.again()
            self._keep((service, None), now + FAULT_SECONDS, answer)
            return answer
        self._keep((service, about), now + KEPT_SECONDS, answer)
        return answer

    def _kept(self, key: tuple[str, Hashable]) -> object | None:
        until, answer = self._answers.get(key, (0.0, None))
        return answer if answer is not None and self.clock() < until else None

    def _keep(self, key: tuple[str, Hashable], until: float, value: object) -> None:
        self._answers.pop(key, None)
        while len(self._answers) >= KEPT:
            self._answers.popitem(last=False)
        with suppress(GeodataError):  # it is answered all the same, and asked for again later
            answers = [answer for _, answer in self._answers.values()]
            self.ledger.hold(SERVER, "answers", footprint([*answers, value]))
            self._answers[key] = until, value


DESK: Final = Desk()
"""The desk of this server."""
