"""Measure a first and a second visit on a weak line: ``python -m tests.benchmarks weak``.

The browser holds every request and the websocket to 400 kbit/s with a delay of 400 ms. Printed is
when title and figures, page and map are there, and with ``--requests`` every file with its bytes.
"""

import argparse
import sys
import time
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import sync_playwright

from tests.benchmarks.map.wire import Wire
from tests.support import chromium
from tests.support.server import Server, running

BYTES_A_SECOND: Final = 400_000 // 8
DELAY_MS: Final = 400
BINARY: Final = 2
PHONE: Final = {"width": 390, "height": 844}
MAP: Final = "iframe[title*=folium], .st-key-map iframe"

SEEN: Final = {
    "title, date, figures": "document.querySelector('#first-shell h1, .sr-summary')",
    "page": "document.querySelector('.sr-summary')",
    "map": (
        f"((f) => f && f.contentDocument"
        f" && f.contentDocument.querySelector('#map_div[data-ready]'))"
        f"(document.querySelector('{MAP}'))"
    ),
    "events on it": (
        f"((f) => f.contentDocument.querySelector('#map_div[data-ready=yes]'))"
        f"(document.querySelector('{MAP}'))"
    ),
    "controls": "document.querySelector('.st-key-choose_date input')",
}
"""What is waited for, as an expression in the page."""


@dataclass
class Visit:
    """One visit: when each part was there, and what came over the line.

    Parameters
    ----------
    name : str
    seconds : dict of str to float
        From asking for the page, for each part of `SEEN`.
    files : dict of str to (str, float, float, int)
        Request to its address, begin and end in seconds, and bytes as they came.
    wire : Wire
        Websocket messages received.
    messages : list of (str, float, float, int)
        Each of them, in the form of ``files``.
    """

    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    files: dict[str, tuple[str, float, float, int]] = field(default_factory=dict)
    wire: Wire = field(default_factory=Wire)
    messages: list[tuple[str, float, float, int]] = field(default_factory=list)

    def row(self) -> str:
        """One row of the table in Markdown."""
        total = sum(size for *_, size in self.files.values())
        cells = [
            self.name,
            *(f"{self.seconds[part]:.1f} s" for part in SEEN),
            f"{total / 1000:.0f} kB in {sum(size > 0 for *_, size in self.files.values())}",
            f"{self.wire.packed / 1000:.0f} kB of {self.wire.plain / 1000:.0f}",
        ]
        return "| " + " | ".join(cells) + " |"


HEAD: Final = (
    f"| visit | {' | '.join(SEEN)} | files | websocket, packed |\n|{'---|' * (len(SEEN) + 3)}"
)


def watch(page: Any, visit: Visit, *, throttled: bool) -> None:
    """Hold a page's line to the weak one, and note what comes over it."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    if throttled:
        weak = {
            "latency": DELAY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
            "offline": False,
        }
        line.send("Network.emulateNetworkConditions", weak)
    began: dict[str, tuple[str, float]] = {}
    first: list[float] = []

    def asked(event: dict[str, Any]) -> None:
        first.append(event["timestamp"])
        began[event["requestId"]] = (event["request"]["url"], event["timestamp"] - first[0])

    def finished(event: dict[str, Any]) -> None:
        address, at = began.get(event["requestId"], ("", 0.0))
        size = int(event["encodedDataLength"])
        visit.files[event["requestId"]] = (address, at, event["timestamp"] - first[0], size)

    def received(event: dict[str, Any]) -> None:
        answer, before = event["response"], visit.wire.packed
        if answer["opcode"] == BINARY:
            visit.wire.take(b64decode(answer["payloadData"]))
            at = event["timestamp"] - first[0]
            visit.messages.append(("(message)", at, at, visit.wire.packed - before))

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", finished)
    line.on("Network.webSocketFrameReceived", received)


def open_page(context: Any, address: str, name: str, *, throttled: bool = True) -> Visit:
    """Visit the page until its map is drawn."""
    visit = Visit(name)
    page = context.new_page()
    watch(page, visit, throttled=throttled)
    begin = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=120_000)
    for part, there in SEEN.items():
        page.wait_for_function(f"() => Boolean({there})", timeout=120_000, polling=50)
        visit.seconds[part] = time.perf_counter() - begin
    page.wait_for_timeout(1000)
    page.close()
    return visit


def benchmark_weak_line(query: str) -> list[Visit]:
    """The first visit and the second one of the same browser."""
    with running(Server()) as server, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        address = f"{server.url}/?{query}"
        warm = browser.new_context(viewport=PHONE)
        open_page(warm, address, "warm", throttled=False)
        warm.close()
        context = browser.new_context(viewport=PHONE, has_touch=True, locale="en-GB")
        visits = [open_page(context, address, name) for name in ("first", "second")]
        browser.close()
    return visits


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks weak", description=__doc__)
    parser.add_argument("--requests", action="store_true", help="list every file")
    parser.add_argument("--query", default="", help="parameters of the link")
    options = parser.parse_args(argv)
    visits = benchmark_weak_line(options.query)
    print(HEAD)
    for visit in visits:
        print(visit.row())
    if options.requests:
        for visit in visits:
            print(f"\n{visit.name}")
            for address, begin, end, size in sorted(
                [*visit.files.values(), *visit.messages], key=lambda row: row[1]
            ):
                print(f"{begin:7.2f} {end:7.2f} {size:8,} {address[-90:]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
