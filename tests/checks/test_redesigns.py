"""Templates that designers made anew: whole pages and parts of other looks, where nothing is told.

Each folder of redesigns/ lies over the shipped templates: marlow is a page of its own in green,
night is dark always, columns sets pictures beside words, thirds computes its widths.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from check_samples import IN_EARNEST
from real_mails import HEAD, made_of, parsed, shipped_templates, verified_appeal

from newsletter.checks.run import run_checks
from newsletter.compose.composer import Composer

REDESIGNS = Path(__file__).parent / "redesigns"
SITE = "https://papers.co.uk"
ISSUE = f"""{HEAD.replace("five more", "five others")}## [Rail strike called off]({SITE}/rail)
**Transport**
![A platform full of people at rush hour]({SITE}/rail.jpg)
*By Jane Doe*

Trains will run as usual on Tuesday: the union's leaders said the offer was good enough to put to
their members, who vote next week. See [the offer]({SITE}/offer) they were made.

::: callout dec-ukraine
:::

# In depth

## [A harbour town votes on its sea wall]({SITE}/wall)
**Coast**
![A harbour wall in low sun]({SITE}/wall.jpg)

Councillors must choose between a higher wall and giving twelve houses back to the sea on Thursday.

## [The bog that remembers nine thousand summers]({SITE}/bog)

Researchers in Cumbria have read pollen, soot and dust layer by layer, and found one very bad year.

## [A bakery keeps its oven]({SITE}/oven)
![A baker lifts a dark loaf]({SITE}/loaf.jpg)
*By Ann Lee*

The family has baked the same loaf since 1931 and will not tell anyone what else is in it.

# Letters

We asked what you would spend a spare million on.

- A **footbridge** over the weir, wrote eleven of you.

> Give it back, said one reader.

# In brief

- [Fishing boat found]({SITE}/boat): all five aboard are safe and well.
- [Market moves to Sunday]({SITE}/market): stalls open at eight.

::: editor
Thank you for reading. Reply to this mail to tell us what you would like to read more about.
:::
"""


@pytest.mark.parametrize("folder", sorted(REDESIGNS.iterdir()), ids=lambda folder: folder.name)
def test_an_honest_redesign_has_no_finding(composer: Composer, folder: Path) -> None:
    own = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.j2")
    }
    templates = {**shipped_templates(), **own}
    newsletter = replace(IN_EARNEST, template="daily")
    request = made_of(composer, parsed(ISSUE), templates, verified_appeal(), newsletter)
    found = [one for one in run_checks(request).findings if one.id[0] in "CO"]
    assert [(one.check, one.message, one.file, one.line) for one in found] == []
