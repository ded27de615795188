"""O31: the classes that templates name and rules select."""

import re
from collections.abc import Iterator

from newsletter.checks.place import template_lines
from newsletter.checks.places import Places
from newsletter.checks.request import Composition
from newsletter.checks.wording import shorten
from newsletter.model.finding import Finding, Severity

CLASS_NAMES = "O31 class-names"

MOST_SHOWN = 5
LEAST_NAME = 4  # letters of a class, below which one more or less is another word

_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_SAID = "{}"  # stands where an expression did: what touches it is a part of a name
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_WRITTEN_CLASS = re.compile(r'(?<![\w-])(?:css-)?class="([^"]{1,200})"')
_CLASS_ATTRIBUTE = re.compile(r'(?<![\w-])(?:css-)?class="([^"]{1,300})"')
_BEGINS, _ENDS = re.compile(r"\{%-?\s*(?:if|for)\b"), re.compile(r"\{%-?\s*end(?:if|for)\b")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")


# What the program itself gives classes to in an issue's texts, whatever stands in this one.
_OF_TEXTS = re.compile(
    r"(?:intro|body|call)(?:-item)?|sub|sign|end|link|inset|typed|code|dinkus"
    r"|(?:list|quote)-(?:ltr|rtl)"
)
# What mail programs give classes to, and MJML's compiler.
_OF_PROGRAMS = re.compile(
    r"mj-.*|moz-.*|.*-outlook|ExternalClass|ReadMsgBody|yshortcuts|gmailfix|aBn|a6S|g-img|im|msg-.*"
)
_STYLE = re.compile(r"<mj-style\b.*?</mj-style\s*>|\{#.*?#\}", re.DOTALL)
_MADE_UP = "\ufffc"  # stands for what a template puts together in a class's name


def class_names(made: Composition) -> Iterator[Finding]:
    """O31: no class is nearly one that has a rule: it is misspelt, and the element has no looks."""
    if not made.wrote.files:
        return
    known = {name for _, _, text in template_lines(made) for name in _ruled(text)}
    for block in made.page.style.blocks:
        known |= set(_CLASS.findall(block.css))
    yield from _misspelt_rules(made)
    yield from _without_its_dot(made, known)
    yield from _misspelt_in_blocks(made)
    yield from _of_nothing(made)
    told: set[str] = set()
    for name, seen, wrote in (*_on_elements(made), *_in_sources(made)):
        if name in known | told or name.startswith("mj-"):
            continue
        told.add(name)
        near = next((one for one in sorted(known) if _is_slip(name, one)), "")
        if near and wrote:
            yield Finding(
                check=CLASS_NAMES,
                severity=Severity.WARNING,
                message=f'no rule selects the class "{shorten(name, 40)}"',
                evidence=seen,
                file=wrote[0],
                line=wrote[1],
                remedy=f'did you mean "{near}"?',
            )


_Named = tuple[str, str, tuple[str, int] | None]  # a class, as it is seen, and what wrote it


def _on_elements(made: Composition) -> Iterator[_Named]:
    for at, node in enumerate(made.page.style.nodes):
        written = node.attributes.get("class", "")
        for name in written.split():
            yield name, f'<{node.tag} class="{shorten(written, 60)}">', made.wrote.element(at)


def _in_sources(made: Composition) -> Iterator[_Named]:
    """Return the classes that templates write out, also where this issue does not come."""
    for file, number, text in template_lines(made):
        for written in _WRITTEN_CLASS.findall(text):
            for name in _EXPRESSION.sub(_SAID, written).split():
                if _WORD.fullmatch(name):  # whole, not "{{ kind }}-head"
                    yield name, f'class="{shorten(written, 60)}"', (file, number)


def _misspelt_rules(made: Composition) -> Iterator[Finding]:
    """Tell of a rule of the theme for a class that no template names, and nearly one that does.

    A rule under a condition changes one that stands outside: its class is held against those too.
    """
    rules: dict[str, tuple[str, int]] = {}
    named: set[str] = set()
    outside: set[str] = set()
    depth = 0
    for file, number, text in template_lines(made):
        if "theme." in file:
            depth += len(_BEGINS.findall(text)) - len(_ENDS.findall(text))
            for name in _ruled(text):
                rules.setdefault(name, (file, number))
                if not depth:
                    outside.add(name)
        else:
            named |= set(_WORD.findall(text))
    used = {name for node in made.page.style.nodes for name in node.classes}
    for name, (file, line) in rules.items():
        if name in used or name in named:
            continue
        others = used - set(rules) if name in outside else used - set(rules) | outside
        near = next((one for one in sorted(others) if _is_slip(name, one)), "")
        if near:
            yield Finding(
                check=CLASS_NAMES,
                severity=Severity.WARNING,
                message=f'the class "{shorten(name, 40)}" of the theme is on no element',
                evidence=f".{name}",
                file=file,
                line=line,
                remedy=f'did you mean "{near}"?',
            )


