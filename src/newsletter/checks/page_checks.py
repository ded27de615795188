"""The checks of the finished HTML and text, O01 and on."""

from collections.abc import Callable, Iterable

from newsletter.checks.check import Check, Needs
from newsletter.checks.html import (
    active,
    client_support,
    contrast,
    document,
    hidden_text,
    legibility,
    links,
    markup,
    outlook,
    output,
    parity,
    privacy,
    slots,
    style_blocks,
)
from newsletter.checks.rechecked import LINK, check_of_recheck
from newsletter.checks.request import Composition
from newsletter.model.finding import Finding, Severity

At = Callable[[Composition], Iterable[Finding]]


def _check(
    label: str, at_mail: At, doc: str, *, severity: Severity = Severity.WARNING, fixed: bool = False
) -> Check:
    return Check(
        label=label,
        severity=severity,
        waivable=severity is Severity.ERROR and not fixed,
        doc=doc,
        needs=Needs.COMPOSITION,
        at_mail=at_mail,
    )


def _error(label: str, at_mail: At, doc: str) -> Check:
    return _check(label, at_mail, doc, severity=Severity.ERROR)


def _fixed(label: str, at_mail: At, doc: str) -> Check:
    return _check(label, at_mail, doc, severity=Severity.ERROR, fixed=True)


PAGE_CHECKS = (
    _error(output.CLIP, output.clip, "the HTML stays below the size at which Gmail cuts it off"),
    _error(
        style_blocks.STYLE_BUDGET,
        style_blocks.style_budget,
        "the style blocks hold less CSS than Gmail reads",
    ),
    _error(
        style_blocks.STYLE_PARSE,
        style_blocks.style_parse,
        "every program can read the style blocks",
    ),
    _error(
        document.DOCUMENT,
        document.document,
        "the HTML says what it is, in which language, and how it wants to be shown",
    ),
    _error(
        outlook.MSO_BALANCE, outlook.mso_balance, "what only Outlook for Windows sees is closed"
    ),
    _error(contrast.CONTRAST, contrast.words_contrast, "words stand out from their background"),
    _error(
        contrast.DARK_CONTRAST,
        contrast.dark_contrast,
        "words stand out from their background in dark mode",
    ),
    _check(legibility.TAP_TARGET, legibility.tap_target, "a finger can hit each link on a phone"),
    _check(
        document.HEADINGS,
        document.headings,
        "one heading is of the first level, none is empty, and no level is skipped",
    ),
    _error(links.LINKS, links.links, "every link is absolute and shows no other host than its own"),
    check_of_recheck(LINK),
    _check(
        links.LINK_AMBIGUITY,
        links.link_ambiguity,
        "each link can be told from the others by its words alone",
    ),
    _check(
        client_support.CSS_SUPPORT,
        client_support.css_support,
        "the mail hangs on nothing that a program in use does not know",
    ),
    _fixed(
        output.UNSUB_VISIBLE,
        output.unsub_visible,
        "both parts show the reader's own unsubscribe link",
    ),
    _fixed(
        output.POSTAL_WHY,
        output.postal_why,
        "the mail carries the postal address and says why the reader gets it",
    ),
    _check(document.IMAGE_TEXT, document.image_text, "the mail says in text what it has to say"),
    # a reader would see another's place, or a bare token: nobody can vouch for that
    _fixed(slots.SLOTS, slots.slots, "every slot is known, stands where it is safe, and is filled"),
    _error(
        parity.TEXT_PARITY,
        parity.text_parity,
        "the text part says what the HTML says, in the same order",
    ),
    _check(hidden_text.HIDDEN_TEXT, hidden_text.hidden_text, "no text is hidden from readers"),
    _check(privacy.PRIVACY, privacy.privacy, "no picture is there only to be counted"),
    _check(
        legibility.TEXT_SIZE,
        legibility.text_size,
        "letters are large enough, and lines stand apart",
    ),
    _check(legibility.TOO_WIDE, legibility.too_wide, "nothing is wider than a phone"),
    _check(
        legibility.LINE_LENGTH, legibility.line_length, "lines of running text are not too long"
    ),
    _check(
        markup.LAYOUT_TABLES,
        markup.layout_tables,
        "a table that only lays out says so, and one of data does not",
    ),
    # what acts in a reader's mail program is nobody's to answer for
    _fixed(active.ACTIVE_CONTENT, active.active_content, "nothing in the HTML is active"),
    _check(markup.IMAGE_WIDTH, markup.image_width, "every picture of a template states its width"),
    _check(markup.BUTTON_WORDS, markup.button_words, "a button's words fit on one line of a phone"),
    _check(
        markup.INBOX_LINE,
        markup.inbox_line,
        "the inbox shows the preheader behind the subject, and nothing after it",
    ),
)
