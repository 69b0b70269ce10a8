"""What a council's rule shows of a Code's rule: a verdict and a sentence with the figures and the clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from putright import fields
from putright.policy.allowances import NEVER_LATER, Allowance, Comparison, Example, Relation, compare
from putright.policy.letters import Extent, Word, further, words
from putright.rulebooks import Clause, Rulebook, Ruling, doubts
from putright.rulebooks.phrases import condition, listed, more_time, question
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


class Verdict(StrEnum):
    """How a policy stands to a paragraph."""

    FOLLOWS = "follows"
    FURTHER = "goes further"
    NOT_STATED = "not stated"
    JUDGEMENT = "for judgement"
    DEPARTS = "departs"
    NOTHING_ASKED = "nothing asked"
    """The paragraph is context, or leaves a choice that the policy did not take up."""


_RANKS = (Verdict.FOLLOWS, Verdict.FURTHER, Verdict.NOT_STATED, Verdict.JUDGEMENT, Verdict.DEPARTS)


@dataclass(frozen=True)
class Shown:
    """What one thing in a policy shows of a paragraph."""

    verdict: Verdict
    sentence: str
    clauses: tuple[str, ...] = ()
    is_limit: bool = False
    longer: bool = False
    """A time limit that can end later than the Code's."""
    points: tuple[str, ...] = ()
    """The points of the paragraph that it is about, where the Code says so."""
    open_points: tuple[str, ...] = ()
    """Points of the paragraph for which it found nothing."""


@dataclass(frozen=True)
class Pair:
    """A policy beside one of the national rulebooks that govern it."""

    policy: Rulebook
    code: Rulebook
    words: Mapping[str, str]
    """Every word for letter contents with its meaning."""

    @property
    def code_name(self) -> str:
        return "the Regulations" if self.code.standing == "law" else "the Code"

    @property
    def asks(self) -> str:
        """What the Code does, by its standing: the Regulations require, guidance only asks."""
        return {"law": "require", "statutory code": "requires"}.get(self.code.standing, "asks")

    def code_does(self, verb: str) -> str:
        """``the Code allows``, ``the Regulations allow``."""
        return f"{self.code_name} {verb}" + ("" if self.code.standing == "law" else "s")

    @property
    def codes(self) -> str:
        return "the Regulations'" if self.code.standing == "law" else "the Code's"

    def clauses(self, ruling: Ruling) -> tuple[str, ...]:
        """The policy's clauses that make a rule, without those it only cites."""
        return tuple(clause.id for clause in self.policy.clauses if any(r.rule == ruling.name for r in clause.rules))


def left_open(pair: Pair, ruling: Ruling) -> list[str]:
    """What the policy's source leaves open about one of its own rules, a sentence each."""
    return doubts.shorts(doubt for part in ruling.parts for doubt in doubts.of_part(pair.policy, part))


def on_one_reading(pair: Pair, ruling: Ruling, shown: Shown) -> Shown:
    """What a rule of the policy shows, where its source leaves it open: never more than a question for a person."""
    if not (open_points := left_open(pair, ruling)):
        return shown
    verdict = Verdict.JUDGEMENT if shown.verdict in (Verdict.FOLLOWS, Verdict.FURTHER) else shown.verdict
    said = shown.sentence
    if verdict is Verdict.JUDGEMENT:
        said = f"On one reading, {said[0].lower()}{said[1:]}"
    longer = shown.longer and verdict is Verdict.DEPARTS
    return replace(shown, verdict=verdict, sentence=" ".join([said, *open_points]), longer=longer)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for several; a paragraph shown only in part is for judgement."""
    found = set(verdicts)
    if Verdict.NOT_STATED in found and found & {Verdict.FOLLOWS, Verdict.FURTHER}:
        found.add(Verdict.JUDGEMENT)
    return max(found, key=_RANKS.index)


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


def show(pair: Pair, asked: Rule) -> Shown:
    """What the policy's rules show of one rule of the Code (letters apart: see ``show_letter``)."""
    if isinstance(asked, Question):
        return _informal_step(pair, asked)
    if isinstance(asked, Timed):
        return _limit(pair, asked)
    if isinstance(asked, Extension):
        shown = _extension(pair, asked)
    elif isinstance(asked, Notice):
        shown = _notice(pair, asked)
    else:
        assert isinstance(asked, Independence)
        shown = _independence(pair, asked)
    ruling = pair.policy.rulings().get(asked.rule)
    return on_one_reading(pair, ruling, shown) if ruling else shown


