"""Whether a donation address answers as it should; trouble on the way says nothing about it."""

import pytest
from fetching import PUBLIC, Net
from web_peer import Asked, Wire, answer, leads_to, peer

from newsletter.fetch import Probe

NAMES = {
    "donation.example.org": [PUBLIC],
    "www.example.org": [PUBLIC],
    "inside.example.org": ["10.0.0.1"],
    "evil.example": [PUBLIC],
}
ALLOWED = ["www.example.org", "Donation.example.org"]
HERE = "http://donation.example.org"


def probe(net: Net, path: str = "/appeal") -> Probe:
    return net.fetcher().probe(HERE + path, allowed_hosts=ALLOWED)


def test_an_address_that_answers_is_well_and_its_body_is_not_read() -> None:
    def endless(_asked: Asked, wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not wire.over.is_set() and wire.send(b"x" * 65_536):
            pass

    with peer(appeal=endless) as running:
        told = probe(Net(running, NAMES))
    assert told == Probe(status=200, final_url=f"{HERE}/appeal", is_well=True)


def test_a_way_inside_the_allowed_hosts_is_well() -> None:
    with peer(appeal=leads_to("http://www.example.org/a"), a=answer(b"x")) as running:
        told = probe(Net(running, NAMES))
    assert (told.is_well, told.final_url) == (True, "http://www.example.org/a")


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_what_is_not_there_is_not_well(status: str) -> None:
    with peer(appeal=answer(status=status)) as running:
        told = probe(Net(running, NAMES))
    assert (told.status, told.is_well, told.was_asked) == (int(status[:3]), False, True)
    assert told.problem.startswith("donation.example.org ")


@pytest.mark.parametrize(
    "away",
    [
        "http://evil.example/",
        "http://sub.www.example.org/",
        "http://www.example.org.evil.example/",
        "http://user@www.example.org/",
        "ftp://www.example.org/",
        "http://10.0.0.1/",
    ],
)
def test_a_way_out_of_the_allowed_hosts_is_not_well_and_is_not_gone(away: str) -> None:
    with peer(appeal=leads_to(away)) as running:
        net = Net(running, NAMES)
        told = probe(net)
        assert (told.status, told.is_well, told.was_asked) == (302, False, True)
        assert set(net.connected) == {(PUBLIC, 80)}
        assert len(running.targets()) == 1
        assert told.problem


def test_a_host_that_is_not_allowed_is_not_asked() -> None:
    with peer() as running:
        net = Net(running, NAMES)
        told = net.fetcher().probe("http://evil.example/", allowed_hosts=ALLOWED)
        assert (told.is_well, told.was_asked, told.status) == (False, True, 0)
        assert told.problem == "evil.example is not among the hosts that the appeal allows"
        assert net.connected == []
        assert net.fetcher().probe("mailto:a@b", allowed_hosts=ALLOWED).is_well is False


@pytest.mark.parametrize(
    "script",
    [
        answer(status="500 Oh"),
        answer(status="403 Forbidden"),
        answer(status="429 Slow"),
        b"",
        b"HTTP/1.1 200 OK\r\nX",
        leads_to("/appeal"),
    ],
)
def test_trouble_says_nothing_about_the_address(script: bytes) -> None:
    with peer(appeal=script) as running:
        told = probe(Net(running, NAMES))
    assert (told.is_well, told.was_asked) == (False, False)
    assert told.problem


def test_no_name_no_connection_and_robots_say_nothing_either() -> None:
    with peer(appeal=answer(b"x")) as running:
        told = probe(Net(running, {}))
        assert (told.is_well, told.was_asked, told.status) == (False, False, 0)
        inside = Net(running, {"donation.example.org": ["10.0.0.1"]})
        assert probe(inside).was_asked is False
        assert inside.connected == []
        running.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /")
        assert probe(Net(running, NAMES)).was_asked is False
