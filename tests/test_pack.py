"""The committee pack: its documents say the same, and have what their readers need."""

from __future__ import annotations

import datetime as dt
import io
import re

import docx
import lxml.html
import openpyxl
import polars as pl
import pypdf
import pytest
from docx.oxml.ns import qn
from packmaking import AS_AT, CHARTS, FILES, gathered, host, made_pack, rows
from papertext import html_tables, html_text, pdf_text, said, squeezed, word_tables, word_text
from putright.auditing.audits import Period
from putright.committee import listing, pack, reporthtml
from putright.committee.findingsbook import CollectedFindings, workbook
from putright.documents.paper import Gap, Prose, Sentence, Share, Table, Withheld, spell
from putright.statistics.division_counts import CUBES
from putright.statistics.supplied import Supplied
from putright.writing.staging import WriteError
from wordfiles import opened

# --- what the documents say -----------------------------------------------------------------------


def spelt(table: Table) -> list[list[str]]:
    return [
        [squeezed(column.heading) for column in table.columns],
        *([squeezed(spell(cell)) for cell in row] for row in table.rows),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [1, 5])
@pytest.mark.parametrize("name", ["paper", "appendices"])
def test_word_and_pdf_say_what_the_paper_says(threshold: int, name: str) -> None:
    made = made_pack(threshold)
    paper = made.papers.committee if name == "paper" else made.papers.appendices
    word, pdf = word_text(made.files[f"committee-{name}.docx"]), pdf_text(made.files[f"committee-{name}.pdf"])
    for words in said(paper):
        assert words in word
        assert words in pdf
    tables = [spelt(table) for table in paper.tables().values()]
    assert word_tables(made.files[f"committee-{name}.docx"]) == tables
    for table in tables:
        for row in table[1:]:
            assert "".join(row) in pdf or all(cell in pdf for cell in row)


def test_the_public_page_says_what_the_paper_says() -> None:
    made = made_pack()
    page, tables = html_text(made.public), html_tables(made.public)
    for words in said(made.papers.public):
        assert words in page
    assert tables == {name: spelt(table) for name, table in made.papers.public.tables().items()}
    committee = made.papers.committee.tables() | made.papers.appendices.tables()
    assert {name: spelt(committee[name]) for name in committee} == {name: tables[name] for name in committee}


def test_the_report_says_what_its_paper_says() -> None:
    made = made_pack()
    page, tables = html_text(made.files["report.html"]), html_tables(made.files["report.html"])
    for words in said(made.papers.report):
        assert words in page
    assert tables == {name: spelt(table) for name, table in made.papers.report.tables().items()}


def test_with_nothing_withheld_all_three_say_the_same() -> None:
    """Every sentence, table, chart and gap of figures in the committee paper is the officer's, word for word."""
    papers = made_pack(threshold=1).papers
    report = [block for section in papers.report.sections for block in section.blocks]
    gaps = {block.text.rstrip(".") for block in report if isinstance(block, Gap)}
    for section in (*papers.committee.sections, *papers.appendices.sections):
        for block in section.blocks:
            if isinstance(block, Gap):
                assert section.id in ("learning", "implications") or set(block.text.rstrip(".").split("; ")) <= gaps
            elif not isinstance(block, Prose):
                assert block in report
    assert not any("withheld" in words for words in said(papers.committee))


def test_a_published_figure_is_the_officers_or_withheld() -> None:
    papers = made_pack().papers
    report, hidden, shown = papers.report.tables(), 0, 0
    for name, table in (papers.committee.tables() | papers.appendices.tables()).items():
        if name in (*CUBES.values(), "months") or name.startswith(
            ("measures-", "outcomes-", "complaints-by", "in-time-by", "received-by")
        ):
            continue  # with less detail here
        assert [column.heading for column in table.columns] == [column.heading for column in report[name].columns]
        for public, own in zip(table.rows, report[name].rows, strict=True):
            for cell, whole in zip(public, own, strict=True):
                hidden += isinstance(cell, Withheld)
                shown += isinstance(cell, int | Share)
                assert isinstance(cell, Withheld) or cell == whole
    assert hidden > 20
    assert shown > 100


