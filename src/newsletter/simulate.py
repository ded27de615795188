"""A mail as a document that may be shown: safe, and as mail programs with their ways would have it.

Nothing is fetched: pictures are those kept here, and a drawn box of the same size stands for each
other. Dark is made as programs make it: by the mail's own styles, by turning light colours, or all.
"""

import colorsys
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from urllib.parse import quote, urlsplit

from lxml import etree
from lxml import html as lxml_html

from newsletter.model.brand import Colour
from newsletter.model.composed import Dark, Look

MOST_PX = 2_000
SHAPE = 600 / 1072  # height to width, where a mail leaves the height to the picture
_MOST_NAME = 46  # characters of a label's line
_NUMBER = re.compile(r"([0-9]{1,6})(?:px)?", re.IGNORECASE)
_LABELLED_FROM = 120  # px; a narrower box holds no words


def show_kept(root: etree._Element, kept: Mapping[str, str]) -> None:
    """Point a parsed mail's pictures to where they are kept; the others become boxes.

    Pictures that bring their bytes with them (data:) stay.
    """
    for image, address in _pictures(root):
        image.attrib.pop("srcset", "")
        image.set("src", kept[address] if address in kept else stand_in(image, address))


def addresses_of_pictures(html: str) -> tuple[str, ...]:
    """Return the addresses of a mail's pictures, each once, in order."""
    if not html.strip():
        return ()
    parser = lxml_html.HTMLParser(encoding="utf-8")
    root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    return tuple(dict.fromkeys(address for _, address in _pictures(root)))


def stand_in(image: etree._Element, address: str) -> str:
    """Draw the box for a picture, as a data: address; its alternative text stays beside it."""
    width = _length(image.get("width"), 600)
    height = _length(image.get("height"), max(1, round(width * SHAPE)))
    lines = ""
    if min(width, height * 2) >= _LABELLED_FROM:
        parts = urlsplit(address)
        name = f"{parts.netloc}{parts.path}"
        short = name if len(name) <= _MOST_NAME else f"{name[:20]}…{name[-25:]}"
        size = max(9, min(20, round(width / 26)))
        lines = "".join(
            f'<text x="50%" y="{height / 2 + shift:.0f}" font-size="{size}">{escape(words)}</text>'
            for shift, words in ((-4, "picture not downloaded yet"), (size + 2, short))
        )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="Liberation Sans, Arial, sans-serif"'
        ' fill="#4a4740" text-anchor="middle">'
        '<rect width="100%" height="100%" fill="#d9d5cb"/>'
        f'<path d="M0 0L{width} {height}M{width} 0L0 {height}" stroke="#c6c1b5"/>'
        '<rect x=".5" y=".5" width="99.9%" height="99.9%" fill="none" stroke="#8c867b"/>'
        f"{lines}</svg>"
    )
    return f"data:image/svg+xml,{quote(drawn)}"


def _pictures(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for image in root.iter("img"):
        address = (image.get("src") or "").strip()
        if address and not address.lower().startswith("data:"):
            yield image, address


def _length(value: str | None, otherwise: int) -> int:
    """Read an attribute's number of CSS px; a share or a word is no number."""
    found = _NUMBER.fullmatch((value or "").strip())
    return min(max(1, int(found[1])), MOST_PX) if found else otherwise


BASE = "<style>html{background:#121212;color:#e8eaed}a{color:#8ab4f8}</style>"
"""What shows where a mail sets no colour: it stands before the mail's own styles."""

_DECLARATION = re.compile(
    r"(?<![\w-])(background(?:-color)?|color|border(?:-(?:top|right|bottom|left))?(?:-color)?)"
    r"(\s*:)([^;{}]*)",
    re.IGNORECASE,
)
_TOKEN = re.compile(  # an address is taken whole, so that nothing in it is a colour
    r"url\([^()]{0,2000}\)|#[0-9a-f]{3,8}(?![\w-])"
    r"|(?<![\w-])(?:rgb|hsl)a?\([^()]{0,80}\)|(?<![\w#./-])[a-z]{3,20}(?![\w(-])",
    re.IGNORECASE,
)
_HALF, _DARKEST, _LIGHTEST = 0.5, 0.07, 0.93
_MOST = 255


def recolour(root: etree._Element) -> None:
    """Change the colours of a parsed mail in place: style attributes, style blocks, bgcolor."""
    for element in root.iter(etree.Element):
        style = element.get("style")
        if style:
            element.set("style", _recoloured(style))
        for name, change in (("bgcolor", _ground), ("text", _ink), ("color", _ink), ("link", _ink)):
            value = element.get(name)
            if value:
                element.set(name, _changed(value, change))
        if element.tag == "style":
            element.text = _recoloured(element.text or "")


def _recoloured(css: str) -> str:
    def declaration(found: re.Match[str]) -> str:
        name, colon, value = found.groups()
        lower = name.lower()
        change = _ink if lower == "color" else _ground if lower.startswith("back") else _turned
        return name + colon + _TOKEN.sub(lambda token: _changed(token.group(), change), value)

    return _DECLARATION.sub(declaration, css)


def _changed(text: str, change: Callable[[float], float]) -> str:
    colour = Colour.parse(text)
    if colour is None or colour.alpha == 0:
        return text
    shares = (colour.red / _MOST, colour.green / _MOST, colour.blue / _MOST)
    hue, light, _ = colorsys.rgb_to_hls(*shares)
    now = change(light)
    if now == light:
        return text
    # near white and black a trace of colour counts as full saturation: what stays is the trace
    saturation = min(1.0, (max(shares) - min(shares)) / (1 - abs(2 * now - 1)))
    red, green, blue = (round(share * _MOST) for share in colorsys.hls_to_rgb(hue, now, saturation))
    return str(Colour(red=red, green=green, blue=blue, alpha=colour.alpha))


def _ground(light: float) -> float:
    return max(_DARKEST, 1 - light) if light > _HALF else light


def _ink(light: float) -> float:
    return min(_LIGHTEST, 1 - light) if light < _HALF else light


def _turned(light: float) -> float:
    return _ground(light) if light > _HALF else _ink(light)


SANDBOX = "allow-same-origin"
LARGEST = 2_000_000  # characters of a mail that are shown

# prefers-color-scheme and color-scheme follow the editor's system, whatever the page says; so both
# are told.
_QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_KNOWS_DARK = re.compile(r"color-scheme[^;}>]{0,80}\bdark\b", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width: 0px)", "(max-width: 0px)"
_HEAD = re.compile(r"<head(?:\s[^<>]*)?>", re.IGNORECASE)  # no < inside: time stays linear
# The policy refuses what these elements fetch, but Chromium connects to the host before it asks.
_CONNECTING = re.compile(
    r"<(?=(?:link|iframe|frame|frameset|fencedframe|object|embed|applet|portal)\b)", re.IGNORECASE
)
_INVERTED = (
    "<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}"
    "img{filter:invert(1) hue-rotate(180deg)}</style>"
)
_IMG_IN_SELECTOR = re.compile(r"(?<![\w.#:-])img(?![\w-])", re.IGNORECASE)
_ALTERNATIVE = "[data-alternative]"
_Step = Callable[[etree._Element], None]  # noqa: SLF001 (lxml names its elements so)


def document_csp(*, ancestors: str) -> str:
    """Return the policy of a mail's document; ancestors says who may frame it ('self', 'none')."""
    return (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}; sandbox {SANDBOX}"
    )


