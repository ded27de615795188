"""What a check is: its name, its gravity, and the two places it may look at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from newsletter.checks.request import CheckRequest, Composition
from newsletter.model.finding import Finding, Severity


class Needs(Enum):
    """What a check must have seen to be passed."""

    ISSUE = auto()
    RECHECK = auto()  # a look at the sources, by `newsletter recheck`
    SOURCES = auto()  # of every story and brief
    COMPOSITION = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. severity is the gravest it can find; doc is one line for lists.

    at_source looks at the request alone, at_mail at what was composed; needs says what there must
    be before finding nothing means passed.
    """

    label: str
    severity: Severity
    waivable: bool
    doc: str
    needs: Needs
    blocks_automatic: bool = False
    at_source: Callable[[CheckRequest], Iterable[Finding]] | None = None
    at_mail: Callable[[Composition], Iterable[Finding]] | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether neither settings nor a waiver touch it: its errors stop every send."""
        return self.severity is Severity.ERROR and not self.waivable

    @property
    def id(self) -> str:
        """The id alone: "O10"."""
        return self.label.split(" ", 1)[0]

    @property
    def name(self) -> str:
        """The short name alone: "links"."""
        return self.label.split(" ", 1)[1]
