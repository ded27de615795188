"""Feeds written for the tests: well-formed ones of many kinds, and what feeds are in the wild.

Each is bytes, with the Content-Type it comes with. All names in them are made up.
"""

from dataclasses import dataclass

RSS_TYPE = "application/rss+xml"
LONG = " ".join(f"Word{number}" for number in range(160))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A feed and what must come of it: titles, links and a few facts of the first entry.

    Where refused is not "", it is a part of the sentence that says why it is not read. notes are
    parts of the feed's notes, in their order.
    """

    raw: bytes
    content_type: str = RSS_TYPE
    kind: str = "RSS"
    feed_title: str = "Paper"
    titles: tuple[str, ...] = ("One", "Two")
    first_url: str = "https://paper.example/1"
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


def rss(inside: str, *, head: str = "", spaces: str = "", before: str = "") -> str:
    """Wrap items in RSS 2.0."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"{spaces}><channel>'
        f"<title>Paper</title><link>https://paper.example/</link>{head}{inside}</channel></rss>"
    )


def item(number: str, title: str, more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://paper.example/{number}</link>{more}</item>\n"


def pair(more: str = "") -> str:
    return item("1", "One", more) + item("2", "Two")


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/"'
ITUNES = ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"'


def atom(inside: str, *, attributes: str = "", head: str = "") -> str:
    return f"{ATOM}{attributes}><title>Paper</title><id>urn:paper</id>{head}{inside}</feed>"


def entry(number: str, title: str, more: str = "") -> str:
    return (
        f"<entry>{title}<id>urn:paper:{number}</id>"
        f'<link href="https://paper.example/{number}"/>{more}</entry>'
    )


WELL_FORMED = {
    "rss 0.90": Sample(
        raw=f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="{RDF}"
xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Paper</title>
<link>https://paper.example/</link></channel>{pair()}</rdf:RDF>""".encode()
    ),
    "rss 0.91 with its document type": Sample(
        raw=b"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC
"-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd">
<rss version="0.91"><channel><title>Paper</title><language>en</language>"""
        + pair("<description>Short.</description>").encode()
        + b"</channel></rss>",
        facts=(("summary", "Short."), ("language", "en")),
    ),
    "rss 0.92": Sample(
        raw=rss(
            pair(
                '<enclosure url="https://paper.example/p.jpg" length="1" type="image/jpeg"/>'
                '<category domain="x">World</category>'
            )
        )
        .replace('"2.0"', '"0.92"')
        .encode(),
        facts=(("image", "https://paper.example/p.jpg"),),
    ),
    "rss 1.0 with dublin core": Sample(
        raw=f"""<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"{DC}
xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel rdf:about="https://p.example">
<title>Paper</title><link>https://paper.example/</link><sy:updatePeriod>hourly</sy:updatePeriod>
<sy:updateFrequency>2</sy:updateFrequency><items><rdf:Seq><rdf:li resource="x"/></rdf:Seq></items>
</channel><item rdf:about="https://paper.example/1"><title>One</title>
<link>https://paper.example/1</link><dc:date>2026-11-20T08:30:00+01:00</dc:date>
<dc:creator>Jo Roe</dc:creator><dc:subject>Roads</dc:subject></item>
{item("2", "Two")}</rdf:RDF>""".encode(),
        facts=(
            ("published", "2026-11-20T08:30:00+01:00"),
            ("author", "Jo Roe"),
            ("guid", "https://paper.example/1"),
        ),
    ),
    "a blog with its full text": Sample(
        raw=rss(
            pair(
                '<guid isPermaLink="false">https://paper.example/?p=1</guid>'
                "<dc:creator><![CDATA[Jo Roe]]></dc:creator>"
                "<pubDate>Fri, 20 Nov 2026 08:30:00 +0000</pubDate>"
                "<description><![CDATA[<p>Short &amp; sweet. [&#8230;]</p>"
                '<p>The post <a href="https://paper.example/1">One</a> appeared first on'
                " <a>Paper</a>.</p>]]></description>"
                "<content:encoded><![CDATA[<p>First.</p><p>Second.</p>]]></content:encoded>"
            ),
            spaces=CONTENT + DC,
        ).encode(),
        facts=(
            ("guid", "https://paper.example/?p=1"),
            ("author", "Jo Roe"),
            ("published", "2026-11-20T08:30:00+00:00"),
            ("summary", "Short & sweet.\u2026"),
            ("html", "<p>First.</p><p>Second.</p>"),
        ),
    ),
    "pictures of several widths": Sample(
        raw=rss(
            pair(
                '<media:content width="140" url="https://i.example/140.jpg"/>'
                '<media:content width="460" url="https://i.example/460.jpg">'
                '<media:credit scheme="urn:ebu">Pat Lens/Agency</media:credit>'
                "<media:description>A bridge</media:description></media:content>"
                '<media:content width="900" medium="video" url="https://i.example/v.mp4"/>'
            ),
            spaces=MEDIA,
        ).encode(),
        facts=(
            ("image", "https://i.example/460.jpg"),
            ("image_credit", "Pat Lens/Agency"),
            ("image_alt", "A bridge"),
        ),
    ),
    "a picture's title and words are not the entry's": Sample(
        raw=rss(
            item(
                "1",
                "One",
                "<description>Short.</description><media:group>"
                '<media:content url="https://i.example/a.jpg" type="image/jpeg"/>'
                "<media:title>IMG_1</media:title><media:description>A dog</media:description>"
                "</media:group>",
            )
            + item("2", "Two"),
            spaces=MEDIA,
        ).encode(),
        facts=(("summary", "Short."), ("image_alt", "A dog")),
    ),
    "a thumbnail": Sample(
        raw=rss(pair('<media:thumbnail url="https://i.example/t.jpg" width="240"/>'), spaces=MEDIA)
        .replace("mrss/", "mrss")
        .encode(),
        facts=(("image", "https://i.example/t.jpg"),),
    ),
    "a podcast": Sample(
        raw=rss(
            pair(
                '<enclosure url="https://paper.example/1.mp3" length="9" type="audio/mpeg"/>'
                '<itunes:image href="https://paper.example/cover.png"/>'
                "<itunes:author>Jo Roe</itunes:author><itunes:duration>9:30</itunes:duration>"
            ),
            spaces=ITUNES,
        ).encode(),
        facts=(("image", "https://paper.example/cover.png"), ("author", "Jo Roe")),
    ),
    "links through a counter": Sample(
        raw=rss(
            "<item><title>One</title><link>https://count.example/r/1</link>"
            "<feedburner:origLink>https://paper.example/1</feedburner:origLink></item>"
            + item("2", "Two"),
            spaces=' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
        ).encode()
    ),
    "links that count readers": Sample(
        raw=rss(pair())
        .replace("example/1<", "example/1?utm_source=rss&amp;utm_medium=feed<")
        .encode()
    ),
    "atom links inside rss": Sample(
        raw=rss(
            pair(),
            head='<atom:link href="https://paper.example/feed" rel="self"/>',
            spaces=' xmlns:atom="http://www.w3.org/2005/Atom"',
        ).encode()
    ),
    "a guid that is the link": Sample(
        raw=rss(
            "<item><title>One</title><guid>https://paper.example/1</guid></item>"
            + item("2", "Two", '<guid isPermaLink="false">https://else.example/2</guid>')
        ).encode(),
        facts=(("guid", "https://paper.example/1"),),
    ),
    "a default namespace": Sample(
        raw=rss(
            pair("<description>Short.</description>"),
            spaces=' xmlns="http://backend.userland.com/rss2"',
        ).encode(),
        facts=(("summary", "Short."),),
    ),
    "the article in the description": Sample(
        raw=rss(pair(f"<description>&lt;p&gt;{LONG}.&lt;/p&gt;</description>")).encode(),
        facts=(("html", f"<p>{LONG}.</p>"),),
    ),
    "an author with an address": Sample(
        raw=rss(pair("<author>jo@paper.example (Jo Roe)</author>")).encode(),
        facts=(("author", "Jo Roe"),),
    ),
    "summer time by name": Sample(
        raw=rss(pair("<pubDate>Wed, 24 Jun 2026 09:00 BST</pubDate>")).encode(),
        facts=(("published", "2026-06-24T09:00:00+01:00"),),
    ),
    "atom 0.3": Sample(
        raw=b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en">
<title>Paper</title><link rel="alternate" type="text/html" href="https://paper.example/"/>
<entry><title>One</title><link rel="alternate" type="text/html" href="https://paper.example/1"/>
<id>tag:1</id><issued>2026-11-20T08:30:00Z</issued><modified>2026-11-21T08:30:00Z</modified>
<content type="text/html" mode="escaped">&lt;p&gt;First.&lt;/p&gt;</content></entry>
<entry><title>Two</title><link href="https://paper.example/2"/></entry></feed>""",
        kind="Atom",
        facts=(
            ("published", "2026-11-20T08:30:00+00:00"),
            ("updated", "2026-11-21T08:30:00+00:00"),
            ("html", "<p>First.</p>"),
            ("language", "en"),
        ),
    ),
    "atom titles of three types": Sample(
        raw=atom(
            entry("1", '<title type="text">Less: &lt;em&gt; &amp;lt; R&amp;D</title>')
            + entry("2", '<title type="html">AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt;</title>')
            + entry(
                "3",
                '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Tea &lt; '
                "<em>coffee</em></div></title>",
            )
        ).encode(),
        kind="Atom",
        titles=("Less: <em> &lt; R&D", "AT&T wins", "Tea < coffee"),
    ),
    "atom with its own base": Sample(
        raw=atom(
            '<entry xml:base="news/"><title>One</title><id>1</id><link href="../1"/></entry>'
            '<entry xml:base="//else.example/"><title>Two</title><id>2</id>'
            '<link href="two"/></entry>',
            attributes=' xml:base="https://paper.example/x/"',
        ).encode(),
        kind="Atom",
        first_url="https://paper.example/x/1",
    ),
    "atom with several authors and an xhtml body": Sample(
        raw=atom(
            entry(
                "1",
                "<title>One</title>",
                "<author><name>Jo Roe</name></author><author><name>Al Poe</name></author>"
                "<published>2026-11-20T08:30:00.123-05:00</published>"
                "<updated>2026-11-21T00:00:00-05:00</updated><summary>Short.</summary>"
                '<category term="roads" label="Roads"/><content type="xhtml">'
                '<div xmlns="http://www.w3.org/1999/xhtml"><p>First &amp; <b>best</b>.</p></div>'
                "</content>",
            )
            + entry("2", "<title>Two</title>")
        ).encode(),
        kind="Atom",
        facts=(
            ("author", "Jo Roe and Al Poe"),
            ("published", "2026-11-20T08:30:00-05:00"),
            ("updated", "2026-11-21T00:00:00-05:00"),
            ("summary", "Short."),
            ("html", "<p>First &amp; <b>best</b>.</p>"),
        ),
    ),
    "atom with several links": Sample(
        raw=atom(
            '<entry><title>One</title><id>1</id><link rel="self" href="https://paper.example/a"/>'
            '<link rel="enclosure" type="image/png" href="https://paper.example/p.png"/>'
            '<link rel="alternate" href="https://paper.example/1"/></entry>'
            + entry("2", "<title>Two</title>")
        ).encode(),
        kind="Atom",
        facts=(("image", "https://paper.example/p.png"),),
    ),
    "atom of a video site": Sample(
        raw=atom(
            entry(
                "1",
                "<title>One</title>",
                "<media:group><media:title>One</media:title>"
                '<media:content url="https://v.example/1" type="application/x-shockwave-flash"/>'
                '<media:thumbnail url="https://v.example/1.jpg" width="480"/>'
                "<media:description>About it</media:description></media:group>",
            )
            + entry("2", "<title>Two</title>"),
            attributes=MEDIA,
        ).encode(),
        kind="Atom",
        facts=(("image", "https://v.example/1.jpg"), ("image_alt", "About it")),
    ),
    "atom under a prefix": Sample(
        raw=b"""<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Paper</a:title>
<a:entry><a:title>One</a:title><a:link href="https://paper.example/1"/></a:entry>
<a:entry><a:title>Two</a:title></a:entry></a:feed>""",
        kind="Atom",
    ),
    "json feed 1.0": Sample(
        raw=b"""{"version": "https://jsonfeed.org/version/1", "title": "Paper", "items": [
{"id": "1", "url": "https://paper.example/1", "title": "One", "content_text": "First\\nSecond",
"author": {"name": "Jo Roe"}, "date_published": "2026-11-20T08:30:00-05:00"},
{"id": 2, "title": "Two", "content_html": "<p>x</p>"}]}""",
        content_type="application/json",
        kind="JSON Feed",
        facts=(
            ("author", "Jo Roe"),
            ("published", "2026-11-20T08:30:00-05:00"),
            ("html", "<p>First</p><p>Second</p>"),
            ("guid", "1"),
        ),
    ),
    "json feed 1.1": Sample(
        raw=b"""\xef\xbb\xbf{"version": "https://jsonfeed.org/version/1.1", "title": "Paper",
"language": "en-GB", "authors": [{"name": "Jo Roe"}, {"name": "Al Poe"}], "items": [
{"id": "1", "external_url": "/1", "title": "One", "summary": "Short.", "tags": ["a", "a", 3],
"image": "https://paper.example/p.png", "date_modified": "2026-11-21T08:30:00Z"},
{"id": "2", "title": "Two", "content_text": ""}]}""",
        content_type="application/feed+json",
        kind="JSON Feed",
        facts=(
            ("author", "Jo Roe and Al Poe"),
            ("summary", "Short."),
            ("image", "https://paper.example/p.png"),
            ("language", "en-GB"),
            ("published", "2026-11-21T08:30:00+00:00"),
        ),
    ),
    "utf-16 with its mark": Sample(
        raw=rss(pair()).replace("One", "One").replace('"utf-8"', '"utf-16"').encode("utf-16")
    ),
    "latin-1 as declared": Sample(
        raw=rss(item("1", "Caf\u00e9") + item("2", "Two"))
        .replace("utf-8", "iso-8859-1")
        .encode("latin-1"),
        titles=("Caf\u00e9", "Two"),
    ),
    "cyrillic by the header alone": Sample(
        raw=rss(item("1", "\u041c\u043e\u0441\u0442") + item("2", "Two")).encode("cp1251"),
        content_type="text/xml; charset=windows-1251",
        titles=("\u041c\u043e\u0441\u0442", "Two"),
    ),
    "japanese as declared": Sample(
        raw=rss(item("1", "\u6a4b\u306e\u5de5\u4e8b") + item("2", "Two"))
        .replace("utf-8", "Shift_JIS")
        .encode("shift_jis"),
        titles=("\u6a4b\u306e\u5de5\u4e8b", "Two"),
    ),
    "right to left": Sample(
        raw=rss(item("1", "\u05d2\u05e9\u05e8 2026") + item("2", "\u062c\u0633\u0631")).encode(),
        titles=("\u05d2\u05e9\u05e8 2026", "\u062c\u0633\u0631"),
    ),
    "a document type in the text of an entry": Sample(
        raw=rss(
            pair('<description><![CDATA[Start with &lt;!DOCTYPE x SYSTEM "y">.]]></description>')
        )
        .replace("&lt;!", "<!")
        .encode()
    ),
    "no entries": Sample(raw=rss("").encode(), titles=(), notes=("has no entries",)),
}

HTML = b"<!doctype html><html><head><title>Paper</title></head><body><p>Hello</p></body></html>"

MALFORMED = {
    "bare ampersands": Sample(
        raw=rss(
            "<item><title>R&D & more</title><link>https://paper.example/1?a=1&b=2</link></item>"
            + item("2", "Two")
        ).encode(),
        titles=("R&D & more", "Two"),
        first_url="https://paper.example/1?a=1&b=2",
        notes=("ampersands",),
    ),
    "entities of html": Sample(
        raw=rss(item("1", "Caf&eacute; &ndash; open&nbsp;now &bogus;") + item("2", "Two")).encode(),
        titles=("Caf\u00e9 \u2013 open\u00a0now &bogus;", "Two"),
        notes=("ampersands",),
    ),
    "cut in an entry": Sample(
        raw=rss(pair() + item("3", "Three")).encode()[:-60], notes=("breaks off after 2 entries",)
    ),
    "cut between entries": Sample(
        raw=rss(pair()).removesuffix("</channel></rss>").encode(),
        notes=("breaks off after 2 entries",),
    ),
    "cut in a text": Sample(
        raw=rss(pair() + "<item><title>Th<description><![CDATA[<p>Half a").encode()[:-16],
        notes=("breaks off after 2 entries",),
    ),
    "an atom feed that is cut": Sample(
        raw=atom(entry("1", "<title>One</title>") + entry("2", "<title>Two</title>")).encode()[
            :-30
        ],
        kind="Atom",
        titles=("One",),
        notes=("breaks off after 1 entry; the one cut off",),
    ),
    "a prefix that nobody declared": Sample(
        raw=rss(pair("<dc:creator>Jo Roe</dc:creator>")).encode(),
        facts=(("author", "Jo Roe"),),
        notes=("prefix dc",),
    ),
    "an unknown prefix that nobody declared": Sample(
        raw=rss(pair('<x:thing y:z="1">What</x:thing>')).encode(), notes=("not well-formed",)
    ),
    "controls": Sample(
        raw=rss(item("1", "O\x0bn\x1be") + item("2", "Two")).encode(),
        notes=("characters that XML does not allow",),
    ),
    "references to what is no character": Sample(
        raw=rss(item("1", "O&#0;n&#x1F;e") + item("2", "Two")).encode(),
        titles=("On\ufffde", "Two"),
        notes=("not well-formed",),
    ),
    "nuls": Sample(raw=rss(pair()).encode().replace(b"One", b"O\0ne")),
    "tags that cross": Sample(
        raw=rss(item("1", "<b>O<i>n</b>e</i>") + item("2", "Two")).encode(),
        notes=("not well-formed",),
    ),
    "entries that are not closed": Sample(
        raw=rss(
            "<item><title>One</title><link>https://paper.example/1</link>" + item("2", "Two")
        ).encode(),
        notes=("not well-formed",),
    ),
    "a program's warning before it": Sample(
        raw=b"<br />\n<b>Warning</b>: x in <b>y.php</b> on line <b>3</b><br />\n"
        + rss(pair()).encode(),
        notes=("text before the feed",),
    ),
    "blank lines before it": Sample(raw=b"\n\n  \n" + rss(pair()).encode()),
    "a script after it": Sample(
        raw=rss(pair()).encode() + b"<script>count()</script>", notes=("not well-formed",)
    ),
    "two marks and two declarations": Sample(
        raw=b"\xef\xbb\xbf\xef\xbb\xbf" + rss(pair(), before='<?xml version="1.0"?>').encode(),
        notes=("not well-formed",),
    ),
    "latin-1 that says utf-8": Sample(
        raw=rss(item("1", "Caf\u00e9 society in the north") + item("2", "Two")).encode("latin-1"),
        titles=("Caf\u00e9 society in the north", "Two"),
    ),
    "utf-8 whose header says latin-1": Sample(
        raw=rss(item("1", "Caf\u00e9") + item("2", "Two")).encode(),
        content_type="text/xml; charset=ISO-8859-1",
        titles=("Caf\u00e9", "Two"),
    ),
    "attributes without quotes": Sample(
        raw=rss(pair("<enclosure url=https://paper.example/a.jpg type=image/jpeg />")).encode(),
        notes=("not well-formed",),
    ),
    "an attribute given twice": Sample(
        raw=rss(pair('<guid isPermaLink="false" isPermaLink="false">g</guid>')).encode(),
        facts=(("guid", "g"),),
        notes=("not well-formed",),
    ),
    "dates that cannot be": Sample(
        raw=rss(
            item("1", "One", "<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>")
            + item("2", "Two", "<pubDate>yesterday</pubDate>")
        ).encode(),
        facts=(("published", ""),),
    ),
    "entries without a title": Sample(
        raw=rss("<item><link>https://paper.example/1</link></item>" + item("2", "Two")).encode(),
        titles=("", "Two"),
    ),
    "a json feed that is cut": Sample(
        raw=b'{"version": "https://jsonfeed.org/version/1", "title": "Paper", "items": [{"id": "1",'
        b'"url": "https://paper.example/1", "title": "One"}, {"id": "2", "title": "Tw',
        kind="JSON Feed",
        titles=("One",),
        notes=("breaks off",),
    ),
    "a json feed without a version": Sample(
        raw=b'{"title": "Paper", "items": [{"url": "/1", "title": "One"}, 3, {"title": "Two"}]}',
        kind="JSON Feed",
        notes=("no version", "left out"),
    ),
    "a web page": Sample(raw=HTML, refused="it is a web page and no feed"),
    "a web page in xhtml": Sample(
        raw=b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">'
        b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        refused="it is a web page and no feed",
    ),
    "a web page with tag soup": Sample(
        raw=b"<html><head><title>x</title><body><p>a<p>b &nbsp; <br><img src=x></html>",
        refused="it is a web page and no feed",
    ),
    "a list of feeds": Sample(
        raw=b'<?xml version="1.0"?><opml version="2.0"><head/><body/></opml>',
        refused="its first tag is <opml>",
    ),
    "a site map": Sample(
        raw=b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>',
        refused="its first tag is <urlset>",
    ),
    "plain text": Sample(raw=b"Not found", refused="it is neither XML nor JSON"),
    "a picture": Sample(raw=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, refused="binary"),
    "still packed": Sample(
        raw=b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + bytes(range(40)), refused="binary"
    ),
    "nothing": Sample(raw=b"", refused="it is empty"),
    "blanks": Sample(raw=b" \r\n\0\t", refused="it is empty"),
    "json of something else": Sample(raw=b'{"error": 404}', refused="no JSON Feed"),
    "a json list": Sample(raw=b"[1, 2]", refused="no JSON Feed"),
    "json that is broken": Sample(raw=b'{"items": nonsense}', refused="its JSON cannot be read"),
    "the start of a tag": Sample(raw=b"<rs", refused="no feed"),
}
