"""Letters: what each had to hold, by all its clauses together, once it is sent.

Source: contract 5.10.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from putright.calendars import FAR
from putright.engine.conditions import Conditions
from putright.engine.facts import Bits, Facts, Mask
from putright.engine.outcomes import Outcome, RuleOutcome, no_marks, no_outcome, settle
from putright.engine.verdicts import Verdict, Why
from putright.fields import LETTERS, Letter
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Contents


@dataclass(frozen=True)
class LetterWords:
    """The words called for in each case's letter, a bit for each."""

    wanted: Bits
    """Words that the record shows to be called for."""
    advised: Bits
    """Words that it shows a source only to advise."""
    doubtful: Bits
    """Words that only a person can say are called for."""
    held: Bits
    """Words that the letter held."""
    shown: Mask
    """Letters that are sent and whose words are recorded."""

    @cached_property
    def missing(self) -> Bits:
        """Words called for or advised that the letter lacks."""
        missing: Bits = ((self.wanted | self.advised) & ~self.held) * self.shown
        return missing

    @cached_property
    def to_judge(self) -> Bits:
        """Words that the letter lacks and only a person can say were called for."""
        to_judge: Bits = (self.doubtful & ~self.held & ~self.wanted & ~self.advised) * self.shown
        return to_judge


def contents(conditions: Conditions, ruling: Ruling) -> RuleOutcome:
    """Judge what a letter held."""
    facts, letter = conditions.facts, LETTERS[ruling.name]
    blank = no_outcome(ruling, facts)
    if not facts.has(letter.sent, letter.contains):
        return blank
    words = _words(conditions, ruling, letter)
    any_shown = bool(words.shown.any())
    return RuleOutcome(
        ruling,
        settle(contents_outcomes(facts, letter, words), onto=facts.count),
        no_marks(facts),
        blank.start,
        blank.due,
        facts.date(letter.sent),
        blank.taken,
        blank.over,
        missing=words.missing if any_shown else None,
        to_judge=words.to_judge if any_shown else None,
    )


def contents_outcomes(facts: Facts, letter: Letter, words: LetterWords) -> list[Outcome]:
    """The outcomes of a letter, strongest first."""
    sent, recorded = facts.date(letter.sent) < FAR, facts.contents(letter.contains)[1]
    unasked = (words.wanted | words.advised) == 0
    missing = words.missing
    return [
        Outcome(~sent & ~recorded, Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
        Outcome(~sent, Verdict.NO_EVIDENCE, Why.LETTER_NOT_DATED),
        Outcome(unasked & (words.to_judge > 0), Verdict.JUDGEMENT, Why.LETTER_TO_JUDGE),
        Outcome(unasked, Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
        Outcome(~recorded, Verdict.NO_EVIDENCE, Why.LETTER_UNKNOWN),
        Outcome((missing & words.wanted) > 0, Verdict.BREACH, Why.LETTER_LACKED),
        Outcome(missing > 0, Verdict.JUDGEMENT, Why.LETTER_LACKED),
        Outcome(~facts.none(), Verdict.MET, Why.LETTER_HELD),
    ]


def _words(conditions: Conditions, ruling: Ruling, letter: Letter) -> LetterWords:
    """The words called for by all the clauses of a letter.

    Of words any one of which will do, the one that a letter has is enough.
    """
    facts = conditions.facts
    held, recorded = facts.contents(letter.contains)
    wanted, advised, doubtful = (np.zeros(facts.count, dtype=np.uint64) for _ in range(3))
    for part in ruling.parts:
        rule = part.rule
        assert isinstance(rule, Contents)
        target = wanted if rule.lacking == "breach" else advised
        if rule.is_for_a_person:
            target = doubtful
        bits, shown = facts.bits(rule.holds), conditions.shown(rule, letter)
        target |= bits if shown.all() else shown * bits
        if rule.holds_one_of:
            choice = facts.bits(rule.holds_one_of)
            chosen = held & choice
            target |= shown * np.where(chosen > 0, chosen, choice)
    sent: Mask = facts.date(letter.sent) < FAR
    return LetterWords(wanted, advised & ~wanted, doubtful, held, sent & recorded)
