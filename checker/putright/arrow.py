"""Audit Arrow record batches: findings out as batches come in, however many there are.

``putright audit`` reads files. This is the way in for other programs: a pipeline that has Arrow data already, or a
distributed engine (``putright.spark``). The values are read as those of a Parquet file, the findings are the same,
and what cannot be read at all raises ``putright.Mistake`` with the sentence that the command shows.

``findings``, ``rejected``, ``unreadable`` and ``reconciliation`` each read the batches once and give one table;
``audit`` gives all four from one reading. Between them every row is accounted for:
``rows_read = audited + rejected + received_after_audit_date + outside_period``.

Needs ``putright[arrow]``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple, Required, TypedDict, TypeVar, Unpack

import numpy as np
import polars as pl

from putright import calendars, extras, hookspecs, plugins
from putright.auditing.audits import Audit, Period
from putright.auditing.audits import audit as audit_records
from putright.auditing.batches import repeated_references
from putright.fields import FIELDS
from putright.files.tables import ROW, Table, quoted
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.records.caserecords import Records, check_columns, make_records
from putright.records.columns import references_of

try:
    import pyarrow as pa

    from putright.files import arrowbatches
    from putright.files.arrowbatches import ROW_NUMBER, ArrowTable, Batches
except ModuleNotFoundError:
    extras.need("putright.arrow", "arrow")
    raise

__all__ = [
    "FINDINGS",
    "RECONCILIATION",
    "REJECTED",
    "ROW_NUMBER",
    "AuditOptions",
    "AuditedBatch",
    "Batches",
    "Options",
    "audit",
    "columns_left_out",
    "findings",
    "reconciliation",
    "references",
    "rejected",
    "unreadable",
]

_Made = TypeVar("_Made")
_text, _date, _list, _count = pa.string(), pa.date32(), pa.list_(pa.string()), pa.int64()

#: The columns of a finding, as in the contract. ``message`` is null unless messages are asked for.
FINDINGS = pa.schema(
    [
        *((name, _text) for name in ("reference", "council", "procedure", "rulebook", "rule", "clause", "kind")),
        ("verdict", _text),
        *((name, _date) for name in ("start", "due", "done")),
        *((name, pa.int32()) for name in ("days_taken", "days_over")),
        ("edition", _text),
        *((name, _list) for name in ("marks", "missing", "to_judge")),
        ("message", _text),
    ]
)
#: The columns of a rejected row, or of a value that could not be read; ``row`` is null if nobody numbered the rows.
REJECTED = pa.schema([("row", _count), *((name, _text) for name in ("reference", "field", "value", "message"))])
#: The columns of the counts, which can be summed: the first is the sum of the next four.
RECONCILIATION = pa.schema(
    [
        *(
            (name, _count)
            for name in ("rows_read", "audited", "rejected", "received_after_audit_date", "outside_period")
        ),
        ("findings", _count),
        ("dates_after_audit_date", _count),  # events that had not happened yet
        ("unreadable", _count),  # values taken as not recorded, with keep_readable
        ("unknown_flags", _count),
        ("without_rulebook", _count),  # a case counts once for each rulebook that is not installed or not for it
    ]
)


class AuditOptions(TypedDict, total=False):
    """The options of an audit, as on the command line. Only ``as_at`` is required."""

    as_at: Required[dt.date]
    """The audit date."""
    council: str | None
    """The council of the rows that name none (the name of its plugin); None: only the national rules apply to them."""
    start: dt.date | None
    """Audit only the cases received from this day (``--from``)."""
    end: dt.date | None
    """Audit only the cases received up to this day (``--to``)."""
    include_not_applicable: bool
    """Keep the findings that are ``not_applicable`` (``--all``)."""
    messages: bool
    """Fill ``message``."""
    keep_readable: bool
    """Audit a case although a value of it cannot be read; ``unreadable`` lists such values (``--keep-readable``)."""
    kept: Collection[str] | None
    """The fields that the records keep, if these are not all that the batches have a column for."""
    only_plugins: Collection[str] | None
    """Load these plugins and no others (``--only-plugins``)."""


class Options(AuditOptions, total=False):
    """The options of an audit here: those of ``AuditOptions``, and what a program already has."""

    host: Host | None
    """The plugins, if they are loaded already."""
    repeated: str | Collection[str] | None
    """The references that more than one row has: themselves, or the name of a Boolean column that is true for their
    rows. None: see ``audit``."""


class AuditedBatch(NamedTuple):
    """One batch of cases audited: a record batch of each of the four schemas."""

    findings: pa.RecordBatch
    """FINDINGS: a row for each case and rule."""
    rejected: pa.RecordBatch
    """REJECTED: a row for each row that was rejected."""
    unreadable: pa.RecordBatch
    """REJECTED: a row for each value that was taken as not recorded."""
    reconciliation: pa.RecordBatch
    """RECONCILIATION: one row."""


def audit(batches: Batches, **options: Unpack[Options]) -> Iterator[AuditedBatch]:
    """Audit record batches one after the other; a batch of more than 50,000 rows in pieces.

    ``batches`` are ``pyarrow.RecordBatch`` objects, or others with ``__arrow_c_array__`` or ``__arrow_c_stream__``
    (a polars DataFrame, say), with the same columns in each. They come as

    - an iterator, which is read once and may never end;
    - or something that can be read again: a list, a ``pyarrow.Table``, a ``pyarrow.dataset.Dataset``, or a function
      without arguments that returns an iterator.

    A column is a field if it has its name (case does not matter); ``columns_left_out`` lists the others. A column
    ``putright_row`` (whole numbers) numbers the rows; without it they are numbered from 1. A field without a column
    is not kept.

    Every row whose reference another row has is rejected. What can be read again is therefore read twice, the first
    time for its references alone. An iterator cannot be: its references are compared with all that came before (8
    bytes of memory for each), and Mistake is raised if one comes again in a later batch, since its findings have been
    given already. With ``repeated`` nothing is kept in memory, and Mistake is raised for a reference that comes
    twice in one batch and is not among them.

    Raises Mistake at once for options that cannot be used, and from the iterator for batches that cannot be read.
    """
    return Order(**options).audited(batches, lambda each: each)


def findings(batches: Batches, **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """The findings (FINDINGS), in the order of the rows, then by rulebook and rule. See ``audit``."""
    return Order(**options).audited(batches, lambda each: each.findings)


def rejected(batches: Batches, **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """The rows that were rejected, and why (REJECTED). See ``audit``."""
    return Order(**options).audited(batches, lambda each: each.rejected)


def unreadable(batches: Batches, **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """The values taken as not recorded (REJECTED); none unless ``keep_readable`` is set. See ``audit``."""
    return Order(**options).audited(batches, lambda each: each.unreadable)


def reconciliation(batches: Batches, **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """The counts of all batches together: one row (RECONCILIATION), when the last has been read. See ``audit``."""
    return _summed(Order(**options).audited(batches, lambda each: each.reconciliation))


def columns_left_out(names: Collection[str]) -> list[str]:
    """The columns, of those with these names, that name none of putright's fields.

    They are not read, but for the fields that a council's plugin adds.
    Raises Mistake if none names a field, or if two have the same name.
    """
    table = arrowbatches.empty_table(names)
    check_columns(table)
    return [name for name in table.frame.columns[1:-1] if name not in FIELDS and name != ROW_NUMBER]


def references(batch: pa.RecordBatch) -> pa.Array:
    """The reference of each row as an audit compares it: text without blanks at its ends; null if there is none."""
    parts = [references_of(table) for table in arrowbatches.only_references(iter([batch]))]
    return pl.concat(parts).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.string())


@dataclass(frozen=True)
class Order:
    """The options of an audit, checked. Raises Mistake for those that cannot be used."""

    as_at: dt.date
    council: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    include_not_applicable: bool = False
    messages: bool = False
    keep_readable: bool = False
    kept: Collection[str] | None = None
    only_plugins: Collection[str] | None = None
    host: Host | None = field(default=None, repr=False)
    repeated: str | Collection[str] | None = None

    def __post_init__(self) -> None:
        for name in ("as_at", "start", "end"):
            day = getattr(self, name)
            if day is None and name != "as_at":
                continue
            if type(day) is not dt.date or not calendars.FIRST <= day <= calendars.LAST:
                raise Mistake(
                    f"{name} is {day!r:.80}: give a datetime.date between {calendars.FIRST.year} "
                    f"and {calendars.LAST.year}."
                )
        if self.start and self.end and self.end < self.start:
            raise Mistake(f"end {self.end} comes before start {self.start}.")
        for name in ("kept", "only_plugins"):
            if isinstance(getattr(self, name), str):
                raise Mistake(f"{name} is {getattr(self, name)!r:.80}: give a list of names.")
        if unknown := sorted(set(self.kept or ()) - self.known):
            raise Mistake(f"kept names {', '.join(map(quoted, unknown))}, which is not a field of a case record.")
        if self.council is not None:
            self.plugins.named(self.council)

    @cached_property
    def plugins(self) -> Host:
        """The plugins: those given, or those installed, loaded once in each process."""
        if self.host is not None:
            return self.host
        only = hookspecs.allowed() if self.only_plugins is None else self.only_plugins
        return _load(None if only is None else tuple(only))

    @cached_property
    def known(self) -> frozenset[str]:
        """The fields of case records, councils' own too."""
        return frozenset(self.plugins.vocabulary.every_field())

    def audited(self, batches: Batches, make: Callable[[AuditedBatch], _Made]) -> Iterator[_Made]:
        """What ``make`` makes of each batch."""
        return map(make, self._batches(arrowbatches.source(batches)))

    def _batches(self, source: arrowbatches.Source) -> Iterator[AuditedBatch]:
        counts: list[int] = []
        repeated = self._repeated_in(source, counts)
        read = 0
        flag = self.repeated if isinstance(self.repeated, str) else None
        for each in arrowbatches.tables(_checked(source.open()), flag, self.known):
            read += len(each.rows)
            yield self._audit(each, repeated(each))
        if {read, *counts} != {read}:
            raise Mistake(
                f"The batches had {counts[0]:,} rows when they were first read, and {min(read, *counts):,} later: "
                "what is given must hold the same rows each time it is read, or be an iterator."
            )

    def _audit(self, each: ArrowTable, repeated: pl.Series) -> AuditedBatch:
        host = self.plugins
        records = make_records(
            each.table,
            host.vocabulary,
            None if self.council is None else host.named(self.council),
            repeated,
            None if self.kept is None else frozenset(self.kept),
            keep_readable=self.keep_readable,
        )
        found = audit_records(
            records,
            host,
            self.as_at,
            Period(self.start, self.end),
            include_not_applicable=self.include_not_applicable,
            messages=self.messages,
        )
        return AuditedBatch(
            findings=_batch(found.findings, FINDINGS),
            rejected=_batch(_numbered(records.rejected, each.rows), REJECTED),
            unreadable=_batch(_numbered(records.unreadable, each.rows), REJECTED),
            reconciliation=pa.RecordBatch.from_pylist([_counts(found, records)], RECONCILIATION),
        )

    def _repeated_in(self, source: arrowbatches.Source, counts: list[int]) -> Callable[[ArrowTable], pl.Series]:
        """How to find the references of a table that other rows, of any table, have.

        ``counts`` gets the number of rows each time that references are read for this.
        """
        if isinstance(self.repeated, str):
            return _by_flag(self.repeated)
        if self.repeated is not None:
            values = list(self.repeated) if isinstance(self.repeated, Set) else self.repeated
            given = pl.Series("reference", values).cast(pl.String).str.strip_chars().unique()
            return lambda each: _complete(given, each.table)
        if not source.again:
            return _Stream()
        found, _ = repeated_references(lambda: _counted(arrowbatches.only_references(source.open()), counts))
        return lambda each: _complete(found, each.table)


