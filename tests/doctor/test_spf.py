"""Which servers an SPF record allows, as far as can be told without macros, exists and ptr."""

from ipaddress import ip_address

import pytest
from dns_server import Deed
from doctor.zones import Zone, asking, states
from hypothesis import given
from hypothesis import strategies as st

from newsletter.doctor.spf import ServerPlace, judge_spf
from newsletter.model.diagnosis import Diagnosis, State

V4, V6 = "192.88.99.7", "2a00:1450::7"
HOSTS: Zone = {
    "mail.paper.news A": [V4],
    "mail.paper.news AAAA": [V6],
    "news.news A": ["192.88.99.9"],
    "news.news MX": ["10 mail.paper.news", "20 "],
    "good.news TXT": ["v=spf1 ip4:192.88.99.0/24 -all"],
    "bad.news TXT": ["v=spf1 ip4:198.51.100.0/24 -all"],
    "broken.news TXT": ["v=spf1 ip:1 -all"],
    "servfail.news TXT": Deed.SERVFAIL,
}


def judged(terms: str, number: str = V4, zone: Zone = HOSTS) -> tuple[Diagnosis, ...]:
    server = ServerPlace(host="smtp.relay.news", addresses=(ip_address(number),))
    return judge_spf("news.news", (server,), asking({**zone, "news.news TXT": [f"v=spf1 {terms}"]}))


@pytest.mark.parametrize(
    ("terms", "number", "state"),
    [
        (f"ip4:{V4} -all", V4, State.WELL),
        (f"IP4:{V4} ~ALL", V4, State.WELL),
        ("ip4:192.88.99.8 -all", V4, State.WARNING),
        (f"-ip4:{V4} ~all", V4, State.WARNING),
        ("ip6:2a00:1450::/32 -all", V6, State.WELL),
        ("ip6:2a00:1450::/32 -all", V4, State.WARNING),
        ("a:mail.paper.news -all", V4, State.WELL),
        ("a:mail.paper.news//64 -all", V6, State.WELL),
        ("a -all", V4, State.WARNING),
        ("a/24 -all", V4, State.WELL),
        ("mx -all", V4, State.WELL),
        ("mx:mail.paper.news -all", V4, State.WARNING),
        ("include:good.news -all", V4, State.WELL),
        ("-include:good.news ~all", V4, State.WARNING),
        ("include:bad.news include:good.news -all", V4, State.WELL),
        ("redirect=good.news", V4, State.WELL),
        ("exp=x.news a:mail.paper.news -all", V4, State.WELL),
        ("exists:%{i}.x.news -all", V4, State.INFO),
        ("ptr -all", V4, State.INFO),
        ("include:%{d}.x.news -all", V4, State.INFO),
        ("include:servfail.news -all", V4, State.UNASKED),
    ],
)
def test_a_server_is_allowed_refused_or_not_known(terms: str, number: str, state: State) -> None:
    assert states(judged(terms, number))["spf-server"] is state


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ("include:nobody.news -all", "nobody.news has no SPF record"),
        ("include:broken.news -all", 'broken.news: "ip:1" is no term of SPF; write ip4:'),
        ("redirect=nobody.news", "nobody.news has no SPF record"),
        ("ip4:2a00:1450::/32 -all", "write ip6:"),
        ("ip4:192.88.99.300 -all", "is no term of SPF"),
        ("ip6: -all", "is no term of SPF"),
        ("everybody -all", "is no term of SPF"),
    ],
)
def test_a_mistake_spoils_the_whole_record(terms: str, told: str) -> None:
    (found,) = judged(terms)
    assert (found.state, found.check) == (State.ERROR, "spf")
    assert told in found.message


def test_more_than_ten_lookups_are_too_many_and_a_circle_ends() -> None:
    def nested(count: int) -> Zone:
        return HOSTS | {
            f"n{number}.news TXT": [f"v=spf1 include:n{number + 1}.news ?all"]
            for number in range(1, count)
        } | {f"n{count}.news TXT": [f"v=spf1 ip4:{V4} -all"]}  # fmt: skip

    assert states(judged("include:n1.news -all", zone=nested(10)))["spf"] is State.WELL
    assert states(judged("include:n1.news -all", zone=nested(11)))["spf-lookups"] is State.ERROR
    assert states(judged("include:news.news -all"))["spf-server"] is State.WARNING


@given(
    st.lists(
        st.sampled_from(
            ["a", "mx", "ptr", "include:n1.news", "include:n2.news", "redirect=n2.news", "a/33",
             "exists:%{i}.%{s}.news", "-all", "ip4:192.0.2.0/28", "ip6:::/0", "bad", "a:", "=",
             "include:", "include:%{h}", "mx//999", "\x00", "+", "redirect="]
        ),
        max_size=8,
    )
)  # fmt: skip
def test_any_record_is_judged(terms: list[str]) -> None:
    zone: Zone = {
        "n1.news TXT": [f"v=spf1 {' '.join(terms)}"],
        "n2.news TXT": ["v=spf1 include:n1.news ?all"],
        "n1.news A": Deed.REFUSED,
    }
    assert judged(" ".join(terms), zone=zone)
