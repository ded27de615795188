"""S16: what links carry that only follows readers, and was not meant to be sent on."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote_plus

from newsletter.checks.address import is_trial_server, read_web_address
from newsletter.checks.place import line_of_url, place_of
from newsletter.checks.request import CheckRequest, Composition
from newsletter.checks.wording import shorten
from newsletter.checks.written import Field, Written
from newsletter.model.finding import Finding, Severity

TRACKING = "S16 tracking-residue"

# Keys by which others know the reader who copied the link, or the click that brought them.
_CLICK_IDS = frozenset(
    {"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid"}
    | {"yclid", "igshid", "igsh", "li_fat_id", "mc_eid", "mc_cid", "_hsenc", "_hsmi", "mkt_tok"}
    | {"vero_id", "oly_anon_id", "oly_enc_id", "wickedid", "s_cid", "_openstat", "ck_subscriber_id"}
    | {"bsft_eid", "bsft_uid", "bsft_clkid", "sc_eh", "sc_uid", "elqtrackid", "epik", "srsltid"}
    | {"rb_clickid", "fb_action_ids", "fb_ref", "mibextid", "xmt", "guccounter", "guce_referrer"}
    # of advertisements and searches
    | {"_gl", "_ga", "_gac", "gad_source", "gad_campaignid", "s_kwcid", "ef_id", "mkwid", "sccid"}
    | {"rdt_cid", "ndclid", "tblci", "dicbo", "ved", "sxsrf", "sca_esv", "gs_lcrp", "obclid"}
    | {"irclickid", "irgwc", "cjevent", "cjdata", "awc", "zanpid", "tduid", "ransiteid", "raneaid"}
    | {"sscid", "clickid", "click_id", "_trkparms", "_trksid", "spm", "algo_pvid"}
    # of mailings
    | {"_ke", "_kx", "dm_i", "ml_subscriber", "ml_subscriber_hash", "et_rid", "et_cid", "mc_tc"}
    | {"ss_email_id", "nr_email_referer", "hsctatracking", "trk_contact", "trk_msg", "trk_sid"}
    | {"_bta_tid", "_bta_c", "__s", "wt_zmc"}
    # of networks and shares
    | {"trk", "trkinfo", "trkemail", "lipi", "midtoken", "midsig", "otptoken", "hc_ref", "__tn__"}
    | {"share_id", "shareid", "share_token", "share_from", "is_from_webapp", "sender_device"}
    | {"__twitter_impression", "_branch_match_id", "_branch_referrer"}
)
_CLICK_STARTS = (
    *("__cf_chl_", "__hs", "_hs", "hsa_", "__cft__", "__xts__", "sfmc_", "vero_", "bsft_", "oly_"),
    *("pd_rd_", "pf_rd_"),
)
# "si" is anything elsewhere
_SHARED_ON = re.compile(
    r"https://(?:(?:www|m|music)\.)?(?:youtube\.com|youtu\.be|open\.spotify\.com)/"
    r"[^#]{0,500}[?&](si=[\w-]{8,60}|feature=(?:share|shared|youtu\.be))(?=&|#|$)"
)
_SESSIONS = frozenset(
    {"phpsessid", "jsessionid", "sessionid", "session_id", "aspsessionid", "asp.net_sessionid"}
    | {"cfid", "cftoken", "sessid", "session", "sid", "s_id", "viewstate", "usersession"}
)
_SESSION_STARTS = ("aspsessionid", "cfsession", "phpsessid")  # a server adds letters of its own
_SURE_SESSIONS = frozenset({"phpsessid", "jsessionid", "aspsessionid", "asp.net_sessionid"})
_MAIL_KEYS = frozenset(
    {
        "email",
        "e-mail",
        "mail",
        "e",
        "em",
        "emailaddress",
        "email_address",
        "recipient",
        "subscriber",
    }
    | {"user", "reader", "to", "addr", "address"}
)
_SECRETS = frozenset(
    {
        "token",
        "access_token",
        "auth_token",
        "authtoken",
        "id_token",
        "api_key",
        "apikey",
        "sig_token",
    }
    | {"password", "passwd", "secret", "gift_token", "unlocked_article_code"}
)
_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[\w.!-]{3,80}", re.IGNORECASE)
_PAIR = re.compile(r"([^=&;?]{1,100})(?:=([^&;?]{0,500}))?")
_CAMPAIGN = re.compile(r"(?:utm|pk|mtm|itm|at)_[a-z_]{2,20}")
_ORIGINS = frozenset(
    {"utm_source", "utm_medium", "at_medium", "at_campaign_type", "ref", "ref_src", "src"}
)
_ORIGINS |= {"source", "smid", "cmp", "ito", "ocid", "xtor", "ns_mchannel", "soc_src", "soc_trk"}
_ORIGINS |= {"wt_mc", "wt.mc_id", "cmpid", "cid", "ncid", "icid", "partner", "via", "share_source"}
# A newsletter may count its own readers; nobody comes to it from these.
_ELSEWHERE = re.compile(
    r"(?:twitter|t\.co|twsrc\b.{0,40}|facebook|fb|instagram|linkedin|reddit|tiktok|whatsapp"
    r"|telegram|pinterest|threads|bluesky|mastodon|youtube|social(?:[-_ ]?\w{0,12})?|google|bing"
    r"|yahoo"
    r"|duckduckgo|googlenews|google[-_]news|apple[-_ ]?news|flipboard|smartnews|rss|feed|atom"
    r"|share(?:[-_][a-z0-9_-]{1,24})?|(?:fb|tw|ig|li|wa)[-_][a-z]{2,8}|soc(?:ial)?[-_:][a-z0-9_-]{1,24}"
    r"|sharing|copy[-_ ]?link|chatgpt(?:\.com)?|perplexity|hs_email|cpc|ppc|paid\w{0,10}|display"
    r"|organic"
    r"|[a-z0-9-]{1,24}[-_]share(?:d|btn|bar|link)?|referral|push|amp|web[-_]?share|nativeshare|btn-link|.{0,20}(?:facebook|twitter|instagram)"
    r"(?:\.com)?)"
)
_FRAGMENT = re.compile(
    r"#(?:echobox=|xtor=|ref=|:~:text=|utm_|fbclid=|at_medium=|share\b|link_id=|xj4y7vzkg"
    r"|mnp_).{0,200}",
    re.IGNORECASE,
)
_SESSION_LIKE = re.compile(r"(?=[\w-]*\d)[\w-]{12,128}")
# Addresses that lead on to another one, by way of whoever counts.
_WRAPPED = re.compile(
    r"https?://(?:[\w-]{1,60}\.safelinks\.protection\.outlook\.com/"
    r"|(?:www\.)?google\.[a-z.]{2,6}/url\?"
    r"|l\.(?:facebook|instagram)\.com/|lm\.facebook\.com/|urldefense\.(?:com|proofpoint\.com)/"
    r"|(?:www\.)?google\.[a-z.]{2,6}/amp/|[\w.-]{1,80}\.cdn\.ampproject\.org/"
    r"|[\w.-]{1,60}\.list-manage\d?\.com/track/|click\.[\w.-]{1,80}/\?qs=|out\.reddit\.com/"
    r"|(?:www\.)?linkedin\.com/(?:redir|safety/go)|slack-redir\.net/link|webmail\."
    r"|mail\.google\.com/)",
    re.IGNORECASE,
)
# What was meant for one reader of another newsletter, or for colleagues who are logged in.
_LEAVES = re.compile(
    r"/(?:unsubscribe|unsub|opt-?out)(?:\.\w{2,5})?(?:/[\w.-]{6,200}|\?[^#]{3,500})", re.IGNORECASE
)
_BACKSTAGE = re.compile(
    r"https?://(?:(?P<host>staging|stage|preview(?!\.redd\.it)|uat|preprod|pre-prod|cms)"
    r"\.[^/?#.]{1,60}\.[^/?#]{1,200}"
    r"|[^/?#]{1,200}/(?:[^?#]{0,300}/)?(?P<edit>wp-admin/|wp-login\.|node/\d{1,10}/edit"
    r"|(?:admin|cms|backend)/(?:[^?#]{0,100}/)?edit\b)"
    # an address in numbers is O10's, and a trial on this machine has one
    r"|(?![\d.]+:|\[|localhost:)[^/?#]{1,200}(?P<port>:(?!443|80(?!\d))\d{2,5})(?=[/?#]|$)"
    r"|[^#]{1,1000}[?&](?P<draft>preview=(?:true|1)|preview_id=|preview_nonce=)"
    r"|(?P<shared>docs\.google\.com/\w{1,20}/(?:u/\d/)?d/[\w-]{3,100}/edit"
    r"|[\w-]{1,60}(?:-my)?\.sharepoint\.com/))",
    re.IGNORECASE,
)
# The page's comments, or a form of it for another program.
_PART_OF_PAGE = re.compile(
    r"https?://(?:(?P<amp>amp)\.[^/?#.]{1,60}\.[^/?#]{1,200}"
    r"|[^#]{1,1000}?(?P<form>/amp/?(?=$|[?#])|[?&](?:amp=1|outputtype=amp|print=(?:1|true))(?=$|[&#]))"
    r"|[^#]{1,1000}#(?P<place>comments?|respond|disqus_thread|comment-\d{1,12})$)",
    re.IGNORECASE,
)
_PIXEL = re.compile(
    r"/(?:open|pixel|beacon|spacer|blank|transparent|clear|1x1|tracking[_-]?pixel)\.(?:gif|png)$",
    re.IGNORECASE,
)
_A_MAILBOX = re.compile(r"[^@\s]{1,64}@[\w-]{1,63}\.[\w.-]{2,80}")
_SECOND_QUERY = re.compile(r"\?utm_")
_A_KEY = "carries a key or password"
_TAKE_OUT = "take that part out of the address, and see that it still leads there"
_PUBLIC = "link to the page as readers see it"
_OWN_SLOT = "take it out; [[unsubscribe_url]] is each reader's own"
_LINKS = frozenset({Field.LINK, Field.PICTURE})


def tracking_residue(request: CheckRequest) -> Iterator[Finding]:
    """S16: no link carries somebody's click or session, or counts its readers twice."""
    told: set[tuple[str, str]] = set()
    for one in request.written:
        if one.field not in _LINKS or (one.file, one.text) in told:
            continue
        told.add((one.file, one.text))
        message, part, remedy = _meant_for_others(one.text) or _residue(one.text)
        if message:
            yield _finding(request, one, message, part, remedy)


