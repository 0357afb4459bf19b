"""Which account and role the claims of a login stand for."""

import pytest

from dashboard.session import desk as session_desk
from dashboard.session import person
from geodata.desk.database import writing
from geodata.desk.people import Person, Role, store_role
from geodata.desk.store import opened


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """A desk at which one account was given a role."""
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    monkeypatch.setenv("DESK_DATABASE", url)
    session_desk._opened.cache_clear()
    with writing(opened(url).engine) as connection:
        store_role(connection, Person("given@example.org", "Given", Role.REVIEWER))
        store_role(connection, Person("number-7", "Given", Role.CONTRIBUTOR))


GIVEN = {"sub": "number-1", "email": "given@example.org", "email_verified": True}


def test_without_a_claim_that_names_roles_those_given_at_the_desk_count():
    assert person._logged_in(GIVEN).role == Role.REVIEWER
    assert person._logged_in({"sub": "number-7"}).role == Role.CONTRIBUTOR
    assert person._logged_in({**GIVEN, "roles": ["reviewer"], "sub": "x"}).role == Role.REVIEWER
    assert person._logged_in({"sub": "number-8", "roles": ["reviewer"]}).role == Role.VIEWER


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_address_that_the_provider_has_not_verified_is_nobodys(verified):
    found = person._logged_in({**GIVEN, "email_verified": verified})
    assert (found.subject, found.role) == ("number-1", Role.VIEWER)


def test_with_such_a_claim_the_provider_decides(monkeypatch):
    monkeypatch.setenv("DESK_ROLE_CLAIM", "groups")
    assert person._logged_in(GIVEN).role == Role.VIEWER
    assert person._logged_in({**GIVEN, "groups": ["contributor"]}).role == Role.CONTRIBUTOR


@pytest.mark.parametrize("subject", ["", "local:awa", "deleted:1"])
def test_reserved_names_are_no_account(subject, monkeypatch):
    monkeypatch.setenv("DESK_ROLE_CLAIM", "groups")
    assert person._logged_in({"sub": subject, "groups": ["reviewer"]}) == person.VISITOR