# --- words ----------------------------------------------------------------------------------------

_ACTS = {
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


def sentence(text: str) -> str:
    """With a capital at its start and one full stop at its end."""
    return text[0].upper() + text[1:].rstrip(". ") + "."


def written(day: dt.date) -> str:
    """A date as a letter has it: 5 January 2026."""
    return f"{day.day} {day:%B %Y}"


def told(example: Example, one: str, other: str) -> str:
    """An example in a sentence, the limits named as given."""
    days = dict(example.events)
    nouns = [fields.noun(event) for event in days]
    if len(set(days.values())) == 1:
        when = f"{listed(nouns)} on {written(next(iter(days.values())))}"
    else:
        when = listed(f"{noun} on {written(day)}" for noun, day in zip(nouns, days.values(), strict=True))
    return f"With {when}, {one} ends on {written(example.one)} and {other} on {written(example.other)}."


# --- time limits ----------------------------------------------------------------------------------

_LATER = (Relation.LATER, Relation.UNBOUNDED)


def _limit(pair: Pair, asked: Timed) -> Shown:
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
    return min(shown, key=lambda each: _RANKS.index(each.verdict) if each.verdict is not Verdict.FURTHER else -1)


def _no_time(asked: Rule) -> Shown:
    return Shown(Verdict.NOT_STATED, f"The policy sets no time for this: {fields.RULES[asked.rule]}.", is_limit=True)


def _one_limit(pair: Pair, ruling: Ruling, asked: Timed) -> Shown:
    own = ruling.rule
    assert isinstance(own, Timed)
    clauses, act = pair.clauses(ruling), _ACTS[ruling.name]
    if own.within is None or asked.within is None:
        return _without_limit(pair, ruling, own, asked)
    window = asked.kind == "window"
    ours, theirs = Allowance(own.start, own.within), Allowance(asked.start, asked.within)
    found = _compared(pair, asked, ours, theirs)
    said = (
        f"allows {ours} to {act} ({ruling.clause})"
        if window
        else f"{act} within {own.within} of {fields.noun(own.start)} ({ruling.clause})"
    )
    only_aim = own.kind == "aim" and asked.kind == "deadline"
    if found.relation is not Relation.SAME or not only_aim:
        said += _set_beside(pair, ours, theirs, found.relation, window=window)
    sentences = [sentence(said)]
    if found.example:
        sentences.append(_told(pair, found.example, window=window))
    again = Allowance(own.or_start or own.start, own.or_within or own.within)
    other = own.has_second_reading and (own.or_start, own.or_within) != (asked.or_start, asked.or_within)
    second = _compared(pair, asked, again, theirs) if other else None
    late = found.relation in _LATER
    # What departs on every reading departs; on one reading only, it is for a person.
    unsure = (second.relation in _LATER) != late if second else bool(left_open(pair, ruling))
    judged, reasons = _weight(pair, own, asked, found.relation, unsure=unsure)
    if second and second.example:
        judged = worst({judged, Verdict.JUDGEMENT})
        length = f"{again.limit} " if own.or_within else ""
        sentences.append(f"On another reading the policy counts {length}from {fields.noun(again.start)}.")
        sentences.append(_told(pair, second.example, window=window))
    longer = late and not unsure and not window and not _by_first_day(own, asked)
    clauses += tuple(clause.id for clause in _hold_clauses(pair, own))
    shown = Shown(judged, " ".join(sentences + reasons), clauses, is_limit=True, longer=longer)
    return on_one_reading(pair, ruling, shown)


def _compared(pair: Pair, asked: Timed, ours: Allowance, theirs: Allowance) -> Comparison:
    """A window is the complainant's: what may not end sooner than the Code's is the policy's."""
    return compare(theirs, ours, pair.code) if asked.kind == "window" else compare(ours, theirs, pair.policy)


def _told(pair: Pair, example: Example, *, window: bool) -> str:
    if window:
        return told(example, f"{pair.codes} time", "the policy's")
    return told(example, "the policy's time", pair.codes)


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
    stage = fields.FIELDS[own.step].stage
    if stage is None or not own.is_response or stage in pair.code.held_stages():
        return []
    return [clause for clause in pair.policy.clauses if stage in clause.stops_clock_of]


def _without_limit(pair: Pair, ruling: Ruling, own: Timed, asked: Timed) -> Shown:
    act, clauses = _ACTS[ruling.name], pair.clauses(ruling)
    if asked.within is None:
        shown = Shown(Verdict.FOLLOWS, sentence(f"{act} ({ruling.clause})"), clauses, is_limit=True)
        return on_one_reading(pair, ruling, shown)
    theirs = Allowance(asked.start, asked.within)
    time = f"by {fields.noun(own.by)}" if own.by else "with no time set"
    said = f"{act} {time} ({ruling.clause}); {pair.code_does('allow')} {theirs}"
    return Shown(Verdict.JUDGEMENT if own.by else Verdict.DEPARTS, sentence(said), clauses, is_limit=True)


def _notice(pair: Pair, asked: Notice) -> Shown:
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or not isinstance(ruling.rule, Notice):
        return _no_time(asked)
    own, clauses = ruling.rule.within.count, pair.clauses(ruling)
    theirs = f"{pair.code_name} {pair.asks} {asked.within}"
    said = f"gives at least {ruling.rule.within} of notice ({ruling.clause}), where {theirs}"
    verdict = Verdict.DEPARTS if own < asked.within.count else Verdict.FURTHER
    return Shown(Verdict.FOLLOWS if own == asked.within.count else verdict, sentence(said), clauses, is_limit=True)


# --- extensions -----------------------------------------------------------------------------------


def _extension(pair: Pair, asked: Extension) -> Shown:
    """More time for a step: the extension, and the limit and the extension in one run."""
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or not isinstance(ruling.rule, Extension):
        said = f"The policy says nothing of more time ({fields.RULES[asked.rule]})."
        return Shown(Verdict.NOT_STATED, said, is_limit=True)
    own, clauses = ruling.rule, pair.clauses(ruling)
    said = f"stage {asked.stage} may take {more_time(own)} ({ruling.clause})"
    if not isinstance(own.by, Limit):
        return _uncapped(pair, own, asked, said, clauses)
    if not isinstance(asked.by, Limit):
        return Shown(Verdict.FURTHER, sentence(f"{said}; {pair.code_name} would allow {more_time(asked)}"), clauses)
    found = _whole_run(pair, own, asked)
    same = own.by == asked.by and own.cap == asked.cap
    said += f", as {pair.code_name} would allow" if same else f"; {pair.code_name} would allow {more_time(asked)}"
    sentences = [sentence(said)]
    unsure = found.relation in _LATER and bool(left_open(pair, ruling))
    by_relation = Verdict.JUDGEMENT if unsure else _by_relation(found.relation)
    verdicts = {Verdict.FOLLOWS if own.by == asked.by and found.relation in NEVER_LATER else by_relation}
    if found.example:
        sentences.append(told(found.example, "the policy's limit with its extension", pair.codes))
    if own.cap == "soft" and asked.cap == "hard":
        verdicts.add(Verdict.DEPARTS)
        sentences.append(f"Going further for good reason is more than {pair.code_name} would allow.")
    if own.cap == asked.cap == "soft" and (lacking := set(asked.beyond_cap) - set(own.beyond_cap)):
        verdicts.add(Verdict.JUDGEMENT)
        sentences.append(f"Beyond it, {_words(pair, lacking)} need not be given.")
    longer = (found.relation in _LATER and not unsure) or Verdict.DEPARTS in verdicts
    return Shown(worst(verdicts), " ".join(sentences), clauses, is_limit=True, longer=longer)


def _uncapped(pair: Pair, own: Extension, asked: Extension, said: str, clauses: tuple[str, ...]) -> Shown:
    if isinstance(asked.by, Limit):
        capless = "" if own.by == "any" else ", with no cap"  # otherwise that is said already
        said += f"{capless}; {pair.code_name} would allow {more_time(asked)}"
        return Shown(Verdict.DEPARTS, sentence(said), clauses, is_limit=True, longer=True)
    if own.by == asked.by or own.by == "as agreed":
        return Shown(Verdict.FOLLOWS, sentence(f"{said}, as {pair.code_name} would allow"), clauses)
    return Shown(Verdict.DEPARTS, sentence(f"{said}; {pair.code_name} would allow {more_time(asked)}"), clauses)


def _whole_run(pair: Pair, own: Extension, asked: Extension) -> Comparison:
    ours, theirs = whole_run(pair.policy, own), whole_run(pair.code, asked)
    assert ours is not None and theirs is not None
    return compare(ours, theirs, pair.policy)


def whole_run(book: Rulebook, extension: Extension) -> Allowance | None:
    """A step's limit and its extension as one; None where the extension has no length."""
    extended = book.rulings()[extension.extends].rule
    assert isinstance(extended, Timed) and extended.within is not None
    if not isinstance(extension.by, Limit):
        return None
    return Allowance(extended.start, Limit(extended.within.count + extension.by.count, extended.within.unit))


# --- informal steps, independence and letters -----------------------------------------------------


def _informal_step(pair: Pair, asked: Question) -> Shown:
    """An informal step with a time of its own: whether it is an extra stage is for a person to judge."""
    ruling = pair.policy.rulings()["resolve-informally"]
    said = f"the policy has an informal step ({ruling.clause}); {question(asked)}"
    return Shown(Verdict.JUDGEMENT, sentence(said), pair.clauses(ruling))


def _independence(pair: Pair, asked: Independence) -> Shown:
    ruling = pair.policy.rulings().get(asked.rule)
    if ruling is None or not isinstance(ruling.rule, Independence):
        return Shown(Verdict.NOT_STATED, "The policy does not say that somebody else considers stage 2.")
    said = f"stage 2 is considered by somebody who did not consider stage 1 ({ruling.clause})"
    if ruling.rule.late == "judgement" and asked.late == "breach":
        weaker = f"The policy puts it less firmly than {pair.code_name}."
        return Shown(Verdict.JUDGEMENT, f"{sentence(said)} {weaker}", pair.clauses(ruling))
    return Shown(Verdict.FOLLOWS, sentence(f"{said}, as {pair.code_name} {pair.asks}"), pair.clauses(ruling))


def show_letter(pair: Pair, name: str, asked: list[Contents], *, first: bool) -> Shown:
    """What the policy's letter holds of the words that one paragraph asks for.

    ``first``: the paragraph is the Code's first on this letter, where words beyond the Code's are told.
    """
    letter = fields.LETTERS[name].name
    ruling = pair.policy.rulings().get(name)
    if ruling is None:
        return Shown(Verdict.NOT_STATED, f"The policy does not say what the {letter} holds.")
    whole = pair.policy.doubts()
    found = words(asked, ruling, whole)
    verdict = worst(map(_by_extent, found))
    sentences = []
    if held := [word.word for word in found if word.extent is Extent.HELD]:
        said = f"The {letter} holds {_words(pair, held)} ({_clauses(ruling, held)})"
        sentences.append(f"{said}, as {pair.code_name} {pair.asks}.")
    sentences += _short_of(pair, letter, ruling, [word for word in found if word.extent is not Extent.HELD])
    more = further(pair.code.rulings()[name], ruling, whole) if first else []
    if more:
        verdict = Verdict.FURTHER if verdict is Verdict.FOLLOWS else verdict
        sentences.append(f"It holds more: {_words(pair, more)} ({_clauses(ruling, more)}).")
    wanted = {word.word for word in found} | set(more)
    holding = tuple(
        clause.id
        for clause in pair.policy.clauses
        if any(isinstance(rule, Contents) and rule.rule == name and wanted & set(rule.words) for rule in clause.rules)
    )
    # Where no clause holds any of the words, the clauses on the letter show that none does.
    return Shown(verdict, " ".join(sentences), holding or pair.clauses(ruling))


def _by_extent(word: Word) -> Verdict:
    if word.extent is Extent.HELD:
        return Verdict.FOLLOWS
    # What hangs on something no record can show, what the source does not bear and what is only a
    # reading of it are never simply lacking.
    asked = word.asked
    soft = asked.lacking == "judgement" or asked.unclear is not None or asked.is_for_a_person
    return Verdict.JUDGEMENT if soft or word.extent in (Extent.ARGUABLE, Extent.READ) else Verdict.DEPARTS


def _short_of(pair: Pair, letter: str, ruling: Ruling, short: list[Word]) -> Iterator[str]:
    """What the letter lacks, words asked for alike together, and what it holds only at times."""
    groups: list[list[Word]] = []
    for word in short:
        alike = (g for g in groups if _grounds(g[0]) == _grounds(word))
        if (group := next(alike, None)) is None:
            groups.append([word])
        else:
            group.append(word)
    for group in groups:
        own, when = group[0].condition, group[0].asked.when
        held = [word.word for word in group]
        asked = _asked(pair, group[0])
        named = listed(" or ".join(pair.words[each] for each in (word.word, *word.others)) for word in group)
        if own is None:
            yield f"The {letter} need not hold {named} ({ruling.clause}){asked}."
            continue
        if group[0].extent is Extent.READ:
            yield f"The {letter} holds {named} on one reading only ({_clauses(ruling, held)})."
        else:
            yield f"The {letter} holds {named} {_only(own, when)} ({_clauses(ruling, held)}){asked}."
        if own.unclear:
            yield doubts.sentence(own.unclear)


def _asked(pair: Pair, word: Word) -> str:
    """When the Code asks for a word, and whether that is only a reading of it; nothing where it always does."""
    reading = ", on one reading," if word.asked.unclear else ""
    if not reading and not word.asked.when:
        return ""
    when = f" where {condition(word.asked.when)}" if word.asked.when else " for"
    return f", which{reading} {pair.code_name} {pair.asks}{when}"


def _grounds(word: Word) -> tuple[Condition | None, bool, Contents | None]:
    return word.asked.when, word.asked.unclear is None, word.condition


def _only(own: Contents, asked: Condition | None) -> str:
    if own.when and own.when != asked:
        return f"only where {condition(own.when)}"
    if own.unless:
        return f"but not where {condition(own.unless)}"
    return "or something else in its place" if own.holds_one_of else "where that is right"


def _clauses(ruling: Ruling, held: Iterable[str]) -> str:
    wanted = set(held)
    return listed(
        dict.fromkeys(
            part.clause for part in ruling.parts if isinstance(part.rule, Contents) and wanted & set(part.rule.words)
        )
    )


def _words(pair: Pair, wanted: Iterable[str]) -> str:
    return listed(pair.words[word] for word in (wanted if isinstance(wanted, list) else sorted(wanted)))
