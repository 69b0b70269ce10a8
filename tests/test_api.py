"""The door for Python: what is imported and when, how things show themselves, what is said of a mistake."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import lxml.html
import polars as pl
import putright
import pytest
from casefiles import run
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

AS_AT = dt.date(2026, 6, 30)
COUNCIL = "coventry"


@cache
def _host() -> putright.Host:
    return putright.load(councils=[COUNCIL])


@pytest.fixture(scope="module")
def host() -> putright.Host:
    return _host()


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory, host: putright.Host) -> Path:
    path = tmp_path_factory.mktemp("api") / "cases.jsonl"
    rows = putright.sample(host, COUNCIL, 60, 3, year_ending=AS_AT)
    rows[3]["received"] = "no day"
    putright.write_sample(rows, path)
    return path


@pytest.fixture(scope="module")
def audit(cases: Path, host: putright.Host) -> putright.Audit:
    return putright.audit(putright.read_records(cases, host, COUNCIL), host, as_at=AS_AT)


# --- what is there ----------------------------------------------------------------------------------


def test_an_import_loads_nothing_that_is_not_asked_for() -> None:
    said = "import sys, putright; print([m for m in ('polars', 'numpy', 'pydantic', 'pluggy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_name_is_there_and_no_other() -> None:
    assert sorted(putright.__all__) == sorted(name for names in putright._PLACES.values() for name in names)
    assert set(putright.__all__) <= set(dir(putright))
    for name in putright.__all__:
        assert getattr(putright, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        putright.nonsense  # noqa: B018


# --- the same as the command says -------------------------------------------------------------------


def test_findings_summary_and_rejected_rows_are_those_of_the_command(
    cases: Path, audit: putright.Audit, tmp_path: Path
) -> None:
    told = run(
        *("audit", str(cases), "--council", COUNCIL, "--as-at", AS_AT.isoformat(), "--messages"),
        *("--output", str(tmp_path / "f.parquet")),
        *("--summary", str(tmp_path / "s.json"), "--rejected", str(tmp_path / "r.jsonl")),
    )
    assert told.code == 0, told.said
    theirs = pl.read_parquet(tmp_path / "f.parquet")
    assert_frame_equal(audit.findings, theirs.cast(audit.findings.schema))  # type: ignore[arg-type]
    assert json.loads((tmp_path / "s.json").read_text("utf-8")) == json.loads(json.dumps(audit.summary, default=str))
    rejected = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert audit.rejected.to_dicts() == rejected


def test_a_file_audited_in_batches_says_what_records_in_memory_say(
    cases: Path, host: putright.Host, audit: putright.Audit
) -> None:
    again = putright.audit(putright.open_cases(cases, host, COUNCIL), host, as_at=AS_AT)
    assert_frame_equal(again.findings, audit.findings)
    assert again.summary == audit.summary
    assert again.explain("SYNTHETIC-0001").as_data() == audit.explain("SYNTHETIC-0001").as_data()
    assert again.watch().as_data() == audit.watch().as_data()
    assert again.figures(threshold=1) | {"council": None} == audit.figures(threshold=1) | {"council": None}


def test_figures_are_those_of_the_pack(cases: Path, host: putright.Host, tmp_path: Path) -> None:
    audit = putright.audit(putright.open_cases(cases, host, COUNCIL), host, as_at=AS_AT)
    made = audit.pack(tmp_path / "published", publish=True, threshold=1)
    assert [path.name for path in made.files] == ["figures.json", "figures.html", "receipt.json"]
    written = json.loads((tmp_path / "published" / "figures.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(audit.figures(threshold=1)))
    assert made.summary == audit.summary


_ROWS = st.lists(
    st.fixed_dictionaries(
        {"reference": st.integers(1, 60).map("A-{}".format), "received": st.dates(dt.date(2025, 1, 1), AS_AT)},
        optional={
            "stage1_acknowledged": st.one_of(st.none(), st.dates(dt.date(2025, 1, 1), AS_AT)),
            "flags": st.lists(st.sampled_from(["landlord", "fraud"]), max_size=2),
            "representative": st.booleans(),
        },
    ),
    min_size=1,
    max_size=6,
)


@given(_ROWS)
def test_rows_a_table_and_a_file_are_read_alike(rows: list[dict[str, object]]) -> None:
    host = _host()
    of_rows = putright.Records.from_dicts(rows, host, COUNCIL)
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame([{name: row.get(name) for name in names} for row in rows], infer_schema_length=None)
    of_frame = putright.Records.from_frame(frame, host, COUNCIL)
    assert of_rows.rows_read == len(rows)
    for field in dataclasses.fields(putright.Records):  # all that an audit takes of them
        one, other = getattr(of_rows, field.name), getattr(of_frame, field.name)
        if isinstance(one, pl.DataFrame):
            assert_frame_equal(one, other)
        else:
            assert one == other, field.name


def test_cases_of_rows_and_of_a_table_are_audited_alike() -> None:
    days = [AS_AT - dt.timedelta(days) for days in range(0, 400, 9)]
    rows: list[dict[str, object]] = [
        {"reference": f"A-{number}", "received": day, "flags": ["landlord"] if number % 2 else None}
        for number, day in enumerate(days)
    ]
    rows[-1]["reference"] = rows[0]["reference"]  # and one row that is rejected
    host = _host()
    read = (
        putright.Records.from_dicts(rows, host, COUNCIL),
        putright.Records.from_frame(pl.DataFrame(rows, infer_schema_length=None), host, COUNCIL),
    )
    found, same = (putright.audit(records, host, as_at=AS_AT) for records in read)
    assert found.reconciliation["rows_read"] == len(rows) and found.rejected.height == 2
    assert_frame_equal(found.findings, same.findings)
    assert_frame_equal(found.rejected, same.rejected)


# --- in Jupyter -------------------------------------------------------------------------------------


def test_everything_shows_itself_as_html_and_in_plain_text(
    host: putright.Host, audit: putright.Audit, cases: Path
) -> None:
    things = (
        putright.read_records(cases, host, COUNCIL),
        audit,
        audit.explain("SYNTHETIC-0001"),
        audit.watch(),
        putright.due(host, COUNCIL, received=dt.date(2026, 12, 18)),
        putright.assess(host, COUNCIL),
        putright.compare(host, [COUNCIL]),
        putright.rules(host, COUNCIL),
        putright.changes(audit.findings, audit.findings),
        putright.decisions(host),
    )
    for thing in things:
        bundle = thing._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain"}
        assert bundle["text/html"] == thing._repr_html_()
        assert len(bundle["text/plain"]) > 40
        root = lxml.html.fromstring(f"<div>{bundle['text/html']}</div>")
        assert root.text_content().strip()
        for table in root.iter("table"):
            assert table.findall(".//th")


def test_a_case_shows_its_timeline_as_a_picture_with_the_same_in_words(audit: putright.Audit) -> None:
    case = audit.explain("SYNTHETIC-0001")
    root = lxml.html.fromstring(f"<div>{case._repr_html_()}</div>")
    (picture,) = root.iter("svg")
    assert picture.get("role") == "img"
    assert picture.findtext("title")
    words = case._repr_mimebundle_()["text/plain"]
    for _, event in case.timeline:
        assert event in (picture.findtext("desc") or "")
        assert event in words


def test_what_a_record_holds_is_never_markup(host: putright.Host) -> None:
    rows = [{"reference": "<b>x</b>", "received": dt.date(2026, 6, 1)}, {"reference": "<i>", "received": "<script>"}]
    records = putright.Records.from_dicts(rows, host, COUNCIL)
    shown = putright.audit(records, host, as_at=AS_AT).explain("<b>x</b>")._repr_html_() + records._repr_html_()
    assert "<b>x" not in shown
    assert "<script" not in shown


# --- what is wrong ----------------------------------------------------------------------------------


def test_a_mistake_says_what_the_command_says_and_where(tmp_path: Path, host: putright.Host) -> None:
    missing = tmp_path / "none.csv"
    with pytest.raises(putright.Mistake) as caught:
        putright.read_records(missing, host)
    assert caught.value.file == missing
    assert f"putright: {caught.value}" in run("audit", str(missing)).said

    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("layout: case\nfields:\n  reference: A\n  received: received\n  nonsense: A\n", "utf-8")
    (tmp_path / "cases.csv").write_text("A,received\n1,2026-06-01\n", "utf-8")
    with pytest.raises(putright.Mistake) as caught:
        putright.read_records(tmp_path / "cases.csv", host, mapping=mapping)
    assert (caught.value.file, caught.value.line) == (mapping, 5)
    assert str(caught.value) in run("audit", str(tmp_path / "cases.csv"), "--mapping", str(mapping)).said.replace(
        "putright: ", ""
    )


@pytest.mark.parametrize(
    ("ask", "field", "value"),
    [
        (lambda host: putright.due(host), "received", None),
        (lambda host: putright.due(host, received=AS_AT, procedure="other"), "procedure", "other"),
        (lambda host: putright.due(host, events={"never": AS_AT}), "never", AS_AT),
        (lambda host: putright.due(host, "nowhere", received=AS_AT), "council", "nowhere"),
        (lambda host: putright.assess(host, "nowhere"), "council", "nowhere"),
        (lambda host: putright.sample(host, COUNCIL, 0), "cases", 0),
        (
            lambda host: putright.audit(
                putright.Records.from_dicts([{"reference": "A", "received": AS_AT}], host),
                host,
                start=AS_AT,
                end=dt.date(2026, 6, 1),
            ),
            "end",
            dt.date(2026, 6, 1),
        ),
    ],
)
def test_a_wrong_argument_is_named(ask: object, field: str, value: object, host: putright.Host) -> None:
    assert callable(ask)
    with pytest.raises(putright.Mistake) as caught:
        ask(host)
    assert (caught.value.field, caught.value.value) == (field, value)


def test_a_rejected_case_says_why_it_is_not_explained(audit: putright.Audit) -> None:
    with pytest.raises(putright.Mistake) as caught:
        audit.explain("SYNTHETIC-0004")
    assert (caught.value.row, caught.value.field, caught.value.value) == (4, "received", "no day")
    with pytest.raises(putright.Mistake, match="two keys that are one field"):
        putright.Records.from_dicts([{"reference": "A", "Reference": "B"}], audit.host)
    with pytest.raises(putright.Mistake, match="No column names a field"):
        putright.Records.from_frame(pl.DataFrame({"a": [1]}), audit.host)
    with pytest.raises(putright.Mistake, match="open_cases"):
        audit.pack("pack")
