"""Fixtures of the tests that look at pages in a browser; ``conftest`` makes them known to every test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, for all the tests of a process.

    An event loop goes on in this thread as long as it is there. What a test awaits needs another one: see
    ``anyio.from_thread``.
    """
    import browser as browsing  # loads playwright, which other tests do without

    with browsing.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The handbook's address, under a folder of its own."""
    import browser as browsing
    from handbooks import built

    with browsing.served(built().parent) as address:
        yield f"{address}{built().name}/"
