"""The self-assessment on paper: the forms, the files and the command."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from assessing import (
    ANSWER,
    HOST,
    book,
    clause,
)
from putright import cli
from putright.policy import forms
from putright.policy.assessment import Answer
from putright.policy.evidence import Verdict
from putright.policy.forms import SelfAssessment, self_assess


def test_the_section_form_has_every_paragraph_once() -> None:
    with forms._SECTIONS.open(encoding="utf-8", newline="") as file:
        sections = list(csv.DictReader(file))
    numbers = [own.id for own in HOST.editions["lgsco"][-1].clauses]
    ranges = [numbers[numbers.index(row["first"]) : numbers.index(row["last"]) + 1] for row in sections]
    assert [number for paragraphs in ranges for number in paragraphs] == numbers
    for row, paragraphs in zip(sections, ranges, strict=True):
        assert all(number.startswith(f"{row['section']}.") for number in paragraphs)


ROW_KEYS = {
    None: ["rulebook", "code", "standing", "paragraph", "heading", "strength", "status", "verdict", "clauses",
           "commentary", "open_points", "doubts"],
    "paragraphs": ["rulebook", "code", "paragraph", "heading", "strength", "comply", "evidence", "commentary"],
    "sections": ["rulebook", "code", "section", "heading", "statement", "comply", "evidence", "commentary"],
}  # fmt: skip


@pytest.mark.parametrize("form", ROW_KEYS)
def test_rows_have_the_documented_keys(form: Any) -> None:
    book = HOST.editions["telford-wrekin.corporate" if form == "paragraphs" else "coventry.corporate"][-1]
    rows = self_assess(HOST, [book]).rows(form)
    assert rows and all(list(row) == ROW_KEYS[form] for row in rows)
    for key in ROW_KEYS[form]:
        assert key in (SelfAssessment.rows.__doc__ or "")
    if form:
        assert {row["comply"] for row in rows} <= {"yes", "no", "not shown", "for judgement"}


def _run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = cli.main(["assess", *map(str, arguments)])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_json_at_the_terminal_is_the_answers_alone(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "coventry", "--procedure", "children", "--format", "json")
    rows = json.loads(out)
    assert code == 0 and {row["code"] for row in rows} == {"children-2006"}
    assert "Contradictions" in err and "unclear" in err


def test_a_policy_no_one_has_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER, heading="'[bold]=1+1'"))
    output = tmp_path / "own.json"
    code, out, _ = _run(capsys, path, "--output", output)
    assert code == 0 and "testshire.corporate (first) compared with lgsco" in out
    assert "a departure from guidance, not a breach of law" in " ".join(out.split())
    data = json.loads(output.read_text(encoding="utf-8"))
    assert list(data) == ["software", "rulebooks", "codes", "answers", "contradictions", "unclear"]
    assert {row["paragraph"] for row in data["answers"] if row["clauses"] == ["1"]} == {"6.3"}


def test_the_workbook_is_text_that_can_be_filtered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = clause("=1+1", ANSWER, more="unclear: '=2+2'\nanswers: [lgsco 1.6]", heading="=3+3")
    path = book(tmp_path, "testshire.corporate", policy)
    output = tmp_path / "own.xlsx"
    assert _run(capsys, path, "--output", output)[0] == 0
    workbook = openpyxl.load_workbook(output)
    assert workbook.sheetnames == ["self-assessment", "contradictions", "unclear"]
    sheet = workbook["self-assessment"]
    assert [cell.value for cell in sheet[1]] == [key.replace("_", " ") for key in ROW_KEYS[None]]
    assert sheet.auto_filter.ref == sheet.dimensions
    values = [cell for page in workbook for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in values} <= {"s", "n"}  # "n" is openpyxl's word for an empty cell too
    assert any(cell.value == "=1+1" for cell in values) and any(cell.value == "=2+2" for cell in values)


#: The headings of the two Ombudsmen's own forms.
FORMS = {
    "sections": ["Code section", "Action", "Do we follow the Code: Yes/No", "Explanations and commentary"],
    "paragraphs": ["Code provision", "Code requirement", "Comply: Yes / No", "Evidence", "Commentary / explanation"],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_the_ombudsman_s_headings_and_can_be_printed(form: Any) -> None:
    assessed = self_assess(HOST, [HOST.editions["coventry.corporate"][-1]], "lgsco")
    sheet = openpyxl.load_workbook(io.BytesIO(assessed.workbook(form)))["self-assessment"]
    headings, *rows = sheet.iter_rows(values_only=True)
    assert list(headings) == FORMS[form]
    assert len(rows) == len(assessed.rows(form))
    assert {row[2] for row in rows} <= {"Yes", "No", "Not shown", "For judgement"}
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
        "landscape",
        9,
        "$1:$1",
    )
    assert sheet.page_setup.fitToWidth in (None, 1), "as wide as one page"
    assert sheet.page_setup.fitToHeight == 0, "as long as need be"
    for line, row in enumerate(rows, start=2):
        room = sheet.column_dimensions["ABCDE"[len(headings) - 1]].width * 1.3
        assert (sheet.row_dimensions[line].height or 15) >= 15 * (len(str(row[-1])) // room)


def test_a_form_of_several_policies_names_each() -> None:
    names = ("coventry.corporate", "telford-wrekin.corporate")
    assessed = self_assess(HOST, [HOST.editions[name][-1] for name in names], "lgsco")
    sheet = openpyxl.load_workbook(io.BytesIO(assessed.workbook("sections")))["self-assessment"]
    headings, *rows = sheet.iter_rows(values_only=True)
    assert list(headings) == ["Policy", *FORMS["sections"]]
    assert {row[0] for row in rows} == {f"{name}, lgsco" for name in names}


def test_the_commentary_of_a_section() -> None:
    """One paragraph needs, two need."""

    def answer(paragraph: str, verdict: Verdict) -> Answer:
        whole = self_assess(HOST, [HOST.editions["coventry.corporate"][-1]], "lgsco").answers[1]
        return dataclasses.replace(whole, paragraph=paragraph, verdict=verdict, doubts=(), commentary="It is late.")

    some = [answer(number, Verdict.FOLLOWS) for number in ("7.2", "7.3", "7.5")]
    assert forms._summed([*some, answer("7.1", Verdict.JUDGEMENT)]) == (
        "The policy complies with 7.2, 7.3 and 7.5. Paragraph 7.1 needs your judgement."
    )
    others = [
        answer(n, v) for n, v in (("1.1", Verdict.JUDGEMENT), ("1.2", Verdict.JUDGEMENT), ("1.3", Verdict.DEPARTS))
    ]
    assert forms._summed([*others, answer("1.4", Verdict.NOT_STATED), answer("1.5", Verdict.FURTHER)]) == (
        "1.3: It is late. The policy goes further than 1.5. The policy does not mention what 1.4 asks for. "
        "Paragraphs 1.1 and 1.2 need your judgement."
    )


MISTAKES: list[tuple[list[str], str]] = [
    (["nowhere"], "unknown council 'nowhere'"),
    (["coventry", "--code", "housing"], "'housing' does not govern coventry.corporate, coventry.children and coventry"),
    (["coventry", "--code", "children-2006", "--form", "sections"], "there is no section form for children-2006"),
    (["coventry", "--output", "own.pdf"], "give a file ending in .json or .xlsx"),
    (["coventry", "--procedure", "housing"], "there is no rulebook coventry.housing"),
    (["missing.yaml"], "missing.yaml: cannot be read"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_mistakes_are_a_sentence(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = _run(capsys, *arguments)
    assert (code, out, message in err) == (2, "", True), err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_policy_with_mistakes_or_no_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER.replace("10 working", "10 workin")))
    code, _, err = _run(capsys, path)
    assert code == 2 and f"{path}:15:" in err and "clause 1: 'within': expected a number from 1" in err
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER, more="answers: [lgsco 6.33, lgsco 8.1 z]"))
    code, _, err = _run(capsys, path)
    assert code == 2 and "clause 1 answers 'lgsco 6.33', but lgsco has no paragraph 6.33; did you mean 6.3?" in err
    assert "clause 1 answers 'lgsco 8.1 z', but lgsco 8.1 has no point z; its points: a, b" in err
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER), governed_by="lgsc")
    assert "'governed_by' names 'lgsc', which is not a national rulebook" in _run(capsys, path)[2]
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER), governed_by="")
    assert "no national rulebook governs testshire.corporate" in _run(capsys, path)[2]
