"""Lines of a page that are not the article: shipped rules, a source's own, and appeals."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from newsletter.config.settings import NoiseRule
from newsletter.ingest.decoding import normal, words_of
from newsletter.model.article import ArticleParagraph, ParagraphKind
from newsletter.model.callout import Callout, words_alone
from newsletter.model.text import plain_text

MOST_PATTERN_CHARS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedRule:
    """One kind of noise, as noise.toml has it."""

    name: str
    reason: str
    pattern: re.Pattern[str]
    continues: re.Pattern[str]
    is_label: bool


def _rules(kind: str) -> tuple[ShippedRule, ...]:
    shipped = tomllib.loads((files("newsletter.ingest") / "noise.toml").read_text("utf-8"))
    return tuple(
        ShippedRule(
            name=rule["name"],
            reason=rule["reason"],
            pattern=re.compile("|".join(rule["lines"])),
            continues=re.compile("|".join(rule.get("continues", ["(?!)"]))),
            is_label=rule.get("is_label", False),
        )
        for rule in shipped[kind]
    )


_OWN_KINDS = (ParagraphKind.BODY, ParagraphKind.SUBHEADING, ParagraphKind.STANDFIRST)
SHIPPED = _rules("rule")
ENDINGS = _rules("ending")


def callout_phrases(callouts: Sequence[Callout]) -> dict[str, str]:
    """Return normalised phrase to callout name: heading, body, its paragraphs, link text."""
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


# An ending takes at most this many paragraphs with it; where more follow, the article goes on.
MOST_AFTER_ENDING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a paragraph is, with the sentence that says why and the rule that said so."""

    kind: ParagraphKind
    reason: str
    rule: str
    callout: str = ""


def noise_verdict(reason: str, rule: str) -> Verdict:
    """Return the verdict that a paragraph is none of the article."""
    return Verdict(kind=ParagraphKind.NOISE, reason=reason, rule=rule)


def paragraph_of(text: str, verdict: Verdict | None) -> ArticleParagraph:
    """Return a paragraph of an article: running text where no verdict says otherwise."""
    if verdict is None:
        return ArticleParagraph(text=text, kind=ParagraphKind.BODY)
    return ArticleParagraph(
        text=text,
        kind=verdict.kind,
        reason=verdict.reason,
        rule=verdict.rule,
        callout=verdict.callout,
    )


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
    if rule is not None:  # one of kind body keeps a line that we would drop
        kind = next((kind for kind in _OWN_KINDS if kind == rule.kind), ParagraphKind.NOISE)
        reason = "" if kind is ParagraphKind.BODY else "Named in this source's noise lines."
        return Verdict(kind=kind, reason=reason, rule="source line")
    if len(plain) > MOST_PATTERN_CHARS:
        return None
    for shipped in SHIPPED:
        if shipped.pattern.fullmatch(plain):
            return noise_verdict(shipped.reason, shipped.name)
    for shipped in SHIPPED:
        if before and before.rule == shipped.name and shipped.continues.fullmatch(plain):
            name = f"{shipped.name}, announced" if shipped.is_label else shipped.name
            return noise_verdict(shipped.reason, name)
    return None


def _close_endings(
    texts: Sequence[str], verdicts: list[Verdict | None], *, protected: Mapping[str, NoiseRule]
) -> None:
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
                verdicts[index] = noise_verdict(ending.reason, ending.name)


def noise_share(texts: Sequence[str], verdicts: Sequence[Verdict | None]) -> float:
    """Return the share of all words that noise rules took, callouts set aside."""
    noise = rest = 0
    for text, verdict in zip(texts, verdicts, strict=True):
        if verdict is None or verdict.kind in {ParagraphKind.BODY, ParagraphKind.SUBHEADING}:
            rest += len(words_of(text))
        elif verdict.kind is ParagraphKind.NOISE:
            noise += len(words_of(text))
    return noise / max(1, noise + rest)
