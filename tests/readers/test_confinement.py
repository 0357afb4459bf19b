"""What the kernel is asked to withhold, and that a reader works with any part of it."""

import errno
import os
import struct
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from geodata.readers import confinement, syscall_filter
from geodata.readers.layers import gdal

ROOT = Path(__file__).parents[2]
FEATURES = (confinement.LANDLOCK, confinement.NO_NEW_PRIVS, confinement.SECCOMP)
READ = """
import os, sys
from geodata.readers import confinement
confinement.supported = lambda: frozenset(sys.argv[1].split())
confinement.confine("tests", os.getppid())
from dataclasses import asdict
from geodata.readers.limits import UPLOAD
from geodata.readers.layers.parser import parse
wish = {"limits": asdict(UPLOAD), "layer": None, "kind": "auto", "area": None, "crs": None,
        "swap": False, "keep_outside": False, "name_column": None}
print(bool(parse(sys.stdin.buffer.read(), wish)))
"""
NUMBERS = {
    "x86_64": {"read": 0, "write": 1, "openat": 257, "socket": 41, "clone": 56, "clone3": 435,
               "kill": 62, "execve": 59, "prlimit64": 302, "mmap": 9, "cachestat": 451,
               "ptrace": 101, "getrandom": 318, "futex": 202},
    "aarch64": {"read": 63, "write": 64, "openat": 56, "socket": 198, "clone": 220, "clone3": 435,
                "kill": 129, "execve": 221, "prlimit64": 261, "mmap": 222, "cachestat": 451,
                "ptrace": 117, "getrandom": 278, "futex": 98},
}  # fmt: skip
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED, KILLED = 0x7FFF0000, 0x80000000


def verdict(machine, call, *arguments, process=77, audit=None):
    """Run the filter as the kernel would."""
    numbers = [*arguments, *[0] * (6 - len(arguments))]
    call = NUMBERS[machine].get(call, call)
    data = struct.pack("<IIQ6Q", call, audit or AUDIT[machine], 0, *numbers)
    steps = list(struct.iter_unpack("<HBBI", syscall_filter.program(machine, process)))
    place = held = 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x06:
            return value
        if code == 0x20:
            (held,) = struct.unpack_from("<I", data, value)
        else:
            holds = {0x15: held == value, 0x25: held > value, 0x45: bool(held & value)}[code]
            place += yes if holds else no


def error(code):
    return 0x00050000 | code


@pytest.mark.parametrize("machine", NUMBERS)
def test_the_filter_lets_a_reader_read_and_refuses_the_rest(machine):
    for harmless in ("read", "write", "mmap", "getrandom", "futex"):
        assert verdict(machine, harmless) == ALLOWED
    for refused in ("socket", "execve", "ptrace"):
        assert verdict(machine, refused) == error(errno.EPERM)
    assert verdict(machine, "openat", 3, 0, os.O_RDONLY | os.O_CLOEXEC) == ALLOWED
    for flag in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC):
        assert verdict(machine, "openat", 3, 0, flag) == error(errno.EACCES)


@pytest.mark.parametrize("machine", NUMBERS)
def test_the_filter_allows_threads_and_own_signals_alone(machine):
    assert verdict(machine, "clone", 0x10000 | 0x100) == ALLOWED
    assert verdict(machine, "clone", 0x11) == error(errno.EPERM)
    assert verdict(machine, "clone3") == error(errno.ENOSYS)
    assert verdict(machine, "kill", 77, 6) == ALLOWED
    assert verdict(machine, "kill", 78, 9) == error(errno.EPERM)
    assert verdict(machine, "prlimit64", 0) == ALLOWED
    assert verdict(machine, "prlimit64", 78) == error(errno.EPERM)


@pytest.mark.parametrize("machine", NUMBERS)
def test_what_is_newer_than_the_filter_and_other_machines_calls_are_refused(machine):
    assert verdict(machine, "cachestat") == error(errno.ENOSYS)
    assert verdict(machine, 0x40000000 | NUMBERS[machine]["read"]) == error(errno.ENOSYS)
    assert verdict(machine, "read", audit=0x40000003) == KILLED


@pytest.mark.parametrize(
    "held", [each for number in (0, 1, 3) for each in combinations(FEATURES, number)]
)
def test_a_reader_works_with_whatever_the_kernel_has(held):
    if not set(held) <= confinement.supported():
        pytest.skip("this kernel has less")
    from tests.support import layer_cases as cases

    for form in ("GPKG", "FlatGeobuf"):
        done = subprocess.run(
            [sys.executable, "-c", READ, " ".join(held)],
            cwd=ROOT,
            capture_output=True,
            input=cases.written(cases.frame(), form),
            check=False,
            env={**os.environ, **gdal.environment()},
        )
        assert done.stdout == b"True\n", done.stderr.decode()


def test_no_folder_that_may_hold_secrets_is_readable():
    paths = confinement.readable("geodata")
    assert ROOT / "geodata" in paths
    settings = ROOT / "dashboard" / ".streamlit"
    for secret in (ROOT, settings, Path.home(), Path("/"), Path("/etc"), Path("/proc")):
        assert not [path for path in paths if secret.is_relative_to(path)], secret


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such switch")
def test_a_server_can_be_made_undumpable():
    look = (
        "import ctypes; from geodata.readers.confinement import undumpable; undumpable();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == b"0\n"
