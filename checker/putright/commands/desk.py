"""``putright desk``: the audit in a browser."""

from __future__ import annotations

import argparse

from putright import extras
from putright.command import Command
from putright.commands import arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("file", nargs="?", type=arguments.path, metavar="FILE", help="the export to open")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="the port (default: one that is free)")
    parser.add_argument(
        "--no-open", dest="browser", action="store_false", help="do not open the browser: only print the address"
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: write a whole number from 1 to 65535, or 0 for one that is free")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Open the desk: the whole audit in your own browser, on this machine alone."""
    extras.need("putright desk", "desk")
    from putright.desk.server import open_desk

    open_desk(options.file, port=options.port, browser=options.browser, say=lambda line: print(line, flush=True))
    return 0


COMMAND = Command("desk", add_arguments, run)
