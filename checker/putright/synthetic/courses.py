"""How a synthetic case runs its course: limits, chance, and what somebody recorded of it.

Everything about days is read from the rulebooks' rules. ``journeys`` has the order of the steps.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from putright import fields
from putright.calendars import LAST, Calendar
from putright.engine.clocks import Clocks
from putright.engine.conditions import Conditions
from putright.engine.facts import CaseFacts
from putright.fields import LETTERS
from putright.plugins import Host
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.conditions import Condition
from putright.rulebooks.limits import Limit
from putright.rulebooks.rules import Notice, Rule, Timed

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
        self.book = book
        self.rulings = book.rulings()
        self.held = book.held_stages()
        self.calendar = calendar

    def due(self, rule: Timed, limit: Limit, start: Date) -> Date:
        """The day a limit of a rule ends; of several readings of what the start is in the count, the earliest."""
        return limit.end(self.calendar, start, self.book.begins(rule, limit)[0])


class Law:
    """The rulebooks that judge a case, asked as one: the council's own first."""

    def __init__(self, books: Sequence[Rulebook], host: Host) -> None:
        self.books = tuple(Book(book, host.calendar(book)) for book in books)
        self.calendar = self.books[0].calendar
        self.own = host.vocabulary.fields_of(books[0].council)
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
        return frozenset(start for rule in rules for start in rule.starts)

    def own_dates(self, stage: int | None) -> list[fields.Field]:
        """The council's own dates at a stage, or of the whole case, that rules count from or ask for."""
        dates = [own for own in self.own.values() if own.stage == stage and own.type is fields.Type.DATE]
        return [own for own in dates if own.name in self.starts or self.timed(own.name)]

    @cached_property
    def stages(self) -> tuple[int, ...]:
        """The stages for which the rules ask for a step of the council's, whether they ask for an answer or not."""
        asked = {ruling.rule.events[-1] for _, ruling in self.rulings() if isinstance(ruling.rule, Timed | Notice)}
        return tuple(n for n in fields.STAGES if not asked.isdisjoint(fields.steps(n)[1:]))


