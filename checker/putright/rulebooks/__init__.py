"""Rulebooks: their rules, how a file of one is read, and what is in doubt of them."""

from putright.rulebooks.clauses import STATUS_DOUBTS, Clause, Departure, Point, Restatement, Shared, Topic
from putright.rulebooks.doubts import short_doubt
from putright.rulebooks.rulebook import BookName, InForce, Rulebook, check_rulings, name_of
from putright.rulebooks.rulings import Part, Ruling

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
