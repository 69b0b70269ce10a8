"""Write a paper as a Word document, on our own template or a council's.

A template is any Word document: its styles, page setup, header and footer are used and its text is removed. A style of
ours that it lacks is added. Nothing in a paper is read as an address, a link or markup, and the same paper on the same
template gives the same bytes.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from putright.documents import wordparts
from putright.documents.paper import BLANK, MANY, TO_SUPPLY, Chart, Column, Gap, Paper, Section, Sentence, Table, spell
from putright.mistakes import Mistake

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_FONT = "Arial"
_ACCENT = "0B4F8A"
_INK = "16202A"
_QUIET = "4A5866"
_STRIPE = "F3F6F8"
_LINE = "B9C3CC"
_MARK = "FFF4D6"
#: In twentieths of a point: A4, and its margins.
_A4 = (11906, 16838)
_MARGIN = 1134
#: The longest title that a document's properties can have.
_TITLE = 255
_NO_TIME = (1980, 1, 1, 0, 0, 0)
#: A twentieth of a point in Word's own unit.
_TWIP = 635


class _Style(NamedTuple):
    """How our own template sets a paragraph: sizes and spaces in points."""

    size: float
    before: float = 0
    after: float = 7
    colour: str = _INK
    bold: bool = False
    with_next: bool = False
    lines: float = 1.12


NOTE, GAP, CELL, HEAD = "Note", "To be supplied", "Table text", "Table heading"
CONTENTS = "Contents heading"
#: The styles that a paper uses, by their names in Word; a council's template may have its own of any of them.
STYLES = {
    "Normal": _Style(11),
    "Heading 1": _Style(20, after=14, colour=_ACCENT, bold=True, with_next=True, lines=1),
    "Heading 2": _Style(14, before=16, colour=_ACCENT, bold=True, with_next=True),
    "Heading 3": _Style(12, before=12, colour=_ACCENT, bold=True, with_next=True),
    "Caption": _Style(10.5, before=10, after=4, bold=True, with_next=True),
    CONTENTS: _Style(12, before=14, after=4, colour=_ACCENT, bold=True, with_next=True),
    "toc 1": _Style(11, after=2),
    NOTE: _Style(9, before=4, colour=_QUIET),
    GAP: _Style(11),
    CELL: _Style(9.5, before=3, after=3, lines=1),
    HEAD: _Style(9.5, before=3, after=3, bold=True, with_next=True, lines=1),
}
#: The space after a table with no note, in points.
_AFTER_TABLE = 10
#: A table of many columns is set in this size.
_SMALL = 8.5


class WordError(Mistake):
    """A template that cannot be used; the text says why."""


def word(paper: Paper, pictures: Mapping[str, bytes], day: dt.date, template: Path | None = None) -> bytes:
    """The Word document of a paper.

    ``pictures`` are its charts as PNG, by the id of the table that each draws; ``day`` is the document's date. Raises
    WordError if the ``template`` is not a Word document.
    """
    document = opened(template)
    _Writer(document, pictures, own=template is None).write(paper)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.language = paper.title[:_TITLE], "", "", "en-GB"
    core.comments, core.keywords, core.subject, core.revision = "", "", "", 1
    core.created = core.modified = dt.datetime.combine(day, dt.time())
    saved = io.BytesIO()
    document.save(saved)
    return _packed(saved.getvalue())


def opened(template: Path | None) -> Document:
    """A template without its text; our own if none is given. Raises WordError if it cannot be opened."""
    import docx

    try:
        document = docx.Document(str(template) if template else None)
    except Exception as error:  # python-docx raises any exception for a damaged file
        raise WordError(
            f"{template} is not a Word document that can be a template: save it in Word as .docx. ({error})"
        ) from None
    page = document.sections[0]._sectPr  # of several the first: a paper of ours begins upright and ends wide
    for part in list(document.element.body):
        document.element.body.remove(part)
    document.element.body.append(page)
    return document


def _packed(content: bytes) -> bytes:
    """The same parts, none with a time of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _NO_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Writer:
    """Writes a paper into a document, block by block."""

    def __init__(self, document: Document, pictures: Mapping[str, bytes], *, own: bool) -> None:
        from docx.oxml.ns import qn

        self._qn = qn
        self.document, self.pictures = document, pictures
        self._marks: list[str] = []
        self._figures: list[Any] = []
        self._styles = {name: self._style(name, style, own=own) for name, style in STYLES.items()}
        if own:
            self._page(document.element.body.sectPr)
        self._language()
        self._numbers()
        self._list = self._numbering()

    def write(self, paper: Paper) -> None:
        from docx.shared import Twips

        self._say(paper.title, "Heading 1")
        for name, value in paper.facts:
            line = self._say(f"{name}: {value or BLANK}", "Normal" if value else GAP)
            line.paragraph_format.space_after = Twips(0)
        listed = [section.heading for section in paper.sections if section.level == 2]
        lines = self._contents(listed)
        wide = False
        for section in paper.sections:
            if section.appendix and not wide:
                self._turn()
                wide = True
            self._section(section)
        wordparts.contents(lines, list(zip(listed, self._marks, strict=True)))
        self._lock()

    def _contents(self, listed: Sequence[str]) -> list[Paragraph]:
        """The heading of the contents, and an empty line for each section."""
        if listed:
            self._say("Contents", CONTENTS)
        return [self.document.add_paragraph(style=self._styles["toc 1"]) for _ in listed]

    def _lock(self) -> None:
        """Lock every table, and every figure in a generated sentence; words stay free."""
        for number, content in enumerate([*self.document.element.body.xpath("w:tbl"), *self._figures], start=1):
            wordparts.lock(content, number)

    # --- block by block ---------------------------------------------------------------------------

    def _section(self, section: Section) -> None:
        numbered = not section.appendix
        heading = self._say(section.heading, f"Heading {section.level}")
        if section.level == 2:
            self._marks.append(wordparts.bookmark(heading, len(self._marks) + 1))
        if numbered and section.level == 2:
            self._number(heading, 0)
        bare = False  # whether the last block was a table with no note, which has no space of its own after it
        for block in section.blocks:
            first = len(self.document.element.body)
            if isinstance(block, Table):
                self._say(block.title, "Caption")
                self._table(block, wide=section.appendix)
                if block.note:
                    self._say(block.note, NOTE)
            elif isinstance(block, Chart):
                self._chart(block)
                self._say(block.alternative, NOTE)
            else:
                gap = isinstance(block, Gap)
                paragraph = self._say(f"{TO_SUPPLY} {block.text}" if gap else block.text, GAP if gap else "Normal")
                if isinstance(block, Sentence):
                    self._cut(paragraph)
                if numbered:
                    self._number(paragraph, 1)
            if bare:
                self._space_before(first)
            bare = isinstance(block, Table) and not block.note

    def _space_before(self, place: int) -> None:
        """Space above the paragraph at a place of the body; the last of the body is the page itself."""
        from docx.shared import Pt
        from docx.text.paragraph import Paragraph

        paragraph = Paragraph(self.document.element.body[place - 1], self.document._body)
        paragraph.paragraph_format.space_before = Pt(_AFTER_TABLE)

    def _say(self, text: str, style: str = "Normal") -> Paragraph:
        paragraph = self.document.add_paragraph(spell(text))
        # By its number, as in a cell of a table; what has none is Normal.
        paragraph._p.style = None if style == "Normal" else self._styles[style].style_id
        return paragraph

    def _cut(self, paragraph: Paragraph) -> None:
        """Give each figure of a sentence a run of its own."""
        text = paragraph.text
        for run in list(paragraph.runs):
            paragraph._p.remove(run._r)
        for part, is_figure in wordparts.split(text):
            run = paragraph.add_run(part)
            if is_figure:
                self._figures.append(run._r)

    def _chart(self, chart: Chart) -> None:
        from docx.shared import Twips

        paragraph = self.document.add_paragraph(style=self._styles["Normal"])
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run().add_picture(io.BytesIO(self.pictures[chart.table]), width=Twips(self._room() * 3 // 4))
        number = len(self.document.element.body.xpath(".//wp:docPr"))
        (properties,) = paragraph._p.xpath(".//wp:docPr")
        for name, value in (("id", number), ("name", f"Chart {number}"), ("descr", chart.alternative)):
            properties.set(name, str(value))

    def _room(self) -> int:
        """How wide the text of the page is, in twentieths of a point."""
        page = self.document.sections[-1]
        width = page.page_width or _A4[0] * _TWIP
        return (width - (page.left_margin or 0) - (page.right_margin or 0)) // _TWIP

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, table: Table, *, wide: bool) -> None:
        """A heading row and the rows, each a copy of the first or the second: python-docx is slow to make a cell."""
        made: Any = self.document.add_table(min(1 + len(table.rows), 3), len(table.columns))
        letters, room = table.widths(wide=wide), self._room()
        widths = [room * width // sum(letters) for width in letters]
        self._layout(made._tbl, table, widths)
        rows = list(made._tbl.tr_lst)
        for place, row in enumerate(rows):
            self._row(row, head=place == 0)
            for cell, column, width in zip(row.tc_lst, table.columns, widths, strict=True):
                self._cell(cell, width, line=place)
                self._paragraph(cell.p_lst[0], made, column, head=place == 0, small=len(table.columns) > MANY)
        for place in range(3, 1 + len(table.rows)):
            rows.append(copy.deepcopy(rows[place - 2]))
            made._tbl.append(rows[-1])
        lines = [[column.heading for column in table.columns], *table.rows]
        for row, texts in zip(rows, lines, strict=True):
            for cell, text in zip(row.tc_lst, texts, strict=True):
                wordparts.fill(cell.p_lst[0].r_lst[0], spell(text))

    def _paragraph(self, made: Any, parent: Any, column: Column, *, head: bool, small: bool) -> None:
        """A cell's paragraph, with no text yet."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt
        from docx.text.paragraph import Paragraph

        # By its number: python-docx looks through every style of the document to find it by itself.
        made.style = self._styles[HEAD if head else CELL].style_id
        paragraph = Paragraph(made, parent)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if column.figures else WD_ALIGN_PARAGRAPH.LEFT
        run = paragraph.add_run()
        if small:
            run.font.size = Pt(_SMALL)

    def _layout(self, made: Any, table: Table, widths: list[int]) -> None:
        properties = made.tblPr
        for child in list(properties):
            properties.remove(child)
        wordparts.add(properties, "tblW", type="dxa", w=sum(widths))
        borders = wordparts.add(properties, "tblBorders")
        for side, size in (("top", 0), ("bottom", 4), ("insideH", 4)):
            wordparts.add(borders, side, val="single" if size else "nil", sz=size, space=0, color=_LINE)
        wordparts.add(properties, "tblLayout", type="fixed")
        margins = wordparts.add(properties, "tblCellMar")
        for side in ("left", "right"):
            wordparts.add(margins, side, w=70, type="dxa")
        wordparts.add(properties, "tblLook", firstRow=1, noHBand=0)
        wordparts.add(properties, "tblCaption", val=spell(table.title))
        for column, width in zip(made.tblGrid.gridCol_lst, widths, strict=True):
            column.set(self._qn("w:w"), str(width))

    def _row(self, row: Any, *, head: bool) -> None:
        """The first row is a heading on every page, and no row is split over pages."""
        properties = row.get_or_add_trPr()
        wordparts.add(properties, "cantSplit")
        if head:
            wordparts.add(properties, "tblHeader")

    def _cell(self, cell: Any, width: int, *, line: int) -> None:
        properties = cell.get_or_add_tcPr()
        for child in list(properties):
            properties.remove(child)
        wordparts.add(properties, "tcW", w=width, type="dxa")
        if line == 0:
            borders = wordparts.add(properties, "tcBorders")
            wordparts.add(borders, "bottom", val="single", sz=12, space=0, color=_INK)
        elif line % 2 == 0:
            self._shaded(properties, _STRIPE)
        wordparts.add(properties, "vAlign", val="bottom" if line == 0 else "top")

    def _shaded(self, properties: Any, colour: str) -> Any:
        return wordparts.add(properties, "shd", val="clear", color="auto", fill=colour)

    # --- the whole document -----------------------------------------------------------------------

    def _style(self, name: str, wanted: _Style, *, own: bool) -> Any:
        """A style of the document; set to ours if the template is ours or lacks that name."""
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt, RGBColor

        found = next((each for each in self.document.styles if each.name == name), None)
        if found is not None and found.type != WD_STYLE_TYPE.PARAGRAPH:
            raise WordError(f"The template has a style named {name!r} that is not for paragraphs: rename it.")
        if found is not None and not own:
            return found
        builtin = name not in (CONTENTS, NOTE, GAP, CELL, HEAD)
        style: Any = found or self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=builtin)
        style.font.size, style.font.italic, style.font.bold = Pt(wanted.size), False, wanted.bold
        style.font.color.rgb = RGBColor.from_string(wanted.colour)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(wanted.before), Pt(wanted.after)
        spacing.line_spacing, spacing.keep_with_next = wanted.lines, wanted.with_next
        if own:
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.attrib.clear()
            for key in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(self._qn(f"w:{key}"), _FONT)
        if name == GAP:
            properties = style.element.get_or_add_pPr()
            properties.insert_element_before(self._shaded(properties, _MARK), "w:spacing")
        return style

    def _language(self) -> None:
        properties = self._styles["Normal"].element.get_or_add_rPr()
        for child in properties.findall(self._qn("w:lang")):
            properties.remove(child)
        wordparts.add(properties, "lang", val="en-GB")

    def _numbering(self) -> int:
        """A list of our own: sections 1, 2 …, and their paragraphs 1.1, 1.2 …"""
        numbering = self._numbering_part().element
        abstract = wordparts.element("abstractNum")
        taken = [int(each.get(self._qn("w:abstractNumId"))) for each in numbering.xpath("w:abstractNum")]
        identity = 1 + max(taken, default=0)
        abstract.set(self._qn("w:abstractNumId"), str(identity))
        wordparts.add(abstract, "multiLevelType", val="multilevel")
        for level, pattern in enumerate(("%1.", "%1.%2")):
            made = wordparts.add(abstract, "lvl", ilvl=level)
            wordparts.add(made, "start", val=1)
            wordparts.add(made, "numFmt", val="decimal")
            wordparts.add(made, "lvlText", val=pattern)
            wordparts.add(made, "lvlJc", val="left")
            wordparts.add(wordparts.add(made, "pPr"), "ind", left=624, hanging=624)
        numbering.insert(0, abstract)
        number = 1 + max((int(each.get(self._qn("w:numId"))) for each in numbering.xpath("w:num")), default=0)
        wordparts.add(wordparts.add(numbering, "num", numId=number), "abstractNumId", val=identity)
        return number

    def _numbering_part(self) -> Any:
        """The part with the lists; a template without a list does not have it."""
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.parts.numbering import NumberingPart

        main = self.document.part
        if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in main.rels.values()):
            empty: Any = wordparts.element("numbering")
            part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, empty, main.package)
            main.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
        return main.numbering_part

    def _number(self, paragraph: Paragraph, level: int) -> None:
        properties: Any = paragraph._p.get_or_add_pPr()
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = level
        numbering.get_or_add_numId().val = self._list

    def _turn(self) -> None:
        """Begin a section of landscape pages."""
        from docx.enum.section import WD_ORIENT

        page = self.document.add_section()
        if page.orientation != WD_ORIENT.LANDSCAPE:
            page.orientation = WD_ORIENT.LANDSCAPE
            page.page_width, page.page_height = page.page_height, page.page_width

    def _page(self, properties: Any) -> None:
        for child in list(properties):
            properties.remove(child)
        wordparts.add(properties, "pgSz", w=_A4[0], h=_A4[1])
        sides = dict.fromkeys(("top", "right", "bottom", "left"), _MARGIN)
        wordparts.add(properties, "pgMar", **sides, header=567, footer=567, gutter=0)

    def _numbers(self) -> None:
        """Page numbers, unless the template has a footer of its own."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        footer = self.document.sections[0].footer
        if any(part.text.strip() for part in footer.paragraphs) or footer.tables:
            return
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = self._styles[NOTE], WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run("Page ")
        wordparts.field(paragraph, "PAGE")
        paragraph.add_run(" of ")
        wordparts.field(paragraph, "NUMPAGES")
