"""Mistakes of looks, planted one at a time in the shipped templates: each is found, no more is."""

from collections.abc import Callable, Mapping

import pytest
from real_mails import ISSUE, changed, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer
from newsletter.model.callout import Callout
from newsletter.model.finding import Finding

LOOKS = {"O02", "O03", "O06", "O07", "O08", "O20", "O22", "O23", "O24"}
Templates = Mapping[str, str]
Plant = Callable[[Templates], Templates]

THEME = "theme.css.j2"
HEAD = "parts/document_head.mjml.j2"
FOOTER = "parts/footer.mjml.j2"
STORIES = "parts/story_macros.mjml.j2"
WHY = '<mj-text><p class="meta">{{ why }}</p></mj-text>'
E, W, INFO = "error", "warning", "info"


def rule(css: str) -> Plant:
    """A rule more at the end of the theme."""
    return lambda sheets: {**sheets, THEME: f"{sheets[THEME]}\n{css}\n"}


def swap(name: str, old: str, new: str) -> Plant:
    return lambda sheets: changed(sheets, name, old, new)


def without(start: str) -> Plant:
    """The head without its line that begins so."""

    def take_out(sheets: Templates) -> Templates:
        lines = sheets[HEAD].split("\n")
        kept = [line for line in lines if not line.strip().startswith(start)]
        assert len(kept) < len(lines), start
        return {**sheets, HEAD: "\n".join(kept)}

    return take_out


def footer(html: str) -> Plant:
    """Something more in the footer."""
    return swap(FOOTER, WHY, f"{WHY}<mj-text>{html}</mj-text>")


def block(css: str) -> Plant:
    """A style block more."""
    return swap(HEAD, "<mj-raw>", f"<mj-style>{css}</mj-style><mj-raw>")


def dark(css: str) -> Plant:
    """A rule more in the dark block."""
    return swap(HEAD, "  .rule p {", f"{css}\n  .rule p {{")


def media(css: str) -> Plant:
    """A rule more for phones."""
    return swap(HEAD, "  .btn table {", f"{css}\n  .btn table {{")


def both(*plants: Plant) -> Plant:
    def plant(sheets: Templates) -> Templates:
        for one in plants:
            sheets = one(sheets)
        return sheets

    return plant


