"""The part of a proposed mapping that says which column holds which field, and the questions about columns."""

from __future__ import annotations

import json

import polars as pl

from putright.fields import FIELDS, STAGES, Type
from putright.files.tables import key
from putright.mapping import columnnames
from putright.mapping.columnnames import UPHELD, Match, Meaning
from putright.mapping.draft import ENDS, Draft, type_of
from putright.mapping.exportcolumns import Column
from putright.mapping.layouts import FEW
from putright.mapping.mappingfile import ANY_STAGE, LAST_STAGE
from putright.mapping.questions import IGNORE, Question
from putright.mapping.reading import amount_mistake
from putright.mapping.wordlines import named_upheld, our_word
from putright.mapping.yamllines import flow, yaml

#: What a date most often is, where nothing in its column's name says it.
_USUAL = ("received", "stage1_acknowledged", "stage1_responded", "closed")
#: The marks that separate the words of a list of flags.
_MARKS = (";", ",", "|")


class FieldLines:
    """Places the columns of a draft in fields, the surest first."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._columns = draft.columns
        self._layout = draft.rows.kind

    def place(self) -> None:
        """Place every column that has a field."""
        if self._layout == "case" and self._draft.rows.case is not None:
            self._put("reference", self._draft.rows.case, "the name")
        self._tick_boxes()
        self._answered()
        self._own_headings()
        for kind in ("field", "ask", "due", "nothing"):
            for name, column in self._columns.items():
                if name not in self._draft.placed:
                    self._place(name, column, kind)

    def _tick_boxes(self) -> None:
        """Tick-boxes: several columns make one list."""
        draft = self._draft
        lists: dict[str, list[tuple[str, str]]] = {}
        for name, column in self._columns.items():
            found = columnnames.tick(name) if name not in draft.placed and column.is_boolean else None
            if found and found.word and (target := draft.target(found)):
                lists.setdefault(target, []).append((name, found.word))
        for target, boxes in lists.items():
            stage = "; stage 1 unless named: check" if "stage" in target else ""
            draft.fields.add(f"  {target}:", f"tick-boxes{stage}")
            draft.fields.add("    ticks:")
            for name, word in boxes:
                draft.fields.add(f"      {yaml(name)}: {word}", "the name; values are yes or no")
                draft.placed[name] = target
                draft.words.learn(Type.BOOLEAN, self._columns[name])
            draft.given.add(target)

    def _answered(self) -> None:
        """Columns that a person has answered for go before any other."""
        draft = self._draft
        for name in self._columns:
            if name in draft.placed or draft.asking.answers.of(f"column {name}") is None:
                continue
            target = draft.asking.field(Question(f"column {name}", "", ("received", "closed", IGNORE), IGNORE))
            if target is None or target == IGNORE:
                draft.placed[name] = IGNORE
            elif target in draft.given and target in draft.holders:
                self._merge(target, name)
            else:
                self._put(target, name, "your answer")

    def _own_headings(self) -> None:
        """Columns whose headings a council's plugin knows go before those of other names."""
        for name, column in self._columns.items():
            target = self._draft.headings.get(key(name))
            if target and name not in self._draft.placed and column.values and _agrees(target, column):
                if target in self._draft.given:
                    self._second(target, name)
                else:
                    self._put(target, name, "a heading that a council's plugin knows")

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
            self._ask(name, column, found)
        elif kind == "due":
            self._draft.placed[name] = "due"
        else:
            self._flags(name, column)

    def _match(self, name: str, column: Column, found: Match) -> None:
        target = self._draft.target(found)
        if target is None or not _agrees(target, column):
            self._flags(name, column)
        elif " " in target:
            self._hold(target, name)
        elif target in self._draft.given:
            self._second(target, name)
        else:
            why = found.why
            if target.startswith("stage1_") and found.stage is None and self._layout == "case":
                why += "; no stage is named, so stage 1"
            self._put(target, name, why)
            self._later_stages(found, name)

    # --- questions ---

    def _ask(self, name: str, column: Column, found: Meaning) -> None:
        """Ask what a column holds. Its likely field, if it is free, is what the mapping has meanwhile."""
        draft = self._draft
        target = draft.target(found.match) if found.match else None
        if target == "closed" and not column.values:
            return
        if target is not None and (" " in target or not _agrees(target, column)):
            target = None
        if (target is None and not column.is_date) or target in draft.given:
            return  # of two columns for one field, the one with the plain name counts
        perhaps = draft.target(found.perhaps) if found.perhaps else None
        if perhaps in draft.holders:
            self._second(str(perhaps), name)
            return
        stage = columnnames.stage_named(name)
        likely = [f"stage{stage}_responded", f"stage{stage}_acknowledged"] if target is None and stage else []
        choices = [field for field in (target, perhaps, *likely) if field and " " not in field]
        choices = choices or [field for field in _USUAL if field not in draft.given]
        question = Question(
            f"column {name}",
            f"Is {name!r} {_what(target)}?" if target else f"What happened on the day in {name!r}?",
            (*dict.fromkeys(choices), IGNORE),
            target or IGNORE,
            tuple(column.values[:3]) if column.is_date else (),
            _depends(target),
        )
        draft.asking.answer(question)  # one that is given was taken before any other column
        if target is not None:
            self._put(target, name, "likely; asked below")

    def _second(self, target: str, name: str) -> None:
        """Ask about a second column for a field: one of the two, or the earlier date of both."""
        first = [each for each, use in self._draft.placed.items() if use == target and each in self._columns]
        if not first or self._layout == "event":
            return
        if target not in self._draft.holders:
            self._instead(target, first[0], name)
            return
        question = Question(
            f"column {name}",
            f"{first[0]!r} and {name!r} may both be {_what(target)}. Is {name!r} it too? The earlier would count.",
            (target, IGNORE),
            target,
            tuple(self._columns[name].values[:3]),
            _depends(target),
        )
        if self._draft.asking.answer(question) == target:
            self._merge(target, name)

    def _instead(self, target: str, first: str, name: str) -> None:
        """Ask whether a second column of words is what a field holds, and not the first."""
        if self._draft.asking.answers.of(f"column {first}") is not None:
            return  # a person has chosen the first
        question = Question(
            f"column {name}",
            f"{first!r} and {name!r} may both be {_what(target)}, and one column can be. Is it {name!r}?",
            (target, IGNORE),
            IGNORE,
            depends=f"If it is, {first!r} is left out.",
        )
        self._draft.asking.answer(question)  # one that is given was taken before any other column

    # --- lines ---

    def _put(self, target: str, name: str, why: str) -> None:
        """The line of a field that one column holds."""
        draft, column, kind = self._draft, self._columns[name], type_of(target)
        dates, said = draft.dates.of(column) if kind is Type.DATE else ("", "")
        parts = {"column": yaml(name), "dates": dates, **self._only_in(target, name)}
        if kind is Type.OUTCOME and named_upheld(name):
            own = {key(value): UPHELD[key(value)] for value in column.values if key(value) in UPHELD}
            if own:
                parts["words"] = "{" + ", ".join(f"{yaml(word)}: {ours}" for word, ours in own.items()) + "}"
        parts["take"] = self._take(target)
        self._write(target, parts, "; ".join(filter(None, [why, said])))
        draft.placed[name] = target
        draft.given.add(target)
        if kind is Type.DATE:
            draft.holders.setdefault(target, []).append(name)
        if kind in (Type.BOOLEAN, Type.OUTCOME, Type.PROCEDURE):
            draft.words.learn(kind, column)
        if target == "received" and self._layout == "stage" and "stageN_requested" not in draft.given:
            self._later_requests(name, dates, of_stage="stage" in parts)

    def _take(self, target: str) -> str:
        """Which of a case's dates counts: it ends when its last stage does, so a later stage may still be open."""
        return LAST_STAGE if target in ENDS and self._layout == "stage" else ""

    def _write(self, target: str, parts: dict[str, str], why: str) -> None:
        self._draft.fields.add(_line(target, parts), why)

    def _merge(self, target: str, name: str) -> None:
        """Add a column to those of a field; the earliest date counts."""
        draft = self._draft
        lines = draft.fields.lines
        at = next((i for i, (text, _) in enumerate(lines) if text.startswith(f"  {target}: ")), None)
        if at is None:
            return
        held = draft.holders[target]
        parts = {
            "columns": f"[{', '.join(flow('column', yaml(each)) for each in [*held, name])}]",
            "take": self._take(target) or "first",
            "dates": draft.dates.merged([self._columns[each] for each in [*held, name]]),
            **self._only_in(target, held[0]),
        }
        lines[at] = (_line(target, parts), "several columns hold it: the earliest counts")
        held.append(name)
        draft.placed[name] = target

    def _later_requests(self, name: str, dates: str, *, of_stage: bool) -> None:
        """Read the receipt in rows of later stages as the request for that stage, unless it is the whole case's."""
        draft, case, stage = self._draft, self._draft.rows.case, self._draft.rows.stage
        assert stage is not None and case is not None
        later = [word for word in self._columns[stage].words if (columnnames.stage_of(word) or 1) > 1]
        repeated = self._columns[case].cells.drop_nulls().is_duplicated().any()
        if not later or (repeated and not of_stage):
            return
        why = "for later stages, the request"
        if not of_stage:
            question = Question(
                f"rows of later stages {name}",
                f"In rows of stage 2 or later, is {name!r} the day on which that stage was asked for?",
                ("yes", "no"),
                "yes",
                depends="The time limits of those stages are counted from it.",
            )
            if draft.asking.choice(question) == "no":
                return
            why = draft.asking.why(question, why)
        self._write("stageN_requested", {"column": yaml(name), "dates": dates}, why)
        draft.given.add("stageN_requested")

    def _later_stages(self, found: Match, name: str) -> None:
        """Read a log's column of outcomes or handlers for every stage that has a response in it."""
        if self._layout == "event" and found.field.startswith("N_") and found.stage is None:
            for stage in STAGES[1:]:
                target = found.field.replace("N_", f"stage{stage}_")
                if target in FIELDS and target not in self._draft.given and self._only_in(target, name):
                    self._put(target, name, found.why)

    def _only_in(self, target: str, name: str) -> dict[str, str]:
        """The rows a field is read in: its letter's event, or stage 1 if a case has several received dates."""
        if self._layout == "event":
            step = {"outcome": "responded", "handler": "responded", "extended_to": "extension_notified"}
            prefix, _, suffix = target.partition("_")
            sent = f"{prefix}_{step.get(suffix, '')}"
            word = next((word for word, field in self._draft.events.items() if field == sent), None)
            return {"event": yaml(word)} if word else {}
        case = self._draft.rows.case
        if self._layout == "stage" and target == "received" and case is not None:
            frame = pl.DataFrame({"case": self._columns[case].cells, "day": self._columns[name].cells})
            if frame.drop_nulls().group_by("case").agg(pl.col("day").n_unique())["day"].max() != 1:
                return {"stage": "1"}
        return {}

    def _hold(self, target: str, name: str) -> None:
        """The beginning and the end of a hold: two columns for one field."""
        draft = self._draft
        holds, _, end = target.partition(" ")
        other = "to" if end == "from" else "from"
        partner = next((n for n, t in draft.placed.items() if t == f"{holds} {other}"), None)
        draft.placed[name] = target
        if partner is not None and holds not in draft.given:
            ends = {end: yaml(name), other: yaml(partner)}
            dates, said = draft.dates.of(self._columns[name])
            self._write(holds, {"from": ends["from"], "to": ends["to"], "dates": dates}, f"the names; {said}")
            draft.given.add(holds)

    def _flags(self, name: str, column: Column) -> None:
        """A list of flags, by its values."""
        draft = self._draft
        if column.is_date or "flags" in draft.given or not 0 < len(column.values) <= FEW:
            return
        for mark in _MARKS:
            words = {part.strip() for value in column.values for part in value.split(mark)} - {""}
            flags = {word: columnnames.flag(word) for word in sorted(words)}
            if words and all(flags.values()):
                parts = {"column": yaml(name), "separator": "" if mark == ";" else json.dumps(mark)}
                self._write("flags", parts, "its values are flags")
                draft.given.add("flags")
                draft.placed[name] = "flags"
                for word, flag in flags.items():
                    draft.words.add(Type.FLAGS, word, str(flag))
                return


