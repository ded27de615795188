"""A 12-story message of the default template's size, and its readers, for the benchmarks."""

from collections.abc import Iterator

from newsletter.audience.tokens import SigningKey, links_for
from newsletter.compose.message.headers import feedback_id
from newsletter.compose.message.skeleton import MessageParts
from newsletter.compose.message.slots import choose_sentinels
from newsletter.model.address import parse_address, parse_mailbox
from newsletter.model.composed import Slot, SlotContext

STORIES = 12
KEY = SigningKey(id="0a1b2c", secret=bytes(range(32)))
DATE = "Wed, 16 Mar 2022 06:30:00 +0000"

_CELL = (
    '<!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" '
    'role="presentation" style="width:600px;" width="600" bgcolor="#ffffff"><tr><td '
    'style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]--><div '
    'style="background:#ffffff;background-color:#ffffff;margin:0px auto;max-width:600px;"><table '
    'align="center" border="0" cellpadding="0" cellspacing="0" role="presentation" '
    'style="background:#ffffff;width:100%;"><tbody><tr><td style="direction:ltr;font-size:0px;'
    'padding:24px 32px 0px;text-align:center;">{}</td></tr></tbody></table></div>'
    "<!--[if mso | IE]></td></tr></table><![endif]-->"
)
_CARD = (
    '<table style="vertical-align:top" width="100%"><tbody><tr><td align="left" class="headline" '
    'style="font-size:0px;padding:0px 0px 8px;word-break:break-word;"><div style="font-family:'
    'Georgia,serif;font-size:22px;font-weight:700;line-height:28px;text-align:left;color:#1a1a1a">'
    '<a href="https://example.org/news/story-{0}" style="color:#1a1a1a;text-decoration:none">'
    "Story {0}: what the ministers said, and why it matters \u2014 a long look</a></div></td></tr>"
    '<tr><td><img alt="A picture of story {0}" src="https://example.org/img/{0}.jpg" style="border'
    ':0;display:block;height:auto;width:100%" width="536"></td></tr><tr><td align="left" style='
    '"font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;color:#333333">'
    "Officials say the talks go on \u2014 “a step, no more”. {1}</td></tr></tbody></table>"
)
_SENTENCE = "The plan was set out on Tuesday after two days of talks between the three sides. "


def sample_parts() -> MessageParts:
    """Make the parts; html is about 61,000 bytes, as the default template's for 12 stories."""
    url_slots = ("unsubscribe_url", "preferences_url", "view_online_url")
    slots = [
        Slot(name="name", context=context, fallback="reader")
        for context in (SlotContext.HTML, SlotContext.TEXT)
    ] + [
        Slot(name=name, context=context)
        for name in url_slots
        for context in (SlotContext.HTML_URL, SlotContext.TEXT)
    ]
    cards = "".join(
        _CELL.format(_CELL.format(_CELL.format(_CARD.format(number, _SENTENCE * 26))))
        for number in range(1, STORIES + 1)
    )
    sentinels = choose_sentinels(slots, cards)
    html_name, text_name, *links = (sentinel.token for sentinel in sentinels)
    footer = "".join(f'<a href="{token}">a link</a> ' for token in links[::2])
    stories = "".join(
        f"Story {number}: what the ministers said\nhttps://example.org/news/story-{number}\n\n"
        f"{_SENTENCE}\n{_SENTENCE}\n\n"
        for number in range(1, STORIES + 1)
    )
    return MessageParts(
        subject="Will China help Russia? And eleven more reads",
        sender=parse_mailbox("Example News <news@example.org>"),
        reply_to=parse_address("editor@example.org"),
        list_id="daily",
        list_name="The Daily",
        feedback_id=feedback_id(
            "2022-03-16-daily", "daily", "Example News", parse_address("news@example.org")
        ),
        html=f"<!DOCTYPE html>\n<html><body><p>Good morning, {html_name}.</p>{cards}{footer}</body>"
        "</html>",
        text=f"Good morning, {text_name}.\n\n{stories}" + "\n".join(links[1::2]) + "\n",
        sentinels=sentinels,
    )


def sample_values(count: int) -> Iterator[dict[str, str]]:
    """Return each reader's values, made one at a time; every tenth name is not ASCII."""
    for number in range(count):
        public_id = f"reader-{number:012d}"
        links = links_for(
            "https://news.example.org",
            KEY,
            list_name="daily",
            public_id=public_id,
            issue="2022-03-16-daily",
        )
        yield {
            "email": f"reader{number}@mail.example",
            "name": f"Zoë Reader {number}" if number % 10 == 0 else f"Anna Reader {number}",
            "unsubscribe_url": links.unsubscribe_url,
            "preferences_url": links.preferences_url,
            "view_online_url": links.view_online_url,
            "date": DATE,
            "message_id": f"{number:032x}@example.org",
            "delivery": f"{number:032x}",
        }
