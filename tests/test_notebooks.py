"""The training notebooks: every answer checked, the command and the hand-outs, and the generator's mistakes."""

from __future__ import annotations

import ast
import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import pytest
import test_wording
import trainingtexts
from hypothesis import given
from hypothesis.strategies import dates, integers, sampled_from
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from notebooksets import AS_AT, COMMITTED, COUNCILS, SEED, sets
from putright import hookspecs, national, plugins, training
from putright.calendars import Begins, Calendar
from putright.cli import main
from putright.hookspecs import hookimpl
from putright.mistakes import PluginError
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.text.shown import day, passage
from putright.training import (
    LESSONS,
    ChoiceQuestion,
    Lesson,
    TrainingError,
    cells,
    counting,
    notebooks,
    open_lesson,
    record,
)
from putright.training.answers import read_choice, read_date, read_number
from putright.training.notebooks import NotebookError
from putright.training.questions import Question

Cited = list[tuple[Rulebook, Ruling]]
#: The questions that a council's sources say nothing about: silence is not taught as a rule.
LEFT_OUT = {("stage-1-to-stage-2", "runnymede"): {"acknowledgement-stage1"}}


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
        assert lesson.left_out.keys() == LEFT_OUT.get((name, council), set())
        assert lesson.questions.keys() | lesson.left_out.keys() == makers.keys()
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

    def open_again(name: str, council: str, as_at: str, seed: int, group: str) -> Lesson:
        assert (as_at, seed, group) == (AS_AT, SEED, "")
        monkeypatch.setattr(training, "lesson", opened(name, council))
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
            hint = question.hint(answer)
            assert kind == "hint", (question.id, answer)
            assert hint and hint in text and len(hint) > 15
            assert question.right not in hint, "a hint must not give the answer away"
            for clause in re.findall(r"\b[Rr]ead (?:our )?(\d[\d.]*(?:\(\d+\))?)(?=[ ,])", hint):
                assert f"**{clause} " in text, (question.id, "a hint must show what it says to read")
            assert not re.match(r"[a-z]", hint) and not re.search(r"[.?] [a-z]", hint), hint
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
    ("plain", "2026-06-19", "by counting day zero as day 1. Is that how days are counted here?"),
    ("plain", "19/06/2026", "by counting day zero as day 1"),
    ("plain", "2026-06-21", "That is not a working day (Sunday)"),
    ("plain", "2026-06-24", "That is working day 7, and there are 5. You may have left out a working day."),
    ("plain", "2026-06-18", "That is only working day 3 of 5. You may have counted a day that is not a working day"),
    ("plain", "2026-06-15", "That is day zero"),
    ("plain", "2026-06-12", "before the count starts"),
    ("weekend", "2026-05-12", "taking the next working day as day zero"),
    ("christmas", "2027-01-01", "by counting bank holidays as working days"),
    ("day-zero", "2026-05-04", "Early May bank holiday"),
    ("day-zero", "2026-05-06", "You have taken the next working day as day zero"),
    ("months", "2025-03-01", "February has no day 29"),
    ("months", "2025-02-27", "One day short"),
    ("months", "2025-03-20", "Too late"),
    ("first-day-counts", "2026-07-12", "Here the first day is part of the time"),
    ("first-day-counts", "2026-07-10", "The right month, but too early"),
    ("last-day", "No: it had to be done before that day", "last good day or the first bad"),
    ("officers", "Counted weekends as working days.", "much earlier date"),
]


@pytest.mark.parametrize(("question", "answer", "hint"), HINTS)
def test_a_hint_names_the_mistake(question: str, answer: str, hint: str) -> None:
    kind, text = kinds(opened("day-zero"), question, answer)
    assert (kind, hint in text) == ("hint", True), text


def test_two_reasons_are_told_apart() -> None:
    kind, text = kinds(opened("stage-1-to-stage-2"), "window", "2026-09-11")
    said = "You would get this date by counting bank holidays as working days, or by counting day zero as day 1. Which"
    assert (kind, said in text) == ("hint", True), text


