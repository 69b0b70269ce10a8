"""A generated page of the handbook: what it holds, and who answers for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from putright.mistakes import Mistake

PACKAGE = Path(__file__).parent
#: Who answers for the pages that no rulebook's owner does.
OWNER = "The putright maintainers"


class HandbookError(Mistake):
    """The handbook cannot be built as asked; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Page:
    """A page that no hand wrote: its path, title, content and owner."""

    docname: str
    title: str
    content: tuple[str, ...]
    """The kind of what it holds (``contents``), and the arguments of that; empty for a page whose text is written."""
    owner: str
    source: str
    edition: str
    last_reviewed: dt.date | None
    review_due: dt.date | None
    short: str
    """Its name in menus."""
    description: str
    council: str | None = None
    """The council it belongs to; None for a page for everyone."""
    procedure: str | None = None
    rulebook: str | None = None
    """The rulebook that it is made from, in this edition; None if there are several."""
    ends: dt.date | None = None
    superseded_by: str | None = None
    audited: dt.date | None = None
    """The day as at which its figures are, if it has the figures of an audit: it is not reviewed, but replaced."""

    @property
    def meta(self) -> dict[str, Any]:
        """What menus, lists of pages and the foot of the page have of it: text, or True."""
        facts: dict[str, Any] = {
            "orphan": True,
            "title": self.title,
            "short": self.short,
            "description": self.description,
            "owner": self.owner,
            "source": self.source,
            "edition": self.edition,
            "last_reviewed": self.last_reviewed and self.last_reviewed.isoformat(),
            "review_due": self.review_due and self.review_due.isoformat(),
            "council": self.council,
            "procedure": self.procedure,
            "rulebook": self.rulebook,
            "ends": self.ends and self.ends.isoformat(),
            "superseded_by": self.superseded_by,
            "audited": self.audited and self.audited.isoformat(),
        }
        return {name: value for name, value in facts.items() if value}
