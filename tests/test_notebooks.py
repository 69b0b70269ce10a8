"""The training notebooks: every answer checked, the command and the hand-outs, and the generator's mistakes."""

from __future__ import annotations

import ast
import io
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import docx
import nbformat
import pytest
from IPython.core.formatters import DisplayFormatter
from notebooksets import AS_AT, COMMITTED, COUNCILS, SEED, sets, tagged, text_of
from putright import hookspecs, national, plugins, training
from putright.cli import main
from putright.hookspecs import hookimpl
from putright.mistakes import PluginError
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.training import LESSONS, DateQuestion, Lesson, TrainingError, handouts, notebooks, open_lesson
from putright.training.notebooks import NotebookError
from putright.training.questions import Question

Cited = list[tuple[Rulebook, Ruling]]


@contextmanager
def citations() -> Iterator[Cited]:
    """The rules that lessons cite meanwhile."""
    cited: Cited = []
    cite = Lesson.cite

    def noted(self: Lesson, book: Rulebook, ruling: Ruling) -> str:
        cited.append((book, ruling))
        return cite(self, book, ruling)

    with mock.patch.object(Lesson, "cite", noted):
        yield cited


@cache
def made(name: str, council: str) -> tuple[Lesson, dict[str, Cited]]:
    """A lesson, and the rules that each of its questions cited as it was made."""
    lesson = open_lesson(name, council, AS_AT, SEED)
    cited: dict[str, Cited] = {}

    def noted(question: str, make: Callable[[], Question]) -> Question:
        with citations() as cited[question]:
            return make()

    makers = {question: partial(noted, question, make) for question, make in lesson.makers().items()}
    with mock.patch.object(lesson, "makers", lambda: makers):
        assert lesson.questions.keys() == makers.keys()
    return lesson, cited


def opened(name: str, council: str = "coventry") -> Lesson:
    """A lesson for tests that only look at its questions, which take long to make; one that is asked has its own."""
    return made(name, council)[0]


def kinds(lesson: Lesson, name: str, answer: object) -> tuple[str, str]:
    reply = lesson.questions[name].reply(answer)
    return reply.kind, reply.shown.text