def test_sentences_claim_no_more_than_is_published() -> None:
    """Each number in a sentence of the committee paper stands in one of its tables, or is a sum of what does."""
    paper = made_pack().papers.committee
    every = paper.tables() | made_pack().papers.appendices.tables()
    known = {spell(cell) for table in every.values() for row in table.rows for cell in row}
    known |= {part for text in known for part in re.findall(r"[\d,]+", text)}
    columns = [
        [row[place] for row in table.rows if isinstance(row[place], int)]
        for table in every.values()
        for place in range(len(table.columns))
    ]
    known |= {f"{sum(cells):,}" for cells in columns if cells}
    for section in paper.sections:
        for sentence in (block for block in section.blocks if isinstance(block, Sentence)):
            text = re.sub(r"\([^()]*\d[^()]*\):|[Ss]tage \d|\d+ [A-Z][a-z]+ 20\d\d|of \d+ rows", "", sentence.text)
            if sentence.id not in ("departures", "withheld", "departures-most"):
                assert set(re.findall(r"\d[\d,]*", text)) <= known, sentence


# --- what is in the files -------------------------------------------------------------------------


def test_every_document_is_there_and_opens() -> None:
    files = made_pack().files
    assert set(files) == FILES | CHARTS
    assert len(opened(files["committee-appendices.docx"]).tables) > 10
    pdf = pypdf.PdfReader(io.BytesIO(files["committee-paper.pdf"]))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    assert b"pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()
    assert "CreationDate" not in str(pdf.metadata)


def test_the_committee_paper_has_a_council_report_s_shape() -> None:
    headings = [s.heading for s in made_pack().papers.committee.sections if s.level == 2 and not s.appendix]
    assert headings == [
        "Summary",
        "Recommendations",
        "Purpose of the report",
        "Performance",
        "Departures from the Code and from our own procedure",
        "The Ombudsman's decisions",
        "Learning and service improvements",
        "Implications",
    ]


def test_what_must_be_supplied_is_asked_for_once_in_a_part() -> None:
    for section in made_pack().papers.committee.sections:
        assert sum(isinstance(block, Gap) for block in section.blocks) <= 1, section.heading


def test_figures_are_locked_and_words_are_free() -> None:
    """No figure of a generated sentence can be changed, nor one in a table; every word, and every gap, can."""
    paper = made_pack().papers.committee
    document = docx.Document(io.BytesIO(made_pack().files["committee-paper.docx"]))
    body = document.element.body
    assert set(body.xpath(".//w:sdt/w:sdtPr/w:lock/@w:val")) == {"contentLocked"}
    assert not document.tables and len(body.xpath("w:sdt/w:sdtContent/w:tbl")) == len(paper.tables())
    numbers = body.xpath(".//w:sdt/w:sdtPr/w:id/@w:val")
    assert len(set(numbers)) == len(numbers) > 20
    free = {squeezed("".join(p.xpath("w:r/w:t/text()"))) for p in body.xpath("w:p")}
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Sentence):
                words = re.sub(r"\d(?:[\d,.]*\d)?%?|\b[Oo]ne\b|\b[Nn]one\b|^No\b", "", block.text)
                assert squeezed(words) in free, block.text
            elif isinstance(block, Prose):
                assert squeezed(block.text) in free


def test_the_contents_lead_to_every_section() -> None:
    body = docx.Document(io.BytesIO(made_pack().files["committee-paper.docx"])).element.body
    marks = {
        start.getparent().xpath("string(.)"): start.get(qn("w:name")) for start in body.xpath("w:p/w:bookmarkStart")
    }
    links = {link.xpath("string(.)"): link.get(qn("w:anchor")) for link in body.xpath("w:p/w:hyperlink")}
    assert links == marks
    assert list(links) == [section.heading for section in made_pack().papers.committee.sections if section.level == 2]
    reader = pypdf.PdfReader(io.BytesIO(made_pack().files["committee-paper.pdf"]))
    assert squeezed("1. Summary") in squeezed(reader.pages[0].extract_text().split("Contents")[1])


