"""The annual report's own tables: the self-assessment's answers, and why complaints were refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from putright.documents.paper import Block, Cell, Column, Sentence, Table, Withheld
from putright.policy.evidence import Verdict
from putright.policy.forms import Form, SelfAssessment
from putright.rulebooks import doubts
from putright.statistics.supplied import Reason
from putright.statistics.tables import slug

OTHERS = "Other reasons"


def assessment(code: str, assessed: SelfAssessment, form: Form) -> Table:
    """The answers: a statement for each section, or the number of paragraphs with each answer."""
    return (_by_section if form == "sections" else _by_answer)(code, assessed)


def _by_section(code: str, assessed: SelfAssessment) -> Table:
    names = ("Section", "Statement", "Do we follow it?")
    told = assessed.rows("sections")
    rows = tuple((f"{row['section']} {row['heading']}", row["statement"], row["comply"]) for row in told)
    return _form_table(code, assessed, tuple(Column(name, figures=False) for name in names), rows)


def _by_answer(code: str, assessed: SelfAssessment) -> Table:
    answers = sorted(row["comply"] for row in assessed.rows("paragraphs"))
    rows = tuple((answer, answers.count(answer)) for answer in dict.fromkeys(reversed(answers)))
    return _form_table(code, assessed, (Column("Do we comply?", figures=False), Column("Paragraphs")), rows)


def _form_table(
    code: str, assessed: SelfAssessment, columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]
) -> Table:
    title = f"Self-assessment: {_title(code, assessed)}"
    judged = "; ".join(f"{book.title} ({book.edition})" for book in assessed.policies)
    books = [*assessed.policies, assessed.codes[code]]
    unsure = [f"{book.title}: {' '.join(said)}" for book in books if (said := doubts.shorts(doubts.of_book(book)))]
    return Table(slug("assessment", code), title, columns, rows, " ".join([f"Judged: {judged}.", *unsure]))


def _title(code: str, assessed: SelfAssessment) -> str:
    """Title with the issuing Ombudsman in brackets, since both Codes have the same title."""
    return f"{assessed.codes[code].title} ({assessed.codes[code].authority})"


def departures(code: str, assessed: SelfAssessment) -> Iterator[Block]:
    """The paragraphs of a Code that the policy departs from."""
    book = assessed.codes[code]
    rows = tuple(
        (f"{a.paragraph} {a.heading}", " ".join([a.commentary, *a.doubts]))
        for a in assessed.answers
        if a.verdict is Verdict.DEPARTS
    )
    if not rows:
        text = f"Our written procedure was not found to depart from {_title(code, assessed)}."
        yield Sentence(slug("departs-none", code), text, "No paragraph of the Code is answered with a departure.")
        return
    note = "A departure from guidance is not in itself a breach of law." if book.standing == "guidance" else ""
    columns = (Column("Paragraph", figures=False), Column("How our procedure departs from it", figures=False))
    yield Table(slug("departs", code), f"Departures from {_title(code, assessed)}", columns, rows, note)


def reasons(reasons: Sequence[Reason], threshold: int) -> Table:
    """Why complaints were refused; reasons with small counts are added together and not named."""
    left = sorted(reasons, key=lambda item: (item.count, item.reason))
    rare = [item for item in left if 0 < item.count < threshold]
    left = [item for item in left if item not in rare]
    while rare and sum(item.count for item in rare) < threshold and any(item.count for item in left):
        rare.append(left.pop(next(place for place, item in enumerate(left) if item.count)))
    rows: list[tuple[Cell, ...]] = [(item.reason, item.count) for item in reversed(left)]
    if rare:
        count = sum(item.count for item in rare)
        rows.append((OTHERS, count if count >= threshold else Withheld()))
    columns = (Column("Reason", figures=False), Column("Complaints refused"))
    note = f"Supplied by hand (Code 8.1). Reasons with fewer than {threshold} are counted together."
    return Table("refusal-reasons", "Why complaints were refused", columns, tuple(rows), note)
