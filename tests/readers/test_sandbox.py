import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.readers import confinement, sandbox
from geodata.readers.sandbox import run
from geodata.readers.turns import WAITING

ROOT = Path(__file__).parents[2]


def probe(name, data=b"", *, seconds=20.0, memory_mb=300, **params):
    return run(f"tests.support.probes:{name}", data, params, seconds=seconds, memory_mb=memory_mb)


def test_answer_and_bytes_come_back_and_stray_prints_do_not_reach_them():
    assert probe("echo", b"abc\x00\xff", place="Ségou") == (
        {"given": {"place": "Ségou"}},
        b"\xff\x00cba",
    )


@pytest.mark.parametrize(
    ("name", "seconds", "key"),
    [
        ("slow", 0.5, "sandbox.clock"),
        ("busy", 1.5, "sandbox.time"),
        ("greedy", 20.0, "sandbox.memory"),
        ("refusing", 20.0, "table.row_limit"),
        ("swelling", 20.0, "sandbox.answer_size"),
        ("nested", 20.0, "sandbox.answer"),
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
def test_each_way_to_fail_has_its_message(name, seconds, key, monkeypatch):
    if name == "busy":  # readers yield to other programs, here the other tests: let it compute
        monkeypatch.setattr(sandbox, "CLOCK_TIMES", 200)
    with pytest.raises(GeodataError) as caught:
        probe(name, seconds=seconds)
    assert caught.value.key == key


def test_a_caller_may_end_the_wait_and_with_it_the_process(monkeypatch):
    children, started = [], subprocess.Popen
    monkeypatch.setattr(sandbox, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(
        subprocess, "Popen", lambda *a, **kw: children.append(started(*a, **kw)) or children[-1]
    )

    def look():
        raise KeyboardInterrupt

    before = WAITING.set(look)
    try:
        with pytest.raises(KeyboardInterrupt):
            probe("slow")
    finally:
        WAITING.reset(before)
    assert [child.returncode for child in children] == [-signal.SIGKILL]


def test_what_was_refused_keeps_its_values():
    with pytest.raises(GeodataError, match="row limit of 7"):
        probe("refusing")


def test_an_unforeseen_fault_reports_its_place_but_not_its_text():
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


def has(*features):
    """Skip where the kernel has none of ``features``, each of which alone refuses the call."""
    missing = not set(features) & confinement.supported()
    return pytest.mark.skipif(missing, reason=f"this kernel lacks {' and '.join(features)}")


@pytest.fixture
def kept(tmp_path):
    """Another user's file, which must stay unchanged."""
    path = tmp_path / "kept"
    path.write_text("kept")
    yield str(path)
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    assert path.read_text() == "kept"


def refused(name, **params):
    answer, _ = probe(name, **params)
    return answer["got"] == -1 and answer["error"] in {"EPERM", "EACCES"}


@has("landlock")
def test_a_reader_taken_over_reads_no_file_but_those_of_its_libraries(kept):
    assert refused("reading", path=kept)
    for other in (
        "/etc/passwd",
        str(ROOT / "README.md"),
        str(ROOT / "dashboard" / ".streamlit" / "config.toml"),
        "/proc/self/environ",
        str(Path.home()),
        str(ROOT),
    ):
        assert refused("reading", path=other), other
    assert not refused("reading", path=os.__file__)


@has("landlock")
@pytest.mark.parametrize("part", ["environ", "mem", "maps", "cmdline"])
def test_it_reads_neither_environment_nor_memory_of_the_server(part):
    assert refused("parent_memory", part=part)


@has("landlock", "seccomp")
@pytest.mark.parametrize("way", ["opening_to_write", "removing", "renaming", "cutting"])
def test_it_writes_removes_renames_and_cuts_no_file(kept, way):
    assert refused(way, path=kept)


@has("seccomp")
def test_it_gets_no_socket():
    assert refused("opening_a_socket")


@has("landlock", "seccomp")
def test_it_connects_to_nobody():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        answer, _ = probe("connecting", port=listening.getsockname()[1])
        assert answer["got"] == -1


@has("seccomp")
def test_it_forks_no_process():
    assert refused("forking")


@has("landlock", "seccomp")
def test_it_runs_no_program():
    assert refused("running_a_program")


@has("landlock", "seccomp")
@pytest.mark.parametrize("way", ["signalling", "tracing"])
def test_it_neither_signals_nor_traces_the_server(way):
    assert refused(way)


def test_it_inherits_no_secret_and_no_open_file(monkeypatch, kept):
    monkeypatch.setenv("ACLED_PASSWORD", "secret")
    with Path(kept).open() as held:
        os.set_inheritable(held.fileno(), True)
        answer, _ = probe("surroundings")
    assert "secret" not in str(answer["environment"])
    assert "ACLED_PASSWORD" not in answer["environment"]
    assert answer["descriptors"] == [0, 1, 2]


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no such order")
def test_it_lets_those_compute_first_who_wait_for_a_click():
    answer, _ = probe("niceness")
    assert answer == {"nice": min(os.nice(0) + sandbox.NICE, 19)}


@has("no_new_privs")
def test_it_gains_no_rights_and_cannot_be_looked_into():
    answer, _ = probe("privileges")
    assert answer == {"no_new_privs": 1, "dumpable": 0}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells a child only on Linux")
def test_it_ends_with_the_program_that_started_it():
    started = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from geodata.readers.sandbox import run;"
            "run('tests.support.probes:slow', b'', seconds=60, memory_mb=300)",
        ],
        cwd=ROOT,
    )
    children = Path(f"/proc/{started.pid}/task")
    child = []
    for _ in range(200):
        with suppress(OSError):  # a thread that has just ended
            child = [
                each
                for task in children.iterdir()
                for each in (task / "children").read_text().split()
            ]
        if child:
            break
        time.sleep(0.05)
    assert child
    time.sleep(1)
    started.send_signal(signal.SIGKILL)
    started.wait()
    for _ in range(200):
        if not Path(f"/proc/{child[0]}").exists():
            break
        time.sleep(0.05)
    assert not Path(f"/proc/{child[0]}").exists()


def test_an_answer_may_be_ten_times_its_file():
    data = bytes(2 * 10**6)
    _, payload = probe("repeating", data, times=10)
    assert len(payload) == 10 * len(data)
    with pytest.raises(GeodataError) as caught:
        probe("repeating", data, times=16)
    assert caught.value.key == "sandbox.answer_size"


@pytest.mark.parametrize(("key", "lang", "word"), [
    ("sandbox.time", "en", "Split"), ("sandbox.clock", "en", "busy"),
    ("sandbox.time", "fr", "Divisez"), ("sandbox.clock", "fr", "sollicité"),
])  # fmt: skip
def test_the_message_distinguishes_a_large_file_from_a_busy_machine(key, lang, word):
    assert word in text(key, lang, seconds=10, limit=60)
