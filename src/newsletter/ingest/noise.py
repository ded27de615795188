"""Lines of a page that are not the article: shipped rules, a source's own, and appeals."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.config.settings import NoiseRule
from newsletter.ingest.decoding import normal, words_of
from newsletter.model.article import Article, ParagraphKind
from newsletter.model.callout import Callout, words_alone
from newsletter.model.text import (
    Break,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Inline,
    InlineImage,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    SlotRef,
    Strong,
    Subheading,
    Text,
    TextBlock,
)

MOST_PATTERN_CHARS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedRule:
    """One kind of noise.

    continues matches a line that goes on where the rule's line came right before; where is_label,
    only the one line that the label announces.
    """

    name: str
    reason: str
    pattern: re.Pattern[str]
    continues: re.Pattern[str] | None = None
    is_label: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRule:
    """A line from which on the text is no article any more."""

    name: str
    reason: str
    pattern: re.Pattern[str]


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


SHIPPED = (
    ShippedRule(
        name="advertisement placeholder",
        reason="A placeholder for an advertisement.",
        pattern=_any_of(
            r"(?:hide|show|skip|close) ad(?:vert(?:isement)?)?s?",
            r"ad(?:vert|s)?",
            r"advertisements?",
            r"advertising",
            r"sponsored(?: content)?",
            r"paid (?:content|partnership)",
            r"promoted(?: content)?",
            r"(?:article|story) continues (?:below|after)(?: (?:the |this )?ad[a-z]{0,12})?",
            r"advertisement ?[-\u2013\u2014:] ?(?:scroll|continue|story|article).{0,80}",
        ),
    ),
    ShippedRule(
        name="video promotion",
        reason="An invitation to watch the publisher's videos.",
        pattern=_any_of(
            r"watch more of our videos.{0,200}", r"watch more (?:videos )?(?:on|at|from) .{0,120}"
        ),
        continues=_any_of(
            r"(?:and |or )?(?:live |free )?on (?:freeview|freely|sky|virgin|tv).{0,160}",
            r"visit shots!? now.{0,20}",
        ),
    ),
    ShippedRule(
        name="affiliate disclosure",
        reason="A notice about affiliate links.",
        pattern=_any_of(
            r"(?:this|our) (?:article|page|story|post|site)s?(?: may)? contains? affiliate.{0,300}",
            r"we (?:may )?earn (?:a |an )?(?:small )?(?:affiliate )?commission.{0,300}",
            r"(?:dieser (?:artikel|beitrag|text)|diese seite) enthält affiliate-?links.{0,300}",
            r"(?:cet article|cette page) contient des liens (?:affiliés|d['\u2019]affil).{0,300}",
            r"(?:este artículo|esta página) contiene enlaces de afilia.{0,300}",
        ),
    ),
    ShippedRule(
        name="comment guidelines",
        reason="A note on how to comment.",
        pattern=_any_of(
            r"national ?world encourages reader discussion on our stories\..{0,400}",
            r"(?:view|read|show|see|post|leave) (?:all |the |a )?(?:\d{1,5} )?comments?",
            r"join the conversation",
            r"comments? \(?\d{1,5}\)?",
            r"\d{1,5} comments?",
            r"comments? (?:are )?(?:closed|section)",
            r"have your say(?: in the comments(?: below)?)?[.!]?",
            r"(?:all )?comments (?:are|will be) (?:pre-?|post-?)?moderated.{0,200}",
            r"report this comment.{0,20}",
        ),
    ),
    ShippedRule(
        name="newsletter sign-up",
        reason="A call to sign up for a newsletter.",
        pattern=_any_of(
            r"(?:sign up|subscribe|register)(?: now| today| here| free| for free)? (?:to|for) "
            r"(?:our|the|your) .{0,80}(?:newsletter|email|bulletin|briefing)s?\b.{0,160}",
            r"get (?:our|the) .{0,60}newsletter.{0,120}",
            r"thank you for (?:signing up|subscribing)[.!]{0,3}",
            r"(?:enter )?your email(?: address)?",
            r"sign up|log in|sign in|register",
            r"subscribe(?: now| today)?",
        ),
    ),
    ShippedRule(
        name="follow us",
        reason="A call to follow the publisher or to share.",
        pattern=_any_of(
            r"(?:please )?(?:follow|like|join|find) us on .{0,160}",
            r"share (?:this|on|via) ?.{0,60}",
            r"share|tweet|copy link|copied to clipboard|print",
            r"facebook|twitter|x|instagram|whatsapp|linkedin|email|pinterest|reddit",
        ),
    ),
    ShippedRule(
        name="related story",
        reason="A link to another story.",
        pattern=_any_of(
            r"(?:related|see more|read more|more on this|see also|also read|read also|read next|"
            r"don['\u2019]t miss|recommended|you may also like) ?[:|\u2013-] ?.{1,250}"
        ),
    ),
    ShippedRule(
        name="related stories",
        reason="A link to other stories.",
        pattern=_any_of(
            r"related(?: (?:articles?|stories|topics|content|links))?:?",
            r"(?:read|see) (?:more|next|also):?",
            r"more (?:on this )?stor(?:y|ies):?",
            r"continue reading:?",
            r"most (?:read|popular):?",
            r"trending(?: now)?:?",
            r"recommended(?: (?:for you|articles?|stories))?:?",
            r"you may also like:?",
            r"editor['\u2019]?s['\u2019]? (?:picks?|choice):?",
            r"(?:top|latest|popular|other|more) (?:stories|headlines|articles|posts|news):?",
        ),
        continues=_any_of(r"[^.!?:]{12,160}"),
        is_label=True,
    ),
    ShippedRule(
        name="feed footer",
        reason="What the publisher's program puts under each text of its feed.",
        pattern=_any_of(
            r"(?:the|this) (?:post|article|story) .{1,300} (?:appeared first|first appeared) on "
            r".{1,120}"
        ),
    ),
    ShippedRule(
        name="picture caption",
        reason="A picture's caption or credit.",
        pattern=_any_of(
            r".{0,250}\((?:photo|picture|image|pic|credit)s?(?:: | ?by |: ?)[^()]{1,100}\)",
            r"(?:photo|photograph|picture|image)s?(?: credits?)?: .{1,100}",
            r"(?:photo|photograph|picture|image)s? by [^.!?]{1,60}",
            r"(?:.{1,40} ?/ ?)?(?:getty images|shutterstock|pa wire|afp|reuters)",
        ),
    ),
    ShippedRule(
        name="date line",
        reason="The date or the reading time, not text.",
        pattern=_any_of(
            r"(?:first )?(?:published|posted|(?:last )?updated):?(?: on)?(?: [a-z]{3,9},?)? "
            r"\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
            r",?(?: \d{4})?(?:,? (?:at )?\d{1,2}[:.]\d{2} ?[a-z]{0,4})?",
            r"\d{1,3}[- ]min(?:ute)?s?(?: read)?",
        ),
    ),
    ShippedRule(
        name="appeal for support",
        reason="A call to pay for the publication, to use its app or to take part in its poll.",
        pattern=_any_of(
            r"(?:please )?(?:support|help (?:us|fund|support)) (?:our|independent|local|quality) "
            r"[a-z ,]{0,30}(?:journalism|reporting|newsroom)\b.{0,200}",
            r"(?:become|be) an? (?:member|subscriber|supporter)\b.{0,100}"
            r"(?:today|now|month|year)[.!]?",
            r"you have \d{1,2} (?:free )?(?:articles?|stor(?:y|ies)) (?:left|remaining).{0,80}",
            r"(?:download|get) our (?:free |new )?.{0,30}apps?\b.{0,160}",
            r"have your say: .{1,200}",
            r"(?:vote|take part) in our .{0,30}(?:poll|survey|quiz)\b.{0,120}",
        ),
    ),
    ShippedRule(
        name="about the publication",
        reason="A line about the publication or the page, not of the article.",
        pattern=_any_of(
            r"(?:copyright |\(c\) ?)?\u00a9.{0,200}",
            r"copyright (?:\(c\) )?\d{4}.{0,160}",
            r".{0,200}\ball rights reserved\.?",
            r"privacy (?:notice|policy|statement)(?:[:.].{0,300})?",
            r"why you can trust .{0,200}",
            r"(?:filed under|tagged(?: with| as| in)?|tags?|topics|categories) ?: ?.{1,200}",
            r"posted by [^.!?]{1,100}",
            r"last updated:?",
        ),
    ),
    ShippedRule(name="separator", reason="A line without words.", pattern=_any_of(r"[\W_]+")),
    ShippedRule(
        name="browser notice",
        reason="A note about cookies, scripts or the browser.",
        pattern=_any_of(
            r"(?:this (?:site|website)|we|our (?:site|website)) uses? cookies.{0,400}",
            r"(?:please )?(?:enable|turn on) javascript.{0,200}",
            r"(?:your|this) browser (?:does not|is not|isn['\u2019]t|cannot).{0,200}",
            r"accept(?: all)?(?: cookies)?",
            r"reject all(?: cookies)?",
            r"manage (?:cookies|preferences)",
        ),
    ),
)

ENDINGS = (
    EndingRule(
        name="editor's message",
        reason="The publisher's standing message to its readers.",
        pattern=re.compile(r"a message from the editor ?:?"),
    ),
    EndingRule(
        name="comment guidelines",
        reason="A note on how to comment.",
        pattern=re.compile(r"comment(?:ing|s)? guidelines ?:?"),
    ),
)


def callout_phrases(callouts: Sequence[Callout]) -> dict[str, str]:
    """Return normalised phrase → callout name: heading, body, link text, body and link text.

    Each paragraph of a body counts by itself too. Of two callouts with one phrase the first wins.
    """
    phrases: dict[str, str] = {}
    for callout in callouts:
        paragraphs = [plain_text(block) for block in callout.body]
        body = " ".join(paragraphs)
        last = paragraphs[-1] if paragraphs else ""
        for text in (
            callout.heading,
            body,
            callout.link_text,
            f"{body} {callout.link_text}",
            *paragraphs,
            f"{last} {callout.link_text}",
        ):
            key = words_alone(text)
            if key:
                phrases.setdefault(key, callout.name)
    return phrases


def plain_text(block: TextBlock) -> str:
    """Return a block's words without markup."""
    match block:
        case Paragraph() | Subheading():
            return "".join(map(_plain, block.children))
        case ListBlock():
            return " ".join(plain_text(inner) for item in block.items for inner in item)
        case Quote():
            return " ".join(map(plain_text, block.blocks))
        case CodeBlock():
            return block.text
        case Rule():
            return ""


