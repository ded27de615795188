"""A disk that forgets what was not flushed: a power cut, below SQLite.

A copy of SQLite's VFS (https://www.sqlite.org/vfs.html) remembers what is written to each file; a
flush brings that on to the platter. Tables of pointers are read as words, as sqlite3.h orders them.
"""

import _sqlite3
import ctypes
import os
import threading
from ctypes import CFUNCTYPE, POINTER, c_int, c_int64, c_uint64, c_void_p
from pathlib import Path
from typing import Any

_Vfs = c_uint64 * 21  # sqlite3_vfs, version 3
_Methods = c_uint64 * 19  # sqlite3_io_methods, version 3
_NAME, _OPEN = 3, 5  # of sqlite3_vfs
_WRITE, _SYNC = 3, 5  # of sqlite3_io_methods; in WAL mode nothing is truncated
_OPENING = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_WRITING = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_SYNCING = CFUNCTYPE(c_int, c_void_p, c_int)


class PowerDisk:
    """Stands between SQLite and each file that is opened from now on; lies: it flushes nothing."""

    def __init__(self, *, lies: bool) -> None:
        self._lies = lies
        self._guard = threading.RLock()
        self._platter: dict[str, bytearray] = {}
        self._held: dict[str, list[tuple[int, bytes]]] = {}  # offsets and bytes
        self._files: dict[int, str] = {}  # paths by the address of the open file
        self._ours: dict[int, Any] = {}  # by the address of the usual methods
        # the very SQLite that Python works with: a library beside it, or a part of it
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        usual = library.sqlite3_vfs_find(None).contents
        self._usual_open = _OPENING(usual[_OPEN])
        self._name = ctypes.create_string_buffer(b"power")
        self._kept = (_OPENING(self._open), _WRITING(self._write), _SYNCING(self._sync))
        self._at = [ctypes.cast(each, c_void_p).value or 0 for each in self._kept]
        self._vfs = _Vfs(*usual)
        self._vfs[_NAME], self._vfs[_OPEN] = ctypes.addressof(self._name), self._at[0]
        assert library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) == 0

    def save(self, folder: Path) -> None:
        """Write the platter's files into a new folder, by their names."""
        folder.mkdir()
        for path, content in self._platter.items():
            (folder / Path(path).name).write_bytes(content)

    def _open(self, *told: Any) -> int:  # noqa: ANN401 (ctypes has no type for it)
        _, name, file, *_ = told
        result: int = self._usual_open(*told)
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if result or not path or path.endswith("-shm"):
            return result
        methods = ctypes.cast(file, POINTER(c_uint64))
        with self._guard:
            if path not in self._platter:
                self._platter[path] = bytearray(Path(path).read_bytes())
                self._held[path] = []
            if methods[0] not in self._ours:  # they differ in how they lock, not in these two
                ours = _Methods.from_buffer_copy(_Methods.from_address(methods[0]))
                self._usual_write, self._usual_sync = _WRITING(ours[_WRITE]), _SYNCING(ours[_SYNC])
                ours[_WRITE], ours[_SYNC] = self._at[1:]
                self._ours[methods[0]] = ours
            self._files[file] = path
            methods[0] = ctypes.addressof(self._ours[methods[0]])
        return result

    def _write(self, file: int, data: int, count: int, offset: int) -> int:
        with self._guard:
            self._held[self._files[file]].append((offset, ctypes.string_at(data, count)))
        return int(self._usual_write(file, data, count, offset))

    def _sync(self, file: int, flags: int) -> int:
        with self._guard:
            path = self._files[file]
            if self._lies:
                return 0
            content, held = self._platter[path], self._held[path]
            for offset, data in held:
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(data)] = data
            held.clear()
        return int(self._usual_sync(file, flags))
