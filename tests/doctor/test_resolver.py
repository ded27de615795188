"""The DNS is asked over real sockets; what is certain and what is not known are kept apart."""

import socket
from collections.abc import Sequence

import pytest
from dns_server import Deed, DnsServer, txt

from newsletter.doctor.resolver import (
    MOST_SILENCES,
    Answer,
    Found,
    Resolver,
    address_and_port,
)
from newsletter.errors import UserError

LONG = "v=spf1 " + "ip4:192.0.2.1 " * 300 + "-all"
ZONE: dict[str, Sequence[str] | Deed] = {
    "short.example TXT": ['"v=spf1 " "-all"', '"another"'],
    "long.example TXT": [txt(LONG)],
    "mail.example MX": ["10 A.mail.example.", "20 b.mail.example."],
    "null.example MX": ["0 ."],
    "a.mail.example A": ["192.0.2.1"],
    "alias.example CNAME": ["middle.example."],
    "middle.example CNAME": ["short.example."],
    "round.example CNAME": ["round.example."],
    "servfail.example TXT": Deed.SERVFAIL,
    "lame.example TXT": Deed.REFUSED,
    "silent.example TXT": Deed.SILENT,
    "garbage.example TXT": Deed.GARBAGE,
    "forged.example TXT": Deed.WRONG_ID,
    "odd.example TXT": ['"\\255\\000caf\\195\\169"'],
}


def ask(
    name: str, kind: str = "TXT", *, patience_s: float = 5.0, truncates: bool = False
) -> Answer:
    with DnsServer(ZONE, truncates=truncates) as server:
        return Resolver(server.address, patience_s=patience_s).ask(name, kind)


def test_no_name_and_no_record_are_certain() -> None:
    assert ask("nobody.example").found is Found.NO_NAME
    assert ask("short.example", "MX").found is Found.NO_DATA


@pytest.mark.parametrize(
    ("name", "why"), [("servfail", "refuses"), ("lame", "refuses"), ("round", "")]
)
def test_a_refusal_is_no_answer(name: str, why: str) -> None:
    answer = ask(f"{name}.example")
    assert answer.has_failed
    assert why in answer.why


@pytest.mark.parametrize("name", ["silent.example", "garbage.example", "forged.example"])
def test_silence_and_what_is_no_answer_are_no_answer(name: str) -> None:
    answer = ask(name, patience_s=0.3)
    assert answer.has_failed
    assert "does not answer" in answer.why or "refuses" in answer.why


def test_a_server_that_stays_silent_is_given_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        resolver = Resolver(f"127.0.0.1:{deaf.getsockname()[1]}", patience_s=0.1)
        answers = [resolver.ask(f"n{number}.example", "TXT") for number in range(20)]
    assert all(answer.has_failed for answer in answers)
    assert sum("did not answer before" in answer.why for answer in answers) == 20 - MOST_SILENCES


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:DB8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_a_server_is_named_by_its_number(text: str, read: tuple[str, int]) -> None:
    assert address_and_port(text) == read


@pytest.mark.parametrize(
    "text",
    ["dns.example.org", "192.0.2.1:65536", "192.0.2.1/24", "[::1]:x", "[]", "x@192.0.2.1", ""],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is no address of a DNS server"):
        address_and_port(text)
