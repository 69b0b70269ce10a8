"""Mapping files: YAML that says how another layout becomes case records.

This module has the models and reports every mistake with its position; ``mappedtables`` applies a mapping to a
table. The README of the examples (examples/mapping) is the how-to.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Container, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from putright import fields
from putright.fields import FIELDS, STAGES, Type, Vocabulary
from putright.fields import Field as RecordField
from putright.files.tables import FileOptions, key
from putright.files.yamlfiles import Document, YamlError, read_document
from putright.mapping import dateformats
from putright.mistakes import Mistake
from putright.records import parsing
from putright.rulebooks.explaining import explain_mistakes

#: The keys that lead to a part of a mapping.
Place = tuple[str | int, ...]
#: In a field's name, stands for the stage that a row's stage column names.
ANY_STAGE = "stageN_"
#: Under ``take``: what the rows of a case's last stage say, if all of them do.
LAST_STAGE = "last_stage"
#: Under ``ignore_events``: every event that is not named.
EVERY_OTHER = "*"
#: Separates the words of two columns that name an event together.
BETWEEN = " / "
NONE = "none"
_OWN = Vocabulary()


class MappingError(Mistake):
    """A mapping cannot be used; the text says where, what was found and what was expected."""


# --- models ---------------------------------------------------------------------------------------


def _listed(value: Any) -> Any:
    return () if value is None else [value] if isinstance(value, str) else value


def _table(value: Any) -> Any:
    return {} if value is None else value


_Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
_Words = Annotated[dict[str, str | None], BeforeValidator(_table)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Source(_Model):
    """Where one field's value comes from."""

    column: str | None = None
    columns: _Texts = ()
    constant: str | None = None
    ticks: dict[str, str] = Field(default_factory=dict)
    """Tick-box columns of a list: column to our word."""
    empty_ticks: Literal["unticked", "unknown"] = "unticked"
    """What an empty box means if another box is filled in."""
    begins: _Texts = Field(default=(), alias="from")
    ends: _Texts = Field(default=(), alias="to")
    take: Literal["first", "last", "last_stage"] | None = None
    dates: _Texts = ()
    words: _Words = Field(default_factory=dict)
    separator: str | None = None
    stage: Annotated[int | None, Field(ge=1, le=3)] = None
    event: _Texts = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("needs the name of a column, or column:, columns:, constant:, ticks:, or from: and to:")
        return {"column": value} if isinstance(value, str) else value

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns whose cells hold the value itself."""
        return (*([self.column] if self.column is not None else []), *self.columns)


class StageColumn(_Model):
    """The column with the stage, and its words for stages."""

    column: str
    words: dict[str, Annotated[int, Field(ge=1, le=3)]]


class Target(_Model):
    """What an event of a log means: a date field, or the beginning or end of a hold."""

    field: str
    take: Literal["first", "last"] | None = None
    marks: Literal["begin", "end"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("needs the name of a field; an event that means nothing here goes under ignore_events")
        return {"field": value} if isinstance(value, str) else value


class Status(_Model):
    """A status column whose words are events, and the column with their date."""

    column: str
    date: str
    words: _Words
    take: Literal["first", "last", "last_stage"] | None = None
    dates: _Texts = ()


class Words(_Model):
    """The export's words for ours, by type; a word that maps to nothing is ignored."""

    booleans: _Words = Field(default_factory=dict)
    outcomes: _Words = Field(default_factory=dict)
    procedures: _Words = Field(default_factory=dict)
    contents: _Words = Field(default_factory=dict)
    flags: _Words = Field(default_factory=dict)

    def of(self, kind: Type) -> dict[str, str | None]:
        """The words for a type of field."""
        by_type = {
            Type.BOOLEAN: self.booleans,
            Type.OUTCOME: self.outcomes,
            Type.PROCEDURE: self.procedures,
            Type.CONTENTS: self.contents,
            Type.FLAGS: self.flags,
        }
        return by_type.get(kind, {})


class OpenQuestion(_Model):
    """A question that the proposed mapping leaves open."""

    about: str
    """What an answer names it by."""
    ask: str
    """The question, with its answers and what holds until there is one."""
    first: bool = False
    """Whether nothing can be audited before it is answered."""


