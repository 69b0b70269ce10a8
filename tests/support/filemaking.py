"""For tests of reading: files of every kind, good and broken, and what was read of them."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from putright.files.readers import read_table
from putright.files.tables import ROW, ROW_ERROR, ReadError, Table

KINDS = ["csv", "csv.gz", "xlsx", "jsonl", "jsonl.gz", "parquet"]
HEAD = "reference,received,service\n"


def put(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(table: Table) -> list[tuple[Any, ...]]:
    """Number and cells of each row."""
    return table.frame.drop(ROW_ERROR).rows()


def row_errors(table: Table) -> dict[int, str]:
    """The row errors, by row."""
    return dict(table.frame.filter(pl.col(ROW_ERROR).is_not_null()).select(ROW, ROW_ERROR).iter_rows())


def refused(path: Path) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(ReadError) as error:
        read_table(path)
    text = str(error.value)
    assert text.startswith(str(path)) and text.endswith(".") and "\n" not in text
    return text.removeprefix(str(path))


CASES = [{"reference": f"A{n}", "received": "2026-03-02", "service": "Ärger" if n % 3 else None} for n in range(23)]


def make(path: Path, cases: Sequence[dict[str, Any]]) -> Path:
    """A good file of any kind."""
    names = list(dict.fromkeys(name for case in cases for name in case))
    lines = [names, *([case.get(name) or "" for name in names] for case in cases)]
    kind = path.name.split(".", 1)[1]
    if kind.startswith("csv"):
        content = "".join(",".join(line) + "\n" for line in lines).encode()
    elif kind.startswith("jsonl"):
        content = "".join(json.dumps(case) + "\n" for case in cases).encode()
    elif kind == "xlsx":
        return workbook(path, {"Cases": lines})
    else:
        pl.DataFrame(cases).write_parquet(path)
        return path
    return put(path, gzip.compress(content, mtime=0) if kind.endswith("gz") else content)


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], change: Callable[[Any], None] | None = None
) -> Path:
    """A workbook of these sheets, with what else ``change`` does to it."""
    book = openpyxl.Workbook()
    assert book.active
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append([None if value == "" else value for value in line])
    if change:
        change(book)
    book.save(path)
    return path


TWO = [["reference", "received", "service"], ["A", "2026-03-02", "x"], ["B", "2026-03-03", "y"]]


def patched(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one part changed."""
    good = io.BytesIO()
    with xlsxwriter.Workbook(good, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Cases")
        for number, line in enumerate(TWO):
            sheet.write_row(number, 0, line)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            content = old.read(item)
            new.writestr(item, change(content) if item == part else content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with a few bytes changed, put in, taken out, doubled or cut off."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        place = chance.randrange(len(data) or 1)
        size = chance.choice((1, 1, 4, 50))
        match chance.randrange(5):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                data[place:place] = chance.choice((b'"', b"\n", b",", b"\0", b"\xff", chance.randbytes(size)))
            case 2:
                del data[place : place + size]
            case 3:
                data[place:place] = data[place : place + size]
            case _ if chance.random() < 0.2:
                del data[place:]
    return bytes(data)
