"""The checks of the finished HTML and text, O01 and on."""

from newsletter.checks import links, output, slots
from newsletter.checks.check import Check, Needs
from newsletter.checks.rechecked import LINK, check_of_recheck
from newsletter.model.finding import Severity

PAGE_CHECKS = (
    Check(
        label=output.CLIP,
        severity=Severity.ERROR,
        waivable=True,
        doc="the HTML stays below the size at which Gmail cuts it off",
        needs=Needs.COMPOSITION,
        at_mail=output.clip,
    ),
    Check(
        label=links.LINKS,
        severity=Severity.ERROR,
        waivable=True,
        doc="every link is absolute and shows no other host than its own",
        needs=Needs.COMPOSITION,
        at_mail=links.links,
    ),
    check_of_recheck(LINK),
    Check(
        label=output.UNSUB_VISIBLE,
        severity=Severity.ERROR,
        waivable=False,
        doc="both parts show the reader's own unsubscribe link",
        needs=Needs.COMPOSITION,
        at_mail=output.unsub_visible,
    ),
    Check(
        label=output.POSTAL_WHY,
        severity=Severity.ERROR,
        waivable=False,
        doc="the mail carries the postal address and says why the reader gets it",
        needs=Needs.COMPOSITION,
        at_mail=output.postal_why,
    ),
    # a reader would see another's place, or a bare token: nobody can vouch for that
    Check(
        label=slots.SLOTS,
        severity=Severity.ERROR,
        waivable=False,
        doc="every slot is known, stands where it is safe, and is filled",
        needs=Needs.COMPOSITION,
        at_mail=slots.slots,
    ),
)
