"""Time limits: what a council's limit, notice or extension shows of a Code's, with the figures and the clause."""

from __future__ import annotations

import datetime as dt

from putright import fields
from putright.policy.allowances import (
    NEVER_LATER,
    Allowance,
    Comparison,
    Example,
    Relation,
    allowance,
    compare,
    first_days,
    later_by_closures,
    start_day,
    without_closures,
)
from putright.policy.evidence import RANKS, Display, Pair, Verdict, left_open, named, on_one_reading, sentence, worst
from putright.rulebooks import Clause, Rulebook, Ruling
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.phrases import act, condition, more_time
from putright.rulebooks.rules import Extension, Notice, Rule, Timed
from putright.text.english import listed, written_date


def example_sentence(example: Example, one: str, other: str) -> str:
    """An example in a sentence, the limits named as given."""
    days = dict(example.events)
    nouns = [fields.noun(event) for event in days]
    if len(set(days.values())) == 1:
        when = f"{listed(nouns)} on {written_date(next(iter(days.values())))}"
    else:
        when = listed(f"{noun} on {written_date(day)}" for noun, day in zip(nouns, days.values(), strict=True))
    return f"With {when}, {one} ends on {written_date(example.one)} and {other} on {written_date(example.other)}."


# --- time limits ----------------------------------------------------------------------------------

_LATER = (Relation.LATER, Relation.UNBOUNDED)


def show_limit(pair: Pair, asked: Timed) -> Display:
    """The policy's best limit for the step; of equals the rule of the same name."""
    own = [
        ruling
        for ruling in pair.policy.rulings().values()
        if isinstance(ruling.rule, Timed)
        and ruling.rule.step == asked.step
        and (ruling.name == asked.rule or "window" not in (ruling.kind, asked.kind))
    ]
    if not own:
        return _no_time(asked)
    shown = [_one_limit(pair, ruling, asked) for ruling in sorted(own, key=lambda ruling: ruling.name != asked.rule)]
    return min(shown, key=lambda each: RANKS.index(each.verdict) if each.verdict is not Verdict.FURTHER else -1)


def _no_time(asked: Rule) -> Display:
    return Display(Verdict.NOT_STATED, f"The policy sets no time for this: {fields.RULES[asked.rule]}.", is_limit=True)


def _one_limit(pair: Pair, ruling: Ruling, asked: Timed) -> Display:
    own = ruling.rule
    assert isinstance(own, Timed)
    clauses, done = pair.clauses(ruling), act(ruling.name)
    if own.within is None or asked.within is None:
        return _without_limit(pair, ruling, own, asked)
    window = asked.kind == "window"
    ours, theirs = allowance(pair.policy, own), allowance(pair.code, asked)
    found = _compared(pair, asked, ours, theirs)
    closed = None if window else _by_closures(pair, ours, theirs, found)
    said = (
        f"allows {ours} to {done} ({ruling.clause})"
        if window
        else f"{done} within {own.within} of {fields.noun(own.start)} ({ruling.clause})"
    )
    only_aim = own.kind == "aim" and asked.kind == "deadline"
    if found.relation is not Relation.SAME or not only_aim:
        said += _set_beside(pair, ours, theirs, found.relation, window=window)
    sentences = [sentence(said)]
    if found.example:
        sentences.append(_told(pair, found.example, window=window))
    if closed and closed.example:
        sentences.append(_closed(pair, closed.example, "the policy's time"))
    again = Allowance(own.or_start or own.start, own.or_within or own.within, ours.start_is_day)
    other = own.has_second_reading and (own.or_start, own.or_within) != (asked.or_start, asked.or_within)
    second = _compared(pair, asked, again, theirs) if other else None
    relation = Relation.LATER if closed else found.relation
    late = relation in _LATER
    # What departs on every reading departs; on one reading only, it is for a person.
    unsure = (second.relation in _LATER) != late if second else bool(left_open(pair, ruling))
    judged, reasons = _weight(pair, own, asked, relation, unsure=unsure)
    ours_first, theirs_first = first_days(ours, theirs)
    if ours_first != theirs_first:
        both = ("the policy", pair.code_name)
        counts, does_not = both if ours_first else both[::-1]
        reasons.append(sentence(f"{counts} counts the day of the event as day 1, and {does_not} does not"))
    if own.alternative != asked.alternative:
        judged = worst({judged, Verdict.JUDGEMENT})
        reasons.append(_second_limit(pair, own, asked))
    if second and second.example:
        judged = worst({judged, Verdict.JUDGEMENT})
        length = f"{again.limit} " if own.or_within else ""
        sentences.append(f"On another reading the policy counts {length}from {fields.noun(again.start)}.")
        sentences.append(_told(pair, second.example, window=window))
    # The law may leave open whether a day on which the council is closed is a working day.
    longer = late and not closed and not unsure and not window and not _by_first_day(own, asked)
    clauses += tuple(clause.id for clause in _hold_clauses(pair, own))
    shown = Display(judged, " ".join(sentences + reasons), clauses, is_limit=True, longer=longer)
    return on_one_reading(pair, ruling, shown)


