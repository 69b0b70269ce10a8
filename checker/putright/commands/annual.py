"""``putright annual``: a year's complaints performance and service improvement report."""

from __future__ import annotations

import argparse
from pathlib import Path

from putright import calendars
from putright.command import Command
from putright.commands import arguments, extras, inputs, packing, screen
from putright.text.plaintext import escape_markup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_cases(parser)
    parser.add_argument("--council", required=True, help="the council whose report it is")
    parser.add_argument(
        "--year", type=arguments.year, required=True, metavar="YEAR", help="the financial year, as 2025-26"
    )
    parser.add_argument("--as-at", type=arguments.date, metavar="DATE", help="the audit date; today if not given")
    parser.add_argument(
        "--supplied", type=arguments.path, metavar="FILE", help="what case records cannot show, by hand (YAML)"
    )
    arguments.add_template(parser)
    arguments.add_published(parser)
    parser.add_argument(
        "--output", required=True, type=arguments.name, metavar="DIR", help="the folder to write it into"
    )
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Write a year's complaints performance and service improvement report, with the self-assessment forms."""
    from putright.auditing import summary
    from putright.committee import annual, pack
    from putright.disclosure.earlier import read_published
    from putright.statistics.supplied import Supplied, read_supplied

    extras.need("putright annual", "paper")
    cases = inputs.case_file(options)
    assert cases.council is not None  # argparse asks for it
    published = read_published(options.published, cases.council)
    order = annual.order(
        cases.path,
        Path(options.output),
        cases.council,
        options.year,
        options.as_at or calendars.today(),
        read_supplied(options.supplied) if options.supplied else Supplied(),
        inputs.read_by(options) | packing.as_inputs(published),
        keep_readable=options.keep_readable,
        template=options.template,
        earlier=published,
        overwrite=options.overwrite,
    )
    order.check()
    gathering = packing.gathered(cases, order)
    figures = summary.summarise(gathering.tally, cases.host)
    made = annual.make(gathering, cases.host, figures)
    written = pack.write(made.files, order)
    console = screen.make_console()
    for part in summary.reconciliation(figures, gathering.tally.rejected_rows()):
        console.print(part)
    for line in packing.at_risk(order, gathering, made.exposed):
        console.print(escape_markup(line))
    console.print(f"Left to supply by hand: {len(made.gaps)}", markup=False)
    for gap in made.gaps:
        console.print(escape_markup(f"  {gap.text}"))
    console.print(escape_markup(f"Written to {options.output}:"))
    for path in written:
        console.print(escape_markup(f"  {path.name}"))
    return 0


COMMAND = Command("annual", add_arguments, run)
