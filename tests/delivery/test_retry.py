from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.outcome import RetryPolicy, retry_at

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


@given(st.integers(0, 20), st.timedeltas(timedelta(), timedelta(days=3)), jitters)
def test_a_deferred_one_is_tried_again_until_attempts_or_age_run_out(
    attempts: int, age: timedelta, jitter: float
) -> None:
    policy = RetryPolicy()
    at = retry_at(attempts, policy=policy, started=START, now=START + age, jitter=jitter)
    if attempts < policy.most_attempts and age < policy.oldest:
        assert at is not None
        assert START + age < at <= START + policy.oldest
    else:
        assert at is None
