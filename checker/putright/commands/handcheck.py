"""``putright handcheck``: a sample to check by hand."""

from __future__ import annotations

import argparse
from pathlib import Path

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.english import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument(
        "findings", type=arguments.path, nargs="?", metavar="FINDINGS", help="findings as audit wrote them"
    )
    parser.add_argument("--cases", type=int, default=30, metavar="N", help="how many cases (default: 30)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed draws the same cases")
    parser.add_argument(
        "--verdict",
        choices=("met", "breach", "running", "no_evidence", "judgement"),
        help="draw only from cases with such a finding, and check only these findings",
    )
    parser.add_argument("--output", type=arguments.name, metavar="FILE", help="the sheet to fill in (.xlsx)")
    arguments.add_overwrite(parser)
    parser.add_argument(
        "--read", type=arguments.path, metavar="SHEET", help="read a filled sheet: how often you agreed"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how to show what --read found: text to read (the default), or JSON for programs",
    )


def run(options: argparse.Namespace) -> int:
    """Draw a random sample of cases to check by hand, or read the filled sheet back."""
    from putright.api import casework

    if options.read:
        if options.findings or options.output or options.verdict:
            raise inputs.UsageError("--read SHEET is used alone: it reads a filled sheet and draws nothing.")
        agreement = casework.read_sheet(options.read)
        return screen.show(options, agreement.as_data(), agreement.render())
    if not (options.findings and options.output):
        raise inputs.UsageError(
            "give FINDINGS and --output FILE.xlsx to draw a sample, or --read FILE.xlsx to read it back."
        )
    if not options.output.lower().endswith(".xlsx"):
        raise inputs.UsageError(
            f"--output {options.output}: the sheet is an Excel workbook, so give a name ending in .xlsx."
        )
    inputs.claim(options, ("--output", options.output, kinds.SHEET))
    sample = casework.draw_sample(options.findings, options.cases, options.seed, options.verdict)
    sample.write(Path(options.output))
    screen.say(
        f"{len(sample.drawn):,} of {counted(sample.population, 'case')} drawn (seed {options.seed}), "
        f"{counted(sample.findings.height, 'finding')} to check, written to {options.output}."
    )
    return 0


COMMAND = Command("handcheck", add_arguments, run)
