"""Files made once from installed ones: whole, of the right source, and made again when damaged."""

from pathlib import Path

import pytest

from dashboard.runtime import made_files
from dashboard.runtime.made_files import made_once


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(made_files, "_folder", lambda: tmp_path / "made")
    return tmp_path / "made"


def test_a_file_is_made_once_for_each_recipe_and_source(folder: Path) -> None:
    made = []

    def make() -> bytes:
        made.append(None)
        return b"%d" % len(made)

    first = [made_once(recipe, source, make) for recipe in "ab" for source in (b"x", b"y")]
    again = [made_once(recipe, source, make) for recipe in "ab" for source in (b"x", b"y")]
    assert first == again == [b"1", b"2", b"3", b"4"]
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("damaged", [b"", b"short", bytes(40)])
def test_a_damaged_file_is_made_again(folder: Path, damaged: bytes) -> None:
    assert made_once("a", b"x", lambda: b"right") == b"right"
    (path,) = folder.iterdir()
    path.write_bytes(damaged)
    assert made_once("a", b"x", lambda: b"right") == b"right"
    assert made_once("a", b"x", lambda: b"not asked for") == b"right"


def test_where_nothing_can_be_written_the_file_is_made(folder: Path) -> None:
    folder.write_bytes(b"a file where the folder should be")
    assert made_once("a", b"x", lambda: b"right") == b"right"
