"""Propose a mapping from an export's column names and values, with a reason for each line.

A person finishes the proposal: whatever is unclear is listed for them and not guessed. Values of free text are
never quoted, since they may be about a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from putright.files.detection import DetectedOptions
from putright.files.tables import DEFAULTS, ROW, ROW_ERROR, Table, key
from putright.mapping.columnuses import ColumnUse, column_uses
from putright.mapping.datestyles import DateStyles
from putright.mapping.draft import Draft
from putright.mapping.exportcolumns import Column, as_text
from putright.mapping.fieldlines import FieldLines, ask_closing_date
from putright.mapping.fingerprints import kind_of
from putright.mapping.profiles import Profile, fitting
from putright.mapping.questions import ANSWER_FIRST, IGNORE, Answers, Asking, Question, Word
from putright.mapping.rowlines import row_layout, row_lines, status_columns, status_lines
from putright.mapping.wordlines import WordLines
from putright.mapping.yamllines import Lines, one_line, yaml
from putright.text.english import counted, listed

_OUT = {
    "due": "putright works out due dates and times taken itself",
    IGNORE: "your answer",
    "the stage reached": "the stage that the case has reached: asked below",
}


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping, and what a person still has to do."""

    text: str
    left: tuple[str, ...]
    """What has to be done before anything can be audited, or what a person has to put right in the file."""
    notes: tuple[str, ...] = ()
    """How the file was read."""
    questions: tuple[Question, ...] = ()
    """What the mapping leaves open."""
    columns: tuple[ColumnUse, ...] = ()
    """What each column was taken for."""
    words: tuple[Word, ...] = ()
    """What each word of the columns that are used was taken for, where that was plain."""


def propose(table: Table) -> str:
    """A proposed mapping as YAML."""
    return proposal(table).text


def proposal(
    table: Table,
    detected: DetectedOptions | None = None,
    answers: Answers | None = None,
    profile: Profile | None = None,
    headings: Mapping[str, str] | None = None,
) -> Proposal:
    """A proposed mapping, and the questions it leaves open; ``detected`` says how the file had to be read.

    ``profile`` is the case system that it is from, whose answers count where a person has given none. ``headings`` are
    those of councils' own exports, each with its field. Raises a Mistake for an answer that answers nothing, or cannot
    be one.
    """
    frame = table.frame
    columns = {name: Column(name, as_text(frame[name])) for name in frame.columns if name not in (ROW, ROW_ERROR)}
    given = answers or Answers()
    if profile is not None:
        given = Answers({**profile.answers(columns), **given.given}, given.path)
    asking = Asking(given)
    draft = Draft(
        columns,
        asking,
        rows=row_layout(columns, asking),
        dates=DateStyles(columns, asking),
        words=WordLines(asking),
        headings=headings or {},
    )
    if draft.rows.left:
        draft.left.append(draft.rows.left)
    rows, status_and_date = row_lines(draft), status_columns(draft)
    FieldLines(draft).place()
    status = status_lines(draft, status_and_date)
    ask_closing_date(draft)
    parts = [
        _head(table, detected or DetectedOptions(DEFAULTS, {})),
        f"layout: {draft.rows.kind}  # {one_line(draft.rows.why)}",
        draft.dates.line(),
        draft.dates.zone_line(),
        rows,
        str(draft.fields) if draft.fields.lines else "",
        status,
        str(draft.words),
        _blanks(draft),
        _left_out(draft),
        _made_for(draft),
    ]
    notes = list(table.notes)
    system = fitting(columns) if profile is None and asking.open else None
    if system is not None:
        known = f"the columns may be those of {system.title}: with `--from {system.name}` less is asked"
        parts[0] += f"\n#   {known}"
        notes.append(known)
    left = (*_needs(draft), *draft.left, *draft.dates.unreadable.values())
    asking.answers.check(dict.fromkeys([*asking.asked, *(f"column {name}" for name in columns)]))
    parts += [_questions(asking), _to_do(left)]
    text = "\n".join(part for part in parts if part) + "\n"
    words = tuple(asking.words.values())
    return Proposal(text, left, tuple(notes), tuple(asking.open.values()), column_uses(draft), words)


