"""Pages whose article is known to the word: news written by a generator, in ten layouts of CMSs.

The same seed gives the same page. Each layout is told in the way its kind of program writes pages:
what stands around the article, between its paragraphs and below it is labelled as noise.
"""

import html
import json
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("labelled_pages.toml").read_text("utf-8")
)

ARTICLES = 4  # of each layout

PLACES = ("Oxbury", "Marlow Ferrers", "Kessing", "Upper Dray", "Tolland", "Port Ardan", "Linfield")
FIRST = ("Ruth", "Imran", "Sian", "Douglas", "Mei", "Agnes", "Tariq", "Colm", "Bryony", "Ewa")
LAST = ("Halloran", "Nowak", "Petrie", "Sandhu", "Voss", "Achterberg", "Quill", "Mbeki", "Lowther")
ROLES = CASES["roles"]
THINGS = ("bridge", "library", "swimming pool", "market hall", "ferry", "weir", "cattle market")
DEEDS = CASES["deeds"]
BODIES = CASES["bodies"]
SENTENCES = CASES["sentences"]
HEADINGS = CASES["headings"]
ITEMS = CASES["items"]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

NOISE = dict(CASES["noise"])

Block = tuple[str, str]


@dataclass(frozen=True)
class News:
    """An article as its writer handed it in: kind (p, h, li, quote) and text of each block."""

    title: str
    standfirst: str
    author: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class LabelledPage:
    """A page and what it is: the words of its article, and the lines that are none of it."""

    name: str
    layout: str
    raw: bytes
    news: News
    noise: tuple[str, ...]


def labelled_pages(first_seed: int = 1, articles: int = ARTICLES) -> Iterator[LabelledPage]:
    """Return the pages of every layout."""
    for place, layout in enumerate(LAYOUTS):
        for number in range(articles):
            yield labelled_page(layout, first_seed * 10_000 + place * 100 + number)


def labelled_page(layout: str, seed: int) -> LabelledPage:
    """Return one page of a layout."""
    page = _Page(seed)
    raw = LAYOUTS[layout](page).encode()
    noise = tuple(page.planted)
    name = f"{layout} {seed}"
    return LabelledPage(name=name, layout=layout, raw=raw, news=page.news, noise=noise)


def write_news(chance: random.Random) -> News:
    """Write an article of some 200 to 500 words."""

    def filled(template: str) -> str:
        return template.format(
            body=chance.choice(BODIES),
            day=chance.choice(DAYS),
            thing=thing,
            place=chance.choice(PLACES),
            deed=deed,
            first=chance.choice(FIRST),
            last=chance.choice(LAST),
            role=chance.choice(ROLES),
            n=chance.randint(11, 49),
            n2=chance.randint(31, 98),
            n3=chance.randint(50, 90),
            m=chance.randint(2, 9),
        )

    thing, deed = chance.choice(THINGS), chance.choice(DEEDS)
    place = chance.choice(PLACES)
    sentences = [filled(template) for template in chance.sample(SENTENCES, len(SENTENCES))]
    blocks: list[Block] = []
    while sentences:
        take = chance.randint(1, 3)
        blocks.append(("p", " ".join(sentences[:take])))
        sentences = sentences[take:]
    for heading in chance.sample(HEADINGS, chance.randint(0, 2)):
        blocks.insert(chance.randint(2, len(blocks) - 1), ("h", heading))
    if chance.random() < 0.5:
        at = chance.randint(2, len(blocks) - 1)
        blocks[at:at] = [("li", filled(item)) for item in chance.sample(ITEMS, 3)]
    if chance.random() < 0.5:
        said = filled("It is not the money, it is {m} years of our lives that nobody gives back.")
        blocks.insert(chance.randint(2, len(blocks) - 1), ("quote", said))
    blocks = _without_leading(blocks)
    return News(
        title=f"{thing.capitalize()} in {place} {deed}",
        standfirst=f"What {place} was told about its {thing}, and what it was not",
        author=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        blocks=tuple(blocks),
    )


