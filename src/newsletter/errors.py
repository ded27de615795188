"""The error tree, cut by what the caller does next; each class names its exit code.

NewsletterError
├── UserError            the person can put it right             exit 2
│   ├── ConfigError      settings file or environment
│   ├── IssueError       issue file, callout or template, with its place
│   └── NotFound         a name that stands for nothing here
├── ChecksFailed         the answer is "not fit to go out"       exit 1
├── NothingToDo          the answer is no: nothing to send       exit 1
├── DeliveryError        the session with a mail server ended
│   ├── TransientError   try later                               exit 3
│   ├── PermanentError   will not get better                     exit 4
│   └── UncertainError   some deliveries are unknown             exit 5
├── StoreBusy            database locked or out of reach         exit 3
├── Interrupted          stopped with some left                  exit 3
└── ToolError            the render child crashed or ran long    exit 70

Messages are lower case, without a full stop; the place comes first, then what is wrong; the hint is
the next step with real names.
"""

from typing import ClassVar


class NewsletterError(Exception):
    """Any ending this program foresees; str() of it is the sentence a person reads."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class UserError(NewsletterError):
    """Wrong use, or a mistake in a file, that the person can put right."""

    exit_code = 2


class ConfigError(UserError):
    """One or more mistakes in newsletter.toml or the environment; each its own sentence."""

    def __init__(self, problems: tuple[str, ...], *, hint: str = "") -> None:
        super().__init__("\n".join(problems), hint=hint)
        self.problems = problems


class IssueError(UserError):
    """Mistakes in issue, callout or template files, each FILE:LINE:COLUMN: sentence."""

    def __init__(self, problems: tuple[str, ...], *, hint: str = "") -> None:
        super().__init__("\n".join(problems), hint=hint)
        self.problems = problems


class NotFound(UserError):
    """A name that stands for nothing here."""

    def __init__(self, kind: str, name: str, *, hint: str = "") -> None:
        super().__init__(f"there is no {kind} called {name}", hint=hint)
        self.kind = kind
        self.name = name


class ChecksFailed(NewsletterError):
    """The issue is not fit to go out; the message names the checks."""

    exit_code = 1


class NothingToDo(NewsletterError):
    """The answer is no: nothing to send, a file that is there already."""

    exit_code = 1


class DeliveryError(NewsletterError):
    """A session with a mail server ended; nothing more can go out by it now."""

    exit_code = 3


class TransientError(DeliveryError):
    """Try again later: a refused connection, a 4yz reply."""

    exit_code = 3


class PermanentError(DeliveryError):
    """Will not get better by itself: a 5yz reply, a wrong login, a bad certificate."""

    exit_code = 4


class UncertainError(DeliveryError):
    """Some deliveries are unknown: the final dot left and no reply came."""

    exit_code = 5


class StoreBusy(NewsletterError):
    """The database is locked or out of reach; try again later."""

    exit_code = 3


class Interrupted(NewsletterError):
    """The work was stopped with some of it left; the same command goes on."""

    exit_code = 3


class ToolError(NewsletterError):
    """The render child crashed, ran too long or outgrew its limits (check C05)."""

    exit_code = 70
