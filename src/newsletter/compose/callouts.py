"""What a callout says in one mail: by its file, its status and how it is to appear."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.compose.html import safe_url
from newsletter.model.callout import Appearance, Callout, CalloutKind, CalloutStatus, CalloutUse
from newsletter.model.text import TextBlock, clean_line


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutPlacement:
    """A callout as it is to appear; marked: one that is not open says so (never in a real send)."""

    use: CalloutUse
    appearance: Appearance
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutLink:
    """Words and the exact address of the file."""

    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of a callout, cleaned; mark is a sentence that only people before the send see."""

    is_shown: bool
    mark: str
    label: str = ""
    heading: str = ""
    body: tuple[TextBlock, ...] = ()
    link: CalloutLink | None = None
    button: CalloutLink | None = None
    small: tuple[str, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses in the order they are shown."""
        return tuple(link.url for link in (self.link, self.button) if link)


def is_marked(placed: CalloutPlacement) -> bool:
    """Return whether a mark is to be shown."""
    return placed.marked and placed.use.status is not CalloutStatus.OPEN


def said_by(
    placed: CalloutPlacement, words: Mapping[str, str], *, own: tuple[TextBlock, ...] | None
) -> Said | None:
    """Return what a callout says, None for nothing; own wording counts where its file allows it."""
    callout, mark = placed.use.callout, _mark(placed, words)
    label = words["appeal"] if callout.kind is CalloutKind.APPEAL else ""
    match placed.appearance:
        case Appearance.LEFT_OUT:
            return Said(is_shown=False, mark=mark) if mark else None
        case Appearance.CLOSED_WORDING:
            return Said(
                is_shown=True,
                mark=mark,
                label=label,
                heading=clean_line(callout.appeal_name or callout.organisation),
                body=callout.closed_wording,
            )
        case Appearance.SHOWN:
            return Said(
                is_shown=True,
                mark=mark,
                label=label,
                heading=clean_line(callout.heading),
                body=own if own is not None and callout.own_wording else callout.body,
                link=_link(callout.link_text, callout.info_url),
                button=_link(callout.button_text, callout.donation_url),
                small=_small_print(callout, words),
            )


def _small_print(callout: Callout, words: Mapping[str, str]) -> tuple[str, ...]:
    """The number is printed only when somebody has verified it (dated in the file)."""
    number = clean_line(callout.charity_number) if callout.charity_number_verified else ""
    registered = words["registered_charity"].format(number=number) if number else ""
    return tuple(line for line in (clean_line(callout.gift_aid_line), registered) if line)


def _mark(placed: CalloutPlacement, words: Mapping[str, str]) -> str:
    if not is_marked(placed):
        return ""
    if placed.appearance is Appearance.LEFT_OUT:
        pattern = words["left_out"]
    elif placed.use.status is CalloutStatus.CLOSED:
        pattern = words["closed"]
    else:
        pattern = words["not_verified"]
    return pattern.format(reason=clean_line(placed.use.reason or placed.use.status.value))


def _link(words: str, url: str) -> CalloutLink | None:
    safe = safe_url(url)
    return CalloutLink(words=clean_line(words) or safe, url=safe) if safe else None