@cache
def _load(only: tuple[str, ...] | None) -> Host:
    return plugins.load(only)


def _checked(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches; Mistake if no column of the first names a field."""
    for place, batch in enumerate(batches):
        if place == 0:
            columns_left_out(batch.schema.names)
        yield batch


def _counted(tables: Iterator[Table], counts: list[int]) -> Iterator[Table]:
    """The tables; ``counts`` gets the number of their rows, at the end."""
    rows = 0
    for table in tables:
        rows += table.frame.height
        yield table
    counts.append(rows)


# --- references that come more than once ----------------------------------------------------------


def _twice(references: pl.Series) -> pl.Series:
    """Those that come more than once, each once."""
    references = references.drop_nulls()
    return references.filter(references.is_duplicated()).unique()


def _complete(repeated: pl.Series, table: Table) -> pl.Series:
    """The references that are repeated; Mistake if the table shows one that is not among them."""
    found = _twice(references_of(table))
    missing = found.filter(~found.is_in(repeated.implode())).sort()
    if missing.len():
        raise Mistake(
            f"reference {quoted(missing[0])} is in more than one row, but is not given as repeated: "
            "'repeated' must have every reference that more than one row has."
        )
    return repeated


def _by_flag(name: str) -> Callable[[ArrowTable], pl.Series]:
    """The references of the rows for which a column is true."""

    def find(each: ArrowTable) -> pl.Series:
        references, flags = references_of(each.table), each.flags
        assert flags is not None
        if (references.is_not_null() & flags.is_null()).any():
            raise Mistake(f"Column {quoted(name)} is null for a row that has a reference: it must be true or false.")
        return _complete(references.filter(flags.fill_null(value=False)).drop_nulls().unique(), each.table)

    return find


class _Stream:
    """Those of each table of a stream; Mistake for a reference that an earlier table had.

    References are kept as 64-bit hashes, in sorted arrays, each more than twice as long as the next.
    """

    def __init__(self) -> None:
        self._seen: list[np.ndarray] = []

    def __call__(self, each: ArrowTable) -> pl.Series:
        references = references_of(each.table)
        different = references.drop_nulls().unique(maintain_order=True)
        hashes = different.hash().to_numpy()
        if (again := self._has(hashes)).any():
            reference = different.filter(pl.Series(again))[0]
            row = each.rows[int(references.index_of(reference) or 0)]
            where = "" if row is None else f"Record {row:,}: "
            raise Mistake(
                f"{where}reference {quoted(reference)} came in an earlier batch too, whose findings have been given. "
                "Give the batches as a list, a table or a function that opens them, so that they can be read twice, "
                "or give 'repeated'."
            )
        self._add(hashes)
        return _twice(references)

    def _has(self, hashes: np.ndarray) -> np.ndarray:
        found = np.zeros(len(hashes), dtype=np.bool_)
        for seen in self._seen:
            found |= seen[np.searchsorted(seen, hashes).clip(max=len(seen) - 1)] == hashes
        return found

    def _add(self, hashes: np.ndarray) -> None:
        if not len(hashes):
            return
        hashes = np.sort(hashes)
        while self._seen and len(self._seen[-1]) <= 2 * len(hashes):
            hashes = np.sort(np.concatenate([self._seen.pop(), hashes]))
        self._seen.append(hashes)


# --- as Arrow -------------------------------------------------------------------------------------


def _batch(frame: pl.DataFrame, schema: pa.Schema) -> pa.RecordBatch:
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema).combine_chunks()
    return table.to_batches()[0] if table.num_rows else pa.RecordBatch.from_pylist([], schema)


def _numbered(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Rejected rows with the numbers that people know them by, not their places in the batch."""
    said = pl.col("message")
    name = pl.when(pl.col(ROW).is_not_null()).then(pl.format("record {}: ", pl.col(ROW))).otherwise(pl.lit(""))
    renamed = pl.concat_str(name, said.str.replace(_NUMBERED, ""))
    numbered = frame.with_columns(rows.gather(frame[ROW] - 1).alias(ROW))
    return numbered.with_columns(pl.when(said.str.contains(_NUMBERED)).then(renamed).otherwise(said).alias("message"))


#: How a message names the row of an error in the table.
_NUMBERED = r"^record \d+: "


def _counts(found: Audit, records: Records) -> dict[str, int]:
    counts = found.reconciliation
    return {
        "rows_read": counts.rows_read,
        "audited": counts.audited,
        "rejected": counts.rejected,
        "received_after_audit_date": counts.received_after_audit_date,
        "outside_period": counts.outside_period,
        "findings": found.found.count,
        "dates_after_audit_date": found.hidden_dates,
        "unreadable": records.unreadable.height,
        "unknown_flags": sum(records.unknown_flags.values()),
        "without_rulebook": sum(found.without.values()),
    }


def _summed(counts: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    total = dict.fromkeys(RECONCILIATION.names, 0)
    for each in counts:
        for name, count in each.to_pylist()[0].items():
            total[name] += count
    yield pa.RecordBatch.from_pylist([total], RECONCILIATION)