def ask_closing_date(draft: Draft) -> None:
    """Ask whether a closing date is that of the reply, where nothing gives the reply."""
    reply = f"{ANY_STAGE}responded" if draft.rows.kind == "stage" else "stage1_responded"
    closing = draft.holders.get("closed", [])
    if {"stage1_responded", reply} & draft.given or not closing or draft.rows.kind == "event":
        return
    name = closing[0]
    if draft.asking.answers.of(f"column {name}") is not None:
        return
    question = Question(
        f"column {name}",
        f"Is {name!r} the day the reply was sent? The export gives no other date for the reply.",
        (reply, "closed", IGNORE),
        "closed",
        tuple(draft.columns[name].values[:3]),
        "If it is, the time taken to reply can be judged; if not, it cannot.",
    )
    draft.asking.answer(question)  # in place of one that asked whether it is the closing date


def _line(target: str, parts: dict[str, str]) -> str:
    """A field's line: its column alone, or all the parts that it has."""
    shown = {part: text for part, text in parts.items() if text}
    inside = ", ".join(f"{part}: {flow(part, text)}" for part, text in shown.items())
    return f"  {target}: {shown['column'] if list(shown) == ['column'] else f'{{{inside}}}'}"


def _agrees(target: str, column: Column) -> bool:
    """Whether a column's values are of the field's type (an empty column's are)."""
    kind = type_of(target)
    if not column.values:
        return True
    if kind in (Type.DATE, Type.HOLDS):
        return column.is_date
    if kind is Type.BOOLEAN:
        return column.is_boolean
    if kind is Type.POUNDS:
        return any(amount_mistake(value) is None for value in column.values)
    if kind is Type.OUTCOME and named_upheld(column.name) and any(key(value) in UPHELD for value in column.values):
        return len(column.values) <= FEW
    if kind is Type.OUTCOME and "outcome" in columnnames.plain(column.name):
        return len(column.values) <= FEW and not column.is_date
    if kind in (Type.OUTCOME, Type.PROCEDURE):
        return len(column.values) <= FEW and any(our_word(kind, value) for value in column.values)
    return not column.is_date and not (column.is_boolean and target != "reference")


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


def _depends(target: str | None) -> str:
    """What depends on the answer, for a column of dates."""
    if target is None or type_of(target) is not Type.DATE:
        return ""
    if target == "closed":
        return "What was still to be done on that day does not count as overdue."
    return "Every time limit is counted from it." if target == "received" else "A time limit depends on it."
