"""What a file most likely is, where it does not say so itself: its encoding, and the rows that name its columns.

For proposals only: a person checks it, and then a mapping says it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from putright.files import textfiles
from putright.files.readers import is_csv, is_workbook
from putright.files.tables import HEADING_FILLED, Form, open_binary, plainly

_WESTERN = "windows-1252"
#: The heading is looked for in this many lines.
_WITHIN = 20


@dataclass(frozen=True)
class Found:
    """A form, with a reason for each part of it."""

    form: Form
    why: dict[str, str]


def find_form(path: Path) -> Found:
    """What is to be said of a file; nothing where it is read well without."""
    with plainly(path):
        return _found(path)


def _found(path: Path) -> Found:
    if is_workbook(path):
        from putright.files import spreadsheets

        heading = spreadsheets.find_heading(path)
        return Found(Form(heading=heading), _heading_reason(heading))
    if not is_csv(path):
        return Found(Form(), {})
    encoding, why = _encoding(path)
    heading = _csv_heading(path, encoding)
    return Found(Form(heading=heading, encoding=encoding), {**why, **_heading_reason(heading)})


def _heading_reason(heading: tuple[int, ...]) -> dict[str, str]:
    return {"heading": "the first row that names most columns; those above it hold titles: check"} if heading else {}


def _encoding(path: Path) -> tuple[str | None, dict[str, str]]:
    """Windows-1252 where no part of the file is any other text beyond plain letters, and all of it can be that."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    found: Counter[str] = Counter()
    with open_binary(path, packed=path.name.lower().endswith(".gz")) as file:
        start = file.read(4)
        if any(start.startswith(mark) for mark, *_ in textfiles.MARKS):
            return None, {}
        chunk = start
        while chunk:
            text = decoder.decode(chunk)
            if not text.isascii():
                found.update(letter for letter in text if letter > "\x7f")
            chunk = file.read(1 << 20)
    found.update(decoder.decode(b"", final=True))
    if not found or any(not "\udc80" <= letter <= "\udcff" for letter in found):
        return None, {}
    try:
        letters = {bytes([ord(letter) - 0xDC00]).decode("cp1252"): count for letter, count in found.items()}
    except UnicodeDecodeError:
        return None, {}
    most = sorted(letters, key=lambda letter: -letters[letter])[:8]
    shown = ", ".join(f"{letter} ({letters[letter]:,})" for letter in most)
    return _WESTERN, {"encoding": f"the file is not in UTF-8; read so, it holds {shown}: check one"}


def _csv_heading(path: Path, encoding: str | None) -> tuple[int, ...]:
    with textfiles.open_text(path, encoding) as file:
        lines = [line[:100_000] for line in islice(iter(lambda: file.readline(1_000_000), ""), _WITHIN)]
    widths = max((_widths(lines, mark) for mark in textfiles.SEPARATORS), key=lambda each: max(each, default=0))
    most = max(widths, default=0)
    place = next((place for place, width in enumerate(widths, start=1) if width >= most * HEADING_FILLED), 1)
    return () if place == 1 or most < 2 or textfiles.HINT.fullmatch(lines[0]) else (place,)


def _widths(lines: list[str], mark: str) -> list[int]:
    """How many cells of each line hold something."""
    rows = (next(csv.reader(io.StringIO(line, newline=""), delimiter=mark), []) for line in lines)
    return [sum(1 for cell in row if cell.strip()) for row in rows]
