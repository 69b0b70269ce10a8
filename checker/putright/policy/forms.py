"""The self-assessment for people: at a terminal, as JSON, as a workbook; by paragraph or as a form.

Two forms are in use. The Housing Ombudsman's goes paragraph by paragraph, and the Local Government and
Social Care Ombudsman's has a statement for each section of its Code. What the statements are about was
seen in forms that councils published (Bassetlaw 2024, Slough 2025); their words here are ours and are
in ``section_form.csv``.
"""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from putright import __version__
from putright.mistakes import Mistake
from putright.plugins import Host, unknown_references
from putright.policy.assessment import Answer, assess
from putright.policy.contradictions import Contradiction, Unclear, contradictions, unclear
from putright.policy.evidence import Verdict, worst
from putright.rulebooks import Rulebook, doubts
from putright.text.english import capital, listed, plural
from putright.text.grids import Grid
from putright.text.shown import Display, Showing, table
from putright.writing.outputs import write_json
from putright.writing.staging import WriteError, whole_file

if TYPE_CHECKING:
    from rich.console import RenderableType

Form = Literal["paragraphs", "sections"]
Row = dict[str, Any]

_SECTIONS = Path(__file__).with_name("section_form.csv")
_COMPLY = {Verdict.FOLLOWS: "yes", Verdict.FURTHER: "yes", Verdict.DEPARTS: "no", Verdict.NOT_STATED: "not shown"}


class AssessmentError(Mistake):
    """A self-assessment cannot be made as asked; the text is one plain sentence."""


