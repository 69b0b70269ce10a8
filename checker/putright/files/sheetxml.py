"""The XML of a workbook's sheets and shared texts, taken apart many cells at a time.

A tag at a time, a large sheet takes minutes. Here a piece of several megabytes is split by its rows and cells at once.
A row with anything else in it than plain cells is read by an XML parser, and so is a whole part that begins in another
way than spreadsheet programs write it, so that nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from string import ascii_uppercase, digits
from typing import IO
from xml.etree.ElementTree import Element, fromstring, iterparse

import numpy as np
import polars as pl
from openpyxl.utils import column_index_from_string

#: Bytes unpacked at a time: few at first, since often only the first rows are wanted.
_FIRST, _MOST = 1 << 16, 1 << 22
#: A row or a shared text that is longer than this is damage.
_LONGEST = 1 << 28
#: No spreadsheet program writes a tag this long.
_LONGEST_TAG = 1 << 22
#: Rows that the XML parser reads at a time.
_ROWS = 1_000

#: The cells of a piece: row, column from 1, type and style as written, whether it has a formula, whether it has a
#: stored value, and that value.
CELLS = {
    "row": pl.UInt32,
    "column": pl.UInt32,
    "type": pl.String,
    "style": pl.UInt32,
    "formula": pl.Boolean,
    "stored": pl.Boolean,
    "value": pl.String,
}
_TEXT = r"[^<&\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]*"
#: A cell after its "<c ": its address, its other attributes, a formula, and a stored value or the cell's own text.
_CELL = (
    r'^r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]+="[^"<>&]*")* ?'
    r"(?:/>|>(?:<f(?: [^<>]*)?/>|<f(?: [^<>]*)?>[^<]*</f>)?"
    rf"(?:<v/>|<v(?: [^<>]*)?>{_TEXT}</v>|<is><t(?: [^<>]*)?>{_TEXT}</t></is>)?</c>)"
    r"\s*(?:</row>\s*)?$"
)
#: The value of a plain cell that has more in it than a value, or its own text.
_VALUE = r"<[vt](?: [^<>]*)?>([^<]*)</[vt]>"
#: A row after its "<row ", up to its first cell.
_ROW = r'^(?:[^<>]* )?r="([0-9]{1,7})"[^<>]*>\s*(?:</row>\s*)?$'
#: A shared text after its "<si>".
_SHARED = r"^\s*<t(?: [^<>]*)?>([^<\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]*)</t>\s*</si>\s*$"
_ENTITY = r"&(?:amp|lt|gt|quot|apos);"
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_BEGIN = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml(?: [a-z]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*\?>)?\s*<(worksheet|sst)[\s>]"""
)
_FIRST_ROW = re.compile(rb"<row[^<>]*>")
_ENCODING = re.compile(rb"""encoding=["']([^"'<>]*)["']""")

Opened = Callable[[], IO[bytes]]
"""Opens a part of the workbook from its start."""
Piece = Callable[[], tuple[pl.DataFrame, np.ndarray]]
"""Gives the cells of some rows (``CELLS``), and the numbers of the rows."""


class Damage(Exception):
    """A part is not the XML that it should be."""


# --- parts ----------------------------------------------------------------------------------------


def tree(xml: bytes) -> Element:
    """A small part as a tree. Damage if it is not XML, or declares entities."""
    if b"<!DOCTYPE" in xml:
        raise Damage
    return fromstring(xml)


def children(parent: Element, name: str) -> list[Element]:
    """The elements of a name directly in another, whatever their namespace."""
    return [each for each in parent if local(each) == name]


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


@dataclass
class Plainness:
    """Whether a part can be split as text: UTF-8, of the usual names, rows with numbers, no comments and the like."""

    root: str = ""
    """The tag that the part begins with, with its namespaces."""
    _seen: bytes = b""
    _last: bytes = b""
    _plain: bool = True

    def add(self, xml: bytes) -> None:
        """Look at the next bytes of the part. Damage if it declares entities."""
        whole = self._last + xml
        if b"<!" in whole:
            if b"<!DOCTYPE" in whole:
                raise Damage
            self._plain = False
        if len(self._seen) < _FIRST:
            self._seen += xml[:_FIRST]
        self._last = whole[-32:]

    def found(self, name: str) -> bool:
        """Whether a part with this root is plain, now that all of it was seen."""
        begin = _BEGIN.match(self._seen)
        if begin is None or begin[1].decode() != name or not self._plain:
            return False
        encoding = _ENCODING.search(self._seen[: begin.start(1)])
        root = re.compile(rb"<" + begin[1] + rb"[^<>]*>").search(self._seen)
        if root is None or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
            return False
        self.root = root[0].decode()
        row = _FIRST_ROW.search(self._seen)
        return self._last.rstrip().endswith(b"</" + begin[1] + b">") and (row is None or b' r="' in row[0])


