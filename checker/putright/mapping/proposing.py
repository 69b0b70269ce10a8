"""Propose a mapping from an export's column names and values, with a reason for each line.

A person finishes the proposal: whatever is unclear is listed for them and not guessed. Values of free text are
never quoted, since they may be about a person.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import polars as pl

from putright.fields import FIELDS, OUTCOMES, PROCEDURES, STAGES, Type
from putright.files.detection import DetectedOptions
from putright.files.tables import DEFAULTS, ROW, ROW_ERROR, Table, key
from putright.mapping import columnnames
from putright.mapping.columnnames import FALSE, TRUE, UPHELD, Match, Meaning
from putright.mapping.exportcolumns import FORMATS, RIVALS, Column, as_text, fits
from putright.mapping.layouts import FEW, Layout, find_layout, step_field, step_of
from putright.mapping.mappingfile import ANY_STAGE, expand
from putright.mapping.questions import ANSWER_FIRST, IGNORE, Answers, Question
from putright.mapping.yamllines import Lines, flow, one_line, yaml
from putright.mistakes import Mistake
from putright.text.english import counted, listed


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


def propose(table: Table) -> str:
    """A proposed mapping as YAML."""
    return proposal(table).text


def proposal(table: Table, detected: DetectedOptions | None = None, answers: Answers | None = None) -> Proposal:
    """A proposed mapping, and the questions it leaves open; ``detected`` says how the file had to be read.

    Raises a Mistake for an answer that answers nothing, or cannot be one.
    """
    return _Proposer(table, detected or DetectedOptions(DEFAULTS, {}), answers or Answers()).proposal()


class _Proposer:
    """Builds one proposal."""

    def __init__(self, table: Table, detected: DetectedOptions, answers: Answers) -> None:
        frame = table.frame
        self.notes = table.notes
        self.detected = detected
        self.answers = answers
        self.height = frame.height
        self.columns = {
            name: Column(name, as_text(frame[name])) for name in frame.columns if name not in (ROW, ROW_ERROR)
        }
        self.left: list[str] = []
        self.questions: dict[str, Question] = {}
        """What is open, by what it is about."""
        self.asked: set[str] = set()
        """What every question was about, answered or not."""
        self.placed: dict[str, str] = {}
        """Each column with the use found for it."""
        self.fields = Lines("fields:")
        self.words: dict[str, dict[str, str]] = {}
        self.events: dict[str, str] = {}
        self.ignored_events: list[str] = []
        self.unknown: dict[str, list[str]] = {}
        self.given: set[str] = set()
        self.holders: dict[str, list[str]] = {}
        """Each field of dates with the columns that hold it."""
        self.dates = self._dates()
        self.rows = self._layout()
        self.layout, self.case, self.stage = self.rows.kind, self.rows.case, self.rows.stage
        if self.rows.left:
            self.left.append(self.rows.left)

    def _layout(self) -> Layout:
        """What a row is. A person is asked where a column says a stage and others are named for one."""
        found = find_layout(self.columns)
        if found.stage is None or found.kind == "event" or not found.doubt:
            return found
        question = Question(
            f"stage column {found.stage}",
            f"Does {found.stage!r} say which stage the dates of its row are of, or which stage the case has reached?",
            ("row", "reached"),
            found.doubt,
            depends="Every date of the row counts for that stage if it is the row's.",
        )
        answer = self._one_of(question)
        if answer == "row":
            return found
        self.placed[found.stage] = "the stage reached"
        return found.as_cases()

    # --- questions ---

    def _answer(self, question: Question) -> str | None:
        """The answer given to a question, or the one that holds until there is one."""
        self.asked.add(question.about)
        given = self.answers.of(question.about)
        if given is None:
            self.questions[question.about] = question
            return question.default
        return given

    def _one_of(self, question: Question) -> str | None:
        """The answer, which must be one of the choices."""
        answer = self._answer(question)
        if answer is not None and answer not in question.choices:
            raise Mistake(
                f"{self.answers.where}{answer!r} is not an answer to {question.about!r}: "
                f"use {listed(question.choices, 'or')}."
            )
        return answer

    # --- dates ---

    def _dates(self) -> str | None:
        """The format for the whole file; None if the values do not show whether the day or the month is first."""
        found = [column for column in self.columns.values() if column.formats]
        if not found:
            mixed = [column.mixed[0] for column in self.columns.values() if column.mixed]
            return max(mixed, key=mixed.count) if mixed else "iso"
        counts = {name: sum(name in column.formats for column in found) for name in FORMATS}
        best = max(counts, key=lambda name: counts[name])
        rivals = next((pair for pair in RIVALS if best in pair and counts[pair[0]] == counts[pair[1]]), None)
        return best if rivals is None else self._asked_order(rivals)

    def _asked_order(self, rivals: tuple[str, str]) -> str | None:
        """The order of day and month, which no value of the file decides."""
        samples = [column.values[0] for column in self.columns.values() if rivals[0] in column.formats][:3]
        question = Question(
            "dates",
            "Is the day or the month first in the dates? No value of the file decides it.",
            ("day-first", "month-first"),
            ANSWER_FIRST,
            tuple(samples),
        )
        answer = self._one_of(question)
        return None if answer is None else rivals[question.choices.index(answer)]

    def _date_lines(self) -> str:
        if self.dates is None:
            return "# dates:  # asked below: day-first or month-first"
        fitting = sum(self.dates in column.formats for column in self.columns.values())
        text = f"dates: {yaml(self.dates)}"
        return f"{text}  # {counted(fitting, 'column')} can be read so in every value"

    def _own_dates(self, column: Column) -> tuple[str, str]:
        """A column's own ``dates:``, if it needs them, and a comment on its values."""
        if not column.values:
            return "", "empty in this file"
        if column.mixed:
            bad = [value for value in column.values if not any(fits(value, name) for name in column.mixed)]
            styles = ", ".join(yaml(name) for name in column.mixed)
            said = "more than one style of date" if len(column.mixed) > 1 else "dates"
            if bad:
                said += f"; {counted(len(bad), 'value')} cannot be read, for example {bad[0]!r:.30}"
                self.left.append(
                    f"column {column.name!r}: {counted(len(bad), 'value')} cannot be read, for example {bad[0]!r:.30}"
                )
            if any(name in pair for pair in RIVALS for name in column.mixed):
                said += "; check day and month"
            return f"[{styles}]", said
        if self.dates is None and len(column.formats) > 1:
            return "", "TO DO: day-first or month-first"
        if self.dates in column.formats:
            both = any(set(pair) <= set(column.formats) for pair in RIVALS)
            return "", f"dates; alone either way round, other columns are {self.dates}" if both else "dates"
        if any(set(pair) <= set(column.formats) for pair in RIVALS):
            return self._asked_column(column)
        return yaml(column.formats[0]), "dates of another style than most"

    def _asked_column(self, column: Column) -> tuple[str, str]:
        """The style of one column of dates, which no value of it decides."""
        rivals = next(pair for pair in RIVALS if set(pair) <= set(column.formats))
        question = Question(
            f"dates of {column.name}",
            f"Is the day or the month first in the dates of {column.name!r}? No value of it decides that.",
            ("day-first", "month-first"),
            ANSWER_FIRST,
            tuple(column.values[:3]),
        )
        answer = self._one_of(question)
        return (yaml(rivals[question.choices.index(answer)]), "your answer") if answer else ("", "asked below")

    # --- the file ---

    def proposal(self) -> Proposal:
        parts = [self._head(), f"layout: {self.layout}  # {one_line(self.rows.why)}", self._date_lines()]
        top = {"event": self._event_lines, "stage": self._stage_lines, "case": self._case_lines}[self.layout]()
        status = "" if self.layout == "event" else self._status_lines()
        self._ticks()
        self._answered_columns()
        for kind in ("field", "ask", "due", "nothing"):
            for name, column in self.columns.items():
                if name not in self.placed:
                    self._place(name, column, kind)
        self._closing_date()
        blanks = self._blanks()
        words = self._word_lines()
        rest = self._rest()
        self._needs()
        self.answers.check(dict.fromkeys([*self.asked, *(f"column {name}" for name in self.columns)]))
        fields = str(self.fields) if any(not text.startswith("#") for text, _ in self.fields.lines[:]) else ""
        parts += [top, fields, status, words, blanks, rest, self._made_for(), self._open(), self._to_do()]
        text = "\n".join(part for part in parts if part) + "\n"
        return Proposal(text, tuple(self.left), tuple(self.notes), tuple(self.questions.values()))

    def _head(self) -> str:
        lines = Lines(
            "# A mapping proposed by putright map from the column names and values of an export.\n"
            "# The comment next to a line says why it was proposed. What is uncertain is under questions:."
        )
        for note in self.notes:
            lines.add(f"#   {one_line(note)}")
        options = self.detected.options
        if options.heading:
            first, last = options.heading[0], options.heading[-1]
            lines.add(f"heading: {first if first == last else [first, last]}", self.detected.why["heading"])
        if options.encoding:
            lines.add(f"encoding: {options.encoding}", self.detected.why["encoding"])
        return str(lines)

    def _case_lines(self) -> str:
        if self.case is not None:
            self._put("reference", self.case, "the name")
        return ""

    def _stage_lines(self) -> str:
        assert self.case is not None and self.stage is not None
        self.placed |= {self.case: "case", self.stage: "stage"}
        lines = Lines("", [(f"case: {yaml(self.case)}", "the name"), ("stage:", "")])
        lines.add(f"  column: {yaml(self.stage)}", "its words name stages")
        lines.add("  words:")
        for word in self.columns[self.stage].words:
            number = columnnames.stage_of(word)
            if number in STAGES:
                lines.add(f"    {yaml(word)}: {number}")
            else:
                question = Question(
                    f"stage {word}", f"Which stage is {word!r:.40} (column {self.stage!r})?", ("1", "2", "3"), REJECTED
                )
                if answer := self._one_of(question):
                    lines.add(f"    {yaml(word)}: {answer}", "your answer")
        return str(lines)

    def _event_lines(self) -> str:
        assert self.case is not None
        dates = [name for name, column in self.columns.items() if column.is_date]
        of_event = {"event", "date", "time", "activity", "when", "action"}
        named = [name for name in dates if set(columnnames.plain(name)) <= of_event]
        date = next(iter([*named, *dates]), None)
        self.placed |= {self.case: "case", **dict.fromkeys(self.rows.event, "event")}
        lines = Lines("", [(f"case: {yaml(self.case)}", "the name")])
        joined = ", ".join(flow("column", yaml(name)) for name in self.rows.event)
        lines.add(f"event: {joined if len(self.rows.event) == 1 else f'[{joined}]'}", "its words name steps")
        if date is None:
            self.left.append("no column holds the dates of the events: export it too, and run this again")
            lines.add("# date:", "no column holds dates")
        else:
            self.placed[date] = "date"
            lines.add(f"date: {yaml(date)}", "the name" if named else "holds dates: check")
        lines.add("events:")
        for word in self.rows.happened.words:
            self._event_line(lines, word)
        if self.ignored_events:
            shown = ", ".join(flow("word", yaml(word)) for word in self.ignored_events)
            lines.add(f"# until you say what they mean\nignore_events: [{shown}]")
        return str(lines)

    def _event_line(self, lines: Lines, word: str) -> None:
        name = step_of(word)
        if name is None and (hold := columnnames.hold_mark(word)):
            holds, mark = f"stage{hold[0]}_holds", hold[1]
            lines.add(f"  {yaml(word)}: {{field: {holds}, marks: {mark}}}", "a hold; stage 1 unless named: check")
            self.given.add(holds)
            return
        if name is None:
            self._asked_event(lines, word)
            return
        self._event_target(lines, word, name, FIELDS[name].meaning)

    def _event_target(self, lines: Lines, word: str, name: str, why: str) -> None:
        """The line for an event that dates a field."""
        self.events[word] = name
        self.given.add(name)
        repeated = self.rows.repeats(word)
        target = f"{{field: {name}, take: first}}" if repeated else name
        more = "; in some cases more than once, so the first: check" if repeated else ""
        lines.add(f"  {yaml(word)}: {target}", why + more)

    def _asked_event(self, lines: Lines, word: str) -> None:
        likely = columnnames.match(word, dates=True)
        field = step_field(likely) if likely is not None else None
        question = Question(
            f"event {word}", f"Which step is the event {word!r:.40}?",
            (*dict.fromkeys([*([field] if field else []), *_STEPS]), IGNORE), field or IGNORE,
            depends="An event that is ignored gives no date.",
        )  # fmt: skip
        answer = self._answer(question)
        if answer in (None, IGNORE):
            self.ignored_events.append(word)
        else:
            name = self._known(question, str(answer))
            self._event_target(lines, word, name, "likely; asked below" if name == question.default else "your answer")

    def _known(self, question: Question, field: str) -> str:
        """An answer that must be a field, ``stageN_responded`` included."""
        if not expand(field):
            raise Mistake(
                f"{self.answers.where}{field!r} is no answer to {question.about!r}: use the name of a field, such as "
                f"{listed(question.choices, 'or')}."
            )
        return field

    def _status_lines(self) -> str:
        """A status column with the column that holds its date."""
        named = {name: c for name, c in self.columns.items() if "status" in columnnames.plain(name)}
        status = next((name for name, column in named.items() if not column.is_date), None)
        date = next((name for name, column in named.items() if column.is_date), None)
        if status is None or date is None or len(self.columns[status].values) > FEW:
            return ""
        self.placed |= {status: "status", date: "status"}
        lines = Lines("status:", [(f"  column: {yaml(status)}", "the name"), (f"  date: {yaml(date)}", "the name")])
        lines.add("  words:")
        for word in self.columns[status].words:
            name = step_of(word)
            if name:
                lines.add(f"    {yaml(word)}: {name}", FIELDS[name].meaning)
                self.given.add(name)
            elif columnnames.is_state(word):
                lines.add(f"    {yaml(word)}:", "a state, not an event")
            else:
                question = Question(
                    f"status {word}",
                    f"Which step does the status {word!r:.40} mean?",
                    (*_ENDS, IGNORE),
                    _ending(word),
                    depends=f"Its date is that of {date!r}.",
                )
                answer = self._answer(question)
                said = self._known(question, str(answer)) if answer not in (None, IGNORE) else ""
                asked = question.about in self.questions
                lines.add(f"    {yaml(word)}: {said}".rstrip(), "asked below" if asked else "your answer")
                if said:
                    self.given.add(said)
        return str(lines)

    # --- columns ---

    def _ticks(self) -> None:
        """Tick-boxes: several columns make one list."""
        lists: dict[str, list[tuple[str, str]]] = {}
        for name, column in self.columns.items():
            found = columnnames.tick(name) if name not in self.placed and column.is_boolean else None
            if found and found.word and (target := self._target(found)):
                lists.setdefault(target, []).append((name, found.word))
        for target, boxes in lists.items():
            stage = "; stage 1 unless named: check" if "stage" in target else ""
            self.fields.add(f"  {target}:", f"tick-boxes{stage}")
            self.fields.add("    ticks:")
            for name, word in boxes:
                self.fields.add(f"      {yaml(name)}: {word}", "the name; values are yes or no")
                self.placed[name] = target
                self._learn(Type.BOOLEAN, self.columns[name])
            self.given.add(target)

    def _answered_columns(self) -> None:
        """Columns that a person has answered for go before any other."""
        for name in self.columns:
            answer = self.answers.of(f"column {name}")
            if answer is None or name in self.placed:
                continue
            if answer == IGNORE:
                self.placed[name] = "ignore"
                continue
            target = self._known(Question(f"column {name}", "", ("received", "closed", IGNORE), IGNORE), answer)
            if target in self.given and target in self.holders:
                self._merge(target, name)
            else:
                self._put(target, name, "your answer")

    def _place(self, name: str, column: Column, kind: str) -> None:
        """Find a column's field, if its name and its values agree on one."""
        dates = column.is_date if column.values else columnnames.says_date(name)
        if not (column.values or dates):
            return  # an empty column shows nothing, and is placed by its name only where that says date
        found = columnnames.meaning(name, dates=dates)
        if found.kind != kind:
            return
        if kind == "field" and found.match is not None:
            self._match(name, column, found.match)
        elif kind == "ask":
            self._ask_column(name, column, found)
        elif kind == "due":
            self.placed[name] = "due"
        else:
            self._flags(name, column)

    def _match(self, name: str, column: Column, found: Match) -> None:
        target = self._target(found)
        if target is None or not self._agrees(target, column):
            self._flags(name, column)
        elif " " in target:
            self._hold(target, name)
        elif target in self.given:
            self._second(target, name)
        else:
            why = found.why
            if target.startswith("stage1_") and found.stage is None and self.layout == "case":
                why += "; no stage is named, so stage 1"
            self._put(target, name, why)
            self._later_stages(found, name)

    def _ask_column(self, name: str, column: Column, found: Meaning) -> None:
        """Ask what a column holds. Its likely field, if it is free, is what the mapping has meanwhile."""
        target = self._target(found.match) if found.match else None
        if target == "closed" and not column.values:
            return
        if target is not None and (" " in target or not self._agrees(target, column)):
            target = None
        if (target is None and not column.is_date) or target in self.given:
            return  # of two columns for one field, the one with the plain name counts
        perhaps = self._target(found.perhaps) if found.perhaps else None
        if perhaps in self.holders:
            self._second(str(perhaps), name)
            return
        choices = [field for field in (target, perhaps) if field and " " not in field]
        question = Question(
            f"column {name}",
            f"Is {name!r} {_what(target)}?" if target else f"What happened on the day in {name!r}?",
            (*dict.fromkeys(choices), IGNORE),
            target or IGNORE,
            tuple(column.values[:3]) if column.is_date else (),
            self._depends(target),
        )
        self._answer(question)  # one that is given was taken before any other column
        if target is not None:
            self._put(target, name, "likely; asked below")

    @staticmethod
    def _depends(target: str | None) -> str:
        if target is None or _kind(target) is not Type.DATE:
            return ""
        if target == "closed":
            return "What was still to be done on that day does not count as overdue."
        return "Every time limit is counted from it." if target == "received" else "A time limit depends on it."

    def _closing_date(self) -> None:
        """Ask whether a closing date is that of the reply, where no column gives the reply."""
        reply = f"{ANY_STAGE}responded" if self.layout == "stage" else "stage1_responded"
        given = {"stage1_responded", f"{ANY_STAGE}responded"} & self.given
        closing = self.holders.get("closed", [])
        if given or not closing or self.layout == "event":
            return
        name = closing[0]
        if self.answers.of(f"column {name}") is not None:
            return
        self.questions.pop(f"column {name}", None)
        question = Question(
            f"column {name}",
            f"Is {name!r} the day the reply was sent? The export gives no other date for the reply.",
            (reply, "closed", IGNORE),
            "closed",
            tuple(self.columns[name].values[:3]),
            "If it is, the time taken to reply can be judged; if not, it cannot.",
        )
        self._answer(question)

    def _later_stages(self, found: Match, name: str) -> None:
        """Read a log's column of outcomes or handlers for every stage that has a response in it."""
        if self.layout == "event" and found.field.startswith("N_") and found.stage is None:
            for stage in STAGES[1:]:
                target = found.field.replace("N_", f"stage{stage}_")
                if target in FIELDS and target not in self.given and self._only_in(target, name):
                    self._put(target, name, found.why)

    def _flags(self, name: str, column: Column) -> bool:
        """A list of flags, by its values."""
        if column.is_date or "flags" in self.given or not 0 < len(column.values) <= FEW:
            return False
        for mark in (";", ",", "|"):
            words = {part.strip() for value in column.values for part in value.split(mark)} - {""}
            flags = {word: columnnames.flag(word) for word in sorted(words)}
            if words and all(flags.values()):
                parts = {"column": yaml(name), "separator": "" if mark == ";" else json.dumps(mark)}
                self._write("flags", parts, "its values are flags")
                self.given.add("flags")
                self.placed[name] = "flags"
                self.words["flags"] = {key(word): str(flag) for word, flag in flags.items() if flag != key(word)}
                return True
        return False

    def _target(self, found: Match) -> str | None:
        """The field as this layout names it."""
        if not found.field.startswith("N_"):
            return found.field
        if found.field == "N_requested" and found.stage == 1:
            return "received"
        if found.stage is None and self.layout == "stage":
            return found.field.replace("N_", ANY_STAGE)
        if found.field == "N_requested" and found.stage is None:
            return "stage2_requested"
        name = found.field.replace("N_", f"stage{found.stage or 1}_")
        return name if name.partition(" ")[0] in FIELDS else None

    def _agrees(self, target: str, column: Column) -> bool:
        """Whether a column's values are of the field's type (an empty column's are)."""
        kind = _kind(target)
        if not column.values:
            return True
        if kind in (Type.DATE, Type.HOLDS):
            return column.is_date
        if kind is Type.BOOLEAN:
            return column.is_boolean
        if kind is Type.OUTCOME and _named_upheld(column.name) and any(key(value) in UPHELD for value in column.values):
            return len(column.values) <= FEW
        if kind in (Type.OUTCOME, Type.PROCEDURE):
            return len(column.values) <= FEW and any(self._word(kind, value) for value in column.values)
        return not column.is_date and not (column.is_boolean and target != "reference")

    def _put(self, target: str, name: str, why: str) -> None:
        column = self.columns[name]
        kind = _kind(target)
        dates, said = self._own_dates(column) if kind is Type.DATE else ("", "")
        parts = {"column": yaml(name), "dates": dates}
        parts |= self._only_in(target, name)
        if kind is Type.OUTCOME and _named_upheld(name):
            own = {key(value): UPHELD[key(value)] for value in column.values if key(value) in UPHELD}
            if own:
                parts["words"] = "{" + ", ".join(f"{yaml(word)}: {ours}" for word, ours in own.items()) + "}"
        if target == "closed" and self.layout == "stage":
            parts["take"] = "last"
        self._write(target, parts, "; ".join(filter(None, [why, said])))
        self.placed[name] = target
        self.given.add(target)
        if kind is Type.DATE:
            self.holders.setdefault(target, []).append(name)
        if kind in (Type.BOOLEAN, Type.OUTCOME, Type.PROCEDURE):
            self._learn(kind, column)
        if target == "received" and self.layout == "stage" and "stageN_requested" not in self.given:
            self._later_requests(name, dates, of_stage="stage" in parts)

    def _later_requests(self, name: str, dates: str, *, of_stage: bool) -> None:
        """Read the receipt in rows of later stages as the request for that stage, unless it is the whole case's."""
        assert self.stage is not None and self.case is not None
        later = [word for word in self.columns[self.stage].words if (columnnames.stage_of(word) or 1) > 1]
        repeated = self.columns[self.case].cells.drop_nulls().is_duplicated().any()
        if not later or (repeated and not of_stage):
            return
        why = "for later stages, the request"
        if not of_stage:
            question = Question(
                f"rows of later stages {name}",
                f"In rows of stage 2 or later, is {name!r} the day on which that stage was asked for?",
                ("yes", "no"), "yes", depends="The time limits of those stages are counted from it.",
            )  # fmt: skip
            if self._one_of(question) == "no":
                return
            why += "; asked below" if question.about in self.questions else ""
        self._write("stageN_requested", {"column": yaml(name), "dates": dates}, why)
        self.given.add("stageN_requested")

    def _write(self, target: str, parts: dict[str, str], why: str) -> None:
        shown = {part: text for part, text in parts.items() if text}
        inside = ", ".join(f"{part}: {flow(part, text)}" for part, text in shown.items())
        self.fields.add(f"  {target}: {shown['column'] if len(shown) == 1 else f'{{{inside}}}'}", why)

    def _only_in(self, target: str, name: str) -> dict[str, str]:
        """The rows a field is read in: its letter's event, or stage 1 if a case has several received dates."""
        if self.layout == "event":
            step = {"outcome": "responded", "handler": "responded", "extended_to": "extension_notified"}
            prefix, _, suffix = target.partition("_")
            sent = f"{prefix}_{step.get(suffix, '')}"
            word = next((word for word, field in self.events.items() if field == sent), None)
            return {"event": yaml(word)} if word else {}
        if self.layout == "stage" and target == "received" and self.case is not None:
            frame = pl.DataFrame({"case": self.columns[self.case].cells, "day": self.columns[name].cells})
            if frame.drop_nulls().group_by("case").agg(pl.col("day").n_unique())["day"].max() != 1:
                return {"stage": "1"}
        return {}

    def _second(self, target: str, name: str) -> None:
        """Ask about a second column for a field: one of the two, or the earlier date of both."""
        first = self.holders.get(target, [])
        if not first or self.layout == "event" or f"{first[0]}" not in self.columns:
            return
        question = Question(
            f"column {name}",
            f"{first[0]!r} and {name!r} may both be {_what(target)}. Is {name!r} it too? The earlier would count.",
            (target, IGNORE),
            target,
            tuple(self.columns[name].values[:3]),
            self._depends(target),
        )
        if self._answer(question) == target:
            self._merge(target, name)

    def _merge(self, target: str, name: str) -> None:
        """Add a column to those of a field; the earliest date counts."""
        at = next((i for i, (text, _) in enumerate(self.fields.lines) if text.startswith(f"  {target}: ")), None)
        if at is None:
            return
        self.holders[target].append(name)
        columns = ", ".join(flow("column", yaml(each)) for each in self.holders[target])
        formats = [self._own_dates(self.columns[each])[0] for each in self.holders[target]]
        inside = [part.strip() for text in formats if text for part in text.strip("[]").split(", ")]
        dates = f", dates: [{', '.join(dict.fromkeys([*inside, yaml(self.dates or 'iso')]))}]" if inside else ""
        self.fields.lines[at] = (
            f"  {target}: {{columns: [{columns}], take: first{dates}}}", "several columns hold it: the earliest counts"
        )  # fmt: skip
        self.placed[name] = target

    def _hold(self, target: str, name: str) -> None:
        """The beginning and the end of a hold: two columns for one field."""
        holds, _, end = target.partition(" ")
        other = "to" if end == "from" else "from"
        mine = {n: t for n, t in self.placed.items() if t.startswith(f"{holds} ")}
        self.placed[name] = target
        partner = next((n for n, t in mine.items() if t == f"{holds} {other}"), None)
        if partner is not None and holds not in self.given:
            ends = {end: yaml(name), other: yaml(partner)}
            dates, said = self._own_dates(self.columns[name])
            parts = {"from": ends["from"], "to": ends["to"], "dates": dates}
            self._write_hold(holds, parts, said)

    def _write_hold(self, holds: str, parts: dict[str, str], said: str) -> None:
        shown = ", ".join(f"{part}: {flow(part, text)}" for part, text in parts.items() if text)
        self.fields.add(f"  {holds}: {{{shown}}}", f"the names; {said}")
        self.given.add(holds)

    # --- words ---

    @staticmethod
    def _word(kind: Type, value: str) -> str | None:
        """Our word for theirs."""
        said = key(value)
        if kind is Type.BOOLEAN:
            return "true" if said in TRUE else "false" if said in FALSE else None
        own, known = (OUTCOMES, columnnames.OUTCOMES) if kind is Type.OUTCOME else (PROCEDURES, columnnames.PROCEDURES)
        if said in own:
            return said
        near = re.sub(r"[\s-]+", "_" if kind is Type.OUTCOME else "-", said)
        return near if near in own else known.get(said)

    def _learn(self, kind: Type, column: Column) -> None:
        title = {Type.BOOLEAN: "booleans", Type.OUTCOME: "outcomes", Type.PROCEDURE: "procedures"}[kind]
        for value in column.values:
            ours = self._word(kind, value)
            if ours is None and _named_upheld(column.name) and key(value) in UPHELD:
                continue
            if ours is None:
                self.unknown.setdefault(title, []).append(value)
            elif ours != key(value):
                self.words.setdefault(title, {})[key(value)] = ours

    def _word_lines(self) -> str:
        lines = Lines("words:")
        for title in ("booleans", "outcomes", "procedures", "flags"):
            if self.words.get(title) or title in self.unknown:
                lines.add(f"  {title}:")
            for theirs, ours in self.words.get(title, {}).items():
                lines.add(f"    {yaml(theirs)}: {ours}", "its plain meaning")
            for value in {key(value): value for value in self.unknown.get(title, [])}.values():
                self._ask_word(lines, title, value)
        return str(lines) if lines.lines else ""

    def _ask_word(self, lines: Lines, title: str, value: str) -> None:
        """Ask for our word for one of theirs."""
        choices = {"outcomes": OUTCOMES, "procedures": PROCEDURES, "booleans": ("true", "false")}[title]
        question = Question(f"{title[:-1]} {value}", f"What does {value!r:.40} mean?", (*choices, IGNORE), REJECTED)
        answer = self._one_of(question)
        if answer is None:
            lines.add(f"    # {yaml(value)}:", "asked below")
        else:
            lines.add(f"    {yaml(value)}: {'' if answer == IGNORE else answer}".rstrip(), "your answer")

    def _blanks(self) -> str:
        found: dict[str, None] = {}
        for name, column in self.columns.items():
            if name in self.placed and column.values:
                found |= {key(word): None for word in column.blanks}
        shown = ", ".join(json.dumps(word, ensure_ascii=False) for word in found)
        return f"blank: [{shown}]  # these words are taken as not recorded" if found else ""

    # --- what is left ---

    def _rest(self) -> str:
        """The columns that the mapping leaves out, with the reason for each."""
        alone = [n for n, t in self.placed.items() if " " in t and t.partition(" ")[0] not in self.given]
        out = Lines("ignore:")
        for name, column in self.columns.items():
            use = self.placed.get(name)
            if use in ("due", "ignore", "the stage reached"):
                why = {"due": "putright works out due dates and times taken itself", "ignore": "your answer"}
                out.add(f"  - {yaml(name)}", why.get(str(use), "the stage that the case has reached: asked below"))
            elif use is None or name in alone:
                asked = "; asked below" if f"column {name}" in self.questions else ""
                kind = "dates" if column.is_date else "yes or no" if column.is_boolean else "text"
                said = f"names no field: {kind}, {counted(len(column.values), 'different value')}"
                out.add(f"  - {yaml(name)}", (said if column.values else "empty in this file") + asked)
        return str(out) if out.lines else ""

    def _made_for(self) -> str:
        return ""

    def _open(self) -> str:
        """The open questions, as the mapping keeps them."""
        if not self.questions:
            return ""
        lines = ["# Answer with `putright map --answers FILE`, or change the lines above and take the question away.",
                 "questions:"]  # fmt: skip
        for question in self.questions.values():
            lines += [
                f"  - about: {yaml(question.about)}",
                f"    ask: {json.dumps(one_line(str(question)), ensure_ascii=False)}",
            ]
            if question.until == ANSWER_FIRST:
                lines.append("    first: true")
        return "\n".join(lines)

    def _needs(self) -> None:
        """Every case needs a reference and a day of receipt: where nothing gives one, a person has to name it."""
        if "received" not in self.given and "received" not in self.events.values():
            dates = tuple(name for name, column in self.columns.items() if column.is_date)
            free = tuple(name for name in dates if name not in self.holders.get("closed", []))
            which = f" One of these may: {listed(map(repr, free[:6]))}." if free else ""
            self.left.insert(
                0, f"name what holds the day the complaint was received (received): every case needs it.{which}"
            )
        if self.case is None and "reference" not in self.given:
            self.left.insert(0, "name the column with the case number (reference): every case needs it")

    def _to_do(self) -> str:
        if not self.left:
            return ""
        return "\n".join(["# Left to do:", *(f"#   {one_line(item)}" for item in self.left)])


