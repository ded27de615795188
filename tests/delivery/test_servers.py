"""The pace of a pool of servers, by a clock that the test sets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sending import server_at

from newsletter.delivery.servers import Lease, Pace, ServerPool, Servers
from newsletter.delivery.smtp import SessionLost, SessionRefused
from newsletter.model.mailing import Reply


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> datetime:
        return datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


FAULT = SessionLost("a.example:25 does not answer")
CLOSING = SessionLost("a.example:25 is busy", reply=Reply(421, "busy"))


def leased(pool: ServerPool) -> Lease:
    lease = pool.lease()
    assert isinstance(lease, Lease)
    return lease


@given(st.floats(0.5, 500), st.floats(0.001, 0.3))
def test_no_five_seconds_hold_more_than_a_tenth_above_the_limit(rate: float, step: float) -> None:
    clock = SetClock()
    server = server_at(25, per_second=rate)
    pool = ServerPool(Servers([server], clock=clock))
    lease = leased(pool)
    given_at: list[float] = []
    while clock.at < 1010 and len(given_at) < 3000:
        rest_s = pool.permit(lease)
        if rest_s:
            clock.sleep(max(rest_s, step))
        else:
            given_at.append(clock.at)
    for first in range(0, len(given_at), 7):
        window = [at for at in given_at[first:] if at < given_at[first] + 5]
        assert len(window) <= 1.1 * 5 * rate + 1
    if len(given_at) < 3000 and step < 1 / rate:
        assert len(given_at) >= 0.8 * 10 * rate - 1


def test_connections_open_one_a_second_up_to_the_servers_number() -> None:
    clock = SetClock()
    pool = ServerPool(Servers([server_at(25, connections=2)], clock=clock))
    leased(pool)
    assert pool.lease() == pytest.approx(1.0)
    clock.sleep(1)
    second = leased(pool)
    clock.sleep(1)
    assert isinstance(pool.lease(), float)
    pool.release(second)
    leased(pool)


def test_three_faults_put_a_server_down_for_longer_each_time_and_one_probe_brings_it_back() -> None:
    clock = SetClock()
    pool = ServerPool(Servers([server_at(25, connections=4)], clock=clock))
    rests = []
    for _ in range(10):
        clock.sleep(pool.rest_s() or 0)
        clock.sleep(1)
        lease = leased(pool)
        pool.lost(lease, FAULT)
        pool.release(lease)
        rests.append(round(pool.rest_s() or 0))
    assert rests == [1, 2, 30, 60, 120, 240, 480, 900, 900, 900]
    clock.sleep(900)
    probe = leased(pool)
    clock.sleep(2)
    assert isinstance(pool.lease(), float)  # one probe, no more
    pool.took(probe)
    leased(pool)


def test_a_server_that_refuses_us_is_left_alone_until_it_is_forgiven() -> None:
    clock = SetClock()
    pool = ServerPool(Servers([server_at(25)], clock=clock))
    refusal = SessionRefused("a.example:25 refused the login: 535")
    pool.refused(leased(pool), refusal)
    assert pool.lease() is None
    assert pool.rest_s() is None
    assert pool.trouble is refusal
    pool.forgive()
    clock.sleep(1)
    leased(pool)


@pytest.mark.covers("F30")
def test_a_call_for_less_halves_the_pace_and_200_taken_raise_it() -> None:
    clock = SetClock()
    server = server_at(25, per_second=10.0)
    pool = ServerPool(Servers([server], clock=clock, pace=Pace()))
    lease = leased(pool)
    pool.slow_down(lease)
    pool.slow_down(lease)  # several connections hear one complaint
    assert pool.permit(lease) == pytest.approx(60)
    clock.sleep(60)
    assert _permits_in_ten_seconds(pool, lease, clock) == pytest.approx(50, abs=3)
    for _ in range(200):
        pool.took(lease)
    assert _permits_in_ten_seconds(pool, lease, clock) == pytest.approx(60, abs=3)
    pool.slow_down(lease)
    assert pool.permit(lease) == pytest.approx(60)  # well behaved since: as the first time


def _permits_in_ten_seconds(pool: ServerPool, lease: Lease, clock: SetClock) -> int:
    end, count = clock.at + 10, 0
    while clock.at < end:
        rest_s = pool.permit(lease)
        clock.sleep(rest_s)
        count += not rest_s
    return count


def test_mailings_share_a_servers_limits_and_rests_but_not_its_refusals() -> None:
    clock = SetClock()
    server = server_at(25, connections=1, per_second=10.0)
    servers = Servers([server], clock=clock)
    one, other = ServerPool(servers), ServerPool(servers)
    lease = leased(one)
    clock.sleep(5)
    assert isinstance(other.lease(), float), "its one connection is in use"
    one.refused(lease, SessionRefused("a.example:25 refused the sender"))
    one.release(lease)
    assert one.lease() is None
    lease = leased(other)
    given = 0
    while one.permit(lease) == other.permit(lease) == 0:
        given += 2
    assert given <= 2, "one pace for both"
    other.slow_down(lease)
    assert one.permit(lease) == pytest.approx(60)


def test_two_mailings_come_to_share_the_connections_evenly() -> None:
    clock = SetClock()
    servers = Servers([server_at(25, connections=4)], clock=clock)
    first, second = ServerPool(servers), ServerPool(servers)
    held = {first: [], second: []}  # type: dict[ServerPool, list[Lease]]
    for _ in range(4):
        clock.sleep(1)
        held[first].append(leased(first))
    for _ in range(12):  # the oldest connection has had its hundred messages; both want one
        clock.sleep(1)
        pool = max(held, key=lambda each: len(held[each]))
        pool.release(held[pool].pop(0))
        for each in (pool, first, second):
            lease = each.lease()
            if isinstance(lease, Lease):
                held[each].append(lease)
    assert [len(leases) for leases in held.values()] == [2, 2]


@pytest.mark.covers("F10")
def test_the_last_message_has_time_to_end_and_the_process_too() -> None:
    assert 5 <= Pace().stop_grace <= 6, "ten seconds from the stop to the end of the process"


def test_other_servers_are_taken_while_a_mailing_goes_on_and_the_limits_hold() -> None:
    clock = SetClock()
    first = replace(server_at(25, connections=1), name="first")
    second = replace(server_at(26, connections=1), name="second")
    servers = Servers([first], clock=clock)
    pool = ServerPool(servers)
    lease = leased(pool)
    assert not servers.renew([first])
    more = replace(first, connections=2)
    assert servers.renew([more])
    clock.sleep(1)
    assert leased(pool).server == more
    clock.sleep(1)
    assert isinstance(pool.lease(), float)  # the open one counts: two in all
    assert servers.renew([second])
    assert leased(pool).server == second
    assert pool.permit(lease) == 0.0  # what is open goes on
    pool.release(lease)
    assert pool.most_connections == 1


def test_a_rest_ends_with_the_servers_address_and_not_with_its_other_settings() -> None:
    clock = SetClock()
    server = server_at(25, connections=1)
    servers = Servers([server], clock=clock)
    pool = ServerPool(servers)
    pool.slow_down(leased(pool))
    rest = pool.rest_s()
    assert rest
    servers.renew([replace(server, connections=3)])
    assert pool.rest_s() == rest
    servers.renew([replace(server, port=26)])
    assert pool.rest_s() == 0