def _without_leading(blocks: list[Block]) -> list[Block]:
    """Leave out a heading that another one follows, or nothing."""
    return [
        block
        for block, after in zip(blocks, [*blocks[1:], ("h", "")], strict=True)
        if block[0] != "h" or after[0] == "p"
    ]


class _Page:
    """What a layout writes with: an article, noise that is noted as it is planted."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (words, no secrets)
        self.news = write_news(self.chance)
        self.planted: list[str] = []

    def noise(self, kind: str) -> str:
        """Plant a line; give it as HTML text."""
        line = self.chance.choice([line for line in NOISE[kind] if line not in self.planted])
        if kind == "writer":
            line = f"{self.news.author} {line}"
        self.planted.append(line)
        return html.escape(line)

    def head(self, *, linked_data: bool = False, author: bool = True, about: bool = True) -> str:
        """Write the head; about: with description and OpenGraph."""
        news = self.news
        title = html.escape(news.title)
        parts = [f"<title>{title} | Valley Observer</title>"]
        if about:
            parts += [
                f'<meta name="description" content="{html.escape(news.standfirst)}.">',
                f'<meta property="og:title" content="{title}">',
                '<meta property="og:site_name" content="Valley Observer">',
            ]
        if author and not linked_data:
            parts.append(f'<meta name="author" content="{news.author}">')
        if linked_data:
            stated = {"@context": "https://schema.org", "@type": "NewsArticle"}
            stated |= {"headline": news.title, "datePublished": "2026-11-20T06:30:00Z"}
            data = {**stated, "author": {"@type": "Person", "name": news.author}}
            parts.append(f'<script type="application/ld+json">{json.dumps(data)}</script>')
        return f"<!doctype html><html lang='en'><head><meta charset='utf-8'>{''.join(parts)}</head>"

    def body(self, between: Mapping[int, str] | None = None, /, **tags: str) -> str:
        """Write the article's blocks; tags give a kind's HTML around {}, between what follows one.

        ul is what stands around the items of a list.
        """
        forms = {"p": "<p>{}</p>", "h": "<h2>{}</h2>", "li": "<li>{}</li>", "ul": "<ul>{}</ul>"}
        forms |= {"quote": "<blockquote><p>{}</p></blockquote>"} | tags
        written: list[str] = []
        items = ""
        for index, (kind, text) in enumerate((*self.news.blocks, ("", ""))):
            if kind == "li":
                items += forms["li"].replace("{}", html.escape(text))
            elif items:
                written.append(forms["ul"].replace("{}", items))
                items = ""
            if kind not in {"li", ""}:
                written.append(forms[kind].replace("{}", html.escape(text)))
                written.append((between or {}).get(index, ""))
        return "\n".join(part for part in written if part)


def blog(page: _Page) -> str:
    news = page.news
    between = {1: f'<div class="ad-unit">{page.noise("advertisement")}</div>'}
    between[3] = f"<p><strong>{page.noise('related')}</strong></p>"
    return f"""{page.head()}<body class="single">
<header id="top"><nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav>
</header><div id="content"><main><article class="post hentry"><header class="entry-header">
<h1 class="entry-title">{news.title}</h1><div class="entry-meta">Posted on <time>20 November</time>
by <a rel="author" href="/a">{news.author}</a></div></header>
<div class="entry-content">{page.body(between)}
<div class="sharing"><h3>{page.noise("share")}</h3><ul><li><a href="#">Facebook</a></li></ul></div>
<div class="related-posts"><h3>Related</h3><p>{page.noise("headline")}</p></div></div>
<footer class="entry-footer">{page.noise("tags")}</footer></article>
<div id="comments"><h2>Leave a reply</h2><p>{page.noise("comments")}</p></div></main>
<aside class="widget-area"><h2>Most read</h2><ul><li><a href="/m">{page.noise("headline")}</a></li>
</ul></aside></div><footer>{page.noise("rights")}</footer></body></html>"""


def blocks_theme(page: _Page) -> str:
    between = {
        2: f'<div class="card signup-card"><h2>Valley Observer</h2><p>{page.noise("sign up")}</p>'
        "<form><input><button>Go</button></form></div>",
        4: '<figure class="image"><img src="a.jpg" alt=""><figcaption>'
        f"{page.noise('caption')}</figcaption></figure>",
    }
    return f"""{page.head(linked_data=True)}<body><div class="site-blocks"><main class="group">
