"""What a blank shows (contract 5.2 and contract 5.6): fields that a file does not keep, closed cases, outcomes.

Nobody can tell a missing letter from a missing entry, so none of these becomes a breach.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from casefiles import audit_whole, case, run, write
from casemaking import as_text, cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from putright import fields, plugins
from putright.auditing.audits import audit
from putright.auditing.batches import audit_batches, record_batches
from putright.casework import watch
from putright.files.readers import read_tables
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.records.caserecords import make_records
from putright.rulebooks.rules import Timed

HOST = plugins.load()
KINDS = ("csv", "xlsx", "jsonl", "parquet")
#: Enough columns for a breach where the acknowledgement's field is there, blank.
KEPT = dict.fromkeys(("stage1_acknowledged", "stage1_responded"))
DAYS = ("days_taken", "days_over")


def one(path: Path, rule: str, book: str = "lgsco", as_at: str = "2026-09-30") -> dict[str, Any]:
    return audit_whole(path, "--council", "coventry", as_at=as_at).one(rule, book)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("record", "rule", "verdict", "marks"),
    [
        ("received=2026-06-01", "acknowledge-stage1", "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 kept", "acknowledge-stage1", "breach", {"not_recorded"}),
        ("received=2026-06-01 closed=2026-06-30 kept", "acknowledge-stage1", "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 closed=2026-06-03 kept", "acknowledge-stage1", "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 stage1_outcome=upheld kept", "acknowledge-stage1", "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 stage2_outcome=upheld kept", "acknowledge-stage1", "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 stage1_acknowledged=2026-06-03 stage1_outcome=upheld kept", "respond-stage1",
         "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 stage1_acknowledged=2026-06-03 kept", "respond-stage1", "breach", {"not_recorded"}),
        ("received=2026-06-01 stage1_acknowledged=2026-06-03 closed=2026-07-20 kept", "respond-stage1",
         "no_evidence", {"not_recorded"}),
        ("received=2026-06-01 stage1_acknowledged=2026-06-10 kept", "acknowledge-stage1", "breach", set()),
    ],
)  # fmt: skip
def test_a_blank_is_a_breach_only_where_it_shows_one(
    tmp_path: Path, kind: str, record: str, rule: str, verdict: str, marks: set[str]
) -> None:
    words = record.removesuffix(" kept")
    whole = (KEPT if words != record else {}) | case(words)
    found = one(write(tmp_path / f"cases.{kind}", [whole]), rule)
    assert found["verdict"] == verdict, found["message"]
    assert set(found["marks"]) - {"source_unclear", "start_not_recorded"} == marks
    if verdict == "no_evidence":
        assert found["days_over"] is None


def test_a_blank_before_its_due_date_is_running_whatever_the_file_keeps(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [case("received=2026-09-29")])
    assert one(path, "acknowledge-stage1")["verdict"] == "running"


def test_an_outcome_of_an_earlier_stage_says_nothing_of_a_later_one(tmp_path: Path) -> None:
    whole = dict.fromkeys(fields.FIELDS) | case(
        "received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_responded=2026-03-10 stage1_outcome=upheld "
        "stage2_requested=2026-03-12"
    )
    assert one(write(tmp_path / "cases.jsonl", [whole]), "acknowledge-stage2")["verdict"] == "breach"


def test_a_closure_before_stage_2_was_asked_for_does_not_close_stage_2(tmp_path: Path) -> None:
    whole = dict.fromkeys(fields.FIELDS) | case(
        "received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_responded=2026-03-10 closed=2026-03-11 "
        "stage2_requested=2026-03-12"
    )
    assert one(write(tmp_path / "cases.jsonl", [whole]), "acknowledge-stage2")["verdict"] == "breach"


def test_a_closure_after_the_audit_date_has_not_happened(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [KEPT | case("received=2026-06-01 closed=2026-06-30")])
    assert one(path, "acknowledge-stage1", as_at="2026-06-29")["verdict"] == "breach"


# --- which fields a file keeps --------------------------------------------------------------------


def test_in_json_lines_any_record_names_a_field_for_the_whole_file(tmp_path: Path) -> None:
    rows = [case("received=2026-06-01", reference=f"A{number}") for number in range(40)]
    path = write(
        tmp_path / "cases.jsonl", [*rows, case("received=2026-06-01", reference="B", stage1_acknowledged=None)]
    )
    for batch in (7, 1000):
        verdicts = verdicts_in_batches(path, batch, "acknowledge-stage1")
        assert verdicts == ["breach"] * 41
    without = write(tmp_path / "without.jsonl", rows)
    for batch in (7, 1000):
        assert verdicts_in_batches(without, batch, "acknowledge-stage1") == ["no_evidence"] * 40


def verdicts_in_batches(path: Path, batch: int, rule: str) -> list[str]:
    as_at = dt.date(2026, 9, 30)
    batches = audit_batches(lambda: read_tables(path, batch), HOST, None, as_at, make=lambda each: each.findings)
    found = pl.concat([table for _, _, table in batches])
    return found.filter(rulebook="lgsco", rule=rule)["verdict"].to_list()


def test_a_mapping_keeps_the_fields_it_names(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Ref,Got,Acked,Done\nA1,2026-06-01,,\n", "utf-8")
    for named, verdict in (("", "no_evidence"), ("  stage1_acknowledged: Acked\n", "breach")):
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text(f"layout: case\nfields:\n  reference: Ref\n  received: Got\n{named}", "utf-8")
        found = audit_whole(export, "--mapping", mapping, as_at="2026-09-30").one("acknowledge-stage1", "lgsco")
        assert found["verdict"] == verdict, named


def test_explain_and_watch_say_what_the_audit_says(tmp_path: Path) -> None:
    """The same file: one case explained, and the steps to do."""
    path = write(tmp_path / "cases.csv", [case("received=2026-06-01 stage1_responded=", reference="A1")])
    options = ("--council", "coventry", "--as-at", "2026-09-30", "--format", "json")
    explained = {
        (rule["rulebook"], rule["rule"]): rule["verdict"]
        for rule in json.loads(run("explain", path, "A1", *options).out)["rules"]
    }
    audited = audit_whole(path, "--council", "coventry", as_at="2026-09-30")
    assert explained == {(each["rulebook"], each["rule"]): each["verdict"] for each in audited.findings}
    assert explained["lgsco", "acknowledge-stage1"] == "no_evidence"
    watched = json.loads(run("watch", path, *options).out)
    assert "stage1_acknowledged" in watched["steps_not_kept"]
    assert {step["field"] for step in watched["due"]} == {"stage1_responded"}


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(cases(), min_size=2, max_size=12),
    dropped=st.sets(st.sampled_from(["stage1_acknowledged", "stage1_responded", "stage2_acknowledged", "triaged"])),
    size=st.integers(1, 6),
)
def test_no_step_is_called_undone_for_want_of_its_field(
    rows: list[dict[str, Any]], dropped: set[str], size: int
) -> None:
    """Whatever the cases and the batches, a file without a field gives no late verdict for that step's blank."""
    as_at = max(row["received"] for row in rows) + dt.timedelta(400)
    texts = [as_text({name: value for name, value in row.items() if name not in dropped}) for row in rows]
    names = [name for name in fields.FIELDS if name not in dropped and name not in ("reference", "council")]
    data = {name: pl.Series([text.get(name) for text in texts], dtype=pl.String) for name in names}
    frame = pl.DataFrame({
        ROW: range(1, len(rows) + 1), ROW_ERROR: pl.Series([None] * len(rows), dtype=pl.String),
        "reference": [str(place) for place in range(len(rows))], **data,
    })  # fmt: skip
    parts = [Table(part, day_first=False) for part in frame.iter_slices(size)]
    in_batches = [
        audit(read, HOST, as_at, include_not_applicable=True)
        for read in record_batches(lambda: iter(parts), HOST, "coventry")
    ]
    found = pl.concat([each.findings for each in in_batches])
    whole = audit(
        make_records(Table(frame, day_first=False), HOST.vocabulary, "coventry"),
        HOST,
        as_at,
        include_not_applicable=True,
    )
    assert found.equals(whole.findings)
    for finding in found.iter_rows(named=True):
        book = next(each for each in HOST.editions[finding["rulebook"]] if each.edition == finding["edition"])
        rule = book.rulings()[finding["rule"]].rule
        if isinstance(rule, Timed) and rule.step in dropped:
            assert finding["verdict"] in ("running", "no_evidence", "not_applicable"), finding
    for each in in_batches:
        assert not {step.field for step in watch.open_steps(each, HOST)} & dropped


