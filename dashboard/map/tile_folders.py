"""Folders of tiles: locked while a server sends from them, removed once they are out of date."""

import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

if sys.platform != "win32":
    import fcntl

HEAD: Final = "head"
"""File that holds the name of the first tile file; it is written last."""

_HASH: Final = re.compile("[0-9a-f]{64}")


def locked(folder: Path) -> BinaryIO | None:
    """Open the head of a finished folder, so that no server removes the folder meanwhile.

    Returns
    -------
    file or None
        The folder stays until it is closed or the process ends. None where nothing is finished,
        or another server removes the folder just now.
    """
    try:
        head = (folder / HEAD).open("rb")
    except OSError:
        return None
    if _lock(head, alone=False) and (folder / HEAD).is_file():
        return head
    head.close()
    return None


def finish(folder: Path, first: str) -> None:
    """Mark a folder as finished by naming its first file."""
    written = folder / f"{HEAD}.new"
    written.write_text(first, encoding="ascii")
    written.replace(folder / HEAD)


def remove_others(root: Path, *, kept: str) -> None:
    """Remove finished folders of tiles of other versions of a network.

    A folder goes only if its name is a SHA-256, if it holds a head and files named by their
    SHA-256 and nothing else, and if no server on this machine has locked it. Whatever cannot be
    removed stays.

    Parameters
    ----------
    root : Path
        Folder ``map-tiles`` of the network.
    kept : str
        Name of the folder in use.
    """
    for folder in root.iterdir():
        if folder.name == kept or not _HASH.fullmatch(folder.name) or folder.is_symlink():
            continue
        with suppress(OSError):
            files = list(folder.iterdir())
            if all(each.name == HEAD or _HASH.fullmatch(each.name) for each in files):
                _remove(folder, files)


def _remove(folder: Path, files: list[Path]) -> None:
    head = locked(folder)
    if head is None:
        return
    with head:
        if not _lock(head, alone=True):
            return
        # The head goes first: without it no server takes the folder for finished.
        for file in sorted(files, key=lambda each: each.name != HEAD):
            file.unlink()
        folder.rmdir()


def _lock(file: BinaryIO, *, alone: bool) -> bool:
    """Lock an open file; on Windows, where this cannot be done so, nobody ever has it alone."""
    if sys.platform == "win32":
        return not alone
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