def _statuses(value: Any) -> Any:
    return [value] if isinstance(value, dict) else _listed(value)


def _numbers(value: Any) -> Any:
    return [value] if isinstance(value, int) else _listed(value)


def _as_written(place: Place, document: Document) -> Place:
    """A place as written in the file, where a single status need not be in a list."""
    alone = place[:1] == ("status",) and isinstance(document.data.get("status"), dict)
    return (place[0], *place[2:]) if alone else place


class Mapping(_Model):
    """A whole mapping file."""

    layout: Literal["case", "stage", "event"]
    sheet: str | None = None
    sheets: Literal["all"] | None = None
    """Whether all sheets with the columns of the first are read as one."""
    heading: Annotated[tuple[Annotated[int, Field(ge=1)], ...], BeforeValidator(_numbers)] = ()
    encoding: Literal["utf-8", "windows-1252"] | None = None
    case: str | None = None
    stage: StageColumn | None = None
    event: _Texts = ()
    date: str | None = None
    events: dict[str, Target] = Field(default_factory=dict)
    ignore_events: _Texts = ()
    fields: Annotated[dict[str, Source], BeforeValidator(_table)] = Field(default_factory=dict)
    status: Annotated[tuple[Status, ...], BeforeValidator(_statuses)] = ()
    dates: _Texts = ("iso",)
    zone: Literal["London", "UTC"] = "London"
    """The zone of times that name none."""
    words: Annotated[Words, BeforeValidator(_table)] = Words()
    blank: _Texts = ()
    separator: str = ";"
    ignore: _Texts = ()
    questions: tuple[OpenQuestion, ...] = ()
    made_for: Annotated[dict[str, Literal["empty", "dates", "stages", "text"]], BeforeValidator(_table)] = Field(
        default_factory=dict
    )
    """What each column of the export held when the mapping was proposed."""
    _document: Document | None = PrivateAttr(default=None)
    _vocabulary: Vocabulary = PrivateAttr(default=_OWN)

    @property
    def file_options(self) -> FileOptions:
        """How to read the file itself."""
        every = self.sheets == "all"
        return FileOptions(self.sheet, self.heading, self.encoding, numbered=True, every_sheet=every)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words for letter contents and the flags, including those of plugins."""
        return self._vocabulary

    @cached_property
    def dictionary(self) -> dict[str, RecordField]:
        """Every field that it may name: putright's, and those that councils' plugins add."""
        return self._vocabulary.every_field()

    def expand(self, name: str) -> dict[str, int | None]:
        """The fields a name stands for, each with its stage: ``stageN_responded`` is one of each stage."""
        return expand(name, self.dictionary)

    def given(self) -> frozenset[str]:
        """Every field that it gives values to."""
        named = [*self.fields, *(target.field for target in self.events.values())]
        named += [name for status in self.status for name in status.words.values() if name]
        return frozenset(field for name in named for field in self.expand(name))

    def place(self, path: Place) -> str:
        """File, line and column of a part of the mapping, ready for a message."""
        return f"{self._document.place(_as_written(path, self._document))}: " if self._document else ""

    def columns(self) -> Iterator[tuple[Place, str]]:
        """Every column the mapping reads, and the keys that name it."""
        for name in ("case", "date"):
            if (column := getattr(self, name)) is not None:
                yield (name,), column
        yield from ((("event", i), column) for i, column in enumerate(self.event))
        if self.stage:
            yield ("stage", "column"), self.stage.column
        for name, source in self.fields.items():
            place: Place = ("fields", name)
            if source.column is not None:
                yield (*place, "column"), source.column
            for part, listed in (("columns", source.columns), ("from", source.begins), ("to", source.ends)):
                yield from (((*place, part, i), column) for i, column in enumerate(listed))
            yield from (((*place, "ticks", column), column) for column in source.ticks)
        for i, status in enumerate(self.status):
            yield ("status", i, "column"), status.column
            yield ("status", i, "date"), status.date


def expand(name: str, known: Container[str] = FIELDS) -> dict[str, int | None]:
    """As a mapping's own ``expand``, of these fields."""
    if name.startswith(ANY_STAGE):
        suffix = name.removeprefix(ANY_STAGE)
        stages = STAGES[1:] if suffix == "requested" else STAGES  # stage 1 is seldom asked for: its field is named
        return {f"stage{n}_{suffix}": n for n in stages if f"stage{n}_{suffix}" in known}
    return {name: None} if name in known else {}


