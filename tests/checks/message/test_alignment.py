"""H04 and H05: whose addresses a message names."""

from dataclasses import replace

import pytest
from check_samples import NEWSLETTER, compose, found, message_of, only, request_for

from newsletter.checks.request import CheckRequest
from newsletter.config.settings import SmtpSettings
from newsletter.model.address import Address
from newsletter.model.finding import Severity

SERVER = SmtpSettings(name="main", host="smtp.example.org")


def with_server(**changes: object) -> CheckRequest:
    return replace(request_for(), smtp=(replace(SERVER, **changes),))  # type: ignore[arg-type]


@pytest.mark.covers("T55")
@pytest.mark.parametrize(
    ("request_", "told", "key"),
    [
        (with_server(dkim_domain="mailer.example"), "DKIM d= mailer.example", "dkim_domain"),
        (
            with_server(return_path=Address(local="b", domain="bounces.example")),
            "return path bounces.example",
            "[smtp.main] return_path",
        ),
        (
            replace(
                request_for(),
                example=message_of(compose(), List_Unsubscribe="<https://lists.example/u/x>"),
            ),
            "List-Unsubscribe lists.example",
            "public_url",
        ),
        (
            replace(request_for(), example=message_of(compose(), Message_ID="<a@host.example>")),
            "Message-ID host.example",
            "report",
        ),
        # two customers of one suffix are two owners
        (
            replace(
                with_server(dkim_domain="b.co.uk"),
                example=message_of(compose(), From="news@a.co.uk"),
            ),
            "DKIM d= b.co.uk",
            "dkim_domain",
        ),
    ],
)
def test_a_domain_of_somebody_else_is_a_warning(
    request_: CheckRequest, told: str, key: str
) -> None:
    findings = found(request_, "H04")
    assert [finding.severity for finding in findings] == [Severity.WARNING]
    assert told in findings[0].evidence
    assert key in findings[0].remedy
    assert findings[0].file == "newsletter.toml"


@pytest.mark.parametrize(
    "sound",
    [
        request_for(),
        with_server(),
        with_server(dkim_domain="example.org", dkim_selector="k1"),
        with_server(dkim_domain="mail.example.org"),
        with_server(return_path=Address(local="b", domain="bounces.example.org")),
        replace(
            request_for(),
            example=message_of(compose(), List_Unsubscribe="<https://127.0.0.1:8025/u/x>"),
        ),
    ],
)
def test_parts_of_one_organisation_pass(sound: CheckRequest) -> None:
    assert not found(sound, "H04")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reply_to": Address(local="noreply", domain="example.org")}, "nobody reads"),
        ({"reply_to": Address(local="do-not-reply", domain="example.org")}, "nobody reads"),
        ({"reply_to": Address(local="no_reply.daily", domain="example.org")}, "nobody reads"),
        ({"reply_to": Address(local="ne-pas-repondre", domain="example.org")}, "nobody reads"),
        ({"sender": replace(NEWSLETTER.sender, name="editor@example.net")}, "shows another"),
    ],
)
def test_answers_that_nobody_gets_are_told(changes: dict[str, object], told: str) -> None:
    newsletter = replace(NEWSLETTER, **changes)  # type: ignore[arg-type]
    findings = found(replace(request_for(), newsletter=newsletter), "H04")
    assert [(one.severity, one.file) for one in findings] == [(Severity.WARNING, "newsletter.toml")]
    assert told in findings[0].message


def test_readers_links_to_a_server_for_trials_are_told() -> None:
    newsletter = replace(NEWSLETTER, public_url="https://staging.example.org")
    (one,) = found(replace(request_for(), newsletter=newsletter), "H04")
    assert (one.severity, "for trials" in one.message) == (Severity.WARNING, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"reply_to": Address(local="nora", domain="example.org")},
        {"reply_to": Address(local="norepo", domain="papers.example")},
        {"sender": replace(NEWSLETTER.sender, name="News@Ten")},
        {"sender": replace(NEWSLETTER.sender, name="news@example.org")},
    ],
)
def test_answers_that_somebody_gets_pass(changes: dict[str, object]) -> None:
    newsletter = replace(NEWSLETTER, **changes)  # type: ignore[arg-type]
    assert not found(replace(request_for(), newsletter=newsletter), "H04")


def test_an_address_of_ours_that_is_not_ascii_is_a_warning() -> None:
    address = Address(local="re\u0301daction", domain="example.org")
    request = with_server(return_path=address)
    request = replace(request, newsletter=replace(NEWSLETTER, reply_to=address))
    finding = only(request, "H05", beside=frozenset({"H03"}))
    assert finding.severity is Severity.WARNING
    assert finding.evidence == "reply_to, [smtp.main] return_path"
    assert "daction" not in finding.evidence


def test_ascii_addresses_pass() -> None:
    assert not found(with_server(), "H05")