@given(start=dates(dt.date(2025, 1, 1), dt.date(2027, 6, 30)), days=integers(1, 40), begins=sampled_from(Begins))
def test_a_reason_is_true(start: dt.date, days: int, begins: Begins) -> None:
    """Each date that a hint explains is what counting in that way, day by day, gives."""
    calendar = Calendar({dt.date(2026, 12, 29): "closed", dt.date(2026, 5, 5): "closed"})
    for date, ways in counting.others(calendar, start, days, begins).items():
        assert date != calendar.add(start, days, begins)
        for way in ways:
            holidays, closed = "bank holidays" in way, "the council is closed" in way
            zero, number = calendar.day_zero(start, begins), 0
            if "next working day as day zero" in way:
                zero = calendar.add(start, 0)
            elif "itself as day zero" in way:
                zero = start
            number += "day zero as day 1" in way
            number -= "arrives as day zero" in way
            day = zero
            while number < days:
                day += dt.timedelta(days=1)
                why = calendar.why_not(day)
                off = why in ("Saturday", "Sunday") or (why and not (closed if "closed" in why else holidays))
                number += not off
            assert day == date, way


RIGHT = [
    ("plain", "2026-06-22"),
    ("plain", "22/06/2026"),
    ("plain", " 2026-06-22 "),
    ("day-zero", "2026-05-05"),
    ("weekend", "2026-05-11"),
    ("christmas", "2027-01-06"),
    ("months", "2025-02-28"),
    ("first-day-counts", "2026-07-11"),
    ("last-day", "yes"),
    ("officers", "Counted bank holidays as working days."),
]


@pytest.mark.parametrize(("question", "answer"), RIGHT)
def test_answers_counted_by_hand_are_right(question: str, answer: str) -> None:
    """Coventry's limits, counted with a wall calendar."""
    assert kinds(opened("day-zero"), question, answer)[0] == "right"


BOTH = [
    ("childrens-and-adults", "coventry", "six-months", "2027-03-13", "2027-03-14", "6 months from receipt"),
    ("childrens-and-adults", "coventry", "stage-1", "2026-02-19", "2026-02-23", "from the stage 1 acknowledgement"),
    ("childrens-and-adults", "coventry", "panel", "2026-06-03", "2026-06-05", "Another way to read the source"),
    ("day-zero", "runnymede", "day-zero", "2026-05-05", "2026-05-06", "if day zero is Tuesday 5 May 2026"),
    ("day-zero", "runnymede", "weekend", "2026-05-11", "2026-05-12", "Another way to read the source"),
]


@pytest.mark.parametrize(("name", "council", "question", "first", "second", "why"), BOTH)
def test_an_answer_by_the_law_or_by_another_reading_is_right(
    name: str, council: str, question: str, first: str, second: str, why: str
) -> None:
    lesson = opened(name, council)
    assert kinds(lesson, question, first)[0] == "right"
    kind, text = kinds(lesson, question, second)
    assert (kind, why in text) == ("right", True), text
    assert "Right, and so is another date" in text
    assert f"Also right: {day(dt.date.fromisoformat(second))}" in lesson.questions[question].display().text


def test_silence_and_readings_are_not_taught_as_a_policy() -> None:
    """Runnymede's is a report, which sets no time for asking; Telford and Wrekin's clause on holds is read so only."""
    asked = opened("stage-1-to-stage-2", "runnymede").questions
    for name in ("hold", "window"):
        text = asked[name].display().text
        assert "Silence in what was read is not a rule" in text
        assert "the policy itself was not read" in text
    kind, text = kinds(opened("stage-1-to-stage-2", "telford-wrekin"), "hold", "A clause says that it does.")
    assert (kind, "what it says about the time" in text) == ("hint", False)
    held = opened("stage-1-to-stage-2", "telford-wrekin").questions["hold"]
    assert "papers" not in held.display().text + held.ask().text
    assert "That a hold stops the time is only a way to read it" in held.right
    assert "The policy does not say that a hold stops the clock" in held.display().text


