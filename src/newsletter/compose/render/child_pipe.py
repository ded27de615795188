"""Talks to one child over its pipes: length-prefixed JSON, bounded, with a deadline; no threads."""

import json
import os
import select
import struct
import subprocess
from collections.abc import Callable
from typing import Any

HEADER = struct.Struct(">I")
_PIECE = 1 << 16
Message = dict[str, Any]

# What the child is at, by the stage it told last.
DOING = {
    "start": "starting for",
    "jinja": "rendering",
    "lint": "checking the MJML of",
    "mjml": "compiling the MJML of",
    "inline": "inlining the theme of",
}


class ChildBroken(Exception):  # noqa: N818 (named for what happened)
    """The child is of no more use: "slow", "dead" or "garbled"."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class ChildPipe:
    """One child process and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], *, frame_limit: int, stderr: int) -> None:
        pipes = (process.stdin, process.stdout, process.stderr)
        self.process = process
        self._numbers = tuple(pipe.fileno() for pipe in pipes if pipe is not None)
        self._frame_limit = frame_limit
        self._stderr_limit = stderr
        self._received = bytearray()
        self._stderr = bytearray()
        for number in self._numbers:
            os.set_blocking(number, False)

    @property
    def last_words(self) -> str:
        """The last line of what the child wrote to stderr, 300 characters at most."""
        lines = bytes(self._stderr).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def exchange(
        self, payload: bytes, time_left: Callable[[], float], progress: Callable[[Message], None]
    ) -> Message:
        """Send a frame (none where empty) and give the first answer that is no progress.

        Raises:
            ChildBroken: the child died, said nonsense or did not answer while there was time.
        """
        stdin, stdout, stderr = self._numbers
        unsent = memoryview(HEADER.pack(len(payload)) + payload if payload else b"")
        poll = select.poll()
        poll.register(stdout, select.POLLIN)
        poll.register(stderr, select.POLLIN)
        if unsent:
            poll.register(stdin, select.POLLOUT)
        while True:
            answer = self._answer(progress)
            if answer is not None:
                return answer
            left = time_left()
            if left <= 0:
                raise ChildBroken("slow")
            ready = {number for number, _ in poll.poll(left * 1000 + 1)}
            if stdin in ready:
                unsent = unsent[_write(stdin, unsent) :]
                if not unsent:
                    poll.unregister(stdin)
            if stderr in ready and not self._listen_to_stderr():
                poll.unregister(stderr)
            if stdout in ready:
                self._listen()

    def end(self) -> None:
        """End the child at once and collect it; it holds nothing worth a goodbye."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def _listen(self) -> None:
        data = _read(self._numbers[1])
        if not data:
            self._listen_to_stderr()
            raise ChildBroken("dead")
        self._received += data

    def _listen_to_stderr(self) -> bool:
        data = _read(self._numbers[2])
        self._stderr += data
        del self._stderr[: -self._stderr_limit]
        return bool(data)

    def _answer(self, progress: Callable[[Message], None]) -> Message | None:
        while (frame := self._frame()) is not None:
            try:
                message = json.loads(frame)
            except ValueError as error:
                raise ChildBroken("garbled") from error
            if not isinstance(message, dict):
                raise ChildBroken("garbled")
            if "stage" not in message:
                return message
            progress(message)
        return None

    def _frame(self) -> bytes | None:
        if len(self._received) < HEADER.size:
            return None
        (length,) = HEADER.unpack_from(self._received)
        if length > self._frame_limit:
            raise ChildBroken("garbled")
        end = HEADER.size + length
        if len(self._received) < end:
            return None
        frame = bytes(self._received[HEADER.size : end])
        del self._received[:end]
        return frame


def _read(number: int) -> bytes:
    try:
        return os.read(number, _PIECE)
    except BlockingIOError:
        return b""


def _write(number: int, data: memoryview) -> int:
    try:
        return os.write(number, data[:_PIECE])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(data)  # the child is gone; its closed output says so next
