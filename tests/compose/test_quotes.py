# ruff: noqa: RUF001 (quotation marks are what is tried)
"""Straight marks that editors type come out as newspapers print them, by the language."""

import pytest
from composing import issue

from newsletter.compose.quotes import with_quotes
from newsletter.compose.typography import NBSP
from newsletter.model.issue import CalloutRef, Section, Story, TextPassage
from newsletter.model.text import CodeSpan, Inline, Link, Paragraph, SlotRef, Strong, Text


def words(text: str) -> Text:
    return Text(text=text)


def paragraph(*children: Inline) -> Paragraph:
    return Paragraph(children=children)


@pytest.mark.parametrize(
    ("language", "typed", "printed"),
    [
        ("en-GB", 'Saltmere\'s "new" ferry', "Saltmere’s “new” ferry"),
        ("en-GB", "\"It's 'new',\" she said", "“It’s ‘new’,” she said"),
        ("en-GB", 'He said ("no") - "yes"', "He said (“no”) - “yes”"),
        ("en-GB", "the '90s, rock 'n' roll", "the ’90s, rock ’n’ roll"),
        ("en-GB", "the readers' view", "the readers’ view"),
        ("en-GB", "5'10\" tall, a 6\" pipe, the 1990's", '5\'10" tall, a 6" pipe, the 1990’s'),
        ("en-GB", "“set” already, it’s", "“set” already, it’s"),
        ("de", "Er sagt: \"Das 'Neue' geht's\"", "Er sagt: „Das ‚Neue‘ geht’s“"),
        ("de-CH", '"Ja"', "«Ja»"),
        ("fr", 'l\'été, "dit-il"', f"l’été, «{NBSP}dit-il{NBSP}»"),
        ("es", '¿"Qué"?', "¿«Qué»?"),
        ("he", 'צה"ל', 'צה"ל'),
    ],
)
def test_quotes_are_printed_as_the_language_has_them(
    language: str, typed: str, printed: str
) -> None:
    story = Story(headline=typed, summary=(paragraph(words(typed)),))
    made = issue(sections=[Section(heading=typed, blocks=(story,))], subject=typed)
    done = with_quotes(made, language)
    assert (done.subject, done.sections[0].heading) == (typed, printed)
    expected = Story(headline=printed, summary=(paragraph(words(printed)),))
    assert done.sections[0].blocks == (expected,)


def test_a_quotation_goes_on_through_emphasis_and_what_is_no_word_stays() -> None:
    code, slot = CodeSpan(text='"x"'), SlotRef(name="name")
    url = "https://a.example/'\""

    def passage(*texts: str) -> TextPassage:
        opening, closing, owner, linked, other = map(words, texts)
        strong, link = Strong(children=(words("Yes"),)), Link(url=url, children=(linked,))
        return TextPassage(
            blocks=(paragraph(opening, strong, closing, code, owner, link, slot, other),)
        )

    callout = CalloutRef(name="x", body=(paragraph(words('"own"')),))
    blocks = (callout, passage('"', '," ', "'s ", "'a'", "'s"))
    made = issue(sections=[Section(heading="", blocks=blocks)])
    expected = (callout, passage("“", ",” ", "’s ", "‘a’", "’s"))
    assert with_quotes(made, "en").sections[0].blocks == expected
