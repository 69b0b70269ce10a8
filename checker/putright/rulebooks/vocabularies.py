"""What a rulebook's council has of its own, given to the models when a rulebook is read."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationInfo

from putright import fields

_FIELDS, _PROCEDURES = "own fields", "own procedures"


def context(vocabulary: fields.Vocabulary, council: str) -> dict[str, Any]:
    """What to validate a council's rulebook with, so that it may name the council's own fields and procedures."""
    return {_FIELDS: vocabulary.fields_of(council), _PROCEDURES: vocabulary.procedures_of(council)}


def known_fields(info: ValidationInfo, *types: fields.Type) -> list[str]:
    """The fields of these types that a rule may name: putright's, then the council's own."""
    own: fields.Own = (info.context or {}).get(_FIELDS, fields.NO_OWN)
    return [each.name for each in (*fields.FIELDS.values(), *own.values()) if each.type in types]


def known_procedures(info: ValidationInfo) -> tuple[str, ...]:
    """The procedures that a rulebook may be for: putright's, then the council's own."""
    found: tuple[str, ...] = (info.context or {}).get(_PROCEDURES, fields.PROCEDURES)
    return found
