"""A network of another country: its own area, the doubts of its import, nothing of Mali."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect

from geodata.cli import import_roads
from tests.browser import watching
from tests.browser.journeys import click_road, map_frame, panel
from tests.support import chromium, server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
KENYA = Path(__file__).parents[1] / "data" / "kenya"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kenya with the port of Mombasa, as `import-roads` writes it."""
    made = tmp_path_factory.mktemp("kenya")
    port = {
        "type": "Feature",
        "properties": {"name": "Port of Mombasa"},
        "geometry": {"type": "Point", "coordinates": [39.65, -4.04]},
    }
    supply = made / "supply.geojson"
    supply.write_text(json.dumps({"type": "FeatureCollection", "features": [port]}))
    files = [str(KENYA / "roads.geojson"), "--towns", str(KENYA / "towns.geojson")]
    options = ["--supply", str(supply), "--attach-limit-km", "30", "--title", "Kenya"]
    assert import_roads.main([*files, *options, "-o", str(made / "network")]) == 0
    return made / "network"


@pytest.fixture(scope="module")
def app(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    with server.app(tmp_path_factory.mktemp("app"), "--network", str(folder)) as running:
        yield running


def test_a_country_elsewhere_has_its_own_ground_and_its_imports_doubts(
    app: server.Server, folder: Path
) -> None:
    doubts = json.loads((folder / "quality.geojson").read_text(encoding="utf-8"))["features"]
    weights = {each["properties"]["severity"] for each in doubts}
    with watching.browser() as browser:
        context, seen = watching.context(browser, app.url, locale="en-GB")
        page = context.new_page()
        page.goto(f"{app.url}/?lang=en")
        watching.settled(page)
        frame = map_frame(page)
        frame.wait_for_selector("#map_div[data-ready=yes] .finding")
        frame.locator(".sr-legend.closed .sr-legend-head").click()
        frame.wait_for_function(
            "document.querySelector('.sr-legend').innerText.includes('Import')", polling=100
        )
        names = frame.locator(".l-country").all_text_contents()
        assert "UGANDA" in names
        assert "MALI" not in names
        assert page.locator(".sr-title h1").inner_text() == "Kenya"
        assert page.locator(".st-key-dates").count() == 0
        shown = {
            name
            for name in ("error", "warning", "info")
            if frame.locator(f".finding.{name}").count()
        }
        assert shown <= weights
        assert "error" in shown
        frame.locator(".finding.error").first.focus()
        page.keyboard.press("Enter")
        card = frame.locator(".sr-popup .sr-card").inner_text()
        assert "not in use" in card
        assert "rejected" in card
        page.keyboard.press("Escape")
        frame.wait_for_selector(".sr-popup", state="detached")
        isolating = next(iter(json.loads((folder / "segments.geojson").read_text())["features"]))
        panel(page, "Scenario")
        click_road(page, isolating["properties"]["segment_id"])
        expect(page.locator(".sr-action")).to_contain_text("You cut ")
        context.close()
        assert seen.harm == []
        assert seen.errors == []
