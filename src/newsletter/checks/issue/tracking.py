"""S16: links that carry somebody's click, session or address, or were meant for one person."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import shorten
from newsletter.checks.written import ADDRESSES
from newsletter.model.finding import Finding
from newsletter.model.source import is_tracker

TRACKING = "S16 tracking-residue"

# A newsletter may count its own readers: these are told only where they name another place.
_CAMPAIGN = re.compile(
    r"(?:utm|pk|mtm|itm|at)_[a-z_]+|ref|src|source|smid|cmp|ito|ocid|xtor|wt_mc", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r".*(?:twitter|facebook|instagram|linkedin|tiktok|whatsapp|telegram|bluesky|social"
    r"|share|google|bing|rss|chatgpt).*|fb|cpc|ppc|referral|push|amp",
    re.IGNORECASE,
)
_CLICK = re.compile(
    r"_ga|_gl|gad_source|s_kwcid|ef_id|_ke|_kx|trk|irclickid|cjevent|spm|share_id|.*click_?id"
    r"|hsa_.*|__cf_chl_.*|vero_.*|oly_.*",
    re.IGNORECASE,
)
_SESSION = re.compile(r"(?:phpsess|jsession|aspsession|session_?|sess)id|sid", re.IGNORECASE)
_SECRET = re.compile(r"(?:\w+_)?token|api_?key|passw(?:or)?d|secret|unlocked_article_code")
_MAILBOX = re.compile(r"[^@\s]{1,64}@[\w-]{1,63}\.[\w.-]{2,80}")
_LEAST_SESSION = 12  # characters; shorter values of "sid" are numbers of pages
_OF_ADDRESS = (
    (
        re.compile(
            r"https?://(?:[\w-]+\.safelinks\.protection\.outlook\.com/|(?:www\.)?google\.[a-z.]+/url\?"
            r"|lm?\.(?:facebook|instagram)\.com/|urldefense\.|[\w.-]+\.list-manage\d?\.com/track/"
            r"|out\.reddit\.com/|slack-redir\.net/)"
        ),
        "goes through a service that counts readers",
        "link to the page itself",
    ),
    (
        re.compile(
            r"https?://(?:staging|stage|preview(?!\.redd\.it)|uat|preprod|cms)\.[^/?#]+"
            r"|https?://[^?#]+/(?:wp-admin/|wp-login\.|node/\d+/edit)|[^#]+[?&]preview(?:_id)?="
            r"|https?://docs\.google\.com/\w+/(?:u/\d/)?d/[\w-]+/edit"
        ),
        "leads behind the scenes, where readers can't go",
        "link to the page as readers see it",
    ),
    (
        re.compile(r"[^#]+/(?:unsubscribe|opt-?out)(?:/[\w.-]{6,}|\?[^#]{3,})", re.IGNORECASE),
        "unsubscribes somebody from a list",
        "take it out; [[unsubscribe_url]] is each reader's own",
    ),
    (
        re.compile(r"[^?#]+;(?:jsessionid|phpsessid|sid)=[\w.!-]{3,}", re.IGNORECASE),
        "carries somebody's session",
        "take that part out, and see that the link still works",
    ),
)


def tracking_residue(request: CheckRequest) -> Iterator[Finding]:
    """S16: no link carries somebody's click, session or address, and none is for colleagues."""
    told: set[tuple[str, str]] = set()
    for one in request.written:
        if one.field not in ADDRESSES or (one.file, one.text) in told:
            continue
        told.add((one.file, one.text))
        message, remedy = _fault(one.text)
        if message:
            yield request.finding(
                TRACKING,
                one.line,
                f"{one.field} {message}",
                seen=shorten(one.text),
                remedy=remedy,
                file=one.file,
            )


def _fault(url: str) -> tuple[str, str]:
    for pattern, message, remedy in _OF_ADDRESS:
        if pattern.match(url):
            return message, remedy
    query = url.partition("#")[0].partition("?")[2]
    for key, value in parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True):
        message = _mark(key, value)
        if message:
            return f"{message} ({key})", "take that part out, and see that the link still works"
    return "", ""


def _mark(key: str, value: str) -> str:
    if _MAILBOX.fullmatch(value):
        return "carries somebody's mail address"
    if _CAMPAIGN.fullmatch(key):
        return "says that its readers come from elsewhere" if _ELSEWHERE.fullmatch(value) else ""
    if is_tracker(key) or _CLICK.fullmatch(key):
        return "carries the mark of somebody's click"
    if _SECRET.fullmatch(key.casefold()) and value:
        return "carries a key or password"
    is_session = _SESSION.fullmatch(key) and len(value) >= _LEAST_SESSION
    return "carries somebody's session" if is_session else ""