# --- sets -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("council", COUNCILS)
def test_every_cell_of_a_set_shows_again_what_is_stored(council: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel that stored it was another process. tests/test_notebook_sets.py runs the committed set as users do."""

    def open_again(name: str, council: str, as_at: str, seed: int) -> Lesson:
        assert (as_at, seed) == (AS_AT, SEED)
        return opened(name, council)

    monkeypatch.setattr(training, "open_lesson", open_again)
    shown = DisplayFormatter().format
    paths = sorted((sets() / council).glob("*.ipynb"))
    assert len(paths) == len(LESSONS)
    for path in paths:
        names: dict[str, Any] = {}
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        for cell in cells:
            *before, last = ast.parse(cell.source).body
            exec(compile(ast.Module(before, []), path.name, "exec"), names)
            if isinstance(last, ast.Expr):
                data, _ = shown(eval(compile(ast.Expression(last.value), path.name, "eval"), names))
                assert [data] == [output["data"] for output in cell.outputs], (path.name, cell.source)
            else:
                exec(compile(ast.Module([last], []), path.name, "exec"), names)
                assert cell.outputs == [], (path.name, cell.source)


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "council"), list(itertools.product(LESSONS, COUNCILS)))
def test_a_wrong_answer_gets_a_hint_and_a_right_one_its_confirmation(name: str, council: str) -> None:
    lesson = opened(name, council)
    assert lesson.questions
    for question in lesson.questions.values():
        right, wrong = question.answers()
        kind, text = kinds(lesson, question.id, right)
        assert (kind, question.because in text) == ("right", True)
        assert wrong
        for answer in wrong:
            kind, text = kinds(lesson, question.id, answer)
            hint = text.removeprefix(question.ask().text)
            assert kind == "hint", (question.id, answer)
            assert len(hint) > len("**Not yet**") + 15
            assert question.right not in hint, "a hint must not give the answer away"
        assert question.right in question.display().text


@pytest.mark.parametrize(("name", "council"), list(itertools.product(LESSONS, COUNCILS)))
def test_an_answer_says_what_is_in_doubt_of_the_rules_it_cites(name: str, council: str) -> None:
    lesson, cited = made(name, council)
    for question in lesson.questions.values():
        right, _ = question.answers()
        with citations() as later:
            texts = question.display().text, question.reply(right).shown.text
        for text in texts:
            for book, ruling in (*cited[question.id], *later):
                for short in doubts.shorts(doubts.of_ruling(book, ruling)):
                    assert short in text, (question.id, ruling.name)
    if hasattr(lesson, "setting"):
        books = [lesson.book(), lesson.code()]
        assert all(doubt.short in lesson.setting().text for book in books for doubt in doubts.of_book(book))


@pytest.mark.parametrize("name", LESSONS)
def test_a_page_asks_every_question_of_its_lesson_and_none_else(name: str) -> None:
    pages = [path.read_text(encoding="utf-8") for path in national.putright_notebooks()]
    page = next(text for text in pages if f"\nlesson: {name}\n" in text)
    asked = re.findall(r"^```\{question\} (.+)$", page, re.MULTILINE)
    assert asked == list(opened(name).questions)


HINTS = [
    ("plain", "2026-06-19", "the first day counted as well"),
    ("plain", "19/06/2026", "the first day counted as well"),
    ("plain", "2026-06-21", "That is not a working day (Sunday)"),
    ("plain", "2026-06-24", "working day 7 as the checker counts, so too late"),
    ("plain", "2026-06-12", "before the clock has even begun"),
    ("weekend", "2026-05-12", "takes the next working day as day zero"),
    ("christmas", "2027-01-01", "bank holidays counted as working days"),
    ("day-zero", "2026-05-04", "Early May bank holiday"),
    ("day-zero", "2026-05-06", "takes the next working day as day zero"),
    ("months", "2025-03-01", "not moved"),
    ("first-day-counts", "2026-07-12", "begins with the first day itself"),
    ("last-day", "B", "last good day or the first bad"),
    ("officers", "D", "Two weekends"),
]


@pytest.mark.parametrize(("question", "answer", "hint"), HINTS)
def test_a_hint_names_the_mistake(question: str, answer: str, hint: str) -> None:
    kind, text = kinds(opened("day-zero"), question, answer)
    assert (kind, hint in text) == ("hint", True), text


RIGHT = [
    ("plain", "2026-06-22"),
    ("plain", "22/06/2026"),
    ("plain", " 2026-06-22 "),
    ("day-zero", "2026-05-05"),
    ("weekend", "2026-05-11"),
    ("christmas", "2027-01-06"),
    ("months", "2025-02-28"),
    ("first-day-counts", "2026-07-11"),
    ("last-day", "a"),
    ("officers", "C"),
]


@pytest.mark.parametrize(("question", "answer"), RIGHT)
def test_answers_counted_by_hand_are_right(question: str, answer: str) -> None:
    """Coventry's limits, counted with a wall calendar."""
    assert kinds(opened("day-zero"), question, answer)[0] == "right"


UNREADABLE = [
    ("day-zero", "plain", "Friday", "'Friday' cannot be taken for a date"),
    ("day-zero", "plain", "2026-02-30", "there is no such day"),
    ("day-zero", "last-day", "Z", "'Z' is none of the choices: they go from A to C"),
    ("day-zero", "last-day", "A B", "is not one letter"),
    ("first-audit", "audited", "many", "'many' is not a whole number"),
    ("first-audit", "rejected", "A Q", "'A Q' is none of the choices"),
]


@pytest.mark.parametrize(("lesson", "question", "answer", "said"), UNREADABLE)
def test_what_is_not_an_answer_is_said_to_be_none(lesson: str, question: str, answer: str, said: str) -> None:
    kind, text = kinds(opened(lesson), question, answer)
    assert (kind, said in text) == ("unreadable", True), text


def test_several_letters_in_any_form() -> None:
    lesson = opened("first-audit")
    for answer in ("A C E F G", "gfeca", ["A", "C", "E", "F", "G"], "A, C, E, F, G"):
        assert kinds(lesson, "rejected", answer)[0] == "right"
    assert "one more should be there" in kinds(lesson, "rejected", "A C E F")[1]
    assert "Look again at B" in kinds(lesson, "rejected", "A B C")[1]


def test_the_score_counts_first_answers() -> None:
    lesson = open_lesson("day-zero", "coventry", AS_AT, SEED)
    lesson.ask("plain")
    lesson.ask("plain", "soon")
    assert "0 of 8 questions answered" in lesson.score().text
    lesson.ask("plain", "2026-06-19")
    lesson.ask("plain", "2026-06-22")
    lesson.ask("last-day", "A")
    assert "2 of 8 questions answered, 1 of them right at the first try" in lesson.score().text
    assert "To talk over: plain" in lesson.score().text


def test_another_seed_gives_another_deck_and_the_same_seed_the_same() -> None:
    lessons = [opened("spot-the-breach", "runnymede")]
    lessons += [open_lesson("spot-the-breach", "runnymede", AS_AT, seed) for seed in (SEED, SEED + 1)]
    decks = [[question.ask().text for question in lesson.questions.values()] for lesson in lessons]
    assert decks[0] == decks[1] != decks[2]
    assert all(len(deck) == 8 for deck in decks)


MISTAKES = [
    (("day-zero", "covntry", AS_AT, 7), "No council is named 'covntry': put one of brighton-hove, coventry"),
    (("day-zero", "coventry", "soon", 7), "as_at = 'soon' cannot be used"),
    (("day-zero", "coventry", AS_AT, "x"), "seed = 'x' cannot be used: write a whole number"),
    (("day-one", "coventry", AS_AT, 7), "No lesson is named 'day-one': there are day-zero"),
]


@pytest.mark.parametrize(("given", "said"), MISTAKES)
def test_a_mistake_in_the_parameters_is_one_sentence(given: tuple[str, str, str, Any], said: str) -> None:
    with pytest.raises(TrainingError, match=re.escape(said)) as caught:
        open_lesson(*given)
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert "\n" not in str(caught.value)


def test_no_such_question() -> None:
    with pytest.raises(TrainingError, match="No question is named 'plane': there are plain, last-day"):
        open_lesson("day-zero", "coventry", AS_AT, SEED).ask("plane")


def test_a_change_of_policy_is_assessed_again() -> None:
    lesson = open_lesson("our-policy-and-the-code", "coventry", AS_AT, SEED)
    assert "| 5 days more | departs |" in lesson.propose().text  # type: ignore[attr-defined]
    assert "| 0 days more | follows |" in lesson.propose(more=0).text  # type: ignore[attr-defined]
    redrafted = lesson.redraft("The person may complain at any time while a request is open.").text  # type: ignore[attr-defined]
    assert re.search(r"\| as it is \| departs \|.*\n\| with your wording \| (?!departs)", redrafted)
    assert "Not yet" in lesson.redraft("no").text  # type: ignore[attr-defined]


# --- sources and the command ----------------------------------------------------------------------

PAGE = """---
title: Ours
for: Us
minutes: 5
able: [say it]
lesson: day-zero
---

## First

```{code-cell}
lesson.limits()
```

```{question} plain
```

## Trainer's note

Nothing.
"""


def plugin(*paths: Path) -> Any:
    @hookimpl
    def putright_notebooks() -> list[Path]:
        return list(paths)

    return type("Plugin", (), {"putright_notebooks": staticmethod(putright_notebooks)})


def built(*paths: Path) -> plugins.Host:
    coventry = __import__("putright_coventry")
    return plugins.build([("national", national, "1"), ("coventry", coventry, "1"), ("ours", plugin(*paths), "1")])


def test_a_plugin_adds_a_page_and_a_notebook(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    own = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell('council = "x"', metadata={"tags": ["parameters"]})]
    )
    own.cells.append(nbformat.v4.new_code_cell("print(council)"))
    nbformat.write(own, tmp_path / "own.ipynb")
    added = built(tmp_path / "page.md", tmp_path / "own.ipynb")
    assert [source.name for source in notebooks.sources(added, "coventry")][-2:] == ["page", "own"]
    made = notebooks.make(added, "coventry", only="own")
    assert made["own.ipynb"].cells[1].outputs[0].text == "coventry\n"
    page = notebooks.make(added, "coventry", only="page")["page.ipynb"]
    assert page.cells[0].source.startswith("# Ours\n\n**Who it is for:** Us")
    assert "13.6" in page.cells[5].outputs[0]["data"]["text/plain"]


