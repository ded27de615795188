from dataclasses import replace

import pytest
from case_tables import cases
from check_samples import (
    ISSUE,
    SENTINELS,
    TOKEN,
    UNSUB_HTML,
    compose,
    errors,
    found,
    message_of,
    only,
    request_for,
)
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.message.headers import first_difference
from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.model.finding import Severity


def with_message(example: bytes | None) -> CheckRequest:
    return replace(request_for(), example=example)


def with_headers(**headers: str) -> CheckRequest:
    return with_message(message_of(compose(), **headers))


def with_bytes(old: bytes, new: bytes) -> CheckRequest:
    example = message_of(compose())
    assert old in example
    return with_message(example.replace(old, new, 1))


def test_a_line_of_999_bytes_is_an_error_and_one_of_998_is_none() -> None:
    assert not found(with_headers(X_Long="-"), "H01")
    long = with_bytes(b"To: Zoe", b"X-Long: " + b"x" * 991 + b"\r\nTo: Zoe")
    assert only(long, "H01").evidence == "line 3 of the message: 999 bytes"
    assert not found(with_bytes(b"To: Zoe", b"X-Long: " + b"x" * 990 + b"\r\nTo: Zoe"), "H01")


def test_a_quoted_printable_line_of_77_bytes_is_an_error() -> None:
    finding = found(with_bytes(b"<!DOCTYPE html>\r\n", b"y" * 77 + b"\r\n"), "H01")[0]
    assert "76 bytes" in finding.message
    assert finding.evidence.endswith(": 77 bytes")
    assert not found(with_bytes(b"<!DOCTYPE html>\r\n", b"y" * 76 + b"\r\n"), "H01")


@pytest.mark.covers("T29")
@pytest.mark.parametrize("end", [b"\n", b"\r", b"\n.\n", b"\r\r\n"])
def test_a_bare_line_end_is_an_error(end: bytes) -> None:
    assert (
        "CRLF" in found(with_bytes(b"<!DOCTYPE html>\r\n", b"x" + end + b"y\r\n"), "H01")[0].message
    )


@pytest.mark.parametrize(
    "value",
    [
        "-",
        "<mailto:leave@example.org>",
        f"<http://news.example.org/u/{TOKEN}>",
        f"<mailto:leave@example.org>, <https://news.example.org/u/{TOKEN}>",
        f"https://news.example.org/u/{TOKEN}",
        "<https://news.example.org/u/>",
        "<https://news.example.org/u/12>",
        "<https://news.example.org/u/zoe@example.org>",
        f"<https://news.example.org/u/{'a' * 40}>",
        f"<https://news.example.org/u/{'0123456789abcdef'}>",
    ],
)
def test_an_unsubscribe_header_that_is_no_one_click_link_is_an_error(value: str) -> None:
    assert only(with_headers(List_Unsubscribe=value), "H02").severity is Severity.ERROR


@pytest.mark.parametrize(
    "value",
    [
        f"<https://news.example.org/u/{TOKEN}>, <mailto:leave@example.org>",
        "<https://news.example.org/u/3f2a91c0d4e5b6a798897a6b5c4d3e2f>",
        f"<https://news.example.org/unsubscribe?t={TOKEN}>",
    ],
)
def test_a_one_click_link_passes(value: str) -> None:
    assert not found(with_headers(List_Unsubscribe=value), "H02")


@pytest.mark.parametrize("value", ["-", "List-Unsubscribe=one-click", "One-Click"])
def test_the_post_header_is_exact(value: str) -> None:
    assert "List-Unsubscribe-Post" in only(with_headers(List_Unsubscribe_Post=value), "H02").message


@pytest.mark.parametrize(
    "name", ["From", "To", "Date", "Message-ID", "Subject", "List-Id", "Feedback-ID"]
)
def test_each_needed_header_is_there_once(name: str) -> None:
    request = with_headers(**{name: "-"})
    assert f"the header {name} is missing" in [one.message for one in found(request, "H03")]
    value = message_of(compose()).partition(f"{name}: ".encode())[2].partition(b"\r\n")[0]
    again = with_bytes(b"MIME-Version", f"{name}: ".encode() + value + b"\r\nMIME-Version")
    assert f"the header {name} is there more than once" in [f.message for f in found(again, "H03")]


@pytest.mark.parametrize(("name", "value"), cases("headers", "a_malformed_header_is_an_error"))
def test_a_malformed_header_is_an_error(name: str, value: str) -> None:
    old = message_of(compose()).partition(f"\n{name}: ".encode())[2].partition(b"\r\n")[0]
    request = with_bytes(f"\n{name}: ".encode() + old, f"\n{name}: {value}".encode())
    assert only(request, "H03").evidence == f"{name}: {value}"