def _plain(inline: Inline) -> str:
    match inline:
        case Text() | CodeSpan():
            return inline.text
        case SlotRef():
            return inline.fallback
        case Break():
            return " "
        case Emphasis() | Strong() | Link():
            return "".join(map(_plain, inline.children))
        case InlineImage():
            return inline.alt


# An ending takes at most this many paragraphs with it; where more follow, the article goes on.
MOST_AFTER_ENDING = 5

RECENT_STORIES = 50
FEWEST_REPEATS = 3
FEWEST_REPEATS_OF_FEW = 2
FEW_STORIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a paragraph is, with the sentence that says why and the rule that said so.

    is_announced: it is noise only for the label right before it.
    """

    kind: ParagraphKind
    reason: str
    rule: str
    callout: str = ""
    is_announced: bool = False


def judge_paragraphs(
    texts: Sequence[str], *, callouts: Sequence[Callout], noise: Sequence[NoiseRule]
) -> tuple[Verdict | None, ...]:
    """Return one verdict a paragraph, None where no rule says anything against it."""
    phrases = callout_phrases(callouts)
    own = {normal(rule.match): rule for rule in noise if normal(rule.match)}
    verdicts: list[Verdict | None] = []
    for text in texts:
        before = verdicts[-1] if verdicts else None
        verdicts.append(_verdict_of(text, phrases=phrases, own=own, before=before))
    _close_endings(texts, verdicts, protected=own)
    return tuple(verdicts)


def propose_noise(
    recent: Sequence[Article], *, callouts: Sequence[Callout] = ()
) -> tuple[str, ...]:
    """Return the body paragraphs that repeat across a source's stories, for a person to decide.

    recent is one source's articles, the newest first. A paragraph is proposed that stands in three
    of the last fifty, in two where fewer than five are known. Callouts are never proposed, not even
    the wording of one that was written after the stories were taken in.
    """
    phrases = callout_phrases(callouts)
    known = recent[:RECENT_STORIES]
    needed = FEWEST_REPEATS_OF_FEW if len(known) < FEW_STORIES else FEWEST_REPEATS
    seen: Counter[str] = Counter()
    first: dict[str, str] = {}
    for article in known:
        texts = {normal(p.text): p.text for p in article.paragraphs if p.kind is ParagraphKind.BODY}
        seen.update(texts.keys())
        first = texts | first
    return tuple(
        text
        for key, text in first.items()
        if seen[key] >= needed and words_alone(text) not in phrases
    )


def _verdict_of(
    text: str, *, phrases: Mapping[str, str], own: Mapping[str, NoiseRule], before: Verdict | None
) -> Verdict | None:
    callout = phrases.get(words_alone(text))
    if callout is not None:
        return Verdict(
            kind=ParagraphKind.CALLOUT,
            reason=f"The wording of the callout {callout}.",
            rule=f"callout {callout}",
            callout=callout,
        )
    plain = normal(text)
    rule = own.get(plain)
    if rule is not None:
        return _own_verdict(rule)
    if len(plain) > MOST_PATTERN_CHARS:
        return None
    for shipped in SHIPPED:
        if shipped.pattern.fullmatch(plain):
            return Verdict(kind=ParagraphKind.NOISE, reason=shipped.reason, rule=shipped.name)
    for shipped in SHIPPED:
        follows = before is not None and before.rule == shipped.name
        if follows and shipped.continues is not None and shipped.continues.fullmatch(plain):
            name = f"{shipped.name}, announced" if shipped.is_label else shipped.name
            return Verdict(
                kind=ParagraphKind.NOISE,
                reason=shipped.reason,
                rule=name,
                is_announced=shipped.is_label,
            )
    return None


def _own_verdict(rule: NoiseRule) -> Verdict:
    """Return the verdict of a source's rule; one of kind body keeps a line that we would drop."""
    known = {ParagraphKind.BODY, ParagraphKind.SUBHEADING, ParagraphKind.STANDFIRST}
    kind = next((kind for kind in known if kind == rule.kind), ParagraphKind.NOISE)
    reason = "" if kind is ParagraphKind.BODY else "Named in this source's noise lines."
    return Verdict(kind=kind, reason=reason, rule="source line")