def test_a_council_s_own_notebooks_are_in_its_own_set_only(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    council = __import__("putright_coventry")

    class Coventry:
        putright_rulebooks = staticmethod(council.putright_rulebooks)
        putright_notebooks = staticmethod(plugin(tmp_path / "page.md").putright_notebooks)

    runnymede = __import__("putright_runnymede")
    both = [("national", national, "1"), ("coventry", Coventry, "1"), ("runnymede", runnymede, "1")]
    found = plugins.build(both)
    assert "page" in [source.name for source in notebooks.sources(found, "coventry")]
    assert "page" not in [source.name for source in notebooks.sources(found, "runnymede")]


WRONG = [
    ("page.md", "# No head\n", "a page begins, between two lines of ---, with able, for, lesson, minutes, title"),
    ("page.md", PAGE.replace("minutes: 5\n", ""), "a page begins"),
    ("page.md", PAGE.replace("title: Ours", "title: [Ours"), "a page begins"),
    ("own.ipynb", "not json", "this is not a notebook"),
    ("own.ipynb", "{}", "this is not a notebook"),
    ("own.ipynb", nbformat.writes(nbformat.v4.new_notebook()), "no cell is tagged 'parameters'"),
    ("1-day-zero.md", PAGE, "is a notebook of that name already"),
]


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_a_mistake_in_a_source_is_one_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(NotebookError, match=re.escape(said)) as caught:
        notebooks.sources(built(tmp_path / name), "coventry")
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_source_and_a_failing_cell_are_reported(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"gone.md: the notebook cannot be read"):
        notebooks.sources(built(tmp_path / "gone.md"), "coventry")
    (tmp_path / "page.md").write_text(PAGE.replace("lesson.limits()", "lesson.nothing()"), encoding="utf-8")
    with pytest.raises(NotebookError, match=r"page.ipynb: a cell of the notebook fails: AttributeError: .*nothing"):
        notebooks.make(built(tmp_path / "page.md"), "coventry", only="page")


def test_what_the_hook_returns_is_checked() -> None:
    assert "putright_notebooks" in vars(hookspecs)
    assert hookspecs.putright_notebooks.__doc__
    bad = type("Bad", (), {"putright_notebooks": staticmethod(hookimpl(lambda: ["notes.txt"]))})
    bad.putright_notebooks.__name__ = "putright_notebooks"
    with pytest.raises(PluginError, match=r"putright_notebooks must return a list of paths of .md or .ipynb files"):
        plugins.build([("national", national, "1"), ("bad", bad, "1")])


def test_the_command_s_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["notebooks", "--council", "covntry", "--output", str(tmp_path)]) == 2
    assert "unknown council 'covntry'" in capsys.readouterr().err
    assert main(["notebooks", "--council", "coventry", "--notebook", "9", "--output", str(tmp_path)]) == 2
    assert "no notebook is named '9'; there are 1-day-zero" in capsys.readouterr().err
    command = ["notebooks", "--council", "coventry", "--notebook", "1-day-zero", "--output", str(tmp_path / "file")]
    assert main(command) == 2
    assert "that is a file; name a folder" in capsys.readouterr().err


