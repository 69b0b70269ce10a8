"""Made-up cases, and a mapping proposed for an export."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from putright import calendars
from putright.files.detection import detect_options
from putright.files.readers import read_table, read_tables
from putright.files.tables import ROW, ROW_ERROR, key
from putright.mapping import proposing
from putright.mapping.columnuses import ColumnUse
from putright.mapping.profiles import profile
from putright.mapping.proposing import Proposal
from putright.mapping.questions import Answers, Question, Word, read_answers
from putright.mapping.reading import read_mapping
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.synthetic.sample import sample as synthetic
from putright.synthetic.sample import write_sample

__all__ = [
    "ColumnUse",
    "Proposal",
    "Question",
    "Word",
    "answer_questions",
    "has_own_names",
    "mapping_columns",
    "propose_mapping",
    "sample",
    "write_sample",
]


def sample(
    host: Host, council: str, cases: int = 600, seed: int = 1, *, year_ending: dt.date | None = None
) -> list[dict[str, object]]:
    """Makes up cases of a council with realistic faults, received in the year that ends on ``year_ending``.

    ``cases`` is how many. Each is a row: field to value, dates as dates. The same seed gives the same cases.
    ``year_ending`` is today where it is not given. ``write_sample`` writes them to a file.
    """
    if cases < 1:
        raise Mistake("the number of cases must be 1 or more.", field="cases", value=cases)
    return synthetic(host, host.named(council), cases, seed, year_ending=year_ending or calendars.today())


def propose_mapping(
    path: str | os.PathLike[str],
    answers: str | os.PathLike[str] | None = None,
    *,
    system: str | None = None,
    host: Host | None = None,
) -> Proposal:
    """Proposes a mapping: how an export in another layout may become case records. Its questions are for a person.

    ``answers`` is a YAML file with a person's answers: what each question is about, and the answer. ``system`` is the
    case system that the export is from, for example ``jadu``: what is known of its columns is not asked. ``host`` has
    the plugins whose headings are known.
    Raises a Mistake where a file cannot be read, an answer answers nothing, or the system is not known.
    """
    given = read_answers(Path(answers)) if answers is not None else Answers()
    return _proposal(Path(path), given, system, host)


def has_own_names(path: str | os.PathLike[str], host: Host) -> list[str] | None:
    """The columns of a file whose columns are all fields of a case record; None where it needs a mapping.

    Raises a Mistake where the file cannot be read.
    """
    first = next(iter(read_tables(Path(path))), None)
    columns = [] if first is None else [name for name in first.frame.columns if name not in (ROW, ROW_ERROR)]
    named = {"reference", "received"} <= set(columns) <= host.vocabulary.every_field().keys()
    return columns if named else None


def mapping_columns(path: str | os.PathLike[str], host: Host) -> list[str]:
    """The columns that a mapping reads, by their headings in small letters. Raises a Mistake where it cannot be read.

    A mapping with a question that has to be answered first cannot be read.
    """
    mapping = read_mapping(Path(path), host.vocabulary)
    return list(dict.fromkeys(key(column) for _, column in mapping.columns()))


def answer_questions(
    path: str | os.PathLike[str],
    proposal: Proposal,
    ask: Callable[[Question], str],
    answers: str | os.PathLike[str] | None = None,
    *,
    system: str | None = None,
    host: Host | None = None,
) -> Proposal:
    """Asks each question of a proposal, and proposes again with the answers; the same for questions that these bring.

    ``ask`` gives the answer to a question, blank to leave it open. ``answers``, ``system`` and ``host`` are
    those that the proposal was made with. Raises a Mistake where an answer cannot be one.
    """
    given = dict(read_answers(Path(answers)).given) if answers is not None else {}
    seen: set[str] = set()
    while new := [question for question in proposal.questions if question.about not in seen]:
        for question in new:
            seen.add(question.about)
            if answer := ask(question):
                given[question.about] = answer
        proposal = _proposal(Path(path), Answers(given), system, host)
    return proposal


def _proposal(path: Path, answers: Answers, system: str | None, host: Host | None) -> Proposal:
    detected = detect_options(path)
    table = read_table(path, replace(detected.options, numbered=True))
    return proposing.proposal(
        table,
        detected,
        answers,
        profile(system) if system is not None else None,
        host.headings if host is not None else None,
    )
