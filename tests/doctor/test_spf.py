"""SPF is followed as receivers follow it: verdicts, lookups, what nobody could be asked."""

from ipaddress import ip_address

import pytest
from dns_server import Deed
from doctor.zones import Zone, asking
from hypothesis import given
from hypothesis import strategies as st

from newsletter.doctor.spf import MOST_WALKED, SpfReport, Verdict, follow_spf
from newsletter.model.address import Address

SENDER = Address(local="bounces", domain="news.example")
V4, V6 = "192.0.2.7", "2001:db8::7"


def follow(zone: Zone, ip: str | None = V4) -> SpfReport:
    number = ip_address(ip) if ip else None
    return follow_spf("news.example", sender=SENDER, ip=number, ask=asking(zone))


HOSTS: Zone = {
    "mail.example A": ["192.0.2.7"],
    "mail.example AAAA": ["2001:db8::7"],
    "news.example A": ["192.0.2.9"],
    "news.example MX": ["10 mail.example"],
    "good.example TXT": ["v=spf1 ip4:192.0.2.0/24 -all"],
    "bad.example TXT": ["v=spf1 ip4:198.51.100.0/24 -all"],
    "broken.example TXT": ["v=spf1 ip:1 -all"],
    "7.2.0.192.in-addr.arpa PTR": ["mail.example"],
    "7.2.0.192.in-addr.spf.example A": ["127.0.0.2"],
    "bounces.spf.example A": ["127.0.0.2"],
    "servfail.example TXT": Deed.SERVFAIL,
    "servfail.example A": Deed.SERVFAIL,
}


@pytest.mark.parametrize(
    ("terms", "given_"),
    [
        ("ip4:192.0.2.7 -all", Verdict.PASS),
        ("ip4:192.0.2.8 -all", Verdict.FAIL),
        ("ip4:192.0.2.8 ~all", Verdict.SOFTFAIL),
        ("ip4:192.0.2.8 ?all", Verdict.NEUTRAL),
        ("ip4:192.0.2.8", Verdict.NEUTRAL),
        ("-ip4:192.0.2.7 +all", Verdict.FAIL),
        ("ip6:2001:db8::/32 -all", Verdict.FAIL),
        ("a:mail.example -all", Verdict.PASS),
        ("a -all", Verdict.FAIL),
        ("a/24 -all", Verdict.PASS),
        ("mx -all", Verdict.PASS),
        ("mx:mail.example -all", Verdict.FAIL),
        ("ptr:mail.example -all", Verdict.PASS),
        ("ptr -all", Verdict.FAIL),
        ("include:good.example -all", Verdict.PASS),
        ("include:bad.example -all", Verdict.FAIL),
        ("include:bad.example include:good.example -all", Verdict.PASS),
        ("include:nobody.example -all", Verdict.PERMERROR),
        ("include:broken.example -all", Verdict.PERMERROR),
        ("include:news.example -all", Verdict.PERMERROR),
        ("include:servfail.example -all", Verdict.TEMPERROR),
        ("a:servfail.example -all", Verdict.TEMPERROR),
        ("ip4:192.0.2.7 include:nobody.example -all", Verdict.PASS),
        ("redirect=good.example", Verdict.PASS),
        ("redirect=bad.example", Verdict.FAIL),
        ("redirect=nobody.example", Verdict.PERMERROR),
        ("redirect=news.example", Verdict.PERMERROR),
        ("-all redirect=good.example", Verdict.FAIL),
        ("exists:%{ir}.%{v}.spf.example -all", Verdict.PASS),
        ("exists:%{l}.spf.example -all", Verdict.PASS),
        ("exists:%{h}.spf.example -all", Verdict.FAIL),
        ("-all ip4:192.0.2.7", Verdict.FAIL),
    ],
)
def test_the_first_term_that_fits_decides(terms: str, given_: Verdict) -> None:
    assert follow({**HOSTS, "news.example TXT": [f"v=spf1 {terms}"]}).verdict is given_


@pytest.mark.parametrize(
    "terms", ["ip6:2001:db8::/32", "a:mail.example", "mx", "a:mail.example//64"]
)
def test_the_newer_numbers_are_followed_too(terms: str) -> None:
    zone: Zone = {**HOSTS, "news.example TXT": [f"v=spf1 {terms} -all"]}
    assert follow(zone, V6).verdict is Verdict.PASS
    assert follow(zone, "2001:db9::7").verdict is Verdict.FAIL


