"""Every council's procedure, step by step, and what the national rules ask.

Without a stage it has the steps that belong to none, and the way to each stage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from docutils import nodes
from putright import fields
from putright.api.policies import Comparison, Step, StepRow
from putright.rulebooks import doubts, phrases
from putright.rulebooks.rules import Contents
from putright.text.english import capital

from putright_handbook import uncertain, wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, grid, link, para, section


def content(site: Site, docname: str, procedure: str, *stages: str) -> list[nodes.Node]:
    """A table for each step, a row for each council: it reads on a phone, however many councils there are."""
    stage = int(stages[0]) if stages else None
    compared = site.comparison(procedure)
    parts: list[nodes.Node] = [
        para(
            "Each council's latest edition next to the national rules. Councils can differ. Each council's "
            "self-assessment says whether a difference matters."
        ),
        _parts(site, procedure),
    ]
    if stage is None:
        parts += [para(sentence) for sentence in compared.without]
        for book in compared.columns:
            if said := doubts.shorts(doubts.of_book(book)):
                parts.append(writing.note([f"{wording.book_title(book)}: ", " ".join(said)], uncertain.LABEL))
    rows = [row for row in compared.steps if fields.VOCABULARY[row.rule].stage == stage]
    parts += [_step(compared, row, site.host.words) for row in rows]
    if stage is None:
        parts.append(section("topics", "What the clauses are about", *_topics(compared)))
    return parts


def _parts(site: Site, procedure: str) -> nodes.Node:
    """The way to the other parts."""
    whole: Content = link("Steps outside the stages", f"compare/{procedure}")
    stages: list[Content] = [
        link(f"Stage {each}", f"compare/{procedure}/stage-{each}") for each in site.stages_compared(procedure)
    ]
    return writing.bullets([whole, *stages], "pr-row")


def _step(compared: Comparison, row: StepRow, words: Mapping[str, str]) -> nodes.section:
    rows: list[list[Content]] = []
    for book in compared.columns:
        step = row.cells[book.rulebook]
        name = wording.book_title(book) if book.is_national else book.authority
        if step is None:
            rows.append([name, "No rule for this step", "", ""])
            continue
        beside = _named("; ".join(row.beside.get(book.rulebook, [])), compared)
        rows.append(
            [
                name,
                _asked(step, row.rule, book.rulebook, compared, words),
                capital(beside),
                clause_links(book, step.clause),
            ]
        )
    headings = ("Whose", "What is asked", "Next to the national rules", "Clause")
    return section(
        f"step-{row.rule}",
        capital(row.asks),
        para(capital(_named(row.differs, compared)) + "."),
        grid(f"{capital(row.asks)}, side by side", headings, rows, "pr-compared", "pr-plain"),
    )


def _named(said: str, compared: Comparison) -> str:
    """The text of the comparison, with the names of organisations instead of rulebooks."""
    names = {book.name.whose: book.authority for book in compared.columns}
    known = "|".join(map(re.escape, names))
    return re.sub(rf"(?<![\w-])({known})(?![\w-])", lambda found: names[found[1]], said)


def _asked(step: Step, rule: str, rulebook: str, compared: Comparison, words: Mapping[str, str]) -> list[Content]:
    book = next(each for each in compared.columns if each.rulebook == rulebook)
    ruling = book.rulings()[rule]
    if isinstance(ruling.rule, Contents):
        rules = [part.rule for part in ruling.parts if isinstance(part.rule, Contents)]
        said = "; ".join(dict.fromkeys(line for each in rules for line in wording.contents(each, words)))
    else:
        said = phrases.asked(ruling.rule) + phrases.aim_mark(step.kind)
    more = book.extension_of(rule)
    parts: list[Content] = [capital(said)]
    if more is not None and step.extension:
        parts.append(f"; {step.extension}")
    found = [*doubts.of_ruling(book, ruling), *(doubts.of_ruling(book, more) if more is not None else ())]
    return [*parts, *uncertain.in_a_row(book, found)]


def _topics(compared: Comparison) -> list[nodes.Node]:
    rows: list[list[Content]] = []
    for row in compared.topics:
        counts = [f"{book.authority}: {len(row.cells[book.rulebook])}" for book in compared.columns]
        rows.append([capital(row.topic), capital(_named(row.differs, compared)), "; ".join(counts)])
    return [grid("Topics, and how many clauses each procedure has on them", ("Topic", "What differs", "Clauses"), rows)]
