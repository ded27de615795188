"""All checks: `checks.toml` has their rules, and here stands which function looks at what.

To add one, write its function, which yields findings with their remedies, a table in checks.toml
and a line here; `scripts/checks_page` then makes docs/reference/checks.md anew.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType

from newsletter.checks import sources
from newsletter.checks.appeal_in_template import appeal_in_template
from newsletter.checks.check import Check, Needs, found_by_recheck
from newsletter.checks.html import (
    active,
    client_support,
    contrast,
    document,
    hidden_text,
    legibility,
    links,
    markup,
    outlook,
    output,
    parity,
    privacy,
    slots,
    style_blocks,
)
from newsletter.checks.issue import (
    callout_places,
    callouts,
    dates,
    envelope,
    garbled,
    neighbours,
    pictures,
    placeholders,
    repeats,
    residue,
    stories,
    tracking,
)
from newsletter.checks.message import alignment, headers
from newsletter.checks.request import CheckRequest, Composition
from newsletter.checks.template_fit import (
    compile_crash,
    found_by_composing,
    issue_fits,
    language_words,
)
from newsletter.model.finding import CheckLevel, CheckRule, Finding, Report, Severity


def _wording_in_issue(request: CheckRequest) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_issue(request)
    yield from callout_places.callout_text_elsewhere(request)


def _wording_in_mail(made: Composition) -> Iterable[Finding]:
    yield from callouts.callout_wording_in_mail(made)
    yield from appeal_in_template(made)


_AT_SOURCE: Mapping[str, Callable[[CheckRequest], Iterable[Finding]]] = {
    "S01": envelope.subject_length,
    "S02": envelope.subject_shape,
    "S03": envelope.preheader,
    "S04": callouts.stale_callout,
    "S05": _wording_in_issue,
    "S06": callout_places.callout_duplicate,
    "S07": stories.story_complete,
    "S08": repeats.duplicate_story,
    "S09": residue.residue,
    "S10": sources.affiliate_disclosure,
    "S11": sources.quote_fidelity,
    "S12": sources.figure_fidelity,
    "S13": dates.stale_dates,
    "S14": pictures.alt_text,
    "S15": pictures.image_source,
    "S16": tracking.tracking_residue,
    "S17": sources.attribution,
    "S18": sources.stale_summary,
    "S19": sources.draft_summary,
    "S20": stories.embargo,
    "S21": stories.expiry,
    "S24": callout_places.callout_neighbours,
    "S25": callout_places.callout_readers,
    "S26": placeholders.placeholder,
    "S27": neighbours.sensitive_neighbours,
    "S28": garbled.garbled_text,
    "C05": compile_crash,
    "C10": issue_fits,
    "C11": language_words,
    "H03": headers.subject_there,
}
"""What looks at the issue and its sources; C checks and `recheck` repeat what was found before."""

_AT_MAIL: Mapping[str, Callable[[Composition], Iterable[Finding]]] = {
    "S05": _wording_in_mail,
    "S14": output.images_alt,
    "O01": output.clip,
    "O02": style_blocks.style_budget,
    "O03": style_blocks.style_parse,
    "O04": document.document,
    "O05": outlook.mso_balance,
    "O06": contrast.words_contrast,
    "O07": contrast.dark_contrast,
    "O08": legibility.tap_target,
    "O09": document.headings,
    "O10": links.links,
    "O12": links.link_ambiguity,
    "O13": client_support.css_support,
    "O15": output.unsub_visible,
    "O16": output.postal_why,
    "O18": slots.slots,
    "O19": parity.text_parity,
    "O20": hidden_text.hidden_text,
    "O21": privacy.privacy,
    "O22": legibility.text_size,
    "O23": legibility.too_wide,
    "O26": active.active_content,
    "O27": markup.image_width,
    "O29": markup.inbox_line,
    "H01": headers.line_length,
    "H02": headers.one_click,
    "H03": headers.headers,
    "H04": alignment.alignment,
    "H05": alignment.non_ascii_address,
    "H06": headers.mime_roundtrip,
}
"""What looks at the composed mail."""


def _read() -> Iterator[Check]:
    text = files("newsletter.checks").joinpath("checks.toml").read_text("utf-8")
    for key, row in tomllib.loads(text).items():
        label = f"{key} {row['name']}"
        at_source, needs = _AT_SOURCE.get(key), Needs(row.get("needs", "issue"))
        if at_source is None and needs is Needs.RECHECK:
            at_source = found_by_recheck(label)
        elif at_source is None and key not in _AT_MAIL:
            at_source = found_by_composing(label)
        yield Check(
            label=label,
            rule=row["rule"],
            mend=row["mend"],
            severity=Severity(row.get("level", "warning")),
            fixed=row.get("fixed", ""),
            key=row.get("key", ""),
            needs=needs,
            blocks_automatic=row.get("person", False),
            at_source=at_source,
            at_mail=_AT_MAIL.get(key),
        )


CHECKS: Mapping[str, Check] = MappingProxyType({check.id: check for check in _read()})
"""Every check by its id, in the order of a report."""


def may_waive(check: str, level: CheckLevel | None = None) -> bool:
    """Return whether a person may answer for an error of this check; an unknown id never.

    A check that only warns by itself has errors to answer for where settings raise it.
    """
    known = CHECKS.get(check.split(" ", 1)[0])
    if known is None or known.fixed:
        return False
    return known.severity is Severity.ERROR or level is CheckLevel.ERROR


def check_rules() -> Mapping[str, CheckRule]:
    """Return what settings need to know of every check, by its id."""
    return {check.id: check.settings for check in CHECKS.values()}


def wants_person(report: Report) -> tuple[Finding, ...]:
    """Return the findings that no automatic approval may pass, beside the errors."""
    return tuple(
        finding
        for finding in report.findings
        if finding.severity is Severity.WARNING
        and (known := CHECKS.get(finding.id)) is not None
        and known.blocks_automatic
    )