def test_no_record_two_records_and_no_answer_differ() -> None:
    assert follow({"news.example TXT": ["hello"]}).verdict is Verdict.NONE
    assert follow({}).verdict is Verdict.NONE
    two = follow({"news.example TXT": ["v=spf1 -all", "v=spf1 ~all"]})
    assert two.verdict is Verdict.PERMERROR
    assert len(two.records) == 2
    failed = follow({"news.example TXT": Deed.SERVFAIL})
    assert failed.verdict is Verdict.TEMPERROR
    assert len(failed.failed) == 1


def nested(count: int, last: str = "-all") -> Zone:
    """Make a chain of includes with that many lookups."""
    zone: Zone = {"news.example TXT": ["v=spf1 include:n1.example " + last]}
    for number in range(1, count):
        zone[f"n{number}.example TXT"] = [f"v=spf1 include:n{number + 1}.example ?all"]
    zone[f"n{count}.example TXT"] = ["v=spf1 ip4:192.0.2.7 -all"]
    return zone


def test_ten_lookups_are_allowed_and_eleven_are_not() -> None:
    ten, eleven = follow(nested(10)), follow(nested(11))
    assert (ten.verdict, ten.lookups) == (Verdict.PASS, 10)
    assert (eleven.verdict, eleven.lookups) == (Verdict.PERMERROR, 11)


def test_lookups_behind_the_match_are_counted_and_do_no_harm_to_this_address() -> None:
    late = " ".join(f"a:mail{number}.example" for number in range(11))
    zone: Zone = {"news.example TXT": [f"v=spf1 ip4:192.0.2.7 {late} -all"]}
    zone.update({f"mail{number}.example A": ["198.51.100.1"] for number in range(11)})
    report = follow(zone)
    assert (report.verdict, report.lookups) == (Verdict.PASS, 11)
    assert follow(zone, "203.0.113.1").verdict is Verdict.PERMERROR


def test_a_third_lookup_that_finds_nothing_is_one_too_many() -> None:
    two = follow({"news.example TXT": ["v=spf1 a:x.example a:y.example ip4:192.0.2.7 -all"]})
    three = follow(
        {"news.example TXT": ["v=spf1 a:x.example a:y.example a:z.example ip4:192.0.2.7 -all"]}
    )
    assert (two.verdict, two.voids) == (Verdict.PASS, 2)
    assert (three.verdict, three.voids) == (Verdict.PERMERROR, 3)


def test_a_domain_with_more_than_ten_mail_hosts_is_refused() -> None:
    hosts = [f"10 m{number}.example" for number in range(11)]
    zone: Zone = {"news.example TXT": ["v=spf1 mx -all"], "news.example MX": hosts}
    assert any("more than 10 MX" in mistake for mistake in follow(zone).mistakes)


def test_a_record_without_end_is_left_after_a_while() -> None:
    asked: list[str] = []
    zone: Zone = {
        f"n{number}.example TXT": [
            "v=spf1 " + " ".join(f"include:n{n}.example" for n in range(60) if n != number)
        ]
        for number in range(60)
    }
    zone["news.example TXT"] = ["v=spf1 include:n0.example -all"]
    report = follow_spf("news.example", sender=SENDER, ip=None, ask=asking(zone, asked))
    assert len(asked) <= MOST_WALKED + 1
    assert any("more than 40" in mistake for mistake in report.mistakes)


def test_what_only_a_receiver_can_fill_in_is_told() -> None:
    report = follow({"news.example TXT": ["v=spf1 exists:%{h}.x.example include:%{r} -all"]})
    assert report.unfollowed == ["exists:%{h}.x.example", "include:%{r}"]
    assert report.verdict is Verdict.FAIL


@given(
    st.lists(
        st.sampled_from(
            ["a", "mx", "ptr", "include:n1.example", "include:n2.example", "redirect=n2.example",
             "exists:%{i}.%{s}.example", "exists:%{d1r+}.example", "exists:%{S9}.x.example",
             "-all", "ip4:192.0.2.0/28", "ip6:::/0", "bad", "include:%{h}", "a:%{l1-}.n1.example"]
        ),
        max_size=8,
    ),
    st.lists(
        st.sampled_from(["a", "include:n2.example", "mx:n1.example", "redirect=news.example"]),
        max_size=4,
    ),
    st.sampled_from([V4, V6, None]),
)  # fmt: skip
def test_any_records_have_a_verdict(terms: list[str], below: list[str], ip: str | None) -> None:
    report = follow(
        {
            "news.example TXT": [f"v=spf1 {' '.join(terms)}"],
            "n1.example TXT": [f"v=spf1 {' '.join(below)}"],
            "n2.example TXT": ["v=spf1 include:n1.example ?all"],
            "n1.example A": Deed.REFUSED,
        },
        ip,
    )
    assert report.verdict in Verdict
    assert report.verdict is not Verdict.PASS or report.matched
