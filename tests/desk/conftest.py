"""A desk in each kind of database, and its authors."""

import datetime as dt
from collections.abc import Iterator

import pytest

from geodata.desk.people import Person, Role, local_person
from geodata.desk.store import Desk, opened
from tests.support import postgres
from tests.support.postgres import PostgreSQL

TODAY = dt.date(2026, 5, 20)
AWA, BINTA = local_person("Awa"), local_person("Binta")
VIEWER = Person("account:v", "Visitor", Role.VIEWER)
CONTRIBUTOR = Person("account:c", "Cheick", Role.CONTRIBUTOR)
EVENT = {
    "event_id": "e1",
    "date": "2026-05-01",
    "event_type": "blockade",
    "place": "Diboli",
    "region": "Kayes",
    "lat": "14.46",
    "lon": "-12.2",
    "location_precision": "segment",
    "effect_on_passage": "closed",
    "source_name": "Radio A",
    "source_url": "https://example.org/a",
}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A server for the whole run."""
    if postgres.find() is None:
        pytest.skip("no PostgreSQL: python -m tests.support.postgres")
    server = PostgreSQL()
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """Address of a new, empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    return request.getfixturevalue("postgresql").database()


@pytest.fixture
def desk(url) -> Iterator[Desk]:
    made = opened(url)
    yield made
    made.engine.dispose()
