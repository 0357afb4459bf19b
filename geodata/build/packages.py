"""The list of the shipped files: where each comes from, its licence, its checksum."""

from pathlib import Path

from geodata.build import fetch, tables
from geodata.build.tables import Row
from geodata.network import provenance


def listing(folder: Path) -> dict[str, object]:
    """Return what ``sources.json`` holds, for the files that stand in ``folder``.

    Raises
    ------
    ValueError
        If a file of ``folder`` is in no row of the input table, or the other way round.
    """
    rows = tables.read_table("layers.csv")
    packages = {row["name"]: row for row in tables.read_table("packages.csv")}
    listed = list(dict.fromkeys(row["file"] for row in rows))
    if sorted(listed) != provenance.shipped_files(folder):
        raise ValueError("the files of the data folder are not those of input/layers.csv")
    return {
        "layers": [
            {
                "file": name,
                "sha256": fetch.sha256(folder / name),
                "sources": [_source(row, packages) for row in rows if row["file"] == name],
            }
            for name in listed
        ]
    }


def _source(row: Row, packages: dict[str, Row]) -> dict[str, object]:
    source: dict[str, object] = {
        "publisher": row["publisher"],
        "url": row["url"],
        "version": row["version"],
        "licence": row["licence"],
        "date": row["date"],
        "changes": row["changes"],
    }
    if row["package"]:
        package = packages[row["package"]]
        source["package"] = {
            key: package[key] for key in ("registry", "name", "version", "file", "sha256")
        }
    return source


def write(folder: Path) -> None:
    """Write ``sources.json`` into ``folder``, once all other files are there."""
    tables.write_json(folder / provenance.LIST_NAME, listing(folder))
