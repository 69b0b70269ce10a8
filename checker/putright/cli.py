"""The command line: the commands of ``commands``, and those that plugins bring.

Heavy imports wait until a command needs them, so that help comes at once. Exit codes: 0 it ran,
1 it ran, ``--strict`` was given and something was found, 2 it could not run.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path

from putright import __version__, extras, hookspecs
from putright.command import Command
from putright.commands import OURS, screen
from putright.commands.brought import brought_commands
from putright.mistakes import TRACEBACK, Mistake, PluginError
from putright.writing import processes


def program() -> int:
    """``main`` in a process of its own."""
    processes.tune()
    processes.heed_the_system()
    screen.take_any_letter()
    try:
        code = main()
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        code = _stop(_fault(error))
    finally:
        screen.close()
    gc.freeze()
    return code


def _fault(error: Exception) -> str:
    """A message about a fault in putright: where it is, without data from the records."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "putright" in frame.filename] or frames
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    return (
        f"this is a fault in putright and not a mistake of yours ({type(error).__name__} in {place}). "
        f"Please report it. With {TRACEBACK}=1 it says more, but may show what is in the records."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Mistakes of any kind are a sentence on standard error."""
    try:
        brought, problems = brought_commands(_NAMES)
        words = sys.argv[1:] if arguments is None else list(arguments)
        if not words:
            screen.say(*_GREETING)
            return 0
        options = _parser(brought).parse_args(words)
        if problems and (options.strict_plugins or hookspecs.is_strict()):
            raise PluginError.of(problems)
        screen.say(*(f"putright: {problem}" for problem in problems), to=sys.stderr)
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader has gone: nothing more can be said, at exit either
        screen.silence(sys.stdout)
        return 0
    except KeyboardInterrupt as stopped:
        return _stop("stopped.", 143 if isinstance(stopped, processes.Terminated) else 130)
    except Mistake as error:
        return _stop(str(error))
    except ModuleNotFoundError as error:
        if sentence := extras.missing(error):
            return _stop(sentence)
        raise
    except MemoryError:
        return _stop("there is not enough memory for this: try a smaller file, or on a larger machine.")
    except OSError as error:
        if error.filename:
            return _stop(f"{os.fsdecode(error.filename)} cannot be used: {error.strerror or error}.")
        screen.silence(sys.stdout)
        return _stop(f"standard output cannot be written: {error.strerror or error}.")


def _stop(why: str, code: int = 2) -> int:
    """Say on standard error why a command ends; nobody may be there to read it."""
    with contextlib.suppress(OSError):
        screen.say(*(f"putright: {line}" for line in why.splitlines()), to=sys.stderr)
    return code


#: What putright says where no command is given: what to try first, and with what.
_GREETING = (
    "putright checks complaint cases against your procedure and the Complaint Handling Code.",
    "",
    "Try these first:",
    "  putright desk                        the whole audit in your browser, on this machine",
    "  putright audit cases.csv             every case judged, and what became of every row",
    "  putright watch cases.csv             what is overdue, and what is due next",
    "  putright explain cases.csv 1234      one case, with its clauses and the days counted",
    "  putright due --received 22/11/2026   the dates that follow from a complaint",
    "",
    "No file yet? 'putright sample --council coventry --output cases.csv' makes one up.",
    "'putright --help' lists every command, and 'putright COMMAND --help' its options.",
)

#: The names of our own commands.
_NAMES = frozenset(command.name for command in OURS)


def _parser(brought: Iterable[Command] | None = None) -> argparse.ArgumentParser:
    """The parser of our commands, and of those that plugins bring."""
    brought = brought_commands(_NAMES)[0] if brought is None else brought
    parser = argparse.ArgumentParser(
        prog="putright",
        description="Audits complaint cases against the Ombudsman's Complaint Handling Code and a council's "
        "own procedure, and shows the clause and the days behind every verdict.",
    )
    parser.add_argument("--version", action="version", version=f"putright {__version__}")
    parser.add_argument(
        "--only-plugins", metavar="NAME,NAME", help="load these plugins and no others (the national one always is)"
    )
    parser.add_argument(
        "--strict-plugins", action="store_true", help="stop if a plugin cannot be used, instead of leaving it out"
    )
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in (*OURS, *brought):
        what = command.run.__doc__
        one = parsers.add_parser(command.name, help=what, description=what)
        one.set_defaults(run=command.run)
        command.arguments(one)
    return parser


if __name__ == "__main__":
    sys.exit(program())
