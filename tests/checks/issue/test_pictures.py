from dataclasses import replace

from check_samples import ISSUE, LEAD, request_for

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.model.article import Picture
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Section, Story, StoryImage


def card(number: int) -> Story:
    url = f"https://img.theherald.co.uk/{number}.jpg"
    return replace(
        LEAD,
        headline=f"What happened in town number {number}",
        url=f"https://example.org/{number}",
        image=StoryImage(url=url, alt=f"A street in town {number}", line=10 * number + 3),
        line=10 * number,
    )


CARDS = tuple(card(number) for number in range(1, 4))


def kept(width: int, height: int, size: int = 90_000, name: str = "a") -> Picture:
    return Picture(
        name=f"{name * 64}.jpg", type="image/jpeg", width=width, height=height, size_bytes=size
    )


def with_pictures(*pictures: Picture) -> CheckRequest:
    """The lead, and two cards beside each other, with what is known of their pictures."""
    issue = replace(ISSUE, sections=(Section(heading="Top", blocks=CARDS, line=9),))
    urls = [story.image.url for story in CARDS if story.image]
    return replace(request_for(issue), pictures=dict(zip(urls, pictures, strict=False)))


def s15(request: CheckRequest) -> list[Finding]:
    return [finding for finding in run_checks(request).findings if finding.id == "S15"]


GOOD = (kept(1072, 600), kept(512, 300, name="b"), kept(512, 300, name="c"))


def test_pictures_that_are_sharp_and_light_enough_pass() -> None:
    assert s15(with_pictures(*GOOD)) == []
    assert s15(with_pictures()) == []


def test_a_picture_of_this_machine_is_told_once() -> None:
    base = with_pictures(*GOOD)
    section = base.issue.sections[0]

    def told(url: str, *, is_kept: bool) -> list[tuple[str, str]]:
        blocks = (replace(CARDS[0], image=StoryImage(url=url, alt="A street", line=13)), *CARDS[1:])
        request = replace(
            base, issue=replace(base.issue, sections=(replace(section, blocks=blocks),))
        )
        if is_kept:
            request = replace(request, pictures={**request.pictures, url: GOOD[0]})
        found = run_checks(request).findings
        return [(one.id, one.message) for one in found if one.evidence == url]

    message = "a picture's address leads to this machine or its own network"
    for url, is_kept, check in (
        ("http://localhost/a.jpg", False, "S15"),
        ("http://192.168.1.20:8080/a.jpg", False, "S15"),
        ("https://localhost/a.jpg", False, "S26"),
        ("http://localhost/a.jpg", True, "S26"),
    ):
        assert told(url, is_kept=is_kept) == [(check, message)], (url, is_kept)


def test_a_heavy_picture_is_told_with_its_size() -> None:
    (finding,) = s15(with_pictures(replace(GOOD[0], size_bytes=345_678), *GOOD[1:]))
    assert finding.message == "a picture has 345 KB: over 200"
    assert (finding.severity, finding.line) == (Severity.WARNING, 13)


def test_a_picture_needs_pixels_for_the_width_at_which_it_is_shown() -> None:
    assert s15(with_pictures(kept(800, 450), *GOOD[1:])) == []
    (lead,) = s15(with_pictures(kept(777, 450), *GOOD[1:]))
    assert "777 pixels wide is not sharp at 536" in lead.message
    (beside,) = s15(with_pictures(GOOD[0], kept(371, 218, name="b"), GOOD[2]))
    assert "371 pixels wide is not sharp at 256" in beside.message


def test_one_picture_under_two_addresses_is_told_by_its_bytes() -> None:
    (finding,) = s15(with_pictures(GOOD[0], GOOD[1], GOOD[1]))
    assert finding.message == "same picture as in line 23"


def test_an_address_that_is_not_https_is_an_error_unless_the_picture_is_kept() -> None:
    image = StoryImage(url="http://img.theherald.co.uk/1.jpg", alt="A street", line=13)
    issue = replace(ISSUE, sections=(Section(heading="Top", blocks=(replace(LEAD, image=image),)),))
    (finding,) = s15(request_for(issue))
    assert (finding.severity, finding.message) == (
        Severity.ERROR,
        "a picture's address is not https",
    )
    known = replace(request_for(issue), pictures={image.url: GOOD[0]})
    assert s15(known) == []


def test_a_picture_written_into_its_address_is_an_error() -> None:
    image = StoryImage(url="data:image/png;base64,iVBORw0KGgo=", alt="A street", line=13)
    issue = replace(ISSUE, sections=(Section(heading="Top", blocks=(replace(LEAD, image=image),)),))
    (finding,) = s15(request_for(issue))
    assert "written into its address" in finding.message
