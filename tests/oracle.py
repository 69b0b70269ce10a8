"""A slow second opinion: one case judged by walking the calendar, one day at a time.

Written from the case-record contract alone, apart from the engine, so that the two can be compared
on any case. There are no tables here and no sums of working-day numbers: every count is a loop over
days. "Counting n" and "Verdicts" in the docstrings are sections of the contract.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

import holidays
from putright import fields
from putright import rules as rb
from putright.rulebooks import Rulebook, Ruling
from putright.rules import Limit, Timed, Unit

ONE_DAY = timedelta(days=1)
BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(1998, 2035))
NO_MARKS: frozenset[str] = frozenset()
NOT_RECORDED, REOPENED = frozenset({"not_recorded"}), frozenset({"reopened"})

Holds = list[tuple[date, date]]


@dataclass(frozen=True)
class Expected:
    """What a finding must say; ``before_edition``, ``provisional``, ``source_unclear`` are the caller's."""

    verdict: str
    start: date | None = None
    due: date | None = None
    done: date | None = None
    days_taken: int | None = None
    days_over: int | None = None
    marks: frozenset[str] = NO_MARKS
    missing: frozenset[str] = frozenset()


def judge(
    case: dict[str, object],
    book: Rulebook,
    as_at: date,
    closures: frozenset[date] = frozenset(),
    *,
    holds_allowed: bool = False,
) -> dict[str, Expected]:
    """Judge one valid case by every rule of a book. Counting 2: a national book has no closure days."""
    days = Days(frozenset() if book.is_national else closures)
    judging = _Judging(_visible(case, as_at), book.rulings(), as_at, days, holds_allowed)
    return {name: judging.one(ruling) for name, ruling in judging.rulings.items()}


def _visible(case: dict[str, object], as_at: date) -> dict[str, Any]:
    """'Nothing is lost': an event after the audit date has not happened, and what goes with it is gone."""
    seen: dict[str, Any] = {name: value for name, value in case.items() if value is not None and value != ""}
    for name, field in fields.FIELDS.items():
        if field.type is fields.Type.DATE and field.event and name in seen and seen[name] > as_at:
            for gone in (name, *fields.WENT_WITH.get(name, ())):
                seen.pop(gone, None)
        if field.type is fields.Type.HOLDS and name in seen:
            begun = [(first, last) for first, last in seen[name] if first <= as_at]
            seen[name] = [(first, last if last and last <= as_at else None) for first, last in begun]
    return seen


# --- days -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Days:
    """Counting 1 to 3, 5 and 9: working days and calendar months, by stepping through the days."""

    closures: frozenset[date]

    def working(self, day: date) -> bool:
        """Counting 2."""
        return day.weekday() < 5 and day not in BANK_HOLIDAYS and day not in self.closures

    def counts(self, day: date, holds: Holds) -> bool:
        """Counting 5: a working day, and not from a hold's first day up to, not including, its last."""
        return self.working(day) and not any(first <= day < last for first, last in holds)

    def zero(self, day: date) -> date:
        """Counting 1: the day itself, or the next working day."""
        while not self.working(day):
            day += ONE_DAY
        return day

    def due(self, start: date, limit: Limit, holds: Holds) -> date:
        """Counting 1, 3 and 5: the n-th day that counts after day zero; months from the date itself."""
        if limit.unit is not Unit.WORKING_DAYS:
            return _months_after(start, limit)
        day = self.zero(start)
        for _ in range(limit.count):
            day += ONE_DAY
            while not self.counts(day, holds):
                day += ONE_DAY
        return day

    def before(self, meeting: date, limit: Limit) -> date:
        """Counting 9: the n-th working day before the meeting."""
        day = self.zero(meeting)
        for _ in range(limit.count):
            day -= ONE_DAY
            while not self.working(day):
                day -= ONE_DAY
        return day

    def between(self, after: date, until: date, holds: Holds) -> int:
        """The days that count after one day, up to and including another; none where that is earlier."""
        total, day = 0, after + ONE_DAY
        while day <= until:
            total += self.counts(day, holds)
            day += ONE_DAY
        return total

    def taken(self, start: date, done: date, limit: Limit | None, holds: Holds) -> int:
        """'A finding': working days after day zero, held days left out; calendar days for months."""
        if limit and limit.unit is not Unit.WORKING_DAYS:
            return max((done - start).days, 0)
        return self.between(self.zero(start), done, holds)

    def over(self, due: date, end: date, limit: Limit | None) -> int:
        """'A finding': working days past due, a day that is not one counting as the next."""
        if end <= due:
            return 0
        if limit and limit.unit is not Unit.WORKING_DAYS:
            return (end - due).days
        return self.between(due, self.zero(end), [])


