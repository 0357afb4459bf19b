"""A seccomp filter: what a process that reads untrusted files may not ask of the kernel.

The filter refuses by number, on the two machines whose numbers it knows; everything newer than
its list does not exist for the process. It needs no rights and no namespace, only
``no_new_privs`` (https://docs.kernel.org/userspace-api/seccomp_filter.html). Numbers are those of
the kernel's ``unistd.h``.
"""

import ctypes
import errno
import os
import platform
import struct
from typing import Final

# Number on x86_64, number on aarch64 (-1: it has none).
_REFUSED: Final = {
    # network
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "accept": (43, 202),
    "accept4": (288, 242), "bind": (49, 200), "listen": (50, 201), "sendto": (44, 206),
    "sendmsg": (46, 211), "sendmmsg": (307, 269), "recvfrom": (45, 207), "recvmsg": (47, 212),
    # programs and other processes
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, -1), "vfork": (58, -1),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    # files
    "creat": (85, -1), "truncate": (76, 45), "ftruncate": (77, 46), "fallocate": (285, 47),
    "rename": (82, -1), "renameat": (264, 38), "renameat2": (316, 276), "unlink": (87, -1),
    "unlinkat": (263, 35), "rmdir": (84, -1), "mkdir": (83, -1), "mkdirat": (258, 34),
    "link": (86, -1), "linkat": (265, 37), "symlink": (88, -1), "symlinkat": (266, 36),
    "mknod": (133, -1), "mknodat": (259, 33), "chmod": (90, -1), "fchmod": (91, 52),
    "fchmodat": (268, 53), "chown": (92, -1), "fchown": (93, 55), "lchown": (94, -1),
    "fchownat": (260, 54), "utime": (132, -1), "utimes": (235, -1), "futimesat": (261, -1),
    "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "vmsplice": (278, 75),
    # ways round the above, and the kernel itself
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "shmget": (29, 194),
    "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "reboot": (169, 142), "setuid": (105, 146), "setgid": (106, 144), "setresuid": (117, 147),
    "setresgid": (119, 149), "capset": (126, 91), "personality": (135, 92),
}  # fmt: skip
_ABSENT: Final = {"clone3": (435, 435), "openat2": (437, 437)}
"""Their arguments cannot be looked into; libraries fall back on what can."""
_OPENS: Final = {"open": (2, -1, 1), "openat": (257, 56, 2)}
"""Numbers, and which argument holds the flags."""
_OWN: Final = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
_CLONE: Final = (56, 220)
_PRLIMIT: Final = (302, 261)
_NEWEST: Final = 450
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_CLONE_THREAD: Final = 0x10000
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_LOAD, _EQUAL, _GREATER, _ANY, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_PR_GET_SECCOMP, _PR_SET_SECCOMP, _FILTER_MODE = 21, 22, 2


def supported(libc: ctypes.CDLL) -> bool:
    """Return whether this kernel and machine take the filter."""
    little = struct.pack("=H", 1) == struct.pack("<H", 1)
    known = platform.machine() in _MACHINES and struct.calcsize("P") == 8
    return little and known and libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) == 0


def apply(libc: ctypes.CDLL) -> None:
    """Put the filter on this thread and all that it starts; it cannot be taken off.

    Raises
    ------
    OSError
        If the kernel does not take it, as where ``no_new_privs`` is not set.
    """
    code = program(platform.machine(), os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    wanted = Program(len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(wanted), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def program(machine: str, process: int) -> bytes:
    """Return the filter as instructions of the kernel's packet filter, 8 bytes each.

    Parameters
    ----------
    machine : str
        ``x86_64`` or ``aarch64``.
    process : int
        The process that may send signals to itself, as ``abort`` does.
    """
    column, audit = _MACHINES[machine]
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_GREATER, 0, 1, _NEWEST),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
    ]
    for numbers, code in ((_REFUSED, errno.EPERM), (_ABSENT, errno.ENOSYS)):
        for number in numbers.values():
            if number[column] >= 0:
                steps += [(_EQUAL, 0, 1, number[column]), (_RETURN, 0, 0, _ERROR | code)]
    for *both, argument in _OPENS.values():
        steps += _argument(both[column], argument, (_ANY, 0, 1, _WRITING), allow=False)
    for own in _OWN.values():
        steps += _argument(own[column], 0, (_EQUAL, 0, 1, process), allow=True)
    steps += _argument(_CLONE[column], 0, (_ANY, 0, 1, _CLONE_THREAD), allow=True)
    steps += _argument(_PRLIMIT[column], 0, (_EQUAL, 0, 1, 0), allow=True)
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def _argument(
    number: int, argument: int, test: tuple[int, int, int, int], *, allow: bool
) -> list[tuple[int, int, int, int]]:
    """Allow or refuse a call where ``test`` holds for an argument, and do the other if not."""
    if number < 0:
        return []
    holds, fails = (_ALLOW, _ERROR | errno.EPERM) if allow else (_ERROR | errno.EACCES, _ALLOW)
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * argument),
        test,
        (_RETURN, 0, 0, holds),
        (_RETURN, 0, 0, fails),
    ]
