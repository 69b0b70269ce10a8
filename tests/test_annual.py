"""The annual report: its six parts, its marked gaps, figures as published, and the forms with it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import casefiles
import docx
import lxml.html
import openpyxl
import pypdf
import pytest
from casefiles import Result, run
from wordfiles import opened

PARTS = [
    "Self-assessment",
    "How complaints were handled",
    "Findings of non-compliance with the Code",
    "Service improvements",
    "The Ombudsman's annual letter",
    "Other reports of the Ombudsman",
]
DOCUMENTS = {"figures.json", "annual-report.html", "annual-report.docx", "annual-report.pdf", "receipt.json"}
SUPPLIED = """\
population: {residents: 345300, source: "ONS mid-year estimate", year: "2025"}
service_requests: [{from: 2025-04-01, to: 2026-03-31, count: 5210}]
refused:
  - {reason: "more than 12 months old", count: 6}
  - {reason: "a rare thing", count: 1}
  - {reason: "before a court", count: 8}
improvements:
  - {what: "Repairs texts the new date", owner: "Head of Housing", date: 2026-01-10}
  - {what: "An older change", owner: "Head of Housing", date: 2025-03-31}
ombudsman:
  - {year: 2025/26, decided: 31, investigated: 9, upheld: 6}
  - {year: 2026/27, decided: 77, investigated: 9, upheld: 6}
non_compliance: []
reports:
  - {what: "Focus report on repairs", date: 2025-07-10}
  - {what: "A later report", date: 2026-04-01}
