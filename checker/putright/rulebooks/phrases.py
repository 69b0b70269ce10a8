"""Rules in words: one phrase for each condition and each kind of rule, for everything that speaks of rules.

A new field of ``Condition`` or a new kind of rule needs its phrase here and in no other module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from putright import fields
from putright.rulebooks.rules import (
    Condition,
    Contents,
    Extension,
    Independence,
    Limit,
    Notice,
    Question,
    Rule,
    Timed,
    Unit,
)


def listed(things: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    words = list(things)
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


# --- conditions -----------------------------------------------------------------------------------

#: What a flag says of the complaint.
_FLAGS = {
    "straight_to_stage2": "goes straight to stage 2",
    "cse": "is about child sexual exploitation",
    "discrimination": "is about discrimination",
    "named_officer": "is about an officer by name",
    "contractor": "is about a contractor",
    "fraud": "alleges fraud",
    "anonymous": "is anonymous",
    "landlord": "is about the council as landlord",
    "reasonable_adjustments": "needs reasonable adjustments",
}

#: What is said of these if they are recorded; of every other field, that it is recorded.
_RECORDED = {
    "representative": "somebody else complains for the person",
    "action_plan_due": "an action plan is needed",
    "remedy_offered": "a remedy is offered",
}

#: How a rulebook may begin a condition that only a person can judge.
_LEADS = ("where ", "if ", "when ")


def flags(*names: str) -> str:
    """That a case has one of these flags: ``the complaint is about a contractor or is anonymous``."""
    return f"the complaint {listed((_FLAGS.get(name, f'is flagged {name}') for name in names), 'or')}"


def _outcome(outcomes: list[str]) -> str:
    return f"the outcome is {listed((outcome.replace('_', ' ') for outcome in outcomes), 'or')}"


def _recorded(names: list[str], last: str) -> str:
    """That these are recorded, all (``and``) or any one (``or``) of them."""
    said = [_RECORDED[name] for name in names if name in _RECORDED]
    others = [fields.noun(name) for name in names if name not in _RECORDED]
    if others:
        plural = "are" if len(others) > 1 and last == "and" else "is"
        said.append(f"{listed(others, last)} {plural} recorded")
    return listed(said, last)


def _matter_since(day: dt.date) -> str:
    return f"the matter arose on {day.day} {day:%B %Y} or later"


def _time_up(rule: str) -> str:
    entry = fields.VOCABULARY[rule]
    if entry.act is not fields.Act.RESPOND:
        return f"the time is up for this step ({entry.asks})"
    return f"the {'longest ' if entry.outer else ''}time to respond at stage {entry.stage} is up"


def _person(text: str) -> str:
    lead = next((lead for lead in _LEADS if text.startswith(lead)), "")
    return text.removeprefix(lead)


def _always(phrase: str) -> Callable[[Any], str]:
    """The phrase of a condition that is only true or false."""
    return lambda _: phrase


#: Each field of a ``Condition`` with what it says of a case, given its value: the end of a sentence with "if".
CONDITIONS: dict[str, Callable[[Any], str]] = {
    "flag": flags,
    "any_flag": lambda names: flags(*names),
    "outcome": _outcome,
    "recorded": lambda names: _recorded(names, "and"),
    "any_recorded": lambda names: _recorded(names, "or"),
    "actions_left": _always("a remedy was offered and is not done yet"),
    "beyond_cap": _always("the new date is later than the procedure allows"),
    "late_request": _always("the request came late"),
    "out_of_time": _always("the complaint came too late"),
    "on_hold": _always("the stage was on hold"),
    "matter_since": _matter_since,
    "time_up": _time_up,
    "informal_first": _always("an informal attempt came before the stage 1 acknowledgement"),
    "stage2_before_answer": _always("stage 2 was asked for before stage 1 was answered"),
    "person": _person,
}


def condition(when: Condition, judged: str = "") -> str:
    """What must hold, as the end of a sentence with "if": ``the outcome is upheld``; blank if nothing is asked.

    ``judged`` follows what no record can show, to say that a person must judge it.
    """
    said = {name: CONDITIONS[name](value) for name, value in when.given.items()}
    if "person" in said:
        said["person"] += judged
    return listed(said.values())


# --- kinds of rule --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of rule in words."""

    name: str
    """With its article: ``an aim``."""
    meaning: str
    """A sentence for somebody who meets it in a table of findings."""
    is_marked: bool = False
    """Whether a step of this kind is marked in tables, since it is not the council's duty."""

    @property
    def mark(self) -> str:
        """What follows the name of a step in a table; blank for most kinds."""
        return f" ({self.name})" if self.is_marked else ""


