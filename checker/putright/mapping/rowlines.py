"""The part of a proposed mapping that says what a row is: a case, a stage of one or an event, and its status."""

from __future__ import annotations

from collections.abc import Mapping

from putright.fields import FIELDS, STAGES
from putright.files.tables import key
from putright.mapping import columnnames
from putright.mapping.draft import ENDS, Draft
from putright.mapping.exportcolumns import Column
from putright.mapping.layouts import FEW, Layout, find_layout, step_field, step_of
from putright.mapping.mappingfile import LAST_STAGE
from putright.mapping.questions import IGNORE, Asking, Question, Word
from putright.mapping.wordlines import REJECTED
from putright.mapping.yamllines import Lines, flow, yaml

_STAGES = ("1", "2", "3")
#: The steps that an unknown event most often is.
_STEPS = (
    "received",
    "stage1_acknowledged",
    "stage1_extension_notified",
    "stage1_responded",
    "stage2_requested",
    "closed",
)
#: The words of the name of a column with the dates of events.
_OF_EVENTS = {"event", "date", "time", "activity", "when", "action"}


def row_layout(columns: Mapping[str, Column], asking: Asking) -> Layout:
    """What a row is. A person is asked where a column says a stage and others are named for one."""
    found = find_layout(columns)
    if found.stage is None or found.kind == "event" or not found.doubt:
        return found
    question = Question(
        f"stage column {found.stage}",
        f"Does {found.stage!r} say which stage the dates of its row are of, or which stage the case has reached?",
        ("row", "reached"),
        found.doubt,
        depends="Every date of the row counts for that stage if it is the row's.",
    )
    return found if asking.choice(question) == "row" else found.as_cases()


def row_lines(draft: Draft) -> str:
    """The lines on the rows of the draft's layout."""
    return {"event": event_lines, "stage": stage_lines, "case": case_lines}[draft.rows.kind](draft)


def case_lines(draft: Draft) -> str:
    """One row is one case: nothing to say, but for a column with the stage that the case has reached."""
    if draft.rows.reached is not None:
        draft.placed[draft.rows.reached] = "the stage reached"
    return ""


def stage_lines(draft: Draft) -> str:
    """The columns with the case and the stage, and the words for stages."""
    case, stage = draft.rows.case, draft.rows.stage
    assert case is not None and stage is not None
    draft.placed |= {case: "case", stage: "stage"}
    lines = Lines("", [(f"case: {yaml(case)}", "the name"), ("stage:", "")])
    lines.add(f"  column: {yaml(stage)}", "its words name stages")
    lines.add("  words:")
    for word in draft.columns[stage].words:
        if (number := columnnames.stage_of(word)) in STAGES:
            ours = draft.asking.word(Word(f"stage {word}", word, str(number), _STAGES))
            lines.add(f"    {yaml(word)}: {ours}", "" if ours == str(number) else "your answer")
            continue
        asked = f"Which stage is {word!r:.40} (column {stage!r})?"
        if answer := draft.asking.choice(Question(f"stage {word}", asked, _STAGES, REJECTED)):
            lines.add(f"    {yaml(word)}: {answer}", "your answer")
    return str(lines)


def event_lines(draft: Draft) -> str:
    """The columns with the case, the event and its date, and the field that each event dates."""
    case, columns = draft.rows.case, draft.columns
    assert case is not None
    dates = [name for name, column in columns.items() if column.is_date]
    named = [name for name in dates if set(columnnames.plain(name)) <= _OF_EVENTS]
    date = next(iter([*named, *dates]), None)
    draft.placed |= {case: "case", **dict.fromkeys(draft.rows.event, "event")}
    lines = Lines("", [(f"case: {yaml(case)}", "the name")])
    joined = ", ".join(flow("column", yaml(name)) for name in draft.rows.event)
    lines.add(f"event: {joined if len(draft.rows.event) == 1 else f'[{joined}]'}", "its words name steps")
    if date is None:
        draft.left.append("no column holds the dates of the events: export it too, and run this again")
        lines.add("# date:", "no column holds dates")
    else:
        draft.placed[date] = "date"
        lines.add(f"date: {yaml(date)}", "the name" if named else "holds dates: check")
    lines.add("events:")
    ignored = [word for word in draft.rows.happened.words if not _event_line(draft, lines, word)]
    if ignored:
        shown = ", ".join(flow("word", yaml(word)) for word in ignored)
        lines.add(f"# until you say what they mean\nignore_events: [{shown}]")
    return str(lines)


