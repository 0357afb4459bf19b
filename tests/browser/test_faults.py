"""A server that dies, damaged data, clicks too fast: the page keeps working or says why not."""

import shutil
import signal

import psutil
import pytest

from tests.browser import watching
from tests.browser.journeys import choose, click_road, visit
from tests.support import chromium, server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
MAP = ".st-key-map iframe"


def figures(page):
    return page.locator(".sr-summary").inner_text()


BAR = "getComputedStyle(document.querySelector('[data-testid=stApp]'), '::before').content"
MAP_POINTER = f"getComputedStyle(document.querySelector('{MAP}')).pointerEvents"


def test_a_page_without_its_server_says_so_and_gets_its_scenario_back_by_itself(browser, tmp_path):
    """Two pages: a French one that nobody touches, and one with a scenario."""
    with server.app(tmp_path) as app:
        context, seen = watching.context(browser, app.url)
        untouched, page = context.new_page(), context.new_page()
        visit(untouched, app.url, "lang=fr&vehicle=tanker")
        assert "connexion" not in untouched.evaluate(BAR)
        visit(page, app.url, "lang=en&cut=ansongo--labbezanga&date=2025-11-10&tab=scenario")
        # The last things done before the server dies must not be done a second time after it.
        click_road(page, "gao--bourem")
        page.wait_for_function("() => location.search.includes('gao--bourem')")
        page.locator(".st-key-more button").first.click()
        choose(page, "choose_vehicle", "Tanker (seasonal roads too)")
        page.keyboard.press("Escape")
        page.wait_for_function("() => location.search.includes('vehicle=tanker')")
        watching.idle(page)
        before, link = figures(page), page.url
        with page.expect_websocket(timeout=60_000):
            app.stop(signal.SIGKILL)
            untouched.wait_for_function(f"() => {BAR}.includes('Pas de connexion')", timeout=20_000)
            assert untouched.evaluate(MAP_POINTER) == "none"
            app.start()
        untouched.wait_for_function(f"() => !{BAR}.includes('connexion')", timeout=60_000)
        assert untouched.evaluate(MAP_POINTER) == "auto"
        watching.idle(page)
        page.wait_for_timeout(1_000)
        assert page.url == link
        assert figures(page) == before
        # The page is alive, not only still to be seen: a click is answered on the same scenario.
        page.locator(".st-key-tool_segments button").click()
        page.wait_for_function("() => location.search.includes('tab=segments')", timeout=30_000)
        watching.idle(page)
        assert figures(page) == before
        assert page.url == link.replace("tab=scenario", "tab=segments")
        page.locator(MAP).scroll_into_view_if_needed()
        click_road(page, "gao--bourem")
        page.wait_for_function("() => !location.search.includes('gao--bourem')", timeout=30_000)
        assert "cut=ansongo--labbezanga" in page.url
        assert seen.harm == []
        assert "Traceback" not in app.said
        context.close()


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The whole app in a separate folder, whose data a test may damage."""
    folder = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", "input")
    for name in ("geodata", "dashboard"):
        shutil.copytree(server.ROOT / name, folder / name, ignore=unwanted)
    return folder


def refusal(folder, *arguments, root=server.ROOT):
    """Code and last line of a server that does not start."""
    with pytest.raises(ChildProcessError) as caught, server.app(folder, *arguments, root=root):
        pass
    code, said = caught.value.args
    assert "Traceback" not in said
    return code, said.strip().splitlines()[-1]


@pytest.mark.parametrize("name", ["events.csv", "network/segments.geojson"])
def test_on_damaged_data_the_server_does_not_start_and_names_the_file(copy, tmp_path, name):
    path = copy / "geodata" / "data" / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    try:
        code, told = refusal(tmp_path, root=copy)
    finally:
        path.write_bytes(whole)
    assert code == 1
    assert str(path) in told
    assert "python -m geodata build" in told


def test_the_server_does_not_start_without_the_network_it_should_show(tmp_path):
    code, told = refusal(tmp_path, "--network", str(tmp_path / "none"))
    assert code == 1
    assert "folder none" in told


def test_data_damaged_after_the_start_change_nothing_for_who_comes_later(browser, copy, tmp_path):
    path = copy / "geodata" / "data" / "events.csv"
    whole = path.read_bytes()
    with server.app(tmp_path, root=copy) as app:
        path.write_bytes(whole[: len(whole) // 2])
        try:
            context, seen = watching.context(browser, app.url)
            page = context.new_page()
            visit(page, app.url, "lang=en&date=2025-11-05&tab=events")
            assert "cut off" in page.locator(".st-key-summary").inner_text()
        finally:
            path.write_bytes(whole)
        assert page.locator("[data-testid=stAlert], [data-testid=stException]").count() == 0
        assert seen.harm == []
        context.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """A server whose disk a test may fill."""
    with server.app(tmp_path_factory.mktemp("app")) as running:
        yield running


def test_clicks_during_a_run_all_count_and_the_last_state_wins(browser, app, mali):
    context, seen = watching.context(browser, app.url)
    page = context.new_page()
    cut = ",".join(mali.network.segment_ids[:3])
    page.goto(f"{app.url}/?lang=en&cut={cut}")
    watching.settled(page)
    before = figures(page)
    panels = page.locator(".st-key-choose_panel button")
    for number in (1, 2, 0, 2, 1):
        panels.nth(number).click(no_wait_after=True)
    page.locator(".st-key-reset button").first.click(no_wait_after=True)
    page.locator(".st-key-undo button").first.click(no_wait_after=True)
    page.wait_for_function("() => location.search.includes('tab=scenario')", timeout=30_000)
    watching.idle(page)
    assert figures(page) == before
    assert f"cut={cut}" in page.url.replace("%2C", ",")
    assert page.locator("[data-testid=stAlert], [data-testid=stException]").count() == 0
    assert seen.harm == []
    assert "Traceback" not in app.said
    context.close()


@pytest.fixture
def full_disk(app):
    """Let the server write no file above 50 kB: the GeoPackage is larger, a CSV is not."""
    process = psutil.Process(app.pid)
    whole = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (50_000, whole[1]))
    yield
    process.rlimit(psutil.RLIMIT_FSIZE, whole)


@pytest.mark.usefixtures("full_disk")
def test_a_download_on_a_full_disk_is_reported_in_our_words(browser, app):
    context, seen = watching.context(browser, app.url)
    page = context.new_page()
    for lang, words in (("en", "could not be produced"), ("fr", "n’a pas pu être produit")):
        page.goto(f"{app.url}/?lang={lang}&tab=share")
        watching.settled(page)
        page.locator(".st-key-share_files [class*=download_data] button").click()
        told = page.locator("[data-testid=stDownloadButtonError]")
        told.wait_for(timeout=30_000)
        assert words in told.evaluate("node => getComputedStyle(node, '::after').content")
        sizes = "n => [n, ...n.querySelectorAll('*')].map(e => getComputedStyle(e).fontSize)"
        assert set(told.evaluate(sizes)) == {"0px"}
        with page.expect_download() as saved:
            page.locator(".st-key-share_files [class*=download_segments] button").click()
        assert saved.value.path().stat().st_size > 50_000
    assert seen.harm == []
    context.close()
