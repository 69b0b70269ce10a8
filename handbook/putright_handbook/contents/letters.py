"""For each letter a checklist to print and tick, and a starter letter to copy."""

from __future__ import annotations

import html

from docutils import nodes
from putright import fields
from putright.rulebooks import doubts
from putright.text.english import capital

from putright_handbook import letters, procedures, uncertain, writing
from putright_handbook.letters import Cited, Item
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, link, para, section


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """A checklist and a starter for each letter of a procedure."""
    procedure = site.procedure(rulebook)
    words = site.host.words_of(procedure.council)
    lists = [_letter(procedure, name, words) for name in letters.letters(procedure)]
    if not lists:
        return [para("The rules ask for nothing in particular in any letter.")]
    intro = (
        "Tick each line before a letter goes out. The clause number is next to each item. Some items only apply "
        "in certain cases; we say which."
    )
    case: Content = [
        "To have the dates of a case in the starter letters, ",
        link("give its dates", f"{procedure.folder}/due-dates"),
        " and choose \u2018Put these dates in the letters\u2019.",
    ]
    up = "../" * docname.count("/")
    return [para(intro), para(case), writing.raw(_CASE.format(up=up)), *lists]


#: Filled by the script from the address that the page of due dates leads to.
_CASE = """<p class="pr-note" id="pr-case" hidden></p>
<script src="{up}_static/letters.js" defer></script>"""


def _letter(procedure: Procedure, name: str, words: dict[str, str]) -> nodes.section:
    letter = fields.LETTERS[name]
    anchor = f"letter-{name}"
    parts: list[nodes.Node] = []
    also = ""
    if letter.kind is fields.LetterKind.EXTENSION:
        also = " (holding reply)"  # as many people call it
    found = letters.rulings(procedure, name)
    who = list(dict.fromkeys(ruling.who for _, ruling in found if ruling.who))
    if procedure.own and found[0][0].is_national:
        parts.append(para("Our procedure says nothing of what this letter has to say: the national rules do."))
    if who:
        parts.append(para(f"Who: {'; '.join(who)}", "pr-small"))
    parts.append(writing.raw(_FILL))
    lines = [_line(item, f"{anchor}-{place}") for place, item in enumerate(letters.items(procedure, name, words))]
    parts.append(nodes.bullet_list("", *lines, classes=["pr-checklist"]))
    for book, ruling in found:
        parts += uncertain.note(book, doubts.of_ruling(book, ruling))
    noted = [note for book, ruling in found for note in uncertain.notes(book, doubts.notes_of(book, ruling))]
    if noted:
        parts.append(nodes.container("", *noted, classes=["pr-notes"]))
    text = html.escape(letters.starter(procedure, name, words))
    for place, rule in letters.dates(procedure, name).items():
        shown = html.escape(place)
        text = text.replace(shown, f'<span data-rule="{rule}">{shown}</span>')
    parts.append(writing.raw(_starter(anchor, text)))
    return section(anchor, capital(letter.name) + also, *parts, classes=["pr-letter"])


#: Filled in by hand on the printed sheet.
_FILL = '<p class="pr-fill"><span>Case reference</span><span>Date</span><span>Initials</span></p>'


def _line(item: Item, anchor: str) -> nodes.list_item:
    """An item with its box, the cases it is for, and every clause that asks for it."""
    meaning = capital(item.meaning)
    said: list[Content] = [meaning]
    for place, (condition, cited) in enumerate(item.conditions.items()):
        words = f"{condition[:1].lower()}{condition[1:]}"
        said.append(nodes.inline("", f"{', or' if place else ','} {words}", classes=["pr-if"]))
        if len(item.conditions) > 1:
            said += [" (", *_cited(cited), ")"]
    if len(item.conditions) < 2:
        said += [" (", *_cited(item.clauses), ")"]
    box = f'<input type="checkbox" id="{anchor}" aria-label="{html.escape(meaning, quote=True)}">'
    return nodes.list_item("", writing.raw(box), para(said))


def _cited(cited: list[Cited]) -> list[Content]:
    """Clauses, each rulebook's together; those of a national one with its title."""
    by_book: dict[str, list[Cited]] = {}
    for each in cited:
        by_book.setdefault(each[0].rulebook, []).append(each)
    made: list[Content] = []
    for clauses in by_book.values():
        book = clauses[0][0]
        made += ["; " if made else "", f"{procedures.whose(book)} " if book.is_national else ""]
        made.append(clause_links(book, ", ".join(dict.fromkeys(clause for _, clause in clauses))))
    return made


def _starter(anchor: str, text: str) -> str:
    """A letter, which is HTML already, with what copies it and prints its checklist."""
    return (
        f'<details class="pr-more pr-starter d-print-none"><summary>Starter letter to copy</summary>'
        "<p>Fill in or delete what is in square brackets.</p>"
        f'<p class="pr-acts" hidden><button type="button" class="pr-act" data-copy="{anchor}-text">Copy the letter'
        "</button></p>"
        f'<div class="pr-letter-text" id="{anchor}-text">{text}</div></details>'
        f'<p class="pr-acts" hidden><button type="button" class="pr-act" data-print="{anchor}">Print this checklist'
        "</button></p>"
    )
