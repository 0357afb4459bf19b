"""Logins by an identity provider: whose tokens count, which role they give, and the way out."""

import asyncio
import re
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.runtime.logins import BACK
from geodata.desk.database import writing
from geodata.desk.people import Person, Role, store_role
from geodata.desk.store import opened
from geodata.i18n import text
from tests.benchmarks.load.visitor import Visitor
from tests.support import chromium, server
from tests.support.identity import CLIENT, identity_provider

AWA = {"email": "awa@example.org", "email_verified": True, "name": "Awa Traoré"}
ADD = "desk_add"


@pytest.fixture(scope="module")
def provider():
    """An identity provider on this machine."""
    with identity_provider() as started:
        yield started


@pytest.fixture(scope="module")
def app(provider, tmp_path_factory):
    """An app whose people log in at the provider, and whose desk holds one given role."""
    folder = tmp_path_factory.mktemp("login")
    made = server.Server(log=folder / "app.log")
    secrets, url = folder / "secrets.toml", f"sqlite:///{folder / 'desk.sqlite'}"
    secrets.write_text(provider.secrets(made.url), encoding="utf-8")
    with writing(opened(url).engine) as connection:
        store_role(connection, Person("given@example.org", "Given", Role.REVIEWER))
    made.environment = {
        "DESK_DATABASE": url,
        "DESK_ACCOUNTS": "oidc",
        "DESK_ROLE_CLAIM": "roles",
        "STREAMLIT_SECRETS_FILES": str(secrets),
        "AUTHLIB_INSECURE_TRANSPORT": "1",
    }
    with server.running(made):
        yield made


def login_address(kept):
    """Where the page sends a visitor who asks to log in."""
    for raw in reversed(kept):
        message = ForwardMsg()
        message.ParseFromString(raw)
        if message.WhichOneof("type") == "auth_redirect":
            return message.auth_redirect.url
    raise AssertionError("the page sent nobody to log in")


async def opened_with(app, cookies, *, press=""):
    """Open the desk's page with some cookies; the visitor, still connected."""
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"Cookie": sent} if sent else {}
    token = cookies.get("_streamlit_xsrf", "")
    visitor = Visitor(
        app.url.replace("http", "ws"), "lang=en&tab=desk", headers=headers, token=token, kept=[]
    )
    await visitor.open()
    if press:
        await visitor.press(press)
    await visitor.close()
    assert not visitor.failed
    return visitor


def logged_in(app, provider, *, stranger=False, **claims):
    """Log in with a token of these claims; what the desk's page then shows."""
    provider.claims, provider.stranger = claims, stranger
    asking = asyncio.run(opened_with(app, {}, press="desk_name_log_in"))
    with httpx.Client(base_url=app.url, follow_redirects=True, timeout=60) as client:
        answer = client.get(login_address(asking.kept))
        assert answer.status_code == 200
        back = answer.history[-1]
        assert back.url.path == "/oauth2callback"
        assert back.headers["location"] == f"/{BACK}"
        client.get("/_stcore/health")
        return asyncio.run(
            opened_with(app, {cookie.name: cookie.value for cookie in client.cookies.jar})
        )


@pytest.mark.parametrize(
    ("roles", "given"),
    [
        (["reviewer", "something else"], Role.REVIEWER),
        (["viewer", "contributor"], Role.CONTRIBUTOR),
        ("contributor staff", Role.CONTRIBUTOR),
        (["reviewers", "Reviewer"], Role.VIEWER),
        ({"reviewer": True}, Role.VIEWER),
        (None, Role.VIEWER),
    ],
)
def test_the_highest_role_that_the_token_claims_is_given(app, provider, roles, given):
    page = logged_in(app, provider, **AWA, roles=roles)
    assert page.sees("desk_name_log_out")
    assert page.sees(ADD) == (given != Role.VIEWER)
    shown = b"".join(page.kept).decode("utf-8", "replace")
    assert re.search(rf"Awa Traoré \S+ Your role\S+ {text(f'desk.role_{given}', 'en')}", shown)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another app"},
        {"aud": [CLIENT, "another app"], "azp": "another app"},
        {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
        {"nonce": "of another login"},
        {"nonce": None},
        {"stranger": True},
    ],
    ids=["issuer", "audience", "azp", "time", "nonce", "no nonce", "key"],
)
def test_a_token_that_is_not_for_this_login_gives_nothing(app, provider, wrong):
    page = logged_in(app, provider, **{**AWA, "roles": ["reviewer"], **wrong})
    assert not page.sees("desk_name_log_out")
    assert page.sees("desk_name_log_in")
    assert not page.sees(ADD)


def test_a_cookie_that_nobody_signed_gives_nothing(app):
    with httpx.Client(base_url=app.url, timeout=60) as client:
        client.get("/_stcore/health")
        cookies = {each.name: each.value for each in client.cookies.jar}
    made = {**cookies, "_streamlit_user": "eyJpc19sb2dnZWRfaW4iOiB0cnVlfQ=="}
    page = asyncio.run(opened_with(app, made))
    assert not page.sees("desk_name_log_out")
    assert not page.sees(ADD)


@pytest.mark.browser
@pytest.mark.skipif(chromium.find() is None, reason="no Chromium found")
def test_a_person_comes_back_to_the_view_they_left_after_logging_in_and_out(app, provider, browser):
    provider.claims, provider.stranger = {**AWA, "roles": ["contributor"]}, False
    ended, left = provider.ended, "lang=fr&tab=desk&cut=kita--kati&date=2026-04-20"
    page = browser.new_page()
    page.goto(f"{app.url}/?{left}")
    page.get_by_role("button", name=text("desk.log_in", "fr")).first.click()
    page.get_by_text("Awa Traoré · ").first.wait_for()
    page.get_by_role("button", name=text("desk.add", "fr")).first.wait_for()
    assert queried(page) == queried_of(f"?{left}")
    page.get_by_role("button", name=text("desk.log_out", "fr")).first.click()
    page.get_by_role("button", name=text("desk.log_in", "fr")).first.wait_for()
    assert queried(page) == queried_of(f"?{left}")
    assert provider.ended == ended + 1
    assert not page.get_by_role("button", name=text("desk.add", "fr")).count()
    for planted in ("//127.0.0.2/", "https://127.0.0.2/", "javascript:document.title='no'"):
        page.evaluate(
            "left => addEventListener('pagehide', () => sessionStorage.setItem("
            "'supply-routes-left', left))",
            planted,
        )
        page.goto("about:blank")
        page.goto(f"{app.url}/{BACK}")
        page.locator(".sr-summary").first.wait_for()
        assert page.url.startswith(f"{app.url}/")
        assert BACK not in page.url
    page.close()


def queried(page):
    """What a browser's address asks for."""
    return queried_of(page.url)


def queried_of(address):
    """Parameters of an address, without those that the page adds by itself."""
    return {
        name: values for name, values in parse_qs(urlsplit(address).query).items() if name != "v"
    }
