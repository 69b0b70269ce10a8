"""Contract 1: the four kinds of file, blanks, dates, lists, words and columns."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from casefiles import Audited, audit, audit_whole, case, write, write_parquet

KINDS = ["csv", "xlsx", "jsonl", "parquet"]
DAY = dt.date


def read(
    tmp_path: Path, kind: str, *records: dict[str, Any], options: tuple[str, ...] = ("--council", "coventry")
) -> Audited:
    return audit_whole(write(tmp_path / f"cases.{kind}", records), *options)


def received(tmp_path: Path, kind: str, value: Any) -> str | None:
    """The date read from a value of ``received``, None where it is refused."""
    audited = read(tmp_path, kind, case(received=value), case("reference=OTHER received=2026-03-02"))
    assert "OTHER" in audited.references
    if "A1" not in audited.references:
        (row,) = audited.rejected
        assert row["field"] == "received" and row["row"] and row["message"]
        return None
    start = audited.one("acknowledge-stage1", reference="A1")["start"]
    assert isinstance(start, str)
    return start


# --- the same case in every kind of file ----------------------------------------------------------

WHOLE = case(
    "reference=A1 procedure=corporate received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_responded=2026-03-20 "
    "stage1_extension_notified=2026-03-17 stage1_extended_to=2026-03-20 stage1_outcome=upheld representative=true "
    "stage1_handler=O1 stage1_response_contains=decision;reasons stage1_acknowledgement_contains=none flags=cse "
    "stage1_holds=2026-03-05/2026-03-06 service=Waste"
)


@pytest.fixture(scope="module")
def findings_of_csv(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return read(tmp_path_factory.mktemp("csv"), "csv", WHOLE).findings


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_names_in_every_kind_of_file(tmp_path: Path, kind: str, findings_of_csv: list[dict[str, Any]]) -> None:
    assert read(tmp_path, kind, WHOLE).findings == findings_of_csv
    assert len(findings_of_csv) > 10


def test_arrays_booleans_and_typed_columns_are_the_same(tmp_path: Path, findings_of_csv: list[dict[str, Any]]) -> None:
    lists = {"stage1_response_contains": ["decision", "reasons"], "stage1_acknowledgement_contains": ["none"],
             "flags": ["cse"], "stage1_holds": ["2026-03-05/2026-03-06"]}  # fmt: skip
    typed = WHOLE | lists | {"representative": True}
    assert read(tmp_path, "jsonl", typed).findings == findings_of_csv
    dates = [name for name, value in WHOLE.items() if value[:5] == "2026-" and "/" not in value]
    columns = {name: [DAY.fromisoformat(value) if name in dates else value] for name, value in typed.items()}
    path = write_parquet(tmp_path / "typed.parquet", columns)
    assert pl.read_parquet_schema(path)["received"] == pl.Date
    assert audit_whole(path, "--council", "coventry").findings == findings_of_csv
    excel = WHOLE | {name: DAY.fromisoformat(WHOLE[name]) for name in dates} | {"representative": True}
    assert read(tmp_path, "xlsx", excel).findings == findings_of_csv


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_cell_and_a_null_mean_the_same(tmp_path: Path, kind: str) -> None:
    filled = case("reference=FULL received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_outcome=upheld "
                  "stage1_response_contains=decision representative=true procedure=corporate council=coventry "
                  "stage1_holds=2026-03-05/2026-03-06 flags=cse stage1_handler=O1")  # fmt: skip
    blank = dict.fromkeys(filled) | case("received=2026-03-02")
    bare = case("received=2026-03-02")
    first = read(tmp_path, kind, blank)
    second = read(tmp_path, kind, filled, blank)
    assert [each for each in second.findings if each["reference"] == "A1"] == first.findings
    if kind in ("csv", "jsonl"):
        third = read(tmp_path, kind, filled, dict.fromkeys(filled, "") | bare)
        assert [each for each in third.findings if each["reference"] == "A1"] == first.findings


def test_only_reference_and_received_are_required(tmp_path: Path) -> None:
    audited = read(tmp_path, "csv", case("received=2026-03-02"))
    assert audited.counts["audited"] == 1
    assert {each["procedure"] for each in audited.findings} == {"corporate"}


# --- dates ----------------------------------------------------------------------------------------

# (value, what it is in CSV and XLSX, what it is in JSON Lines and Parquet); None: refused
DATES: list[tuple[str, str | None, str | None]] = [
    ("2026-06-05", "2026-06-05", "2026-06-05"),
    ("22/05/2026", "2026-05-22", None),  # day first: 22 May
    ("05/06/2026", "2026-06-05", None),  # day first: 5 June, never 6 May
    ("28/02/2026", "2026-02-28", None),
    ("05/22/2026", None, None),  # there is no 22nd month
    ("31/04/2026", None, None),
    ("29/02/2026", None, None),
    ("05/06/26", None, None),  # which century, which part is the day?
    ("2026-02-29", None, None),
    ("2026-04-31", None, None),
    ("2026-05-00", None, None),
    ("yesterday", None, None),
    ("June 2026", None, None),
    # With a time: the calendar date in London.
    ("2026-06-15T23:30:00Z", "2026-06-16", "2026-06-16"),  # 00:30 in London, summer time
    ("2026-06-15T22:59:59Z", "2026-06-15", "2026-06-15"),  # 23:59:59 in London
    ("2026-01-15T23:30:00Z", "2026-01-15", "2026-01-15"),  # winter: London is on UTC
    ("2026-06-15T23:30:00", "2026-06-15", "2026-06-15"),  # no zone: London time
    ("2026-06-15T00:00:00", "2026-06-15", "2026-06-15"),
    ("2026-06-15 23:30:00", "2026-06-15", "2026-06-15"),
    ("2026-06-15T23:30:00+01:00", "2026-06-15", "2026-06-15"),  # that is London's own zone in summer
    ("2026-06-15T23:30:00+00:00", "2026-06-16", "2026-06-16"),
    ("2026-06-16T04:00:00+05:30", "2026-06-15", "2026-06-15"),  # 23:30 in London the day before
    ("2026-06-15T20:00:00-05:00", "2026-06-16", "2026-06-16"),  # 02:00 in London the day after
    ("2026-03-28T23:30:00Z", "2026-03-28", "2026-03-28"),  # the night before summer time begins
    ("2026-03-29T23:30:00Z", "2026-03-30", "2026-03-30"),  # the first night of summer time
    ("2025-10-25T23:30:00Z", "2025-10-26", "2025-10-26"),  # the last night of summer time
    ("2025-10-26T23:30:00Z", "2025-10-26", "2025-10-26"),  # the first night of winter time
    ("2026-06-15T23:30Z", "2026-06-16", "2026-06-16"),
    ("2026-06-15T23:30", "2026-06-15", "2026-06-15"),
    ("2026-06-15T23:30:00.500Z", "2026-06-16", "2026-06-16"),
    ("15/06/2026 23:30", "2026-06-15", None),
    ("15/06/2026 23:30:00", "2026-06-15", None),
    ("2026-03-29T01:30:00", "2026-03-29", "2026-03-29"),  # an hour that summer time leaves out
    ("2025-10-26T01:30:00", "2025-10-26", "2025-10-26"),  # an hour that comes twice
    ("2026-06-15T25:00:00Z", None, None),
    ("2026-02-30T12:00:00Z", None, None),
]


@pytest.fixture(scope="module", params=KINDS)
def dates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Audited]:
    """All the dates above in one file, as the day of triage."""
    kind = request.param
    records = [
        case(f"reference=D{place} received=2025-09-01", triaged=value) for place, (value, _, _) in enumerate(DATES)
    ]
    return kind, read(tmp_path_factory.mktemp("dates"), kind, *records)


@pytest.mark.parametrize("place", range(len(DATES)), ids=[row[0] for row in DATES])
def test_dates(dates: tuple[str, Audited], place: int) -> None:
    kind, audited = dates
    value, day_first, iso_only = DATES[place]
    expected = day_first if kind in ("csv", "xlsx") else iso_only
    refused = [row for row in audited.rejected if row["reference"] == f"D{place}"]
    if expected is None:
        assert [row["field"] for row in refused] == ["triaged"]
        assert refused[0]["value"] == value
    else:
        assert not refused, refused
        assert audited.one("triage", reference=f"D{place}")["done"] == expected


@pytest.mark.parametrize(("value", "expected"), [
    (DAY(2026, 6, 15), "2026-06-15"),
    (dt.datetime(2026, 6, 15), "2026-06-15"),
    (dt.datetime(2026, 6, 15, 23, 59), "2026-06-15"),
    ("15/06/2026", "2026-06-15"),
    ("2026-06-15", "2026-06-15"),
])  # fmt: skip
def test_real_excel_dates_and_dates_as_text(tmp_path: Path, value: Any, expected: str) -> None:
    assert received(tmp_path, "xlsx", value) == expected


@pytest.mark.parametrize(("column", "expected"), [
    (pl.Series([DAY(2026, 6, 15)]), "2026-06-15"),
    (pl.Series([dt.datetime(2026, 6, 15, 23, 30)]), "2026-06-15"),
    (pl.Series([dt.datetime(2026, 6, 15, 23, 30)], dtype=pl.Datetime("us")).dt.replace_time_zone("UTC"), "2026-06-16"),
    (pl.Series([dt.datetime(2026, 1, 15, 23, 30)], dtype=pl.Datetime("ns")).dt.replace_time_zone("UTC"), "2026-01-15"),
    (pl.Series([dt.datetime(2026, 6, 15, 23, 30)]).dt.replace_time_zone("Europe/London"), "2026-06-15"),
    (pl.Series([dt.datetime(2026, 6, 15, 23, 30)]).dt.replace_time_zone("America/New_York"), "2026-06-16"),
    (pl.Series(["2026-06-15"], dtype=pl.Categorical), "2026-06-15"),
], ids=["date", "no zone", "UTC in summer", "UTC in winter", "London", "New York", "categorical text"])  # fmt: skip
def test_typed_parquet_dates(tmp_path: Path, column: pl.Series, expected: str) -> None:
    path = write_parquet(tmp_path / "cases.parquet", {"reference": ["A1"], "received": column})
    assert audit_whole(path, "--council", "coventry").one("acknowledge-stage1")["start"] == expected


def test_what_is_not_a_date_in_json_is_never_guessed(tmp_path: Path) -> None:
    values: list[Any] = [20260615, 46188, 1.5, True, {"year": 2026}, ["2026-06-15", "2026-06-16"]]
    audited = read(tmp_path, "jsonl", *(case(reference=f"V{n}", received=value) for n, value in enumerate(values)))
    assert [(row["reference"], row["field"]) for row in audited.rejected] == [(f"V{n}", "received") for n in range(6)]


# --- lists and words ------------------------------------------------------------------------------

_FOUR = {"understanding", "outcomes_sought", "handler", "reply_date"}
BOTH_WAYS = ["jsonl", "parquet"]
LISTS: list[tuple[str, list[str], Any, str, set[str]]] = [
    ("one word", KINDS, "handler", "breach", _FOUR - {"handler"}),
    ("separated by ;", KINDS, "handler;reply_date", "breach", {"understanding", "outcomes_sought"}),
    ("any case", KINDS, "HANDLER;Reply_Date", "breach", {"understanding", "outcomes_sought"}),
    ("none", KINDS, "none", "breach", _FOUR),
    ("None", KINDS, "None", "breach", _FOUR),
    ("an array", BOTH_WAYS, ["handler", "reply_date"], "breach", {"understanding", "outcomes_sought"}),
    ("an array, any case", BOTH_WAYS, ["Handler", "REPLY_DATE"], "breach", {"understanding", "outcomes_sought"}),
    ("an array of none", BOTH_WAYS, ["none"], "breach", _FOUR),
    ("blank", KINDS, None, "no_evidence", set()),
]


_TEXTS = [place for place, (_, _, value, _, _) in enumerate(LISTS) if not isinstance(value, list)]


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], dict[str, Any]]:
    """The finding for each list above in each kind of file; text and arrays in files of their own."""
    found = {}
    for kind in KINDS:
        for places in (_TEXTS, [place for place in range(len(LISTS)) if place not in _TEXTS]):
            records = [
                case("received=2026-03-02 stage1_acknowledged=2026-03-04", reference=f"L{place}",
                     stage1_acknowledgement_contains=LISTS[place][2])
                for place in places
                if kind in LISTS[place][1]
            ]  # fmt: skip
            if records:
                audited = read(tmp_path_factory.mktemp("lists"), kind, *records)
                for each in audited.findings:
                    if (each["rulebook"], each["rule"]) == ("coventry.corporate", "acknowledgement-stage1-contents"):
                        found[kind, int(each["reference"][1:])] = each
    return found


@pytest.mark.parametrize(("kind", "place"), [
    pytest.param(kind, place, id=f"{kind}-{says}") for place, (says, kinds, *_) in enumerate(LISTS) for kind in kinds
])  # fmt: skip
def test_lists(lists: dict[tuple[str, int], dict[str, Any]], kind: str, place: int) -> None:
    _, _, _, verdict, missing = LISTS[place]
    finding = lists[kind, place]
    assert (finding["verdict"], set(finding["missing"])) == (verdict, missing)


@pytest.mark.parametrize("kind", BOTH_WAYS)
def test_an_unknown_word_in_an_array_is_an_unreadable_value(tmp_path: Path, kind: str) -> None:
    record = case(
        "received=2026-03-02 stage1_acknowledged=2026-03-04", stage1_acknowledgement_contains=["handler", "rhubarb"]
    )
    (row,) = read(tmp_path, kind, record).rejected
    assert (
        row["field"] == "stage1_acknowledgement_contains" and "rhubarb" in row["value"] and "rhubarb" in row["message"]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_flags(tmp_path: Path, kind: str) -> None:
    records = [
        case("received=2026-03-02", reference=flags, flags=flags) for flags in ("landlord", "LANDLORD", "cse;Landlord")
    ]
    for record in records:
        record["reference"] = record["flags"].replace(";", "-")
    audited = read(tmp_path, kind, *records, options=())
    assert {(each["reference"], each["rulebook"]) for each in audited.findings} == {
        (record["reference"], "housing") for record in records
    }


def test_words_ignore_case(tmp_path: Path) -> None:
    base = (
        "received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_responded=2026-03-10 stage1_response_contains=none "
    )
    words = [
        ("procedure", "Children"), ("procedure", "CHILDREN"), ("stage1_outcome", "Partly_Upheld"),
        ("stage1_outcome", "UPHELD"), ("representative", "TRUE"), ("representative", "False"),
        ("flags", "Straight_To_Stage2"),
    ]  # fmt: skip
    given, lower = (
        read(
            tmp_path,
            "csv",
            *(case(base, reference=f"W{n}", **{name: change(word)}) for n, (name, word) in enumerate(words)),
        )
        for change in (str, str.lower)
    )
    assert given.findings == lower.findings
    assert given.rejected == [] and len(given.references) == len(words)


# --- columns and encodings ------------------------------------------------------------------------


def test_a_row_of_one_kind_of_file_names_its_own_council(tmp_path: Path) -> None:
    audited = read(
        tmp_path,
        "csv",
        case("received=2026-03-02 council=coventry"),
        case("reference=A2 received=2026-03-02"),
        options=(),
    )
    books = {ref: {each["rulebook"] for each in audited.findings if each["reference"] == ref} for ref in ("A1", "A2")}
    assert books == {"A1": {"coventry.corporate", "lgsco"}, "A2": {"lgsco"}}


@pytest.mark.parametrize("write_it", [
    lambda path: path.write_text("reference,received\nA1,2026-03-02\n", "utf-8-sig"),
    lambda path: path.write_text("reference,received\r\nA1,2026-03-02\r\n", "utf-8", newline=""),
    lambda path: path.write_text("reference,received\nA1,2026-03-02", "utf-8"),
    lambda path: path.write_text('"reference","received","service"\n"A1","2026-03-02","Roads, and\nlights"\n', "utf-8"),
], ids=["a byte order mark", "CRLF", "no last line end", "quoted, with a line end"])  # fmt: skip
def test_csv_as_programs_write_it(tmp_path: Path, write_it: Callable[[Path], int]) -> None:
    path = tmp_path / "cases.csv"
    write_it(path)
    audited = audit_whole(path, "--council", "coventry")
    assert audited.counts == {
        "rows_read": 1, "audited": 1, "rejected": 0, "received_after_audit_date": 0, "outside_period": 0,
    }  # fmt: skip
    assert audited.references == {"A1"}


def test_json_lines_with_a_byte_order_mark_and_no_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(
        "\n".join(json.dumps(case(f"reference={name} received=2026-03-02")) for name in ("A1", "Ä2")), "utf-8-sig"
    )
    assert audit_whole(path, "--council", "coventry").references == {"A1", "Ä2"}


def test_a_number_in_a_workbook_is_a_reference_too(tmp_path: Path) -> None:
    assert read(tmp_path, "xlsx", case("received=2026-03-02", reference=1234)).references == {"1234"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_is_text(tmp_path: Path, kind: str) -> None:
    """Leading noughts stay, in every kind of file."""
    audited = read(
        tmp_path, kind, case("reference=00123 received=2026-03-02"), case("reference=123 received=2026-03-02")
    )
    assert audited.references == {"00123", "123"}


# (what is odd, the odd column of two rows): the first of them is the fault, the second is blank.
ODD_COLUMNS: list[tuple[str, pl.Series]] = [
    ("bytes that are no text", pl.Series([b"\xff", None])),
    ("a length of time", pl.Series([dt.timedelta(days=2), None])),
    ("a list of lists", pl.Series([[["a"]], None])),
    ("a structure", pl.Series([{"a": 1}, None])),
    ("a time of day", pl.Series([dt.time(9), None])),
    ("a number", pl.Series([1.5, None])),
    ("a date-time far off", pl.Series([-9 * 10**18, None], dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))),
]


@pytest.mark.parametrize("column", [row[1] for row in ODD_COLUMNS], ids=[row[0] for row in ODD_COLUMNS])
def test_a_parquet_column_that_names_no_field_is_left_out_whatever_it_holds(tmp_path: Path, column: pl.Series) -> None:
    path = write_parquet(
        tmp_path / "cases.parquet", {"reference": ["A1", "A2"], "received": ["2026-03-02"] * 2, "elapsed": column}
    )
    audited = audit_whole(path, "--council", "coventry")
    assert audited.references == {"A1", "A2"}
    assert "elapsed" in audited.result.err


NO_DATES = [row for row in ODD_COLUMNS if row[0] != "a structure"]  # its null is a structure of nulls


@pytest.mark.parametrize("column", [row[1] for row in NO_DATES], ids=[row[0] for row in NO_DATES])
def test_a_parquet_date_that_is_none_is_rejected_or_the_file_is(tmp_path: Path, column: pl.Series) -> None:
    """The row is rejected, or the file cannot be read: one sentence then, never a traceback, and nothing guessed."""
    path = write_parquet(
        tmp_path / "cases.parquet", {"reference": ["A1", "A2"], "received": ["2026-03-02"] * 2, "closed": column}
    )
    result = audit(path, "--council", "coventry")
    assert "Traceback" not in result.err
    if result.code == 2:
        assert len(result.err.strip().splitlines()) == 1
    else:
        assert {each["reference"] for each in result.lines} == {"A2"}
        assert "A1" in result.err and "closed" in result.err


# Valid JSON, or nearly, that a program can trip over; a row of its own between two good ones.
ODD_LINES: list[tuple[str, str]] = [
    ("half a surrogate pair in a reference", r'{"reference": "\ud800", "received": "2026-03-02"}'),
    ("half a surrogate pair in a date", r'{"reference": "B", "received": "\ud800"}'),
    ("half a surrogate pair in a name", r'{"reference": "B", "received": "2026-03-02", "\ud800": "x"}'),
    ("an integer of 5,000 digits", '{"reference": "B", "received": "2026-03-02", "age": ' + "9" * 5000 + "}"),
    ("a number beyond all bounds", '{"reference": "B", "received": 1e999}'),
    ("no number", '{"reference": "B", "received": NaN}'),
    ("nested too deep", '{"reference": "B", "received": ' + "[" * 50_000 + "]" * 50_000 + "}"),
    ("a control character", '{"reference": "B\x00", "received": "2026-03-02"}'),
    ("the same name twice", '{"reference": "B", "received": "2026-03-02", "received": "2026-03-09"}'),
]


@pytest.mark.parametrize("line", [row[1] for row in ODD_LINES], ids=[row[0] for row in ODD_LINES])
def test_an_odd_json_line_never_costs_the_other_rows(tmp_path: Path, line: str) -> None:
    """It is audited or rejected: every input row is accounted for, and there is no traceback."""
    path = tmp_path / "cases.jsonl"
    good = [json.dumps(case(f"reference={name} received=2026-03-02")) for name in ("A1", "A2")]
    path.write_text("\n".join([good[0], line, good[1]]) + "\n", "utf-8")
    audited = audit_whole(path, "--council", "coventry")
    assert {"A1", "A2"} <= audited.references
    assert audited.counts["rows_read"] == 3
    assert audited.counts["rejected"] == len(audited.rejected) == 3 - audited.counts["audited"]


def test_objects_of_json_lines_need_not_name_the_same_fields(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", [
        case("reference=A1 received=2026-03-02"),
        *(case(f"reference=B{n} received=2026-03-02") for n in range(200)),
        case("reference=A2 received=2026-03-02", stage1_acknowledged="2026-03-04",
        stage1_response_contains=["decision"]),
    ])  # fmt: skip
    audited = audit_whole(path, "--council", "coventry")
    assert audited.counts["audited"] == 202
    assert audited.one("acknowledge-stage1", reference="A2")["verdict"] == "met"
