"""An article: what a source published, as a list of paragraphs of which nothing is deleted."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsletter.model.source import Ruling


class ParagraphKind(StrEnum):
    """What a paragraph is to an editor."""

    BODY = "body"
    SUBHEADING = "subheading"
    STANDFIRST = "standfirst"
    CALLOUT = "callout"
    NOISE = "noise"


class Origin(StrEnum):
    """Where a metadata value came from; one from the editor is never overwritten."""

    EDITOR = "editor"
    FEED = "feed"
    JSON_LD = "json-ld"
    OPENGRAPH = "opengraph"
    PAGE = "page"


class ArticleState(StrEnum):
    """ok, or needs_look: a person should look before it is used."""

    OK = "ok"
    NEEDS_LOOK = "needs_look"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleParagraph:
    """One paragraph; reason is a sentence ("" for body), rule the name of the rule that judged.

    callout names the callout a CALLOUT paragraph belongs to. line is the source line, 0 if none.
    """

    text: str
    kind: ParagraphKind
    reason: str = ""
    rule: str = ""
    callout: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadatum:
    """A metadata value with its origin."""

    value: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article taken in. key identifies it (URL key, or a hash of the text where it has none).

    published, updated and embargo are RFC 3339 or a date; "" or None where not stated. reasons say
    why it needs a look. withdrawn says how the source took it back.
    """

    key: str
    url: str
    source: str
    title: Metadatum
    paragraphs: tuple[ArticleParagraph, ...]
    author: Metadatum | None = None
    published: Metadatum | None = None
    description: Metadatum | None = None
    image: Metadatum | None = None
    image_alt: str = ""
    site: Metadatum | None = None
    language: str = ""
    state: ArticleState = ArticleState.OK
    reasons: tuple[str, ...] = ()
    image_credit: str = ""
    updated: str = ""
    withdrawn: str = ""
    embargo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRef:
    """Where a summary sentence stands in its source: paragraph index and character range."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summary; method is editor, description, lead, model or none.

    description and lead are the source's own sentences; sentences tells where each stands.
    """

    text: str
    method: str
    sentences: tuple[SentenceRef, ...] = ()


TYPES = {"image/jpeg": "jpg", "image/png": "png"}
"""What pictures are kept as, with the ending of the file's name; mail programs show no others."""

MEDIA_PATH = "/media/"
"""Where kept pictures stand below public_url, and in our own pages: mails sent once name it."""

_KEPT_NAME = re.compile(r"[0-9a-f]{64}\.(?:jpg|png)")


def is_kept_name(name: str) -> bool:
    """Return whether a file of that name in var/media is a kept picture."""
    return _KEPT_NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in var/media: name is ``<SHA-256 of its bytes>.jpg`` or ``.png``; sizes in px."""

    name: str
    type: str
    width: int
    height: int
    size_bytes: int

    @property
    def sha256(self) -> str:
        """The hash alone."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """An editor's word on an article for a newsletter; used_in is the issue that took a pin in."""

    newsletter: str
    article_id: int
    ruling: Ruling
    who: str
    why: str
    at: datetime
    used_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRun:
    """A story as an issue carried it. key is its URL key; at is when it was sent.

    at is None for an issue that is not sent yet. article_id is None where no article is known of.
    """

    issue: str
    key: str
    newsletter: str
    list: str
    headline: str
    article_id: int | None = None
    at: datetime | None = None


class SameBy(StrEnum):
    """By what a story is known to be one that ran; the headline alone is a hint."""

    ADDRESS = "address"
    TEXT = "text"
    HEADLINE = "headline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A story of an issue, by its line, that ran before, and in how many issues."""

    line: int
    run: StoryRun
    by: SameBy
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySource:
    """The newest version of the article that a story was made from.

    body are its paragraphs of running text, beside what else it says. drafted_version is the one a
    drafted summary was made from, 0 for none; changes tell how the text differs now.
    """

    article: int
    version: int
    body: tuple[str, ...]
    beside: tuple[str, ...] = ()
    affiliate_notice: str = ""
    drafted_version: int = 0
    changes: tuple[str, ...] = ()
    published: datetime | None = None

    @property
    def text(self) -> str:
        """All that the source says, one paragraph a line."""
        return "\n".join((*self.beside, *self.body))

    def text_beside(self, words: str) -> str:
        """All that the source says save what is these very words: nothing bears itself out.

        Where only they are left (a source whose text could not be read), all of it.
        """
        others = [line for line in self.beside if line != words]
        return "\n".join((*others, *self.body)) if self.body else self.text
