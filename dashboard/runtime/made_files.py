"""Files that are made from installed ones: made once, then read from the user's cache folder.

Compressing Streamlit's scripts and cutting its font of icons take a server several seconds at each
start, and give the same bytes each time.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import platformdirs

from geodata._paths import USER_FOLDER

DIGEST_BYTES: Final = 32


def made_once(recipe: str, source: bytes, make: Callable[[], bytes]) -> bytes:
    """Return what ``make`` gives, from the cache folder if it was made before.

    Parameters
    ----------
    recipe : str
        How the file is made, with its settings: another recipe makes another file.
    source : bytes
        What it is made from. Never a visitor's data: the file outlives every session.
    make : callable

    Returns
    -------
    bytes
        A file in the folder whose SHA-256 is not the one written before it is made again; where the
        folder cannot be written, every server makes its own.
    """
    path = _folder() / hashlib.sha256(recipe.encode() + b"\0" + source).hexdigest()
    kept = _read(path)
    if kept is None:
        kept = make()
        with contextlib.suppress(OSError):
            _write(path, hashlib.sha256(kept).digest() + kept)
    return kept


def _folder() -> Path:
    return Path(platformdirs.user_cache_dir(USER_FOLDER, appauthor=False)) / "made"


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, made = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    return made if hashlib.sha256(made).digest() == digest else None


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, also beside another server that writes the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