HIDDEN = '<p style="{}">Cheap pills and casino bonus for everybody here</p>'
LINK = '<a href="https://example.org/terms" style="color:#1b4a6b">Terms of the offer</a>'
PLANTS: dict[str, tuple[Plant, set[tuple[str, str]]]] = {
    # contrast
    "pale small print": (rule(".meta { color: #a9a69e; }"), {("O06", E)}),
    "pale body": (rule(".body { color: #8a8a8a; }"), {("O06", E)}),
    "pale headline, large": (
        rule(".lead-head { color: #aaa; } .lead-link { color: #aaa; }"),
        {("O06", E)},
    ),
    "pale link": (rule(".link { color: #6fa8dc; }"), {("O06", E)}),
    "pale kicker": (rule(".kick { color: #e8837e; }"), {("O06", E)}),
    "words that show through": (rule(".meta { color: rgba(28, 27, 25, 0.4); }"), {("O06", E)}),
    "faded words": (rule(".meta { opacity: 0.5; }"), {("O06", E), ("O07", E)}),
    "a named colour": (rule(".meta { color: silver; }"), {("O06", E)}),
    "hsl": (rule(".meta { color: hsl(40, 10%, 65%); }"), {("O06", E)}),
    "an inline style": (
        footer('<p class="end" style="color:#ccc;">Printed words</p>'),
        {("O06", E)},
    ),
    "a button of near colours": (
        swap(HEAD, 'color="{{ brand.light.button_text }}"', 'color="#6f9fc0"'),
        {("O06", E)},
    ),
    "a box too dark for its words": (
        swap(
            "parts/callout.mjml.j2",
            'background-color="{{ brand.light.box }}"',
            'background-color="#1b4a6b"',
        ),
        {("O06", E)},
    ),
    "a cell with bgcolor": (
        footer(
            '<table role="presentation"><tr><td bgcolor="#777777">'
            '<p class="meta">Words here</p></td></tr></table>'
        ),
        {("O06", E), ("O07", E)},
    ),
    "a section's picture without its colour": (
        both(
            swap(
                FOOTER,
                'css-class="pad" padding="24px',
                'css-class="pad" background-url="https://example.org/bg.jpg" padding="24px',
            ),
            rule(".meta { color: #ffffff; } .foot-link { color: #ffffff; }"),
        ),
        {("O06", W), ("O06", E)},
    ),
    "pale alternative text": (rule(".pic img { color: #c9c4b8; }"), {("O06", W)}),
    # dark mode
    "dark: headlines forgotten": (without(".ink {"), {("O07", E)}),
    "dark: body forgotten": (without(".intro, .body"), {("O07", E)}),
    "dark: small print forgotten": (without(".meta, .sign"), {("O07", E)}),
    "dark: paper forgotten": (without(".paper, .paper > table"), {("O07", E)}),
    "dark: inner table of the box forgotten": (without(".box > table"), {("O07", E)}),
    "dark: links forgotten": (without(".link, .more"), {("O07", E)}),
    "dark: words of the button forgotten": (
        swap(HEAD, " color: {{ brand.dark.button_text }} !important;", ""),
        {("O07", E)},
    ),
    "dark: !important forgotten": (
        swap(
            HEAD,
            ".kick { color: {{ brand.dark.accent }} !important; }",
            ".kick { color: {{ brand.dark.accent }}; }",
        ),
        {("O03", W), ("O07", E)},
    ),
    "dark: a grey too dark": (dark("  .meta { color: #666666 !important; }"), {("O07", E)}),
    "dark: a box that stays light": (
        footer(
            '<p class="end" style="background-color:#ffffff;color:#222222">A box of'
            " words that is not told of the dark at all</p>"
        ),
        {("O07", W)},
    ),
    "dark: footer links forgotten": (without(".foot-link { color"), {("O07", E)}),
    # taps
    "flat footer links": (rule(".foot-link { padding: 2px 0px; }"), {("O08", W)}),
    "flat headlines": (
        rule(".card-link { padding: 0px; } .brief-link { padding: 0px; }"),
        {("O08", W)},
    ),
    "a flat button": (
        swap(HEAD, 'inner-padding="14px 28px"', 'inner-padding="4px 12px"'),
        {("O08", W)},
    ),
    "a flat text link": (rule(".more { padding: 4px 0px; }"), {("O08", W)}),
    "links in a row": (footer(f'<p class="end">{LINK} | {LINK}</p>'), {("O08", W), ("O07", E)}),
    "a small icon": (
        footer(
            '<a href="https://example.org/@news">'
            '<img src="https://example.org/m.png" alt="Mastodon" width="24" height="24"'
            ' style="color:#1c1b19;" /></a>'
        ),
        {("O08", W)},
    ),
    "padding on the cell, not the link": (
        footer(
            '<table role="presentation"><tr>'
            '<td bgcolor="#1b4a6b" style="padding:14px 28px">'
            '<a href="https://example.org/x" style="color:#ffffff">Donate now</a></td>'
            "</tr></table>"
        ),
        {("O08", W)},
    ),
    "flat on phones alone": (media("  .foot-link { padding: 0px !important; }"), {("O08", W)}),
    # hidden text
    "hidden: display": (footer(HIDDEN.format("display:none")), {("O20", W)}),
    "hidden: visibility": (footer(HIDDEN.format("visibility:hidden")), {("O20", W)}),
    "hidden: opacity": (footer(HIDDEN.format("opacity:0")), {("O20", W)}),
    "hidden: no size": (footer(HIDDEN.format("font-size:0px")), {("O20", W)}),
    "hidden: a pixel": (footer(HIDDEN.format("font-size:1px;line-height:1px")), {("O20", W)}),
    "hidden: no height": (footer(HIDDEN.format("max-height:0px;overflow:hidden")), {("O20", W)}),
    "hidden: indent": (footer(HIDDEN.format("text-indent:-9999px")), {("O20", W)}),
    "hidden: off the screen": (
        footer(HIDDEN.format("position:absolute;left:-9999px")),
        {("O20", W)},
    ),
    "hidden: clipped": (
        footer(HIDDEN.format("position:absolute;clip:rect(0px,0px,0px,0px)")),
        {("O20", W)},
    ),
    "hidden: the ground's colour": (
        both(
            footer('<p class="end ghost">Cheap pills and casino bonus</p>'),
            rule(".ghost { color: #f1eee7; }"),
            dark("  .ghost { color: #121211 !important; }"),
        ),
        {("O20", W), ("O06", E), ("O07", E)},
    ),
    "hidden: transparent": (footer(HIDDEN.format("color:transparent")), {("O20", W)}),
    "hidden: by class in a block": (
        both(
            footer('<p class="gone">Cheap pills and casino bonus</p>'),
            block(".gone { display: none !important; }"),
        ),
        {("O20", W)},
    ),
    "hidden: the issue's words on phones": (
        media("  .pad h1 { display: none !important; }"),
        {("O20", W)},
    ),
    "hidden: the issue's words from a wide screen": (
        both(rule(".body { display: none; }"), media("  .body { display: block !important; }")),
        {("O20", W)},
    ),
    "hidden: from those who listen": (
        swap(STORIES, "<h{{ level }} class", '<h{{ level }} aria-hidden="true" class'),
        {("O20", W)},
    ),
    # sizes
    "headlines on each other": (rule(".lead-head { line-height: 22px; }"), {("O22", W)}),
    "a line height without px": (rule(".body { line-height: 25; }"), {("O22", W)}),
    "tiny print": (rule(".meta { font-size: 10px; }"), {("O22", W)}),
    "small body": (rule(".body { font-size: 12px; }"), {("O22", W)}),
    "small body on phones": (media("  .body { font-size: 11px !important; }"), {("O22", W)}),
    "tight lines": (rule(".body { line-height: 16px; }"), {("O22", W)}),
    "a table of 600px": (
        footer(
            '<table role="presentation" width="600"><tr><td><p class="meta">Words</p>'
            "</td></tr></table>"
        ),
        {("O23", W)},
    ),
    "a picture of 600px": (
        footer('<img src="https://example.org/wide.png" alt="" width="600" />'),
        {("O23", W)},
    ),
    "a box of 500px": (
        footer('<div style="width:500px"><p class="meta">Words</p></div>'),
        {("O23", W)},
    ),
    "lines that may not break": (rule(".body { white-space: nowrap; }"), {("O23", W)}),
    "a mail of 960px": (swap("daily.mjml.j2", 'width="600px"', 'width="960px"'), {("O24", W)}),
    # style blocks
    "much CSS": (
        block("".join(f".n{n} {{ color: #123456; margin: 0px; }} " for n in range(220))),
        {("O02", W)},
    ),
    "too much CSS": (
        block("".join(f".n{n} {{ color: #123456; margin: 0px; }} " for n in range(450))),
        {("O02", E)},
    ),
    "a query that nothing reads": (
        block("@media max-width: 479px { .body { top: 0px; } }"),
        {("O03", E)},
    ),
    "a size without a unit": (rule(".body { font-size: 15; }"), {("O03", W)}),
    "a colour that is none": (rule(".meta { background-color: bluish; }"), {("O03", W)}),
    "a padding without a unit": (rule(".call { padding: 0px 12; }"), {("O03", W)}),
    "a name mistyped": (rule(".body { colour: #2e2c28; }"), {("O03", W)}),
    "a name mistyped in the dark": (
        dark("  .ink { backgroud: #000000 !important; }"),
        {("O03", W)},
    ),
    "a comment of another language": (
        media("  // cards in a row\n  .flush { padding-top: 9px !important; }"),
        {("O03", W)},
    ),
    "an at-rule that nobody knows": (block("@meda screen { .x { top: 0px; } }"), {("O03", W)}),
    "a selector that is not known": (block(".x:nth-of-type(2n) { top: 0px; }"), {("O03", INFO)}),
}


