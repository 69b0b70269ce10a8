"""Audit a file of any size in batches, two at a time. The findings do not depend on the size of a batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import TypeVar

import numpy as np
import polars as pl

from putright.auditing.audits import Audit, Period, audit
from putright.fields import COMMON, Vocabulary
from putright.files.ahead import ahead
from putright.files.tables import Table
from putright.plugins import Host
from putright.records.caserecords import Records, check_columns, kept_fields, make_records
from putright.records.columns import references_of

#: Opens a file's tables from the start; asked several times of a file of several batches.
Opener = Callable[[], Iterator[Table]]

_Made = TypeVar("_Made")


def record_batches(
    tables: Opener, host: Host, council: str | None, *, keep_readable: bool = False
) -> Iterator[Records]:
    """The records of a file, a batch at a time, with each reference checked against the whole file.

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
    include_not_applicable: bool = False,
    messages: bool = True,
    make: Callable[[Audit], _Made],
    references: Opener | None = None,
    keep_readable: bool = False,
) -> Iterator[tuple[Records, Audit, _Made]]:
    """Every batch of a file in order: its records, its audit, and the result of ``make`` on the audit.

    ``references`` opens the same tables with the references alone, if that is quicker. ``keep_readable`` is as in
    ``make_records``.
    """

    def work(records: Callable[[], Records]) -> tuple[Records, Audit, _Made]:
        read = records()
        found = audit(read, host, as_at, period, include_not_applicable=include_not_applicable, messages=messages)
        return read, found, make(found)

    return ahead(work, _unmade(tables, references or tables, host, council, keep_readable=keep_readable))


def _unmade(
    tables: Opener, references: Opener, host: Host, council: str | None, *, keep_readable: bool
) -> Iterator[Callable[[], Records]]:
    """A function for each batch that makes its records."""
    make = partial(make_records, vocabulary=host.vocabulary, council=council, keep_readable=keep_readable)
    first = list(islice(tables(), 2))
    check_columns(first[0])
    if len(first) == 1:
        yield partial(make, first[0])
        return
    kept = kept_fields(first[0], host.vocabulary)
    del first
    repeated, named = repeated_references(references, host.vocabulary)
    for table in tables():
        yield partial(make, table, repeated=repeated, kept=kept | named)


def repeated_references(tables: Opener, vocabulary: Vocabulary = COMMON) -> tuple[pl.Series, frozenset[str]]:
    """The references that more than one row of the file has, and the fields that any of its batches names.

    Millions of references are kept as hashes; only those whose hash repeats are compared as text.
    """
    named: set[str] = set()
    numbers = np.sort(np.concatenate([each.hash().to_numpy() for each in _references(tables, named, vocabulary)]))
    twice = pl.Series(numbers[1:][numbers[1:] == numbers[:-1]]).unique()
    if twice.is_empty():
        return pl.Series("reference", [], dtype=pl.String), frozenset(named)
    found = pl.concat(
        [each.filter(each.hash().is_in(twice.implode())) for each in _references(tables, named, vocabulary)]
    )
    return found.filter(found.is_duplicated()).unique(), frozenset(named)


def _references(tables: Opener, named: set[str], vocabulary: Vocabulary) -> Iterator[pl.Series]:
    """The references of each batch; the fields it names are added to ``named``."""
    yield pl.Series("reference", [], dtype=pl.String)
    for table in tables():
        named |= kept_fields(table, vocabulary)
        yield references_of(table).drop_nulls()
