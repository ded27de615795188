"""What templates say in their own words, and what they do to single blocks of the issue."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from check_samples import IN_EARNEST, NEWSLETTER
from real_mails import HEAD, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer
from newsletter.model.brand import Brand, Logo
from newsletter.model.callout import Callout
from newsletter.model.finding import Finding

TEMPLATES = shipped_templates()
TEXT, DAILY, THEME = "daily.txt.j2", "daily.mjml.j2", "theme.css.j2"
FOOTER, HEADER, STORY = (
    "parts/footer.mjml.j2",
    "parts/document_head.mjml.j2",
    "parts/story_macros.mjml.j2",
)
CALLOUT, LEAD, RULE = "parts/callout.mjml.j2", "parts/lead.mjml.j2", "parts/head_rule.mjml.j2"
TOP = "parts/top.mjml.j2"
MASTHEAD, CARDS, PASSAGE = (
    "parts/masthead.mjml.j2",
    "parts/cards.mjml.j2",
    "parts/passage.mjml.j2",
)
LAST = '    <mj-text><p class="meta">{{ postal_address }}</p></mj-text>\n'
ISSUE = """## [Rail strike called off after late-night talks](https://papers.co.uk/rail)
**Transport**
![A platform full of people at rush hour](https://papers.co.uk/rail.jpg)
*By Jane Doe*

Trains will run as usual on Tuesday: the union's leaders said the offer was good enough to put to
their members, who vote next week.

# In depth

## [A harbour town votes on its sea wall](https://papers.co.uk/wall)
![A harbour wall in low sun](https://papers.co.uk/wall.jpg)

Councillors must choose between a higher wall and giving twelve houses back to the sea on Thursday.

## [The bog that remembers nine thousand summers](https://papers.co.uk/bog)

Researchers in Cumbria have read pollen, soot and dust layer by layer, and found one very bad year.

::: callout dec-ukraine
:::
"""


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    with Composer() as made:
        yield made


@pytest.fixture(scope="module")
def appeal() -> Callout:
    return verified_appeal()


def found(composer: Composer, appeal: Callout, *changes: tuple[str, str, str]) -> list[Finding]:
    """Return what is found of the composed mail where a first old piece of a template is new."""
    templates = dict(TEMPLATES)
    for name, old, new in changes:
        assert old in templates[name], (name, old)
        templates[name] = templates[name].replace(old, new, 1)
    newsletter = replace(IN_EARNEST, template="daily", title="The Daily")
    issue = parsed(HEAD.replace("five more", "two more") + ISSUE)
    request = made_of(composer, issue, templates, appeal, newsletter)
    return [one for one in run_checks(request).findings if one.id[0] == "O" or one.id in WATCHED]


# Lines of the text template that may stand as they are.
TEXT_IS_RIGHT = (
    ("{{ row.text }}", "{{ row.text | trim }}"),
    ("{{ plain.subject }}", "{{ plain.subject }}\n================"),
    ("--------\n", "-------- ***\n"),
    ("{{ plain.postal_address }}", "{{ plain.postal_address }} {{ urls is defined and date }}"),
)
WATCHED = frozenset({"S05", "S14", "C01", "C03", "C04", "C06", "C09"})


def at_foot(html: str) -> tuple[str, str, str]:
    return FOOTER, LAST, f"{LAST}    <mj-text>{html}</mj-text>\n"


def words(text: str) -> tuple[str, str, str]:
    return at_foot(f'<p class="meta">{text}</p>')


FOOT = FOOTER, TEMPLATES[FOOTER][: TEMPLATES[FOOTER].index(LAST)].count("\n") + 2

# the check, where it points (None for anywhere), the mistake
PLANTED: tuple[tuple[str, tuple[str, int] | None, tuple[str, str, str]], ...] = (
    ("O30", FOOT, words("Your Company Name, London")),
    ("O30", FOOT, words("Lorem ipsum dolor sit amet")),
    ("O30", FOOT, words("[Insert tagline here]")),
    ("O30", FOOT, words("Dear ${user.name},")),
    ("O30", FOOT, words("Printed on { date }")),
    ("O30", FOOT, words("Printed at&nbps;Quay Works")),
    *(
        ("O30", FOOT, words(f"Sent to {mark} today"))
        for mark in ("%recipient.email%", "@@email@@", "{!Contact.Email}", "##name##", "-email-")
    ),
    ("O03", (THEME, 15), (THEME, ".gap { padding-bottom", ".gap { paddin-bottom")),
    ("O32", (TEXT, 17), (TEXT, "{{ row.text }}", '{{ row.text | replace("\\n", " ") }}')),
    ("O32", (TEXT, 16), (TEXT, "\n\n{{ row.text }}\n", "\n{{ row.text }}\n")),
    ("O32", (TEXT, 4), (TEXT, "{{ plain.title }}\n", "{{ plain.title }} · {{ date }}\n")),
    ("O33", (HEADER, 10), (HEADER, 'text }}" align="{{ start }}" />', 'text }}" align="right" />')),
    ("O33", (THEME, 45), (THEME, ".body { margin", ".body { text-align: right; margin")),
    ("O30", FOOT, words("[Terms](https://papers.co.uk/terms)")),
    ("O30", FOOT, words("Fish &amp;amp; chips")),
    ("O30", FOOT, words("Monday 23 November 2026")),
    ("O30", FOOT, words("© 2021 Example News")),
    ("O30", FOOT, words("Issue no. 47")),
    ("O30", FOOT, words("Please make a donation to the families of the flood")),
    ("O30", FOOT, at_foot('<a class="foot-link" href="https://example.com/a">The small print</a>')),
    ("O30", (TEXT, 22), (TEXT, "{{ plain.why }}", "<p>{{ plain.why }}</p>")),
    ("O30", (MASTHEAD, 8), (MASTHEAD, 'ink">{{ name() }}', 'ink">The Herald')),
    ("O31", (FOOTER, 5), (FOOTER, '<p class="meta">{{ why', '<p class="meat">{{ why')),
    ("O31", (PASSAGE, 1), (PASSAGE, 'css-class="pad"', 'css-class="padd"')),
    ("O31", (THEME, 17), (THEME, ".label {", ".lable {")),
    ("O31", (HEADER, 24), (HEADER, "  .masthead { font-size", "  .mast-head { font-size")),
    ("O06", FOOT, at_foot('<p class="meta">See the <a style="color: inherit; text-decoration: none"'
                          ' href="https://papers.co.uk/terms">terms</a> of this paper.</p>')),
    ("O15", (FOOTER, 7), (FOOTER, "{{ words.unsubscribe }}", "Manage")),
    ("O19", (STORY, 8), (STORY, 'alt="{{ story.image.alt }}"', 'alt="{{ story.name }}"')),
    ("O19", (STORY, 8), (STORY, 'alt="{{ story.image.alt }}"', 'alt=""')),
    ("O31", None, (THEME, ".meta { font-size: 14px;", ".mtea { font-size: 14px;")),
    ("O31", (MASTHEAD, 10), (MASTHEAD, '<h1 class="masthead', '<h1 class="mast-head')),
    ("S05", FOOT, words("The DEC appeal is still open")),
    ("S05", FOOT, words("Support people fleeing the devastating conflict: give to the DEC appeal")),
    (
        "S05",
        FOOT,
        at_foot(
            '<a class="foot-link" href="https://donation.dec.org.uk/ukraine-humanitarian-appeal">'
            "Help now</a>"
        ),
    ),
    ("S05", None, (CALLOUT, "{{ row.body }}\n", '{{ row.body }}<p class="call">Act now!</p>')),
    ("S05", (CALLOUT, 13), (CALLOUT, "{{ row.heading }}", "Give to help Ukraine")),
    ("O19", (STORY, 20), (RULE, "{{ heading }}</h2>", "More</h2>")),
    ("O19", None, (STORY, '<p class="byline meta">{{ story.byline }}</p>', "")),
    ("O19", None, (STORY, '<p class="kick">{{ story.kicker }}', '<p class="kick">News')),
    ("O19", (TEXT, 17), (TEXT, "{{ row.text }}", "{{ row.text }}\n{{ row.text }}")),
    ("O19", None, (CARDS, "{{ picture(card) }}", "{{ picture(row.cards[1 - loop.index0]) }}")),
    ("O19", (STORY, 22), (STORY, 'ink" href="{{ story.url }}"', 'ink" href="https://papers.co.uk/bog"')),
    ("O19", (LEAD, 8), (LEAD, 'href="{{ row.url }}"', 'href="{{ urls.view_online }}"')),
    ("O15", (FOOTER, 7), (HEADER, ".foot-link { display: block", ".foot-link { display: none")),
    ("S14", FOOT, at_foot('<img src="https://papers.co.uk/a.png" alt="a_b.png" width="9" />')),
    ("O07", None, (HEADER, "@media (prefers-color-scheme: dark) {", "@media print {")),
    ("O03", (HEADER, 20), (HEADER, "(max-width: 479px)", "(max-width: 479)")),
    ("O03", (HEADER, 30), (HEADER, "{ padding-top: 8px !important; }", "{ padding-top: 8px;")),
    ("O03", (HEADER, 51), (HEADER, ".kick { color", ".kick { font-colour")),
    ("O03", (THEME, 28), (THEME, ".lead-link { display: block", ".lead-link { display: blok")),
    ("O03", (THEME, 28), (THEME, "text-decoration: none; }", "text-decoration: non; }")),
    ("C06", (TEXT, 25), (TEXT, "{{ plain.urls.unsubscribe }}", "{{ urls.unsubscribe }}")),
    ("C06", (FOOTER, 5), (FOOTER, "{{ why }}", "{{ plain.why }}")),
    ("C01", (CALLOUT, 3), (CALLOUT, 'border-top="3px solid', 'border-top="3 solid')),
    ("C01", (HEADER, 12), (HEADER, 'border-radius="3px"', 'border-radius="3"')),
    ("C01", (HEADER, 12), (HEADER, 'font-weight="bold"', 'font-weight="boldd"')),
    ("C01", None, (FOOTER, LAST, f'{LAST}<mj-image alt="A harbour" width="90px" />\n')),
    ("C01", (FOOTER, 3), (FOOTER, 'css-class="pad"', 'css-class="pad&quot; onclick=&quot;x"')),
    ("O04", (DAILY, 5), (DAILY, 'lang="{{ language }}"', 'lang="de"')),
    ("O04", (HEADER, 1), (HEADER, "<mj-title>{{ subject }}", "<mj-title>Our news")),
    ("O05", (CARDS, 7), (CARDS, 'width="50%"', 'width="{{ 400 if loop.first else 300 }}px"')),
    ("O09", (MASTHEAD, 8), (MASTHEAD, '<p class="masthead', '<h1 class="masthead')),
    ("O16", None, (FOOTER, "{{ postal_address }}", "12 Old Street")),
    ("O16", (FOOTER, 7), (FOOTER, "{{ why }}", "You get this since you subscribed to our letter.")),
    ("O30", (STORY, 34), (STORY, "{{ story.byline }}", "By {{ story.byline }}")),
    ("O30", (TEXT, 24), (TEXT, "{{ words.unsubscribe }}", f"{'Leave this list ' * 5}by its page")),
    ("O31", (STORY, 34), (STORY, 'class="byline meta"', 'class="byline mta"')),
    ("O31", (THEME, 45), (THEME, "\n.body {", "\nbody {")),
    ("O04", (DAILY, 5), (DAILY, 'lang="{{ language }}"', 'lang="en"')),
    ("O10", (TOP, 3), (TOP, 'href="{{ urls.view_online }}"', 'href="#{{ title }}"')),
    ("O10", FOOT, at_foot('<a class="foot-link" href="mailto:desk@paper">By Jane Doe</a>')),
    ("O13", (THEME, 23), (THEME, ".card-head { margin: 0px;", ".card-head { margin: 0px -4px;")),
    ("O27", (STORY, 8), (STORY, "fluid-on-mobile", 'height="180px" fluid-on-mobile')),
    ("C01", (LEAD, 8), (LEAD, "{{ row.url }}", "{{ row.kicker if row.level > 1 }}")),
)  # fmt: skip
CLOSING = {'<h1 class="masthead': (MASTHEAD, "{{ name() }}</p>", "{{ name() }}</h1>")}


def test_each_planted_mistake_is_found_at_its_line(composer: Composer, appeal: Callout) -> None:
    assert found(composer, appeal) == []
    wrong: list[str] = []
    for check, place, change in PLANTED:
        more = [CLOSING[change[2]]] if change[2] in CLOSING else []
        all_found = found(composer, appeal, change, *more)
        hits = [
            (one.file.removeprefix("templates/"), one.line) for one in all_found if one.id == check
        ]
        if not hits or (place is not None and place not in hits):
            wrong.append(f"{check} {place} {change[2]!r}: {hits or [one.id for one in all_found]}")
    assert not wrong, "\n".join(wrong)


def test_what_is_right_is_let_pass(composer: Composer, appeal: Callout) -> None:
    wrong: list[str] = []
    for text in (
        "Founded on 3 May 1921 by Ada Roe, and yours since",
        "Winner of the regional press award, 12 May 2009",
        "The harbour, every weekday · &nbsp; · &copy; Example News",
        "Rope &amp; Sail; Marks&amp;Speed; R&amp;Day; Q&amp;As;",
        "Readers' subscriptions pay for this newsroom",
        "Printed in { braces } of <em>two</em> kinds: {{ '{' }} and {{ '}' }}",
        "Manage your newsletter, your address and your name",
        "By and by: {{ date }}",
        f"{'A long line of the HTML part, ' * 4}which no program shows as it is typed",
    ):
        change = words(text)
        if "braces" in text:
            change = words("Set in brackets (of two kinds)")
        told = [one for one in found(composer, appeal, change) if one.id in {"O30", "O31", "S05"}]
        wrong += [f"{text}: {one.message} {one.evidence}" for one in told]
    see = '<p class="meta">See <a class="link" {}href="https://papers.co.uk/a">terms</a> first.</p>'
    for html in (
        '<p class="meta kicker">Words of a class of their own</p>',
        '<p class="meta top">Words of another, three letters long</p>',
        see.format(""),
        see.format('style="text-decoration: none" '),
        see.format('style="color: inherit" '),
    ):
        told = [one for one in found(composer, appeal, at_foot(html)) if one.id in {"O06", "O31"}]
        wrong += [f"{html}: {one.message}" for one in told]
    for old, new in TEXT_IS_RIGHT:
        told = [one for one in found(composer, appeal, (TEXT, old, new)) if one.id == "O32"]
        wrong += [f"{new}: {one.message}" for one in told]
    aside = TOP, 'align="center"><a', 'align="right"><a'
    wrong += [one.message for one in found(composer, appeal, aside) if one.id == "O33"]
    leave = FOOTER, "{{ words.unsubscribe }}</a>", "here</a> to unsubscribe"
    wrong += [one.message for one in found(composer, appeal, leave) if one.id == "O15"]
    label = CALLOUT, "{{ row.label }}</p>", "Charity appeal</p>"
    wrong += [one.message for one in found(composer, appeal, label) if one.id == "S05"]
    assert not wrong, "\n".join(wrong)


def test_words_of_another_language_than_the_newsletters_are_told(
    composer: Composer, appeal: Callout
) -> None:
    def told(language: str, change: tuple[str, str, str]) -> list[str]:
        templates = {**TEMPLATES, change[0]: TEMPLATES[change[0]].replace(*change[1:], 1)}
        newsletter = replace(NEWSLETTER, template="daily", title="The Daily", language=language)
        request = made_of(composer, parsed(HEAD + ISSUE), templates, appeal, newsletter)
        findings = (one for one in run_checks(request).findings if one.id == "O30")
        return [one.message for one in findings if "another language" in one.message]

    read_on, foot = (LEAD, "{{ words.read_more }}"), (FOOTER, "{{ words.preferences }}")
    for language, (name, old), new, is_told in (
        ("de", read_on, "Read the full story", True),
        ("cy", read_on, "Read the full story", True),
        ("ar", read_on, "Read the full story", True),
        ("en-GB", foot, "Ihre Einstellungen für diese Mail", True),
        ("de", foot, "Ihre Einstellungen für diese Mail", False),
        ("en-GB", read_on, "Read the full story", False),
        ("de", read_on, "The Daily News", False),  # a name
        ("de", read_on, "Mehr bei The Daily im Web", False),
        ("de", read_on, "{{ words.read_more if language == 'de' else 'Read the story' }}", False),
        ("de", foot, "{% if language == 'de' %}Mehr{% else %}Read this page{% endif %}", False),
        ("fr", foot, "Gérer vos choix, this page", False),  # two languages on purpose
    ):
        assert bool(told(language, (name, old, new))) is is_told, (language, new)


def test_a_logo_with_the_papers_name_stands_for_the_title(
    composer: Composer, appeal: Callout
) -> None:
    for alt, is_told in (("The Marlow Paper", False), ("The Daily", False), ("", False)):
        logo = Logo(url="https://news.papers.co.uk/logo.png", alt=alt, width=220)
        newsletter = replace(
            IN_EARNEST,
            title="The Daily",
            brand=Brand(logo=logo),
        )
        made = made_of(composer, parsed(HEAD + ISSUE), TEMPLATES, appeal, newsletter)
        told = [one.message for one in run_checks(made).findings if one.id == "O30"]
        assert bool(told) is is_told, (alt, told)


def test_what_every_template_says_is_told_once(composer: Composer, appeal: Callout) -> None:
    links = "".join(
        f'<a class="foot-link" href="https://papers.co.uk/{n}">Page number {n}</a> ' for n in "abc"
    )
    told = [one for one in found(composer, appeal, at_foot(links)) if one.id == "O19"]
    assert [one.message for one in told] == ["the text part lacks 3 addresses that the HTML links"]
