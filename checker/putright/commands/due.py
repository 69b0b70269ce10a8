"""``putright due``: the dates that follow from an event."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--council", help="the council; without it only national rules are shown")
    parser.add_argument("--procedure", default="corporate", help="which procedure (default: corporate)")
    parser.add_argument("--received", type=arguments.date, metavar="DATE", help="the day the complaint was received")
    parser.add_argument(
        "--event",
        type=arguments.event,
        action="append",
        default=[],
        metavar="FIELD=DATE",
        help="a later event, as stage1_acknowledged=2026-12-22; may be given more than once",
    )
    parser.add_argument("--flag", action="append", default=[], help="a flag of the case, as landlord")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """Show the dates that follow from a receipt or any later event."""
    from putright import fields
    from putright.casework import duedates

    events = dict(options.event) | ({"received": options.received} if options.received else {})
    if not events:
        raise inputs.UsageError("give --received DATE, or --event FIELD=DATE.")
    for name in events:
        if name not in fields.DATES:
            raise inputs.UsageError(f"{name!r} is not a date of a case record; dates: {', '.join(fields.DATES)}.")
    if options.procedure not in fields.PROCEDURES:
        raise inputs.UsageError(f"no procedure is named {options.procedure!r}; known: {', '.join(fields.PROCEDURES)}.")
    host = inputs.load_host(options)
    dates = duedates.due_dates(
        host, inputs.named_council(options, host), options.procedure, events, ";".join(options.flag)
    )
    if options.format == "json":
        screen.say_json([duedates.due_data(date) for date in dates])
    else:
        screen.say(*duedates.due_lines(dates))
    return 0


COMMAND = Command("due", add_arguments, run)
