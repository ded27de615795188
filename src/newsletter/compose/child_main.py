"""The render child: reads jobs from stdin, answers on stdout, and dies rather than exceed a limit.

One job is Jinja2, our lint, mrml and premailer. Frames are a four-byte length and JSON. Before a
stage the child says which one begins, so that the parent can tell where a silent end came. Run by
render_child as ``python -m newsletter.compose.child_main LIMITS``; ends when stdin does.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from mjml import mjml2html

from newsletter.clock import SystemClock
from newsletter.compose.child_pipe import HEADER
from newsletter.compose.inline import inline
from newsletter.compose.jinja_env import OutOfTime, TemplateFault, TemplateSet, context_from
from newsletter.compose.limits import CRASH, TEMPLATE, WELL_FORMED, RenderLimits
from newsletter.compose.line_marks import CONTROL, Place, read_marks
from newsletter.compose.mjml_lint import lint_mjml
from newsletter.model.finding import Finding, Severity

_CLOCK = SystemClock()
Tell = Callable[[str, Place], None]


class Renderer:
    """Does jobs one after the other, keeping compiled templates while they stay the same."""

    def __init__(self, limits: RenderLimits) -> None:
        self._limits = limits
        self._given: dict[str, str] = {}
        self._templates = TemplateSet({})

    def render(self, job: dict[str, Any], tell: Tell) -> dict[str, Any]:
        """Do one job; tell is called before each stage."""
        if job["templates"] != self._given:
            self._given = job["templates"]
            self._templates = TemplateSet(self._given)
        return _Job(self._templates, job, tell, self._limits).run()


class _Job:
    def __init__(
        self, templates: TemplateSet, job: dict[str, Any], tell: Tell, limits: RenderLimits
    ) -> None:
        self._templates = templates
        self._name: str = job["template"]
        self._context: dict[str, Any] = context_from(job["context"])
        self._tell = tell
        self._limits = limits
        self._findings: list[Finding] = []
        self._timings: list[tuple[str, float]] = []
        self._tired = False
        self._start = Place(file=f"templates/{self._name}.mjml.j2", line=1)
        self._begun = _CLOCK.monotonic()

    def run(self) -> dict[str, Any]:
        rendered = self._rendered("mjml")
        text = self._rendered("txt")
        self._timed("jinja")
        mjml, html = "", None
        if rendered is not None:
            marked = read_marks(rendered, self._templates.files)
            mjml = marked.text
            self._tell("lint", self._start)
            linted = lint_mjml(marked)
            self._findings += (*linted.findings, *self._templates.theme_findings)
            self._timed("lint")
            if not self._failed():
                html = self._html(mjml, linted.deepest)
        failed = self._failed()
        return {
            "html": None if failed else html,
            "text": None if failed else text,
            "mjml": mjml,
            "findings": [_wire(finding) for finding in self._findings],
            "timings_ms": self._timings,
            "tired": self._tired,
        }

    def _rendered(self, kind: str) -> str | None:
        templates, limit = self._templates, self._limits.output_bytes
        name = f"{self._name}.{kind}.j2"
        self._tell("jinja", Place(file=f"templates/{name}", line=0))
        render = templates.render_mjml if kind == "mjml" else templates.render_text
        try:
            with _Alarm(self._limits.template_s):
                rendered = render(self._name, self._context, limit=limit)
        except TemplateFault as fault:
            self._tired = self._tired or fault.exhausted
            self._error(TEMPLATE, fault.message, fault.place)
            return None
        if kind == "txt":
            self._refuse_controls(rendered, name)
        return rendered

    def _refuse_controls(self, text: str, name: str) -> None:
        found = CONTROL.search(text)
        if found:
            number = text.count("\n", 0, found.start()) + 1
            self._error(
                WELL_FORMED,
                f"the text part holds the control character U+{ord(found[0]):04X}",
                Place(file=f"templates/{name}", line=0),
                evidence=f"line {number} of the text: {text.splitlines()[number - 1][:80]!r}",
            )

    def _html(self, mjml: str, deepest: Place) -> str | None:
        self._tell("mjml", deepest)
        try:
            html: str = mjml2html(mjml, fonts={})
        except ValueError as error:  # mrml has no place to give; the lint should have found it
            self._error(WELL_FORMED, f"mrml cannot read the MJML: {error}", self._start)
            return None
        self._timed("mjml")
        self._tell("inline", self._start)
        html = inline(html, self._templates.sources.get("theme.css", ""))
        self._timed("inline")
        if len(html.encode()) > self._limits.output_bytes:
            self._error(CRASH, "the HTML is larger than any mail may be", self._start)
            return None
        return html

    def _failed(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self._findings)

    def _error(self, check: str, message: str, place: Place, *, evidence: str = "") -> None:
        self._findings.append(
            Finding(
                check=check,
                severity=Severity.ERROR,
                message=message,
                evidence=evidence,
                file=place.file,
                line=place.line,
            )
        )

    def _timed(self, stage: str) -> None:
        now = _CLOCK.monotonic()
        self._timings.append((stage, round((now - self._begun) * 1000, 3)))
        self._begun = now


class _Alarm:
    """Raises OutOfTime in the Python code that runs when the seconds are over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(_number: int, _frame: object) -> None:
    raise OutOfTime


def _wire(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "message": finding.message,
        "evidence": finding.evidence,
        "file": finding.file,
        "line": finding.line,
        "remedy": finding.remedy,
    }


def serve(jobs: BinaryIO, answers: BinaryIO, limits: RenderLimits) -> None:
    """Answer frames until there are no more."""
    renderer = Renderer(limits)

    def send(message: dict[str, Any]) -> None:
        frame = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        answers.write(HEADER.pack(len(frame)) + frame)
        answers.flush()

    def tell(stage: str, place: Place) -> None:
        send({"stage": stage, "file": place.file, "line": place.line})

    send({"ready": True})
    while len(header := jobs.read(HEADER.size)) == HEADER.size:
        (length,) = HEADER.unpack(header)
        job = json.loads(jobs.read(length))
        _allow_cpu(limits.cpu_s)
        send(renderer.render(job, tell))


def _allow_cpu(seconds: int) -> None:
    """Let the next job have that many seconds: the limit counts over the life of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _confine(limits: RenderLimits) -> None:
    """Set the limits that hold for the life of the process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    space = _address_space() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (space, space))


def _address_space() -> int:
    """Give the bytes of address space in use now (Linux; elsewhere a generous guess)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30


def main() -> None:
    """Serve the parent until it closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = RenderLimits(**json.loads(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no frame
    _confine(limits)
    serve(sys.stdin.buffer, answers, limits)


if __name__ == "__main__":
    main()