def tracking_in_template(made: Composition) -> Iterator[Finding]:
    """S16 of the links that a template sets: each issue would carry them."""
    told: set[str] = set()
    for link in made.page.links:
        url = link.url.strip()
        if url in told or not url.startswith("http") or line_of_url(made, url):
            continue
        told.add(url)
        address = read_web_address(url)
        if address is None or is_trial_server(address.host):  # O10 tells of it
            continue
        message, part, _ = _meant_for_others(url) or _residue(url)
        if message:
            file, line = place_of(made, url=url, element=link.element)
            yield Finding(
                check=TRACKING,
                severity=Severity.WARNING,
                message=f"a link of the template {message}",
                evidence=f"{part} in “{shorten(link.text, 60)}”",
                file=file,
                line=line,
                remedy="write the address as any reader would have it",
            )


def _meant_for_others(url: str) -> tuple[str, str, str] | None:
    """Say whether an address is for colleagues who are logged in, or for one reader of a list."""
    if hit := _BACKSTAGE.match(url):
        part = next(group for group in hit.groups() if group)
        return "leads behind the scenes, where readers are not let in", part, _PUBLIC
    if hit := _LEAVES.search(url.partition("#")[0]):
        return "is for leaving a list, maybe somebody's own", hit[0][1:], _OWN_SLOT
    if hit := _PART_OF_PAGE.match(url):
        part = next(group for group in hit.groups() if group)
        told = "leads to the comments below a page" if hit["place"] else "leads to a page's AMP or"
        told += "" if hit["place"] else " print form"
        return told, part, "link to the page itself"
    if hit := _PIXEL.search(url.partition("?")[0]):
        return "is there only to be counted", hit[0][1:], "take the picture out"
    return None


