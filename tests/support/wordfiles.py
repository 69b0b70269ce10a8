"""Word documents for tests, as a reader sees them."""

from __future__ import annotations

import io

import docx
from docx.document import Document
from docx.oxml.ns import qn


def opened(content: bytes) -> Document:
    """A document with what is in its locked parts where it is."""
    document = docx.Document(io.BytesIO(content))
    for locked in document.element.body.xpath(".//w:sdt"):
        for part in list(locked.find(qn("w:sdtContent"))):
            locked.addprevious(part)
        locked.getparent().remove(locked)
    return document
