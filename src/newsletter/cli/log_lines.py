"""The log of `run`: one line an event on standard error, as text or as JSON."""

import json
import logging
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, tzinfo
from typing import TextIO

from newsletter.config.settings import LogFormat, Secret, Settings

SAID = "said"  # the event of a sentence for the person who watches; its text is in `text`
_ADDRESS = re.compile(r"[^\s<>\"'(),:;=\[\]{}]{1,64}@[\w\-.]{1,255}")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_PLAIN = re.compile(r"[\w.:/+%@-]+")


class Lines(logging.Formatter):
    """Makes a line of a record; a subclass says in which form."""

    def __init__(self, *, secrets: Collection[str]) -> None:
        super().__init__()
        self._secrets: list[str] = []
        self.hide(secrets)

    def hide(self, secrets: Collection[str]) -> None:
        """Take these out too, from now on."""
        found = {*self._secrets, *filter(None, secrets)}
        self._secrets = sorted(found, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """Take out addresses and secrets, and whatever would end the line or move the cursor."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = _ADDRESS.sub("(address)", text)
        return "".join(char if char.isprintable() else " " for char in text)

    def fields(self, record: logging.LogRecord) -> dict[str, object]:
        """Return what stands in `extra`, cleaned."""
        given = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            given["error"] = record.exc_info[0].__name__  # the trace is in var/newsletter.log
        return {key: self._clean_value(value) for key, value in given.items()}

    def _clean_value(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, datetime):
            return value.isoformat()
        return self.clean(str(value))


class TextLines(Lines):
    """`06:30:00  event key=value`; the time is in a newsletter's zone."""

    def __init__(self, *, zone: tzinfo, secrets: Collection[str]) -> None:
        super().__init__(secrets=secrets)
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        """Make the line."""
        at = datetime.fromtimestamp(record.created, self._zone)
        event, fields = self.clean(record.getMessage()), self.fields(record)
        if event == SAID:
            event = str(fields.pop("text", ""))
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        pairs = "".join(f"  {key}={_shown(value)}" for key, value in fields.items())
        return f"{at:%H:%M:%S}  {level}{event}{pairs}"


class JsonLines(Lines):
    """An object with `at`, `level`, `event`, `logger` and the event's own values."""

    def format(self, record: logging.LogRecord) -> str:
        """Make the line."""
        head = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": self.clean(record.getMessage()),
            "logger": record.name,
        }
        return json.dumps({**head, **self.fields(record), **head}, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Prints; a log that cannot be written (a full disk, a reader gone) stops nothing (F32)."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        del record


def secrets_of(settings: object) -> frozenset[str]:
    """Find the value of every Secret in the settings, however deep."""
    if isinstance(settings, Secret):
        return frozenset({settings.value})
    found: frozenset[str] = frozenset()
    if is_dataclass(settings):
        for each in fields(settings):
            found |= secrets_of(getattr(settings, each.name))
    elif isinstance(settings, tuple):
        for item in settings:
            found |= secrets_of(item)
    return found


@contextmanager
def logging_lines(
    form: LogFormat, *, zone: tzinfo, secrets: Collection[str] = (), to: TextIO | None = None
) -> Iterator[Lines]:
    """Print events while the block lasts: ours from INFO on, those of libraries from WARNING on."""
    handler = _Handler(to or sys.stderr)
    lines = (
        JsonLines(secrets=secrets)
        if form is LogFormat.JSON
        else TextLines(zone=zone, secrets=secrets)
    )
    handler.setFormatter(lines)
    root, ours = logging.getLogger(), logging.getLogger("newsletter")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        ours.setLevel(before)


def log_of(settings: Settings) -> AbstractContextManager[Lines]:
    """Print the log as the settings say."""
    return logging_lines(
        settings.run.log_format, zone=settings.newsletters[0].timezone, secrets=secrets_of(settings)
    )


def _shown(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
