"""What depends on people: who considered each stage, and questions that only a person can answer.

Source: contract 5.12 and contract 5.16.
"""

from __future__ import annotations

from dataclasses import replace

from putright.calendars import FAR
from putright.engine.facts import Facts
from putright.engine.outcomes import Outcome, RuleOutcome, no_outcome, settle
from putright.engine.steps import LATE
from putright.engine.verdicts import Verdict, Why
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Independence


def question(facts: Facts, ruling: Ruling) -> RuleOutcome:
    """Leave to a person a question that the record raises."""
    return replace(no_outcome(ruling, facts), settled=settle(question_outcomes(facts), onto=facts.count))


def question_outcomes(facts: Facts) -> list[Outcome]:
    """The one outcome of a question."""
    return [Outcome(~facts.none(), Verdict.JUDGEMENT, Why.QUESTION)]


def independence(facts: Facts, ruling: Ruling, rule: Independence) -> RuleOutcome:
    """Judge whether somebody else than at stage 1 considered stage 2."""
    return replace(
        no_outcome(ruling, facts),
        settled=settle(independence_outcomes(facts, rule), onto=facts.count),
        done=facts.date("stage2_responded"),
    )


def independence_outcomes(facts: Facts, rule: Independence) -> list[Outcome]:
    """The outcomes of independence, strongest first."""
    both, same = facts.handlers()
    return [
        Outcome(~facts.stage_begun(2), Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
        Outcome(both & same, LATE[rule.late], Why.SAME_HANDLER),
        Outcome(both & ~same, Verdict.MET, Why.OTHER_HANDLER),
        Outcome(facts.date("stage2_responded") < FAR, Verdict.NO_EVIDENCE, Why.HANDLER_UNKNOWN),
    ]
