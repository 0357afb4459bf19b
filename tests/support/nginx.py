"""Find an installed nginx, or install Debian's: ``python -m tests.support.nginx``.

Only the test of ``docs/nginx.conf`` needs it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

USUAL_PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")


def find() -> str | None:
    """Path of an installed nginx."""
    places = [shutil.which("nginx"), *USUAL_PLACES]
    return next((path for path in places if path and Path(path).exists()), None)


def main() -> int:
    """Make an nginx available."""
    if find() is None:
        if shutil.which("apt-get") is None:
            print("Install nginx, then try again.", file=sys.stderr)
            return 1
        for words in (["update", "-qq"], ["install", "-y", "-qq", "nginx-light"]):
            subprocess.run(["apt-get", *words], check=True, stdout=subprocess.DEVNULL)
    print(f"nginx: {find()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
