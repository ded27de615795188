"""What an approval sealed, set against what would go out now: a diff that a person can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff

from newsletter.compose.message.skeleton import ParsedMessage, assemble, parse_message
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError
from newsletter.model.composed import ComposedIssue, Skeleton
from newsletter.model.records import ApprovalRow
from newsletter.store import approvals
from newsletter.workflows.approval.approve_issue import compose_variants
from newsletter.workflows.desk import Desk
from newsletter.workflows.issue.build_issue import proof_address
from newsletter.workflows.issue.compose_issue import (
    Prepared,
    nominal_appearance,
    prepare,
    variant_key,
)
from newsletter.workflows.issue.reader_values import proof_values
from newsletter.workflows.issue.signing import readers_key

MOST_LINES = 200
SHOWN_HEADERS = ("From", "Reply-To", "Subject")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Assembles skeletons with the same neutral values, so that only what was sealed differs."""

    desk: Desk
    prepared: Prepared

    def read(self, skeleton: Skeleton) -> ParsedMessage:
        newsletter: NewsletterSettings = self.prepared.newsletter
        values = proof_values(
            newsletter,
            issue=self.prepared.file.issue.name,
            to=proof_address(self.desk, self.prepared),
            key=readers_key(self.desk),
            at=self.desk.clock.now(),
            message_key="compared",
        )
        return parse_message(assemble(skeleton, values))


def seal_diff(desk: Desk, name: str) -> tuple[str, ...]:
    """Return the lines of a unified diff from the sealed text part to the present one.

    The visible head fields are compared with it. Where only the HTML part differs, one sentence
    says so. () where nothing differs, nothing was ever approved, or the issue cannot be composed.
    """
    with desk.database.read() as connection:
        approval = approvals.latest(connection, name)
    if approval is None:
        return ()
    try:
        prepared = prepare(desk, name)
        return diff_of(desk, prepared, approval, compose_variants(desk, prepared))
    except NewsletterError:
        return ()


def diff_of(
    desk: Desk,
    prepared: Prepared,
    approval: ApprovalRow,
    variants: Mapping[str, ComposedIssue],
) -> tuple[str, ...]:
    """Compare an approval's seal with what was composed now; as seal_diff."""
    usual = variant_key({use.callout.name: nominal_appearance(use) for use in prepared.uses})
    keys = [usual, *variants]
    key = next((key for key in keys if key in approval.seals and key in variants), None)
    sealed_key = key if key is not None else next(iter(approval.seals), "")
    composed = variants[key if key is not None else usual]
    if not approval.seals or approval.seals[sealed_key] == composed.fingerprint:
        return ()
    with desk.database.read() as connection:
        sealed = approvals.load_skeleton(connection, approval.seals[sealed_key])
    reader = _Reader(desk, prepared)
    before, after = reader.read(sealed), reader.read(composed.skeleton)
    lines = [
        line.rstrip("\n")
        for line in unified_diff(
            _lines(before),
            _lines(after),
            fromfile=f"approved by {approval.approved_by}",
            tofile="as it is now",
            lineterm="",
            n=2,
        )
    ]
    if not lines:
        return ("the text part is as it was approved; the HTML part is not",)
    if len(lines) > MOST_LINES:
        more = len(lines) - MOST_LINES
        return (*lines[:MOST_LINES], f"… and {more} lines more")
    return tuple(lines)


def _lines(message: ParsedMessage) -> list[str]:
    head = [f"{name}: {message.header(name)}" for name in SHOWN_HEADERS if message.header(name)]
    return [*head, "", *message.text.splitlines()]