# --- mistakes -------------------------------------------------------------------------------------

_Found = Iterator[tuple[Place, str]]


def read_mapping(path: Path, vocabulary: Vocabulary = _OWN) -> Mapping:
    """Read and check a mapping file; MappingError lists every mistake with its place.

    ``vocabulary`` has the plugins' own words for letter contents, and their flags.
    """
    try:
        document = read_document(path, "a mapping: keys and values, beginning with 'layout:'")
    except YamlError as error:
        raise MappingError.of(error.problems) from None
    try:
        mapping = Mapping.model_validate(document.data)
    except ValidationError as error:
        raise MappingError.of(explain_mistakes(error, document)) from None
    mapping._document = document
    mapping._vocabulary = vocabulary
    mistakes = _mistakes(mapping, vocabulary)
    if found := [document.problem(_as_written(place, document), text) for place, text in mistakes]:
        raise MappingError.of(found)
    return mapping


def _mistakes(mapping: Mapping, words: Vocabulary) -> _Found:
    yield from _layout_mistakes(mapping)
    yield from _date_mistakes(mapping)
    yield from _word_mistakes(mapping, words)
    for name, source in mapping.fields.items():
        yield from _source_mistakes(mapping, name, source, words)
    yield from _event_mistakes(mapping)
    yield from _status_mistakes(mapping)
    yield from _twice(mapping)
    yield from _ignored(mapping)
    for i, question in enumerate(mapping.questions):
        if question.first:
            yield ("questions", i), f"answer this first, then take it away: {question.ask}"


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


_NEEDED = {"case": (), "stage": ("case", "stage"), "event": ("case", "event", "date", "events")}
_ALLOWED = {
    "case": (),
    "stage": ("case", "stage"),
    "event": ("case", "stage", "event", "date", "events", "ignore_events"),
}


def _layout_mistakes(mapping: Mapping) -> _Found:
    layout = mapping.layout
    if mapping.sheet is not None and mapping.sheets is not None:
        yield ("sheets",), "'sheet' names one sheet already: take it or 'sheets' away"
    for name in ("case", "stage", "event", "date", "events", "ignore_events"):
        given = bool(getattr(mapping, name))
        if name in _NEEDED[layout] and not given:
            yield (), f"'{name}' is missing: layout {layout} needs {', '.join(_NEEDED[layout])}"
        elif given and name not in _ALLOWED[layout]:
            yield (name,), f"'{name}' has no meaning in layout {layout}"
    if layout == "case" and "reference" not in mapping.fields:
        yield ("fields",), "nothing gives 'reference': name the column with the case number"
    if "received" not in mapping.given():
        yield ("fields",), "nothing gives 'received': name what holds the day the complaint was received"
    if layout == "event" and mapping.status:
        yield ("status",), "'status' has no meaning in layout event: its words go under 'events'"


def _date_mistakes(mapping: Mapping) -> _Found:
    listed: list[tuple[Place, tuple[str, ...]]] = [(("dates",), mapping.dates)]
    listed += [(("fields", name, "dates"), source.dates) for name, source in mapping.fields.items()]
    listed += [(("status", i, "dates"), status.dates) for i, status in enumerate(mapping.status)]
    for place, formats in listed:
        for i, name in enumerate(formats):
            if problem := dateformats.problem(name):
                yield (*place, i), f"date format {name!r} {problem}{_near(name, dateformats.NAMED)}"
    if not mapping.dates:
        yield ("dates",), f"no date format is given: use one of {', '.join(dateformats.NAMED)}, or a pattern"


