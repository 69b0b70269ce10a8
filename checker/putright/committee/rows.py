"""Typed rows of the tables that sections are made of, and tables formatted from typed rows.

A section works with counts, shares and dates. They become text here and in ``spell``, and only at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from putright.committee.material import JudgedRulebook, Material
from putright.documents.paper import Cell, Column, Table, spell
from putright.fields import RULES
from putright.statistics.division_counts import STEPS
from putright.statistics.division_tables import ASKED, UPHELD
from putright.statistics.tables import ALL, slug
from putright.text.english import capital

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class RuleRow:
    """How often one rule was met, from the table of its rulebook's rules; a small count is withheld."""

    step: str
    clause: Cell
    due: Cell
    share_met: Cell
    late: Cell
    lacking: Cell
    not_recorded: Cell
    no_evidence: Cell
    for_judgement: Cell

    @property
    def departures(self) -> Cell:
        return total([self.late, self.lacking, self.not_recorded])

    @property
    def is_letter(self) -> bool:
        """Whether the rule is about what a letter contains."""
        return self.step.startswith("What the ")

    @property
    def name(self) -> str:
        """The step and its clause."""
        return f"{self.step}, {spell(self.clause)}"

    def is_of(self, rules: Iterable[str]) -> bool:
        """Whether this is one of these rules; the step may have a mark in brackets after it."""
        return self.step.partition(" (")[0] in {capital(RULES[rule]) for rule in rules}


@dataclass(frozen=True)
class StageRow:
    """How often the time limits of a stage were met under one rulebook."""

    stage: str
    share_met: Cell
    late: Cell
    not_recorded: Cell
    no_evidence: Cell


@dataclass(frozen=True)
class TwoWayRow:
    """A step in time by the council's own procedure: how many were not in time by the national one."""

    step: str
    not_in_time: Cell


@dataclass(frozen=True)
class PathRow:
    """Working days from receipt to one kind of response."""

    path: str
    group: str
    answers: Cell
    median: Cell


@dataclass(frozen=True)
class Totals:
    """The complaints of one procedure, and the share of each main step in time, by the heading of its column."""

    complaints: Cell
    steps: Mapping[str, Cell]
    upheld: Cell = None
    """The share of stage 1 responses that upheld the complaint, in full or in part."""
    asked: Cell = None
    """The share of stage 1 responses after which stage 2 was asked for."""


def total(cells: Sequence[Cell]) -> Cell:
    """The sum of counts; if any is withheld or missing, that instead."""
    hidden = [cell for cell in cells if not isinstance(cell, int)]
    return hidden[0] if hidden else sum(cell for cell in cells if isinstance(cell, int))


# --- from tables ----------------------------------------------------------------------------------


def rule_rows(material: Material, judged: JudgedRulebook) -> tuple[RuleRow, ...]:
    """The rows of a rulebook's table of rules."""
    return tuple(
        RuleRow(
            spell(row["Step"]),
            row["Clause"],
            row["Due"],
            row["Percentage met"],
            row["Late"],
            row["Lacking"],
            row["Not recorded"],
            row["No evidence"],
            row["For judgement"],
        )
        for row in _by_heading(material, judged.rules)
    )


def national_rule_rows(material: Material, group: str, rules: Iterable[str]) -> list[RuleRow]:
    """The rows of these rules in the national rulebook of a procedure."""
    return [
        row
        for judged in material.judged
        if judged.group == group and not judged.local
        for row in rule_rows(material, judged)
        if row.is_of(rules)
    ]


def stage_rows(material: Material, judged: JudgedRulebook) -> Iterator[StageRow]:
    """The stages of a rulebook."""
    for row in _by_heading(material, "stages"):
        if (row["Procedure"], row["Rulebook"]) == (judged.group, judged.name):
            cells = (row[heading] for heading in ("Percentage met", "Late", "Not recorded", "No evidence"))
            yield StageRow(spell(row["Stage"]), *cells)


def two_way_rows(material: Material, judged: JudgedRulebook) -> Iterator[TwoWayRow]:
    """The steps in time by the council's own procedure."""
    for row in _by_heading(material, slug("two-way", judged.group, judged.book)):
        if row["By the council's own procedure"] == "in time":
            yield TwoWayRow(spell(row["Step"]), row["Not in time"])


def path_rows(material: Material) -> Iterator[PathRow]:
    """The paths from receipt to each kind of response."""
    for row in _by_heading(material, "paths"):
        yield PathRow(spell(row["Path"]), spell(row["Procedure"]), row["Answers"], row["Median"])


def totals(material: Material, group: str) -> Totals:
    """The totals of a procedure; empty if there are none."""
    answers = {row["Procedure"]: row for row in _by_heading(material, "services") if row["Service"] == ALL}
    for row in _by_heading(material, "months"):
        if list(row.values())[:2] == [ALL, group]:
            of = answers.get(group, {})
            return Totals(
                row["Complaints"], {heading: row[heading] for heading in STEPS}, of.get(UPHELD), of.get(ASKED)
            )
    return Totals(None, {})


def _by_heading(material: Material, table: str) -> Iterator[dict[str, Cell]]:
    for found in material.table(table):
        headings = [column.heading for column in found.columns]
        yield from (dict(zip(headings, row, strict=True)) for row in found.rows)


# --- into tables ----------------------------------------------------------------------------------


def table_of(
    id: str,
    title: str,
    rows: Iterable[_Row],
    columns: Mapping[str, Callable[[_Row], Cell]],
    note: str,
    *,
    figures: Collection[str],
) -> Table:
    """A table of typed rows: each column has a heading and the cell it takes from a row.

    ``figures`` are the headings of columns with figures.
    """
    return Table(
        id,
        title,
        tuple(Column(heading, figures=heading in figures) for heading in columns),
        tuple(tuple(cell(row) for cell in columns.values()) for row in rows),
        note,
    )