@pytest.fixture(scope="module")
def appeal() -> Callout:
    return verified_appeal()


def looks_of(request: CheckRequest) -> list[Finding]:
    assert request.composed is not None, [found.message for found in request.compile_findings]
    return [finding for finding in run_checks(request).findings if finding.id in LOOKS]


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_mistake_is_found_and_nothing_else(
    composer: Composer, appeal: Callout, name: str
) -> None:
    plant, wanted = PLANTS[name]
    wrong = dict(plant(shipped_templates()))
    found = looks_of(made_of(composer, parsed(ISSUE), wrong, appeal))
    assert {(one.id, one.severity.value) for one in found} == wanted, found
    assert all(one.evidence and one.remedy for one in found)
    placed = [one for one in found if one.id != "O02"]  # which is of all blocks together
    assert all(one.file.startswith("templates/") and one.line for one in placed), found


FINE: dict[str, Plant] = {
    "a large headline set tight": rule(".lead-head { line-height: 32px; }"),
    "a short word set tight": rule(".masthead { line-height: 34px; }"),
    "a line that is as high as a button": rule(".foot-link { line-height: 44px; padding: 0px; }"),
    "a label that phones leave out": media("  .kick { display: none !important; }"),
    "words twice, each for one screen": both(
        swap(
            STORIES,
            "{{ story.summary }}",
            '<div class="desk">{{ story.summary }}</div>'
            '<div class="hand">{{ story.summary }}</div>',
        ),
        both(rule(".hand { display: none; }"), media("  .desk { display: none !important; }")),
        media("  .hand { display: block !important; }"),
    ),
    "a mark that is not read out": swap(
        STORIES,
        '<p class="kick">',
        '<p class="kick"><span aria-hidden="true">No. 12, Page 3 </span>',
    ),
}


def test_what_looks_like_a_mistake_and_is_none(composer: Composer, appeal: Callout) -> None:
    told = {
        name: found
        for name, plant in FINE.items()
        if (
            found := looks_of(
                made_of(composer, parsed(ISSUE), dict(plant(shipped_templates())), appeal)
            )
        )
    }
    assert told == {}
