"""Sentences and records that the judges share."""

from newsletter.doctor.answer import Answer
from newsletter.model.diagnosis import Area, Diagnosis, DnsRecord, State

BULK_RULES = (
    "Google and Yahoo ask it of bulk senders since February 2024, Microsoft since 5 May 2025"
)
_LONGEST_STRING = 255  # bytes of one string in a TXT record (RFC 1035 section 3.3.14)
_LONGEST_EVIDENCE = 400


def txt(name: str, text: str) -> DnsRecord:
    """Return a TXT record to publish, in strings as a zone file wants them."""
    parts = [text[at : at + _LONGEST_STRING] for at in range(0, len(text), _LONGEST_STRING)]
    return DnsRecord(name=name, type="TXT", value=" ".join(f'"{part}"' for part in parts))


def diagnosis(
    state: State,
    check: str,
    subject: str,
    message: str,
    *,
    area: Area,
    evidence: str = "",
    remedy: str = "",
    records: tuple[DnsRecord, ...] = (),
) -> Diagnosis:
    """Make a diagnosis, what is always said of it in order; a judge binds its area."""
    return Diagnosis(
        area=area,
        check=check,
        subject=subject,
        state=state,
        message=message,
        evidence=evidence,
        remedy=remedy,
        records=records,
    )


def could_not_ask(check: str, subject: str, answer: Answer, what: str) -> Diagnosis:
    """Tell that nothing is known; what: the thing that was asked for."""
    return Diagnosis(
        area=Area.DNS,
        check=check,
        subject=subject,
        state=State.UNASKED,
        message=f"could not ask for {what}",
        evidence=f"{answer.name} {answer.type}: {answer.why}",
        remedy="this is no answer about your records; try again later, or with --dns-server",
    )


def seen(answer: Answer) -> str:
    """Show an answer as evidence: question and records, or that there is none."""
    told = "; ".join(map(shown, answer.records)) if answer.records else str(answer.found)
    alias = f" (by way of {answer.alias})" if answer.alias else ""
    return f"{answer.name} {answer.type}: {told}{alias}"


def shown(text: str) -> str:
    """Show a stranger's text: printable, on one line, bounded."""
    printable = "".join(char if char.isprintable() else "·" for char in text[:_LONGEST_EVIDENCE])
    return printable + ("…" if len(text) > len(printable) else "")
