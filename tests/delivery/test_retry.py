from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.outcome import Again, Never, RetryPolicy, next_attempt
from newsletter.model.mailing import Outcome

START = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
policies = st.builds(
    RetryPolicy,
    first=st.timedeltas(timedelta(seconds=1), timedelta(hours=1)),
    longest=st.timedeltas(timedelta(hours=1), timedelta(hours=8)),
)
jitters = st.floats(0, 1, exclude_max=True)


@given(policies, st.integers(1, 10_000), jitters)
def test_a_delay_never_exceeds_the_longest(policy: RetryPolicy, n: int, jitter: float) -> None:
    assert timedelta() < policy.delay(n, jitter) <= policy.longest


@given(st.integers(1, 6), jitters)
def test_the_first_delay_doubles_within_a_fifth_either_way(n: int, jitter: float) -> None:
    policy = RetryPolicy()
    plain = timedelta(minutes=5) * 2 ** (n - 1)
    assert plain * 0.8 <= policy.delay(n, jitter) <= min(plain * 1.2, policy.longest)


@given(
    st.sampled_from(Outcome),
    st.integers(0, 20),
    st.timedeltas(timedelta(), timedelta(days=3)),
    jitters,
)
def test_nothing_certain_or_doubtful_is_tried_again(
    outcome: Outcome, attempts: int, age: timedelta, jitter: float
) -> None:
    policy = RetryPolicy()
    decision = next_attempt(
        outcome, attempts, policy=policy, started=START, now=START + age, jitter=jitter
    )
    match outcome:
        case Outcome.QUEUED:
            assert decision == Again(at=START + age)
        case Outcome.DEFERRED if attempts < policy.most_attempts and age < policy.oldest:
            assert isinstance(decision, Again)
            assert START + age < decision.at <= START + policy.oldest
        case _:
            assert isinstance(decision, Never)
