"""Questions that are written in a YAML file: the documented example, each kind of answer, and mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from notebooksets import AS_AT, COMMITTED, SEED
from putright.cli import main
from putright.fields import RULES
from putright.training import ChoiceQuestion, DateQuestion, Lesson, notebooks, open_lesson
from putright.training.lessons import host
from putright.training.written import WrittenError

README = (COMMITTED / "README.md").read_text("utf-8")
[EXAMPLE] = [text for text in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "questions:" in text]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "our-own.yaml"
    path.write_text(EXAMPLE, "utf-8")
    return path


def opened(file: Path, council: str = "coventry") -> Lesson:
    return open_lesson(str(file), council, AS_AT, SEED)


@pytest.mark.parametrize("council", ["coventry", "telford-wrekin", "runnymede"])
def test_every_right_answer_is_right_and_every_other_gets_a_hint(file: Path, council: str) -> None:
    lesson = opened(file, council)
    assert not lesson.left_out
    assert list(lesson.questions) == ["acknowledge", "late", "handler", "letter", "stages", "began"]
    for question in lesson.questions.values():
        right, wrong = question.answers()
        assert question.reply(right).kind == "right", question.id
        for answer in wrong:
            also_right = isinstance(question, DateQuestion) and question.also(answer)
            assert question.reply(answer).kind == ("right" if also_right else "hint"), (question.id, answer)


def test_the_checker_works_out_what_names_a_rule(file: Path) -> None:
    lesson = opened(file)
    due = lesson.questions["acknowledge"]
    assert isinstance(due, DateQuestion) and due.date.isoformat() == "2026-12-29"
    assert "13.6" in due.reply("2026-12-29").shown.text
    late = lesson.questions["late"]
    assert isinstance(late, ChoiceQuestion) and late.right.startswith("B, Breach")
    assert "2026-09-30" in late.ask().text and "the stage 1 response" in late.ask().text


def test_a_notebook_is_made_of_it_with_the_file_beside(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    command = ["notebooks", "--council", "coventry", "--questions", str(file), "--notebook", "our-own"]
    assert main([*command, "--output", str(folder)]) == 0
    assert (folder / "our-own.yaml").read_text("utf-8") == EXAMPLE
    notebook = nbformat.read(folder / "our-own.ipynb", 4)
    assert "Our own limits" in notebook.cells[0].source
    shown = [output["data"]["text/plain"] for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("**Question: " in text for text in shown) == 6
    assert any("The checker's answer: Tuesday 29 December 2026" in text for text in shown)
    assert (folder / "our-own.yaml").exists() and sorted(path.name for path in folder.iterdir()) == [
        "myst.yml",
        "our-own.ipynb",
        "our-own.yaml",
        "receipt.json",
    ]


def test_a_plugin_may_name_such_a_file(file: Path) -> None:
    found = notebooks.sources(host(), "coventry", [file])
    assert found[-1].name == "our-own"
    assert notebooks.sources(host(), "coventry")[-1].name != "our-own"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("acknowledge-stage1, start", "acknowledge-stage-1, start", "did you mean 'acknowledge-stage1'?"),
        ("start: 2026-12-18", "start: 18 Dec", "'18 Dec' is not a date"),
        ("        right: true\n", "", "exactly one that is right"),
        ("    because: Stage 1 and stage 2.\n", "", "must say why its answer is right"),
        ("name: late", "name: acknowledge", "two questions are named 'acknowledge'"),
        ("minutes: 30", "minuts: 30", "minuts"),
        ("    number: {right: 2, hint: Look at the picture at the top.}\n", "", "must have one of due, verdict"),
        ("right: 2,", "right: two,", "number"),
    ],
)
def test_mistakes_are_said_with_their_place(file: Path, old: str, new: str, said: str) -> None:
    assert EXAMPLE.count(old) >= 1
    file.write_text(EXAMPLE.replace(old, new, 1), "utf-8")
    with pytest.raises(WrittenError) as error:
        opened(file)
    assert said in str(error.value)
    assert re.search(r"our-own\.yaml:\d+:\d+: ", str(error.value))


def test_a_mistake_ends_the_command_with_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("title: Ours\n", "utf-8")
    assert main(["notebooks", "--council", "coventry", "--questions", str(file), "--output", "made"]) == 2
    said = capsys.readouterr().err
    assert "our-own.yaml" in said and "'questions': is missing" in said and "Traceback" not in said
    assert main(["notebooks", "--council", "coventry", "--questions", "none.yaml", "--output", "made"]) == 2
    assert "none.yaml" in capsys.readouterr().err


def test_a_question_about_a_rule_that_the_council_has_not_is_left_out_with_the_reason(file: Path) -> None:
    book, code = opened(file).book(), opened(file).code()
    name = next(rule for rule in RULES if rule not in {*book.rulings(), *code.rulings()})
    file.write_text(EXAMPLE.replace("rule: respond-stage1", f"rule: {name}"), "utf-8")
    lesson = opened(file)
    assert list(lesson.left_out) == ["late"]
    assert "No rule of Complaints about council services" in lesson.left_out["late"]
    assert "Not for this council" in lesson.ask("late").text
