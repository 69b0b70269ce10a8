"""Parts of a Word document that python-docx cannot make: locked figures, fields, bookmarks and contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

#: A figure in a generated sentence: digits, or a number in words as ``statements.number`` writes it.
_FIGURE = re.compile(r"(\d(?:[\d,.]*\d)?%?|\b[Oo]ne\b|\b[Nn]one\b|^No\b)")
#: What has an element of its own in the text of a run.
_APART = re.compile(r"[\t\r\n]")
#: The last number that a document may give a locked part or a bookmark.
_LAST = 2**31 - 1


def add(parent: Any, name: str, /, **values: object) -> Any:
    """Append an element of Word's own to ``parent``, with these attributes, and return it."""
    child = element(name, **values)
    parent.append(child)
    return child


def element(name: str, /, **values: object) -> Any:
    """An element of Word's own with these attributes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def fill(run: Any, text: str) -> None:
    """Write text into a run that has none; python-docx would look at each letter for one that ends a line."""
    if _APART.search(text):
        run.text = text
    elif text:
        run.add_t(text)


# --- figures that cannot be changed ---------------------------------------------------------------


def split(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a sentence, each with whether it is a figure."""
    for place, part in enumerate(_FIGURE.split(text)):
        if part:
            yield part, place % 2 == 1


def lock(content: Any, number: int) -> None:
    """Put a table or a run of text into a part whose contents cannot be changed, but which can be deleted whole."""
    holder = element("sdt")
    content.addprevious(holder)
    properties = add(holder, "sdtPr")
    add(properties, "alias", val="Figures" if content.tag.endswith("}tbl") else "Figure")
    add(properties, "id", val=number % _LAST)
    add(properties, "lock", val="contentLocked")
    add(holder, "sdtContent").append(content)


# --- fields and contents --------------------------------------------------------------------------


def field(paragraph: Paragraph, code: str) -> None:
    """A field with a number as its result, for example ``PAGE``."""
    begin(paragraph, code)
    paragraph.add_run()._r.add_t("1")
    end(paragraph)


def begin(paragraph: Paragraph, code: str) -> None:
    """The beginning of a field, up to its result."""
    add(paragraph.add_run()._r, "fldChar", fldCharType="begin")
    add(paragraph.add_run()._r, "instrText").text = code
    add(paragraph.add_run()._r, "fldChar", fldCharType="separate")


def end(paragraph: Paragraph) -> None:
    """The end of a field."""
    add(paragraph.add_run()._r, "fldChar", fldCharType="end")


def bookmark(paragraph: Paragraph, number: int) -> str:
    """Mark a heading so that the contents can lead to it; returns the name of the mark."""
    name = f"_Toc{number:08}"
    start = element("bookmarkStart", id=number, name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    add(paragraph._p, "bookmarkEnd", id=number)
    return name


def contents(paragraphs: Sequence[Paragraph], entries: Sequence[tuple[str, str]]) -> None:
    """Fill one paragraph for each entry, a text and the mark that it leads to, as one table of contents.

    It has no page numbers, since only Word knows them: updating the field there keeps it so.
    """
    from docx.text.run import Run

    for place, (paragraph, (text, name)) in enumerate(zip(paragraphs, entries, strict=True)):
        if place == 0:
            begin(paragraph, r'TOC \o "2-2" \n \h \z')
        link = add(paragraph._p, "hyperlink", anchor=name, history=1)
        Run(add(link, "r"), paragraph).text = text
        if place == len(entries) - 1:
            end(paragraph)
