"""The words of column names, from ``headings.yaml``: forms of a word, and the names that mean each field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from putright.fields import FIELDS
from putright.files.yamlfiles import read_document

#: The parts of a hold, which are fields of a mapping's own.
_HOLD_ENDS = (" from", " to")


@dataclass(frozen=True)
class Headings:
    """What the words of column names mean."""

    forms: dict[str, str]
    """Each other form of a word, and the word."""
    noise: frozenset[str]
    """Words that do not say which field it is."""
    quiet: frozenset[str]
    """Words that say something only where a name has no other."""
    sure: dict[frozenset[str], tuple[str, ...]]
    """The words that name a field, and the fields; ``N_`` stands for the stage."""
    likely: dict[frozenset[str], tuple[str, ...]]
    """The same, where a person has to be asked."""
    others: frozenset[str]
    """Words of columns that have nothing for a case record."""
    known: frozenset[str]
    """Every word there is, for words run together and for spelling."""

    def meant(self, words: list[str]) -> frozenset[str]:
        """The words that carry the meaning of a name, each in its main form."""
        every = [self.forms.get(word, word) for word in words]
        for silent in (self.noise | self.quiet, self.noise):
            if found := frozenset(every) - silent:
                return found
        return frozenset(every)


@cache
def headings() -> Headings:
    """The words of the data file."""
    with resources.as_file(resources.files("putright.mapping") / "headings.yaml") as path:
        return _made(read_document(Path(path), "the words of column names").data)


def _made(data: dict[str, Any]) -> Headings:
    forms = {word: main for main, words in data["forms"].items() for word in words.split()}
    noise, quiet = frozenset(data["noise"].split()), frozenset(data["quiet"].split())
    others = frozenset(data["others"]["words"].split())
    phrases = [phrase for part in ("fields", "likely") for listed in data[part].values() for phrase in listed]
    known = {*forms, *forms.values(), *noise, *quiet, *others, *(word for phrase in phrases for word in phrase.split())}
    plain = Headings(forms, noise, quiet, {}, {}, others, frozenset(known))
    sure, likely = (_by_words(plain, data[part]) for part in ("fields", "likely"))
    return Headings(forms, noise, quiet, sure, likely, others, frozenset(known))


def _by_words(plain: Headings, listed: dict[str, list[str]]) -> dict[frozenset[str], tuple[str, ...]]:
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for field, phrases in listed.items():
        if not is_field(field):
            continue
        for phrase in phrases:
            words = plain.meant(phrase.split())
            found[words] = tuple(dict.fromkeys((*found.get(words, ()), field)))
    return found


def is_field(field: str) -> bool:
    """Whether a case record has the field, at any stage where it names none."""
    for end in _HOLD_ENDS:
        field = field.removesuffix(end)
    return any(field.replace("N_", f"stage{stage}_") in FIELDS for stage in (1, 2, 3))