def _close_endings(
    texts: Sequence[str], verdicts: list[Verdict | None], *, protected: Mapping[str, NoiseRule]
) -> None:
    """Mark each ending line and the paragraphs after it, where few enough follow."""
    starts = [
        (index, ending)
        for index, text in enumerate(texts)
        for ending in ENDINGS
        if verdicts[index] is None and ending.pattern.fullmatch(normal(text)[:MOST_PATTERN_CHARS])
    ]
    bounds = [index for index, _ in starts] + [len(texts)]
    for (start, ending), end in zip(starts, bounds[1:], strict=True):
        open_after = [i for i in range(start + 1, end) if verdicts[i] is None]
        taken = open_after if len(open_after) <= MOST_AFTER_ENDING else open_after[:1]
        for index in (start, *taken):
            if normal(texts[index]) not in protected:
                verdicts[index] = Verdict(
                    kind=ParagraphKind.NOISE, reason=ending.reason, rule=ending.name
                )


def noise_share(texts: Sequence[str], verdicts: Sequence[Verdict | None]) -> float:
    """Return the share of all words that noise rules took, callouts set aside."""
    noise = rest = 0
    for text, verdict in zip(texts, verdicts, strict=True):
        if verdict is None or verdict.kind in {ParagraphKind.BODY, ParagraphKind.SUBHEADING}:
            rest += len(words_of(text))
        elif verdict.kind is ParagraphKind.NOISE:
            noise += len(words_of(text))
    return noise / max(1, noise + rest)
