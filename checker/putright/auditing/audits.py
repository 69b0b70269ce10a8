"""The audit: a frame of records in, a frame of findings out, and every row accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from putright import calendars
from putright.auditing import findings
from putright.calendars import Calendar
from putright.engine.codes import CASE, CodedFindings
from putright.engine.facts import Facts
from putright.engine.judging import Judge
from putright.engine.verdicts import Mark
from putright.fields import FIELDS, NATIONAL, Own
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.rulebooks import Rulebook


@dataclass(frozen=True)
class Period:
    """The cases to audit: those received from ``start`` to ``end``, both included; None is open."""

    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True)
class Reconciliation:
    """Every row once: ``rows_read`` is the sum of the other four."""

    rows_read: int
    audited: int
    rejected: int
    received_after_audit_date: int
    outside_period: int


@dataclass(frozen=True)
class Audit:
    """One batch of records, audited."""

    found: CodedFindings
    """The findings in codes, from which their tables are made when asked for."""
    cases: pl.DataFrame
    reconciliation: Reconciliation
    as_at: dt.date
    hidden_dates: int
    books: dict[str, list[str]]
    """Rulebooks used, each with its editions."""
    calendars: tuple[Calendar, ...] = ()
    """The calendars that the rulebooks count by, without any council's own days."""
    without: dict[str, int] = field(default_factory=dict)
    """Rulebooks that would have judged cases but are not there, with how many cases."""
    words: tuple[str, ...] = ()
    """Words for letter contents, as in ``Records``; ``kept`` likewise."""
    kept: frozenset[str] = frozenset(FIELDS)
    messages: bool = True

    @property
    def calendar(self) -> Calendar:
        """The working days for what no rulebook counts."""
        return common_calendar(self.calendars)

    @cached_property
    def findings(self) -> pl.DataFrame:
        """The findings, case by case, in the columns of contract 6.2; ``message`` is null where none were wanted."""
        return findings.frame(self.found, self.cases, self.words, messages=self.messages)

    def coded(self, kinds: Mapping[str, pl.DataType]) -> pl.DataFrame:
        """The same without messages, its text as the Enums of ``kinds``."""
        return findings.coded(self.found, self.cases, self.words, kinds)


def common_calendar(calendars: Collection[Calendar]) -> Calendar:
    """The calendar that all rulebooks count by, or England's where they differ."""
    return next(iter(calendars)) if len(calendars) == 1 else Calendar()


def audit(
    records: Records,
    host: Host,
    as_at: dt.date,
    period: Period | None = None,
    *,
    include_not_applicable: bool = False,
    messages: bool = True,
) -> Audit:
    """Judge every case by its rulebooks, as at the audit date.

    ``include_not_applicable`` keeps ``not_applicable`` findings.
    """
    cases, reconciliation = _select(records, as_at, period or Period())
    found = CodedFindings()
    books: dict[str, list[str]] = {}
    used: dict[str, Calendar] = {}
    without: dict[str, int] = {}
    hidden = 0
    for task in _tasks(cases, host):
        facts = task.facts(records, as_at)
        hidden += facts.hidden_dates()
        for name, count in task.missing.items():
            without[name] = without.get(name, 0) + count
        for judge in _judges_of(task, facts, host):
            before = len(found.by_rule)
            _judge(judge, found, include_not_applicable=include_not_applicable)
            if judge.days and len(found.by_rule) == before:
                continue  # no stage of any case began while this edition was in force
            if judge.book.edition not in (editions := books.setdefault(judge.book.rulebook, [])):
                editions.append(judge.book.edition)
            used[judge.calendar.holidays.name] = host.plain_calendar(judge.book)
    return Audit(
        found=found,
        cases=cases.drop(CASE),
        reconciliation=reconciliation,
        as_at=as_at,
        hidden_dates=hidden,
        books=books,
        calendars=tuple(used.values()),
        without=without,
        words=records.words,
        kept=records.kept,
        messages=messages,
    )


def _select(records: Records, as_at: dt.date, period: Period) -> tuple[pl.DataFrame, Reconciliation]:
    """The cases to audit, and the count of every other row by reason."""
    received = pl.col("received")
    known = records.frame.filter(received <= as_at)
    within = known
    if period.start:
        within = within.filter(received >= period.start)
    if period.end:
        within = within.filter(received <= period.end)
    return within.with_row_index(CASE).cast({CASE: pl.Int64}), Reconciliation(
        rows_read=records.rows_read,
        audited=within.height,
        rejected=records.rejected.height,
        received_after_audit_date=records.frame.height - known.height,
        outside_period=known.height - within.height,
    )


def judges(records: Records, host: Host, as_at: dt.date) -> Iterator[Judge]:
    """A judge for each rulebook and edition that judges cases of these records, over those cases."""
    cases, _ = _select(records, as_at, Period())
    for task in _tasks(cases, host):
        yield from _judges_of(task, task.facts(records, as_at), host)


@dataclass(frozen=True)
class _Task:
    """Cases of one kind, and the rulebooks (by edition) that judge them, each with its cases.

    An edition that is chosen by the day of each stage has that edition's days too.
    """

    cases: pl.DataFrame
    books: list[tuple[Rulebook, np.ndarray, Days | None]]
    missing: dict[str, int]
    """Rulebooks that are not there, or are not for all of the cases, with how many cases they do not judge."""
    own: Own
    """The fields that the council has of its own."""

    def facts(self, records: Records, as_at: dt.date) -> Facts:
        """What the cases show on the audit date."""
        return Facts(self.cases, as_at, records.words, records.kept, own=self.own)


