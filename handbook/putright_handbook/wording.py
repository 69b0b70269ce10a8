"""Rules in the words of a handbook: whole sentences, no field names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from putright import fields
from putright.api import clauses
from putright.calendars import Calendar
from putright.rulebooks import Rulebook, Ruling, phrases
from putright.rulebooks.conditions import Condition
from putright.rulebooks.rules import Contents, Rule, Timed
from putright.text.english import capital, written_date

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


def procedure(name: str) -> str:
    """What a procedure is for, as a title; a council's own has its name."""
    return PROCEDURES.get(name) or capital(name.replace("-", " "))


def day(date: dt.date) -> str:
    """``Fri 18 December 2026``, with a short weekday, for columns."""
    return f"{date:%a} {written_date(date)}"


def in_force(book: Rulebook) -> str:
    """The days of an edition, as 1 March 2025 to 31 December 2026."""
    start, end = book.in_force.start, book.in_force.end
    if start and end:
        return f"{written_date(start)} to {written_date(end)}"
    return f"from {written_date(start)}" if start else f"to {written_date(end)}" if end else "not known"


def book_title(book: Rulebook) -> str:
    """The name of a rulebook among others."""
    if book.procedure is None:
        return f"{book.title} ({book.authority})"
    return f"{book.authority}: {procedure(book.procedure).lower()}"


#: Steps whose names people would search for by other words than the vocabulary's.
_STEPS = {
    "complain-in-time": "Last date to complain",
    "resubmit-in-time": "Deadline to resubmit a complaint",
    "request-stage2": "Last date to ask for stage 2",
    "request-stage3": "Last date to ask for stage 3",
    "request-stage2-limit": "Last date to ask for stage 2, outer limit",
    "independence-stage2": "Who can do stage 2",
}


def step(rule: str) -> str:
    """A rule as the name of a step."""
    return _STEPS.get(rule) or capital(fields.RULES[rule])


_HAPPENED = {
    "received": "We received the complaint",
    "matter_occurred": "What the complaint is about happened",
    "matter_known": "The complainant became aware of the matter",
    "consent_received": "We received the representative's consent",
    "triaged": "We first looked at the complaint",
    "informal_offered": "We offered informal resolution",
    "informal_referred": "We passed the complaint on for informal resolution",
    "informal_resolved": "The complaint was resolved informally",
    "refused": "We refused the complaint",
    "withdrawn": "The complainant withdrew the complaint",
    "proceedings_ended": "Court, criminal or tribunal proceedings ended",
    "resubmitted": "The complaint was put in again",
    "remedy_offered": "We offered a remedy",
    "remedy_completed": "We completed the remedy",
    "action_plan_agreed": "The action plan was agreed",
    "requested": "The complainant asked for stage {n}",
    "request_refused": "We refused stage {n}",
    "acknowledged": "We acknowledged stage {n}",
    "department_notified": "We told the department at stage {n}",
    "statement_agreed": "The statement of complaint was agreed",
    "extension_notified": "We sent the stage {n} extension notice",
    "panel_invited": "We invited the complainant to the panel",
    "panel_met": "The review panel met",
    "panel_reported": "The review panel reported",
    "responded": "We sent the stage {n} response",
}


def happened(event: str) -> str:
    """A dated field as something that happened, for somebody to choose from a list."""
    known = fields.named(event)
    said = _HAPPENED.get(event) or _HAPPENED.get(known.part)
    return said.format(n=known.stage) if said else capital(fields.noun(event))


def conditions(rule: Rule) -> str:
    """When a rule applies and when not, as a sentence; blank if it always does."""
    said = [*_side("only", rule.when), *_side("not", rule.unless)]
    return capital("; ".join(said)) + "." if said else ""


def _side(word: str, when: Condition | None) -> Iterator[str]:
    """A condition that no record can show is in the rulebook's words, and for a person to judge."""
    if when is not None:
        yield f"{word} if {phrases.condition(when, ' (for a person to judge)')}"


def contents(rule: Contents, words: Mapping[str, str]) -> list[str]:
    """The contents that a letter must have, a line each; alternatives share a line."""
    lines = [words[word] for word in rule.holds]
    return [*lines, *([f"one of: {'; or '.join(words[w] for w in rule.holds_one_of)}"] if rule.holds_one_of else [])]


def counting(book: Rulebook, ruling: Ruling) -> str:
    """What the start is in the count of a rule with its own provision; blank if the rulebook has one for all."""
    rule = ruling.rule
    if not isinstance(rule, Timed) or clauses.days_off(book, ruling) is None:
        return ""
    own = book.begins(rule)
    return phrases.counting_sentence(own) if own != book.beginnings else ""


def force(ruling: Ruling) -> str:
    """How binding the rule's time limit is: must, expected, an aim, or for a person to judge."""
    rule = ruling.rule
    if ruling.kind == "question":
        return "for a person to judge"
    kind = phrases.KINDS[ruling.kind]
    if kind.is_marked:
        return kind.name
    return "must" if getattr(rule, "late", "breach") == "breach" else "expected"


def bank_holidays(calendar: Calendar) -> str:
    """The bank holidays of a calendar, in words."""
    name = calendar.holidays.name
    return f"Bank holidays in {_NATIONS[name]}" if name in _NATIONS else f"Days off in the calendar '{name}'"


_NATIONS = {"england": "England", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}
