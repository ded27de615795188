"""Issue to ComposedIssue: context, rendering in the child, proof of content, skeleton."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import Self

from newsletter.compose.callouts import CalloutPlacement, is_marked
from newsletter.compose.content import Content
from newsletter.compose.context import build_content
from newsletter.compose.line_marks import TEMPLATE
from newsletter.compose.message.headers import feedback_id, refuse_controls
from newsletter.compose.message.skeleton import MessageParts, build_skeleton
from newsletter.compose.message.slots import choose_sentinels, slot_mark, with_tokens
from newsletter.compose.proof_of_content import Measured, measure
from newsletter.compose.quotes import with_quotes
from newsletter.compose.render.render_child import RenderChild, RenderJob, RenderLimits
from newsletter.compose.typography import RIGHT_TO_LEFT, led_rightward
from newsletter.config.languages import direction_of
from newsletter.config.load import FILE_NAME
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import IssueError
from newsletter.model.composed import ComposedIssue, Sentinel, Slot, SlotContext
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import CalloutRef, Issue
from newsletter.model.text import clean_line

__all__ = ["CalloutPlacement", "ComposeRequest", "Composer", "Composition"]

UNKNOWN_CALLOUT = "S04 stale-callout"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeRequest:
    """One composition: no time of day, no recipient, nothing read from disk.

    subject stands in the header alone; None takes the issue's. origins asks which template line
    wrote each tag.
    """

    issue: Issue
    newsletter: NewsletterSettings
    callouts: tuple[CalloutPlacement, ...]
    templates: Mapping[str, str]
    subject: str | None = None
    origins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What came of a request; composed is None where an error made composing impossible."""

    composed: ComposedIssue | None
    findings: tuple[Finding, ...]
    mjml: str


class Composer:
    """Owns one warm render child; may be used from several threads, one at a time inside."""

    def __init__(self, *, limits: RenderLimits | None = None) -> None:
        self._child = RenderChild(limits or RenderLimits())
        self._lock = Lock()

    def start(self) -> None:
        """Let the render child get ready while the caller does something else."""
        self._child.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def give_up(self) -> None:
        """End the composition at hand, from any thread, and begin no other."""
        self._child.give_up()

    def close(self) -> None:
        """End the child; a composer that is used again starts another."""
        with self._lock:
            self._child.close()

    def compose(self, request: ComposeRequest) -> Composition:
        """Make an issue ready once for all. The same request gives the same bytes."""
        missing = tuple(_missing_template(request))
        if missing:
            findings = (*_unknown_callouts(request), *missing)
            return Composition(composed=None, findings=findings, mjml="")
        started = perf_counter()
        issue = with_quotes(request.issue, request.newsletter.language)
        request = replace(request, issue=issue)
        content, sentinels = _content(request)
        laid_out = perf_counter()
        job = RenderJob(
            template=request.newsletter.template,
            templates=request.templates,
            context=content.context,
            origins=request.origins,
        )
        with self._lock:
            result = self._child.render(job)
        findings = (*_unknown_callouts(request), *result.findings)
        if result.html is None or result.text is None:
            return Composition(composed=None, findings=findings, mjml=result.mjml)
        rendered = perf_counter()
        text = _tidy(result.text)
        strange = tuple(_of_the_other_part(request, sentinels, result.html, text))
        if strange:
            return Composition(composed=None, findings=(*findings, *strange), mjml=result.mjml)
        measured = measure(
            result.html,
            text,
            content,
            file=request.issue.file,
            template=request.newsletter.template,
        )
        if direction_of(request.newsletter.language) == RIGHT_TO_LEFT:
            text = led_rightward(text)
        composed = _composed(request, measured, text, sentinels)
        finished = perf_counter()
        timings = (
            ("layout", _ms(started, laid_out)),
            *result.timings_ms,
            ("render", _ms(laid_out, rendered)),
            ("skeleton", _ms(rendered, finished)),
            ("all", _ms(started, finished)),
        )
        return Composition(
            composed=replace(composed, origins=result.origins, timings_ms=timings),
            findings=(*findings, *measured.findings),
            mjml=result.mjml,
        )


def _missing_template(request: ComposeRequest) -> Iterator[Finding]:
    newsletter, given = request.newsletter, request.templates
    wanted = [f"{newsletter.template}.{kind}.j2" for kind in ("mjml", "txt")]
    lacks = [f"templates/{name}" for name in wanted if name not in given]
    if lacks:
        pages = (name for name in given if name.endswith(".mjml.j2") and "/" not in name)
        names = ", ".join(sorted(name.removesuffix(".mjml.j2") for name in pages))
        yield Finding(
            check=TEMPLATE,
            severity=Severity.ERROR,
            message=f"the template {newsletter.template!r} lacks {lacks[0]}",
            file=FILE_NAME,
            line=newsletter.template_line,
            remedy=f"write it, or name another in [newsletters.{newsletter.name}]: {names}",
        )


