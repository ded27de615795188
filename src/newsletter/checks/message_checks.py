"""The checks of one message's bytes, H01 and on."""

from newsletter.checks.check import Check, Needs
from newsletter.checks.message import alignment, headers
from newsletter.model.finding import Severity

MESSAGE_CHECKS = (
    # H checks judge what the program made, not what an editor decided
    Check(
        label=headers.LINE_LENGTH,
        severity=Severity.ERROR,
        waivable=False,
        doc="no line of the message is longer than mail allows",
        needs=Needs.MESSAGE,
        at_mail=headers.line_length,
    ),
    Check(
        label=headers.ONE_CLICK,
        severity=Severity.ERROR,
        waivable=False,
        doc="mail programs can unsubscribe the reader with one click",
        needs=Needs.MESSAGE,
        at_mail=headers.one_click,
    ),
    Check(
        label=headers.HEADERS,
        severity=Severity.ERROR,
        waivable=False,
        doc="a subject is there; the headers are complete, well formed and name the right sender",
        needs=Needs.MESSAGE,
        at_source=headers.subject_there,
        at_mail=headers.headers,
    ),
    Check(
        label=alignment.ALIGNMENT,
        severity=Severity.WARNING,
        waivable=False,
        doc="sender, signature, return path and unsubscribe link are of one organisation",
        needs=Needs.MESSAGE,
        at_mail=alignment.alignment,
    ),
    Check(
        label=alignment.NON_ASCII_ADDRESS,
        severity=Severity.WARNING,
        waivable=False,
        doc="every server can take the newsletter's own addresses",
        needs=Needs.MESSAGE,
        at_mail=alignment.non_ascii_address,
    ),
    Check(
        label=headers.ROUNDTRIP,
        severity=Severity.ERROR,
        waivable=False,
        doc="read back, the message is what was composed",
        needs=Needs.MESSAGE,
        at_mail=headers.mime_roundtrip,
    ),
)
