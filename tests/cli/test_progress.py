"""What `send` tells while it works."""

from newsletter.cli.sending import progress_line
from newsletter.model.mailing import Account


def test_nothing_sent_yet_is_a_beginning_and_no_rest() -> None:
    assert progress_line(Account(planned=1, left=1)) == "sending to 1 reader …"
    assert progress_line(Account(planned=1_200, left=1_200)) == "sending to 1,200 readers …"


def test_a_mailing_under_way_tells_what_is_done_and_what_went_wrong() -> None:
    account = Account(planned=10, sent=6, refused=1, left=3)
    assert progress_line(account) == "6 of 10 sent so far, 1 refused"
