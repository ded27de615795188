"""The parent's side of the render child: one warm process that may crash, hang or grow.

Templates come from third parties, mrml dies of deep nesting and premailer takes a quarter of a
second to import, so all of that happens in a process of its own (child_main), started at the first
job and kept. A job has limits; a child that breaks one is ended and the next job gets a new one.
Nothing here imports Jinja2, mrml or premailer.
"""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.clock import Clock, SystemClock
from newsletter.compose.limits import CRASH, RenderLimits
from newsletter.model.finding import Finding, Severity

_HEADER = struct.Struct(">I")
_COMMAND = (sys.executable, "-E", "-P", "-X", "utf8", "-m", "newsletter.compose.child_main")
_STAGES = {
    "start": "starting",
    "jinja": "rendering",
    "lint": "checking the MJML of",
    "mjml": "compiling the MJML of",
    "inline": "inlining the theme of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """One thing to render.

    template is a name without ending ("daily": daily.mjml.j2 and daily.txt.j2). templates maps
    paths inside the templates folder to sources; "theme.css" is inlined. context is what JSON can
    hold; {"__html__": "…"} stands for HTML that is not escaped again.
    """

    template: str
    templates: Mapping[str, str]
    context: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderResult:
    """What came of a job. html and text are None where an error among the findings says why."""

    html: str | None
    text: str | None
    mjml: str
    findings: tuple[Finding, ...] = ()
    timings_ms: tuple[tuple[str, float], ...] = ()


class _Broken(Exception):
    """The child is of no more use; what it was doing is in the pipe's stage and place."""


@dataclass(slots=True)
class _Watch:
    """How far the child said it had come, and until when the whole job and this stage may take."""

    place: tuple[str, int]
    stage: str = "start"
    job_deadline: float = 0.0
    deadline: float = 0.0

    def begin(self, stage: str, until: float) -> None:
        self.stage = stage
        self.deadline = self.job_deadline = until


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    errors: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)