class Course:
    """A case from the day it was received, by chance or, where there is a lesson, as that asks."""

    def __init__(
        self,
        law: Law,
        received: Date,
        rng: random.Random,
        lesson: Lesson | None = None,
        flags: Iterable[str] = (),
    ) -> None:
        self.law, self.rng, self.lesson = law, rng, lesson
        self.received = received
        self.at: dict[str, Date] = {"received": received}
        self.beside: dict[str, dict[str, object]] = {}
        """What is recorded together with an event, and goes where it goes."""
        self.row: dict[str, object] = {}
        self.flags = set(flags)
        self.unrecorded: set[str] = set()
        self.outcomes: dict[int, str] = {}
        self.made_too_late = False
        self.late_requests: set[int] = set()
        self.holds: dict[int, tuple[Date, Date]] = {}
        self.extended: dict[tuple[Book, str], Date] = {}
        self.care = rng.choice((0.4, 0.7, 1.0, 1.8))  # some cases are handled worse than others
        self.conditions = list(self._conditions())
        self.wanted = frozenset(self._wanted())
        self.deepest = max((fields.named(name).stage or 0 for name in self.wanted), default=0)

    # --- what the lesson asks -------------------------------------------------------------------

    def _conditions(self) -> Iterator[Condition]:
        """What must hold for the lesson's rule to arise, in each book where it depends on something."""
        for _, ruling in self.law.rulings(self.lesson.rule) if self.lesson else ():
            conditions = [part.rule.when for part in ruling.parts]
            if all(conditions):  # the first that a record can show
                yield from [each for each in conditions if each and not each.person][:1]

    def _wanted(self) -> Iterator[str]:
        """The fields that the lesson's rule is about."""
        if self.lesson is None:
            return
        name = self.lesson.rule
        for _, ruling in self.law.rulings(name):
            yield from ruling.rule.events
        entry = fields.VOCABULARY[name]
        if name in LETTERS:
            yield LETTERS[name].sent
        elif entry.stage and entry.act is not fields.Act.PANEL:  # a lesson about the panel need not go on to the answer
            yield f"stage{entry.stage}_responded"
            if entry.act is fields.Act.EXTEND:
                yield f"stage{entry.stage}_extension_notified"
        for condition in self.conditions:
            yield from condition.needs()

    @property
    def last_wanted(self) -> Date:
        """The day by which the lesson has been shown."""
        return max((self.at[name] for name in self.wanted if name in self.at), default=self.received)

    def wants(self, field: str, chance: float) -> bool:
        return field in self.wanted if self.lesson else self.rng.random() < chance

    def chance(self, chance: float) -> bool:
        """Things that go wrong by themselves; never where there is a lesson."""
        return self.lesson is None and self.rng.random() < chance * self.care

    def manner(self, names: Iterable[str], *, side: bool = False) -> str:
        """How what these rules ask for is done. With any lesson, something else may go wrong too."""
        if self.lesson and (self.lesson.rule in names or not side):
            return LATE if self.lesson.broken and self.lesson.rule in names else KEPT
        roll = self.rng.random() / self.care
        return LATE if roll < 0.09 else BLANK if roll < 0.13 else KEPT

    # --- days -----------------------------------------------------------------------------------

    def after(self, day: Date, least: int, most: int) -> Date:
        return self.law.calendar.add(day, self.rng.randint(least, most))

    def between(self, first: Date, last: Date) -> Date:
        """A working day in between, the likelier the later; soon after the first where it is too late."""
        days = self.law.calendar.taken(first, last)
        if last < first or not days:
            return self.law.calendar.add(first, 0)
        return self.law.calendar.add(first, round(days * self.rng.random() ** 0.6))

    def dues(self, step: str) -> dict[str, list[Date]]:
        """The rules that time a step now, each with the days it gives; none where it sets no limit."""
        found: dict[str, list[Date]] = {}
        for book, rule in self.law.timed(step):
            if rule.start not in self.at or not self.arises(book, rule):
                continue
            days = found.setdefault(rule.rule, [])
            if rule.by in self.at:
                days.append(self.at[rule.by])
            if ends := self.ends(book, rule):
                longer = self.extended.get((book, rule.rule))
                days += [longer] if longer else ends
        return found

    def ends(self, book: Book, rule: Timed) -> list[Date]:
        """The days on which a rule's time ends, on each reading of it."""
        limit = rule.limit(self.flags)
        if limit is None:
            return []
        if other := rule.alternative:
            pairs = [(rule.start, limit), (other.start, other.within)]
            both = [book.due(rule, limit, self.at[start]) for start, limit in pairs if start in self.at]
            return [max(both) if rule.or_if_later else min(both)]
        return [book.due(rule, limit, self.at[start]) for start in rule.starts if start in self.at]

    def take(self, step: str, after: Date, manner: str | None = None) -> None:
        """Do a step: in time by every rule for it, or late by one, or without a word in the record."""
        dues = self.dues(step)
        by_the_way = step not in self.law.starts and step not in self.wanted
        manner = manner or self.manner(dues, side=by_the_way)
        limits = {name: days for name, days in dues.items() if days}
        if limits and manner == LATE:
            first = min(limits, key=lambda name: max(limits[name]))
            name = self.lesson.rule if self.lesson and self.lesson.rule in limits else first
            delay = min(40, 1 + int(self.rng.expovariate(1 / 6)))
            day = self.law.calendar.add(max(after, *limits[name]), delay)
        elif limits:
            day = self.between(after, min(day for days in limits.values() for day in days))
        else:
            day = self.after(after, 0, 3)
        self.at[step] = day
        if manner == BLANK or (manner == LATE and not limits):
            self.unrecorded.add(step)

    def take_own(self, stage: int | None) -> None:
        """Do the council's own steps that come after what has been done so far."""
        for own in self.law.own_dates(stage):
            after = own.after or "received"
            if own.name not in self.at and after in self.at:
                self.take(own.name, self.at[after])

    # --- conditions -----------------------------------------------------------------------------

    def facts(self, day: Date = LAST) -> CaseFacts:
        """All that had happened by a day, entered or not, for the engine."""
        case = self.row | {name: value for event in self.at for name, value in self.beside.get(event, {}).items()}
        return CaseFacts(case | self.at, self.flags, self.holds, day, self.law.own)

    def conditions_of(self, book: Book, day: Date = LAST) -> Conditions:
        """The engine's view of what a rulebook's rules depend on, as the record was on a day."""
        return Conditions(Clocks(book.book, self.facts(day), book.calendar))

    def arises(self, book: Book, rule: Rule) -> bool:
        """Whether what a rule depends on has happened."""
        return (rule.when is None and rule.unless is None) or bool(self.conditions_of(book).shown(rule)[0])

    # --- the record -----------------------------------------------------------------------------

    def record(self, last: Date) -> dict[str, object]:
        """The case as it is on record on the last day: nothing later, and no date nobody entered."""
        row = dict(self.row)
        for event, day in self.at.items():
            if day > last:
                continue
            blank = event in self.unrecorded
            row |= {
                name: value
                for name, value in self.beside.get(event, {}).items()
                if not (blank and name.endswith("_contains")) and name not in self.unrecorded
            }
            if not blank:
                row[event] = day
        for stage, (begin, end) in self.holds.items():
            if begin <= last:
                row[f"stage{stage}_holds"] = [f"{begin}/{end if end <= last else '..'}"]
        return {name: row[name] for name in (*fields.FIELDS, *self.law.own) if name in row}
