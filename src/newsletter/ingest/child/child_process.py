"""Both ends of a child process that reads what strangers wrote: it may crash, hang or grow.

The parent asks one job at a time, a JSON line and bytes, and has its answer or the reason why
there is none. The child ends where its input ends; a job that hangs is ended by the system's own
alarm, which no Python or C code of the job can hold up.
"""

import logging
import os
import resource
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Self, TypeVar

_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)

Answer = TypeVar("Answer")


class ChildFellError(Exception):
    """The child gave no answer; the text says why, as the end of a sentence."""


class ChildProcess:
    """Asks a child that is started at first need and replaced where it falls.

    Use as a context manager; for one thread at a time.
    """

    def __init__(self, module: str) -> None:
        """Take the name of the module that the child runs; it calls `serve`."""
        self._module = module
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int:
        """The child's number, 0 where none runs."""
        return self._child.pid if self._child else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; a later job starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # unsent bytes of a job whose child is gone
        child.wait()

    def ask(self, job: bytes, read: Callable[[IO[bytes]], Answer]) -> Answer:
        """Return what read makes of the child's answer to a job.

        Args:
            job: a line, then bytes.
            read: takes the answer, no more of it than it should have; raises ValueError for what
                is none.

        Raises:
            ChildFellError: there was no answer, or not a whole one.
        """
        child = self._child = self._child or self._start()
        answers = child.stdout
        if child.stdin is None or answers is None:  # pragma: no cover (both are pipes)
            raise ChildFellError(_ending(0))
        try:
            child.stdin.write(job)
            child.stdin.flush()
            return read(answers)
        except (OSError, ValueError) as error:
            child.kill()
            raise ChildFellError(_ending(child.wait())) from error
        finally:
            if child.poll() is not None:
                self.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )


def serve(answer: Callable[[bytes, IO[bytes]], bytes], *, memory_bytes: int) -> None:
    """Be the child: answer jobs until standard input ends.

    Args:
        answer: takes a job's line and the stream with its bytes, gives the whole answer.
        memory_bytes: the most address space that the process may have.
    """
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while line := jobs.readline():
        answers.write(answer(line, jobs))
        answers.flush()


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """End this process where the block takes longer."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ending(status: int) -> str:
    if status == -signal.SIGALRM:
        return "reading it took too long"
    return "it could not be read: its reader stopped"
