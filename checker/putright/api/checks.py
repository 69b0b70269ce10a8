"""Rulebooks and plugins checked."""

from __future__ import annotations

import datetime as dt
import os

from putright import calendars
from putright.checking import checks
from putright.checking.checks import Checked
from putright.checking.expected import ExpectedCase, expected_cases
from putright.checking.subjects import subjects
from putright.mistakes import Problem
from putright.plugins import Host

__all__ = ["Checked", "ExpectedCase", "Problem", "check", "expected"]


def check(host: Host, *targets: str | os.PathLike[str], today: dt.date | None = None) -> Checked:
    """Checks plugins and rulebook files, or every council if none is named.

    It finds every mistake, dates that are not as the rulebooks expect, and what may not be meant. ``targets`` are names
    of plugins and paths of rulebooks, installed or not. Raises a Mistake where one is neither.
    """
    return checks.check(host, [os.fspath(target) for target in targets], today or calendars.today())


def expected(host: Host, *targets: str | os.PathLike[str]) -> list[ExpectedCase]:
    """Gives the expected cases of plugins and rulebook files, or of every council if none is named."""
    found = subjects(host, [os.fspath(target) for target in targets])
    return [case for subject in found for case in expected_cases(subject)]
