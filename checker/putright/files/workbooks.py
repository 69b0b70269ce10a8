"""Excel workbooks of today (.xlsx, .xlsm): their archive, their sheets, and the cells of a sheet."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache, partial
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
import polars as pl
from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from putright.files.ahead import ahead
from putright.files.celltexts import CellTexts
from putright.files.sheets import COLUMNS, ROWS, Block, Sheet, SheetFeatures
from putright.files.sheetxml import Damage, Piece, Plainness, children, pieces, shared_texts, tree, whole_tags
from putright.files.tables import ReadError
from putright.text import rounding

#: A workbook that unpacks to more, or has a large part that is compressed further, is taken for a zip bomb.
LARGEST = 2 * 1024**3
_LARGE_PART = 64 * 1024**2
_TIGHTEST = 250
#: The content type of the part that names the sheets, with macros or without.
_MAIN = ("sheet.main+xml", "sheet.macroEnabled.main+xml", "template.main+xml", "template.macroEnabled.main+xml")


# --- the archive ----------------------------------------------------------------------------------


def check_archive(path: Path, needed: str) -> None:
    """Refuse a workbook that is locked or damaged, lacks the part needed, or would unpack to more than the limit."""
    kind = "an Excel workbook" if needed.endswith("Types].xml") else "a workbook"
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise ReadError(f"{path} is not a readable {kind.split(' ', 1)[1]}: it is cut off or damaged.") from None
    if any(part.flag_bits & 1 for part in parts):
        raise ReadError(f"{path} is locked with a password: save a copy without one.")
    whole = sum(part.file_size for part in parts)
    if whole > LARGEST:
        raise ReadError(
            f"{path} would unpack to {rounding.ratio(whole, 1024**3, 1):,} GiB, more than a workbook may "
            f"({LARGEST // 1024**3} GiB)."
        )
    for part in parts:
        if part.file_size > _LARGE_PART and part.file_size > _TIGHTEST * max(part.compress_size, 1):
            raise ReadError(f"{path} would unpack to far more than any workbook of its size: it was not opened.")
    if needed not in {part.filename for part in parts}:
        raise ReadError(f"{path} is a zip archive, not {kind}.")


def damaged(path: Path) -> ReadError:
    """The error of a workbook that cannot be read."""
    return ReadError(
        f"{path} is not a readable Excel workbook: it is damaged, or was not written by a spreadsheet program."
    )


# --- sheets ---------------------------------------------------------------------------------------


class Workbook:
    """A workbook opened for reading; every error in it is a ReadError."""

    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._guarded():
            self._archive = zipfile.ZipFile(path)
        try:
            with self._guarded():
                self._open()
        except ReadError:
            self._archive.close()
            raise
        self._roots: dict[str, str | None] = {}
        """The tag that each sheet looked at begins with; None where it is not plain."""

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def _open(self) -> None:
        """Read which sheets there are, and what is needed to read their cells."""
        main = _main_part(self._tree("[Content_Types].xml"))
        book = self._tree(main)
        related = self._related(main)
        there = set(self._archive.namelist())
        found = [each for some in children(book, "sheets") for each in children(some, "sheet")]
        if not found:
            raise Damage
        self.sheets = [
            Sheet(each.get("name", ""), each.get("state", "visible"), part)
            for each in found
            for kind, part in [related.get(next((v for k, v in each.items() if k.endswith("}id")), ""), ("", ""))]
            if kind.endswith("/worksheet") and part in there
        ]
        """Its worksheets, without chart sheets."""
        properties = next(iter(children(book, "workbookPr")), None)
        old = properties is not None and properties.get("date1904") in ("1", "true")
        parts = {kind.rpartition("/")[2]: part for kind, part in related.values() if part in there}
        dates, spans = _date_styles(self._tree(parts["styles"])) if "styles" in parts else ((), ())
        texts = parts.get("sharedStrings")
        self._texts = CellTexts(
            cache(
                lambda: shared_texts(partial(self._archive.open, texts)) if texts else pl.Series([], dtype=pl.String)
            ),
            MAC_EPOCH if old else WINDOWS_EPOCH,
            frozenset(dates),
            frozenset(spans),
        )

    def _tree(self, part: str) -> Element:
        return tree(self._archive.read(part))

    def _related(self, main: str) -> dict[str, tuple[str, str]]:
        """The parts that the main one names: their kind and place, by their id."""
        folder, name = posixpath.split(main)
        listed = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            each.get("Id", ""): (
                each.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
            )
            for each in children(listed, "Relationship")
        }

    def blocks(self, sheet: Sheet) -> Iterator[Block]:
        """A sheet's cells that are not empty, in order, some rows at a time."""
        if sheet.part not in self._roots:
            self.features(sheet)
        with self._guarded():
            self._texts.shared()  # once, before several threads ask for them
        last = 0
        found = pieces(partial(self._archive.open, sheet.part), self._roots[sheet.part])
        with closing(found), closing(ahead(self._block, found)) as made:
            while True:
                with self._guarded():
                    piece = next(made, None)
                    if piece is None:
                        return
                    block, rows = piece
                    if len(rows) and (rows[0] <= last or (np.diff(rows) <= 0).any()):
                        raise Damage
                    last = int(rows[-1]) if len(rows) else last
                if len(block.rows):
                    yield block

    def _block(self, piece: Piece) -> tuple[Block, np.ndarray]:
        """The cells of some rows that are not empty, and the numbers of the rows."""
        found, numbers = piece()
        texts, errors = self._texts.of(found)
        filled = texts.is_not_null()
        if errors:
            filled = filled | pl.int_range(len(texts), eager=True).is_in(list(errors))
        places = filled.arg_true().to_numpy()
        rows, columns = (found[name].gather(places).to_numpy().astype(np.int64) for name in ("row", "column"))
        if len(places) and (rows.max() > ROWS or columns.max() > COLUMNS or columns.min() < 1):
            raise ReadError(
                f"{self._path} is not a readable Excel workbook: it has a cell outside the {ROWS:,} rows and "
                f"{COLUMNS:,} columns of a sheet."
            )
        moved = dict(zip(places.tolist(), range(len(places)), strict=True)) if errors else {}
        own = {moved[place]: error for place, error in errors.items()}
        return Block(rows, columns, texts.gather(places), own), numbers

    def features(self, sheet: Sheet) -> SheetFeatures:
        """Hidden rows and columns, formulas and merged cells of a sheet."""
        found, plainness = SheetFeatures(), Plainness()
        with self._guarded(), self._archive.open(sheet.part) as source:
            for xml in whole_tags(source):
                plainness.add(xml)
                found.add(xml)
            self._roots[sheet.part] = plainness.root if plainness.found("worksheet") else None
        return found

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever a damaged file raises becomes a ReadError."""
        try:
            yield
        except ReadError:
            raise
        except Exception:
            raise damaged(self._path) from None


def _main_part(types: Element) -> str:
    """The part that names the sheets, by its content type."""
    for each in types:
        if each.get("ContentType", "").endswith(_MAIN):
            return each.get("PartName", "/xl/workbook.xml").lstrip("/")
    raise Damage


def _date_styles(styles: Element) -> tuple[list[int], list[int]]:
    """The styles of cells that show a date or a time, and those that show a length of time."""
    own = {
        int(each.get("numFmtId", 0)): each.get("formatCode", "")
        for some in children(styles, "numFmts")
        for each in children(some, "numFmt")
    }
    numbers = [int(each.get("numFmtId", 0)) for some in children(styles, "cellXfs") for each in children(some, "xf")]
    formats = [own.get(number) or builtin_format_code(number) for number in numbers]
    return (
        [place for place, each in enumerate(formats) if is_date_format(each)],
        [place for place, each in enumerate(formats) if is_timedelta_format(each)],
    )
