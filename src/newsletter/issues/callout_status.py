"""What an appeal is today: its effective status, computed at each use and never written."""

from collections.abc import Sequence
from datetime import date, timedelta

from newsletter.model.callout import (
    Appearance,
    Callout,
    CalloutKind,
    CalloutProbe,
    CalloutStatus,
    CalloutUse,
    WhenClosed,
)

ADDRESSES = frozenset({"donation_url", "info_url", "allowed_hosts"})


def effective_status(
    callout: Callout,
    on: date,
    probe: CalloutProbe | None = None,
    *,
    changed: Sequence[str] = (),
) -> CalloutUse:
    """Judge a callout for one day (a date in the newsletter's zone).

    An appeal is open only where its file says so, all three marks of a verification are there and
    fresh, nothing that was verified has changed since, its addresses answer, and it has not closed.
    A closed one stays closed. A notice has no verification; it is shown until the day it closes,
    that day included.

    Args:
        callout: as its file says.
        on: the day.
        probe: the last answer of one of its addresses, where that is not older than the
            verification; one that was not asked, or of an address it no longer has, says nothing.
        changed: the keys whose value is not the one that was verified ("wording" is the text).
    """
    if callout.kind is CalloutKind.NOTICE:
        return _notice(callout, on)
    match callout.status:
        case CalloutStatus.CLOSED:
            return _use(callout, CalloutStatus.CLOSED, "it has closed")
        case CalloutStatus.DRAFT:
            return _use(callout, CalloutStatus.DRAFT, "it is a draft, nobody has verified it yet")
        case CalloutStatus.UNVERIFIED:
            return _unverified(callout, "nobody has verified it yet")
        case CalloutStatus.OPEN:
            return _called_open(callout, on, probe, changed)


def _called_open(
    callout: Callout, on: date, probe: CalloutProbe | None, changed: Sequence[str]
) -> CalloutUse:
    why = _doubt(callout, on, probe, changed)
    if why or callout.last_verified is None:
        return _unverified(callout, why)
    last_day = _last_day(callout, callout.last_verified)
    return CalloutUse(callout=callout, status=CalloutStatus.OPEN, days_left=(last_day - on).days)


def _doubt(  # noqa: PLR0911 (one for each reason)
    callout: Callout, on: date, probe: CalloutProbe | None, changed: Sequence[str]
) -> str:
    """Return why an appeal that its file calls open is not; "" where it is."""
    verified = callout.last_verified
    if verified is None or not callout.verified_by or not callout.verified_source:
        return "who verified it, when and by which source are not all there"
    if verified > on:
        return f"its verification is dated {verified}, after {on}"
    if callout.closes is not None and callout.closes < on:
        return f"it was to close on {callout.closes}"
    good_until = verified + timedelta(days=callout.verify_every_days)
    if on > good_until:
        return f"it was last verified on {verified}, good until {good_until}"
    if changed:
        what = "its addresses" if set(changed) <= ADDRESSES else "its wording"
        return f"{what} changed since it was verified ({', '.join(changed)})"
    if probe is None or probe.is_well or not probe.was_asked:
        return ""
    if probe.url not in {callout.donation_url, callout.info_url}:
        return ""
    return f"{probe.problem} (asked {probe.at:%Y-%m-%d %H:%M} UTC)"


def _last_day(callout: Callout, verified: date) -> date:
    last_day = verified + timedelta(days=callout.verify_every_days)
    return last_day if callout.closes is None else min(last_day, callout.closes)


def appearances(use: CalloutUse) -> Appearance | None:
    """Return how a callout appears in a real send now; None where it blocks the send."""
    match use.status:
        case CalloutStatus.OPEN:
            return Appearance.SHOWN
        case CalloutStatus.CLOSED:
            return _when_closed(use.callout)
        case CalloutStatus.DRAFT | CalloutStatus.UNVERIFIED:
            return None


def possible_appearances(callout: Callout) -> tuple[Appearance, ...]:
    """List every appearance a release may still give it; approve seals a skeleton for each.

    LEFT_OUT is always among them: a newsletter may drop an unverified appeal.
    """
    if callout.status is CalloutStatus.CLOSED:
        return tuple(dict.fromkeys((_when_closed(callout), Appearance.LEFT_OUT)))
    return tuple(dict.fromkeys((Appearance.SHOWN, Appearance.LEFT_OUT, _when_closed(callout))))


def _when_closed(callout: Callout) -> Appearance:
    if callout.when_closed is WhenClosed.REPLACE and callout.closed_wording:
        return Appearance.CLOSED_WORDING
    return Appearance.LEFT_OUT


def _notice(callout: Callout, on: date) -> CalloutUse:
    if callout.status is CalloutStatus.CLOSED or (
        callout.closes is not None and callout.closes < on
    ):
        return _use(callout, CalloutStatus.CLOSED, "it has closed")
    if callout.status is CalloutStatus.DRAFT:
        return _use(callout, CalloutStatus.DRAFT, "it is a draft")
    return CalloutUse(callout=callout, status=CalloutStatus.OPEN)


def _unverified(callout: Callout, why: str) -> CalloutUse:
    return _use(callout, CalloutStatus.UNVERIFIED, why)


def _use(callout: Callout, status: CalloutStatus, reason: str) -> CalloutUse:
    return CalloutUse(callout=callout, status=status, reason=reason)
