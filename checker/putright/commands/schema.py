"""``putright schema``: the JSON Schema of rulebooks, for editors."""

from __future__ import annotations

import argparse
from pathlib import Path

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--output", type=arguments.name, metavar="FILE", help="write it to this .json file")
    parser.add_argument("--where", action="store_true", help="show the path of the installed schema instead")
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Show the JSON Schema of rulebooks, or write it to a file, so that an editor can check a rulebook."""
    from putright.api.kit import SCHEMA
    from putright.writing.outputs import STANDARD_OUTPUT
    from putright.writing.staging import put

    if options.where:
        screen.say(str(SCHEMA))
    elif options.output in (None, STANDARD_OUTPUT):
        print(SCHEMA.read_text("utf-8"), end="")
    else:
        inputs.claim(options, ("--output", options.output, kinds.SCHEMA))
        put(Path(options.output), SCHEMA.read_bytes())
        screen.say(f"JSON Schema of rulebooks written to {options.output}")
    return 0


COMMAND = Command("schema", add_arguments, run)
