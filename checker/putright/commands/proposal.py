"""``putright map``: a mapping proposed for an export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen

if TYPE_CHECKING:
    from putright.api.hosts import Host
    from putright.api.samples import Proposal, Question


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument(
        "export",
        type=arguments.path,
        metavar="EXPORT",
        help="the export: .csv, .tsv, .xlsx, .xlsm, .xls, .ods, .jsonl or .parquet",
    )
    parser.add_argument(
        "--output", required=True, type=arguments.name, metavar="FILE", help="where to write it; - is standard output"
    )
    parser.add_argument(
        "--answers",
        type=arguments.path,
        metavar="FILE",
        help="answers to the questions: a YAML file with a line for each, what it is about and the answer",
    )
    parser.add_argument(
        "--from",
        dest="system",
        metavar="SYSTEM",
        help="the case system that it is from: dynamics, firmstep, icasework, jadu, salesforce or servicenow",
    )
    parser.add_argument("--ask", action="store_true", help="ask the questions one by one; Enter leaves one open")
    arguments.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Propose a mapping: how an export in another layout becomes case records."""
    from putright.api.samples import propose_mapping
    from putright.writing import outputs
    from putright.writing.staging import whole_file

    to_file = options.output != outputs.STANDARD_OUTPUT
    inputs.claim(options, ("--output", options.output, kinds.MAPPING))
    host = inputs.load_host(options, quietly=True)
    proposal = propose_mapping(options.export, options.answers, system=options.system, host=host)
    if options.ask:
        proposal = _asked(options, proposal, host)
    if to_file:
        with whole_file(Path(options.output)) as file:
            file.write(proposal.text.encode("utf-8"))
        screen.say(f"Proposed mapping written to {options.output}: each line says why it is there.")
    else:
        print(proposal.text, end="")
    _report(proposal, sys.stdout if to_file else sys.stderr)
    return 0


def _report(proposal: Proposal, to: TextIO) -> None:
    """How the file was read, what is left to do and which questions are open."""
    for note in proposal.notes:
        screen.say(f"  how the file was read: {note}", to=to)
    nothing = () if proposal.questions else ("nothing; check it all the same",)
    for item in proposal.left or nothing:
        screen.say(f"  left to do: {item}", to=to)
    for question in proposal.questions:
        screen.say(f"  question ({question.about}): {question}", to=to)


def _asked(options: argparse.Namespace, proposal: Proposal, host: Host) -> Proposal:
    """The proposal after its questions were asked one by one; an answer may bring others, or take some away."""
    from putright.api.samples import answer_questions

    def ask(question: Question) -> str:
        screen.say(f"{question}", to=sys.stderr)
        print(f"{question.about} [{question.until}]: ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip()

    return answer_questions(options.export, proposal, ask, options.answers, system=options.system, host=host)


COMMAND = Command("map", add_arguments, run)
