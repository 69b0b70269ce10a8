"""The answers of a room: kept by group, through everything being run again, gathered and counted; and the forms."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import nbformat
import pytest
from notebooksets import AS_AT, SEED
from putright.training import Lesson, notebooks, open_lesson, record, tally, widget
from putright.training.record import RecordError


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, in a session in which nobody has answered yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_SESSION", {})
    return tmp_path


def opened(group: str = "", seed: int = SEED) -> Lesson:
    return open_lesson("day-zero", "coventry", AS_AT, seed, group)


def test_tries_are_counted_when_everything_is_run_again() -> None:
    lesson = opened()
    assert "try" not in lesson.ask("plain", "2026-06-19").text
    assert "This was try 2." in lesson.ask("plain", "2026-06-24").text
    again = opened()
    assert "1 of 8 questions answered, 0 of them right" in again.score().text
    assert "This was try 2." in again.ask("plain", "2026-06-24").text, "the same answer is not another try"
    assert "This was try 3." in again.ask("plain", "22 June 2026").text
    assert "0 of 8" in opened(seed=SEED + 1).score().text


def test_a_group_s_answers_are_kept_in_a_file_and_found_again(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = opened(" Red  team ")
    lesson.ask("plain", "soon")
    assert not (room / "answers").exists(), "what cannot be read is not an answer"
    lesson.ask("plain", "2026-06-19")
    lesson.ask("last-day", lesson.questions["last-day"].answers()[0])
    [path] = (room / "answers").iterdir()
    assert path.name == "day-zero-coventry-2026-09-30-7-red-team.json"
    told = json.loads(path.read_text("utf-8"))
    assert (told["group"], told["lesson"], told["council"]) == ("Red team", "day-zero", "coventry")
    assert told["questions"]["plain"]["answers"] == [{"answer": "2026-06-19", "right": False}]
    monkeypatch.setattr(record, "_SESSION", {})  # the notebook was closed and opened
    score = opened("Red team").score()
    assert "2 of 8 questions answered, 1 of them right at the first try" in score.text
    link = re.search(r'download="([^"]+)" href="data:application/octet-stream;base64,([^"]+)"', score.html)
    assert link and link[1] == path.name
    assert json.loads(base64.b64decode(link[2])) == told


def test_without_a_name_nothing_is_written(room: Path) -> None:
    opened().ask("plain", "2026-06-19")
    assert list(room.iterdir()) == []


def test_a_room_is_counted(room: Path) -> None:
    answers = {"Red": ("2026-06-19", "2026-06-22"), "Blue": ("2026-06-22",), "Green": ("2026-06-19",)}
    for group, given in answers.items():
        for each in given:
            opened(group).ask("plain", each)
    (room / "gathered" / "table 2").mkdir(parents=True)
    for path in (room / "answers").iterdir():
        path.rename(room / "gathered" / "table 2" / path.name)
    text = tally(room / "gathered").text
    asked = opened().questions["plain"].text
    assert "**Day zero: 3 groups**" in text
    assert f"| {asked} | 3 | 1 | 2 | 2026-06-19 (2) |" in text
    for row in ("| Red | 1 | 0 |", "| Blue | 1 | 1 |", "| Green | 1 | 0 |"):
        assert row in text
    assert "There are no answers in the folder answers yet" in opened().room("answers").text


@pytest.mark.parametrize("content", ["not json", "{}", "[]", '{"kind": "x"}', '{"kind": "putright training answers"}'])
def test_another_file_is_said_to_be_one(room: Path, content: str) -> None:
    path = room / "answers" / "day-zero-coventry-2026-09-30-7-red.json"
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    for read in (lambda: tally("answers"), lambda: opened("red")):
        with pytest.raises(
            RecordError, match=r"red\.json is not a file of answers\. Move it to another folder\."
        ) as said:
            read()
        assert said.value._render_traceback_() == [str(said.value)]


def test_a_file_that_cannot_be_written_is_said_so(room: Path) -> None:
    (room / "answers").write_text("a file, not a folder")
    text = opened("Red").ask("plain", "2026-06-22").text
    assert "Right:" in text
    assert "The answers could not be written to" in text


# --- forms ----------------------------------------------------------------------------------------


def test_a_form_asks_the_lesson_and_shows_its_reply() -> None:
    lesson = opened()
    made = widget.form(lesson.questions["plain"], None, lambda answer: lesson.check("plain", answer))
    assert made.form["kind"] == "date"
    assert "A complaint arrives on Monday 15 June 2026" in made.form["html"]
    assert made.reply == {}
    for turn, (given, kind, said) in enumerate(
        [
            ("19/6/2026", "hint", "day zero as day 1"),
            ("31/6/2026", "unreadable", "no such day"),
            ("22/6/2026", "right", "Right"),
        ],
        1,
    ):
        made.given = {"answer": given, "turn": turn}
        assert (made.reply["kind"], made.reply["turn"], said in made.reply["html"]) == (kind, turn, True)
    assert "1 of 8 questions answered, 0 of them right at the first try" in lesson.score().text


def test_every_kind_of_question_has_its_form() -> None:
    kinds = {}
    for name in ("day-zero", "first-audit"):
        for question in open_lesson(name, "coventry", AS_AT, SEED).questions.values():
            kinds[type(question).__name__] = question.form
    assert {form["kind"] for form in kinds.values()} == {"date", "number", "one", "several"}
    assert all(("options" in form) == (form["kind"] in ("one", "several")) for form in kinds.values())


def test_a_form_is_shown_in_a_kernel_only_and_never_stored() -> None:
    assert widget.VIEW not in opened().ask("plain")._repr_mimebundle_()
    page = "\n".join(
        [
            "---\ntitle: Ours\nfor: Us\nminutes: 5\nable: [say it]\nlesson: day-zero\n---\n",
            "```{question} plain\n```\n",
            "```{code-cell}\nprint(sorted(lesson.ask('plain')._repr_mimebundle_()))\n```\n",
        ]
    )
    path = Path("page.md")
    path.write_text(page, "utf-8")
    source = notebooks.read_source(path)
    notebooks.run([("page", source.notebook)])
    outputs = [output for cell in source.notebook.cells for output in cell.get("outputs", ())]
    assert any(widget.VIEW in output.get("text", "") for output in outputs), "the kernel has forms"
    assert widget.VIEW not in {kind for output in outputs for kind in output.get("data", ())}
    assert "widgets" not in source.notebook.metadata
    assert nbformat.writes(source.notebook).count("model_id") == 0


def test_the_browser_s_part_fetches_nothing() -> None:
    folder = Path(widget.__file__).parent
    for name in ("question.js", "question.css"):
        text = (folder / name).read_text("utf-8")
        assert not re.search(r"https?:|\bimport\b|\bfetch\b|url\(|XMLHttp|WebSocket", text.replace("is fetched", "")), (
            name
        )
