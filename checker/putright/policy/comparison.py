"""Councils side by side, step by step: what each procedure says, and where it differs.

The columns are the councils' rulebooks for one procedure and, before them, the national rulebooks that
govern these; the rows are the rules in the order of a case, then the topics of clauses. Nothing is judged here: it
says that a limit is shorter or a topic missing, and ``assess`` says what that means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from putright import __version__, fields
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.policy.codecomparison import differences
from putright.policy.steps import Step, step, unlike
from putright.rulebooks import Clause, Rulebook, Topic, doubts, name_of, phrases
from putright.text.grids import Grid
from putright.text.shown import Display, Showing, printed_parts
from putright.writing.outputs import write_json
from putright.writing.staging import WriteError

if TYPE_CHECKING:
    from rich.console import RenderableType

TOPICS: tuple[str, ...] = get_args(Topic)


class ComparisonError(Mistake):
    """Councils cannot be compared as asked; the text is one plain sentence."""


@dataclass(frozen=True)
class StepRow:
    """One step in every column: what each rulebook says of it, by rulebook."""

    rule: str
    asks: str
    differs: str
    """What is not alike over the columns, in words."""
    cells: dict[str, Step | None]
    beside: dict[str, list[str]]
    """For each council, how its step compares with that of the national rulebook that governs it."""


@dataclass(frozen=True)
class TopicRow:
    """The clauses on one topic in every column."""

    topic: str
    differs: str
    cells: dict[str, list[Clause]]


@dataclass(frozen=True)
class Comparison(Showing):
    """Procedures next to each other. Not to be confused with ``putright.api.decisions.Comparison``."""

    procedure: str
    """The procedure that is compared."""
    national: tuple[Rulebook, ...]
    """The national rulebooks that govern it."""
    councils: tuple[Rulebook, ...]
    """The councils' rulebooks, in the order in which they were given."""
    without: tuple[str, ...]
    """A sentence for each council that has no such procedure here."""
    steps: list[StepRow]
    """What each rulebook says of each step."""
    topics: list[TopicRow]
    """The clauses of each rulebook on each topic."""

    @property
    def columns(self) -> tuple[Rulebook, ...]:
        """The rulebooks compared, the national ones first."""
        return (*self.national, *self.councils)

    def write(self, output: str) -> None:
        """Writes it as a .json document or an .xlsx workbook, by the ending of the name."""
        from putright.writing.workbooks import write_workbook

        path = Path(output)
        ending = path.suffix.lower()
        if ending == ".json":
            write_json(self.as_data(), path)
        elif ending == ".xlsx":
            steps = [
                {"step": row.asks, "what differs": row.differs}
                | {_title(book): _told(row, book.rulebook) for book in self.columns}
                for row in self.steps
            ]
            topics = [
                {"topic": row.topic, "what differs": row.differs}
                | {_title(book): _listed(row.cells[book.rulebook]) for book in self.columns}
                for row in self.topics
            ]
            whole = [
                {"rulebook": _title(book), "in doubt of the whole document": doubt}
                for book in self.columns
                for doubt in doubts.shorts(doubts.of_book(book))
            ]
            widths = {"step": 28, "topic": 28, "what differs": 28, "rulebook": 28}
            write_workbook({"steps": steps, "topics": topics, "in doubt": whole}, path, widths, 42)
        else:
            raise WriteError(f"--output {output}: give a file ending in .json or .xlsx.")

    def shown(self) -> Display:
        """Shows it as the command prints it."""
        return printed_parts(self.render())

    def render(self) -> Iterator[RenderableType]:
        """Gives the steps, then the topics, a few columns at a time, as a command prints them."""
        from rich.markup import escape

        yield f"[bold]The {self.procedure} procedure, side by side[/bold]"
        yield from (escape(sentence) for sentence in self.without)
        for book in self.columns:
            yield from (f"{escape(_title(book))}: {escape(doubt)}" for doubt in doubts.shorts(doubts.of_book(book)))
        for start in range(0, len(self.columns), _COLUMNS):
            columns = self.columns[start : start + _COLUMNS]
            steps = [(row.asks, row.differs, [_told(row, book.rulebook) for book in columns]) for row in self.steps]
            yield _table("step", columns, steps)
        for start in range(0, len(self.columns), _COLUMNS):
            columns = self.columns[start : start + _COLUMNS]
            topics = [
                (row.topic, row.differs, [_listed(row.cells[book.rulebook], _NAMED) for book in columns])
                for row in self.topics
            ]
            yield _table("topic", columns, topics)
        yield "  'Differs' compares a council with the national rulebook named first. `assess` says what that means."

    def as_data(self) -> dict[str, Any]:
        """Gives the whole for JSON.

        ``software``; ``procedure``; ``columns`` (``rulebook``, ``title``, ``edition``, ``authority``, ``standing``,
        ``doubts`` of the whole document), national ones first; ``without``: sentences. ``steps``: ``rule``, ``asks``,
        ``differs``, ``cells`` by rulebook (null where it has no such step; keys as in ``Step``, ``start`` as
        ``from``), ``beside`` by council: sentences on how it compares with its first national rulebook. ``topics``:
        ``topic``, ``differs``, ``cells`` by rulebook: a list of clauses (``clause``, ``heading``, ``who``, ``text``,
        ``excludes``).
        """
        return {
            "software": f"putright {__version__}",
            "procedure": self.procedure,
            "columns": [
                {
                    "rulebook": book.rulebook,
                    "title": book.title,
                    "edition": book.edition,
                    "authority": book.authority,
                    "standing": book.standing,
                    "doubts": doubts.shorts(doubts.of_book(book)),
                }
                for book in self.columns
            ],
            "without": list(self.without),
            "steps": [
                {
                    "rule": row.rule,
                    "asks": row.asks,
                    "differs": row.differs,
                    "cells": {name: step and _step_data(step) for name, step in row.cells.items()},
                    "beside": row.beside,
                }
                for row in self.steps
            ],
            "topics": [
                {
                    "topic": row.topic,
                    "differs": row.differs,
                    "cells": {name: [_clause_data(clause) for clause in own] for name, own in row.cells.items()},
                }
                for row in self.topics
            ],
        }


