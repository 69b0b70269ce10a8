"""Read text files a line at a time, in UTF-8 or UTF-16, packed by gzip or not; ``csvfiles`` and ``jsonlines`` use it.

Bytes that are not text are decoded to lone surrogates, so that one bad byte is an error in one row only.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from putright.files.tables import CUT, LONGEST_CELL, ReadError, UnreadableCells, open_binary

#: A file with a longer line is not a text file.
LONGEST_LINE = 64_000_000
#: Characters looked at together.
_BLOCK = 2_000_000
#: A character of decoded text that takes the place of a byte that is not text.
NOT_TEXT = re.compile("[\ud800-\udfff]")


def repaired(text: str) -> tuple[str, str | None]:
    """The cell with unreadable characters replaced, and its error."""
    if len(text) > LONGEST_CELL:
        return NOT_TEXT.sub("\ufffd", text[:CUT]) + "…", f"{len(text):,} characters, too many for a cell"
    if NOT_TEXT.search(text):
        return NOT_TEXT.sub("\ufffd", text), "bytes that are not UTF-8 text"
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


class Lines:
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
        search = NOT_TEXT.search
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
