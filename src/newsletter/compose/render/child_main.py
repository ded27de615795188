"""The render child: Jinja2, our lint, mrml and premailer for one job after the other."""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from mjml import mjml2html

from newsletter.clock import SystemClock
from newsletter.compose.line_marks import CONTROL, CRASH, TEMPLATE, WELL_FORMED, Place, read_marks
from newsletter.compose.lint.mjml_lint import lint_mjml
from newsletter.compose.render.compiler import compiler_input, find_origins, inline
from newsletter.compose.render.jinja_env import TemplateFault, TemplateSet, Theme, context_from
from newsletter.compose.render.render_child import DOING, HEADER, Message, RenderLimits
from newsletter.compose.render.template_faults import OutOfTime
from newsletter.model.composed import Origins
from newsletter.model.finding import Finding, Severity

_CLOCK = SystemClock()
Tell = Callable[[str, Place], None]


class Renderer:
    """Does jobs one after the other, keeping compiled templates while they stay the same."""

    def __init__(self, limits: RenderLimits) -> None:
        self._limits = limits
        self._given: dict[str, str] = {}
        self._templates = TemplateSet({})

    def render(self, job: Message, tell: Tell) -> Message:
        """Do one job; tell is called before each stage."""
        if job["templates"] != self._given:
            self._given = job["templates"]
            self._templates = TemplateSet(self._given)
        done = _Job(self._templates, job, tell, self._limits)
        try:
            return done.run()
        except Exception as error:  # noqa: BLE001 (a bug must not read as "the answer is no")
            return done.failed_by(error)


class _Job:
    def __init__(
        self, templates: TemplateSet, job: Message, tell: Tell, limits: RenderLimits
    ) -> None:
        self._templates = templates
        self._name: str = job["template"]
        self._context: dict[str, Any] = context_from(job["context"])
        self._tell = tell
        self._limits = limits
        self._wants_origins: bool = job.get("origins", False)
        self._origins = Origins()
        self._findings: list[Finding] = []
        self._timings: list[tuple[str, float]] = []
        self._tired = False
        self._stage = "jinja"
        self._start = Place(file=f"templates/{self._name}.mjml.j2", line=1)
        self._begun = _CLOCK.monotonic()

    def run(self) -> Message:
        rendered = self._rendered("mjml")
        text = self._rendered("txt")
        theme = self._theme()
        self._timed("jinja")
        mjml, html = "", None
        if rendered is not None:
            marked = read_marks(rendered, self._templates.files, own=self._start.file)
            mjml = marked.text
            self._say("lint", self._start)
            linted = lint_mjml(marked)
            self._findings += (*linted.findings, *theme.findings)
            self._timed("lint")
            if not self._failed():
                html = self._html(compiler_input(mjml), linted.deepest, theme.css)
                if self._wants_origins and html is not None:
                    self._origins = find_origins(marked, html, _compiled)
                    self._timed("origins")
        return self._answer(html, text, mjml)

    def failed_by(self, error: Exception) -> Message:
        """Answer for a job in which a library raised; the process is not trusted with another."""
        what = type(error).__name__
        message = f"the render process failed while {DOING[self._stage]} {self._start.file}: {what}"
        self._error(CRASH, message, self._start, evidence=" ".join(str(error).split())[:300])
        self._tired = True
        return self._answer(None, None, "")

    def _answer(self, html: str | None, text: str | None, mjml: str) -> Message:
        failed = self._failed()
        return {
            "html": None if failed else html,
            "text": None if failed else text,
            "mjml": mjml,
            "origins": asdict(self._origins),
            "findings": [asdict(finding) for finding in self._findings],
            "timings_ms": self._timings,
            "tired": self._tired,
        }

    def _say(self, stage: str, place: Place) -> None:
        self._stage = stage
        self._tell(stage, place)

    def _rendered(self, kind: str) -> str | None:
        templates, limit = self._templates, self._limits.output_bytes
        name = f"{self._name}.{kind}.j2"
        self._say("jinja", Place(file=f"templates/{name}", line=0))
        render = templates.render_mjml if kind == "mjml" else templates.render_text
        try:
            with _Alarm(self._limits.template_s):
                rendered = render(self._name, self._context, limit=limit)
        except TemplateFault as fault:
            self._tired = self._tired or fault.exhausted
            self._error(TEMPLATE, fault.message, fault.place, remedy=fault.remedy)
            return None
        if kind == "txt":
            self._refuse_controls(rendered, name)
        return rendered

    def _refuse_controls(self, text: str, name: str) -> None:
        found = CONTROL.search(text)
        if found:
            number = text.count("\n", 0, found.start()) + 1
            line = text.split("\n")[number - 1]
            self._error(
                WELL_FORMED,
                f"the text part holds the control character U+{ord(found[0]):04X}",
                Place(file=f"templates/{name}", line=0),
                evidence=f"line {number} of the text: {line[:80]!r}",
            )

    def _theme(self) -> Theme:
        templates = self._templates
        if templates.theme_file:
            self._say("jinja", Place(file=f"templates/{templates.theme_file}", line=0))
        try:
            with _Alarm(self._limits.template_s):
                return templates.theme(self._context, limit=self._limits.output_bytes)
        except TemplateFault as fault:
            self._tired = self._tired or fault.exhausted
            self._error(TEMPLATE, fault.message, fault.place, remedy=fault.remedy)
            return Theme(css="", findings=())

    def _html(self, mjml: str, deepest: Place, theme: str) -> str | None:
        self._say("mjml", deepest)
        try:
            html: str = mjml2html(mjml, fonts={})
        except ValueError as error:  # mrml has no place to give; the lint should have found it
            self._error(WELL_FORMED, f"mrml cannot read the MJML: {error}", self._start)
            return None
        self._timed("mjml")
        self._say("inline", self._start)
        html = inline(html, theme)
        self._timed("inline")
        if len(html.encode()) > self._limits.output_bytes:
            self._error(CRASH, "the HTML is larger than any mail may be", self._start)
            return None
        return html

    def _failed(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self._findings)

    def _error(
        self, check: str, message: str, place: Place, *, evidence: str = "", remedy: str = ""
    ) -> None:
        self._findings.append(
            Finding(
                check=check,
                severity=Severity.ERROR,
                message=message,
                evidence=evidence,
                file=place.file,
                line=place.line,
                remedy=remedy,
            )
        )

    def _timed(self, stage: str) -> None:
        now = _CLOCK.monotonic()
        self._timings.append((stage, round((now - self._begun) * 1000, 3)))
        self._begun = now