@pytest.mark.covers("T27")
@pytest.mark.parametrize(
    "line",
    [
        b"X-Note: =?utf-8?q?a=0D=0ABcc:_x@example.com?=\r\n",
        b"X-Note: a\x00b\r\n",
        b"X-Note: =?utf-8?b?YcKFYg==?=\r\n",
    ],
)
def test_a_control_character_in_a_header_is_found_even_encoded(line: bytes) -> None:
    request = with_bytes(b"MIME-Version", line + b"MIME-Version")
    assert "X-Note" in only(request, "H03").message


@pytest.mark.covers("T28")
@pytest.mark.parametrize("value", cases("headers", "another_sender_is_an_error"))
def test_another_sender_is_an_error(value: str) -> None:
    old = b"From: Example News <news@example.org>"
    assert "H03" in errors(with_bytes(old, f"From: {value}".encode()))


@pytest.mark.parametrize("value", cases("headers", "the_sender_may_bear_any_name"))
def test_the_sender_may_bear_any_name(value: str) -> None:
    old = b"From: Example News <news@example.org>"
    assert errors(with_bytes(old, f"From: {value}".encode())) == []


@pytest.mark.covers("I09")
@pytest.mark.parametrize("name", [b"Bcc", b"Cc"])
def test_a_copy_to_somebody_else_is_an_error(name: bytes) -> None:
    request = with_bytes(b"MIME-Version", name + b": x@example.org\r\nMIME-Version")
    assert name.decode() in only(request, "H03").message


def test_a_missing_message_passes_no_message_check() -> None:
    report = run_checks(with_message(None))
    assert [error.id for error in report.errors] == ["H06"]
    assert not {"H01", "H02", "H03", "H06"} & set(report.passed)
    assert "O10" in report.passed


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\xff\xfe\x00", b"Content-Type: multipart/"])
def test_bytes_that_are_no_message_are_an_error(content: bytes) -> None:
    assert "H06" in errors(with_message(content))


def test_the_first_difference_to_what_was_put_in_is_shown() -> None:
    finding = only(with_bytes(b"Trains run again on", b"Trains ran again on"), "H06")
    assert "text part" in finding.message
    assert "put in 'un again on" in finding.evidence
    assert "read back 'an again on" in finding.evidence


def test_a_changed_subject_is_an_error() -> None:
    request = with_headers(Subject="Something else to read today")
    assert "subject" in only(request, "H06").message


def test_a_long_subject_in_other_scripts_comes_back_whole() -> None:
    issue = replace(ISSUE, subject="Поможет ли Китай России? И ещё пять историй для чтения")
    assert errors(request_for(issue)) == []


def test_parts_in_the_wrong_order_are_an_error() -> None:
    example = (
        message_of(compose())
        .replace(b"text/plain", b"text/HTM")
        .replace(b"text/html", b"text/plain")
    )
    request = with_message(example.replace(b"text/HTM", b"text/html"))
    assert "in this order" in only(request, "H06").message


def test_another_charset_is_an_error() -> None:
    request = with_bytes(b'text/html; charset="utf-8"', b'text/html; charset="iso-8859-1"')
    assert "UTF-8" in found(request, "H06")[0].message


@given(st.lists(st.text("ab&\n", max_size=6), min_size=1, max_size=6), st.data())
def test_any_value_may_stand_at_a_token(segments: list[str], data: st.DataObject) -> None:
    values = [data.draw(st.text("abc&", max_size=4)) for _ in segments[1:]]
    wanted, found_text = segments[0], segments[0]
    for value, segment in zip(values, segments[1:], strict=True):
        wanted += UNSUB_HTML + segment
        found_text += value + segment
    tokens = [sentinel.token for sentinel in SENTINELS]
    assert first_difference(wanted, found_text.replace("\n", "\r\n"), tokens) == ""
    assert first_difference(f"{wanted}!", found_text, tokens) != ""


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Auto_Submitted": "auto-generated"}, "nobody edited"),
        ({"Reply_To": "other@example.org"}, "answers do not go"),
        ({"Reply_To": "-"}, "answers do not go"),
        ({"X_Note": "caf\u00e9"}, "not ASCII"),
        ({"X_Note": f"=?utf-8?q?{'a' * 80}?="}, "longer than 75"),
    ],
)
def test_a_header_that_misleads_or_is_written_wrong_is_an_error(
    headers: dict[str, str], told: str
) -> None:
    findings = found(with_headers(**headers), "H03")
    assert any(told in finding.message for finding in findings)


def test_headers_that_are_allowed_pass() -> None:
    fine = {"Auto_Submitted": "no", "Precedence": "bulk", "X_Note": "=?utf-8?q?caf=C3=A9?="}
    assert not found(with_headers(**fine), "H03")


def test_a_list_may_have_any_name_in_quotation_marks() -> None:
    assert not found(with_headers(List_Id='"News <and \\"more\\">" <daily.example.org>'), "H03")


def test_a_part_in_another_encoding_is_an_error() -> None:
    example = message_of(compose()).replace(b"quoted-printable", b"8bit", 1)
    findings = found(with_message(example), "H06")
    assert any("not in quoted-printable" in finding.message for finding in findings)