def test_whose_rule_the_weekend_is() -> None:
    """The Codes are silent: it is the Ombudsman's practice."""
    told = opened("what-the-ombudsman-counted").questions["weekend"].because
    assert "The decisions, not the Code" in told
    lesson = opened("day-zero")
    book = lesson.code()
    assert "The Code does not say this" in lesson._zero(book, book.rulings()["acknowledge-stage1"])  # type: ignore[attr-defined]


def test_stage_1_for_children_shows_the_regulations_as_well() -> None:
    lesson = opened("childrens-and-adults")
    assert "10 working days from receipt (14)" in lesson.path().text  # type: ignore[attr-defined]
    text = lesson.questions["stage-1"].display().text
    assert "**14 Stage 1: local resolution**" in text and "**20.1 " in text


@pytest.mark.parametrize(("name", "council"), list(itertools.product(LESSONS, COUNCILS)))
def test_a_clause_is_shown_as_a_summary_with_its_doubts_and_its_note(name: str, council: str) -> None:
    lesson = opened(name, council)
    books = [edition for editions in lesson.host.editions.values() for edition in editions]
    for question in lesson.questions.values():
        text = " ".join(question.display().text.split())
        for book in books:
            for clause in book.clauses:
                shown = " ".join(passage(f"{clause.id} {clause.heading}", clause.text).text.split())
                if f"From {book.title}" not in text or shown not in text:
                    continue
                assert "This is a summary in putright's words" in text
                for doubt in (*doubts.of_clause(book, clause), *doubts.of_book(book)):
                    assert doubt.ending or " ".join(doubt.whole.split()) in text, (question.id, clause.id)
                if clause.note:
                    assert " ".join(clause.note.split()) in text, (question.id, clause.id)


PLAIN = re.compile("|".join(f"(?:{kind})" for kind in (*test_wording.KINDS, *trainingtexts.KINDS)), re.IGNORECASE)


@pytest.mark.parametrize(("name", "council"), list(itertools.product(LESSONS, COUNCILS)))
def test_what_a_trainee_reads_is_plain_english(name: str, council: str) -> None:
    lesson = opened(name, council)
    for question in lesson.questions.values():
        for text in trainingtexts.told(question):
            assert not (found := PLAIN.search(text)), (question.id, found, text)
    for asked, text in trainingtexts.shown(lesson):
        assert not (found := trainingtexts.INTERNAL.search(text)), (asked, found)