def target_mistake(kind: Type, word: str, words: Vocabulary) -> str | None:
    """Why a word is not one of ours; None if it is."""
    known: Collection[str] = {
        Type.BOOLEAN: ("true", "false"),
        Type.OUTCOME: fields.OUTCOMES,
        Type.PROCEDURE: words.every_procedure(),
        Type.CONTENTS: (*words.words, NONE),
    }.get(kind, ())
    if kind is Type.POUNDS and (wrong := amount_mistake(word)):
        return wrong
    for part in (part.strip() for part in word.split(";")):
        if known and part not in known:
            nouns = {Type.BOOLEAN: "true or false", Type.CONTENTS: "a word for letter contents"}
            hint = _near(part, known) or f"; use one of {', '.join(known)}"
            return f"{part!r} is not {nouns.get(kind, f'a known {kind}')}{hint}"
    return None


def amount_mistake(word: str) -> str | None:
    """Why a word is not an amount in pounds; None if it is."""
    try:
        parsing.parse_pounds(word)
    except parsing.UnreadableValue as error:
        return f"{word!r} is {error}"
    return None


def _word_mistakes(mapping: Mapping, words: Vocabulary) -> _Found:
    for name in Words.model_fields:
        kind = next(kind for kind in Type if mapping.words.of(kind) is getattr(mapping.words, name))
        yield from _table_mistakes(("words", name), getattr(mapping.words, name), kind, words)


def _table_mistakes(place: Place, table: dict[str, str | None], kind: Type, words: Vocabulary) -> _Found:
    seen: dict[str, str | None] = {}
    for theirs, ours in table.items():
        if ours is not None and (problem := target_mistake(kind, ours, words)):
            yield (*place, theirs), problem
        if seen.setdefault(key(theirs), ours) != ours:
            yield (*place, theirs), f"{theirs!r} is given two meanings (case and blanks do not matter)"


def _source_mistakes(mapping: Mapping, name: str, source: Source, words: Vocabulary) -> _Found:
    place: Place = ("fields", name)
    if wrong := _no_field(mapping, name):
        yield place, wrong
        return
    kind = mapping.dictionary[next(iter(mapping.expand(name)))].type
    yield from ((place, text) for text in _shape_mistakes(name, source, kind))
    yield from _table_mistakes((*place, "words"), source.words, kind, words)
    for column, word in source.ticks.items():
        if problem := target_mistake(kind, word, words):
            yield (*place, "ticks", column), problem
    if source.constant is not None and (problem := _constant_mistake(source.constant, kind, words)):
        yield (*place, "constant"), problem
    is_staged = name.startswith(ANY_STAGE) or mapping.dictionary[name].stage
    if source.take == LAST_STAGE and (not mapping.stage or is_staged):
        yield (*place, "take"), f"'{LAST_STAGE}' is for a field of the whole case, where 'stage:' says the row's stage"
    if source.stage and not mapping.stage:
        yield (*place, "stage"), "'stage' needs the column that says the stage: give 'stage:' at the top"
    if source.stage and name.startswith(ANY_STAGE):
        yield (*place, "stage"), f"{name} is already of the row's own stage: name the field itself instead"
    if source.event and mapping.layout != "event":
        yield (*place, "event"), f"'event' has no meaning in layout {mapping.layout}"
    known = {key(word) for word in (*mapping.events, *mapping.ignore_events)}
    for i, word in enumerate(source.event if mapping.layout == "event" else ()):
        if key(word) not in known:
            yield (*place, "event", i), f"{word!r} is not a word under 'events'{_near(word, mapping.events)}"


def _no_field(mapping: Mapping, name: str) -> str | None:
    if not mapping.expand(name):
        staged = [ANY_STAGE + field.part for field in mapping.dictionary.values() if field.stage == 2]
        return f"'{name}' is not a field of a case record{_near(name, [*mapping.dictionary, *staged])}"
    if name.startswith(ANY_STAGE) and not mapping.stage:
        return f"'{name}' needs the column that says the stage: give 'stage:', or name the stage's own field"
    return None


