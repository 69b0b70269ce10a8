"""A slow second opinion: one case judged by walking the calendar, one day at a time.

Written from the contract alone, apart from the engine, so that the two can be compared
on any case. There are no tables here and no sums of working-day numbers: every count is a loop over
days. What it follows is cited by its number, for example "contract 4.8".
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

import holidays
from putright import fields
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks import rules as rb
from putright.rulebooks.conditions import Condition
from putright.rulebooks.limits import DaysOff, Limit, StartDay, Unit
from putright.rulebooks.rules import Timed

ONE_DAY = timedelta(days=1)
#: By the name of the calendar; None is England's.
BANK_HOLIDAYS = {
    None: holidays.country_holidays("GB", subdiv="ENG", years=range(1998, 2035)),
    "scotland": holidays.country_holidays("GB", subdiv="SCT", years=range(1998, 2035)),
}
NO_MARKS: frozenset[str] = frozenset()
IN_TIME = frozenset({"met", "running", "not_applicable"})
NOT_RECORDED, REOPENED = frozenset({"not_recorded"}), frozenset({"reopened"})
REQUIRED = frozenset({"reference", "received"})
#: Questions about the way a case went; a case flagged straight to stage 2 does not lack these with its stage 1.
ABOUT_THE_ROUTE = frozenset({"start-at-stage2", "complete-stage1", "informal-first"})

Holds = list[tuple[date, date]]


@dataclass(frozen=True)
class Expected:
    """The expected finding; ``before_edition``, ``provisional``, ``source_unclear`` are the caller's."""

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
    kept: frozenset[str] | None = None,
    own: fields.Own = fields.NO_OWN,
) -> dict[str, Expected]:
    """Judge one valid case by every rule of a book. Contract 4.2: a national book has no closure days.

    ``kept`` names the fields that the whole file keeps; None: all of them. ``own`` are those of the council's own.
    """
    days = Days(frozenset() if book.is_national else closures, book.calendar)
    kept = frozenset([*fields.FIELDS, *own]) if kept is None else kept | REQUIRED
    seen, rulings = _visible(case, as_at, kept, own), book.rulings()
    judging = _Judging(seen, rulings, as_at, days, holds_allowed, book.days_off, book.start_is_day, kept, own)
    return {name: judging.one(ruling) for name, ruling in judging.rulings.items()}


def _visible(case: dict[str, object], as_at: date, kept: frozenset[str], own: fields.Own) -> dict[str, Any]:
    """Contract 3: an event after the audit date has not happened, and what goes with it is gone."""
    recorded = {name: value for name, value in case.items() if value is not None and value != ""}
    seen: dict[str, Any] = {name: value for name, value in recorded.items() if name in kept}
    for name, field in (*fields.FIELDS.items(), *own.items()):
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
    """Contract 4.1 to 4.5 and contract 4.9: working days and calendar months, by stepping through the days."""

    closures: frozenset[date]
    calendar: str | None = None

    def working(self, day: date) -> bool:
        """Contract 4.2."""
        return day.weekday() < 5 and day not in BANK_HOLIDAYS[self.calendar] and day not in self.closures

    def counts(self, day: date, holds: Holds) -> bool:
        """Contract 4.5: a working day, and not from a hold's first day up to, not including, its last."""
        return self.working(day) and not any(first <= day < last for first, last in holds)

    def zero(self, day: date) -> date:
        """Contract 4.1: the day itself, or the next working day."""
        while not self.working(day):
            day += ONE_DAY
        return day

    def before_day_one(self, start: date, begins: str) -> date:
        """Contract 4.1: day zero, or where the start is day 1, the day before the first that it can be."""
        if begins == "from_the_day":
            return start
        return self.zero(start) - (ONE_DAY if begins == "day_one" else timedelta())

    def due(self, start: date, limit: Limit, holds: Holds, begins: str) -> date:
        """Contract 4.1 to 4.5: the n-th day that counts; any other unit from the date itself."""
        if limit.unit in (Unit.CALENDAR_DAYS, Unit.WEEKS):
            days = limit.count * (7 if limit.unit is Unit.WEEKS else 1)
            return start + ONE_DAY * (days - 1 if begins == "day_one" else days)
        if limit.unit is not Unit.WORKING_DAYS:
            return _months_after(start, limit)
        day = self.before_day_one(start, begins)
        for _ in range(limit.count):
            day += ONE_DAY
            while not self.counts(day, holds):
                day += ONE_DAY
        return day

    def before(self, meeting: date, limit: Limit) -> date:
        """Contract 4.9: the n-th working day before the meeting."""
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

    def taken(self, start: date, done: date, limit: Limit | None, holds: Holds, begins: str) -> int:
        """Contract 4.1: working days after day zero, held days left out; else calendar days.

        A day that is not a working day counts as the next. A step before its start took no days.
        """
        if done < start:
            return 0
        if limit and limit.unit is not Unit.WORKING_DAYS:
            return (done - start).days + (begins == "day_one")
        return self.between(self.before_day_one(start, begins), self.zero(done), holds)

    def over(self, due: date, end: date, limit: Limit | None, holds: Holds) -> int:
        """Contract 4.1: working days past due, held days left out, a day that is not one as the next."""
        if end <= due:
            return 0
        if limit and limit.unit is not Unit.WORKING_DAYS:
            return (end - due).days
        return self.between(due, self.zero(end), holds)


