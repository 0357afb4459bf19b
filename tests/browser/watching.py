"""A browser that counts what must never happen: injected scripts, dialogs, outside requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ProxySettings,
    expect,
    sync_playwright,
)

from tests.support import chromium

# A machine that runs other tests too may take longer than playwright's five seconds.
expect.set_options(timeout=15_000)

SPY = """
Object.defineProperty(window, "__pwn", { set() { count("script"); }, get() { return 1; },
                                         configurable: false });
function count(what) { console.error("PWNED " + what); }
window.alert = window.confirm = window.prompt = () => count("dialog");
"""
READY = ".sr-summary"
MAP = ".st-key-map iframe"
NOBODY: Final = "http://127.0.0.1:9"
"""A proxy that does not exist: what is sent to it gets nowhere."""


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
def browser(path: str | None = None) -> Iterator[Browser]:
    """One Chromium: the one at a path, or an installed one without windows."""
    with sync_playwright() as tool:
        launched = tool.chromium.launch(
            executable_path=path or chromium.find_shell(), args=list(chromium.FLAGS)
        )
        try:
            yield launched
        finally:
            launched.close()


def context(of: Browser, home: str, **options: Any) -> tuple[BrowserContext, Seen]:
    """Open a separate visitor, who can reach ``home`` and nothing else.

    Whatever is asked of another host or port, websockets too, goes to a proxy that does not exist.
    To intercept every request instead would switch off the browser's cache and take half a second
    of processor time for each visit.
    """
    seen = Seen()
    given = {"viewport": {"width": 1280, "height": 900}, "proxy": only(home), **options}
    made = of.new_context(**given)
    made.add_init_script(SPY)

    def asked(url: str, own: str = home) -> None:
        if not url.startswith((f"{own}/", "data:", "blob:")):
            seen.outside.append(url)

    made.on("request", lambda request: asked(request.url))
    made.on("page", lambda page: _watch(page, seen))
    stream = home.replace("http", "ws", 1)
    made.on("page", lambda page: page.on("websocket", lambda socket: asked(socket.url, stream)))
    return made, seen


def only(home: str) -> ProxySettings:
    """Return the settings by which a visitor reaches one server, and nothing else on any host."""
    return {"server": NOBODY, "bypass": urlsplit(home).netloc}


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
    """Wait until the page is drawn, with the parts whose scripts come late, and no run goes on."""
    page.wait_for_selector(READY, timeout=60_000, state="attached")
    idle(page)
    page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=60_000)


def idle(page: Page) -> None:
    """Wait until no run is going on."""
    page.wait_for_timeout(150)
    page.wait_for_selector(
        "[data-test-script-state='notRunning']", state="attached", timeout=60_000
    )
    page.wait_for_timeout(150)