def _shape_mistakes(name: str, source: Source, kind: Type) -> Iterator[str]:
    """Check that the parts of a field's source fit each other and the field's type."""
    lists = kind in (Type.CONTENTS, Type.FLAGS)
    ways = {
        "column": source.column is not None,
        "columns": bool(source.columns),
        "constant": source.constant is not None,
        "from: and to": bool(source.begins or source.ends),
    }
    given = [way for way, there in ways.items() if there]
    if len(given) != 1 and not (source.ticks and not given):
        yield f"'{name}': needs a column, columns, a constant{', ticks' if lists else ''} - one of them"
    if source.ticks and not lists:
        yield f"'{name}' is a {kind}: 'ticks' are for lists of letter contents and flags"
    if source.begins or source.ends:
        if kind is not Type.HOLDS:
            yield f"'{name}' is a {kind}: 'from' and 'to' are for holds"
        if len(source.begins) != len(source.ends):
            yield f"'{name}': 'from' and 'to' must name as many columns as each other"
    if source.columns and kind not in (Type.DATE, Type.CONTENTS, Type.FLAGS, Type.HOLDS):
        yield f"'{name}' is a {kind}: several columns are for dates and lists"
    if len(source.columns) > 1 and kind is Type.DATE and source.take is None:
        yield f"'{name}': several columns for one date need 'take: first' (the earliest) or 'take: last'"
    if source.take and kind is not Type.DATE:
        yield f"'{name}' is a {kind}: 'take' is for dates"
    if source.dates and kind not in (Type.DATE, Type.HOLDS):
        yield f"'{name}' is a {kind}: 'dates' are for dates"
    if source.words and kind in (Type.DATE, Type.HOLDS):
        yield f"'{name}' is a {kind}: 'words' have no meaning for it"


def _constant_mistake(text: str, kind: Type, words: Vocabulary) -> str | None:
    if kind is Type.DATE:
        try:
            dateformats.parse(text, ("iso",))
        except dateformats.DateError:
            return f"the constant {text!r} is not a date: write it as 2026-11-22"
    return target_mistake(kind, text, words)


def _event_mistakes(mapping: Mapping) -> _Found:
    takes: dict[str, str] = {}
    seen: dict[str, Target] = {}
    for word, target in mapping.events.items():
        place: Place = ("events", word)
        if wrong := _no_field(mapping, target.field):
            yield place, wrong
            continue
        kind = mapping.dictionary[next(iter(mapping.expand(target.field)))].type
        if kind is Type.HOLDS and not target.marks:
            yield place, f"'{target.field}' is a hold: say 'marks: begin' or 'marks: end'"
        elif kind not in (Type.HOLDS, Type.DATE):
            yield place, f"'{target.field}' is a {kind}: an event gives a date"
        elif kind is Type.DATE and target.marks:
            yield place, f"'{target.field}' is a {kind}: 'marks' is for holds"
        if target.take and takes.setdefault(target.field, target.take) != target.take:
            yield place, f"'{target.field}' is to take the {takes[target.field]} by another word: say the same here"
        if seen.setdefault(key(word), target) != target:
            yield place, f"{word!r} is given two meanings (case and blanks do not matter)"
        if key(word) in {key(other) for other in mapping.ignore_events}:
            yield place, f"{word!r} is under 'ignore_events' as well"


def _status_mistakes(mapping: Mapping) -> _Found:
    for i, status in enumerate(mapping.status):
        for word, name in status.words.items():
            place: Place = ("status", i, "words", word)
            if name and (wrong := _no_field(mapping, name)):
                yield place, wrong
            elif name and mapping.dictionary[next(iter(mapping.expand(name)))].type is not Type.DATE:
                yield place, f"'{name}' is not a date: a status word names an event"
        if status.take == LAST_STAGE and not mapping.stage:
            yield (
                ("status", i, "take"),
                f"'{LAST_STAGE}' needs the column that says the stage: give 'stage:' at the top",
            )


def _twice(mapping: Mapping) -> _Found:
    """A field that two entries give, for example stage1_responded and stageN_responded."""
    seen: dict[str, str] = {}
    for name in mapping.fields:
        for field in mapping.expand(name):
            if seen.setdefault(field, name) != name:
                yield ("fields", name), f"'{field}' is given twice, by '{seen[field]}' and '{name}'"


def _ignored(mapping: Mapping) -> _Found:
    used = {key(column) for _, column in mapping.columns()}
    for i, column in enumerate(mapping.ignore):
        if key(column) in used:
            yield ("ignore", i), f"column {column!r} is read elsewhere in the mapping, so it cannot be ignored"
