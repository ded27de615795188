"""The part of S05 that finds an appeal in prose: money asked for where no callout stands; pure.

An appeal has a life and is verified; words that ask for money in a story or a message have and are
not. What people did, "donations can be made to the hospice", and what somebody is quoted with are
news; a sentence that bids the reader give is an appeal.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import Part, folded, shorten
from newsletter.model.callout import Callout
from newsletter.model.finding import Finding, Severity
from newsletter.model.sentences import split_sentences

_QUOTED = re.compile(
    r'"[^"\n]{0,600}"|\u201c[^\u201d\n]{0,600}\u201d|\u00ab[^\u00bb\n]{0,600}\u00bb'
)
_MONEY = r"[£$€]\s?\d[\d.,]{0,9}|\d[\d.,]{0,9}\s?(?:pounds|euros?|dollars|€)"
_BIDS = re.compile(
    r"(?:(?:so |and |but |now |today,? |if you can,? )?(?:please |kindly )?(?:do )?"
    r"(?:donate|chip in|dig deep|give (?:what(?:ever)? you can|generously|now|today|to the\b"
    r"|online)"
    rf"|give (?:{_MONEY})|send (?:a donation|your donation|{_MONEY})|text \w{{2,12}} to \d{{5}}"
    r"|make (?:a|your) (?:donation|gift|contribution)|sponsor (?:a child|us)|pledge (?:now|today|£)"
    r"|help (?:us )?(?:raise|reach our target)|add your gift|spare (?:a few pounds|£|\$"
    r"|€)))\b.{0,200}"
    r"|.{0,160}\b(?:please|you can(?: still)?|can you|will you|readers can|why not|click here to"
    r"|to) "
    r"(?:help by donating|donate (?:now|today|here|online|what)|give what(?:ever)? you can"
    r"|give generously|chip in|make a donation (?:now|today|here|online|at)"
    rf"|donate (?:{_MONEY})|spare (?:{_MONEY}))\b.{{0,120}}"
    r"|(?:your|every|each|any|a) (?:donation|gift|contribution|pound|penny|£\d+) (?:of .{1,20}"
    r" )?(?:will"
    r"|can|could|counts|helps|makes|pays|buys|saves|provides|feeds|gives|goes|keeps|brings|shelters|funds)\b.{0,160}"
    r"|help (?:the|those|people|families|children|save|keep|us|them|a)\b.{0,90}\b(?:give|donate"
    r"|donating"
    r"|giving|chip in)\b.{0,100}"
    r"|(?:faites un don|donnez|faire un don|aidez-nous|versez)\b.{0,160}"
    r"|(?:bitte )?(?:spenden sie|spende(?:n)? jetzt|jetzt spenden|helfen sie mit ihrer spende"
    r"|unterstützen sie .{0,60}spende\w*)\b.{0,160}"
    r"|(?:haz un donativo|haga un donativo|haz una donación|haga una donación|dona(?: ahora| hoy|"
    r" ya)"
    r"|done (?:ahora|hoy|ya)|colabora con tu donativo|ayuda con tu donativo)\b.{0,160}"
    r"|(?:rhowch (?:rodd|arian|yr hyn|beth)|cyfrannwch|gwnewch gyfraniad)\b.{0,160}"
    r"|(?:تبرع(?:وا)? (?:الآن|اليوم|ب|ل|عبر)|ساهم(?:وا)? ب).{0,160}"
)
_SUPPORT = re.compile(
    r"(?:please )?(?:support|fund|back) (?:us|our (?:journalism|work|newsroom|reporting)|local"
    r" journalism|independent journalism)\b.{0,40}(?:[£$€]\s?\d|\bfor as little as\b|\bdonat\w+"
    r"|\ba month\b"
    r"|\bcontribution\b).{0,80}"
)
# With a known appeal's name in the same sentence fewer words will do.
_TO_APPEAL = re.compile(
    r"^(?:please |you can (?:still |also )?|readers can (?:still |also )?|why not )?"
    r"(?:donate|give|chip in|contribute|support(?! (?:for|from|has|is|grows)\b))\b"
    r"|\b(?:you can(?: still| also)?|please|why not|to help,?(?: you can)?) "
    r"(?:donate|give|contribute|support)\b"
)
_GIVE = re.compile(
    r"\b(?:donat(?:e|ing|ions?)|giv(?:e|ing)|appeal|spenden?|dons?|donativos?|cyfran\w*)\b"
)


def money_asked(request: CheckRequest, known: Sequence[Callout]) -> Iterator[Finding]:
    """Tell of sentences that bid the reader give money, outside a callout."""
    names = [
        folded(name)
        for callout in known
        for name in (callout.organisation, callout.appeal_name, callout.short_name)
        if name
    ]
    for passage in request.passages:
        if passage.part is Part.CALLOUT:
            continue
        for start, end in split_sentences(passage.text):
            sentence = passage.text[start:end]
            said = _QUOTED.sub(" ", folded(sentence)).strip(" .!?:-\u2026")
            bids = _BIDS.fullmatch(said) or _SUPPORT.fullmatch(said)
            whose = next((name for name in names if re.search(rf"\b{re.escape(name)}\b", said)), "")
            if bids is None and not (whose and _TO_APPEAL.search(said)):
                continue
            yield Finding(
                check="S05 callout-wording",
                severity=Severity.WARNING,
                message="money is asked for outside a callout"
                + (f", in the name of {whose}" if whose and _GIVE.search(said) else ""),
                evidence=shorten(sentence),
                file=request.file,
                line=passage.line + passage.text.count("\n", 0, start),
                remedy="take it out, or place the appeal's callout, which was verified",
            )
