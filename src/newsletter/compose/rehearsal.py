"""Issues made to reach every branch of a template: what an issue may have, with it and without.

A mistake in the part for callouts waits for the first issue that has one. So templates are filled
with these too, and linted; nothing of them is compiled or shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from newsletter.compose.callouts import CalloutPlacement, said_by
from newsletter.compose.context import build_content
from newsletter.compose.line_marks import CRASH, TEMPLATE
from newsletter.compose.proof_of_content import LOST
from newsletter.compose.render.render_child import RenderChild, RenderJob, RenderResult
from newsletter.compose.words import words_for
from newsletter.config.languages import script_of
from newsletter.config.load import FILE_NAME
from newsletter.config.settings import NewsletterSettings
from newsletter.model.brand import Logo
from newsletter.model.callout import Appearance, Callout, CalloutKind, CalloutStatus, CalloutUse
from newsletter.model.composed import Slot
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import (
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
    Story,
    StoryImage,
    TextPassage,
)
from newsletter.model.text import Paragraph, Text

_ARABIC = "Arab"
_SITE = "https://www.example.org"


def _said(words: str) -> tuple[Paragraph, ...]:
    return (Paragraph(children=(Text(text=words),)),)


_BARE = Story(headline="A sample")
_FULL = Story(
    headline="A sample with everything",
    url=f"{_SITE}/story",
    kicker="Sample",
    image=StoryImage(url=f"{_SITE}/picture.jpg", alt="A sample picture"),
    byline="By a sample",
    summary=_said("Sample"),
)
_PLAIN = replace(_BARE, url=f"{_SITE}/story")
_UNLINKED = replace(_FULL, url="", summary=())
_LEAD = replace(_FULL, url=f"{_SITE}/lead", summary=_said("Samplelead"))
_CARD = replace(_FULL, summary=_said("Samplecard"))
_WIDE = replace(_FULL, summary=_said("Samplewide"))
_PASSAGE = TextPassage(blocks=_said("Samplepassage"))
_EDITOR = EditorMessage(body=_said("Samplemessage"))
_BRIEF = Brief(headline="A brief", url=f"{_SITE}/brief", text="Samplebrief")
_BRIEFS = Briefs(items=(_BRIEF, Brief(headline="A brief", url="")))
_SAYS = {
    "Samplelead": "the lead's summary",
    "Samplecard": "the summary of one of two cards",
    "Samplewide": "the summary of a card that stands alone",
    "Samplepassage": "running text",
    "Samplemessage": "the editor's message",
    "Samplebrief": "the text of a brief",
    "Samplecallout": "a callout's text",
    f"{_SITE}/lead": "the lead's link",
    f"{_SITE}/story": "a card's link",
    f"{_SITE}/brief": "a brief's link",
    f"{_SITE}/give": "a callout's button",
    f"{_SITE}/appeal": "a callout's link",
}
_CALL = _said("Samplecallout")
_APPEAL = Callout(
    name="appeal",
    file="",
    kind=CalloutKind.APPEAL,
    heading="A sample appeal",
    body=_CALL,
    appeal_name="Sample appeal",
    charity_number="1",
    charity_number_verified=date(2020, 1, 1),
    donation_url=f"{_SITE}/give",
    info_url=f"{_SITE}/appeal",
    button_text="Give",
    link_text="Learn more",
    closed_wording=_CALL,
)
_NOTICE = Callout(
    name="notice", file="", kind=CalloutKind.NOTICE, heading="A sample notice", body=_CALL
)
_CLOSED = replace(_APPEAL, name="closed")
_LEFT_OUT = replace(_APPEAL, name="left-out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a template sees of a sample issue; says: words both parts must show, and what of."""

    context: Mapping[str, object]
    says: Mapping[str, str]


def samples(newsletter: NewsletterSettings) -> Iterator[Sample]:
    """Return the sample issues as a newsletter's template sees them, in its looks and language.

    The first has each kind of row, with all that it can have and with the least. The second has a
    lead with nothing but its headline and a link, no preheader, and a logo, or none where the
    newsletter has one. The third has a lead without a link and runs the other way, in another
    script. The last has neither story nor greeting.
    """
    placed = {one.use.callout.name: one for one in _placements()}
    first = _issue(
        opening=(_PASSAGE,),
        sections=(
            Section(heading="One", blocks=(_LEAD, _PASSAGE, *map(_ref, placed))),
            Section(heading="Two", blocks=(_CARD, _BARE, _UNLINKED, _PLAIN, _BRIEFS, _EDITOR)),
            Section(heading="Three", blocks=(_WIDE, _PASSAGE, _BARE)),
            Section(heading="Four", blocks=(_EDITOR,)),
        ),
        preheader="What a sample issue says beside its subject",
    )
    brand = newsletter.brand
    logo = None if brand.logo else Logo(url=f"{_SITE}/logo.png", alt="Sample", width=200)
    turned = replace(newsletter, brand=replace(brand, logo=logo))
    second = _issue(sections=(Section(heading="One", blocks=(_PLAIN,)),))
    last = _issue(sections=(Section(heading="One", blocks=(_PASSAGE,)),))
    abroad = _abroad(newsletter)
    unlinked = replace(_UNLINKED, headline=abroad.title, kicker="", byline=abroad.title)
    third = _issue(sections=(Section(heading="One", blocks=(unlinked,)),))
    for issue, looks, says in (
        (first, newsletter, {**_SAYS, **_said_of(placed[_APPEAL.name], newsletter)}),
        (second, turned, {}),
        (third, abroad, {}),
        (last, newsletter, {"Samplepassage": "running text"}),
    ):
        content = build_content(issue, looks, placed, _address_of)
        yield Sample(context=content.context, says=says)


