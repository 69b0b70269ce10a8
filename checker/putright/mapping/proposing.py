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
from putright.mapping.columnnames import FALSE, TRUE, Match
from putright.mapping.exportcolumns import FORMATS, RIVALS, Column, as_text, fits
from putright.mapping.layouts import FEW, find_layout, step_of
from putright.mapping.mappingfile import ANY_STAGE
from putright.mapping.yamllines import Lines, flow, one_line, yaml
from putright.text.english import counted


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping, and what a person still has to do."""

    text: str
    left: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """How the file was read."""


def propose(table: Table) -> str:
    """A proposed mapping as YAML."""
    return proposal(table).text


def proposal(table: Table, detected: DetectedOptions | None = None) -> Proposal:
    """A proposed mapping, and what is left to do; ``detected`` says how the file had to be read."""
    return _Proposer(table, detected or DetectedOptions(DEFAULTS, {})).proposal()


class _Proposer:
    """Builds one proposal."""

    def __init__(self, table: Table, detected: DetectedOptions) -> None:
        frame = table.frame
        self.notes = table.notes
        self.detected = detected
        self.height = frame.height
        self.columns = {
            name: Column(name, as_text(frame[name])) for name in frame.columns if name not in (ROW, ROW_ERROR)
        }
        self.left: list[str] = []
        self.placed: dict[str, str] = {}
        """Each column with the use found for it."""
        self.fields = Lines("fields:")
        self.words: dict[str, dict[str, str]] = {}
        self.events: dict[str, str] = {}
        self.unknown: dict[str, list[str]] = {}
        self.given: set[str] = set()
        self.dates = self._dates()
        self.rows = find_layout(self.columns)
        self.layout, self.case, self.stage = self.rows.kind, self.rows.case, self.rows.stage
        if self.rows.left:
            self.left.append(self.rows.left)

    # --- dates ---

    def _dates(self) -> str | None:
        """The format for the whole file; None if the values do not show whether the day or the month is first."""
        found = [column for column in self.columns.values() if column.formats]
        if not found:
            mixed = [column.mixed[0] for column in self.columns.values() if column.mixed]
            return max(mixed, key=mixed.count) if mixed else "iso"
        counts = {name: sum(name in column.formats for column in found) for name in FORMATS}
        best = max(counts, key=lambda name: counts[name])
        if any(best in pair and counts[pair[0]] == counts[pair[1]] for pair in RIVALS):
            return None
        return best

    def _date_lines(self) -> str:
        if self.dates is None:
            self.left.append("say whether dates are day-first or month-first: no value of the file decides it")
            return (
                "# dates: day-first   # TO DO: every date could be day-first or month-first, and this is not guessed.\n"
                "# dates: month-first # Take the # from the right one (for two-digit years: %d/%m/%y or %m/%d/%y)."
            )
        fitting = sum(self.dates in column.formats for column in self.columns.values())
        text = f"dates: {yaml(self.dates)}"
        return f"{text}  # {counted(fitting, 'column')} can be read so in every value"

    def _own_dates(self, column: Column) -> tuple[str, str]:
        """A column's own ``dates:``, if it needs them, and a comment on its values."""
        if not column.values:
            return "", "empty in this file"
        if column.mixed:
            bad = [value for value in column.values if not any(fits(value, name) for name in column.mixed)]
            listed = ", ".join(yaml(name) for name in column.mixed)
            said = "more than one style of date" if len(column.mixed) > 1 else "dates"
            if bad:
                said += f"; {counted(len(bad), 'value')} cannot be read, for example {bad[0]!r:.30}"
                self.left.append(
                    f"column {column.name!r}: {counted(len(bad), 'value')} cannot be read, for example {bad[0]!r:.30}"
                )
            if any(name in pair for pair in RIVALS for name in column.mixed):
                said += "; check day and month"
            return f"[{listed}]", said
        if self.dates is None and len(column.formats) > 1:
            return "", "TO DO: day-first or month-first"
        if self.dates in column.formats:
            both = any(set(pair) <= set(column.formats) for pair in RIVALS)
            return "", f"dates; alone either way round, other columns are {self.dates}" if both else "dates"
        if any(set(pair) <= set(column.formats) for pair in RIVALS):
            self.left.append(f"column {column.name!r}: say whether its dates are day-first or month-first")
            return "", "TO DO: its dates could be day-first or month-first: add dates:"
        return yaml(column.formats[0]), "dates of another style than most"

    # --- the file ---

    def proposal(self) -> Proposal:
        parts = [self._head(), f"layout: {self.layout}  # {one_line(self.rows.why)}", self._date_lines()]
        top = {"event": self._event_lines, "stage": self._stage_lines, "case": self._case_lines}[self.layout]()
        status = "" if self.layout == "event" else self._status_lines()
        self._ticks()
        for sure in (True, False):
            for name, column in self.columns.items():
                if name not in self.placed:
                    self._place(name, column, sure=sure)
        blanks = self._blanks()
        words = self._word_lines()
        due = self._due_lines()
        rest = self._rest()
        self._needs()
        listed = str(self.fields) if any(not text.startswith("#") for text, _ in self.fields.lines[:]) else ""
        parts += [part for part in (blanks, top, listed, status, words, due, rest, self._to_do()) if part]
        return Proposal("\n".join(parts) + "\n", tuple(self.left), tuple(self.notes))

    def _head(self) -> str:
        lines = Lines(
            "# A mapping proposed by putright map from the column names and values of an export.\n"
            "# Check every line: the comment next to it says why it was proposed. Nothing uncertain was guessed."
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
                lines.add(f"    # {yaml(word)}:", "TO DO: which stage?")
                self.left.append(f"say which stage {word!r:.40} is (column {self.stage!r})")
        return str(lines)

    def _event_lines(self) -> str:
        assert self.case is not None
        dates = [name for name, column in self.columns.items() if column.is_date]
        of_event = {"event", "date", "time", "activity", "when", "action"}
        named = [name for name in dates if set(columnnames.plain(name)) <= of_event]
        date = next(iter([*named, *dates]), None)
        self.placed |= {self.case: "case", **dict.fromkeys(self.rows.event, "event")}
        lines = Lines("", [(f"case: {yaml(self.case)}", "the name")])
        listed = ", ".join(flow("column", yaml(name)) for name in self.rows.event)
        lines.add(f"event: {listed if len(self.rows.event) == 1 else f'[{listed}]'}", "its words name steps")
        if date is None:
            self.left.append("name the column with the date of each event (date:)")
            lines.add("# date:", "TO DO: no column holds dates")
        else:
            self.placed[date] = "date"
            lines.add(f"date: {yaml(date)}", "the name" if named else "holds dates: check")
        lines.add("events:")
        for word in self.rows.happened.words:
            self._event_line(lines, word)
        return str(lines)

    def _event_line(self, lines: Lines, word: str) -> None:
        name = step_of(word)
        if name is None and (hold := columnnames.hold_mark(word)):
            holds, mark = f"stage{hold[0]}_holds", hold[1]
            lines.add(f"  {yaml(word)}: {{field: {holds}, marks: {mark}}}", "a hold; stage 1 unless named: check")
            self.given.add(holds)
            return
        if name is None:
            lines.add(f"  # {yaml(word)}:", "TO DO: a field, or list the word under ignore_events:")
            self.left.append(f"say what the event {word!r:.40} means, or list it under ignore_events")
            return
        self.events[word] = name
        self.given.add(name)
        repeated = self.rows.repeats(word)
        target = f"{{field: {name}, take: first}}" if repeated else name
        more = "; in some cases more than once, so the first: check" if repeated else ""
        lines.add(f"  {yaml(word)}: {target}", FIELDS[name].meaning + more)

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
                lines.add(f"    # {yaml(word)}:", "TO DO: the event it means, or nothing after the colon")
                self.left.append(f"say what the status {word!r:.40} means")
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

    def _place(self, name: str, column: Column, *, sure: bool) -> None:
        """Find a column's field, if its name and its values agree on one; names that need no check go first."""
        dates = column.is_date or not column.values
        found = columnnames.match(name, dates=dates)
        if sure and (found is None or not found.sure):
            return
        if found is None and self._flags(name, column):
            return
        found = found or columnnames.resembling(name, dates=dates)
        if columnnames.is_due_date(name) and (found is None or not found.sure):
            self.placed[name] = "due"
            return
        target = self._target(found) if found else None
        if found is None or target is None or not self._agrees(target, column):
            return
        if " " in target:
            self._hold(target, name)
        elif target in self.given:
            self._second(target, name)
        else:
            why = found.why
            if target.startswith("stage1_") and found.stage is None and self.layout == "case":
                why += "; no stage is named, so stage 1: check"
            self._put(target, name, why)
            self._later_stages(found, name)

    def _later_stages(self, found: Match, name: str) -> None:
        """Read a log's column of outcomes or handlers for every stage that has a response in it."""
        if self.layout == "event" and found.field.startswith("N_") and found.stage is None:
            for stage in STAGES[1:]:
                target = found.field.replace("N_", f"stage{stage}_")
                if target in FIELDS and target not in self.given and self._only_in(target, name):
                    self._put(target, name, found.why)

    def _flags(self, name: str, column: Column) -> bool:
        """A list of flags, by its values."""
        if "flags" in self.given or not 0 < len(column.values) <= FEW:
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
        if kind in (Type.OUTCOME, Type.PROCEDURE):
            return len(column.values) <= FEW and any(self._word(kind, value) for value in column.values)
        return not column.is_date and not (column.is_boolean and target != "reference")

    def _put(self, target: str, name: str, why: str) -> None:
        column = self.columns[name]
        kind = _kind(target)
        dates, said = self._own_dates(column) if kind is Type.DATE else ("", "")
        parts = {"column": yaml(name), "dates": dates}
        parts |= self._only_in(target, name)
        self._write(target, parts, "; ".join(filter(None, [why, said])))
        self.placed[name] = target
        self.given.add(target)
        if kind in (Type.BOOLEAN, Type.OUTCOME, Type.PROCEDURE):
            self._learn(kind, column)
        if target == "received" and "stage" in parts and "stageN_requested" not in self.given:
            self._write("stageN_requested", {"column": yaml(name), "dates": dates}, "for later stages, the request")
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
        """A second column for a field: for a date, take the earlier of the two; otherwise leave it out."""
        at = next((i for i, (text, _) in enumerate(self.fields.lines) if text.startswith(f"  {target}: ")), None)
        if at is None or _kind(target) is not Type.DATE or self.layout == "event":
            return
        text = self.fields.lines[at][0].removeprefix(f"  {target}: ")
        if "{" in text and "columns" not in text:
            return
        columns = text[len("{columns: [") : text.index("]")] if "columns" in text else flow("column", text)
        listed = f"  {target}: {{columns: [{columns}, {flow('column', yaml(name))}], take: first}}"
        self.fields.lines[at] = (listed, "several columns hold it, and the earliest counts: check")
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
            for value in dict.fromkeys(self.unknown.get(title, [])):
                lines.add(f"    # {yaml(value)}:", "TO DO: our word")
                self.left.append(f"say what {value!r:.40} means (words: {title})")
        return str(lines) if lines.lines else ""

    def _blanks(self) -> str:
        found: dict[str, None] = {}
        for name, column in self.columns.items():
            if name in self.placed and column.values:
                found |= {key(word): None for word in column.blanks}
        listed = ", ".join(json.dumps(word, ensure_ascii=False) for word in found)
        return f"blank: [{listed}]  # these words are taken as not recorded" if found else ""

    # --- what is left ---

    def _due_lines(self) -> str:
        due = [name for name, what in self.placed.items() if what == "due"]
        if not due:
            return ""
        listed = ", ".join(flow("column", yaml(name)) for name in due)
        return f"ignore: [{listed}]  # due dates and counts of days: putright works these out itself"

    def _rest(self) -> str:
        alone = [n for n, t in self.placed.items() if " " in t and t.partition(" ")[0] not in self.given]
        rest = [name for name in self.columns if name not in self.placed or name in alone]
        if not rest:
            return ""
        lines = ["# Not placed. Put each under fields: with the field it holds, or list it under ignore:"]
        for name in rest:
            column = self.columns[name]
            kind = "dates" if column.is_date else "yes or no" if column.is_boolean else "text"
            said = f"{kind}, {counted(len(column.values), 'different value')}"
            lines.append(f"#   {one_line(name)}: {said if column.values else 'empty in this file'}")
        self.left.append(f"{counted(len(rest), 'column')} not placed: {', '.join(rest)}")
        return "\n".join(lines)

    def _needs(self) -> None:
        if "received" not in self.given:
            self.left.insert(0, "name what holds the day the complaint was received (received): every case needs it")
        if self.case is None:
            self.left.insert(0, "name the column with the case number (reference): every case needs it")

    def _to_do(self) -> str:
        if not self.left:
            return ""
        return "\n".join(["# Left to do:", *(f"#   {one_line(item)}" for item in self.left)])


def _kind(target: str) -> Type:
    name = target.partition(" ")[0].replace(ANY_STAGE, "stage2_")
    known = FIELDS.get(name) or FIELDS[name.replace("stage2_", "stage3_")]
    return known.type
