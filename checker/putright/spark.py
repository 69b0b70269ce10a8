"""Audit a Spark DataFrame of case records, with the functions of ``putright.arrow`` run by ``mapInArrow``.

For more cases than one machine can audit: see ``docs/large.md``. The references that more than one row has are found
by Spark itself, which brings the rows of one reference together. Nothing runs until Spark is asked for the result.

putright and the councils' plugins must be installed on every worker, in the versions that the driver has: they are
loaded there by name, once in each Python process. Each worker audits with one thread for each of Spark's tasks.

Needs pyspark, pandas (which pyspark asks for) and ``putright[arrow]``. A platform brings the first two; elsewhere
``putright[spark]`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, Unpack

from putright import extras
from putright.files.tables import column_name

try:
    from putright import arrow
finally:
    extras.need("putright.spark", "spark")

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

__all__ = ["Options", "findings", "reconciliation", "rejected", "unreadable"]

_REFERENCE = "putright_reference"
_REPEATED = "putright_repeated"
#: Options of several names.
_NAMES = ("kept", "only_plugins")


class Options(arrow.AuditOptions, total=False):
    """The options of an audit: those of ``putright.arrow.AuditOptions``, except what Spark sees to."""


def findings(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """The findings (the columns of ``putright.arrow.FINDINGS``), in no order.

    ``frame`` has a row for each case; a column is a field if it has its name (case does not matter), and
    ``putright.arrow.columns_left_out(frame.columns)`` lists the others. A column ``putright_row`` (whole numbers)
    numbers the rows; without it they have no numbers, and are known by their references.

    Raises Mistake at once for columns and options that cannot be used. What a worker finds wrong later reaches the
    driver as Spark's own exception, with the sentence in its text.
    """
    return _mapped(frame, "findings", arrow.FINDINGS, options)


def rejected(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """The rows that were rejected, and why (``putright.arrow.REJECTED``). See ``findings``."""
    return _mapped(frame, "rejected", arrow.REJECTED, options)


def unreadable(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """The values taken as not recorded (``putright.arrow.REJECTED``), with ``keep_readable``. See ``findings``."""
    return _mapped(frame, "unreadable", arrow.REJECTED, options)


def reconciliation(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """The counts of the whole frame: one row (``putright.arrow.RECONCILIATION``). See ``findings``."""
    from pyspark.sql import functions as F

    counts = _mapped(frame, "reconciliation", arrow.RECONCILIATION, options)
    zero = F.lit(0).cast("long")
    return counts.agg(*(F.coalesce(F.sum(name), zero).alias(name) for name in arrow.RECONCILIATION.names))


def _mapped(frame: DataFrame, what: str, schema: pa.Schema, options: Options) -> DataFrame:
    """One function of ``putright.arrow`` run over the frame."""
    if unknown := options.keys() - Options.__annotations__:
        raise TypeError(f"{what}() got an unexpected option {', '.join(sorted(unknown))}")
    known = arrow.Order(**options).known  # Mistake for options that cannot be used
    sent: dict[str, Any] = dict(options)
    for name in _NAMES:
        if sent.get(name) is not None:
            sent[name] = tuple(sent[name])  # what can be sent, whatever it was
    return _marked(_fields(frame, known)).mapInArrow(_auditor(what, sent), _columns(schema))


def _fields(frame: DataFrame, known: Collection[str]) -> DataFrame:
    """The columns that name fields, by their plain names, and the rows' numbers."""
    from pyspark.sql import functions as F

    arrow.columns_left_out(frame.columns)  # Mistake for columns that cannot be used
    wanted = {column_name(name): F.col(f"`{name.replace('`', '``')}`") for name in frame.columns}
    fields: dict[str, Column] = {name: column for name, column in wanted.items() if name in known}
    fields.setdefault("reference", F.lit(None).cast("string"))
    numbers = wanted.get(arrow.ROW_NUMBER, F.lit(None).cast("long"))
    kept = [column.alias(name) for name, column in fields.items()]
    return frame.select(*kept, numbers.alias(arrow.ROW_NUMBER))


def _marked(frame: DataFrame) -> DataFrame:
    """The frame with a column that is true for each row whose reference another row has.

    References are compared as the audit reads them: without the blanks at their ends, of which Spark's ``trim`` takes
    off only some.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F
    from pyspark.sql.types import StringType, StructType

    schema = StructType(list(frame.schema.fields)).add(_REFERENCE, StringType())
    read = frame.mapInArrow(_with_references(_REFERENCE), schema)
    rows = F.count(F.lit(1)).over(Window.partitionBy(_REFERENCE))
    repeated = F.col(_REFERENCE).isNotNull() & (rows > 1)
    return read.withColumn(_REPEATED, repeated).drop(_REFERENCE)


# --- what the workers run -------------------------------------------------------------------------

# Spark sends these functions to the workers whole, so that each imports what it needs there.


def _with_references(name: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What adds a column to each batch: the references as the audit compares them."""

    def add(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import os

        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        from putright import arrow

        for batch in batches:
            yield batch.append_column(name, arrow.references(batch))

    return add


def _auditor(what: str, options: dict[str, Any]) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What runs one function of ``putright.arrow`` on the batches of a task."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import os

        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        from putright import arrow

        made: Iterator[pa.RecordBatch] = getattr(arrow, what)(batches, repeated=_REPEATED, **options)
        return made

    return run


def _columns(schema: pa.Schema) -> str:
    """An Arrow schema as Spark writes it."""
    names = {"string": "string", "date32[day]": "date", "int32": "int", "int64": "bigint"}
    names["list<item: string>"] = "array<string>"
    return ", ".join(f"`{field.name}` {names[str(field.type)]}" for field in schema)
