"""Classify findings for counting: late, lacking, not recorded and so on.

The terminal's summary, the pack's tables, the published figures, the waivers and the report's list of findings all
count by these classes, so their columns agree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from putright.engine.verdicts import Mark, Verdict


class FindingClass(IntEnum):
    """The classes, each finding in one; ``label`` is the word for it."""

    NOT_APPLICABLE = 0
    MET = 1
    MET_AS_EXTENDED = 2
    """In time only by the extension."""
    LATE = 3
    """A breach that is neither lacking nor not recorded: done late, or an extension notified late or too long."""
    LACKING = 4
    """A letter without something it needs, or one person at both stages."""
    NOT_RECORDED = 5
    """Overdue with no date recorded."""
    RUNNING = 6
    NO_EVIDENCE = 7
    JUDGEMENT = 8
    BEFORE_EDITION = 9
    """Whatever the verdict: the case is older than the edition that judged it."""
    AFTER_EDITION = 10
    """Whatever the verdict: the case came after the last day of the edition that judged it."""

    @property
    def label(self) -> str:
        """The class in words."""
        return _LABELS.get(self, self.name.lower().replace("_", " "))


_LABELS = {
    FindingClass.JUDGEMENT: "for judgement",
    FindingClass.BEFORE_EDITION: "before the edition",
    FindingClass.AFTER_EDITION: "after the edition",
}
MET = (FindingClass.MET, FindingClass.MET_AS_EXTENDED)
#: The breaches that are counted and published.
BREACH = (FindingClass.LATE, FindingClass.LACKING, FindingClass.NOT_RECORDED)
#: Findings that the records cannot show, or that a person must decide.
NOT_SHOWN = (FindingClass.NO_EVIDENCE, FindingClass.JUDGEMENT)
#: Findings of an edition that was not in force on the day of receipt: counted separately, and in no other class.
OUTSIDE_EDITION = (FindingClass.BEFORE_EDITION, FindingClass.AFTER_EDITION)


def labels(classes: Collection[FindingClass]) -> frozenset[str]:
    """The words for some classes."""
    return frozenset(each.label for each in classes)


def classify(
    verdict: ArrayLike, marks: ArrayLike, kind: ArrayLike, lacks: ArrayLike, extended: ArrayLike = False
) -> NDArray[np.int64]:
    """The ``FindingClass`` of findings, by verdict, marks (a bit for each), kind of rule and missing words.

    ``lacks`` says whether a letter lacked any word, ``extended`` whether a step was in time only by an extension. Each
    argument is one value for all findings, or an array.
    """
    lacking = np.asarray(lacks, dtype=np.bool_) | (np.asarray(kind) == "independence")
    verdict, marks = np.asarray(verdict), np.asarray(marks)
    not_recorded = np.not_equal(marks & Mark.NOT_RECORDED, 0)
    breach = verdict == Verdict.BREACH
    found = np.select(
        [
            verdict == Verdict.NOT_APPLICABLE,
            np.not_equal(marks & Mark.BEFORE_EDITION, 0),
            np.not_equal(marks & Mark.AFTER_EDITION, 0),
            (verdict == Verdict.MET) & np.asarray(extended, dtype=np.bool_),
            verdict == Verdict.MET,
            breach & not_recorded,
            breach & lacking,
            breach,
            verdict == Verdict.RUNNING,
            verdict == Verdict.NO_EVIDENCE,
        ],
        [
            FindingClass.NOT_APPLICABLE,
            FindingClass.BEFORE_EDITION,
            FindingClass.AFTER_EDITION,
            FindingClass.MET_AS_EXTENDED,
            FindingClass.MET,
            FindingClass.NOT_RECORDED,
            FindingClass.LACKING,
            FindingClass.LATE,
            FindingClass.RUNNING,
            FindingClass.NO_EVIDENCE,
        ],
        FindingClass.JUDGEMENT,
    )
    return found.astype(np.int64)


def of_finding(finding: Mapping[str, Any]) -> FindingClass:
    """The class of one finding, by the names of contract 6; ``kind`` and ``missing`` may be left out."""
    return _of(finding["verdict"], tuple(finding["marks"]), finding.get("kind") or "", bool(finding.get("missing")))


@lru_cache(maxsize=4096)
def _of(verdict: str, marks: tuple[str, ...], kind: str, lacks: bool) -> FindingClass:
    """Kept: thousands of findings are alike, and arrays of one finding are slow."""
    bits = sum(Mark[mark.upper()] for mark in marks)
    return FindingClass(int(classify(Verdict[verdict.upper()], bits, kind, lacks)))


def of_table(findings: pl.DataFrame) -> pl.Series:
    """The label of each finding of a table in the columns of contract 6.2."""
    verdict = findings["verdict"].cast(pl.String).replace_strict(_VERDICTS, return_dtype=pl.Int64)
    marks = findings.select(
        pl.sum_horizontal(pl.col("marks").list.contains(str(mark.name).lower()) * int(mark) for mark in Mark)
    ).to_series()
    lacks = findings["missing"].list.len() > 0
    kind = (findings["kind"].cast(pl.String) == "independence").to_numpy()
    found = classify(
        verdict.to_numpy(), marks.to_numpy(), np.where(kind, "independence", ""), lacks.fill_null(False).to_numpy()
    )
    return pl.Series("class", [each.label for each in FindingClass], dtype=pl.String).gather(pl.Series(found))


_VERDICTS = {verdict.name.lower(): int(verdict) for verdict in Verdict}
