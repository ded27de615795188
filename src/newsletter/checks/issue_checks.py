"""The checks of the issue file, S01 and on: what an editor wrote, and its sources."""

from collections.abc import Iterable

from newsletter.checks import sources
from newsletter.checks.appeal_in_template import appeal_in_template
from newsletter.checks.check import Check, Needs
from newsletter.checks.html import output
from newsletter.checks.issue import (
    callout_places,
    callouts,
    dates,
    envelope,
    garbled,
    neighbours,
    pictures,
    placeholders,
    repeats,
    residue,
    stories,
    tracking,
)
from newsletter.checks.rechecked import HEADLINE, PICTURE, RECHECKED, WITHDRAWN, check_of_recheck
from newsletter.checks.request import CheckRequest, Composition
from newsletter.model.finding import Finding, Severity


def _wording_in_issue(request: CheckRequest) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_issue(request)
    yield from callout_places.callout_text_elsewhere(request)


def _wording_in_mail(made: Composition) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_mail(made)
    yield from appeal_in_template(made)


ISSUE_CHECKS = (
    Check(
        label=envelope.SUBJECT_LENGTH,
        severity=Severity.WARNING,
        waivable=False,
        doc="the subject is 10 to 60 characters long",
        needs=Needs.ISSUE,
        at_source=envelope.subject_length,
    ),
    Check(
        label=envelope.SUBJECT_SHAPE,
        severity=Severity.WARNING,
        waivable=False,
        doc="the subject neither shouts nor poses as an answer, and nothing in it is unfilled",
        needs=Needs.ISSUE,
        at_source=envelope.subject_shape,
    ),
    Check(
        label=envelope.PREHEADER,
        severity=Severity.WARNING,
        waivable=False,
        doc="the preheader is there, 40 to 90 characters long, and says more than the subject",
        needs=Needs.ISSUE,
        at_source=envelope.preheader,
    ),
    # the law and the readers' trust stand behind S04 and S05: nobody's word replaces verification
    Check(
        label=callouts.STALE_CALLOUT,
        severity=Severity.ERROR,
        waivable=False,
        doc="every appeal in the issue is verified and open",
        needs=Needs.ISSUE,
        at_source=callouts.stale_callout,
    ),
    Check(
        label=callouts.CALLOUT_WORDING,
        severity=Severity.ERROR,
        waivable=False,
        doc="callouts stand in the mail with their registered words and links",
        needs=Needs.COMPOSITION,
        at_source=_wording_in_issue,
        at_mail=_wording_in_mail,
    ),
    Check(
        label=callout_places.CALLOUT_DUPLICATE,
        severity=Severity.WARNING,
        waivable=False,
        doc="no callout stands twice, and one appeal at most stands in an issue",
        needs=Needs.ISSUE,
        at_source=callout_places.callout_duplicate,
    ),
    Check(
        label=stories.STORY_COMPLETE,
        severity=Severity.ERROR,
        waivable=True,
        doc="every story has a headline, a summary of 8 to 80 words and a link",
        needs=Needs.ISSUE,
        at_source=stories.story_complete,
    ),
    Check(
        label=repeats.DUPLICATE_STORY,
        severity=Severity.WARNING,
        waivable=True,
        doc="no story stands twice in the issue or went to the same list of late",
        needs=Needs.ISSUE,
        at_source=repeats.duplicate_story,
    ),
    Check(
        label=residue.RESIDUE,
        severity=Severity.ERROR,
        waivable=True,
        doc="nothing of the source page's furniture was left in",
        needs=Needs.ISSUE,
        at_source=residue.residue,
    ),
    Check(
        label=sources.AFFILIATE_DISCLOSURE,
        severity=Severity.WARNING,
        waivable=False,
        doc="where a source's links earn money, the issue says so",
        needs=Needs.SOURCES,
        at_source=sources.affiliate_disclosure,
    ),
    Check(
        label=sources.QUOTES,
        severity=Severity.WARNING,
        waivable=False,
        doc="quoted words of a summary, and five or more in a headline, stand in the source word"
        " for word",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=sources.quote_fidelity,
    ),
    Check(
        label=sources.FIGURES,
        severity=Severity.WARNING,
        waivable=False,
        doc="numbers and names of a summary stand in its source",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=sources.figure_fidelity,
    ),
    Check(
        label=dates.STALE_DATES,
        severity=Severity.WARNING,
        waivable=False,
        doc="days and dates are right on the day the issue goes out",
        needs=Needs.ISSUE,
        at_source=dates.stale_dates,
    ),
    Check(
        label=pictures.ALT_TEXT,
        severity=Severity.ERROR,
        waivable=True,
        doc="every picture has an alternative text that tells what it shows",
        needs=Needs.COMPOSITION,
        at_source=pictures.alt_text,
        at_mail=output.images_alt,
    ),
    Check(
        label=PICTURE,
        severity=Severity.ERROR,
        waivable=True,
        doc=RECHECKED[PICTURE],
        needs=Needs.RECHECK,
        at_source=pictures.image_source,
    ),
    Check(
        label=tracking.TRACKING,
        severity=Severity.WARNING,
        waivable=False,
        doc="no link carries somebody's click or session, or counts its readers twice",
        needs=Needs.ISSUE,
        at_source=tracking.tracking_residue,
        at_mail=tracking.tracking_in_template,
    ),
    Check(
        label=sources.ATTRIBUTION,
        severity=Severity.WARNING,
        waivable=False,
        doc="what the source only reports is not told as a fact",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=sources.attribution,
    ),
    Check(
        label=sources.STALE_SUMMARY,
        severity=Severity.WARNING,
        waivable=False,
        doc="no source has changed since its summary was made",
        needs=Needs.SOURCES,
        blocks_automatic=True,
        at_source=sources.stale_summary,
    ),
    # a person's name stands behind an accepted summary, as a waiver's would
    Check(
        label=sources.DRAFT_SUMMARY,
        severity=Severity.ERROR,
        waivable=False,
        doc="a summary that a model wrote has been accepted by a person",
        needs=Needs.ISSUE,
        blocks_automatic=True,
        at_source=sources.draft_summary,
    ),
    # what was promised to the source holds whoever says otherwise
    Check(
        label=stories.EMBARGO,
        severity=Severity.ERROR,
        waivable=False,
        doc="no story goes out before its embargo ends",
        needs=Needs.ISSUE,
        at_source=stories.embargo,
    ),
    Check(
        label=stories.EXPIRY,
        severity=Severity.ERROR,
        waivable=True,
        doc="no story goes out after it has expired",
        needs=Needs.ISSUE,
        at_source=stories.expiry,
    ),
    check_of_recheck(WITHDRAWN),
    check_of_recheck(HEADLINE),
    Check(
        label=callout_places.CALLOUT_NEIGHBOURS,
        severity=Severity.WARNING,
        waivable=False,
        doc="no callout stands beside a story that it may not stand beside",
        needs=Needs.ISSUE,
        blocks_automatic=True,
        at_source=callout_places.callout_neighbours,
    ),
    Check(
        label=callout_places.CALLOUT_READERS,
        severity=Severity.ERROR,
        waivable=True,
        doc="every callout is for readers of this language and country",
        needs=Needs.ISSUE,
        at_source=callout_places.callout_readers,
    ),
    # an error, for no reader should see one; waivable, for a quotation may hold such a word
    Check(
        label=placeholders.PLACEHOLDER,
        severity=Severity.ERROR,
        waivable=True,
        doc="nothing stands in for what was to be written",
        needs=Needs.ISSUE,
        at_source=placeholders.placeholder,
    ),
    Check(
        label=neighbours.SENSITIVE_NEIGHBOURS,
        severity=Severity.WARNING,
        waivable=False,
        doc="nothing light and nothing that sells stands beside a story of death or harm",
        needs=Needs.ISSUE,
        blocks_automatic=True,
        at_source=neighbours.sensitive_neighbours,
    ),
    Check(
        label=garbled.GARBLED,
        severity=Severity.ERROR,
        waivable=True,
        doc="readers see letters, and no markup as typed",
        needs=Needs.ISSUE,
        at_source=garbled.garbled_text,
    ),
)
