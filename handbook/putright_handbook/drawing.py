"""Draw the flow of a procedure from its rulebook, with boxes one below the other to fit a phone."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from putright.api import clauses
from putright.calendars import Begins
from putright.rulebooks import Rulebook, Ruling, doubts, phrases
from putright.rulebooks.rules import Extension, Timed
from putright.text.english import capital

from putright_handbook import wording

_WIDTH, _PAD, _LINE, _GAP = 340, 12, 19, 26
_LETTERS = 41
"""How many letters go into a line of a box."""


@dataclass(frozen=True)
class Box:
    """A step of the flow: what is done, by when, who may act, and its clause."""

    title: str
    lines: tuple[str, ...]
    own: bool
    """The person's own step, as against the council's."""
    clause: str | None = None


#: The wording of day zero, by what the rulebook says of the start of a count.
_ZERO = {
    (Begins.NEXT_WORKING_DAY,): "Day zero, or the next working day",
    (Begins.FROM_THE_DAY,): "Day zero, also on a day off",
    (Begins.FROM_THE_DAY, Begins.NEXT_WORKING_DAY): "Day zero; on a day off, that day or the next working day",
    (Begins.DAY_ONE,): "Day 1, or the next working day",
}

#: Steps next to the main line.
_ASIDE = ("complain-in-time", "resubmit-in-time", "consent", "acknowledge-withdrawal")


def boxes(book: Rulebook) -> Iterator[Box]:
    """The steps with a time, in the order a case runs; then the Ombudsman, if the procedure ends there."""
    yield Box("Complaint received", (_ZERO.get(book.beginnings, "Day 1 or day zero"),), own=True)
    for ruling in book.rulings().values():
        if isinstance(ruling.rule, Timed) and ruling.name not in _ASIDE:
            yield _box(book, ruling)
    for clause in book.clauses:
        if clause.topic == "ombudsman":
            yield Box("The Ombudsman", ("If the person is still not satisfied",), own=True, clause=clause.id)
            return


def _box(book: Rulebook, ruling: Ruling) -> Box:
    lines = [capital(phrases.asked(ruling.rule)) + phrases.aim_mark(ruling.kind)]
    more = book.extension_of(ruling.name)
    if more and isinstance(more.rule, Extension):
        lines.append(capital(phrases.asked(more.rule)))
    if ruling.who:
        lines.append(f"Who: {ruling.who}")
    if doubts.of_ruling(book, ruling) or (more and doubts.of_ruling(book, more)):
        lines.append("In doubt: see the clause")
    return Box(wording.step(ruling.name), tuple(lines), ruling.kind == "window", clauses.cited(ruling.clause, book)[0])


def words(box: Box) -> str:
    """A box as a sentence, for those who do not see the drawing."""
    clause = f" (clause {box.clause})" if box.clause else ""
    return f"{box.title}{clause}: {'; '.join(line[:1].lower() + line[1:] for line in box.lines)}."


def flow(book: Rulebook, name: str) -> str:
    """The drawing as SVG, coloured by the page's style sheet."""
    found = list(boxes(book))
    parts, top = [], 2
    for place, box in enumerate(found):
        title = textwrap.wrap(box.title, _LETTERS - 4)
        lines = [line for text in box.lines for line in textwrap.wrap(text, _LETTERS)]
        if box.clause:
            lines += textwrap.wrap(f"Clause {box.clause}", _LETTERS)
        height = 2 * _PAD + _LINE * (len(title) + len(lines)) - 4
        if place:
            parts.append(_arrow(top))
            top += _GAP
        kind = "pr-own" if box.own else "pr-step"
        round_ = 20 if box.own else 4
        parts.append(f'<rect class="{kind}" x="2" y="{top}" width="{_WIDTH - 4}" height="{height}" rx="{round_}"/>')
        y = top + _PAD + 12
        for line in title:
            parts.append(f'<text class="pr-title" x="{_PAD + 6}" y="{y}">{html.escape(line)}</text>')
            y += _LINE
        for line in lines:
            parts.append(f'<text x="{_PAD + 6}" y="{y}">{html.escape(line)}</text>')
            y += _LINE
        top += height
    label = html.escape(f"Flow of the procedure, {name}. The same in words is below it.", quote=True)
    return (
        f'<svg class="pr-flow" role="img" aria-label="{label}" viewBox="0 0 {_WIDTH} {top + 2}" '
        f'width="{_WIDTH}" height="{top + 2}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _arrow(top: int) -> str:
    middle, end = _WIDTH // 2, top + _GAP
    return (
        f'<path class="pr-arrow" d="M{middle} {top + 1}V{end - 3}"/>'
        f'<path class="pr-head" d="M{middle - 5} {end - 8}L{middle} {end - 1}L{middle + 5} {end - 8}Z"/>'
    )
