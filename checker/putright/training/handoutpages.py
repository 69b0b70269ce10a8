"""What a hand-out says, as pages of Markdown: the trainees' sheet, the answers, and the trainer's guide.

A sheet is the notebook without its code and without anything about the screen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from putright.text import english
from putright.text.shown import day
from putright.training.guides import LENGTHS, WELCOME, Guide
from putright.training.lessons import Lesson
from putright.training.notebooks import SCREEN

if TYPE_CHECKING:
    from nbformat import NotebookNode

ANSWERS = "The checker's answers"
#: How the line for an answer begins, and a question.
ANSWER, QUESTION = "My answer:", "Question "
_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
#: How an answer is typed, which is of no use on paper.
_HOW = re.compile(r"^To type it: .*$", re.MULTILINE)
_ASKED = "**Question:"
_ASKED_LINE = re.compile(r"\*\*Question: (.*?)\*\*")
_CHOICE = re.compile(r"^- \*\*[A-J]\*\* .*$", re.MULTILINE)
_PICTURE = re.compile(r"^\(Picture\) (.*)$", re.MULTILINE)
_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
#: What cells are marked with that are on no sheet and no slide.
NOT_SHOWN = {"instructions", "trainer", "score", SCREEN}
#: As many wrong answers of a question are in the answers, each with its hint.
_WRONG = 4

_BEFORE = (
    "The day before, open the notebook on the machine that the room will see. Choose *Run*, then *Run All Cells*. "
    "Check that the council's name and the date at the top are the right ones.",
    "Answer the first question wrongly and then rightly, to see what happens. Then choose *Kernel*, then *Restart "
    "Kernel and Run All Cells*, so that your tries are forgotten.",
    "Make the letters larger, so that people at the back can read them: press Ctrl and + in the browser.",
    "Print the hand-out for everyone, or open the notebook on each machine. Keep the answers for yourself.",
)


@dataclass
class Sheet:
    """A page of Markdown in the making, with the pictures that it shows."""

    stem: str
    pictures: list[tuple[str, str]] = field(default_factory=list)
    """Each as SVG and in words; they are files named after the page, numbered from 1."""

    def shown(self, cell: NotebookNode) -> str:
        """What a cell shows, in text and with its pictures."""
        return "\n\n".join(self._outputs(cell)).strip()

    def _outputs(self, cell: NotebookNode) -> Iterator[str]:
        for output in cell.outputs:
            data = output.get("data", {})
            drawn = iter(_SVG.findall(str(data.get("text/html", ""))))

            def place(match: re.Match[str], drawn: Iterator[str] = drawn) -> str:
                self.pictures.append((next(drawn), match[1]))
                return f"![]({self.stem}-{len(self.pictures)}.png)"

            yield _PICTURE.sub(place, _HOW.sub("", str(data.get("text/plain", ""))))


def tags(cell: NotebookNode) -> set[str]:
    """What a cell is marked with."""
    return set(cell.metadata.get("tags", ()))


def headings(notebook: NotebookNode) -> dict[str, list[int]]:
    """The parts of a notebook by their headings, each with the numbers of its questions."""
    found: dict[str, list[int]] = {}
    part, number = WELCOME, 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and "trainer" not in tags(cell):
            for heading in _HEADING.findall(cell.source):
                part = heading
                found[part] = []
        elif "question" in tags(cell) and is_asked(cell):
            number += 1
            found.setdefault(part, []).append(number)
    return found


# --- the trainees' sheet --------------------------------------------------------------------------


def sheet(notebook: NotebookNode, page: Sheet) -> Iterator[str]:
    """The notebook on paper: its text, its pictures, and its questions with room for an answer."""
    number = 0
    for cell in notebook.cells:
        marks = tags(cell)
        if marks & NOT_SHOWN:
            continue
        if cell.cell_type == "markdown":
            yield cell.source
        elif "question" in marks:
            shown = page.shown(cell)
            if is_asked(cell):
                number += 1
                shown = shown.replace(_ASKED, f"**{QUESTION}{number}:", 1) + f"\n\n{ANSWER} " + "." * 80
            yield shown
        elif "later" in marks:
            yield f"*{_cover(cell)}: in the answers.*"
        elif "answer" not in marks:
            yield page.shown(cell)


def is_asked(cell: NotebookNode) -> bool:
    """Whether there is a question: a council's rulebooks may have nothing to ask about."""
    return any(_ASKED in str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs)


