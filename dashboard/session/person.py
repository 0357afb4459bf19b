"""Who this visitor is at the desk, and what they may do there."""

import hmac
import ipaddress
import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

import streamlit as st

from dashboard.session.desk import DATABASE, desk, role_of
from geodata.desk.local import this_person
from geodata.desk.people import Person, Role, local_person
from geodata.errors import GeodataError
from geodata.sharing.publication import Sensitivity

ACCOUNTS: Final = "DESK_ACCOUNTS"
"""Setting: where names come from: ``local``, ``oidc`` or ``header:NAME`` of a trusted proxy."""

SECRET: Final = "DESK_PROXY_SECRET"  # noqa: S105
"""Setting: what the proxy sends as `PROOF`, so that nobody else can name a user."""

PROOF: Final = "X-Desk-Proxy"

ROLE_CLAIM: Final = "DESK_ROLE_CLAIM"
"""Setting: claim of a login that names roles; unless set, roles are those given at the desk."""

COOKIE: Final = "desk_name"
"""Cookie in which a browser keeps the name that its visitor gave to a server that believes it."""

_KEPT: Final = "desk_person"
_TYPED: Final = "desk_person_typed"
VISITOR: Final = Person("visitor", "-", Role.VIEWER)
YEAR_SECONDS: Final = 365 * 86_400
_RESERVED: Final = ("local:", "deleted:")


def accounts() -> str:
    """Return where names come from; empty where nobody may write.

    A desk on this machine believes the name that is given, but only to the person who sits here. A
    server's desk lets nobody write until its administrator says where names come from.
    """
    named = os.environ.get(ACCOUNTS, "")
    if named:
        return named
    return "local" if not os.environ.get(DATABASE) and _here() else ""


def person() -> Person:
    """This visitor; a viewer unless known and given another role.

    Raises
    ------
    GeodataError
        If the desk does not answer.
    """
    source = accounts()
    if source == "local":
        name = given_name()
        return local_person(name) if name.strip() else VISITOR
    if source == "oidc" and st.user.get("is_logged_in"):
        return _logged_in(st.user)
    if source.startswith("header:") and _from_proxy():
        subject = st.context.headers.get(source.partition(":")[2]) or ""
        return _account(subject, subject)
    return VISITOR


def given_name() -> str:
    """Return the name that was given, in this session or before.

    A desk on the visitor's own machine keeps it in their data folder. A server that believes any
    name has many visitors: there each browser keeps the name of its own.
    """
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = _in_browser() if os.environ.get(ACCOUNTS) else _on_machine()
    return str(st.session_state.get(_KEPT, ""))


def keep_name(key: str) -> None:
    """Take the name from a widget; on the visitor's own machine it is kept for the next time."""
    name = st.session_state[_KEPT] = str(st.session_state.get(key) or "")
    if os.environ.get(ACCOUNTS):
        st.session_state[_TYPED] = True
    elif name.strip():
        this_person(name)


def cookie_script() -> str:
    """Return a script by which the browser keeps the name typed in this session; else nothing."""
    if not st.session_state.get(_TYPED):
        return ""
    name = given_name()
    seconds = YEAR_SECONDS if name else 0
    # Of a quoted name no sign can end the text or the script.
    settings = f"{COOKIE}={quote(name, safe='')}; Max-Age={seconds}; Path=/; SameSite=Strict"
    secure = 'location.protocol === "https:" ? "; Secure" : ""'
    return f'<script>document.cookie = "{settings}" + ({secure});</script>'


def _in_browser() -> str:
    sent = st.context.cookies.get(COOKIE)
    return unquote(sent) if isinstance(sent, str) else ""  # a session without a browser has mocks


def _on_machine() -> str:
    try:
        return this_person().name
    except GeodataError:
        return ""


def _logged_in(claims: Mapping[str, Any]) -> Person:
    """Return the person of a login whose token Streamlit has checked.

    An address counts only if the provider has verified it: anybody may type another's. Without one
    the account is the provider's own number for it.
    """
    verified = claims.get("email") if claims.get("email_verified") is True else None
    subject = str(verified or claims.get("sub") or "")
    named = os.environ.get(ROLE_CLAIM, "")
    role = _claimed_role(claims.get(named)) if named else None
    return _account(subject, str(claims.get("name") or subject), role)


def _claimed_role(value: object) -> Role:
    """Return the highest role that a claim names: a list, or words with blanks between."""
    values = [str(each) for each in value] if isinstance(value, list) else str(value or "").split()
    return max((role for role in Role if role in values), key=list(Role).index, default=Role.VIEWER)


def _account(subject: str, name: str, role: Role | None = None) -> Person:
    """Return the person of an account, in the role claimed or else given at the desk."""
    if not subject or subject.startswith(_RESERVED) or desk() is None:
        return VISITOR
    return Person(subject, name, role or role_of(subject))


def level() -> Sensitivity:
    """Return how much of the desk this visitor may read.

    On a server with accounts those who may not write read what may be published: reviewed events
    without free text, no proposed ones, no history and no remarks.
    """
    if accounts() == "local" or may(Role.CONTRIBUTOR):
        return Sensitivity.FULL
    return Sensitivity.PUBLIC


def _here() -> bool:
    """Return whether this visitor sits at the machine, with no proxy between."""
    address = st.context.ip_address
    try:
        near = not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        near = False
    return near and not st.context.headers.get("X-Forwarded-For")


def _from_proxy() -> bool:
    """Return whether the request carries the proxy's secret."""
    secret, sent = os.environ.get(SECRET, ""), st.context.headers.get(PROOF) or ""
    return bool(secret) and hmac.compare_digest(secret.encode(), sent.encode())


def may(role: Role) -> bool:
    """Return whether this visitor may do what a role may; for what the page offers.

    The desk itself checks again at every save.
    """
    try:
        person().must_be(role)
    except GeodataError:
        return False
    return True