def _second_limit(pair: Pair, own: Timed, asked: Timed) -> str:
    """That one of the two has a second limit, which only a person can set against the other."""
    has_it, rule = (pair.code_name, asked) if own.alternative is None else ("the policy", own)
    assert rule.alternative is not None
    which = "later" if rule.or_if_later else "earlier"
    second = f"{rule.alternative.within} from {fields.noun(rule.alternative.start)}"
    return sentence(f"by {has_it} the time ends {second} where that is {which}")


def _compared(pair: Pair, asked: Timed, ours: Allowance, theirs: Allowance) -> Comparison:
    """A window is the complainant's: what may not end sooner than the Code's is the policy's.

    Without the council's closure days, which are compared apart.
    """
    if asked.kind == "window":
        return compare(theirs, ours, pair.code, pair.code_calendar, without_closures(pair.calendar))
    return compare(ours, theirs, pair.policy, without_closures(pair.calendar), pair.code_calendar)


def _by_closures(pair: Pair, ours: Allowance, theirs: Allowance, found: Comparison) -> Comparison | None:
    """The comparison where the council's closure days alone make its time end later; otherwise None."""
    if found.relation not in NEVER_LATER:
        return None
    return later_by_closures(ours, theirs, pair.policy, pair.calendar, pair.code_calendar)


def _closed(pair: Pair, example: Example, one: str) -> str:
    """That the council leaves its closure days out of the count, with an example and the days in it."""
    first = min(day for _, day in example.events)
    days = sorted(day for day in pair.calendar.closures if first <= day <= example.one)
    counts = "count" if pair.code.standing == "law" else "counts"
    return (
        f"The council leaves its closure days out of the count, and {pair.code_name} {counts} them. "
        f"{example_sentence(example, one, pair.codes)} The council is closed on {_dates(days)}."
    )


def _dates(days: list[dt.date]) -> str:
    """Days in words, those of one month together: ``29, 30 and 31 December 2026``."""
    months: dict[str, list[str]] = {}
    for day in days:
        months.setdefault(f"{day:%B %Y}", []).append(str(day.day))
    return listed(f"{listed(numbers)} {month}" for month, numbers in months.items())


def _told(pair: Pair, example: Example, *, window: bool) -> str:
    if window:
        return example_sentence(example, f"{pair.codes} time", "the policy's")
    return example_sentence(example, "the policy's time", pair.codes)


def _set_beside(pair: Pair, ours: Allowance, theirs: Allowance, relation: Relation, *, window: bool) -> str:
    """What the Code has, after what the policy has."""
    if relation is Relation.SAME:
        return f", as {pair.code_does('allow')}" if window else f", as {pair.code_name} {pair.asks}"
    if relation is Relation.WITHIN:
        return f"; with its own limits before it, never later than {pair.codes} {theirs}"
    return f"; {pair.code_does('allow')} {theirs.limit if ours.start == theirs.start else theirs}"


