"""The English that every output shares: a capital letter first, a number of things, a list, a date.

Each is written here once, so that no two outputs can write the same thing differently.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable


def capital(text: str) -> str:
    """The text with a capital letter first and the rest unchanged."""
    return text[:1].upper() + text[1:]


def as_sentence(text: str) -> str:
    """The text as a sentence: a capital letter first, and a full stop unless it already ends."""
    return capital(text) + ("" if re.search(r"[.!?]\W*$", text) else ".")


def listed(things: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    words = list(things)
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def counted(count: int, one: str, more: str = "") -> str:
    """A number of things: ``1 row``, ``1,234 rows``; ``more`` is a plural that does not only add an s."""
    return f"{count:,} {plural(count, one, more)}"


def plural(count: int, one: str, more: str = "") -> str:
    """The noun or verb that fits a count: ``row`` or ``rows``, ``is`` or ``are``."""
    return one if count == 1 else more or f"{one}s"


def written_date(day: dt.date) -> str:
    """A date as a letter has it: ``5 January 2026``."""
    return f"{day.day} {day:%B %Y}"


def day_and_month(day: dt.date) -> str:
    """A date short enough for a column, without its year: ``5 Jan``."""
    return f"{day.day} {day:%b}"
