"""Page servers that the tests of a module share; each test brings its own names."""

from collections.abc import Iterator

import pytest
from serving import Served, newsletter_folder, served


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running `newsletter inbox`, its link opened."""
    folder = newsletter_folder(tmp_path_factory.mktemp("inbox"))
    with served(folder, "inbox") as running:
        running.unlock()
        yield running


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running `newsletter preview`, its link opened."""
    folder = newsletter_folder(tmp_path_factory.mktemp("preview"))
    with served(folder, "preview") as running:
        running.unlock()
        yield running
