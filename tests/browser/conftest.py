"""A browser and an app of its own for each module of tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support import server

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app as it is shipped."""
    with server.app(tmp_path_factory.mktemp("app")) as app:
        yield app.url


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, without a window."""
    from tests.browser import watching  # playwright may be missing: its tests are skipped then

    with watching.browser() as launched:
        yield launched
