"""Callout files: the rules of an appeal, its life, and edits that touch their values alone."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import IssueError, NothingToDo, UserError
from newsletter.issues.callout_file import closed_text, parse_callout, read_callout, verified_text
from newsletter.issues.callout_rules import appearances, effective_status, possible_appearances
from newsletter.model.callout import Appearance, Callout, CalloutKind, CalloutStatus, WhenClosed
from newsletter.model.text import Paragraph, Text

CASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("callout_mistakes.toml").read_text("utf-8")
)

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "callouts" / "dec-ukraine.md").read_text("utf-8")
TODAY = date(2026, 11, 24)


def parse(source: str) -> Callout:
    return parse_callout(source, name="dec-ukraine", file="callouts/dec-ukraine.md")


def verify(source: str, by: str = "Jane Doe", url: str = "https://www.dec.org.uk/x") -> str:
    return verified_text(source, name="dec-ukraine", file="c.md", by=by, source_url=url, on=TODAY)


def close(source: str) -> str:
    return closed_text(source, name="dec-ukraine", file="c.md", on=TODAY)


def test_the_shipped_appeal_reads_and_is_unverified() -> None:
    callout = read_callout(ROOT / "callouts" / "dec-ukraine.md", shown="callouts/dec-ukraine.md")
    assert callout.kind is CalloutKind.APPEAL
    assert callout.charity_number == "1062638"
    assert callout.charity_number_verified is None
    assert callout.allowed_hosts == ("www.dec.org.uk", "dec.org.uk", "donation.dec.org.uk")
    assert callout.closed_wording == (
        Paragraph(
            children=(
                Text(text="The DEC Ukraine appeal has closed. Thank you to everyone who gave."),
            )
        ),
    )
    use = effective_status(callout, TODAY)
    assert use.status is CalloutStatus.UNVERIFIED
    assert appearances(use) is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_verifying_changes_four_values_and_no_other_byte(newline: str) -> None:
    source = SOURCE.replace("\n", newline)
    expected = (
        source.replace("status: unverified", "status: open")
        .replace("last_verified:", "last_verified: 2026-11-24")
        .replace("verified_by:", 'verified_by: "Jane Doe"')
        .replace("verified_source:", "verified_source: https://www.dec.org.uk/x")
    )
    changed = verify(source)
    assert changed == expected
    use = effective_status(parse(changed), TODAY)
    assert (use.status, use.days_left) == (CalloutStatus.OPEN, 14)
    again = verify(changed, by="Ann Other")
    assert again == changed.replace("Jane Doe", "Ann Other")


def test_closed_never_returns() -> None:
    closed = close(verify(SOURCE))
    callout = parse(closed)
    assert (callout.status, callout.closed_on) == (CalloutStatus.CLOSED, TODAY)
    with pytest.raises(UserError, match="has closed and does not open again"):
        verify(closed)
    with pytest.raises(NothingToDo):
        close(closed)


@pytest.mark.parametrize(
    ("by", "url"),
    [
        ("", "https://x.example/"),
        ("\x01 ", "https://x.example/"),
        ("Jane", "http://x.example/"),
        ("Jane", "x"),
        ("Jane", "https://a@x.example/"),
    ],
)
def test_a_verification_names_a_person_and_a_page(by: str, url: str) -> None:
    with pytest.raises(UserError):
        verify(SOURCE, by=by, url=url)


def test_an_appeal_past_its_closing_day_is_not_verified_again() -> None:
    with pytest.raises(UserError, match="was to close on 2026-11-23"):
        verify(SOURCE.replace("closes:", "closes: 2026-11-23"))


@pytest.mark.covers("T27")
@given(st.text(min_size=1))
def test_any_name_is_written_so_that_it_reads_back(by: str) -> None:
    try:
        changed = verify(SOURCE, by=by)
    except UserError:
        return
    assert parse(changed).verified_by
    assert "\n" not in parse(changed).verified_by
    assert changed.count("\n") == SOURCE.count("\n")


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("changes", "on", "status", "left"),
    [
        ({}, 0, CalloutStatus.OPEN, 14),
        ({}, 14, CalloutStatus.OPEN, 0),
        ({}, 15, CalloutStatus.UNVERIFIED, None),
        ({}, -1, CalloutStatus.UNVERIFIED, None),
        ({"closes": day(3)}, 0, CalloutStatus.OPEN, 3),
        ({"closes": day(3)}, 3, CalloutStatus.OPEN, 0),
        ({"closes": day(3)}, 4, CalloutStatus.UNVERIFIED, None),
        ({"verify_every_days": 1}, 2, CalloutStatus.UNVERIFIED, None),
        ({"last_verified": None}, 0, CalloutStatus.UNVERIFIED, None),
        ({"verified_by": ""}, 0, CalloutStatus.UNVERIFIED, None),
        ({"verified_source": ""}, 0, CalloutStatus.UNVERIFIED, None),
        ({"status": CalloutStatus.DRAFT}, 0, CalloutStatus.DRAFT, None),
        ({"status": CalloutStatus.UNVERIFIED}, 0, CalloutStatus.UNVERIFIED, None),
        ({"status": CalloutStatus.CLOSED}, 0, CalloutStatus.CLOSED, None),
        ({"status": CalloutStatus.CLOSED}, 99, CalloutStatus.CLOSED, None),
    ],
)
def test_the_life_of_an_appeal(
    changes: dict[str, object], on: int, status: CalloutStatus, left: int | None
) -> None:
    callout = replaced(parse(verify(SOURCE)), changes)
    use = effective_status(callout, day(on))
    assert (use.status, use.days_left) == (status, left)
    assert bool(use.reason) == (status is not CalloutStatus.OPEN)
    blocked = status in {CalloutStatus.DRAFT, CalloutStatus.UNVERIFIED}
    assert (appearances(use) is None) == blocked


def replaced(callout: Callout, changes: dict[str, object]) -> Callout:
    fields = {name: getattr(callout, name) for name in callout.__dataclass_fields__}
    return Callout(**{**fields, **changes})


@given(
    st.sampled_from(CalloutStatus),
    st.sampled_from(WhenClosed),
    st.booleans(),
    st.integers(-30, 30),
    st.one_of(st.none(), st.integers(-30, 30)),
)
def test_what_a_release_can_show_is_among_what_was_sealed(
    status: CalloutStatus,
    when: WhenClosed,
    wording: bool,  # noqa: FBT001
    verified: int,
    closes: int | None,
) -> None:
    callout = replaced(
        parse(verify(SOURCE)),
        {
            "status": status,
            "when_closed": when,
            "closed_wording": parse(SOURCE).closed_wording if wording else (),
            "last_verified": day(verified),
            "closes": None if closes is None else day(closes),
        },
    )
    sealed = possible_appearances(callout)
    assert len(set(sealed)) == len(sealed)
    now = appearances(effective_status(callout, TODAY))
    assert now is None or now in sealed
    later = appearances(
        effective_status(replaced(callout, {"status": CalloutStatus.CLOSED}), TODAY)
    )
    assert later in sealed
    assert Appearance.LEFT_OUT in sealed


@pytest.mark.parametrize(("before", "after", "problem"), CASES["broken"])
def test_a_broken_rule_is_a_mistake_with_its_place(before: str, after: str, problem: str) -> None:
    assert before in SOURCE
    with pytest.raises(IssueError) as caught:
        parse(SOURCE.replace(before, after, 1))
    assert any(
        found.startswith(f"callouts/dec-ukraine.md:{problem}") for found in caught.value.problems
    ), caught.value.problems


def test_replace_needs_a_closed_wording() -> None:
    source = SOURCE[: SOURCE.index("::: closed")].replace(
        "when_closed: remove", "when_closed: replace"
    )
    with pytest.raises(IssueError, match="there is no closed wording"):
        parse(source)


NOTICE = """\
---
kind: notice
heading: The office is closed on Monday
info_url: https://example.org/hours
closes: 2026-11-24
---
We are back on **Tuesday**.
"""


def test_a_notice_needs_no_verification_and_ends_after_its_last_day() -> None:
    notice = parse(NOTICE)
    assert appearances(effective_status(notice, TODAY)) is Appearance.SHOWN
    assert appearances(effective_status(notice, day(1))) is Appearance.LEFT_OUT
    with pytest.raises(UserError, match="is a notice"):
        verify(NOTICE)
    with pytest.raises(IssueError, match="donation_url in a notice"):
        parse(NOTICE.replace("info_url", "donation_url"))


@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from([*SOURCE.splitlines(keepends=True), "::: x\n", "# a\n", "[", "{"])
        ).map("".join),
    )
)
def test_any_text_is_a_callout_or_a_list_of_mistakes(text: str) -> None:
    try:
        parse(text)
    except IssueError as error:
        assert all("\n" not in problem for problem in error.problems)  # noqa: PT017 (may not raise)
