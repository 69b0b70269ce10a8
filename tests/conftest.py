"""Tests import what they share from tests/support by name, and draw the same examples in every run.

What is slow and never changes is shared: the rulebooks that putright brings are read once in each process.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

# Several processes share few cores, and tables here are small: more threads would only wait for one another.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings
from putright import hookspecs
from putright.plugins import asking
from putright.rulebooks import reading

# What a change is judged by must not change with the day: `nox -s explore` is for what nobody has thought of.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("same")


def _folders() -> Iterator[Path]:
    """The folders of the plugins that are installed."""
    for point in entry_points(group=hookspecs.PROJECT):
        spec = find_spec(point.module)
        if spec and spec.origin:
            yield Path(spec.origin).parent


#: The folders of the rulebooks that do not change while the tests run.
_BROUGHT = tuple(_folders())
_read_once = cache(reading.examine)


def _read(path: Path, words: frozenset[str]) -> reading.Reading:
    """What was read of a rulebook; one that a test made may change while it runs."""
    is_brought = any(path.is_relative_to(folder) for folder in _BROUGHT)
    return _read_once(path, words) if is_brought else reading.examine(path, words)


asking.examine = _read


#: A folder that every process of a run of the tests has, for what one of them makes and others use.
_SHARED = "PUTRIGHT_TESTS_SHARED"


#: Files that take long, the longest first. They begin before the others, so that none is left to one worker at the end.
_SLOW = (
    *("new_council", "notebook_sets", "publication", "spark", "documents", "pack", "engine_against_oracle"),
    *("kept_fields", "claims", "councils", "handbook_lite", "handbook", "handbook_browser", "notebooks"),
    *("keep_readable", "batches", "arrow"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {f"test_{name}": number for number, name in enumerate(_SLOW)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # in the process that begins the others
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="putright-tests-shared-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(_SHARED, ""), ignore_errors=True)
