"""What a command is: its name, its arguments, and what runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A command of the command line. What it is for stands in the docstring of the function that runs it."""

    name: str
    arguments: Callable[[argparse.ArgumentParser], None]
    """Adds the command's arguments to its parser."""
    run: Callable[[argparse.Namespace], int]
    """Runs the command; returns its exit code: 0, or 1 where ``--strict`` found something. Raises a Mistake."""
