"""``putright watch``: what is due in the open cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.english import counted, plural
from putright.text.plaintext import json_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_cases(parser)
    arguments.add_as_at(parser)
    for name in ("service", "team"):
        parser.add_argument(
            f"--{name}", metavar="NAME", action="append", default=[], help=f"only this {name} (may be given again)"
        )
    arguments.add_format(parser, "ics")
    parser.add_argument(
        "--output", type=arguments.name, metavar="FILE", help="where to write JSON or .ics (default: standard output)"
    )
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """List the open cases by next due date: overdue, today, this week, later."""
    from putright.api.audits import audit
    from putright.writing import outputs
    from putright.writing.staging import whole_file

    inputs.claim(options, ("--output", options.output, kinds.CALENDAR if options.format == "ics" else kinds.WATCH))
    cases = inputs.case_file(options)
    watched = audit(cases, cases.host, as_at=options.as_at).watch()
    watched = watched.only(services=options.service, teams=options.team)
    left_out = []
    if options.format == "ics":
        content, left_out = watched.as_calendar(), list(watched.left_out())
    elif options.format == "json":
        content = (json_text(watched.as_data()) + "\n").encode()
    else:
        console = screen.make_console()
        for part in watched.render():
            console.print(part)
        return 0
    if options.output in (None, outputs.STANDARD_OUTPUT):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        with whole_file(Path(options.output), private=True) as file:
            file.write(content)
        screen.say(f"{counted(len(watched.due), 'step')} with a due date written to {options.output}", to=sys.stderr)
    if options.format == "ics" and (held := len(watched.held)):
        left_out.append(
            f"{counted(held, 'step is', 'steps are')} on hold and {plural(held, 'has', 'have')} no date: "
            "--format text lists them"
        )
    screen.say(*left_out, to=sys.stderr)
    return 0


COMMAND = Command("watch", add_arguments, run)
