"""A table of the user's events closes roads on the network in use, wherever that lies."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.page import Page
from dashboard.session.results import AnalysisCache
from dashboard.translate import Translator
from geodata.analysis.situation import situation
from geodata.cli.check_events import main as check
from geodata.cli.import_roads import main as import_roads
from geodata.cli.main import main
from geodata.dataset import Dataset, opened
from geodata.network.files import read_network
from geodata.network.study_area import study_area
from geodata.readers.events.reader import read_events
from geodata.sharing.permalink import ViewState

FOLDER = Path(__file__).parents[1] / "data" / "elsewhere"
EVENTS = str(FOLDER / "events.csv")
MAPPED = ["--mapping", "what=event_type", "--today", "2026-11-01"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    r"""A network far from Mali; x1 lies on the road to Valley.

    ::

              Farm
        GATE ------ Pass ---x1--- Valley
        69E         69.5E         70E        the road at 34N
    """
    folder = tmp_path_factory.mktemp("net")
    roads, towns = str(FOLDER / "roads.geojson"), str(FOLDER / "towns.geojson")
    assert import_roads([roads, "--towns", towns, "-o", str(folder)]) in (0, 1)
    return str(folder)


def states(capsys: pytest.CaptureFixture[str]) -> dict[str, bool]:
    towns = json.loads(capsys.readouterr().out)["towns"]
    return {town["name"]: town["isolated"] for town in towns}


def test_own_events_close_roads_of_another_country(
    elsewhere: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["access", "--network", elsewhere, "--date", "2025-10-01", "--format", "json"]
    capsys.readouterr()
    assert main(command) == 0
    assert states(capsys) == {"Farm": False, "Pass": False, "Valley": False}
    assert main([*command, "--events", EVENTS, *MAPPED]) == 0
    assert states(capsys) == {"Farm": False, "Pass": False, "Valley": True}


def test_why_names_the_own_event(elsewhere: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    command = ["why", "Valley", "--network", elsewhere, "--date", "2025-10-01"]
    assert main([*command, "--events", EVENTS, *MAPPED]) == 0
    told = capsys.readouterr()
    assert "x1" in told.out
    assert "events.csv: 2 rows read" in told.err


@pytest.mark.parametrize("command", ["every-cut", "reopen"])
def test_every_command_on_a_scenario_reads_own_events(
    command: str, elsewhere: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--network", elsewhere, "--date", "2025-10-01", "--format", "json"]
    capsys.readouterr()
    main([command, *options])
    before = capsys.readouterr().out
    assert main([command, *options, "--events", EVENTS, *MAPPED]) == 0
    assert capsys.readouterr().out != before


def test_a_product_shows_own_events(elsewhere: str, tmp_path: Path) -> None:
    made = tmp_path / "events.csv"
    options = ["--network", elsewhere, "--state", "date=2025-10-01", "-o", str(made)]
    assert main(["snapshot", *options, "--events", EVENTS, *MAPPED]) == 0
    assert "x1" in made.read_text(encoding="utf-8-sig")


def test_a_table_that_is_refused_ends_the_command(
    elsewhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    command = ["access", "--network", elsewhere, "--date", "2025-10-01"]
    assert main([*command, "--events", str(tmp_path / "a.csv")]) == 2
    assert "date, lat, lon" in capsys.readouterr().err


def test_without_a_date_the_command_says_that_events_close_nothing(
    elsewhere: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["access", "--network", elsewhere, "--events", EVENTS, *MAPPED]) == 0
    assert "--date" in capsys.readouterr().err


def test_only_events_within_the_network_in_use_may_close(mali: Dataset, elsewhere: str) -> None:
    """One table, used on two networks: each event may close on the one that it lies in."""
    events, _ = read_events(
        Path(EVENTS).read_bytes(),
        "events.csv",
        today=dt.date(2026, 11, 1),
        mapping={"what": "event_type"},
        area=study_area(),
    )

    def may(dataset: Dataset) -> dict[str, bool]:
        own = replace(dataset, added_events=events, with_shipped_events=False).events
        return dict(zip(own["event_id"], own["may_close"], strict=True))

    assert may(opened(read_network(elsewhere))) == {"x1": True, "x2": False}
    assert may(mali) == {"x1": False, "x2": True}


def test_check_events_compares_with_a_network(
    elsewhere: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [EVENTS, "--network", elsewhere, "--format", "json", *MAPPED]
    capsys.readouterr()
    check(command)
    told = json.loads(capsys.readouterr().out)["problems"]
    assert [p["row"] for p in told if "outside the study area" in p["message"]] == [3]


def test_a_country_without_an_outline_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    check([EVENTS, "--country", "XXX", *MAPPED])
    assert "No outline is known for XXX" in capsys.readouterr().err


def test_a_network_without_a_title_is_not_headed_mali(elsewhere: str) -> None:
    dataset = opened(replace(read_network(elsewhere), title=""))
    page = Page(AnalysisCache(dataset), ViewState(), Translator("en"), "light")
    assert page.title == "Supply routes on your network"


def test_events_used_in_the_page_close_roads_of_the_network_shown(elsewhere: str) -> None:
    """The page reads with the area of the data set that it shows."""
    dataset = opened(read_network(elsewhere))
    events, report = read_events(
        Path(EVENTS).read_bytes(),
        "events.csv",
        today=dt.date(2026, 11, 1),
        mapping={"what": "event_type"},
        area=dataset.area,
    )
    assert [p.row for p in report.problems if p.key == "events.outside"] == [3]
    own = replace(dataset, added_events=events)
    found = situation(own, ViewState(network="x", date=dt.date(2025, 10, 1)).scenario)
    towns = found.access.towns.set_index("node_id")["isolated"]
    assert dict(towns) == {"farm": False, "pass": False, "valley": True}


def test_events_with_names_alone_close_roads_once_confirmed(
    elsewhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "named.csv"
    file.write_text("date;type;lieu;effet\n2025-10-01;blocus;axe Pass-Valley;fermé\n")
    command = [
        "access",
        "--network",
        elsewhere,
        "--date",
        "2025-10-01",
        "--format",
        "json",
        "--events",
        str(file),
        "--today",
        "2026-11-01",
    ]
    capsys.readouterr()
    assert main(command) == 0
    told = capsys.readouterr()
    assert "--place-by-name" in told.err
    assert not any(town["isolated"] for town in json.loads(told.out)["towns"])
    assert main([*command, "--place-by-name"]) == 0
    assert states(capsys) == {"Farm": False, "Pass": False, "Valley": True}
