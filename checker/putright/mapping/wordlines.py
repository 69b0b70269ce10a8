"""The part of a proposed mapping with the export's words for ours, and the questions about unknown ones."""

from __future__ import annotations

import re

from putright.fields import OUTCOMES, PROCEDURES, Type
from putright.files.tables import key
from putright.mapping import columnnames
from putright.mapping.columnnames import FALSE, TRUE, UPHELD
from putright.mapping.exportcolumns import Column
from putright.mapping.questions import IGNORE, Asking, Question, Word
from putright.mapping.yamllines import Lines, yaml

#: What happens to rows with an unknown word until a person has said what it means.
REJECTED = "the rows that have it are rejected"
_TITLES = {Type.BOOLEAN: "booleans", Type.OUTCOME: "outcomes", Type.PROCEDURE: "procedures", Type.FLAGS: "flags"}
_CHOICES = {"outcomes": OUTCOMES, "procedures": PROCEDURES, "booleans": ("true", "false")}


class WordLines:
    """The words found in the columns that are placed."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._ours: dict[str, dict[str, str]] = {}
        """Our words by theirs, of each title."""
        self._unknown: dict[str, dict[str, str]] = {}
        """Their words without one of ours, as compared and as written, of each title."""
        self._alone: set[str] = set()
        """Those of columns that have no word we know: they may say something else, so their rows are not rejected."""

    def learn(self, kind: Type, column: Column) -> None:
        """Take in the words of a column."""
        known = any(our_word(kind, value) for value in column.values)
        for value in column.values:
            ours = our_word(kind, value)
            if ours is None and named_upheld(column.name) and key(value) in UPHELD:
                continue  # the column has words of its own
            if ours is None:
                self._unknown.setdefault(_TITLES[kind], {})[key(value)] = value
                if not known and not named_upheld(column.name):
                    self._alone.add(key(value))
            else:
                about = f"{_TITLES[kind][:-1]} {value}"
                self.add(kind, value, self._asking.word(Word(about, value, ours, (*_CHOICES[_TITLES[kind]], IGNORE))))

    def add(self, kind: Type, theirs: str, ours: str) -> None:
        """Take in one word; our own need no line."""
        if ours != key(theirs):
            self._ours.setdefault(_TITLES[kind], {})[key(theirs)] = ours

    def __str__(self) -> str:
        lines = Lines("words:")
        for title in _TITLES.values():
            if title in self._ours or title in self._unknown:
                lines.add(f"  {title}:")
            for theirs, ours in self._ours.get(title, {}).items():
                lines.add(f"    {yaml(theirs)}: {'' if ours == IGNORE else ours}".rstrip(), self._why(title, theirs))
            for value in self._unknown.get(title, {}).values():
                self._ask(lines, title, value)
        return str(lines) if lines.lines else ""

    def _why(self, title: str, theirs: str) -> str:
        given = self._asking.answers.of(f"{title[:-1]} {theirs}")
        return "its plain meaning" if given is None else "your answer"

    def _ask(self, lines: Lines, title: str, value: str) -> None:
        """Ask for our word for one of theirs."""
        about, asked = f"{title[:-1]} {value}", f"What does {value!r:.40} mean?"
        until = IGNORE if key(value) in self._alone else REJECTED
        question = Question(about, asked, (*_CHOICES[title], IGNORE), until)
        answer = self._asking.choice(question)
        if answer is None:
            lines.add(f"    # {yaml(value)}:", "asked below")
        else:
            lines.add(f"    {yaml(value)}: {'' if answer == IGNORE else answer}".rstrip(), self._asking.why(question))


def our_word(kind: Type, value: str) -> str | None:
    """Our word for one of theirs; None if it is unknown."""
    said = key(value)
    if kind is Type.BOOLEAN:
        return "true" if said in TRUE else "false" if said in FALSE else None
    own, known = (OUTCOMES, columnnames.OUTCOMES) if kind is Type.OUTCOME else (PROCEDURES, columnnames.PROCEDURES)
    if said in own:
        return said
    near = re.sub(r"[\s-]+", "_" if kind is Type.OUTCOME else "-", said)
    return near if near in own else known.get(said)


def named_upheld(name: str) -> bool:
    """Whether a column is named for one outcome, so that yes and no are its words."""
    return "upheld" in columnnames.plain(name)
