"""The committee pack: its documents say the same, the same input gives the same bytes, and none is left half done."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docx
import lxml.html
import openpyxl
import polars as pl
import pypdf
import pytest
from casefiles import run
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packmaking import AS_AT, PERIOD, gathered, host, made_pack, rows
from putright.auditing.audits import Period
from putright.committee import listing, pack, reporthtml
from putright.committee.findingsbook import CollectedFindings, workbook
from putright.documents import charts, paperpage
from putright.documents.paper import Chart, Column, Gap, Paper, Prose, Section, Sentence, Share, Table, Withheld, spell
from putright.statistics.division_counts import CUBES
from putright.statistics.supplied import Supplied
from putright.synthetic.sample import write_sample
from putright.writing import receipts
from putright.writing.staging import WriteError
from wordfiles import opened

CHARTS = {f"charts/{name}.png" for name in ("received-by-quarter", "in-time-by-quarter")}
FILES = {
    "report.html",
    "findings.xlsx",
    "figures.json",
    "receipt.json",
    *(f"committee-{name}.{kind}" for name in ("paper", "appendices") for kind in ("md", "docx", "pdf")),
}


# --- what the documents say -----------------------------------------------------------------------


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


def spelt(table: Table) -> list[list[str]]:
    return [
        [squeezed(column.heading) for column in table.columns],
        *([squeezed(spell(cell)) for cell in row] for row in table.rows),
    ]


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


# --- by the command -------------------------------------------------------------------------------

QUARTER = ("--from", "2026-04-01", "--to", "2026-06-30")


def _case_file(folder: Path, cases: int = 60) -> Path:
    path = folder / "cases.csv"
    write_sample(rows(cases), path)
    return path


def _audit(cases: Path, *options: str | Path) -> Any:
    return run("audit", cases, "--council", "coventry", "--as-at", "2026-09-30", *options)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A case file, and the pack that the command makes of a quarter of it."""
    folder = tmp_path_factory.mktemp("written")
    cases = _case_file(folder)
    result = _audit(cases, *QUARTER, "--output", f"{folder}/pack/")
    assert result.code == 0, result.said
    return cases, folder / "pack"


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_receipt_names_every_input_and_output(written: tuple[Path, Path]) -> None:
    cases, folder = written
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    assert receipt["inputs"] == [{"file": "cases.csv", "sha256": _digest(cases)}]
    outputs = {each["file"]: each["sha256"] for each in receipt["outputs"]}
    assert outputs == {name: _digest(folder / name) for name in _names(folder) - {"receipt.json"}}
    assert _names(folder) - CHARTS == FILES
    assert receipt["as_at"] == "2026-09-30"
    counted = receipt["counts"]
    assert counted["rows_read"] == 60
    assert counted["audited"] + counted["outside_period"] == 60
    books = {each["rulebook"]: each for each in receipt["rulebooks"]}
    assert {"coventry.corporate", "lgsco"} <= set(books)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each["sha256"]) and each["edition"] for each in books.values())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_input_gives_the_same_bytes(written: tuple[Path, Path], tmp_path: Path) -> None:
    cases, folder = written
    assert _audit(cases, *QUARTER, "--output", f"{tmp_path}/again/").code == 0
    assert _names(folder) == _names(tmp_path / "again")
    for name in _names(folder):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_a_pack_goes_into_a_folder_that_is_there_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    cases, folder = _case_file(tmp_path, 20), tmp_path / "pack"
    folder.mkdir()
    (folder / "agenda.txt").write_text("ours")
    more = ("--summary", tmp_path / "s.json", "--rejected", tmp_path / "r.jsonl")
    result = _audit(cases, *QUARTER, "--output", folder, *more)
    assert result.code == 0, result.said
    assert (folder / "agenda.txt").read_text() == "ours"
    assert "committee-paper.pdf" in result.out
    assert json.loads((tmp_path / "s.json").read_text())["reconciliation"]["rows_read"] == 20
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.csv", "pack", "r.jsonl", "s.json"]


