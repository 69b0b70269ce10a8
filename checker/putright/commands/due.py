"""``putright due``: the dates that follow from an event."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--council", help="the council; without it only national rules are shown")
    parser.add_argument("--procedure", help="which procedure (default: corporate, or the one there is)")
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
    arguments.add_bank_holidays(parser)
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Show the dates that follow from a receipt or any later event."""
    from putright.api.dates import due

    if not options.received and not options.event:
        raise inputs.UsageError("give --received DATE, or --event FIELD=DATE.")
    host = inputs.load_host(options)
    dates = due(
        host,
        options.council,
        inputs.procedure(options, host, [options.council] if options.council else []),
        received=options.received,
        events=dict(options.event),
        flags=options.flag,
    )
    if options.format == "json":
        screen.say_json(dates.as_data())
    else:
        screen.say(*dates.lines())
    return 0


COMMAND = Command("due", add_arguments, run)
