"""``putright watch``: what is due in the open cases."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from putright import calendars
from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.plaintext import json_text

if TYPE_CHECKING:
    from putright.auditing.audits import Audit
    from putright.auditing.casefile import CaseFile
    from putright.casework.watch import Step, Watch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_cases(parser)
    arguments.add_as_at(parser)
    parser.add_argument("--format", choices=("text", "json", "ics"), default="text")
    parser.add_argument(
        "--output", type=arguments.name, metavar="FILE", help="where to write JSON or .ics (default: standard output)"
    )
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """List the open cases by next due date: overdue, today, this week, later."""
    from putright.casework import watch
    from putright.writing import outputs
    from putright.writing.staging import whole_file

    inputs.claim(options, ("--output", options.output, kinds.CALENDAR if options.format == "ics" else kinds.WATCH))
    watched = _watched(inputs.case_file(options), options.as_at or calendars.today())
    left_out = []
    if options.format == "ics":
        content, left_out = watch.as_calendar(watched), list(watch.left_out(watched))
    elif options.format == "json":
        content = (json_text(watch.as_data(watched)) + "\n").encode()
    else:
        console = screen.make_console()
        for part in watch.render(watched):
            console.print(part)
        return 0
    if options.output in (None, outputs.STANDARD_OUTPUT):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        with whole_file(Path(options.output), private=True) as file:
            file.write(content)
        screen.say(f"{len(watched.due):,} steps with a due date written to {options.output}", to=sys.stderr)
    if options.format == "ics" and watched.held:
        left_out.append(f"{len(watched.held):,} steps are on hold and have no date: --format text lists them")
    screen.say(*left_out, to=sys.stderr)
    return 0


def _watched(cases: CaseFile, as_at: dt.date) -> Watch:
    from putright.casework import watch

    def steps(found: Audit) -> list[Step]:
        return watch.open_steps(found, cases.host)

    return watch.watch(as_at, cases.audits(as_at, messages=False, make=steps))


COMMAND = Command("watch", add_arguments, run)
