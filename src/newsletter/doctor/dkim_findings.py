"""Is the key with which the mail server signs published, and good? By DKIM, RFC 6376."""

from newsletter.doctor.answer import Ask
from newsletter.doctor.dkim_record import DkimKey, read_dkim
from newsletter.doctor.tags import TagMistake
from newsletter.doctor.telling import BULK_RULES, could_not_ask, seen, txt
from newsletter.model.diagnosis import Area, Diagnosis, State

_LEAST_BITS = 1024  # Google's and Microsoft's rule; RFC 8301 section 3.2
_GOOD_BITS = 2048


def no_selector(server: str) -> Diagnosis:
    """Tell that the DNS cannot be asked for keys: it lists none, one has to know the name."""
    return Diagnosis(
        area=Area.DNS,
        check="dkim",
        subject=server,
        state=State.WARNING,
        message="whether mail is signed cannot be told: dkim_selector is not set",
        evidence="the DNS gives a key only to who knows its selector",
        remedy=(
            'send a test to yourself, look in its source for "DKIM-Signature:", and write the '
            f"value of s= as dkim_selector and that of d= as dkim_domain into [smtp.{server}]; "
            f"where there is none, let the server sign. {BULK_RULES}"
        ),
    )


def judge_dkim(domain: str, selector: str, ask: Ask) -> Diagnosis:
    """Judge the key record of one domain and selector."""
    name = f"{selector}._domainkey.{domain}"
    answer = ask(name, "TXT")
    if answer.has_failed:
        return could_not_ask("dkim", domain, answer, "the DKIM key")
    evidence = seen(answer)

    def told(state: State, message: str, remedy: str = "", *, publish: bool = False) -> Diagnosis:
        records = (txt(name, "v=DKIM1; k=rsa; p=<the key your mail server shows>"),)
        return Diagnosis(
            area=Area.DNS,
            check="dkim",
            subject=domain,
            state=state,
            message=message,
            evidence=evidence,
            remedy=remedy,
            records=records if publish else (),
        )

    if answer.is_none:
        remedy = f"publish the key that your mail server or provider shows; {BULK_RULES}"
        message = f"there is no key for the selector {selector}"
        return told(State.ERROR, message, remedy, publish=True)
    keys = [text for text in answer.records if "p=" in text.replace(" ", "")]
    if len(answer.records) > 1:
        message = f"{len(answer.records)} records where one key belongs; receivers take any of them"
        return told(State.ERROR, message, "leave the key's record alone there")
    if not keys:
        message = "the record is no DKIM key; perhaps a wildcard answers"
        return told(State.ERROR, message, "publish the key at this very name", publish=True)
    try:
        key = read_dkim(keys[0])
    except TagMistake as error:
        message = f"receivers cannot use the key: {error}"
        return told(State.ERROR, message, "publish it anew, in one piece", publish=True)
    return told(*_key(key, selector))


def _key(key: DkimKey, selector: str) -> tuple[State, str, str]:
    if key.is_revoked:
        remedy = "sign with another selector, or publish its key again"
        return State.ERROR, f"the key of {selector} is revoked: p= is empty", remedy
    if key.kind == "ed25519":
        remedy = "let the server sign with an RSA key of 2048 bits as well"
        return State.WARNING, "an Ed25519 key, which few receivers read yet", remedy
    if key.bits < _LEAST_BITS:
        remedy = "make a new key of 2048 bits; receivers take none below 1024"
        return State.ERROR, f"the RSA key has {key.bits} bits", remedy
    if key.is_test:
        remedy = "take t=y out once signatures are valid"
        return State.WARNING, "t=y says that signing is only tried out", remedy
    if key.bits < _GOOD_BITS:
        remedy = "make a new key of 2048 bits at the next change"
        return State.WARNING, f"the RSA key has {key.bits} bits, 2048 are usual", remedy
    return State.WELL, f"an RSA key of {key.bits} bits, selector {selector}", ""
