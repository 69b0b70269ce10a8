"""One synthetic complaint's way through a procedure, as its rulebooks set it out.

Every limit, window, letter and extension is read from the rulebooks' rules, and the days are worked out
from them. A journey is first what happened, then what somebody recorded of it.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from putright import fields
from putright.calendars import Calendar, add_months
from putright.fields import LETTERS
from putright.plugins import Host
from putright.rulebooks import (
    Condition,
    Contents,
    Extension,
    Limit,
    Notice,
    Part,
    Rule,
    Rulebook,
    Ruling,
    Timed,
    Unit,
)

Date = dt.date

#: How a step is done: in time; late; in time, but nobody entered the date.
KEPT, LATE, BLANK = "kept", "late", "blank"


@dataclass(frozen=True)
class Lesson:
    """What a case is there to show: a rule that is kept, or one that is broken; all else goes well."""

    rule: str
    broken: bool


class Book:
    """A rulebook's rules and the calendar they are counted in."""

    def __init__(self, book: Rulebook, calendar: Calendar) -> None:
        self.rulings = book.rulings()
        self.held = book.held_stages()
        self.calendar = calendar

    def due(self, limit: Limit, start: Date) -> Date:
        """The day a limit ends."""
        if limit.unit is Unit.WORKING_DAYS:
            return self.calendar.add(start, limit.count)
        return add_months(start, limit.count, inclusive=limit.unit is Unit.MONTHS_INCLUSIVE)


