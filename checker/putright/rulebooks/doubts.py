"""The doubts that a rulebook records about the document, a clause or a rule: in short, and where to read more.

A page, a letter or a row has room for a sentence; the whole text is on the clause's own page. A doubt comes from
``unclear``, from the status of a national paragraph, from a copy that it was read in, or from what is known of the
document as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from putright.rulebooks.clauses import STATUS_DOUBTS, Clause
from putright.rulebooks.rulebook import Rulebook
from putright.rulebooks.rulings import Part, Ruling
from putright.text.english import as_sentence, written_date

#: A full stop after one of these, or after an initial, ends no sentence.
_ABBREVIATIONS = ("e.g", "i.e", "cf", "para", "paras", "reg", "regs", "art", "st", "vs", "mr", "mrs", "dr")
_OPENING, _CLOSING = "'\"(\u2018\u201c", "'\")\u2019\u201d"
_STOP = re.compile(rf"([.!?])[{_CLOSING}]*(?=\s+[{_OPENING}]*[A-Z0-9])")
#: Cases with a flag, as the objects of a sentence.
FLAGGED = {
    "straight_to_stage2": "complaints that go straight to stage 2",
    "cse": "complaints about child sexual exploitation",
    "discrimination": "complaints about discrimination",
    "named_officer": "complaints about an officer by name",
    "contractor": "complaints about a contractor",
    "fraud": "complaints that allege fraud",
    "anonymous": "anonymous complaints",
    "landlord": "complaints about the council as landlord",
    "reasonable_adjustments": "complaints where reasonable adjustments are needed",
}


@dataclass(frozen=True)
class Doubt:
    """Something that is not certain, or that a reader has to know of the source."""

    text: str
    clause: str | None = None
    """The clause that has the whole text on its page; None if it is about the whole document."""
    ending: bool = False
    """That the document has been superseded, or has a last day."""

    @property
    def short(self) -> str:
        """Its first sentence."""
        return sentence(self.text)

    @property
    def whole(self) -> str:
        """The whole text, with a capital letter and a full stop."""
        return as_sentence(" ".join(self.text.split()))


# --- one sentence -----------------------------------------------------------------------------------


def short_doubt(text: str) -> str:
    """The first sentence of a doubt, without its full stop: what a finding or a page shows of it."""
    line = " ".join(text.split())
    for stop in _STOP.finditer(line):
        before = line[: stop.start()].rpartition(" ")[2].lstrip(_OPENING)
        abbreviated = before.lower() in _ABBREVIATIONS or re.fullmatch("[A-Z]", before)
        if stop[1] != "." or not abbreviated:
            line = line[: stop.end()]
            break
    return line.rstrip("., ;:")


def sentence(text: str) -> str:
    """The first sentence of a text as one of its own: a capital letter, and a full stop unless it ends in another."""
    return as_sentence(short_doubt(text))


def shorts(doubts: Iterable[Doubt]) -> list[str]:
    """The first sentence of each, none of them twice."""
    return list(grouped(doubts))


def grouped(doubts: Iterable[Doubt]) -> dict[str, tuple[str, ...]]:
    """The first sentences, each once, with the clauses that have the whole text."""
    found: dict[str, dict[str, None]] = {}
    for doubt in doubts:
        found.setdefault(doubt.short, {}).update({doubt.clause: None} if doubt.clause else {})
    return {short: tuple(clauses) for short, clauses in found.items()}


def cited(doubts: Iterable[Doubt]) -> list[str]:
    """The first sentences, each once, after the numbers of their clauses: ``6.14: The policy names no start.``"""
    return [_cited(short, clauses) for short, clauses in grouped(doubts).items()]


def _cited(short: str, clauses: tuple[str, ...]) -> str:
    if not clauses or (len(clauses) == 1 and re.match(rf"{re.escape(clauses[0])}(?![\w.]\d)", short)):
        return short
    return f"{', '.join(clauses)}: {short}"


# --- the whole document -----------------------------------------------------------------------------


def of_book(book: Rulebook) -> tuple[Doubt, ...]:
    """Doubts about the whole document, which every page of the rulebook shows first."""
    endings = dict.fromkeys(_endings(book))
    others = [text for text in dict.fromkeys(_of_book(book)) if text not in endings]
    return (*(Doubt(text, ending=True) for text in endings), *map(Doubt, others))


def _endings(book: Rulebook) -> Iterator[str]:
    if book.superseded_by:
        yield f"this procedure is superseded by {book.superseded_by}"
    if book.ends:
        yield f"the last day on which this procedure can apply is {written_date(book.ends)}"


def _of_book(book: Rulebook) -> Iterator[str]:
    if book.for_flag:
        yield f"this document is only for {_flagged(book.for_flag)}; for others the national rules apply alone"
    if book.not_for_flag:
        yield f"this document leaves {_flagged(book.not_for_flag)} to another policy"
    yield from book.doubts()


def _flagged(flag: str) -> str:
    return FLAGGED.get(flag, f"complaints flagged {flag}")


# --- a clause, a rule -------------------------------------------------------------------------------


def read_elsewhere(book: Rulebook, clause: Clause) -> str | None:
    """The source of the copy that a paragraph was read in; None if it was its author's own."""
    if clause.source is None:
        return None
    if not clause.source.startswith("http"):
        return clause.source
    if book.source.address and _site(clause.source) == _site(book.source.address):
        return None
    return urlsplit(clause.source).netloc.removeprefix("www.")