# --- hand-outs ------------------------------------------------------------------------------------


@pytest.mark.node
def test_a_hand_out_in_word() -> None:
    name = "1-day-zero.ipynb"
    made = {name: nbformat.read(COMMITTED / name, 4)}
    word = docx.Document(io.BytesIO(handouts.make(made)["handouts/1-day-zero.docx"]))
    text = [paragraph.text.replace("\u2019", "'") for paragraph in word.paragraphs]
    answers = text.index("The checker's answers")
    assert "Day zero" in text[0]
    assert not any("Monday 22 June 2026" in line for line in text[: text.index("Something arrives at the weekend") - 6])
    assert any("The checker's answer: Monday 22 June 2026" in line for line in text[answers:])
    assert sum(line.startswith("My answer:") for line in text) == 8
    assert not any("Trainer" in line or "answer = None" in line for line in text)
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(described) == 3
    assert all(words.startswith("Counted: 0 ") for words in described)
    assert word.tables


@pytest.mark.node
def test_a_hand_out_that_is_not_made_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "1-day-zero.ipynb"
    made = {name: nbformat.read(COMMITTED / name, 4)}
    monkeypatch.setattr(handouts, "project", lambda names: "version: 1\nproject: {}\n")
    with pytest.raises(NotebookError, match=r"1-day-zero.docx: Jupyter Book made no Word document"):
        handouts.make(made)


@pytest.mark.slow
def test_a_hand_out_gives_no_answer_before_its_questions() -> None:
    for council in COUNCILS:
        for name, path in zip(LESSONS, sorted((sets() / council).glob("*.ipynb")), strict=True):
            notebook = nbformat.read(path, 4)
            page = "\n".join(handouts._page(path.stem, notebook, []))
            asked, _, answered = page.partition("## The checker's answers")
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
                assert "at the end" in asked


def test_the_book_names_every_notebook() -> None:
    project = (COMMITTED / "myst.yml").read_text(encoding="utf-8")
    for path in COMMITTED.glob("*.ipynb"):
        assert f"- file: {path.name}" in project
        assert f"output: handouts/{path.stem}.docx" in project