def test_published_figures_name_no_case(tmp_path: Path) -> None:
    cases = _case_file(tmp_path)
    assert (
        _audit(
            cases,
            *QUARTER,
            "--publish",
            "--output",
            f"{tmp_path}/public/",
            "--threshold",
            "10",
            "--withhold",
            "everywhere",
        ).code
        == 0
    )
    found = {path.name: path.read_text("utf-8") for path in (tmp_path / "public").iterdir()}
    assert set(found) == {"figures.json", "figures.html", "receipt.json"}
    assert not {"counts", "unreadable"} & set(json.loads(found["receipt.json"])), "no number that may be small"
    assert "cases.csv" not in found["receipt.json"], "nor what a file of the council's is called"
    assert all("SYNTHETIC" not in text for text in found.values())
    data = json.loads(found["figures.json"])
    assert data["threshold"] == 10
    rows_of = [row for table in data["tables"] if table["id"] != "paths" for row in table["rows"]]
    counts = [cell for row in rows_of if row[1:2] not in (["W15"], ["W16"]) for cell in row[1:]]
    assert [cell for cell in counts if isinstance(cell, int) and 0 < cell < 10] == []
    assert "Numbers from 1 to 9, and others that would reveal them" in found["figures.html"]


def test_by_due_date_counts_and_lists_what_fell_due(tmp_path: Path) -> None:
    cases = rows(120)
    start, end = PERIOD.start, PERIOD.end
    assert start
    assert end
    with gathered(cases, period_by="due") as found:
        papers, listed = found.papers(), found.gathering.findings.all()
    day = listed.select(pl.coalesce("due", "done")).to_series()
    assert listed.height > 20
    assert day.drop_nulls().is_between(start, end).all()
    assert "by the day steps were due" in dict(papers.report.facts)["Period"]
    with gathered(cases, period_by="received") as other:
        assert other.gathering.findings.count != listed.height


