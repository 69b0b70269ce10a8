"""The questions that a proposed mapping leaves open, and a person's answers to them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from putright.files.tables import key
from putright.files.yamlfiles import read_document
from putright.mapping.mappingfile import expand
from putright.mistakes import Mistake
from putright.text.english import listed

#: The answer that leaves a column or an event out.
IGNORE = "ignore"
#: Of a question that has to be answered before anything can be audited.
ANSWER_FIRST = "nothing can be audited"


@dataclass(frozen=True)
class Question:
    """One question about an export: what it is about, its possible answers and what holds until it is answered."""

    about: str
    """What an answer names it by: ``column date closed``."""
    ask: str
    choices: tuple[str, ...]
    """The answers; a question about a column may have any other field as its answer too."""
    until: str
    """The answer that the mapping has meanwhile, or what happens to the rows."""
    samples: tuple[str, ...] = ()
    """Some values, never of text that could be about a person."""
    depends: str = ""
    """What depends on the answer."""

    @property
    def default(self) -> str | None:
        """The answer that the mapping has until then; None if there is none."""
        return self.until if self.until in self.choices else None

    def __str__(self) -> str:
        """The question as one paragraph."""
        shown = f" It holds for example {listed(self.samples)}." if self.samples else ""
        depends = f" {self.depends}" if self.depends else ""
        return f"{self.ask}{shown}{depends} Answers: {listed(self.choices, 'or')}. Until you answer: {self.until}."


@dataclass(frozen=True)
class Word:
    """A word of an export with a plain meaning, which a person may change."""

    about: str
    """What an answer names it by: ``outcome justified``."""
    theirs: str
    ours: str
    """What it is taken for."""
    choices: tuple[str, ...]
    """What it may be taken for."""


@dataclass
class Answers:
    """A person's answers, by what each is about."""

    given: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    def __post_init__(self) -> None:
        self._by_key = {key(about): (about, answer) for about, answer in self.given.items()}
        self._used: set[str] = set()

    def of(self, about: str) -> str | None:
        """The answer to a question; None if it is not answered."""
        found = self._by_key.get(key(about))
        if found is None:
            return None
        self._used.add(key(about))
        return found[1]

    def check(self, questions: Mapping[str, object]) -> None:
        """Raise a Mistake for an answer to a question that the export does not ask."""
        for about in self._by_key.keys() - self._used:
            written = self._by_key[about][0]
            near = difflib.get_close_matches(about, list(map(key, questions)), 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise Mistake(f"{self.where}{written!r} answers no question about this export.{hint}")

    @property
    def where(self) -> str:
        """The file, ready for a message."""
        return f"{self.path}: " if self.path else ""


class Asking:
    """The questions asked while a proposal is made: each is answered, or stays open with its default."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.open: dict[str, Question] = {}
        """The questions without an answer, by what each is about."""
        self.asked: set[str] = set()
        """What every question was about, answered or not."""
        self.words: dict[str, Word] = {}
        """The words with a plain meaning, by what each is about as answers are compared."""

    def answer(self, question: Question) -> str | None:
        """The answer given to a question, or the one that holds until there is one."""
        self.asked.add(question.about)
        given = self.answers.of(question.about)
        if given is None:
            self.open[question.about] = question
            return question.default
        return given

    def word(self, word: Word) -> str:
        """What a word is taken for: a person's answer if there is one. Raises a Mistake if it cannot be one."""
        ours = self.answers.of(word.about) or word.ours
        if ours not in word.choices:
            raise self._wrong(word, ours, "use")
        self.words.setdefault(key(word.about), replace(word, ours=ours))
        return ours

    def choice(self, question: Question) -> str | None:
        """The answer, which must be one of the question's own. Raises a Mistake if it is another."""
        answer = self.answer(question)
        if answer is not None and answer not in question.choices:
            raise self._wrong(question, answer, "use")
        return answer

    def field(self, question: Question) -> str | None:
        """The answer, which may be any field (``stageN_responded`` too) or ``ignore``. Raises a Mistake otherwise."""
        answer = self.answer(question)
        if answer is not None and answer != IGNORE and not expand(answer):
            raise self._wrong(question, answer, "use the name of a field, for example")
        return answer

    def why(self, question: Question, likely: str = "") -> str:
        """Why a line of the mapping has the answer to this question."""
        return "; ".join(filter(None, [likely, "asked below"])) if question.about in self.open else "your answer"

    def _wrong(self, question: Question | Word, answer: str, use: str) -> Mistake:
        return Mistake(
            f"{self.answers.where}{answer!r} is not an answer to {question.about!r}: "
            f"{use} {listed(question.choices, 'or')}."
        )


def read_answers(path: Path) -> Answers:
    """The answers of a YAML file: what each is about, and the answer. Raises a Mistake if it cannot be read."""
    data = read_document(path, "answers: what each question is about, a colon and the answer").data
    for about, answer in data.items():
        if not isinstance(answer, str):
            raise Mistake(f"{path}: the answer to {about!r} must be one word.")
    return Answers(data, path)