def whole_tags(source: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a part, each piece ending with a whole tag but for the last. Damage where a tag has no end."""
    kept = b""
    while chunk := source.read(1 << 20):
        if len(kept) > _LONGEST_TAG:
            raise Damage
        whole, end, kept = (kept + chunk).rpartition(b">")
        yield whole + end
    yield kept


def _pieces(source: IO[bytes], end: bytes) -> Iterator[bytes]:
    """The bytes of a part up to the last of a closing tag, each piece ending with one."""
    kept, size = bytearray(), _FIRST
    while chunk := source.read(size):
        start = max(len(kept) - len(end), 0)
        kept += chunk
        place = kept.rfind(end, start)
        if place < 0 and len(kept) > _LONGEST:
            raise Damage
        if place >= 0:
            yield bytes(kept[: place + len(end)])
            del kept[: place + len(end)]
        size = min(size * 4, _MOST)


def _split(piece: bytes, begin: str) -> pl.Series:
    """What follows each opening tag in a piece, and first what is before all of them."""
    return pl.Series([piece.decode()]).str.split(begin).explode()


# --- shared texts ---------------------------------------------------------------------------------


def shared_texts(opened: Opened) -> pl.Series:
    """The texts that cells name by number."""
    plainness = Plainness()
    with opened() as source:
        for xml in whole_tags(source):
            plainness.add(xml)
    with opened() as source:
        if plainness.found("sst"):
            found = [_shared(piece, plainness.root) for piece in _pieces(source, b"</si>")]
        else:
            found = [pl.Series([_text(each) for _, each in iterparse(source) if local(each) == "si"], dtype=pl.String)]
    texts = pl.concat(found, rechunk=True) if found else pl.Series([], dtype=pl.String)
    return texts.str.replace_all("_x005F_", "_", literal=True)  # how Excel writes an underscore before an escape


def _shared(piece: bytes, root: str) -> pl.Series:
    parts = _split(piece, "<si>")[1:]
    if not len(parts):
        return _parsed_texts(piece.decode(), root)
    texts = parts.str.extract(_SHARED, 1)
    entities = texts.str.contains("&", literal=True).fill_null(False)
    if entities.any():
        left = texts.str.replace_all(_ENTITY, "").str.contains("&", literal=True)
        texts = texts.set(left.fill_null(False), None).str.replace_many(_ENTITIES)
    odd = texts.is_null()
    if not odd.any():
        return texts
    frame = pl.DataFrame({"text": texts}).with_columns(pl.concat_list("text"))
    places = odd.arg_true()
    parsed = [_parsed_texts(f"<si>{part}", root).to_list() for part in parts.gather(places)]
    kept = frame.to_series().to_list()
    for place, made in zip(places.to_list(), parsed, strict=True):
        kept[place] = made
    return pl.Series([text for some in kept for text in some], dtype=pl.String)


def _parsed_texts(xml: str, root: str) -> pl.Series:
    name = root[1:].split(maxsplit=1)[0].rstrip(">")
    begun = xml[xml.find("<si") :]
    return pl.Series([_text(each) for each in children(fromstring(f"{root}{begun}</{name}>"), "si")], dtype=pl.String)


def _text(element: Element) -> str:
    """A text with all its runs, without how it is pronounced."""
    parts = [each.text or "" for each in children(element, "t")]
    runs = [each.text or "" for run in children(element, "r") for each in children(run, "t")]
    return "".join(parts + runs)


# --- rows and cells -------------------------------------------------------------------------------


def pieces(opened: Opened, root: str | None) -> Generator[Piece, None, None]:
    """The rows of a sheet, some at a time, in the order of the file.

    ``root`` is the tag that a plain sheet begins with; None for another.
    """
    with opened() as source:
        if root is None:
            yield from _parsed_pieces(source)
        else:
            yield from (partial(_plain_cells, piece, root) for piece in _pieces(source, b"</row>"))


def _plain_cells(piece: bytes, root: str) -> tuple[pl.DataFrame, np.ndarray]:
    parts = _split(piece, "<row ")[1:]
    split = pl.DataFrame({"place": pl.int_range(len(parts), eager=True), "part": parts.str.split("<c ")})
    numbers = split["part"].list.first().str.extract(_ROW, 1).cast(pl.UInt32, strict=False)
    found = (
        split.select("place", number=numbers, cell=pl.col("part").list.slice(1))
        .filter(pl.col("cell").list.len() > 0)
        .explode("cell")
    )
    plain = _are_plain(found)
    odd = sorted({*found["place"].filter(~plain).to_list(), *numbers.is_null().arg_true().to_list()})
    if not odd:
        return _typed(found), numbers.to_numpy()
    ends = np.searchsorted(found["place"].to_numpy(), odd)
    frames, rows, begin, first = [], [], 0, 0
    for place, end in zip(odd, ends.tolist(), strict=True):
        frames.append(_typed(found[begin:end]))
        rows.append(numbers[first:place].to_numpy())
        begin, first = end + int((found["place"][end:] == place).sum()), place + 1
        own, own_rows = _of_rows(_rows(f"<row {parts[place]}", root), None)
        frames.append(own)
        rows.append(own_rows)
    return pl.concat([*frames, _typed(found[begin:])]), np.concatenate([*rows, numbers[first:].to_numpy()])


def _are_plain(found: pl.DataFrame) -> pl.Series:
    """Which cells are plain, and in the row that their address says."""
    row = found["cell"].str.splitn('"', 3).struct["field_1"].str.strip_chars_start(ascii_uppercase)
    same = row.cast(pl.UInt32, strict=False) == found["number"]
    return (same & found["cell"].str.contains(_CELL)).fill_null(False)


def _typed(found: pl.DataFrame) -> pl.DataFrame:
    """Plain cells taken apart."""
    if not found.height:
        return pl.DataFrame(schema=CELLS)
    head, body = found["cell"].str.splitn(">", 2).struct.unnest()
    _, address, more = head.str.splitn('"', 3).struct.unnest()
    letters = address.str.strip_chars_end(digits)
    columns = {each: column_index_from_string(each) for each in letters.unique()}
    attributes = pl.DataFrame(
        [(each, *_attributes(each)) for each in more.unique()], orient="row",
        schema={"more": pl.String, "type": pl.String, "style": pl.UInt32},
    )  # fmt: skip
    whole = body.str.starts_with("<v>")
    values = body.str.splitn("<", 3).struct["field_1"].str.strip_prefix("v>").set(~whole, None)
    others = (~whole & (body.str.len_bytes() > len("</c></row>"))).arg_true()
    if len(others):
        values = values.scatter(others, body.gather(others).str.extract(_VALUE, 1))
    return pl.DataFrame(
        {
            "row": found["number"],
            "column": letters.replace_strict(columns, return_dtype=pl.UInt32),
            "type": more.replace_strict(attributes["more"], attributes["type"], return_dtype=pl.String),
            "style": more.replace_strict(attributes["more"], attributes["style"], return_dtype=pl.UInt32),
            "formula": body.str.starts_with("<f"),
            "stored": whole | body.str.contains("<v", literal=True),
            "value": values,
        },
        schema=CELLS,
    )


def _attributes(text: str) -> tuple[str, int]:
    """The type and the style that a cell's attributes say."""
    found = dict(re.findall(r'([a-z]+)="([^"]*)"', text))
    return found.get("t", "n"), int(found.get("s", 0))


def _rows(xml: str, root: str) -> list[Element]:
    """The rows of a few that are not plain."""
    name = root[1:].split(maxsplit=1)[0].rstrip(">")
    return children(fromstring(f"{root}{xml}</{name}>"), "row")


def _of_rows(rows: Iterable[Element], last: int | None) -> tuple[pl.DataFrame, np.ndarray]:
    """The cells of rows that an XML parser has read, and the numbers of the rows.

    ``last`` is the number of the row before them. Damage where that is None, and needed.
    """
    numbers, cells = [], []
    for row in rows:
        if last is None and "r" not in row.keys():  # noqa: SIM118
            raise Damage
        last = int(float(row.get("r", (last or 0) + 1)))
        numbers.append(last)
        column = 0
        for cell in children(row, "c"):
            letters = cell.get("r", "").rstrip(digits)
            column = column_index_from_string(letters) if letters else column + 1
            cells.append((last, column, *_cell(cell)))
    return pl.DataFrame(cells, schema=CELLS, orient="row"), np.array(numbers, dtype=np.int64)


def _cell(cell: Element) -> tuple[str, int, bool, bool, str | None]:
    kind = cell.get("t", "n")
    value = next(iter(children(cell, "v")), None)
    own = next(iter(children(cell, "is")), None)
    text = None if value is None else value.text
    if kind == "inlineStr":
        text = None if own is None else _text(own)
    return kind, int(cell.get("s", 0)), bool(children(cell, "f")), value is not None, text


def _parsed_pieces(source: IO[bytes]) -> Iterator[Piece]:
    """The cells of a sheet that is not plain."""
    rows, last = _each_row(source), 0
    while True:
        frame, numbers = _of_rows(islice(rows, _ROWS), last)
        if not len(numbers):
            return
        last = int(numbers[-1])
        yield partial(lambda *found: found, frame, numbers)


def _each_row(source: IO[bytes]) -> Iterator[Element]:
    for _, element in iterparse(source):
        if local(element) == "row":
            yield element
            element.clear()
