"""A procedure's quick reference card: every step and letter on one side of A4, as a page and as a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from putright import fields
from putright.documents import paperpdf
from putright.rulebooks import Rulebook, Ruling, doubts, phrases
from putright.rulebooks.limits import Limit
from putright.rulebooks.rules import Extension, Independence, Notice, Timed
from putright.text.english import capital, written_date

from putright_handbook import letters, procedures, wording
from putright_handbook.page import PACKAGE
from putright_handbook.procedures import Procedure

DOUBTFUL, SOMETIMES, DIFFERENT = "*", "+", "#"
MARKS = {
    DOUBTFUL: "The source leaves something in doubt: see the clause",
    SOMETIMES: "Not in every case: see the page of the stage",
    DIFFERENT: "The national rules say something else: see the page of the stage",
}
_TEMPLATE = PACKAGE / "templates" / "card.typ"
#: The PDF's name, next to the page.
PDF = "card.pdf"


@dataclass(frozen=True)
class Step:
    """A line of the card: a step, with the rulebook that it is by."""

    name: str
    time: str
    more: str
    book: Rulebook
    clause: str

    @property
    def source(self) -> str:
        """Whose rules it is by, where that is not the council's own procedure."""
        return procedures.whose(self.book) if self.book.is_national else ""

    @property
    def cited(self) -> str:
        """The clause, and where it is not of the council's own procedure whose it is."""
        return f"{self.source} {self.clause}".strip()


def steps(procedure: Procedure) -> Iterator[Step]:
    """Each step once: by the council's own rulebook, or by the national one if that alone has it."""
    for name in fields.RULES:
        for book in procedure.books:
            ruling = book.rulings().get(name)
            if ruling and isinstance(ruling.rule, Timed | Notice | Independence):
                aim = phrases.aim_mark(ruling.kind, short=True)
                time = capital(phrases.asked(ruling.rule)) + aim + "".join(_marks(procedure, book, ruling))
                yield Step(wording.step(name), time, _more(book.extension_of(name)), book, ruling.clause)
                break


def _marks(procedure: Procedure, book: Rulebook, ruling: Ruling) -> Iterator[str]:
    """What a step's line has no room for."""
    more = book.extension_of(ruling.name)
    if any(doubts.of_ruling(book, each) for each in (ruling, *([more] if more else []))):
        yield DOUBTFUL
    if wording.conditions(ruling.rule):
        yield SOMETIMES
    others = [each.rulings()[ruling.name] for each in procedure.national if ruling.name in each.rulings()]
    if any(phrases.asked(each.rule) != phrases.asked(ruling.rule) for each in others):
        yield DIFFERENT


def _more(ruling: Ruling | None) -> str:
    if ruling is None or not isinstance(ruling.rule, Extension):
        return ""
    by = ruling.rule.by
    if not isinstance(by, Limit):
        return "As agreed" if by == "as agreed" else "No limit"
    return f"{phrases.length(by)} more{', longer for good reason' if ruling.rule.cap == 'soft' else ''}"


def letter(procedure: Procedure, name: str, words: dict[str, str]) -> tuple[str, str]:
    """A letter's name, and what it has to hold."""
    items = letters.items(procedure, name, words)
    said = "; ".join(item.meaning + ("" if item.always else " (in some cases)") for item in items)
    return capital(fields.LETTERS[name].name), capital(f"{said}.")


def marks() -> str:
    """What the marks mean."""
    return " ".join(f"{mark} {meaning}." for mark, meaning in MARKS.items())


def pdf(procedure: Procedure, title: str, words: dict[str, str], warnings: list[str]) -> bytes:
    """The card as a tagged PDF, in letters as large as one side of A4 has room for."""
    book = procedure.book
    review = f" Review due: {written_date(book.review_due)}." if book.review_due else ""
    data: dict[str, Any] = {
        "title": title,
        "warnings": warnings,
        "steps": [[each.name, each.time, each.more, each.cited] for each in steps(procedure)],
        "letters": [letter(procedure, name, words) for name in letters.letters(procedure)],
        "marks": marks(),
        "source": f"{book.source.document}. Edition: {book.edition}.{review} This is our summary: if it differs from "
        "the document, follow the document.",
    }
    return paperpdf.tagged(_TEMPLATE.read_bytes(), {"card": data})
