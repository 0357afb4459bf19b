"""Provenance of the shipped data: who published it, under what licence, and is it whole."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata._paths import DATA_FOLDER
from geodata.errors import GeodataError

LIST_NAME: Final = "sources.json"
NOT_SHIPPED: Final = frozenset({LIST_NAME, "README.md"})
INPUT_NAME: Final = "input"


@dataclass(frozen=True)
class Source:
    """One source of a shipped file.

    Parameters
    ----------
    publisher, url, version, licence, date, changes : str
        ``date`` is that of the data, as exact as it is known; ``changes`` says what we did.
    package : str
        Registry, name and version of the package it was read from, or an empty text.
    package_sha256 : str
        SHA-256 of the package's archive, or an empty text.
    """

    publisher: str
    url: str
    version: str
    licence: str
    date: str
    changes: str
    package: str = ""
    package_sha256: str = ""


@dataclass(frozen=True)
class SourceLayer:
    """A shipped file with its SHA-256 and its sources.

    Parameters
    ----------
    file : str
        Path below the data folder, with ``/``.
    """

    file: str
    sha256: str
    sources: tuple[Source, ...]


def read_sources(folder: Path | None = None) -> tuple[SourceLayer, ...]:
    """Read the shipped files and their sources, as ``sources.json`` lists them.

    Raises
    ------
    GeodataError
        If the list is missing or cannot be read.
    """
    path = (folder or DATA_FOLDER) / LIST_NAME
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["layers"]
        return tuple(_layer(entry) for entry in listed)
    except FileNotFoundError as error:
        raise GeodataError("data.file_missing", file=str(path)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GeodataError("data.file_damaged", file=str(path)) from error


def _layer(entry: dict[str, object]) -> SourceLayer:
    sources = entry["sources"]
    if not isinstance(sources, list):
        raise TypeError("sources is not a list")
    return SourceLayer(
        str(entry["file"]), str(entry["sha256"]), tuple(_source(source) for source in sources)
    )


def _source(entry: dict[str, object]) -> Source:
    package = entry.get("package")
    named = package if isinstance(package, dict) else {}
    return Source(
        **{
            key: str(entry[key])
            for key in ("publisher", "url", "version", "licence", "date", "changes")
        },
        package=" ".join(str(named[key]) for key in ("registry", "name", "version") if named),
        package_sha256=str(named.get("sha256", "")),
    )


def shipped_files(folder: Path | None = None) -> list[str]:
    """Return the files below ``folder`` that the list must name, in order, as paths with ``/``.

    The input tables, the README and the list itself are not among them.
    """
    root = folder or DATA_FOLDER
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(
        path.as_posix()
        for path in paths
        if path.parts[0] != INPUT_NAME and path.name not in NOT_SHIPPED
    )


def verify(folder: Path | None = None) -> list[GeodataError]:
    """Report what is wrong with the data files, each with the file and the remedy.

    Parameters
    ----------
    folder : Path, optional
        The data folder; the shipped one unless given.

    Returns
    -------
    list of GeodataError
        Not raised, so that all can be reported at once; empty if the data is whole.
    """
    root = folder or DATA_FOLDER
    try:
        layers = read_sources(root)
    except GeodataError as error:
        return [error]
    problems = []
    for layer in layers:
        path = root / layer.file
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            problems.append(GeodataError("data.file_missing", file=str(path)))
            continue
        except OSError:
            problems.append(GeodataError("data.file_damaged", file=str(path)))
            continue
        if digest != layer.sha256:
            problems.append(GeodataError("data.file_damaged", file=str(path)))
    return problems
