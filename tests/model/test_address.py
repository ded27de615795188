"""The domain that an organisation registered."""

import pytest

from newsletter.model.address import is_reserved, organisational_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("a.b.news.example.org", "example.org"),
        ("www.example.co.uk.", "example.co.uk"),
        ("NEWS.Example.ORG", "example.org"),
        ("co.uk", None),
        ("org", None),
        ("alice.github.io", "alice.github.io"),
        ("mail.bücher.example", "xn--bcher-kva.example"),
        ("mail.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("localhost", None),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        ("…", None),
    ],
)
def test_a_host_belongs_to_the_domain_below_a_public_suffix(host: str, domain: str | None) -> None:
    assert organisational_domain(host) == domain


@pytest.mark.parametrize(
    ("host", "reserved"),
    [
        ("example.org", True),
        ("news.example.com.", True),
        ("paper.example", True),
        ("NEWS.TEST", True),
        ("localhost", True),
        ("mail.internal", True),
        ("notexample.org", False),
        ("example.org.uk", False),
        ("news.gov.wales", False),
    ],
)
def test_names_for_examples_and_local_use_are_reserved(host: str, reserved: bool) -> None:  # noqa: FBT001
    assert is_reserved(host) == reserved
