"""Two worker processes of Spark find what one machine finds, though one of them is killed on the way."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl
import psutil
import pyarrow as pa
import pytest
import sparkrun
from polars.testing import assert_frame_equal
from putright import arrow, plugins
from putright.synthetic import sample

ROOT = Path(__file__).parents[1]
HOST = plugins.load()
#: Before the synthetic year ends: some cases come later.
AS_AT = dt.date(2026, 8, 1)
#: What marks the processes of this run.
_MARK = "PUTRIGHT_TEST_ON_SPARK"
_FINDINGS_ORDER = ["reference", "rulebook", "rule", "clause", "message"]
_REJECTED_ORDER = ["reference", "field", "value"]


def cases() -> pl.DataFrame:
    """About 2,000 cases of every council, with rows that are rejected for different reasons."""
    rows = []
    for place, council in enumerate(HOST.councils):
        for row in sample.sample(HOST, council, 400, place, year_ending=dt.date(2026, 9, 30)):
            rows.append(row | {"council": council, "reference": f"{council}-{row['reference']}", "Notes": "x"})
    rows[1900]["reference"] = f"\u2003{rows[3]['reference']}\u00a0"  # blanks that are not plain spaces
    rows[700]["reference"] = rows[1500]["reference"] = rows[40]["reference"]
    rows[800]["reference"] = rows[801]["reference"] = None
    rows[900]["reference"] = " "
    rows[1000]["received"] = None
    rows[1100]["council"] = "nowhere"
    rows[1200]["stage1_acknowledged"] = dt.date(2020, 1, 1)
    return pl.DataFrame(rows, infer_schema_length=None)


def here(function: object, frame: pl.DataFrame, schema: pa.Schema) -> pl.DataFrame:
    """What one machine finds."""
    found = pl.from_arrow(pa.Table.from_batches(function(frame, as_at=AS_AT, messages=True), schema))  # type: ignore[operator]
    assert isinstance(found, pl.DataFrame)
    return found


def of_this_run(mark: str) -> list[psutil.Process]:
    """The processes of a run that are alive."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(_MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def run(folder: Path) -> None:
    """Audit on Spark; whatever it leaves is ended."""
    asked = folder / "asked"
    places = [ROOT / "tests" / "offline", ROOT / "tests" / "support", *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {_MARK: str(folder), "PYTHONPATH": os.pathsep.join(map(str, places)), "PUTRIGHT_TESTS_ASKED": str(asked)}
    program = [sys.executable, sparkrun.__file__, str(folder), AS_AT.isoformat()]
    with (folder / "told").open("wb") as told:
        driver = subprocess.Popen(
            program,
            env=os.environ | sparkrun.environment(folder) | own,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
        try:
            code = driver.wait(600)
        finally:
            driver.kill()
            driver.wait()
            until = time.monotonic() + 10  # the engine ends by itself
            while of_this_run(str(folder)) and time.monotonic() < until:
                time.sleep(0.1)
            left = of_this_run(str(folder))
            for process in left:
                process.send_signal(signal.SIGKILL)
            psutil.wait_procs(left, 10)
    assert code == 0, (folder / "told").read_text("utf-8")[-5000:]
    assert not asked.exists(), asked.read_text("utf-8")
    assert not left, left


@pytest.mark.slow
def test_two_workers_find_the_same_though_one_is_killed(tmp_path: Path) -> None:
    frame = cases()
    (tmp_path / "cases").mkdir()
    for place, part in enumerate(frame.iter_slices(500)):
        part.write_parquet(tmp_path / "cases" / f"{place}.parquet")
    run(tmp_path)
    found = {name: pl.read_parquet(tmp_path / f"{name}.parquet") for name in ("findings", "rejected", "counts")}

    said = json.loads((tmp_path / "refused.json").read_text("utf-8"))
    assert [sentence.partition(";")[0] for sentence in said] == [
        "No column names a field of a case record",
        "unknown council 'Camelot'",
    ]
    expected = here(arrow.findings, frame, arrow.FINDINGS).sort(_FINDINGS_ORDER)
    assert expected.height > 15_000
    assert (tmp_path / "killed").exists()
    assert_frame_equal(found["findings"].sort(_FINDINGS_ORDER), expected)

    rejected = here(arrow.rejected, frame, arrow.REJECTED).sort(_REJECTED_ORDER)
    assert rejected["row"].null_count() == 0 and rejected.height == 11
    assert_frame_equal(found["rejected"].sort(_REJECTED_ORDER).drop("row"), rejected.drop("row"))
    assert found["rejected"]["row"].null_count() == rejected.height  # rows of Spark have no order

    counts = found["counts"].row(0, named=True)
    assert found["counts"].height == 1
    assert counts == here(arrow.reconciliation, frame, arrow.RECONCILIATION).row(0, named=True)
    assert counts["rows_read"] == frame.height
    assert counts["received_after_audit_date"] > 0 and counts["rejected"] == rejected.height
    in_four = ("audited", "rejected", "received_after_audit_date", "outside_period")
    assert counts["rows_read"] == sum(counts[name] for name in in_four)


def test_the_documentation_shows_what_is_tried_here() -> None:
    tried = inspect.getsource(sparkrun.audit_on_spark).split("# docs/large.md\n")[1].split("    # end\n")[0]
    assert f"```python\n{textwrap.dedent(tried)}```" in (ROOT / "docs" / "large.md").read_text("utf-8")
