"""``putright notebooks``: a council's training notebooks."""

from __future__ import annotations

import argparse

from putright import extras
from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--council", required=True, help="the council whose clauses, dates and cases they teach")
    parser.add_argument(
        "--output", type=arguments.path, required=True, metavar="DIR", help="the folder to write them into"
    )
    parser.add_argument("--notebook", metavar="NAME", help="only this one, for example 1-day-zero")
    parser.add_argument(
        "--questions",
        type=arguments.path,
        action="append",
        default=[],
        metavar="FILE",
        help="also a notebook of your own questions, written in YAML",
    )
    parser.add_argument(
        "--as-at", type=arguments.date, metavar="DATE", help="the day they are made for (default: a fixed one)"
    )
    parser.add_argument("--seed", type=int, metavar="S", help="another number gives other made-up cases")
    arguments.add_overwrite(parser)
    parser.add_argument(
        "--handouts",
        action="store_true",
        help="also a sheet, answers, a trainer's guide and slides of each (needs Node.js)",
    )


def run(options: argparse.Namespace) -> int:
    """Write a council's own set of training notebooks, run and with their outputs."""
    extras.need("putright notebooks", "training")
    from putright.documents.jupyterbook import check_tools
    from putright.training import guides, handouts, notebooks, open_lesson
    from putright.writing import claims

    host = inputs.load_host(options)
    council = host.named(options.council)
    as_at = options.as_at.isoformat() if options.as_at else notebooks.AS_AT
    seed = notebooks.SEED if options.seed is None else options.seed
    found = notebooks.sources(host, council, options.questions)
    names = [f"{source.name}.ipynb" for source in found]
    wanted = [name for name in names if options.notebook in (None, name.removesuffix(".ipynb"))]
    claims.check_folder("--output", options.output, notebooks.KIND, wanted, {}, overwrite=options.overwrite)
    if options.handouts:
        check_tools()
    made = notebooks.make(host, council, as_at, seed, options.notebook, options.questions)
    files = notebooks.files(made, handouts.project(list(made)))
    if options.handouts:
        guided = {name: guides.guide_of(source.path) for name, source in zip(names, found, strict=True)}
        lessons = {
            name: open_lesson(source.lesson, council, as_at, seed)
            for name, source in zip(names, found, strict=True)
            if source.lesson and name in made
        }
        files |= handouts.make(made, {name: guide for name, guide in guided.items() if guide}, lessons)
    for path in notebooks.write(files, options.output, overwrite=options.overwrite):
        screen.say(str(path))
    return 0


COMMAND = Command("notebooks", add_arguments, run)
