"""The render child: what it makes, and that nothing a template does harms the parent."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_tables import own_cases

from newsletter.compose.render.render_child import (
    MIB,
    RenderChild,
    RenderJob,
    RenderLimits,
    RenderResult,
)
from newsletter.model.finding import Severity

FILE = "templates/daily.mjml.j2"
MJML = (
    '<mjml lang="en">\n<mj-body><mj-section padding="0px 32px"><mj-column>\n'
    '<mj-raw><!--block:lead--></mj-raw>\n<mj-text css-class="a">{{ x }}</mj-text>\n'
    "</mj-column></mj-section></mj-body></mjml>"
)
TEMPLATES = {"daily.mjml.j2": MJML, "daily.txt.j2": "{{ x }}\n", "theme.css": ".a { color: red }"}
# Loops without output, so that nothing but the clock can stop them.
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


def job(
    mjml: str = MJML, text: str = "{{ x }}\n", context: object = None, **others: str
) -> RenderJob:
    """Make a job for template daily."""
    return RenderJob(
        template="daily",
        templates={**TEMPLATES, "daily.mjml.j2": mjml, "daily.txt.j2": text, **others},
        context={"x": "A & b"} if context is None else {"x": context},
    )


def only(result: RenderResult) -> tuple[str, str, int, str]:
    """Return id, file, line and message of the only finding of a job that made nothing."""
    assert result.html is None
    assert result.text is None
    assert len(result.findings) == 1, result.findings
    finding = result.findings[0]
    assert finding.severity is Severity.ERROR
    return finding.id, finding.file, finding.line, finding.message


@pytest.fixture(scope="module")
def child() -> Iterator[RenderChild]:
    """A warm child that the tests of this module share; it is replaced when one ends it."""
    with RenderChild() as warm:
        yield warm


def test_a_job_gives_html_text_mjml_and_timings(child: RenderChild) -> None:
    result = child.render(job())
    assert result.findings == ()
    assert result.html is not None
    assert result.html.startswith("<!DOCTYPE html>\n<html")
    assert "<!--block:lead-->" in result.html
    assert "A &amp; b" in result.html
    assert re.search(r'class="a" style="[^"]*color:red', result.html)
    assert result.text == "A & b\n"
    assert result.mjml.startswith('<mjml lang="en">\n')
    assert [name for name, _ in result.timings_ms] == ["jinja", "lint", "mjml", "inline"]


def themed(css: str, **context: object) -> RenderJob:
    templates = {name: source for name, source in TEMPLATES.items() if name != "theme.css"}
    return RenderJob(
        template="daily",
        templates={**templates, "theme.css.j2": css},
        context={"x": "a", "brand": {"light": {"link": "#123456"}}, "direction": "rtl", **context},
    )


def test_a_theme_is_set_with_the_brand_and_nothing_of_the_issue(child: RenderChild) -> None:
    css = "{# note #}\n.a { {% if direction == 'rtl' %}color: {{ brand.light.link }}{% endif %} }"
    result = child.render(themed(css))
    assert result.findings == ()
    assert "color:#123456" in (result.html or "")
    again = child.render(themed(css, brand={"light": {"link": "#654321"}}))
    assert "color:#654321" in (again.html or "")
    assert only(child.render(themed("\n.a { color: {{ x }} }")))[:3] == (
        "C06", "templates/theme.css.j2", 2,
    )  # fmt: skip


@pytest.mark.covers("T24")
@pytest.mark.parametrize("payload", own_cases(__file__, "content_cannot_write_mjml"))
def test_content_cannot_write_mjml(child: RenderChild, payload: str) -> None:
    twin = child.render(job(context="harmless"))
    result = child.render(job(context=payload))
    assert result.findings == ()
    assert tags(result.mjml) == tags(twin.mjml)
    assert tags(result.html or "") == tags(twin.html or "")
    assert result.text == payload + "\n"


def tags(markup: str) -> list[str]:
    """Return the tags and comments of a document, in order."""
    return re.findall(r"<[!/a-zA-Z][^\s>]*", markup)


@pytest.mark.covers("T23")
@pytest.mark.parametrize(
    ("payload", "words"), own_cases(__file__, "a_greedy_template_is_an_error_with_its_line")
)
def test_a_greedy_template_is_an_error_with_its_line(
    child: RenderChild, payload: str, words: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    check, file, line, message = only(child.render(job(f"<mjml>\n{payload}")))
    assert (check, file, line) == ("C06", FILE, 2)
    assert words in message
    assert time.perf_counter() - begun < 12
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024
    assert child.render(job()).html


@pytest.mark.covers("T23")
def test_a_template_that_does_not_end_is_stopped_and_named() -> None:
    with RenderChild(RenderLimits(template_s=0.3)) as quick:
        assert only(quick.render(job(f"<mjml>\n\n{ENDLESS}"))) == (
            "C06", FILE, 3, "the template ran too long",
        )  # fmt: skip
        pid = quick.pid
        assert quick.render(job()).html
        assert quick.pid == pid


@pytest.mark.covers("T23", "C05")
def test_a_hanging_child_is_ended_at_the_wall_limit_and_replaced() -> None:
    with RenderChild(RenderLimits(template_s=60, job_s=0.5)) as quick:
        quick.render(job())
        pid = quick.pid
        begun = time.perf_counter()
        check, file, _, message = only(quick.render(job(ENDLESS)))
        assert time.perf_counter() - begun < 5
        assert (check, file) == ("C05", FILE)
        assert "ran too long and was ended while rendering" in message
        assert quick.render(job()).html
        assert quick.pid != pid


@pytest.mark.covers("T23")
def test_the_processor_time_of_a_job_is_limited_and_not_that_of_the_process() -> None:
    with RenderChild(RenderLimits(template_s=60, job_s=30, cpu_s=1)) as quick:
        check, file, _, message = only(quick.render(job(ENDLESS)))
        assert (check, file) == ("C05", FILE)
        assert "SIGXCPU" in message


@pytest.mark.covers("T25")
def test_two_thousand_sections_and_twenty_thousand_tags_are_findings(child: RenderChild) -> None:
    child.render(job())
    pid = child.pid
    deep = "<mjml><mj-body>" + "<mj-section>" * 2_000 + "</mj-section>" * 2_000
    result = child.render(job(deep + "</mj-body></mjml>"))
    assert "C05" in {f.id for f in result.findings}
    assert all(f.file == FILE for f in result.findings)
    inner = "<b>" * 20_000 + "</b>" * 20_000
    result = child.render(job(text="", context={"__html__": inner}))
    assert {"C04", "C05"} <= {f.id for f in result.findings}
    assert {f.line for f in result.findings} == {4}
    assert child.pid == pid


@pytest.mark.covers("T25", "C05")
def test_a_child_killed_in_the_middle_is_named_and_the_next_job_works() -> None:
    with RenderChild() as warm:
        warm.render(job())
        pid = warm.pid
        assert pid is not None
        killer = threading.Timer(0.3, os.kill, (pid, signal.SIGSEGV))
        killer.start()
        check, file, _, message = only(warm.render(job(ENDLESS)))
        killer.join()
        assert (check, file) == ("C05", FILE)
        assert "was ended by SIGSEGV while rendering" in message
        assert warm.render(job()).html
        assert warm.pid != pid


def test_a_child_that_cannot_start_is_told() -> None:
    with RenderChild(RenderLimits(memory_bytes=1 * MIB)) as poor:
        finding = poor.render(job(context="x" * 2_000_000)).findings[0]
        assert finding.id == "C05"


def test_a_job_too_large_is_refused_before_it_is_sent() -> None:
    with RenderChild(RenderLimits(job_bytes=1000)) as small:
        assert only(small.render(job(context="x" * 1000)))[0] == "C05"
        assert small.pid is None


@pytest.mark.covers("T25", "C05")
def test_a_job_is_given_up_from_another_thread_and_none_begins_after() -> None:
    with RenderChild(RenderLimits(job_s=600, template_s=600, cpu_s=600)) as warm:
        warm.render(job())
        pid = warm.pid
        ending = threading.Timer(0.3, warm.give_up)
        ending.start()
        check, file, _, message = only(warm.render(job(ENDLESS)))  # hangs unless it is given up
        ending.join()
        assert (check, file) == ("C05", FILE)
        assert "given up" in message
        assert not Path(f"/proc/{pid}").exists()
        assert "given up" in only(warm.render(job()))[3]
        assert warm.pid is None


def run(source: str, *, env: dict[str, str] | None = None) -> str:
    """Run Python in a process of its own and give what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, **(env or {})},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