KINDS: dict[str, Kind] = {
    "deadline": Kind("a deadline", "A time limit for the council."),
    "aim": Kind(
        "an aim", "A time the procedure only aims at; a miss is for a person to judge, never a breach.", is_marked=True
    ),
    "window": Kind(
        "the person's own time limit",
        "The complainant's own time limit; the council may allow more.",
        is_marked=True,
    ),
    "notice": Kind("a notice period", "A time counted back from a meeting."),
    "extension": Kind("an extension", "Whether more time was allowed and properly notified."),
    "contents": Kind("a letter's contents", "What a letter has to hold."),
    "independence": Kind("a rule on who decides", "Whether somebody else considered the later stage."),
    "question": Kind("a question", "Something that only a person can judge; the message says what."),
}


def aim_mark(kind: str, *, short: bool = False) -> str:
    """What follows the name of a step that is only an aim, where other kinds are not marked; short in a terminal."""
    if kind != "aim":
        return ""
    return f" ({kind})" if short else KINDS[kind].mark


#: What follows a limit that is the one for a case without an earlier stage.
STARTS_HERE = "if the case starts at this stage"


def length(within: Limit) -> str:
    """``10 working days``; for months that count the starting day, the phrase around it says so."""
    unit = Unit.MONTHS if within.unit is Unit.MONTHS_INCLUSIVE else within.unit
    return str(Limit(within.count, unit))


def _timed(rule: Timed) -> str:
    if rule.by:
        return f"by {fields.noun(rule.by)}"
    if rule.within is None:
        return "no time limit"
    start = fields.noun(rule.start)
    if rule.has_second_reading:
        longer = f"{length(rule.or_within)} " if rule.or_within else ""
        start += f" (on another reading, {longer}from {fields.noun(rule.or_start or rule.start)})"
    counted = ", that day counted" if rule.within.unit is Unit.MONTHS_INCLUSIVE else ""
    first = f"; {length(rule.within_if_first)} {STARTS_HERE}" if rule.within_if_first else ""
    return f"{length(rule.within)} from {start}{counted}{first}"


def _notice(rule: Notice) -> str:
    return f"at least {rule.within} before {fields.noun(rule.start)}"


def more_time(rule: Extension) -> str:
    """How much longer a step may take."""
    if not isinstance(rule.by, Limit):
        return "more time as agreed with the person" if rule.by == "as agreed" else "more time, with no limit"
    further = "and longer only for good reason" if rule.cap == "soft" else "and no longer"
    return f"up to {length(rule.by)} more, {further}"


def _independence(_: Independence) -> str:
    return "not the person who considered stage 1"


def question(rule: Question) -> str:
    """What a person must judge, as a sentence without its capital and full stop."""
    return f"a person must judge {rule.asks.rstrip('.')}"


def _contents(rule: Contents) -> str:
    return letter(rule, {word: word for word in rule.words})


def letter(rule: Contents, words: Mapping[str, str]) -> str:
    """What one clause asks a letter to hold, each word as ``words`` has it, and if it asks for that only at times."""
    one_of = " or ".join(words[word] for word in rule.holds_one_of)
    held = ", ".join([*(words[word] for word in rule.holds), *([one_of] if one_of else [])])
    return f"{held} (if {condition(rule.when, ': for a person to judge')})" if rule.when else held


#: What each kind of rule asks, in a line.
_ASKED: dict[type[Rule], Callable[[Any], str]] = {
    Timed: _timed,
    Notice: _notice,
    Extension: more_time,
    Contents: _contents,
    Independence: _independence,
    Question: question,
}


def asked(rule: Rule) -> str:
    """What a rule asks, in a line: the time and what it counts from, how much more time, or what a letter holds."""
    return _ASKED[type(rule)](rule)
