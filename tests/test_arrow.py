"""Arrow record batches give what the command gives for the same cases in a Parquet file, however they are split."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import inspect
import io
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from casefiles import COLUMNS
from hypothesis import given, settings
from hypothesis import strategies as st
from putright import arrow, fields, plugins
from putright.cli import main
from putright.files import arrowbatches
from putright.mistakes import Mistake
from putright.synthetic import sample

ROOT = Path(__file__).parents[1]
HOST = plugins.load()
AS_AT = dt.date(2026, 8, 1)
OPTIONS: dict[str, Any] = {"as_at": AS_AT, "messages": True, "host": HOST}


def collected(function: Callable[..., Iterator[pa.RecordBatch]], batches: object, **options: Any) -> list[Any]:
    schema = {arrow.findings: arrow.FINDINGS, arrow.reconciliation: arrow.RECONCILIATION}.get(function, arrow.REJECTED)
    return pa.Table.from_batches(function(batches, **{**OPTIONS, **options}), schema).to_pylist()


@dataclass(frozen=True)
class Commanded:
    """What the command gave for a Parquet file of these cases."""

    cases: pa.Table
    findings: list[Any]
    rejected: list[Any]
    summary: dict[str, Any]


def commanded(cases: pa.Table, folder: Path, *options: str) -> Commanded:
    pq.write_table(cases, folder / "cases.parquet")
    outputs = [f"--{name}={folder / file}" for name, file in _OUTPUTS.items()]
    with contextlib.redirect_stdout(io.StringIO()):
        words = ["audit", str(folder / "cases.parquet"), f"--as-at={AS_AT}", "--messages", *outputs, *options]
        assert main(words) == 0
    return Commanded(
        cases,
        pq.read_table(folder / "findings.parquet").to_pylist(),
        [json.loads(line) for line in (folder / "rejected.jsonl").read_text("utf-8").splitlines()],
        json.loads((folder / "summary.json").read_text("utf-8")),
    )


_OUTPUTS = {"output": "findings.parquet", "rejected": "rejected.jsonl", "summary": "summary.json"}


def year(council: str, count: int = 60) -> list[dict[str, Any]]:
    return sample.sample(HOST, council, count, 3, year_ending=dt.date(2026, 9, 30))


@pytest.fixture(scope="module")
def every_council(tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    rows, each = [], 300 // len(HOST.councils) + 1
    for name in HOST.councils:
        rows += [row | {"council": name, "reference": f"{name} {row['reference']}"} for row in year(name, each)]
    rows[250]["reference"] = f"\u2003{rows[3]['reference']}\u00a0"  # blanks that are not plain spaces
    rows[17]["reference"] = rows[260]["reference"] = rows[18]["reference"]
    rows[30]["reference"], rows[31]["reference"] = None, " "
    rows[40]["received"], rows[50]["council"], rows[60]["flags"] = None, "nowhere", ["odd"]
    rows[70]["stage1_acknowledged"] = dt.date(2020, 1, 1)
    table = pl.DataFrame(rows, infer_schema_length=None).with_columns(Notes=pl.lit("not a field")).to_arrow()
    return commanded(table, tmp_path_factory.mktemp("five"), "--from=2025-11-01", "--to=2026-09-01")


PERIOD = {"start": dt.date(2025, 11, 1), "end": dt.date(2026, 9, 1)}


def split(table: pa.Table, ends: list[int]) -> list[pa.RecordBatch]:
    """The table in batches that end at these rows."""
    places = sorted({0, table.num_rows, *ends})
    parts = [table.slice(start, end - start) for start, end in pairwise(places)]
    return [part.combine_chunks().to_batches()[0] for part in parts]


@settings(max_examples=8)
@given(ends=st.lists(st.integers(1, 299), max_size=6))
def test_any_split_gives_what_the_command_gives(every_council: Commanded, ends: list[int]) -> None:
    parts = list(arrow.audit(split(every_council.cases, ends), **OPTIONS, **PERIOD))
    assert [row for part in parts for row in part.findings.to_pylist()] == every_council.findings
    assert [row for part in parts for row in part.rejected.to_pylist()] == every_council.rejected


def test_every_row_is_accounted_for(every_council: Commanded) -> None:
    batches = split(every_council.cases, [100, 200])
    (counts,) = collected(arrow.reconciliation, batches, **PERIOD)
    summary = every_council.summary
    four = ("audited", "rejected", "received_after_audit_date", "outside_period")
    assert counts["rows_read"] == every_council.cases.num_rows == sum(counts[name] for name in four)
    assert all(counts[name] for name in four)
    assert {name: counts[name] for name in ("rows_read", *four)} == summary["reconciliation"]
    assert counts["findings"] == len(every_council.findings)
    assert counts["dates_after_audit_date"] == summary["dates_after_audit_date"] > 0
    assert counts["unknown_flags"] == sum(summary["unknown_flags"].values()) == 1
    assert counts["without_rulebook"] == sum(summary["without_rulebook"].values())
    assert arrow.columns_left_out(every_council.cases.column_names) == summary["columns_left_out"] == ["notes"]
    each = [batch.reconciliation.to_pylist()[0] for batch in arrow.audit(batches, **OPTIONS, **PERIOD)]
    assert len(each) == 3
    assert {name: sum(part[name] for part in each) for name in counts} == counts


def test_batches_can_be_given_in_many_ways(every_council: Commanded, tmp_path: Path) -> None:
    table = every_council.cases
    pq.write_table(table, tmp_path / "cases.parquet")
    for batches in (
        table,
        pl.DataFrame(table),
        [pl.DataFrame(table.slice(0, 99)), table.slice(99)],
        iter([table.combine_chunks().to_batches()[0]]),
        pa.RecordBatchReader.from_batches(table.schema, table.combine_chunks().to_batches()),
        lambda: iter(table.to_batches(50)),
        pa.dataset.dataset(tmp_path / "cases.parquet"),
    ):
        assert collected(arrow.findings, batches, **PERIOD) == every_council.findings


def test_a_long_batch_is_read_in_pieces(every_council: Commanded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrowbatches, "LONGEST", 37)
    batch = every_council.cases.combine_chunks().to_batches()[0]
    assert len(list(arrow.audit([batch], **OPTIONS))) == math.ceil(batch.num_rows / 37) > 8
    assert collected(arrow.findings, [batch], **PERIOD) == every_council.findings
    assert collected(arrow.rejected, [batch], **PERIOD) == every_council.rejected


def test_the_schemas_are_the_contracts() -> None:
    assert [name for name in arrow.FINDINGS.names if name != "to_judge"] == COLUMNS
    for function, schema in ((arrow.findings, arrow.FINDINGS), (arrow.rejected, arrow.REJECTED)):
        (batch,) = function(pa.table({"reference": ["A"], "received": ["2026-01-05"]}), as_at=AS_AT, host=HOST)
        assert batch.schema == schema
    assert collected(arrow.findings, []) == collected(arrow.rejected, iter([])) == []
    assert collected(arrow.reconciliation, iter([])) == [dict.fromkeys(arrow.RECONCILIATION.names, 0)]
    empty = pa.table({"reference": pa.array([], pa.string())})
    assert collected(arrow.findings, empty.schema.empty_table()) == []


# --- values ---------------------------------------------------------------------------------------

_NOON = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)  # the first of July in London
#: Columns of every type that a program may have, good values and bad.
VALUES = {
    "text": pa.table({"reference": ["A", " B ", "C"], "received": ["2026-01-05", "05/01/2026", "2026-01-05T10:00Z"]}),
    "large text": pa.table({"reference": pa.array(["A"], pa.large_string()), "received": ["2026-01-05"]}),
    "dictionary": pa.table({"reference": ["A", "B"], "received": pa.array(["2026-01-05", "?"]).dictionary_encode()}),
    "whole numbers": pa.table({"reference": [1, 2, 2], "received": [20260105, 3, 4]}),
    "floats": pa.table({"reference": [1.0, 2.5, float("nan")], "received": ["2026-01-05"] * 3}),
    "decimals": pa.table({"reference": [decimal.Decimal("1.50")], "received": ["2026-01-05"]}),
    "dates": pa.table({"reference": ["A", "B"], "received": [dt.date(2026, 1, 5), dt.date(1200, 1, 1)]}),
    "dates in milliseconds": pa.table({"reference": ["A"], "received": pa.array([dt.date(2026, 1, 5)], pa.date64())}),
    "times": pa.table({"reference": ["A"], "received": pa.array([dt.datetime(2026, 1, 5, 9)], pa.timestamp("ns"))}),
    "times of a zone": pa.table({"reference": ["A"], "received": pa.array([_NOON], pa.timestamp("us", "Asia/Tokyo"))}),
    "bytes": pa.table({"reference": [b"A", b"\xff"], "received": [b"2026-01-05", b"2026-01-05"]}),
    "lists": pa.table(
        {
            "reference": ["A", "B"],
            "received": ["2026-01-05", "2026-01-05"],
            "flags": [["landlord", None], []],
            "stage1_holds": [["2026-01-06/2026-01-07"], ["2026-01-07/2026-01-06"]],
            "stage1_acknowledgement_contains": ["reference;handler", "nonsense"],
        }
    ),
    "records in a column": pa.table({"reference": ["A"], "received": [{"day": 5}]}),
    "true and false": pa.table({"reference": ["A"], "received": ["2026-01-05"], "representative": [True]}),
    "nulls": pa.table({"reference": ["A"], "received": pa.nulls(1)}),
    "no reference": pa.table({"received": ["2026-01-05"]}),
    "no received": pa.table({"reference": ["A"]}),
    "too long": pa.table({"reference": ["A", "B"], "received": ["2026-01-05", "x" * 1_000_001]}),
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("keep", [False, True])
def test_values_are_read_as_in_a_parquet_file(kind: str, keep: bool, tmp_path: Path) -> None:
    expected = commanded(VALUES[kind], tmp_path, *(["--keep-readable"] if keep else []))
    assert collected(arrow.findings, VALUES[kind], keep_readable=keep) == expected.findings
    assert collected(arrow.rejected, VALUES[kind], keep_readable=keep) == expected.rejected
    assert collected(arrow.unreadable, VALUES[kind], keep_readable=keep) == expected.summary["unreadable"]["listed"]
    (counts,) = collected(arrow.reconciliation, VALUES[kind], keep_readable=keep)
    assert counts["unreadable"] == expected.summary["unreadable"]["values"]


def test_a_time_with_an_offset_is_taken_to_london() -> None:
    table = pa.table({"reference": ["A"], "received": pa.array([_NOON], pa.timestamp("s", "+05:30"))})
    starts = {each["start"] for each in collected(arrow.findings, table) if each["rule"] == "acknowledge-stage1"}
    assert starts == {dt.date(2026, 7, 1)}


def test_a_field_without_a_column_is_not_kept() -> None:
    columns = {"reference": ["A"], "received": ["2026-06-01"]}

    def verdicts(table: pa.Table, **options: Any) -> set[str]:
        found = collected(arrow.findings, table, only_plugins=["national"], host=None, **options)
        return {each["verdict"] for each in found if each["rule"] == "acknowledge-stage1"}

    blank = {"stage1_acknowledged": pa.nulls(1, pa.string()), "stage1_responded": pa.nulls(1, pa.string())}
    assert verdicts(pa.table(columns)) == {"no_evidence"}
    assert verdicts(pa.table(columns | blank)) == {"breach"}
    assert verdicts(pa.table(columns | blank), kept=["reference", "received"]) == {"no_evidence"}
    assert verdicts(pa.table(columns), kept=list(fields.FIELDS)) == {"breach"}


def test_rows_can_have_their_own_numbers() -> None:
    table = pa.table({"reference": [b"A", b"\xff", b"\xff"], "received": ["?", "", ""], "Putright_Row": [70, 5, None]})
    found = collected(arrow.rejected, table)
    assert [each["row"] for each in found] == [70, 5, None]
    assert found[1]["message"].startswith("record 5: column 'reference' holds bytes")
    assert found[2]["message"].startswith("column 'reference' holds bytes")


# --- references that come more than once ----------------------------------------------------------


def batch(*references: str | None, **more: list[Any]) -> pa.RecordBatch:
    return pa.record_batch({"reference": references, "received": ["2026-01-05"] * len(references), **more})


def audited(batches: object, **options: Any) -> list[str]:
    return sorted({each["reference"] for each in collected(arrow.findings, batches, **options)})


def test_a_stream_ends_at_a_reference_that_came_before() -> None:
    stream = arrow.findings(iter([batch("A", "B", "B"), batch("C"), batch("D", " A ")]), **OPTIONS)
    first = next(stream).to_pylist()
    assert {each["reference"] for each in first} == {"A"}  # both rows of B are rejected
    assert {each["reference"] for each in next(stream).to_pylist()} == {"C"}
    with pytest.raises(Mistake, match=r"^Record 6: reference 'A' came in an earlier batch too"):
        next(stream)


def test_a_stream_may_say_which_references_are_repeated() -> None:
    parts = [batch("A", "B"), batch("C", "A ")]
    for repeated in (["A", "X"], {"A"}, pl.Series(["A"]), pa.array(["A"])):
        assert audited(iter(parts), repeated=repeated) == ["B", "C"]
    marked = [batch("A", "B", twice=[True, False]), batch("C", "A", None, twice=[False, True, None])]
    assert audited(iter(marked), repeated="twice") == ["B", "C"]


def test_a_stream_without_end_is_read_as_it_comes() -> None:
    read = []

    def stream() -> Iterator[pa.RecordBatch]:
        while True:
            read.append(len(read))
            yield batch(f"A{len(read)}", f"B{len(read)}")

    for repeated in (None, []):
        read.clear()
        found = arrow.audit(stream(), **OPTIONS, repeated=repeated)
        for count in range(1, 40):
            assert next(found).reconciliation.to_pylist()[0]["audited"] == 2
            assert len(read) == count


def test_what_a_stream_remembers_is_in_few_pieces() -> None:
    stream = arrow._Stream()
    for place in range(200):
        (table,) = arrowbatches.tables(iter([batch(*(f"{place}-{row}" for row in range(5)))]))
        assert stream(table).is_empty()
    assert sum(map(len, stream._seen)) == 1000 and len(stream._seen) < 10


# --- what cannot be read --------------------------------------------------------------------------

_AGAIN = iter([batch("A"), batch("B")])
WRONG: dict[str, tuple[object, dict[str, Any]]] = {
    r"The batches are of the type int: give pyarrow\.RecordBatch objects": (3, {}),
    "The batches hold an object of the type str": (["cases.parquet"], {}),
    r"No column names a field of a case record; the columns are: a, b\. `putright map`": (
        [pa.record_batch({"a": [1], "b": [2]})],
        {},
    ),
    "The table has two columns named 'reference', column 1 and column 2: rename or remove one": (
        [pa.record_batch([["A"], ["B"]], names=["reference", "Reference "])],
        {},
    ),
    "Batch 2 and batch 1 do not have the same columns; only one of them has: 'received'": (
        [batch("A"), pa.record_batch({"reference": ["B"]})],
        {},
    ),
    "Column 'received' has the Arrow type month_day_nano_interval, which cannot be read": (
        [pa.record_batch({"received": pa.array([(1, 2, 3)], pa.month_day_nano_interval())})],
        {},
    ),
    "Column 'putright_row' has the type String: it must hold whole numbers": ([batch("A", putright_row=["1"])], {}),
    "reference 'A' is in more than one row, but is not given as repeated": ([batch("A", "A")], {"repeated": []}),
    "No column is named 'twice'": ([batch("A")], {"repeated": "twice"}),
    "Column 'twice' has the type String: it must hold true and false": (
        [batch("A", twice=["yes"])],
        {"repeated": "twice"},
    ),
    "Column 'twice' is null for a row that has a reference": ([batch("A", twice=[None])], {"repeated": "twice"}),
    "The batches had 2 rows when they were first read, and 0 later": (lambda: _AGAIN, {}),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_cannot_be_read_is_a_mistake(sentence: str) -> None:
    batches, options = WRONG[sentence]
    if "twice" in sentence and "null" in sentence:
        batches = [batch("A", twice=pa.nulls(1, pa.bool_()))]  # type: ignore[arg-type]
    with pytest.raises(Mistake, match=f"^{sentence}"):
        collected(arrow.findings, batches, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"as_at": "2026-08-01"}, "as_at is '2026-08-01': give a datetime.date between"),
        ({"as_at": dt.datetime(2026, 8, 1)}, "as_at is datetime.datetime"),
        ({"start": dt.date(1066, 1, 1)}, "start is datetime.date"),
        ({"start": AS_AT, "end": dt.date(2026, 1, 1)}, "end 2026-01-01 comes before start 2026-08-01"),
        ({"council": "Camelot"}, "unknown council 'Camelot'; known: brighton-hove"),
        ({"kept": ["received", "colour"]}, "kept names 'colour', which is not a field"),
        ({"kept": "received"}, "kept is 'received': give a list"),
        ({"only_plugins": ["camelot"], "host": None, "council": "x"}, "no plugin is named camelot"),
    ],
)
@pytest.mark.parametrize("function", [arrow.audit, arrow.findings, arrow.rejected, arrow.reconciliation])
def test_options_that_cannot_be_used_are_a_mistake_at_once(
    function: Callable[..., object], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Mistake, match=f"^{re.escape(sentence)}"):
        function([], **{**OPTIONS, **options})


def test_the_example_in_the_documentation() -> None:
    page = (ROOT / "docs" / "large.md").read_text("utf-8")
    example, shown = re.findall(r"```python\n(.*?)```.*?```text\n(.*?)```", page, re.DOTALL)[0]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(example, {})
    assert said.getvalue() == shown


def test_the_functions_say_what_they_take() -> None:
    """Types for whoever calls them, and a docstring each."""
    for name in arrow.__all__:
        each = getattr(arrow, name)
        if inspect.isfunction(each):
            assert each.__doc__ and each.__annotations__["return"]
