"""Rulebooks: their rules, how a file of one is read, and what is in doubt of them."""

from putright.rulebooks.rulebook import (
    STATUS_DOUBTS,
    BookName,
    Clause,
    Departure,
    InForce,
    Part,
    Point,
    Restatement,
    Rulebook,
    Ruling,
    Shared,
    Topic,
    check_rulings,
    name_of,
    short_doubt,
)

__all__ = [
    "STATUS_DOUBTS",
    "BookName",
    "Clause",
    "Departure",
    "InForce",
    "Part",
    "Point",
    "Restatement",
    "Rulebook",
    "Ruling",
    "Shared",
    "Topic",
    "check_rulings",
    "name_of",
    "short_doubt",
]
