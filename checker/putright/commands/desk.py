"""``putright desk``: the audit in a browser."""

from __future__ import annotations

import argparse
import tempfile
import webbrowser
from html import escape
from pathlib import Path

from putright import extras
from putright.command import Command
from putright.commands import arguments
from putright.mistakes import Mistake

_TITLE = "The desk cannot be opened"


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


def windowed() -> int:
    """The desk without a terminal, for a shortcut: what a command would print is a page in the browser."""
    try:
        extras.need("The desk", "desk")
        from putright.desk.server import open_desk

        open_desk()
    except Mistake as mistake:
        webbrowser.open(_said(str(mistake)))
        return 2
    return 0


def _said(text: str) -> str:
    """The address of a page that says why the desk cannot be opened."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as file:
        file.write(
            f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{_TITLE}</title></head>'
            f"<body><main><h1>{_TITLE}</h1><p>{escape(text)}</p></main></body></html>"
        )
    return Path(file.name).as_uri()


COMMAND = Command("desk", add_arguments, run)
