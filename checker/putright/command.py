"""The definition of a command: its name, its arguments and the function that runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A command of the command line. The docstring of ``run`` is its help text."""

    name: str
    arguments: Callable[[argparse.ArgumentParser], None]
    """Adds the command's arguments to its parser."""
    run: Callable[[argparse.Namespace], int]
    """Runs the command; returns its exit code: 0, or 1 if ``--strict`` found something. Raises a Mistake."""
