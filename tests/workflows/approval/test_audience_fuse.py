"""The audience's fuse: where it lies, to the reader, and how it is told."""

from dataclasses import replace

from workflows.newsroom import Newsroom

from newsletter.config.values import percent
from newsletter.workflows.approval.approve_issue import fuse_problem


def test_the_fuse_holds_up_to_its_share_and_tells_it_as_it_was_written(ready: Newsroom) -> None:
    (newsletter,) = ready.desk.settings.newsletters
    for written in ("0%", "0.5%", "2.5%", "5%", "7%", "29%", "57%", "58%", "100%"):
        fused = replace(newsletter, audience_fuse=percent(written))
        allowed = int(10 * float(written.rstrip("%")))  # of 1,000
        for count in (1000 - allowed, 1000 + allowed):
            assert fuse_problem(fused, 1000, count, "were approved") == "", (written, count)
        told = f"1,000 were approved, more than {written} apart"
        for count in (1000 - allowed - 1, 1000 + allowed + 1):
            assert fuse_problem(fused, 1000, count, "were approved").endswith(told), written
