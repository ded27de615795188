"""Feeds made to grow, to fetch, to read files or to take for ever; each a call of the listener.

Every bomb is given the address of a listener on loopback that must never be asked.
"""

from collections.abc import Callable, Mapping

Bomb = Callable[[str], bytes]

_ITEMS = "<channel><title>&e;</title><item><title>x</title></item></channel></rss>"


def _laughs(_: str) -> str:
    layers = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">{layers}<!ENTITY e "&e9;">]>'
        f'<rss version="2.0">{_ITEMS}'
    )


def _quadratic(_: str) -> str:
    return (
        f'<!DOCTYPE rss [<!ENTITY e "{"A" * 50_000}">]><rss version="2.0"><channel><title>'
        f"{'&e;' * 50_000}</title></channel></rss>"
    )


def _declaring(declaration: str) -> Bomb:
    return lambda listener: (
        f'<?xml version="1.0"?><!DOCTYPE rss [{declaration.format(listener)}]>'
        f'<rss version="2.0">{_ITEMS}'
    ).encode()


def _with(inside: str, *, before: str = "") -> Bomb:
    return lambda listener: (
        (
            f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>Paper</title>{inside}'
            "</channel></rss>"
        )
        .replace("LISTENER", listener)
        .encode()
    )


BOMBS: Mapping[str, Bomb] = {
    "a billion laughs": lambda listener: _laughs(listener).encode(),
    "a quadratic one": lambda listener: _quadratic(listener).encode(),
    "in utf-16 with its mark": lambda listener: _laughs(listener).encode("utf-16"),
    "in utf-7 with its brackets": lambda listener: (
        b'<?xml version="1.0" encoding="utf-7"?>'
        + _laughs(listener).replace("<", "+ADw-").replace(">", "+AD4-").encode()
    ),
    "with nuls inside": lambda listener: (
        _laughs(listener).replace("<!ENTITY", "<!ENT\0ITY").encode()
    ),
    "a file": _declaring('<!ENTITY e SYSTEM "file:///etc/hostname">'),
    "an address": _declaring('<!ENTITY e SYSTEM "{}">'),
    "attributes by default": _declaring(
        '<!ATTLIST item a CDATA "' + "A" * 50_000 + '" b CDATA "{}">'
    ),
    "a document type elsewhere": lambda listener: (
        f'<!DOCTYPE rss SYSTEM "{listener}"><rss version="2.0">{_ITEMS}'
    ).encode(),
    "the known document type elsewhere": lambda listener: (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "'
        f'{listener}"><rss version="0.91">{_ITEMS}'
    ).encode(),
    "a document type around a comment": lambda listener: (
        f'<!DOC<!-- x -->TYPE rss SYSTEM "{listener}"><rss version="2.0">{_ITEMS}'
    ).encode(),
    "an inclusion": _with(
        '<item><title>x</title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude"'
        ' href="LISTENER" parse="text"/></item>'
    ),
    "a style sheet": _with("", before='<?xml-stylesheet type="text/xsl" href="LISTENER"?>'),
    "tags in tags": _with("<a>" * 15_000),
    "items in items": _with("<item>" * 15_000),
    "tags in the text of an entry": _with(
        "<item><title>"
        + "&lt;b&gt;" * 15_000
        + "</title><description>"
        + "&lt;div&gt;" * 200_000
        + "x</description></item>"
    ),
    "empty tags": _with("<a/>" * 1_200_000),
    "empty entries": _with("<item/>" * 200_000),
    "attributes": _with("<item " + " ".join(f'a{number}="1"' for number in range(400_000)) + "/>"),
    "attributes that fit": _with(
        "<item " + " ".join(f'a{number}="1"' for number in range(6_000)) + "/>"
    ),
    "namespaces": _with(
        "".join(f'<p{number}:a xmlns:p{number}="u:{number}"/>' for number in range(100_000))
    ),
    "ampersands": _with("<item><title>" + "&" * 4_000_000 + "</title></item>"),
    "brackets": _with("<" * 4_000_000),
    "comments without an end": _with("<!--" * 1_000_000),
    "sections without an end": _with("<![CDATA[" * 500_000),
    "one long word": _with("<item><title>" + "a" * 4_900_000 + "</title></item>"),
    "footers": _with("<item><description>" + "The post " * 500_000 + "</description></item>"),
    "deep json": lambda _: b'{"items":' + b"[" * 1_000_000,
    "a long number": lambda _: b'{"items":[{"id":' + b"9" * 1_000_000 + b"}]}",
}
