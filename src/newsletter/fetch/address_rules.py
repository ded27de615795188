"""Which IP addresses are on the public internet: an own table (T09).

`ipaddress.is_global` says True for multicast, for forms of IPv6 that carry 127.0.0.1 inside, and
for ranges that were set apart after that Python was made. So IPv4 has a list of what is not public,
and IPv6 the other way round: 2000::/3 less exceptions. Sources: the IANA registries of special
purpose addresses (RFC 6890) and RFC 4291, 5737, 6052, 6598, 9637.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IPAddress = IPv4Address | IPv6Address

NOT_PUBLIC_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), words)
    for network, words in (
        ("0.0.0.0/8", "an address of this network"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network"),
        ("127.0.0.0/8", "an address of this machine"),
        ("168.63.129.16/32", "a cloud's own service"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "an address set apart for protocols"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "an address of 6to4 relays"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), words)
    for network, words in (
        ("2001::/23", "an address set apart for protocols"),  # Teredo, ORCHID, benchmarks
        ("2001:db8::/32", "an address for documentation"),
        ("3ffe::/16", "a reserved address"),  # the 6bone, given back (RFC 3701)
        ("3fff::/20", "an address for documentation"),
    )
)
OWN_4 = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    )
)
OWN_6 = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")


def read_ip(text: str) -> IPAddress | None:
    """Read one answer of a resolver; None for anything but a plain address (zone ids too)."""
    if "%" in text:
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def refusal(address: IPAddress) -> str:
    """Return what an address is, where it is not on the public internet; "" where it is."""
    if isinstance(address, IPv4Address):
        return next((words for network, words in NOT_PUBLIC_4 if address in network), "")
    inner = embedded(address)
    if inner is not None:
        return refusal(inner)
    if address not in PUBLIC_6:
        return "not a public IPv6 address"
    return next((words for network, words in NOT_PUBLIC_6 if address in network), "")


def is_own(address: IPAddress) -> bool:
    """Whether a server of one's own may stand there: on this machine or in a private network.

    Link-local addresses are none: a cloud's own services answer there, with its secrets.
    """
    if isinstance(address, IPv4Address):
        return any(address in network for network in OWN_4)
    return any(address in network for network in OWN_6)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to an IPv6 address end at; None where there is none.

    Teredo (2001::/32) and the compatible form (::/96) carry one too, and are refused whole.
    """
    if address in MAPPED or address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in SIX_TO_FOUR:
        return IPv4Address(int(address) >> 80 & 0xFFFF_FFFF)
    return None
