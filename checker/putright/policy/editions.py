"""What an edition of a policy changes from the one before, for those who work by it."""

from __future__ import annotations

from dataclasses import dataclass

from putright import fields
from putright.policy.steps import step, unlike
from putright.rulebooks import Clause, Rulebook


@dataclass(frozen=True)
class Changes:
    """Two editions of one rulebook, and in what the later one is not as the earlier."""

    before: Rulebook
    after: Rulebook
    steps: tuple[str, ...]
    """The rules that are new, gone or not alike, in the order of a case. An extension is part of its step."""
    added: tuple[Clause, ...]
    reworded: tuple[Clause, ...]
    """As the later edition has them."""
    removed: tuple[Clause, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed but the edition's name and days."""
        return not (self.steps or self.added or self.reworded or self.removed)


def changes(before: Rulebook, after: Rulebook) -> Changes:
    """What ``after`` changes; clauses are the same ones if they have the same number."""
    old, new = ({clause.id: clause for clause in book.clauses} for book in (before, after))
    return Changes(
        before,
        after,
        steps=tuple(rule for rule in fields.RULES if _is_changed(before, after, rule)),
        added=tuple(clause for name, clause in new.items() if name not in old),
        reworded=tuple(clause for name, clause in new.items() if name in old and _says(clause) != _says(old[name])),
        removed=tuple(clause for name, clause in old.items() if name not in new),
    )


def _is_changed(before: Rulebook, after: Rulebook, rule: str) -> bool:
    if fields.VOCABULARY[rule].act is fields.Act.EXTEND:
        return False
    found = [each for each in (step(before, rule), step(after, rule)) if each]
    return len(found) == 1 or (len(found) == 2 and (bool(unlike(found)) or found[0].who != found[1].who))


def _says(clause: Clause) -> tuple[object, ...]:
    """What staff read of a clause, apart from how it is laid out."""
    points = tuple(" ".join(point.text.split()) for point in clause.points)
    excluded = tuple((each.matter, each.instead) for each in clause.excludes)
    return clause.heading, " ".join(clause.text.split()), points, excluded, clause.who
