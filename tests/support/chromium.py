"""Find an installed Chromium, or install Debian's: ``python -m tests.support.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find() -> str | None:
    """Path of an installed Chromium; ``CHROMIUM`` in the environment wins."""
    return _first((*NAMES, *SHELLS))


def find_shell() -> str | None:
    """Path of a Chromium that never has a window, else of any: it takes a third less time."""
    return _first((*SHELLS, *NAMES))


def is_shell() -> bool:
    """Whether only a Chromium without windows is installed."""
    return Path(find() or "").name in SHELLS


def _first(names: tuple[str, ...]) -> str | None:
    given = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in names), *USUAL_PLACES]
    return next((path for path in given if path and Path(path).exists()), None)


def install(package: str) -> None:
    """Install a package of Debian's, where there are apt-get and the rights to use it."""
    if shutil.which("apt-get") is None:
        return
    for words in (["update", "-qq"], ["install", "-y", "-qq", package]):
        subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    """Make a Chromium available, if possible one without windows too."""
    if not os.environ.get("CHROMIUM"):
        for package, names in (("chromium", NAMES), (SHELLS[0], SHELLS)):
            if not any(shutil.which(name) for name in names):
                install(package)
    if find() is None:
        print("Install Chromium, or name one in CHROMIUM, then try again.", file=sys.stderr)
        return 1
    print(f"Chromium: {find_shell()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