def _months_after(start: date, limit: Limit) -> date:
    """Contract 4.3: the same date some months on, or that month's last day; inclusive, the day before."""
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
    """When a clock began; contract 4.8: with no date for the acknowledgement, only between which days."""

    earliest: date
    latest: date
    bounded: bool = False


@dataclass(frozen=True)
class Reading:
    """One way to count a rule; ``conflict``: from its second start or to its second limit, contract 4.6."""

    start: Start
    limit: Limit | None
    begins: str  # contract 4.1: what the starting day is in the count
    conflict: bool
    other_unknown: bool = False  # contract 4.11: the other of two limits has no start


@dataclass(frozen=True)
class Clock:
    """A rule's dates on one reading: contract 4.4 and contract 4.5. ``due`` is blank where nothing limits the step."""

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
    days_off: DaysOff
    start_is_day: StartDay
    kept: frozenset[str]
    own: fields.Own

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
        if isinstance(rule, rb.Question):
            return Expected("judgement")
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

    @property
    def asks_for_stage1(self) -> bool:
        """Contract 5.5: the rulebook counts something from the day stage 1 was asked for."""
        timed = (ruling.rule for ruling in self.rulings.values())
        return any(isinstance(rule, Timed) and "stage1_requested" in (rule.start, rule.by) for rule in timed)

    def stage_began(self, stage: int | None) -> date | None:
        """Verdicts: the day a stage was received or requested, or else the first sign of it."""
        if stage is None or stage == 1:
            asked = self.on("stage1_requested") if stage == 1 and self.asks_for_stage1 else None
            return asked or self.on("received")
        signs = [self.on(step) for step in fields.steps(stage, self.own)]
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
        """Contract 6.2: a step not done is late up to the first ending or closure past due, or the audit date."""
        stops = [*self.endings(stage), *filter(None, [self.on("closed")])]
        began = self.stage_began(stage) or due
        return min((stop for stop in stops if stop > due and stop >= began), default=self.as_at)

    def followed(self, step: str) -> bool:
        """Verdicts: a later step of the same stage, or a later stage, is recorded."""
        return any(later in self.case for later in fields.later_steps(step, self.own))

    def something_later(self, step: str) -> bool:
        """Verdicts: a later step, or the outcome of its stage or a later one, is recorded."""
        stage = fields.named(step).stage or (1 if fields.later_steps(step, self.own) else None)
        outcomes = [f"stage{n}_outcome" for n in fields.STAGES if stage and n >= stage]
        return self.followed(step) or any(outcome in self.case for outcome in outcomes)

    def entry_may_be_missing(self, step: str) -> bool:
        """Verdicts: the blank can be a missing entry."""
        return step not in self.kept or self.something_later(step)

    def undone(self, step: str) -> bool:
        """Verdicts: the record shows that the step is not done, and not only that nobody entered it."""
        return self.on(step) is None and not self.closed(step) and not self.entry_may_be_missing(step)

    def closed(self, step: str) -> bool:
        """Verdicts: the case is closed, and the step's stage was not asked for after that."""
        return self.covers(self.on("closed"), fields.named(step).stage, None)

    def not_recorded(self, step: str, due: date | None) -> bool:
        """Verdicts: nobody can tell whether this step, not done, was left undone or left unrecorded."""
        overdue = due is not None and self.as_at > due
        return self.closed(step) or (overdue and self.entry_may_be_missing(step))

    def arises(self, name: str) -> bool:
        """The rule's conditions hold, and it is none of those that a case gone straight to stage 2 lacks."""
        rule = self.rulings[name].rule
        stage = fields.named(rule.step).stage if isinstance(rule, Timed | rb.Notice) else _stage_of(name)
        if self.flag("straight_to_stage2") and name not in ABOUT_THE_ROUTE:
            window = isinstance(rule, Timed) and rule.kind == "window" and "stage1_responded" in rule.starts
            if stage == 1 or window or isinstance(rule, rb.Independence):
                return False
        if isinstance(rule, rb.Extension) and not self.arises(rule.extends):
            return False
        return self.applies(rule, stage, self.as_at)

    def applies(self, rule: rb.Rule, stage: int | None, by: date) -> bool:
        """Its 'if' holds and its 'unless' does not; what depends on a person's judgement is never required."""
        if any(condition and condition.person for condition in (rule.when, rule.unless)):
            return False
        if rule.when and not self.holds_true(rule.when, stage, by):
            return False
        return not (rule.unless and self.holds_true(rule.unless, stage, by))

    def holds_true(self, condition: Condition, stage: int | None, by: date) -> bool:
        """All that a condition names is on the record by a day: a letter's own, or the audit date."""
        occurred = self.on("matter_occurred")
        checks = [
            condition.flag is None or self.flag(condition.flag),
            not condition.any_flag or any(self.flag(flag) for flag in condition.any_flag),
            not condition.outcome or self.case.get(f"stage{stage}_outcome") in condition.outcome,
            all(self.recorded(field, by) for field in condition.recorded),
            not condition.any_recorded or any(self.recorded(field, by) for field in condition.any_recorded),
            not condition.actions_left
            or (
                self.recorded("remedy_offered", by)
                and "remedy_completed" in self.kept
                and not self.recorded("remedy_completed", by)
            ),
            not condition.beyond_cap or self.beyond_cap(f"extend-stage{stage}", stage),
            not condition.late_request or self.late_request(f"request-stage{stage}", stage),
            not condition.out_of_time or self.out_of_time(),
            not condition.on_hold or any(begin <= by for begin, _ in self.case.get(f"stage{stage}_holds", [])),
            condition.matter_since is None or (occurred is not None and occurred >= condition.matter_since),
            not condition.time_up or self.time_up(condition.time_up),
            not condition.informal_first or self.informal_first(),
            not condition.stage2_before_answer or self.stage2_before_answer(),
        ]
        return all(checks)

    def recorded(self, field: str, by: date) -> bool:
        """A true/false field is true; an event had happened by then; a promised date (no event) is there."""
        value = self.case.get(field)
        if isinstance(value, date):
            return value <= by or not fields.named(field).event
        return value is True

    def beyond_cap(self, name: str, stage: int | None) -> bool:
        """The new date of this stage's extension is beyond a cap that is known, on every reading."""
        new_date = self.on(f"stage{stage}_extended_to")
        if name not in self.rulings or new_date is None:
            return False
        rule = cast(rb.Extension, self.rulings[name].rule)
        extended = cast(Timed, self.rulings[rule.extends].rule)

        def passed(reading: Reading) -> bool:
            holds, open_from = self.holds(extended, reading.limit)
            cap = self.cap(rule, reading, reading.start.latest, holds)
            return cap is not None and not (open_from and open_from <= cap) and new_date > cap

        readings = self.readings(extended)
        return bool(readings) and all(map(passed, readings))

    def out_of_time(self) -> bool:
        """The complaint surely came after the time for one: its own starting event is on the record."""
        return self.after("complain-in-time", self.on("received"))

    def late_request(self, name: str, stage: int | None) -> bool:
        """The stage was asked for after the window for it."""
        return self.after(name, self.on(f"stage{stage}_requested"))

    def after(self, name: str, day: date | None) -> bool:
        """The day surely came after a rule's time: it is past due on every reading."""
        rule = self.rulings[name].rule if name in self.rulings else None
        if not isinstance(rule, Timed) or day is None or not self.arises(name):
            return False
        readings = self.readings(rule)
        dues = [None if each.other_unknown else self.clock(name, rule, each).due for each in readings]
        return bool(dues) and all(due is not None and day > due for due in dues)

    def time_up(self, name: str) -> bool:
        """The original due date of that rule, on its first reading, passed before its step was done or it ended.

        Whenever a letter was sent: 'if the six months cannot be met' is asked of the notice that comes before.
        """
        rule = self.rulings[name].rule if name in self.rulings else None
        if not isinstance(rule, Timed) or not self.arises(name):
            return False
        readings, done = self.readings(rule), self.on(rule.step)
        due = self.clock(name, rule, readings[0], extended=False).due if readings else None
        if due is None or due >= self.as_at or self.ended(fields.named(rule.step).stage, due):
            return False
        return done > due if done else self.undone(rule.step)

    def informal_first(self) -> bool:
        """An informal attempt came before the stage 1 acknowledgement, or there is none yet."""
        acknowledged = self.on("stage1_acknowledged")
        attempts = filter(None, map(self.on, ("informal_offered", "informal_referred", "informal_resolved")))
        if acknowledged is None:  # an acknowledgement that the file cannot date did not surely come later
            return any(attempts) and not self.entry_may_be_missing("stage1_acknowledged")
        return any(attempt < acknowledged for attempt in attempts)

    def stage2_before_answer(self) -> bool:
        """Stage 2 was asked for before stage 1 was answered; not where the case went straight there."""
        asked, answered = self.on("stage2_requested"), self.on("stage1_responded")
        if asked is None or self.flag("straight_to_stage2"):
            return False
        if answered is None:  # the question is raised, unless the outcome says that an answer was given
            return "stage1_responded" in self.kept and "stage1_outcome" not in self.case
        return asked < answered

    # --- how a rule is counted

    def limit(self, rule: Timed) -> Limit | None:
        """The limit on the first reading; its own where the case started at the stage."""
        first = self.flag("straight_to_stage2") and fields.named(rule.step).stage == 2
        return rule.within_if_first if first and rule.within_if_first else rule.within

    def by(self, rule: Timed) -> str | None:
        """The event by which the step must be done: of stage 2, where the case went straight there."""
        if rule.by and self.flag("straight_to_stage2"):
            return rule.by.replace("stage1_", "stage2_")
        return rule.by

    def ways(self, rule: Timed, limit: Limit | None) -> tuple[str, ...]:
        """Contract 4.1: each way to read what the starting day is, the strictest first.

        A rule without a limit has days taken all the same, in working days.
        """
        if limit and limit.unit in (Unit.MONTHS, Unit.MONTHS_INCLUSIVE):
            return ("from_the_day",)
        days_off = (rule.days_off or self.days_off) if not limit or limit.unit is Unit.WORKING_DAYS else "from_the_day"
        zero = ("from_the_day", "next_working_day") if days_off == "either" else (days_off,)
        number = self.start_is_day if rule.start_is_day is None else rule.start_is_day
        return {0: zero, 1: ("day_one",), "either": ("day_one", *zero)}[number]

    def readings(self, rule: Timed) -> list[Reading]:
        """Every way to count the rule, the first first; none where its start is not recorded (contract 4.6)."""
        if rule.alternative:
            return self.readings_of_two(rule)
        found = list[Reading]()
        for conflict in (False, True) if rule.has_second_reading else (False,):
            limit = rule.or_within if conflict and rule.or_within else self.limit(rule)
            for way in self.ways(rule, limit):
                start = self.start(rule, way)
                if start and conflict and rule.or_start:
                    day = self.began(rule.or_start)
                    start = Start(day, day) if day else None
                if start:
                    found.append(Reading(start, limit, way, conflict))
        return list(dict.fromkeys(found))

    def readings_of_two(self, rule: Timed) -> list[Reading]:
        """Contract 4.11: of two limits the one that ends later, or earlier; where one has no start, the other."""
        other = cast(rb.Alternative, rule.alternative)
        pairs = [(self.began(rule.start), cast(Limit, rule.within)), (self.began(other.start), other.within)]
        known = [(day, limit) for day, limit in pairs if day]
        kept = {rule.start, other.start} <= self.kept
        unknown = len(known) == 1 and (rule.or_if_later is not None or not kept)
        found = []
        for way in self.ways(rule, rule.within) if known else ():
            ends = [(self.days.due(day, limit, [], way), day, limit) for day, limit in known]
            last = max(end for end, *_ in ends) if rule.or_if_later else min(end for end, *_ in ends)
            day, limit = next((day, limit) for end, day, limit in ends if end == last)
            found.append(Reading(Start(day, day), limit, way, conflict=False, other_unknown=unknown))
        return found

    def unproven(self, rule: Timed, reading: Reading, outcome: Outcome, done: date | None) -> Outcome:
        """Contract 4.11: late by one where the later counts, or in time where the earlier does, proves nothing."""
        in_time = rule.or_if_earlier and done and outcome.verdict == "met"
        if reading.other_unknown and (in_time or (rule.or_if_later and outcome.late)):
            return Outcome("no_evidence", outcome.due)
        return outcome

    def start(self, rule: Timed, way: str) -> Start | None:
        """The starting event's day, or contract 4.8's bounds for an acknowledgement with no date."""
        day = self.began(rule.start)
        if day:
            return Start(day, day)
        name = rule.start.replace("stage", "acknowledge-stage").removesuffix("_acknowledged")
        if not rule.start.endswith("_acknowledged") or name not in self.rulings or not rule.within:
            return None
        letter = cast(Timed, self.rulings[name].rule)
        asked, limit = self.began(letter.start), self.limit(letter)
        if asked is None or limit is None:
            return None
        if letter.alternative:
            return self.start_of_two(letter, asked, way)
        in_days, ways = limit.unit is Unit.WORKING_DAYS, self.ways(letter, limit)
        earliest = self.days.zero(asked) if in_days and ways[0] != "from_the_day" else asked
        return Start(earliest, self.days.due(asked, limit, [], way if way in ways else ways[0]), bounded=True)

    def start_of_two(self, letter: Timed, asked: date, way: str) -> Start | None:
        """The bounds of an acknowledgement that has two limits: none where the later one may still come."""
        read = {each.begins: each for each in self.readings_of_two(letter)}
        reading = read.get(way) or next(iter(read.values()))
        if reading.other_unknown and letter.or_if_later:
            return None
        limit = cast(Limit, reading.limit)
        in_days = cast(Limit, letter.within).unit is Unit.WORKING_DAYS
        earliest = self.days.zero(asked) if in_days and next(iter(read)) != "from_the_day" else asked
        return Start(earliest, self.days.due(reading.start.latest, limit, [], reading.begins), bounded=True)

    def holds(self, rule: Timed, limit: Limit | None) -> tuple[Holds, date | None]:
        """Contract 4.5: the holds that stop this clock, and since when one is open. A response ends it."""
        stage = fields.named(rule.step).stage
        in_days = limit is not None and limit.unit is Unit.WORKING_DAYS
        if not self.holds_allowed or rule.step != f"stage{stage}_responded" or not in_days:
            return [], None
        done, every = self.on(rule.step), self.case.get(f"stage{stage}_holds") or []
        closed = [(first, last or cast(date, done)) for first, last in every if last or done]
        return closed, min((first for first, last in every if not last and not done), default=None)

    def held(self, rule: Timed, limit: Limit | None) -> Holds:
        """Contract 4.5: all days on hold, for days taken and days over; an open hold is not over yet."""
        holds, open_from = self.holds(rule, limit)
        return [*holds, *([(open_from, date.max)] if open_from else [])]

    def cap(self, extension: rb.Extension, reading: Reading, start: date, holds: Holds) -> date | None:
        """Contract 4.4: the original limit plus the permitted extension, in one run from the same day zero."""
        if not isinstance(extension.by, Limit) or reading.limit is None:
            return None
        limit, more = reading.limit, extension.by
        if limit.unit is more.unit:
            return self.days.due(start, replace(limit, count=limit.count + more.count), holds, reading.begins)
        return self.days.due(self.days.due(start, limit, holds, reading.begins), more, holds, "from_the_day")

    def extension_of(self, name: str) -> tuple[rb.Extension, int] | None:
        """The extension that the rulebook provides for a rule, and its stage."""
        for ruling in self.rulings.values():
            rule, last = ruling.rule, ruling.name[-1]
            if isinstance(rule, rb.Extension) and rule.extends == name:
                return (rule, int(last)) if self.applies(rule, int(last), self.as_at) else None
        return None

    def clock(
        self, name: str, rule: Timed, reading: Reading, *, assume_notice: bool = False, extended: bool = True
    ) -> Clock:
        """Contract 4.4 and contract 4.5: the original due date, and the one in force."""
        if rule.by or reading.limit is None:
            event = self.by(rule)
            by = self.on(event) if event else None
            return Clock(by, by)
        holds, open_from = self.holds(rule, reading.limit)
        original = self.days.due(reading.start.latest, reading.limit, holds, reading.begins)
        clock = Clock(original, original)
        found = self.extension_of(name) if extended else None
        if found:
            extension, stage = found
            new_date = self.on(f"stage{stage}_extended_to")
            notice = original if assume_notice else self.on(f"stage{stage}_extension_notified")
            cap = self.cap(extension, reading, reading.start.latest, holds)
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
        """Deadlines, aims and windows: contract 4.1 to 4.8 and contract 5."""
        done, readings, occurred = self.on(rule.step), self.readings(rule), False
        if name == "complain-in-time" and rule.start == "matter_known" and not readings:
            readings, occurred = self.readings(rule.model_copy(update={"start": "matter_occurred"})), True
        if not readings:
            second = rule.or_start in fields.later_steps(rule.start, self.own) and self.began(rule.or_start) is not None
            later = self.followed if rule.kind == "window" else self.something_later
            shown, by = done or second or later(rule.step), self.by(rule)
            due = self.on(by) if by else None
            return Expected("no_evidence" if shown else "not_applicable", due=due, done=done)
        first, start = readings[0], readings[0].start
        outcome = self.settled(readings, [self.outcome(name, rule, reading) for reading in readings])
        by = self.by(rule)
        if by and done and self.on(by) is None and self.something_later(by):
            outcome = Outcome("no_evidence", None)  # the event was there, and nobody can say when
        if outcome.late and occurred:
            outcome = replace(outcome, verdict="no_evidence")
        if start.bounded and first.limit and done and outcome.verdict == "met":
            holds = self.holds(rule, first.limit)[0]
            surely_by = self.days.due(start.earliest, first.limit, holds, first.begins)
            outcome = replace(outcome, verdict="met" if done <= surely_by else "no_evidence")
        return self.finding(rule, rule.step, first, outcome)

    def settled(self, readings: list[Reading], outcomes: list[Outcome], in_time: frozenset[str] = IN_TIME) -> Outcome:
        """The first reading's outcome; for judgement where it is late on that and not on another.

        Contract 4.1: late only if late whatever a start on a day off means. Contract 4.6: from the second start, or
        to the second limit, in time.
        """
        first, *others = outcomes
        for reading, other in zip(readings[1:], others, strict=True):
            saved = other.verdict in in_time or (not other.late and not reading.conflict)
            if first.late and saved:
                return replace(first, verdict="judgement")
        return first

    def finding(self, rule: Timed, step: str, reading: Reading, outcome: Outcome) -> Expected:
        """Contract 6.2: the days taken and the days over, blank where the verdict cannot say; contract 4.8's mark."""
        done, taken, over = self.on(step), None, None
        start, limit, held = reading.start, reading.limit, self.held(rule, reading.limit)
        shown = None if start.bounded else start.latest
        if shown and done:
            taken = self.days.taken(shown, done, limit, held, reading.begins)
        if outcome.due and outcome.verdict != "no_evidence":
            end = done or self.end(fields.named(step).stage, outcome.due)
            excused = outcome.verdict == "not_applicable"
            over = 0 if excused else self.days.over(outcome.due, end, limit, held)
        marks = outcome.marks | ({"start_not_recorded"} if start.bounded else NO_MARKS)
        return Expected(outcome.verdict, shown, outcome.due, done, taken, over, marks)

    def outcome(self, name: str, rule: Timed, reading: Reading) -> Outcome:
        """The verdict on one reading. Contract 4.4: what only an undated extension would save is unproven."""
        clock, found = self.clock(name, rule, reading), self.extension_of(name)
        outcome = self.decide(name, rule, clock)
        if outcome.late and found and self.on(f"stage{found[1]}_extended_to"):
            undated = not self.on(f"stage{found[1]}_extension_notified")
            if undated and not self.decide(name, rule, self.clock(name, rule, reading, assume_notice=True)).late:
                return Outcome("no_evidence", clock.due)
        return self.unproven(rule, reading, outcome, self.on(rule.step))

    def decide(self, name: str, rule: Timed, clock: Clock) -> Outcome:
        """Contract 5.1 to 5.6: the table, the step with no date, the endings, the closure."""
        stage, done, due = fields.named(rule.step).stage, self.on(rule.step), clock.due
        formal = min(filter(None, map(self.on, ("stage1_requested", "stage1_acknowledged"))), default=None)
        if name == "resolve-informally" and due and formal and formal <= due:
            return Outcome("not_applicable", due)
        if done:
            if due is None or done <= due:
                return Outcome("met", due)
            if rule.kind != "window" and self.ended(stage, due):
                return Outcome("judgement", due, REOPENED)
            return self.past_due(rule, clock, done)
        if rule.kind == "window":
            return Outcome("no_evidence" if self.followed(rule.step) else "not_applicable", due)
        marks = NOT_RECORDED if self.not_recorded(rule.step, due) else NO_MARKS
        if rule.unrecorded == "no_evidence" and rule.within is None:
            return Outcome("no_evidence", due, marks)
        if self.ended(stage, due):
            return Outcome("not_applicable", due)
        if marks:
            return Outcome("no_evidence", due, marks)
        if due is None or self.as_at <= due:
            return Outcome("running", due)
        if rule.unrecorded == "no_evidence":
            return Outcome("no_evidence", due)
        outcome = self.past_due(rule, clock, self.end(stage, due))
        return replace(outcome, marks=NOT_RECORDED) if outcome.late else outcome

    def past_due(self, rule: Timed, clock: Clock, day: date) -> Outcome:
        """Contract 4.4 and contract 4.7: late, unless the notice leaves it arguable or unproven."""
        if clock.open_ended:
            return Outcome("no_evidence", clock.due)
        if clock.beyond and clock.new_date and day <= clock.new_date:
            return self.beyond_soft_cap(clock.beyond, rule, clock.due)
        return Outcome(rule.late_verdict, clock.due, late=True)

    def beyond_soft_cap(self, extension: rb.Extension, rule: Timed, due: date | None) -> Outcome:
        """Contract 4.4, soft cap: arguable where the notice holds what the rulebook wants for it."""
        held = self.case.get(f"stage{fields.named(rule.step).stage}_extension_contains")
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
        readings = self.readings(extended)
        if not readings:
            return Expected("no_evidence" if made else "not_applicable", done=self.on(notified))
        told = self.on(notified)
        outcomes = [
            self.unproven(extended, each, self.extended(rule, extended, each, notified), told) for each in readings
        ]
        outcome = self.settled(readings, outcomes, frozenset({"met"}))
        if not made:
            outcome = Outcome("not_applicable", outcome.due)
        return self.finding(extended, notified, readings[0], outcome)

    def extended(self, rule: rb.Extension, extended: Timed, reading: Reading, notified: str) -> Outcome:
        """Contract 4.4, and between two starts contract 4.8: notified by the due date, and within the cap."""
        stage, notice, start = fields.named(notified).stage, self.on(notified), reading.start
        limit, new_date = cast(Limit, reading.limit), self.on(f"stage{stage}_extended_to")
        late = rule.late or extended.late_verdict
        holds, open_from = self.holds(extended, limit)
        original = self.days.due(start.latest, limit, holds, reading.begins)
        cap = self.cap(rule, reading, start.latest, holds)
        due: date | None = original
        if open_from:  # contract 4.5: it has lasted until now, so the dates are no earlier than that makes them
            due = None if open_from <= original else original
            holds = [*holds, (open_from, self.as_at + ONE_DAY)]
            original = self.days.due(start.latest, limit, holds, reading.begins)
        if notice is None:
            return Outcome("no_evidence", due)
        if notice > original:
            if self.ended(stage, original):
                return Outcome("judgement", due, REOPENED)
            return Outcome(late, due, late=True)
        if cap and new_date and new_date > cap:
            if open_from and open_from <= cap:  # the cap is still moving
                stretched = self.cap(rule, reading, start.latest, holds)
                if not stretched or new_date > stretched:
                    return Outcome("no_evidence", due)
            elif rule.cap == "soft":
                beyond = self.beyond_soft_cap(rule, extended, due)
                return replace(beyond, verdict=late) if beyond.late else beyond
            else:
                return Outcome(late, due, late=True)
        least = self.cap(rule, reading, start.earliest, holds)
        in_time = notice <= self.days.due(start.earliest, limit, holds, reading.begins)
        proper = in_time and (least is None or new_date is None or new_date <= least)
        return Outcome("met" if proper or reading.conflict else "no_evidence", due)

    def notice(self, rule: rb.Notice) -> Expected:
        """Contract 4.9: counted back from the meeting, day zero."""
        meeting, invited = self.on(rule.start), self.on(rule.step)
        stage = fields.named(rule.step).stage
        if meeting is None:
            return Expected("not_applicable", done=invited)
        due, zero = self.days.before(meeting, rule.within), self.days.zero(meeting)
        excused, marks, taken = self.ended(stage, due), NO_MARKS, None
        over = self.days.over(due, invited, None, []) if invited else None
        if invited:
            taken = self.days.between(invited - ONE_DAY, zero - ONE_DAY, [])
            verdict, marks = ("judgement", REOPENED) if excused else (rule.late, NO_MARKS)
            if invited <= due:
                verdict, marks = "met", NO_MARKS
        elif excused:
            verdict, over = "not_applicable", 0
        else:
            verdict = "no_evidence"
            marks = NOT_RECORDED if self.not_recorded(rule.step, due) else NO_MARKS
        return Expected(verdict, meeting, due, invited, taken, over, marks)

    def contents(self, ruling: Ruling) -> Expected:
        """Verdicts: judged once the letter is sent, one finding for all a rule's clauses."""
        letter = fields.LETTERS[ruling.name]
        if letter.stage == 1 and self.flag("straight_to_stage2"):
            return Expected("not_applicable")
        sent, held = self.on(letter.sent), self.case.get(letter.contains)
        if sent is None:
            return Expected("not_applicable" if held is None else "no_evidence")
        shares = [cast(rb.Contents, part.rule) for part in ruling.parts]
        wanted = [share for share in shares if self.applies(share, letter.stage, sent)]
        if not wanted:
            # Words that hang only on what no field can show: for a person, where the letter lacks one.
            asked = [share for share in shares if self.asked_of_a_person(share, letter.stage, sent)]
            doubtful = held is not None and any(_lacking(share, held) for share in asked)
            return Expected("judgement" if doubtful else "not_applicable", done=sent)
        if held is None:
            return Expected("no_evidence", done=sent)
        missing = frozenset[str]().union(*(_lacking(share, held) for share in wanted))
        breach = any(share.lacking == "breach" and _lacking(share, held) for share in wanted)
        return Expected("breach" if breach else "judgement" if missing else "met", done=sent, missing=missing)

    def asked_of_a_person(self, share: rb.Contents, stage: int | None, sent: date) -> bool:
        """Its condition has a part that only a person can say, and the rest of it is shown."""
        if not share.when or not share.when.person:
            return False
        rest = share.model_copy(update={"when": share.when.model_copy(update={"person": None})})
        return self.applies(rest, stage, sent)

    def independence(self, rule: rb.Independence) -> Expected:
        """Verdicts, ``independence-stage2``."""
        answered = self.on("stage2_responded")
        first, second = (str(self.case.get(f"stage{n}_handler") or "").strip().lower() for n in (1, 2))
        verdict = "no_evidence" if answered else "not_applicable"
        if first and second and any(step in self.case for step in fields.steps(2, self.own)):
            verdict = rule.late if first == second else "met"
        return Expected(verdict, done=answered)


def _stage_of(name: str) -> int | None:
    """The stage that a rule's name names."""
    return next((stage for stage in fields.STAGES if f"stage{stage}" in name), None)


def _lacking(share: rb.Contents, held: set[str]) -> set[str]:
    """The words that a letter lacks, all of a group of which any one would do where it has none."""
    group = set(share.holds_one_of)
    return (set(share.holds) - set(held)) | (group if group.isdisjoint(held) else set())
