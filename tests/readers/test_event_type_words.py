"""The words people use for events, matched to types by the vocabulary or by the user."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.markup import label
from dashboard.views import own_events
from geodata import schema as f
from geodata.analysis.bearing import bearing_events
from geodata.cli.check_events import main
from geodata.dataset import Dataset
from geodata.events.vocabulary import EventType
from geodata.readers.events.acled_codes import known_word, likely_type
from geodata.readers.events.head import read_head
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events, read_events
from tests.dashboard.test_app import APP

TABLE = (
    b"Jour,Sorte,Lat,Long\n2025-09-13,shake-down,14.46,-12.19\n"
    b"2025-09-14,attack by night,14.45,-11.44\n"
    b"2025-09-15,blockade,15.23,-9.59\n"
)
MAPPING = {"Sorte": "event_type"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [("roadblock", "checkpoint"), ("Barrage", "checkpoint"), ("Attack on tankers", "ambush"),
     ("Attaque de citernes", "ambush"), ("route bloquée", "blockade"),
     ("Arrivée de convoi", "convoy_arrival"), ("Embuscade", "ambush")],
)  # fmt: skip
def test_usual_words_are_known(word: str, kind: str) -> None:
    assert known_word(f.EVENT_TYPE, word) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Convoy", "convoy_arrival"), ("attack", "ambush"), ("Tanker burnt out", "vehicle_burning"),
     ("IED found", "explosion"), ("died of thirst", None), ("an entire village", None)],
)  # fmt: skip
def test_a_doubtful_word_is_suggested_and_never_applied(word: str, kind: str | None) -> None:
    assert likely_type(word) == kind
    data = f"date,lat,lon,type\n2025-09-13,14.46,-12.19,{word}\n".encode()
    events, _ = parse_events(data, EventOptions(today=dt.date(2026, 4, 30)))
    assert list(events[f.EVENT_TYPE]) == ["other"]


def test_suggestions_are_types() -> None:
    words = ["arrival of convoy", "kidnapping", "truce", "siege", "fight", "decree", "closed"]
    assert {likely_type(word) for word in words} <= set(EventType)


def test_the_user_says_what_a_word_means() -> None:
    events, report = read_events(
        TABLE,
        "a.csv",
        today=dt.date(2026, 4, 30),
        mapping=MAPPING,
        types={"Shake-Down": "checkpoint"},
    )
    assert list(events[f.EVENT_TYPE]) == ["checkpoint", "other", "blockade"]
    assert list(events[f.REPORTED_TYPE]) == ["shake-down", "attack by night", ""]
    assert [p.row for p in report.problems if p.key == "events.unknown_type"] == [3]


def test_the_command_line_says_what_a_word_means(tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE)
    command = [str(path), "--mapping", "Sorte=event_type", "--today", "2026-04-30"]
    main([*command, "--type", "shake-down=checkpoint", "--type", "attack by night=ambush"])
    assert "0 in use with a warning" in capsys.readouterr().out
    assert main([*command, "--type", "shake-down=robbery"]) == 2
    assert "robbery" in capsys.readouterr().err


def test_the_first_rows_come_with_the_header() -> None:
    head = read_head(TABLE)
    assert head.rows[0] == ("2025-09-13", "shake-down", "14.46", "-12.19")
    assert len(head.rows) == 3


def test_only_some_events_affect_a_road(mali: Dataset) -> None:
    events, _ = read_events(
        TABLE,
        "a.csv",
        today=dt.date(2026, 4, 30),
        mapping=MAPPING,
        types={"shake-down": "checkpoint"},
    )
    assert len(bearing_events(mali, events)) == 2


def test_the_page_asks_what_unknown_words_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    given = SimpleNamespace(file_id="x", name="a.csv", size=len(TABLE))

    def uploader(*_: object, key: str, **__: object) -> object:
        return given if key == "own_events_file" else None

    monkeypatch.setattr(own_events.st, "file_uploader", uploader)
    monkeypatch.setattr(
        own_events.uploads, "content", lambda _, file: TABLE if file is given else None
    )
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.query_params["tab"] = "own"
    page.run()
    assert not page.exception
    asked = {box.label: box for box in page.selectbox if str(box.key).startswith("own_type_")}
    assert not asked  # until the column of types is known
    page.selectbox(key="own_column_1").set_value("event_type").run()
    asked = {box.label: box for box in page.selectbox if str(box.key).startswith("own_type_")}
    assert set(asked) == {label("shake-down"), "attack by night"}
    assert asked["attack by night"].options[1].endswith("(suggested)")
    assert any("1 of 3 events affect a road" in each.value for each in page.info)
    asked[label("shake-down")].set_value("checkpoint").run()
    assert not page.exception
    assert any("2 of 3 events affect a road" in each.value for each in page.info)
