"""Pictures of the page's main states: ``python -m tests.support.screenshots docs/screenshots``.

Needs the development requirements and an installed Chromium; starts the app on a free port of
127.0.0.1 and ends it.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.support import chromium
from tests.support.server import Server, running

FLAGS: Final = (*chromium.FLAGS, "--hide-scrollbars")
DESKTOP: Final = (1440, 900)
PHONE: Final = (390, 844)
SETTLED_MS: Final = 2500


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the link, the screen, and where on the page to look."""

    name: str
    query: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    lang: str = "en-GB"
    at: str = ""


CUT: Final = "vehicle=tanker&cut=gao--bourem,sevare--mopti"
DAY: Final = "vehicle=tanker&date=2025-11-10"
SHOTS: Final = (
    Shot("desktop-light", "vehicle=tanker&date=2025-11-05"),
    Shot("desktop-dark", "vehicle=tanker&date=2025-11-05", dark=True),
    Shot("first-visit", ""),
    Shot("cut", CUT),
    Shot("day", f"{DAY}&town=mopti"),
    Shot("day-french", f"{DAY}&cut=gao--bourem&town=bourem", lang="fr-FR"),
    Shot("time", f"{DAY}&tab=time", at=".st-key-panel"),
    Shot("segments", "vehicle=tanker&tab=segments", at=".st-key-panel"),
    Shot("compare", f"{DAY}&compare=2026-01-07&tab=compare", at=".st-key-panel"),
    Shot("share", f"{CUT}&tab=share", at=".st-key-tab"),
    Shot("phone-light-fr", "vehicle=tanker&date=2025-11-05", PHONE, lang="fr-FR"),
    Shot("phone-french-dark", f"{CUT}&lang=fr", PHONE, dark=True, lang="fr-FR"),
    Shot("phone-card", f"{DAY}&town=mopti", PHONE, at=".st-key-card"),
)


def main(argv: Sequence[str]) -> int:
    """Make every picture into a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="pictures whose name begins so")
    options = parser.parse_args(argv)
    wanted = [shot for shot in SHOTS if shot.name.startswith(options.only)]
    options.folder.mkdir(parents=True, exist_ok=True)
    with running(Server()) as server, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium.find(), args=list(FLAGS))
        for shot in wanted:
            path = options.folder / f"{shot.name}.png"
            take(browser, server.url, shot, path)
            print(path)
        browser.close()
    return 0


def take(browser: Browser, home: str, shot: Shot, path: Path) -> None:
    """Open the link, wait until nothing moves, and take the picture."""
    width, height = shot.size
    view: Any = {"width": width, "height": height}
    context = browser.new_context(
        viewport=view, locale=shot.lang, color_scheme="dark" if shot.dark else "light"
    )
    page = context.new_page()
    page.goto(f"{home}/?{shot.query}")
    # A page without the map keeps it hidden.
    page.wait_for_selector(".st-key-map iframe", state="attached", timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    if shot.at:
        page.locator(shot.at).evaluate("part => part.scrollIntoView()")
        page.wait_for_timeout(SETTLED_MS // 2)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, optimize=True)
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
