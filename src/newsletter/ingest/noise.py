"""Which paragraphs are not article text, and why; nothing is deleted, each gets a verdict.

Callouts come first, then the source's own rules, then the shipped ones: a donation paragraph
repeats in every story and would else be taken for noise. What was learned only proposes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.config.settings import NoiseRule
from newsletter.ingest.callout_text import callout_phrases
from newsletter.ingest.safe_text import normal, words_of
from newsletter.ingest.shipped_noise import ENDINGS, MOST_PATTERN_CHARS, SHIPPED
from newsletter.model.article import Article, ParagraphKind
from newsletter.model.callout import Callout
from newsletter.model.callout_fit import words_alone

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
    text: str,
    *,
    phrases: Mapping[str, str],
    own: Mapping[str, NoiseRule],
    before: Verdict | None,
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
