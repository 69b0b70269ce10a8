"""Rules: what a council's rules show of one rule of a Code, by its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from putright import fields
from putright.policy.evidence import Display, Pair, Verdict, on_one_reading, sentence
from putright.policy.limitevidence import show_extension, show_limit, show_notice
from putright.rulebooks.phrases import asked as said_of
from putright.rulebooks.phrases import question
from putright.rulebooks.rules import Extension, Independence, Notice, Question, Rule, Timed


def is_compared(pair: Pair, asked: Rule) -> bool:
    """Whether a written policy can be set against a rule of the Code, or only a case can.

    A question is about one case; of these only an informal step can be read in a policy. What a late response or a
    promised remedy calls for is compared where the policy has such a rule. Otherwise its clauses say what they answer.
    """
    own = pair.policy.rulings()
    if isinstance(asked, Question):
        return asked.rule == "informal-first" and "resolve-informally" in own
    only_then = isinstance(asked, Timed) and (asked.by is not None or asked.after_time_for is not None)
    return asked.rule in own or not only_then


def show(pair: Pair, asked: Rule) -> Display:
    """What the policy's rules show of one rule of the Code (letters apart: see ``show_letter``)."""
    shown = SHOWS.get(type(asked), _alike)(pair, asked)
    ruling = pair.policy.rulings().get(asked.rule)
    return on_one_reading(pair, ruling, shown) if ruling and not isinstance(asked, Timed | Question) else shown


#: Fields of a rule in which two may differ and still ask for the same.
_BESIDE = {"who", "cites", "answers", "unclear", "note"}


def _alike(pair: Pair, asked: Rule) -> Display:
    """A rule of a kind that has no comparison of its own: what is not word for word the Code's is for a person."""
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or type(ruling.rule) is not type(asked):
        return Display(Verdict.NOT_STATED, f"The policy says nothing about this: {fields.RULES[asked.rule]}.")
    own, clauses = ruling.rule, pair.clauses(ruling)
    said = f"{fields.RULES[asked.rule]}: {said_of(own)} ({ruling.clause})"
    if own.model_dump(exclude=_BESIDE) == asked.model_dump(exclude=_BESIDE):
        return Display(Verdict.FOLLOWS, sentence(f"{said}, as {pair.code_name} {pair.asks}"), clauses)
    said = f"{said}; {pair.code_name} {pair.asks}: {said_of(asked)}"
    return Display(Verdict.JUDGEMENT, f"{sentence(said)} Whether that is the same is for a person to judge.", clauses)


def _informal_step(pair: Pair, asked: Question) -> Display:
    """An informal step with a time of its own: whether it is an extra stage is for a person to judge."""
    ruling = pair.policy.rulings()["resolve-informally"]
    said = f"the policy has an informal step ({ruling.clause}); {question(asked)}"
    return Display(Verdict.JUDGEMENT, sentence(said), pair.clauses(ruling))


def _independence(pair: Pair, asked: Independence) -> Display:
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or not isinstance(ruling.rule, Independence):
        return Display(Verdict.NOT_STATED, "The policy does not say that somebody else considers stage 2.")
    said = f"stage 2 is considered by somebody who did not consider stage 1 ({ruling.clause})"
    if ruling.rule.late == "judgement" and asked.late == "breach":
        weaker = f"The policy puts it less firmly than {pair.code_name}."
        return Display(Verdict.JUDGEMENT, f"{sentence(said)} {weaker}", pair.clauses(ruling))
    return Display(Verdict.FOLLOWS, sentence(f"{said}, as {pair.code_name} {pair.asks}"), pair.clauses(ruling))


#: How each kind of rule is compared; a Code's letters are compared whole (``show_letter``).
SHOWS: dict[type[Rule], Callable[[Pair, Any], Display]] = {
    Timed: show_limit,
    Notice: show_notice,
    Extension: show_extension,
    Independence: _independence,
    Question: _informal_step,
}
