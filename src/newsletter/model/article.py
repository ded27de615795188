"""An article: what a source published, as a list of paragraphs of which nothing is deleted."""

from dataclasses import dataclass
from enum import StrEnum


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

    published is RFC 3339 or a date, as text, where the source states one. reasons say why the state
    is needs_look. language is a BCP 47 tag or "". image_alt is the source's own text for the image,
    image_credit who made it. updated is when the source says that it last changed it, in the form
    of published. withdrawn is a sentence that says how the source took it back, "" where it stands.
    embargo is the moment before which it may not be used, RFC 3339, "" without one.
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
