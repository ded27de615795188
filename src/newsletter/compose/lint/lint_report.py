"""What the lint of MJML has found so far: each fault once, and no more than a person reads."""

import difflib
from collections.abc import Iterable, Sequence

from newsletter.compose.limits import MAX_FINDINGS, MAX_REPEATS
from newsletter.compose.line_marks import Marked, Place
from newsletter.model.finding import Finding, Severity

EVIDENCE = 120  # characters of the MJML that are shown


class Enough(Exception):  # noqa: N818 (no error: the list is full)
    """As many findings as a person wants to read."""


class LintReport:
    """Collects findings in the order of the text."""

    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._errors = 0
        self._repeats = 0
        self._told: set[tuple[str, str, Place]] = set()
        self.findings: list[Finding] = []

    def add(
        self,
        check: str,
        sentence: str,
        offset: int,
        *,
        severity: Severity = Severity.ERROR,
        evidence: str = "",
        remedy: str = "",
    ) -> None:
        """Keep a finding, at the template line of an offset in the rendered MJML.

        Raises:
            Enough: there are as many as a person wants to read.
        """
        if severity is not Severity.ERROR and len(self.findings) >= MAX_FINDINGS:
            return  # errors count by themselves: no crowd of warnings may hide one
        place = self._marked.place(offset)
        if self._is_told((check, sentence, place), is_error=severity is Severity.ERROR):
            return
        end = self._marked.text.find("\n", offset, offset + EVIDENCE)
        shown = self._marked.text[offset : end if end >= 0 else offset + EVIDENCE]
        self.findings.append(
            Finding(
                check=check,
                severity=severity,
                message=sentence,
                evidence=evidence or shown.strip(),
                file=place.file,
                line=place.line,
                remedy=remedy,
            )
        )
        self._errors += severity is Severity.ERROR
        if self._errors >= MAX_FINDINGS:
            raise Enough

    def _is_told(self, key: tuple[str, str, Place], *, is_error: bool) -> bool:
        """Return whether a loop of the template, or a crowd on one line, said the same before."""
        told = key in self._told
        self._told.add(key)
        self._repeats += told and is_error
        if self._repeats >= MAX_REPEATS:
            raise Enough
        return told

    def instead_of(
        self, blamed: Sequence[Finding], check: str, sentence: str, offset: int, *, remedy: str
    ) -> None:
        """Keep an error in the place of those that followed from it."""
        followed = {id(finding) for finding in blamed}
        at = [index for index, one in enumerate(self.findings) if id(one) in followed]
        self.findings = [one for one in self.findings if id(one) not in followed]
        self._errors -= len(at)
        count = len(self.findings)
        self.add(check, sentence, offset, remedy=remedy)
        if at and len(self.findings) > count:
            self.findings.insert(at[0], self.findings.pop())


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that proposes the nearest known name; "" where none is near."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f'; did you mean "{near[0]}"?' if near else ""
