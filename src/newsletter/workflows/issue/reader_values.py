"""The values of a message's slots: for a reader, for a proof, always as plain text."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from newsletter.audience.tokens import SigningKey, links_for, proof_links
from newsletter.compose.message.headers import header_date
from newsletter.config.settings import NewsletterSettings
from newsletter.model.address import Address
from newsletter.model.mailing import Delivery


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
            "unsubscribe_url": links.unsubscribe_url,
            "preferences_url": links.preferences_url,
            "view_online_url": links.view_online_url,
            "date": header_date(started.astimezone(newsletter.timezone)),
            "message_id": f"{delivery.id}.{mailing_key}@{domain}",
            "delivery": f"{delivery.id}.{mailing_key}",
        }

    return values


def short_key(*parts: str) -> str:
    """Derive a short stable name from texts, for Message-IDs of proofs."""
    return sha256("\0".join(parts).encode()).hexdigest()[:16]
