from collections.abc import Iterator
from pathlib import Path

import pytest
from workflows.newsroom import Newsroom

from newsletter.compose.composer import Composer


@pytest.fixture
def newsroom(tmp_path: Path, composer: Composer) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path, composer)
    yield made
    made.close()


@pytest.fixture
def ready(newsroom: Newsroom) -> Newsroom:
    """A newsroom with a hundred readers and a verified appeal."""
    newsroom.subscribe(100)
    newsroom.verify()
    return newsroom