<h1 class="post-title">{page.news.title}</h1><div class="post-content is-layout-flow">
{page.body(between, p='<p class="has-text">{}</p>', h='<h2 class="block-heading">{}</h2>')}</div>
<section class="read-next"><h2>Read next</h2><h3>{page.noise("headline")}</h3>
<h3>{page.noise("headline")}</h3></section></main></div>
<footer class="template-part"><p>{page.noise("rights")}</p></footer></body></html>"""


def local_paper(page: _Page) -> str:
    between = {
        0: f'<div class="ad">{page.noise("advertisement")}</div>',
        1: f'<div class="newsletter-embed"><p>{page.noise("sign up")}</p>'
        "<p>Invalid email</p></div>",
        3: f"<p><b>{page.noise('related')}</b></p>",
        4: f'<p><a href="/x">{page.noise("headline")}</a></p>',
    }
    page.planted.append("Invalid email")
    news = page.news
    return f"""{page.head(linked_data=True)}<body><header><nav>News Sport What's on</nav></header>
<div class="consent"><p>{page.noise("cookies")}</p><button>Accept</button></div>
<article class="article-main"><h1>{news.title}</h1><p class="sub-title">{news.standfirst}</p>
<div class="author-information">By {news.author}</div><div class="article-body">
{page.body(between)}<p>{page.noise("member")}</p></div>
<div class="tag-list">{page.noise("tags")}</div></article>
<aside><h3>Most read</h3><ol><li><a href="/y">{page.noise("headline")}</a></li></ol></aside>
</body></html>"""


def components(page: _Page) -> str:
    """A page made of components, its classes made up by a program."""
    cut = '</div></div><div class="{}"><div class="css-2">{}</div></div>'
    again = '<div class="css-9"><div class="css-4">'
    between = {2: cut.format("css-ad", page.noise("advertisement")) + again}
    text = page.body(between, p='<p class="css-1">{}</p>', h='<h2 class="css-7">{}</h2>')
    return f"""{page.head(linked_data=True)}<body><div id="root"><main>
<h1 class="css-3">{page.news.title}</h1><div class="css-8"><span>{page.news.author}</span></div>
<section><div class="css-9"><div class="css-4">{text}</div></div></section>
<div class="css-5"><h2>Recommended</h2><div class="css-6">{page.noise("headline")}</div>
<div class="css-6">{page.noise("headline")}</div></div></main></div>
<div role="contentinfo"><span>{page.noise("rights")}</span></div></body></html>"""


def tables(page: _Page) -> str:
    """A page of the nineties: tables for layout, line breaks for paragraphs."""
    forms = {"p": "{}<br><br>", "h": "<b>{}</b><br><br>", "ul": "{}<br>", "li": "- {}<br>"}
    news = page.news
    return f"""{page.head(about=False, author=False)}<body bgcolor="white"><table width="760"><tr>
<td width="150" valign="top"><a href="/">Home</a><br><a href="/n">News</a><br>
{page.noise("headline")}</td><td valign="top"><font size="5"><b>{news.title}</b></font><br>
<i>By {news.author}</i><br><br>{page.body(quote="<i>{}</i><br><br>", **forms)}
<hr><font size="1">{page.noise("rights")}</font></td></tr></table></body></html>"""


def soup(page: _Page) -> str:
    """Nothing but div elements, whose classes say nothing."""
    forms = {"p": '<div class="x6">{}</div>', "h": '<div class="x7"><b>{}</b></div>'}
    forms |= {"ul": '<div class="x8">{}</div>', "li": "<div>{}</div>"}
    between = {2: f'<div class="x10">{page.noise("member")}</div>'}
    text = page.body(between, quote='<div class="x9">{}</div>', **forms)
    return f"""{page.head()}<body><div class="x1"><div class="x2"><a href="/">News</a></div>
