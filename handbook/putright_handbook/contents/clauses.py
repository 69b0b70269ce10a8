"""A rulebook clause by clause, each with the anchor that findings link to; without an edition, the latest.

Without an edition it is the latest one. And the role ``{clause}`lgsco 6.2```, a link to a clause by its rulebook
and number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from docutils import nodes
from putright import fields
from putright.api import clauses
from putright.mistakes import Mistake
from putright.rulebooks import STATUS_DOUBTS, Clause, Rulebook, doubts, phrases
from putright.rulebooks.rules import Contents, Extension, Rule
from putright.rulebooks.values import paragraph
from putright.text.english import capital, listed

from putright_handbook import uncertain, wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, link, para, section, tag

_STRENGTHS = {"must": "must", "should": "should", "may": "may", "context": "context: asks nothing"}
_SHOWN = {"policy": "the written policy", "cases": "case records", "governance": "other evidence"}

_STATES = {"earlier": "This is an earlier edition", "to come": "This edition is not in force yet"}


def content(site: Site, docname: str, rulebook: str, *edition: str) -> list[nodes.Node]:
    """Every clause of a rulebook."""
    editions = site.host.editions[rulebook]
    book = next((each for each in editions if (each.edition,) == edition), editions[-1])
    _check_anchors(book)
    words = site.host.words_of(book.name.whose)
    return [
        *_when(site, book, editions),
        *_head(book),
        *(_clause(book, clause, words, docname) for clause in book.clauses),
    ]


def _check_anchors(book: Rulebook) -> None:
    """Two clauses must never share an anchor: a link to one would show the other."""
    seen: dict[str, str] = {}
    for clause in book.clauses:
        other = seen.setdefault(clauses.anchor(clause.id), clause.id)
        if other != clause.id:
            raise Mistake(
                f"{book.rulebook}: clauses {other!r} and {clause.id!r} would have the same anchor; rename one."
            )


def _when(site: Site, book: Rulebook, editions: Sequence[Rulebook]) -> Iterator[nodes.Node]:
    """Of several editions, when each is in force, and which of them this is."""
    if len(editions) == 1:
        return
    if (state := site.state(book)) in _STATES:
        current = link("today's is here", clauses.page_of(site.books[book.rulebook], site.host))
        said = "A complaint is judged by the edition in force on the day it was received; "
        yield writing.note([said, current, "."], _STATES[state])
    rows: list[list[Content]] = []
    for each in editions:
        name = each.edition if each is book else link(each.edition, clauses.page_of(each, site.host))
        rows.append([name, wording.in_force(each), capital(site.state(each))])
    yield writing.grid(f"Editions of {wording.book_title(book)}", ("Edition", "In force", "State"), rows)


def _head(book: Rulebook) -> Iterator[nodes.Node]:
    source = book.source
    said = f"Edition: {book.edition}. Written from: {source.document}"
    if source.published:
        said += f", {source.published}"
    document = "document" if book.is_national else "council's document"
    yield para([f"{said}. This is our summary. If it differs from the {document}, follow the {document}."])
    if source.address:
        yield para(["Where it was read: ", writing.outside(source.address, source.address)], "pr-address")
    if book.is_national:
        yield para(f"Its standing: {wording.STANDINGS[book.standing]}.")
        yield from _how_sure(book)
    if source.note:
        yield from writing.prose(source.note)
    for doubt in doubts.of_book(book):
        text = capital(" ".join(doubt.text.split()))
        if text.rstrip(".") != doubt.short.rstrip("."):  # the head of the page has the first sentence
            yield writing.note(text, uncertain.LABEL)
    if any(clauses.days_off(book, ruling) for ruling in book.rulings().values()):
        yield para(phrases.counting_sentence(book.beginnings), "pr-small")


def _how_sure(book: Rulebook) -> Iterator[nodes.Node]:
    """Which paragraphs were not read on their author's own page, by what is known of them."""
    found: dict[str, list[Content]] = {}
    for clause in book.clauses:
        said = STATUS_DOUBTS.get(clause.status) or (doubts.read_elsewhere(book, clause) and _COPY)
        if said:
            found.setdefault(said, []).append(writing.clause(clause.id, book.rulebook, clause.id, book.edition))
    if found:
        lines: list[Content] = [
            [*([", ", link] if place else link for place, link in enumerate(links)), f": {said}."]
            for said, links in found.items()
        ]
        title = "To be confirmed"
        yield nodes.admonition("", nodes.title(title, title), bullets(lines), classes=["pr-note"])


_COPY = "this paragraph was read in another organisation's copy, not in the source itself"


def _clause(book: Rulebook, clause: Clause, words: dict[str, str], docname: str) -> nodes.section:
    anchor = clauses.anchor(clause.id)
    heading: Content = [nodes.inline("", clause.id, classes=["pr-number"]), f" {clause.heading}"]
    content = [*_content(book, clause, words), para(_summary(book, docname), "pr-small", "pr-summary")]
    return section(anchor, heading, *content, classes=["pr-clause"])


