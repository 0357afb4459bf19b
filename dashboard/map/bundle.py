"""Bundle the browser's code, where Node's packages are present (``npm ci``).

The bundles are committed, so that running and testing the app needs no Node. Without esbuild the
committed bundle serves, as long as it was made from the sources as they are now.
"""

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
MAP_SOURCES: Final = Path("dashboard/map/web")
PAGE_SOURCES: Final = Path("geodata/export/web")
ESBUILD: Final = Path("node_modules/.bin/esbuild")
INSTALL: Final = ("npm", "ci", "--ignore-scripts")
"""What brings esbuild; said where it is missing."""

OPTIONS: Final = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--target=es2022",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
)


@dataclass(frozen=True)
class Bundle:
    """A script for the browser.

    Parameters
    ----------
    entry : pathlib.Path
        Its first module, from the project's root.
    folders : tuple of pathlib.Path
        Folders of its modules.
    """

    entry: Path
    folders: tuple[Path, ...]


BUNDLES: Final[Mapping[str, Bundle]] = MappingProxyType(
    {
        "map.js": Bundle(MAP_SOURCES / "main.js", (MAP_SOURCES, PAGE_SOURCES)),
        "view.js": Bundle(PAGE_SOURCES / "view.js", (PAGE_SOURCES,)),
    }
)


def sources(name: str, root: Path = ROOT) -> list[Path]:
    """Return the files that a bundle is made from, sorted."""
    folders = BUNDLES[name].folders
    paths = (path for folder in folders for path in (root / folder).glob("*.js*"))
    return sorted(paths)


def sources_hash(name: str, root: Path = ROOT) -> str:
    """Return the SHA-256 of a bundle's sources, the names of the files included."""
    digest = hashlib.sha256()
    for path in sources(name, root):
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def can_bundle(root: Path = ROOT) -> bool:
    """Return whether esbuild is there."""
    return (root / ESBUILD).exists()


def bundle(name: str, root: Path = ROOT) -> bytes:
    """Make a bundle; the same for the same sources.

    Raises
    ------
    FileNotFoundError
        If esbuild is not there: ``npm ci`` brings it.
    subprocess.CalledProcessError
        If a source has a fault; esbuild names it on the error stream.
    """
    if not can_bundle(root):
        raise FileNotFoundError(f"{root / ESBUILD}: {' '.join(INSTALL)}")
    command = [str(root / ESBUILD), BUNDLES[name].entry.as_posix(), *OPTIONS]
    done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE)
    return done.stdout