def _residue(url: str) -> tuple[str, str, str]:
    """Say what an address carries, the part of it, and the remedy; "" where it carries nothing."""
    if wrapped := _WRAPPED.match(url):
        return "goes by way of a service that counts readers", wrapped[0], "link to the page itself"
    hit, message = _IN_PATH.search(url), "carries somebody's session"
    if hit is None:
        hit = _FRAGMENT.search(url) or _SHARED_ON.match(url)
        message = "carries the mark of somebody's share"
    if hit is not None:
        return message, hit[hit.lastindex or 0], _TAKE_OUT
    query = url.partition("#")[0].partition("?")[2]
    in_fragment = url.partition("#")[2].partition("?")[2]  # of a page that is one program
    pairs = (*_pairs(query), *_pairs(in_fragment))
    for key, value in pairs:
        message = _mark(unquote_plus(key).casefold(), value)
        if message:
            shown = f"{key}=…" if message == _A_KEY else f"{key}={value}"
            return message, shown, _TAKE_OUT
    keys = (unquote_plus(key).casefold() for key, _ in pairs)
    counted = Counter(key for key in keys if _CAMPAIGN.fullmatch(key))
    twice = next((key for key, times in counted.items() if times > 1), "")
    if not twice and "utm_" in query and "utm_" in url.partition("#")[2]:
        twice = "utm_"
    if twice:
        return "counts its readers twice", f"{twice}", "keep one"
    if _SECOND_QUERY.search(query):
        return "has a second question mark before its utm_ keys", "?utm_", "write & in its place"
    return "", "", ""


