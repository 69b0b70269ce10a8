"""The questions that a proposed mapping leaves open, and a person's answers to them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from putright.files.tables import key
from putright.files.yamlfiles import read_document
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


def read_answers(path: Path) -> Answers:
    """The answers of a YAML file: what each is about, and the answer. Raises a Mistake if it cannot be read."""
    data = read_document(path, "answers: what each question is about, a colon and the answer").data
    for about, answer in data.items():
        if not isinstance(answer, str):
            raise Mistake(f"{path}: the answer to {about!r} must be one word.")
    return Answers(data, path)
