"""``putright rules``: every rule with its clause."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--council", help="only this council's rulebooks and those that govern them")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """List every rule with its clause, authority and kind."""
    from putright.policy import catalogue

    host = inputs.load_host(options)
    entries = catalogue.catalogue(host, inputs.named_council(options, host))
    return screen.show(options, entries, catalogue.render(entries))


COMMAND = Command("rules", add_arguments, run)
