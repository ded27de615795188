"""A process to which the kernel refuses calls, as on a file system without them (seccomp)."""

import ctypes
import os
import platform
import struct

_LINKS = {"x86_64": (86, 265), "aarch64": (37,)}  # link and linkat
_LOCKS = {"x86_64": (73,), "aarch64": (32,)}  # flock; SQLite's own locks are fcntl's
_LOAD_NUMBER, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # of BPF
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_NO_NEW_RIGHTS, _SECCOMP, _FILTER = 38, 22, 2  # of prctl(2)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def refuse_links(error: int) -> None:
    """Let link(2) fail with that error from now on, in this process and what it starts."""
    _refuse(_LINKS[platform.machine()], error)


def refuse_locks(error: int) -> None:
    """Let flock(2) fail with that error from now on, in this process and what it starts."""
    _refuse(_LOCKS[platform.machine()], error)


def _refuse(calls: tuple[int, ...], error: int) -> None:
    code = [(_LOAD_NUMBER, 0, 0, 0)]
    code += [(_EQUAL, len(calls) - at, 0, call) for at, call in enumerate(calls)]
    code += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _FAIL | error)]
    kept = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in code))
    program = _Program(len(code), ctypes.addressof(kept))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for call in (
        (_NO_NEW_RIGHTS, 1, 0, 0, 0),
        (_SECCOMP, _FILTER, ctypes.byref(program), 0, 0),
    ):
        if prctl(*call):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
