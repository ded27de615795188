from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import (
    EMAIL_HTML,
    HREF,
    LEAD,
    NAME_HTML,
    NAME_TEXT,
    NEWSLETTER,
    SENTINELS,
    UNSUB_HTML,
    UNSUB_TEXT,
    compose,
    errors,
    found,
    only,
    request_for,
    with_blocks,
    with_html,
    with_text,
)

from newsletter.checks.html.output import longest_html
from newsletter.checks.request import read_composition
from newsletter.checks.run import run_checks
from newsletter.model.composed import BlockSize, Skeleton, Slot, SlotContext
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Story, TextPassage
from newsletter.model.text import CodeBlock, CodeSpan, ListBlock, Paragraph, Quote, SlotRef, Text


def sized(data: int) -> Finding | None:
    """The finding on a mail whose HTML takes so many bytes with its slots at their longest."""
    made = compose()
    composition = read_composition(request_for(composed=made))
    assert composition is not None
    filler = "x" * (data - longest_html(composition) - len("<p></p>"))
    big = replace(made, html=made.html.replace("<h3>", f"<p>{filler}</p><h3>"))
    findings = found(request_for(composed=big), "O01")
    return findings[0] if findings else None


@pytest.mark.parametrize(
    ("data", "severity"),
    [
        (90_000, None),
        (90_001, Severity.WARNING),
        (102_000, Severity.WARNING),
        (102_001, Severity.ERROR),
    ],
)
def test_the_size_is_judged_to_the_byte(data: int, severity: Severity | None) -> None:
    finding = sized(data)
    assert (finding.severity if finding else None) is severity
    if finding:
        assert f"{data:,} bytes" in finding.message


def test_slots_are_counted_at_their_longest() -> None:
    made = compose()
    composition = read_composition(request_for(composed=made))
    assert composition is not None
    bare = len(made.html.encode())
    names, addresses, links = 64 - len(NAME_HTML), 254 - len(EMAIL_HTML), 101 - len(UNSUB_HTML)
    assert len("https://news.example.org/u/") + 75 == 102
    assert longest_html(composition) == bare + names + addresses + links + 1


def test_the_story_that_crosses_the_line_is_named() -> None:
    made = compose()
    big = replace(
        made,
        html=made.html.replace("<h3>", f"<p>{'x' * 95_000}</p><h3>"),
        blocks=(
            BlockSize(name="story 1: The lead", bytes=40_000),
            BlockSize(name="story 2: Trains", bytes=35_000),
            BlockSize(name="story 3: Weather", bytes=20_000),
            BlockSize(name="masthead, footer and styles", bytes=2_000),
        ),
    )
    finding = only(request_for(composed=big), "O01")
    assert finding.evidence.startswith("story 1: The lead 40,000; story 2: Trains 35,000")
    assert finding.remedy


def test_a_mail_without_an_unsubscribe_link_is_an_error_in_each_part() -> None:
    html = only(with_html(f'href="{UNSUB_HTML}"', 'href="https://example.org/u/12"'), "O15")
    assert "HTML part" in html.message
    assert html.evidence == "Unsubscribe → https://example.org/u/12"
    assert "text part" in only(with_text(UNSUB_TEXT, "write to us"), "O15").message


@pytest.mark.parametrize(
    "hidden",
    cases("output", "an_unsubscribe_link_nobody_sees_is_an_error"),
)
def test_an_unsubscribe_link_nobody_sees_is_an_error(hidden: str) -> None:
    shown = f'<a href="{UNSUB_HTML}" style="color:#1b4a6b">Unsubscribe</a>'
    assert "cannot be seen" in only(with_html(shown, hidden), "O15").message


def test_a_pale_unsubscribe_link_is_an_error() -> None:
    (finding,) = found(with_html("color:#1b4a6b", "color:#ccc"), "O15")
    assert finding.evidence == "contrast 1.59, at least 4.5 is needed"


def test_an_unsubscribe_link_in_any_language_passes() -> None:
    assert not found(with_html(">Unsubscribe<", ">Newsletter abbestellen<"), "O15")


def test_a_story_on_how_to_unsubscribe_is_no_unsubscribe_link() -> None:
    story = replace(LEAD, headline="How to unsubscribe from nearly everything", image=None)
    assert not found(request_for(with_blocks(story)), "O15")


def test_a_mail_without_its_postal_address_is_an_error_in_each_part() -> None:
    html = only(with_html("1 Example Street,<br>London", "London"), "O16")
    assert (html.message, html.evidence) == (
        "the HTML part does not carry the postal address",
        "1 Example Street, London",
    )
    assert "text part" in only(with_text("1 Example Street, London", ""), "O16").message


def test_a_postal_address_may_be_broken_where_its_script_breaks() -> None:
    newsletter = replace(NEWSLETTER, postal_address="\u6771\u4eac\u90fd\u5343\u4ee3\u7530\u533a1-1")
    made = compose()
    made = replace(
        made,
        html=made.html.replace("1 Example Street,<br>London", newsletter.postal_address),
        text=f"{made.text}\u6771\u4eac\u90fd\n\u5343\u4ee3\u7530\u533a1-1\n",
    )
    assert errors(replace(request_for(composed=made), newsletter=newsletter)) == []


def test_a_newsletter_without_a_postal_address_is_told_where_to_set_it() -> None:
    request = replace(request_for(), newsletter=replace(NEWSLETTER, postal_address=" "))
    assert "newsletter.toml" in only(request, "O16").remedy


def test_a_mail_that_does_not_say_why_is_an_error() -> None:
    why = "You get this because you signed up for The Daily from Example News with the address"
    assert "why the reader" in only(with_html(why, "Hello"), "O16").message


