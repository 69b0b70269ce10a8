"""Check plugins and rulebook files: every mistake, every warning, and dates that are not as expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from putright.checking.expected import expected_cases
from putright.checking.subjects import subjects
from putright.checking.warnings import warnings
from putright.mistakes import Problem
from putright.plugins import Host
from putright.text.english import counted
from putright.text.shown import Display, Showing, say, table


@dataclass(frozen=True)
class Checked(Showing):
    """What a check found."""

    names: tuple[str, ...]
    """What was checked: the plugins, and the rulebooks of files."""
    rulebooks: int
    """How many editions of rulebooks could be read."""
    expected: int
    """How many expected cases were compared."""
    problems: tuple[Problem, ...]
    """Everything found, the mistakes first."""

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        """What has to be put right."""
        return tuple(problem for problem in self.problems if problem.severity == "mistake")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What may not be meant."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    def as_data(self) -> list[dict[str, Any]]:
        """Gives the problems as plain data for JSON."""
        return [problem.as_data() for problem in self.problems]

    def lines(self) -> Iterator[str]:
        """Gives each problem as a line that editors know, ``file:line:column: mistake: …``, and the counts."""
        for problem in self.problems:
            place = problem.place or f"plugin {problem.plugin}"
            yield f"{place}: {problem.severity}: {problem.sentence}"
        yield (
            f"{', '.join(self.names) or 'Nothing'} checked: {counted(self.rulebooks, 'rulebook')}, "
            f"{counted(self.expected, 'expected case')}, {counted(len(self.mistakes), 'mistake')}, "
            f"{counted(len(self.warnings), 'warning')}."
        )

    def shown(self) -> Display:
        """Shows the problems as a table."""
        *_, counts = self.lines()
        if not self.problems:
            return say(counts)
        rows = [(each.severity, each.place or each.plugin, each.sentence) for each in self.problems]
        return table(("What", "Where", "Why"), rows, counts)


def check(host: Host, targets: Sequence[str], today: dt.date) -> Checked:
    """Check each plugin and rulebook file named, or every council if none is.

    Raises a Mistake where a name is neither.
    """
    names: list[str] = []
    problems: list[Problem] = []
    rulebooks = expected = 0
    for subject in subjects(host, targets):
        books = subject.plugin.rulebooks
        names += map(str, subject.files or (subject.plugin.name,))
        rulebooks += len(books)
        cases = list(expected_cases(subject))
        expected += len(cases)
        problems += subject.mistakes
        problems += (problem for case in cases for problem in case.problems())
        problems += (each for each in host.warnings if not subject.files and each.plugin == subject.plugin.name)
        problems += warnings(subject, today)
    ordered = sorted(dict.fromkeys(problems), key=_order)
    return Checked(tuple(names), rulebooks, expected, tuple(ordered))


def _order(problem: Problem) -> tuple[bool, str, int, int]:
    """Mistakes first, then as they are in their files."""
    return problem.severity != "mistake", str(problem.file or ""), problem.line or 0, problem.column or 0
