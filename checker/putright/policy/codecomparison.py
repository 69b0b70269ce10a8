"""How a council's step compares with the same step of the national rulebook that governs it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from putright import fields
from putright.plugins import Host
from putright.policy import allowances, catalogue, letters
from putright.policy.allowances import Relation, without_closures
from putright.policy.letters import Extent
from putright.policy.steps import contents_of
from putright.rulebooks import Rulebook, Ruling, phrases
from putright.rulebooks.rules import Contents, Timed
from putright.text.english import written_date

_RELATIONS = {
    Relation.WITHIN: "never ends later than that of {code}",
    Relation.SOONER: "ends sooner than that of {code}, or on the same day",
    Relation.LATER: "can end later than that of {code}",
    Relation.MIXED: "ends sooner or later than that of {code}, as the months fall",
    Relation.UNBOUNDED: "can end later than that of {code}, as nothing limits {start}",
    Relation.UNORDERED: "counts from an event that comes in no fixed order with that of {code}",
}


_EXTENTS = {
    Extent.LACKING: "without",
    Extent.NARROWER: "only in some of the cases",
    Extent.ARGUABLE: "under a condition for a person to weigh",
    Extent.READ: "on one reading only",
}


def differences(book: Rulebook, code: Rulebook, rule: str, host: Host) -> Iterator[str]:
    """How a council's step compares with its Code's, in words; nothing where they are alike or neither has one."""
    own, theirs = book.rulings().get(rule), code.rulings().get(rule)
    if own is None or theirs is None:
        if own or theirs:
            yield f"{code.rulebook} has no such step" if own else f"{code.rulebook} has this step"
        return
    if own.kind != theirs.kind:
        yield f"{phrases.KINDS[own.kind].name}, where {code.rulebook} has {phrases.KINDS[theirs.kind].name}"
    if isinstance(own.rule, Timed) and isinstance(theirs.rule, Timed):
        yield from _time_differences(book, code, own.rule, theirs.rule, host)
    elif own.kind == theirs.kind == "contents":
        yield from _letter_differences(book, code, own, theirs)
    elif catalogue.terms(own) != catalogue.terms(theirs):
        yield f"{code.rulebook}: {catalogue.terms(theirs)}"
    yield from _extension_differences(book, code, rule)


def _time_differences(book: Rulebook, code: Rulebook, own: Timed, theirs: Timed, host: Host) -> Iterator[str]:
    if own.within is None or theirs.within is None:
        if (own.within, own.by) != (theirs.within, theirs.by):
            yield f"another kind of limit than that of {code.rulebook}"
        return
    one, other = allowances.allowance(book, own), allowances.allowance(code, theirs)
    calendar, theirs_calendar = host.calendar(book), host.calendar(code)
    relation = allowances.compare(one, other, book, without_closures(calendar), theirs_calendar).relation
    reading = "on one reading, " if own.unclear or own.has_second_reading else ""
    if own.alternative != theirs.alternative:
        yield "by one of the two a second limit counts too"
    if relation is not Relation.SAME:
        yield reading + _RELATIONS[relation].format(code=code.rulebook, start=fields.noun(own.start))
    if relation not in allowances.NEVER_LATER or own.kind == "window":
        return
    if (closed := allowances.later_by_closures(one, other, book, calendar, theirs_calendar)) and closed.example:
        began = written_date(max(day for _, day in closed.example.events))
        yield (
            f"{reading}later than {code.rulebook} allows where the council's closure days fall, which {code.rulebook} "
            f"counts: from {began}, {written_date(closed.example.one)} and not {written_date(closed.example.other)}"
        )


def _letter_differences(book: Rulebook, code: Rulebook, own: Ruling, theirs: Ruling) -> Iterator[str]:
    asked = [part.rule for part in theirs.parts if isinstance(part.rule, Contents)]
    compared = letters.words(asked, own, book.doubts())
    for extent, words in _EXTENTS.items():
        told = (" or ".join((each.word, *each.others)) for each in compared if each.extent is extent)
        if found := list(dict.fromkeys(told)):
            yield f"{words}, of what {code.rulebook} asks: {', '.join(found)}"
    if more := [word for word in contents_of(own) if word not in contents_of(theirs)]:
        yield f"besides what {code.rulebook} asks: {', '.join(more)}"


def _extension_differences(book: Rulebook, code: Rulebook, rule: str) -> Iterator[str]:
    own, theirs = book.extension_of(rule), code.extension_of(rule)
    if (own is None) is not (theirs is None):
        yield f"no extension, where {code.rulebook} allows one" if theirs else f"{code.rulebook} allows no extension"
    elif own and theirs and (more := phrases.asked(own.rule)) != (allowed := phrases.asked(theirs.rule)):
        yield f"{more}, where {code.rulebook} allows {allowed}"
