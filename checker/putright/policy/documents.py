"""Reading a published document as lines of text: plain text, Markdown, a web page, PDF or Word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from putright.mistakes import Mistake

#: In bytes, pictures and all, and in letters. No policy is longer; what is, is something else.
LARGEST = 50_000_000
LONGEST = 1_000_000
#: What a Word document unpacks to at most, in bytes.
_UNPACKED = 500_000_000
#: Word numbers the levels of a list from 0 to 8.
_LEVELS = 9


class DocumentError(Mistake):
    """A document cannot be read; the text says which and why."""


def read_lines(path: Path) -> list[str]:
    """The document's lines in order, automatic numbering included.

    Raises DocumentError with one plain sentence: not there, not of a known kind, not what its name says,
    locked by a password, or holding no text (a scan).
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError(f"{path}: a document is read as {', '.join(_READERS)}; save it as one of these.")
    try:
        if not path.is_file():
            raise DocumentError(f"{path}: there is no such file.")
        if path.stat().st_size > LARGEST:
            raise DocumentError(f"{path}: more than {LARGEST // 10**6} MB, too large for a policy.")
        lines = list(_within(path, (" ".join(line.split()) for line in reader(path))))
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}.") from None
    if not any(lines):
        raise DocumentError(f"{path}: holds no text; a scanned document has to be put through OCR first.")
    return lines


def _within(path: Path, lines: Iterable[str]) -> Iterator[str]:
    """The lines, as long as there are not too many letters in them."""
    letters = 0
    for line in lines:
        letters += len(line)
        if letters > LONGEST:
            raise DocumentError(f"{path}: holds more than {LONGEST:,} letters, too many for a policy.")
        yield line


def _text(path: Path) -> Iterator[str]:
    return iter(_letters(path).splitlines())


def _letters(path: Path) -> str:
    content = path.read_bytes()
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError(f"{path}: is not a text file, whatever its name ends in.")
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(f"{path}: its letters are in no encoding known here; save it as UTF-8.")


def _web_page(path: Path) -> Iterator[str]:
    reader = _WebPage()
    reader.feed(_letters(path))
    reader.close()
    return (line for line in "".join(reader.found).split("\n") if line.strip())


class _WebPage(HTMLParser):
    """The text of a saved web page: a line for each heading, paragraph, item and row; nothing of its menus."""

    _LEFT_OUT = frozenset({"head", "script", "style", "nav", "header", "footer", "noscript", "template"})
    _WITHIN_A_LINE = frozenset({"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "u"})
    _CELLS = frozenset({"td", "th"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._within: list[str] = []
        """The tags that are left out and have not ended yet."""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self._LEFT_OUT:
            self._within.append(tag)
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            del self._within[self._within.index(tag) :]
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.found.append(" ".join(re.split(r"\s+", data)))

    def _break(self, tag: str) -> None:
        if tag not in self._WITHIN_A_LINE:
            self.found.append(" " if tag in self._CELLS else "\n")


def _pdf(path: Path) -> Iterator[str]:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is said below, once
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{path}: is locked by a password; save it without one.")
        pages = [page.extract_text() for page in reader.pages]
    except (DocumentError, OSError):
        raise
    except Exception as error:  # a damaged file leads to any kind of error in pypdf
        raise DocumentError(f"{path}: cannot be read as PDF ({type(error).__name__}).") from None
    return (line for page in pages for line in page.splitlines())


# --- Word -----------------------------------------------------------------------------------------


def _word(path: Path) -> Iterator[str]:
    try:
        yield from _word_lines(path)
    except (DocumentError, OSError):
        raise
    except Exception:  # a damaged file leads to any kind of error in python-docx
        raise DocumentError(f"{path}: cannot be read as Word; save it again as .docx.") from None


def _word_lines(path: Path) -> Iterator[str]:
    import zipfile

    import docx
    from docx.table import Table

    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _UNPACKED:
            raise DocumentError(f"{path}: would unpack to more than {_UNPACKED // 10**6} MB: it was not opened.")
    document = docx.Document(str(path))
    numbers = _Numbers(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " ".join(dict.fromkeys(cell.text for cell in row.cells))
        else:
            yield f"{numbers.of(block)} {block.text}"


class _Numbers:
    """The numbers that Word shows before paragraphs and does not store in their text."""

    def __init__(self, document: Any) -> None:
        from docx.oxml.ns import qn

        self._qn = qn
        self._counts: dict[str, list[int]] = {}
        self._levels: dict[str, tuple[str, dict[int, tuple[str, int]]]] = {}
        try:
            numbering = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a document without lists
            return
        abstract = {
            item.get(qn("w:abstractNumId")): dict(map(self._level, item.findall(qn("w:lvl"))))
            for item in numbering.findall(qn("w:abstractNum"))
        }
        for item in numbering.findall(qn("w:num")):
            name = item.find(qn("w:abstractNumId")).get(qn("w:val"))
            self._levels[item.get(qn("w:numId"))] = (name, abstract.get(name, {}))

    def _level(self, item: Any) -> tuple[int, tuple[str, int]]:
        """A level of a list: its number, its pattern as ``%1.%2``, its first value."""

        def value(name: str, default: str) -> str:
            found = item.find(self._qn(name))
            return default if found is None else found.get(self._qn("w:val"), default)

        pattern = value("w:lvlText", "") if value("w:numFmt", "decimal") == "decimal" else ""
        return _whole(item.get(self._qn("w:ilvl"))), (pattern, _whole(value("w:start", "1")))

    def of(self, paragraph: Any) -> str:
        """The number before a paragraph; empty where it has none, or none in figures."""
        wanted = self._properties(paragraph._p.pPr) or self._of_style(paragraph.style)
        if wanted is None or wanted[0] not in self._levels:
            return ""
        name, levels = self._levels[wanted[0]]
        level = wanted[1]
        if level >= _LEVELS:
            return ""
        counts = self._counts.setdefault(name, [])
        while len(counts) <= level:
            counts.append(levels.get(len(counts), ("", 1))[1] - 1)
        counts[level] += 1
        del counts[level + 1 :]
        number = levels.get(level, ("", 1))[0]
        for place, count in enumerate(counts, 1):
            number = number.replace(f"%{place}", str(count))
        return number

    def _of_style(self, style: Any) -> tuple[str, int] | None:
        seen: set[str] = set()
        while style is not None and style.style_id not in seen:  # a damaged style may be based on itself
            seen.add(style.style_id)
            found = self._properties(style.element.pPr)
            if found:
                return found
            style = style.base_style
        return None

    def _properties(self, properties: Any) -> tuple[str, int] | None:
        numbering = None if properties is None else properties.numPr
        if numbering is None or numbering.numId is None:
            return None
        value = self._qn("w:val")
        level = 0 if numbering.ilvl is None else _whole(numbering.ilvl.get(value))
        return str(numbering.numId.get(value)), level


def _whole(text: str | None) -> int:
    """A whole number of a Word document; 0 where it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


_READERS = {".txt": _text, ".md": _text, ".html": _web_page, ".htm": _web_page, ".pdf": _pdf, ".docx": _word}
