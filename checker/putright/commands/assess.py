"""``putright assess``: a policy compared with the Codes."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.plaintext import escape_markup

if TYPE_CHECKING:
    from rich.console import RenderableType


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_policy(parser)
    parser.add_argument("--code", metavar="NAME", help="only against this national rulebook, for example lgsco")
    parser.add_argument("--form", choices=("paragraphs", "sections"), help="as the form of either Ombudsman")
    parser.add_argument("--output", type=arguments.name, metavar="FILE", help="write it to a .json or .xlsx file")
    arguments.add_overwrite(parser)
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Assess a council's policy against the Codes and Regulations that govern it, paragraph by paragraph."""
    from putright.api.policies import assess

    inputs.claim(
        options, ("--output", options.output, kinds.by_ending(options.output, kinds.ASSESSMENT, kinds.ASSESSMENT_BOOK))
    )
    assessed = assess(inputs.load_host(options), options.policy, procedure=options.procedure, code=options.code)
    if options.output:
        assessed.write(options.output, options.form)
    if options.format == "json":
        screen.say_json(assessed.rows(options.form))
        # Standard output has the answers and nothing else; what else was found goes to standard error.
        parts: Iterable[RenderableType] = assessed.contradictions_told()
    else:
        parts = assessed.render(options.form)
    console = screen.make_console(stderr=options.format == "json")
    for part in parts:
        console.print(part)
    if options.output:
        console.print(escape_markup(f"Self-assessment written to {options.output}"))
    return 0


COMMAND = Command("assess", add_arguments, run)
