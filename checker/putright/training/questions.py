"""Questions with checked answers: the right answer comes from the checker, and a wrong one gets a hint.

A hint says where to look again and never gives the answer away.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from putright.api.dates import UnreadableValue, parse_date
from putright.text.shown import Display, bullets, card, day, folded, say, together

Hint = Callable[[dt.date], str | None]
_LETTERS = "ABCDEFGHIJ"
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
    doubts: tuple[str, ...] = field(default=(), kw_only=True)
    """What is in doubt about the rule that the answer depends on, a sentence each."""

    @property
    @abstractmethod
    def how(self) -> str:
        """How an answer is written."""

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

    def ask(self) -> Display:
        """The question itself."""
        title, how = f"Question: {self.text}", say(f"Your answer: {self.how}")
        return card("question", title, *self.shows, *self.options(), how)

    def options(self) -> list[Display]:
        """The choices, where there are any."""
        return []

    def reply(self, answer: object) -> Reply:
        """The question again, with a hint, a confirmation, or a word on how to write the answer."""
        try:
            hint = self.hint(answer)
        except UnreadableValue as error:
            return Reply("unreadable", together(self.ask(), card("hint", "That could not be read", say(f"{error}."))))
        if hint is None:
            right = card("right", f"Right: {self.right}", say(self.because), *self._in_doubt())
            return Reply("right", together(self.ask(), right))
        return Reply("hint", together(self.ask(), card("hint", "Not yet", say(hint))))

    def display(self) -> Display:
        """The answer and what the checker shows."""
        title = f"The checker's answer: {self.right}"
        return folded("answer", "The checker's answer", title, say(self.because), *self._in_doubt(), self.reveal())

    def _in_doubt(self) -> list[Display]:
        return [say(f"In doubt: {' '.join(self.doubts)}")] if self.doubts else []


@dataclass(frozen=True)
class DateQuestion(Question):
    """A date is asked for. ``hints`` are tried in turn; each knows one way of going wrong."""

    date: dt.date = field(kw_only=True)
    hints: tuple[Hint, ...] = field(kw_only=True)
    likely: tuple[dt.date, ...] = field(default=(), kw_only=True)
    """Dates that people get by another way of counting."""

    @property
    def how(self) -> str:
        return 'a date in quotation marks, as `"2026-11-22"`.'

    @property
    def right(self) -> str:
        return day(self.date)

    def hint(self, answer: object) -> str | None:
        given = answer if isinstance(answer, dt.date) else _read_date(str(answer))
        if given == self.date:
            return None
        found = (hint(given) for hint in self.hints)
        return next((text for text in found if text), "Count once more, one line for each day.")

    def answers(self) -> tuple[object, list[object]]:
        near = [self.date + dt.timedelta(days=days) for days in (-7, -1, 1, 7)]
        return self.date.isoformat(), [each.isoformat() for each in (*self.likely, *near) if each != self.date]


def _read_date(text: str) -> dt.date:
    try:
        return parse_date(text.strip())
    except UnreadableValue as error:
        raise UnreadableValue(f"{text!r} cannot be taken for a date: {error}") from None


@dataclass(frozen=True)
class NumberQuestion(Question):
    """A whole number is asked for. ``known`` has hints for likely wrong numbers."""

    number: int = field(kw_only=True)
    known: Mapping[int, str] = field(kw_only=True)
    general: str = field(kw_only=True)

    @property
    def how(self) -> str:
        return "a whole number, for example `12`."

    @property
    def right(self) -> str:
        return str(self.number)

    def hint(self, answer: object) -> str | None:
        text = str(answer).strip()
        if not re.fullmatch(r"-?\d+", text):
            raise UnreadableValue(f"{text!r} is not a whole number: write digits only, for example 12")
        if int(text) == self.number:
            return None
        return self.known.get(int(text), self.general)

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

    def __post_init__(self) -> None:
        if [choice.hint for choice in self.choices].count(None) != 1:
            raise ValueError(f"{self.id}: exactly one choice has to be right")

    @property
    def how(self) -> str:
        return 'a letter in quotation marks, as `"A"`.'

    @property
    def right(self) -> str:
        letter = self._right_letter()
        return f"{letter}, {self.choices[_LETTERS.index(letter)].text}"

    def _right_letter(self) -> str:
        return _LETTERS[[choice.hint for choice in self.choices].index(None)]

    def options(self) -> list[Display]:
        return [bullets(f"**{letter}** {choice.text}" for letter, choice in _lettered(self.choices))]

    def hint(self, answer: object) -> str | None:
        return dict(_lettered(self.choices))[_letters(answer, len(self.choices), most=1)[0]].hint

    def answers(self) -> tuple[object, list[object]]:
        right = self._right_letter()
        return right, [letter for letter, _ in _lettered(self.choices) if letter != right]


@dataclass(frozen=True)
class SeveralQuestion(Question):
    """Any number of the choices are right; each choice has a hint for whoever errs on it."""

    choices: tuple[tuple[str, bool, str], ...] = field(kw_only=True)
    """Text, whether it belongs, and the hint for leaving it out (or for taking it)."""

    @property
    def how(self) -> str:
        return 'all the letters that apply, as `"A C"`; `""` if none does.'

    @property
    def right(self) -> str:
        right = self._right_letters()
        return " ".join(right) if right else "none of them"

    def _right_letters(self) -> list[str]:
        return [letter for letter, (_, belongs, _) in _lettered(self.choices) if belongs]

    def options(self) -> list[Display]:
        return [bullets(f"**{letter}** {text}" for letter, (text, _, _) in _lettered(self.choices))]

    def hint(self, answer: object) -> str | None:
        given, right = set(_letters(answer, len(self.choices))), set(self._right_letters())
        if given == right:
            return None
        lettered = dict(_lettered(self.choices))
        if wrong := sorted(given - right):
            return f"Look again at {wrong[0]}: {lettered[wrong[0]][2]}"
        left = sorted(right - given)
        count = f"{len(left)} more" if len(left) > 1 else "one more"
        return f"So far all right, but {count} should be there. {lettered[left[0]][2]}"

    def answers(self) -> tuple[object, list[object]]:
        right = self._right_letters()
        every = [letter for letter, _ in _lettered(self.choices)]
        wrong = [[*every] if len(right) < len(every) else [], right[:-1] or every[:1], []]
        return " ".join(right), [" ".join(each) for each in wrong if each != right]


def _lettered(choices: tuple[T, ...]) -> Iterator[tuple[str, T]]:
    return zip(_LETTERS, choices, strict=False)


def _letters(answer: object, count: int, most: int | None = None) -> list[str]:
    """The letters of an answer, in any case and however they are separated."""
    text = " ".join(map(str, answer)) if isinstance(answer, list | tuple | set) else str(answer)
    found = list(dict.fromkeys(re.findall(r"\w", text.upper())))
    last = _LETTERS[count - 1]
    if any(letter not in _LETTERS[:count] for letter in found):
        raise UnreadableValue(f"{text!r} is none of the choices: they go from A to {last}")
    if most == 1 and len(found) != 1:
        raise UnreadableValue(f"{text!r} is not one letter: give one from A to {last}")
    return found
