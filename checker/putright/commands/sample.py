"""``putright sample``: made-up cases."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.english import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--council", required=True)
    parser.add_argument("--cases", type=int, default=600, metavar="N", help="how many (default: 600)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same cases")
    parser.add_argument(
        "--year-ending", type=arguments.date, metavar="DATE", help="the last day of the year (default: today)"
    )
    arguments.add_bank_holidays(parser)
    parser.add_argument(
        "--output", type=arguments.path, required=True, metavar="FILE", help=".csv, .xlsx, .jsonl or .parquet"
    )
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Write synthetic cases of a council, with realistic faults."""
    from putright.api import samples

    if options.cases < 1:
        raise inputs.UsageError("--cases must be 1 or more.")
    host = inputs.load_host(options)
    council = host.named(options.council)
    inputs.claim(options, ("--output", options.output, kinds.CASES))
    rows = samples.sample(host, council, options.cases, options.seed, year_ending=options.year_ending)
    samples.write_sample(rows, options.output)
    screen.say(
        f"{counted(len(rows), 'synthetic case')} of {council} written to {options.output} (seed {options.seed})."
    )
    return 0


COMMAND = Command("sample", add_arguments, run)