def _head(table: Table, detected: DetectedOptions) -> str:
    """How the file was read."""
    lines = Lines(
        "# A mapping proposed by putright map from the column names and values of an export.\n"
        "# The comment next to a line says why it was proposed. What is uncertain is under questions:."
    )
    for note in table.notes:
        lines.add(f"#   {one_line(note)}")
    options = detected.options
    if options.heading:
        first, last = options.heading[0], options.heading[-1]
        lines.add(f"heading: {first if first == last else [first, last]}", detected.why["heading"])
    if options.every_sheet:
        lines.add("sheets: all", detected.why["sheets"])
    if options.encoding:
        lines.add(f"encoding: {options.encoding}", detected.why["encoding"])
    return str(lines)


def _blanks(draft: Draft) -> str:
    """The words of the columns used that mean *not recorded*."""
    found: dict[str, None] = {}
    for name, column in draft.columns.items():
        if name in draft.placed and column.values:
            found |= {key(word): None for word in column.blanks}
    shown = ", ".join(json.dumps(word, ensure_ascii=False) for word in found)
    return f"blank: [{shown}]  # these words are taken as not recorded" if found else ""


def _left_out(draft: Draft) -> str:
    """The columns that the mapping leaves out, with the reason for each."""
    placed, given = draft.placed, draft.given
    alone = [name for name, use in placed.items() if " " in use and use.partition(" ")[0] not in given]
    out = Lines("ignore:")
    for name, column in draft.columns.items():
        use = placed.get(name)
        if use in _OUT:
            out.add(f"  - {yaml(name)}", _OUT[use])
        elif use is None or name in alone:
            asked = "; asked below" if f"column {name}" in draft.asking.open else ""
            kind = "dates" if column.is_date else "yes or no" if column.is_boolean else "text"
            said = f"names no field: {kind}, {counted(len(column.values), 'different value')}"
            out.add(f"  - {yaml(name)}", (said if column.values else "empty in this file") + asked)
    return str(out) if out.lines else ""


def _made_for(draft: Draft) -> str:
    """What each column holds in this file."""
    lines = Lines("made_for:  # what each column held; an audit says where a later file differs")
    for name, column in draft.columns.items():
        lines.add(f"  {yaml(name)}: {kind_of(column.cells)}")
    return str(lines) if lines.lines else ""


def _needs(draft: Draft) -> tuple[str, ...]:
    """Every case needs a reference and a day of receipt: where nothing gives one, a person has to name it."""
    needs = []
    if draft.rows.case is None and "reference" not in draft.given:
        needs.append("name the column with the case number (reference): every case needs it")
    if "received" not in draft.given:
        closing = draft.holders.get("closed", [])
        free = [name for name, column in draft.columns.items() if column.is_date and name not in closing]
        which = f" One of these may: {listed(map(repr, free[:6]))}." if free else ""
        needs.append(f"name what holds the day the complaint was received (received): every case needs it.{which}")
    return tuple(needs)


def _questions(asking: Asking) -> str:
    """The open questions, as the mapping keeps them."""
    if not asking.open:
        return ""
    lines = [
        "# Answer with `putright map --answers FILE`, or change the lines above and take the question away.",
        "questions:",
    ]
    for question in asking.open.values():
        lines += [
            f"  - about: {yaml(question.about)}",
            f"    ask: {json.dumps(one_line(str(question)), ensure_ascii=False)}",
        ]
        if question.until == ANSWER_FIRST:
            lines.append("    first: true")
    return "\n".join(lines)


def _to_do(left: tuple[str, ...]) -> str:
    return "\n".join(["# Left to do:", *(f"#   {one_line(item)}" for item in left)]) if left else ""
