"""What changed between two versions of an article's story, in lines that an editor reads."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from newsletter.ingest.decoding import normal, words_of
from newsletter.model.article import Article, Metadatum, ParagraphKind

FEWEST_ALIKE = 0.4  # of the words of two paragraphs, to be one that was changed
MOST_WORDS = 400  # of a paragraph whose words are compared one by one
MOST_PARAGRAPHS = 1_000  # an article has a tenth of it
MOST_QUOTED_CHARS = 300
AROUND = 4  # words shown beside a change


def _value(datum: Metadatum | None) -> str:
    return datum.value if datum else ""


_FACTS: Mapping[str, Callable[[Article], str]] = {
    "title": lambda article: article.title.value,
    "author": lambda article: _value(article.author),
    "publication date": lambda article: _value(article.published),
    "date of the last change": lambda article: article.updated,
    "description": lambda article: _value(article.description),
    "picture": lambda article: _value(article.image),
    "picture credit": lambda article: article.image_credit,
    "address": lambda article: article.url,
}
_STORY = frozenset({ParagraphKind.BODY, ParagraphKind.SUBHEADING, ParagraphKind.STANDFIRST})


def diff_articles(old: Article, new: Article) -> tuple[str, ...]:
    """Return a line for each change of the story, facts first, with git's marks of words."""
    return (*_facts(old, new), *_paragraphs(_story(old), _story(new)))


def _facts(old: Article, new: Article) -> Iterator[str]:
    for name, of in _FACTS.items():
        before, after = of(old), of(new)
        if before == after:
            continue
        if before and after:
            yield f"{name} changed from {_quoted(before)} to {_quoted(after)}"
        else:
            yield f"{name} {'added' if after else 'removed'}: {_quoted(after or before)}"
    if new.withdrawn and new.withdrawn != old.withdrawn:
        yield f"withdrawn: {new.withdrawn}"
    elif old.withdrawn and not new.withdrawn:
        yield "no longer withdrawn"


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    before, after = ([" ".join(words_of(text)) for text in texts] for texts in (old, new))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if kind != "equal":
            yield from _stretch(old, new, range(a_start, a_end), range(b_start, b_end))


def _stretch(old: Sequence[str], new: Sequence[str], gone: range, come: range) -> Iterator[str]:
    left = list(gone)
    for index in come:
        partner = next((other for other in left if _is_alike(old[other], new[index])), None)
        if partner is None:
            yield f"paragraph {index + 1} added: {_quoted(new[index])}"
        else:
            left.remove(partner)
            yield f"paragraph {index + 1} changed: {_marked(old[partner], new[index])}"
    yield from (f"paragraph {other + 1} removed: {_quoted(old[other])}" for other in left)


def _is_alike(one: str, other: str) -> bool:
    first, second = Counter(words_of(normal(one))), Counter(words_of(normal(other)))
    return 2 * (first & second).total() >= FEWEST_ALIKE * (first.total() + second.total())


def _marked(old: str, new: str) -> str:
    before, after = words_of(old), words_of(new)
    if len(before) > MOST_WORDS or len(after) > MOST_WORDS:
        return f"{_quoted(old)} became {_quoted(new)}"
    pieces: list[str] = []
    codes = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    for number, (kind, a_start, a_end, b_start, b_end) in enumerate(codes):
        if kind == "equal":
            pieces += _context(
                after[b_start:b_end], is_first=number == 0, is_last=number == len(codes) - 1
            )
            continue
        if a_end > a_start:
            pieces.append(f"[-{' '.join(before[a_start:a_end])}-]")
        if b_end > b_start:
            pieces.append(f"{{+{' '.join(after[b_start:b_end])}+}}")
    return " ".join(pieces)


def _context(words: list[str], *, is_first: bool, is_last: bool) -> list[str]:
    head = [] if is_first else words[:AROUND]
    tail = [] if is_last else words[-AROUND:]
    return words if len(head) + len(tail) >= len(words) else [*head, "\u2026", *tail]


def _story(article: Article) -> list[str]:
    return [p.text for p in article.paragraphs if p.kind in _STORY][:MOST_PARAGRAPHS]


def _quoted(text: str) -> str:
    if len(text) > MOST_QUOTED_CHARS:
        text = text[:MOST_QUOTED_CHARS].rpartition(" ")[0] + "\u2026"
    return f"\u201c{text}\u201d"