def _without_its_dot(made: Composition, known: set[str]) -> Iterator[Finding]:
    """Tell of a rule for an element whose name is that of a class, which has no rule then.

    The class is known to have one: rules for it within others, or for what is named after it, stand
    beside.
    """
    used = {name for node in made.page.style.nodes for name in node.classes}
    plain: set[str] = set()
    elements: dict[str, tuple[str, int]] = {}
    depth = 0
    for file, number, text in template_lines(made):
        if "theme." not in file:
            continue
        depth += len(_BEGINS.findall(text)) - len(_ENDS.findall(text))
        before, brace, _ = _EXPRESSION.sub("", text).partition("{")
        if depth or not (brace or before.rstrip().endswith(",")):
            continue
        for selector in filter(None, map(str.strip, before.split(","))):
            elements.setdefault(selector, (file, number))
            if selector.startswith(".") and " " not in selector:
                plain |= set(_CLASS.findall(selector))
    for name in sorted((used & set(elements)) - plain):
        if name in known or any(one.startswith(f"{name}-") for one in known):
            file, line = elements[name]
            yield Finding(
                check=CLASS_NAMES,
                severity=Severity.WARNING,
                message=f'no rule selects the class "{shorten(name, 40)}" alone, one the element',
                evidence=f"{name} {{",
                file=file,
                line=line,
                remedy=f'did you mean ".{name}"?',
            )


def _misspelt_in_blocks(made: Composition) -> Iterator[Finding]:
    """Tell of a rule of the head for a class that nothing names but it, and nearly one in use."""
    used = {name for node in made.page.style.nodes for name in node.classes}
    sources = "\n".join(made.request.templates.values())
    told: set[str] = set()
    for block in made.page.style.blocks:
        for found in _CLASS.finditer(block.css):
            name = found[1]
            if name in used | told or name.startswith("mj-"):
                continue
            told.add(name)
            near = next((one for one in sorted(used) if _is_slip(name, one)), "")
            if not near or re.search(rf"(?<![.\w-]){re.escape(name)}(?![\w-])", sources):
                continue
            if sources.count(f".{name}") > block.css.count(f".{name}"):
                continue  # the theme has a rule for it too: it waits for another issue
            place = Places(made).of_css(block.css, found.start())
            yield Finding(
                check=CLASS_NAMES,
                severity=Severity.WARNING,
                message=f'the class "{shorten(name, 40)}" of the head is on no element',
                evidence=f".{name}",
                file=place.file,
                line=place.line,
                remedy=f'did you mean "{near}"?',
            )


def _of_nothing(made: Composition) -> Iterator[Finding]:
    """Tell once of rules under ``@media`` for classes that no template and no text can have."""
    used = {name for node in made.page.style.nodes for name in node.classes}
    templates = made.request.templates
    theme = {
        name
        for file, source in templates.items()
        if "theme." in file
        for line in source.split("\n")
        for name in _ruled(line)
    }
    markup = "\n".join(
        _STYLE.sub(" ", source) for file, source in templates.items() if "theme." not in file
    )
    named, made_up = _named_in(markup)
    unknown: dict[str, tuple[str, int]] = {}
    for block in made.page.style.blocks:
        for rule in block.sheet.rules if not block.media else ():
            for name in _CLASS.findall(_selectors_at(block.css, rule.offset)) if rule.media else ():
                if name not in used | named | theme and not _OF_TEXTS.fullmatch(name):
                    unknown.setdefault(name, (block.css, rule.offset))
    for name in list(unknown):
        is_near = any(_is_slip(name, one) for one in used)
        if is_near or _OF_PROGRAMS.fullmatch(name) or any(one.fullmatch(name) for one in made_up):
            del unknown[name]
    if unknown:
        place = Places(made).of_css(*next(iter(unknown.values())))
        listed = [f".{shorten(name, 40)}" for name in unknown]
        more = f" and {len(listed) - MOST_SHOWN} more" if len(listed) > MOST_SHOWN else ""
        yield Finding(
            check=CLASS_NAMES,
            severity=Severity.WARNING,
            message="the head has rules for what no template sets: they change nothing",
            evidence=", ".join(listed[:MOST_SHOWN]) + more,
            file=place.file,
            line=place.line,
            remedy="take them out, or give the class to what they are for",
        )


def _named_in(markup: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the words that may be classes, and the forms of those that are put together."""
    made_up = set()
    for written in _CLASS_ATTRIBUTE.findall(_EXPRESSION.sub(_MADE_UP, markup)):
        made_up |= {one for one in written.split() if _MADE_UP in one and one != _MADE_UP}
    forms = [re.escape(one).replace(_MADE_UP, r"[\w-]*") for one in sorted(made_up)]
    return set(_WORD.findall(markup)), [re.compile(one) for one in forms]


def _selectors_at(css: str, offset: int) -> str:
    return css[offset:].partition("{")[0]


def _ruled(line: str) -> Iterator[str]:
    """Return the classes that a line of a sheet selects: what stands before its {."""
    before, brace, _ = _EXPRESSION.sub("", line).partition("{")
    if brace or before.rstrip().endswith(","):
        yield from _CLASS.findall(before)


def _is_slip(name: str, known: str) -> bool:
    """Whether one letter too many, too few, another one or two that changed places part them."""
    shortest, longest = sorted((len(name), len(known)))
    if longest < LEAST_NAME or shortest < LEAST_NAME - 1 or longest - shortest > 1:
        return False
    if name == known:
        return False
    start = 0
    while start < min(len(name), len(known)) and name[start] == known[start]:
        start += 1
    one, other = name[start:], known[start:]
    if len(one) == len(other):
        swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
        return swapped or (one[1:] == other[1:] and one[:1].isalpha() and other[:1].isalpha())
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[1:] == shorter
