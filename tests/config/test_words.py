from pathlib import Path

from newsletter.config.load import load_settings, newsletter_named
from newsletter.model.finding import CheckRule

SETTINGS = """\
[newsletter]
name = "Example News"
from = "Example News <news@example.org>"
postal_address = "1 Example Street, London"
public_url = "https://news.example.org"
language = "en-GB"
timezone = "Europe/London"
[words]
residue = ["more from the gazette"]
[newsletters.daily]
[newsletters.weekly.words]
residue = ["paws and claws"]
hedges = ["so we hear"]
"""


def no_rules() -> dict[str, CheckRule]:
    return {}


def test_a_newsletter_adds_to_the_words_of_all(tmp_path: Path) -> None:
    file = tmp_path / "newsletter.toml"
    file.write_text(SETTINGS, "utf-8")
    settings = load_settings(file, {}, no_rules)
    assert newsletter_named(settings, "daily").words == (("residue", ("more from the gazette",)),)
    assert dict(newsletter_named(settings, "weekly").words) == {
        "residue": ("more from the gazette", "paws and claws"),
        "hedges": ("so we hear",),
    }
