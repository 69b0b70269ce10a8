"""``putright rules``: every rule with its clause."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--council", help="only this council's rulebooks and those that govern them")
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """List every rule with its clause, authority and kind."""
    from putright.api.policies import rules

    entries = rules(inputs.load_host(options), options.council)
    return screen.show(options, entries, entries.render())


COMMAND = Command("rules", add_arguments, run)
