"""``putright ombudsman``: published decisions, counted again."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(options: argparse.Namespace) -> int:
    """Compare what the Ombudsman counted in published decisions with our count."""
    from putright.api.decisions import decisions

    console = screen.make_console()
    for part in decisions(inputs.load_host(options)).render():
        console.print(part)
    return 0


COMMAND = Command("ombudsman", add_arguments, run)