def compare(host: Host, councils: list[str], procedure: str = "corporate") -> Comparison:
    """Set the latest editions of the councils' procedure side by side; ComparisonError where none has one."""
    names = list(dict.fromkeys(name.strip().lower() for name in councils))
    for name in names:
        if name not in host.councils:
            raise ComparisonError(f"no plugin is a council named {name!r}; known: {', '.join(host.councils)}.")
    known = dict.fromkeys(each for name in names for each in host.vocabulary.procedures_of(name))
    if procedure not in known:
        raise ComparisonError(f"no procedure is named {procedure!r}; known: {', '.join(known)}.")
    there = [name for name in names if f"{name}.{procedure}" in host.editions]
    if not there:
        raise ComparisonError(
            f"there is no {procedure} procedure of {' or '.join(names)} here; `putright plugins` lists what there is."
        )
    books = tuple(host.editions[f"{name}.{procedure}"][-1] for name in there)
    governing = dict.fromkeys(name for book in books for name in book.governed_by if name in host.editions)
    national = tuple(host.editions[name][-1] for name in governing)
    columns = (*national, *books)
    return Comparison(
        procedure=procedure,
        national=national,
        councils=books,
        without=tuple(f"There is no {procedure} procedure of {name} here." for name in names if name not in there),
        steps=[_step_row(rule, columns, host) for rule in fields.RULES if _arises(rule, columns)],
        topics=[_topic_row(topic, columns) for topic in TOPICS if _clauses_on(topic, columns)],
    )


def _short(rulebook: str) -> str:
    """A column's name for people: all columns are of one procedure."""
    return name_of(rulebook).whose


# --- steps ----------------------------------------------------------------------------------------


def _arises(rule: str, columns: tuple[Rulebook, ...]) -> bool:
    """Whether any column has the step. An extension is part of the step that it extends."""
    extends = fields.VOCABULARY[rule].act is fields.Act.EXTEND
    return not extends and any(rule in book.rulings() for book in columns)