class RenderChild:
    """Renders jobs, one at a time, in a child process that is replaced when it breaks.

    Safe to share between threads. A job whose child broke is not tried again: it comes back with a
    C05 finding.
    """

    def __init__(
        self,
        limits: RenderLimits = RenderLimits(),  # noqa: B008 (frozen)
        *,
        clock: Clock | None = None,
    ) -> None:
        self._limits = limits
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._ender: weakref.finalize[..., Any] | None = None

    def __enter__(self) -> "RenderChild":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the warm child, None where there is none."""
        child = self._child
        return child.process.pid if child else None

    def render(self, job: RenderJob) -> RenderResult:
        """Render one job; always comes back within the limits, whatever the template does.

        Raises:
            TypeError: the context holds what JSON has no word for.
        """
        payload = json.dumps(
            {
                "template": job.template,
                "templates": dict(job.templates),
                "context": job.context,
            },
            separators=(",", ":"),
        ).encode("ascii")
        shown = f"templates/{job.template}.mjml.j2"
        if len(payload) > self._limits.job_bytes:
            return _refused(f"the issue and its templates are {len(payload):,} bytes", shown)
        with self._lock:
            watch = _Watch(place=(shown, 0))
            try:
                child = self._warm_child(watch)
                watch.begin("jinja", self._clock.monotonic() + self._limits.job_s)
                answer = self._exchange(child, payload, watch)
                result = _result_from(answer)
            except _Broken as broken:
                return self._account_for(str(broken), watch)
            if answer.get("tired"):
                self._end()
            return result

    def close(self) -> None:
        """End the child; a later job starts another."""
        with self._lock:
            self._end()

    def _warm_child(self, watch: _Watch) -> _Child:
        if self._child is not None and self._child.process.poll() is None:
            return self._child
        self._end()
        watch.begin("start", self._clock.monotonic() + self._limits.start_s)
        process = subprocess.Popen(
            (*_COMMAND, json.dumps(_wire_limits(self._limits))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env={},  # no secret of ours is in reach of a template
            start_new_session=True,  # Ctrl-C is for the parent alone
        )
        child = _Child(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        self._child = child
        self._ender = weakref.finalize(self, _end_process, process)
        self._exchange(child, b"", watch)
        return child

    def _exchange(self, child: _Child, payload: bytes, watch: _Watch) -> dict[str, Any]:
        """Send one frame (none where empty) and read frames until one is an answer."""
        stdin, stdout, stderr = child.process.stdin, child.process.stdout, child.process.stderr
        assert stdin and stdout and stderr  # noqa: S101 (all three are pipes, for the type checker)
        poll = select.poll()
        poll.register(stdout.fileno(), select.POLLIN)
        poll.register(stderr.fileno(), select.POLLIN)
        unsent = memoryview(_HEADER.pack(len(payload)) + payload if payload else b"")
        if unsent:
            poll.register(stdin.fileno(), select.POLLOUT)
        while True:
            while (frame := _take_frame(child.received, self._frame_limit())) is not None:
                message = _parsed(frame)
                if "stage" not in message:
                    return message
                self._advance(message, watch)
            left = watch.deadline - self._clock.monotonic()
            if left <= 0:
                raise _Broken("slow")
            for number, event in poll.poll(left * 1000 + 1):
                if number == stdin.fileno():
                    if event & (select.POLLERR | select.POLLHUP):
                        poll.unregister(number)
                        continue
                    unsent = unsent[_written(number, unsent) :]
                    if not unsent:
                        poll.unregister(number)
                elif number == stderr.fileno():
                    data = _read(number)
                    if not data:
                        poll.unregister(number)
                    child.errors += data
                    del child.errors[: -self._limits.stderr_bytes]
                else:
                    data = _read(number)
                    if not data:
                        raise _Broken("dead")
                    child.received += data

    def _advance(self, message: dict[str, Any], watch: _Watch) -> None:
        """Note a stage the child has reached; the compile has a limit of its own."""
        watch.stage = str(message["stage"])
        if message.get("file"):
            watch.place = (str(message["file"]), int(message.get("line", 0)))
        watch.deadline = watch.job_deadline
        if watch.stage == "mjml":
            compile_by = self._clock.monotonic() + self._limits.mjml_s
            watch.deadline = min(watch.job_deadline, compile_by)

    def _frame_limit(self) -> int:
        return 8 * self._limits.output_bytes

    def _account_for(self, how: str, watch: _Watch) -> RenderResult:
        """End what is left of the child and say in one finding what became of it."""
        child = self._child
        doing = _STAGES.get(watch.stage, watch.stage)
        errors = bytes(child.errors).decode("utf-8", "replace").strip() if child else ""
        self._end()
        status = child.process.returncode if child else None
        file, line = watch.place
        if how == "slow":
            what = "ran too long and was ended"
        elif how == "garbled":
            what = "gave an answer nobody can read and was ended"
        elif status is not None and status < 0:
            what = f"was ended by {_signal_name(-status)}"
        else:
            what = f"ended with status {status}"
        last = errors.splitlines()[-1][:300] if errors else ""
        return RenderResult(
            html=None,
            text=None,
            mjml="",
            findings=(
                Finding(
                    check=CRASH,
                    severity=Severity.ERROR,
                    message=f"the render process {what} while {doing} {file}",
                    evidence=last,
                    file=file,
                    line=line,
                    remedy="look for endless loops, very deep nesting or very large values there",
                ),
            ),
        )

    def _end(self) -> None:
        if self._ender is not None:
            self._ender()
        self._child = self._ender = None


def _end_process(process: subprocess.Popen[bytes]) -> None:
    """End a child at once and collect it; it holds nothing worth a goodbye."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _take_frame(received: bytearray, limit: int) -> bytes | None:
    if len(received) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack_from(received)
    if length > limit:
        raise _Broken("garbled")
    end = _HEADER.size + length
    if len(received) < end:
        return None
    frame = bytes(received[_HEADER.size : end])
    del received[:end]
    return frame


def _parsed(frame: bytes) -> dict[str, Any]:
    try:
        message = json.loads(frame)
    except ValueError as error:
        raise _Broken("garbled") from error
    if not isinstance(message, dict):
        raise _Broken("garbled")
    return message


def _read(number: int) -> bytes:
    try:
        return os.read(number, 1 << 16)
    except BlockingIOError:  # pragma: no cover (poll said there is something)
        return b""


def _written(number: int, data: memoryview) -> int:
    try:
        return os.write(number, data[: 1 << 16])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(data)  # the child is gone; its closed output says so next


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _wire_limits(limits: RenderLimits) -> dict[str, float]:
    return {
        "template_s": limits.template_s,
        "cpu_s": limits.cpu_s,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
        "job_bytes": limits.job_bytes,
    }


def _result_from(answer: dict[str, Any]) -> RenderResult:
    try:
        return RenderResult(
            html=answer["html"],
            text=answer["text"],
            mjml=answer["mjml"],
            findings=tuple(
                Finding(**{**found, "severity": Severity(found["severity"])})
                for found in answer["findings"]
            ),
            timings_ms=tuple((str(name), float(ms)) for name, ms in answer["timings_ms"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _Broken("garbled") from error


def _refused(what: str, file: str) -> RenderResult:
    finding = Finding(
        check=CRASH,
        severity=Severity.ERROR,
        message=f"{what}, more than can be rendered",
        file=file,
    )
    return RenderResult(html=None, text=None, mjml="", findings=(finding,))
