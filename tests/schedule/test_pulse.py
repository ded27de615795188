from datetime import timedelta

from clock import FakeClock

from newsletter.schedule.runner import STILL_AFTER_S, Pulse


def test_the_alarm_is_well_while_it_looks_whatever_the_wall_clock_does() -> None:
    clock = FakeClock()
    pulse = Pulse(clock)
    assert pulse.health().is_well  # it has just been started
    assert "has not looked yet" in pulse.health().words
    pulse.beat()
    clock.jump(clock.now() + timedelta(days=1))
    assert pulse.health().is_well
    clock.forward(timedelta(seconds=STILL_AFTER_S - 0.1))
    assert pulse.health().is_well
    clock.forward(timedelta(seconds=0.1))
    assert not pulse.health().is_well
    assert pulse.health().words == "looked for what is due 10.0 s ago"
    pulse.beat()
    assert pulse.health().is_well


def test_an_alarm_that_never_looks_is_not_well() -> None:
    clock = FakeClock()
    pulse = Pulse(clock)
    clock.forward(timedelta(seconds=STILL_AFTER_S))
    assert not pulse.health().is_well
