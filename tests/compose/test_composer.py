from dataclasses import replace

import pytest
from case_tables import own_cases
from composing import (
    PICTURE,
    READER,
    appeal,
    compose,
    composed,
    elements,
    for_reader,
    issue,
    placed,
    story,
    templates,
    text,
    words_in,
)

from newsletter.compose.composer import Composer
from newsletter.errors import IssueError
from newsletter.model.callout import Appearance, CalloutStatus
from newsletter.model.issue import Brief, Briefs, CalloutRef, EditorMessage, Section, TextPassage

APPEAL = CalloutRef(name="dec-ukraine", line=9)


def test_the_same_inputs_give_the_same_bytes(composer: Composer) -> None:
    made = issue(story(image=PICTURE), APPEAL, story("Two"), story("Three"))
    first = composed(composer, made, placed())
    with Composer() as other:
        second = composed(other, made, placed())
    assert replace(first, timings_ms=()) == replace(second, timings_ms=())
    assert len(first.fingerprint) == 64


@pytest.mark.parametrize("lost", [("mjml", "txt"), ("txt",)])
def test_half_a_template_is_told_with_those_that_are_there(
    composer: Composer, lost: tuple[str, ...]
) -> None:
    gone = [f"weekly.{kind}.j2" for kind in lost]
    given = {name: text for name, text in templates().items() if name not in gone}
    (finding,) = compose(composer, issue(story()), template="weekly", given=given).findings
    assert (finding.check, finding.file) == ("C06 template", "newsletter.toml")
    assert f"lacks templates/{gone[0]}" in finding.message
    assert "breaking, daily, plain" in finding.remedy


def test_the_fingerprint_is_of_what_a_real_send_carries(composer: Composer) -> None:
    made = issue(story(), APPEAL)
    real = composed(composer, made, placed(status=CalloutStatus.UNVERIFIED))
    marked = composed(composer, made, placed(status=CalloutStatus.UNVERIFIED, marked=True))
    verified = composed(composer, made, placed(marked=True))
    assert marked.fingerprint == ""
    assert "Not verified: unverified" in marked.html
    assert "Not verified: unverified" in marked.text
    assert real.fingerprint == verified.fingerprint != ""
    closed = composed(composer, made, placed(appearance=Appearance.LEFT_OUT))
    assert closed.fingerprint != real.fingerprint
    assert closed.appearances == (("dec-ukraine", "left out"),)


def test_a_line_break_that_is_coded_into_a_subject_is_the_editors_to_mend(
    composer: Composer,
) -> None:
    with pytest.raises(IssueError, match="subject: an encoded word in it holds a line break"):
        composed(composer, issue(story()), subject="=?utf-8?q?Bridge=0D=0ABcc:_v=40x.example?=")
    plain = "=?utf-8?q?Caf=C3=A9?= and =?"
    assert composed(composer, issue(story()), subject=plain).subject == plain


def test_a_template_that_loses_content_is_found_out(composer: Composer) -> None:
    def without(part: str, found: str, instead: str = "") -> list[str]:
        assert found in templates()[part]
        given = dict(templates()) | {part: templates()[part].replace(found, instead)}
        made = issue(story("The lead", line=7, url="https://e.example/lead"))
        return [
            f"{finding.id} {finding.line}: {finding.message}"
            for finding in compose(composer, made, given=given).findings
        ]

    macros = "parts/story_macros.mjml.j2"
    assert without(macros, "{{ story.headline }}", "x") == [
        "C09 7: the headline 'The lead' is not in the HTML"
    ]
    assert without("parts/footer.mjml.j2", '"{{ urls.unsubscribe }}"', '"https://e.example/"') == [
        "C09 0: no link to unsubscribe is in the HTML"
    ]
    assert without("daily.txt.j2", "{{ plain.urls.unsubscribe }}") == [
        "C09 0: no link to unsubscribe is in the text part"
    ]
    assert without("daily.txt.j2", "{{ row.text }}") == [
        "C09 7: 'The lead' is not in the text part, or not in its place",
        "C09 7: 'https://e.example/lead' is not in the text part, or not in its place",
    ]


