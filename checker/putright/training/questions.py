"""Questions with checked answers: the right answer comes from the checker, and a wrong one gets a hint.

A hint says where to look again and never gives the answer away.
"""

from __future__ import annotations

import datetime as dt
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from putright.api.dates import UnreadableValue
from putright.text.shown import Display, bullets, card, day, folded, say, together
from putright.training.answers import LETTERS, read_choice, read_choices, read_date, read_number

Hint = Callable[[dt.date], str | None]
T = TypeVar("T")


@dataclass(frozen=True)
class Reply:
    """The reply to an answer: ``right``, ``hint`` or ``unreadable``."""

    kind: str
    shown: Display


@dataclass(frozen=True)
class Question(ABC):
    """A question of a notebook. ``reveal`` makes what the checker shows, when it is asked for."""

    id: str
    text: str
    because: str
    """Why the right answer is right."""
    shows: tuple[Display, ...] = ()
    """Display below the question: a case, a table."""
    reveal: Callable[[], Display] = field(default=lambda: together(), kw_only=True)
    sources: Callable[[], Display] = field(default=lambda: together(), kw_only=True)
    """The clauses that the answer rests on: a summary of each, what is in doubt of it, and its notes."""
    doubts: tuple[str, ...] = field(default=(), kw_only=True)
    """What is in doubt about the rule that the answer depends on, a sentence each."""

    @property
    @abstractmethod
    def how(self) -> str:
        """How an answer is typed."""

    @property
    @abstractmethod
    def form(self) -> dict[str, Any]:
        """What an answer is chosen or filled in with: its ``kind`` and, where there are any, its ``options``."""

    @property
    @abstractmethod
    def right(self) -> str:
        """The right answer in words."""

    @abstractmethod
    def hint(self, answer: object) -> str | None:
        """A hint for a wrong answer, None for the right one; Unreadable if it is not an answer at all."""

    @abstractmethod
    def answers(self) -> tuple[object, list[object]]:
        """The right answer as a person types it, and wrong ones that people give."""

    def also(self, answer: object) -> str:
        """Why an answer that is not the one shown is right too; empty for that one."""
        return ""

    def ask(self) -> Display:
        """The question itself."""
        return card("question", f"Question: {self.text}", *self.shows, *self.options(), say(f"To type it: {self.how}"))

    def above(self) -> Display:
        """The question without its choices, as it is shown above a form."""
        return together(say(f"**Question: {self.text}**"), *self.shows)

    def options(self) -> list[Display]:
        """The choices, where there are any."""
        return []

    def reply(self, answer: object) -> Reply:
        """A hint, a confirmation, or a word on how to write the answer."""
        try:
            hint = self.hint(answer)
        except UnreadableValue as error:
            return Reply("unreadable", card("hint", "That could not be read", say(f"{error}.")))
        if hint is not None:
            return Reply("hint", card("hint", "Not yet", say(hint), *self._to_read()))
        title, parts = f"Right: {self.right}", [say(self.because)]
        if also := self.also(answer):
            title, parts = "Right, and so is another date", [say(also), say(f"**{self.right}:** {self.because}")]
        return Reply("right", card("right", title, *parts, *self._in_doubt(self.doubts)))

    def _to_read(self) -> list[Display]:
        """The clauses to read again, folded."""
        sources = self.sources()
        return [folded("plain", "Read the clause", "The clause", sources)] if sources.text else []

    def display(self) -> Display:
        """The answer and what the checker shows."""
        title, sources = f"The checker's answer: {self.right}", self.sources()
        parts = say(self.because), *self.others(), self.reveal(), sources
        left = [doubt for doubt in self.doubts if doubt not in sources.text]
        return folded("answer", "The checker's answer", title, *parts, *self._in_doubt(left))

    def others(self) -> list[Display]:
        """Other answers that are right, with the reasons."""
        return []

    def _in_doubt(self, doubts: tuple[str, ...] | list[str]) -> list[Display]:
        return [say(f"In doubt: {' '.join(doubts)}")] if doubts else []


@dataclass(frozen=True)
class DateQuestion(Question):
    """A date is asked for. ``hints`` are tried in turn; each knows one way of going wrong."""

    date: dt.date = field(kw_only=True)
    hints: tuple[Hint, ...] = field(kw_only=True)
    likely: tuple[dt.date, ...] = field(default=(), kw_only=True)
    """Dates that people get by another way of counting."""
    readings: Mapping[dt.date, str] = field(default_factory=dict, kw_only=True)
    """Other dates that are right, by the law or by another reading of the source, and why."""

    @property
    def how(self) -> str:
        return 'put a date between quotation marks in place of `None`, for example `"23/11/2026"`.'

    @property
    def form(self) -> dict[str, Any]:
        return {"kind": "date"}

    @property
    def right(self) -> str:
        return day(self.date)

    def hint(self, answer: object) -> str | None:
        given = read_date(answer)
        if given == self.date or given in self.readings:
            return None
        found = (hint(given) for hint in self.hints)
        return next((text for text in found if text), "Count again, one line for each day.")

    def also(self, answer: object) -> str:
        return self.readings.get(read_date(answer), "")

    def others(self) -> list[Display]:
        return [say(f"**Also right: {day(date)}.** {why}") for date, why in self.readings.items()]

    def answers(self) -> tuple[object, list[object]]:
        near = [self.date + dt.timedelta(days=days) for days in (-7, -1, 1, 7)]
        wrong = (each for each in (*self.likely, *near) if each != self.date and each not in self.readings)
        return self.date.isoformat(), [each.isoformat() for each in wrong]