def _mark(name: str, value: str) -> str:
    """Return what one part of a query gives away."""
    if name in _CLICK_IDS or name.startswith(_CLICK_STARTS):
        return "carries the mark of somebody's click"
    if name in _ORIGINS and _ELSEWHERE.fullmatch(value.casefold()):
        return "says that its readers come from elsewhere"
    if name in _SECRETS and value:
        return _A_KEY
    is_sure = name in _SURE_SESSIONS or name.startswith(_SESSION_STARTS)
    if (is_sure and value) or (name in _SESSIONS and _SESSION_LIKE.fullmatch(value)):
        return "carries somebody's session"
    if (_CAMPAIGN.fullmatch(name) or name in _MAIL_KEYS) and (
        _A_MAILBOX.fullmatch(unquote_plus(value))
    ):
        return "carries somebody's mail address"
    return ""


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for found in _PAIR.finditer(query):
        yield found[1].removeprefix("amp;"), found[2] or ""


def _finding(request: CheckRequest, one: Written, message: str, part: str, remedy: str) -> Finding:
    what = "a link" if one.field is Field.LINK else "a picture's address"
    at = one.text.find(part.rstrip("…"))
    marked = (
        f"{one.text[:at]}[-{one.text[at : at + len(part)]}-]{one.text[at + len(part) :]}"
        if at >= 0
        else one.text
    )
    address = read_web_address(one.text)
    shown = shorten(marked) if "…" not in part else f"{address.host if address else ''}: {part}"
    return Finding(
        check=TRACKING,
        severity=Severity.WARNING,
        message=f"{what} {message}",
        evidence=shown,
        file=one.file or request.file,
        line=one.line,
        remedy=remedy,
    )
