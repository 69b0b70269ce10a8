"""A Word hand-out of each training notebook, by Jupyter Book and offline: to read, to write on, to take home.

A hand-out is the notebook without its code: the questions with room for an answer, the pictures, and the
checker's answers on pages of their own at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from putright.documents.jupyterbook import build_word, check_tools
from putright.training.notebooks import NotebookError, files
from putright.writing.staging import temporary_folder

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from nbformat import NotebookNode

FOLDER = "handouts"
_TEMPLATE = "myst: v1\nkind: docx\ntitle: Hand-out\nversion: 1.0.0\n"
_ANSWERS = "The checker's answers"
_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
#: How an answer is typed, which is of no use on paper.
_HOW = re.compile(r"^To type it: .*$", re.MULTILINE)
_QUESTION = "**Question:"
_PICTURE = re.compile(r"^\(Picture\) (.*)$", re.MULTILINE)
#: A table with this many columns hardly fits on a page.
_WIDE = 9
#: Pictures are drawn in the colour of the page around them; paper is white.
_INK = ("currentColor", "#000000")


def project(names: list[str]) -> str:
    """The ``myst.yml`` of a folder of notebooks: a Jupyter Book of them, and a hand-out of each."""
    stems = [name.removesuffix(".ipynb") for name in names]
    toc = "".join(f"    - file: {stem}.ipynb\n" for stem in stems)
    exports = "".join(
        f"    - format: docx\n      template: {FOLDER}/template\n      articles: [{FOLDER}/{stem}.md]\n"
        f"      output: {FOLDER}/{stem}.docx\n"
        for stem in stems
    )
    return (
        "# Written by 'putright notebooks'. The hand-outs are made by 'putright notebooks --handouts'.\n"
        f"version: 1\nproject:\n  title: Training notebooks\n  toc:\n{toc}  exports:\n{exports}"
        "site:\n  template: book-theme\n"
    )


def make(notebooks: Mapping[str, NotebookNode]) -> dict[str, bytes]:
    """A hand-out of each notebook, with its source for Jupyter Book: files of ``handouts`` by their names.

    Raises JupyterBookError if Jupyter Book or something it needs is missing, NotebookError if a document cannot be
    opened.
    """
    check_tools()
    with temporary_folder() as folder:
        for name, content in files(notebooks, project(list(notebooks))).items():
            (folder / name).write_bytes(content)
        _build(notebooks, folder)
        place = folder / FOLDER
        return {f"{FOLDER}/{path.relative_to(place).as_posix()}": path.read_bytes() for path in _made(place)}


def _made(place: Path) -> list[Path]:
    """The files of the hand-outs, without Jupyter Book's own."""
    found = (path for path in place.rglob("*") if path.is_file())
    return sorted(path for path in found if not any(part.startswith("_") for part in path.relative_to(place).parts))


def _build(notebooks: Mapping[str, NotebookNode], folder: Path) -> None:
    import docx

    place = folder / FOLDER
    (place / "template").mkdir(parents=True)
    (place / "template" / "template.yml").write_text(_TEMPLATE, "utf-8")
    documents: dict[Path, list[str]] = {}
    for name, notebook in notebooks.items():
        stem = name.removesuffix(".ipynb")
        pictures: list[tuple[str, str]] = []
        text = "\n\n".join(_page(stem, notebook, pictures))
        (place / f"{stem}.md").write_text(text + "\n", "utf-8")
        for number, (svg, _) in enumerate(pictures, start=1):
            _draw(svg, place / f"{stem}-{number}.png")
        documents[place / f"{stem}.docx"] = [words for _, words in pictures]
    said = build_word(folder)
    for document, words in documents.items():
        try:
            made = docx.Document(str(document))
        except Exception:  # missing, or not a Word document: Jupyter Book's exit code shows neither
            raise NotebookError(f"{document.name}: Jupyter Book made no Word document: {said}") from None
        _finish(made, words)
        made.save(str(document))


def _finish(document: Document, words: list[str]) -> None:
    """Room to read, tables as wide as the page, and for every picture its words, which a screen reader reads."""
    from docx.shared import Pt

    for paragraph in document.paragraphs:
        if paragraph.text.replace("\u2019", "'") == _ANSWERS:
            paragraph.paragraph_format.page_break_before = True
        _set(paragraph)
    section = document.sections[0]
    assert section.page_width and section.left_margin is not None and section.right_margin is not None
    width = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        table.autofit = False
        if len(table.columns) >= _WIDE:
            _closer(table)
        widths = _widths([[each.text for each in row.cells] for row in table.rows], width)
        for row in table.rows:
            for each, wide in zip(row.cells, widths, strict=True):
                each.width = wide
                for paragraph in each.paragraphs:
                    _set(paragraph, Pt(9 if len(widths) < 7 else 8))
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = wide
    for shape, text in zip(document.inline_shapes, words, strict=False):
        shape._inline.docPr.set("descr", text)


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


# --- the page -------------------------------------------------------------------------------------


def _page(stem: str, notebook: NotebookNode, pictures: list[tuple[str, str]]) -> Iterator[str]:
    """The hand-out as a page of Markdown; the pictures it shows are added, each with its words."""
    number = 0
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", ())
        if cell.cell_type == "markdown" and not {"instructions", "trainer", "score"} & set(tags):
            yield cell.source
        elif "question" in tags:
            shown = "\n\n".join(_shown(stem, cell, pictures)).strip()
            if _QUESTION in shown:
                number += 1
                shown = shown.replace(_QUESTION, f"**Question {number}:", 1) + "\n\nMy answer: " + "." * 80
            yield shown
        elif "later" in tags:
            cover = str(cell.outputs[0]["data"]["text/plain"]).partition("\n")[0].strip("*")
            yield f"*{cover}: at the end.*"
        elif cell.cell_type == "code" and not {"answer", "score"} & set(tags):
            yield from _shown(stem, cell, pictures)
    yield f"## {_ANSWERS}"
    answers = (cell for cell in notebook.cells if "answer" in cell.metadata.get("tags", ()) and _says(cell))
    for number, cell in enumerate(answers, start=1):
        yield f"### Question {number}"
        yield from _shown(stem, cell, pictures)
    for cell in notebook.cells:
        if "later" in cell.metadata.get("tags", ()):
            yield from _shown(stem, cell, pictures)


def _says(cell: NotebookNode) -> bool:
    """Whether a cell shows any text: where a council's rulebooks leave no question, there is no answer."""
    return any(output.get("data", {}).get("text/plain") for output in cell.outputs)


def _shown(stem: str, cell: NotebookNode, pictures: list[tuple[str, str]]) -> Iterator[str]:
    for output in cell.outputs:
        data = output.get("data", {})
        text = str(data.get("text/plain", ""))
        drawn = iter(_SVG.findall(str(data.get("text/html", ""))))

        def place(match: re.Match[str], drawn: Iterator[str] = drawn) -> str:
            pictures.append((next(drawn), match[1]))
            return f"![]({stem}-{len(pictures)}.png)"

        yield _PICTURE.sub(place, _HOW.sub("", text))


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
