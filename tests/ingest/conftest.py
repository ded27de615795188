"""What the tests of ingest share: the seed's bytes, its labels, the shipped appeal, one reader."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ingest.children import PageReader
from newsletter.model.callout import Callout, CalloutKind
from newsletter.model.text import Paragraph, Text

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).parent / "saved_pages"


@pytest.fixture(scope="session")
def appeal() -> Callout:
    return Callout(
        name="dec-ukraine",
        file="callouts/dec-ukraine.md",
        kind=CalloutKind.APPEAL,
        heading=(
            "Support people fleeing the devastating conflict in Ukraine: donate to the DEC appeal"
        ),
        body=(
            Paragraph(
                children=(
                    Text(
                        text="Disasters Emergency Committee (DEC) charities and their local"
                        " partners are in Ukraine and in neighbouring countries providing food,"
                        " water, shelter and medical assistance."
                    ),
                )
            ),
        ),
        link_text="Learn more and donate what you can today",
    )


@pytest.fixture(scope="session")
def seed() -> bytes:
    return (REPOSITORY / "demo" / "seed.txt").read_bytes()


@pytest.fixture(scope="session")
def labels() -> dict[str, list[int]]:
    """The kind of each line of the seed, labelled by hand: kind → line numbers from 1."""
    index: dict[str, list[int]] = json.loads(
        (Path(__file__).parent / "seed_labels.json").read_text(encoding="utf-8")
    )
    return index


@pytest.fixture(scope="session")
def reader() -> Iterator[PageReader]:
    with PageReader() as running:
        yield running
