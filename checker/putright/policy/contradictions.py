"""Where a policy contradicts itself or the law over a time limit, and what its source leaves unclear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from putright import fields
from putright.policy.allowances import Allowance, Comparison, Relation, compare, start_day
from putright.policy.allowances import allowance as allowance_of
from putright.policy.assessment import Answer
from putright.policy.limitevidence import example_sentence, whole_run
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.rulebooks.limits import StartDay
from putright.rulebooks.rules import Extension, Timed


@dataclass(frozen=True)
class Contradiction:
    """Two clauses that do not give the same time, or a time that the law does not allow."""

    rulebook: str
    kind: str
    """``different times``, ``same at most`` (where every step before takes all its time), ``longer than the law``."""
    step: str
    """The rule that the times are for, or the paragraph of the law."""
    clauses: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Unclear:
    """What a source leaves unclear, of a rule, a clause or (``clause`` None) the whole document."""

    rulebook: str
    clause: str | None
    rule: str | None
    text: str


@dataclass(frozen=True)
class _Time:
    """A time as one clause gives it."""

    name: str
    clauses: tuple[str, ...]
    allowance: Allowance


def contradictions(book: Rulebook, answers: list[Answer]) -> list[Contradiction]:
    """Every contradiction in a policy, the law's first; ``answers`` are its own to the national rulebooks."""
    found = [clash for rule in fields.RULES for clash in _within(book, rule)]
    longer = [
        Contradiction(
            book.rulebook, "longer than the law", f"{answer.code} {answer.paragraph}", shown.clauses, shown.sentence
        )
        for answer in answers
        for shown in answer.longer_than_law
    ]
    return longer + sorted(found, key=lambda clash: clash.kind == "same at most")


def _within(book: Rulebook, rule: str) -> Iterator[Contradiction]:
    """Times for one step that differ: the rule's from each restatement's, or else restatements' among themselves."""
    made = _made(book, book.rulings().get(rule))
    again = [
        _Time(clause.id, (clause.id,), Allowance(restated.start, restated.within, _start_day(book, rule)))
        for clause in book.clauses
        for restated in clause.restates
        if restated.rule == rule
    ]
    against_rule = [(made, time) for time in again] if made else []
    clashes = [clash for pair in against_rule if (clash := _clash(book, rule, *pair))]
    yield from clashes
    if made is None or len(clashes) > 1:
        odd = [time for time in again if made is None or time.allowance != made.allowance]
        for pair in combinations(odd, 2):
            if clash := _clash(book, rule, *pair):
                yield clash


def _start_day(book: Rulebook, rule: str) -> StartDay:
    """What the first day is in the count of a rule, which a restatement of it counts as."""
    ruling = book.rulings().get(rule)
    return start_day(book, ruling.rule) if ruling and isinstance(ruling.rule, Timed) else book.start_is_day


def _made(book: Rulebook, ruling: Ruling | None) -> _Time | None:
    """The time that the rule itself gives; for more time, the limit and the extension in one run."""
    rule = ruling.rule if ruling else None
    if isinstance(rule, Extension):
        allowance = whole_run(book, rule)
    else:
        allowance = allowance_of(book, rule) if isinstance(rule, Timed) and rule.within else None
    if ruling is None or allowance is None:
        return None
    clauses = tuple(clause.id for clause in book.clauses if any(own.rule == ruling.name for own in clause.rules))
    return _Time(ruling.clause, clauses, allowance)


def _clash(book: Rulebook, rule: str, first: _Time, second: _Time) -> Contradiction | None:
    one, other = first.allowance, second.allowance
    forth, back = compare(one, other, book), compare(other, one, book)
    alike = Relation.WITHIN in (forth.relation, back.relation)
    if forth.relation is Relation.SAME or (alike and first.name == second.name):
        return None
    entry = fields.VOCABULARY[rule]
    step = f"answer stage {entry.stage} with more time" if entry.act is fields.Act.EXTEND else entry.asks
    said = f"{step}: {first.name} gives {one}, {second.name} gives {other}."
    if alike:
        said += " The two limits only match if every earlier step is done on its last day."
    said += _example(forth, back, first, second)
    kind = "same at most" if alike else "different times"
    clauses = tuple(dict.fromkeys(first.clauses + second.clauses))
    return Contradiction(book.rulebook, kind, rule, clauses, said[0].upper() + said[1:])


def _example(forth: Comparison, back: Comparison, first: _Time, second: _Time) -> str:
    same = first.name == second.name
    one = "the first time" if same else f"the time of {first.name}"
    other = "the second" if same else f"that of {second.name}"
    if forth.example:
        return " " + example_sentence(forth.example, one, other)
    if back.example:
        return " " + example_sentence(
            back.example, other.replace("that", "the time"), one.replace("the time of", "that of")
        )
    return " They count from events that come in no fixed order."


def unclear(book: Rulebook) -> list[Unclear]:
    """Everything that is not certain of a rulebook, in the order of the document: first what concerns all of it."""
    found = [Unclear(book.rulebook, None, None, doubt.text) for doubt in doubts.of_book(book)]
    for clause in book.clauses:
        found += [Unclear(book.rulebook, clause.id, None, doubt.text) for doubt in doubts.of_clause(book, clause)]
        found += [Unclear(book.rulebook, clause.id, rule.rule, rule.unclear) for rule in clause.rules if rule.unclear]
    return found
