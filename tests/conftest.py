"""What all tests share: a composer, the --prove option and the profiles of Hypothesis."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from newsletter.compose.composer import Composer

# Commands that tests start stand in folders of their own; they run this tree's code, no other's.
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")

settings.register_profile(
    "default",
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile(
    "prove",
    max_examples=10_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)


@pytest.fixture(scope="session")
def composer() -> "Iterator[Composer]":
    """One render child for all tests of a process; a test that ends it starts one of its own."""
    from newsletter.compose.composer import Composer  # noqa: PLC0415 (few tests compose)

    with Composer() as made:
        yield made


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --prove: the long proofs run whole."""
    parser.addoption("--prove", action="store_true", help="run the long proofs, whole")
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples Hypothesis tries."""
    settings.load_profile("prove" if config.getoption("--prove") else "default")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long proofs to `make prove`; each has a seeded sample that always runs."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("fuzz")
    if config.getoption("--prove"):
        return
    long = [item for item in items if item.get_closest_marker("prove")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