def _site(address: str) -> str:
    """``lgo`` for any page of lgo.org.uk, ``legislation`` for any of legislation.gov.uk."""
    return urlsplit(address).netloc.removeprefix("www.").partition(".")[0]


def of_clause(book: Rulebook, clause: Clause) -> tuple[Doubt, ...]:
    """Doubts about a clause itself, without its rules and the whole document."""
    return tuple(Doubt(text, clause.id) for text in _of_clause(book, clause))


def _of_clause(book: Rulebook, clause: Clause) -> Iterator[str]:
    yield from _how_read(book, clause)
    if clause.unclear:
        yield clause.unclear


def of_paragraph(book: Rulebook, clause: Clause) -> tuple[Doubt, ...]:
    """How sure a clause is with the rules that it makes."""
    parts = (part for ruling in book.rulings().values() for part in ruling.parts)
    own = [part for part in parts if any(part.rule is rule for rule in clause.rules)]
    found = [doubt for part in own for doubt in of_part(book, part)]
    held = [doubt for part in own for doubt in _parted(book, part, part.unclear_on_hold)]
    return tuple(dict.fromkeys([*of_clause(book, clause), *found, *held]))


def _how_read(book: Rulebook, clause: Clause) -> Iterator[str]:
    if clause.status in STATUS_DOUBTS:
        yield STATUS_DOUBTS[clause.status]
    elif book.is_national and (where := read_elsewhere(book, clause)):
        yield f"this paragraph was read in a copy at {where}, not in the source itself"


def of_ruling(book: Rulebook, ruling: Ruling) -> tuple[Doubt, ...]:
    """Every doubt about one rule, including in a case on hold, without the whole document."""
    parts = ruling.parts
    held = (doubt for part in parts for doubt in _parted(book, part, part.unclear_on_hold))
    return tuple(dict.fromkeys([*(doubt for part in parts for doubt in of_part(book, part)), *held]))


def of_part(book: Rulebook, part: Part) -> tuple[Doubt, ...]:
    """Doubts about one clause's part of a rule, whether or not the case is on hold."""
    own = _making(book, part)
    return (*(Doubt(text, own.id) for text in _how_read(book, own)), *_parted(book, part, part.unclear))


def _parted(book: Rulebook, part: Part, texts: Iterable[str]) -> Iterator[Doubt]:
    """The doubts of a part as they are written, each with its clause."""
    own, whole = _making(book, part), {*book.doubts(), *STATUS_DOUBTS.values()}
    for text in texts:
        number, colon, rest = text.partition(": ")
        if text in whole:
            continue
        if colon and any(clause.id == number and clause.unclear == rest for clause in book.clauses):
            yield Doubt(rest, number)  # another clause's, which says so: '6.3: …'
        else:
            yield Doubt(text, own.id)


def _making(book: Rulebook, part: Part) -> Clause:
    """The clause that a part of a rule belongs to; further ones may be cited after it."""
    return next(clause for clause in book.clauses if clause.id == part.own)


def notes_of(book: Rulebook, ruling: Ruling) -> tuple[Doubt, ...]:
    """Other notes on a rule and on the clauses that make it."""
    found = (Doubt(text, _making(book, part).id) for part in ruling.parts for text in part.notes)
    return tuple(dict.fromkeys(found))
