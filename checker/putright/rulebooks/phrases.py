"""Rules in words: one phrase for each condition and each kind of rule, for everything that speaks of rules.

A new field of ``Condition`` or a new kind of rule needs its phrase here and in no other module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from putright import fields
from putright.calendars import Begins
from putright.rulebooks.conditions import Condition
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Contents, Extension, Independence, Notice, Question, Rule, Timed
from putright.text.english import listed

# --- conditions -----------------------------------------------------------------------------------

#: The phrase for each of these if it is recorded. The phrase for any other field says that it is recorded.
_RECORDED = {
    "representative": "somebody else complains for the person",
    "action_plan_due": "an action plan is needed",
    "remedy_offered": "a remedy is offered",
}

#: How a rulebook may begin a condition that only a person can judge.
_LEADS = ("where ", "if ", "when ")


def flags(*names: str) -> str:
    """That a case has one of these flags: ``the complaint is about a contractor or is anonymous``."""
    said = (fields.FLAGS.get(name) or f"is flagged as {name.replace('_', ' ')}" for name in names)
    return f"the complaint {listed(said, 'or')}"


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


def arises_if(rule: Rule) -> str:
    """When a rule arises, as the end of a sentence with "only": ``if the outcome is upheld``; blank if it always does.

    What no record can show is for a person to judge, and it says so.
    """
    judged = " (for a person to judge)"
    said = [f"if {condition(rule.when, judged)}"] if rule.when else []
    said += [f"unless {condition(rule.unless, judged)}"] if rule.unless else []
    return ", and ".join(said)


# --- steps ----------------------------------------------------------------------------------------

#: What is done in the step of each rule with a time, as it follows whoever does it.
ACTS: dict[str, str] = {
    "triage": "takes a first look at the complaint",
    "resolve-informally": "settles the matter informally",
    "consent": "has the representative's consent",
    "notify-department": "tells the department",
    "respond-stage1-limit": "answers stage 1 at the outside",
    "respond-stage2-limit": "answers stage 2 at the outside",
    "convene-panel": "holds the review panel",
    "report-panel": "has the panel's report",
    "agree-action-plan": "agrees the action plan",
    "complete-remedy": "completes a remedy as promised",
    "acknowledge-withdrawal": "acknowledges a withdrawal",
    "complain-in-time": "complain",
    "resubmit-in-time": "put the complaint in again",
    "request-stage2-limit": "ask for stage 2 at the latest",
    **{f"acknowledge-stage{n}": f"acknowledges stage {n}" for n in fields.STAGES},
    **{f"respond-stage{n}": f"answers stage {n}" for n in fields.STAGES},
    **{f"explain-delay-stage{n}": f"says that the stage {n} response will be late" for n in fields.STAGES},
    **{f"request-stage{n}": f"ask for stage {n}" for n in fields.STAGES if n > 1},
}


def act(rule: str) -> str:
    """What is done in a rule's step: ``acknowledges stage 1``."""
    return ACTS.get(rule, f"does this: {fields.RULES[rule]}")


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


def counting(ways: tuple[Begins, ...]) -> str:
    """What the start is in a count of days, as the end of a line; ``ways`` are the readings of the source."""
    if len(ways) == 1:
        return _COUNTING[ways[0]]
    if Begins.DAY_ONE in ways:
        return "the source does not say whether the start is day zero or day 1: the earlier date is safe"
    return (
        "the source does not say what a start on a day off means: the earlier date is safe, and late is only "
        "what is late both ways"
    )


_COUNTING = {
    Begins.NEXT_WORKING_DAY: "a start on a day off counts from the next working day",
    Begins.FROM_THE_DAY: "a start on a day off counts from that day itself",
    Begins.DAY_ONE: "the start is day 1, or on a day off the next working day is",
}


def counting_sentence(ways: tuple[Begins, ...]) -> str:
    """The same as a sentence."""
    if len(ways) == 1:
        return _COUNTING_SENTENCES[ways[0]]
    if Begins.DAY_ONE in ways:
        return (
            "The source does not say whether the day that a time limit counts from is day zero or day 1: keep to the "
            "earlier date."
        )
    return (
        "The source does not say what happens if the day that a time limit counts from is not a working day. "
        "Day zero may be that day or the next working day: keep to the earlier date."
    )


_COUNTING_SENTENCES = {
    Begins.NEXT_WORKING_DAY: "If the day that a time limit counts from is not a working day, the next working day is "
    "day zero.",
    Begins.FROM_THE_DAY: "The day that a time limit counts from is day zero, even if it is not a working day: the next "
    "working day is day 1.",
    Begins.DAY_ONE: "The day that a time limit counts from is day 1. If it is not a working day, the next working day "
    "is day 1.",
}


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
    return f"{length(rule.within)} from {start}{counted}{first}{_or_other_end(rule)}"


def _or_other_end(rule: Timed) -> str:
    """The second limit, of which the later or the earlier one counts."""
    other = rule.alternative
    if other is None:
        return ""
    which = "later" if rule.or_if_later else "earlier"
    return f", or {length(other.within)} from {fields.noun(other.start)} if that is {which}"


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
ASKED: dict[type[Rule], Callable[[Any], str]] = {
    Timed: _timed,
    Notice: _notice,
    Extension: more_time,
    Contents: _contents,
    Independence: _independence,
    Question: question,
}


def asked(rule: Rule) -> str:
    """What a rule asks, in a line: the time and what it counts from, how much more time, or what a letter holds."""
    return ASKED[type(rule)](rule)


# --- reasons for a verdict ------------------------------------------------------------------------

