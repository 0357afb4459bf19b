"""Options for the desk's events and their version.

The desk's modules load only where a command asks for its events: they double the start of others.
"""

import argparse
from typing import Final

from geodata.dataset import Dataset
from geodata.errors import GeodataError

NEWEST: Final = "newest"


def add_database_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--database``."""
    parser.add_argument(
        "--database",
        metavar="URL",
        help="sqlite:///FILE or postgresql://USER@HOST/NAME; by default the user's own desk",
    )


def add_desk_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--desk``, ``--proposed`` and ``--database``."""
    group = parser.add_argument_group("the desk's events")
    group.add_argument(
        "--desk",
        nargs="?",
        const=NEWEST,
        metavar="VERSION",
        help="let the reviewed events of the desk count too, as they were at a version",
    )
    group.add_argument(
        "--proposed", action="store_true", help="let events count that nobody has reviewed yet"
    )
    add_database_option(parser)


def desk_code(options: argparse.Namespace) -> str:
    """Return what the options ask of the desk, as a link carries it: empty, ``12`` or ``12p``.

    Raises
    ------
    GeodataError
        If the version is not a number.
    """
    if options.desk is None:
        return ""
    if options.desk == NEWEST:
        from geodata.desk.store import opened

        number = opened(options.database).version
    elif options.desk.isascii() and options.desk.isdigit():
        number = int(options.desk)
    else:
        raise GeodataError("desk.bad_version", value=options.desk[:40])
    return f"{number}p" if options.proposed else str(number)


def with_desk_code(dataset: Dataset, code: str, database: str | None) -> Dataset:
    """Return the data set with the desk's events of a link; as it is where the link names none."""
    if not code:
        return dataset
    from geodata.desk.event_table import desk_events, with_desk
    from geodata.desk.store import opened

    version = int(code.removesuffix("p"))
    events = desk_events(opened(database), version, proposed=code.endswith("p"))
    return with_desk(dataset, events)
