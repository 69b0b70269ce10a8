"""``putright compare``: councils side by side."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.plaintext import escape_markup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("councils", nargs="+", metavar="COUNCIL", help="a council; as many as you like")
    parser.add_argument("--procedure", help="which procedure (default: corporate, or the one there is)")
    parser.add_argument("--output", type=arguments.name, metavar="FILE", help="write it to a .json or .xlsx file")
    arguments.add_overwrite(parser)
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Set councils' procedures side by side, step by step, with the national rulebook that governs them."""
    from putright.api.policies import compare

    inputs.claim(
        options, ("--output", options.output, kinds.by_ending(options.output, kinds.COMPARISON, kinds.COMPARISON_BOOK))
    )
    host = inputs.load_host(options)
    compared = compare(host, options.councils, inputs.procedure(options, host, options.councils))
    if options.output:
        compared.write(options.output)
    if options.format == "json":
        screen.say_json(compared.as_data())
        return 0
    console = screen.make_console()
    for part in compared.render():
        console.print(part)
    if options.output:
        console.print(escape_markup(f"Comparison written to {options.output}"))
    return 0


COMMAND = Command("compare", add_arguments, run)