@pytest.mark.parametrize(
    "line",
    cases("output", "a_reason_may_be_put_in_many_ways"),
)
def test_a_reason_may_be_put_in_many_ways(line: str) -> None:
    why = "You get this because you signed up for The Daily from Example News with the address "
    assert not found(with_html(f"{why}{EMAIL_HTML}.", line), "O16")


def test_a_slot_the_issue_invents_is_an_error_on_its_line() -> None:
    slot = Paragraph(children=(SlotRef(name="shoe_size"), Text(text=" is yours.")), line=31)
    issue = with_blocks(LEAD, TextPassage(blocks=(slot,), line=30))
    finding = only(request_for(issue), "O18")
    assert (finding.line, finding.evidence) == (31, "[[shoe_size]]")


def test_a_slot_the_template_invents_is_an_error() -> None:
    more = replace(SENTINELS[4], slot=Slot(name="shoe_size", context=SlotContext.HTML))
    made = compose()
    request = request_for(composed=replace(made, sentinels=(*SENTINELS, more)))
    assert "shoe_size" in only(request, "O18").message


def test_header_slots_are_known_in_headers_alone() -> None:
    made = compose()
    header = (
        Slot(name="to", context=SlotContext.HEADER_ADDRESS),
        Slot(name="delivery", context=SlotContext.HEADER_TOKEN),
        Slot(name="unsubscribe_url", context=SlotContext.HEADER_URL),
    )
    skeleton = Skeleton(segments=(b"", b"", b"", b""), slots=header)
    assert errors(request_for(composed=replace(made, skeleton=skeleton))) == []
    body = replace(skeleton, slots=(replace(header[0], context=SlotContext.TEXT), *header[1:]))
    assert errors(request_for(composed=replace(made, skeleton=body))) == ["O18"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    cases("output", "a_slot_where_its_value_is_not_safe_is_an_error"),
)
def test_a_slot_where_its_value_is_not_safe_is_an_error(old: str, new: str, told: str) -> None:
    assert any(told in finding.message for finding in found(with_html(old, new), "O18"))


def test_an_html_slot_in_the_text_part_and_one_in_the_subject_are_errors() -> None:
    assert "stands in the text part" in only(with_text(NAME_TEXT, NAME_HTML), "O18").message
    made = replace(compose(), subject=f"Good morning {NAME_HTML}")
    assert "subject" in found(request_for(composed=made), "O18")[0].message


def test_a_slot_in_an_alternative_text_is_safe() -> None:
    image = f'<img src="https://example.org/x.png" alt="For {NAME_HTML}"><h3>'
    assert not found(with_html("<h3>", image), "O18")


@pytest.mark.covers("T31")
def test_a_token_left_in_the_message_is_an_error() -> None:
    request = request_for()
    example = request.example
    assert example is not None
    left = replace(request, example=example.replace(b"Ada.", NAME_TEXT.encode() + b"."))
    assert "left unfilled" in found(left, "O18")[0].message


def test_a_token_left_in_a_header_is_an_error() -> None:
    request = request_for()
    assert request.example is not None
    example = request.example.replace(b"To: Zoe", b"To: " + NAME_HTML.encode())
    assert "left unfilled" in only(replace(request, example=example), "O18").message


def test_a_token_left_in_the_skeleton_is_an_error() -> None:
    skeleton = Skeleton(segments=(b"x" + UNSUB_HTML.encode(), b""), slots=(HREF,))
    request = request_for(composed=replace(compose(), skeleton=skeleton))
    assert "not cut out" in only(request, "O18").message


def test_a_slot_a_template_wrote_as_in_an_issue_is_an_error() -> None:
    request = with_html("<h3>", "<p>Dear [[name|reader]]</p><h3>")
    assert only(request, "O18").evidence == "[[name|reader]]"


def test_brackets_that_an_editor_typed_are_text() -> None:
    typed = Paragraph(
        children=(Text(text="Write [[name]] or "), CodeSpan(text="[[email|you]]"), Text(text="."))
    )
    issue = with_blocks(LEAD, TextPassage(blocks=(typed,), line=30))
    shown = compose(issue)
    shown = replace(shown, html=shown.html.replace("<h3>", "<p>[[email|you]]</p><h3>"))
    assert errors(request_for(issue, composed=shown)) == []


def test_brackets_in_code_a_list_and_a_quotation_are_text() -> None:
    code = CodeBlock(text="Dear [[name|reader]]\n")
    blocks = (ListBlock(items=((code,),)), Quote(blocks=(CodeBlock(text="[[email]]"),)))
    issue = with_blocks(LEAD, TextPassage(blocks=blocks, line=30))
    shown = compose(issue)
    pre = "<pre>Dear [[name|reader]]</pre><pre>[[email]]</pre><h3>"
    shown = replace(shown, html=shown.html.replace("<h3>", pre))
    assert errors(request_for(issue, composed=shown)) == []


def test_other_brackets_are_text() -> None:
    assert not found(with_html("<h3>", "<p>[[citation needed]] and [[sic]]</p><h3>"), "O18")


def test_a_story_may_be_about_anything() -> None:
    story = Story(
        headline="Bill C-11: what “you subscribed” means; {{ braces }} & <b>tags</b>",
        url="https://example.org/a?b=1&c=2",
        summary=(Paragraph(children=(Text(text="A & B said: 2 < 3 is not {{ name }} at all."),)),),
        line=11,
    )
    found = run_checks(request_for(with_blocks(story))).findings
    # what looks like a template's mark or a tag asks a person once, and may be waived
    assert {finding.id for finding in found} == {"S26", "S28"}
