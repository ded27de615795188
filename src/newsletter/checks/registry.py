"""All checks, one row each, in the order of a report.

To add one: write its function, which yields findings with their remedies, and a row here.
`scripts/checks_page` makes docs/reference/checks.md of the rows.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

from newsletter.checks import sources
from newsletter.checks.appeal_in_template import appeal_in_template
from newsletter.checks.check import (
    HEADLINE,
    LINK,
    PICTURE,
    WITHDRAWN,
    Check,
    Needs,
    found_by_recheck,
)
from newsletter.checks.html import (
    active,
    client_support,
    contrast,
    document,
    hidden_text,
    legibility,
    links,
    markup,
    outlook,
    output,
    parity,
    privacy,
    slots,
    style_blocks,
)
from newsletter.checks.issue import (
    callout_places,
    callouts,
    dates,
    envelope,
    garbled,
    neighbours,
    pictures,
    placeholders,
    repeats,
    residue,
    stories,
    tracking,
)
from newsletter.checks.message import alignment, headers
from newsletter.checks.request import CheckRequest, Composition
from newsletter.checks.template_fit import (
    compile_crash,
    found_by_composing,
    issue_fits,
    language_words,
    pictures_show,
)
from newsletter.model.finding import CheckLevel, CheckRule, Finding, Report, Severity

_ERROR = Severity.ERROR
_NO_MAIL = "without it there is no mail to send"
_MALFORMED = "mail programs could not read the message"
_UNSUBSCRIBE = "a reader must be able to leave, by law and by the rules of the large mail providers"

_fidelity = partial(Check, needs=Needs.SOURCES, blocks_automatic=True)
_page = partial(Check, needs=Needs.COMPOSITION)
_message = partial(Check, needs=Needs.MESSAGE)


def _wording_in_issue(request: CheckRequest) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_issue(request)
    yield from callout_places.callout_text_elsewhere(request)


def _wording_in_mail(made: Composition) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_mail(made)
    yield from appeal_in_template(made)


def _asked(label: str, key: str, rule: str, mend: str) -> Check:
    """Return a check that repeats what `recheck` found."""
    return Check(
        label=label,
        severity=_ERROR,
        key=key,
        rule=rule,
        mend=mend,
        needs=Needs.RECHECK,
        blocks_automatic=True,
        at_source=found_by_recheck(label),
    )


def _template(label: str, rule: str, mend: str, fixed: str = "") -> Check:
    """Return a check that hands on what composing found in a template."""
    return Check(
        label=label,
        severity=_ERROR,
        fixed=fixed,
        rule=rule,
        mend=mend,
        needs=Needs.COMPOSITION,
        at_source=found_by_composing(label),
    )


_ALL = (
    Check(
        label="S01 subject-length",
        rule="the subject is 10 to 60 characters long",
        mend="put what matters into the first words of `subject:` in the front matter",
        at_source=envelope.subject_length,
    ),
    Check(
        label="S02 subject-shape",
        rule="the subject neither shouts nor poses as a reply, and nothing in it is unfilled",
        mend="write the subject as a sentence",
        at_source=envelope.subject_shape,
    ),
    Check(
        label="S03 preheader",
        rule="the preheader is there, 40 to 90 characters long, and says more than the subject",
        mend="write `preheader:` in the front matter; name the next stories",
        at_source=envelope.preheader,
    ),
    Check(
        label="S04 stale-callout",
        severity=_ERROR,
        fixed="asking for money for an appeal that is not open misleads readers",
        rule="every appeal in the issue is verified and open",
        mend="look at the charity's page, then run `newsletter callouts verify`, or take it out",
        at_source=callouts.stale_callout,
    ),
    Check(
        label="S05 callout-wording",
        needs=Needs.COMPOSITION,
        severity=_ERROR,
        fixed="a changed wording or address is how an appeal's donations are stolen",
        rule="callouts stand in the mail with their registered words and links",
        mend="place it with `::: callout NAME` and an empty block; agreed changes go into its file",
        at_source=_wording_in_issue,
        at_mail=_wording_in_mail,
    ),
    Check(
        label="S06 callout-duplicate",
        rule="no callout stands twice, and one appeal at most stands in an issue",
        mend="keep one",
        at_source=callout_places.callout_duplicate,
    ),
    Check(
        label="S07 story-complete",
        severity=_ERROR,
        rule="every story has a headline, a summary of 8 to 80 words and a link",
        mend="write `## [Headline](https://…)` and one to three sentences below the head",
        at_source=stories.story_complete,
    ),
    Check(
        label="S08 duplicate-story",
        rule="no story stands twice in the issue or went to the same list lately",
        mend="take the story out; for an update write `{update=yes}` below the headline",
        at_source=repeats.duplicate_story,
    ),
    Check(
        label="S09 residue",
        severity=_ERROR,
        rule="no furniture of the source page was left in",
        mend="take the line out",
        at_source=residue.residue,
    ),
    Check(
        label="S10 affiliate-disclosure",
        rule="where a source's links earn money, the issue says so",
        mend='say it once, such as "Some pages we link to earn a commission on what you buy there"',
        needs=Needs.SOURCES,
        at_source=sources.affiliate_disclosure,
    ),
    _fidelity(
        label="S11 quote-fidelity",
        rule="what is quoted, in a headline five words or more, is in the source word for word",
        mend="quote the source's own words, or take the marks away",
        at_source=sources.quote_fidelity,
    ),
    _fidelity(
        label="S12 figure-fidelity",
        rule="numbers and names of a summary stand in its source",
        mend="compare with the source; what you know from elsewhere may stand",
        at_source=sources.figure_fidelity,
    ),
    Check(
        label="S13 stale-dates",
        rule="days and dates are right on the day the issue goes out",
        mend="put the day right, as it is seen from the day the issue goes out",
        at_source=dates.stale_dates,
    ),
    Check(
        label="S14 alt-text",
        needs=Needs.COMPOSITION,
        severity=_ERROR,
        rule="every picture has an alternative text that tells what it shows",
        mend='write `![what the picture shows](https://…)`; `alt=""` in a template for decoration',
        at_source=pictures.alt_text,
        at_mail=output.images_alt,
    ),
    Check(
        label=PICTURE,
        severity=_ERROR,
        needs=Needs.RECHECK,
        rule="every story's picture can be had, and is sharp and light enough",
        mend="take the picture out, or give the address of another",
        at_source=pictures.image_source,
    ),
    Check(
        label="S16 tracking-residue",
        rule="no link carries somebody's click, session or address",
        mend="take the part out, and see that the address still leads there",
        at_source=tracking.tracking_residue,
    ),
    _fidelity(
        label="S17 attribution",
        rule="what the source only reports is not told as a fact",
        mend="say who says so",
        at_source=sources.attribution,
    ),
    _fidelity(
        label="S18 stale-summary",
        rule="no source has changed since its summary was made",
        mend="read the summary against the article, then `newsletter accept ISSUE ARTICLE`",
        at_source=sources.stale_summary,
    ),
    Check(
        label="S19 draft-summary",
        severity=_ERROR,
        fixed="a person has to have read what a model wrote",
        rule="a summary that a model wrote has been accepted by a person",
        mend="read it, then `newsletter accept ISSUE`; or take `summary=draft` out of the file",
        blocks_automatic=True,
        at_source=sources.draft_summary,
    ),
    Check(
        label="S20 embargo",
        severity=_ERROR,
        fixed="an embargo is a promise to the source",
        rule="no story goes out before its embargo ends",
        mend="take the story out, plan the issue for later, or correct the time",
        at_source=stories.embargo,
    ),
    Check(
        label="S21 expiry",
        severity=_ERROR,
        rule="no story goes out after it has expired",
        mend="take the story out",
        at_source=stories.expiry,
    ),
    _asked(
        label=WITHDRAWN,
        rule="no page that a story links to was withdrawn",
        mend="take the story out, or link another page",
        key="withdrawn",
    ),
    _asked(
        label=HEADLINE,
        rule="the sources' headlines are still those that were taken in",
        mend="see whether headline and summary still hold; then `newsletter recheck` again",
        key="headline",
    ),
    Check(
        label="S24 callout-neighbours",
        rule="no callout stands beside a story that it may not stand beside",
        mend="move the block, or take it out of this issue",
        blocks_automatic=True,
        at_source=callout_places.callout_neighbours,
    ),
    Check(
        label="S25 callout-readers",
        severity=_ERROR,
        rule="every callout is for readers of this language and country",
        mend='take the block out, or write `country = "GB"` into newsletter.toml',
        at_source=callout_places.callout_readers,
    ),
    Check(
        label="S26 placeholder",
        severity=_ERROR,
        rule="nothing stands in for what was to be written",
        mend="fill it in, or take it out",
        at_source=placeholders.placeholder,
    ),
    Check(
        label="S27 sensitive-neighbours",
        rule="nothing light and nothing that sells stands beside a story of death or harm",
        mend="move one of the two, or let other news stand between",
        blocks_automatic=True,
        at_source=neighbours.sensitive_neighbours,
    ),
    Check(
        label="S28 garbled-text",
        severity=_ERROR,
        rule="readers see letters, and no markup as typed",
        mend="write the characters themselves; close each `**` right after a word",
        at_source=garbled.garbled_text,
    ),
    _template(
        label="C01 unknown-mjml",
        rule="templates use only tags and attributes that the compiler knows",
        mend="use the nearest right name, which the finding gives",
    ),
    _template(
        label="C02 misplaced-mjml",
        rule="MJML tags stand where they may",
        mend="put content tags into an `mj-column`, columns into an `mj-section`",
    ),
    _template(
        label="C03 mrml-gap",
        rule="templates use nothing that the compiler is known to get wrong",
        mend="write what the finding names instead; zero padding is `0px`",
    ),
    _template(
        label="C04 well-formed",
        fixed=_NO_MAIL,
        rule="the MJML is well formed and not nested too deep",
        mend="close the tag, quote the attribute or escape the character that is named",
    ),
    _page(
        label="C05 compile-crash",
        severity=_ERROR,
        fixed=_NO_MAIL,
        rule="composing comes to an end within its limits",
        mend="make the block or template that is named simpler",
        at_source=compile_crash,
    ),
    _template(
        label="C06 template",
        fixed=_NO_MAIL,
        rule="the template can be read and filled",
        mend="correct the line; the finding gives the nearest right name",
    ),
    _template(
        label="C07 unsafe-template",
        fixed="active or fetched content in a mail endangers readers",
        rule="the template sets nothing active and fetches nothing",
        mend="take it out",
    ),
    _template(
        label="C08 theme-css",
        rule="theme.css.j2 holds only what can be inlined",
        mend="use element and class selectors without `!important`; media queries go into the head",
    ),
    _template(
        label="C09 content-lost",
        fixed="readers would not know what they miss",
        rule="every headline, link and callout of the issue is in both parts",
        mend="let the template show every part, in the text part by `{{ row.text }}`; nest less",
    ),
    _page(
        label="C10 template-fit",
        rule="the issue suits its newsletter's template",
        mend="change the issue, or set another `template` for the newsletter",
        at_source=issue_fits,
        at_mail=pictures_show,
    ),
    _page(
        label="C11 language-words",
        rule="the standing words are there in the mail's language",
        mend="write the words into templates of your own, where `{{ words.… }}` stands",
        at_source=language_words,
    ),
    _page(
        label="O01 clip",
        severity=_ERROR,
        rule="the HTML stays below the size at which Gmail cuts it off",
        mend="take out stories or turn some into briefs; about 20 cards fit",
        at_mail=output.clip,
    ),
    _page(
        label="O02 style-budget",
        severity=_ERROR,
        rule="the style blocks hold less CSS than Gmail reads",
        mend="take out rules that select nothing; what needs no media rule belongs into theme.css",
        at_mail=style_blocks.style_budget,
    ),
    _page(
        label="O03 style-parse",
        severity=_ERROR,
        rule="every program can read the style blocks",
        mend="correct the line and character that are named",
        at_mail=style_blocks.style_parse,
    ),
    _page(
        label="O04 doctype-lang-title-meta",
        severity=_ERROR,
        rule="the HTML says what it is, in which language, and how it wants to be shown",
        mend="include parts/document_head.mjml.j2, and set `lang` and `dir` on `<mjml>`",
        at_mail=document.document,
    ),
    _page(
        label="O05 mso-balance",
        severity=_ERROR,
        rule="what only Outlook for Windows sees is closed",
        mend="close the HTML of each `mj-raw`",
        at_mail=outlook.mso_balance,
    ),
    _page(
        label="O06 contrast",
        severity=_ERROR,
        rule="words stand out from their background",
        mend="change one of the two colours that are named",
        at_mail=contrast.words_contrast,
    ),
    _page(
        label="O07 dark-contrast",
        severity=_ERROR,
        rule="words stand out from their background in dark mode",
        mend="give it a dark rule, with `!important`, for its colour and its background",
        at_mail=contrast.dark_contrast,
    ),
    _page(
        label="O08 tap-target",
        rule="a finger can hit each link on a phone",
        mend="give the link itself `display: inline-block` and padding above and below",
        at_mail=legibility.tap_target,
    ),
    _page(
        label="O09 headings",
        rule="one heading is of the first level, none is empty, and no level is skipped",
        mend="an h1 for the lead, h2 for sections and callouts, h3 for other stories",
        at_mail=document.headings,
    ),
    _page(
        label="O10 links",
        severity=_ERROR,
        rule="every link is absolute and shows no other host than its own",
        mend="write the whole https address, and words that name what is linked",
        at_mail=links.links,
    ),
    _asked(
        label=LINK,
        rule="every story's link answers",
        mend="open the link yourself",
        key="link",
    ),
    _page(
        label="O12 link-ambiguity",
        rule="each link can be told from the others by its words alone",
        mend="let the words name what is linked",
        at_mail=links.link_ambiguity,
    ),
    _page(
        label="O13 css-support",
        rule="the mail hangs on nothing that a program in use does not know",
        mend="build it from `mj-section` and `mj-column`",
        at_mail=client_support.css_support,
    ),
    _page(
        label="O15 unsub-visible",
        severity=_ERROR,
        fixed=_UNSUBSCRIBE,
        rule="both parts show the reader's own unsubscribe link",
        mend="link the unsubscribe address in the footer of both parts, in a dark colour",
        at_mail=output.unsub_visible,
    ),
    _page(
        label="O16 postal-why",
        severity=_ERROR,
        fixed="the law asks for the sender's address, and readers for the reason",
        rule="the mail carries the postal address and says why the reader gets it",
        mend="set `postal_address` in newsletter.toml; print it and `why` in both parts",
        at_mail=output.postal_why,
    ),
    _page(
        label="O17 image-text-ratio",
        rule="the mail says in text what it has to say",
        mend="print headline and summary as text",
        at_mail=document.image_text,
    ),
    _page(
        label="O18 slots",
        severity=_ERROR,
        fixed="a reader would see another's data, or a bare token",
        rule="every slot is known, stands where it is safe, and is filled",
        mend="use a known slot, an address slot only as a whole link, and none in the subject",
        at_mail=slots.slots,
    ),
    _page(
        label="O19 text-parity",
        severity=_ERROR,
        rule="the text part says what the HTML says, in the same order",
        mend="let both templates print every part of a row, in the order of `rows`",
        at_mail=parity.text_parity,
    ),
    _page(
        label="O20 hidden-text",
        rule="no text is hidden from readers",
        mend="take it out, or show it to all",
        at_mail=hidden_text.hidden_text,
    ),
    _page(
        label="O21 privacy",
        rule="no picture is there only to be counted",
        mend="take the picture out, or keep it where your own are",
        at_mail=privacy.privacy,
    ),
    _page(
        label="O22 text-size",
        rule="letters are large enough, and lines stand apart",
        mend="set running text in 16px with a line height of 25px",
        at_mail=legibility.text_size,
    ),
    _page(
        label="O23 too-wide",
        rule="nothing is wider than a phone",
        mend="`width: 100%` with a `max-width`; `word-break: break-word` for long words",
        at_mail=legibility.too_wide,
    ),
    _page(
        label="O24 line-length",
        rule="lines of running text are not too long",
        mend="give the mail a width of 600px, as `mj-body` does by itself",
        at_mail=legibility.line_length,
    ),
    _page(
        label="O25 layout-tables",
        rule="a table that only lays out says so, and one of data does not",
        mend='write `role="presentation"` on layout, and take it off data',
        at_mail=markup.layout_tables,
    ),
    _page(
        label="O26 active-content",
        severity=_ERROR,
        fixed="what acts in a mail program endangers readers",
        rule="nothing in the HTML is active",
        mend="take it out of the template",
        at_mail=active.active_content,
    ),
    _page(
        label="O27 image-width",
        rule="every picture of a template states its width",
        mend='use `mj-image`, or write `width="256"` on it',
        at_mail=markup.image_width,
    ),
    _page(
        label="O28 button-words",
        rule="a button's words fit on one line of a phone",
        mend="say what the button does, and the rest above it",
        at_mail=markup.button_words,
    ),
    _page(
        label="O29 inbox-line",
        rule="the inbox shows the preheader behind the subject, and nothing after it",
        mend="set it by `mj-preview` with its padding, as parts/document_head.mjml.j2 does",
        at_mail=markup.inbox_line,
    ),
    _message(
        label="H01 line-length",
        severity=_ERROR,
        fixed=_MALFORMED,
        rule="no line of the message is longer than mail allows",
        mend="report it",
        at_mail=headers.line_length,
    ),
    _message(
        label="H02 one-click",
        severity=_ERROR,
        fixed=_UNSUBSCRIBE,
        rule="mail programs can unsubscribe the reader with one click",
        mend="set `public_url` to an https address",
        at_mail=headers.one_click,
    ),
    _message(
        label="H03 headers",
        severity=_ERROR,
        fixed="a forged or broken sender endangers readers",
        rule="a subject is there; the headers are complete, well formed and name the right sender",
        mend="write the subject into the issue's front matter; report anything else",
        at_source=headers.subject_there,
        at_mail=headers.headers,
    ),
    _message(
        label="H04 alignment",
        rule="sender, signature, return path and unsubscribe link are of one organisation",
        mend="set them, and `public_url`, to names under the sender's domain",
        at_mail=alignment.alignment,
    ),
    _message(
        label="H05 non-ascii-address",
        rule="every server can take the newsletter's own addresses",
        mend="use an ASCII address",
        at_mail=alignment.non_ascii_address,
    ),
    _message(
        label="H06 mime-roundtrip",
        severity=_ERROR,
        fixed=_MALFORMED,
        rule="read back, the message is what was composed",
        mend="report it",
        at_mail=headers.mime_roundtrip,
    ),
)

CHECKS: Mapping[str, Check] = MappingProxyType({check.id: check for check in _ALL})
"""Every check by its id, in the order of a report."""


def may_waive(check: str, level: CheckLevel | None = None) -> bool:
    """Return whether a person may answer for an error of this check; an unknown id never.

    A check that only warns by itself has errors to answer for where settings raise it.
    """
    known = CHECKS.get(check.split(" ", 1)[0])
    if known is None or known.fixed:
        return False
    return known.severity is Severity.ERROR or level is CheckLevel.ERROR


def check_rules() -> Mapping[str, CheckRule]:
    """Return what settings need to know of every check, by its id."""
    return {check.id: check.settings for check in CHECKS.values()}


def wants_person(report: Report) -> tuple[Finding, ...]:
    """Return the findings that no automatic approval may pass, beside the errors."""
    return tuple(
        finding
        for finding in report.findings
        if finding.severity is Severity.WARNING
        and (known := CHECKS.get(finding.id)) is not None
        and known.blocks_automatic
    )