<div class="x3"><div class="x4">{page.news.title}</div><div class="x5">{page.news.author}</div>
{text}</div><div class="x11"><div>{page.noise("headline")}</div>
<div>{page.noise("headline")}</div></div><div class="x12">{page.noise("rights")}</div></div>
</body></html>"""


def columns(page: _Page) -> str:
    """The text stands in two boxes, cut by an advertisement as wide as the page."""
    kinds = [kind for kind, _ in page.news.blocks]
    places = [at for at in range(1, len(kinds) - 2) if kinds[at] == kinds[at + 1] == "p"]
    cut_after = page.chance.choice(places)
    cut = f'</div></div><div class="full-bleed">{page.noise("advertisement")}</div>'
    between = {cut_after: f'{cut}<div class="columns"><div class="col-8 copy">'}
    return f"""{page.head(linked_data=True)}<body><main><div class="hero"><h1>{page.news.title}</h1>
<p>{page.news.standfirst}</p></div><div class="columns"><div class="col-8 copy">
{page.body(between)}</div><div class="col-4 rail"><h3>Editor's picks</h3>
<p>{page.noise("headline")}</p><p>{page.noise("headline")}</p></div></div></main></body></html>"""


def magazine(page: _Page) -> str:
    """A note about the writer and unlinked recommendations stand right below the text."""
    news = page.news
    text = page.body(p='<p class="paragraph">{}</p>', h='<h1 class="part">{}</h1>')
    return f"""{page.head()}<body><div id="root"><div><section><div class="ab ac">
<h1 class="post-title">{news.title}</h1><h2 class="subtitle">{news.standfirst}</h2>
<div>{news.author} · 4 min read</div>{text}</div></section></div>
<div><p>{page.noise("writer")}</p></div><div><h2>Recommended</h2><h3>{page.noise("headline")}</h3>
<p>{page.noise("headline")}</p></div></div></body></html>"""


def sections(page: _Page) -> str:
    between = {
        1: '<figure><img src="x.jpg" alt="A view"><figcaption>'
        f"{page.noise('caption')}</figcaption></figure>",
        3: f'<aside><h3>{page.noise("headline")}</h3><a href="/r">Read more</a></aside>',
        5: f"<details><summary>Sign up</summary><p>{page.noise('sign up')}</p></details>",
    }
    news = page.news
    return f"""{page.head(linked_data=True)}<body><main><article><header><h1>{news.title}</h1>
<p class="standfirst">{news.standfirst}</p></header><section data-component="text">
{page.body(between)}</section><section data-component="links"><h2>More on this story</h2>
<ul><li><a href="/x">{page.noise("headline")}</a></li></ul></section>
<section data-component="topics"><p>{page.noise("tags")}</p></section></article></main>
<footer><p>{page.noise("rights")}</p></footer><dialog><p>{page.noise("cookies")}</p></dialog>
</body></html>"""


def plain(page: _Page) -> str:
    return f"""{page.head(about=False)}<body><h1>{page.news.title}</h1><h4>{page.news.author}</h4>
{page.body(p="<p>{}", h="<h3>{}</h3>")}<p>{page.noise("rights")}</body></html>"""


LAYOUTS: dict[str, Callable[[_Page], str]] = {
    "blog": blog,
    "blocks theme": blocks_theme,
    "local paper": local_paper,
    "components": components,
    "tables": tables,
    "soup": soup,
    "columns": columns,
    "magazine": magazine,
    "sections": sections,
    "plain": plain,
}
WITHOUT_STRUCTURE = frozenset({"tables", "soup"})
