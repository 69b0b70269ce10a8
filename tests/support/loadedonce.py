"""Plugins, their rulebooks and the command line's parser, loaded once in a process that runs many commands."""

import datetime as dt
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from importlib.util import find_spec
from pathlib import Path

from putright import cli, fields, hookspecs, plugins
from putright.command import Command
from putright.commands import brought
from putright.plugins import asking, loading
from putright.rulebooks import reading
from putright.writing import processes


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


@cache
def _installed(group: str, _places: tuple[str, ...]) -> EntryPoints:
    """The entry points of a group, in these places: to read two hundred distributions takes a fifth of a short audit.

    A test that installs a plugin puts a new folder on the path.
    """
    return entry_points(group=group)


def _entry_points(*, group: str) -> EntryPoints:
    return _installed(group, tuple(sys.path))


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


_make_parser = cli._parser


@cache
def _parser_of(commands: tuple[Command, ...]) -> ArgumentParser:
    return _make_parser(commands)


def _parser(commands: Iterable[Command] | None = None) -> ArgumentParser:
    """The parser of the command line, made once for the same commands."""
    return _parser_of(tuple(commands or ())) if commands is not None else _make_parser()


def begin() -> None:
    """Keep what is loaded from now on in this process, which is tuned as a command is."""
    processes.tune()
    asking.examine = _read
    loading.entry_points = brought.entry_points = _entry_points
    plugins.load = _load_once
    cli._parser = _parser
