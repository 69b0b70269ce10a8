"""``putright changes``: what changed between two audits."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    for name in ("before", "after"):
        meaning = f"the findings of the audit {name}: .jsonl, .csv, .xlsx or .parquet, as audit wrote them"
        parser.add_argument(name, type=arguments.path, metavar=name.upper(), help=meaning)
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Compare the findings of two audits: what changed, and why."""
    from putright.api.casework import changes

    changed = changes(options.before, options.after)
    return screen.show(options, changed.as_data(), changed.render())


COMMAND = Command("changes", add_arguments, run)
