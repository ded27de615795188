"""SPF records: what receivers read, and what they refuse (RFC 7208)."""

from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.doctor.spf_record import (
    Kind,
    Qualifier,
    SpfMistake,
    SpfRecord,
    is_spf,
    read_spf,
)

TERMS = st.sampled_from(
    [
        "all",
        "-all",
        "~ALL",
        "include:a.example",
        "a",
        "a:b.example/24//64",
        "mx/0",
        "ptr",
        "ptr:c.example",
        "ip4:192.0.2.0/24",
        "ip6:2001:db8::/32",
        "exists:%{ir}.%{v}.d.example",
        "redirect=e.example",
        "exp=%{d}.f.example",
        "x-unknown=anything",
        "ip4:",
        "include",
        "a/33",
        "%",
        "%{",
        "=",
        "-",
        "::",
    ]
)
PIECES = [
    "a_",
    "%{d}",
    "%{",
    "%",
    "/",
    "//",
    "ip4:1.2.3.4_",
    "x=",
    "1",
    ".",
    "-",
    "a:b.example/2/",
    "%{i10r.+/}",
]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=spf1", True),
        ("v=spf1 -all", True),
        ("V=SPF1 -all", True),
        ("v=spf10 -all", False),
        ("v=spf1-all", False),
        (" v=spf1 -all", False),
        ('"v=spf1 -all"', False),
        ("spf1 -all", False),
        ("v=spf2.0/pra -all", False),
        ("", False),
    ],
)
def test_a_record_begins_with_its_version_and_a_blank(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_spf(text) == is_one


def test_every_term_is_read() -> None:
    record = read_spf(
        "v=spf1 +a:Mail.Example/24//64  mx ?ip4:192.0.2.7/24 ip6:2001:db8::1 include:x.example "
        "exists:%{ir}.%{v}.arpa.example ptr exp=why.example redirect=%{d2}.y.example ~all other=1"
    )
    kinds = [mechanism.kind for mechanism in record.mechanisms]
    assert kinds == [
        *(Kind.A, Kind.MX, Kind.IP4, Kind.IP6, Kind.INCLUDE, Kind.EXISTS, Kind.PTR, Kind.ALL),
    ]
    first, _, numbers = record.mechanisms[:3]
    assert (first.domain, first.v4_length, first.v6_length) == ("Mail.Example", 24, 64)
    assert (numbers.qualifier, str(numbers.network)) == (Qualifier.NEUTRAL, "192.0.2.0/24")
    assert record.redirect == "%{d2}.y.example"
    assert record.all is not None
    assert record.all.qualifier is Qualifier.SOFTFAIL


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("ip:192.0.2.1", "write ip4:"),
        ("ipv4:192.0.2.1", "write ip4:"),
        ("ip4:192.0.2", "is no ip4 network"),
        ("ip4:192.0.2.1/33", "is no ip4 network"),
        ("ip4:192.0.2.1/255.255.255.0", "is no ip4 network"),
        ("ip4:2001:db8::1", "write ip6:"),
        ("ip6:2001:db8::1/129", "is no ip6 network"),
        ("ip4", "is no ip4 network"),
        ("a:", "names no domain"),
        ("a:mail.example/33", "no length of a network"),
        ("a/24/64", "no length of a network"),
        ("mx//129", "no length of a network"),
        ("include", "names no domain"),
        ("include:", "names no domain"),
        ("include:localhost", "no domain with a dot"),
        ("include:192.0.2.1", "no domain with a dot"),
        ("include:_spf.example.", ""),
        ("include:%{d}", ""),
        ("include:%{x}.example", "begins no macro"),
        ("include:50%.example", "begins no macro"),
        ("include:caf\u00e9.example", "names no domain"),
        ("all:x", "all takes no value"),
        ("-all.", "is no term of SPF"),
        ("mail.example", "is no term of SPF"),
        ("v=spf1", ""),
        ("redirect=a.example redirect=b.example", "stands twice"),
        ("exp=a.example exp=b.example", "stands twice"),
        ("redirect=", "names no domain"),
        ("-all,", "is no term of SPF"),
        ("\u201c-all\u201d", "is no term of SPF"),
        ("ptr/24", "takes no length"),
    ],
)
def test_one_bad_term_spoils_the_record(terms: str, told: str) -> None:
    if not told:
        read_spf(f"v=spf1 {terms}")
        return
    with pytest.raises(SpfMistake, match=told):
        read_spf(f"v=spf1 {terms}")


@given(st.text(max_size=400))
@example("%" * 300)
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(read_or_none(f"v=spf1 {text}"), SpfRecord | None)


@given(st.lists(TERMS, max_size=12))
def test_any_terms_are_read_or_refused(terms: list[str]) -> None:
    assert isinstance(read_or_none(f"v=spf1 {' '.join(terms)}"), SpfRecord | None)


@pytest.mark.parametrize("piece", [piece.replace("_", " ") for piece in PIECES])
def test_reading_takes_time_in_step_with_length(piece: str) -> None:
    def cost(times: int) -> float:
        text = f"v=spf1 include:{piece * times} {piece * times}"
        before = process_time()
        for _ in range(3):
            read_or_none(text)
        return process_time() - before

    cost(1_000)
    small, large = max(cost(4_000), 0.002), cost(40_000)
    assert large < 60 * small


def read_or_none(text: str) -> SpfRecord | None:
    try:
        return read_spf(text)
    except SpfMistake:
        return None
