"""Hand-outs of the notebooks: the trainees' sheet, the answers, the trainer's guide and slides."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import nbformat
import pytest
import test_wording
import trainingtexts
from notebooksets import AS_AT, COMMITTED, COUNCILS, SEED, sets, tagged, text_of
from putright.training import LESSONS, DateQuestion, guides, handoutpages, handouts, notebooks, open_lesson, slides
from putright.training.guides import LENGTHS, WELCOME, GuideError
from putright.training.handoutpages import Sheet
from putright.training.lessons import host
from putright.training.notebooks import NotebookError, Source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIRST = "1-day-zero.ipynb"
SOURCES: dict[str, Source] = {f"{source.name}.ipynb": source for source in notebooks.sources(host(), "coventry")}


def committed(name: str) -> Any:
    return nbformat.read(COMMITTED / name, 4)


def sheet_of(notebook: Any) -> str:
    return "\n".join(handoutpages.sheet(notebook, Sheet("page")))


def answers_of(notebook: Any) -> str:
    return "\n".join(handoutpages.answers(notebook, Sheet("page"), None))


@cache
def made() -> dict[str, bytes]:
    guide = guides.guide_of(SOURCES[FIRST].path)
    assert guide
    lesson = open_lesson("day-zero", "coventry", AS_AT, SEED)
    return handouts.make({FIRST: committed(FIRST)}, {FIRST: guide}, {FIRST: lesson})


def document(name: str) -> Any:
    return docx.Document(io.BytesIO(made()[f"handouts/{name}"]))


def texts(word: Any) -> list[str]:
    return [paragraph.text.replace("\u2019", "'") for paragraph in word.paragraphs]


# --- in Word ----------------------------------------------------------------------------------------


@pytest.mark.node
def test_only_documents_are_made() -> None:
    assert list(made()) == [
        "handouts/1-day-zero-slides.html",
        "handouts/1-day-zero.docx",
        "handouts/1-day-zero-answers.docx",
        "handouts/1-day-zero-guide.docx",
    ]


@pytest.mark.node
def test_the_sheet_has_questions_and_no_answer() -> None:
    word = document("1-day-zero.docx")
    text = texts(word)
    assert text[0] == "Day zero"
    assert not any("Monday 22 June 2026" in line for line in text)
    assert sum(line.startswith("My answer:") for line in text) == 8
    assert not re.search(r"(?i)\bcells?\b|trainer|answer = none|\brun\b", " ".join(text))
    assert word.tables


@pytest.mark.node
def test_a_question_stays_with_its_choices_and_the_line_for_its_answer() -> None:
    asked = False
    for paragraph in document("1-day-zero.docx").paragraphs:
        asked = asked or paragraph.text.startswith("Question ")
        answer = paragraph.text.startswith("My answer:")
        assert bool(paragraph.paragraph_format.keep_with_next) == (asked and not answer), paragraph.text
        asked = asked and not answer


@pytest.mark.node
def test_the_answers_have_every_day_and_what_to_say_to_other_answers() -> None:
    word = document("1-day-zero-answers.docx")
    text = texts(word)
    assert "The checker's answer: Monday 22 June 2026" in text
    assert [line for line in text if re.fullmatch(r"Question \d", line)] == [f"Question {n}" for n in range(1, 9)]
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(described) == 3
    assert all(words.startswith("Counted: 0 ") for words in described)
    said = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert said[0] == ["they answer", "say"]
    assert ["Monday 15 June 2026", "That is day zero. The count starts on the next working day."] in said


@pytest.mark.node
def test_the_guide_has_a_plan_for_each_length() -> None:
    word = document("1-day-zero-guide.docx")
    for table, length in zip(word.tables, LENGTHS, strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
        begins = 0
        for minute, minutes, *_ in rows:
            assert int(minute) == begins
            begins += int(minutes)
        assert begins == length
    assert any("Saturday is day zero" in line for line in texts(word))


@pytest.mark.node
def test_a_hand_out_that_is_not_made_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handouts, "_exports", lambda stems: "version: 1\nproject: {}\n")
    with pytest.raises(NotebookError, match=r"1-day-zero.docx: Jupyter Book made no Word document"):
        handouts.make({FIRST: committed(FIRST)})


# --- the pages --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_sheet_gives_an_answer_away() -> None:
    from test_notebooks import opened

    for council in COUNCILS:
        for name, path in zip(LESSONS, sorted((sets() / council).glob("*.ipynb")), strict=True):
            notebook = nbformat.read(path, 4)
            asked, answered = sheet_of(notebook), answers_of(notebook)
            lesson = opened(name, council)
            for question in lesson.questions.values():
                assert question.right in answered
                if isinstance(question, DateQuestion):
                    assert question.right not in asked, (council, name, question.id)
            if name == "before-committee":
                share, _, _ = lesson.questions["share"].because.partition(":")
                assert re.fullmatch(r"\d+% of \d+", share)
                assert share not in asked
                assert share in answered
            for cell in tagged(notebook, "later"):
                assert text_of(cell) not in asked
                assert "in the answers" in asked


@pytest.mark.parametrize("name", SOURCES)
def test_no_sheet_is_about_the_screen(name: str) -> None:
    said = sheet_of(committed(name))
    assert not re.search(r"(?i)\bcells?\b|shift and enter|click|`answer|quotation mark|run everything", said)
    assert not re.search(r"lesson\.[a-z]", said)


def test_what_is_not_asked_has_no_answer() -> None:
    def cell(source: str, tag: str, text: str) -> object:
        output = nbformat.v4.new_output("execute_result", {"text/plain": text, "text/html": text})
        return nbformat.v4.new_code_cell(source, outputs=[output], metadata={"tags": [tag]})

    notebook = nbformat.v4.new_notebook(
        metadata={"title": "Ours"},
        cells=[
            cell("a", "question", "**Not for this council**\n\nNo rule is about this."),
            cell("b", "answer", ""),
            cell("c", "question", "**Question: When is it due?**\n\n- **A** today\n- **B** tomorrow"),
            cell("d", "answer", "**The checker's answer: today**"),
        ],
    )
    asked, answered = sheet_of(notebook), answers_of(notebook)
    assert "Question 1: When is it due?" in asked and asked.count("My answer") == 1
    assert "No rule is about this." in asked
    assert answered.count("## Question") == 1
    assert "When is it due?\n\n- **A** today\n- **B** tomorrow" in answered


def test_the_book_names_every_notebook() -> None:
    project = (COMMITTED / "myst.yml").read_text(encoding="utf-8")
    for path in COMMITTED.glob("*.ipynb"):
        assert f"- file: {path.name}" in project
    assert "handouts" not in project


# --- the guides -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOURCES)
def test_every_guide_fits_its_notebook(name: str) -> None:
    guide = guides.guide_of(SOURCES[name].path)
    assert guide
    parts = handoutpages.headings(committed(name))
    guides.check_parts(guide, parts, name)
    for length in LENGTHS:
        planned = [part for _, _, part in guide.plan(length)]
        assert planned[0] == WELCOME and planned[-1] == list(parts)[-1]
        assert {*planned, *guide.left_out(length)} == {WELCOME, *parts}
    assert not guide.left_out(60)
    assert guide.arguments and guide.notes and guide.before


@pytest.mark.parametrize("name", SOURCES)
def test_every_guide_is_in_plain_english(name: str) -> None:
    plain = re.compile("|".join(f"(?:{kind})" for kind in (*test_wording.KINDS, *trainingtexts.KINDS)), re.IGNORECASE)
    text = re.sub(r"`[^`]*`", " ", guides.place_of(SOURCES[name].path).read_text("utf-8"))
    assert not (found := plain.search(text)), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parts: {Welcome: [30, 50]}", "a session of 60 minutes take 50 minutes"),
        ("parts: {Welcome: [30]}", "'Welcome'"),
        ("parts: {Welcome: [30, 60]}\nnote: []", "note"),
        ("- Welcome", "a trainer's guide: keys and values"),
        ("parts: {Welcome: [-1, 60]}", "greater than or equal to 0"),
    ],
)
def test_a_guide_that_cannot_be_used_is_said_so(tmp_path: Path, text: str, said: str) -> None:
    guides.place_of(tmp_path / "ours.md").write_text(text, "utf-8")
    with pytest.raises(GuideError) as error:
        guides.guide_of(tmp_path / "ours.md")
    assert said in str(error.value) and "ours.guide.yaml" in str(error.value)


def test_a_guide_to_other_parts_is_refused(tmp_path: Path) -> None:
    guides.place_of(tmp_path / "ours.md").write_text("parts: {Welcome: [1, 2], The rest: [29, 58]}", "utf-8")
    guide = guides.guide_of(tmp_path / "ours.md")
    assert guide
    with pytest.raises(GuideError, match="the notebook's, in their order: Welcome, Another"):
        guides.check_parts(guide, ["Another"], "ours")
    assert guides.guide_of(tmp_path / "theirs.md") is None


# --- slides -----------------------------------------------------------------------------------------


@pytest.mark.browser
def test_slides_go_on_with_a_remote_and_hide_answers(browser: Browser, tmp_path: Path) -> None:
    import browser as browsing

    path = tmp_path / "slides.html"
    path.write_text(slides.page(committed("4-stage-1-to-stage-2.ipynb")), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if request.url.startswith("http") else None)
    page.goto(path.as_uri())
    count = page.locator("section").count()
    assert page.locator("section strong", has_text=re.compile(r"^Question \d+:")).count() == 8
    assert page.locator("details[open]").count() == 0
    assert "To type it" not in page.inner_text("main")
    place = "[...document.querySelectorAll('section')].findIndex(each => each.getBoundingClientRect().bottom > 400)"
    seen = {page.evaluate(place)}
    for _ in range(count + 2):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(250)
        seen.add(page.evaluate(place))
    assert seen == set(range(count))
    assert not outside
    assert browsing.violations(page) == []
    page.close()


def test_slides_have_every_question_once() -> None:
    for name in SOURCES:
        notebook = committed(name)
        asked = [cell for cell in tagged(notebook, "question") if handoutpages.is_asked(cell)]
        numbers = re.findall(r"<strong>Question (\d+):", slides.page(notebook))
        assert numbers == [str(number) for number in range(1, len(asked) + 1)], name