def _months_after(start: date, limit: Limit) -> date:
    """Counting 3: the same date some months on, or that month's last day; inclusive, the day before."""
    year, month = start.year, start.month
    for _ in range(limit.count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = calendar.monthrange(year, month)[1]
    if start.day > last:
        return date(year, month, last)
    same_date = date(year, month, start.day)
    return same_date - ONE_DAY if limit.unit is Unit.MONTHS_INCLUSIVE else same_date


# --- judging --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """When a clock began; Counting 8: with no date for the acknowledgement, only between which days."""

    earliest: date
    latest: date
    bounded: bool = False


@dataclass(frozen=True)
class Clock:
    """A rule's dates from one start: Counting 4 and 5. ``due`` is blank where nothing limits the step."""

    original: date | None
    due: date | None
    new_date: date | None = None
    beyond: rb.Extension | None = None  # the soft cap that the new date passes
    open_ended: bool = False  # properly extended, no cap in the policy and no new date


@dataclass(frozen=True)
class Outcome:
    """A verdict; ``late``: it is one for lateness, and not for some other reason."""

    verdict: str
    due: date | None
    marks: frozenset[str] = NO_MARKS
    late: bool = False


@dataclass(frozen=True)
class _Judging:
    case: dict[str, Any]
    rulings: dict[str, Ruling]
    as_at: date
    days: Days
    holds_allowed: bool

    def one(self, ruling: Ruling) -> Expected:
        rule = ruling.rule
        if isinstance(rule, rb.Contents):
            return self.contents(ruling)
        if not self.arises(ruling.name):
            return Expected("not_applicable")
        if isinstance(rule, rb.Extension):
            return self.extension(ruling.name, rule)
        if isinstance(rule, rb.Independence):
            return self.independence(rule)
        return self.notice(rule) if isinstance(rule, rb.Notice) else self.timed(ruling.name, cast(Timed, rule))

    def on(self, field: str) -> date | None:
        """A date as recorded."""
        return cast("date | None", self.case.get(field))

    def flag(self, flag: str) -> bool:
        return flag.lower() in {word.lower() for word in self.case.get("flags") or ()}

    def began(self, field: str) -> date | None:
        """A starting event. Verdicts: flagged straight to stage 2, that counts as requested when received."""
        if field == "stage2_requested" and self.flag("straight_to_stage2"):
            return self.on(field) or self.on("received")
        return self.on(field)

    def stage_began(self, stage: int | None) -> date | None:
        """Verdicts: the day a stage was received or requested, or else the first sign of it."""
        if stage is None or stage == 1:
            return self.on("received")
        signs = [self.on(step) for step in fields.steps(stage)]
        return self.began(f"stage{stage}_requested") or min(filter(None, signs), default=None)

    def endings(self, stage: int | None) -> list[date]:
        """Verdicts: what ended the case, or this stage of it."""
        own = [f"stage{stage}_request_refused"] if stage in (2, 3) else []
        return [*filter(None, map(self.on, ["refused", "withdrawn", "informal_resolved", *own]))]

    def covers(self, event: date | None, stage: int | None, due: date | None) -> bool:
        """The event came on or before the due date, and the stage had begun by then."""
        began = self.stage_began(stage)
        return event is not None and began is not None and began <= event and (due is None or event <= due)

    def ended(self, stage: int | None, due: date | None) -> bool:
        """Verdicts: an ending excuses a step of this stage."""
        return any(self.covers(ending, stage, due) for ending in self.endings(stage))

    def end(self, stage: int | None, due: date) -> date:
        """'A finding': a step not done is late up to the first ending past due, or the audit date."""
        return min((ending for ending in self.endings(stage) if ending > due), default=self.as_at)

    def followed(self, step: str) -> bool:
        """Verdicts: a later step of the same stage, or a later stage, is recorded."""
        return any(later in self.case for later in fields.later_steps(step))

    def arises(self, name: str) -> bool:
        """The rule's conditions hold, and it is none of those that a case gone straight to stage 2 lacks."""
        rule = self.rulings[name].rule
        stage = fields.FIELDS[rule.step].stage if isinstance(rule, Timed | rb.Notice) else int(name[-1])
        if self.flag("straight_to_stage2"):
            window = isinstance(rule, Timed) and rule.kind == "window" and rule.start == "stage1_responded"
            if stage == 1 or window or isinstance(rule, rb.Independence):
                return False
        if isinstance(rule, rb.Extension) and not self.arises(rule.extends):
            return False
        return self.applies(rule, stage, self.as_at)

    def applies(self, rule: rb.Rule, stage: int | None, by: date) -> bool:
        """Its 'if' holds and its 'unless' does not; what hangs on a person's judgement is never required."""
        if any(condition and condition.person for condition in (rule.when, rule.unless)):
            return False
        if rule.when and not self.holds_true(rule.when, stage, by):
            return False
        return not (rule.unless and self.holds_true(rule.unless, stage, by))

    def holds_true(self, condition: rb.Condition, stage: int | None, by: date) -> bool:
        """All that a condition names is on the record by a day: a letter's own, or the audit date."""
        occurred = self.on("matter_occurred")
        checks = [
            condition.flag is None or self.flag(condition.flag),
            not condition.any_flag or any(self.flag(flag) for flag in condition.any_flag),
            not condition.outcome or self.case.get(f"stage{stage}_outcome") in condition.outcome,
            all(self.recorded(field, by) for field in condition.recorded),
            not condition.any_recorded or any(self.recorded(field, by) for field in condition.any_recorded),
            not condition.actions_left
            or (self.recorded("remedy_offered", by) and not self.recorded("remedy_completed", by)),
            not condition.beyond_cap or self.beyond_cap(f"extend-stage{stage}", stage),
            not condition.late_request or self.late_request(f"request-stage{stage}", stage),
            not condition.out_of_time or self.out_of_time(),
            not condition.on_hold or any(begin <= by for begin, _ in self.case.get(f"stage{stage}_holds", [])),
            condition.matter_since is None or (occurred is not None and occurred >= condition.matter_since),
        ]
        return all(checks)

    def recorded(self, field: str, by: date) -> bool:
        """A true/false field is true; an event had happened by then; a promised date (no event) is there."""
        value = self.case.get(field)
        if isinstance(value, date):
            return value <= by or not fields.FIELDS[field].event
        return value is True

    def beyond_cap(self, name: str, stage: int | None) -> bool:
        """The new date of this stage's extension lies beyond a cap that is known."""
        new_date = self.on(f"stage{stage}_extended_to")
        if name not in self.rulings or new_date is None:
            return False
        rule = cast(rb.Extension, self.rulings[name].rule)
        extended = cast(Timed, self.rulings[rule.extends].rule)
        start, (holds, open_from) = self.start(extended), self.holds(extended)
        cap = self.cap(extended, rule, start.latest, holds) if start else None
        return cap is not None and not (open_from and open_from <= cap) and new_date > cap

    def out_of_time(self) -> bool:
        """The complaint surely came after the time for one: its own starting event is on the record."""
        rule = self.rulings["complain-in-time"].rule if "complain-in-time" in self.rulings else None
        if rule is None or not isinstance(rule, Timed) or self.on(rule.start) is None:
            return False
        due = self.one(self.rulings["complain-in-time"]).due
        received = self.on("received")
        return due is not None and received is not None and received > due

    def late_request(self, name: str, stage: int | None) -> bool:
        """The stage was asked for after the window for it."""
        asked = self.on(f"stage{stage}_requested")
        if name not in self.rulings or asked is None:
            return False
        due = self.one(self.rulings[name]).due
        return due is not None and asked > due

    def start(self, rule: Timed) -> Start | None:
        """The starting event's day, or Counting 8's bounds for an acknowledgement with no date."""
        day = self.began(rule.start)
        if day:
            return Start(day, day)
        name = rule.start.replace("stage", "acknowledge-stage").removesuffix("_acknowledged")
        if not rule.start.endswith("_acknowledged") or name not in self.rulings or not rule.within:
            return None
        letter = cast(Timed, self.rulings[name].rule)
        asked = self.began(letter.start)
        if asked is None or letter.within is None:
            return None
        in_days = letter.within.unit is Unit.WORKING_DAYS
        zero = self.days.zero(asked) if in_days else asked
        return Start(zero, self.days.due(asked, letter.within, []), bounded=True)

    def holds(self, rule: Timed) -> tuple[Holds, date | None]:
        """Counting 5: the holds that stop this clock, and since when one is open. A response ends it."""
        stage = fields.FIELDS[rule.step].stage
        in_days = rule.within is not None and rule.within.unit is Unit.WORKING_DAYS
        if not self.holds_allowed or rule.step != f"stage{stage}_responded" or not in_days:
            return [], None
        done, every = self.on(rule.step), self.case.get(f"stage{stage}_holds") or []
        closed = [(first, last or cast(date, done)) for first, last in every if last or done]
        return closed, min((first for first, last in every if not last and not done), default=None)

    def cap(self, rule: Timed, extension: rb.Extension, start: date, holds: Holds) -> date | None:
        """Counting 4: the original limit plus the permitted extension, in one run from the same day zero."""
        if not isinstance(extension.by, Limit) or rule.within is None:
            return None
        return self.days.due(start, replace(rule.within, count=rule.within.count + extension.by.count), holds)

    def extension_of(self, name: str) -> tuple[rb.Extension, int] | None:
        """The extension that the rulebook provides for a rule, and its stage."""
        for ruling in self.rulings.values():
            rule, last = ruling.rule, ruling.name[-1]
            if isinstance(rule, rb.Extension) and rule.extends == name:
                return (rule, int(last)) if self.applies(rule, int(last), self.as_at) else None
        return None

    def clock(self, name: str, rule: Timed, start: date, *, assume_notice: bool = False) -> Clock:
        """Counting 4 and 5: the original due date, and the one in force."""
        if rule.by or rule.within is None:
            by = self.on(rule.by) if rule.by else None
            return Clock(by, by)
        holds, open_from = self.holds(rule)
        original = self.days.due(start, rule.within, holds)
        clock = Clock(original, original)
        found = self.extension_of(name)
        if found:
            extension, stage = found
            new_date = self.on(f"stage{stage}_extended_to")
            notice = original if assume_notice else self.on(f"stage{stage}_extension_notified")
            cap = self.cap(rule, extension, start, holds)
            if notice and notice <= original and cap is None:
                clock = Clock(original, max(original, new_date or original), open_ended=new_date is None)
            elif notice and notice <= original and cap:
                due = max(original, min(new_date or cap, cap))
                passed = extension.cap == "soft" and new_date is not None and new_date > cap
                clock = Clock(original, due, new_date, extension if passed else None)
        if open_from and clock.due and open_from <= clock.due:
            return replace(clock, due=None)
        return clock

    def timed(self, name: str, rule: Timed) -> Expected:
        """Deadlines, aims and windows: Counting 1 to 8 and 'Verdicts'."""
        done, start, occurred = self.on(rule.step), self.start(rule), None
        if name == "complain-in-time" and rule.start == "matter_known" and start is None:
            occurred = self.on("matter_occurred")
            start = Start(occurred, occurred) if occurred else None
        if start is None:
            second = rule.or_start is not None and self.began(rule.or_start) is not None
            shown = done or second or self.followed(rule.step)
            return Expected("no_evidence" if shown else "not_applicable", done=done)
        outcome = self.outcome(name, rule, start.latest)
        if rule.by and done and self.on(rule.by) is None and self.followed(rule.by):
            outcome = Outcome("no_evidence", None)  # the event was there, and nobody can say when
        second = self.began(rule.or_start) if rule.or_start else None
        again = self.outcome(name, rule, second) if second else None
        if outcome.late and again and again.verdict in ("met", "running", "not_applicable"):  # Counting 6
            outcome = replace(outcome, verdict="judgement")
        if outcome.late and occurred:
            outcome = replace(outcome, verdict="no_evidence")
        if start.bounded and rule.within and done and outcome.verdict == "met":
            surely_by = self.days.due(start.earliest, rule.within, self.holds(rule)[0])
            outcome = replace(outcome, verdict="met" if done <= surely_by else "no_evidence")
        return self.finding(rule, rule.step, start, outcome)

    def finding(self, rule: Timed, step: str, start: Start, outcome: Outcome) -> Expected:
        """'A finding': the days taken and the days over; Counting 8's mark."""
        done, taken, over = self.on(step), None, None
        shown = None if start.bounded else start.latest
        if shown and done:
            taken = self.days.taken(shown, done, rule.within, self.holds(rule)[0])
        if outcome.due:
            end = done or self.end(fields.FIELDS[step].stage, outcome.due)
            excused = outcome.verdict == "not_applicable"
            over = 0 if excused else self.days.over(outcome.due, end, rule.within)
        marks = outcome.marks | ({"start_not_recorded"} if start.bounded else NO_MARKS)
        return Expected(outcome.verdict, shown, outcome.due, done, taken, over, marks)

    def outcome(self, name: str, rule: Timed, start: date) -> Outcome:
        """The verdict from one start. Counting 4: what only an undated extension would save is unproven."""
        clock, found = self.clock(name, rule, start), self.extension_of(name)
        outcome = self.decide(name, rule, clock)
        if outcome.late and found and self.on(f"stage{found[1]}_extended_to"):
            undated = not self.on(f"stage{found[1]}_extension_notified")
            if undated and not self.decide(name, rule, self.clock(name, rule, start, assume_notice=True)).late:
                return Outcome("no_evidence", clock.due)
        return outcome

    def decide(self, name: str, rule: Timed, clock: Clock) -> Outcome:
        """'Verdicts': the table, the step with no date, the endings, the closure."""
        stage, done, due = fields.FIELDS[rule.step].stage, self.on(rule.step), clock.due
        acknowledged = self.on("stage1_acknowledged")
        if name == "resolve-informally" and due and acknowledged and acknowledged <= due:
            return Outcome("not_applicable", due)
        if done:
            if due is None or done <= due:
                return Outcome("met", due)
            if rule.kind != "window" and self.ended(stage, due):
                return Outcome("judgement", due, REOPENED)
            return self.past_due(rule, clock, done)
        if rule.kind == "window":
            return Outcome("no_evidence" if self.followed(rule.step) else "not_applicable", due)
        if rule.unrecorded == "no_evidence" and rule.within is None:
            return Outcome("no_evidence", due)
        if self.ended(stage, due):
            return Outcome("not_applicable", due)
        overdue = due is not None and self.as_at > due
        marks = NOT_RECORDED if overdue and self.followed(rule.step) else NO_MARKS
        if marks or self.covers(self.on("closed"), stage, due):
            return Outcome("no_evidence", due, marks)
        if due is None or not overdue:
            return Outcome("running", due)
        if rule.unrecorded == "no_evidence":
            return Outcome("no_evidence", due)
        outcome = self.past_due(rule, clock, self.end(stage, due))
        return replace(outcome, marks=NOT_RECORDED) if outcome.late else outcome

    def past_due(self, rule: Timed, clock: Clock, day: date) -> Outcome:
        """Counting 4 and 7: late, unless the notice leaves it arguable or unproven."""
        if clock.open_ended:
            return Outcome("no_evidence", clock.due)
        if clock.beyond and clock.new_date and day <= clock.new_date:
            return self.beyond_soft_cap(clock.beyond, rule, clock.due)
        return Outcome(rule.late_verdict, clock.due, late=True)

    def beyond_soft_cap(self, extension: rb.Extension, rule: Timed, due: date | None) -> Outcome:
        """Counting 4, soft cap: arguable where the notice holds what the rulebook wants for it."""
        held = self.case.get(f"stage{fields.FIELDS[rule.step].stage}_extension_contains")
        if extension.beyond_cap and held is None:
            return Outcome("no_evidence", due)
        if set(extension.beyond_cap) <= set(held or ()):
            return Outcome("judgement", due)
        return Outcome(rule.late_verdict, due, late=True)

    def extension(self, name: str, rule: rb.Extension) -> Expected:
        """Verdicts, ``extend-stageN``: ``due`` the original due date, ``done`` the notice."""
        extended, notified = (
            cast(Timed, self.rulings[rule.extends].rule),
            f"stage{name[-1]}_extension_notified",
        )
        traces = (notified, f"stage{name[-1]}_extended_to", f"stage{name[-1]}_extension_contains")
        made = any(trace in self.case for trace in traces)
        start = self.start(extended)
        if start is None:
            return Expected("no_evidence" if made else "not_applicable", done=self.on(notified))
        outcome = self.extended(rule, extended, start, notified)
        second = self.began(extended.or_start) if extended.or_start else None
        again = self.extended(rule, extended, Start(second, second), notified) if second else None
        if outcome.late and again and again.verdict == "met":  # Counting 6
            outcome = replace(outcome, verdict="judgement")
        if not made:
            outcome = Outcome("not_applicable", outcome.due)
        return self.finding(extended, notified, start, outcome)

    def extended(self, rule: rb.Extension, extended: Timed, start: Start, notified: str) -> Outcome:
        """Counting 4 (and 8, between two starts): notified on or before the due date, and within the cap."""
        stage, notice = fields.FIELDS[notified].stage, self.on(notified)
        limit, new_date = cast(Limit, extended.within), self.on(f"stage{stage}_extended_to")
        holds, open_from = self.holds(extended)
        original, cap = (
            self.days.due(start.latest, limit, holds),
            self.cap(extended, rule, start.latest, holds),
        )
        due: date | None = original
        if open_from:  # Counting 5: it has lasted until now, so the dates are no earlier than that makes them
            due = None if open_from <= original else original
            holds = [*holds, (open_from, self.as_at + ONE_DAY)]
            original = self.days.due(start.latest, limit, holds)
        if notice is None:
            return Outcome("no_evidence", due)
        if notice > original:
            if self.ended(stage, original):
                return Outcome("judgement", due, REOPENED)
            return Outcome(extended.late_verdict, due, late=True)
        if cap and new_date and new_date > cap:
            if open_from and open_from <= cap:  # the cap is still moving
                stretched = self.cap(extended, rule, start.latest, holds)
                return Outcome("met" if stretched and new_date <= stretched else "no_evidence", due)
            if rule.cap == "soft":
                return self.beyond_soft_cap(rule, extended, due)
            return Outcome(extended.late_verdict, due, late=True)
        least = self.cap(extended, rule, start.earliest, holds)
        in_time = notice <= self.days.due(start.earliest, limit, holds)
        proper = in_time and (least is None or new_date is None or new_date <= least)
        return Outcome("met" if proper else "no_evidence", due)

    def notice(self, rule: rb.Notice) -> Expected:
        """Counting 9: counted back from the meeting, day zero."""
        meeting, invited = self.on(rule.start), self.on(rule.step)
        stage = fields.FIELDS[rule.step].stage
        if meeting is None:
            return Expected("not_applicable", done=invited)
        due, zero = self.days.before(meeting, rule.within), self.days.zero(meeting)
        excused, marks, taken = self.ended(stage, due), NO_MARKS, None
        over = self.days.over(due, invited or self.end(stage, due), None)
        if invited:
            taken = self.days.between(invited - ONE_DAY, zero - ONE_DAY, [])
            verdict, marks = ("judgement", REOPENED) if excused else (rule.late, NO_MARKS)
            if invited <= due:
                verdict, marks = "met", NO_MARKS
        elif excused:
            verdict, over = "not_applicable", 0
        else:
            verdict = "no_evidence"
            marks = NOT_RECORDED if self.as_at > due and self.followed(rule.step) else NO_MARKS
        return Expected(verdict, meeting, due, invited, taken, over, marks)

    def contents(self, ruling: Ruling) -> Expected:
        """Verdicts: judged once the letter is sent, one finding for all a rule's clauses."""
        letter = fields.LETTERS[ruling.name]
        if letter.stage == 1 and self.flag("straight_to_stage2"):
            return Expected("not_applicable")
        sent, held = self.on(letter.sent), self.case.get(letter.contains)
        if sent is None:
            return Expected("not_applicable" if held is None else "no_evidence")
        wanted, duties = set[str](), set[str]()
        for part in ruling.parts:
            share = cast(rb.Contents, part.rule)
            if self.applies(share, letter.stage, sent):
                wanted |= set(share.holds)
                duties |= set(share.holds) if share.lacking == "breach" else set()
        if not wanted:
            # Words that hang only on what no field can show: for a person, where the letter lacks one.
            doubtful = self.doubtful(ruling, letter.stage, sent) - set(cast(set[str], held or set()))
            return Expected("judgement" if doubtful and held is not None else "not_applicable", done=sent)
        if held is None:
            return Expected("no_evidence", done=sent)
        missing = frozenset(wanted - set(held))
        verdict = "breach" if missing & duties else "judgement" if missing else "met"
        return Expected(verdict, done=sent, missing=missing)

    def doubtful(self, ruling: Ruling, stage: int | None, sent: date) -> set[str]:
        """Words of shares whose condition has a part that only a person can say, the rest of it shown."""
        words: set[str] = set()
        for part in ruling.parts:
            share = cast(rb.Contents, part.rule)
            if share.when and share.when.person:
                rest = share.model_copy(update={"when": share.when.model_copy(update={"person": None})})
                words |= set(share.holds) if self.applies(rest, stage, sent) else set()
        return words

    def independence(self, rule: rb.Independence) -> Expected:
        """Verdicts, ``independence-stage2``."""
        answered = self.on("stage2_responded")
        first, second = (str(self.case.get(f"stage{n}_handler") or "").strip().lower() for n in (1, 2))
        verdict = "no_evidence" if answered else "not_applicable"
        if first and second and any(step in self.case for step in fields.steps(2)):
            verdict = rule.late if first == second else "met"
        return Expected(verdict, done=answered)
