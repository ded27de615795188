from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import pytest
from composing import PICTURE, appeal, issue, newsletter_settings, placed, story, text

from newsletter.compose.callouts import CalloutPlacement
from newsletter.compose.content import Content
from newsletter.compose.context import build_content
from newsletter.model.callout import Appearance, CalloutStatus
from newsletter.model.composed import Slot
from newsletter.model.issue import CalloutRef, EditorMessage, Issue, Section, TextPassage
from newsletter.model.text import Paragraph, SlotRef


def token(slot: Slot) -> str:
    return f"[{slot.name}/{slot.context}/{slot.fallback}]"


def content_of(made: Issue, *callouts: CalloutPlacement, **changes: Any) -> Content:  # noqa: ANN401
    by_name = {item.use.callout.name: item for item in callouts}
    return build_content(made, newsletter_settings(**changes), by_name, token)


def rows_of(made: Issue, *callouts: CalloutPlacement, **changes: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    context = cast("Mapping[str, Any]", content_of(made, *callouts, **changes).context)
    return cast("list[dict[str, Any]]", context["rows"])


def kinds(rows: list[dict[str, Any]]) -> list[str]:
    return [row["kind"] for row in rows]


def callout_row(*callouts: CalloutPlacement, body: str = "") -> dict[str, Any]:
    ref = CalloutRef(name="dec-ukraine", body=text(body) if body else None)
    return rows_of(issue(story(), ref), *callouts)[1]


def test_the_first_story_leads_and_its_section_has_no_heading() -> None:
    rows = rows_of(issue(story("One"), story("Two"), story("Three"), story("Four")))
    assert kinds(rows) == ["lead", "cards", "wide"]
    assert rows[0]["level"] == 1
    assert [card["level"] for card in rows[1]["cards"]] == [2, 2]


def test_stories_of_later_sections_stand_under_their_heading_in_pairs() -> None:
    later = Section(heading="Also today", blocks=(story("A"), story("B"), story("C")))
    rows = rows_of(issue(story(), sections=[later]))
    assert kinds(rows) == ["lead", "heading", "cards", "wide"]
    assert rows[1]["text"] == "Also today\n----------"
    assert rows[3]["cards"][0]["level"] == 3


def test_an_appeal_links_exactly_where_its_file_says() -> None:
    row = callout_row(placed())
    assert row["button"]["url"] == "https://donation.dec.org.uk/ukraine-humanitarian-appeal"
    assert row["link"]["url"] == "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal"
    assert row["label"] == "Charity appeal"
    assert row["mark"] == ""


def test_the_charity_number_is_printed_only_when_verified() -> None:
    assert callout_row(placed())["small"] == []
    verified = appeal(charity_number_verified=date(2022, 3, 1), gift_aid_line="UK taxpayers can.")
    assert callout_row(placed(verified))["small"] == [
        "UK taxpayers can.",
        "Registered charity 1062638",
    ]


def test_the_wording_is_the_files_unless_it_allows_another() -> None:
    assert "DEC) charities" in callout_row(placed(), body="Give now!")["body"]["__html__"]
    own = callout_row(placed(appeal(own_wording=True)), body="Give if you can.")
    assert "Give if you can." in own["body"]["__html__"]
    assert "Give if you can." in own["text"]


def test_the_closed_wording_asks_for_nothing() -> None:
    row = callout_row(placed(appearance=Appearance.CLOSED_WORDING, status=CalloutStatus.CLOSED))
    assert row["heading"] == {"__html__": "Ukraine Humanitarian Appeal"}
    assert row["button"] is None
    assert row["link"] is None
    assert "Thank you to everyone who gave." in row["text"]
    assert "http" not in row["text"]


@pytest.mark.parametrize(
    ("status", "appearance", "mark"),
    [
        (CalloutStatus.UNVERIFIED, Appearance.SHOWN, "Not verified: so far nobody has."),
        (CalloutStatus.DRAFT, Appearance.SHOWN, "Not verified: so far nobody has."),
        (CalloutStatus.CLOSED, Appearance.CLOSED_WORDING, "Closed: so far nobody has."),
        (CalloutStatus.CLOSED, Appearance.LEFT_OUT, "Left out: so far nobody has."),
    ],
)
def test_a_mark_is_for_people_before_the_send_alone(
    status: CalloutStatus, appearance: Appearance, mark: str
) -> None:
    seen = placed(status=status, appearance=appearance, marked=True, reason="so far nobody has.")
    row = callout_row(seen)
    assert row["mark"] == mark
    assert row["text"].startswith(f"[{mark}]")
    real = placed(status=status, appearance=appearance, reason="so far nobody has.")
    rows = rows_of(issue(story(), CalloutRef(name="dec-ukraine")), real)
    assert not any(row.get("mark") for row in rows)
    assert not callout_row(placed(marked=True))["mark"]  # an open one needs none


def test_slots_stand_in_both_parts_each_for_its_place() -> None:
    greeting = Paragraph(
        children=(SlotRef(name="name", fallback="reader"), SlotRef(name="view_online_url"))
    )
    row = rows_of(issue(story(), opening=(TextPassage(blocks=(greeting,)),)))[0]
    assert row["text"] == "[name/text/reader][view_online_url/text/]"
    assert row["body"]["__html__"] == (
        '<p class="intro end">[name/html/reader]<a class="link"'
        ' href="[view_online_url/html url/]">[view_online_url/html/]</a></p>'
    )


@pytest.mark.covers("T06")
@pytest.mark.parametrize("bad", ["\u202e", "\u2066", "\u200b", "\U000e0041", "\x00", "\x85"])
def test_deceiving_characters_are_gone_from_every_field(bad: str) -> None:
    dirty = story(
        f"He{bad}ad",
        kicker=f"Ki{bad}ck",
        byline=f"By{bad}line",
        summary=text(f"Sum{bad}mary"),
        image=PICTURE,
    )
    made = issue(
        dirty,
        EditorMessage(body=text(f"Ed{bad}itor")),
        sections=[Section(heading=f"Se{bad}ct", blocks=(story(),))],
        subject=f"Sub{bad}ject",
        preheader=f"Pre{bad}header",
    )
    assert bad not in repr(content_of(made, title=f"The{bad} Daily").context)
