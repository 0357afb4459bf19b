"""The HTTP API through a real client: answers, levels, limits, and nothing that writes."""

import asyncio
import json
import re
import threading
import time

import feedparser
import httpx
import icalendar
import pytest
from anyio import to_thread
from openapi_spec_validator import validate
from starlette.applications import Starlette

from dashboard.api import routes as api
from dashboard.runtime import fonts
from dashboard.views import feeds
from geodata import Scenario, access
from geodata.desk.editing import add_event, review
from geodata.desk.journal import Status
from geodata.desk.store import opened
from geodata.network.selection import Circle, CorridorName, RoadNumber
from geodata.schema import Vehicle
from geodata.sharing import permalink
from geodata.sharing.permalink import ViewState
from tests.desk.conftest import AWA, BINTA, EVENT, TODAY
from tests.support import server

API = "/api/v1"
VIEW = {"date": "2026-04-20"}
KITA = {
    **EVENT, "event_id": "own-1", "date": "2026-04-10", "event_type": "siege", "place": "The well",
    "lat": "13.0349", "lon": "-9.4895", "node_id": "kita", "location_precision": "town",
    "confidence": "high",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.sqlite'}"


@pytest.fixture(scope="module")
def client(tmp_path_factory, url):
    """A client of an app with a desk, telling the public level."""
    opened(url)
    settings = {
        "DESK_DATABASE": url,
        "API_RATE": "1000/minute",
        "APP_ADDRESS": "https://routes.example.org/",
    }
    folder = tmp_path_factory.mktemp("api")
    with (
        server.app(folder, environment=settings) as app,
        httpx.Client(base_url=app.url, timeout=60) as client,
    ):
        yield client


def got(client, name, **params):
    answer = client.get(f"{API}/{name}", params=params)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_description_is_valid_and_names_every_route(client):
    found = got(client, "openapi.json").json()
    validate(found)
    for path, methods in found["paths"].items():
        assert set(methods) == {"get"}
        assert client.get(path).status_code in {200, 403}


def test_access_is_what_the_package_computes(client, mali):
    from geodata.analysis.situation import situation
    from geodata.sharing.permalink import parse

    found = got(client, "access", **VIEW, vehicle="tanker", traffic="fuel").json()
    state, _ = parse("date=2026-04-20&vehicle=tanker&traffic=fuel")
    expected = situation(mali, state.scenario).access.towns
    assert {row["node_id"]: row["state"] for row in found["rows"]} == dict(
        zip(expected["node_id"], map(str, expected["state"]), strict=True)
    )
    assert found["level"] == "public"


@pytest.mark.parametrize(
    "selection", [RoadNumber("RN18"), CorridorName("Dakar-Kayes-Bamako"), Circle(-0.04, 16.27, 20)]
)
def test_a_road_a_corridor_or_an_area_is_cut_as_a_link_writes_it(client, mali, selection):
    named = got(client, "openapi.json").json()["paths"][f"{API}/access"]["get"]["parameters"]
    assert "cut_by" in {each["name"] for each in named}
    link = permalink.format(ViewState(cut_by=(selection,)))
    answer = client.get(f"{API}/access?{link}&date=2026-04-20").json()
    scenario = Scenario(date="2026-04-20", cut_by=(selection,))
    expected = access(mali, scenario).towns
    assert answer.get("notices", []) == []
    assert {row["node_id"]: row["state"] for row in answer["rows"]} == dict(
        zip(expected["node_id"], map(str, expected["state"]), strict=True)
    )
    assert not expected.equals(access(mali, Scenario(date="2026-04-20")).towns)


def test_what_cannot_be_used_is_named_in_the_answer(client):
    found = got(client, "access", **VIEW, cut="nowhere--here", colour="red").json()
    assert len(found["notices"]) == 2


def test_geojson_has_its_media_type_and_features(client):
    answer = got(client, "events", date="2026-01-15", format="geojson")
    assert answer.headers["content-type"].startswith("application/geo+json")
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert found["features"]


def test_a_reviewed_event_of_the_desk_closes_its_road_and_its_version_stays(client, url):
    def kita(**params):
        rows = got(client, "access", **VIEW, **params).json()["rows"]
        return next(row["state"] for row in rows if row["node_id"] == "kita")

    before = kita()
    desk = opened(url)
    add_event(desk, AWA, KITA, today=TODAY)
    assert kita() == before
    assert kita(desk="1p") == before, "the public level tells nothing that is only proposed"
    review(desk, BINTA, ["own-1"], Status.REVIEWED, base=1)
    assert kita() != before
    assert (kita(desk="1"), kita(desk="2")) == (before, kita())
    refused = client.get(f"{API}/access", params={**VIEW, "desk": "99"})
    assert (refused.status_code, refused.json()["error"]) == (400, "desk.no_version")


def test_the_public_level_reports_no_ranking_and_no_exact_place(client):
    refused = client.get(f"{API}/every-cut", params=VIEW)
    assert (refused.status_code, refused.json()["error"]) == (403, "api.ranked")
    told = got(client, "events", **VIEW, desk="2").text
    assert "own-1" in told
    assert "The well" not in told


def test_an_unchanged_answer_is_not_sent_again(client):
    first = got(client, "access", **VIEW)
    assert first.headers["cache-control"] == "public,max-age=300"
    tag = first.headers["etag"]
    again = client.get(f"{API}/access", params=VIEW, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_feeds_are_valid(client):
    atom = got(client, "changes.atom", towns="kita,gao")
    assert not feedparser.parse(atom.content).bozo
    feed = json.loads(got(client, "changes.json", towns="kita").content)
    assert feed["version"].endswith("1.1")
    calendar = icalendar.Calendar.from_ical(got(client, "phases.ics").content)
    assert calendar.walk("VEVENT")
    assert client.get(f"{API}/changes.atom", params={"towns": "atlantis"}).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
@pytest.mark.parametrize("name", ["access", "events", "every-cut", "changes.atom", "openapi.json"])
def test_no_request_writes_anything(client, url, method, name):
    before = opened(url).entries()
    answer = client.request(method, f"{API}/{name}", content=b'{"event_id": "x"}')
    assert answer.status_code in {403, 404, 405}
    assert opened(url).entries() == before


@pytest.mark.parametrize(
    "query",
    ["date=9999-12-31", "date=" + "9" * 2000, "cut=" + "%00" * 50, "desk=-1", "desk=" + "9" * 40,
     "format=xml", "a=1&" * 900, "rules=%F0%9F%92%A5:1", "lang=%3Cscript%3E", "note=;;;;"],
)  # fmt: skip
def test_hostile_questions_get_an_answer_and_no_fault(client, query):
    for name in ("access", "events", "changes.json"):
        answer = client.get(f"{API}/{name}?{query}")
        assert answer.status_code in {200, 400}, answer.text
        assert answer.headers["content-type"].startswith("application/")
        assert "Traceback" not in answer.text


def test_one_address_asks_only_so_often(tmp_path):
    with server.app(tmp_path, environment={"API_RATE": "3/minute"}) as app:
        asked = [httpx.get(f"{app.url}{API}/openapi.json") for _ in range(5)]
        assert [each.status_code for each in asked] == [200, 200, 200, 429, 429]
        assert asked[-1].headers["retry-after"]
        other = httpx.get(f"{app.url}{API}/openapi.json", headers={"X-Forwarded-For": "192.0.2.1"})
        assert other.status_code == 200


def test_the_first_answer_says_the_situation_before_any_script(client):
    link = {"date": "2025-11-05", "vehicle": "tanker", "lang": "fr"}
    first = client.get("/", params=link)
    shell, scripted = first.text.split('<div id="root">')
    assert '[data-testid="stSkeleton"]{animation:none' in shell
    assert "5 novembre 2025" in shell
    assert "Nioro du Sahel et Léré sont isolées" in shell
    assert 'href="light?' in shell
    assert scripted
    unasked = client.get("/", headers={"Accept-Language": "fr-FR,fr;q=0.9"}).text
    assert "29 avril 2026" in unasked.split('<div id="root">')[0]
    hostile = client.get("/", params={"title": "</style><script>alert(1)</script>"}).text
    assert "alert(1)" not in hostile


def test_the_light_version_is_one_page_that_names_who_may_frame_it(client):
    light = client.get("/light", params={"date": "2025-11-05", "lang": "fr"})
    assert light.status_code == 200
    assert "Nioro du Sahel" in light.text
    assert "src=" not in light.text.replace(' src="data:', "")
    assert light.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert len(light.content) < 300_000


def test_scripts_travel_compressed_and_unchanged(client):
    name = next(
        part for part in client.get("/").text.split('"') if "static/js/index" in part
    ).removeprefix("./")
    plain = client.get(f"/{name}", headers={"Accept-Encoding": "identity"})
    packed = client.get(f"/{name}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 2
    part = client.get(f"/{name}", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert part.content == plain.content[:10]
    smallest = client.get(f"/{name}", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert smallest.headers["Content-Encoding"] == "br"
    assert smallest.content == plain.content
    assert int(smallest.headers["Content-Length"]) < int(packed.headers["Content-Length"])


def test_the_first_answer_asks_early_for_files_that_are_there_and_stay(client):
    first = client.get("/", params={"date": "2025-11-05", "lang": "fr"}).text
    assert "SourceSans" not in first
    listed = re.search(r"\}\)\((\[.*?\])\);", first)
    assert listed is not None
    names = json.loads(listed[1])
    assert any("texts-fr" in name for name in names)
    assert sum("static/js/" in name for name in names) > 8
    for name in names:
        answer = client.get(name.removeprefix("."))
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["Cache-Control"], name
    for name in (fonts.TYPEFACE, fonts.ICONS):
        installed = fonts._installed(name)
        assert installed.stat().st_size > 100_000
        assert client.get(f"/static/media/{installed.name}").content == fonts.empty()
    icons = re.search(r"url\(\./(icons-\w+\.woff2)\)", first)
    assert icons is not None
    assert client.get(f"/{icons[1]}").headers["Content-Type"] == "font/woff2"
    assert client.get("/icons-0123456789abcdef.woff2").status_code == 404


def test_a_device_can_install_the_page(client):
    manifest = client.get("/app.webmanifest", headers={"Accept-Language": "fr"}).json()
    assert manifest["name"] == "Routes d’approvisionnement du Mali"
    assert client.get(manifest["icons"][0]["src"].removeprefix(".")).status_code == 200
    worker = client.get("/worker.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "Pas de connexion au serveur" in worker.text
    assert "__WORDS__" not in worker.text


def test_each_address_that_the_page_offers_answers(client):
    """As the share page writes them, for two towns and fuel."""
    for form in feeds.PATHS:
        view = ViewState(lang="fr", vehicle=Vehicle.TANKER)
        offered = feeds.address(view, "/", form, ("kita", "mopti"), fuel=True)
        answer = client.get(offered)
        assert answer.status_code == 200, (offered, answer.text[:200])
        assert "towns=kita,mopti" in offered or form == "ics"


def test_one_address_that_asks_much_at_once_leaves_the_server_to_others(monkeypatch):
    """Few answers are computed at once, and those that wait take no thread of the server's."""
    computing, most, lock = [], [], threading.Lock()

    def slow(_):
        with lock:
            computing.append(1)
            most.append(len(computing))
        time.sleep(0.05)
        with lock:
            computing.pop()
        return b"{}", "application/json"

    monkeypatch.setattr(api, "_light", slow)
    monkeypatch.setenv(api.RATE, "1000/minute")

    async def asked():
        app = Starlette(routes=api.routes())
        of_one, of_other = (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://x"
            )
            for address in ("192.0.2.1", "192.0.2.2")
        )
        async with of_one, of_other:
            flood = [asyncio.create_task(of_one.get(api.LIGHT)) for _ in range(40)]
            await asyncio.sleep(0.01)
            threads = to_thread.current_default_thread_limiter().borrowed_tokens
            other = await of_other.get(api.LIGHT)
            codes = [each.status_code for each in await asyncio.gather(*flood)]
            again = await of_one.get(api.LIGHT)
        return codes, other.status_code, again.status_code, threads

    codes, other, again, threads = asyncio.run(asked())
    assert codes.count(200) == api.OPEN_REQUESTS
    assert codes.count(429) == 40 - api.OPEN_REQUESTS
    assert (other, again) == (200, 200)
    assert max(most) <= api.AT_ONCE
    assert threads <= api.AT_ONCE
