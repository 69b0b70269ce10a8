"""The fields that a rulebook's council has of its own, given to the models when a rulebook is read."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationInfo

from putright import fields

_KEY = "own_fields"


def context(own: fields.Own) -> dict[str, Any]:
    """What to validate a rulebook with, so that its rules may name these fields."""
    return {_KEY: own}


def known(info: ValidationInfo, *types: fields.Type) -> list[str]:
    """The fields of these types that a rule may name: putright's, then the council's own."""
    own: fields.Own = (info.context or {}).get(_KEY, fields.NO_OWN)
    return [each.name for each in (*fields.FIELDS.values(), *own.values()) if each.type in types]
