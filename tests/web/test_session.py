"""One-time links and the sessions they open."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from serving import ask, newsletter_folder, served

from newsletter.web.site import SESSION_LIFE, Sessions

START = datetime(2022, 3, 15, 6, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that a test moves."""

    passed: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return START + self.passed

    def monotonic(self) -> float:
        return self.passed.total_seconds()

    def sleep(self, seconds: float) -> None:
        self.passed += timedelta(seconds=seconds)


def test_a_link_opens_once() -> None:
    sessions = Sessions(SetClock())
    key = sessions.new_link_key()
    value = sessions.spend(key)
    assert value is not None
    assert sessions.is_known(value)
    assert sessions.spend(key) is None
    assert not sessions.is_known(value + "x")


def test_a_link_opens_once_also_for_two_requests_at_once() -> None:
    class BetweenClock(SetClock):
        """Lets another request in while the first looks at the clock."""

        def now(self) -> datetime:
            if key and not others:
                others.append(None)
                others.append(sessions.spend(key))
            return super().now()

    key, others = "", list[str | None]()
    sessions = Sessions(BetweenClock())
    key = sessions.new_link_key()
    assert sessions.spend(key) is not None
    assert others == [None, None]


def test_a_session_ends_after_twelve_hours() -> None:
    clock = SetClock()
    sessions = Sessions(clock)
    value = sessions.spend(sessions.new_link_key())
    assert value is not None
    clock.passed = SESSION_LIFE - timedelta(seconds=1)
    assert sessions.is_known(value)
    clock.passed = SESSION_LIFE
    assert not sessions.is_known(value)


def test_the_printed_link_sets_a_cookie_for_this_port_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with served(newsletter_folder(tmp_path_factory.mktemp("link")), "inbox") as running:
        path = running.link.removeprefix(running.url)
        assert ask(running.port, path, method="HEAD").status == 410  # a look spends nothing
        answer = ask(running.port, path)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        name, *flags = answer.headers["set-cookie"].split("; ")
        assert name.startswith(f"studio_{running.port}=")
        assert {flag.lower() for flag in flags} == {
            "httponly",
            "samesite=strict",
            "path=/",
            "max-age=43200",
        }
        assert ask(running.port, path).status == 410
        assert ask(running.port, "/", cookie=name).status == 200
        assert running.link.split("k=")[1] not in "".join(running.notes)