def _said_of(appeal: CalloutPlacement, newsletter: NewsletterSettings) -> Mapping[str, str]:
    """Return what an appeal says beside its own words, in the newsletter's language."""
    said = said_by(appeal, words_for(newsletter.language), own=None)
    if said is None:
        return {}
    return {said.label: "an appeal's label"} | dict.fromkeys(said.small, "an appeal's small print")


def _abroad(newsletter: NewsletterSettings) -> NewsletterSettings:
    """Return a newsletter as it would be in a language of another direction, its names too."""
    is_arabic = script_of(newsletter.language) == _ARABIC
    said = "Sample" if is_arabic else "\u0639\u064a\u0646\u0629"
    return replace(
        newsletter,
        language="en-GB" if is_arabic else "ar",
        title=said,
        publication=said,
        postal_address=said,
    )


def _address_of(slot: Slot) -> str:
    return f"{_SITE}/{slot.name}"


def _issue(
    *, sections: tuple[Section, ...], opening: tuple[TextPassage, ...] = (), preheader: str = ""
) -> Issue:
    return Issue(
        name="sample",
        file="",
        newsletter="",
        date=date(2024, 2, 29),
        subject="A sample issue",
        preheader=preheader,
        opening=opening,
        sections=sections,
    )


def _placements() -> Iterator[CalloutPlacement]:
    for callout, status, appearance in (
        (_APPEAL, CalloutStatus.UNVERIFIED, Appearance.SHOWN),
        (_NOTICE, CalloutStatus.OPEN, Appearance.SHOWN),
        (_CLOSED, CalloutStatus.CLOSED, Appearance.CLOSED_WORDING),
        (_LEFT_OUT, CalloutStatus.CLOSED, Appearance.LEFT_OUT),
    ):
        use = CalloutUse(callout=callout, status=status)
        yield CalloutPlacement(use=use, appearance=appearance, marked=True)


def _ref(name: str) -> CalloutRef:
    return CalloutRef(name=name)


PARTS = {"mjml": "HTML part", "txt": "text part"}


def template_names(given: Mapping[str, str]) -> tuple[str, ...]:
    """List the templates among files: those with both parts, at the top of the folder."""
    pages = (name.removesuffix(".mjml.j2") for name in given if name.endswith(".mjml.j2"))
    return tuple(sorted(name for name in pages if "/" not in name and f"{name}.txt.j2" in given))


def missing_template(newsletter: NewsletterSettings, given: Mapping[str, str]) -> Finding | None:
    """Return that there is no such template, or half of one, and which there are."""
    name = newsletter.template
    lacks = [kind for kind in PARTS if f"{name}.{kind}.j2" not in given]
    if not lacks:
        return None
    if len(lacks) < len(PARTS):
        file, line = f"templates/{name}.{lacks[0]}.j2", 0
        message = f"the template {name!r} has no {PARTS[lacks[0]]}: there is no {file}"
        remedy = f"write {file}; other templates have one to begin from"
    else:
        file, line = FILE_NAME, newsletter.template_line
        names = template_names(given)
        near = get_close_matches(name, names, 1)
        message = f"there is no template {name!r}; there are {', '.join(names) or 'none'}"
        wanted = f'template = "{near[0]}"' if near else "one of them"
        remedy = (
            f"write {wanted} in [newsletters.{newsletter.name}], or make templates/{name}.mjml.j2"
            f" and templates/{name}.txt.j2"
        )
    return Finding(
        check=TEMPLATE,
        severity=Severity.ERROR,
        message=message,
        evidence="",
        file=file,
        line=line,
        remedy=remedy,
    )


_ENDS = frozenset({CRASH, TEMPLATE})


def rehearse(
    child: RenderChild, newsletter: NewsletterSettings, templates: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return what filling and linting finds with each sample issue, each finding once.

    Nothing is compiled. It ends with the first sample that the templates cannot be filled with: the
    next would only take as long to say so.
    """
    if missing_template(newsletter, templates) is not None:
        return ()
    findings: dict[Finding, None] = {}
    for sample in samples(newsletter):
        job = RenderJob(
            template=newsletter.template,
            templates=templates,
            context=sample.context,
            compiles=False,
        )
        result = child.render(job)
        findings |= dict.fromkeys((*result.findings, *_unsaid(sample, job, result)))
        if any(one.check in _ENDS for one in result.findings):
            break
    return tuple(findings)


def _unsaid(sample: Sample, job: RenderJob, result: RenderResult) -> Iterator[Finding]:
    """Return what of a sample issue a part does not show."""
    for part, kind, shown in (
        ("HTML", "mjml", result.mjml),
        ("text part", "txt", result.text or ""),
    ):
        lost = [what for words, what in sample.says.items() if shown and words not in shown]
        if lost:
            yield Finding(
                check=LOST,
                severity=Severity.WARNING,
                message=f"the {part} does not show {', '.join(lost)}",
                file=f"templates/{job.template}.{kind}.j2",
                remedy="let the template show each kind of row",
            )
