"""Embargoes in words, as press texts state them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.ingest.standing import UNKNOWN, stated_embargo
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import ArticleState


def _utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("EMBARGOED UNTIL 06:00 GMT, 25 November 2026", datetime(2026, 11, 25, 6, tzinfo=UTC)),
        ("Strictly embargoed until July 3, 2026, 9.30 am BST", _utc(7, 3, 8, 30)),
        ("Not for publication before 2026-11-25 12:00", datetime(2026, 11, 25, 12, tzinfo=UTC)),
        ("[Embargo 2026-11-25]", datetime(2026, 11, 26, tzinfo=UTC)),
        ("This report is under embargo until noon on 25 November 2026", _utc(11, 26, 0)),
        ("EMBARGOED UNTIL 6PM ON 25 NOVEMBER 2026", datetime(2026, 11, 25, 18, tzinfo=UTC)),
        ("Embargoed until the minister has spoken", UNKNOWN),
        ("Embargoed until 99:00 on 25 November 2026", UNKNOWN),
    ],
)  # fmt: skip
def test_an_embargo_ends_when_its_words_say(text: str, end: datetime) -> None:
    assert stated_embargo(["A title", text]) == end


@pytest.mark.parametrize(
    "text",
    [
        "The embargo on Cuban cigars was lifted on 25 November 2026.",
        "EU embargoes Russian oil from 5 December 2022, as agreed in June.",
        "Embargo on Russian oil agreed",
        "Ministers discussed an arms embargo until late on 3 March 2022.",
    ],
)
def test_a_report_on_embargoes_is_under_none(text: str) -> None:
    assert stated_embargo([text]) is None


def test_such_an_article_wants_a_look_and_keeps_its_moment() -> None:
    raw = b"A title for it\n\nEMBARGOED UNTIL 06:00, 25 November 2026\n\n" + b"Words of it. " * 90
    article = article_from_text(raw, url="", source="", callouts=[], noise=[])
    assert article.embargo == "2026-11-25T06:00:00+00:00"
    assert article.state is ArticleState.NEEDS_LOOK
    assert any("under embargo, until 2026-11-25 06:00 UTC" in each for each in article.reasons)


@given(st.lists(st.text(max_size=80).map(lambda text: f"embargo until {text}"), max_size=3))
def test_no_words_raise(texts: list[str]) -> None:
    end = stated_embargo(texts)
    assert end is None or end.tzinfo is not None
