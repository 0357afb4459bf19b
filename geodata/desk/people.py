"""Who writes at a desk, what each may do, and how an author's personal data leave it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, text

from geodata.errors import GeodataError

NAME_CHARACTERS: Final = 80


class Role(StrEnum):
    """What a person may do, the least first; each may do what those before it may."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Person:
    """A person who asks the desk for something.

    Parameters
    ----------
    subject : str
        What identifies the person for ever, such as ``local:Awa`` or an account's id.
    name : str
        Shown beside what the person wrote.
    role : Role
    """

    subject: str
    name: str
    role: Role = Role.VIEWER

    def __post_init__(self) -> None:
        name = " ".join("".join(c for c in self.name if c.isprintable()).split())
        object.__setattr__(self, "name", name[:NAME_CHARACTERS])

    def must_be(self, role: Role) -> None:
        """Refuse what the person's role does not allow.

        Raises
        ------
        NotAllowedError
            Naming the role that is needed.
        """
        order = list(Role)
        if not self.name:
            raise GeodataError("desk.no_name")
        if order.index(self.role) < order.index(role):
            raise NotAllowedError("desk.not_allowed", role=self.role, needed=role)


class NotAllowedError(GeodataError):
    """An act that the person's role does not allow."""


def local_person(name: str) -> Person:
    """A person who works on this machine: the name given is believed, and may review."""
    person = Person(f"local:{' '.join(name.split()).casefold()}", name, Role.REVIEWER)
    person.must_be(Role.VIEWER)
    return person


def author_id(connection: Connection, person: Person) -> int:
    """Return the number of an author, entered if new; call it inside a writing transaction."""
    statement = text("SELECT author_id, name FROM desk_authors WHERE subject = :subject")
    row = connection.execute(statement, {"subject": person.subject}).first()
    if row is not None:
        if row.name != person.name:
            renamed = text("UPDATE desk_authors SET name = :name WHERE author_id = :id")
            connection.execute(renamed, {"name": person.name, "id": row.author_id})
        return int(row.author_id)
    highest = connection.execute(text("SELECT max(author_id) FROM desk_authors")).scalar()
    number = int(highest or 0) + 1
    connection.execute(
        text("INSERT INTO desk_authors (author_id, subject, name) VALUES (:id, :subject, :name)"),
        {"id": number, "subject": person.subject, "name": person.name},
    )
    return number


def stored_role(connection: Connection, subject: str) -> Role | None:
    """Return the role that an administrator gave a person; None if none was given."""
    statement = text("SELECT role FROM desk_authors WHERE subject = :subject")
    role = connection.execute(statement, {"subject": subject}).scalar()
    return Role(role) if role else None


def store_role(connection: Connection, person: Person) -> None:
    """Give a person a role that stays, from inside a writing transaction."""
    number = author_id(connection, person)
    statement = text("UPDATE desk_authors SET role = :role WHERE author_id = :id")
    connection.execute(statement, {"role": str(person.role), "id": number})


def personal_data(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Return all that the desk holds of the authors with a name or subject.

    Returns
    -------
    list of dict
        ``author_id, subject, name, role, saves``; of each save ``version, time, reason, source``.
    """
    authors = connection.execute(
        text(
            "SELECT author_id, subject, name, role FROM desk_authors"
            " WHERE name = :name OR subject = :name ORDER BY author_id"
        ),
        {"name": name},
    ).mappings()
    saves = text(
        "SELECT version, time, reason, source FROM desk_saves WHERE author_id = :id"
        " ORDER BY version"
    )
    return [
        {
            **row,
            "saves": [
                dict(each)
                for each in connection.execute(saves, {"id": row["author_id"]}).mappings()
            ],
        }
        for row in list(authors)
    ]


def delete_personal_data(connection: Connection, name: str) -> int:
    """Forget name, account and role of authors; their entries stay, under a number.

    A number is enough to keep the rule of the second reader. What an author wrote in reasons and
    values is part of the journal and stays.

    Returns
    -------
    int
        Authors forgotten.
    """
    forgotten = connection.execute(
        text(
            "UPDATE desk_authors SET name = '', role = '', subject = 'deleted:' || author_id"
            " WHERE name = :name OR subject = :name"
        ),
        {"name": name},
    )
    return int(forgotten.rowcount)
