"""The files of a paper: any text comes through them, and a council's template gives them its looks."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import lxml.html
import pytest
from docx.shared import Cm, Pt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packmaking import AS_AT, PERIOD
from papertext import html_text, pdf_text, squeezed, word_tables, word_text
from putright.committee import pack, reporthtml
from putright.documents.paper import Chart, Column, Gap, Paper, Prose, Section, Sentence, Share, Table, Withheld, spell
from wordfiles import opened

# --- any text whatever ----------------------------------------------------------------------------

AWKWARD = (
    "Parks & *leisure* <b>|`x`</b> $5 [a](b) @c {d} ~e~ ^f^ \\ # -- ... 'g' \"h\" http://example.org a@b.org",
    "# No heading",
    "- no list",
    "1. no list",
    "2026. No list",
    "%% no comment",
    "+++",
    "(label)=",
    ":::{note}",
    "{{ no }} {% template %}",
    "&amp; &lt;",
    "*",
    "| |",
    "$$ no maths $$",
    "[^1] [@cite] [](x)",
    "a  b",
    "very" * 30 + "long",
    "\u00e9\u00df\u4e2d\u202f\u2013",
)


def _paper(text: str) -> Paper:
    columns = (Column(f"Of {text}", figures=False), Column("Count"), Column("Share"))
    table = Table("t", f"Table: {text}", columns, ((text, 3, Share(1, 3)), ("x", Withheld(), None)), text)
    chart = Chart("t", (1,), "bars", f"Bars: {text}")
    blocks = (Sentence("s", text, "Always."), Prose("p", f"So {text}"), Gap("g", text), chart, table)
    return Paper(
        f"Title {text}", (("Fact", text),), (Section("one", text, blocks), Section("two", text, appendix=True))
    )


@pytest.mark.parametrize("text", [" ; ".join(AWKWARD), *AWKWARD[:12:4]])
def test_awkward_text_comes_through_every_document(text: str) -> None:
    paper = _paper(text)
    files = pack.committee_files(paper, _order())
    page = reporthtml.page(paper, "software", "footer").encode()
    wanted = squeezed(text)
    assert word_text(files["committee-paper.docx"]).count(wanted) >= 8
    assert html_text(page).count(wanted) >= 8
    assert pdf_text(files["committee-paper.pdf"]).count(wanted.replace("\u4e2d", "\ufffd")) >= 4
    assert lxml.html.fromstring(page.decode()).xpath("//b|//script") == []


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=30))
@example("*")
def test_html_shows_any_text_as_it_is(text: str) -> None:
    page = reporthtml.page(_paper(text), "software", "footer").encode()
    assert squeezed(text) in html_text(page)


def test_what_cannot_be_seen_is_shown_as_such() -> None:
    table = Table("t", "T", (Column("Row", figures=False),), (("a\x00b\u202ec\nd",),))
    assert spell(table.rows[0][0]) == "a\ufffdb\ufffdc d"
    paper = Paper("T", (), (Section("one", "One", (table,)),))
    assert "a\ufffdb\ufffdcd" in word_text(pack.committee_files(paper, _order())["committee-paper.docx"])


def test_a_text_is_never_a_link_nor_markup() -> None:
    """A record's text may be an address or look like markup: it is shown, letter for letter, and leads nowhere."""
    texts = ["https://doi.org/10.1000/182", "10.1000/182", "[a](https://example.org)", "<b>x</b> & {{ y }}", "*z*"]
    table = Table("t", "T", (Column("Row", figures=False),), tuple((text,) for text in texts))
    content = pack.committee_files(Paper("T", (), (Section("one", "One", (table,)),)), _order())[pack.WORD]
    document = opened(content)
    assert [row.cells[0].text for row in document.tables[0].rows][1:] == texts
    assert document.element.body.xpath("string(.//w:hyperlink)") == "One", "the contents alone lead anywhere"
    assert not document.element.body.xpath(".//w:hyperlink[not(@w:anchor)]")
    assert not [rel for rel in document.part.rels.values() if rel.is_external]


# --- a council's template --------------------------------------------------------------------------


def _order(template: Path | None = None) -> pack.Order:
    return pack.Order(
        cases=Path("cases.csv"), folder=Path("pack"), council=None, as_at=AS_AT, period=PERIOD, template=template
    )


def _house_template(path: Path) -> Path:
    """A template with styles, a page, a header and words of its own, and without a list."""
    template = docx.Document()
    template.add_paragraph("Type your report here")
    template.add_table(2, 2)
    style = template.styles["Heading 2"]
    style.font.name, style.font.size = "Georgia", Pt(17)
    section = template.sections[0]
    section.left_margin = section.right_margin = Cm(4)
    section.header.paragraphs[0].text = "Anytown Council"
    section.footer.paragraphs[0].text = "Official"
    numbering = template.part.numbering_part
    (place,) = [key for key, each in template.part.rels.items() if each.target_part is numbering]
    del template.part.rels[place]
    template.save(str(path))
    return path


def test_a_template_gives_the_paper_its_looks_and_none_of_its_words(tmp_path: Path) -> None:
    paper = _paper("plain")
    template = _house_template(tmp_path / "house.docx")
    ours, theirs = (pack.committee_files(paper, _order(each))[pack.WORD] for each in (None, template))
    assert word_text(theirs) == word_text(ours) and word_tables(theirs) == word_tables(ours)
    document = docx.Document(io.BytesIO(theirs))
    heading = next(each for each in document.paragraphs if each.style.name == "Heading 2")
    assert (heading.style.font.name, heading.style.font.size) == ("Georgia", Pt(17))
    section = document.sections[0]
    assert (section.header.paragraphs[0].text, section.footer.paragraphs[0].text) == ("Anytown Council", "Official")
    assert heading._p.xpath("w:pPr/w:numPr") and document.part.numbering_part.element.xpath("w:abstractNum")
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables[:1]:
        assert sum(column.width for column in table.columns) <= room
    assert pack.committee_files(paper, _order(template))[pack.WORD] == theirs


def test_our_own_paper_is_a_template_too(tmp_path: Path) -> None:
    """An officer changes a style of the paper and hands it back as the template."""
    paper = _paper("plain")
    made = tmp_path / "paper.docx"
    made.write_bytes(pack.committee_files(paper, _order())[pack.WORD])
    changed = docx.Document(str(made))
    changed.styles["Note"].font.size = Pt(8)
    changed.save(str(made))
    again = docx.Document(io.BytesIO(pack.committee_files(paper, _order(made))[pack.WORD]))
    assert again.styles["Note"].font.size == Pt(8)
    assert [each.text for each in again.sections[0].footer.paragraphs] == ["Page 1 of 1"]
    wide = [section.page_width > section.page_height for section in again.sections]
    assert wide == [section.page_width > section.page_height for section in changed.sections] == [False, True]
