"""Read CSV files, and files with tabs: a block of lines at once if it is plain, otherwise row by row.

A broken row is kept, with its error. The heading alone decides what separates cells. A file that is plainly in
Windows-1252 is read as that, with a note; no other encoding is guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl

from putright.fields import FIELDS
from putright.files.encodings import WESTERN, is_usual, shown, western_letters
from putright.files.tables import (
    DEFAULTS,
    LONGEST_CELL,
    ROW,
    ROW_ERROR,
    FileOptions,
    ReadError,
    Row,
    Table,
    column_name,
    column_names,
    grouped,
    in_batches,
    quoted,
    rows_frame,
)
from putright.files.textfiles import BYTE_ORDER_MARKS, LONGEST_LINE, NOT_TEXT, Lines, open_text, repaired
from putright.text.formulas import as_meant

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read(path: Path, batch: int, options: FileOptions = DEFAULTS) -> Iterator[Table]:
    """Read a CSV file, or one with tabs (``.tsv``), at most ``batch`` rows at a time."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    first, last = (min(options.heading), max(options.heading)) if options.heading else (1, 1)
    encoding, notes = (options.encoding, []) if options.encoding else _encoding(path)
    with open_text(path, encoding) as file:
        _skip_lines(path, file, first)
        above = [file.readline(LONGEST_LINE) for _ in range(first, last)]
        separator, names = _heading(path, file.read(LONGEST_CELL), above, options)
    with open_text(path, encoding) as file:
        lines = Lines(path, file)
        lines.row = last
        _skip_lines(path, file, last)
        some = False
        for frame in in_batches(_pieces(path, lines, separator, names), batch):
            yield Table(frame, day_first=True, notes=[] if some else notes, unread=lines.unread.within(frame))
            some = True
        if not some:
            yield Table(rows_frame(names, []), day_first=True, notes=notes)


def _encoding(path: Path) -> tuple[str | None, list[str]]:
    """Windows-1252, with a note, if a file is plainly not in UTF-8 but in that."""
    letters = western_letters(path, BYTE_ORDER_MARKS)
    if not is_usual(letters):
        return None, []
    return WESTERN, [f"the file is not in UTF-8 and was read as Windows-1252: it holds {shown(letters)}"]


def _skip_lines(path: Path, file: io.TextIOWrapper, number: int) -> None:
    """Leave out the lines above the heading, which is in the line of this number."""
    for _ in range(1, number):
        if not file.readline(LONGEST_LINE):
            raise ReadError(f"{path} has no line {number}, where the mapping says the heading is.")


def _pieces(path: Path, lines: Lines, separator: str, names: list[str]) -> Iterator[pl.DataFrame]:
    """The rows, a block of lines at a time: all at once if the block is plain, otherwise one by one."""
    rows = _rows(path, lines, separator, names)
    next(rows)
    while block := lines.block():
        frame = _plain_rows(block, separator, names, lines.row)
        if frame is None:
            frame = rows_frame(names, list(_until_used_up(rows, lines)))
        else:
            lines.skip(frame.height)
        yield as_meant(frame) if "'" in block else frame


def _until_used_up(rows: Iterator[Row], lines: Lines) -> Iterator[Row]:
    """The rows that begin in the block."""
    for row in rows:
        yield row
        if lines.used_up():
            return


def _plain_rows(block: str, separator: str, names: list[str], before: int) -> pl.DataFrame | None:
    """The rows of a block in which only separators and line ends have a meaning; None for any other block."""
    height, width = block.count("\n"), len(names)
    if (
        block.count(separator) != height * (width - 1)
        or separator not in SEPARATORS
        or block[-1] != "\n"
        or block.count("\r") != block.count("\r\n")
        or any(mark in block for mark in ('"', "\0", "\ufeff", "\n\n", "\n\r\n"))
        or block[0] in "\r\n"
        or width < 2
    ):
        return None
    try:
        frame = pl.read_csv(
            block.encode(),
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            separator=separator,
            quote_char=None,
            empty_string_is_null=False,
        )
    except (UnicodeEncodeError, pl.exceptions.PolarsError):  # lone surrogates; rows of other widths
        return None
    if frame.height != height or max(frame.select(pl.all().str.len_bytes().max()).row(0)) > LONGEST_CELL:
        return None
    numbers = pl.int_range(before + 1, before + 1 + height, dtype=pl.UInt32).alias(ROW)
    return frame.select(numbers, pl.all(), pl.lit(None, pl.String).alias(ROW_ERROR))


#: Excel's own hint at the separator, which may be above the heading.
HINT = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)