PARENT = """
import json, os, sys
from newsletter.compose.render.render_child import RenderChild, RenderJob
child = RenderChild()
child.render(RenderJob(template="a", templates={}, context={}))
print(json.dumps({"pid": child.pid,
    "environ": open(f"/proc/{child.pid}/environ").read(),
    "limits": open(f"/proc/{child.pid}/limits").read(),
    "sid": os.getsid(child.pid), "own": os.getsid(0),
    "cwd": os.readlink(f"/proc/{child.pid}/cwd")}))
sys.stdout.flush()
"""


@pytest.mark.covers("T22", "T26")
def test_the_child_has_no_secrets_no_files_and_a_session_of_its_own() -> None:
    seen = json.loads(run(PARENT + "child.close()", env={"NEWSLETTER_SECRET": "hush"}))
    assert seen["environ"] == ""
    assert seen["cwd"] == "/"
    assert seen["sid"] != seen["own"]
    for name in ("Max core file size", "Max file size", "Max open files"):
        assert re.search(rf"{name} +0 +0 ", seen["limits"]), name
    assert not re.search(r"Max address space +unlimited", seen["limits"])
    assert not re.search(r"Max cpu time +unlimited", seen["limits"])


@pytest.mark.parametrize("end", ["", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_the_child_ends_with_its_parent(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARENT + end], capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stderr == ""
    pid = json.loads(done.stdout)["pid"]
    deadline = time.perf_counter() + 10
    while Path(f"/proc/{pid}/stat").exists():
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return  # ended; whoever took it over has not collected it
        assert time.perf_counter() < deadline


AUDIT = """
import sys
from newsletter.compose.render.child_main import Renderer, warm_up
from newsletter.compose.render.render_child import RenderLimits
renderer = Renderer(RenderLimits())
warm_up(renderer)
seen = []
watched = ("open", "socket.", "subprocess.", "os.", "import", "urllib.", "ctypes.", "exec")
sys.addaudithook(lambda name, args: seen.append((name, str(args)[:200]))
    if name.startswith(watched) else None)
theme = ("@import url(http://127.0.0.1:9/x.css); @import url(file:///etc/hosts); "
    ".a { background: url(http://127.0.0.1:9/x.png); color: blue }")
for css in (theme, ".a { color: darkorchid; margin: 1px 2px }"):
    for mjml in MJMLS:
        renderer.render({"template": "d", "templates": {"d.mjml.j2": mjml, "d.txt.j2": "{{ x }}",
            "theme.css": css}, "context": {"x": "y"}}, lambda *_: None)
from newsletter.compose.render.compiler import inline
from mjml import mjml2html
inline(mjml2html("<mjml><mj-body></mj-body></mjml>", fonts={}), theme)
print([s for s in seen if s[0] not in ("exec", "import")
    or (s[0] == "import" and "newsletter" not in s[1] and "'mjml'" not in s[1])])
"""


@pytest.mark.covers("T26")
def test_no_file_is_opened_and_no_network_is_asked_during_a_job() -> None:
    mjmls = [
        MJML,
        "{% include '/etc/passwd' %}",
        "<mjml>{{ nothing.x }}",
        "<mjml><mj-head><mj-include path='/etc/passwd' /></mj-head></mjml>",
        MJML.replace("</mj-column>", "<mj-image src='https://x.test/a.png' alt='' /></mj-column>"),
        "{{ 'a'|upper|truncate(1) ~ '\\u00e9' ~ [1, 2]|sum }}{% if %}",
    ]
    assert run(f"MJMLS = {mjmls!r}\n" + AUDIT).strip() == "[]"


@pytest.mark.covers("C05")
def test_a_compile_has_a_limit_of_its_own() -> None:
    blocks = "<mj-text>x</mj-text>" * 20_000  # tens of milliseconds for mrml
    with RenderChild(RenderLimits(mjml_s=0)) as quick:
        check, file, line, message = only(
            quick.render(job(MJML.replace("<mj-raw>", blocks + "\n<mj-raw>")))
        )
    assert (check, file, line) == ("C05", FILE, 3)
    assert "ran too long and was ended while compiling the MJML of" in message