def test_a_file_without_a_case_makes_a_pack_that_says_so(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("reference,received\n")
    assert _audit(cases, "--output", f"{tmp_path}/pack/").code == 0
    assert "The file of cases has no row" in word_said(tmp_path / "pack")
    assert "There is no finding." in (tmp_path / "pack" / "report.html").read_text("utf-8")


def test_a_period_without_a_case_is_reported_as_that() -> None:
    early: list[dict[str, object]] = [{"reference": "A", "received": "2025-05-06", "procedure": "corporate"}]
    with gathered(early) as found:
        papers = found.papers()
        text = html_text(reporthtml.page(papers.report, "software", "").encode())
    assert squeezed("No complaint was received from 1 April 2026 to 30 June 2026.") in text
    assert squeezed("Received outside the period1") in text
    assert "measures-corporate" in papers.appendices.tables(), "the periods before are still there"


def test_what_was_not_audited_or_not_judged_is_said_with_its_reason() -> None:
    odd: list[dict[str, object]] = [
        {"reference": "A", "received": "2026-05-06", "procedure": "public-health"},
        {"reference": "=B", "received": "2026-02-30"},
    ]
    with gathered(odd, threshold=1) as found:
        papers = found.papers()
    text = html_text(reporthtml.page(papers.report, "software", "").encode())
    assert squeezed("There is no rulebook named coventry.public-health") in text
    assert squeezed("=B2received '2026-02-30': there is no such day") in text
    rows_ = {spell(name): number for name, number in papers.report.tables()["rows"].rows}
    assert (rows_["Rows read"], rows_["Audited"]) == (2, 1)
    assert any("norulebooknamed" in words for words in said(papers.committee))
    assert "rejected" not in papers.committee.tables()


def word_said(folder: Path) -> str:
    document = docx.Document(str(folder / "committee-paper.docx"))
    return " ".join(paragraph.text for paragraph in document.paragraphs)


def test_what_is_supplied_by_hand_fills_its_gaps() -> None:
    improvement = {"what": "Repairs texts the new date", "owner": "Head of Housing", "date": dt.date(2026, 6, 1)}
    supplied = Supplied.model_validate({"improvements": [improvement]})
    with gathered(rows(20), supplied=supplied, threshold=1) as found:
        page = paperpage.page(found.papers().committee)
    assert "| Repairs texts the new date | Head of Housing | 1 June 2026 |" in page
    assert "the improvements made or planned" not in page
    assert "the Ombudsman's decisions, copied from the annual letter" in page


WRONG = [
    ("the cases in the way", ["--output", "{folder}/cases.csv/"], "that is a file; name a folder"),
    ("no parent", ["--output", "{folder}/no/pack/"], "make the folder"),
    ("a format", ["--output", "{folder}/pack/", "--format", "csv"], "--format csv is for one file"),
    ("publish without a folder", ["--publish"], "--publish is for the committee pack"),
    ("threshold without a folder", ["--threshold", "5", "--output", "a.csv"], "--threshold is for the committee pack"),
    ("supplied not there", ["--output", "{folder}/pack/", "--supplied", "{folder}/no.yaml"], "no.yaml"),
    ("the end before the start", ["--output", "{folder}/pack/", "--from", "2026-02-01", "--to", "2026-01-01"], "--to"),
]


@pytest.mark.parametrize(("options", "says"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_mistakes_are_a_sentence_and_leave_nothing(tmp_path: Path, options: list[str], says: str) -> None:
    cases = _case_file(tmp_path, 5)
    result = _audit(cases, *(option.format(folder=tmp_path) for option in options))
    assert result.code == 2
    assert says in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_the_pack_never_takes_the_place_of_its_input(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    cases = folder / "findings.xlsx"
    write_sample(rows(5), cases)
    before = cases.read_bytes()
    result = _audit(cases, "--output", folder)
    assert result.code == 2
    assert "would be written over" in result.err
    assert [path.name for path in folder.iterdir()] == ["findings.xlsx"]
    assert cases.read_bytes() == before


def test_figures_are_not_published_next_to_what_names_cases(tmp_path: Path) -> None:
    cases, folder = _case_file(tmp_path, 5), tmp_path / "pack"
    folder.mkdir()
    (folder / "report.html").write_text("names cases")
    result = _audit(cases, "--publish", "--output", folder)
    assert result.code == 2
    assert "publish into another folder" in result.err


def test_a_pack_needs_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = _case_file(tmp_path, 5)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _audit(cases, "--output", f"{tmp_path}/pack/").code == 0
    assert (tmp_path / "pack" / pack.WORD).exists()


def test_a_folder_that_cannot_be_written_to_keeps_what_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "b").mkdir()
    (folder / "b" / "kept").write_text("")
    made = receipts.certified({"a": b"new", "b": b"a folder is in the way"}, {"software": "putright"})
    with pytest.raises(WriteError, match="cannot be written: a folder of that name is in the way"):
        receipts.replace(folder, made)
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    assert [path.name for path in folder.iterdir()] == ["b"]


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


@pytest.mark.parametrize("content", [b"", b"no document", b"PK\x03\x04broken"])
def test_what_is_not_a_template_is_a_sentence_before_anything_is_made(tmp_path: Path, content: bytes) -> None:
    cases = _case_file(tmp_path, 5)
    (tmp_path / "house.docx").write_bytes(content)
    result = _audit(cases, "--output", f"{tmp_path}/pack/", "--template", tmp_path / "house.docx")
    assert result.code == 2 and len(result.err.strip().splitlines()) == 1
    assert "house.docx is not a Word document that can be a template" in result.err
    assert not (tmp_path / "pack").exists()


# --- charts ---------------------------------------------------------------------------------------


def _bars(*rows_: tuple[Any, ...], kind: Any = "bars", columns: tuple[int, ...] = (1,)) -> str:
    table = Table("t", "T", (Column("Row", figures=False), Column("A"), Column("B")), rows_)
    return charts.svg(Chart("t", columns, kind, "What it shows"), table, 500)


def test_bars_are_as_long_as_their_numbers() -> None:
    picture = lxml.html.fromstring(_bars(("one", 10, 0), ("two", 5, 0), ("none", 0, 0)))
    widths = [float(bar.get("width")) for bar in picture.iter("rect")]
    assert widths == [400.0, 200.0]
    assert picture.get("aria-label") == "What it shows"
    assert picture.text_content().count("10") == 1


def test_no_bar_is_drawn_for_what_is_withheld() -> None:
    picture = lxml.html.fromstring(_bars(("one", 10, 3), ("two", Withheld(), 7), kind="stacked bars", columns=(1, 2)))
    texts = [text.text_content() for text in picture.iter("text")]
    assert texts == ["A", "B", "one", "13", "two", "withheld"]
    assert len(list(picture.iter("rect"))) == 2 + 2


def test_a_chart_of_nothing_is_not_drawn() -> None:
    table = Table("t", "T", (Column("Row", figures=False), Column("A")), (("one", 0), ("two", Withheld())))
    assert not charts.drawable(Chart("t", (1,), "bars", "x"), table)
