"""Where a clause stands in the handbook: one rule for its links, whoever makes them."""

from __future__ import annotations

import re

from putright.rulebooks import Rulebook


def page(rulebook: str) -> str:
    """The handbook's page with a rulebook's clauses, from its root, without an ending.

    ``coventry.corporate`` stands in ``councils/coventry/corporate/procedure``, ``lgsco`` in ``codes/lgsco``.
    """
    council, dot, procedure = rulebook.partition(".")
    return f"councils/{council}/{procedure}/procedure" if dot else f"codes/{rulebook}"


def anchor(clause: str) -> str:
    """The anchor of a clause on its page: ``13.6`` is ``clause-13-6``, ``1.4 (second)`` is ``clause-1-4-second``."""
    return "-".join(["clause", *re.findall(r"[a-z0-9]+", clause.lower())])


def cited(clause: str, book: Rulebook) -> list[str]:
    """The clauses of a book that a finding's ``clause`` names, as ``6.9.2, 6.13`` or ``20.1/13.9``, in that order."""
    known = {own.id for own in book.clauses}
    names = [name for part in clause.split(", ") for name in ([part] if part in known else part.split("/"))]
    return [name for name in dict.fromkeys(names) if name in known]


def link(rulebook: str, clause: str) -> str:
    """The way from the handbook's root to a clause: ``councils/coventry/corporate/procedure.html#clause-13-6``."""
    return f"{page(rulebook)}.html#{anchor(clause)}"
