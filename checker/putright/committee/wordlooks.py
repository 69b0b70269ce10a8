"""What Jupyter Book's Word document lacks: headings that repeat, numbers, widths, alternatives, a fixed date.

Each part of the document is held against the block of the paper it was made from: a document that says
anything else than the paper is refused.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from putright.committee.paper import MANY, Chart, Gap, Paper, Section, Table, spell
from putright.committee.paperword import TO_SUPPLY, WordError

_FONT = "Arial"
_ACCENT = "0B4F8A"
_INK = "16202A"
_QUIET = "4A5866"
_STRIPE = "F3F6F8"
_MARK = "FFF4D6"
#: Twentieths of a point: A4, its margins, and so what is left for a table.
_A4 = (11906, 16838)
_MARGIN = 1134
#: A document's properties hold no longer title.
_TITLE = 255
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def finish(made: bytes, paper: Paper, day: dt.date) -> bytes:
    """The document with its looks; ``day`` is the date it bears. WordError where it says something else."""
    import docx

    try:
        document = docx.Document(io.BytesIO(made))
    except Exception as error:  # whatever is wrong with it, it does not open
        raise WordError(f"Jupyter Book made a Word document that does not open: {error}") from None
    _Finish(document, paper).all()
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.language = paper.title[:_TITLE], "", "", "en-GB"
    core.comments, core.keywords, core.subject, core.revision = "", "", "", 1
    core.created = core.modified = dt.datetime.combine(day, dt.time())
    saved = io.BytesIO()
    document.save(saved)
    return _packed(saved.getvalue())


def _packed(content: bytes) -> bytes:
    """The same parts, none with a time of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _NO_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Finish:
    """One document, walked part by part beside its paper."""

    def __init__(self, document: Any, paper: Paper) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.document, self.paper = document, paper
        self._qn, self._element = qn, OxmlElement
        self._parts: Iterator[Any] = iter(list(document.iter_inner_content()))
        self._pictures = 0

    def all(self) -> None:
        self._unlink()
        self._styles()
        number = self._numbering()
        self._heading(self.paper.title, "Heading 1")
        for name, value in self.paper.facts:
            self._say(f"{name}: {value}").paragraph_format.space_after = 0
        wide = False
        for section in self.paper.sections:
            if section.appendix and not wide:
                self._turn()
                wide = True
            self._section(section, number)
        self._rest()
        self._pages(wide)
        self._name_pictures()

    # --- block by block ---------------------------------------------------------------------------

    def _section(self, section: Section, number: int) -> None:
        numbered = not section.appendix
        heading = self._heading(section.heading, f"Heading {section.level}")
        if numbered and section.level == 2:
            self._number(heading, number, 0)
        for block in section.blocks:
            if isinstance(block, Table):
                caption = self._say(block.title)
                caption.style = self._style("Caption")
                caption.paragraph_format.keep_with_next = True
                self._table(block, self._next(), wide=section.appendix)
                if block.note:
                    self._quiet(self._say(block.note))
            elif isinstance(block, Chart):
                self._chart(block)
                self._quiet(self._say(block.alternative))
            else:
                gap = isinstance(block, Gap)
                paragraph = self._say(f"{TO_SUPPLY} {block.text}" if gap else block.text)
                if gap:
                    self._shade(paragraph._p.get_or_add_pPr(), _MARK)
                if numbered:
                    self._number(paragraph, number, 1)

    def _next(self, *, empty: bool = False) -> Any:
        """The next part of the document; empty paragraphs, which only make room, go."""
        for part in self._parts:
            content = part._element.xpath(".//w:drawing") if hasattr(part, "text") else True
            if content or part.text.strip() or empty:
                return part
            part._element.getparent().remove(part._element)
        raise WordError("Jupyter Book's Word document ends before the paper does.")

    def _say(self, text: str) -> Any:
        """The next paragraph, which must say this."""
        paragraph = self._next()
        found = paragraph.text if hasattr(paragraph, "text") else "a table"
        if _same(found) != _same(text):
            raise WordError(f"Jupyter Book's Word document says {found!r} where the paper says {text!r}.")
        return paragraph

    def _heading(self, text: str, style: str) -> Any:
        heading = self._say(text)
        heading.style = self._style(style)
        return heading

    def _rest(self) -> None:
        for part in self._parts:
            if not hasattr(part, "text") or part.text.strip():
                raise WordError("Jupyter Book's Word document says more than the paper.")
            part._element.getparent().remove(part._element)

    def _quiet(self, paragraph: Any) -> None:
        from docx.shared import Pt, RGBColor

        paragraph.paragraph_format.space_before = Pt(4)
        for run in paragraph.runs:
            run.font.size, run.font.italic = Pt(9), False
            run.font.color.rgb = RGBColor.from_string(_QUIET)

    def _chart(self, chart: Chart) -> None:
        paragraph = self._next()
        paragraph.alignment = 0
        paragraph.paragraph_format.keep_with_next = True
        for drawing in paragraph._p.xpath(".//wp:docPr"):
            self._pictures += 1
            drawing.set("id", str(self._pictures))
            drawing.set("name", f"Chart {self._pictures}")
            drawing.set("descr", chart.alternative)
            break
        else:
            raise WordError("Jupyter Book's Word document lacks a chart of the paper.")

    def _name_pictures(self) -> None:
        """MyST names pictures at random."""
        from docx.opc.packuri import PackURI

        body, related = self.document.element.body, self.document.part.related_parts
        for place, name in enumerate(body.xpath(".//a:blip/@r:embed"), start=1):
            related[name].partname = PackURI(f"/word/media/chart-{place}.png")

    def _unlink(self) -> None:
        """Addresses in a text stay text: MyST makes links of them."""
        for link in self.document.element.body.xpath(".//w:hyperlink"):
            for run in link.findall(self._qn("w:r")):
                link.addprevious(run)
                run.remove(run.rPr) if run.rPr is not None else None
            self.document.part.drop_rel(link.get(self._qn("r:id")))
            link.getparent().remove(link)

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, table: Table, found: Any, *, wide: bool) -> None:
        wanted = [[column.heading for column in table.columns], *([spell(cell) for cell in row] for row in table.rows)]
        cells = [list(row.cells) for row in found.rows]
        said = [[_same(cell.text) for cell in row] for row in cells]
        if said != [[_same(text) for text in row] for row in wanted]:
            raise WordError(f"Jupyter Book's Word document has other figures in {table.title!r} than the paper.")
        room = (_A4[1] if wide else _A4[0]) - 2 * _MARGIN
        letters = table.widths(wide=wide)
        widths = [room * width // sum(letters) for width in letters]
        self._layout(found, table, widths)
        for line, row in enumerate(found.rows):
            self._row(row, head=line == 0)
            for place, cell in enumerate(cells[line]):
                self._cell(cell, widths[place], table, place, line)

    def _layout(self, found: Any, table: Table, widths: list[int]) -> None:
        properties = found._tbl.tblPr
        for child in list(properties):
            properties.remove(child)
        self._add(properties, "tblW", type="dxa", w=sum(widths))
        borders = self._add(properties, "tblBorders")
        for side, size in (("top", 0), ("bottom", 4), ("insideH", 4)):
            self._add(borders, side, val="single" if size else "nil", sz=size, space=0, color="B9C3CC")
        self._add(properties, "tblLayout", type="fixed")
        margins = self._add(properties, "tblCellMar")
        for side in ("left", "right"):
            self._add(margins, side, w=70, type="dxa")
        self._add(properties, "tblLook", firstRow=1, noHBand=0)
        self._add(properties, "tblCaption", val=table.title)
        grid = found._tbl.tblGrid
        for child in list(grid):
            grid.remove(child)
        for width in widths:
            self._add(grid, "gridCol", w=width)

    def _row(self, row: Any, *, head: bool) -> None:
        """Only the first row is a heading (MyST says the opposite), and no row is split over pages."""
        properties = row._tr.get_or_add_trPr()
        for child in list(properties):
            properties.remove(child)
        self._add(properties, "cantSplit")
        if head:
            self._add(properties, "tblHeader")

    def _cell(self, cell: Any, width: int, table: Table, place: int, line: int) -> None:
        from docx.shared import Pt

        properties = cell._tc.get_or_add_tcPr()
        for child in list(properties):
            properties.remove(child)
        self._add(properties, "tcW", w=width, type="dxa")
        if line == 0:
            borders = self._add(properties, "tcBorders")
            self._add(borders, "bottom", val="single", sz=12, space=0, color=_INK)
        elif line % 2 == 0:
            self._shade(properties, _STRIPE)
        self._add(properties, "vAlign", val="bottom" if line == 0 else "top")
        for paragraph in cell.paragraphs:
            paragraph.alignment = 2 if table.columns[place].figures else 0
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.paragraph_format.keep_with_next = line == 0
            for run in paragraph.runs:
                run.font.bold = line == 0
                run.font.size = Pt(8.5 if len(table.columns) > MANY else 9.5)

    def _shade(self, properties: Any, colour: str) -> None:
        self._add(properties, "shd", val="clear", color="auto", fill=colour)

    def _add(self, parent: Any, name: str, **values: object) -> Any:
        child = self._element(f"w:{name}")
        for key, value in values.items():
            child.set(self._qn(f"w:{key}"), str(value))
        parent.append(child)
        return child

    # --- the whole document -----------------------------------------------------------------------

    def _styles(self) -> None:
        from docx.shared import Pt, RGBColor

        sizes = {"Normal": 11, "Heading 1": 20, "Heading 2": 14, "Heading 3": 12, "Caption": 10.5}
        for name, size in sizes.items():
            style = self._style(name)
            style.font.name, style.font.size = _FONT, Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in list(fonts.attrib):
                del fonts.attrib[key]
            for key in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(self._qn(f"w:{key}"), _FONT)
            style.font.italic, style.font.bold = False, name != "Normal"
            style.font.color.rgb = RGBColor.from_string(_ACCENT if name.startswith("Heading") else _INK)
            spacing = style.paragraph_format
            spacing.space_before = Pt({"Heading 2": 16, "Heading 3": 12, "Caption": 10}.get(name, 0))
            spacing.space_after = Pt({"Heading 1": 14, "Caption": 4}.get(name, 7))
            spacing.line_spacing = 1.0 if name == "Heading 1" else 1.12
            spacing.keep_with_next = name != "Normal"
        properties = self._style("Normal").element.get_or_add_rPr()
        for child in properties.findall(self._qn("w:lang")):
            properties.remove(child)
        self._add(properties, "lang", val="en-GB")

    def _style(self, name: str) -> Any:
        from docx.enum.style import WD_STYLE_TYPE

        styles = self.document.styles
        found = next((style for style in styles if style.name == name), None)
        if found is None:
            found = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            if name == "Normal":  # what every paragraph has that names no style
                found.element.set(self._qn("w:default"), "1")
        return found

    def _numbering(self) -> int:
        """A list of our own: sections 1, 2 …, and their paragraphs 1.1, 1.2 …"""
        numbering = self.document.part.numbering_part.element
        abstract = self._element("w:abstractNum")
        identity = 1 + max(
            (int(each.get(self._qn("w:abstractNumId"))) for each in numbering.xpath("w:abstractNum")), default=0
        )
        abstract.set(self._qn("w:abstractNumId"), str(identity))
        self._add(abstract, "multiLevelType", val="multilevel")
        for level, pattern in enumerate(("%1.", "%1.%2")):
            made = self._add(abstract, "lvl", ilvl=level)
            self._add(made, "start", val=1)
            self._add(made, "numFmt", val="decimal")
            self._add(made, "lvlText", val=pattern)
            self._add(made, "lvlJc", val="left")
            self._add(self._add(made, "pPr"), "ind", left=624, hanging=624)
        numbering.insert(0, abstract)
        number = 1 + max((int(each.get(self._qn("w:numId"))) for each in numbering.xpath("w:num")), default=0)
        self._add(self._add(numbering, "num", numId=number), "abstractNumId", val=identity)
        return number

    def _number(self, paragraph: Any, number: int, level: int) -> None:
        properties = paragraph._p.get_or_add_pPr()
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = level
        numbering.get_or_add_numId().val = number

    def _turn(self) -> None:
        """What follows stands on wide pages."""
        last = self.document.element.body.xpath("w:p|w:tbl")
        heading = next(p for p in last if p is self._peek())
        paragraph = self._element("w:p")
        heading.addprevious(paragraph)
        properties = self._add(paragraph, "pPr")
        self._page(self._add(properties, "sectPr"), wide=False)

    def _peek(self) -> Any:
        """The next part that says something, left where it is."""
        part = self._next()
        self._parts = iter([part, *self._parts])
        return part._element

    def _pages(self, wide: bool) -> None:
        body = self.document.element.body
        for old in body.findall(self._qn("w:sectPr")):
            body.remove(old)
        self._page(self._add(body, "sectPr"), wide=wide)
        footer = self.document.sections[0].footer
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = 2
        paragraph.add_run("Page ")
        self._field(paragraph, "PAGE")
        paragraph.add_run(" of ")
        self._field(paragraph, "NUMPAGES")
        self._quiet(paragraph)

    def _page(self, properties: Any, *, wide: bool) -> None:
        width, height = reversed(_A4) if wide else _A4
        orient = {"orient": "landscape"} if wide else {}
        self._add(properties, "pgSz", w=width, h=height, **orient)
        self._add(
            properties,
            "pgMar",
            top=_MARGIN,
            right=_MARGIN,
            bottom=_MARGIN,
            left=_MARGIN,
            header=567,
            footer=567,
            gutter=0,
        )

    def _field(self, paragraph: Any, code: str) -> None:
        for kind in ("begin", None, "separate", "", "end"):
            run = paragraph.add_run()
            if kind is None:
                text = self._element("w:instrText")
                text.text = code
                run._r.append(text)
            elif not kind:
                run._r.add_t("1")
            else:
                self._add(run._r, "fldChar", fldCharType=kind)


def _same(text: str) -> str:
    """Text as it is compared: how words are set apart and which way quotation marks turn does not matter."""
    return re.sub(r"\s+", " ", text).strip().translate(_STRAIGHT)


#: MyST turns quotation marks as a typesetter would.
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
