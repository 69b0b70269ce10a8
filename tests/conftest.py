"""Tests import what they share from tests/support by name, and draw the same examples in every run.

What is slow and never changes is shared: ``loadedonce`` keeps the plugins, ``shared`` what one process makes for all.
"""

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Several processes share few cores, and tables here are small: more threads would only wait for one another.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import loadedonce
import pytest
from hypothesis import settings

# What a change is judged by must not change with the day: `nox -s explore` is for what nobody has thought of.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("same")

pytest_plugins = ("pagefixtures",)

loadedonce.begin()

#: A folder that every process of a run of the tests has, for what one of them makes and others use.
_SHARED = "PUTRIGHT_TESTS_SHARED"


#: Files that take long, the longest first. They begin before the others, so that none is left to one worker at the end.
#: Two that need the same handbook or the same notebooks are apart: the second would wait until these are made. The
#: notebooks come before, since the handbooks show them. Staging is first: it copies its process some hundred times,
#: which takes longer the more memory that has, and it grows.
_SLOW = (
    *("staging", "notebooks", "councils", "publication", "handbook_building", "documents", "handbook"),
    *("handbook_browser", "pack", "spark", "handbook_lite", "desk", "clicking", "answering", "arrow", "notebook_sets"),
    *("pack_browser", "engine_against_oracle", "desk_access", "batches", "terminals", "handbook_due_dates"),
    *("keep_readable", "readers", "extras", "desk_guard", "stopping", "handouts", "mapping", "handbook_questions"),
    *("claims", "kept_fields", "handbook_shape", "quality", "sample", "watch", "contract", "handbook_two_clicks"),
    *("hostile_files", "handbook_search", "changes", "new_council", "pack_command", "fuzz", "decks", "yamlfiles"),
    *("figuresfile", "docs_your_council", "handcheck", "doubts", "recount", "exports", "verification", "otherfigures"),
    *("classes", "api", "plugins_own_tests", "handbook_doubts", "contract_reading", "counts", "handbook_no_script"),
    *("annual", "docs_plugins", "testing", "training_room", "handbook_reading", "written_questions", "duedates"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {f"test_{name}": number for number, name in enumerate(_SLOW)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """One process compiles the tests while the others wait: at once, each would compile all of them."""
    with (Path(os.environ[_SHARED]) / "compiling").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_SH)  # together, once it is done
        return (yield)


def pytest_collection_finish() -> None:
    """Look for no garbage among the tests and what is imported."""
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # in the process that begins the others
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="putright-tests-shared-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(_SHARED, ""), ignore_errors=True)
