"""``putright annual``: a year's complaints performance and service improvement report."""

from __future__ import annotations

import argparse

from putright import extras
from putright.command import Command
from putright.commands import arguments, inputs, screen
from putright.text.plaintext import escape_markup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_cases(parser)
    parser.add_argument("--council", required=True, help="the council whose report it is")
    parser.add_argument(
        "--year", type=arguments.year, required=True, metavar="YEAR", help="the financial year, as 2025-26"
    )
    parser.add_argument("--as-at", type=arguments.date, metavar="DATE", help="the audit date; today if not given")
    arguments.add_bank_holidays(parser)
    parser.add_argument(
        "--supplied", type=arguments.path, metavar="FILE", help="what case records cannot show, by hand (YAML)"
    )
    arguments.add_withholding(parser)
    arguments.add_template(parser)
    arguments.add_published(parser)
    arguments.add_compare(parser)
    parser.add_argument(
        "--output", required=True, type=arguments.name, metavar="DIR", help="the folder to write it into"
    )
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Write a year's complaints performance and service improvement report, with the self-assessment forms."""
    from putright.api.audits import audit
    from putright.api.papers import make_annual_report

    extras.need("putright annual", "paper")
    cases = inputs.case_file(options)
    with screen.Progress() as progress:
        made = make_annual_report(
            audit(cases, cases.host, as_at=options.as_at),
            options.output,
            options.year,
            threshold=options.threshold,
            withhold=options.withhold or "breakdowns",
            supplied=options.supplied,
            published=options.published,
            compare=options.compare,
            template=options.template,
            overwrite=options.overwrite,
            progress=progress.show,
        )
    console = screen.make_console()
    for part in made.render():
        console.print(part)
    for line in made.warnings:
        console.print(escape_markup(line))
    console.print(f"Left to supply by hand: {len(made.gaps)}", markup=False)
    for gap in made.gaps:
        console.print(escape_markup(f"  {gap}"))
    console.print(escape_markup(f"Written to {options.output}:"))
    for path in made.files:
        console.print(escape_markup(f"  {path.name}"))
    return 0


COMMAND = Command("annual", add_arguments, run)