def _content(request: ComposeRequest) -> tuple[Content, tuple[Sentinel, ...]]:
    placements = {placed.use.callout.name: placed for placed in request.callouts}
    marks: dict[Slot, str] = {}

    def mark(slot: Slot) -> str:
        return marks.setdefault(slot, slot_mark(len(marks)))

    draft = build_content(request.issue, request.newsletter, placements, mark)
    everything = [json.dumps(draft.context, ensure_ascii=False), *request.templates.values()]
    everything += [slot.fallback for slot in marks]
    sentinels = choose_sentinels(marks, absent_from="\n".join(everything))
    tokens = {marks[sentinel.slot]: sentinel.token for sentinel in sentinels}
    content = replace(
        draft,
        context=with_tokens(draft.context, tokens),
        contents_text=with_tokens(draft.contents_text, tokens),
        unsubscribe_html=with_tokens(draft.unsubscribe_html, tokens),
        unsubscribe_text=with_tokens(draft.unsubscribe_text, tokens),
    )
    return content, sentinels


def _composed(
    request: ComposeRequest, measured: Measured, text: str, sentinels: tuple[Sentinel, ...]
) -> ComposedIssue:
    issue, newsletter = request.issue, request.newsletter
    subject = clean_line(request.subject if request.subject is not None else issue.subject)
    try:
        refuse_controls(subject)  # a plain one the parser refuses; this one is written in code
    except ValueError as error:
        sentence = f"{issue.file}: subject: an encoded word in it holds a line break or the like"
        raise IssueError((sentence,), hint="write the subject in plain letters") from error
    used = tuple(s for s in sentinels if s.token in measured.html or s.token in text)
    skeleton, fingerprint = build_skeleton(
        MessageParts(
            subject=subject,
            sender=newsletter.sender,
            reply_to=newsletter.reply_to,
            list_id=newsletter.list,
            list_name=clean_line(newsletter.title),
            feedback_id=feedback_id(
                issue.name, newsletter.list, newsletter.publication, newsletter.sender.address
            ),
            html=measured.html,
            text=text,
            sentinels=used,
        )
    )
    return ComposedIssue(
        issue=issue.name,
        subject=subject,
        html=measured.html,
        text=text,
        sentinels=used,
        skeleton=skeleton,
        fingerprint="" if any(map(is_marked, request.callouts)) else fingerprint,
        appearances=tuple(
            (placed.use.callout.name, placed.appearance.value) for placed in request.callouts
        ),
        blocks=measured.blocks,
        links=measured.links,
        spans=measured.spans,
    )


def _unknown_callouts(request: ComposeRequest) -> tuple[Finding, ...]:
    known = {placed.use.callout.name for placed in request.callouts}
    issue = request.issue
    blocks = [*issue.opening, *(block for section in issue.sections for block in section.blocks)]
    return tuple(
        Finding(
            check=UNKNOWN_CALLOUT,
            severity=Severity.ERROR,
            message=f"there is no callout called {block.name}",
            evidence=f"::: callout {block.name}",
            file=issue.file,
            line=block.line,
            remedy=f"write callouts/{block.name}.md or take the callout out",
        )
        for block in blocks
        if isinstance(block, CalloutRef) and block.name not in known
    )


def _of_the_other_part(
    request: ComposeRequest, sentinels: tuple[Sentinel, ...], html: str, text: str
) -> Iterator[Finding]:
    """Tell of slots whose value is escaped for the other part: ``urls.…`` in a text template."""
    for sentinel in sentinels:
        of_text = sentinel.slot.context is SlotContext.TEXT
        if sentinel.token in (html if of_text else text):
            part, kind = ("HTML", "mjml") if of_text else ("text", "txt")
            yield Finding(
                check=TEMPLATE,
                severity=Severity.ERROR,
                message=f"the {part} part holds a {sentinel.slot.name} meant for the other part",
                file=f"templates/{request.newsletter.template}.{kind}.j2",
                remedy="what begins with plain. is for the text template, all else for the HTML",
            )


def _tidy(text: str) -> str:
    """No space at a line's end and one line end at the text's: format=flowed has no say here."""
    return "\n".join(line.rstrip(" ") for line in text.strip("\n").split("\n")) + "\n"


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)