def _weight(
    pair: Pair, own: Timed, asked: Timed, relation: Relation, *, unsure: bool = False
) -> tuple[Verdict, list[str]]:
    """The verdict on a comparison, with what makes the policy's limit weaker than its figure.

    ``unsure``: the policy's source leaves its own limit open, so the comparison holds on one reading only.
    """
    verdicts = {Verdict.JUDGEMENT if unsure else _by_relation(relation)}
    said = []
    if _by_first_day(own, asked):
        verdicts = {Verdict.FOLLOWS if relation in NEVER_LATER and not unsure else Verdict.JUDGEMENT}
        said.append("The two differ only in whether the first day counts.")
    if relation is Relation.MIXED:
        units = listed(str(unit).partition(" inclusive")[0] for unit in _units(own, asked))
        said.append(f"{sentence(units)[:-1]} cannot be set against each other in every case.")
    if relation is Relation.UNORDERED:
        said.append("The two count from events that come in no fixed order.")
    if own.kind == "aim" and asked.kind == "deadline":
        firm = asked.late == "breach"
        verdicts.add(Verdict.DEPARTS if firm else Verdict.JUDGEMENT)
        said.append(f"It is only an aim, and does not promise the limit that {pair.code_does('set')}.")
    if own.kind == asked.kind == "deadline" and own.late == "judgement" and asked.late == "breach":
        verdicts.add(Verdict.JUDGEMENT)
        said.append(f"The policy puts it less firmly than {pair.code_name}.")
    if exception := _exception(own, asked):
        verdicts.add(Verdict.JUDGEMENT)
        said.append(exception)
    if held := _hold_clauses(pair, own):
        # That a hold stops the clock is sometimes only how the policy is read.
        sure = any(clause.unclear is None for clause in held)
        verdicts.add(Verdict.DEPARTS if sure else Verdict.JUDGEMENT)
        reading = "" if sure else "On one reading, "
        cited = listed(clause.id for clause in held)
        said.append(sentence(f"{reading}its clock stops while a case is on hold ({cited}); {pair.codes} does not"))
    return worst(verdicts), said


def _units(own: Timed, asked: Timed) -> list[Unit]:
    """What two limits count in, working days last."""
    found = dict.fromkeys(rule.within.unit for rule in (own, asked) if rule.within)
    return sorted(found, key=lambda unit: unit is Unit.WORKING_DAYS)


def _by_first_day(own: Timed, asked: Timed) -> bool:
    """Whether both give the same months from the same event, and one of them counts the first day."""
    if own.start != asked.start or own.within is None or asked.within is None:
        return False
    months = {own.within.unit, asked.within.unit} == {Unit.MONTHS, Unit.MONTHS_INCLUSIVE}
    return months and own.within.count == asked.within.count


def _exception(own: Timed, asked: Timed) -> str | None:
    """Where a duty of the policy does not hold though the Code's does; a window's exceptions favour the person."""
    if own.kind == "window":
        return None
    if own.unless and own.unless != asked.unless:
        return f"It does not hold where {condition(own.unless)}."
    return f"It holds only where {condition(own.when)}." if own.when and own.when != asked.when else None


def _by_relation(relation: Relation) -> Verdict:
    if relation in (Relation.SAME, Relation.WITHIN):
        return Verdict.FOLLOWS
    if relation is Relation.SOONER:
        return Verdict.FURTHER
    return Verdict.DEPARTS if relation in _LATER else Verdict.JUDGEMENT


def _hold_clauses(pair: Pair, own: Timed) -> list[Clause]:
    """The policy's clauses that stop the clock of this response, where the Code has none that do."""
    stage = fields.named(own.step).stage
    if stage is None or not own.is_response or stage in pair.code.held_stages():
        return []
    return [clause for clause in pair.policy.clauses if stage in clause.stops_clock_of]


def _without_limit(pair: Pair, ruling: Ruling, own: Timed, asked: Timed) -> Display:
    done, clauses = act(ruling.name), pair.clauses(ruling)
    if asked.within is None:
        shown = Display(Verdict.FOLLOWS, sentence(f"{done} ({ruling.clause})"), clauses, is_limit=True)
        return on_one_reading(pair, ruling, shown)
    theirs = Allowance(asked.start, asked.within)
    time = f"by {fields.noun(own.by)}" if own.by else "with no time set"
    said = f"{done} {time} ({ruling.clause}); {pair.code_does('allow')} {theirs}"
    return Display(Verdict.JUDGEMENT if own.by else Verdict.DEPARTS, sentence(said), clauses, is_limit=True)


def show_notice(pair: Pair, asked: Notice) -> Display:
    """The policy's notice of a meeting."""
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or not isinstance(ruling.rule, Notice):
        return _no_time(asked)
    own, clauses = ruling.rule.within.count, pair.clauses(ruling)
    theirs = f"{pair.code_name} {pair.asks} {asked.within}"
    said = f"gives at least {ruling.rule.within} of notice ({ruling.clause}), where {theirs}"
    verdict = Verdict.DEPARTS if own < asked.within.count else Verdict.FURTHER
    return Display(Verdict.FOLLOWS if own == asked.within.count else verdict, sentence(said), clauses, is_limit=True)