#: The sentence of each reason that the engine gives, without its first capital and its full stop; ``findings`` puts in
#: what is in brackets: ``{due}`` and other dates, ``{over}`` and ``{taken}`` with their unit.
REASONS: dict[str, str] = {
    "NOT_ASKED": "the rule does not arise in this case",
    "DONE_IN_TIME": "{step} was on {done}{since}: in time, {due}",
    "DONE_LATE": "{step} was on {done}{since}: {over} late, {due}{note}",
    "OVERDUE": "{step} is not recorded: {due}{counted}, {over} ago{note}",
    "OVERDUE_ENDED": "{step} is not recorded: {due}{counted}, {over} before the case ended{note}",
    "OVERDUE_LATER_STEP": "{step} is not recorded, though a later step is: {due}{counted}, "
    "but it may have been done and not entered",
    "RUNNING": "{step} is not recorded yet and is {due}{counted}",
    "ON_HOLD": "{step} has no due date while the complaint is on hold{counted}",
    "NO_START": "the time for {step}{if_done} cannot be counted, as there is no date for {from}",
    "EXCUSED": "{step} was no longer called for, as the case ended first: {due}{counted}",
    "TAKEN_UP": "the informal attempt was taken up as a formal complaint in time: {due}{counted}",
    "OUTCOME_RECORDED": "{step} is not recorded, though an outcome is: {due}{counted}, "
    "but it may have been done and not entered",
    "NOT_KEPT": "{step} is not recorded, as the file has no field for it, so it may have been done: {due}{counted}",
    "CLOSED": "{step} is not recorded and the case is closed, so it may have been done and not entered: {due}{counted}",
    "REOPENED": "{step} was on {done}{since}: {over} late, {due}, but the case had ended first, so a person must judge",
    "NOTICE_NOT_DATED": "only an extension could put {step}{if_done} in time, and its notice has no date: "
    "{due}{counted}",
    "NEW_DATE_NOT_RECORDED": "an extension was notified but its new date is not recorded, and without it "
    "{step}{if_done} is late: {due}{counted}",
    "BEYOND_CAP": "{step}{if_done} keeps to a new date beyond the extension the rule allows, and the notice "
    "gave what that needs, so a person must judge whether it was good enough: {due}{counted}",
    "BEYOND_CAP_UNKNOWN": "{step}{if_done} keeps to a new date beyond the extension the rule allows, and what "
    "the notice held is not recorded: {due}{counted}",
    "START_BETWEEN": "whether {step}{if_done} was in time depends on the day of {from}, which has no date: "
    "at the latest {due}",
    "OTHER_START": "{step} {done_or_not}, late counted from {from} on {start} ({due}) but not from "
    "{second} on {second_date}: the sources conflict on which counts, so a person must judge",
    "OTHER_DAY_ZERO": "{step} {done_or_not}: late if {from} on {start} is itself day zero (due by {due_date}) "
    "but not if the next working day is (due by {other_due}); the source does not say which, so a person "
    "must judge",
    "OTHER_START_DAY": "{step} {done_or_not}: late if the day of {from}, {start}, is day 1 (due by {due_date}) "
    "but not if it is day zero (due by {other_due}); the source does not say which, so a person must judge",
    "OTHER_END_UNKNOWN": "whether {step}{if_done} was in time depends on a second time limit, whose start has no date: "
    "{due}{counted}",
    "OTHER_LIMIT": "{step} {done_or_not}: late by one time limit of the source (due by {due_date}) but not by "
    "the other ({second_limit}, due by {other_due}), so a person must judge",
    "NOT_REQUESTED": "{step} has no date, though a later step is recorded: {due}{counted}",
    "MATTER_IN_TIME": "{step} was on {done}, {taken} after the matter arose on {start}: in time, {due}",
    "OUTSIDE_WINDOW": "{step} was on {done}{since}: {over} outside the time, {due}, so a person must "
    "judge whether to allow it",
    "OUTSIDE_WINDOW_UNSURE": "{step} was on {done}, outside the time counted from the matter arising on "
    "{start}, {due}, but the day the person became aware is not recorded",
    "DONE": "{step} was on {done}, as the rule asks{by_when}",
    "NOT_RECORDED": "{step} is not recorded, so nothing can be said{by_when}",
    "BY_NOT_DATED": "{step} was on {done}, and whether that was in time depends on {by}, which has no date",
    "NOTICE_GIVEN": "{step} was on {done}, {taken} before {from} on {start}: in time, {due}",
    "NOTICE_SHORT": "{step} was on {done}, {taken} before {from} on {start}: {over} short, {due}",
    "LETTER_HELD": "the {letter} of {done} held all that was called for",
    "LETTER_LACKED": "the {letter} of {done} did not hold: {missing}",
    "LETTER_UNKNOWN": "what the {letter} of {done} held is not recorded",
    "LETTER_NOT_DATED": "the {letter} has no date, though something is recorded of what it held",
    "LETTER_TO_JUDGE": "the {letter} of {done} held nothing of what it might have had to",
    "QUESTION": "{asks}",
    "SAME_HANDLER": "stage 1 and stage 2 were considered by the same person{note}",
    "OTHER_HANDLER": "stage 2 was considered by somebody who did not consider stage 1",
    "HANDLER_UNKNOWN": "who considered stage 1 or stage 2 is not recorded",
    "EXTENDED": "the {letter} was on {done}, before the time was up: {due}{counted}",
    "NOTICE_LATE": "the {letter} was on {done}, {over} after the time was up: {due}{counted}{note}",
    "NOTICE_UNDATED": "an extension is recorded, but the {letter} has no date: {due}{counted}",
    "CAP_MOVES": "the {letter} of {done} gave a new date beyond what the rule allows so far, and how far that will be "
    "depends on a hold that is still open: {due}{counted}",
    "PAST_CAP": "the {letter}{if_done} gave a new date beyond what the rule allows: {due}{counted}{note}",
}
