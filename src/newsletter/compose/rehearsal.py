"""Filling templates with sample issues, to find what waits for an issue with other contents."""

from collections.abc import Iterator, Mapping

from newsletter.compose.check_names import CRASH, TEMPLATE
from newsletter.compose.proof_of_content import LOST
from newsletter.compose.render.render_child import RenderChild, RenderJob, RenderResult
from newsletter.compose.sample_issues import Sample, samples
from newsletter.compose.template_choice import missing_template
from newsletter.config.settings import NewsletterSettings
from newsletter.model.finding import Finding, Severity

_ENDS = frozenset({CRASH, TEMPLATE})


def rehearse(
    child: RenderChild, newsletter: NewsletterSettings, templates: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return what filling and linting finds with each sample issue, each finding once.

    Nothing is compiled. It ends with the first sample that the templates cannot be filled with: the
    next would only take as long to say so.
    """
    if missing_template(newsletter, templates) is not None:
        return ()
    findings: dict[Finding, None] = {}
    for sample in samples(newsletter):
        job = RenderJob(
            template=newsletter.template,
            templates=templates,
            context=sample.context,
            compiles=False,
        )
        result = child.render(job)
        findings |= dict.fromkeys((*result.findings, *_unsaid(sample, job, result)))
        if any(one.check in _ENDS for one in result.findings):
            break
    return tuple(findings)


def _unsaid(sample: Sample, job: RenderJob, result: RenderResult) -> Iterator[Finding]:
    """Return what of a sample issue a part does not show."""
    for part, kind, shown in (
        ("HTML", "mjml", result.mjml),
        ("text part", "txt", result.text or ""),
    ):
        lost = [what for words, what in sample.says.items() if shown and words not in shown]
        if lost:
            yield Finding(
                check=LOST,
                severity=Severity.WARNING,
                message=f"the {part} does not show {', '.join(lost)}",
                file=f"templates/{job.template}.{kind}.j2",
                remedy="let the template show each kind of row",
            )
