"""On a first visit the rest of the page comes when the map has been drawn.

One thread of the browser draws the map and the other parts, some ninety, in the order in which they
come in; the map, whose frame has to be opened first, would come last. So the run sends map and
headline and waits until the browser reports the map. Only as many runs wait as documents were asked
for: a client that opens a session alone gets everything at once.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

LONGEST: Final = 5.0
"""Seconds that a run waits at most: at 400 kbit/s the map's files need 4 s from here, and 3 s more
where the scripts of the page's fields come over the line beside them."""

RECENT: Final = 60.0
"""Seconds within which a browser that has the document opens its session, on a weak line too."""

MOST: Final = 100
"""Documents without a session that are remembered."""

CALM: Final = 10.0
"""Seconds without a document after which work that can wait is in nobody's way."""

PUT_OFF: Final = 60.0
"""Seconds for which such work is put off at most."""

PATH: Final = "/map-drawn"


class FirstMaps:
    """Documents answered and maps reported, of all visitors together.

    A report may release the run of another visitor, whose page then comes as it would without.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.changed = threading.Condition()
        self.asked: deque[float] = deque(maxlen=MOST)
        self.last = clock()
        self.drawn = 0

    def document(self) -> None:
        """Note that a browser asks for the page."""
        with self.changed:
            self.last = self.clock()
            self.asked.append(self.last)

    def report(self) -> None:
        """Note that a map has been drawn."""
        with self.changed:
            self.drawn += 1
            self.changed.notify_all()

    def wait(self, longest: float = LONGEST) -> bool:
        """Wait until a map is reported; return whether there was anything to wait for."""
        with self.changed:
            while self.asked and self.clock() - self.asked[0] > RECENT:
                self.asked.popleft()
            if not self.asked:
                return False
            self.asked.popleft()
            before = self.drawn
            self.changed.wait_for(lambda: self.drawn > before, longest)
        return True

    def wait_for_calm(self, calm: float = CALM, longest: float = PUT_OFF) -> None:
        """Wait until nobody has asked for a document for some seconds, or for the longest time."""
        end = self.clock() + longest
        while (left := min(self.last + calm, end) - self.clock()) > 0:
            time.sleep(left)


MAPS: Final = FirstMaps()


def route() -> Route:
    """Return the address at which a browser reports that its map is drawn."""
    return Route(PATH, reported, methods=["POST"])


def reported(_: Request) -> Response:
    """Take a report."""
    MAPS.report()
    return Response(status_code=204)