def test_a_head_names_the_meeting_and_marks_what_is_missing() -> None:
    given = Supplied.model_validate({"cover": {"committee": "Audit Committee", "date": "15/06/2027", "wards": "All"}})
    with gathered(rows(5), supplied=given) as found:
        papers = found.papers()
        files = pack.committee_files(papers.committee, found.order)
    facts = dict(papers.committee.facts)
    assert (facts["Committee"], facts["Date of meeting"], facts["Wards affected"]) == (
        "Audit Committee", "15 June 2027", "All",
    )  # fmt: skip
    for text in (word_text(files["committee-paper.docx"]), pdf_text(files["committee-paper.pdf"])):
        for name, value in facts.items():
            assert squeezed(name) in text and squeezed(value or "to be supplied") in text
    assert "**Report of:** to be supplied" in files["committee-paper.md"].decode()
    assert "Committee" not in dict(papers.report.facts)


def test_word_has_what_readers_of_it_need() -> None:
    document = opened(made_pack().files["committee-paper.docx"])
    for table in document.tables:
        heads = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows]
        assert heads == [True, *[False] * (len(heads) - 1)]
    pictures = document.element.body.xpath(".//wp:docPr/@descr")
    assert pictures == [
        "Corporate complaints received, by quarter.",
        "Corporate complaints with stage 1 answered in time without extension, by quarter.",
    ]
    assert document.core_properties.created.date() == AS_AT
    widths = [(section.page_width, section.page_height) for section in document.sections]
    assert [width < height for width, height in widths] == [True]
    apart = docx.Document(io.BytesIO(made_pack().files["committee-appendices.docx"])).sections
    assert [section.page_width < section.page_height for section in apart][-1] is False
    assert [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")].count("Heading 1") == 1


def test_no_case_is_named_in_what_may_be_published() -> None:
    files, public = made_pack().files, made_pack().public
    texts = [files["figures.json"].decode(), public.decode(), files["committee-paper.md"].decode()]
    texts += [word_text(files["committee-paper.docx"]), pdf_text(files["committee-paper.pdf"])]
    assert all("SYNTHETIC" not in text for text in texts)
    assert b"SYNTHETIC" in files["report.html"]


def test_every_finding_is_listed_with_links_to_its_clauses() -> None:
    made = made_pack()
    page = lxml.html.fromstring(made.files["report.html"].decode())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in page.xpath("//a/@href")} <= set(ids)
    rows = page.xpath("//details//tbody/tr")
    shown = sorted(
        (row.xpath("string(th)"), squeezed(row.xpath("string(td[2])")), row.xpath("string(td[6])")) for row in rows
    )
    found = made.gathering.findings.all()
    assert set(found["verdict"]) == {"breach", "judgement", "no_evidence", "running", "met"}
    assert shown == sorted(
        (*row[:1], squeezed(row[1]), row[2]) for row in found.select("reference", "clause", "message").rows()
    )
    assert all(row.xpath("td[2]/a") for row in rows)
    first = page.get_element_by_id(rows[0].xpath("td[2]/a/@href")[0].removeprefix("#"))
    assert first.text_content().strip()


def test_every_clause_in_a_table_of_the_report_leads_to_it() -> None:
    made = made_pack()
    page = lxml.html.fromstring(made.files["report.html"].decode())
    for table in page.xpath("//table[@id='overruns' or @id='unshown' or starts-with(@id, 'rules-')]"):
        place = 1 + [head.text_content() for head in table.xpath("thead//th")].index("Clause")
        assert all(row.xpath(f"*[{place}]/a") for row in table.xpath("tbody/tr")), table.get("id")
    books = {each["rulebook"]: listing.anchor("clause", each["rulebook"]) for each in made.figures["worst"]}
    targets = page.xpath("//table[@id='overruns']/tbody/tr/td[3]/a[1]/@href")
    for each, target in zip(made.figures["worst"], targets, strict=True):
        assert target.startswith(f"#{books[each['rulebook']]}-"), "a clause of its own rulebook"


