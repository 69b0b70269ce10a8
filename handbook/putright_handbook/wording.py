"""Rules in the words of a handbook: whole sentences, no field names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from putright import fields
from putright.policy import catalogue
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.rules import (
    Condition,
    Contents,
    DaysOff,
    Extension,
    Independence,
    Limit,
    Notice,
    Question,
    Rule,
    Timed,
    Unit,
)

PROCEDURES = {
    "corporate": "Council services",
    "children": "Children's social care",
    "adults": "Adults' social care",
    "housing": "Housing",
    "public-health": "Public health",
}

STANDINGS = {
    "law": "law: it has to be followed",
    "statutory code": "a statutory code: the landlords it binds have to follow it",
    "guidance": "guidance: a council may depart from it for good reason",
    "policy": "the council's own policy",
}

FLAGS = {
    "straight_to_stage2": "it goes straight to stage 2",
    "cse": "it is about child sexual exploitation",
    "discrimination": "it is about discrimination",
    "named_officer": "it is about an officer by name",
    "contractor": "it is about a contractor",
    "fraud": "fraud is alleged",
    "anonymous": "it is anonymous",
    "landlord": "it is about the council as landlord",
    "reasonable_adjustments": "reasonable adjustments are needed",
}

_TRUE = {"representative": "somebody else complains for the person", "action_plan_due": "an action plan is needed"}

_STATES = {
    "actions_left": "a remedy was offered and is not done yet",
    "beyond_cap": "the new date lies beyond what the procedure permits",
    "late_request": "the request came after the time for it",
    "out_of_time": "the complaint came after the time for making one",
    "on_hold": "the stage was on hold",
    "informal_first": "an informal attempt came before the stage 1 acknowledgement",
    "stage2_before_answer": "stage 2 was asked for before stage 1 was answered",
}

#: What a start on a day that is not a working day means for a limit in working days.
DAYS_OFF: dict[DaysOff, str] = {
    "next_working_day": "If the day that a time limit counts from is not a working day, the next working day is "
    "day zero.",
    "from_the_day": "The day that a time limit counts from is day zero, even if it is not a working day: the next "
    "working day is day 1.",
    "either": "The source does not say what happens if the day that a time limit counts from is not a working day. "
    "Day zero may be that day or the next working day: keep to the earlier date.",
}


def day(date: dt.date) -> str:
    """Friday 18 December 2026, in short weekdays: they stand in columns."""
    return f"{date:%a} {date.day} {date:%B %Y}"


def plain_day(date: dt.date) -> str:
    """18 December 2026."""
    return f"{date.day} {date:%B %Y}"


def in_force(book: Rulebook) -> str:
    """The days of an edition, as 1 March 2025 to 31 December 2026."""
    start, end = book.in_force.start, book.in_force.end
    if start and end:
        return f"{plain_day(start)} to {plain_day(end)}"
    return f"from {plain_day(start)}" if start else f"to {plain_day(end)}" if end else "not known"


def upper(text: str) -> str:
    """With a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(words: list[str], last: str = "and") -> str:
    """a, b and c."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def book_title(book: Rulebook) -> str:
    """What a rulebook is called where several stand together."""
    if book.procedure is None:
        return f"{book.title} ({book.authority})"
    return f"{book.authority}: {PROCEDURES[book.procedure].lower()}"


def step(rule: str) -> str:
    """What a rule asks, as the name of a step."""
    return upper(fields.RULES[rule])


def condition(when: Condition) -> str:
    """What must hold, as the end of a sentence that begins with 'if'."""
    found = list(_conditions(when))
    return listed(found) if found else ""


def _conditions(when: Condition) -> Iterator[str]:
    if when.flag:
        yield FLAGS[when.flag]
    if when.any_flag:
        yield listed([FLAGS[flag] for flag in when.any_flag], "or")
    if when.outcome:
        yield f"the outcome is {listed([outcome.replace('_', ' ') for outcome in when.outcome], 'or')}"
    yield from _recorded(when.recorded, "and")
    yield from _recorded(when.any_recorded, "or")
    yield from (words for name, words in _STATES.items() if getattr(when, name))
    if when.matter_since:
        yield f"the matter arose on {plain_day(when.matter_since)} or later"
    if when.time_up:
        yield f"the time to {fields.RULES[when.time_up]} is up"


def _recorded(names: list[str], last: str) -> Iterator[str]:
    """What a record has to hold, true things apart from dates."""
    yes = [_TRUE[name] for name in names if name in _TRUE]
    dates = [fields.noun(name) for name in names if name not in _TRUE]
    if dates:
        plural = "are" if len(dates) > 1 and last == "and" else "is"
        yes.append(f"{listed(dates, last)} {plural} recorded")
    if yes:
        yield listed(yes, last)


def conditions(rule: Rule) -> str:
    """When a rule arises and when not, as a sentence; blank where it always does."""
    said = [*_side("only", rule.when), *_side("not", rule.unless)]
    return upper("; ".join(said)) + "." if said else ""


def _side(word: str, when: Condition | None) -> Iterator[str]:
    """What no record can show is said as the rulebook says it, and is for a person to judge."""
    if when is None:
        return
    if shown := condition(when):
        yield f"{word} if {shown}"
    if when.person:
        start = "" if when.person.startswith(("where", "if", "when", "unless")) else "if "
        yield f"{word} {start}{when.person} (for a person to judge)"


def limit(ruling: Ruling) -> str:
    """The time for a step, or what is asked instead of a time."""
    rule = ruling.rule
    if isinstance(rule, Notice):
        return f"at least {rule.within} before {fields.noun(rule.start)}"
    if isinstance(rule, Independence):
        return "not the person who considered stage 1"
    if isinstance(rule, Question):
        return f"for a person to judge: {rule.asks.rstrip('.')}"
    if not isinstance(rule, Timed):
        return ""
    if rule.by:
        return f"by {fields.noun(rule.by)}"
    if rule.within is None:
        return "no time is set"
    start = fields.noun(rule.start)
    if rule.has_second_reading:
        longer = f"{length(rule.or_within)} " if rule.or_within else ""
        start += f" (on another reading, {longer}from {fields.noun(rule.or_start or rule.start)})"
    counted = ", that day counted" if rule.within.unit is Unit.MONTHS_INCLUSIVE else ""
    first = f"; {length(rule.within_if_first)} if the case starts at this stage" if rule.within_if_first else ""
    return f"{length(rule.within)} from {start}{counted}{first}"


def length(within: Limit) -> str:
    """10 working days; inclusive months say how they count elsewhere."""
    unit = Unit.MONTHS if within.unit is Unit.MONTHS_INCLUSIVE else within.unit
    return str(Limit(within.count, unit))


def contents(rule: Contents, words: Mapping[str, str]) -> list[str]:
    """What a letter has to hold, a line each; of things of which one will do, one line for all."""
    lines = [words[word] for word in rule.holds]
    return [*lines, *([f"one of: {'; or '.join(words[w] for w in rule.holds_one_of)}"] if rule.holds_one_of else [])]


def days_off(book: Rulebook, ruling: Ruling) -> str:
    """What a start on a day off means for a rule that says so itself; blank where the rulebook says it for all."""
    rule = ruling.rule
    found = rule.days_off if isinstance(rule, Timed) else None
    return DAYS_OFF[found] if found and found != book.days_off and catalogue.days_off(book, ruling) else ""


def extension(rule: Extension) -> str:
    """How much longer a step may take."""
    if not isinstance(rule.by, Limit):
        return "more time as agreed with the person" if rule.by == "as agreed" else "more time, with no end set to it"
    more = f"up to {length(rule.by)} more"
    return f"{more}, and longer only for good reason" if rule.cap == "soft" else more


def force(ruling: Ruling) -> str:
    """Whose time it is, and how firm."""
    rule = ruling.rule
    if ruling.kind == "question":
        return "for a person to judge"
    if ruling.kind == "aim":
        return "aim"
    if ruling.kind == "window":
        return "the person's own time"
    return "must" if getattr(rule, "late", "breach") == "breach" else "expected"
