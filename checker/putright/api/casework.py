"""What officers do with findings: compare two audits, accept a finding, check a sample by hand."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from putright.casework import handcheck
from putright.casework.changes import Changes
from putright.casework.changes import compare as compare_findings
from putright.casework.explanation import Explained, Explanation, NotFound
from putright.casework.findingsfile import read_findings
from putright.casework.handcheck import ANSWERS, Agreement, Sample
from putright.casework.waivers import ReadWaiver, read_waivers
from putright.casework.watch import Step, Watch

__all__ = [
    "ANSWERS",
    "Agreement",
    "Changes",
    "Explained",
    "Explanation",
    "NotFound",
    "ReadWaiver",
    "Sample",
    "Step",
    "Watch",
    "changes",
    "draw_sample",
    "read_findings",
    "read_sheet",
    "read_waivers",
]

#: Findings in the contract's columns, or the file that an audit wrote them to.
Findings = str | os.PathLike[str] | pl.DataFrame


def changes(before: Findings, after: Findings) -> Changes:
    """Compares two audits: what changed, and why. Raises a Mistake where a file has no findings."""
    return compare_findings(_findings(before), _findings(after))


def draw_sample(findings: Findings, cases: int = 30, seed: int = 1, verdict: str | None = None) -> Sample:
    """Draws cases at random, to be checked by hand. The same seed draws the same cases.

    ``verdict`` draws only from cases with such a finding. The sample's ``write`` makes the sheet to fill in. Raises a
    Mistake where there is nothing to draw from.
    """
    return handcheck.draw(_findings(findings), cases, seed, verdict)


def read_sheet(path: str | os.PathLike[str]) -> Agreement:
    """Reads a filled sheet: how often the person agreed. Raises a Mistake where it is not such a sheet."""
    return handcheck.read_sheet(Path(path))


def _findings(given: Findings) -> pl.DataFrame:
    return given if isinstance(given, pl.DataFrame) else read_findings(Path(given))
