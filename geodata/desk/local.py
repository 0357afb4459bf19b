"""The name of the user of this machine, asked once and kept in the user's data folder."""

from pathlib import Path
from typing import Final

import platformdirs

from geodata._paths import USER_FOLDER
from geodata.desk.people import Person, local_person
from geodata.errors import GeodataError

FILE: Final = "name.txt"


def name_file() -> Path:
    """Return where the name is kept."""
    return Path(platformdirs.user_data_dir(USER_FOLDER, appauthor=False)) / FILE


def this_person(name: str = "") -> Person:
    """The person who works here.

    Parameters
    ----------
    name : str
        Kept for the next time; empty to use the one that was kept.

    Raises
    ------
    GeodataError
        ``desk.no_name`` if no name was ever given.
    """
    file = name_file()
    if name:
        person = local_person(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(person.name, encoding="utf-8")
        return person
    try:
        return local_person(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        raise GeodataError("desk.no_name") from None