def _compiled(mjml: str) -> str:
    html: str = mjml2html(compiler_input(mjml), fonts={})
    return html


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


def serve(jobs: BinaryIO, answers: BinaryIO, renderer: Renderer, cpu_s: int) -> None:
    """Answer frames until there are no more."""

    def send(message: Message) -> None:
        frame = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        answers.write(HEADER.pack(len(frame)) + frame)
        answers.flush()

    def tell(stage: str, place: Place) -> None:
        send({"stage": stage, "file": place.file, "line": place.line})

    send({"ready": True})
    while len(header := jobs.read(HEADER.size)) == HEADER.size:
        (length,) = HEADER.unpack(header)
        job = jobs.read(length)
        if len(job) < length:
            return
        _allow_cpu(cpu_s)
        send(renderer.render(json.loads(job), tell))


def warm_up(renderer: Renderer) -> None:
    """Use each library once, also in failing jobs: _confine forbids to read any later."""
    mjml = (
        "<mjml><mj-head><mj-style>@media print { .a { color: red } }</mj-style></mj-head><mj-body>"
        "<mj-section><mj-column>{% set b = '\\N{BULLET}\\u00e9' %}"
        '<mj-text css-class="a">{{ a ~ b }}</mj-text></mj-column></mj-section></mj-body></mjml>'
    )
    theme = "{% if brand %}.a, p .a { color: {{ brand }}; background: rgb(1, 2, 3) }{% endif %}"
    text = "{% for x in [1, 2] %}{{ x }}{% endfor %}"
    for templates in (
        {"warm.mjml.j2": mjml, "warm.txt.j2": text, "theme.css.j2": theme},
        {"warm.mjml.j2": "{{ nothing }}", "warm.txt.j2": "{{ 1 / 0 }}"},
        {"warm.mjml.j2": "{% if %}", "warm.txt.j2": "{{ range(999999) }}"},
        {"warm.mjml.j2": "<mjml><mj-body><mj-txt></mj-body></mjml>"},
    ):
        renderer.render(
            {
                "template": "warm",
                "templates": templates,
                "context": {"a": "\u00e9", "brand": "red"},
            },
            lambda _stage, _place: None,
        )


def _allow_cpu(seconds: int) -> None:
    """Let the next job have that many seconds: the limit counts over the life of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(soft, hard), hard))


def _confine(limits: RenderLimits) -> None:
    """Set the limits of the process: no file can be written, no file or socket opened."""
    space = _address_space() + limits.memory_bytes
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_NOFILE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        limit = _at_most(most, hard)
        resource.setrlimit(kind, (limit, limit))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _address_space() -> int:
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:
        return 1 << 30
    return int(pages) * resource.getpagesize()


def main() -> None:
    """Serve the parent until it closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = RenderLimits(**json.loads(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no frame
    renderer = Renderer(limits)
    warm_up(renderer)
    _confine(limits)
    serve(sys.stdin.buffer, answers, renderer, limits.cpu_s)


if __name__ == "__main__":
    main()
