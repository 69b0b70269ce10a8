"""Findings as the engine makes them: codes and places in the calendar, rule by rule, every case at once.

They stay so for as long as they can: counting and sorting numbers is many times quicker than text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from putright.calendars import FAR
from putright.calendars.daytables import Days
from putright.engine.clocks import Clocks
from putright.engine.facts import Bits, Mask
from putright.engine.outcomes import RuleOutcome
from putright.engine.verdicts import (
    KINDS,
    OUTSIDE_EDITION,
    Codes,
    Verdict,
    kinds_of,
    unpack_marks,
    unpack_moved,
    unpack_verdict,
    unpack_why,
)
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.rules import Timed

#: A case's place among those audited.
CASE = "_case"

Places = NDArray[np.int64]


@dataclass(frozen=True)
class RuleFindings:
    """One rule's findings, in the order of the cases; dates are places in the calendar, days -1 where none."""

    book: Rulebook
    ruling: Ruling
    case: Places
    code: Codes
    """Verdict, reason, marks and whether the due date moved, as ``verdicts`` packs them."""
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

    @property
    def verdict(self) -> Codes:
        """The verdict of each finding, as its number in ``Verdict``."""
        return unpack_verdict(self.code)

    @property
    def why(self) -> Codes:
        """The reason for each verdict, as its number in ``Why``."""
        return unpack_why(self.code)

    @property
    def marks(self) -> Codes:
        """The marks of each finding, a bit for each ``Mark``."""
        return unpack_marks(self.code)

    @property
    def moved(self) -> Mask:
        """Whether an extension or a hold moved each finding's due date."""
        return unpack_moved(self.code)

    @property
    def arises(self) -> Mask:
        """Findings other than ``not_applicable``."""
        arises: Mask = self.verdict != Verdict.NOT_APPLICABLE
        return arises

    def chosen(self, keep: Places) -> RuleFindings:
        """Some of them."""
        arrays: dict[str, Any] = {
            name: array.take(keep) for name, array in vars(self).items() if isinstance(array, np.ndarray)
        }
        return replace(self, **arrays)

    def counts(self) -> NDArray[np.int64]:
        """How many there are of each kind."""
        return np.bincount(kinds_of(self.code, self.missing), minlength=KINDS)

    def overdue(self) -> Places:
        """Where its overdue breaches are; cases the edition was not in force for left out."""
        late = np.flatnonzero(self.over > 0)
        code = self.code.take(late)
        breach = (unpack_verdict(code) == Verdict.BREACH) & (unpack_marks(code) & OUTSIDE_EDITION == 0)
        counted: Places = late[breach]
        return counted


@dataclass
class CodedFindings:
    """All findings of some cases, as they are made."""

    by_rule: list[RuleFindings] = field(default_factory=list)

    def add(
        self, outcome: RuleOutcome, book: Rulebook, clocks: Clocks, among: Mask, *, include_not_applicable: bool
    ) -> None:
        """Keep one rule's findings in the cases among which it is asked.

        ``not_applicable`` ones only if ``include_not_applicable``.
        """
        timed = book.timed_by(outcome.ruling)
        second = clocks.facts.date(timed.or_start) if isinstance(timed, Timed) and timed.or_start else None
        whole = RuleFindings(
            book,
            outcome.ruling,
            clocks.facts.frame[CASE].to_numpy(),
            outcome.code,
            outcome.start,
            outcome.due,
            outcome.done,
            outcome.taken,
            outcome.over,
            second,
            outcome.other_due,
            outcome.missing if outcome.missing is not None and outcome.missing.any() else None,
            outcome.to_judge if outcome.to_judge is not None and outcome.to_judge.any() else None,
        )
        kept = among if include_not_applicable else outcome.arises()
        if kept.all():
            self.by_rule.append(whole)
        elif kept.any():
            self.by_rule.append(whole.chosen(np.flatnonzero(kept)))

    @property
    def count(self) -> int:
        """How many findings there are."""
        return sum(len(rule.case) for rule in self.by_rule)

    def overdue(self, most: int) -> CodedFindings:
        """The ``most`` breaches longest overdue, and any as long as the last of them."""
        overdue = [rule.overdue() for rule in self.by_rule]
        lengths = [rule.over.take(places) for rule, places in zip(self.by_rule, overdue, strict=True)]
        longest = np.concatenate([np.zeros(most, dtype=np.int32), *lengths])
        least = max(1, int(np.partition(longest, -most)[-most]))
        chosen = zip(self.by_rule, overdue, lengths, strict=True)
        return CodedFindings(
            [rule.chosen(places[days >= least]) for rule, places, days in chosen if (days >= least).any()]
        )

    def together(self, cases: int) -> dict[str, NDArray[Any]]:
        """The arrays of all rules as one, case by case and in each case by rule; ``rule`` is a place in ``by_rule``."""
        order = self._order(cases)
        lengths = np.array([len(rule.case) for rule in self.by_rule], dtype=np.int64)
        numbers = np.arange(len(self.by_rule), dtype=np.uint32).repeat(lengths)
        return {"rule": numbers.take(order)} | {name: self._one(name, none, order) for name, none in _NONE.items()}

    def _order(self, cases: int) -> Places:
        """The findings of all rules, one rule after the other, in the order that goes case by case."""
        held = np.zeros(cases, dtype=np.int64)
        for rule in self.by_rule:
            held[rule.case] += 1  # no rule finds a case twice
        following = np.cumsum(held) - held
        order = np.empty(self.count, dtype=np.int64)
        first = 0
        for rule in self.by_rule:
            places = following.take(rule.case)
            order[places] = np.arange(first, first + len(places))
            following[rule.case] = places + 1
            first += len(places)
        return order

    def _one(self, name: str, none: np.generic, order: Places) -> NDArray[Any]:
        arrays = [getattr(rule, name) for rule in self.by_rule]
        if all(array is None for array in arrays):
            return np.broadcast_to(none, self.count)
        every = (
            np.broadcast_to(none, len(rule.case)) if array is None else array
            for rule, array in zip(self.by_rule, arrays, strict=True)
        )
        # A case's place is wider than it need be, since numpy looks up by nothing narrower.
        return np.concatenate(list(every), dtype=none.dtype, casting="unsafe").take(order)


#: The arrays of a rule, each with its value where a rule has none.
_NONE: dict[str, np.generic] = {
    "case": np.uint32(0),
    "code": np.uint32(0),
    **dict.fromkeys(("start", "due", "done", "second", "other_due"), np.int32(FAR)),
    **dict.fromkeys(("taken", "over"), np.int32(-1)),
    **dict.fromkeys(("missing", "to_judge"), np.uint64(0)),
}
