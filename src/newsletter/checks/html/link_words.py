"""O12: whether each link can be told from the others by its words alone."""

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.checks.page import PageLink
from newsletter.checks.place import place_of_words
from newsletter.checks.request import Composition
from newsletter.checks.wording import folded, shorten
from newsletter.model.finding import Finding, Severity
from newsletter.model.source import is_tracker

LINK_AMBIGUITY = "O12 link-ambiguity"

MOST_SHOWN = 6  # addresses of one finding
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


# Words that say nothing of what is linked, when they are all there is.
_EMPTY_WORDS = _phrases(
    "click, click here, click this, click this link, tap here, here, right here, this, this link, "
    "this page, this article, this story, link, the link, more, more here, more info, "
    "more information, read, read more, read this, read on, read here, learn more, see more, "
    "see here, find out more, view more, continue, continue reading, go, details, full story, "
    "info, website, web page, url, "
    "ici, cliquez ici, cliquer ici, clique ici, en cliquant ici, lien, ce lien, le lien, plus, "
    "en savoir plus, lire plus, lire la suite, la suite, suite, voir plus, savoir plus, lire, "
    "hier, hier klicken, klicken sie hier, klick hier, klicke hier, dieser link, mehr, "
    "mehr lesen, mehr erfahren, mehr dazu, mehr infos, weiter, weiterlesen, lesen, lesen sie mehr, "
    "aquí, haga clic aquí, haz clic aquí, clic aquí, pulse aquí, pincha aquí, enlace, este enlace, "
    "más, leer más, ver más, saber más, seguir leyendo, más información, leer, "
    "yma, cliciwch yma, cliciwch fan hyn, fan hyn, dolen, y ddolen hon, mwy, rhagor, darllen mwy, "
    "darllenwch fwy, gweld mwy, dysgu mwy, darllen, "
    "هنا, اضغط هنا, انقر هنا, اضغطوا هنا, رابط, هذا الرابط, الرابط, المزيد, اقرأ المزيد, "
    "للمزيد, تابع القراءة, اقرأ"
)


def link_ambiguity(made: Composition) -> Iterator[Finding]:
    """O12: no words lead to two places, none say nothing, and none are missing."""
    targets: dict[str, dict[str, PageLink]] = defaultdict(dict)
    named: set[str] = set()  # where words lead that no other address has
    for link in made.page.links:
        words = bare_words(_told(link))
        if link.hidden or not link.url.strip() or _is_of_contents(link.url, words):
            continue
        targets[words].setdefault(_place(link.url), link)
    for words, places in targets.items():
        if words and words not in _EMPTY_WORDS and len(places) == 1:
            named.update(places)
    for words, places in targets.items():
        link = next(iter(places.values()))
        if not words:
            # beside a picture that leads there too, words that do are enough
            has_picture = next(link.element.iter("img"), None) is not None
            if not (has_picture and all(place in named for place in places)):
                message = "a link has neither words nor a picture with an alternative text"
                yield _finding(made, link, message, shorten(link.url))
        elif words in _EMPTY_WORDS:
            message = f"the words “{shorten(_told(link), 40)}” do not say where the link leads"
            yield _finding(made, link, message, _listed(places))
        elif len(places) > 1 and not named.issuperset(places):
            message = f"the words “{shorten(_told(link), 60)}” lead to {len(places)} places"
            yield _finding(made, link, message, _listed(places))


def _is_of_contents(url: str, words: str) -> bool:
    """Whether a link within the mail says where to: a list of contents leads to what it repeats."""
    return url.startswith("#") and bool(words) and words not in _EMPTY_WORDS


def bare_words(text: str) -> str:
    """Fold, and take the marks at both ends away: “Read more »” → "read more"."""
    return _EDGES.sub("", folded(text))


def _told(link: PageLink) -> str:
    """Return what is read out for a link: its label goes before its words."""
    return (link.element.get("aria-label") or "").strip() or link.text


def _place(url: str) -> str:
    """Return what two addresses of one page share: no fragment, no tracking, one scheme."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    if not parts.netloc:
        return url.strip()
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in query if not is_tracker(name)])
    path = parts.path.rstrip("/")
    return urlunsplit(("https", parts.netloc.lower().removeprefix("www."), path, kept, ""))


def _listed(places: dict[str, PageLink]) -> str:
    urls = [shorten(link.url, 80) for link in places.values()]
    more = f" and {len(urls) - MOST_SHOWN} more" if len(urls) > MOST_SHOWN else ""
    return "; ".join(urls[:MOST_SHOWN]) + more


def _finding(made: Composition, link: PageLink, message: str, evidence: str) -> Finding:
    file, line = place_of_words(made, link, _told(link))
    return Finding(
        check=LINK_AMBIGUITY,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=file,
        line=line,
        remedy="let the words name what is linked; many readers hear the links alone, in a list",
    )
