"""All checks by id, with what a person needs to know of each."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from newsletter.checks import (
    callout_places,
    callouts,
    fidelity,
    links,
    memory,
    message,
    output,
    slots,
    source,
    times,
)
from newsletter.checks.check import Check, Needs
from newsletter.checks.compile import COMPILE_CRASH, compile_crash, found_by_composing
from newsletter.checks.rechecked import HEADLINE, LINK, PICTURE, RECHECKED, WITHDRAWN, rechecked
from newsletter.checks.request import CheckRequest
from newsletter.model.finding import Finding, Report, Severity

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING


def _of_recheck(label: str) -> Check:
    return Check(
        label=label,
        severity=_ERROR,
        waivable=True,
        doc=RECHECKED[label],
        needs=Needs.RECHECK,
        blocks_automatic=label != PICTURE,
        at_source=rechecked(label),
    )


def _wording_in_issue(request: CheckRequest) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_issue(request)
    yield from callout_places.callout_text_elsewhere(request)


_ALL = (
    Check(
        label=source.SUBJECT_LENGTH,
        severity=_ERROR,
        waivable=True,
        doc="the subject is there and 10 to 60 characters long",
        needs=Needs.ISSUE,
        at_source=source.subject_length,
    ),
    # the law and the readers' trust stand behind S04 and S05: nobody's word replaces verification
    Check(
        label=callouts.STALE_CALLOUT,
        severity=_ERROR,
        waivable=False,
        doc="every appeal in the issue is verified and open",
        needs=Needs.ISSUE,
        at_source=callouts.stale_callout,
    ),
    Check(
        label=callouts.CALLOUT_WORDING,
        severity=_ERROR,
        waivable=False,
        doc="callouts stand in the mail with their registered words and links",
        needs=Needs.COMPOSITION,
        at_source=_wording_in_issue,
        at_mail=callouts.callout_wording_in_mail,
    ),
    Check(
        label=callout_places.CALLOUT_DUPLICATE,
        severity=_WARNING,
        waivable=False,
        doc="no callout stands twice, and one appeal at most stands in an issue",
        needs=Needs.ISSUE,
        at_source=callout_places.callout_duplicate,
    ),
    Check(
        label=source.STORY_COMPLETE,
        severity=_ERROR,
        waivable=True,
        doc="every story has a headline, a summary of 8 to 80 words and a link",
        needs=Needs.ISSUE,
        at_source=source.story_complete,
    ),
    Check(
        label=memory.DUPLICATE_STORY,
        severity=Severity.WARNING,
        waivable=True,
        doc="no story stands twice in the issue or went to the same list of late",
        needs=Needs.ISSUE,
        at_source=memory.duplicate_story,
    ),
    Check(
        label=source.RESIDUE,
        severity=_ERROR,
        waivable=True,
        doc="nothing of the source page's furniture was left in",
        needs=Needs.ISSUE,
        at_source=source.residue,
    ),
    Check(
        label=fidelity.AFFILIATE_DISCLOSURE,
        severity=_WARNING,
        waivable=False,
        doc="where a source's links earn money, the issue says so",
        needs=Needs.SOURCES,
        at_source=fidelity.affiliate_disclosure,
    ),
    Check(
        label=fidelity.QUOTES,
        severity=_WARNING,
        waivable=False,
        doc="quoted words of a summary stand in its source word for word",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=fidelity.quote_fidelity,
    ),
    Check(
        label=fidelity.FIGURES,
        severity=_WARNING,
        waivable=False,
        doc="numbers, dates and names of a summary stand in its source",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=fidelity.figure_fidelity,
    ),
    Check(
        label=source.ALT_TEXT,
        severity=_ERROR,
        waivable=True,
        doc="every picture has an alternative text that tells what it shows",
        needs=Needs.COMPOSITION,
        at_source=source.alt_text,
        at_mail=output.images_without_alt,
    ),
    _of_recheck(PICTURE),
    Check(
        label=fidelity.ATTRIBUTION,
        severity=_WARNING,
        waivable=False,
        doc="what the source only reports is not told as a fact",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=fidelity.attribution,
    ),
    Check(
        label=fidelity.STALE_SUMMARY,
        severity=_WARNING,
        waivable=False,
        doc="no source has changed since its summary was made",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=fidelity.stale_summary,
    ),
    # a person's name stands behind an accepted summary, as a waiver's would
    Check(
        label=fidelity.DRAFT_SUMMARY,
        severity=_ERROR,
        waivable=False,
        doc="a summary that a model wrote has been accepted by a person",
        needs=Needs.ISSUE,
        blocks_automatic=True,
        at_source=fidelity.draft_summary,
    ),
    # what was promised to the source holds whoever says otherwise
    Check(
        label=times.EMBARGO,
        severity=_ERROR,
        waivable=False,
        doc="no story goes out before its embargo ends",
        needs=Needs.ISSUE,
        at_source=times.embargo,
    ),
    Check(
        label=times.EXPIRY,
        severity=_ERROR,
        waivable=True,
        doc="no story goes out after it has expired",
        needs=Needs.ISSUE,
        at_source=times.expiry,
    ),
    _of_recheck(WITHDRAWN),
    _of_recheck(HEADLINE),
    Check(
        label=callout_places.CALLOUT_NEIGHBOURS,
        severity=_WARNING,
        waivable=False,
        doc="no callout stands beside a story that it may not stand beside",
        needs=Needs.ISSUE,
        blocks_automatic=True,
        at_source=callout_places.callout_neighbours,
    ),
    Check(
        label=callout_places.CALLOUT_READERS,
        severity=_ERROR,
        waivable=True,
        doc="every callout is for readers of this language and country",
        needs=Needs.ISSUE,
        at_source=callout_places.callout_readers,
    ),
    Check(
        label="C01 unknown-mjml",
        severity=_ERROR,
        waivable=True,
        doc="templates use only tags and attributes that the compiler knows",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C01 unknown-mjml"),
    ),
    Check(
        label="C02 misplaced-mjml",
        severity=_ERROR,
        waivable=True,
        doc="MJML tags stand where they may",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C02 misplaced-mjml"),
    ),
    Check(
        label="C03 mrml-gap",
        severity=_ERROR,
        waivable=True,
        doc="templates use nothing that the compiler is known to get wrong",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C03 mrml-gap"),
    ),
    Check(
        label="C04 well-formed",
        severity=_ERROR,
        waivable=False,  # there is no mail to send
        doc="the MJML is well formed and not nested too deep",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C04 well-formed"),
    ),
    Check(
        label=COMPILE_CRASH,
        severity=_ERROR,
        waivable=False,  # there is no mail to send
        doc="composing comes to an end within its limits",
        needs=Needs.COMPOSITION,
        at_source=compile_crash,
    ),
    Check(
        label="C06 template",
        severity=_ERROR,
        waivable=False,  # there is no mail to send
        doc="the template can be read and filled",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C06 template"),
    ),
    Check(
        label="C07 unsafe-template",
        severity=_ERROR,
        waivable=False,
        doc="the template sets nothing active and fetches nothing",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C07 unsafe-template"),
    ),
    Check(
        label="C08 theme-css",
        severity=_ERROR,
        waivable=True,
        doc="theme.css holds only what can be inlined",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C08 theme-css"),
    ),
    Check(
        label="C09 content-lost",
        severity=_ERROR,
        waivable=False,  # readers would not know what they miss
        doc="every headline, link and callout of the issue is in both parts",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C09 content-lost"),
    ),
    Check(
        label=output.CLIP,
        severity=_ERROR,
        waivable=True,
        doc="the HTML stays below the size at which Gmail cuts it off",
        needs=Needs.COMPOSITION,
        at_mail=output.clip,
    ),
    Check(
        label=links.LINKS,
        severity=_ERROR,
        waivable=True,
        doc="every link is absolute and shows no other host than its own",
        needs=Needs.COMPOSITION,
        at_mail=links.links,
    ),
    _of_recheck(LINK),
    Check(
        label=output.UNSUB_VISIBLE,
        severity=_ERROR,
        waivable=False,
        doc="both parts show the reader's own unsubscribe link",
        needs=Needs.COMPOSITION,
        at_mail=output.unsub_visible,
    ),
    Check(
        label=output.POSTAL_WHY,
        severity=_ERROR,
        waivable=False,
        doc="the mail carries the postal address and says why the reader gets it",
        needs=Needs.COMPOSITION,
        at_mail=output.postal_why,
    ),
    # a reader would see another's place, or a bare token: nobody can vouch for that
    Check(
        label=slots.SLOTS,
        severity=_ERROR,
        waivable=False,
        doc="every slot is known, stands where it is safe, and is filled",
        needs=Needs.COMPOSITION,
        at_mail=slots.slots,
    ),
    # H checks judge what the program made, not what an editor decided
    Check(
        label=message.LINE_LENGTH,
        severity=_ERROR,
        waivable=False,
        doc="no line of the message is longer than mail allows",
        needs=Needs.MESSAGE,
        at_mail=message.line_length,
    ),
    Check(
        label=message.ONE_CLICK,
        severity=_ERROR,
        waivable=False,
        doc="mail programs can unsubscribe the reader with one click",
        needs=Needs.MESSAGE,
        at_mail=message.one_click,
    ),
    Check(
        label=message.HEADERS,
        severity=_ERROR,
        waivable=False,
        doc="the headers are complete, well formed and name the right sender",
        needs=Needs.MESSAGE,
        at_mail=message.headers,
    ),
    Check(
        label=message.ROUNDTRIP,
        severity=_ERROR,
        waivable=False,
        doc="read back, the message is what was composed",
        needs=Needs.MESSAGE,
        at_mail=message.mime_roundtrip,
    ),
)

CHECKS: Mapping[str, Check] = MappingProxyType({check.id: check for check in _ALL})
"""Every check by its id, in the order of a report."""


def may_waive(check: str) -> bool:
    """Whether a person may answer for an error of this check; an unknown id never."""
    known = CHECKS.get(check.split(" ", 1)[0])
    return known is not None and known.waivable


def wants_person(report: Report) -> tuple[Finding, ...]:
    """Give the findings that no automatic approval may pass, beside the errors."""
    return tuple(
        finding
        for finding in report.findings
        if finding.severity is _WARNING
        and (known := CHECKS.get(finding.id)) is not None
        and known.blocks_automatic
    )
