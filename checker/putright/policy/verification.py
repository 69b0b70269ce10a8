"""Holding a rulebook against the council's own published documents, so that a new edition is noticed.

For each clause: does the document have it; for each rule with a time: does the clause's own text there
give that figure. Both are looked for, never judged: a person reads what was not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from putright.rulebooks import Clause, Restatement, Rulebook
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Extension, Notice, Rule, Timed
from putright.text.english import counted, plural
from putright.text.shown import Display, Showing, bullets, say

if TYPE_CHECKING:
    from rich.console import RenderableType

Place = Literal["in the clause", "elsewhere", "nowhere"]


@dataclass(frozen=True)
class Checked:
    """One clause, or one figure of it, looked for in the document."""

    rulebook: str
    clause: str
    heading: str
    rule: str
    """Empty for the clause itself."""
    figure: str
    """As ``10 working days``; empty for the clause itself."""
    found: Place
    seen: tuple[str, ...] = ()
    """For a figure not found in its clause: the times that the clause gives there."""


class Verification(list[Checked], Showing):
    """A rulebook held against a document: each clause of it and each figure of its rules."""

    @property
    def lost(self) -> list[Checked]:
        """What is not in its clause."""
        return [checked for checked in self if checked.found != "in the clause"]

    def as_data(self) -> list[dict[str, Any]]:
        """They as plain data: rulebook, clause, rule, figure, found, seen."""
        return [{**vars(result), "seen": list(result.seen)} for result in self]

    def render(self) -> Iterator[RenderableType]:
        """What was not found where it should be, in words; then the counts."""
        from rich.markup import escape

        clauses = [result for result in self if not result.rule]
        figures = [result for result in self if result.rule]
        there = sum(result.found == "in the clause" for result in clauses)
        given = sum(result.found == "in the clause" for result in figures)
        yield (
            f"[bold]{escape(self[0].rulebook)}[/bold]: {there} of {counted(len(clauses), 'clause')} found; "
            f"{given} of {counted(len(figures), 'figure')} found in {plural(len(figures), 'its', 'their')} clause"
        )
        for result in self:
            if result.found != "in the clause":
                yield f"  {escape(_sentence(result))}"

    def shown(self) -> Display:
        """What was not found where it should be."""
        return (
            bullets(_sentence(checked) for checked in self.lost)
            if self.lost
            else say("All of it is where it should be.")
        )


def verify(book: Rulebook, *documents: Sequence[str]) -> Verification:
    """Each clause of a rulebook and each figure of its rules, looked for in the lines of one document or of several."""
    document = _Document(book, documents)
    return Verification(checked for clause in book.clauses for checked in _checked(book, clause, document))


def _checked(book: Rulebook, clause: Clause, document: _Document) -> Iterator[Checked]:
    found: Place = "in the clause" if document.text_of(clause.id) else "nowhere"
    if found == "nowhere" and document.mentions(clause):
        found = "elsewhere"
    yield Checked(book.rulebook, clause.id, clause.heading, "", "", found)
    said = [(rule.rule, _ways_to_say(book, rule), rule.cites) for rule in clause.rules]
    said += [(again.rule, _ways_to_restate(book, again), []) for again in clause.restates]
    for name, limits, cites in said:
        if not limits:
            continue
        own = " ".join(document.text_of(place) for place in (clause.id, *cites))
        inside = any(gives(own, limit) for limit in limits)
        anywhere = inside or any(gives(document.text, limit) for limit in limits)
        seen = () if inside else tuple(dict.fromkeys(_times(own)))
        where: Place = "in the clause" if inside else "elsewhere" if anywhere else "nowhere"
        yield Checked(book.rulebook, clause.id, clause.heading, name, str(limits[0]), where, seen)


def _ways_to_say(book: Rulebook, rule: Rule) -> list[Limit]:
    """The figure a rule rests on; of an extension also the whole time with it, which a policy may give instead."""
    if isinstance(rule, Timed | Notice):
        return [rule.within] if rule.within else []
    if not isinstance(rule, Extension) or not isinstance(rule.by, Limit):
        return []
    extended = book.rulings()[rule.extends].rule
    assert isinstance(extended, Timed) and extended.within is not None
    return [rule.by, Limit(extended.within.count + rule.by.count, rule.by.unit)]


def _ways_to_restate(book: Rulebook, again: Restatement) -> list[Limit]:
    """The time as the clause restates it; of an extension the whole time, or only what is added to it."""
    rule = book.rulings()[again.rule].rule if again.rule in book.rulings() else None
    added = [rule.by] if isinstance(rule, Extension) and isinstance(rule.by, Limit) else []
    return [again.within, *added]


# --- clauses --------------------------------------------------------------------------------------


class _Document:
    """The text of one document or of several, cut at the places where the rulebook's clauses begin."""

    def __init__(self, book: Rulebook, documents: Sequence[Sequence[str]]) -> None:
        self.text = " ".join(line for lines in documents for line in lines)
        self._parts: dict[str, list[str]] = {}
        cited = [name for clause in book.clauses for rule in clause.rules for name in rule.cites]
        starts = {place: _start(place) for place in map(_place, [*(clause.id for clause in book.clauses), *cited])}
        for lines in documents:
            current: str | None = None  # no clause goes on into another document
            for line in lines:
                begun = next((name for name, start in starts.items() if start.match(line)), None)
                current = begun or (None if _OTHER.match(line) else current)
                if current is not None:
                    self._parts.setdefault(current, []).append(line)

    def text_of(self, clause: str) -> str:
        """What the document says under a clause; empty where it does not have it."""
        return " ".join(self._parts.get(_place(clause), ()))

    def mentions(self, clause: Clause) -> bool:
        """Whether the clause's number or title is somewhere that is not the beginning of a line."""
        return re.search(rf"(?<![\w.]){re.escape(clause.id)}(?![\w]|\.\d)", self.text, re.IGNORECASE) is not None


