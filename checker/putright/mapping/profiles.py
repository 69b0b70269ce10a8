"""The case systems whose exports are known, from ``profiles.yaml``: each answers what a person would be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from putright.files.yamlfiles import read_document
from putright.mapping import columnnames
from putright.mistakes import Mistake
from putright.text.english import listed


@dataclass(frozen=True)
class Profile:
    """One case system."""

    name: str
    title: str
    marks: tuple[str, ...]
    """The columns, as compared, that its exports have together."""
    columns: dict[str, str]
    """What some columns are, as compared: a field, or ``ignore``."""

    def fits(self, names: Iterable[str]) -> bool:
        """Whether an export with these columns may be of this system."""
        return {_compared(name) for name in names} >= set(self.marks)

    def answers(self, names: Iterable[str]) -> dict[str, str]:
        """The answers about those of the columns that it knows, by what a question about them is about."""
        known = ((name, self.columns.get(_compared(name))) for name in names)
        return {f"column {name}": answer for name, answer in known if answer is not None}


@cache
def profiles() -> dict[str, Profile]:
    """Every profile, by its name."""
    with resources.as_file(resources.files("putright.mapping") / "profiles.yaml") as path:
        data = read_document(Path(path), "the profiles of case systems").data
    return {
        name: Profile(
            name,
            said["title"],
            tuple(map(_compared, said["marks"])),
            {_compared(column): answer for column, answer in said["columns"].items()},
        )
        for name, said in data.items()
    }


def profile(name: str) -> Profile:
    """The profile of a system. Raises a Mistake if there is none."""
    if name not in profiles():
        raise Mistake(f"unknown case system {name!r}: use {listed(sorted(profiles()), 'or')}.")
    return profiles()[name]


def fitting(names: Iterable[str]) -> Profile | None:
    """The system that an export with these columns may be of."""
    given = list(names)
    return next((each for each in profiles().values() if each.fits(given)), None)


def _compared(name: str) -> str:
    """A column's name for comparing: capitals, punctuation and words run together do not matter."""
    return " ".join(columnnames.plain(name))
