"""The table of addresses: the first and last of each range, and what IPv6 carries inside."""

import tomllib
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.fetch.guard import embedded, is_public

ROWS = tomllib.loads(Path(__file__).with_name("closed_ranges.toml").read_text("utf-8"))
CLOSED_4, CLOSED_6 = ROWS["ipv4"], ROWS["ipv6"]


def edges_4() -> list[tuple[str, bool]]:
    rows = []
    for text in CLOSED_4:
        network = IPv4Network(text)
        first, last = int(network.network_address), int(network.broadcast_address)
        rows += [(str(IPv4Address(first)), True), (str(IPv4Address(last)), True)]
        rows += [(str(IPv4Address(first - 1)), False)] if first else []
        rows += [(str(IPv4Address(last + 1)), False)] if last < 2**32 - 1 else []
    return sorted(set(rows))


@pytest.mark.covers("T07", "T09")
@pytest.mark.parametrize(("address", "is_closed"), edges_4())
def test_an_ipv4_range_is_closed_from_its_first_address_to_its_last(
    address: str, *, is_closed: bool
) -> None:
    assert is_public(IPv4Address(address)) != is_closed


@pytest.mark.covers("T09")
@pytest.mark.parametrize("text", CLOSED_6)
def test_an_ipv6_range_is_closed_from_its_first_address_to_its_last(text: str) -> None:
    network = IPv6Network(text)
    assert not is_public(network[0])
    assert not is_public(network[-1])
    assert not is_public(network[network.num_addresses // 2])


@pytest.mark.covers("T09")
@pytest.mark.parametrize(("inner", "is_closed"), edges_4())
def test_an_ipv4_address_inside_ipv6_is_judged_as_itself(inner: str, *, is_closed: bool) -> None:
    number = int(IPv4Address(inner))
    mapped = IPv6Address((0xFFFF << 32) | number)
    nat64 = IPv6Address((0x64FF9B << 96) | number)
    six_to_four = IPv6Address((0x2002 << 112) | (number << 80) | 1)
    for address in (mapped, nat64, six_to_four):
        assert embedded(address) == IPv4Address(inner)
        assert is_public(address) != is_closed
    teredo = IPv6Address((0x20010000 << 96) | (0x08080808 << 64) | (number ^ 0xFFFFFFFF))
    compatible = IPv6Address(number)
    assert not is_public(teredo)
    assert not is_public(compatible)


@given(st.integers(0, 2**32 - 1))
def test_what_the_library_calls_private_is_never_public_here(number: int) -> None:
    address = IPv4Address(number)
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not is_public(address)


@given(st.integers(0, 2**128 - 1) | st.integers(0x2000 << 112, (0x4000 << 112) - 1))
def test_nothing_outside_2000_3_is_public_but_for_what_is_inside(number: int) -> None:
    address = ip_address(number) if number >= 2**32 else IPv6Address(number)
    assert isinstance(address, IPv6Address)
    if embedded(address) is None and number >> 125 != 1:
        assert not is_public(address)
