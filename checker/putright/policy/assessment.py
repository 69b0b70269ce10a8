"""The self-assessment: each paragraph of a Code or Regulations, and what a council's policy shows of it.

Nothing here is typed in for any council or Code. Time limits, letters and independence are compared
rule by rule; the rest comes from what the clauses say they answer, and where they depart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from putright.calendars import Calendar
from putright.policy.allowances import england
from putright.policy.evidence import Display, Pair, Verdict, sentence, worst
from putright.policy.letterevidence import show_letter
from putright.policy.limitevidence import whole_run
from putright.policy.ruleevidence import is_compared, show
from putright.rulebooks import Clause, Point, Rulebook, doubts
from putright.rulebooks.rules import Contents, Extension, Question, Rule, Timed
from putright.text.english import listed

#: What somebody who fills the form in has to look for, by where a paragraph can be shown.
_ELSEWHERE = {"cases": "case records", "governance": "governance"}


@dataclass(frozen=True)
class Answer:
    """How a policy compares with one paragraph, as a monitoring officer would put it."""

    rulebook: str
    code: str
    standing: str
    paragraph: str
    heading: str
    strength: str
    status: str
    verdict: Verdict
    clauses: tuple[str, ...]
    """The policy's clauses that show it, in the policy's order."""
    commentary: str
    open_points: tuple[str, ...] = ()
    """Points of the paragraph for which no clause is named."""
    longer_than_law: tuple[Display, ...] = ()
    """Time limits of the policy that can end later than the law allows."""
    doubts: tuple[str, ...] = ()
    """What is not certain of the paragraph itself, a sentence each."""


@dataclass(frozen=True)
class _Claim:
    """A clause's word that it answers a paragraph, or one point of it."""

    clause: str
    point: str | None
    by_rule: bool
    left_open: str | None = None
    """What the policy's source leaves open about the clause, or about the rule of it that answers."""


def assess(
    policy: Rulebook,
    code: Rulebook,
    words: Mapping[str, str],
    calendar: Calendar | None = None,
    code_calendar: Calendar | None = None,
) -> list[Answer]:
    """Every paragraph of a national rulebook in its order, once; ``words`` are those for letter contents.

    ``calendar`` has the working days of the policy, which leave out the council's closure days, and ``code_calendar``
    those of the national rulebook. England's are taken if they are not given.
    """
    pair = Pair(policy, code, words, calendar or england(), code_calendar or england())
    seen: set[str] = set()
    answers = []
    for clause in code.clauses:
        letters = {rule.rule for rule in clause.rules if isinstance(rule, Contents)}
        answers.append(_answer(pair, clause, letters - seen))
        seen |= letters
    return answers


def _answer(pair: Pair, clause: Clause, first: set[str]) -> Answer:
    shown = [] if clause.strength == "context" else list(_shown(pair, clause, first))
    verdict, commentary = _concluded(pair, clause, shown)
    longer = tuple(each for each in shown if each.longer and pair.code.standing == "law")
    if longer:
        commentary += " This is longer than the law allows."
    cited = {cited for each in shown for cited in each.clauses}
    return Answer(
        rulebook=pair.policy.rulebook,
        code=pair.code.rulebook,
        standing=pair.code.standing,
        paragraph=clause.id,
        heading=clause.heading,
        strength=clause.strength or "should",
        status=clause.status,
        verdict=verdict,
        clauses=tuple(own.id for own in pair.policy.clauses if own.id in cited),
        commentary=commentary,
        open_points=tuple(point for each in shown for point in each.open_points),
        longer_than_law=longer,
        doubts=tuple(doubts.shorts(doubts.of_paragraph(pair.code, clause))),
    )


def _concluded(pair: Pair, clause: Clause, shown: list[Display]) -> tuple[Verdict, str]:
    """One verdict and its reasons: for a departure what departs, else everything."""
    if clause.strength == "context":
        return Verdict.NOTHING_ASKED, "Sets the scene and asks for nothing."
    verdict = worst(each.verdict for each in shown)
    good = (Verdict.FOLLOWS, Verdict.FURTHER)
    if _is_optional(clause) and verdict not in good:
        if departures := " ".join(each.sentence for each in shown if each.verdict is Verdict.DEPARTS):
            return Verdict.JUDGEMENT, f"{departures} {sentence(pair.code_does('leave'))[:-1]} this open."
        return Verdict.NOTHING_ASKED, "A choice is left here, and the policy does not take it up."
    if verdict is Verdict.NOT_STATED and clause.shown_by and "policy" not in clause.shown_by:
        needed = listed(_ELSEWHERE[place] for place in clause.shown_by)
        return Verdict.JUDGEMENT, f"The written policy does not show this; evidence from {needed} is needed."
    if verdict is Verdict.NOT_STATED and clause.status == "to be confirmed" and clause.unclear and not clause.rules:
        # Nobody is silent on what is not known to be asked.
        return Verdict.JUDGEMENT, "The policy does not cover this; what the paragraph asks is to be confirmed first."
    if verdict is Verdict.DEPARTS:
        shown = [each for each in shown if each.verdict is verdict]
    elif verdict is Verdict.JUDGEMENT:  # what needs a look first
        shown = sorted(shown, key=lambda each: each.verdict in good)
    return verdict, " ".join(filter(None, dict.fromkeys(each.sentence for each in shown)))


def _is_optional(clause: Clause) -> bool:
    """Whether a paragraph leaves a choice and nothing else: no rule, and no point that is asked for."""
    rules = [rule for rule in clause.rules if not isinstance(rule, Question)]
    return clause.strength == "may" and not rules and not _asked(clause)


