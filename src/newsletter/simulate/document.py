"""A mail as a document for a browser, rewritten to look as it does in another mail program.

Pages show it in a frame, the browser that takes pictures opens it. Nothing in it runs or asks
anybody: both give it DOCUMENT_CSP, and what would connect before a policy is asked is renamed.
"""

import re
from collections.abc import Callable, Mapping
from html import escape

from lxml import etree
from lxml import html as lxml_html

from newsletter.model.composed import TEXT_COLUMNS, Dark, Look
from newsletter.simulate.recolour import BASE, recolour
from newsletter.simulate.stand_ins import show_kept

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
_TEXT_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>text</title><style>'
    "body{margin:0;background:#fff;color:#1e1c19}pre{margin:0;padding:16px;"
    f"width:{TEXT_COLUMNS}ch;font:14px/20px 'Liberation Mono',Menlo,monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere}</style></head><body><pre dir=auto>"
)

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
    told = _QUERY.sub(
        lambda found: _ALWAYS if found.group(1).lower() == scheme else _NEVER,
        mail,
    )
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


def text_document(text: str) -> str:
    """Return the text part as a document: monospace, TEXT_COLUMNS wide.

    Each paragraph runs in its own direction.
    """
    return f"{_TEXT_PAGE}{escape(text)}</pre></body></html>"


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