@dataclass(frozen=True)
class SelfAssessment(Showing):
    """What some rulebooks of a council show of the national rulebooks that govern them."""

    policies: list[Rulebook]
    """The rulebooks that were compared with the national ones."""
    codes: dict[str, Rulebook]
    """The national rulebooks, by name."""
    answers: list[Answer]
    """What each policy shows of each national paragraph."""
    contradictions: list[Contradiction]
    """Where a policy contradicts itself, or the law."""
    unclear: list[Unclear]
    """What the policies' own sources leave unclear."""

    def shown(self) -> Display:
        """Shows the answers paragraph by paragraph, as a table."""
        rows = [
            (answer.code, answer.paragraph, str(answer.verdict), answer.clauses, answer.commentary)
            for answer in self.answers
        ]
        return table(
            ("Code", "Paragraph", "Verdict", "Clauses", "Commentary"), rows, "The policy compared with the Codes"
        )

    def contradictions_told(self) -> Iterator[RenderableType]:
        """Gives contradictions and doubts as lists."""
        from rich.markup import escape
        from rich.padding import Padding

        def item(text: str) -> RenderableType:
            return Padding(escape(text), (0, 0, 0, 2))

        yield "[bold]Contradictions[/bold]" if self.contradictions else "No contradictions were found."
        for clash in self.contradictions:
            yield item(f"{clash.rulebook}, {listed(clash.clauses)} ({clash.kind}): {clash.text}")
        yield "[bold]What the source leaves unclear[/bold]" if self.unclear else "Nothing is marked as unclear."
        for doubt in self.unclear:
            place = ", ".join(filter(None, (doubt.clause or "the whole document", doubt.rule)))
            yield item(f"{doubt.rulebook}, {place}: {doubt.text}")

    def render(self, form: Form | None = None) -> Iterator[RenderableType]:
        """Gives each policy compared with each of its Codes, then contradictions and doubts, for a terminal."""
        told = self.rows(form)
        for policy in self.policies:
            for name, code in self.codes.items():
                own = [row for row in told if (row["rulebook"], row["code"]) == (policy.rulebook, name)]
                if own:
                    yield from _table(policy, code, own)
        yield from self.contradictions_told()

    def write(self, output: str, form: Form | None = None) -> None:
        """Writes it as a .json document or an .xlsx workbook, by the ending of the name."""
        path = Path(output)
        ending = path.suffix.lower()
        if ending == ".json":
            write_json(self.as_data(form), path)
        elif ending == ".xlsx":
            with whole_file(path) as file:
                file.write(self.workbook(form))
        else:
            raise WriteError(f"--output {output}: give a file ending in .json or .xlsx.")

    def workbook(self, form: Form | None = None) -> bytes:
        """Makes an .xlsx workbook of it; the same assessment gives the same bytes."""
        from putright.writing import workbooks

        return workbooks.workbook(_sheets(self.as_data(form), form), _WIDTHS, 13)

    def as_data(self, form: Form | None = None) -> Row:
        """Gives the whole for JSON: ``software``; ``rulebooks`` and ``codes``; ``answers`` (see ``rows``).

        Rulebooks and Codes have ``name``, ``title``, ``edition``, ``standing`` and ``doubts`` (of the whole document).
        And ``contradictions``: ``rulebook``, ``kind``, ``step``, ``clauses``, ``text``; ``unclear``: ``rulebook``,
        ``clause``, ``rule``, ``text``.
        """

        def told(book: Rulebook) -> Row:
            names = {"name": book.rulebook, "title": book.title, "edition": book.edition, "standing": book.standing}
            return names | {"doubts": doubts.shorts(doubts.of_book(book))}

        return {
            "software": f"putright {__version__}",
            "rulebooks": [told(book) for book in self.policies],
            "codes": [told(book) for book in self.codes.values()],
            "answers": self.rows(form),
            "contradictions": [dataclasses.asdict(clash) for clash in self.contradictions],
            "unclear": [dataclasses.asdict(doubt) for doubt in self.unclear],
        }

    def rows(self, form: Form | None = None) -> list[Row]:
        """Gives a row for each paragraph (in the section form, for each statement), for JSON and for a worksheet.

        Without a form: ``rulebook``, ``code``, ``standing``, ``paragraph``, ``heading``, ``strength``, ``status``,
        ``verdict``, ``clauses``, ``commentary``, ``open_points`` (points of the paragraph for which no clause is
        named), ``doubts`` (what is not certain of the paragraph itself). Paragraph form: ``rulebook``, ``code``,
        ``paragraph``, ``heading``, ``strength``, ``comply``, ``evidence``, ``commentary``; what asks nothing is left
        out. Section form: ``rulebook``, ``code``, ``section``, ``heading``, ``statement``, ``comply``, ``evidence``,
        ``commentary``. ``comply`` is yes, no, not shown or for judgement.
        """
        if form == "sections":
            return list(_section_rows(self))
        if form == "paragraphs":
            return [_paragraph_row(a) for a in self.answers if a.verdict is not Verdict.NOTHING_ASKED]
        return [_plain(answer) for answer in self.answers]


def self_assess(host: Host, policies: list[Rulebook], code: str | None = None) -> SelfAssessment:
    """Compare each policy with each national rulebook that governs it, or with one of them only.

    AssessmentError where none does, or a policy names a paragraph that does not exist.
    """
    if unknown := [
        f"rulebook {policy.rulebook!r}: clause {clause} {line}"
        for policy in policies
        for _, clause, line in unknown_references(policy, host)
    ]:
        raise AssessmentError("\n".join(unknown))
    pairs = [(policy, _code(host, policy, name)) for policy in policies for name in policy.governed_by]
    wanted = [(policy, book) for policy, book in pairs if code in (None, book.rulebook)]
    if not wanted:
        known = ", ".join(dict.fromkeys(book.rulebook for _, book in pairs)) or "none"
        asked = f"{code!r} does not govern" if code else "no national rulebook governs"
        names = listed(policy.rulebook for policy in policies)
        raise AssessmentError(f"{asked} {names}; in 'governed_by' there: {known}.")
    found = []
    for policy, book in wanted:
        words = host.words_of(policy.council)
        found.append(assess(policy, book, words, host.calendar(policy), host.calendar(book)))
    told = {policy.rulebook: policy for policy, _ in wanted}
    answers = [answer for each in found for answer in each]
    return SelfAssessment(
        policies=list(told.values()),
        codes={book.rulebook: book for _, book in wanted},
        answers=answers,
        contradictions=[
            clash
            for name, policy in told.items()
            for clash in contradictions(policy, [answer for answer in answers if answer.rulebook == name])
        ],
        unclear=[doubt for policy in told.values() for doubt in unclear(policy)],
    )


