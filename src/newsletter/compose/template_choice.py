"""Whether the template that a newsletter names is there, and which templates there are."""

from collections.abc import Mapping
from difflib import get_close_matches

from newsletter.compose.check_names import TEMPLATE
from newsletter.config.load import FILE_NAME
from newsletter.config.settings import NewsletterSettings
from newsletter.model.finding import Finding, Severity

PARTS = {"mjml": "HTML part", "txt": "text part"}


def template_names(given: Mapping[str, str]) -> tuple[str, ...]:
    """List the templates among files: those with both parts, at the top of the folder."""
    pages = (name.removesuffix(".mjml.j2") for name in given if name.endswith(".mjml.j2"))
    return tuple(sorted(name for name in pages if "/" not in name and f"{name}.txt.j2" in given))


def missing_template(newsletter: NewsletterSettings, given: Mapping[str, str]) -> Finding | None:
    """Return that there is no such template, or half of one, and which there are."""
    name = newsletter.template
    lacks = [kind for kind in PARTS if f"{name}.{kind}.j2" not in given]
    if not lacks:
        return None
    if len(lacks) < len(PARTS):
        file, line = f"templates/{name}.{lacks[0]}.j2", 0
        message = f"the template {name!r} has no {PARTS[lacks[0]]}: there is no {file}"
        remedy = f"write {file}; other templates have one to begin from"
    else:
        file, line = FILE_NAME, newsletter.template_line
        names = template_names(given)
        near = get_close_matches(name, names, 1)
        message = f"there is no template {name!r}; there are {', '.join(names) or 'none'}"
        wanted = f'template = "{near[0]}"' if near else "one of them"
        remedy = (
            f"write {wanted} in [newsletters.{newsletter.name}], or make templates/{name}.mjml.j2"
            f" and templates/{name}.txt.j2"
        )
    return Finding(
        check=TEMPLATE,
        severity=Severity.ERROR,
        message=message,
        evidence="",
        file=file,
        line=line,
        remedy=remedy,
    )
