"""What the checks of summaries find in planted mistakes, and how often they flag honest text.

The set is benchmarks/summaries.toml: invented articles with summaries as an editor writes them.
From these every number, name and quotation is changed once, a "not" is put after each verb that
takes one, and hedges are taken out. Mistakes are made by rule, so each run gives the same.

benchmarks/changed_meaning.toml is harder: there a person would have to read both to see that a
summary tells another thing, since nearly all words are the article's own.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsletter.checks.fidelity.differences import differences
from newsletter.ingest.drafting.summary import summarise
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article, StorySource
from newsletter.workflows.stories.story_memory import source_of

SET = Path(__file__).with_suffix(".toml")
CHANGED = Path(__file__).with_name("changed_meaning.toml")
OTHER_NAMES = ("Bristol", "Hughes", "Katarina", "Ottawa", "Yamamoto", "Frey")
NUMBER = re.compile(
    r"\d[\d,.]*\d|\d|\b(?:two|three|four|five|six|seven|nine|eleven|twelve|thirteen)\b"
)
NAME = re.compile(r"(?<=[a-z,“] )(?:[A-Z][a-zé]{2,})")
QUOTED = re.compile("“([^”]+)”")
VERB = re.compile(r"\b(?:has|have|had|is|are|was|were|will|could)\b")
WORDS = ("two", "three", "four", "five", "six", "seven", "nine", "eleven", "twelve", "thirteen")


@dataclass
class Rate:
    """found of tried; missed are the texts."""

    tried: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, text: str, *, is_found: bool) -> None:
        self.tried += 1
        self.found += is_found
        if not is_found:
            self.missed.append(text)

    def __str__(self) -> str:
        return f"{self.found} of {self.tried}"


def another_number(number: str) -> str:
    """Return a number of the same form, one digit (or one word) further."""
    if number in WORDS:
        return WORDS[(WORDS.index(number) + 5) % len(WORDS)]
    digit = str((int(number[0]) + 3) % 9 + 1)
    return digit + number[1:]


def replaced(text: str, found: "re.Match[str]", new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]


def mistakes(text: str) -> Iterator[tuple[str, str]]:
    """Return (kind, text with one mistake)."""
    for found in NUMBER.finditer(text):
        yield "changed number", replaced(text, found, another_number(found[0]))
    for place, found in enumerate(NAME.finditer(text)):
        yield "changed name", replaced(text, found, OTHER_NAMES[place % len(OTHER_NAMES)])
    for found in QUOTED.finditer(text):
        words = found[1].split()
        words[len(words) // 2] = "wholly"
        yield "changed quotation", replaced(text, found, f"“{' '.join(words)}”")
    for found in VERB.finditer(text):
        yield "inserted not", replaced(text, found, f"{found[0]} not")


def is_flagged(text: str, source: StorySource, *ids: str) -> bool:
    found = {label.split()[0] for label, _ in differences(text, source, "en-GB")}
    return bool(found & set(ids)) if ids else bool(found)


def article_of(each: dict[str, Any]) -> Article:
    raw = "\n\n".join((each["title"], *each["body"])).encode()
    return article_from_text(raw, url="", source="", callouts=[], noise=[])


def measure() -> dict[str, Rate]:
    """Try everything; the rates by what was tried."""
    rates: dict[str, Rate] = {}

    def add(kind: str, text: str, *, is_found: bool) -> None:
        rates.setdefault(kind, Rate()).add(text, is_found=is_found)

    for each in tomllib.loads(CHANGED.read_text("utf-8"))["article"]:
        source = source_of(article_of(each))
        for text in each["honest"]:
            add("honest of the harder set flagged", text, is_found=is_flagged(text, source))
        for wrong in each["wrong"]:
            text = wrong["text"]
            add("changed meaning", text, is_found=is_flagged(text, source))
    for each in tomllib.loads(SET.read_text("utf-8"))["article"]:
        article = article_of(each)
        source = source_of(article)
        extract = summarise(article).text
        add("own sentences flagged", extract, is_found=is_flagged(extract, source))
        for paragraph in source.body:
            add("own paragraphs flagged", paragraph, is_found=is_flagged(paragraph, source))
        for text in each["honest"]:
            add("honest flagged", text, is_found=is_flagged(text, source))
            before = {message for _, message in differences(text, source, "en-GB")}
            for kind, wrong in mistakes(text):
                after = {message for _, message in differences(wrong, source, "en-GB")}
                add(kind, wrong, is_found=bool(after - before))
        for text in each["hedged"]:
            hedged = re.sub(r"[][]", "", text)
            plain = re.sub(r"\[[^]]*\]", "", text)
            plain = plain[:1].upper() + plain[1:]
            add("hedged flagged", hedged, is_found=is_flagged(hedged, source, "S17"))
            add("dropped hedge", plain, is_found=is_flagged(plain, source, "S17"))
    return rates


def main() -> None:
    for kind, rate in measure().items():
        print(f"{kind}: {rate}")
        if kind in {"changed number", "changed name", "changed quotation", "dropped hedge"}:
            for text in rate.missed:
                print(f"   missed: {text}")


if __name__ == "__main__":
    main()
