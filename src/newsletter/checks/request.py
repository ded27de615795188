"""What the checks are given, and the same with page and message read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from newsletter.checks.mail import Mail, read_mail
from newsletter.checks.origin import Wrote
from newsletter.checks.page import Page, read_page
from newsletter.checks.words import Words, words_of
from newsletter.checks.written import RUNNING, Written, fields_of
from newsletter.config.settings import NewsletterSettings, SmtpSettings
from newsletter.model.article import Picture, Repeat, StorySource
from newsletter.model.callout import Callout, CalloutUse
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Finding, Severity, Waiver
from newsletter.model.issue import Brief, Issue, Story


@dataclass(frozen=True, kw_only=True)  # without slots: its words are read once for all checks
class CheckRequest:
    """Everything one run of the checks looks at.

    Args:
        composed: what a real send carries, without marks; None where it could not be composed.
        compile_findings: what composing itself found (C01 to C06).
        callouts: each callout known for this issue, resolved for ``on``.
        known_callouts: all callouts there are, placed or not.
        on: the planned date, else today.
        shown: the issue file as the person sees it; "" takes the issue's own.
        example: one message's bytes, made from ``composed`` for a proof address; None without it.
        moment: when the issue goes out: its planned time, or now where that is later or not set.
        rechecked: what the last look at the sources found, for what still stands in the issue;
            None where there was none.
        planned: the time the issue is planned for, None where none is set.
        pictures: what is known of the pictures that are kept, by the address the issue gives.
        repeats: the stories that went to the same list of late, updates left out.
        templates: sources of the templates by their path in templates/, so that a finding can name
            the line that wrote what it is about; {} names none.
        smtp: the servers that the mail may go through, as they are set.
        sources: what each story and brief is tied to; those made from no known article are absent.
    """

    issue: Issue
    newsletter: NewsletterSettings
    composed: ComposedIssue | None
    on: date
    moment: datetime
    rechecked: tuple[Finding, ...] | None = None
    compile_findings: tuple[Finding, ...] = ()
    callouts: tuple[CalloutUse, ...] = ()
    known_callouts: tuple[Callout, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    shown: str = ""
    example: bytes | None = None
    sources: Mapping[Story | Brief, StorySource] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    repeats: tuple[Repeat, ...] = ()
    smtp: tuple[SmtpSettings, ...] = ()
    planned: datetime | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The path that findings name."""
        return self.shown or self.issue.file

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Each field that is not empty, in the order of the file, then those of placed callouts."""
        return tuple(fields_of(self.issue, self.callouts))

    @cached_property
    def passages(self) -> tuple[Written, ...]:
        """The running text of the issue itself, in the order of the file."""
        return tuple(one for one in self.written if one.field in RUNNING and not one.file)

    @cached_property
    def words(self) -> Words:
        """The word lists of the newsletter's language, with what it adds to them."""
        return words_of(self.newsletter)

    def finding(
        self,
        check: str,
        line: int,
        message: str,
        *,
        seen: str,
        remedy: str,
        severity: Severity = Severity.WARNING,
        file: str = "",
    ) -> Finding:
        """Return a finding in the issue's file, or in another; seen is its evidence."""
        return Finding(
            check=check,
            severity=severity,
            message=message,
            evidence=seen,
            file=file or self.file,
            line=line,
            remedy=remedy,
        )

    def use_of(self, name: str) -> CalloutUse | None:
        """The resolved callout of that name."""
        return next((use for use in self.callouts if use.callout.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A composed issue with its page and message read; what O and H checks look at.

    wrote tells which template line wrote what.
    """

    request: CheckRequest
    composed: ComposedIssue
    page: Page
    mail: Mail | None
    wrote: Wrote

    @property
    def file(self) -> str:
        """The path that findings name."""
        return self.request.file


def read_composition(request: CheckRequest) -> Composition | None:
    """Read page and message once for all checks; None where nothing was composed."""
    if request.composed is None:
        return None
    page = read_page(request.composed.html)
    return Composition(
        request=request,
        composed=request.composed,
        page=page,
        wrote=Wrote(request.composed, page.elements),
        mail=read_mail(request.example) if request.example is not None else None,
    )
