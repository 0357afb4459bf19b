"""Make the shipped data from the pinned packages and the tables of ``data/input``."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from geodata import build_events, build_network, build_tables, fields
from geodata.build_tables import Row

DATA_FOLDER: Final = Path(__file__).parent / "data"


def build(out_folder: Path = DATA_FOLDER) -> None:
    """Write every layer and table into ``out_folder``, the same bytes on each run."""
    corrections = build_tables.read_table("corrections.csv")
    nodes = _input("nodes", fields.NODE_ID, corrections)
    segments = _input("segments", fields.SEGMENT_ID, corrections)
    build_network.write(out_folder / "network", nodes, segments)
    build_events.write(
        out_folder,
        _input("events", fields.EVENT_ID, corrections),
        build_tables.read_table("event_places.csv"),
        build_tables.read_table("event_ends.csv"),
        _roads(nodes, segments),
    )


def _input(table: str, key: str, corrections: list[Row]) -> list[Row]:
    return build_tables.corrected(
        build_tables.read_table(f"{table}.csv"), table, key, corrections
    )


def _roads(node_rows: list[Row], segment_rows: list[Row]) -> build_events.Roads:
    points = {
        str(properties[fields.NODE_ID]): point
        for properties, point in build_network.nodes(node_rows)
    }
    return build_events.Roads(
        points=points,
        admin1={row[fields.NODE_ID]: row["admin1_old"] for row in node_rows},
        ends={
            row[fields.SEGMENT_ID]: (row[fields.FROM_NODE], row[fields.TO_NODE])
            for row in segment_rows
        },
        lengths={row[fields.SEGMENT_ID]: float(row[fields.LENGTH_KM]) for row in segment_rows},
        lines={
            str(properties[fields.SEGMENT_ID]): line
            for properties, line in build_network.segments(segment_rows, points)
        },
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of ``python -m geodata build``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="geodata build", description=__doc__)
    parser.add_argument("--out", type=Path, default=DATA_FOLDER, help="folder to write into")
    build(parser.parse_args(argv).out)
    return 0