def _heading(path: Path, text: str, above: list[str], options: FileOptions) -> tuple[str, list[str]]:
    """The separator and the column names: decided by the heading alone, never by a row.

    ``above`` are the lines with the groups of columns.
    """
    hint = HINT.fullmatch(io.StringIO(text, newline="").readline())
    heading = text[hint.end() :] if hint else text
    split: dict[str, list[str]] = {}
    broken = False
    for mark in hint.group(1) if hint else "\t" if is_tsv(path) else SEPARATORS:
        try:
            split[mark] = next(csv.reader(io.StringIO(heading, newline=""), delimiter=mark, strict=True), [])
        except (csv.Error, TypeError, ValueError):
            broken = True  # no heading under this separator
    mark = _separator(path, split) if split else ""
    if not split or (broken and len(split[mark]) == 1):
        raise ReadError(f"{path} has a heading with a quote that is not closed as it should be.")
    _check_heading(path, split[mark])
    groups = [next(csv.reader([line], delimiter=mark), []) for line in above]
    return mark, column_names(path, grouped([*groups, split[mark]]), numbered=options.numbered)


def is_tsv(path: Path) -> bool:
    """Whether a file has tabs between its cells, by its ending."""
    return path.name.lower().removesuffix(".gz").endswith(".tsv")


def _separator(path: Path, split: dict[str, list[str]]) -> str:
    wide = {mark: cells for mark, cells in split.items() if len(cells) > 1}
    if len(wide) < 2:
        return next(iter(wide or split))
    known = {mark: len({column_name(cell) for cell in cells} & set(FIELDS)) for mark, cells in wide.items()}
    best = [mark for mark in wide if known[mark] == max(known.values())]
    if len(best) > 1:
        raise ReadError(
            f"{path} has a heading that could be split at {' or at '.join(SEPARATORS[mark] for mark in best)}: "
            "put names that hold such marks in quotes."
        )
    return best[0]


def _check_heading(path: Path, cells: list[str]) -> None:
    heading = "".join(cells)
    if NOT_TEXT.search(heading):
        raise ReadError(
            f"{path} is not in UTF-8 (its heading holds other bytes): save it as 'CSV UTF-8', "
            "or read it through a mapping that says its encoding."
        )
    if "\0" in heading:
        raise ReadError(f"{path} is not a CSV file in UTF-8: its first line holds binary data.")
    if not heading.strip():
        raise ReadError(f"{path} has no heading: its first line must name the columns.")


def _rows(path: Path, lines: Lines, separator: str, names: list[str]) -> Iterator[Row]:
    """The heading, then every row with its number; a broken row is kept, with its error."""
    reader = csv.reader(_without_hint(lines), delimiter=separator, strict=True)
    yield lines.row, next(reader), None
    lines.doubtful = False
    width = len(names)
    while True:
        before, lines.first = reader.line_num, ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number = lines.row = lines.row + 1
            if reader.line_num > before + 1:
                raise ReadError(
                    f"{path}, row {number}: a quote opens there that is not closed as it should be, "
                    "so the rows after it cannot be read."
                ) from None
            lines.doubtful = False
            yield (
                number,
                _unquoted(lines.first, separator, width),
                f"row {number}: a quote is not closed, or text follows the closing quote",
            )
            continue
        number = lines.row = lines.row + 1
        if len(cells) == width and reader.line_num == before + 1 and not lines.doubtful:
            yield number, cells, None
        elif cells:  # an empty line is not a row
            problem = _row_error(cells, number, names, separator, lines)
            lines.doubtful = False
            yield number, _padded(cells, width), problem


def _without_hint(lines: Iterable[str]) -> Iterator[str]:
    source = iter(lines)
    first = next(source)
    if not HINT.fullmatch(first):
        yield first
    yield from source


def _unquoted(line: str, separator: str, width: int) -> list[str | None]:
    """The likely cells of a row whose quotes are wrong."""
    return _padded([repaired(cell)[0].strip('"') for cell in line.rstrip("\r\n").split(separator)], width)


def _padded(cells: Sequence[str], width: int) -> list[str | None]:
    return [*cells[:width], *[None] * (width - len(cells))]


def _row_error(cells: list[str], number: int, names: list[str], separator: str, lines: Lines) -> str | None:
    """The error of a row; its unreadable cells are repaired in place."""
    found = []
    unread = []
    width = len(names)
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        found.append(f"it has {len(cells)} cells, the heading {width}")
    if len(cells) < width and lines.open_end:
        found.append(f"the file ends in the middle of it, after {len(cells)} of {width} cells")
    for place, cell in enumerate(cells):
        where = f"column {quoted(names[place]) if place < width else place + 1}"
        cells[place], problem = repaired(cell)
        if problem:
            found.append(f"{where} holds {problem}")
            if place < width:
                unread.append((names[place], cells[place], found[-1]))
        elif width > 1 and any(line.count(separator) >= width - 1 for line in re.split("[\r\n]+", cell)[1:]):
            found.append(f"{where} holds what look like whole rows: a quote is missing, or one too many")
    if len(unread) == len(found):
        for column, text, said in unread:
            lines.unread.add(number, column, text, said)
    more = f"; and {len(found) - 10} more" if len(found) > 10 else ""
    return f"row {number}: {'; '.join(found[:10])}{more}" if found else None
