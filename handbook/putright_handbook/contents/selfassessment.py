"""The self-assessment, paragraph by paragraph, and what contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docutils import nodes
from putright.api.clauses import Answer, Verdict
from putright.api.policies import SelfAssessment, assess
from putright.rulebooks import Rulebook, doubts
from putright.text.english import capital

from putright_handbook import uncertain, wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, grid, para, section, tag

_CLASSES = {
    Verdict.FOLLOWS: "pr-good",
    Verdict.FURTHER: "pr-good",
    Verdict.DEPARTS: "pr-bad",
    Verdict.JUDGEMENT: "pr-look",
    Verdict.NOT_STATED: "pr-look",
    Verdict.NOTHING_ASKED: "pr-none",
}

_FOOTERS = {
    "guidance": "A departure from this Code is a departure from guidance, not a breach of law.",
    "statutory code": "This is a statutory code: those it binds have to comply with it.",
    "law": "These are Regulations: a departure that is longer than they allow is longer than the law allows.",
}


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """How a policy answers each Code that governs it."""
    book = site.books[rulebook]
    if not any(name in site.national for name in book.governed_by):
        return [para("No national rulebook here governs this procedure.")]
    assessed = assess(site.host, book)
    parts: list[nodes.Node] = [
        para(
            "Worked out from the rulebook, not filled in by hand. Before you sign a self-assessment, check every "
            "'for judgement' row and find evidence that the policy is followed."
        )
    ]
    parts += [_beside(book, code, assessed) for code in assessed.codes.values()]
    parts.append(section("contradictions", "Where the policy contradicts itself", *_contradictions(book, assessed)))
    parts.append(section("unclear", "What the source leaves unclear", *_unclear(book, assessed)))
    return parts


def _beside(book: Rulebook, code: Rulebook, assessed: SelfAssessment) -> nodes.section:
    answers = [answer for answer in assessed.answers if answer.code == code.rulebook]
    counts = Counter(answer.verdict for answer in answers)
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    rows = [_row(book, answer) for answer in answers if answer.verdict is not Verdict.NOTHING_ASKED]
    nothing = [answer.paragraph for answer in answers if answer.verdict is Verdict.NOTHING_ASKED]
    parts: list[nodes.Node] = [
        para(f"{capital(said)}. {_FOOTERS.get(code.standing, '')}"),
        grid(
            f"{wording.book_title(book)}, next to {wording.book_title(code)}",
            ("Paragraph", "Verdict", "Commentary", "Our clauses"),
            rows,
            "pr-assessment",
            "pr-plain",
        ),
    ]
    if nothing:
        parts.append(para(f"Nothing is asked in {', '.join(nothing)}.", "pr-small"))
        unsure = [answer for answer in answers if answer.verdict is Verdict.NOTHING_ASKED and answer.doubts]
        lines = [f"{answer.paragraph}: {' '.join(answer.doubts)}" for answer in unsure]
        parts += [para(f"{uncertain.LABEL}: {line}", "pr-small") for line in lines]
    if of_code := doubts.shorts(doubts.of_book(code)):
        parts.insert(0, writing.note(" ".join(of_code), uncertain.LABEL))
    return section(f"beside-{code.rulebook}", f"{wording.book_title(code)}, {code.edition}", *parts)


def _row(book: Rulebook, answer: Answer) -> list[Content]:
    number = writing.clause(answer.paragraph, answer.code, answer.paragraph)
    verdict = tag(str(answer.verdict), _CLASSES[answer.verdict])
    clauses = clause_links(book, ", ".join(answer.clauses)) if answer.clauses else ""
    paragraph: list[Content] = [number, f" {answer.heading}"]
    for doubt in answer.doubts:
        paragraph.append(nodes.inline("", f"{uncertain.LABEL}: {doubt}", classes=["pr-small", "pr-doubt"]))
    return [paragraph, verdict, answer.commentary, clauses]


def _contradictions(book: Rulebook, assessed: SelfAssessment) -> Iterator[nodes.Node]:
    if not assessed.contradictions:
        yield para("Nothing was found.")
        return
    yield writing.bullets(
        [clause_links(book, ", ".join(clash.clauses)), f" ({clash.kind}): {clash.text}"]
        for clash in assessed.contradictions
    )


def _unclear(book: Rulebook, assessed: SelfAssessment) -> Iterator[nodes.Node]:
    if not assessed.unclear:
        yield para("Nothing is marked.")
        return
    yield writing.bullets(
        [clause_links(book, doubt.clause) if doubt.clause else "The whole document", f": {doubt.text}"]
        for doubt in assessed.unclear
    )