# --- days taken and days over ---------------------------------------------------------------------


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(cases(), min_size=1, max_size=20))
def test_days_over_are_days_taken_less_days_allowed(rows: list[dict[str, Any]]) -> None:
    """For every late step that no extension or hold moved, on any day of the week."""
    as_at = max(row["received"] for row in rows) + dt.timedelta(500)
    texts = [{"reference": str(place)} | as_text(row) for place, row in enumerate(rows)]
    names = list(dict.fromkeys(name for text in texts for name in text))
    data = {name: pl.Series([text.get(name) for text in texts], dtype=pl.String) for name in names}
    frame = pl.DataFrame(
        {ROW: range(1, len(rows) + 1), ROW_ERROR: pl.Series([None] * len(rows), dtype=pl.String), **data}
    )
    records = make_records(Table(frame, day_first=False), HOST.vocabulary, "coventry")
    for finding in audit(records, HOST, as_at).findings.iter_rows(named=True):
        book = next(each for each in HOST.editions[finding["rulebook"]] if each.edition == finding["edition"])
        rule = book.rulings()[finding["rule"]].rule
        if not isinstance(rule, Timed) or rule.within is None or None in (finding["start"], finding["done"]):
            continue
        calendar = HOST.calendar(book)
        if str(rule.within.unit) != "working days" or finding["days_over"] in (None, 0):
            continue
        own = calendar.add(finding["start"], rule.within.count, book.begins(rule)[0])
        if finding["due"] == own and not (rule.within_if_first or book.held_stages()):
            assert finding["days_taken"] == rule.within.count + finding["days_over"], finding["message"]
