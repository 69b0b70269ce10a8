"""Reading published figures back: the ``figures.json`` of a pack, which may have been through other hands.

Nothing of it is used that is not as ``publication.as_data`` writes it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError, model_validator

from putright.mistakes import Mistake

FORMAT = "putright figures 1"
#: Bytes of the largest file that is read: 50 times the figures of the largest council seen.
LARGEST = 10_000_000

Text = Annotated[StrictStr, Field(max_length=5_000)]
Count = Annotated[StrictInt, Field(ge=0, le=10**9)]


class FiguresError(Mistake):
    """A file does not have published figures; the text says where and why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Days(_Part):
    """The period of the figures; empty for all days."""

    start: Annotated[dt.date | None, Field(alias="from")]
    end: Annotated[dt.date | None, Field(alias="to")]


class Unreadable(_Part):
    """Rows in no figure, and values that count as not recorded."""

    rows: Count
    values: Count


class Ratio(_Part):
    """A share with its base."""

    count: Count
    base: Annotated[StrictInt, Field(ge=1, le=10**9)]
    percent: Annotated[StrictInt, Field(ge=0, le=100)] | None

    @model_validator(mode="after")
    def _within(self) -> Ratio:
        if self.count > self.base:
            raise ValueError(f"{self.count} is more than its base {self.base}")
        return self


class Hidden(_Part):
    """A withheld count."""

    withheld: Literal[True]


#: One cell of a published table.
Value = Text | Annotated[StrictInt, Field(ge=-(10**9), le=10**9)] | Ratio | Hidden | None


class Heading(_Part):
    """A column of a table."""

    heading: Text
    figures: StrictBool


class FiguresTable(_Part):
    """A published table."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
    title: Text
    note: Text
    columns: Annotated[list[Heading], Field(min_length=1, max_length=200)]
    rows: Annotated[list[list[Value]], Field(max_length=20_000)]

    @model_validator(mode="after")
    def _as_wide_as_the_heading(self) -> FiguresTable:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, and the table {len(self.columns)} columns")
        return self


class PublishedFigures(_Part):
    """The contents of a ``figures.json``; see ``publication.as_data``."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Literal["putright figures 1"]
    software: Text
    council: Text | None
    as_at: dt.date
    period: Days
    counts_by: Literal["received", "due"]
    threshold: Annotated[StrictInt, Field(ge=1, le=1000)]
    withhold: Literal["breakdowns", "everywhere"] = "everywhere"
    """Where small counts are withheld; files of earlier versions do not say, and withhold them everywhere."""
    unreadable: Unreadable | None = None
    tables: Annotated[list[FiguresTable], Field(max_length=1_000)]

    @model_validator(mode="after")
    def _each_table_once(self) -> PublishedFigures:
        names = [table.id for table in self.tables]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"there are two tables {twice}")
        return self


def read_figures(path: Path) -> PublishedFigures:
    """The published figures of a file; FiguresError if it cannot be read or is not such a file."""
    try:
        if not path.is_file():
            raise FiguresError(f"{path} is not there, or no file: give the figures.json of a pack.")
        if path.stat().st_size > LARGEST:
            raise FiguresError(f"{path} is larger than {LARGEST // 10**6} MB, which no published figures are.")
        content = path.read_bytes()
    except OSError as error:
        raise FiguresError(f"{path} cannot be read: {error.strerror or error}.") from None
    try:
        return PublishedFigures.model_validate_json(content)
    except ValidationError as error:
        raise FiguresError(
            f"{path} is not published figures as putright writes them{_first(error)}. Give the figures.json of a pack."
        ) from None


def _first(error: ValidationError) -> str:
    """The place of the first mistake and its reason, with our own messages before pydantic's."""
    items: list[Any] = error.errors(include_url=False, include_input=False)
    item = next((item for item in items if item["type"] == "value_error"), items[0])
    parts = [part + 1 if isinstance(part, int) else part for part in item["loc"]]
    place = " ".join(str(part) for part in parts if not str(part).startswith(("constrained-", "Ratio", "Hidden")))
    if item["type"] == "json_invalid":
        return f": it is not JSON ({item['ctx']['error']})"
    if item["type"] == "missing":
        return f": '{place}' is missing"
    if item["type"] == "value_error":
        return f" ({place}): {item['ctx']['error']}" if place else f": {item['ctx']['error']}"
    return f": '{place}' is not as putright writes it" if place else ""