#: What happens meanwhile to rows that hold an unknown word.
REJECTED = "the rows that have it are rejected"
#: The steps that an unknown event most often is.
_STEPS = (
    "received",
    "stage1_acknowledged",
    "stage1_extension_notified",
    "stage1_responded",
    "stage2_requested",
    "closed",
)


#: The steps that end a case, which a status may name.
_ENDS = ("closed", "withdrawn", "refused")


def _ending(word: str) -> str:
    """The end of a case that part of a status names; ``ignore`` if there is none."""
    found = columnnames.suggested(word)
    return found.field if found is not None and found.field in _ENDS else IGNORE


def _named_upheld(name: str) -> bool:
    """Whether a column is named for one outcome, so that yes and no are its words."""
    return "upheld" in columnnames.plain(name)


def _what(target: str | None) -> str:
    """A field as a question names it: ``the day the council received it``."""
    if target is None:
        return "a date of the case"
    name = target.replace(ANY_STAGE, "stage1_")
    if name not in FIELDS:
        name = target.replace(ANY_STAGE, "stage2_")
    meaning = FIELDS[name].meaning
    if target.startswith(ANY_STAGE):
        meaning = f"{meaning.partition(': ')[2]} at the row's stage"
    if FIELDS[name].type is not Type.DATE or meaning.startswith("the day"):
        return meaning
    return f"the date for {meaning!r}"


def _kind(target: str) -> Type:
    name = target.partition(" ")[0].replace(ANY_STAGE, "stage2_")
    known = FIELDS.get(name) or FIELDS[name.replace("stage2_", "stage3_")]
    return known.type
