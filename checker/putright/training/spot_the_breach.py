"""The lesson *Spot the breach*: a deck of cases, each judged by the group before the checker is asked."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cached_property, partial

from putright import fields
from putright.api.clauses import terms
from putright.rulebooks.phrases import KINDS
from putright.text.shown import Display, say, table
from putright.training.asking import Finding, NoMaterial
from putright.training.cases import CaseLesson, prepared
from putright.training.questions import Choice, ChoiceQuestion, Question

#: The verdicts of a deck, which is shuffled so that its order cannot be learned.
_DECK = ("breach", "breach", "breach", "met", "met", "running", "no_evidence", "judgement")
_CHOICES = {
    "met": "Met: done in time, or the letter said what it must.",
    "breach": "Breach: late, overdue, or something was missing from the letter.",
    "running": "Running: not done yet, and not due yet.",
    "no_evidence": "No evidence: the record cannot show it either way.",
    "judgement": "Judgement: a person must decide.",
}
#: (the checker's verdict, the group's): where to look again.
_HINTS = {
    ("breach", "met"): "Work out the due date, or tick off what the letter must say. Then look again.",
    ("breach", "running"): "Is there still time left on the day of the audit?",
    ("breach", "no_evidence"): "The record says enough. Which step, or which part of a letter, should be in it by now?",
    ("breach", "judgement"): "The rule is a plain duty, and the record shows what happened. Nothing is left to weigh.",
    ("met", "breach"): "Count again from day zero and leave out every day off, or tick off the letter's list again.",
    ("met", "running"): "It has been done already. On which day?",
    ("met", "no_evidence"): "The record does show it. Find the entry.",
    ("met", "judgement"): "Nobody needs to weigh this: the record shows that the rule was kept.",
    ("running", "met"): "Has it been done at all?",
    ("running", "breach"): "Compare the due date with the day of the audit.",
    ("running", "no_evidence"): "Something that is not yet due need not be in the record.",
    ("running", "judgement"): "There is time left, so there is nothing to judge yet.",
    ("no_evidence", "met"): "Which entry in the record shows that it was kept?",
    ("no_evidence", "breach"): "A breach has to be shown. What does the record not say?",
    ("no_evidence", "running"): "It is not waiting for time to pass: something was never entered.",
    ("no_evidence", "judgement"): "A person could not tell from this record either.",
    ("judgement", "met"): "Was the rule kept by every reading of it?",
    (
        "judgement",
        "breach",
    ): "Is it a plain duty of the council? Look at its words, and at whose time it is.",
    ("judgement", "running"): "The step has been taken, or its time is over. Who decides the rest?",
    ("judgement", "no_evidence"): "The record has what it needs. The rule is what leaves room.",
}


class SpotTheBreach(CaseLesson):
    """A deck of cases from the council's own rulebooks."""

    cases = 150

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {f"case-{number}": partial(self._question_on, number) for number in range(1, len(_DECK) + 1)}

    @cached_property
    def _cards(self) -> list[Finding]:
        return self.deck()

    @prepared(list[Finding])
    def deck(self) -> list[Finding]:
        """One finding for each card, no case and (where that can be) no rule twice."""
        rng = random.Random(self.seed)
        wanted = list(_DECK)
        rng.shuffle(wanted)
        local = self.host.of_council(self.council)
        own = [each for each in self.findings if each.rulebook in local and _fits(each)]
        clear = [each for each in own if "source_unclear" not in each.marks]
        own = clear or own  # a policy may be unclear as a whole
        rng.shuffle(own)
        chosen: list[Finding] = []
        for verdict in wanted:
            new = [each for each in own if each.reference not in {card.reference for card in chosen}]
            fitting = [each for each in new if each.verdict == verdict]
            fresh = [each for each in fitting if each.rule not in {card.rule for card in chosen}]
            chosen += (fresh or fitting or new)[:1]
        return chosen

    def _question_on(self, number: int) -> Question:
        if number > len(self._cards):
            raise NoMaterial(f"The procedures of {self.authority} give only {len(self._cards)} cards.")
        finding = self._cards[number - 1]
        book, ruling = self.ruling_of(finding)
        words = KINDS[ruling.kind]
        kind = words.name if words.is_marked else "a duty"
        if "judgement" in (getattr(ruling.rule, "late", None), getattr(ruling.rule, "lacking", None)):
            kind = "a 'should', not a 'must'"
        asked = f"{fields.RULES[ruling.name]}: {terms(ruling, self.letter_words)}"
        rule = say(f"The rule ({self.cite(book, ruling)}, {kind}): {asked}.")
        verdict = finding.verdict
        return ChoiceQuestion(
            f"case-{number}",
            f"Case {number}. What is the verdict on this rule: {fields.RULES[ruling.name]}?",
            self.plainly(finding.message),
            shows=(rule, self.timeline(finding)),
            choices=tuple(Choice(text, _HINTS.get((verdict, name))) for name, text in _CHOICES.items()),
            in_order=True,
            reveal=lambda: self.show_finding(finding, False),
            **self.rests_on((book, ruling)),
        )

    def legend(self) -> Display:
        """The verdicts and their meanings."""
        rows = [text.removesuffix(".").split(": ", 1) for text in _CHOICES.values()]
        return table(("verdict", "when"), rows)


def _fits(finding: Finding) -> bool:
    """A card has to be judged from what it shows: no word of a letter left to a person, no date that may still move."""
    open_points = finding.to_judge or {"before_edition", "after_edition", "provisional"} & set(finding.marks)
    return not open_points and (finding.days_over or 0) < 60