def mail_document(html: str, look: Look, *, kept: Mapping[str, str] | None = None) -> str:
    """Return a mail's HTML as a document; links in it lead nowhere by themselves.

    Args:
        html: the mail's HTML, a stranger's perhaps; LARGEST of it is shown.
        look: what the mail program does to it.
        kept: where the pictures are that may be shown, by the address in the mail; a drawn box
            stands in for every other. None leaves them all as they are.
    """
    mail = _stepped(html[:LARGEST], _steps(look, kept))
    mail = _CONNECTING.sub("<un", mail)
    scheme = "dark" if look.dark is Dark.AUTHORED else "light"
    told = _QUERY.sub(lambda found: _ALWAYS if found.group(1).lower() == scheme else _NEVER, mail)
    ground = scheme if _KNOWS_DARK.search(mail) else "light"
    extra = (
        '<base target="_blank">'
        f"<style>:root{{color-scheme:only {ground}!important}}</style>"
        f"{_INVERTED if look.dark is Dark.FORCED else ''}"
        f"{BASE if look.dark is Dark.PARTIAL else ''}"
    )
    document = _HEAD.sub(lambda found: found.group() + extra, told, count=1)
    if document == told:  # a mail without a head
        document = f"<!DOCTYPE html><head>{extra}</head>{told}"
    return document


def _steps(look: Look, kept: Mapping[str, str] | None) -> list[_Step]:
    steps: list[_Step] = []
    if not look.styles:
        steps.append(_without_styles)
    if not look.images:
        steps.append(_without_images)
    elif kept is not None:
        steps.append(lambda root: show_kept(root, kept))
    if look.dark is Dark.PARTIAL:
        steps.append(recolour)
    return steps


def _stepped(html: str, steps: list[_Step]) -> str:
    """Work on the parsed mail; without a step it stays as it is, to the character."""
    if not steps or not html.strip():
        return html
    parser = lxml_html.HTMLParser(encoding="utf-8", default_doctype=False)  # type: ignore[call-arg] # unknown to lxml-stubs
    try:
        root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but comments
        return html
    for step in steps:
        step(root)
    return str(etree.tostring(root.getroottree(), method="html", encoding="unicode"))


def _without_styles(root: etree._Element) -> None:
    for element in list(root.iter("style", "link")):
        parent = element.getparent()
        if parent is not None:
            _remove(parent, element)


def _without_images(root: etree._Element) -> None:
    """Put each picture's alternative text in its place, in the picture's own style.

    Chromium draws the sign of a broken picture beside an alternative text, which no mail program
    does that was told to show no pictures.
    """
    for image in list(root.iter("img")):
        image.tag = "span"
        image.text = image.get("alt", "").strip()
        image.set("data-alternative", "")
        for name in ("src", "srcset", "alt", "width", "height"):
            image.attrib.pop(name, "")
        parent = image.getparent()
        if not image.text and parent is not None:
            _remove(parent, image)
    for style in root.iter("style"):
        style.text = _IMG_IN_SELECTOR.sub(_ALTERNATIVE, style.text or "")


def _remove(parent: etree._Element, element: etree._Element) -> None:
    """Take an element away and leave what follows it."""
    tail, before = element.tail or "", element.getprevious()
    parent.remove(element)
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