def _code(host: Host, policy: Rulebook, name: str) -> Rulebook:
    editions = host.editions.get(name)
    if editions is None or not editions[-1].is_national:
        known = ", ".join(known for known, books in host.editions.items() if books[-1].is_national)
        raise AssessmentError(
            f"{policy.rulebook}: 'governed_by' names {name!r}, which is not a national rulebook; known: {known}."
        )
    return editions[-1]


# --- rows -----------------------------------------------------------------------------------------


def _plain(answer: Answer) -> Row:
    row = dataclasses.asdict(answer)
    del row["longer_than_law"]
    lists = {name: list(row[name]) for name in ("clauses", "open_points", "doubts")}
    return row | {"verdict": str(answer.verdict)} | lists


def _paragraph_row(answer: Answer) -> Row:
    return {
        "rulebook": answer.rulebook,
        "code": answer.code,
        "paragraph": answer.paragraph,
        "heading": answer.heading,
        "strength": answer.strength,
        "comply": _comply(answer.verdict),
        "evidence": list(answer.clauses),
        "commentary": " ".join([answer.commentary, *answer.doubts]),
    }


def _comply(verdict: Verdict) -> str:
    return _COMPLY.get(verdict, str(verdict))


def _section_rows(assessed: SelfAssessment) -> Iterator[Row]:
    with _SECTIONS.open(encoding="utf-8", newline="") as file:
        sections = [row for row in csv.DictReader(file) if row["code"] in assessed.codes]
    if not sections:
        known = ", ".join(assessed.codes)
        raise AssessmentError(f"there is no section form for {known}; use --form paragraphs.")
    for policy in assessed.policies:
        for section in sections:
            own = [a for a in assessed.answers if (a.rulebook, a.code) == (policy.rulebook, section["code"])]
            if own:
                yield _section_row(policy, section, own)


def _section_row(policy: Rulebook, section: dict[str, str], answers: list[Answer]) -> Row:
    numbers = [answer.paragraph for answer in answers]
    own = answers[numbers.index(section["first"]) : numbers.index(section["last"]) + 1]
    asked = [answer for answer in own if answer.verdict is not Verdict.NOTHING_ASKED]
    cited = {clause for answer in asked for clause in answer.clauses}
    return {
        "rulebook": policy.rulebook,
        "code": section["code"],
        "section": section["section"],
        "heading": section["heading"],
        "statement": section["statement"],
        "comply": _comply(worst(answer.verdict for answer in asked)),
        "evidence": [clause.id for clause in policy.clauses if clause.id in cited],
        "commentary": _summed(asked),
    }


#: Words that agree with how many paragraphs are named.
_NUMBER = {"Paragraph": ("Paragraph", "Paragraphs"), "asks": ("asks", "ask"), "needs": ("needs", "need")}


def _summed(answers: list[Answer]) -> str:
    """A section in a few sentences: its departures in full, the rest by paragraph, and what is not certain of each."""
    said = [f"{a.paragraph}: {a.commentary}" for a in answers if a.verdict is Verdict.DEPARTS]
    for verdict, words in (
        (Verdict.FOLLOWS, "The policy complies with {}."),
        (Verdict.FURTHER, "The policy goes further than {}."),
        (Verdict.NOT_STATED, "The policy does not mention what {} {asks} for."),
        (Verdict.JUDGEMENT, "{Paragraph} {} {needs} your judgement."),
    ):
        if numbers := [a.paragraph for a in answers if a.verdict is verdict]:
            forms = {one: plural(len(numbers), *both) for one, both in _NUMBER.items()}
            said.append(words.format(listed(numbers), **forms))
    unsure: dict[str, list[str]] = {}
    for answer in answers:
        for doubt in answer.doubts:
            unsure.setdefault(doubt, []).append(answer.paragraph)
    said += [f"{listed(numbers)}: {doubt}" for doubt, numbers in unsure.items()]
    return " ".join(said)


