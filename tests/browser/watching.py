"""A browser that counts what must never happen: injected scripts, dialogs, outside requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.support import chromium

SPY = """
Object.defineProperty(window, "__pwn", { set() { count("script"); }, get() { return 1; },
                                         configurable: false });
function count(what) { console.error("PWNED " + what); }
window.alert = window.confirm = window.prompt = () => count("dialog");
"""
READY = ".sr-summary"
MAP = ".st-key-map iframe"


@dataclass
class Seen:
    """What a page did that it should not have done."""

    scripts: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def harm(self) -> list[str]:
        """Everything that counts as an attack that worked."""
        return [*self.scripts, *self.dialogs, *self.outside]


@contextmanager
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as tool:
        launched = tool.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        try:
            yield launched
        finally:
            launched.close()


def context(of: Browser, home: str, **options: Any) -> tuple[BrowserContext, Seen]:
    """A separate visitor, who can reach ``home`` and nothing else."""
    seen = Seen()
    made = of.new_context(viewport={"width": 1280, "height": 900}, **options)
    made.add_init_script(SPY)

    def route(asked: Route) -> None:
        url = asked.request.url
        if url.startswith((home, "data:", "blob:")):
            asked.continue_()
        else:
            seen.outside.append(url)
            asked.abort()

    made.route("**/*", route)
    made.on("page", lambda page: _watch(page, seen))
    return made, seen


def _watch(page: Page, seen: Seen) -> None:
    def dialog(opened: Any) -> None:
        seen.dialogs.append(opened.message)
        opened.dismiss()

    def console(message: Any) -> None:
        if message.text.startswith("PWNED"):
            seen.scripts.append(message.text)
        elif message.type == "error":
            seen.errors.append(message.text)

    page.on("dialog", dialog)
    page.on("console", console)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))


def settled(page: Page) -> None:
    """Wait until the page is drawn and no run is going on."""
    page.wait_for_selector(READY, timeout=60_000, state="attached")
    idle(page)


def idle(page: Page) -> None:
    """Wait until no run is going on."""
    page.wait_for_timeout(150)
    page.wait_for_selector(
        "[data-test-script-state='notRunning']", state="attached", timeout=60_000
    )
    page.wait_for_timeout(150)
