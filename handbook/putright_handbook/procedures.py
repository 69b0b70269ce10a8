"""The procedures that the handbook answers for: a council's own, or the national rules where it has none."""

from __future__ import annotations

from dataclasses import dataclass

from putright import fields
from putright.rulebooks import Rulebook, Ruling

from putright_handbook import wording

#: The folder of the pages for procedures with national rules alone.
NATIONAL_FOLDER = "national"


@dataclass(frozen=True)
class Procedure:
    """One procedure, with the rulebooks that its pages are made from."""

    name: str
    council: str | None
    """None for the national rules alone, which are the same for every council."""
    own: Rulebook | None
    national: tuple[Rulebook, ...]

    @property
    def folder(self) -> str:
        """Where its pages are."""
        return f"councils/{self.council}/{self.name}" if self.council else f"{NATIONAL_FOLDER}/{self.name}"

    @property
    def books(self) -> tuple[Rulebook, ...]:
        """Its rulebooks, the council's own first."""
        return (*([self.own] if self.own else []), *self.national)

    @property
    def book(self) -> Rulebook:
        """The rulebook that its pages are named after and that says who owns them."""
        return self.books[0]

    @property
    def title(self) -> str:
        """Whose procedure it is, and about what."""
        whose = self.own.authority if self.own else "National rules"
        return f"{whose}, {wording.procedure(self.name).lower()}"

    @property
    def stages(self) -> tuple[int, ...]:
        """The stages that a step of it belongs to."""
        return tuple(stage for stage in fields.STAGES if any(self.at_stage(stage)))

    def at_stage(self, stage: int) -> list[tuple[Rulebook, Ruling]]:
        """The rules of a stage, with the rulebook of each."""
        return [(book, ruling) for book in self.books for ruling in book.rulings().values() if ruling.stage == stage]


#: What pages call a national rulebook that shares its title with the one for council services.
_CALLED = {"housing": "Housing Ombudsman's Code"}


def whose(book: Rulebook) -> str:
    """Who asks for something, as a page names it."""
    return _CALLED.get(book.rulebook, book.title) if book.is_national else "our procedure"
