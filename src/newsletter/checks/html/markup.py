"""O27 and O29: pictures as Outlook draws them, and the line of the inbox."""

import re
import unicodedata
from collections.abc import Iterator

from newsletter.checks.page import is_hidden
from newsletter.checks.place import and_more, issue_images, place_of_style, tell
from newsletter.checks.request import Composition
from newsletter.checks.wording import folded, shorten
from newsletter.model.finding import Finding

IMAGE_WIDTH = "O27 image-width"
INBOX_LINE = "O29 inbox-line"

_NUMBER = re.compile(r"\s*[1-9][0-9]{0,4}(?:\.[0-9]{1,20})?\s*(?:px)?\s*")
_INVISIBLE = frozenset("\u034f\u00ad\u115f\u1160\u17b4\u17b5\u2800\u3164")


def image_width(made: Composition) -> Iterator[Finding]:
    """O27: every picture of a template states its width."""
    in_text = issue_images(made)
    wide = [
        image
        for image in made.page.images
        if not is_hidden(image)
        and not _NUMBER.fullmatch(stated := image.get("width") or "")
        and (stated or image.get("src") not in in_text)
    ]
    if wide:
        yield tell(
            IMAGE_WIDTH,
            place_of_style(made, made.page.style.at(wide[0])),
            "a picture states no width in px: Outlook shows it as large as its file",
            shorten(wide[0].get("src") or "", 80) + and_more(len(wide)),
            'use mj-image, or write width="…" on it, in CSS px without a unit',
        )


def inbox_line(made: Composition) -> Iterator[Finding]:
    """O29: the mail begins with its preheader, which the inbox shows behind the subject."""
    wanted = folded(made.request.issue.preheader)
    if not wanted or not made.page.elements:
        return  # S03 asks for one
    text = "".join(piece.text for piece in made.page.style.texts).lstrip()[: 2 * len(wanted) + 400]
    body = next((at for at, one in enumerate(made.page.elements) if one.tag == "body"), -1)
    # the mail's first element should be its preview
    place = made.wrote.element(body + 1) or (made.file, made.request.issue.line_of("preheader"))
    if not folded(text).startswith(wanted):
        message = "the mail does not begin with its preheader"
        seen = f"it begins “{shorten(_visible(text), 60)}”"
        remedy = "set it by mj-preview, as parts/document_head.mjml.j2 does"
        yield tell(INBOX_LINE, place, message, seen, remedy)


def _is_blank(char: str) -> bool:
    return char.isspace() or char in _INVISIBLE or unicodedata.category(char) == "Cf"


def _visible(text: str) -> str:
    return "".join(char for char in text if not _is_blank(char) or char == " ")
