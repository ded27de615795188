"""What holds of every mail in every template: document, head blocks, slots, lines."""

import re
import subprocess
import sys

import pytest
from composing import READER, for_reader
from hard_mails import FIELDS, SHAPES, compose_hard, template_names
from mjml import mjml2html

from newsletter.compose.composer import Composer, Composition
from newsletter.compose.message.skeleton import assemble

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
COLUMNS = 78  # of the text part, but for addresses
QUOTED = 76  # bytes of a quoted-printable line (RFC 2045 section 6.7)
LONGEST = 998  # bytes of any line (RFC 5322 section 2.1.1)


@pytest.fixture(scope="module")
def mails(composer: Composer) -> dict[str, Composition]:
    """Every shape in every template."""
    return {
        f"{template}, {shape}": compose_hard(composer, template, shape)
        for template in template_names()
        for shape in SHAPES
    }


def test_a_document_is_whole(mails: dict[str, Composition]) -> None:
    for name, mail in mails.items():
        assert mail.composed is not None, name
        html = mail.composed.html
        assert html.startswith("<!DOCTYPE html>\n<html "), name
        assert html.lower().count("<!doctype") == 1, name
        assert html.count("<!--[if") == html.count("<![endif]-->") > 10, name


def test_head_blocks_are_byte_for_byte_what_the_compiler_wrote(
    mails: dict[str, Composition],
) -> None:
    for name, mail in mails.items():
        assert mail.composed is not None, name
        before = STYLE.findall(mjml2html(mail.mjml, fonts={}))
        assert STYLE.findall(mail.composed.html) == before, name
        assert len(before) > 3, name


def test_nothing_of_the_machinery_is_left(mails: dict[str, Composition]) -> None:
    for name, mail in mails.items():
        assert mail.composed is not None, name
        html, text = for_reader(mail.composed)
        data = assemble(mail.composed.skeleton, READER | FIELDS)
        tokens = (sentinel.token for sentinel in mail.composed.sentinels)
        left = ("data-premailer", "{{", "{%", "mj-text>", "<mj-", "[[", *tokens)
        for word in left:
            assert word not in html, (name, word)
            assert word not in text, (name, word)
            assert word.encode() not in data, (name, word)
        assert mail.composed.html.count("<!--block:") == 0, name


def test_no_line_is_too_long(mails: dict[str, Composition]) -> None:
    for name, mail in mails.items():
        assert mail.composed is not None, name
        data = assemble(mail.composed.skeleton, READER | FIELDS)
        lines = data.split(b"\r\n")
        body = lines[lines.index(b"") :]
        assert max(map(len, lines)) <= LONGEST, name
        assert max(map(len, body)) <= QUOTED, name
        assert not any(line.startswith(b".") for line in lines), name
        wide = [
            line
            for line in for_reader(mail.composed)[1].split("\n")
            if len(line) > COLUMNS and max(map(len, line.split())) < COLUMNS - 8
        ]
        assert wide == [], name


def test_the_same_issue_is_the_same_bytes_in_another_process() -> None:
    made = {run_apart(seed) for seed in ("0", "1", "4242")}
    assert len(made) == 1
    assert re.fullmatch(r"[0-9a-f]{64}", made.pop())


def run_apart(hash_seed: str) -> str:
    """A digest of every template's MJML, HTML and message, made by a process of its own."""
    program = (
        "import hashlib, hard_mails\n"
        "from newsletter.compose.composer import Composer\n"
        "digest = hashlib.sha256()\n"
        "with Composer() as composer:\n"
        "    for template in hard_mails.template_names():\n"
        "        made = hard_mails.compose_hard(composer, template, 'everything')\n"
        "        digest.update(made.mjml.encode() + made.composed.html.encode())\n"
        "        digest.update(repr(made.composed.skeleton).encode())\n"
        "print(digest.hexdigest())"
    )
    folders = ":".join(path for path in sys.path if path)
    env = {"PYTHONPATH": folders, "PYTHONHASHSEED": hash_seed, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()