@pytest.mark.parametrize("path", national.putright_notebooks(), ids=lambda path: path.stem)
def test_a_page_of_training_is_plain_english(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert not (found := PLAIN.search(text)), found


@pytest.mark.parametrize(
    "text",
    [
        'Your answer: a letter, as `"A"`.',
        "You come to this date with bank holidays.",
        "The letter holds the reason.",
        "We comply, as nothing says otherwise.",
        "When is the stage 1 answer due?",
        "On the day there is no working day, the clock stands still.",
        "Count it anew.",
    ],
)
def test_a_phrase_of_each_kind_is_found(text: str) -> None:
    assert PLAIN.search(text)
    assert not PLAIN.search("You would get this date by counting day zero as day 1. Which did you do?")


def test_right_letters_are_spread_evenly() -> None:
    found: Counter[str] = Counter()
    for name, council in itertools.product(LESSONS, COUNCILS):
        asked = [each for each in opened(name, council).questions.values() if isinstance(each, ChoiceQuestion)]
        free = [each.right_letter for each in asked if not each.in_order]
        if len(free) >= 4:
            assert max(Counter(free).values()) <= len(free) / 2
        found.update(free)
    assert all(0.18 <= found[letter] / sum(found[each] for each in "ABCD") <= 0.33 for letter in "ABCD"), found


@pytest.mark.parametrize("council", COUNCILS)
def test_another_seed_gives_another_deck_and_the_same_seed_the_same(council: str) -> None:
    lessons = [opened("spot-the-breach", council)]
    lessons += [open_lesson("spot-the-breach", council, AS_AT, seed) for seed in (SEED, SEED + 1)]
    decks = [[question.ask().text for question in lesson.questions.values()] for lesson in lessons]
    assert decks[0] == decks[1] != decks[2]
    assert all(len(deck) == 8 for deck in decks)


def test_another_seed_puts_the_right_answers_elsewhere() -> None:
    lessons = [open_lesson("our-policy-and-the-code", "coventry", AS_AT, seed) for seed in (SEED, SEED + 1)]
    letters = [[each.answers()[0] for each in lesson.questions.values()] for lesson in lessons]
    assert letters[0] != letters[1]
    exports = [open_lesson("first-audit", "coventry", AS_AT, seed) for seed in (SEED, SEED + 1)]
    assert exports[0].questions["rejected"].right != exports[1].questions["rejected"].right


READ = [
    ("22 June 2026", "2026-06-22"),
    ("Monday 22nd June 2026", "2026-06-22"),
    ("mon, 22 jun 26", "2026-06-22"),
    ("June 22, 2026", "2026-06-22"),
    ("22.6.2026", "2026-06-22"),
    ("22-6-26", "2026-06-22"),
    ("2026/6/22", "2026-06-22"),
    ("20260622", "2026-06-22"),
    ((2026, 6, 22), "2026-06-22"),
    ([22, 6, 2026], "2026-06-22"),
    (dt.date(2026, 6, 22), "2026-06-22"),
    ("\u201c22 June 2026\u201d", "2026-06-22"),
    ("22 September 2026", "2026-09-22"),
]


@pytest.mark.parametrize(("given", "meant"), READ)
def test_a_date_is_read_in_any_shape(given: object, meant: str) -> None:
    assert read_date(given).isoformat() == meant


NUMBERS = [
    ("81%", 81),
    ("81 per cent", 81),
    (" 12 working days", 12),
    ("1,200", 1200),
    (81.0, 81),
    (["4"], 4),
    ("5.", 5),
]


@pytest.mark.parametrize(("given", "meant"), NUMBERS)
def test_a_number_is_read_with_its_unit(given: object, meant: int) -> None:
    assert read_number(given) == meant


FRUIT = ["An apple.", "A banana: a yellow fruit.", "None: there is no fruit.", "Cherries, red ones."]
OPTIONS = [
    ("b", "B"),
    ("(B)", "B"),
    ("Answer B", "B"),
    ("a banana", "B"),
    ("A BANANA: A YELLOW FRUIT", "B"),
    ("cherries red ones", "D"),
    ("yellow fruit", "B"),
    (["B"], "B"),
]


@pytest.mark.parametrize(("given", "meant"), OPTIONS)
def test_an_option_is_known_by_its_letter_or_its_words(given: object, meant: str) -> None:
    assert read_choice(given, FRUIT) == meant


UNREADABLE = [
    ("day-zero", "plain", "Friday", "I could not read 'Friday' as a date. Write it like"),
    ("day-zero", "plain", "2026-02-30", "there is no such day"),
    ("day-zero", "plain", "06/22/2026", "there is no month 22. Write the day before the month"),
    ("day-zero", "plain", "22 June", "'22 June' has no year"),
    ("day-zero", "last-day", "Z", "'Z' is none of the answers. Give a letter from A to D"),
    ("day-zero", "last-day", "A B", "'A B' is not one answer"),
    ("day-zero", "last-day", "", "is not one answer"),
    ("first-audit", "audited", "many", "I could not read 'many' as a whole number"),
    ("first-audit", "audited", "75.5", "is not a whole number. Round it"),
    ("first-audit", "rejected", "A Q", "'A Q' is none of the answers"),
]


@pytest.mark.parametrize(("lesson", "question", "answer", "said"), UNREADABLE)
def test_what_is_not_an_answer_is_said_to_be_none(lesson: str, question: str, answer: str, said: str) -> None:
    kind, text = kinds(opened(lesson), question, answer)
    assert (kind, said in text) == ("unreadable", True), text


def test_several_letters_in_any_form() -> None:
    lesson = opened("first-audit")
    right, _ = lesson.questions["rejected"].answers()
    letters = str(right).split()
    wrong = next(letter for letter in "ABCDEFG" if letter not in letters)
    references = [
        line.split("**")[2].split(",")[0]
        for line in lesson.questions["rejected"].ask().text.splitlines()
        if line.startswith("- **")
    ]
    assert len(references) == 7
    forms = (
        right,
        "".join(letters[::-1]).lower(),
        letters,
        ", ".join(letters),
        f"{', '.join(letters[:-1])} and {letters[-1]}",
    )
    for answer in forms:
        assert kinds(lesson, "rejected", answer)[0] == "right", answer
    assert "Right so far, but one is missing." in kinds(lesson, "rejected", letters[:-1])[1]
    assert f"Look again at {wrong}." in kinds(lesson, "rejected", [letters[0], wrong])[1]
    assert kinds(lesson, "rejected", "")[0] == "hint"


@pytest.fixture(autouse=True)
def no_answers_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_SESSION", {})


def test_the_score_counts_first_answers() -> None:
    lesson = open_lesson("day-zero", "coventry", AS_AT, SEED)
    lesson.ask("plain")
    lesson.ask("plain", "soon")
    assert "0 of 8 questions answered" in lesson.score().text
    lesson.ask("plain", "2026-06-19")
    lesson.ask("plain", "2026-06-22")
    lesson.ask("last-day", "yes")
    assert "2 of 8 questions answered, 1 of them right at the first try" in lesson.score().text
    assert "To talk over:\n\n- A complaint arrives on" in lesson.score().text


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


TYPED = [
    ("22 June 2026", "right"),
    ("2026-06-22", "right"),
    ("22/6/2026", "right"),
    ('"22 June 2026', "right"),
    ("\u201c2026-06-22\u201d", "right"),
    ('"2026-06-22"  # after talking', "right"),
    ("2026-06-23", "Not yet"),
    ("(2026, 6, 22)", "right"),
    ("[22, 6, 2026]", "right"),
    ("A", "could not be read"),
    ("", "Question: A complaint arrives"),
    ("None", "Question: A complaint arrives"),
    ("import os", "could not be read"),
]


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    """A Python as a notebook has it."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(("typed", "said"), TYPED)
def test_what_is_typed_without_quotation_marks_is_understood(shell: InteractiveShell, typed: str, said: str) -> None:
    open_lesson("day-zero", "coventry", AS_AT, SEED)
    cell = f'from putright.training import lesson\n\nanswer = {typed}\nlesson.ask("plain", answer)'
    text = shell.run_cell(cell).result.text
    assert said.casefold() in text.casefold(), text


def test_a_letter_without_quotation_marks_is_an_answer(shell: InteractiveShell) -> None:
    lesson = open_lesson("day-zero", "coventry", AS_AT, SEED)
    right, (wrong, *_) = lesson.questions["last-day"].answers()
    for letter, said in (
        (right, "Right:"),
        (wrong, "Not yet"),
        (f"[{right}]", "Right:"),
        (str(right).lower(), "Right:"),
    ):
        assert (
            said
            in shell.run_cell(
                f'answer = {letter}\nfrom putright.training import lesson\nlesson.ask("last-day", answer)'
            ).result.text
        )


def test_other_cells_are_left_as_they_are() -> None:
    assert cells.quoted(["answer = due + 1\n", "print(answer)\n"]) == ["answer = due + 1\n", "print(answer)\n"]
    assert cells.quoted(["answer = [\n", '"A"]\n', "lesson.ask(1, answer)"])[0] == "answer = [\n"


@pytest.mark.parametrize("path", sorted(COMMITTED.glob("*.ipynb")), ids=lambda path: path.stem)
def test_cells_run_in_any_order(path: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "lesson", cells.OpenLesson())
    found = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    opening = next(place for place, source in enumerate(found) if "open_lesson(" in source)
    for source in reversed(found[opening + 1 :]):
        done = shell.run_cell(source)
        done.raise_error()
        assert "Choose Run, then Run All Cells" in done.result.text
    shell.reset()


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
    with pytest.raises(
        PluginError, match=r"putright_notebooks must return a list of paths of .md, .yaml or .ipynb files"
    ):
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
