"""The pulse of `run`: when the alarm last looked for what is due, by the monotonic clock."""

from newsletter.clock import Clock
from newsletter.model.diagnosis import PartHealth

STILL_AFTER_S = 10.0  # a look may wait five seconds for a locked database


class Pulse:
    """Beats at the begin and the end of each look; one that is new counts as having beaten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beat_at = clock.monotonic()
        self._has_looked = False

    def beat(self) -> None:
        """Note that the alarm looks, or has looked."""
        self._beat_at = self._clock.monotonic()
        self._has_looked = True

    def health(self) -> PartHealth:
        """Return whether the alarm looked within the last STILL_AFTER_S seconds."""
        age_s = self._clock.monotonic() - self._beat_at
        if not self._has_looked:
            words = f"has not looked yet, started {age_s:.1f} s ago"
        else:
            words = f"looked for what is due {age_s:.1f} s ago"
        return PartHealth(name="alarm", is_well=age_s < STILL_AFTER_S, words=words)
