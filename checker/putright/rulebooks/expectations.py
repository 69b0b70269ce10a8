"""Expected dates: a case, and the due dates that its rulebook must give it. ``putright check`` compares them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

from putright import fields
from putright.mistakes import did_you_mean
from putright.rulebooks import vocabularies
from putright.rulebooks.values import parse_day


@dataclass(frozen=True)
class Expectation:
    """A case with the due dates that are expected of it."""

    events: Mapping[str, dt.date]
    """The dates of the case, by their fields."""
    dates: Mapping[str, dt.date]
    """The due date of each rule."""
    flags: tuple[str, ...] = ()
    """The flags of the case."""

    def as_data(self) -> dict[str, Any]:
        """Gives it as a rulebook has it."""
        days = {name: day.isoformat() for name, day in (*self.events.items(), *self.dates.items())}
        return days | ({"flags": list(self.flags)} if self.flags else {})


def parse_expectation(value: Any, info: ValidationInfo) -> Expectation:
    """Read ``{received: 2026-12-18, acknowledge-stage1: 2027-01-04}``; ValueError says everything that is wrong."""
    if isinstance(value, Expectation):
        return value
    if not isinstance(value, dict):
        raise ValueError("an expectation is keys and values, for example {received: 2026-12-18, acknowledge-stage1: …}")
    known = vocabularies.known_fields(info, fields.Type.DATE)
    events, dates = ({name: day for name, day in value.items() if name in names} for names in (known, fields.RULES))
    flags = value.get("flags") or []
    if wrong := [
        *_wrong(value, known),
        *([] if events else ["give at least one date of the case, for example 'received'"]),
    ]:
        raise ValueError("; ".join(wrong))
    if not dates:
        raise ValueError("give the due date of at least one rule, for example 'acknowledge-stage1: 2027-01-04'")
    return Expectation(
        {name: parse_day(day) for name, day in events.items()},
        {name: parse_day(day) for name, day in dates.items()},
        tuple(flags if isinstance(flags, list) else [flags]),
    )


def _wrong(value: dict[str, Any], events: list[str]) -> Iterator[str]:
    """What is wrong with an expectation, given the dates that its case may have."""
    for name, day in value.items():
        if name == "flags":
            if not (isinstance(day, str) or (isinstance(day, list) and all(isinstance(flag, str) for flag in day))):
                yield "'flags' must be a list of flags"
        elif name not in events and name not in fields.RULES:
            hint = did_you_mean(name, [*fields.RULES, *events])
            yield f"{name!r} is not a date of a case record, and not a rule name{hint and f' ({hint})'}"
        else:
            try:
                parse_day(day)
            except ValueError as error:
                yield f"{name!r} {error} (found {day!r:.60})".replace("; did", ", did")


Expected = Annotated[
    Expectation,
    BeforeValidator(parse_expectation),
    PlainSerializer(Expectation.as_data),
    WithJsonSchema({"type": "object"}),
]
