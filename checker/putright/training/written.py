"""Questions that a trainer or a council writes in one YAML file, without Python.

The checker works the answer out where a question names a rule: when something is due, or what verdict a case gets. The
others give their answer and say why it is right. ``notebooks/README.md`` shows such a file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from putright.documents.timelines import timeline
from putright.fields import RULES, noun
from putright.mistakes import nearest
from putright.rulebooks.modelfiles import read_model
from putright.text.dates import as_date
from putright.text.shown import say, table
from putright.training.asking import TrainingError
from putright.training.lessons import Lesson, limit, plain
from putright.training.questions import (
    Choice,
    ChoiceQuestion,
    DateQuestion,
    NumberQuestion,
    Question,
    SeveralQuestion,
)

Text = Annotated[str, Field(min_length=1)]
Day = Annotated[dt.date, BeforeValidator(as_date)]
#: What a case can be judged as, with what to ask somebody who says so wrongly.
_VERDICTS = {
    "met": ("Met: it was done in time.", "When was it due, and when was it done?"),
    "breach": ("Breach: it was late, or not done in time.", "What in the record shows that it was late?"),
    "running": ("Running: it is not due yet.", "Has the due date passed on the day of the audit?"),
    "no_evidence": ("No evidence: the record cannot show it.", "What does the record show about this step?"),
    "judgement": ("Judgement: a person must decide.", "What is there that a person would have to decide?"),
}
_ELSE = "Read the question again, and what the clause says."


class WrittenError(TrainingError):
    """A file of questions cannot be used; the text says where and why."""


def _rule(name: str) -> str:
    if name not in RULES:
        raise ValueError(f"no rule is named {name!r}; {nearest(name, RULES)}")
    return name


RuleName = Annotated[str, AfterValidator(_rule)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Due(_Model):
    """By when something is due: a rule, and the day its time starts."""

    rule: RuleName
    start: Day


class Verdict(_Model):
    """What verdict a made-up case gets by a rule, on a day (the lesson's, if none is given)."""

    rule: RuleName
    case: dict[str, Any]
    as_at: Day | None = None


class Option(_Model):
    """A choice; a wrong one has a hint for people who take it."""

    text: Text
    right: bool = False
    hint: str = _ELSE


class Number(_Model):
    """A whole number, with hints for likely wrong ones."""

    right: int
    hint: Text = _ELSE
    others: dict[int, Text] = {}


class Date(_Model):
    """A date that the trainer gives."""

    right: Day
    hint: Text = _ELSE


#: The ways to answer that have to say why the answer is right.
_GIVEN = ("choices", "several", "number", "date")


class WrittenQuestion(_Model):
    """A question: its text, and one way to answer it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    ask: Text
    before: str = ""
    """What is said before it, as Markdown."""
    because: str = ""
    due: Due | None = None
    verdict: Verdict | None = None
    choices: tuple[Option, ...] = ()
    several: tuple[Option, ...] = ()
    number: Number | None = None
    date: Date | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ways = [name for name in ("due", "verdict", *_GIVEN) if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError(f"must have one of due, verdict, {', '.join(_GIVEN)}; it has {len(ways)}")
        if ways[0] in _GIVEN and not self.because:
            raise ValueError("must say why its answer is right ('because'), since the checker does not work it out")
        if self.choices and sum(option.right for option in self.choices) != 1:
            raise ValueError("'choices' must have exactly one that is right ('right: true')")
        return self


class Written(_Model):
    """A file of questions, and what its notebook says at the top."""

    title: Text
    audience: Text = Field(alias="for")
    minutes: Annotated[int, Field(gt=0)]
    able: tuple[Text, ...] = Field(min_length=1)
    procedure: str = "corporate"
    questions: tuple[WrittenQuestion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        names = [question.name for question in self.questions]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two questions are named {twice[0]!r}")
        return self


def read_questions(path: Path) -> Written:
    """Read and check a file of questions; WrittenError lists every mistake with its place."""
    return read_model(path, Written, "questions: keys and values, beginning with 'title:'", WrittenError)


def page_of(path: Path) -> str:
    """The page of Markdown that a notebook of these questions is made from."""
    written = read_questions(path)
    head = {
        "title": written.title,
        "for": written.audience,
        "minutes": written.minutes,
        "able": list(written.able),
        "lesson": path.name,
    }
    parts = [f"---\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False)}---"]
    for question in written.questions:
        parts += [question.before.strip(), f"```{{question}} {question.name}\n```"]
    parts += ["## How did we do?", "```{code-cell}\nlesson.score()\n```"]
    return "\n\n".join(filter(None, parts)) + "\n"


def _dated(case: Mapping[str, Any]) -> Iterator[tuple[dt.date, str]]:
    """What a case has a date for."""
    for name, value in case.items():
        with contextlib.suppress(ValueError):
            date = as_date(value)
            if isinstance(date, dt.date):
                yield date, noun(name)


class WrittenLesson(Lesson):
    """The lesson of a file of questions."""

    def __init__(self, path: Path, council: str, as_at: str, seed: int, group: str = "") -> None:
        """Raises WrittenError if the file cannot be used."""
        self._path = path
        self._written = read_questions(path)
        super().__init__(council, as_at, seed, group)

    @property
    def name(self) -> str:
        return self._path.stem

    @cached_property
    def procedure(self) -> str:
        return self._written.procedure

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {each.name: partial(self._question_of, each) for each in self._written.questions}

    def _question_of(self, each: WrittenQuestion) -> Question:
        if each.due:
            return self._due(each, each.due)
        if each.verdict:
            return self._verdict(each, each.verdict)
        if each.choices:
            choices = tuple(Choice(option.text, None if option.right else option.hint) for option in each.choices)
            return ChoiceQuestion(each.name, each.ask, each.because, choices=choices)
        if each.several:
            several = tuple((option.text, option.right, option.hint) for option in each.several)
            return SeveralQuestion(each.name, each.ask, each.because, choices=several)
        if each.number:
            number = each.number
            return NumberQuestion(
                each.name, each.ask, each.because, number=number.right, known=number.others, general=number.hint
            )
        assert each.date
        hint = each.date.hint
        return DateQuestion(each.name, each.ask, each.because, date=each.date.right, hints=(lambda _: hint,))

    def _due(self, each: WrittenQuestion, asked: Due) -> Question:
        book, ruling = self.ruling(asked.rule)
        because = each.because or f"{limit(ruling)} ({self.cite(book, ruling)})."
        return self.due_question(each.name, asked.rule, asked.start, each.ask, because, "starts")

    def _verdict(self, each: WrittenQuestion, asked: Verdict) -> Question:
        book, ruling = self.ruling(asked.rule)
        found = self.judge(asked.case, book, asked.rule, asked.as_at)
        if found.verdict not in _VERDICTS:
            raise TrainingError(f"The case of the question {each.name!r} gets the verdict {plain(found.verdict)}.")
        events = sorted(_dated(asked.case))
        rows = [(noun(name), value) for name, value in asked.case.items()]
        drawn = [timeline(events, "The case", self.days_off(book, [date for date, _ in events]))] if events else []
        return ChoiceQuestion(
            each.name,
            each.ask,
            f"{each.because} {self.plainly(found.message)}".strip(),
            (table(("the record", "what it has"), rows), *drawn, say(f"The step: {RULES[asked.rule]}.")),
            choices=tuple(
                Choice(text, None if verdict == found.verdict else hint) for verdict, (text, hint) in _VERDICTS.items()
            ),
            in_order=True,
            **self.rests_on((book, ruling)),
        )