def _tasks(cases: pl.DataFrame, host: Host) -> Iterator[_Task]:
    kinds = cases.with_columns(_landlord=_flagged(cases, "landlord"))
    for part in _alike(kinds, ["council", "procedure", "_landlord"]):
        council, procedure, is_landlord = part.select("council", "procedure", "_landlord").row(0)
        part = part.drop("_landlord")
        books: list[tuple[Rulebook, np.ndarray, Days | None]] = []
        missing: dict[str, int] = {}
        for name in rulebook_names(host, council, str(procedure), landlord=bool(is_landlord)):
            judged = np.zeros(part.height, dtype=np.bool_)
            for book, keep, days in _editions(host.editions.get(name, ()), part["received"]):
                keep = keep & _written_for(book, part)
                judged |= keep
                if keep.any():
                    books.append((book, keep, days))
            if not judged.all():
                missing[name] = int((~judged).sum())
        yield _Task(part, books, missing, host.vocabulary.fields_of(council))


def _flagged(cases: pl.DataFrame, flag: str) -> pl.Series:
    """Cases that have a flag."""
    if "flags" not in cases.columns:
        return pl.repeat(False, cases.height, eager=True)
    return cases["flags"].str.contains(f";{flag};", literal=True).fill_null(False)


def _written_for(book: Rulebook, cases: pl.DataFrame) -> np.ndarray:
    """Cases that the document is written for: some are only for cases with a flag, or leave these to another."""
    keep = np.ones(cases.height, dtype=np.bool_)
    if book.for_flag:
        keep &= _flagged(cases, book.for_flag).to_numpy()
    if book.not_for_flag:
        keep &= ~_flagged(cases, book.not_for_flag).to_numpy()
    return keep


def _alike(cases: pl.DataFrame, keys: list[str]) -> list[pl.DataFrame]:
    """The cases parted by these columns; a file of one kind, as most are, is not copied."""
    if cases.height and cases.select(pl.col(keys).eq_missing(pl.col(keys).first()).all()).row(0) == (True,) * len(keys):
        return [cases]
    return cases.partition_by(keys, maintain_order=True)


def rulebook_names(host: Host, council: str | None, procedure: str, *, landlord: bool) -> list[str]:
    """The rulebooks that judge a case: the council's own, then the national one that this names.

    Where no local rulebook judges the case, the national one is the procedure's own, if the council follows England's.
    """
    local = None if council is None else f"{council}.{procedure}"
    housing = f"{council}.housing"
    if procedure == "corporate" and landlord and housing in host.editions:
        local = housing
    own = host.editions[local][-1] if local in host.editions else None
    judged = own is not None and not (landlord and own.not_for_flag == "landlord")
    usual = "housing" if procedure == "corporate" and landlord else NATIONAL.get(procedure)
    if own and judged:
        national = _governing(own, usual)
    else:
        national = usual if host.follows_england(council) else None
    return [name for name in (local, national) if name]


def _governing(book: Rulebook, usual: str | None) -> str | None:
    """The national rulebook that governs one: of two Codes, ``housing`` for landlord cases and ``lgsco`` for others."""
    return usual if usual in book.governed_by else next(iter(book.governed_by), None)


#: The first and last day of an edition, as places in the calendar.
Days = tuple[int, int]


def _editions(
    editions: tuple[Rulebook, ...], received: pl.Series
) -> Iterator[tuple[Rulebook, np.ndarray, Days | None]]:
    """Each edition with the cases it judges: the one in force on the day received, or the earliest.

    Where the day of each stage chooses it, each edition judges part of every case.
    """
    for place, book in enumerate(editions):
        if book.edition_by == "stage":
            yield book, np.ones(len(received), dtype=np.bool_), _days(editions, place)
            continue
        keep = np.ones(len(received), dtype=np.bool_)
        if place > 0 and book.in_force.start:
            keep &= (received >= book.in_force.start).to_numpy()
        following = editions[place + 1].in_force.start if place + 1 < len(editions) else None
        if following:
            keep &= (received < following).to_numpy()
        if keep.any():
            yield book, keep, None


def _days(editions: tuple[Rulebook, ...], place: int) -> Days:
    """The days of an edition: the earliest has all before it, the last all after it."""
    start = editions[place].in_force.start
    following = editions[place + 1].in_force.start if place + 1 < len(editions) else None
    first = calendars.index(start) if place and start else 0
    return first, calendars.index(following) - 1 if following else calendars.SIZE


def _judges_of(task: _Task, facts: Facts, host: Host) -> Iterator[Judge]:
    """A judge for each rulebook of a task, over the cases that it judges."""
    for book, keep, days in task.books:
        yield Judge(book, facts if keep.all() else facts.of(keep), host.calendar(book), days)


def _judge(judge: Judge, found: CodedFindings, *, include_not_applicable: bool) -> None:
    """Judge by one rulebook, a rule at a time, into ``found``."""
    for outcome in judge.findings():
        for where, mark in _outside(judge.book, judge.day(outcome.ruling)):
            outcome = outcome.marked(where & outcome.arises(), mark)
        among = judge.covers(outcome.ruling)
        found.add(outcome, judge.book, judge.clocks, among, include_not_applicable=include_not_applicable)


def _outside(book: Rulebook, day: np.ndarray) -> Iterator[tuple[np.ndarray, Mark]]:
    """Cases whose day is before or after those on which the edition is in force, with the mark for each."""
    if book.in_force.start:
        yield day < calendars.index(max(book.in_force.start, calendars.FIRST)), Mark.BEFORE_EDITION
    if book.last_day:
        yield day > calendars.index(min(book.last_day, calendars.LAST)), Mark.AFTER_EDITION
