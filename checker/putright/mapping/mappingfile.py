"""Mapping files: YAML that says how another layout becomes case records.

This module has the models; ``reading`` makes them from a file, and ``mappedtables`` applies a mapping to a table. The
README of the examples (examples/mapping) is the how-to.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from putright.fields import FIELDS, STAGES, Type, Vocabulary
from putright.fields import Field as RecordField
from putright.files.tables import FileOptions
from putright.files.yamlfiles import Document, Place
from putright.mistakes import Mistake, Problem

#: In a field's name, stands for the stage that a row's stage column names.
ANY_STAGE = "stageN_"
#: Under ``take``: what the rows of a case's last stage say, if all of them do.
LAST_STAGE = "last_stage"
#: Under ``ignore_events``: every event that is not named.
EVERY_OTHER = "*"
#: Separates the words of two columns that name an event together.
BETWEEN = " / "
NONE = "none"
#: What putright knows without any plugin.
BUILT_IN = Vocabulary()


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
    _vocabulary: Vocabulary = PrivateAttr(default=BUILT_IN)

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

    def remember(self, document: Document, vocabulary: Vocabulary) -> None:
        """Keep the file that it was read from, whose places messages name, and what the plugins add."""
        self._document, self._vocabulary = document, vocabulary

    def problem(self, path: Place, text: str) -> Problem:
        """What is wrong with a part of the file that it was read from."""
        assert self._document is not None, "a mapping that was read from a file"
        return self._document.problem(_as_written(path, self._document), text)

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
