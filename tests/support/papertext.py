"""What a paper says in each of its files, to be compared: without blanks, since where lines break does not matter."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache

import lxml.html
import pypdf
from putright.documents.paper import Gap, Paper, Prose, Sentence, Table
from wordfiles import opened


def squeezed(text: str) -> str:
    """Text without its spaces and the turn of its quotation marks: where lines break does not matter."""
    return re.sub(r"\s", "", text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")))


def html_text(page: bytes) -> str:
    return squeezed(lxml.html.fromstring(page.decode()).body.text_content())


@cache
def pdf_text(content: bytes) -> str:
    """The PDF's text; page numbers taken out, so that what runs over a page is one."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return squeezed(" ".join(re.sub(r"Page \d+ of \d+\s*$", "", page.strip()) for page in pages))


@cache
def word_text(content: bytes) -> str:
    document = opened(content)
    parts = [
        part.text if hasattr(part, "text") else " ".join(cell.text for row in part.rows for cell in row.cells)
        for part in document.iter_inner_content()
    ]
    return squeezed(" ".join(parts))


def word_tables(content: bytes) -> list[list[list[str]]]:
    tables = opened(content).tables
    return [[[squeezed(cell.text) for cell in row.cells] for row in table.rows] for table in tables]


def html_tables(page: bytes) -> dict[str, list[list[str]]]:
    tables = lxml.html.fromstring(page.decode()).xpath("//table[@id]")
    return {
        table.get("id"): [[squeezed(cell.text_content()) for cell in row] for row in table.iter("tr")]
        for table in tables
    }


def said(paper: Paper) -> Iterator[str]:
    """Every word of a paper outside its tables."""
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Sentence | Prose | Gap):
                yield squeezed(block.text)
            elif isinstance(block, Table):
                yield from filter(None, (squeezed(block.title), squeezed(block.note)))
            else:
                yield squeezed(block.alternative)
