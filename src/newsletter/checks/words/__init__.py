"""The word lists of the checks, one TOML file per language, with what a newsroom adds to them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsletter.checks.wording import folded
from newsletter.config.settings import NewsletterSettings, WordLists

SPOKEN_EVERYWHERE = "en"  # a desk's notes and a page's furniture are English in any country
_OPEN = r".{0,160}"  # what a * in a phrase stands for


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of one language over those of English; a phrase may hold * for any words."""

    language: str
    added: WordLists = ()

    def of(self, name: str, *, everywhere: bool = True) -> tuple[str, ...]:
        """Return a list's phrases, folded; everywhere takes those of English too."""
        languages = (self.language, SPOKEN_EVERYWHERE) if everywhere else (self.language,)
        known = (phrase for one in languages for phrase in _read(one).get(name, ()))
        return tuple(dict.fromkeys((*known, *map(folded, dict(self.added).get(name, ())))))

    def line(self, name: str, *, everywhere: bool = True) -> re.Pattern[str]:
        """Return a pattern for a whole folded text that is one of a list's phrases."""
        return _compiled(self.of(name, everywhere=everywhere), whole=True)

    def within(self, name: str, *, everywhere: bool = True) -> re.Pattern[str]:
        """Return a pattern for a list's phrases as whole words anywhere in a folded text."""
        return _compiled(self.of(name, everywhere=everywhere), whole=False)


def words_of(newsletter: NewsletterSettings) -> Words:
    """Return the words of a newsletter's language, with those that newsletter.toml adds."""
    return Words(newsletter.language.partition("-")[0].casefold(), newsletter.words)


@lru_cache(maxsize=16)
def _read(language: str) -> Mapping[str, tuple[str, ...]]:
    file = files("newsletter.checks.words") / f"{language}.toml"
    if not language.isalpha() or not file.is_file():
        return {}
    lists = tomllib.loads(file.read_text("utf-8"))
    return {name: tuple(map(folded, phrases)) for name, phrases in lists.items()}


@lru_cache(maxsize=256)
def _compiled(phrases: tuple[str, ...], *, whole: bool) -> re.Pattern[str]:
    either = "|".join(_patterns(phrases)) or r"(?!)"
    return re.compile(rf"(?:{either})\Z" if whole else rf"(?<!\w)(?:{either})(?!\w)")


def _patterns(phrases: Iterable[str]) -> Iterator[str]:
    """Give the longest first, so that what is found is shown whole."""
    for phrase in sorted(phrases, key=len, reverse=True):
        yield _OPEN.join(re.escape(part) for part in phrase.split("*"))
