import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.outcome import (
    Phase,
    address_is_dead,
    asks_to_slow_down,
    ending_of,
    outcome_of,
)
from newsletter.model.mailing import Outcome, Reply

codes = st.integers(200, 599)
before_the_dot = st.sampled_from([Phase.SESSION, Phase.SENDER, Phase.RECIPIENT])


@given(codes)
def test_after_the_dot_only_the_servers_4yz_allows_another_attempt(code: int) -> None:
    again = outcome_of(Reply(code, ""), Phase.CONTENT) in {Outcome.DEFERRED, Outcome.QUEUED}
    assert again == (400 <= code <= 499)


@given(st.none() | st.builds(Reply, codes, st.text()), st.sampled_from(Phase))
def test_only_a_2yz_to_the_final_dot_is_sent(reply: Reply | None, phase: Phase) -> None:
    sent = outcome_of(reply, phase) is Outcome.SENT
    assert sent == (phase is Phase.CONTENT and reply is not None and reply.code < 300)


@given(st.none() | st.builds(Reply, codes, st.text()), before_the_dot)
def test_before_the_dot_nothing_is_ever_in_doubt(reply: Reply | None, phase: Phase) -> None:
    assert outcome_of(reply, phase) is not Outcome.UNKNOWN


@given(st.none() | st.builds(Reply, codes, st.text()))
def test_a_reader_is_refused_only_at_rcpt_data_or_after_the_dot(reply: Reply | None) -> None:
    for phase in (Phase.SESSION, Phase.SENDER):
        assert outcome_of(reply, phase) is not Outcome.REFUSED


@given(before_the_dot)
def test_a_lost_connection_or_421_before_the_dot_leaves_the_delivery_queued(phase: Phase) -> None:
    assert outcome_of(None, phase) is Outcome.QUEUED
    assert outcome_of(Reply(421, "closing"), phase) is Outcome.QUEUED


def test_silence_after_the_dot_is_unknown() -> None:
    assert outcome_of(None, Phase.CONTENT) is Outcome.UNKNOWN
    assert outcome_of(Reply(354, "what?"), Phase.CONTENT) is Outcome.UNKNOWN


@pytest.mark.covers("F16", "F17")
@pytest.mark.parametrize(
    ("enhanced", "phase", "dead"),
    [
        ("5.1.1", Phase.RECIPIENT, True),
        ("5.1.10", Phase.RECIPIENT, True),
        ("5.1.6", Phase.RECIPIENT, True),
        ("5.7.1", Phase.RECIPIENT, False),
        ("5.2.2", Phase.RECIPIENT, False),
        ("", Phase.RECIPIENT, False),
        ("5.1.1", Phase.CONTENT, False),
    ],
)
def test_only_a_status_about_the_address_itself_makes_it_dead(
    enhanced: str,
    phase: Phase,
    dead: bool,  # noqa: FBT001 (a table's column)
) -> None:
    assert address_is_dead(ending_of(Reply(550, "no", enhanced), phase)) is dead


@pytest.mark.parametrize(
    ("reply", "slow"),
    [
        (Reply(421, "busy", "4.7.0"), True),
        (Reply(450, "you send at too high a rate", "4.2.1"), True),
        (Reply(451, "too many messages from you"), True),
        (Reply(421, "going down", "4.3.2"), False),
        (Reply(421, "too many connections from you"), True),
        (Reply(450, "greylisted, come back in five minutes", "4.2.0"), False),
        (Reply(452, "mailbox full", "4.2.2"), False),
        (Reply(451, "try later", "4.7.650"), True),
    ],
)
def test_what_asks_for_a_slower_pace(reply: Reply, slow: bool) -> None:  # noqa: FBT001 (as above)
    assert asks_to_slow_down(reply) is slow
