"""Toy networks, drawn where they are made, and the shipped one."""

import gc
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import geopandas as gpd
import pytest
from hypothesis import settings
from shapely.geometry import LineString, Point

from dashboard.map import assets
from geodata.analysis import fuel_filter, situation
from geodata.dataset import Dataset, shipped
from geodata.network.model import Network
from geodata.readers import sandbox
from tests.support import forked_readers, kept_results, server

# Tests that import openpyxl first write workbooks as geodata.export.workbook does.
os.environ["OPENPYXL_LXML"] = "False"
# Nobody's own desk is read or written by a test.
_data = tempfile.TemporaryDirectory(prefix="routes-data-", ignore_cleanup_errors=True)
os.environ["XDG_DATA_HOME"] = _data.name

# How long an example takes depends on what else the machine does: it proves nothing. A change is
# judged by the same examples on every machine; HYPOTHESIS_PROFILE=search draws others.
settings.register_profile("tests", deadline=None, derandomize=True, max_examples=45)
settings.register_profile("search", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tests"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores for ``-n auto``: tests in a browser wait half of their time."""
    return (os.cpu_count() or 1) + 1


FEW_AND_LONG = (
    "tests/benchmarks/test_visits.py",
    "tests/test_house.py",
    "tests/readers/test_shared.py",
    "tests/roads/test_other_country.py",
    "tests/roads/test_reach.py",
    "tests/dashboard/test_two_servers.py",
    "tests/test_installed.py",
    "tests/browser/test_desk.py",
    "tests/browser/test_faults.py",
    "tests/browser/test_hostile_text.py",
    "tests/browser/test_accessibility.py",
    "tests/browser/test_uploads.py",
    "tests/browser/test_random_journeys.py",
    "tests/browser/test_users_apart.py",
    "tests/dashboard/test_desk_levels.py",
    "tests/alerts/test_weekly.py",
)
"""Files of few tests that take half a minute or more: at the end other workers would be idle."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep the order of files below with pytest-xdist."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_finish() -> None:
    """Leave the modules of libraries and tests out of every search for garbage: they stay."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the few and long files, then those of most tests, as pytest-xdist does."""
    size = Counter(item.path for item in items)
    first = {name: number for number, name in enumerate(FEW_AND_LONG)}

    def place(item: pytest.Item) -> tuple[int, int]:
        name = item.nodeid.split("::", maxsplit=1)[0]
        return first.get(name, len(first)), -size[item.path]

    items.sort(key=place)


REAL_STARTS = {"test_sandbox", "test_confinement", "test_layers_reader", "test_task"}
"""Modules of tests whose readers start as in use; elsewhere they are forked."""


@pytest.fixture(autouse=True)
def readers_are_forked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork each bounded process from one that has loaded its libraries."""
    if request.module.__name__.rpartition(".")[2] not in REAL_STARTS:
        monkeypatch.setattr(sandbox, "_output", forked_readers.output)


@pytest.fixture(scope="session", autouse=True)
def long_results_are_kept() -> Iterator[None]:
    """Compute what takes seconds once in this process for equal inputs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fuel_filter, "run", kept_results.run)
        patch.setattr(situation, "danger_route_counts", kept_results.danger_route_counts)
        yield


@pytest.fixture
def computed_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask whether what is kept elsewhere is the same each time."""
    monkeypatch.setattr(fuel_filter, "run", kept_results.run_again)


Road = tuple[str, str, float] | tuple[str, str, float, str] | tuple[str, str, float, str, str]


def make_network(
    roads: Iterable[Road],
    *,
    supply: Iterable[str] = (),
    people: Mapping[str, float] | None = None,
    kinds: Mapping[str, str] | None = None,
    nodes: Iterable[str] = (),
    focus_country: str | None = None,
) -> Network:
    """A network from roads (from, to, km[, tanker[, id]]); lower-case names are towns."""
    roads = [(*road, *("yes", "")[len(road) - 3 :]) for road in roads]
    names = sorted({*nodes, *supply, *(r[0] for r in roads), *(r[1] for r in roads)})
    place = {name: Point(i % 7, i // 7) for i, name in enumerate(names)}
    kinds = dict(kinds or {})
    node_table = gpd.GeoDataFrame(
        {
            "node_id": names,
            "name": [n.title() for n in names],
            "kind": [kinds.get(n, "port" if n in set(supply) else "town") for n in names],
            "country": "MLI",
            "admin1": "Toy",
            "population": [(people or {}).get(n) for n in names],
            "supply_point": [n in set(supply) for n in names],
        },
        geometry=list(place.values()),
        crs="EPSG:4326",
    )
    segments = gpd.GeoDataFrame(
        {
            "segment_id": [r[4] or f"{r[0]}--{r[1]}" for r in roads],
            "from_node": [r[0] for r in roads],
            "to_node": [r[1] for r in roads],
            "length_km": [float(r[2]) for r in roads],
            "tanker": [r[3] for r in roads],
        },
        geometry=[LineString([place[r[0]], place[r[1]]]) for r in roads],
        crs="EPSG:4326",
    )
    return Network(node_table, segments, focus_country=focus_country)


@pytest.fixture
def toy() -> Callable[..., Network]:
    """The maker of toy networks."""
    return make_network


@pytest.fixture
def corridor() -> Network:
    r"""A corridor with a loop and a spur.

    ::

        PORT --100-- a --50-- b --40-- d --10-- e
                      \      /
                      30    60
                        \  /
                         c            DEPOT --200-- d
    """
    return make_network(
        [
            ("PORT", "a", 100),
            ("a", "b", 50),
            ("a", "c", 30),
            ("c", "b", 60),
            ("b", "d", 40),
            ("d", "e", 10, "seasonal"),
            ("DEPOT", "d", 200, "no"),
        ],
        supply=["PORT", "DEPOT"],
        people={"a": 1000, "b": 2000, "d": 4000},
    )


@pytest.fixture
def fast_and_slow() -> Network:
    """PORT --fast 20 km at 80 km/h-- town, and PORT --slow 10 km at 20 km/h-- town."""
    plain = make_network(
        [("PORT", "town", 20, "yes", "fast"), ("PORT", "town", 10, "yes", "slow")],
        supply=["PORT"],
    )
    return Network(plain.nodes, plain.segments.assign(speed_kmh=[80, 20]))


@pytest.fixture(scope="session")
def mali() -> Dataset:
    """The shipped data set."""
    return shipped()


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """The app as it is shipped: one server for all modules that only visit it."""
    with server.app(tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.fixture(scope="module")
def shipped_app(shared_app: server.Server) -> server.Server:
    """The app as it is shipped, its log empty at the start of each module."""
    assert shared_app.log is not None
    os.truncate(shared_app.log, 0)
    return shared_app


@pytest.fixture(scope="module")
def home(shipped_app: server.Server) -> str:
    """Address of the app as it is shipped."""
    return shipped_app.url


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Files handed to the session, by the place they take."""
    files: dict[str, bytes] = {}

    def keep(data: bytes, *, place: str) -> str:
        files[place] = data
        return f"../../media/{place}.json"

    monkeypatch.setattr(assets, "media_url", keep)
    return files
