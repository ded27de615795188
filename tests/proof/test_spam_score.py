"""What SpamAssassin says of our mails: its rules alone, no network, nothing learned, no history.

A mail of a list that is wanted scores near zero; 5.0 is where most servers begin to sort out. The
limit here is lower, so that a rule which our own markup trips is seen while it is one.
"""

import re
from pathlib import Path

import pytest
from independent import SERVICES, golden_bytes, golden_cases, perl, run, service, surroundings

pytestmark = pytest.mark.services

MOST = 2.0
PLANTED = b"""\
From: "WINNER" <prize@lottery.example>
To: undisclosed-recipients:;
Subject: CONGRATULATIONS!!! You have WON $1,000,000.00 URGENT
Date: Tue, 15 Mar 2022 06:30:00 +0000
Message-ID: <1@lottery.example>
MIME-Version: 1.0
Content-Type: text/html

<html><body><font color="#ffffff">x</font><h1>CLICK HERE TO CLAIM your inheritance of
$1,000,000.00 now!!!</h1> Dear Beneficiary, send your bank details to the barrister. Viagra.
</body></html>
"""
VERDICT = re.compile(
    rb"^X-Spam-Status: \w+, score=(?P<score>[-\d.]+) .*?^X-Case: (?P<case>[^\r\n]+)",
    re.DOTALL | re.MULTILINE,
)
HITS = re.compile(rb"^ *(-?\d+\.\d+ [A-Z][A-Z0-9_]+) ", re.MULTILINE)


def judged(mails: dict[str, bytes], folder: Path) -> dict[str, tuple[float, list[str]]]:
    """The score of each mail and the rules that it meets, from one run over a mailbox file."""
    mailbox = b"".join(
        b"From sender@news.example Tue Mar 15 06:30:00 2022\nX-Case: %b\n%b\n\n"
        % (case.encode(), mail.replace(b"\r\n", b"\n"))
        for case, mail in mails.items()
    )
    settings = folder / "user_prefs"
    settings.write_text("use_bayes 0\nuse_auto_welcomelist 0\nrequired_score 5.0\n")
    command: list[str | Path] = [
        *perl("-T"),
        service("usr/bin/spamassassin"),
        "--local",
        "--test-mode",
        "--mbox",
        f"--prefspath={settings}",
        f"--configpath={SERVICES / 'usr/share/spamassassin'}",
        f"--siteconfigpath={SERVICES / 'etc/spamassassin'}",
    ]
    told = run(command, given=mailbox, env=surroundings(folder))
    found = {}
    for each in re.split(rb"^From sender@news.example .*$", told, flags=re.MULTILINE)[1:]:
        verdict = VERDICT.search(each)
        assert verdict is not None, each[:400]
        hits = [" ".join(hit.decode().split()) for hit in HITS.findall(each)]
        found[verdict["case"].decode()] = (float(verdict["score"]), hits)
    return found


def test_no_golden_mail_looks_like_spam(tmp_path: Path) -> None:
    mails = {case: golden_bytes(case, "eml") for case in golden_cases()}
    found = judged({**mails, "planted": PLANTED}, tmp_path)
    assert found.keys() == {*mails, "planted"}
    assert found.pop("planted")[0] > 5.0  # else the rules were not read
    too_much = {case: verdict for case, verdict in found.items() if verdict[0] >= MOST}
    assert too_much == {}
    assert all("HTML_MESSAGE" in " ".join(hits) for _, hits in found.values())
