"""Read text files a line at a time: CSV and JSON Lines, in UTF-8 or UTF-16, packed by gzip or not.

Bytes that are not text are decoded to lone surrogates, so that one bad byte is an error in one row only. A file that
is plainly in Windows-1252 is read as that, with a note; no other encoding is guessed.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import polars as pl

from putright.fields import FIELDS
from putright.files.encodings import WESTERN, is_usual, shown, western_letters
from putright.files.tables import (
    CUT,
    DEFAULTS,
    LONGEST_CELL,
    MOST_COLUMNS,
    ROW,
    ROW_ERROR,
    FileOptions,
    ReadError,
    Row,
    Table,
    UnreadableCells,
    cell_text,
    column_name,
    column_names,
    grouped,
    in_batches,
    in_pieces,
    open_binary,
    quoted,
    rows_frame,
)
from putright.text.formulas import as_meant

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: A file with a longer line is not a text file.
LONGEST_LINE = 64_000_000
#: Characters looked at together.
_BLOCK = 2_000_000

# --- text -----------------------------------------------------------------------------------------

_NOT_TEXT = re.compile("[\ud800-\udfff]")
#: A JSON escape of a surrogate.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _repaired(text: str) -> tuple[str, str | None]:
    """The cell with unreadable characters replaced, and its error."""
    if len(text) > LONGEST_CELL:
        return _NOT_TEXT.sub("\ufffd", text[:CUT]) + "…", f"{len(text):,} characters, too many for a cell"
    if _NOT_TEXT.search(text):
        return _NOT_TEXT.sub("\ufffd", text), "bytes that are not UTF-8 text"
    return text, None


MARKS = (
    (codecs.BOM_UTF8, "utf-8", 3),
    (codecs.BOM_UTF32_LE, "utf-32", 0),
    (codecs.BOM_UTF32_BE, "utf-32", 0),
    (codecs.BOM_UTF16_LE, "utf-16", 0),
    (codecs.BOM_UTF16_BE, "utf-16", 0),
)
BYTE_ORDER_MARKS = tuple(mark for mark, *_ in MARKS)


def _surrogate(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes of UTF-16 that are not text to a lone surrogate, as ``surrogateescape`` does for UTF-8."""
    return "\udc80", cast(UnicodeDecodeError, error).end


codecs.register_error("putright.surrogate", _surrogate)


def open_text(path: Path, given: str | None = None) -> io.TextIOWrapper:
    """Open a text file by its byte order mark, or in the encoding given, or as UTF-8.

    Bytes that are not text become lone surrogates.
    """
    file = open_binary(path, packed=path.name.lower().endswith(".gz"))
    start = file.read(4)
    plain = (given or "utf-8", 0)
    encoding, skip = next(((name, skip) for mark, name, skip in MARKS if start.startswith(mark)), plain)
    file.seek(skip)
    errors = "surrogateescape" if encoding == "utf-8" else "putright.surrogate"
    return io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")


class _Lines:
    """A text file's lines; ``doubtful`` is set by a line that needs a closer check."""

    def __init__(self, path: Path, file: io.TextIOWrapper) -> None:
        self._path, self._file = path, file
        self._text, self._block = "", io.StringIO()
        self.row = 1
        """The number of the last row read; the heading is row 1."""
        self.doubtful = False
        self.first = ""
        """The first line read since this was last emptied."""
        self.open_end = False
        """Whether the last line has no line end."""
        self.unread = UnreadableCells()
        """The unreadable cells of rows with no other error."""

    def block(self) -> str:
        """The next lines, which ``skip`` can leave out; empty at the end of the file."""
        if self.used_up():
            text = self._file.read(_BLOCK)
            unended = len(text) - max(text.rfind("\n"), text.rfind("\r")) - 1
            self._text = text + self._file.readline(max(1, LONGEST_LINE - unended))
            self._block = io.StringIO(self._text, newline="")
        return self._text[self._block.tell() :]

    def used_up(self) -> bool:
        """Whether all lines of the block have been read."""
        return self._block.tell() >= len(self._text)

    def skip(self, rows: int) -> None:
        """Skip the rest of the block, which has this number of rows."""
        self._block.seek(0, io.SEEK_END)
        self.row += rows

    def __iter__(self) -> Iterator[str]:
        search = _NOT_TEXT.search
        while self.block():
            for line in iter(self._block.readline, ""):
                if len(line) > LONGEST_CELL or (not line.isascii() and search(line)):
                    self._check_end(line)
                    self.doubtful = True
                elif line[-1] not in "\r\n":
                    self.open_end = self.doubtful = True
                self.first = self.first or line
                yield line

    def _check_end(self, line: str) -> None:
        self.open_end = line[-1] not in "\r\n"
        if self.open_end and len(line) >= LONGEST_LINE:
            raise ReadError(
                f"{self._path} is not a text file that can be read: one of its lines has more than "
                f"{LONGEST_LINE:,} characters."
            )