def _summary(book: Rulebook, docname: str) -> Content:
    """That a clause is in our words, with the way to the document, or to its name where no address is known."""
    kind = "document" if book.is_national else "policy"
    if book.source.address:
        return ["This is our summary. ", writing.outside(f"Read the {kind} itself", book.source.address), "."]
    return ["This is our summary of the ", link(f"{kind} named above", docname), "."]


def _content(book: Rulebook, clause: Clause, words: dict[str, str]) -> Iterator[nodes.Node]:
    tags: list[nodes.Node | str] = []
    if clause.strength:
        tags += [tag(_STRENGTHS[clause.strength], f"pr-{clause.strength}"), " "]
    if book.is_national:
        tags += [tag(_status(book, clause), "pr-status"), " "]
    if clause.who:
        tags.append(f"Who: {clause.who}")
    if tags:
        yield para(tags, "pr-facts")
    yield from writing.prose(clause.text)
    if clause.points:
        yield bullets(
            [
                f"{point.id}) {point.text}" + (f" ({point.strength})" if point.strength else "")
                for point in clause.points
            ],
            "pr-points",
        )
    if clause.rules:
        yield bullets([_rule(book, rule, words) for rule in clause.rules], "pr-rules")
    if clause.excludes:
        yield para("Not taken as a complaint here:")
        yield bullets(
            [each.matter + (f" (instead: {each.instead})" if each.instead else "") for each in clause.excludes]
        )
    if clause.answers:
        yield para(["Answers ", *_references(clause.answers), "."], "pr-small")
    for departure in clause.departs:
        yield para(["Departs from ", *_references([departure.paragraph]), f": {departure.because}"], "pr-small")
    if clause.shown_by:
        yield para(f"Display by {listed([_SHOWN[place] for place in clause.shown_by])}.", "pr-small")
    if clause.source:
        shown = clause.source
        read = writing.outside(urlsplit(shown).netloc, shown) if shown.startswith("http") else shown
        yield para(["Read in: ", read], "pr-small", "pr-address")
    if clause.note:
        yield para(f"Note: {clause.note.strip()}", "pr-small")
    for note in dict.fromkeys(rule.note.strip() for rule in clause.rules if rule.note):
        yield para(f"Note on {_named(clause, note)}: {note}", "pr-small")
    yield from _doubts(book, clause)


def _status(book: Rulebook, clause: Clause) -> str:
    """How sure a national paragraph is; one read in another organisation's copy is never simply confirmed."""
    if clause.status == "confirmed" and doubts.read_elsewhere(book, clause):
        return "read in a copy"
    return clause.status


def _named(clause: Clause, note: str) -> str:
    """The rules of a clause that a note is on."""
    return listed(
        [f"\u2018{fields.RULES[each.rule]}\u2019" for each in clause.rules if each.note and each.note.strip() == note]
    )


def _doubts(book: Rulebook, clause: Clause) -> Iterator[nodes.Node]:
    """Everything that is not certain of a clause, in full; of another clause, in short and with a link to it."""
    for doubt in doubts.of_paragraph(book, clause):
        if doubt.clause in (None, clause.id):
            yield writing.note(capital(" ".join(doubt.text.split())), uncertain.LABEL)
        else:
            yield from uncertain.note(book, [doubt])
    if clause.unclear and clause.bears_on:
        reached = [fields.RULES[name] for name in clause.bears_on]
        yield para(f"This makes other rules uncertain too: {', '.join(reached)}.", "pr-small")
    if clause.unclear and clause.stops_clock_of:
        stages = listed([str(stage) for stage in clause.stops_clock_of])
        yield para(f"It reaches the response at stage {stages} wherever the case was put on hold.", "pr-small")


def _rule(book: Rulebook, rule: Rule, words: dict[str, str]) -> list[str | nodes.Node]:
    """A rule of a clause in a line, with what it answers."""
    ruling = book.rulings()[rule.rule]
    said = f"{wording.step(rule.rule)}: "
    if isinstance(rule, Contents):
        said += "; ".join(wording.contents(rule, words))
    elif isinstance(rule, Extension):
        said += phrases.asked(rule)
    else:
        said += phrases.asked(ruling.rule) + phrases.aim_mark(ruling.kind)
    if conditions := wording.conditions(rule):
        said += f". {conditions}"
    if rule.who:
        said = f"{said.rstrip('.')}. Who: {rule.who}."
    if counting := wording.counting(book, ruling):
        said = f"{said.rstrip('.')}. {counting}"
    answers = [each for each in rule.answers if paragraph(each).rulebook in book.governed_by]
    return [said, " Answers ", *_references(answers), "."] if answers else [said]


def _references(references: list[str]) -> Iterator[str | nodes.Node]:
    for place, reference in enumerate(references):
        if place:
            yield ", "
        code, number, _ = paragraph(reference)
        yield writing.clause(reference, code, number)
