"""Read JSON Lines: an object on each line, its keys the columns; a line that is not one is kept, with its error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from putright.files.tables import (
    DEFAULTS,
    MOST_COLUMNS,
    ROW_ERROR,
    FileOptions,
    ReadError,
    Table,
    cell_text,
    column_name,
    in_pieces,
    quoted,
    rows_frame,
)
from putright.files.textfiles import Lines, open_text, repaired

#: A JSON escape of a surrogate.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read(path: Path, batch: int, options: FileOptions = DEFAULTS) -> Iterator[Table]:
    """Read JSON Lines, at most ``batch`` of them at a time."""
    with open_text(path) as file:
        lines = Lines(path, file)
        records = _records(path, lines)
        frame = _batch(path, records, batch)
        if not frame.height:
            raise ReadError(f"{path} is empty: it has no line that is not blank.")
        while frame.height:
            yield Table(frame, day_first=False, unread=lines.unread.within(frame))
            frame = _batch(path, records, batch)


_Record = tuple[int, dict[str, str | None], str | None]


def _batch(path: Path, records: Iterator[_Record], batch: int) -> pl.DataFrame:
    frame = pl.concat(in_pieces(records, batch, lambda some: _frame(path, some)), how="diagonal")
    _check_width(path, frame.width - 2)
    return frame.select(pl.exclude(ROW_ERROR), ROW_ERROR)


def _frame(path: Path, records: list[_Record]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for _, record, _ in records for name in record))
    _check_width(path, len(names))
    return rows_frame(names, [(number, list(map(record.get, names)), problem) for number, record, problem in records])


def _check_width(path: Path, width: int) -> None:
    if width > MOST_COLUMNS:
        raise ReadError(f"{path} has lines with {width:,} different names; {MOST_COLUMNS:,} can be read.")


def _records(path: Path, lines: Lines) -> Iterator[_Record]:
    begun = False
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            continue
        if not begun and not line.lstrip().startswith("{"):
            array = " (one array is not read: write one object on each line)" if line.lstrip()[0] == "[" else ""
            raise ReadError(f"{path} is not JSON Lines: line {number} does not begin with '{{'{array}.")
        begun = True
        values, problem = _object(line)
        record = {name: value if type(value) is str else cell_text(value) for name, value in values.items()}
        if lines.doubtful or _SURROGATE.search(line):
            record, worse, unread = _repaired_record(record)
            if problem is None:
                problem = worse
                for name, said in unread:
                    lines.unread.add(number, name, record[name], said)
            lines.doubtful = False
        yield number, record, problem and f"line {number}: {problem}"


def _repaired_record(
    record: dict[str, str | None],
) -> tuple[dict[str, str | None], str | None, list[tuple[str, str]]]:
    """The repaired record, its first error, and the unreadable values if nothing else is wrong."""
    problem = None
    unread: list[tuple[str, str]] = []
    names_read = True
    mended: dict[str, str | None] = {}
    for name, value in record.items():
        whole, wrong = repaired(name)
        text, bad = repaired(value) if value is not None else (None, None)
        if wrong or bad:
            problem = problem or (f"a name holds {wrong}" if wrong else f"{quoted(whole)} holds {bad}")
            names_read = names_read and not wrong
            unread.append((whole, f"{quoted(whole)} holds {bad}"))
        mended[whole] = text
    return mended, problem, unread if names_read else []


class _NotJson(ValueError):
    """A value that is not in the JSON standard."""


def _no_constant(word: str) -> object:
    raise _NotJson(f"{word} is not a JSON value")


class _DuplicateKeys(dict[str, Any]):
    """An object that names a key twice."""

    key = ""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _DuplicateKeys(found)
    twice.key = _first_duplicate([name for name, _ in pairs])
    return twice


def _first_duplicate(names: list[str]) -> str:
    return next(name for name in names if names.count(name) > 1)


_decode = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_constant).decode


@lru_cache(maxsize=MOST_COLUMNS)
def _key(name: str) -> str:
    return column_name(name) or "(without a name)"


def _object(line: str) -> tuple[dict[str, Any], str | None]:
    """The line's object with its keys as records use them, and the line's error."""
    try:
        record = _decode(line.strip())
    except json.JSONDecodeError as error:
        return {}, f"the line is not whole JSON: something is wrong at character {error.colno}"
    except _NotJson as error:
        return {}, f"the line is not JSON: {error}"
    except RecursionError:
        return {}, "the line is not JSON that can be read: it is nested too deep"
    except ValueError:
        return {}, "the line holds a number of too many digits"
    if not isinstance(record, dict):
        return {}, "the line is not a JSON object"
    named = {_key(name): value for name, value in record.items()}
    twice = record.key if isinstance(record, _DuplicateKeys) else None
    if len(named) < len(record):
        twice = _first_duplicate([_key(name) for name in record])
    return named, None if twice is None else f"{quoted(repaired(twice)[0])} appears twice in the line"
