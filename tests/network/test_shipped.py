"""Every shipped file is covered; damage to any is reported with the file and the remedy."""

import itertools
import shutil

import pytest

from geodata.network import shipped
from tests.support import server

NAMES = shipped.names()
STARTS = (
    "dashboard/static/manifest.json", "geodata/locale/en/core.po", "geodata/locale/fr/page.po",
    "dashboard/.streamlit/config.toml", "geodata/export/assets/fonts/RouteSans-Regular.ttf",
    "geodata/data/sources.json", shipped.LIST,
)  # fmt: skip


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def missing(path):
    path.unlink()


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", "input", "map/web")
    for name in ("geodata", "dashboard"):
        shutil.copytree(shipped.ROOT / name, folder / name, ignore=unwanted)
    return folder


@pytest.fixture
def damaged(copy, request):
    """Damage one file of the copy, and restore it at the end."""
    name, damage = request.param
    path = copy / name
    whole = path.read_bytes()
    damage(path)
    yield name
    path.write_bytes(whole)


def test_what_is_shipped_is_whole():
    assert shipped.faults() == []


PARTS = (
    "static/data/network-", "static/data/world-", "static/data/texts-fr-", "static/app/map-",
    "static/vendor/leaflet-", "static/manifest.json", "locale/en/", "locale/fr/",
    "fonts/RouteSans-Bold.ttf", "config.toml",
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_the_list_covers_the_map_the_texts_the_fonts_and_the_settings(part):
    assert [name for name in NAMES if part in name]


@pytest.mark.parametrize(
    "damaged", [(name, how) for name in NAMES for how in (cut, flipped, missing)], indirect=True,
    ids=lambda each: f"{each[0]}-{each[1].__name__}",
)  # fmt: skip
def test_damage_to_any_file_is_reported_with_its_name_and_the_remedy(copy, damaged):
    (told,) = shipped.faults(copy)
    assert str(copy / damaged) in told
    assert "Install the program again" in told
    assert len(told.splitlines()) == 1


def test_without_the_app_the_package_asks_for_its_own_files_alone(tmp_path):
    shutil.copytree(
        shipped.ROOT / "geodata",
        tmp_path / "geodata",
        ignore=shutil.ignore_patterns("__pycache__", "input"),
    )
    assert shipped.faults(tmp_path) == []


@pytest.mark.parametrize(
    "damaged", list(zip(STARTS, itertools.cycle((cut, missing)))), indirect=True,
    ids=lambda each: f"{each[0]}-{each[1].__name__}",
)  # fmt: skip
def test_the_server_does_not_start_on_damage_and_says_so_in_a_line(copy, damaged, tmp_path):
    with pytest.raises(ChildProcessError) as caught, server.app(tmp_path, root=copy):
        pass
    code, said = caught.value.args
    assert code != 0
    if not damaged.endswith(".toml"):  # Streamlit reads its settings first, and complains itself
        assert "Traceback" not in said
    last = said.strip().splitlines()[-1]
    assert damaged in last
    assert "Install the program again" in last
