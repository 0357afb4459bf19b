"""Find an installed Chromium, or install Debian's: ``python -m tests.support.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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
    named = os.environ.get("CHROMIUM")
    found = [named, *(shutil.which(name) for name in NAMES), *USUAL_PLACES]
    return next((path for path in found if path and Path(path).exists()), None)


def install() -> None:
    """Install Debian's Chromium; needs apt-get and the rights to use it."""
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Make a Chromium available."""
    if find() is None:
        if shutil.which("apt-get") is None:
            print("Install Chromium, or name one in CHROMIUM, then try again.", file=sys.stderr)
            return 1
        install()
    print(f"Chromium: {find()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
