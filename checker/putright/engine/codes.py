"""Findings as the engine makes them: codes and places in the calendar, rule by rule, every case at once.

They stay so for as long as they can: counting and sorting numbers is many times quicker than text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from putright.calendars import FAR
from putright.calendars.daytables import Days
from putright.engine.clocks import Clocks
from putright.engine.facts import Bits, Mask
from putright.engine.verdicts import OUTSIDE_EDITION, Judged, Mark, Verdict
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.rules import Extension, Rule, Timed

#: A case's place among those audited.
CASE = "_case"

Places = NDArray[np.int64]
#: How many kinds of finding there are to count: its verdict, its marks, and whether a letter lacked something.
KINDS = 2048
_KIND = np.arange(KINDS)
ANY = _KIND >= 0


def kinds_of(code: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The kind of each finding, by its code; whether its letter lacked something is not in that."""
    found: NDArray[np.uint32] = np.right_shift(code, 13)
    found &= 127 << 3
    found |= code & 7
    return found


def of_verdict(verdict: Verdict) -> Mask:
    """Those kinds that have this verdict."""
    kinds: Mask = np.equal(_KIND & 7, verdict)
    return kinds


def of_mark(mark: Mark) -> Mask:
    """Those kinds that bear this mark."""
    kinds: Mask = np.not_equal(_KIND >> 3 & mark, 0)
    return kinds


def of_lacking() -> Mask:
    """Those kinds where a letter lacked something."""
    return _KIND >> 10 > 0


@dataclass(frozen=True)
class RuleFindings:
    """One rule's findings, in the order of the cases; dates are places in the calendar, days -1 where none."""

    book: Rulebook
    ruling: Ruling
    case: Places
    code: NDArray[np.uint32]
    """Verdict, reason and marks, as in ``Judged``."""
    start: Days
    due: Days
    done: Days
    taken: Days
    over: Days
    second: Days | None
    """The second starting event, where the sources name two."""
    other_due: Days | None
    missing: Bits | None
    """Letter words lacking, a bit for each; None where none is. ``to_judge`` likewise."""
    to_judge: Bits | None

    def chosen(self, keep: Places) -> RuleFindings:
        """Some of them."""
        arrays: dict[str, Any] = {
            name: array.take(keep) for name, array in vars(self).items() if isinstance(array, np.ndarray)
        }
        return replace(self, **arrays)

    def counts(self) -> NDArray[np.int64]:
        """How many there are of each kind."""
        kind = kinds_of(self.code)
        if self.missing is not None:
            kind |= (self.missing > 0).astype(np.uint32) << 10
        return np.bincount(kind, minlength=KINDS)

    def overdue(self) -> Places:
        """Where its overdue breaches are; cases the edition was not in force for left out."""
        late = np.flatnonzero(self.over > 0)
        breach = self.code.take(late) & (7 | OUTSIDE_EDITION << 16) == Verdict.BREACH
        counted: Places = late[breach]
        return counted


def timed_by(ruling: Ruling, rulings: Mapping[str, Ruling]) -> Rule:
    """The rule whose clock a ruling goes by: its own, or for an extension that of the step extended."""
    return rulings[ruling.rule.extends].rule if isinstance(ruling.rule, Extension) else ruling.rule


@dataclass
class Found:
    """All findings of some cases, as they are made."""

    rules: list[RuleFindings] = field(default_factory=list)

    def add(self, judged: Judged, book: Rulebook, clocks: Clocks, *, every: bool) -> None:
        """Keep one rule's findings; ``not_applicable`` ones only where ``every``."""
        timed = timed_by(judged.ruling, clocks.rulings)
        second = clocks.facts.date(timed.or_start) if isinstance(timed, Timed) and timed.or_start else None
        whole = RuleFindings(
            book,
            judged.ruling,
            clocks.facts.frame[CASE].to_numpy(),
            judged.code,
            judged.start,
            judged.due,
            judged.done,
            judged.taken,
            judged.over,
            second,
            judged.other_due,
            judged.missing if judged.missing is not None and judged.missing.any() else None,
            judged.to_judge if judged.to_judge is not None and judged.to_judge.any() else None,
        )
        arises = judged.arises()
        if every or arises.all():
            self.rules.append(whole)
        elif arises.any():
            self.rules.append(whole.chosen(np.flatnonzero(arises)))

    @property
    def count(self) -> int:
        """How many findings there are."""
        return sum(len(rule.case) for rule in self.rules)

    def overdue(self, most: int) -> Found:
        """The ``most`` breaches longest overdue, and any as long as the last of them."""
        overdue = [rule.overdue() for rule in self.rules]
        lengths = [rule.over.take(places) for rule, places in zip(self.rules, overdue, strict=True)]
        longest = np.concatenate([np.zeros(most, dtype=np.int32), *lengths])
        least = max(1, int(np.partition(longest, -most)[-most]))
        chosen = zip(self.rules, overdue, lengths, strict=True)
        return Found([rule.chosen(places[days >= least]) for rule, places, days in chosen if (days >= least).any()])

    def together(self, cases: int) -> dict[str, NDArray[Any]]:
        """The arrays of all rules as one, case by case and in each case by rule; ``rule`` is a place in ``rules``."""
        order = self._order(cases)
        lengths = np.array([len(rule.case) for rule in self.rules], dtype=np.int64)
        numbers = np.arange(len(self.rules), dtype=np.uint32).repeat(lengths)
        return {"rule": numbers.take(order)} | {name: self._one(name, none, order) for name, none in _NONE.items()}

    def _order(self, cases: int) -> Places:
        """The findings of all rules, one rule after the other, in the order that goes case by case."""
        held = np.zeros(cases, dtype=np.int64)
        for rule in self.rules:
            held[rule.case] += 1  # no rule finds a case twice
        following = np.cumsum(held) - held
        order = np.empty(self.count, dtype=np.int64)
        first = 0
        for rule in self.rules:
            places = following.take(rule.case)
            order[places] = np.arange(first, first + len(places))
            following[rule.case] = places + 1
            first += len(places)
        return order

    def _one(self, name: str, none: np.generic, order: Places) -> NDArray[Any]:
        arrays = [getattr(rule, name) for rule in self.rules]
        if all(array is None for array in arrays):
            return np.broadcast_to(none, self.count)
        every = (
            np.broadcast_to(none, len(rule.case)) if array is None else array
            for rule, array in zip(self.rules, arrays, strict=True)
        )
        # A case's place is wider than it need be, since numpy looks up by nothing narrower.
        return np.concatenate(list(every), dtype=none.dtype, casting="unsafe").take(order)


#: The arrays of a rule, each with what stands where a rule has none.
_NONE: dict[str, np.generic] = {
    "case": np.uint32(0),
    "code": np.uint32(0),
    **dict.fromkeys(("start", "due", "done", "second", "other_due"), np.int32(FAR)),
    **dict.fromkeys(("taken", "over"), np.int32(-1)),
    **dict.fromkeys(("missing", "to_judge"), np.uint64(0)),
}
