"""``putright verify``: a rulebook held against the council's own documents."""

from __future__ import annotations

import argparse

from putright import extras
from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_policy(parser)
    parser.add_argument(
        "documents",
        nargs="*",
        type=arguments.path,
        metavar="DOCUMENT",
        help="the council's own: .txt, .md, .html, .pdf or .docx; several if the policy is spread over them",
    )
    parser.add_argument(
        "--document",
        nargs="+",
        action="extend",
        default=[],
        type=arguments.path,
        metavar="FILE",
        help="the same, after another option",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 if something is not where it should be")
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Look for each clause and figure of a rulebook in the council's own document, or in several."""
    from putright.api.policies import verify

    documents = [*options.documents, *options.document]
    if not documents:
        raise inputs.UsageError("no document is named: give the council's own, for example policy.pdf.")
    if any(path.suffix.lower() == ".docx" for path in documents):
        extras.need("putright verify with a Word document", "paper")
    results = verify(inputs.load_host(options), options.policy, documents, procedure=options.procedure)
    if options.format == "json":
        screen.say_json([item for result in results for item in result.as_data()])
    else:
        console = screen.make_console()
        for result in results:
            for part in result.render():
                console.print(part)
    return 1 if options.strict and any(result.lost for result in results) else 0


COMMAND = Command("verify", add_arguments, run)
