"""``putright new-council``: a plugin for a council to begin from."""

from __future__ import annotations

import argparse

from putright import fields
from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("council", metavar="NAME", help="the council's name, for example 'Milton Keynes City Council'")
    parser.add_argument("--name", metavar="WORD", help="its name in case records, for example milton-keynes")
    parser.add_argument(
        "--folder", type=arguments.path, metavar="FOLDER", help="where to write it (default: putright- and its name)"
    )
    parser.add_argument(
        "--nation",
        default="england",
        metavar="NATION",
        help="whose bank holidays count: england (the default), wales, scotland, northern-ireland, or another calendar",
    )
    parser.add_argument(
        "--governed-by",
        metavar="RULEBOOK",
        help="the national rulebook that governs it, whose steps it begins with, or none (default in England: lgsco)",
    )
    parser.add_argument(
        "--procedure", choices=fields.PROCEDURES, help="its procedure (default: the one that the rulebook is for)"
    )


def run(options: argparse.Namespace) -> int:
    """Write a plugin for a council: a folder that can be installed, checked and tested before a word is changed."""
    from putright.api.kit import new_council

    made = new_council(
        inputs.load_host(options),
        options.council,
        name=options.name,
        folder=options.folder,
        nation=options.nation,
        governed_by=options.governed_by,
        procedure=options.procedure,
    )
    screen.say(*made.lines())
    return 0


COMMAND = Command("new-council", add_arguments, run)