@dataclass(frozen=True)
class NumberQuestion(Question):
    """A whole number is asked for. ``known`` has hints for likely wrong numbers."""

    number: int = field(kw_only=True)
    known: Mapping[int, str] = field(kw_only=True)
    general: str = field(kw_only=True)

    @property
    def how(self) -> str:
        return "put a whole number in place of `None`, for example `12`."

    @property
    def form(self) -> dict[str, Any]:
        return {"kind": "number"}

    @property
    def right(self) -> str:
        return str(self.number)

    def hint(self, answer: object) -> str | None:
        given = read_number(answer)
        return None if given == self.number else self.known.get(given, self.general)

    def answers(self) -> tuple[object, list[object]]:
        near = [*self.known, self.number - 1, self.number + 1, self.number + 5]
        return self.number, [each for each in near if each != self.number]


@dataclass(frozen=True)
class Choice:
    """One of several answers, with the hint for whoever takes it; None for the right one."""

    text: str
    hint: str | None


@dataclass(frozen=True)
class ChoiceQuestion(Question):
    """One of several answers is right."""

    choices: tuple[Choice, ...] = field(kw_only=True)
    in_order: bool = field(default=False, kw_only=True)
    """Whether the choices have an order of their own, which is kept."""

    def __post_init__(self) -> None:
        if [choice.hint for choice in self.choices].count(None) != 1:
            raise ValueError(f"{self.id}: exactly one choice has to be right")

    @property
    def how(self) -> str:
        return 'put one letter between quotation marks in place of `None`, for example `"A"`.'

    @property
    def form(self) -> dict[str, Any]:
        return {"kind": "one", "options": [choice.text for choice in self.choices]}

    @property
    def right(self) -> str:
        letter = self.right_letter
        return f"{letter}, {self.choices[LETTERS.index(letter)].text}"

    @property
    def right_letter(self) -> str:
        """The letter of the right answer."""
        return LETTERS[[choice.hint for choice in self.choices].index(None)]

    def options(self) -> list[Display]:
        return [bullets(f"**{letter}** {choice.text}" for letter, choice in _lettered(self.choices))]

    def hint(self, answer: object) -> str | None:
        letter = read_choice(answer, [choice.text for choice in self.choices])
        return dict(_lettered(self.choices))[letter].hint

    def answers(self) -> tuple[object, list[object]]:
        return self.right_letter, [letter for letter, _ in _lettered(self.choices) if letter != self.right_letter]

    def placed(self, place: int, rng: random.Random) -> ChoiceQuestion:
        """The same question with the right answer in a place, and the others shuffled around it."""
        wrong = [choice for choice in self.choices if choice.hint is not None]
        right = next(choice for choice in self.choices if choice.hint is None)
        rng.shuffle(wrong)
        return replace(self, choices=(*wrong[:place], right, *wrong[place:]))


@dataclass(frozen=True)
class SeveralQuestion(Question):
    """Any number of the choices are right; each choice has a hint for whoever errs on it."""

    choices: tuple[tuple[str, bool, str], ...] = field(kw_only=True)
    """Text, whether it belongs, and the hint for leaving it out (or for taking it): a sentence."""

    @property
    def how(self) -> str:
        return 'put all the letters that apply between quotation marks, for example `"A C"`, or `""` if none does.'

    @property
    def form(self) -> dict[str, Any]:
        return {"kind": "several", "options": [text for text, _, _ in self.choices]}

    @property
    def right(self) -> str:
        right = self._right_letters()
        return " ".join(right) if right else "none of them"

    def _right_letters(self) -> list[str]:
        return [letter for letter, (_, belongs, _) in _lettered(self.choices) if belongs]

    def options(self) -> list[Display]:
        return [bullets(f"**{letter}** {text}" for letter, (text, _, _) in _lettered(self.choices))]

    def hint(self, answer: object) -> str | None:
        given, right = set(read_choices(answer, [text for text, _, _ in self.choices])), set(self._right_letters())
        if given == right:
            return None
        lettered = dict(_lettered(self.choices))
        if wrong := sorted(given - right):
            return f"Look again at {wrong[0]}. {lettered[wrong[0]][2]}"
        left = sorted(right - given)
        so_far = "Right so far, but " if given else ""
        missing = f"{len(left)} are missing" if len(left) > 1 else "one is missing"
        said = f"{so_far}{missing}."
        return f"{said[0].upper()}{said[1:]} {lettered[left[0]][2]}"

    def answers(self) -> tuple[object, list[object]]:
        right = self._right_letters()
        every = [letter for letter, _ in _lettered(self.choices)]
        wrong = [[*every] if len(right) < len(every) else [], right[:-1] or every[:1], []]
        return " ".join(right), [" ".join(each) for each in wrong if each != right]


def _lettered(choices: tuple[T, ...]) -> Iterator[tuple[str, T]]:
    return zip(LETTERS, choices, strict=False)


def spread(questions: Mapping[str, Question], rng: random.Random) -> dict[str, Question]:
    """The questions with their right letters spread evenly: each goes to a letter that has been right the least."""
    used = dict.fromkeys(LETTERS, 0)
    made: dict[str, Question] = {}
    for name, question in questions.items():
        if isinstance(question, ChoiceQuestion) and not question.in_order:
            open_to = LETTERS[: len(question.choices)]
            least = min(used[letter] for letter in open_to)
            letter = rng.choice([letter for letter in open_to if used[letter] == least])
            used[letter] += 1
            question = question.placed(LETTERS.index(letter), rng)
        made[name] = question
    return made