#: A numbered line that may be no clause of the rulebook.
_OTHER = re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})*[.):]?\s")


def _place(clause: str) -> str:
    """Where a clause is in its document: 'App A (scope)' in Appendix A, '2.14(2)' in 2.14, '15 para 2' in 15."""
    return re.sub(r"^App\b", "Appendix", re.sub(r"\s*\(\w[^)]*\)$| para .*$", "", clause))


def _start(place: str) -> re.Pattern[str]:
    """How its line begins: its number, or the title in place of one."""
    words = r"\s*".join(map(re.escape, place.split()))
    # "1. refer the complaint back" is an item of a list, not section 1.
    title = r"(?=\W*(?-i:[A-Z]|$))" if place.isdigit() else ""
    return re.compile(rf"(?:\W*|(?:section|paragraph|clause)\s+){words}(?![\w]|\.\d){title}", re.IGNORECASE)


# --- figures --------------------------------------------------------------------------------------

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}


#: A number in words ends here: the "fifty" of "fifty-one" is not 50.
_NO_MORE = rf"(?![\s-]?(?:{'|'.join(_ONES[1:10])})\b)"


def spelt(number: int) -> str:
    """A number below 100 in words, its parts joined by any of nothing, a space or a hyphen (a pattern)."""
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = number // 10 * 10, number % 10
    return _TENS[tens] + (rf"[\s-]?{_ONES[ones]}" if ones else "")


def gives(text: str, limit: Limit) -> bool:
    """Whether a text gives a limit, in figures or words, whatever is between number and unit."""
    if limit.unit is Unit.WORKING_DAYS and re.search(rf"\bday\s+{limit.count}\b", text, re.IGNORECASE):
        return True  # a timeline: "Day 45"
    return any(
        re.search(rf"(?<![\w.])(?<!ty[\s-]){number}(?![\w.]*\d)(?:\W+\w+){{0,4}}?\W*{unit}", text, re.IGNORECASE)
        for number, unit in _ways(limit)
    )


def _ways(limit: Limit) -> Iterator[tuple[str, str]]:
    """How a document may write a limit: days, weeks of five days; months, years of twelve."""

    def either(count: int) -> str:
        return rf"(?:{count}|{spelt(count)}{_NO_MORE})" if count < 100 else str(count)

    if limit.unit is Unit.WORKING_DAYS:
        yield either(limit.count), "days?"
        if limit.count <= 3:
            yield either(limit.count * 24), "hours"
        if limit.count % 5 == 0:
            yield either(limit.count // 5), "weeks?"
        return
    if limit.unit in (Unit.CALENDAR_DAYS, Unit.WEEKS):
        yield either(limit.count), "days?" if limit.unit is Unit.CALENDAR_DAYS else "weeks?"
        return
    yield either(limit.count), "months?"
    if limit.count % 12 == 0:
        years = limit.count // 12
        yield (rf"(?:an?|1|{spelt(1)})" if years == 1 else either(years)), "years?"


_NUMBER = rf"\d{{1,3}}|{'|'.join(spelt(n) for n in range(90, 0, -1))}"
_TIME = re.compile(
    rf"(?<![\w.])(?:{_NUMBER})(?:\W+(?:further|additional|more|working|calendar|school)){{0,3}}\W+(?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)


def _times(text: str) -> list[str]:
    """The times that a text gives, as it writes them."""
    return [" ".join(found.group().split()).lower() for found in _TIME.finditer(text)]


def _sentence(result: Checked) -> str:
    where = f"clause {result.clause} ({result.heading})"
    if not result.rule:
        what = "is only inside other text" if result.found == "elsewhere" else "is not in the document"
        return f"{where} {what}"
    there = f"; times given there: {', '.join(result.seen)}" if result.seen else ""
    where = f"{where}, {result.rule}: {result.figure}"
    return (
        f"{where} is not in the clause, but elsewhere in the document{there}"
        if result.found == "elsewhere"
        else (f"{where} is nowhere in the document{there}")
    )
