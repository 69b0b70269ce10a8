"""The open steps of a file as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from putright.casework.opensteps import Deadline, Step
from putright.rulebooks.phrases import KINDS
from putright.text.english import counted
from putright.text.grids import Grid

_MARKS = {
    "provisional": "provisional",
    "before_edition": "older than the edition",
    "after_edition": "newer than the edition",
}


class Tables:
    """Tables of open steps. What a source leaves unclear is said once below them, by the numbers in the rows."""

    def __init__(self) -> None:
        self._doubts: dict[str, int] = {}

    def table(self, title: str, steps: Iterable[Step]) -> Grid:
        """The steps in a table, a row for each day on which rules want one."""
        steps = list(steps)
        grid = Grid("case", "to do", "due", "left or over", "time limit", title=f"{title} ({len(steps):,})")
        for step in steps:
            for _, same in groupby(step.deadlines, lambda each: (each.due, left_or_over(each))):
                rules = list(same)
                due = f"{rules[0].due:%a} {rules[0].due}" if rules[0].due else "no date"
                what = "\n".join(filter(None, (step.name, step.service, step.team)))
                limits = "\n".join(self._limit(each) for each in rules)
                grid.add(step.reference, what, due, left_or_over(rules[0]), limits)
        return grid

    def doubts(self) -> Iterator[str]:
        """What sources leave unclear of the rules in the tables, with the numbers used there."""
        yield from (f"[{number}] In doubt: {doubt}" for doubt, number in self._doubts.items())

    def _limit(self, deadline: Deadline) -> str:
        clause = f"{deadline.rulebook} {deadline.clause}"
        words = [f"{deadline.limit} ({clause})" if deadline.limit else clause, *_remarks(deadline)]
        numbers = [self._doubts.setdefault(f"{clause}: {doubt}", len(self._doubts) + 1) for doubt in deadline.doubts]
        return ", ".join(words) + "".join(f" [{number}]" for number in numbers)


def left_or_over(deadline: Deadline) -> str:
    """How long is left or over, with its unit: ``5 working days over``, ``1 calendar day left``, ``today``."""
    unit = "calendar day" if deadline.in_days else "working day"
    if deadline.over is not None:
        return f"{counted(deadline.over, unit)} over"
    return "" if deadline.left is None else f"{counted(deadline.left, unit)} left"


def notes(deadline: Deadline) -> Iterator[str]:
    """What to know of a deadline, a few words each."""
    yield from _remarks(deadline)
    yield from (f"in doubt: {doubt}" for doubt in deadline.doubts)


def _remarks(deadline: Deadline) -> Iterator[str]:
    if deadline.also:
        yield f"{deadline.also} too"
    if deadline.kind == "aim":
        yield KINDS["aim"].name
    if deadline.verdict == "judgement" and deadline.kind != "aim":
        yield "for a person to judge"
    if deadline.verdict == "no_evidence":
        yield "depends on an extension not fully recorded"
    yield from (words for mark, words in _MARKS.items() if mark in deadline.marks)
    if deadline.latest:
        yield f"earliest date, as the start has no date; at the very latest {deadline.latest}"
    elif "start_not_recorded" in deadline.marks:
        yield "latest date, as the start has no date"
