"""The mail servers of a pool: which one may be used now, by how many connections, how fast.

Faults belong to the server and use up nobody's attempts. Three in a row and a server is down, for
longer each time; the next in the pool takes over. Limits, rests and paces are the process's, shared
by the mailings that go out at the same time; a refusal is one mailing's.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from newsletter.clock import Clock
from newsletter.config.settings import SmtpSettings
from newsletter.delivery.outcome import CLOSING
from newsletter.delivery.smtp import SessionLost, SessionRefused, shown

_BURST_S = 0.1  # permits that may have piled up, in seconds' worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How connections are opened, rested and ended; seconds unless said."""

    messages_per_connection: int = 100
    between_openings: float = 1.0
    first_backoff: float = 1.0
    faults_until_down: int = 3
    down: float = 30.0
    longest_down: float = 900.0
    pause: float = 60.0
    longest_pause: float = 1800.0
    recovery: int = 200  # messages taken without complaint before the pace rises again
    patience: float = 5.0  # a longer rest than this ends the run instead of waiting in it
    stop_grace: float = 6.0  # leaves time to store what is known and to end within ten
    alike_refusals: int = 20


@dataclass(slots=True)
class _Place:
    """A mailing's place at a server: connections it holds, and since and until when it asked."""

    held: int = 0
    since: int | None = None  # its place in the line of those who wait for a connection
    asked_at: float = 0.0


@dataclass(slots=True)
class _State:
    settings: SmtpSettings
    most: int
    down_for: float
    pause_for: float
    in_use: int = 0
    faults: int = 0
    ready_at: float = 0.0
    opening_at: float = 0.0
    factor: float = 1.0
    taken_well: int = 0
    permit_at: float = 0.0
    busy_at_mail: int = 0
    last_fault: SessionLost | None = None
    places: "dict[ServerPool, _Place]" = field(default_factory=dict)
    line: Iterator[int] = field(default_factory=count)


@dataclass(slots=True)
class Lease:
    """Leave for one connection to one server."""

    server: SmtpSettings
    state: _State
    taken: int = 0  # messages accepted by this connection


class Servers:
    """Servers in the order of preference, with what is known of each; made once in a process."""

    def __init__(
        self, servers: Sequence[SmtpSettings], *, clock: Clock, pace: Pace | None = None
    ) -> None:
        self.pace = pace or Pace()
        self.clock = clock
        self.changed = threading.Condition()
        self.states = {server.name: self._new_state(server) for server in servers}

    def _new_state(self, server: SmtpSettings) -> _State:
        return _State(
            settings=server,
            most=max(1, server.connections),
            down_for=self.pace.down,
            pause_for=self.pace.pause,
        )

    def renew(self, servers: Sequence[SmtpSettings]) -> bool:
        """Take other servers, and return whether they are others than before."""
        with self.changed:
            known = dict(self.states)
            if [state.settings for state in known.values()] == list(servers):
                return False
            self.states.clear()
            for server in servers:
                state = known.get(server.name)
                if state is None or shown(state.settings) != shown(server):
                    state = self._new_state(server)
                elif state.settings != server:
                    state.settings, state.most = server, max(1, server.connections)
                self.states[server.name] = state
            self.changed.notify_all()
        return True


