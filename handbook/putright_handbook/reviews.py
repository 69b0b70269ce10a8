"""List what is due for review, by owner: each rulebook with its pages, and each hand-written page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from putright.api import clauses
from putright.rulebooks.doubts import sentence
from putright.text.english import written_date

from putright_handbook import wording
from putright_handbook.page import OWNER, HandbookError
from putright_handbook.site import Site

OVERDUE, TO_COME, NO_DATE = "overdue", "to come", "no date"


@dataclass(frozen=True)
class Item:
    """Something that an owner has to review."""

    title: str
    docname: str
    owner: str
    last_reviewed: dt.date | None
    review_due: dt.date | None
    ends: dt.date | None = None
    """The last day on which the procedure can apply, if that is known."""
    superseded_by: str | None = None

    @property
    def warned(self) -> str:
        """A sentence or two if the procedure ends or is superseded; blank if neither is known."""
        said = [f"Superseded by {self.superseded_by}"] if self.superseded_by else []
        said += [f"Its last day is {written_date(self.ends)}"] if self.ends else []
        return " ".join(map(sentence, said))

    def state(self, as_at: dt.date) -> str:
        """Overdue from the day after the review was due."""
        if self.review_due is None:
            return NO_DATE
        return OVERDUE if self.review_due < as_at else TO_COME


def items(site: Site) -> list[Item]:
    """Everything to review, the earliest due first, what has no date last."""
    found = [*_rulebooks(site), *_written(site)]
    return sorted(found, key=lambda item: (item.review_due or dt.date.max, item.owner, item.title))


def _rulebooks(site: Site) -> Iterator[Item]:
    for book in site.books.values():
        yield Item(
            wording.book_title(book),
            clauses.page_of(book, site.host),
            book.owner,
            book.last_reviewed,
            book.review_due,
            book.ends,
            book.superseded_by,
        )


def _written(site: Site) -> Iterator[Item]:
    for path in site.written:
        facts, title = front_matter(path)
        yield Item(
            title, path.stem, str(facts.get("owner", OWNER)), facts.get("last_reviewed"), facts.get("review_due")
        )


def front_matter(path: Path) -> tuple[dict[str, Any], str]:
    """The facts at the head of a hand-written page, and its title; HandbookError if they are wrong."""
    _, _, rest = path.read_text(encoding="utf-8").partition("---\n")
    head, _, body = rest.partition("\n---\n")
    try:
        facts = yaml.safe_load(head) or {}
    except yaml.YAMLError as error:
        raise HandbookError(f"{path}: its front matter cannot be read: {error}") from None
    for name in ("last_reviewed", "review_due"):
        if not isinstance(facts.get(name), dt.date):
            raise HandbookError(f"{path}: its front matter must give '{name}' as a date, like 2026-11-22.")
    title = next((line[2:] for line in body.splitlines() if line.startswith("# ")), path.stem)
    return facts, title


def as_data(site: Site) -> list[dict[str, Any]]:
    """For JSON: ``title``, ``page``, ``owner``, ``last_reviewed``, ``review_due``, ``state``.

    And of a rulebook ``ends``, the last day on which it can apply, and ``superseded_by``.
    """
    return [
        {
            "title": item.title,
            "page": item.docname,
            "owner": item.owner,
            "last_reviewed": item.last_reviewed and item.last_reviewed.isoformat(),
            "review_due": item.review_due and item.review_due.isoformat(),
            "state": item.state(site.as_at),
            "ends": item.ends and item.ends.isoformat(),
            "superseded_by": item.superseded_by,
        }
        for item in items(site)
    ]


def lines(site: Site) -> Iterator[str]:
    """The reviews due, by owner, as text."""
    found = items(site)
    overdue = [item for item in found if item.state(site.as_at) == OVERDUE]
    yield f"As at {site.as_at}: {len(overdue)} of {len(found)} overdue for review."
    for owner in dict.fromkeys(item.owner for item in found):
        yield ""
        yield owner
        for item in (each for each in found if each.owner == owner):
            due = item.review_due.isoformat() if item.review_due else "no date  "
            late = "  OVERDUE" if item.state(site.as_at) == OVERDUE else ""
            yield f"  {due}  {item.title}{late}"
            if item.warned:
                yield f"              {item.warned}"
