"""What each column of an export was taken for, with some of its values as far as they can be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from putright.fields import Type
from putright.mapping.draft import Draft, type_of
from putright.mapping.exportcolumns import Column

#: The types whose values are words that say nothing about a person.
_WORDS = (Type.OUTCOME, Type.PROCEDURE, Type.BOOLEAN)
_SHOWN = 3
_LONGEST = 30


@dataclass(frozen=True)
class ColumnUse:
    """One column of an export: what it is used for, and what it holds."""

    name: str
    """Its heading."""
    use: str
    """The field that it gives, ``ignore``, or what else it is for; blank where it is used for nothing."""
    holds: str
    """``dates``, ``yes or no``, ``words``, ``text`` or ``nothing``."""
    samples: tuple[str, ...]
    """Some values. Of text that may be about a person, only its shape: ``Aaaa 99``."""
    values: int
    """How many different values it has."""


def column_uses(draft: Draft) -> tuple[ColumnUse, ...]:
    """Every column of a draft, in the order of the file."""
    words = {draft.rows.stage, draft.rows.reached, *draft.rows.event}
    return tuple(
        _use(column, draft.placed.get(name, ""), is_words=name in words) for name, column in draft.columns.items()
    )


def _use(column: Column, use: str, *, is_words: bool) -> ColumnUse:
    if not column.values:
        return ColumnUse(column.name, use, "nothing", (), 0)
    open_words = is_words or _is_of(use, *_WORDS)
    holds = "dates" if column.is_date else "yes or no" if column.is_boolean else "words" if open_words else "text"
    shown = [value[:_LONGEST] if holds != "text" else shape(value) for value in column.values]
    return ColumnUse(column.name, use, holds, tuple(dict.fromkeys(shown))[:_SHOWN], len(column.values))


def _is_of(use: str, *types: Type) -> bool:
    try:
        return type_of(use) in types
    except KeyError:  # it is used for no field
        return False


def shape(value: str) -> str:
    """What a text looks like, without what it says: letters as a and A, digits as 9."""
    plain = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "a", value[:_LONGEST]))
    capitals = "".join("A" if letter.isupper() else out for letter, out in zip(value, plain, strict=False))
    return capitals + ("…" if len(value) > _LONGEST else "")
