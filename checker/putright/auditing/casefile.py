"""A file of cases and how it is read: whole, or audited batch by batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from putright.auditing.audits import Audit, Period
from putright.auditing.batches import Opener, audit_batches
from putright.files.readers import is_workbook, read_table, read_tables
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping.mappedtables import apply, mapped
from putright.mapping.reading import read_mapping
from putright.plugins import Host
from putright.records.caserecords import Records, make_records, read_records

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class CaseFile:
    """A file of case records that is opened and not yet read. Make it with ``open_cases``."""

    path: Path
    """The file."""
    host: Host
    """The plugins to read and judge it with."""
    council: str | None = None
    """The council of rows that name none."""
    mapping: Path | None = None
    """The file that says how another layout becomes case records."""
    keep_readable: bool = False
    """Whether to keep a case with an unreadable value."""

    @property
    def reads(self) -> dict[Path, str]:
        """The files that are read, with what each is."""
        return {self.path: "the file of cases"} | ({self.mapping: "the mapping"} if self.mapping else {})

    def records(self) -> Records:
        """Reads the whole file. Raises a Mistake if it cannot be read."""
        host, keep = self.host, self.keep_readable
        if self.mapping is None:
            return read_records(self.path, host.vocabulary, self.council, keep_readable=keep)
        mapping = read_mapping(self.mapping, host.vocabulary)
        table = apply(mapping, read_table(self.path, mapping.file_options))
        return make_records(table, host.vocabulary, self.council, keep_readable=keep)

    def audits(
        self,
        as_at: dt.date,
        period: Period | None = None,
        *,
        include_not_applicable: bool = False,
        messages: bool,
        make: Callable[[Audit], _Made],
    ) -> Iterator[tuple[Records, Audit, _Made]]:
        """Gives, for each batch of the file, its records, its audit, and what ``make`` makes of the audit."""
        return audit_batches(
            self._tables(),
            self.host,
            self.council,
            as_at,
            period,
            include_not_applicable=include_not_applicable,
            messages=messages,
            make=make,
            references=None if self.mapping or is_workbook(self.path) else self._references,
            keep_readable=self.keep_readable,
        )

    def _references(self) -> Iterator[Table]:
        return read_tables(self.path, only="reference")

    def _tables(self) -> Opener:
        """How to open the file's tables, from the start."""
        if self.mapping is None:
            plain = partial(read_tables, self.path)
            return self._held(plain) if is_workbook(self.path) else plain
        mapping = read_mapping(self.mapping, self.host.vocabulary)

        def tables() -> Iterator[Table]:
            return mapped(mapping, read_tables(self.path, options=mapping.file_options))

        return tables if mapping.layout == "case" and not is_workbook(self.path) else self._held(tables)

    def _held(self, tables: Opener) -> Opener:
        """Tables that are slow to make, held in memory, since they are asked for several times.

        Only the columns that name a field are held; of any other only the name is wanted.
        """
        known = {ROW, ROW_ERROR, *self.host.vocabulary.every_field()}

        def fields_only(table: Table) -> Table:
            others = [name for name in table.frame.columns if name not in known]
            empty = [pl.lit(None, pl.String).alias(name) for name in others]
            return replace(table, frame=table.frame.with_columns(empty))

        whole = cache(lambda: [fields_only(table) for table in tables()])
        return lambda: iter(whole())
