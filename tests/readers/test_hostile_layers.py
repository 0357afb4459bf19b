"""Each odd or hostile layer is read, remarked on or refused as expected."""

import csv
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.cli.check_file import check, main
from geodata.readers.report import Report
from tests.support.layer_cases import CASES, MALI, Case

SHARED = Path(__file__).resolve().parents[3] / "shared" / "hostile"
CANARY_PORT = 8977


@pytest.fixture(scope="module")
def canary() -> Iterator[list[bytes]]:
    """What is sent to the address that some of the shared files name; empty if nothing is."""
    heard: list[bytes] = []
    server = socket.socket()
    try:
        server.bind(("127.0.0.1", CANARY_PORT))
    except OSError:
        server.close()
        yield heard
        return
    server.listen()

    def listen() -> None:
        while True:
            try:
                caller, _ = server.accept()
            except OSError:
                return
            heard.append(caller.recv(200))
            caller.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def told(report: Report) -> str:
    return " | ".join(problem.message() for problem in report.problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    report = check(case.make(), area=MALI, **case.options)
    assert report.refused == case.refused, told(report)
    assert case.says in told(report)
    assert "root:" not in report.to_json()
    if case.used is not None:
        assert report.accepted + report.warned == case.used, told(report)
        assert report.warned + report.rejected == case.flagged, told(report)
    assert report.read == report.accepted + report.warned + report.rejected


def expectations() -> list[dict[str, str]]:
    if not (SHARED / "expectations.csv").is_file():
        return []
    with (SHARED / "expectations.csv").open(encoding="utf-8") as file:
        return [
            row
            for row in csv.DictReader(file)
            if row["file"][0] in "gzk" or row["file"].startswith("s04")
        ]


SAYS = {
    "self-cross / repaired": "self-cross", "which layer": "which layer",
    "degrees / CRS": "degrees",
}  # fmt: skip
NAMED_NOW = {
    "g55_kml_link.geojson": ("accept_warn", "never fetched"),
    "g57_gml_entities.geojson": ("reject", "This is GML"),
}
"""Files whose format the corpus did not know to be read or named: outcome and what is said."""


@pytest.mark.skipif(not expectations(), reason="the shared corpus is not beside this checkout")
@pytest.mark.parametrize("row", expectations(), ids=lambda row: row["file"])
def test_shared_corpus(row: dict[str, str], canary: list[bytes]) -> None:
    report = check(SHARED / row["file"], area=MALI)
    if report.refused:
        outcome = "reject"
    elif any(problem.severity != "info" for problem in report.problems):
        outcome = "accept_warn"
    else:
        outcome = "accept"
    expected, says = NAMED_NOW.get(row["file"], (row["expect"], row["message_should_name"]))
    assert outcome in (expected, *row["also_ok"].split(";")), told(report)
    if row["rows_ok"] and outcome != "reject":
        assert report.accepted + report.warned == int(row["rows_ok"])
        assert report.warned + report.rejected == int(row["rows_flagged"])
    assert SAYS.get(says, says) in told(report)
    assert not canary
    for unwanted in ("root:x:0:0", "Traceback", "121932799878"):
        assert unwanted not in report.to_json() + report.to_text("fr")


def test_nothing_is_unpacked_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for case in CASES:
        if case.name in {"path out of the archive", "Shapefile", "bomb", "GeoPackage"}:
            check(case.make(), area=MALI)
    assert list(tmp_path.iterdir()) == []


def test_command_prints_json_and_says_by_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_name = {case.name: case for case in CASES}
    codes = {"towns": 0, "abroad and at 0,0": 1, "VRT": 2}
    for name, code in codes.items():
        file = tmp_path / "towns.geojson"
        file.write_bytes(by_name[name].make())
        assert main([str(file), "--kind", "towns", "--format", "json"]) == code
        assert '"rejected"' in capsys.readouterr().out
