"""``putright-card RULEBOOK``: every step and every letter of a procedure on one side of A4."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright import fields
from putright.rulebooks import Rulebook, Ruling, doubts, phrases
from putright.rulebooks.rules import Extension, Independence, Limit, Notice, Timed
from putright.text.english import capital
from sphinx.application import Sphinx

from putright_handbook import letters, procedures, wording, writing
from putright_handbook.directives.glance import clause_links
from putright_handbook.procedures import Procedure
from putright_handbook.writing import Content, bullets, grid, para


class Card(writing.Directive):
    """A procedure's quick reference card."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        procedure = self.site.procedure(self.arguments[0])
        words = self.site.host.words_of(procedure.council)
        steps = grid("Steps", ("Step", "Time", "More time", "Clause"), _steps(procedure), "pr-plain")
        holds: list[Content] = [_letter(procedure, name, words) for name in letters.letters(procedure)]
        said: list[nodes.Node] = [bullets(holds)] if holds else []
        marks = para(" ".join(f"{mark} {meaning}." for mark, meaning in _MARKS.items()), "pr-small")
        made = nodes.container("", steps, *said, marks, classes=["pr-card"])
        return [writing.raw(_PRINT), made]


_DOUBTFUL, _SOMETIMES, _DIFFERENT = "*", "+", "#"
_MARKS = {
    _DOUBTFUL: "The source leaves something in doubt: see the clause",
    _SOMETIMES: "Not in every case: see the page of the stage",
    _DIFFERENT: "The national rules say something else: see the page of the stage",
}
#: Shown by the script: without one, the browser's own menu prints.
_PRINT = '<p class="pr-acts" hidden><button type="button" class="pr-act" data-print="">Print</button></p>'


def _steps(procedure: Procedure) -> Iterator[list[Content]]:
    """Each step once: by the council's own rulebook, or by the national one if that alone has it."""
    for name in fields.RULES:
        for book in procedure.books:
            ruling = book.rulings().get(name)
            if ruling and isinstance(ruling.rule, Timed | Notice | Independence):
                yield _step(procedure, book, ruling)
                break


def _step(procedure: Procedure, book: Rulebook, ruling: Ruling) -> list[Content]:
    time = phrases.asked(ruling.rule)
    more = book.extension_of(ruling.name)
    aim = phrases.aim_mark(ruling.kind, short=True) + "".join(_marks(procedure, book, ruling))
    clause: Content = [f"{procedures.whose(book)} " if book.is_national else "", clause_links(book, ruling.clause)]
    return [wording.step(ruling.name), f"{capital(time)}{aim}", _more(more), clause]


def _marks(procedure: Procedure, book: Rulebook, ruling: Ruling) -> Iterator[str]:
    """What a step's line has no room for."""
    more = book.extension_of(ruling.name)
    if any(doubts.of_ruling(book, each) for each in (ruling, *([more] if more else []))):
        yield _DOUBTFUL
    if wording.conditions(ruling.rule):
        yield _SOMETIMES
    others = [each.rulings()[ruling.name] for each in procedure.national if ruling.name in each.rulings()]
    if any(phrases.asked(each.rule) != phrases.asked(ruling.rule) for each in others):
        yield _DIFFERENT


def _more(ruling: Ruling | None) -> str:
    if ruling is None or not isinstance(ruling.rule, Extension):
        return ""
    by = ruling.rule.by
    if not isinstance(by, Limit):
        return "As agreed" if by == "as agreed" else "No limit"
    return f"{phrases.length(by)} more{', longer for good reason' if ruling.rule.cap == 'soft' else ''}"


def _letter(procedure: Procedure, name: str, words: dict[str, str]) -> Content:
    items = letters.items(procedure, name, words)
    said = "; ".join(item.meaning + ("" if item.always else " (in some cases)") for item in items)
    return [writing.strong(f"{capital(fields.LETTERS[name].name)}: "), f"{said}."]


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-card", Card)
