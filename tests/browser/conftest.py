"""A browser for each module of tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, without a window."""
    from tests.browser import watching  # playwright may be missing: its tests are skipped then

    with watching.browser() as launched:
        yield launched
