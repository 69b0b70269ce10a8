"""Evidence: what one thing in a council's policy shows of a Code's paragraph, as a verdict, a sentence and clauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from putright.calendars import Calendar
from putright.policy.allowances import england
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.text.english import listed


class Verdict(StrEnum):
    """How a policy compares with a paragraph."""

    FOLLOWS = "follows"
    FURTHER = "goes further"
    NOT_STATED = "not stated"
    JUDGEMENT = "for judgement"
    DEPARTS = "departs"
    NOTHING_ASKED = "nothing asked"
    """The paragraph is context, or leaves a choice that the policy did not take up."""


RANKS = (Verdict.FOLLOWS, Verdict.FURTHER, Verdict.NOT_STATED, Verdict.JUDGEMENT, Verdict.DEPARTS)


@dataclass(frozen=True)
class Display:
    """What one thing in a policy shows of a paragraph."""

    verdict: Verdict
    sentence: str
    clauses: tuple[str, ...] = ()
    is_limit: bool = False
    longer: bool = False
    """A time limit that can end later than the Code's."""
    points: tuple[str, ...] = ()
    """The points of the paragraph that it is about, where the Code says so."""
    open_points: tuple[str, ...] = ()
    """Points of the paragraph for which it found nothing."""


@dataclass(frozen=True)
class Pair:
    """A policy and one of the national rulebooks that govern it."""

    policy: Rulebook
    code: Rulebook
    words: Mapping[str, str]
    """Every word for letter contents with its meaning."""
    calendar: Calendar = field(default_factory=england)
    """The working days of the policy, less the council's closure days."""
    code_calendar: Calendar = field(default_factory=england)
    """The working days of the national rulebook."""

    @property
    def code_name(self) -> str:
        return "the Regulations" if self.code.standing == "law" else "the Code"

    @property
    def asks(self) -> str:
        """What the Code does, by its standing: the Regulations require, guidance only asks."""
        return {"law": "require", "statutory code": "requires"}.get(self.code.standing, "asks")

    @property
    def asks_for(self) -> str:
        """As ``asks``, where what is asked for went before."""
        return "asks for" if self.asks == "asks" else self.asks

    def code_does(self, verb: str) -> str:
        """``the Code allows``, ``the Regulations allow``."""
        return f"{self.code_name} {verb}" + ("" if self.code.standing == "law" else "s")

    @property
    def codes(self) -> str:
        return "the Regulations'" if self.code.standing == "law" else "the Code's"

    def clauses(self, ruling: Ruling) -> tuple[str, ...]:
        """The policy's clauses that make a rule, without those it only cites."""
        return tuple(clause.id for clause in self.policy.clauses if any(r.rule == ruling.name for r in clause.rules))


def left_open(pair: Pair, ruling: Ruling) -> list[str]:
    """What the policy's source leaves open about one of its own rules, a sentence each."""
    return doubts.shorts(doubt for part in ruling.parts for doubt in doubts.of_part(pair.policy, part))


def on_one_reading(pair: Pair, ruling: Ruling, shown: Display) -> Display:
    """What a rule of the policy shows, where its source leaves it open: never more than a question for a person."""
    if not (open_points := left_open(pair, ruling)):
        return shown
    verdict = Verdict.JUDGEMENT if shown.verdict in (Verdict.FOLLOWS, Verdict.FURTHER) else shown.verdict
    said = shown.sentence
    if verdict is Verdict.JUDGEMENT:
        said = f"On one reading, {said[0].lower()}{said[1:]}"
    longer = shown.longer and verdict is Verdict.DEPARTS
    return replace(shown, verdict=verdict, sentence=" ".join([said, *open_points]), longer=longer)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for several; a paragraph shown only in part is for judgement."""
    found = set(verdicts)
    if Verdict.NOT_STATED in found and found & {Verdict.FOLLOWS, Verdict.FURTHER}:
        found.add(Verdict.JUDGEMENT)
    return max(found, key=RANKS.index)


def sentence(text: str) -> str:
    """With a capital at its start and one full stop at its end."""
    return text[0].upper() + text[1:].rstrip(". ") + "."


def named(pair: Pair, wanted: Iterable[str]) -> str:
    """Words for letter contents, with their meanings."""
    return listed(pair.words[word] for word in (wanted if isinstance(wanted, list) else sorted(wanted)))
