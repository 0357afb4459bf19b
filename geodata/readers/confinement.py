"""What the kernel withholds from a process that reads untrusted files.

Linux alone has these means, none of which needs rights or namespaces: ``no_new_privs``, Landlock
(https://docs.kernel.org/userspace-api/landlock.html) and a seccomp filter. Each is used where the
kernel has it, whether or not it has the others.
"""

import ctypes
import mimetypes
import os
import signal
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from geodata.readers import syscall_filter

NO_NEW_PRIVS, LANDLOCK, SECCOMP = "no_new_privs", "landlock", "seccomp"
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION: Final = 1
_BENEATH: Final = 1
_READ_FILE, _READ_FOLDER, _WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
# Rights that each version of Landlock knows, as the number of the highest bit.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_SINCE, _SCOPE_SINCE = 4, 6
_BIND_AND_CONNECT: Final = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11
_OWN_PACKAGE: Final = Path(__file__).resolve().parents[1]
_SYSTEM_FOLDERS: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo",
    "/usr/share/proj", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom",
)  # fmt: skip


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def supported() -> frozenset[str]:
    """Return which of the three means this kernel has."""
    libc = _libc()
    if libc is None:
        return frozenset()
    offered = {
        NO_NEW_PRIVS: True,
        LANDLOCK: _landlock_version(libc) > 0,
        SECCOMP: syscall_filter.supported(libc),
    }
    return frozenset(name for name, there in offered.items() if there)


def undumpable() -> None:
    """Let no other process of this user read this one's memory or environment.

    It writes no core file either. A child that starts another program does not inherit it.
    """
    if libc := _libc():
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def confine(package: str, parent: int) -> None:
    """Give up what a reader does not need, for good; before its libraries are loaded.

    It then reads Python, its libraries, this package and one more, and nothing else: no other
    file, no written, removed or renamed one, no network, no program, no other process. It ends
    with its parent.

    Parameters
    ----------
    package : str
        Top-level package of the reader.
    parent : int
        The process that started this one; if it has gone, so does this one.
    """
    libc = _libc()
    if libc is None:
        return
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    features = supported()
    if LANDLOCK in features:
        _landlock(libc, readable(package))
    if SECCOMP in features:
        syscall_filter.apply(libc)


def readable(package: str) -> list[Path]:
    """Return the folders and files that a reader needs: Python, its libraries and ``package``."""
    named = [*_SYSTEM_FOLDERS, *sysconfig.get_paths().values(), *site.getsitepackages()]
    named += map(str, mimetypes.knownfiles)  # openpyxl asks for these as it is imported
    named += [
        f"{root}/{part}"
        for root in (sys.prefix, sys.base_prefix)
        for part in ("lib", "lib64", "share", "DLLs")
    ]
    spec = find_spec(package)
    inside = list(spec.submodule_search_locations or ()) if spec else []
    # A folder that holds the package may hold secrets too; the package's own folder does not.
    inside.append(str(_OWN_PACKAGE))
    roots = {str(Path(folder).parent) for folder in inside}
    named += [folder for folder in sys.path if folder and folder not in roots]
    return sorted({Path(folder) for folder in (*named, *inside) if Path(folder).exists()})


def _libc() -> ctypes.CDLL | None:
    """Return the libc of a Linux system; a kernel of any other kind is asked for nothing."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _landlock_version(libc: ctypes.CDLL) -> int:
    return int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION))


def _landlock(libc: ctypes.CDLL, paths: Iterable[Path]) -> None:
    version = _landlock_version(libc)
    rules = _Rules(
        (1 << _FILE_RIGHTS.get(version, max(_FILE_RIGHTS.values()))) - 1,
        _BIND_AND_CONNECT if version >= _NET_SINCE else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPE_SINCE else 0,
    )
    size = 8 * (1 + (version >= _NET_SINCE) + (version >= _SCOPE_SINCE))
    ruleset = int(libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0))
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    for path, rights in _allowed(paths):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = _Beneath(rights, place)
        libc.syscall(_ADD_RULE, ruleset, _BENEATH, ctypes.byref(rule), 0)
        os.close(place)
    if libc.syscall(_RESTRICT_SELF, ruleset, 0):
        raise OSError(ctypes.get_errno(), "landlock")
    os.close(ruleset)


def _allowed(paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for path in paths:
        yield path, _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
    yield Path(os.devnull), _READ_FILE | _WRITE_FILE
