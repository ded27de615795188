"""Compose an issue: read its files, fill the slots, and list each way it may go out."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import product

from newsletter.audience.tokens import SigningKey, links_for, new_key, proof_links
from newsletter.compose.callouts import CalloutPlacement
from newsletter.compose.composer import ComposeRequest, Composition
from newsletter.compose.message.headers import header_date
from newsletter.config.load import newsletter_named
from newsletter.config.settings import NewsletterSettings, Settings
from newsletter.errors import ChecksFailed, IssueError, UserError
from newsletter.issues.callout_rules import possible_appearances
from newsletter.issues.parse_issue import IssueFile
from newsletter.model.address import Address
from newsletter.model.article import MEDIA_PATH
from newsletter.model.callout import Appearance, CalloutStatus, CalloutUse, WhenClosed
from newsletter.model.composed import ComposedIssue
from newsletter.model.finding import Finding, Severity
from newsletter.model.mailing import Delivery
from newsletter.model.text import counted
from newsletter.store import subscribers
from newsletter.workflows.callouts.life import uses_of
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import (
    folder_file,
    folder_names,
    load_issue,
    load_placed_callouts,
    load_templates,
    write_together,
)
from newsletter.workflows.stories.pictures import with_kept_pictures

MOST_LOGO_BYTES = 200_000  # as of every picture in a mail
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


def with_logo(settings: Settings, newsletter: NewsletterSettings) -> NewsletterSettings:
    """Return the newsletter with the address of its logo, whose file is kept in var/media as it is.

    The address changes with the file's bytes, so a copy that a mail program keeps is never an old
    one, and an approval holds for the logo too.
    """
    logo = newsletter.brand.logo
    if logo is None or not logo.file:
        return newsletter
    path = folder_file(settings, logo.file)
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_LOGO_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = f"put the file there, or change logo in {settings.file.name}"
        raise UserError(f"the logo {logo.file} cannot be read: {reason}", hint=hint) from error
    if len(content) > MOST_LOGO_BYTES:
        msg = f"the logo {logo.file} is larger than {MOST_LOGO_BYTES // 1000} kB"
        hint = f"a file twice as wide as it is shown ({2 * logo.width} pixels) is enough"
        raise UserError(msg, hint=hint)
    ending = next((ending for start, ending in _KINDS if content.startswith(start)), "")
    if not ending:
        msg = f"the logo {logo.file} is neither PNG nor JPEG, whatever its name says"
        raise UserError(msg, hint="save it as PNG; mail programs show little else")
    name = f"{hashlib.sha256(content).hexdigest()}.{ending}"
    if not (settings.media_folder / name).is_file():
        write_together(settings.media_folder, {name: content})
    url = f"{newsletter.public_url.rstrip('/')}{MEDIA_PATH}{name}"
    return replace(newsletter, brand=replace(newsletter.brand, logo=replace(logo, url=url)))


def proof_values(
    newsletter: NewsletterSettings,
    *,
    issue: str,
    to: Address,
    key: SigningKey,
    at: datetime,
    message_key: str,
) -> dict[str, str]:
    """Fill the slots for a proof: the address it goes to, links that belong to no reader."""
    links = proof_links(newsletter.public_url, key, list_name=newsletter.list, issue=issue)
    return {
        "name": "",
        "email": to.spec,
        **asdict(links),
        "date": header_date(at.astimezone(newsletter.timezone)),
        "message_id": f"proof.{message_key}@{newsletter.sender.address.domain}",
        "delivery": f"proof.{message_key}",
    }


def reader_values(
    newsletter: NewsletterSettings, *, issue: str, mailing_key: str, key: SigningKey
) -> Callable[[Delivery, datetime], dict[str, str]]:
    """Return the function that fills the slots for one delivery's attempt.

    Message-ID and X-Delivery are fixed by the ledger's row, so that each attempt carries the same.
    """
    domain = newsletter.sender.address.domain

    def values(delivery: Delivery, started: datetime) -> dict[str, str]:
        reader = delivery.recipient
        links = links_for(
            newsletter.public_url,
            key,
            list_name=newsletter.list,
            public_id=reader.public_id,
            issue=issue,
        )
        return {
            "name": reader.name,
            "email": reader.address,
            **asdict(links),
            "date": header_date(started.astimezone(newsletter.timezone)),
            "message_id": f"{delivery.id}.{mailing_key}@{domain}",
            "delivery": f"{delivery.id}.{mailing_key}",
        }

    return values


def short_key(*parts: str) -> str:
    """Derive a short stable name from texts, for Message-IDs of proofs."""
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


PURPOSE = "links"


def readers_key(desk: Desk) -> SigningKey:
    """Give the newest key; every older one stays known, so that old mail's links work for ever."""
    with desk.database.read() as connection:
        newest = subscribers.newest_key(connection, PURPOSE)
    if newest is None:
        fresh = new_key()
        with desk.database.write() as connection:
            newest = subscribers.keep_key(
                connection,
                key_id=fresh.id,
                purpose=PURPOSE,
                secret=fresh.secret,
                now=desk.clock.now(),
            )
    return SigningKey(id=newest.key_id, secret=newest.secret)


