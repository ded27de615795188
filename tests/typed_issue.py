"""An issue file typed by somebody, with words of theirs in every field, many stories at a time."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from newsletter.errors import IssueError
from newsletter.issues.save import parse_issue
from newsletter.issues.write_issue import quoted
from newsletter.model.issue import Briefs, Issue, Story, StoryImage

HARMLESS = "harmless words"
FIELDS = ("heading", "headline", "kicker", "alt", "byline", "summary", "brief")


def story_lines(number: int, words: Mapping[str, str]) -> str:
    """One story and one brief, each in a section; words is what stands in a field."""

    def told(field: str) -> str:
        return words.get(field, HARMLESS)

    return (
        f"# Section {number} {told('heading')}\n\n"
        f"## [Story {number} {told('headline')}](https://paper.example/{number})\n"
        f"**{told('kicker')}**\n"
        f"![Picture {told('alt')} here](https://img.example.org/{number}.png)\n"
        f"*By {told('byline')}*\n\n"
        f"The council met. {told('summary')} It then went home.\n\n"
        f"# In brief {number}\n\n"
        f"- [Brief {told('brief')}](https://paper.example/b{number}): and {told('brief')}\n\n"
    )


def issue_of(sections: str, *, subject: str = "A subject") -> Issue:
    """Read an issue with these sections; IssueError where it is refused."""
    head = "---\nnewsletter: daily\ndate: 2022-03-15\n"
    source = (
        f"{head}subject: {quoted(subject)}\npreheader: {quoted(subject)}\n---\n"
        f"Good morning.\n\n{sections}"
    )
    return parse_issue(source, name="2022-03-15-daily", file="issues/2022-03-15-daily.md").issue


def is_whole(made: Issue) -> bool:
    """Whether a story still has all its parts: "**" in a kicker, say, makes it a paragraph."""
    match [section.blocks for section in made.sections]:
        case [(Story(image=StoryImage()) as story,), (Briefs(),)]:
            return bool(story.kicker and story.byline)
        case _:
            return False


def typed(payloads: Sequence[str]) -> tuple[Issue, Issue, int]:
    """An issue with each payload where it is taken; its twin; how many places did not."""
    refused = 0
    accepted: list[dict[str, str]] = []
    for payload in payloads:
        taken: dict[str, str] = {}
        for field in FIELDS:
            chosen = {field: payload}
            with suppress(IssueError):
                made = issue_of(story_lines(1, chosen))
                taken |= chosen if is_whole(made) else {}
        refused += len(FIELDS) - len(taken)
        accepted.append(taken)
    hostile = "".join(story_lines(number, taken) for number, taken in enumerate(accepted, start=1))
    harmless = "".join(story_lines(number, {}) for number in range(1, len(accepted) + 1))
    return issue_of(hostile), issue_of(harmless), refused
