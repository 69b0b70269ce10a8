"""Guess a file's encoding and heading rows, for a proposed mapping that a person then checks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from putright.files import csvfiles, textfiles
from putright.files.encodings import WESTERN, shown, western_letters
from putright.files.readers import is_csv, is_workbook
from putright.files.tables import HEADING_FILLED, FileOptions, column_name, plain_errors, quoted
from putright.text.english import listed

#: The heading is looked for in this many lines.
_WITHIN = 20


@dataclass(frozen=True)
class DetectedOptions:
    """The options that a file needs, with the reason for each."""

    options: FileOptions
    why: dict[str, str]


def detect_options(path: Path) -> DetectedOptions:
    """Guess encoding and heading rows. Empty if the file reads correctly with the defaults."""
    with plain_errors(path):
        return _detect(path)


def _detect(path: Path) -> DetectedOptions:
    if is_workbook(path):
        from putright.files import spreadsheets

        heading = spreadsheets.detect_heading(path)
        same = spreadsheets.same_shape(path, heading)
        why = {"sheets": f"{listed(map(quoted, same))} have the same columns"} if len(same) > 1 else {}
        return DetectedOptions(
            FileOptions(heading=heading, every_sheet=len(same) > 1), {**_heading_reason(heading), **why}
        )
    if not is_csv(path):
        return DetectedOptions(FileOptions(), {})
    encoding, why = _encoding(path)
    heading = _csv_heading(path, encoding)
    return DetectedOptions(FileOptions(heading=heading, encoding=encoding), {**why, **_heading_reason(heading)})


def _heading_reason(heading: tuple[int, ...]) -> dict[str, str]:
    if len(heading) > 1:
        return {"heading": "a row that names groups of columns, and the one that names the columns: check"}
    return {"heading": "the first row that names most columns; those above it hold titles: check"} if heading else {}


def _encoding(path: Path) -> tuple[str | None, dict[str, str]]:
    """Windows-1252 if the file can only be that; otherwise None."""
    letters = western_letters(path, textfiles.BYTE_ORDER_MARKS)
    if not letters:
        return None, {}
    return WESTERN, {"encoding": f"the file is not in UTF-8; read so, it holds {shown(letters)}: check one"}


def _csv_heading(path: Path, encoding: str | None) -> tuple[int, ...]:
    """The heading row, with the row of groups above it where names repeat; empty if it is the first row alone."""
    with textfiles.open_text(path, encoding) as file:
        lines = [line[:100_000] for line in islice(iter(lambda: file.readline(1_000_000), ""), _WITHIN)]
    marks = "\t" if csvfiles.is_tsv(path) else csvfiles.SEPARATORS
    rows = max((_cells(lines, mark) for mark in marks), key=lambda each: max(map(_width, each), default=0))
    widths = [_width(row) for row in rows]
    most = max(widths, default=0)
    place = next((place for place, width in enumerate(widths) if width >= most * HEADING_FILLED), 0)
    if most < 2 or csvfiles.HINT.fullmatch(lines[0]):
        return ()
    if place + 1 < len(rows) and _are_groups(rows[place], rows[place + 1]):
        return place + 1, place + 2
    if place and _are_groups(rows[place - 1], rows[place]):
        return place, place + 1
    return (place + 1,) if place else ()


def _are_groups(above: list[str], heading: list[str]) -> bool:
    """Whether a row names groups of the columns named in the next, where names repeat and none has a figure."""
    names = [column_name(cell) for cell in heading if cell.strip()]
    fuller = _width(heading) > _width(above) > 1
    return fuller and len(set(names)) < len(names) and not any(letter.isdigit() for letter in "".join(names))


def _width(row: list[str]) -> int:
    """The number of cells that are not blank."""
    return sum(1 for cell in row if cell.strip())


def _cells(lines: list[str], mark: str) -> list[list[str]]:
    """The cells of each line."""
    return [next(csv.reader(io.StringIO(line, newline=""), delimiter=mark), []) for line in lines]
