"""The words of an appeal: what they may not say, and which addresses they may show (T53)."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issues.callout_content import plain_wording
from newsletter.issues.urls import host_of
from newsletter.model.appeal_words import amount_in, charity_numbers_in, hosts_in
from newsletter.model.callout import Callout


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMistake:
    """One thing wrong in an appeal's words. key names the value; line is set for the wording."""

    key: str
    line: int
    message: str
    remedy: str


def word_mistakes(callout: Callout) -> Iterator[WordMistake]:
    """Return what the words of an appeal may not hold.

    No amount without a dated source; no charity number that nobody has looked up; no address but of
    a host that the file allows, and on a link none but its own.
    """
    is_sourced = bool(callout.figures_source and callout.figures_on)
    for key, line, text in _texts(callout):
        amount = amount_in(text)
        if amount and not is_sourced:
            yield WordMistake(
                key=key,
                line=line,
                message=f"an amount of money in {key}: {amount[:40]}",
                remedy="take it out, or write figures_source: https://… and figures_on: a date",
            )
        for number in _unverified_numbers(callout, text):
            yield WordMistake(
                key=key,
                line=line,
                message=f"a charity number in {key} that nobody has verified: {number}",
                remedy="look it up in the register and write charity_number_verified: a date",
            )
        allowed = _hosts_for(callout, key)
        for host in hosts_in(text):
            if host not in allowed:
                yield WordMistake(
                    key=key,
                    line=line,
                    message=f"{key} shows the address {host[:80]}",
                    remedy="show no address but that of the link itself"
                    if key in _LINKS
                    else "show no host but those in allowed_hosts",
                )


_LINKS = ("button_text", "link_text")


def _texts(callout: Callout) -> Iterator[tuple[str, int, str]]:
    for key in ("organisation", "short_name", "appeal_name", "heading", *_LINKS, "gift_aid_line"):
        yield key, 0, getattr(callout, key)
    for what, blocks in (
        ("the wording", callout.body),
        ("the closed wording", callout.closed_wording),
    ):
        for block in blocks:
            yield what, block.line, plain_wording((block,))


def _unverified_numbers(callout: Callout, text: str) -> tuple[str, ...]:
    told = set(charity_numbers_in(text))
    if callout.charity_number and callout.charity_number in text:
        told.add(callout.charity_number)
    if callout.charity_number_verified:
        told.discard(callout.charity_number)
    return tuple(sorted(told))


def _hosts_for(callout: Callout, key: str) -> tuple[str, ...]:
    match key:
        case "button_text":
            return (host_of(callout.donation_url),)
        case "link_text":
            return (host_of(callout.info_url),)
        case _:
            return callout.allowed_hosts
