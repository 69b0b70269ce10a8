"""``putright map``: a mapping proposed for an export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument(
        "export", type=arguments.path, metavar="EXPORT", help="the export: .csv, .xlsx, .jsonl or .parquet"
    )
    parser.add_argument(
        "--output", required=True, type=arguments.name, metavar="FILE", help="where to write it; - is standard output"
    )
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Propose a mapping: how an export in another layout becomes case records."""
    from putright.files.detection import detect_options
    from putright.files.readers import read_table
    from putright.mapping import proposing
    from putright.writing import outputs
    from putright.writing.staging import whole_file

    to_file = options.output != outputs.STANDARD_OUTPUT
    inputs.claim(options, ("--output", options.output, kinds.MAPPING))
    detected = detect_options(options.export)
    table = read_table(options.export, detected.options)
    proposal = proposing.proposal(table, detected)
    if to_file:
        with whole_file(Path(options.output)) as file:
            file.write(proposal.text.encode("utf-8"))
        screen.say(f"Proposed mapping written to {options.output}: check every line, each says why it is there.")
    else:
        print(proposal.text, end="")
    for note in table.notes:
        screen.say(f"  how the file was read: {note}", to=sys.stdout if to_file else sys.stderr)
    for item in proposal.left or ("nothing; check it all the same",):
        screen.say(f"  left to do: {item}", to=sys.stdout if to_file else sys.stderr)
    return 0


COMMAND = Command("map", add_arguments, run)
