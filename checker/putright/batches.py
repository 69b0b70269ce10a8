"""A file of any size audited in batches: the same findings whatever the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import polars as pl

from putright.plugins import Host
from putright.readers import Table
from putright.records import Records, check_columns, make_records

#: Opens a file's tables from the start; asked twice of a file of several batches.
Opener = Callable[[], Iterator[Table]]


def record_batches(tables: Opener, host: Host, council: str | None) -> Iterator[Records]:
    """The records of a file, a batch at a time, each reference held against the whole file."""
    stream = tables()
    first = next(stream)
    check_columns(first)
    second = next(stream, None)
    if second is None:
        yield make_records(first, host.councils, host.words, council)
        return
    repeated = repeated_references(chain([first, second], stream))
    del first, second
    for table in tables():
        yield make_records(table, host.councils, host.words, council, repeated)


def repeated_references(tables: Iterable[Table]) -> pl.Series:
    """The references that stand in more than one row, whichever batches those lie in."""
    parts = [
        table.frame["reference"].cast(pl.String).str.strip_chars().drop_nulls()
        for table in tables
        if "reference" in table.frame.columns
    ]
    references = pl.concat([pl.Series("reference", [], dtype=pl.String), *parts])
    return references.filter(references.is_duplicated()).unique()
