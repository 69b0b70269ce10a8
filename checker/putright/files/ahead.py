"""Work done ahead on what comes next, on other threads."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

#: How many items are worked on at once, while the main thread reads ahead and uses those that are done.
_AT_ONCE = 2
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def ahead(work: Callable[[_Item], _Made], items: Iterable[_Item]) -> Generator[_Made, None, None]:
    """The result of the work on each item, in order; threads work ahead on the items that follow."""
    if sys.platform == "emscripten":  # a browser, which has no threads
        yield from map(work, items)
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        begun: deque[Future[_Made]] = deque()
        for item in items:
            begun.append(pool.submit(work, item))
            if len(begun) > _AT_ONCE:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
