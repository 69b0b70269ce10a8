"""Whether something is a complaint, as a path of questions made from the rulebook.

Without JavaScript, and for those who choose it, the path is a list with everything in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright.rulebooks import Clause, Rulebook, doubts, phrases
from putright.text.english import capital

from putright_handbook import procedures, uncertain, wording, writing
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, grid, link, para, section

#: Topics whose clauses say what is not a complaint, or what to do with it.
_TOPICS = ("service requests", "definition", "exclusions", "other procedures", "compliments and comments")
Cited = tuple[Rulebook, Clause]


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """The questions, what to do where it is a complaint, and the clauses to read."""
    procedure = site.procedure(rulebook)
    questions = [
        question for made in (_definition, _service_request, _exclusions, _in_time) for question in made(procedure)
    ]
    path = nodes.container("", *questions, _a_complaint(procedure), classes=["pr-path"])
    lead = "Look at each case on its own facts. If you are not sure, ask the complaints team."
    return [para(lead, "pr-lead"), path, *_clauses(procedure)]


def _question(name: str, heading: str, content: list[nodes.Node], yes: nodes.Node, no: nodes.Node) -> nodes.section:
    return section(name, heading, *content, yes, no, classes=["pr-question"])


def _answer(said: str, *content: Content, ends: bool = False) -> nodes.container:
    """What follows from ``Yes`` or ``No``: the next question, or the end of the path."""
    made = para([writing.strong(f"{said}: "), *content])
    return nodes.container("", made, classes=[f"pr-{said.lower()}", *(["pr-end"] if ends else [])])


def _go_on(said: str) -> nodes.container:
    return _answer(said, "go to the next question.")


# --- the questions --------------------------------------------------------------------------------


def _definition(procedure: Procedure) -> Iterator[nodes.Node]:
    """The definition, by the council's own rulebook if it has one."""
    found = _first(procedure, "definition", "complaint")
    if found:
        no = (
            "it is not a complaint by this definition. Deal with it as what it is, for example a comment or a question."
        )
        yield _question(
            "definition",
            "Is it a complaint by the definition?",
            _texts(found),
            _go_on("Yes"),
            _answer("No", no, ends=True),
        )


def _service_request(procedure: Procedure) -> Iterator[nodes.Node]:
    found = _first(procedure, "service requests", "")
    if found:
        send = dict.fromkeys(capital(each.instead) for _, clause in found for each in clause.excludes if each.instead)
        where = f"Send it to: {'; '.join(send)}." if send else "Pass it to the service that can deal with it."
        yes = _answer("Yes", f"it is not a complaint yet. {where}", ends=True)
        yield _question("service-request", "Is it a request for a service?", _texts(found), yes, _go_on("No"))


def _exclusions(procedure: Procedure) -> Iterator[nodes.Node]:
    rows = list(_rows(procedure.book))
    name, heading = "excluded", "Is it something that the procedure does not take?"
    if not rows:
        yield section(name, heading, para("The procedure names nothing that it does not take."))
        return
    table = grid(
        f"What is not taken, {wording.book_title(procedure.book)}",
        ("Matter", "Send it to", "Clause"),
        rows,
        "pr-exclusions",
        "pr-plain",
    )
    yes = _answer(
        "Yes",
        "it is not taken here. Tell the person why and where to go: ",
        link("what a refusal must say", f"{procedure.folder}/letters"),
        ".",
        ends=True,
    )
    yield _question(name, heading, [table], yes, _go_on("No"))


def _rows(book: Rulebook) -> Iterator[list[Content]]:
    for clause in book.clauses:
        for each in clause.excludes:
            instead = capital(each.instead) if each.instead else "The procedure does not say. Ask the complaints team."
            yield [capital(each.matter), instead, clause_links(book, clause.id)]


def _in_time(procedure: Procedure) -> Iterator[nodes.Node]:
    """The time for complaining, where a rulebook has one."""
    found = [(book, book.rulings()[_WINDOW]) for book in procedure.books if _WINDOW in book.rulings()]
    if not found:
        return
    lines: list[Content] = []
    for book, ruling in found:
        said = capital(phrases.asked(ruling.rule))
        if conditions := wording.conditions(ruling.rule):
            said += f". {conditions.rstrip('.')}"
        line: list[Content] = [f"{said} (", _named(book), clause_links(book, ruling.clause), ")"]
        lines.append([*line, *uncertain.in_a_row(book, doubts.of_ruling(book, ruling))])
    dates = link("When is it due?", f"{procedure.folder}/due-dates")
    no = "a late complaint is for a person to judge: ask if there is good reason to take it. The last date is under "
    yield _question(
        "in-time",
        "Did the person complain in time?",
        [writing.bullets(lines)],
        _go_on("Yes"),
        _answer("No", no, dates, ".", ends=True),
    )


_WINDOW = "complain-in-time"


def _a_complaint(procedure: Procedure) -> nodes.section:
    steps: list[Content] = [
        [link("When is it due?", f"{procedure.folder}/due-dates"), " gives the date of each step."],
        [link("What must my letter say?", f"{procedure.folder}/letters"), " has the acknowledgement."],
    ]
    said = "Treat it as a complaint, whatever word the person used."
    return section("a-complaint", "It is a complaint", para(said), writing.bullets(steps), classes=["pr-question"])


# --- the clauses ----------------------------------------------------------------------------------


def _first(procedure: Procedure, topic: str, word: str) -> list[Cited]:
    """The clauses on a topic with a word in their heading, of the first rulebook that has any."""
    for book in procedure.books:
        found = [(book, each) for each in book.clauses if each.topic == topic and word in each.heading.lower()]
        if found:
            return found
    return []


def _texts(found: list[Cited]) -> list[nodes.Node]:
    """What the clauses say, each with its number."""
    made: list[nodes.Node] = []
    for book, clause in found:
        made += writing.prose(clause.text)
        made.append(para([_named(book), clause_links(book, clause.id), f": {clause.heading}"], "pr-small"))
        made += uncertain.note(book, doubts.of_clause(book, clause))
    return made


def _named(book: Rulebook) -> str:
    return f"{procedures.whose(book)} " if book.is_national else "clause "


def _clauses(procedure: Procedure) -> Iterator[nodes.Node]:
    book = procedure.book
    found = [clause for topic in _TOPICS for clause in book.clauses if clause.topic == topic]
    if found:
        items: list[Content] = [
            [writing.clause(f"{clause.id} {clause.heading}", book.rulebook, clause.id, book.edition)]
            for clause in found
        ]
        yield section("read-more", "Clauses to read", writing.bullets(items))
