"""What the models of a rulebook have in common: their base, and the names, days and references that are values."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from putright import fields
from putright.mistakes import did_you_mean
from putright.rulebooks import vocabularies
from putright.text.dates import UnreadableDate, as_date


class Model(BaseModel):
    """Base of everything in a rulebook: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_of(what: str, known: Mapping[str, object]) -> AfterValidator:
    return AfterValidator(lambda name: _checked(name, what, known))


def _checked(name: str, what: str, known: Iterable[str]) -> str:
    if name not in known:
        hint = did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
        raise ValueError(f"unknown {what} {name!r}; {hint}")
    return name


def _field_of(what: str, *types: fields.Type) -> AfterValidator:
    """A field of one of these types: putright's, or one of the council's own that reading gives as context."""

    def check(name: str, info: ValidationInfo) -> str:
        return _checked(name, what, vocabularies.known_fields(info, *types))

    return AfterValidator(check)


DateField = Annotated[str, _field_of("date field of a case record", fields.Type.DATE)]
Recordable = Annotated[
    str, _field_of("date or true/false field of a case record", fields.Type.DATE, fields.Type.BOOLEAN)
]
RuleName = Annotated[str, _one_of("rule name", fields.RULES)]
Outcome = Annotated[str, _one_of("outcome", dict.fromkeys(fields.OUTCOMES))]
#: Letter words are checked when a rulebook is loaded, since a plugin may add words of its own.
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def parse_day(value: object) -> dt.date:
    """A date from 1900 to 2199, as 2026-11-22 or 22/11/2026; ValueError says so."""
    try:
        return as_date(value)
    except UnreadableDate:
        if re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", str(value)):
            raise ValueError("is a day that does not exist: correct the day or the month") from None
        meant = _meant(str(value))
        hint = f"; did you mean '{meant}'?" if meant else ""
        raise ValueError(f"must be a date between 1900 and 2199, written as 22/11/2026 or 2026-11-22{hint}") from None


def _meant(text: str) -> dt.date | None:
    """The date that somebody wrote in another way: 20261122 or 2026/11/22."""
    for way in ("%Y%m%d", "%Y/%m/%d"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text.strip(), way).date()
    return None


Day = Annotated[dt.date, BeforeValidator(parse_day)]


class Paragraph(NamedTuple):
    """A reference to a national paragraph, or to one point of it, taken apart: ``lgsco 8.1 c``."""

    rulebook: str
    number: str
    point: str | None = None


def paragraph(reference: str) -> Paragraph:
    """The rulebook, the number and the point that a reference names."""
    rulebook, _, place = reference.partition(" ")
    number, _, point = place.partition(" ")
    return Paragraph(rulebook, number, point or None)


Reference = Annotated[str, Field(pattern=r"^[a-z0-9-]+ \S+( [a-z])?$")]
"""A national paragraph, ``lgsco 8.1``, or one of its points, ``lgsco 8.1 c``."""
