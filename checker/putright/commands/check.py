"""``putright check``: what is wrong, or may be, with a council's rulebooks."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument(
        "council",
        nargs="*",
        metavar="COUNCIL|FILE",
        help="councils or other plugins, or paths of rulebook files (.yaml); every council if none is given",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for a warning too, not only for a mistake")
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Find every mistake in rulebooks and plugins, dates that are not as expected, and what may not be meant."""
    from putright.api.checks import check

    checked = check(inputs.load_host(options, quietly=True), *options.council)
    if options.format == "json":
        screen.say_json(checked.as_data())
    else:
        screen.say(*checked.lines())
    return 1 if checked.mistakes or (options.strict and checked.warnings) else 0


COMMAND = Command("check", add_arguments, run)