class ServerPool:
    """The servers as one mailing sees them; its threads share it."""

    def __init__(self, servers: Servers) -> None:
        self.pace = servers.pace
        self._clock = servers.clock
        self._changed = servers.changed
        self._states = servers.states
        self._out: dict[str, SessionRefused] = {}

    @property
    def most_connections(self) -> int:
        """The most connections any one server of the pool may have."""
        with self._changed:
            return max((s.settings.connections for s in self._states.values()), default=1)

    def forgive(self) -> None:
        """Let servers that refused us be asked again: a person has seen to it."""
        with self._changed:
            self._out.clear()

    @property
    def trouble(self) -> SessionLost | SessionRefused | None:
        """What keeps mail from going out: a refusal first, else the last fault."""
        with self._changed:
            states = list(self._states.values())
            refusals = [self._out[s.settings.name] for s in states if s.settings.name in self._out]
        faults = [state.last_fault for state in states if state.last_fault is not None]
        if refusals and len(refusals) == len(states):
            return refusals[0]
        return faults[0] if faults else None

    def rest_s(self) -> float | None:
        """Give the seconds until a server may be used; 0 where one may now, None where none may."""
        with self._changed:
            now = self._clock.monotonic()
            rests = [max(0.0, state.ready_at - now) for state in self._usable()]
        return min(rests, default=None)

    def lease(self) -> Lease | float | None:
        """Return leave to connect, else the seconds to wait, else None: every server refuses us."""
        with self._changed:
            now = self._clock.monotonic()
            usable = self._usable()
            if not usable:
                return None
            resting = self.pace.patience
            state = next(
                (state for state in usable if state.ready_at - now <= resting),
                min(usable, key=lambda state: state.ready_at),
            )
            if state.ready_at > now:
                return state.ready_at - now
            place = state.places.setdefault(self, _Place())
            place.since = next(state.line) if place.since is None else place.since
            place.asked_at = now
            probing = state.faults >= self.pace.faults_until_down
            if state.in_use >= (1 if probing else state.most) or not self._is_next(state, now):
                return self.pace.between_openings
            if state.opening_at > now:
                return state.opening_at - now
            state.opening_at = now + self.pace.between_openings
            state.in_use += 1
            place.held += 1
            place.since = None
            return Lease(state.settings, state)

    def release(self, lease: Lease) -> None:
        """Return a connection back."""
        with self._changed:
            lease.state.in_use -= 1
            lease.state.places[self].held -= 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait that long, or until a connection is given back."""
        with self._changed:
            self._changed.wait(seconds)

    def permit(self, lease: Lease) -> float:
        """Take leave for one message; more than 0: none now, ask again after that many seconds."""
        with self._changed:
            state = lease.state
            now = self._clock.monotonic()
            if state.ready_at > now:
                return state.ready_at - now
            next_at = max(state.permit_at, now - _BURST_S)
            if next_at > now:
                return next_at - now
            state.permit_at = next_at + 1 / (lease.server.per_second * state.factor)
            return 0.0

    def took(self, lease: Lease) -> None:
        """Note that the server accepted a message."""
        with self._changed:
            state = lease.state
            lease.taken += 1
            state.faults = state.busy_at_mail = 0
            state.down_for = self.pace.down
            state.taken_well += 1
            if state.taken_well >= self.pace.recovery:
                state.taken_well = 0
                state.factor = min(1.0, state.factor + 0.1)
                state.most = min(max(1, state.settings.connections), state.most + 1)
                state.pause_for = self.pace.pause

    def lost(self, lease: Lease, fault: SessionLost) -> None:
        """Count a fault; the third in a row puts the server down."""
        with self._changed:
            state = lease.state
            now = self._clock.monotonic()
            state.last_fault = fault
            state.faults += 1
            if state.faults >= self.pace.faults_until_down:
                state.ready_at = now + state.down_for
                state.down_for = min(2 * state.down_for, self.pace.longest_down)
            elif not lease.taken:
                backoff = self.pace.first_backoff * 2 ** (state.faults - 1)
                state.ready_at = max(state.ready_at, now + backoff)
                if fault.reply is not None and fault.reply.code == CLOSING:
                    state.most = max(1, state.most // 2)
            # a server that closes after some messages has its own limit: just connect again
            elif state.opening_at > now and state.in_use <= 1:
                state.opening_at = now

    def refused(self, lease: Lease, fault: SessionRefused) -> None:
        """Leave a server alone, as far as this mailing goes, until it is forgiven."""
        with self._changed:
            self._out[lease.server.name] = fault
            self._changed.notify_all()

    def slow_down(self, lease: Lease) -> None:
        """Halve the pace and rest, longer each time."""
        with self._changed:
            self._pause(lease.state)

    def busy_at_mail(self, lease: Lease) -> None:
        """Note a 4yz at MAIL; the third in a row rests the server."""
        with self._changed:
            state = lease.state
            state.busy_at_mail += 1
            if state.busy_at_mail >= self.pace.faults_until_down:
                state.busy_at_mail = 0
                self._pause(state)

    def _is_next(self, state: _State, now: float) -> bool:
        """Whether it is our turn: of mailings that wait, the one with the fewest connections.

        Else the first mailing would take again whatever it gives back, and keep the others waiting.
        """
        state.places = {
            pool: place
            for pool, place in state.places.items()
            if place.held or now - place.asked_at <= self.pace.patience
        }
        waiting = [
            (place.held, place.since, pool)
            for pool, place in state.places.items()
            if place.since is not None and now - place.asked_at <= self.pace.patience
        ]
        return min(waiting, key=lambda each: each[:2])[2] is self

    def _usable(self) -> list[_State]:
        return [s for s in self._states.values() if s.settings.name not in self._out]

    def _pause(self, state: _State) -> None:
        now = self._clock.monotonic()
        if state.ready_at > now:
            return  # several connections hear the same complaint
        state.factor = max(0.01, state.factor / 2)
        state.taken_well = 0
        state.ready_at = now + state.pause_for
        state.pause_for = min(2 * state.pause_for, self.pace.longest_pause)