# --- files ----------------------------------------------------------------------------------------


_WIDTHS = {
    **{"heading": 30, "clauses": 18, "commentary": 90, "text": 90, "rulebook": 22, "open points": 22, "doubts": 45},
    **{"Policy": 22, "Code section": 26, "Action": 44, "Code provision": 10, "Code requirement": 38, "Evidence": 16},
    **{"Do we follow the Code: Yes/No": 15, "Comply: Yes / No": 14},
    **{"Explanations and commentary": 90, "Commentary / explanation": 80},
}


def _sheets(data: Row, form: Form | None) -> dict[str, list[dict[str, str]]]:
    """A table each for the answers, the contradictions and what is unclear; every cell is text."""
    tables = {"self-assessment": "answers", "contradictions": "contradictions", "unclear": "unclear"}
    sheets = {
        name: [{column.replace("_", " "): _cell(value) for column, value in row.items()} for row in data[key]]
        for name, key in tables.items()
    }
    if form:
        several = len({(row["rulebook"], row["code"]) for row in data["answers"]}) > 1
        sheets["self-assessment"] = [
            ({"Policy": f"{row['rulebook']}, {row['code']}"} if several else {}) | _AS_PRINTED[form](row)
            for row in data["answers"]
        ]
    return sheets


def _as_the_local_ombudsman(row: Row) -> dict[str, str]:
    """A statement under the headings of the Local Government and Social Care Ombudsman's form."""
    clauses = f"Clauses {listed(row['evidence'])}. " if row["evidence"] else ""
    return {
        "Code section": f"{row['section']}: {row['heading']}",
        "Action": row["statement"],
        "Do we follow the Code: Yes/No": capital(row["comply"]),
        "Explanations and commentary": clauses + row["commentary"],
    }


def _as_the_housing_ombudsman(row: Row) -> dict[str, str]:
    """A paragraph under the headings of the Housing Ombudsman's form; the requirement is in a few words of ours."""
    return {
        "Code provision": row["paragraph"],
        "Code requirement": f"{row['heading']} ({row['strength']})" if row["strength"] else row["heading"],
        "Comply: Yes / No": capital(row["comply"]),
        "Evidence": ", ".join(row["evidence"]),
        "Commentary / explanation": row["commentary"],
    }


_AS_PRINTED: dict[Form, Callable[[Row], dict[str, str]]] = {
    "sections": _as_the_local_ombudsman,
    "paragraphs": _as_the_housing_ombudsman,
}


def _cell(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list | tuple) else "" if value is None else str(value)


# --- for the terminal -----------------------------------------------------------------------------

_FOOTERS = {
    "guidance": "  A departure from this Code is a departure from guidance, not a breach of law.\n",
    "statutory code": "  This is a statutory code: those it binds have to comply with it.\n",
    "law": "",
}


def _table(policy: Rulebook, code: Rulebook, own: list[Row]) -> Iterator[RenderableType]:
    from rich.markup import escape

    verdict = "verdict" if "verdict" in own[0] else "comply"
    number = "section" if "section" in own[0] else "paragraph"
    evidence = "clauses" if "clauses" in own[0] else "evidence"
    title = f"{policy.rulebook} ({policy.edition}) compared with {code.rulebook}: {code.title} ({code.edition})"
    grid = Grid(number, verdict, evidence, "commentary", title=title, strong=("commentary",))
    yield from (escape(doubt) for book in (policy, code) for doubt in doubts.shorts(doubts.of_book(book)))
    for row in own:
        unsure = "".join(f"\nIn doubt: {doubt}" for doubt in row.get("doubts", ()))
        heading = row["heading"] + (f": {row['statement']}" if "statement" in row else "")
        grid.add(row[number], row[verdict], ", ".join(row[evidence]), f"{heading}\n{row['commentary']}{unsure}")
    yield grid
    counts = Counter(row[verdict] for row in own)
    yield "  " + ", ".join(f"{count} {name}" for name, count in counts.most_common())
    yield _FOOTERS.get(code.standing, "")
