"""Does a mail server take our mail, and is the readers' host safe to reach: what they showed."""

from datetime import datetime
from functools import partial

from newsletter.doctor.telling import diagnosis
from newsletter.model.diagnosis import (
    Area,
    Certificate,
    Diagnosis,
    HostProbe,
    ProbeEnd,
    ServerProbe,
    State,
)

_SOON_DAYS = 14  # a certificate that renews itself has been renewed by then
_WANTED_BYTES = 1_000_000  # of a long issue with room to spare
_NOT_YET = "not yet valid"
_diagnosis = partial(diagnosis, area=Area.SMTP)


def no_server() -> Diagnosis:
    """Tell that mail stays on this machine."""
    return Diagnosis(
        area=Area.SMTP,
        check="server",
        subject="built-in inbox",
        state=State.INFO,
        message="no [smtp.…]: all mail goes to the built-in inbox, and none to readers",
        remedy="write a table [smtp.primary] when you are ready to send",
    )


def judge_server(probe: ServerProbe, now: datetime, *, missing: str = "") -> tuple[Diagnosis, ...]:
    """Judge one server by what it showed; missing: the name that it needs and that is not there."""
    subject = f"{probe.host}:{probe.port}"
    if missing:
        message = f"not reached: {missing} does not exist (see dns)"
        return (_diagnosis(State.INFO, "server", subject, message),)
    if probe.end is not ProbeEnd.READY:
        return (_not_ready(probe, subject),)
    login = "login taken" if probe.has_login else "no login asked for"
    tls = f"{probe.tls_version}, certificate good" if probe.tls_version else "no TLS (loopback)"
    found = [_diagnosis(State.WELL, "server", subject, f"answers; {tls}; {login}")]
    if probe.certificate is not None:
        found.append(_certificate(probe.certificate, subject, now, area=Area.SMTP))
    found.extend(_offers(probe, subject))
    return tuple(found)


def _not_ready(probe: ServerProbe, subject: str) -> Diagnosis:
    message = probe.message.removeprefix(subject).lstrip(": ")
    if probe.end is ProbeEnd.LOST:
        remedy = "look at host and port, and whether a firewall lets this machine out"
        return _diagnosis(State.UNASKED, "server", subject, message, remedy=probe.hint or remedy)
    remedy = probe.hint
    if _NOT_YET in message:
        remedy = "look at this machine's clock first: to it the certificate is of the future"
    return _diagnosis(State.ERROR, "server", subject, message, remedy=remedy)


def judge_web(probe: HostProbe, now: datetime) -> Diagnosis:
    """Judge the certificate of public_url's host."""
    subject = f"{probe.host}:{probe.port}"
    if probe.certificate is not None:
        return _certificate(probe.certificate, subject, now, area=Area.WEB)
    if probe.end is ProbeEnd.LOST:
        state = State.UNASKED
        remedy = "look whether the machine in front of newsletter run is up, and port 443 open"
    else:
        state = State.ERROR
        remedy = (
            "renew or correct it: mail programs then unsubscribe nobody, and readers are warned"
        )
    return _diagnosis(state, "certificate", subject, probe.message, remedy=remedy, area=Area.WEB)


def _certificate(certificate: Certificate, subject: str, now: datetime, *, area: Area) -> Diagnosis:
    days = (certificate.until - now).days
    message = f"certificate until {certificate.until:%Y-%m-%d}, {days} days from now"
    evidence = f"good for {', '.join(certificate.names[:5])}"
    state, remedy = State.WELL, ""
    if days < _SOON_DAYS:
        state, remedy = State.WARNING, "let the server's administrator renew it before that day"
    return _diagnosis(
        state, "certificate", subject, message, evidence=evidence, remedy=remedy, area=area
    )


def _offers(probe: ServerProbe, subject: str) -> list[Diagnosis]:
    size = f" (at most {probe.most_bytes:,} bytes)" if probe.most_bytes else ""
    told = f"offers {', '.join(probe.offered) or 'no extension that we use'}{size}"
    found = [_diagnosis(State.INFO, "extensions", subject, told)]
    if probe.most_bytes is not None and probe.most_bytes < _WANTED_BYTES:
        message = f"takes no message above {probe.most_bytes:,} bytes"
        remedy = "let the server take 1 MB at least, or keep issues short"
        found.append(_diagnosis(State.WARNING, "size", subject, message, remedy=remedy))
    if "SMTPUTF8" not in probe.offered:
        message = "readers with letters beyond ASCII before the @ cannot be reached by it"
        found.append(_diagnosis(State.INFO, "smtputf8", subject, message))
    return found
