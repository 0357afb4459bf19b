import json
import subprocess
import sys

import pytest

from geodata.cli.check_events import main
from tests.support.hostile_cases import CASES, base, table

TODAY = ["--today", "2026-04-30"]


def saved(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def case(name):
    return next(one.data for one in CASES if one.name == name)


@pytest.mark.parametrize(
    ("name", "code"),
    [("clean", 0), ("two_digit_year", 0), ("footer", 1), ("no_rows", 1), ("ambiguous", 2)],
)
def test_exit_code_json_and_the_one_line_on_stderr(tmp_path, capsys, name, code):
    assert main([saved(tmp_path, "a.csv", case(name)), "--format", "json", *TODAY]) == code
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert set(report) == {"read", "accepted", "warned", "rejected", "problems"}
    assert len(captured.err.splitlines()) == (code == 2)


def test_the_table_form_speaks_either_language(tmp_path, capsys):
    path = saved(tmp_path, "a.csv", case("footer"))
    main([path, *TODAY])
    assert "14 rows read: 12 in use" in capsys.readouterr().out
    main([path, "--lang", "fr", *TODAY])
    assert "14 lignes lues" in capsys.readouterr().out


def test_the_question_of_the_date_order_can_be_answered(tmp_path, capsys):
    path = saved(tmp_path, "a.csv", case("ambiguous"))
    assert main([path, "--date-order", "dmy", *TODAY]) == 0


def test_columns_can_be_mapped_and_a_bad_mapping_is_reported(tmp_path, capsys):
    path = saved(tmp_path, "a.csv", table(base()).replace("event_date", "wann"))
    assert main([path, *TODAY]) == 2
    assert main([path, "--mapping", "wann=date", *TODAY]) == 0
    assert main([path, "--mapping", "wann", *TODAY]) == 2
    assert main([path, "--mapping", "wann=when", *TODAY]) == 2
    assert "COLUMN=FIELD" in capsys.readouterr().err


def test_a_missing_file_is_reported_in_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "none.csv"), "--format", "json"]) == 2
    captured = capsys.readouterr()
    assert "none.csv cannot be opened" in captured.err
    assert json.loads(captured.out)["problems"][0]["severity"] == "error"
    assert main([str(tmp_path)]) == 2


def test_it_runs_as_a_command(tmp_path):
    path = saved(tmp_path, "a.csv", case("swapped"))
    command = [sys.executable, "-m", "geodata", "check-events", path, "--swap", *TODAY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 in use with a warning" in done.stdout