def test_a_template_that_forgets_the_blocks_is_told_once_by_name(composer: Composer) -> None:
    given = {
        **templates(),
        "daily.txt.j2": templates()["daily.txt.j2"].replace("{{ row.text }}", ""),
    }
    stories = [story(f"The story {n}", line=n, url=f"https://e.example/{n}") for n in (7, 9, 11)]
    (finding,) = compose(composer, issue(*stories), given=given).findings
    assert (finding.file, finding.line) == ("templates/daily.txt.j2", 0)
    assert finding.message == "the text part lacks 6 headlines and links of the issue"


def test_a_callout_that_is_not_there_is_an_error_with_its_line(composer: Composer) -> None:
    composition = compose(composer, issue(story(), APPEAL))
    assert [(f.id, f.line, f.message) for f in composition.findings] == [
        ("S04", 9, "there is no callout called dec-ukraine")
    ]
    assert composition.composed is not None


@pytest.mark.covers("T06")
@pytest.mark.parametrize("words", own_cases(__file__, "every_script_comes_through_unchanged"))
def test_every_script_comes_through_unchanged(composer: Composer, words: str) -> None:
    result = composed(composer, issue(story(words, summary=text(words)), subject=words))
    assert result.subject == words
    assert words_in(result.html).replace("\u00a0", " ").count(words) >= 2
    assert result.text.count(words) == 3


PAYLOADS = own_cases(__file__, "payloads")


@pytest.mark.covers("T04", "T21", "T24", "T31")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_content_is_shown_as_typed_in_every_field(composer: Composer, payload: str) -> None:
    def made(words: str) -> tuple[str, str, str]:
        body = text(words)
        content = issue(
            story(words, url="https://e.example/", kicker=words, byline=words, summary=body),
            APPEAL,
            EditorMessage(body=body),
            story(words + " 2", image=replace(PICTURE, alt=words)),
            opening=(TextPassage(blocks=body),),
            sections=[
                Section(
                    heading=words,
                    blocks=(
                        Briefs(
                            items=(Brief(headline=words, url="https://e.example/", text=words),)
                        ),
                    ),
                )
            ],
            subject=words,
            preheader=words,
        )
        callout = appeal(
            heading=words, body=body, button_text=words, link_text=words, gift_aid_line=words
        )
        result = composed(
            composer,
            content,
            placed(callout, status=CalloutStatus.DRAFT, marked=True, reason=words),
            title=words,
            publication=words + "!",
            postal_address=words,
        )
        return result.html, result.text, result.subject

    html, plain, subject = made(payload)
    twin, _, _ = made("harmless words")
    assert multiset(html) == multiset(twin)
    shown = "".join(words_in(html).split())
    squeezed = "".join(payload.split())
    assert shown.replace("\u00a0", "").count(squeezed) >= 12
    assert "".join(plain.split()).count(squeezed) >= 12
    assert subject == payload


def multiset(html: str) -> dict[str, int]:
    """Tags, comments and attribute names with their numbers."""
    counts: dict[str, int] = {}
    for node in elements(html, "//*"):
        names = [str(node.tag), *(f"{node.tag}@{name}" for name in map(str, node.attrib))]
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    counts["<!--"] = html.count("<!--")
    return counts


@pytest.mark.covers("T31")
def test_a_reader_or_content_named_like_a_token_changes_nothing(composer: Composer) -> None:
    first = composed(composer, issue(story()))
    spelled = " ".join(sentinel.token for sentinel in first.sentinels)
    result = composed(composer, issue(story(summary=text(spelled))))
    html, plain = for_reader(result)
    for sentinel in first.sentinels:
        assert sentinel.token in html
        assert sentinel.token in plain
    assert html.count(READER["unsubscribe_url"]) == 1
