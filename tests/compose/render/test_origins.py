"""Composing tells which template line wrote each tag of the HTML, Outlook's comments included."""

from check_samples import NEWSLETTER
from real_mails import HEAD, changed, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.origin import Wrote
from newsletter.checks.page import read_page
from newsletter.compose.composer import Composer
from newsletter.model.composed import ComposedIssue, start_tags

TEMPLATES = shipped_templates()
STORY = """## [Rail strike called off](https://papers.example/rail)
**Transport**

Trains will run as usual on Tuesday: the union's leaders said the offer was good enough to put to
their members, who vote next week.
"""
FOOTER, HEADER = "parts/footer.mjml.j2", "parts/document_head.mjml.j2"


def composed(composer: Composer, templates: dict[str, str]) -> ComposedIssue:
    request = made_of(composer, parsed(HEAD + STORY), templates, verified_appeal(), NEWSLETTER)
    assert request.composed is not None
    return request.composed


def line_of(name: str, words: str) -> int:
    return TEMPLATES[name][: TEMPLATES[name].index(words)].count("\n") + 1


def test_each_tag_of_the_body_has_the_line_that_wrote_it(composer: Composer) -> None:
    made = composed(composer, TEMPLATES)
    tags, spots = start_tags(made.html), made.origins.tags
    assert len(tags) == len(spots)
    body = next(at for at, tag in enumerate(tags) if tag.name == "body")
    unknown = [tag.name for tag, spot in zip(tags, spots, strict=True) if spot[0] < 0]
    assert unknown.count("body") == 1
    assert len(unknown) <= body + 1
    for words, name, line in (
        ('class="foot-link', FOOTER, line_of(FOOTER, "urls.unsubscribe")),
        ('class="kick"', "parts/story_macros.mjml.j2", 42),
        ('class="pad-outlook"', "parts/top.mjml.j2", 1),
    ):
        at = next(at for at, tag in enumerate(tags) if words in tag.attributes)
        assert made.origins.named(spots[at]) == (f"templates/{name}", line), words


def test_lines_of_style_blocks_are_told_behind_values(composer: Composer) -> None:
    made = composed(composer, TEMPLATES)
    page = read_page(made.html)
    wrote = Wrote(made, page.elements)
    for words in (".flush { padding-top", ".kick { color", ".pic img, .inset {"):
        (css,) = (block.css for block in page.style.blocks if words in block.css)
        number = [block.css for block in reversed(page.style.blocks)].index(css) + 1
        place = wrote.style(css, number, css.index(words))
        assert place == (f"templates/{HEADER}", line_of(HEADER, words))


def test_a_mark_of_the_twin_never_reaches_the_mail(composer: Composer) -> None:
    templates = changed(TEMPLATES, FOOTER, "{{ why }}", "mark7kram {{ why }}")
    made = composed(composer, dict(templates))
    assert made.html.count("kram") == 1
    assert len(made.origins.tags) == len(start_tags(made.html))
