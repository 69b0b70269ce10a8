"""``putright verify``: a rulebook held against the council's own document."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, extras, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_policy(parser)
    parser.add_argument(
        "--document",
        type=arguments.path,
        required=True,
        metavar="FILE",
        help="the council's own: .txt, .md, .pdf or .docx",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 if something is not where it should be")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """Look for each clause and figure of a rulebook in the council's own document."""
    from putright.policy import documents, verification

    if options.document.suffix.lower() == ".docx":
        extras.need("putright verify with a Word document", "paper")
    lines = documents.read_lines(options.document)
    results = [verification.verify(book, lines) for book in inputs.named_policies(options, inputs.load_host(options))]
    if options.format == "json":
        data = [item for result in results for item in verification.as_data(result)]
        screen.say_json(data)
    else:
        console = screen.make_console()
        for result in results:
            for part in verification.render(result):
                console.print(part)
    lost = any(checked.found != "in the clause" for result in results for checked in result)
    return 1 if options.strict and lost else 0


COMMAND = Command("verify", add_arguments, run)
