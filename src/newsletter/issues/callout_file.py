"""The callout file: an appeal or a notice, read with its rules; the edits of verify and close."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from newsletter.errors import NothingToDo, UserError
from newsletter.issues.body import body_tokens, read_directive, text_end
from newsletter.issues.callout_rules import LISTS, read_head
from newsletter.issues.callout_words import KEYS, plain_wording, word_mistakes
from newsletter.issues.front_matter import FrontMatter, read_front_matter
from newsletter.issues.markdown import read_url
from newsletter.issues.rich_text import TextReader
from newsletter.issues.save import with_values
from newsletter.issues.source import Mistakes, Source, open_source, read_text, refuse_controls
from newsletter.model.callout import Callout, CalloutKind, CalloutStatus, WhenClosed
from newsletter.model.text import Break, Paragraph, Text, TextBlock, clean_line, is_slug

MOST_BODY = 320
_CLOSED: Mapping[str, str] = MappingProxyType({"closed": "::: closed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _CalloutFile:
    text: Source
    front: FrontMatter
    callout: Callout


def read_callout(path: Path, *, shown: str) -> Callout:
    """Read a callout file, named by its stem; IssueError has all mistakes at once."""
    return parse_callout(read_text(path, shown=shown), name=path.stem, file=shown)


def parse_callout(source: str, *, name: str, file: str) -> Callout:
    """Read the text of a callout file; IssueError has all mistakes at once."""
    return _parse(source, name=name, file=file).callout


def verified_text(source: str, *, name: str, file: str, by: str, source_url: str, on: date) -> str:
    """Return the file's text after a person has verified the appeal: the three marks, status open.

    Raises IssueError for mistakes in it, UserError where it cannot be verified.
    """
    parsed = _parse(source, name=name, file=file)
    callout = parsed.callout
    if callout.kind is CalloutKind.NOTICE:
        raise UserError(f"{file}: {name} is a notice; only an appeal is verified")
    if callout.status is CalloutStatus.CLOSED:
        raise UserError(
            f"{file}: the appeal {name} has closed and does not open again",
            hint="write a new callout file for a new appeal",
        )
    if callout.closes is not None and callout.closes < on:
        line = dict(callout.head_lines).get("closes", 1)
        raise UserError(
            f"{file}:{line}: the appeal {name} was to close on {callout.closes}",
            hint=f'put a later date there, or run "newsletter callouts close {name}"',
        )
    who = clean_line(by)
    if not who:
        raise UserError("--by names nobody", hint='write --by "Jane Doe"')
    try:
        url = read_url(source_url.strip(), schemes=("https",))
    except ValueError as error:
        raise UserError(
            f"--source is no web address: {error}", hint="write the https page that was read"
        ) from error
    changes = {
        "status": CalloutStatus.OPEN.value,
        "last_verified": on.isoformat(),
        "verified_by": who,
        "verified_source": url,
    }
    return _changed(parsed, changes)


def closed_text(source: str, *, name: str, file: str, on: date) -> str:
    """Return the file's text after a person has closed the callout; closed never returns.

    Raises IssueError for mistakes in it, NothingToDo where it has closed already.
    """
    parsed = _parse(source, name=name, file=file)
    if parsed.callout.status is CalloutStatus.CLOSED:
        raise NothingToDo(f"{file}: {name} has closed already")
    changes = {"status": CalloutStatus.CLOSED.value, "closed_on": on.isoformat()}
    return _changed(parsed, changes)


def _changed(parsed: _CalloutFile, changes: Mapping[str, str]) -> str:
    spans = {key: value.span for key, value in parsed.front.values.items()}
    text = with_values(parsed.text, spans, parsed.front.line_count, changes)
    _parse(text, name=parsed.callout.name, file=parsed.callout.file)  # what we write is well formed
    return text


def _parse(source: str, *, name: str, file: str) -> _CalloutFile:
    text = open_source(source, file)
    mistakes = Mistakes(text)
    refuse_controls(text, mistakes)
    if not is_slug(name):
        message = f"{name[:80]} is not a name for a callout"
        mistakes.add(1, 1, message, "name the file with a-z, 0-9 and - only")
    front = read_front_matter(text, mistakes, known=KEYS, lists=LISTS)
    callout = read_head(front, mistakes, name=name, file=file)
    body, closed = _wording(text, mistakes, callout, front.line_count + 1)
    if callout.when_closed is WhenClosed.REPLACE and not closed:
        line = dict(callout.head_lines).get("when_closed", 1)
        message = "when_closed is replace and there is no closed wording"
        mistakes.add(line, 1, message, "write a ::: closed block")
    callout = replace(callout, body=body, closed_wording=closed)
    if callout.kind is CalloutKind.APPEAL:
        for key, line, message, remedy in word_mistakes(callout):
            value = front.values.get(key)
            place = (value.line, value.column) if value else (line, 1)
            mistakes.add(*place, message, remedy)
    mistakes.raise_any()
    return _CalloutFile(text=text, front=front, callout=callout)


def _wording(
    text: Source, mistakes: Mistakes, callout: Callout, first_line: int
) -> tuple[tuple[TextBlock, ...], tuple[TextBlock, ...]]:
    wording, last = _read_wording(text, mistakes, first_line)
    if callout.kind is CalloutKind.APPEAL:
        _refuse_markup(wording + last, mistakes, first_line)
        for blocks, what in ((wording, "the wording"), (last, "the closed wording")):
            size = len(plain_wording(blocks))
            if size > MOST_BODY:
                message = f"{what} has {size} characters"
                mistakes.add(blocks[0].line, 1, message, f"write at most {MOST_BODY}")
    if not wording:
        mistakes.add(first_line, 1, "the callout has no wording", "write it below the front matter")
    return wording, last


def _read_wording(
    text: Source, mistakes: Mistakes, first_line: int
) -> tuple[tuple[TextBlock, ...], tuple[TextBlock, ...]]:
    reader = TextReader(mistakes=mistakes, first_line=first_line)
    tokens = body_tokens(text, mistakes, first_line)
    body: list[TextBlock] = []
    closed: list[tuple[TextBlock, ...]] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        line = reader.line_of(token)
        if token.type == "directive":
            directive, index = read_directive(reader, tokens, index, _CLOSED)
            if directive is not None:
                if closed:
                    mistakes.add(line, 1, "a second ::: closed block", "keep one")
                if directive.argument:
                    mistakes.add(line, 1, "words after ::: closed", "write them on the lines below")
                closed.append(reader.blocks(directive.body))
        elif token.type == "story" or (token.type == "heading_open" and token.tag == "h1"):
            mistakes.add(line, 1, "a heading in a callout", "write heading: … in the front matter")
            index += 1 if token.type == "story" else 3
        else:
            end = text_end(tokens, index)
            body += reader.blocks(tokens[index:end])
            index = end
    return tuple(body), closed[-1] if closed else ()


def _refuse_markup(blocks: tuple[TextBlock, ...], mistakes: Mistakes, first_line: int) -> None:
    for block in blocks:
        if not isinstance(block, Paragraph) or not all(
            isinstance(child, Text | Break) for child in block.children
        ):
            message = "an appeal's wording is plain text, without emphasis, links or lists"
            remedy = "write paragraphs; links go into donation_url and info_url"
            mistakes.add(block.line or first_line, 1, message, remedy)