# --- extensions -----------------------------------------------------------------------------------


def show_extension(pair: Pair, asked: Extension) -> Display:
    """More time for a step: the extension, and the limit and the extension in one run."""
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or not isinstance(ruling.rule, Extension):
        said = f"The policy says nothing about more time ({fields.RULES[asked.rule]})."
        return Display(Verdict.NOT_STATED, said, is_limit=True)
    own, clauses = ruling.rule, pair.clauses(ruling)
    said = f"stage {asked.stage} may take {more_time(own)} ({ruling.clause})"
    if not isinstance(own.by, Limit):
        return _uncapped(pair, own, asked, said, clauses)
    if not isinstance(asked.by, Limit):
        return Display(Verdict.FURTHER, sentence(f"{said}; {pair.code_name} would allow {more_time(asked)}"), clauses)
    found, closed = _whole_run(pair, own, asked)
    relation = Relation.LATER if closed else found.relation
    same = own.by == asked.by and own.cap == asked.cap
    said += f", as {pair.code_name} would allow" if same else f"; {pair.code_name} would allow {more_time(asked)}"
    sentences = [sentence(said)]
    unsure = relation in _LATER and bool(left_open(pair, ruling))
    by_relation = Verdict.JUDGEMENT if unsure else _by_relation(relation)
    verdicts = {Verdict.FOLLOWS if own.by == asked.by and relation in NEVER_LATER else by_relation}
    if found.example:
        sentences.append(example_sentence(found.example, "the policy's limit with its extension", pair.codes))
    if closed and closed.example:
        sentences.append(_closed(pair, closed.example, "the policy's limit with its extension"))
    if own.cap == "soft" and asked.cap == "hard":
        verdicts.add(Verdict.DEPARTS)
        sentences.append(f"Going further for good reason is more than {pair.code_name} would allow.")
    if own.cap == asked.cap == "soft" and (lacking := set(asked.beyond_cap) - set(own.beyond_cap)):
        verdicts.add(Verdict.JUDGEMENT)
        sentences.append(f"Beyond it, {named(pair, lacking)} need not be given.")
    longer = not closed and ((relation in _LATER and not unsure) or Verdict.DEPARTS in verdicts)
    return Display(worst(verdicts), " ".join(sentences), clauses, is_limit=True, longer=longer)


def _uncapped(pair: Pair, own: Extension, asked: Extension, said: str, clauses: tuple[str, ...]) -> Display:
    if isinstance(asked.by, Limit):
        capless = "" if own.by == "any" else ", with no cap"  # otherwise that is said already
        said += f"{capless}; {pair.code_name} would allow {more_time(asked)}"
        return Display(Verdict.DEPARTS, sentence(said), clauses, is_limit=True, longer=True)
    if own.by == asked.by or own.by == "as agreed":
        return Display(Verdict.FOLLOWS, sentence(f"{said}, as {pair.code_name} would allow"), clauses)
    return Display(Verdict.DEPARTS, sentence(f"{said}; {pair.code_name} would allow {more_time(asked)}"), clauses)


def _whole_run(pair: Pair, own: Extension, asked: Extension) -> tuple[Comparison, Comparison | None]:
    """The two limits, each with its extension, compared; and where closure days alone make the policy's end later."""
    ours, theirs = whole_run(pair.policy, own), whole_run(pair.code, asked)
    assert ours is not None and theirs is not None
    found = compare(ours, theirs, pair.policy, without_closures(pair.calendar), pair.code_calendar)
    return found, _by_closures(pair, ours, theirs, found)


def whole_run(book: Rulebook, extension: Extension) -> Allowance | None:
    """A step's limit and its extension as one; None where the extension has no length."""
    extended = book.rulings()[extension.extends].rule
    assert isinstance(extended, Timed) and extended.within is not None
    if not isinstance(extension.by, Limit):
        return None
    whole = Limit(extended.within.count + extension.by.count, extended.within.unit)
    return Allowance(extended.start, whole, start_day(book, extended))
