"""How much faster one reader's message is joined than built with EmailMessage and as_bytes.

Both make the same 12-story message for the same readers, in turns, in one run; the figure is the
median of the rounds' ratios. Run: python benchmarks/assembly.py [--json]
"""

import argparse
import html
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime

from sample_message import sample_parts, sample_values

from newsletter.compose.message.headers import list_id
from newsletter.compose.message.skeleton import Assembler, MessageParts, build_skeleton
from newsletter.model.composed import SlotContext

ROUNDS = 5
READERS = 40
REPEATS = 50  # of the fast one in each round


def by_email_message(parts: MessageParts) -> Callable[[Mapping[str, str]], bytes]:
    """Return the usual way: put the values in, build the message, write it."""
    sender = parts.sender.address

    def make(values: Mapping[str, str]) -> bytes:
        text, markup = parts.text, parts.html
        for sentinel in parts.sentinels:
            value = values[sentinel.slot.name]
            if sentinel.slot.context is SlotContext.TEXT:
                text = text.replace(sentinel.token, value)
            else:
                markup = markup.replace(sentinel.token, html.escape(value))
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(parts.sender.name, sender.local, sender.domain)
        message["To"] = Address(values["name"], addr_spec=values["email"])
        message["Subject"] = parts.subject
        message["Date"] = parsedate_to_datetime(values["date"])
        message["Message-ID"] = f"<{values['message_id']}>"
        message["List-Id"] = list_id(parts.list_id, parts.list_name, sender.domain)
        message["List-Unsubscribe"] = f"<{values['unsubscribe_url']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Feedback-ID"] = parts.feedback_id
        message["Precedence"] = "bulk"
        message["X-Delivery"] = values["delivery"]
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(markup, subtype="html", cte="quoted-printable")
        return message.as_bytes()

    return make


def measure() -> dict[str, float]:
    parts = sample_parts()
    started = time.perf_counter()
    skeleton, _ = build_skeleton(parts)
    built_ms = (time.perf_counter() - started) * 1000
    readers = list(sample_values(READERS))
    usual, ours = by_email_message(parts), Assembler(skeleton).assemble
    usual_us, ours_us = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for values in readers:
            usual(values)
        usual_us.append((time.perf_counter() - started) / READERS * 1e6)
        started = time.perf_counter()
        for _ in range(REPEATS):
            for values in readers:
                ours(values)
        ours_us.append((time.perf_counter() - started) / READERS / REPEATS * 1e6)
    return {
        "html_bytes": len(parts.html.encode()),
        "message_bytes": len(ours(readers[0])),
        "segments": len(skeleton.segments),
        "build_skeleton_ms": built_ms,
        "email_message_us": statistics.median(usual_us),
        "assembler_us": statistics.median(ours_us),
        "ratio": statistics.median(a / b for a, b in zip(usual_us, ours_us, strict=True)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--least", type=float, default=300.0, help="exit 1 below this ratio")
    options = parser.parse_args()
    figures = measure()
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:20} {value:14,.1f}")
    return 0 if figures["ratio"] >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