def _asked(clause: Clause) -> list[Point]:
    """The points that a policy has to answer."""
    return [point for point in clause.points if (point.strength or clause.strength) not in ("may", "context")]


def _shown(pair: Pair, clause: Clause, first: set[str]) -> Iterator[Display]:
    departures = list(_departures(pair, clause))
    yield from departures
    compared = list(_compared(pair, clause, first))
    claims = list(_claims(pair, clause.id))
    if not claims:
        yield from compared
        if not compared and not departures:
            yield Display(Verdict.NOT_STATED, "The policy does not cover this.")
        return
    stated = [each for each in compared if each.verdict is not Verdict.NOT_STATED]
    yield from stated
    if any(each.is_limit for each in compared) and not any(each.is_limit for each in stated):
        cited = tuple(dict.fromkeys(claim.clause for claim in claims))
        yield Display(Verdict.JUDGEMENT, f"The policy speaks of this but sets no time ({listed(cited)}).", cited)
    elif not stated or clause.points:
        yield from _declared(pair, clause, claims, stated)


def _departures(pair: Pair, clause: Clause) -> Iterator[Display]:
    for own in pair.policy.clauses:
        for departure in own.departs:
            if departure.departed[:2] == (pair.code.rulebook, clause.id):
                because = departure.because.rstrip(". ")
                yield Display(Verdict.DEPARTS, sentence(f"{because} ({own.id})"), (own.id,))


def _compared(pair: Pair, clause: Clause, first: set[str]) -> Iterator[Display]:
    letters: dict[str, list[Contents]] = {}
    for rule in clause.rules:
        if isinstance(rule, Contents):
            letters.setdefault(rule.rule, []).append(rule)
        elif is_compared(pair, rule):
            yield replace(show(pair, rule), points=_points(pair, clause, rule))
    for name, asked in letters.items():
        points = tuple(point for rule in asked for point in _points(pair, clause, rule))
        yield replace(show_letter(pair, name, asked, first=name in first), points=points)


def _points(pair: Pair, clause: Clause, rule: Rule) -> tuple[str, ...]:
    """The points of its own paragraph that a Code's rule is about: those it names, or those that give its time."""
    own = (pair.code.rulebook, clause.id)
    named = tuple(each.point for each in rule.answered if each.point and each[:2] == own)
    time = _time(pair, rule)
    return named or tuple(point.id for point in clause.points if time and re.search(rf"\b{time}\b", point.text))


def _time(pair: Pair, rule: Rule) -> str | None:
    """The time a rule gives, as a point's text has it; for more time, with the limit it extends."""
    limit = rule.within if isinstance(rule, Timed) else None
    if isinstance(rule, Extension) and (run := whole_run(pair.code, rule)):
        limit = run.limit
    return str(limit).removesuffix(" inclusive") if limit else None


# --- what the clauses say of themselves -----------------------------------------------------------


def _claims(pair: Pair, paragraph: str) -> Iterator[_Claim]:
    for own in pair.policy.clauses:
        references = [(each, False, own.unclear) for each in own.answered]
        references += [(each, True, rule.unclear or own.unclear) for rule in own.rules for each in rule.answered]
        for cited, by_rule, left_open in references:
            if cited[:2] == (pair.code.rulebook, paragraph):
                yield _Claim(own.id, cited.point, by_rule, left_open)


def _declared(pair: Pair, clause: Clause, claims: list[_Claim], stated: list[Display]) -> Iterator[Display]:
    """What clauses say they answer, point by point where the paragraph has points."""
    # A rule answers what a rule can show: for the points beyond that a clause has to speak.
    whole = any(claim.point is None and not (claim.by_rule and stated) for claim in claims)
    answered = {claim.point for claim in claims} | {point for each in stated for point in each.points}
    open_points = [] if whole else [point for point in _asked(clause) if point.id not in answered]
    room = _unnamed(pair, clause, stated)
    if len(open_points) <= room:
        open_points = []
    cited = tuple(dict.fromkeys(claim.clause for claim in claims))
    headings = {own.id: own.heading for own in pair.policy.clauses}
    named = listed(f"{own} ({headings[own]})" for own in cited)
    if not open_points and not stated and (left_open := _left_open(claims)):
        said = " ".join([f"On one reading, the policy provides for this in {named}.", *left_open])
        yield Display(Verdict.JUDGEMENT, said, cited)
        return
    if not open_points:
        yield Display(Verdict.FOLLOWS, "" if stated else f"The policy provides for this in {named}.", cited)
        return
    part = "" if stated else f"The policy answers part of this in {named}. "
    what = "; ".join(f"{point.id}) {point.text.rstrip('.')}" for point in open_points)
    # Where the rules above may stand for one or other of them, nobody can tell from the data which.
    doubt = "Whether all of this is answered is for a person to say:" if room else "No clause is named for"
    said = f"{part}{doubt} {what}."
    yield Display(Verdict.JUDGEMENT, said, cited, open_points=tuple(point.id for point in open_points))


def _left_open(claims: list[_Claim]) -> list[str]:
    """What is left open about the clauses that answer, where none of them answers without that."""
    found = [claim.left_open for claim in claims]
    return list(dict.fromkeys(doubts.sentence(text) for text in found if text)) if all(found) else []


def _unnamed(pair: Pair, clause: Clause, stated: list[Display]) -> int:
    """How many points the paragraph's rules can stand for where they name none: one each, a letter's a word each."""
    if not stated:
        return 0
    unnamed = (rule for rule in clause.rules if is_compared(pair, rule) and not _points(pair, clause, rule))
    return sum(len(rule.holds) + bool(rule.holds_one_of) if isinstance(rule, Contents) else 1 for rule in unnamed)
