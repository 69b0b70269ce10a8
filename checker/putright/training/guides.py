"""A guide for the trainer of a notebook: how long each part takes, what people say, and what to answer.

It is a YAML file next to the notebook's source, ``1-day-zero.guide.yaml`` next to ``1-day-zero.md``: no figure of any
council's is in it, so that one guide does for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from putright.mistakes import Mistake
from putright.rulebooks.modelfiles import read_model

#: The lengths of a session that there is a plan for, in minutes.
LENGTHS = (30, 60)
#: The first part of every plan, before those that the notebook has.
WELCOME = "Welcome"
Text = Annotated[str, Field(min_length=1)]
Minutes = Annotated[int, Field(ge=0)]


class GuideError(Mistake):
    """A trainer's guide cannot be used; the text says where and why."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Argument(_Model):
    """Something that people in the room say, and what to answer."""

    they: Text
    say: Text


class Guide(_Model):
    """What a trainer needs besides the notebook."""

    parts: dict[Text, tuple[Minutes, Minutes]]
    """Minutes of each part, by its heading, in a session of 30 and of 60 minutes; 0 leaves it out."""
    before: tuple[Text, ...] = ()
    """What to bring or to prepare."""
    arguments: tuple[Argument, ...] = ()
    notes: tuple[Text, ...] = ()

    def plan(self, length: int) -> list[tuple[int, int, str]]:
        """The parts of a session: the minute it begins, how many it takes, its heading."""
        place, begins, planned = LENGTHS.index(length), 0, []
        for part, minutes in self.parts.items():
            if minutes[place]:
                planned.append((begins, minutes[place], part))
            begins += minutes[place]
        return planned

    def left_out(self, length: int) -> list[str]:
        """The parts that a session has no time for."""
        place = LENGTHS.index(length)
        return [part for part, minutes in self.parts.items() if not minutes[place]]


def place_of(source: Path) -> Path:
    """Where the guide of a notebook's source is."""
    return source.with_name(f"{source.stem}.guide.yaml")


def guide_of(source: Path) -> Guide | None:
    """The guide to a notebook, or None if it has none. Raises GuideError if it cannot be used."""
    path = place_of(source)
    if not path.is_file():
        return None
    guide = read_model(path, Guide, "a trainer's guide: keys and values, beginning with 'parts:'", GuideError)
    for length in LENGTHS:
        if (whole := sum(minutes for _, minutes, _ in guide.plan(length))) != length:
            raise GuideError(f"{path}: the parts of a session of {length} minutes take {whole} minutes: change them.")
    return guide


def check_parts(guide: Guide, headings: Iterable[str], notebook: str) -> None:
    """Raises GuideError if the parts are not those of the notebook, in its order."""
    expected = [WELCOME, *headings]
    if list(guide.parts) != expected:
        raise GuideError(
            f"the guide of {notebook}: its parts have to be the notebook's, in their order: {', '.join(expected)}."
        )
