"""What an alternative text or an address alone gives away of a picture: a credit, a page; pure."""

import re

LEAST_WIDTH = 200  # pixels; fewer are a thumbnail, where a card shows 256 CSS px

_NAMES = (
    r"[^\W\d_a-zß-ÿ][\w'\u2019.-]{0,30}(?:(?: ?[/,&|] ?| )[^\W\d_a-zß-ÿ][\w'\u2019.-]{0,30}){0,5}"
)
_BY = (
    r"(?i:photo(?:graph|graphy|graphie|s)?|picture|image|pic|credit|copyright|fotos?|foto|bild"
    r"|crédit(?: photo)?|imagen|fotografía|llun(?:iau)?|ffotograff|illustration|graphic"
    r"|infografik|grafik|graphique|infographie|gráfico|karte|carte|mapa|montage|montaje|zeichnung"
    r"|dessin|dibujo|screenshot|symbolbild|archivbild|archivfoto)"
)
_CREDIT = re.compile(
    rf"(?:{_BY}(?i: ?[:/] ?| by | von | par | de | gan | credit:? | courtesy of )"
    rf"(?:\u00a9 ?)?{_NAMES}"
    rf"|(?i:credit|copyright|courtesy of|\(c\)|\u00a9) ?:? ?{_NAMES}"
    r"|(?:تصوير|عدسة|صورة) ?:? ?\w{2,20}(?: \w{2,20}){0,2})\.?"
)
_CREDIT_AT_END = re.compile(
    rf"(?:[(\[] ?(?:{_BY} ?[:/]? ?(?i:by )?|\u00a9 ?|\(?[cC]\) ?){_NAMES} ?[)\]]"
    rf"|(?:\u00a9|\([cC]\)) ?{_NAMES}|(?:^|[.;,|] ?){_BY} ?[:/] ?(?i:by )?{_NAMES})\.?$"
)
_AGENCIES = re.compile(
    r"(?:[/|,(\u2013-] ?)(?:getty(?: images)?|afp|reuters|ap|pa|epa|pa (?:media|wire|images)"
    r"|shutterstock|istock|alamy|dpa|efe|ansa|xinhua|unsplash|pexels)\)?\.?$",
    re.IGNORECASE,
)
# Pages that show a picture, where its own address is wanted.
_PAGES = re.compile(
    r"https?://(?:drive\.google\.com/(?:file|open|drive)|photos\.(?:app\.goo\.gl|google\.com)/"
    r"|(?:www\.)?dropbox\.com/(?:s|scl|sh)/(?!.{0,300}[?&](?:raw|dl)=1)|1drv\.ms/"
    r"|[\w-]{1,60}(?:-my)?\.sharepoint\.com/|(?:www\.)?flickr\.com/photos/|unsplash\.com/photos/"
    r"|(?:www\.)?instagram\.com/p/|imgur\.com/(?:a/|gallery/)|(?:www\.)?gettyimages\.[\w.]{2,8}/"
    r"|commons\.wikimedia\.org/wiki/|(?:www\.)?google\.[a-z.]{2,6}/(?:imgres|search)"
    r"|wetransfer\.com/|we\.tl/|(?:www\.)?icloud\.com/)",
    re.IGNORECASE,
)
_SIZED = re.compile(r"[-_](\d{2,4})x(\d{2,4})(?:@2x)?\.(?:jpe?g|png|webp|gif|avif)(?:[?#].*)?$")
_ASKED = re.compile(r"[?&](?:w|width|resize|size|wid)=(\d{1,4})(?!\d)")


# "Reuters/Ana Ruiz", "Getty Images", "PA Wire": an agency, and whoever works for it.
_AGENCY_FIRST = re.compile(
    r"(?:(?i:getty(?: images)?|afp|reuters|epa|epa-efe|pa (?:media|wire|images)|shutterstock"
    r"|istock(?:photo)?|alamy(?: stock photo)?|dpa|efe|ansa|xinhua|unsplash|pexels|associated"
    r" press|agence france-presse|picture alliance|imago)|AP|PA|ZUMA|SWNS)"
    rf"(?: ?[/|,:\u2013\u2014-] ?{_NAMES})?\.?"
)


def credit_in(alt: str) -> str:
    """Return whether an alternative text is a credit, or ends in one; "" for neither."""
    text = alt.strip()
    if _CREDIT.fullmatch(text) or _AGENCY_FIRST.fullmatch(text):
        return "an alternative text is a credit"
    if _CREDIT_AT_END.search(text) or _AGENCIES.search(text):
        return "an alternative text ends in a credit"
    return ""


def no_picture(url: str) -> str:
    """Say why an address is no picture's, or of a picture too small; "" where nothing tells so."""
    if _PAGES.match(url):
        return "a picture's address is that of a page that shows it"
    sizes = [int(hit[1]) for hit in (_SIZED.search(url), _ASKED.search(url)) if hit]
    if any(0 < size < LEAST_WIDTH for size in sizes):
        return f"a picture's address is of a thumbnail, {min(sizes)} pixels wide"
    return ""