def _cover(cell: NotebookNode) -> str:
    return str(cell.outputs[0]["data"]["text/plain"]).partition("\n")[0].strip("*")


# --- the answers ----------------------------------------------------------------------------------


def answers(notebook: NotebookNode, page: Sheet, lesson: Lesson | None) -> Iterator[str]:
    """The checker's answer to each question and, with the lesson, what to ask people who answer otherwise."""
    yield f"# {notebook.metadata['title']}: {ANSWERS[0].lower()}{ANSWERS[1:]}"
    number, asked = 0, ""
    for cell in notebook.cells:
        marks = tags(cell)
        if "question" in marks:
            asked = _question_of(cell)
        elif "answer" in marks and asked:
            number += 1
            yield f"## {QUESTION}{number}"
            yield asked
            yield page.shown(cell)
            yield from _otherwise(cell, lesson)
    for cell in notebook.cells:
        if "later" in tags(cell):
            yield f"## {_cover(cell)}"
            yield page.shown(cell)


def _question_of(cell: NotebookNode) -> str:
    """A question and its choices; blank if the council's rulebooks have nothing to ask about."""
    said = "\n".join(str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs)
    found = _ASKED_LINE.search(said)
    return "\n\n".join(filter(None, (found[1], "\n".join(_CHOICE.findall(said))))) if found else ""


def _otherwise(cell: NotebookNode, lesson: Lesson | None) -> Iterator[str]:
    """Wrong answers that people give, and the hint for each."""
    named = re.search(r'reveal\("([\w-]+)"\)', cell.source)
    question = lesson.questions.get(named[1]) if lesson and named else None
    if question is None:
        return
    hints: dict[str, str] = {}
    for answer in question.answers()[1]:
        if (hint := question.hint(answer)) and hint not in hints.values():
            hints[_said(answer)] = hint
    if hints:
        rows = [f"| {given} | {_in_table(hint)} |" for given, hint in list(hints.items())[:_WRONG]]
        yield "\n".join(["**If somebody answers otherwise**", "", "| they answer | say |", "| --- | --- |", *rows])


def _said(answer: object) -> str:
    """An answer as people say it: a date in words, all letters of several choices, or nothing."""
    try:
        return day(dt.date.fromisoformat(str(answer)))
    except ValueError:
        return str(answer).strip() or "nothing"


def _in_table(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


# --- the trainer's guide --------------------------------------------------------------------------


def guide(notebook: NotebookNode, given: Guide) -> Iterator[str]:
    """What to prepare, a plan for each length of session, and what people say."""
    yield f"# {notebook.metadata['title']}: the trainer's guide"
    yield notebook.cells[0].source.partition("\n")[2].strip()
    yield "## Before the session"
    yield _listed((*_BEFORE, *given.before))
    for length in LENGTHS:
        yield f"## A session of {length} minutes"
        yield "\n".join(_plan(given, length, headings(notebook)))
        if left := given.left_out(length):
            parts = english.listed((f"*{part}*" for part in left), "and")
            yield f"There is no time for {parts}. People can do them on their own afterwards."
    yield "## What people say"
    yield from (f"**\u2018{each.they}\u2019**\n\n{each.say}" for each in given.arguments)
    if given.notes:
        yield "## Notes"
        yield _listed(given.notes)


def _listed(items: tuple[str, ...]) -> str:
    return "\n".join(f"- {' '.join(item.split())}" for item in items)


def _plan(given: Guide, length: int, parts: dict[str, list[int]]) -> Iterator[str]:
    yield "| from minute | minutes | part | questions |"
    yield "| --- | --- | --- | --- |"
    for begins, minutes, part in given.plan(length):
        numbers = english.listed(map(str, parts.get(part, [])), "and")
        yield f"| {begins} | {minutes} | {part} | {numbers or 'none'} |"
