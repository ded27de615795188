"""A newsletter of its own, with nothing left to correct: `doctor`'s tests add its mail server."""

PAPER = """\
[newsletter]
name = "Paper"
from = "Paper <news@paper.news>"
reply_to = "desk@paper.news"
editors = ["desk@paper.news"]
postal_address = "1 High Street"
public_url = "https://letters.paper.news"
language = "en-GB"
timezone = "Europe/London"
[newsletters.daily]
title = "Daily"
list = "daily"
"""