def _event_line(draft: Draft, lines: Lines, word: str) -> bool:
    """The line for an event; False if it is ignored."""
    if name := step_of(word):
        _dating(draft, lines, word, name, FIELDS[name].meaning)
        return True
    if hold := columnnames.hold_mark(word):
        holds, mark = f"stage{hold[0]}_holds", hold[1]
        lines.add(f"  {yaml(word)}: {{field: {holds}, marks: {mark}}}", "a hold; stage 1 unless named: check")
        draft.given.add(holds)
        return True
    likely = columnnames.match(word, dates=True)
    field = step_field(likely) if likely is not None else None
    question = Question(
        f"event {word}",
        f"Which step is the event {word!r:.40}?",
        (*dict.fromkeys([*([field] if field else []), *_STEPS]), IGNORE),
        field or IGNORE,
        depends="An event that is ignored gives no date.",
    )
    answer = draft.asking.field(question)
    if answer in (None, IGNORE):
        return False
    _dating(draft, lines, word, str(answer), draft.asking.why(question, "likely"))
    return True


def _dating(draft: Draft, lines: Lines, word: str, name: str, why: str) -> None:
    """The line for an event that dates a field. Of several ends of a case the last counts: it was opened again."""
    draft.events[word] = name
    draft.given.add(name)
    target = name
    if draft.rows.repeats(word):
        take = "last" if name in ENDS else "first"
        target = f"{{field: {name}, take: {take}}}"
        why += f"; in some cases more than once, so the {take}: check"
    lines.add(f"  {yaml(word)}: {target}", why)


def status_columns(draft: Draft) -> tuple[str, str] | None:
    """A status column of few words, and the column that holds its date."""
    named = {name: c for name, c in draft.columns.items() if "status" in columnnames.plain(name)}
    status = next((name for name, column in named.items() if not column.is_date), None)
    date = next((name for name, column in named.items() if column.is_date), None)
    if draft.rows.kind == "event" or status is None or date is None or len(draft.columns[status].values) > FEW:
        return None
    draft.placed |= {status: "status", date: "status"}
    return status, date


def status_lines(draft: Draft, columns: tuple[str, str] | None) -> str:
    """What each status means, where no column of its own holds that date; and tick-boxes for the end of a case."""
    lines = Lines("status:")
    if columns is not None:
        _status(draft, lines, *columns)
    for name, column in draft.columns.items():
        if name not in draft.placed and column.is_boolean:
            _ended(draft, lines, name)
    return str(lines) if lines.lines else ""


def _status(draft: Draft, lines: Lines, status: str, date: str) -> None:
    """A status column and its date."""
    _begin(draft, lines, status, date, "the name")
    for word in draft.columns[status].words:
        name, why = _status_step(draft, word, date)
        if name and name in draft.holders:
            lines.add(f"      {yaml(word)}:", f"{draft.holders[name][0]!r} holds that date")
            continue
        lines.add(f"      {yaml(word)}: {name or ''}".rstrip(), why)
        if name:
            draft.given.add(name)


def _begin(draft: Draft, lines: Lines, status: str, date: str, why: str) -> None:
    lines.add(f"  - column: {yaml(status)}", "the name")
    lines.add(f"    date: {yaml(date)}", why)
    if draft.rows.kind == "stage":
        lines.add(f"    take: {LAST_STAGE}", "a case ends when its last stage does")
    lines.add("    words:")


def _ended(draft: Draft, lines: Lines, name: str) -> None:
    """Ask which column has the date, where one says only whether a case was withdrawn or refused."""
    found = columnnames.match(name, dates=True)
    if found is None or not found.sure or found.field not in ENDS[1:] or found.field in draft.given:
        return
    closing = draft.holders.get("closed", [])
    dates = list(dict.fromkeys([*closing, *(each for each, column in draft.columns.items() if column.is_date)]))
    question = Question(
        f"date of {name}",
        f"{name!r} says yes or no, and not when. Which column has the day on which the case was {found.field}?",
        (*dates, IGNORE),
        closing[0] if closing else IGNORE,
        depends=f"A case that was {found.field} has no more time limits from that day.",
    )
    date = draft.asking.choice(question)
    if draft.rows.kind == "event" or date is None or date == IGNORE:
        return
    draft.placed[name] = "status"
    draft.given.add(found.field)
    _begin(draft, lines, name, date, draft.asking.why(question))
    for word in draft.columns[name].words:
        lines.add(f"      {yaml(word)}: {found.field if key(word) in columnnames.TRUE else ''}".rstrip())


def _status_step(draft: Draft, word: str, date: str) -> tuple[str | None, str]:
    """The step that a status means, and why."""
    if columnnames.is_state(word):
        return None, "a state, not an event"
    found = columnnames.match(word, dates=True)
    if found is not None and found.sure and step_field(found) and (name := draft.target(found)):
        return name, "the word"
    suggested = columnnames.suggested(word)
    end = suggested.field if suggested is not None and suggested.field in ENDS else IGNORE
    asked = f"Which step does the status {word!r:.40} mean?"
    question = Question(f"status {word}", asked, (*ENDS, IGNORE), end, depends=f"Its date is that of {date!r}.")
    answer = draft.asking.field(question)
    return (None if answer == IGNORE else answer), draft.asking.why(question)
