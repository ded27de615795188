"""[smtp.NAME]: how the server's signatures are named, for `doctor`."""

from pathlib import Path

import pytest

from newsletter.config.load import load_settings
from newsletter.config.settings import SmtpSettings
from newsletter.errors import ConfigError

ROOT = Path(__file__).parents[2]


def server(folder: Path, lines: str) -> SmtpSettings:
    file = folder / "newsletter.toml"
    text = (ROOT / "newsletter.toml").read_text("utf-8")
    file.write_text(f'{text}\n[smtp.primary]\nhost = "smtp.example.org"\n{lines}\n', "utf-8")
    (read,) = load_settings(file, {}).smtp
    return read


def test_a_signature_is_named_by_selector_and_domain(tmp_path: Path) -> None:
    read = server(tmp_path, 'dkim_selector = "K1.News_2026"\ndkim_domain = "Bücher.example"')
    assert (read.dkim_selector, read.dkim_domain) == ("K1.News_2026", "xn--bcher-kva.example")


def test_without_them_nothing_is_known(tmp_path: Path) -> None:
    read = server(tmp_path, "")
    assert (read.dkim_selector, read.dkim_domain) == ("", "")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('dkim_selector = "a b"', "is no selector"),
        ('dkim_selector = "-a"', "is no selector"),
        ('dkim_selector = "a..b"', "is no selector"),
        ('dkim_selector = "a"\ndkim_domain = "exa mple"', "is no domain"),
        ('dkim_domain = "example.org"', "has no dkim_selector beside it"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        server(tmp_path, lines)
