"""``putright explain``: one case, every day by name."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_cases(parser)
    parser.add_argument("reference", metavar="REFERENCE", help="the case's own number")
    arguments.add_as_at(parser)
    arguments.add_format(parser)
    parser.add_argument(
        "--all", dest="include_not_applicable", action="store_true", help="show rules that do not arise as well"
    )
    arguments.add_links(parser, "links to clauses are then whole addresses; without it they begin at its first page")


def run(options: argparse.Namespace) -> int:
    """Explain one case: every rule, its clause and its days."""
    from putright.api.audits import audit

    cases = inputs.case_file(options)
    audited = audit(
        cases,
        cases.host,
        as_at=options.as_at,
        include_not_applicable=options.include_not_applicable,
        handbook=options.handbook,
    )
    explained = audited.explain(options.reference)
    if options.format == "json":
        screen.say_json(explained.as_data())
    else:
        screen.say(*explained.lines())
    return 0


COMMAND = Command("explain", add_arguments, run)