"""


def _cases(folder: Path, refused: int = 15) -> Path:
    """Forty complaints answered late but for three, and some refused, all in one quarter; one of the year after."""
    rows = []
    for number in range(40 + refused):
        row = {"reference": f"REF-{number:04}", "received": "2025-05-06", "service": "Parks"}
        row["category"] = "Rareword" if number < 3 else "Delay"
        if number < 40:
            answered = "2025-05-12" if number < 3 else "2025-07-01"
            row |= {"stage1_acknowledged": "2025-05-08", "stage1_responded": answered, "stage1_handler": "Handlername"}
        else:
            row |= {"refused": "2025-05-09"}
        rows.append(row)
    rows.append({"reference": "REF-9999", "received": "2026-04-01", "service": "Parks"})
    path = folder / "cases.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _annual(
    cases: Path, folder: Path, *options: str | Path, council: str = "coventry", year: str = "2025-26"
) -> Result:
    named = ("--council", council, "--year", year, "--as-at", "2026-09-30")
    return run("annual", cases, *named, "--output", folder, *options)


def _read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _page(files: dict[str, bytes]) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(files["annual-report.html"].decode())


def _gaps(files: dict[str, bytes]) -> list[str]:
    return [gap.text_content() for gap in _page(files).xpath("//p[@class='gap']")]


def _table(files: dict[str, bytes], name: str) -> list[list[str]]:
    (table,) = _page(files).xpath(f"//table[@id='{name}']")
    return [[cell.text_content() for cell in row] for row in table.iter("tr")][1:]


@pytest.fixture(scope="module")
def supplied(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of two runs with the same input, everything supplied."""
    folder = tmp_path_factory.mktemp("supplied")
    cases, by_hand = _cases(folder), folder / "supplied.yaml"
    by_hand.write_text(SUPPLIED)
    for name in ("one", "two"):
        result = _annual(cases, folder / name, "--supplied", by_hand)
        assert result.code == 0, result.said
        assert "55 audited" in result.out
    return _read(folder / "one"), _read(folder / "two")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a council under both Codes, few refused, nothing but their reason supplied."""
    folder = tmp_path_factory.mktemp("bare")
    by_hand = folder / "supplied.yaml"
    by_hand.write_text('refused: [{reason: "before a court", count: 4}]')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(casefiles, "COUNCILS", ["stoke-on-trent"])
        result = _annual(_cases(folder, 4), folder / "annual", "--supplied", by_hand, council="stoke-on-trent")
    assert result.code == 0, result.said
    files = _read(folder / "annual")
    for gap in _gaps(files):  # what the page marks, the command lists
        assert gap.removeprefix("To be supplied: ") in result.out
    return files


def test_the_same_input_gives_the_same_bytes(supplied: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    one, two = supplied
    assert set(one) == DOCUMENTS | {"self-assessment-lgsco.xlsx"}
    assert one == two


def test_every_document_has_the_six_parts_in_their_order(bare: dict[str, bytes]) -> None:
    headings = [each.text_content() for each in _page(bare).xpath("//main/h2")]
    assert headings[:6] == PARTS
    word = docx.Document(io.BytesIO(bare["annual-report.docx"]))
    styled = [each.text for each in word.paragraphs if each.style and each.style.name == "Heading 2"]
    assert [text.replace("\u2019", "'") for text in styled[:6]] == PARTS
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bare["annual-report.pdf"])).pages]
    places = [" ".join(pages).replace("\u2019", "'").index(f"{n}. {part}") for n, part in enumerate(PARTS, start=1)]
    assert places == sorted(places)


def test_what_must_be_supplied_is_marked_in_its_part(bare: dict[str, bytes]) -> None:
    marked: dict[str, list[str]] = {}
    part = ""
    for each in _page(bare).xpath("//main/h2 | //main/p[@class='gap']"):
        if each.tag == "h2":
            part = each.text_content()
        else:
            marked.setdefault(part, []).append(each.text_content())
    assert set(PARTS) <= set(marked)
    for place, words in ((1, "service requests"), (1, "residents"), (1, "kinds of complaint refused"),
                         (2, "did not comply"), (3, "improvements"), (4, "annual letter for 2025/26"),
                         (5, "other reports")):  # fmt: skip
        assert any(words in gap for gap in marked[PARTS[place]]), words


def test_what_is_supplied_fills_its_gaps(supplied: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    files, _ = supplied
    left = " ".join(_gaps(files))
    for words in ("service requests", "residents", "refus", "did not comply", "made or planned", "letter", "reports"):
        assert words not in left
    assert "lessons" in left  # words of people's own
    assert _table(files, "improvements") == [
        ["Repairs texts the new date", "Head of Housing", "10 January 2026", "yes"]
    ]
    assert [row[:2] for row in _table(files, "ombudsman-letter")] == [["2025/26", "31"]]
    assert _table(files, "reports-told") == [["Focus report on repairs", "10 July 2025"]]
    assert "None was recorded for 2025/26" in _page(files).text_content()


def test_small_counts_are_withheld_and_rare_reasons_not_named(
    supplied: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    files, _ = supplied
    assert _table(files, "refused") == [["corporate", "27% of 55"]]
    assert _table(files, "refusal-reasons") == [["before a court", "8"], ["Other reasons", "7"]]
    ((*_, answered, _, _),) = _table(files, "main-steps")
    assert answered == "8% of 40", "three of forty: what the council did is shown, however small"
    for content in (files["annual-report.html"].decode(), *_texts(files)):
        for words in ("a rare thing", "REF-", "Handlername", "Rareword", "3 to have been"):
            assert words not in content


def _texts(files: dict[str, bytes]) -> list[str]:
    word = opened(files["annual-report.docx"])
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    pages = pypdf.PdfReader(io.BytesIO(files["annual-report.pdf"])).pages
    texts = [" ".join([*(each.text for each in word.paragraphs), *cells]), " ".join(p.extract_text() for p in pages)]
    assert all("Parks" in text for text in texts)
    return texts


def test_reasons_are_not_given_where_they_would_add_up_to_what_is_withheld(bare: dict[str, bytes]) -> None:
    assert _table(bare, "refused") == [["corporate", "withheld"]]
    assert "before a court" not in " ".join([bare["annual-report.html"].decode(), *_texts(bare)])


def test_the_forms_go_with_it(bare: dict[str, bytes]) -> None:
    assert set(bare) == DOCUMENTS | {"self-assessment-lgsco.xlsx", "self-assessment-housing.xlsx"}
    columns = {"lgsco": "Do we follow the Code: Yes/No", "housing": "Comply: Yes / No"}
    for code, column in columns.items():
        sheet = openpyxl.load_workbook(io.BytesIO(bare[f"self-assessment-{code}.xlsx"]))["self-assessment"]
        headings, *rows = sheet.iter_rows(values_only=True)
        answers = [str(row[headings.index(column)]).lower() for row in rows]
        shown = _table(bare, f"assessment-{code}")
        if code == "lgsco":
            assert [row[2] for row in shown] == answers
        else:
            assert {answer: int(count) for answer, count in shown} == {each: answers.count(each) for each in answers}


WRONG = [
    ("a year not over", {"year": "2026-27"}, "ends on 31 March 2027, after the audit date"),
    ("no financial year", {"year": "2025-27"}, "write a financial year"),
    ("an unknown council", {"council": "nowhere"}, "unknown council 'nowhere'"),
    ("a blank council", {"council": " "}, "the council's name is blank"),
]


@pytest.mark.parametrize(("given", "says"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_mistakes_leave_nothing(tmp_path: Path, given: dict[str, str], says: str) -> None:
    result = _annual(_cases(tmp_path), tmp_path / "annual", **given)
    assert result.code == 2
    assert says in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_it_never_takes_the_place_of_its_input(tmp_path: Path) -> None:
    cases = _cases(tmp_path).rename(tmp_path / "annual-report.html")
    before = cases.read_bytes()
    result = _annual(cases, tmp_path)
    assert result.code == 2
    assert "would be written over" in result.err
    assert _read(tmp_path) == {cases.name: before}
