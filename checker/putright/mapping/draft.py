"""What a proposed mapping has so far: what each column is used for, the fields that are given, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from putright.fields import FIELDS, Type
from putright.mapping.columnnames import Match
from putright.mapping.datestyles import DateStyles
from putright.mapping.exportcolumns import Column
from putright.mapping.layouts import Layout
from putright.mapping.mappingfile import ANY_STAGE
from putright.mapping.questions import Asking
from putright.mapping.wordlines import WordLines
from putright.mapping.yamllines import Lines

#: The steps that end a case.
ENDS = ("closed", "withdrawn", "refused")


@dataclass
class Draft:
    """The parts that the proposal is made of, each added to in turn."""

    columns: Mapping[str, Column]
    asking: Asking
    rows: Layout
    dates: DateStyles
    words: WordLines
    headings: Mapping[str, str] = field(default_factory=dict)
    """The headings of councils' own exports, each with its field."""
    left: list[str] = field(default_factory=list)
    """What a person has to do that is not the answer to a question."""
    placed: dict[str, str] = field(default_factory=dict)
    """Each column with the use found for it."""
    fields: Lines = field(default_factory=lambda: Lines("fields:"))
    given: set[str] = field(default_factory=set)
    """The fields that something gives."""
    holders: dict[str, list[str]] = field(default_factory=dict)
    """Each field of dates with the columns that hold it."""
    events: dict[str, str] = field(default_factory=dict)
    """Each event of a log with the field that it dates."""

    def target(self, found: Match) -> str | None:
        """The field of a match as this layout names it; None if there is none at that stage."""
        if not found.field.startswith("N_"):
            return found.field
        if found.field == "N_requested" and found.stage == 1:
            return "received"
        if found.stage is None and self.rows.kind == "stage":
            return found.field.replace("N_", ANY_STAGE)
        if found.field == "N_requested" and found.stage is None:
            return "stage2_requested"
        name = found.field.replace("N_", f"stage{found.stage or 1}_")
        return name if name.partition(" ")[0] in FIELDS else None


def type_of(target: str) -> Type:
    """The type of a field as a mapping names it, the end of a hold included."""
    name = target.partition(" ")[0].replace(ANY_STAGE, "stage2_")
    known = FIELDS.get(name) or FIELDS[name.replace("stage2_", "stage3_")]
    return known.type