class Law:
    """The rulebooks that judge a case, asked as one: the council's own first."""

    def __init__(self, books: Sequence[Rulebook], host: Host) -> None:
        self.books = tuple(Book(book, host.calendar(book)) for book in books)
        self.calendar = self.books[0].calendar
        self.held = frozenset(stage for book in self.books for stage in book.held)

    def rulings(self, *names: str) -> Iterator[tuple[Book, Ruling]]:
        """The rules of these names, in each book that has them; without names, all there are."""
        for book in self.books:
            for name in names or book.rulings:
                if name in book.rulings:
                    yield book, book.rulings[name]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every rule that there is, in the order rules run."""
        return tuple(name for name in fields.RULES if any(name in book.rulings for book in self.books))

    @cached_property
    def _timed(self) -> dict[str, list[tuple[Book, Timed]]]:
        found: dict[str, list[tuple[Book, Timed]]] = {}
        for book, ruling in self.rulings():
            if isinstance(ruling.rule, Timed):
                found.setdefault(ruling.rule.step, []).append((book, ruling.rule))
        return found

    def timed(self, step: str) -> list[tuple[Book, Timed]]:
        """The rules that say when a step must be done."""
        return self._timed.get(step, [])

    @cached_property
    def starts(self) -> frozenset[str]:
        """The events from which something is counted."""
        rules = [rule for pairs in self._timed.values() for _, rule in pairs]
        return frozenset(start for rule in rules for start in (rule.start, rule.or_start) if start)

    @cached_property
    def stages(self) -> tuple[int, ...]:
        """The stages that have an answer."""
        return tuple(stage for stage in fields.STAGES if self.timed(f"stage{stage}_responded"))


class Journey:
    """A case from the day it was received, by chance or, where there is a lesson, as that asks."""

    def __init__(self, law: Law, received: Date, rng: random.Random, lesson: Lesson | None = None) -> None:
        self.law, self.rng, self.lesson = law, rng, lesson
        self.received = received
        self.at: dict[str, Date] = {"received": received}
        self.beside: dict[str, dict[str, object]] = {}
        """What is recorded together with an event, and goes where it goes."""
        self.row: dict[str, object] = {}
        self.flags: set[str] = set()
        self.unrecorded: set[str] = set()
        self.outcomes: dict[int, str] = {}
        self.beyond_cap: set[int] = set()
        self.late_requests: set[int] = set()
        self.holds: dict[int, tuple[Date, Date]] = {}
        self.extended: dict[tuple[Book, str], Date] = {}
        self.care = rng.choice((0.4, 0.7, 1.0, 1.8))  # some cases are handled worse than others
        self.conditions = list(self._conditions())
        self.wanted = frozenset(self._wanted())
        self._walk()

    # --- what the lesson asks -------------------------------------------------------------------

    def _conditions(self) -> Iterator[Condition]:
        """What must hold for the lesson's rule to arise, in each book where it hangs on something."""
        for _, ruling in self.law.rulings(self.lesson.rule) if self.lesson else ():
            conditions = [part.rule.when for part in ruling.parts]
            if conditions[0] and all(conditions):
                yield conditions[0]

    def _wanted(self) -> Iterator[str]:
        """The fields that the lesson's rule is about."""
        if self.lesson is None:
            return
        name = self.lesson.rule
        for _, ruling in self.law.rulings(name):
            rule = ruling.rule
            if isinstance(rule, Timed | Notice):
                yield from (rule.start, rule.step)
        if name in LETTERS:
            yield LETTERS[name].sent
        elif stage := re.search(r"stage(\d)", name):
            yield f"stage{stage[1]}_responded"
            if name.startswith("extend"):
                yield f"stage{stage[1]}_extension_notified"
        for condition in self.conditions:
            yield from (*condition.recorded, *condition.any_recorded[:1])
            if condition.actions_left:
                yield "remedy_offered"

    @property
    def last_wanted(self) -> Date:
        """The day by which the lesson has been shown."""
        return max((self.at[name] for name in self.wanted if name in self.at), default=self.received)

    def _wants(self, field: str, chance: float) -> bool:
        return field in self.wanted if self.lesson else self.rng.random() < chance

    def _chance(self, chance: float) -> bool:
        """Things that go wrong by themselves; never where there is a lesson."""
        return self.lesson is None and self.rng.random() < chance * self.care

    def _manner(self, names: Iterable[str]) -> str:
        """How what these rules ask for is done."""
        if self.lesson:
            return LATE if self.lesson.broken and self.lesson.rule in names else KEPT
        roll = self.rng.random() / self.care
        return LATE if roll < 0.09 else BLANK if roll < 0.13 else KEPT

    # --- days -----------------------------------------------------------------------------------

    def _after(self, day: Date, least: int, most: int) -> Date:
        return self.law.calendar.add(day, self.rng.randint(least, most))

    def _between(self, first: Date, last: Date) -> Date:
        """A working day in between, the likelier the later; soon after the first where it is too late."""
        days = self.law.calendar.taken(first, last)
        if last < first or not days:
            return self.law.calendar.add(first, 0)
        return self.law.calendar.add(first, round(days * self.rng.random() ** 0.6))

    def _dues(self, step: str) -> dict[str, list[Date]]:
        """The rules that time a step now, each with the days it gives; none where it sets no limit."""
        found: dict[str, list[Date]] = {}
        for book, rule in self.law.timed(step):
            if rule.start not in self.at or not self._arises(rule):
                continue
            days = found.setdefault(rule.rule, [])
            if rule.by in self.at:
                days.append(self.at[rule.by])
            for start in (rule.start, rule.or_start):
                if rule.within and start in self.at:
                    longer = self.extended.get((book, rule.rule))
                    days.append(longer or book.due(rule.within, self.at[start]))
        return found

    def _take(self, step: str, after: Date, manner: str | None = None) -> None:
        """Do a step: in time by every rule for it, or late by one, or without a word in the record."""
        dues = self._dues(step)
        manner = manner or self._manner(dues)
        limits = {name: days for name, days in dues.items() if days}
        if limits and manner == LATE:
            first = min(limits, key=lambda name: max(limits[name]))
            name = self.lesson.rule if self.lesson and self.lesson.rule in limits else first
            delay = min(40, 1 + int(self.rng.expovariate(1 / 6)))
            day = self.law.calendar.add(max(after, *limits[name]), delay)
        elif limits:
            day = self._between(after, min(day for days in limits.values() for day in days))
        else:
            day = self._after(after, 0, 3)
        self.at[step] = day
        if manner == BLANK or (manner == LATE and not limits):
            self.unrecorded.add(step)

    # --- conditions -----------------------------------------------------------------------------

    def _arises(self, rule: Rule, stage: int | None = None, by: Date = Date.max) -> bool:
        shown = not rule.when or self._holds(rule.when, stage, by)
        return shown and not (rule.unless and self._holds(rule.unless, stage, by))

    def _holds(self, condition: Condition, stage: int | None, by: Date) -> bool:
        """Whether a condition holds, as things stood on a day."""

        def known(name: str) -> bool:
            return bool(self.row.get(name)) if name in fields.BOOLEANS else self.at.get(name, Date.max) < by

        occurred = self.at.get("matter_occurred", Date.min)
        by += dt.timedelta(days=by < Date.max)  # up to and including the day
        return (
            (condition.flag is None or condition.flag in self.flags)
            and (not condition.outcome or (stage is not None and self.outcomes.get(stage) in condition.outcome))
            and all(map(known, condition.recorded))
            and (not condition.any_recorded or any(map(known, condition.any_recorded)))
            and (not condition.actions_left or (known("remedy_offered") and not known("remedy_completed")))
            and (not condition.beyond_cap or stage in self.beyond_cap)
            and (not condition.late_request or stage in self.late_requests)
            and (condition.matter_since is None or occurred >= condition.matter_since)
        )

    # --- the way --------------------------------------------------------------------------------

    def _walk(self) -> None:
        self._people()
        self._before()
        if self.law.timed("triaged"):
            self._take("triaged", self.received)
        over = self._informal() or self._refusal()
        straight = self._chance(0.015) and len(self.law.stages) > 1 and not over
        if straight:
            self.flags.add("straight_to_stage2")
        finished = over or self._stages(straight)
        if finished:
            self._agree_action_plan()
            if not self._chance(0.1):
                steps = [day for name, day in self.at.items() if not name.startswith(("remedy", "action"))]
                self.at["closed"] = self._after(max(steps), 0, 3)
        if self.flags:
            self.row["flags"] = sorted(self.flags)

    def _people(self) -> None:
        for flag in fields.FLAGS:
            if flag not in ("landlord", "straight_to_stage2") and self._chance(0.012):
                self.flags.add(flag)
        self.flags.update(condition.flag for condition in self.conditions if condition.flag)
        for name in fields.BOOLEANS:
            if name in self.wanted:
                self.row[name] = True
        if self._chance(0.09):
            self.row["representative"] = True

    def _before(self) -> None:
        """What lies before the complaint: the matter itself, and now and then proceedings about it."""
        in_time = self._manner(["complain-in-time"]) != LATE or self._chance(0.4)
        known = self._back("complain-in-time", in_time)
        self.out_of_time = not in_time
        self.at["matter_known"] = known
        self.at["matter_occurred"] = known - dt.timedelta(days=self.rng.choice((0, 0, 1, 7, 20)))
        for name, chance in (("matter_known", 0.4), ("matter_occurred", 0.15)):
            if self._chance(chance):
                self.unrecorded.add(name)
        if self.law.timed("resubmitted") and self._wants("resubmitted", 0.015):
            self.at["resubmitted"] = self.received
            in_time = self._manner(["resubmit-in-time"]) != LATE
            self.at["proceedings_ended"] = self._back("resubmit-in-time", in_time)

    def _back(self, name: str, in_time: bool) -> Date:
        """A day so long before receipt that a window from it was kept or missed, by every rulebook."""
        windows = [(book, rule.within) for book, ruling in self.law.rulings(name)
                   if isinstance(rule := ruling.rule, Timed) and rule.within]  # fmt: skip
        days = dt.timedelta(days=min(200, 2 + int(self.rng.expovariate(1 / 40))))
        if in_time:
            while any(book.due(limit, self.received - days) < self.received for book, limit in windows):
                days //= 2
            return self.received - days
        while any(book.due(limit, self.received - days) >= self.received for book, limit in windows):
            days += dt.timedelta(days=30)
        return self.received - days

    def _informal(self) -> bool:
        """Try to settle it informally; whether that ended the case."""
        if not self.law.timed("informal_resolved") or not self._wants("informal_resolved", 0.12):
            return False
        self.at["informal_offered"] = self._after(self.received, 0, 0)
        if "informal_referred" in self.law.starts:
            self.at["informal_referred"] = self.at["informal_offered"]
        if self._chance(0.4):
            return False
        self._take("informal_resolved", self.at["informal_offered"])
        return True

    def _refusal(self) -> bool:
        if not self._wants("refused", 0.4 if self.out_of_time else 0.03):
            return False
        self.at["refused"] = self._after(self.received, 1, 4)
        self._letter("refusal-contents")
        return True

    def _stages(self, straight: bool) -> bool:
        """Every stage that the case reaches; whether it came to an end."""
        stages = self.law.stages[1 if straight else 0 :]
        deepest = max((fields.FIELDS[name].stage or 0 for name in self.wanted), default=0)
        for stage in stages:
            if stage != stages[0]:
                unhappy = 0.2 if self.outcomes[stage - 1] == "upheld" else 0.36
                if not (deepest >= stage if self.lesson else self.rng.random() < unhappy):
                    return True
            ended = self._stage(stage, first=stage == stages[0], straight=straight)
            if ended is not None:
                return ended
        return True

    def _stage(self, stage: int, *, first: bool, straight: bool) -> bool | None:
        """One stage; None where it was answered, else whether the case is over."""
        prefix = f"stage{stage}_"
        acknowledged = f"{prefix}acknowledged"
        begin = self._requested(stage, straight) if stage > 1 else self.received
        if f"{prefix}request_refused" in self.at:
            return True
        self._take(acknowledged, begin)
        self._handler(stage, acknowledged)
        self._letter(f"acknowledgement-stage{stage}-contents")
        if self.law.timed(f"{prefix}department_notified"):
            self._take(f"{prefix}department_notified", begin)
        if first and self.row.get("representative"):
            self._take("consent_received", self.received)
        if first and self._wants("withdrawn", 0.03):
            self.at["withdrawn"] = self._after(self.at[acknowledged], 1, 4)
            self._take("withdrawal_acknowledged", self.at["withdrawn"])
            return True
        after = self.at[acknowledged]
        if f"{prefix}statement_agreed" in self.law.starts:
            after = self.at[f"{prefix}statement_agreed"] = self._after(after, 3, 9)
        if self.law.timed(f"{prefix}panel_met"):
            after = self._panel(prefix, after)
        after = self._extend(stage, after)
        if self._chance(0.05):
            return self.rng.random() < 0.25  # closed with no answer, or left open
        self._respond(stage, after)
        return None

    def _requested(self, stage: int, straight: bool) -> Date:
        """The request for a stage, and at times its refusal: mostly of a late one."""
        step, refused = f"stage{stage}_requested", f"stage{stage}_request_refused"
        if straight:
            self.at[step] = self.received
            if self._chance(0.5):
                self.unrecorded.add(step)
            return self.received
        refuse = self.lesson is not None and refused in self.wanted
        self._take(step, self.at[f"stage{stage - 1}_responded"], LATE if refuse else None)
        if any(self.at[step] > day for day in self._dues(step).get(f"request-stage{stage}", ())):
            self.late_requests.add(stage)
        if self._wants(refused, 0.5 if stage in self.late_requests else 0.03):
            self.at[refused] = self._after(self.at[step], 1, 5)
            self._letter(f"refusal-stage{stage}-contents")
        return self.at[step]

    def _panel(self, prefix: str, after: Date) -> Date:
        """A review panel: the invitation, the meeting, the report."""
        met, invited = f"{prefix}panel_met", f"{prefix}panel_invited"
        notices = [
            (book, ruling.rule)
            for book, ruling in self.law.rulings()
            if isinstance(ruling.rule, Notice) and ruling.rule.step == invited
        ]
        room = max((rule.within.count for _, rule in notices), default=0)
        self._take(met, self.law.calendar.add(after, room + 2))
        if notices:
            latest = [book.calendar.back(self.at[met], rule.within.count) for book, rule in notices]
            manner = self._manner([rule.rule for _, rule in notices])
            short = self._after(max(latest), 1, max(1, room - 2))
            self.at[invited] = min(short, self.at[met]) if manner == LATE else self._between(after, min(latest))
            if manner == BLANK:
                self.unrecorded.add(invited)
        self._take(f"{prefix}panel_reported", self.at[met])
        return self.at[f"{prefix}panel_reported"]

    # --- extension, answer, letters -------------------------------------------------------------

    def _extensions(self, stage: int) -> list[tuple[Book, Extension, Timed]]:
        found = []
        for book, ruling in self.law.rulings(f"extend-stage{stage}"):
            assert isinstance(ruling.rule, Extension)
            extended = book.rulings[ruling.rule.extends].rule
            if isinstance(extended, Timed) and extended.within and extended.start in self.at:
                found.append((book, ruling.rule, extended))
        return found

    def _extend(self, stage: int, after: Date) -> Date:
        """Give the stage longer, as the rulebooks allow or not; the day from which the answer may come."""
        step, found = f"stage{stage}_extension_notified", self._extensions(stage)
        months = any(timed.within and timed.within.unit is not Unit.WORKING_DAYS for *_, timed in found)
        if not found or not self._wants(step, 0.03 if months else 0.14):
            return after
        originals, caps = self._limits_of(found)
        manner = self._manner([f"extend-stage{stage}"])
        beyond = bool(caps) and (self._chance(0.12) or any(each.beyond_cap for each in self.conditions))
        last = min(caps, default=self._after(max(originals), 5, 30))
        new = self._after(max(caps), 1, 10) if beyond else self._between(self._after(max(originals), 1, 1), last)
        self.at[step] = self._between(after, min(originals))
        if manner == LATE:
            self.at[step] = self._after(max(originals), 1, 5)
        elif manner == BLANK:
            self.unrecorded.add(step)
        self.beside.setdefault(step, {})
        if not self._chance(0.06):
            self.beside[step][f"stage{stage}_extended_to"] = new
        if beyond:
            self.beyond_cap.add(stage)
        self._letter(f"extension-stage{stage}-contents")
        if manner != LATE:
            self.extended.update({(book, timed.rule): new for book, _, timed in found})
        return max(*originals, self.at[step])

    def _limits_of(self, found: list[tuple[Book, Extension, Timed]]) -> tuple[list[Date], list[Date]]:
        """The days on which the bare limits end, and the furthest that extensions may reach."""
        originals, caps = [], []
        for book, extension, timed in found:
            assert timed.within
            start = self.at[timed.start]
            originals.append(book.due(timed.within, start))
            if isinstance(extension.by, Limit):
                longest = Limit(timed.within.count + extension.by.count, timed.within.unit)
                caps.append(book.due(longest, start))
        return originals, caps

    def _respond(self, stage: int, after: Date) -> None:
        step = f"stage{stage}_responded"
        self._take(step, after)
        self._hold(stage, step, after)
        possible = [outcome for condition in self.conditions for outcome in condition.outcome]
        weights = {"upheld": 30, "partly_upheld": 25, "not_upheld": 40, "resolved": 3, "no_finding": 2}
        drawn = self.rng.choices(list(weights), list(weights.values()))[0]
        self.outcomes[stage] = possible[0] if possible else drawn
        self.beside.setdefault(step, {})[f"stage{stage}_outcome"] = self.outcomes[stage]
        self._remedy(stage)
        self._letter(f"response-stage{stage}-contents")

    def _hold(self, stage: int, step: str, after: Date) -> None:
        """Where the rulebook lets a hold stop the clock: the answer comes as much later."""
        first = self._after(after, 1, 1)
        if stage not in self.law.held or self.at[step] <= first or not self._chance(0.12):
            return
        days = self.rng.randint(3, 10)
        begin = self._between(first, self.at[step])
        self.holds[stage] = (begin, self._after(begin, days, days))
        self.at[step] = self._after(self.at[step], days, days)

    def _remedy(self, stage: int) -> None:
        """Something put right, where the answer found fault: offered with it, done then or later."""
        upheld = self.outcomes[stage] in ("upheld", "partly_upheld")
        answered = self.at[f"stage{stage}_responded"]
        if "remedy_offered" in self.at or not (upheld and self._wants("remedy_offered", 0.6)):
            return
        self.at["remedy_offered"] = answered
        self.beside["remedy_offered"] = {"remedy_due": self._after(answered, 10, 20)}
        if self.rng.random() < 0.8:
            now = self._chance(0.2)
            self.at["remedy_completed"] = answered if now else self._after(answered, 5, 25)
        if self.rng.random() < 0.4:
            self.at["learning_recorded"] = self._after(answered, 5, 30)

    def _handler(self, stage: int, step: str) -> None:
        """Who considers a stage: now and then the same officer again, or nobody says."""
        rank = "Officer" if stage == 1 else "Senior manager"
        handler = f"{rank} {self.rng.randint(1, 12):02}"
        if stage == 2:
            manner = self._manner(["independence-stage2"])
            before = self.beside.get("stage1_acknowledged", {}).get("stage1_handler")
            if manner == BLANK:
                return
            handler = str(before) if manner == LATE and before else handler
        self.beside.setdefault(step, {})[f"stage{stage}_handler"] = handler

    def _letter(self, name: str) -> None:
        """What a letter held: all that is called for, or less, or nobody recorded it."""
        letter = LETTERS[name]
        called: list[list[Part]] = []
        for _, ruling in self.law.rulings(name):
            parts = [
                part for part in ruling.parts if self._arises(part.rule, letter.stage, self.at[letter.sent])
            ]
            called.append([part for part in parts if not self._only_a_person_knows(part)])
        words = dict.fromkeys(word for parts in called for part in parts for word in _words(part))
        manner = self._manner([name])
        if not words or (manner == BLANK or self._chance(0.1)):
            return
        if manner == LATE:
            for parts in filter(None, called):
                firm = [part for part in parts if getattr(part.rule, "lacking", "") == "breach"] or parts
                words.pop(self.rng.choice([word for part in firm for word in _words(part)]), None)
            words = {} if self._chance(0.1) else words
        self.beside.setdefault(letter.sent, {})[letter.contains] = list(words) or ["none"]

    def _only_a_person_knows(self, part: Part) -> bool:
        """A condition that no record shows: half the time it is there."""
        return bool(part.rule.when and part.rule.when.person) and self.rng.random() < 0.5

    def _agree_action_plan(self) -> None:
        step = "action_plan_agreed"
        faults = any(outcome in ("upheld", "partly_upheld") for outcome in self.outcomes.values())
        starts = [rule.start for _, rule in self.law.timed(step) if rule.start in self.at]
        if starts and (self._wants(step, 0.5) if self.lesson or faults else False):
            self.row["action_plan_due"] = True
            self._take(step, self.at[starts[0]])

    # --- the record -----------------------------------------------------------------------------

    def record(self, last: Date) -> dict[str, object]:
        """The case as it stands on record on the last day: nothing later, and no date nobody entered."""
        row = dict(self.row)
        for event, day in self.at.items():
            if day > last:
                continue
            blank = event in self.unrecorded
            row |= {
                name: value
                for name, value in self.beside.get(event, {}).items()
                if not (blank and name.endswith("_contains"))
            }
            if not blank:
                row[event] = day
        for stage, (begin, end) in self.holds.items():
            if begin <= last:
                row[f"stage{stage}_holds"] = [f"{begin}/{end if end <= last else '..'}"]
        return {name: row[name] for name in fields.FIELDS if name in row}


def _words(part: Part) -> list[str]:
    return list(part.rule.holds) if isinstance(part.rule, Contents) else []
