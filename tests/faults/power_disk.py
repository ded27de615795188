"""A disk that forgets what was not flushed: the model of a power cut, below SQLite.

SQLite hands every write and every flush to its VFS (https://www.sqlite.org/vfs.html). Here the one
of this process is copied, and the methods of the files that it opens are looked over: a write is
done, and remembered as held in memory alone; a flush of a file brings what was written to it on to
the platter. What `save` writes is the platter: what a machine finds when its power is back.
"""

import _sqlite3
import ctypes
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_OK = 0
_POINTER = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, _POINTER, _POINTER, _POINTER, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_CLOSE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int)


class _Vfs(ctypes.Structure):
    """The first half of sqlite3_vfs, up to xOpen; what follows is copied unseen."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("size_of_file", ctypes.c_int),
        ("most_path", ctypes.c_int),
        ("next", _POINTER),
        ("name", ctypes.c_char_p),
        ("app_data", _POINTER),
        ("open", _POINTER),
        ("rest", _POINTER * 14),
    )


class _Methods(ctypes.Structure):
    """sqlite3_io_methods (version 3)."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("close", _POINTER),
        ("read", _POINTER),
        ("write", _POINTER),
        ("truncate", _POINTER),
        ("sync", _POINTER),
        ("rest", _POINTER * 13),
    )


class PowerDisk:
    """Stands between SQLite and every file that this process opens from now on.

    Args:
        lies: flushes are said to be done, and bring nothing on to the platter.
    """

    def __init__(self, *, lies: bool = False) -> None:
        self._lies = lies
        self._guard = threading.RLock()
        self._platter: dict[str, bytearray] = {}
        self._held: dict[str, list[Callable[[bytearray], None]]] = {}
        self._paths: dict[int, str] = {}
        self._tables: dict[int, tuple[_Methods, _Methods]] = {}  # by address: the old, the new
        self._of_file: dict[int, _Methods] = {}
        # the very SQLite that Python works with: a library beside it, or a part of it
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        library.sqlite3_vfs_find.argtypes = (ctypes.c_char_p,)
        usual = library.sqlite3_vfs_find(None).contents
        self._open = _OPEN(usual.open)
        self._ours = (
            _OPEN(self._on_open),
            _CLOSE(self._on_close),
            _WRITE(self._on_write),
            _TRUNCATE(self._on_truncate),
            _SYNC(self._on_sync),
        )
        self._vfs = _Vfs()
        ctypes.pointer(self._vfs)[0] = usual
        self._vfs.next = None
        self._vfs.name = b"power"
        self._vfs.open = ctypes.cast(self._ours[0], _POINTER)
        assert library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) == _OK

    def save(self, folder: Path) -> None:
        """Write the platter's files into a folder, by their names."""
        with self._guard:
            for path, content in self._platter.items():
                (folder / Path(path).name).write_bytes(content)

    def _on_open(self, vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:  # noqa: ANN401
        result: int = self._open(vfs, name, file, flags, out)
        methods_at = ctypes.cast(file, ctypes.POINTER(_POINTER))[0]
        if result != _OK or not name or not methods_at:
            return result
        path = os.fsdecode(ctypes.cast(name, ctypes.c_char_p).value or b"")
        if path.endswith("-shm"):
            return result
        with self._guard:
            if path not in self._platter:
                self._platter[path] = bytearray(Path(path).read_bytes())
                self._held[path] = []
            if methods_at not in self._tables:
                old = _Methods.from_address(methods_at)
                new = _Methods()
                ctypes.pointer(new)[0] = old
                for index, method in enumerate(("close", "write", "truncate", "sync"), start=1):
                    setattr(new, method, ctypes.cast(self._ours[index], _POINTER))
                self._tables[methods_at] = (old, new)
            old, new = self._tables[methods_at]
            self._paths[file] = path
            self._of_file[file] = old
            ctypes.cast(file, ctypes.POINTER(_POINTER))[0] = ctypes.addressof(new)
        return result

    def _on_close(self, file: int) -> int:
        with self._guard:
            self._paths.pop(file)
            close = self._of_file.pop(file).close
        result: int = _CLOSE(close)(file)
        return result

    def _on_write(self, file: int, data: int, count: int, offset: int) -> int:
        raw = ctypes.string_at(data, count)

        def write(content: bytearray) -> None:
            content.extend(bytes(max(0, offset - len(content))))
            content[offset : offset + count] = raw

        self._hold(file, write)
        result: int = _WRITE(self._of_file[file].write)(file, data, count, offset)
        return result

    def _on_truncate(self, file: int, size: int) -> int:
        def cut(content: bytearray) -> None:
            del content[size:]

        self._hold(file, cut)
        result: int = _TRUNCATE(self._of_file[file].truncate)(file, size)
        return result

    def _hold(self, file: int, change: Callable[[bytearray], None]) -> None:
        with self._guard:
            self._held[self._paths[file]].append(change)

    def _on_sync(self, file: int, flags: int) -> int:
        with self._guard:
            path = self._paths[file]
            if self._lies:
                return _OK
            held, self._held[path] = self._held[path], []
            for change in held:
                change(self._platter[path])
        result: int = _SYNC(self._of_file[file].sync)(file, flags)
        return result
