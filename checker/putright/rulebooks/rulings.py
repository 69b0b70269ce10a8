"""Rulings: a rule of a rulebook, gathered from all the clauses that make it."""

from __future__ import annotations

from dataclasses import dataclass

from putright import fields
from putright.rulebooks.rules import Rule


@dataclass(frozen=True)
class Part:
    """One clause's share of a rule."""

    own: str
    """The clause that makes it."""
    rule: Rule
    unclear: tuple[str, ...] = ()
    """What the source leaves unclear about it."""
    unclear_on_hold: tuple[str, ...] = ()
    """Points unclear about it in a case that was put on hold."""
    who: str | None = None
    """Who has to act: the rule's own actor, or else its clause's."""
    notes: tuple[str, ...] = ()
    """Other notes on it for a reader of the source."""

    @property
    def clause(self) -> str:
        """The clause that makes it and the further clauses it rests on, as findings cite them: ``20.1/13.9``."""
        return "/".join([self.own, *self.rule.cites])


@dataclass(frozen=True)
class Ruling:
    """A rule of a rulebook, gathered from the clauses that make it."""

    name: str
    kind: str
    parts: tuple[Part, ...]

    @property
    def clause(self) -> str:
        """The clauses it rests on, as findings cite them."""
        return ", ".join(dict.fromkeys(part.clause for part in self.parts))

    @property
    def rule(self) -> Rule:
        return self.parts[0].rule

    @property
    def entry(self) -> fields.RuleEntry:
        """Its entry in the vocabulary."""
        return fields.VOCABULARY[self.name]

    @property
    def stage(self) -> int | None:
        """The stage it belongs to; None for a rule of the whole case."""
        return self.entry.stage

    @property
    def letter(self) -> fields.Letter | None:
        """The letter it is about; for an extension, the notice of it."""
        return self.rule.letter

    @property
    def who(self) -> str | None:
        """Who has to act, according to its parts."""
        return "; ".join(dict.fromkeys(part.who for part in self.parts if part.who)) or None

    @property
    def unclear(self) -> tuple[str, ...]:
        """Everything the source leaves unclear about it."""
        return tuple(dict.fromkeys(doubt for part in self.parts for doubt in (*part.unclear, *part.unclear_on_hold)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything that is noted of it."""
        return tuple(dict.fromkeys(note for part in self.parts for note in part.notes))