# --- CSV ------------------------------------------------------------------------------------------


def read_csv(path: Path, batch: int, options: FileOptions = DEFAULTS) -> Iterator[Table]:
    """Read a CSV file, or one with tabs (``.tsv``), at most ``batch`` rows at a time."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    first, last = (min(options.heading), max(options.heading)) if options.heading else (1, 1)
    encoding, notes = (options.encoding, []) if options.encoding else _encoding(path)
    with open_text(path, encoding) as file:
        _skip_lines(path, file, first)
        above = [file.readline(LONGEST_LINE) for _ in range(first, last)]
        separator, names = _csv_heading(path, file.read(LONGEST_CELL), above, options)
    with open_text(path, encoding) as file:
        lines = _Lines(path, file)
        lines.row = last
        _skip_lines(path, file, last)
        some = False
        for frame in in_batches(_csv_pieces(path, lines, separator, names), batch):
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


def _csv_pieces(path: Path, lines: _Lines, separator: str, names: list[str]) -> Iterator[pl.DataFrame]:
    """The rows, a block of lines at a time: all at once if the block is plain, otherwise one by one."""
    rows = _csv_rows(path, lines, separator, names)
    next(rows)
    while block := lines.block():
        frame = _plain_rows(block, separator, names, lines.row)
        if frame is None:
            frame = rows_frame(names, list(_until_used_up(rows, lines)))
        else:
            lines.skip(frame.height)
        yield as_meant(frame) if "'" in block else frame


def _until_used_up(rows: Iterator[Row], lines: _Lines) -> Iterator[Row]:
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


def _csv_heading(path: Path, text: str, above: list[str], options: FileOptions) -> tuple[str, list[str]]:
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
    if _NOT_TEXT.search(heading):
        raise ReadError(
            f"{path} is not in UTF-8 (its heading holds other bytes): save it as 'CSV UTF-8', "
            "or read it through a mapping that says its encoding."
        )
    if "\0" in heading:
        raise ReadError(f"{path} is not a CSV file in UTF-8: its first line holds binary data.")
    if not heading.strip():
        raise ReadError(f"{path} has no heading: its first line must name the columns.")


def _csv_rows(path: Path, lines: _Lines, separator: str, names: list[str]) -> Iterator[Row]:
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
            problem = _csv_error(cells, number, names, separator, lines)
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
    return _padded([_repaired(cell)[0].strip('"') for cell in line.rstrip("\r\n").split(separator)], width)


def _padded(cells: Sequence[str], width: int) -> list[str | None]:
    return [*cells[:width], *[None] * (width - len(cells))]


def _csv_error(cells: list[str], number: int, names: list[str], separator: str, lines: _Lines) -> str | None:
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
        cells[place], problem = _repaired(cell)
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


# --- JSON Lines -----------------------------------------------------------------------------------


def read_jsonl(path: Path, batch: int, options: FileOptions = DEFAULTS) -> Iterator[Table]:
    """Read JSON Lines, at most ``batch`` of them at a time."""
    with open_text(path) as file:
        lines = _Lines(path, file)
        records = _json_records(path, lines)
        frame = _json_batch(path, records, batch)
        if not frame.height:
            raise ReadError(f"{path} is empty: it has no line that is not blank.")
        while frame.height:
            yield Table(frame, day_first=False, unread=lines.unread.within(frame))
            frame = _json_batch(path, records, batch)


_Record = tuple[int, dict[str, str | None], str | None]


def _json_batch(path: Path, records: Iterator[_Record], batch: int) -> pl.DataFrame:
    frame = pl.concat(in_pieces(records, batch, lambda some: _json_frame(path, some)), how="diagonal")
    _check_width(path, frame.width - 2)
    return frame.select(pl.exclude(ROW_ERROR), ROW_ERROR)


def _json_frame(path: Path, records: list[_Record]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for _, record, _ in records for name in record))
    _check_width(path, len(names))
    return rows_frame(names, [(number, list(map(record.get, names)), problem) for number, record, problem in records])


def _check_width(path: Path, width: int) -> None:
    if width > MOST_COLUMNS:
        raise ReadError(f"{path} has lines with {width:,} different names; {MOST_COLUMNS:,} can be read.")


def _json_records(path: Path, lines: _Lines) -> Iterator[_Record]:
    begun = False
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            continue
        if not begun and not line.lstrip().startswith("{"):
            array = " (one array is not read: write one object on each line)" if line.lstrip()[0] == "[" else ""
            raise ReadError(f"{path} is not JSON Lines: line {number} does not begin with '{{'{array}.")
        begun = True
        values, problem = _json_object(line)
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
        whole, wrong = _repaired(name)
        text, bad = _repaired(value) if value is not None else (None, None)
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


def _json_object(line: str) -> tuple[dict[str, Any], str | None]:
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
    return named, None if twice is None else f"{quoted(_repaired(twice)[0])} appears twice in the line"
