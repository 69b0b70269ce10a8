"""A file of any size audited in batches, two at a time: the same findings whatever the batch."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar

import numpy as np
import polars as pl

from putright.auditing.audits import Audit, Period, audit
from putright.files.tables import Table
from putright.plugins import Host
from putright.records.caserecords import Records, check_columns, kept_fields, make_records, references_of

#: Opens a file's tables from the start; asked several times of a file of several batches.
Opener = Callable[[], Iterator[Table]]

#: Batches worked on at once. Reading and counting the one before and writing the one before that go on beside.
_AT_ONCE = 2
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def record_batches(
    tables: Opener, host: Host, council: str | None, *, keep_readable: bool = False
) -> Iterator[Records]:
    """The records of a file, a batch at a time, each reference held against the whole file.

    ``keep_readable`` is as in ``make_records``.
    """
    return (make() for make in _unmade(tables, tables, host, council, keep_readable=keep_readable))


def audit_batches(
    tables: Opener,
    host: Host,
    council: str | None,
    as_at: dt.date,
    period: Period | None = None,
    *,
    every: bool = False,
    messages: bool = True,
    make: Callable[[Audit], _Made],
    references: Opener | None = None,
    keep_readable: bool = False,
) -> Iterator[tuple[Records, Audit, _Made]]:
    """Every batch of a file in its order: its records, what the audit found, and what ``make`` makes of that.

    ``references`` opens the same tables with that column alone, where this is quicker. ``keep_readable`` is as in
    ``make_records``.
    """

    def work(records: Callable[[], Records]) -> tuple[Records, Audit, _Made]:
        read = records()
        found = audit(read, host, as_at, period, every=every, messages=messages)
        return read, found, make(found)

    return _ahead(work, _unmade(tables, references or tables, host, council, keep_readable=keep_readable))


def _unmade(
    tables: Opener, references: Opener, host: Host, council: str | None, *, keep_readable: bool
) -> Iterator[Callable[[], Records]]:
    """For each batch, what makes its records."""
    make = partial(make_records, councils=host.councils, words=host.words, council=council, keep_readable=keep_readable)
    first = list(islice(tables(), 2))
    check_columns(first[0])
    if len(first) == 1:
        yield partial(make, first[0])
        return
    kept = kept_fields(first[0])
    del first
    repeated, named = repeated_references(references)
    for table in tables():
        yield partial(make, table, repeated=repeated, kept=kept | named)


def _ahead(work: Callable[[_Item], _Made], items: Iterable[_Item]) -> Iterator[_Made]:
    """The work done on each item, in order; while one is used, threads are at work on those that follow."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        begun: deque[Future[_Made]] = deque()
        for item in items:
            begun.append(pool.submit(work, item))
            if len(begun) > _AT_ONCE:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def repeated_references(tables: Opener) -> tuple[pl.Series, frozenset[str]]:
    """The references that more than one row of the file has, and the fields that any of its batches names.

    Millions of references are kept as numbers; only those whose number comes twice are compared as text.
    """
    named: set[str] = set()
    numbers = np.sort(np.concatenate([each.hash().to_numpy() for each in _references(tables, named)]))
    twice = pl.Series(numbers[1:][numbers[1:] == numbers[:-1]]).unique()
    if twice.is_empty():
        return pl.Series("reference", [], dtype=pl.String), frozenset(named)
    found = pl.concat([each.filter(each.hash().is_in(twice.implode())) for each in _references(tables, named)])
    return found.filter(found.is_duplicated()).unique(), frozenset(named)


def _references(tables: Opener, named: set[str]) -> Iterator[pl.Series]:
    """The references of each batch; the fields it names are added to ``named``."""
    yield pl.Series("reference", [], dtype=pl.String)
    for table in tables():
        named |= kept_fields(table)
        yield references_of(table).drop_nulls()