def test_a_list_too_long_for_a_page_keeps_what_is_most_urgent_and_says_so() -> None:
    found = made_pack().gathering
    frame = found.findings.all()
    long = CollectedFindings()
    for _ in range(1 + listing.MOST // frame.height):
        long.add(frame)
    made = listing.make(long, host(), found.tally.books)
    rows = [row for group in made.groups for rule in group.rules for row in rule.rows]
    assert len(rows) == listing.MOST < long.count
    of = {name: long.all().filter(verdict=name).height for name in listing.VERDICTS}
    kept = {name: sum(row.verdict.startswith(word) for row in rows) for name, word in listing.VERDICTS.items()}
    assert {name: kept[name] for name in of if name != "met"} == {name: of[name] for name in of if name != "met"}
    assert 0 < kept["met"] < of["met"]
    assert f"breach all {of['breach']:,}" in made.words[0]
    assert f"met {kept['met']:,} of {of['met']:,}" in made.words[0]
    assert f"findings.xlsx has all {long.count:,}." in made.words[0]
    assert any("listed)" in rule.counts for group in made.groups for rule in group.rules)


def test_the_report_does_not_grow_with_the_cases() -> None:
    def size(cases: int) -> int:
        with gathered(rows(cases), threshold=1) as found:
            return len(reporthtml.page(found.papers().report, "software", ""))

    assert size(450) < 1.25 * size(150)


def test_the_workbook_has_dates_as_dates_and_text_as_text() -> None:
    cases = rows(60)
    cases[0] |= {"reference": "=1+1"}
    with gathered(cases, period=Period(), threshold=1) as found:
        files = pack.officers_files(found.gathering, host(), found.figures, found.papers())
        book = openpyxl.load_workbook(io.BytesIO(files["findings.xlsx"]))
    assert book.sheetnames == ["about", "summary", "findings", "rejected rows", "definitions"]
    assert all(sheet.auto_filter.ref == sheet.dimensions and sheet.freeze_panes == "A2" for sheet in book)
    for sheet in book:
        page = sheet.page_setup
        assert (page.orientation, page.fitToHeight, sheet.print_title_rows) == ("landscape", 0, "$1:$1")
        assert sheet.oddFooter.right.text == "Page &P of &N"
    assert [sheet.title for sheet in book if sheet.page_setup.paperSize == 8] == ["findings"], "the others are for A4"
    sheet = book["findings"]
    heads = [cell.value for cell in sheet[1]]
    due, reference = heads.index("due"), heads.index("reference")
    values = list(sheet.iter_rows(min_row=2))
    assert all(row[due].value is None or isinstance(row[due].value, dt.datetime) for row in values)
    assert any(row[due].is_date for row in values)
    assert {row[reference].data_type for row in values} == {"s"}
    assert "=1+1" in {row[reference].value for row in values}
    assert len(values) == found.gathering.findings.count


def test_findings_that_fit_no_worksheet() -> None:
    frame = made_pack().gathering.findings.all()
    urgent = frame.filter(pl.col("verdict").is_in(["breach", "judgement", "no_evidence"]))
    some = CollectedFindings(most=frame.height - 1)
    some.add(frame.head(10))
    some.add(frame.slice(10))
    assert (some.whole, some.count, some.all().height) == (False, frame.height, urgent.height)
    book = openpyxl.load_workbook(io.BytesIO(workbook(some, pl.DataFrame({"row": []}), [], [])))
    about = {what.value: value.value for what, value in book["about"].iter_rows(min_row=2)}
    assert about["findings"] == f"{frame.height:,}"
    assert "findings.parquet" in about["not in this workbook"]
    (words, _) = listing.make(some, host(), made_pack().gathering.tally.books).words
    assert f"{frame.height:,} findings" in words and "findings.parquet" in words
    with pytest.raises(WriteError, match="shorter period"):
        CollectedFindings(most=urgent.height - 1).add(frame)
