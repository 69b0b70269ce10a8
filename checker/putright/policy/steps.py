"""What a rulebook says of one step, as data that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from putright import fields
from putright.policy import catalogue
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.rulebooks.rules import Contents, Notice, Rule, Timed


@dataclass(frozen=True)
class Step:
    """What one rulebook says of one step."""

    terms: str
    """The whole in a line, as the catalogue of rules has it."""
    kind: str
    limit: str | None
    start: str | None
    """The event that the limit counts from."""
    holds: tuple[str, ...]
    """As ``contents_of`` gives it; the conditions are in ``terms``."""
    extension: str | None
    extension_clause: str | None
    who: tuple[str, ...]
    clause: str
    unclear: tuple[str, ...]
    """What is in doubt of it, in full."""
    doubts: tuple[str, ...]
    """The same, a sentence each; what is of the whole document is apart."""
    notes: tuple[str, ...]
    conditions: frozenset[tuple[str, ...]]
    """Under what each part of it arises, to be compared; in words it is in ``terms``."""


def step(book: Rulebook, rule: str) -> Step | None:
    """What a rulebook says of a step; None if it does not have it."""
    ruling = book.rulings().get(rule)
    if ruling is None:
        return None
    extension = book.extension_of(rule)
    return Step(
        terms=catalogue.terms(ruling),
        kind=ruling.kind,
        limit=_limit(ruling),
        start=_start(ruling),
        holds=contents_of(ruling),
        extension=catalogue.terms(extension) if extension else None,
        extension_clause=extension.clause if extension else None,
        who=_who(ruling),
        clause=ruling.clause,
        unclear=(*ruling.unclear, *(extension.unclear if extension else ())),
        doubts=tuple(_unsure(book, [ruling, *([extension] if extension else [])])),
        notes=ruling.notes,
        conditions=frozenset(_conditions(ruling)),
    )


def _limit(ruling: Ruling) -> str | None:
    rule = ruling.rule
    if isinstance(rule, Timed) and rule.by:
        return f"by {fields.noun(rule.by)}"
    if isinstance(rule, Timed | Notice):
        limits = [rule.within, rule.or_within if isinstance(rule, Timed) else None]
        return " or ".join(str(limit) for limit in limits if limit) or "no time limit"
    return None


def _start(ruling: Ruling) -> str | None:
    rule = ruling.rule
    if not isinstance(rule, Timed | Notice) or rule.within is None:
        return None
    other = rule.or_start if isinstance(rule, Timed) else None
    return " or ".join(fields.noun(start) for start in (rule.start, other) if start)


def _unsure(book: Rulebook, rulings: list[Ruling]) -> list[str]:
    return doubts.cited(doubt for ruling in rulings for doubt in doubts.of_ruling(book, ruling))


def contents_of(ruling: Ruling) -> tuple[str, ...]:
    """What a letter has to hold, always or under conditions; ``a or b`` where one will do."""
    words = (word for part in ruling.parts for word in _asked(part.rule))
    return tuple(dict.fromkeys(words))


def _asked(rule: Rule) -> list[str]:
    """The words of a letter's rule; those of which one will do are one."""
    if not isinstance(rule, Contents):
        return []
    return [*rule.holds, *([" or ".join(rule.holds_one_of)] if rule.holds_one_of else [])]


def _conditions(ruling: Ruling) -> Iterator[tuple[str, ...]]:
    """Each part's words (for a letter) with what it arises under, whatever their order."""
    for part in ruling.parts:
        arises = [each.model_dump_json() if each else "" for each in (part.rule.when, part.rule.unless)]
        for word in _asked(part.rule) or [""]:
            yield word, *arises


def _who(ruling: Ruling) -> tuple[str, ...]:
    """Who acts."""
    return tuple(dict.fromkeys(part.who for part in ruling.parts if part.who))


#: What is compared over the columns: its name in words, and how it is read from a step.
_ASPECTS: dict[str, Callable[[Step], object]] = {
    "limit": lambda step: step.limit,
    "what it counts from": lambda step: step.start,
    "contents": lambda step: frozenset(step.holds),
    "conditions": lambda step: step.conditions,
    "extension": lambda step: step.extension,
    "force": lambda step: step.kind,
}


def unlike(steps: Collection[Step]) -> list[str]:
    """In what steps are not alike, for example ``limit``."""
    return [name for name, read in _ASPECTS.items() if len({read(step) for step in steps}) > 1]
