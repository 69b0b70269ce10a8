"""The hand-outs of a training notebook, offline: Word documents by Jupyter Book, and slides.

Each notebook has a sheet for the trainees without an answer, the answers, a guide for the trainer if one is written,
and slides for the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from putright.documents.jupyterbook import build_word, check_tools
from putright.training import handoutpages, slides
from putright.training.guides import Guide, check_parts
from putright.training.handoutpages import ANSWER, QUESTION, Sheet
from putright.training.lessons import Lesson
from putright.training.notebooks import NotebookError
from putright.writing.staging import temporary_folder

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.table import Table, _Row
    from docx.text.paragraph import Paragraph
    from nbformat import NotebookNode

FOLDER = "handouts"
_TEMPLATE = "myst: v1\nkind: docx\ntitle: Hand-out\nversion: 1.0.0\n"
#: A table with this many columns hardly fits on a page.
_WIDE = 9
#: A table of so many rows is kept on one page.
_SHORT = 12
#: Pictures are drawn in the colour of the page around them; paper is white.
_INK = ("currentColor", "#000000")


def project(names: list[str]) -> str:
    """The ``myst.yml`` of a folder of notebooks: a Jupyter Book of them."""
    toc = "".join(f"    - file: {name}\n" for name in names)
    return (
        "# Written by 'putright notebooks'.\n"
        f"version: 1\nproject:\n  title: Training notebooks\n  toc:\n{toc}site:\n  template: book-theme\n"
    )


def make(
    notebooks: Mapping[str, NotebookNode],
    guides: Mapping[str, Guide] | None = None,
    lessons: Mapping[str, Lesson] | None = None,
) -> dict[str, bytes]:
    """The hand-outs of each notebook: files of ``handouts`` by their names.

    ``guides`` and ``lessons`` are by the notebooks' names: with its lesson, the answers have hints for wrong ones.
    Raises JupyterBookError if Jupyter Book or something it needs is missing, NotebookError if a document cannot be
    opened.
    """
    check_tools()
    guides, lessons = guides or {}, lessons or {}
    texts: dict[str, tuple[Sheet, str]] = {}
    made: dict[str, bytes] = {}
    for name, notebook in notebooks.items():
        stem = name.removesuffix(".ipynb")
        pages = [Sheet(stem), Sheet(f"{stem}-answers"), Sheet(f"{stem}-guide")]
        parts = [handoutpages.sheet(notebook, pages[0]), handoutpages.answers(notebook, pages[1], lessons.get(name))]
        if guide := guides.get(name):
            check_parts(guide, handoutpages.headings(notebook), stem)
            parts.append(handoutpages.guide(notebook, guide))
        texts |= {page.stem: (page, "\n\n".join(text) + "\n") for page, text in zip(pages, parts, strict=False)}
        made[f"{FOLDER}/{stem}-slides.html"] = slides.page(notebook).encode()
    return made | _documents(texts)


def _documents(texts: Mapping[str, tuple[Sheet, str]]) -> dict[str, bytes]:
    """Pages of Markdown as Word documents, by their names in ``handouts``."""
    import docx

    with temporary_folder() as folder:
        (folder / "template").mkdir()
        (folder / "template" / "template.yml").write_text(_TEMPLATE, "utf-8")
        (folder / "myst.yml").write_text(_exports(list(texts)), "utf-8")
        for stem, (page, text) in texts.items():
            (folder / f"{stem}.md").write_text(text, "utf-8")
            for number, (svg, _) in enumerate(page.pictures, start=1):
                _draw(svg, folder / f"{stem}-{number}.png")
        said = build_word(folder)
        made = {}
        for stem, (page, _) in texts.items():
            path = folder / f"{stem}.docx"
            try:
                document = docx.Document(str(path))
            except Exception:  # missing, or not a Word document: Jupyter Book's exit code shows neither
                raise NotebookError(f"{path.name}: Jupyter Book made no Word document: {said}") from None
            _finish(document, [words for _, words in page.pictures])
            document.save(str(path))
            made[f"{FOLDER}/{path.name}"] = path.read_bytes()
    return made


def _exports(stems: list[str]) -> str:
    """A ``myst.yml`` that makes a Word document of each page."""
    exports = "".join(
        f"    - format: docx\n      template: template\n      articles: [{stem}.md]\n      output: {stem}.docx\n"
        for stem in stems
    )
    return f"version: 1\nproject:\n  title: Hand-outs\n  exports:\n{exports}"


def _finish(document: Document, words: list[str]) -> None:
    """Room to read, tables as wide as the page, and for every picture its words, which a screen reader reads."""
    from docx.shared import Pt

    _keep_questions(document.paragraphs)
    for paragraph in document.paragraphs:
        _set(paragraph)
    section = document.sections[0]
    assert section.page_width and section.left_margin is not None and section.right_margin is not None
    width = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        table.autofit = False
        if len(table.columns) >= _WIDE:
            _closer(table)
        widths = _widths([[each.text for each in row.cells] for row in table.rows], width)
        for place, row in enumerate(table.rows):
            _keep_row(row, first=not place, whole=place + 1 < len(table.rows) <= _SHORT)
            for each, wide in zip(row.cells, widths, strict=True):
                each.width = wide
                for paragraph in each.paragraphs:
                    _set(paragraph, Pt(9 if len(widths) < 7 else 8))
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = wide
    for shape, text in zip(document.inline_shapes, words, strict=False):
        shape._inline.docPr.set("descr", text)


def _keep_row(row: _Row, *, first: bool, whole: bool) -> None:
    """No row is cut; the first is a heading on each page, and a short table stays ``whole``."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if first:
        properties.append(OxmlElement("w:tblHeader"))
    for paragraph in (each for cell in row.cells for each in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = whole
        for run in paragraph.runs if first else ():
            run.font.bold = True


def _keep_questions(paragraphs: list[Paragraph]) -> None:
    """A question on one page with its choices and the line for its answer."""
    lines: list[Paragraph] = []
    for paragraph in paragraphs:
        if re.match(rf"{QUESTION}\d+:", paragraph.text):
            lines = []
        lines.append(paragraph)
        if paragraph.text.startswith(ANSWER) and re.match(rf"{QUESTION}\d+:", lines[0].text):
            for line in lines[:-1]:
                line.paragraph_format.keep_with_next = True
            lines = []


def _closer(table: Table) -> None:
    """Narrow margins in cells, so that many columns fit on a page."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = "".join(f'<w:{side} w:w="30" w:type="dxa"/>' for side in ("left", "right"))
    room = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    table._tbl.tblPr.insert_element_before(room, "w:tblLook", "w:tblCaption", "w:tblDescription", "w:tblPrChange")


def _widths(rows: list[list[str]], whole: int) -> list[Length]:
    """The columns' shares of a page's width, by the words in them: room for the longest word, more for sentences."""
    from docx.shared import Emu

    columns = list(zip(*rows, strict=True))
    weights = [max(len(word) for text in cells for word in text.split() or [""]) + 2 for cells in columns]
    if len(columns) < _WIDE:  # with more columns there is only room for the words
        weights = [
            max(weight, 7, min(max(map(len, cells)), 26)) for weight, cells in zip(weights, columns, strict=True)
        ]
    return [Emu(whole * weight // sum(weights)) for weight in weights]


def _set(paragraph: Paragraph, size: Length | None = None) -> None:
    """Plain letters and some room; headings keep their size."""
    from docx.shared import Pt

    heading = bool(paragraph.style and str(paragraph.style.name).startswith(("Heading", "Title", "heading")))
    paragraph.paragraph_format.space_before = Pt(14 if heading else 0)
    paragraph.paragraph_format.space_after = Pt(6)
    for run in paragraph.runs:
        run.font.name = "Arial"
        if not heading:
            run.font.size = size or Pt(10.5)


def _draw(svg: str, path: Path) -> None:
    """A picture of the notebook as PNG, which Word can show."""
    import typst

    with temporary_folder() as place:
        (place / "picture.svg").write_text(svg.replace(*_INK), "utf-8")
        page = place / "picture.typ"
        page.write_text(
            '#set page(width: auto, height: auto, margin: 2pt)\n#image("picture.svg", width: 480pt)\n', "utf-8"
        )
        path.write_bytes(typst.compile(page, root=place, format="png", ppi=144))
