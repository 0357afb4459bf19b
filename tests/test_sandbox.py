import pytest

from geodata.errors import GeodataError
from geodata.sandbox import run


def probe(name, data=b"", *, seconds=20.0, memory_mb=300, **params):
    return run(f"tests.probes:{name}", data, params, seconds=seconds, memory_mb=memory_mb)


def test_answer_and_bytes_come_back_and_stray_prints_do_not_reach_them():
    assert probe("echo", b"abc\x00\xff", place="Ségou") == (
        {"given": {"place": "Ségou"}},
        b"\xff\x00cba",
    )


@pytest.mark.parametrize(
    ("name", "seconds", "key"),
    [
        ("slow", 1.5, "sandbox.time"),
        ("busy", 1.5, "sandbox.time"),
        ("greedy", 20.0, "sandbox.memory"),
        ("refusing", 20.0, "table.row_limit"),
        ("broken", 20.0, "sandbox.crash"),
        ("dying", 20.0, "sandbox.crash"),
        ("cut_short", 20.0, "sandbox.crash"),
        ("endless", 20.0, "sandbox.answer"),
        ("leaving", 20.0, "sandbox.crash"),
        ("calling", 20.0, "sandbox.crash"),
        ("starting", 20.0, "sandbox.crash"),
        ("missing", 20.0, "sandbox.crash"),
    ],
)
def test_each_way_to_fail_has_its_message(name, seconds, key):
    with pytest.raises(GeodataError) as caught:
        probe(name, seconds=seconds)
    assert caught.value.key == key


def test_what_was_refused_keeps_its_values():
    with pytest.raises(GeodataError, match="row limit of 7"):
        probe("refusing")


def test_an_unforeseen_fault_tells_its_place_but_not_its_text():
    with pytest.raises(GeodataError) as caught:
        probe("broken", b"secret of a user")
    assert "secret" not in str(caught.value) + "".join(caught.value.__notes__)
    assert caught.value.__notes__[0].startswith("KeyError at probes.py:")


def test_no_file_is_written(tmp_path):
    with pytest.raises(GeodataError):
        probe("writing", path=str(tmp_path / "x"))
    assert list(tmp_path.iterdir()) == []


def test_the_libraries_that_readers_need_fit_into_the_limits():
    answer, _ = probe("threads", memory_mb=500)
    assert answer == {"rows": 1, "arrow": 2, "area": 1.0}
