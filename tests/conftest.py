"""Tests import what they share from tests/support by name, and draw the same examples in every run.

What is slow and never changes is shared: the rulebooks that putright brings are read once in each process, and what is
installed is looked up once.
"""

import datetime as dt
import gc
import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from importlib.util import find_spec
from pathlib import Path

# Several processes share few cores, and tables here are small: more threads would only wait for one another.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings
from putright import cli, fields, hookspecs, plugins
from putright.command import Command
from putright.commands import brought
from putright.plugins import asking, loading
from putright.rulebooks import reading

# What a change is judged by must not change with the day: `nox -s explore` is for what nobody has thought of.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("same")


def _folder(point: EntryPoint) -> Path | None:
    spec = find_spec(point.module)
    return Path(spec.origin).parent if spec and spec.origin else None


#: The folders of the rulebooks that do not change while the tests run.
_BROUGHT = tuple(filter(None, map(_folder, entry_points(group=hookspecs.PROJECT))))
_read_once = cache(reading.examine)


def _read(path: Path, words: frozenset[str], vocabulary: fields.Vocabulary) -> reading.Reading:
    """What was read of a rulebook; one that a test made may change while it runs."""
    is_plain = not any([*vocabulary.fields.values(), *vocabulary.procedures.values()])
    if not is_plain or not any(path.is_relative_to(folder) for folder in _BROUGHT):
        return reading.examine(path, words, vocabulary)
    return _read_once(path, words)


asking.examine = _read


@cache
def _installed(group: str, _places: tuple[str, ...]) -> EntryPoints:
    """The entry points of a group, in these places: to read two hundred distributions takes a fifth of a short audit.

    A test that installs a plugin puts a new folder on the path.
    """
    return entry_points(group=group)


def _entry_points(*, group: str) -> EntryPoints:
    return _installed(group, tuple(sys.path))


loading.entry_points = brought.entry_points = _entry_points


_load = plugins.load


@cache
def _loaded(only: tuple[str, ...] | None, strict: bool | None, _said: tuple[object, ...]) -> plugins.Host:
    return _load(only, strict=strict)


def _load_once(
    only: Iterable[str] | None = None, bank_holidays: Mapping[dt.date, str] | None = None, *, strict: bool | None = None
) -> plugins.Host:
    """The plugins; where none can have changed, those loaded before, with their calendars."""
    names = None if only is None else tuple(only)
    points = tuple(loading.entry_points(group=hookspecs.PROJECT))
    if bank_holidays or not all(_folder(point) in _BROUGHT for point in points):
        return _load(names, bank_holidays, strict=strict)
    return _loaded(names, strict, (points, hookspecs.is_strict(), os.environ.get(hookspecs.ALLOW_LIST)))


plugins.load = _load_once

_make_parser = cli._parser


@cache
def _parser_of(commands: tuple[Command, ...]) -> ArgumentParser:
    return _make_parser(commands)


def _parser(commands: Iterable[Command] | None = None) -> ArgumentParser:
    """The parser of the command line, made once for the same commands."""
    return _parser_of(tuple(commands or ())) if commands is not None else _make_parser()


cli._parser = _parser


#: A folder that every process of a run of the tests has, for what one of them makes and others use.
_SHARED = "PUTRIGHT_TESTS_SHARED"


#: Files that take long, the longest first. They begin before the others, so that none is left to one worker at the end.
#: Two that need the same handbook or the same notebooks are apart: the second would wait until these are made.
_SLOW = (
    *("handbook", "notebooks", "engine_against_oracle", "handbook_browser", "councils", "documents", "publication"),
    *("pack", "spark", "handbook_lite", "notebook_sets", "claims", "new_council", "kept_fields", "watch", "sample"),
    *("pack_browser", "keep_readable", "desk", "desk_access", "desk_guard", "batches", "arrow"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {f"test_{name}": number for number, name in enumerate(_SLOW)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the command does, and not among the tests and what is imported."""
    gc.set_threshold(*cli.GARBAGE)
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # in the process that begins the others
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="putright-tests-shared-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(_SHARED, ""), ignore_errors=True)