MOST_VARIANTS = 27  # three appeals with three appearances each; more would be no calm newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that the composition of one issue needs, read once. on: the day statuses are told for."""

    file: IssueFile
    newsletter: NewsletterSettings
    uses: tuple[CalloutUse, ...]
    templates: Mapping[str, str]
    on: date


def prepare(desk: Desk, name: str) -> Prepared:
    """Read an issue with its callouts and templates; statuses are told for today."""
    file = load_issue(desk.settings, name, known=folder_names(desk.settings))
    newsletter = newsletter_named(desk.settings, file.issue.newsletter)
    today = desk.clock.now().astimezone(newsletter.timezone).date()
    callouts = load_placed_callouts(desk.settings, file.issue)
    return Prepared(
        file=replace(file, issue=with_kept_pictures(desk, file.issue, newsletter)),
        newsletter=with_logo(desk.settings, newsletter),
        uses=uses_of(desk, callouts, today),
        templates=load_templates(desk.settings),
        on=today,
    )


def nominal_appearance(use: CalloutUse) -> Appearance:
    """How a callout appears in the composition that the fingerprint is of.

    A verification does not change it: an appeal not yet verified appears as it would when open.
    """
    if use.status is not CalloutStatus.CLOSED:
        return Appearance.SHOWN
    if use.callout.when_closed is WhenClosed.REPLACE:
        return Appearance.CLOSED_WORDING
    return Appearance.LEFT_OUT


def compose(
    desk: Desk,
    prepared: Prepared,
    *,
    appearances: Mapping[str, Appearance] | None = None,
    marked: bool = False,
    subject: str | None = None,
    origins: bool = False,
) -> Composition:
    """Compose once. Without appearances, the nominal ones; marked: unverified appeals say so."""
    chosen = appearances or {}
    return desk.composer.compose(
        ComposeRequest(
            issue=prepared.file.issue,
            newsletter=prepared.newsletter,
            callouts=tuple(
                CalloutPlacement(
                    use=use,
                    appearance=chosen.get(use.callout.name, nominal_appearance(use)),
                    marked=marked,
                )
                for use in prepared.uses
            ),
            templates=prepared.templates,
            subject=subject,
            origins=origins,
        )
    )


def composed_or_error(composition: Composition) -> ComposedIssue:
    """Return what was composed."""
    if composition.composed is None:
        errors = [f for f in composition.findings if f.severity is Severity.ERROR]
        raise IssueError(tuple(sentence_of(finding) for finding in errors))
    return composition.composed


def sentence_of(finding: Finding) -> str:
    """One line for a finding: place, check, what is wrong, what to do."""
    place = (
        f"{finding.file}:{finding.line}: " if finding.line else finding.file and f"{finding.file}: "
    )
    remedy = f"; {finding.remedy}" if finding.remedy else ""
    return f"{place}{finding.check}: {finding.message}{remedy}"


def variant_key(appearances: Mapping[str, Appearance]) -> str:
    """Name one way an issue may go out: ``dec-ukraine=shown``; "" without callouts."""
    return ",".join(f"{name}={appearances[name]}" for name in sorted(appearances))


def each_variant(prepared: Prepared) -> tuple[Mapping[str, Appearance], ...]:
    """List each combination of appearances that a real send can come to."""
    names = [use.callout.name for use in prepared.uses]
    choices = [possible_appearances(use.callout) for use in prepared.uses]
    variants = tuple(dict(zip(names, choice, strict=True)) for choice in product(*choices))
    if len(variants) > MOST_VARIANTS:
        msg = f"{prepared.file.issue.name} places {len(names)} appeals, too many for one mail"
        raise UserError(msg, hint="keep one appeal in an issue")
    return variants


def refuse_errors(name: str, errors: tuple[Finding, ...]) -> None:
    """Raise ChecksFailed naming the errors, where there are any."""
    if errors:
        count = f"{counted(len(errors), 'check')} failed for {name}"
        places = ", ".join(f"{f.check}{f' (line {f.line})' if f.line else ''}" for f in errors)
        raise ChecksFailed(f"{count}: {places}", hint=f'see them with "newsletter check {name}"')
