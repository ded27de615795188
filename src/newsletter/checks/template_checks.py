"""The checks of templates and theme, C01 and on: what composing found in them."""

from newsletter.checks.check import Check, Needs
from newsletter.checks.template.compile import COMPILE_CRASH, compile_crash, found_by_composing
from newsletter.checks.template.language import LANGUAGE_WORDS, language_words
from newsletter.checks.template.template_fit import issue_fits, pictures_show
from newsletter.model.finding import Severity

TEMPLATE_CHECKS = (
    Check(
        label="C01 unknown-mjml",
        severity=Severity.ERROR,
        waivable=True,
        doc="templates use only tags and attributes that the compiler knows",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C01 unknown-mjml"),
    ),
    Check(
        label="C02 misplaced-mjml",
        severity=Severity.ERROR,
        waivable=True,
        doc="MJML tags stand where they may",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C02 misplaced-mjml"),
    ),
    Check(
        label="C03 mrml-gap",
        severity=Severity.ERROR,
        waivable=True,
        doc="templates use nothing that the compiler is known to get wrong",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C03 mrml-gap"),
    ),
    Check(
        label="C04 well-formed",
        severity=Severity.ERROR,
        waivable=False,  # there is no mail to send
        doc="the MJML is well formed and not nested too deep",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C04 well-formed"),
    ),
    Check(
        label=COMPILE_CRASH,
        severity=Severity.ERROR,
        waivable=False,  # there is no mail to send
        doc="composing comes to an end within its limits",
        needs=Needs.COMPOSITION,
        at_source=compile_crash,
    ),
    Check(
        label="C06 template",
        severity=Severity.ERROR,
        waivable=False,  # there is no mail to send
        doc="the template can be read and filled",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C06 template"),
    ),
    Check(
        label="C07 unsafe-template",
        severity=Severity.ERROR,
        waivable=False,
        doc="the template sets nothing active and fetches nothing",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C07 unsafe-template"),
    ),
    Check(
        label="C08 theme-css",
        severity=Severity.ERROR,
        waivable=True,
        doc="theme.css.j2 holds only what can be inlined",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C08 theme-css"),
    ),
    Check(
        label="C09 content-lost",
        severity=Severity.ERROR,
        waivable=False,  # readers would not know what they miss
        doc="every headline, link and callout of the issue is in both parts",
        needs=Needs.COMPOSITION,
        at_source=found_by_composing("C09 content-lost"),
    ),
    Check(
        label="C10 template-fit",
        severity=Severity.WARNING,
        waivable=True,
        doc="the issue suits its newsletter's template",
        needs=Needs.COMPOSITION,
        at_source=issue_fits,
        at_mail=pictures_show,
    ),
    Check(
        label=LANGUAGE_WORDS,
        severity=Severity.WARNING,
        waivable=True,
        doc="the standing words are there in the mail's language",
        needs=Needs.COMPOSITION,
        at_source=language_words,
    ),
)
