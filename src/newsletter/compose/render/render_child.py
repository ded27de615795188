"""The parent's side of the render child: one warm process that may crash, hang or grow.

Templates come from third parties and mrml dies of deep nesting, so all of that happens in
child_main. A child that breaks a limit is ended and the next job gets a new one.
"""

import json
import select
import signal
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from newsletter.clock import Clock, SystemClock
from newsletter.compose.line_marks import CRASH
from newsletter.model.composed import Origins
from newsletter.model.finding import Finding, Severity

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLimits:
    """Limits of one job: wall seconds unless named cpu, bytes of UTF-8.

    memory_bytes is address space on top of the idle child's: 20 times what 30 stories take.
    """

    job_s: float = 10.0
    template_s: float = 5.0
    mjml_s: float = 5.0
    start_s: float = 20.0
    cpu_s: int = 10
    memory_bytes: int = 512 * MIB
    output_bytes: int = 2_000_000
    job_bytes: int = 16 * MIB


HEADER = struct.Struct(">I")
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
    """One child process; it is ended where it does not read or answer in time."""

    def __init__(self, process: subprocess.Popen[bytes], *, frame_limit: int) -> None:
        self.process = process
        self._frame_limit = frame_limit
        self._poll = select.poll()
        if process.stdout is not None:
            self._poll.register(process.stdout, select.POLLIN)

    def exchange(
        self, payload: bytes, time_left: Callable[[], float], progress: Callable[[Message], None]
    ) -> Message:
        """Send a frame, if any; return the first answer but progress, or raise ChildBroken."""
        if payload:
            self._send(HEADER.pack(len(payload)) + payload, time_left())
        while "stage" in (message := self._answer(time_left)):
            progress(message)
        return message

    def end(self) -> None:
        """End the child at once and collect it; it holds nothing worth a goodbye."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def _send(self, data: bytes, seconds: float) -> None:
        timer = threading.Timer(seconds, self.process.kill)  # a write has no limit of its own
        timer.name = "render limit"
        timer.start()
        try:
            unsent = memoryview(data)
            while unsent and self.process.stdin is not None:
                unsent = unsent[self.process.stdin.write(unsent) or 0 :]
        except OSError as error:
            raise ChildBroken("dead" if timer.is_alive() else "slow") from error
        finally:
            timer.cancel()

    def _answer(self, time_left: Callable[[], float]) -> Message:
        (length,) = HEADER.unpack(self._read(HEADER.size, time_left))
        if length > self._frame_limit:
            raise ChildBroken("garbled")
        try:
            message = json.loads(self._read(length, time_left))
        except ValueError as error:
            raise ChildBroken("garbled") from error
        if not isinstance(message, dict):
            raise ChildBroken("garbled")
        return message

    def _read(self, size: int, time_left: Callable[[], float]) -> bytes:
        data = b""
        while len(data) < size and self.process.stdout is not None:
            if not self._poll.poll(max(time_left(), 0) * 1000):
                raise ChildBroken("slow")
            piece = self.process.stdout.read(size - len(data))
            if not piece:
                raise ChildBroken("dead")
            data += piece
        return data


GIVEN_UP = "the rendering was given up, since the program ends"

_COMMAND = (sys.executable, "-E", "-P", "-X", "utf8", "-m", "newsletter.compose.render.child_main")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """One thing to render.

    template is a name without ending, templates maps paths to sources. In context
    {"__html__": "…"} stands for HTML that is not escaped again. origins asks for each tag's line.
    """

    template: str
    templates: Mapping[str, str]
    context: Mapping[str, object]
    origins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderResult:
    """What came of a job. html and text are None where an error among the findings says why."""

    html: str | None
    text: str | None
    mjml: str
    findings: tuple[Finding, ...] = ()
    origins: Origins = field(default_factory=Origins)
    timings_ms: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class _Watch:
    """How far the child said it had come, and until when the whole job and this stage may take."""

    file: str
    line: int = 0
    stage: str = "start"
    job_deadline: float = 0.0
    deadline: float = 0.0

    def begin(self, stage: str, until: float) -> None:
        self.stage = stage
        self.deadline = self.job_deadline = until


class RenderChild:
    """Renders jobs, one at a time, in a child that is replaced when it breaks; for many threads."""

    def __init__(
        self, limits: RenderLimits = RenderLimits(), *, clock: Clock | None = None
    ) -> None:
        self._limits = limits
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._child: ChildPipe | None = None
        self._is_ready = False
        self._ender: Callable[[], object] | None = None
        self._is_given_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the warm child, None where there is none."""
        child = self._child
        return child.process.pid if child else None

    def start(self) -> None:
        """Let the child get ready while the caller does something else; a job waits for it."""
        with self._lock:
            if self._child is None and not self._is_given_up:
                self._begin()

    def render(self, job: RenderJob) -> RenderResult:
        """Render one job; always comes back within the limits, whatever the template does."""
        parts = {
            "template": job.template,
            "templates": {**job.templates},
            "context": job.context,
            "origins": job.origins,
        }
        payload = json.dumps(parts, separators=(",", ":")).encode("ascii")
        watch = _Watch(file=f"templates/{job.template}.mjml.j2")
        if len(payload) > self._limits.job_bytes:
            what = f"the issue and its templates take {len(payload):,} bytes, too many to render"
            return _failure(what, watch)
        with self._lock:
            if self._is_given_up:
                return _failure(GIVEN_UP, watch)
            try:
                child = self._warm_child(watch)
                watch.begin("jinja", self._clock.monotonic() + self._limits.job_s)
                answer = self._exchange(child, payload, watch)
                result = _result_from(answer)
            except ChildBroken as broken:
                return self._account_for(broken, watch)
            if answer.get("tired"):
                self._end()
            return result

    def give_up(self) -> None:
        """End the job at hand, from any thread, and take no other: the program is to end now."""
        self._is_given_up = True
        child = self._child
        if child is not None:
            child.process.kill()  # the thread that waits for its answer ends it properly

    def close(self) -> None:
        """End the child; a later job starts another."""
        with self._lock:
            self._end()

    def _warm_child(self, watch: _Watch) -> ChildPipe:
        child = self._child
        if child is None or child.process.poll() is not None:
            self._end()
            child = self._begin()
        if not self._is_ready:
            watch.begin("start", self._clock.monotonic() + self._limits.start_s)
            self._exchange(child, b"", watch)  # it says when it is ready
            self._is_ready = True
        return child

    def _begin(self) -> ChildPipe:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            (*_COMMAND, json.dumps(asdict(self._limits))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env={},  # no secret of ours is in reach of a template
            start_new_session=True,  # Ctrl-C is for the parent alone
        )
        child = ChildPipe(process, frame_limit=8 * self._limits.output_bytes)
        self._child = child
        self._ender = weakref.finalize(self, child.end)
        if self._is_given_up:  # between the look at it and the start
            process.kill()
        return child

    def _exchange(self, child: ChildPipe, payload: bytes, watch: _Watch) -> Message:
        def progress(message: Message) -> None:
            watch.stage, watch.file = str(message["stage"]), str(message["file"])
            watch.line = int(message["line"])
            watch.deadline = watch.job_deadline
            if watch.stage == "mjml":
                compiled_by = self._clock.monotonic() + self._limits.mjml_s
                watch.deadline = min(watch.job_deadline, compiled_by)

        return child.exchange(payload, lambda: watch.deadline - self._clock.monotonic(), progress)

    def _account_for(self, broken: ChildBroken, watch: _Watch) -> RenderResult:
        child = self._child
        self._end()
        if self._is_given_up:
            return _failure(GIVEN_UP, watch)
        status = child.process.returncode if child else 0
        told = {
            "slow": "ran too long and was ended",
            "garbled": "gave an answer nobody can read and was ended",
        }
        what = told.get(broken.how) or (
            f"was ended by {_signal_name(-status)}" if status < 0 else f"ended with status {status}"
        )
        doing = DOING.get(watch.stage, watch.stage)
        return _failure(f"the render process {what} while {doing} {watch.file}", watch)

    def _end(self) -> None:
        if self._ender is not None:
            self._ender()
        self._child = self._ender = None
        self._is_ready = False


def _failure(message: str, watch: _Watch) -> RenderResult:
    finding = Finding(
        check=CRASH,
        severity=Severity.ERROR,
        message=message,
        file=watch.file,
        line=watch.line,
        remedy="look there for endless loops, very deep nesting or very large values",
    )
    return RenderResult(html=None, text=None, mjml="", findings=(finding,))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _result_from(answer: Message) -> RenderResult:
    try:
        return RenderResult(
            html=answer["html"],
            text=answer["text"],
            mjml=answer["mjml"],
            findings=tuple(
                Finding(**{**found, "severity": Severity(found["severity"])})
                for found in answer["findings"]
            ),
            origins=_origins_from(answer["origins"]),
            timings_ms=tuple((str(name), float(ms)) for name, ms in answer["timings_ms"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ChildBroken("garbled") from error


def _origins_from(told: Message) -> Origins:
    return Origins(
        files=tuple(str(file) for file in told["files"]),
        tags=tuple((int(file), int(line)) for file, line in told["tags"]),
        styles=tuple(
            tuple((int(file), int(line)) for file, line in lines) for lines in told["styles"]
        ),
    )
