"""A network so large that its roads come in tiles: drawn, clicked, cut."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pytest
import shapely

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Frame, expect

from dashboard.map.tiles import FOLDER, LEVELS, is_tiled
from geodata import schema as f
from geodata.network.files import NetworkFormat, write_network
from geodata.network.model import Network
from tests.browser import watching
from tests.browser.journeys import click_road, map_frame, panel, state_of, told, waits_for_lost
from tests.support import chromium, server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
SIDE: Final = 160
STEP: Final = 0.02
MIDDLE: Final = SIDE // 2 * SIDE


def grid() -> Network:
    """A grid of 160 by 160 junctions, 50,880 tracks, and a spur to a town in its east.

    The middle row is a primary road from the port through one town to where the spur begins; the
    track ``corner``, the shortest, is in the finest tiles only.

    ::

        +--+-- ... --+--+
        |  |         |  |
        PORT-- ... Mid--+--spur--End
        |  |         |  |
        +--+-- ... --+--+ corner
    """
    number = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    last = SIDE * SIDE
    ends = np.vstack([across, along, [[MIDDLE + SIDE - 1, last]]])
    xy = np.column_stack([number.ravel() % SIDE, number.ravel() // SIDE]) * STEP
    xy = np.vstack([xy, [[(SIDE + 4) * STEP, SIDE // 2 * STEP]]]) + np.array([-9.0, 11.5])
    names, kinds = np.full(last + 1, "", object), np.full(last + 1, "junction", object)
    for node, name, kind in (
        (MIDDLE, "Port", "port"),
        (MIDDLE + SIDE - 9, "Mid", "town"),
        (last, "End", "town"),
    ):
        names[node], kinds[node] = name, kind
    km, ids = np.full(len(ends), 2.0), [f"s{row}" for row in range(len(ends))]
    km[-2], ids[-2:] = 1.0, ["corner", "spur"]
    primary = (ends // SIDE == SIDE // 2).all(axis=1)
    nodes = {
        f.NODE_ID: [f"n{node}" for node in range(last + 1)],
        f.NAME: names,
        f.KIND: kinds,
        f.COUNTRY: "MLI",
        f.ADMIN1: "Grid",
        f.POPULATION: np.where(kinds == "town", 1000.0, np.nan),
        f.SUPPLY_POINT: kinds == "port",
    }
    segments = {
        f.SEGMENT_ID: ids,
        f.FROM_NODE: [f"n{end}" for end in ends[:, 0]],
        f.TO_NODE: [f"n{end}" for end in ends[:, 1]],
        f.LENGTH_KM: km,
        f.ROAD_CLASS: np.where(primary, "primary", "track"),
        f.TANKER: "yes",
    }
    return Network(
        gpd.GeoDataFrame(nodes, geometry=shapely.points(xy), crs=f.CRS),
        gpd.GeoDataFrame(segments, geometry=shapely.linestrings(xy[ends]), crs=f.CRS),
        title="Grid",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    network, made = grid(), tmp_path_factory.mktemp("grid")
    assert is_tiled(network)
    write_network(network, made, formats=[NetworkFormat.GEOPARQUET])
    return made


@pytest.fixture(scope="module")
def app(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    with server.app(tmp_path_factory.mktemp("app"), "--network", str(folder)) as running:
        yield running


def drawn(frame: Frame, segment: str) -> None:
    """Wait until a road is drawn where a mouse can reach it."""
    frame.wait_for_function("id => supplyRoutes.pixelOf(id)", arg=segment, polling=100)


def test_roads_from_tiles_open_their_card_and_stay_cut_at_every_zoom(
    app: server.Server, folder: Path
) -> None:
    with watching.browser() as browser:
        context, seen = watching.context(browser, app.url, locale="en-GB")
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{app.url}/?lang=en")
        watching.settled(page)
        frame = map_frame(page)
        drawn(frame, "spur")
        tiles = {url.rpartition("/")[2] for url in asked if "/tiles/" in url}
        assert len(tiles) > 1
        assert tiles < {f"{path.name}.json" for path in (folder / FOLDER).glob("*/*")}
        assert frame.evaluate("supplyRoutes.stateOf('corner')") is None

        click_road(page, "spur")
        expect(page.locator(".st-key-panel .sr-card").first).to_contain_text("2 km")
        assert state_of(page, "spur") == "open"
        page.locator(".st-key-card_close button").click()
        panel(page, "Scenario")
        click_road(page, "spur")
        waits_for_lost(page, {"End"})
        assert "You cut " in told(page)

        zoom = LEVELS[-1].zoom + 0.75
        place = [11.5 + (SIDE - 1.5) * STEP, -9 + (SIDE - 1) * STEP, zoom]
        frame.evaluate("([lat, lon, zoom]) => map.setView([lat, lon], zoom)", place)
        drawn(frame, "corner")
        click_road(page, "corner")
        watching.idle(page)
        assert state_of(page, "corner") == "cut"
        frame.evaluate("map.setView([13.1, -7.4], 7.5)")
        for segment in ("corner", "spur"):
            drawn(frame, segment)
            assert state_of(page, segment) == "cut"
        waits_for_lost(page, {"End"})
        context.close()
        assert seen.harm == []
        assert seen.errors == []
