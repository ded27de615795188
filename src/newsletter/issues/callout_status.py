"""What an appeal is today: its effective status, computed at each use and never written."""

from datetime import date, timedelta

from newsletter.model.callout import (
    Appearance,
    Callout,
    CalloutKind,
    CalloutStatus,
    CalloutUse,
    WhenClosed,
)


def effective_status(callout: Callout, on: date) -> CalloutUse:  # noqa: PLR0911 (one a row of the table)
    """Judge a callout for one day (a date in the newsletter's zone).

    An appeal is open only where its file says so, all three marks of a verification are there and
    fresh, and it has not closed. A closed one stays closed. A notice has no verification; it is
    shown until the day it closes, that day included.
    """
    if callout.kind is CalloutKind.NOTICE:
        return _notice(callout, on)
    if callout.status is CalloutStatus.CLOSED:
        return _use(callout, CalloutStatus.CLOSED, "it has closed")
    if callout.status is CalloutStatus.DRAFT:
        return _use(callout, CalloutStatus.DRAFT, "it is a draft, nobody has verified it yet")
    if callout.status is CalloutStatus.UNVERIFIED:
        return _unverified(callout, "nobody has verified it yet")
    if callout.last_verified is None or not callout.verified_by or not callout.verified_source:
        return _unverified(callout, "who verified it, when and by which source are not all there")
    if callout.last_verified > on:
        return _unverified(
            callout, f"its verification is dated {callout.last_verified}, after {on}"
        )
    if callout.closes is not None and callout.closes < on:
        return _unverified(callout, f"it was to close on {callout.closes}")
    last_day = callout.last_verified + timedelta(days=callout.verify_every_days)
    if on > last_day:
        reason = f"it was last verified on {callout.last_verified}, good until {last_day}"
        return _unverified(callout, reason)
    if callout.closes is not None:
        last_day = min(last_day, callout.closes)
    return CalloutUse(callout=callout, status=CalloutStatus.OPEN, days_left=(last_day - on).days)


def appearances(use: CalloutUse) -> Appearance | None:
    """Tell how a callout appears in a real send now; None where it blocks the send."""
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
