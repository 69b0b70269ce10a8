"""What changed in a council's procedures, from when, and what that means for staff."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from docutils import nodes
from putright.api import clauses, policies
from putright.api.policies import Changes
from putright.rulebooks import Clause, Rulebook, Ruling, phrases
from putright.rulebooks.doubts import sentence
from putright.rulebooks.rules import Contents
from putright.text.english import capital, written_date

from putright_handbook import wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, clause_links, grid, link, para, section


def content(site: Site, docname: str, council: str) -> list[nodes.Node]:
    """Each procedure of a council with its editions, the latest first."""
    of = site.of(council)
    lead = para(
        "Dates and audits here go by the edition in force on the day you received the complaint.",
        "pr-lead",
    )
    return [lead, *(_procedure(site, name, book.rulebook) for name, book in of.items())]


def _procedure(site: Site, name: str, rulebook: str) -> nodes.section:
    editions = site.host.editions[rulebook]
    made = [
        _changes(site, policies.changes(before, after), f"{name}-{place}")
        for place, (before, after) in enumerate(itertools.pairwise(editions), 1)
    ]
    return section(name, wording.procedure(name), *reversed(made), *_first(site, editions))


def _first(site: Site, editions: Sequence[Rulebook]) -> Iterator[nodes.Node]:
    """The earliest edition, and what is known of the end of the latest."""
    first, latest = editions[0], editions[-1]
    only = "the only" if len(editions) == 1 else "the earliest"
    shown = link(first.edition, clauses.page_of(first, site.host))
    yield para(["Edition: ", shown, f", in force {wording.in_force(first)}. It is {only} edition in this handbook."])
    if latest.superseded_by:
        yield writing.note(sentence(f"Superseded by {latest.superseded_by}"), "To come")
    elif latest.ends:
        yield writing.note(f"Its last day is {written_date(latest.ends)}.", "To come")


def _changes(site: Site, found: Changes, anchor: str) -> nodes.section:
    before, after = found.before, found.after
    start = after.in_force.start
    heading = f"From {written_date(start)}" if start else f"Edition {after.edition}"
    shown: list[Content] = [link(each.edition, clauses.page_of(each, site.host)) for each in (before, after)]
    said: Content = ["Edition ", shown[1], " takes the place of ", shown[0], "."]
    parts: list[nodes.Node] = [para(said)]
    if site.state(after) == "to come":
        parts.append(para("It is not in force yet. Until then, use today's edition.", "pr-note"))
    if found.is_empty:
        parts.append(para("Nothing changes for staff: no step, letter or clause is different."))
    if found.steps:
        headings = ("Step", "Before", "Now" if site.state(after) != "to come" else "From then", "Clause")
        words = site.host.words_of(after.name.whose)
        rows = [_step(found, rule, words) for rule in found.steps]
        parts.append(grid(f"What changes for staff, {heading.lower()}", headings, rows, "pr-plain"))
    for title, changed in (("New clauses", found.added), ("Clauses with other words", found.reworded)):
        if changed:
            parts += [para(f"{title}:"), bullets(_clause(after, each) for each in changed)]
    if found.removed:
        parts += [para("Clauses that are no longer there:"), bullets(_clause(before, each) for each in found.removed)]
    return section(f"edition-{anchor}", heading, *parts)


def _step(found: Changes, rule: str, words: Mapping[str, str]) -> list[Content]:
    book = found.after if rule in found.after.rulings() else found.before
    ruling = book.rulings()[rule]
    return [
        wording.step(rule),
        _asked(found.before, rule, words) or "No such step",
        _asked(found.after, rule, words) or "No such step any more",
        clause_links(book, ruling.clause),
    ]


def _asked(book: Rulebook, rule: str, words: Mapping[str, str]) -> str:
    """What an edition asks at a step, in words; blank if it has no such step."""
    ruling = book.rulings().get(rule)
    if ruling is None:
        return ""
    contents = [part.rule for part in ruling.parts if isinstance(part.rule, Contents)]
    asked = "; ".join(dict.fromkeys(line for each in contents for line in _lines(each, words)))
    if not contents:
        asked = ". ".join(filter(None, (_time(ruling), wording.conditions(ruling.rule).rstrip("."))))
    more = book.extension_of(rule)
    parts = [
        asked,
        f"More time: {phrases.asked(more.rule)}" if more else "",
        f"Who: {ruling.who}" if ruling.who else "",
    ]
    return capital(". ".join(part.rstrip(".") for part in parts if part) + ".")


def _time(ruling: Ruling) -> str:
    return phrases.asked(ruling.rule) + phrases.aim_mark(ruling.kind)


def _lines(rule: Contents, words: Mapping[str, str]) -> Iterator[str]:
    """What a letter must have, each with the cases that it is for."""
    said = wording.conditions(rule).rstrip(".")
    for line in wording.contents(rule, words):
        yield f"{line} ({said[:1].lower()}{said[1:]})" if said else line


def _clause(book: Rulebook, clause: Clause) -> Content:
    return [writing.clause(clause.id, book.rulebook, clause.id, book.edition), f" {clause.heading}"]