def _step_row(rule: str, columns: tuple[Rulebook, ...], host: Host) -> StepRow:
    cells = {book.rulebook: step(book, rule) for book in columns}
    governing = {book.rulebook: book for book in columns if book.is_national}
    beside = {}
    for book in columns:
        codes = [governing[name] for name in book.governed_by if name in governing]
        if codes:
            beside[book.rulebook] = list(differences(book, codes[0], rule, host))
    return StepRow(rule, fields.RULES[rule], _differs(cells), cells, beside)


def _differs(cells: dict[str, Step | None]) -> str:
    """What is not alike: 'limit, extension differ; nothing in x'."""
    steps = [step for step in cells.values() if step]
    aspects = unlike(steps)
    if "contents" in aspects:  # other words, so other conditions
        aspects.remove("conditions")
    said = []
    if aspects:
        said.append(f"{', '.join(aspects)} differ" + ("s" if len(aspects) == 1 and aspects[0][-1] != "s" else ""))
    elif len(steps) > 1:
        said.append("the same wherever there is one")
    if lacking := [_short(name) for name, step in cells.items() if step is None]:
        said.append(f"nothing in {', '.join(lacking)}")
    elif not aspects:
        said = ["the same in all"]
    return "; ".join(said)


# --- topics ---------------------------------------------------------------------------------------


def _clauses_on(topic: str, columns: tuple[Rulebook, ...]) -> list[Clause]:
    return [clause for book in columns for clause in book.clauses if clause.topic == topic]


def _topic_row(topic: str, columns: tuple[Rulebook, ...]) -> TopicRow:
    cells = {book.rulebook: _clauses_on(topic, (book,)) for book in columns}
    lacking = [_short(name) for name, clauses in cells.items() if not clauses]
    return TopicRow(topic, f"nothing in {', '.join(lacking)}" if lacking else "clauses in all", cells)


# --- as data and as files -------------------------------------------------------------------------


def _step_data(step: Step) -> dict[str, Any]:
    data = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(step).items()}
    del data["conditions"]
    return {("from" if name == "start" else name): value for name, value in data.items()}


def _clause_data(clause: Clause) -> dict[str, Any]:
    return {
        "clause": clause.id,
        "heading": clause.heading,
        "who": clause.who,
        "text": clause.text,
        "excludes": [each.matter for each in clause.excludes],
    }


# --- for people -----------------------------------------------------------------------------------

#: How many columns a table at a terminal has, and how many clauses a cell of it names.
_COLUMNS = 3
_NAMED = 4


def _title(book: Rulebook) -> str:
    return f"{_short(book.rulebook)} ({book.edition})"


def _told(row: StepRow, name: str) -> str:
    """A cell in lines: what is asked, more time, who, which clause, and how it compares with the Code."""
    step = row.cells[name]
    lines = ["nothing"] if step is None else list(_lines(step))
    if beside := row.beside.get(name):
        lines.append(f"Differs: {'; '.join(beside)}.")
    return "\n".join(lines)


def _lines(step: Step) -> Iterator[str]:
    yield step.terms + phrases.KINDS[step.kind].mark
    if step.extension:
        yield f"Extension: {step.extension} (clause {step.extension_clause})"
    if step.who:
        yield f"Who: {'; '.join(step.who)}"
    yield f"Clause {step.clause}"
    for doubt in step.doubts:
        yield f"In doubt: {doubt}"


def _listed(clauses: list[Clause], most: int | None = None) -> str:
    """Clauses by number and heading."""
    lines = [f"{clause.id} {clause.heading}" for clause in clauses[:most]]
    if len(clauses) > len(lines):
        lines.append(f"and {len(clauses) - len(lines)} more")
    return "\n".join(lines) or "nothing"


def _table(what: str, columns: tuple[Rulebook, ...], rows: list[tuple[str, str, list[str]]]) -> RenderableType:
    grid = Grid(what, *map(_title, columns), strong=(what,), ruled=True)
    for name, differs, cells in rows:
        grid.add(f"{name}\n{differs}", *cells)
    return grid
