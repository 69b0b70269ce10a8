"""How complete the data is: counts by hand, the same in any batch, in calm words, and never a value."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from casefiles import Record, audit_whole, case, run, write
from hypothesis import given
from hypothesis import strategies as st
from putright import plugins
from putright.auditing.audits import audit
from putright.auditing.batches import record_batches
from putright.auditing.summary import Tally
from putright.data_quality.completeness import Quality
from putright.fields import FIELDS
from putright.files.readers import read_tables
from putright.records.likeness import References
from putright.records.personal_names import looks_like_a_person
from putright.synthetic import sample

HOST = plugins.load()


def figures(
    folder: Path, records: list[Record], as_at: str = "2026-06-30", kept: Iterable[str] = FIELDS
) -> dict[str, Any]:
    """What the summary says of the data, from a run of the command on a file that keeps these fields."""
    every = dict.fromkeys(kept)
    numbered = [every | dict(record) | {"reference": f"R{number}"} for number, record in enumerate(records)]
    found: dict[str, Any] = audit_whole(write(folder / "cases.jsonl", numbered), as_at=as_at).summary["data_quality"]
    return found


def shown(folder: Path, records: list[Record], *options: str, as_at: str = "2026-06-30") -> str:
    """The terminal's block on the data, its lines joined."""
    numbered = [dict(record) | {"reference": f"R{number}"} for number, record in enumerate(records)]
    result = run("audit", write(folder / "cases.csv", numbered), "--as-at", as_at, *options)
    assert result.code == 0, result.err
    block = result.out.partition("How complete the data is")[2].partition(" (February 2024)")[0]
    return " ".join(block.split())


def named(rows: list[dict[str, Any]], field: str) -> dict[str, Any]:
    (row,) = [each for each in rows if each["field"] == field]
    return row


# --- what is recorded, of how many ------------------------------------------------------------------

CASES = [
    # answered at both stages
    case(
        "received=2026-01-05 stage1_acknowledged=2026-01-07 stage1_responded=2026-01-15 stage1_outcome=upheld "
        "stage1_response_contains=decision stage1_handler=Officer-1 stage2_requested=2026-01-20 "
        "stage2_acknowledged=2026-01-21 stage2_responded=2026-02-10"
    ),
    # closed, and never answered
    case("received=2026-02-02 stage1_acknowledged=2026-02-04 closed=2026-03-02"),
    # withdrawn before stage 1 began
    case("received=2026-03-02 withdrawn=2026-03-03"),
    # straight to stage 2
    case("received=2026-04-01 flags=straight_to_stage2 stage2_acknowledged=2026-04-02"),
    # just come in, acknowledged on the audit date
    case("received=2026-06-25 stage1_acknowledged=2026-06-30"),
    # extended; answered only after the audit date
    case(
        "received=2026-05-01 stage1_acknowledged=2026-05-05 stage1_extension_notified=2026-05-13 "
        "stage1_responded=2026-07-03 stage1_response_contains=decision stage1_outcome=upheld"
    ),
    # children's: at stage 2, the statement not agreed
    case("procedure=children received=2026-01-05 stage1_responded=2026-01-20 stage2_requested=2026-02-02"),
    # made for someone else, and refused
    case("received=2026-02-02 representative=true refused=2026-02-10 refusal_contains=none"),
    # stage 2 turned down: nothing more is asked of that stage
    case(
        "received=2026-03-02 stage1_acknowledged=2026-03-03 stage1_responded=2026-03-10 "
        "stage2_requested=2026-03-20 stage2_request_refused=2026-03-24"
    ),
    # a handler named for a stage 2 that is asked for only after the audit date
    case("received=2026-06-01 stage2_requested=2026-07-02 stage2_handler=Manager-2"),
    # gone on to stage 2, so past stage 1, whose answer is not there
    case("received=2026-03-02 stage1_acknowledged=2026-03-03 stage2_requested=2026-04-01"),
    # withdrawn and closed, so that no answer is asked for
    case("received=2026-03-02 stage1_acknowledged=2026-03-03 withdrawn=2026-03-10 closed=2026-03-10"),
]

#: field, recorded, of how many, what a blank is
EXPECTED = """
    reference                       12 12  missing
    received                        12 12  missing
    representative                   1 12  missing
    service                          0 12  missing
    closed                           2 12  may be right
    flags                            1 12  may be right
    remedy_offered                   0 12  may be right
    remedy_due                       0  0  missing
    consent_received                 0  1  missing
    refused                          1 12  may be right
    refusal_contains                 1  1  missing
    withdrawn                        2 12  may be right
    withdrawal_acknowledged          0  2  missing
    stage1_acknowledged              7  9  missing
    stage1_department_notified       0  9  may be right
    stage1_responded                 3  5  missing
    stage1_response_contains         1  3  missing
    stage1_outcome                   1  3  missing
    stage1_handler                   1  3  missing
    stage1_acknowledgement_contains  0  7  missing
    stage1_extension_notified        1  1  missing
    stage1_extended_to               0  1  missing
    stage1_extension_contains        0  1  missing
    stage1_holds                     0  9  may be right
    stage2_requested                 4  4  missing
    stage2_request_refused           1  5  may be right
    stage2_refusal_contains          0  1  missing
    stage2_acknowledged              2  4  missing
    stage2_statement_agreed          0  1  missing
    stage2_responded                 1  1  missing
    stage2_outcome                   0  1  missing
    stage2_handler                   0  1  missing
    stage3_requested                 0  0  missing
    stage3_panel_met                 0  0  missing
"""


@pytest.mark.parametrize("line", EXPECTED.split("\n")[1:-1], ids=lambda line: line.split()[0])
def test_recorded_of_those_it_is_asked_of(line: str, counted: dict[str, Any]) -> None:
    field, recorded, base, blank = line.split(None, 3)
    row = named(counted["fields"], field)
    assert (row["recorded"], row["base"], row["blank"]) == (int(recorded), int(base), blank)
    assert row["share"] == (round(int(recorded) / int(base), 4) if int(base) else None)
    assert row["in_file"]
    assert row["arises"] == (not field.startswith("stage3"))


def test_a_field_that_the_file_does_not_keep_has_no_blanks(counted: dict[str, Any], tmp_path: Path) -> None:
    some = figures(tmp_path, CASES, kept=())
    names = set().union(*CASES)
    for row, whole in zip(some["fields"], counted["fields"], strict=True):
        if row["field"] in names or row["field"] == "reference":
            assert row == whole
        else:
            given = {name: row[name] for name in ("in_file", "base", "recorded", "share", "blank")}
            assert given == {"in_file": False, "base": 0, "recorded": 0, "share": None, "blank": "not kept"}
            assert row["arises"] == whole["arises"]
    assert not any(named(some["fields"], field)["blank"] == "not kept" for field in some["letters_never_described"])


def test_a_file_that_keeps_no_answers_cannot_show_that_there_was_none(tmp_path: Path) -> None:
    old = case("received=2025-01-02", closed="2025-03-03")
    found = figures(tmp_path, [old, case("received=2025-01-02")], kept=())
    assert (found["closed_without_an_answer"], found["open_over_a_year"]) == (None, 1)
    (tmp_path / "2").mkdir()
    found = figures(tmp_path / "2", [case("received=2025-01-02")], kept=())
    assert (found["closed_without_an_answer"], found["open_over_a_year"]) == (None, None)
    said = shown(tmp_path, [old] * 12)
    assert "closed with no answer" not in said
    absent = said.partition("so it cannot show them for any case")[2].partition(".")[0]
    assert {"stage1_acknowledged", "stage1_responded"} <= set(re.findall(r"\w+", absent))
    assert "stage1_acknowledged 0" not in said


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return figures(tmp_path_factory.mktemp("counted"), CASES)


def test_every_field_is_counted_but_those_filled_in(counted: dict[str, Any]) -> None:
    assert [each["field"] for each in counted["fields"]] == [
        name for name in FIELDS if name not in ("council", "procedure")
    ]
    assert all(each["recorded"] <= each["base"] for each in counted["fields"])
    assert counted["cases"] == len(CASES)


def test_cases_to_look_at_first(counted: dict[str, Any], tmp_path: Path) -> None:
    assert (counted["closed_without_an_answer"], counted["open_over_a_year"]) == (1, 0)
    year = [case("received=2025-06-29"), case("received=2025-06-30"), case("received=2025-01-02 withdrawn=2025-01-03")]
    assert figures(tmp_path, year)["open_over_a_year"] == 1


def test_only_audited_cases_are_counted(tmp_path: Path) -> None:
    records = [*CASES, case("received=never"), case("received=2026-07-01"), case("service=Housing")]
    found = figures(tmp_path, records)
    assert found["cases"] == len(CASES)
    assert named(found["fields"], "service")["recorded"] == 0


def test_the_same_figures_with_all_findings(tmp_path: Path) -> None:
    numbered = [dict(record) | {"reference": f"R{number}"} for number, record in enumerate(CASES)]
    path = write(tmp_path / "cases.jsonl", numbered)
    some, every = (audit_whole(path, "--council", "coventry", *options).summary for options in ((), ("--all",)))
    assert some["rules"] != every["rules"]
    assert every["data_quality"] == some["data_quality"]


def test_the_figures_are_those_their_documentation_names(counted: dict[str, Any]) -> None:
    told = set(re.findall(r"``(\w+)``", Quality.figures.__doc__ or ""))
    lists = ("fields", "dates", "last_day", "handlers")
    keys = set(counted) | {key for name in lists for row in counted[name] for key in row}
    assert counted["dates"] and counted["last_day"] and counted["handlers"]
    assert keys <= told | {"field", "rulebook", "rule", "clause"}


# --- in any batch -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_the_same_figures_in_any_batch(tmp_path: Path, suffix: str) -> None:
    as_at = dt.date(2026, 9, 30)
    path = tmp_path / f"cases.{suffix}"
    # Every kind of file is read so many rows at a time; a whole year of cases is counted once.
    cases = 90 if suffix == "csv" else 30
    rows = sample.sample(HOST, "coventry", cases, 5, year_ending=as_at)
    rows[20]["stage1_handler"] = "Ada Fairweather"
    sample.write_sample(rows, path)

    def quality(batch: int) -> dict[str, Any]:
        tally = Tally(as_at)
        for records in record_batches(lambda: read_tables(path, batch), HOST, "coventry"):
            tally.add(audit(records, HOST, as_at), records)
        return tally.quality.figures(list(tally.rules()))

    whole = quality(1000)
    assert sum(each["like_a_name"] for each in whole["handlers"]) == 1
    for batch in (1, 7, cases - 1, random.Random(suffix).randint(2, cases - 2)):
        assert quality(batch) == whole


# --- dates ------------------------------------------------------------------------------------------

#: date of a letter, on a Saturday or Sunday, on a bank holiday
DAYS = """
    2026-01-02 0 0  Friday
    2026-01-03 1 0  Saturday
    2026-01-04 1 0  Sunday
    2026-01-01 0 1  New Year's Day
    2026-04-03 0 1  Good Friday
    2026-04-06 0 1  Easter Monday
    2026-05-04 0 1  early May
    2026-05-25 0 1  spring
    2026-08-31 0 1  summer
    2026-12-25 0 1  Christmas Day
    2026-12-26 1 0  Boxing Day on a Saturday
    2026-12-28 0 1  in its place
    2022-09-19 0 1  the late Queen's funeral
    2026-11-30 0 0  St Andrew's Day is none in England
"""


@pytest.mark.parametrize("line", DAYS.split("\n")[1:-1], ids=lambda line: line.split(None, 3)[3])
def test_letters_dated_on_days_off(line: str, tmp_path: Path) -> None:
    day, weekend, bank, _ = line.split(None, 3)
    record = case(f"received=2022-01-08 stage1_acknowledged={day} stage1_responded=2027-01-05")
    found = figures(tmp_path, [record, record], as_at="2027-02-01")
    row = named(found["dates"], "stage1_acknowledged")
    assert (row["dates"], row["saturday_or_sunday"], row["bank_holiday"]) == (2, int(weekend) * 2, int(bank) * 2)
    assert row["day_off_share"] == int(weekend) + int(bank)
    assert named(found["dates"], "stage1_responded")["day_off_share"] == 0
    said = shown(tmp_path, [record, record], as_at="2027-02-01")
    assert ("stage1_acknowledged: 2 of 2 dates (100%) are a day off" in said) == (weekend + bank != "00")
    assert "received: " not in said  # complaints may come in on any day


def test_days_off_after_the_audit_date_have_not_happened(tmp_path: Path) -> None:
    found = figures(tmp_path, [case("received=2026-06-01 stage1_responded=2026-07-04 stage1_extended_to=2026-07-05")])
    row = named(found["dates"], "stage1_responded")
    assert (row["dates"], row["saturday_or_sunday"], row["after_audit_date"]) == (0, 0, 1)
    row = named(found["dates"], "stage1_extended_to")
    assert (row["dates"], row["after_audit_date"], row["letter"]) == (1, None, False)


def test_steps_done_on_the_very_last_day(tmp_path: Path) -> None:
    # Acknowledged on the fifth working day and answered on the tenth after that, or the day before.
    last = case("received=2026-01-05 stage1_acknowledged=2026-01-12 stage1_responded=2026-01-26")
    sooner = case("received=2026-01-05 stage1_acknowledged=2026-01-12 stage1_responded=2026-01-23")
    late = case("received=2026-01-05 stage1_acknowledged=2026-01-12 stage1_responded=2026-01-27")
    records = [last] * 11 + [sooner] * 4 + [late] * 9
    found = {each["rule"]: each for each in figures(tmp_path, records)["last_day"]}
    assert [(found[rule]["on_the_last_day"], found[rule]["in_time"]) for rule in sorted(found)] == [(24, 24), (11, 15)]
    said = shown(tmp_path, records)
    assert "Respond at stage 1 (lgsco 6.3): 11 of 15 done in time (73%) are dated on the very last day." in said
    assert "very last day" not in shown(tmp_path, [last] * 9)  # too few to say anything of a habit


FAR_OFF = """
    matter_occurred    1989-12-31 1 1 0 0
    matter_occurred    1990-01-01 0 1 0 0
    matter_known       2015-12-31 0 1 0 0
    matter_known       2016-01-11 0 0 0 0
    proceedings_ended  2010-03-04 0 1 0 0
    closed             2026-07-01 0 0 1 0
    closed             2026-06-30 0 0 0 0
    stage1_extended_to 2028-12-31 0 0 - 0
    stage1_extended_to 2029-01-02 0 0 - 1
    stage1_responded   2062-01-02 0 0 1 1
"""


@pytest.mark.parametrize("line", FAR_OFF.split("\n")[1:-1], ids=lambda line: "-".join(line.split()[:2]))
def test_dates_far_off(line: str, tmp_path: Path) -> None:
    field, day, *expected = line.split()
    found = figures(tmp_path, [case(f"received=2026-01-05 {field}={day}")])
    row = named(found["dates"], field)
    keys = ("before_1990", "ten_years_before_receipt", "after_audit_date", "after_horizon")
    assert [row[key] for key in keys] == [None if each == "-" else int(each) for each in expected]
    said = shown(tmp_path, [case(f"received=2026-01-05 {field}={day}")])
    assert (f"{field}: unlikely dates: 1 " in said) == ("1" in expected)


def test_many_dates_on_one_day(tmp_path: Path) -> None:
    single = [case(f"received=2026-01-05 closed=2026-02-{day:02}") for day in range(1, 21)]
    bulk = [case("received=2026-01-05 closed=2026-03-31")] * 12
    row = named(figures(tmp_path, [*single, *bulk])["dates"], "closed")
    assert (row["dates"], row["most_on_one_day"], row["usual_day"]) == (32, 12, 1.0)
    assert "closed: 12 of 32 dates are the same day" in shown(tmp_path, [*single, *bulk])
    assert "closed: 12 of 12 dates are the same day" in shown(tmp_path, bulk)
    row = named(figures(tmp_path, [*single[:1], *bulk])["dates"], "closed")
    assert (row["most_on_one_day"], row["usual_day"]) == (12, 1.0), "the usual day leaves the fullest one out"
    assert "the same day" not in shown(tmp_path, [*single, *bulk[:9]])
    assert "the same day" not in shown(tmp_path, [*single * 3, *bulk])  # here three a day is usual


def test_matters_dated_by_their_month(tmp_path: Path) -> None:
    firsts = [case(f"received=2026-06-05 matter_occurred=2025-{month:02}-01") for month in range(1, 13)]
    others = [case(f"received=2026-06-05 matter_occurred=2026-01-{day:02}") for day in range(2, 32)]
    assert named(figures(tmp_path, [*firsts, *others])["dates"], "matter_occurred")["first_of_month"] == 12
    assert "matter_occurred: 12 of 42 dates are the 1st of a month" in shown(tmp_path, [*firsts, *others])
    assert "1st of a month" not in shown(tmp_path, [*firsts, *others * 2])


# --- names ------------------------------------------------------------------------------------------

NAMES = [
    "Jane Smith", "JANE SMITH", "Jane Ann Smith", "J. Smith", "J Smith", "Mary-Jane O'Brien", "Zoë Ńowak",
    "Smith, Jane", "Mrs Smith", "mr J Smith", "Cllr Green", "Ludwig van Beethoven", "jane.smith@council.gov.uk",
    "Dr Ade", "  Jane Smith ", "O\u2019Neill, Sean",
]  # fmt: skip
ROLES = [
    "Team leader", "Head of Housing", "Head Of Housing", "Housing Officer", "Officer 07", "Senior Manager",
    "Customer Relations", "Customer Relations Team", "Director of Place", "Complaints Manager", "IO 3", "H12", "Jane",
    "Investigating Officer", "Monitoring Officer", "Adult Social Care", "Chief Executive", "A B", "Not Known", "TBC",
    "Repairs Contractor", "complaints.team@council.gov.uk", "Legal Services", "investigator A", "", "none", "Mr",
    "stage two reviewer", "Service Director, Housing",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_looks_like_a_name(text: str) -> None:
    assert looks_like_a_person(pl.Series([text])).to_list() == [True]


@pytest.mark.parametrize("text", ROLES)
def test_looks_like_a_role_or_a_code(text: str) -> None:
    assert looks_like_a_person(pl.Series([text])).to_list() == [False]


def test_names_are_counted_and_never_shown(tmp_path: Path) -> None:
    answered = "received=2026-01-05 stage1_responded=2026-01-15"
    handlers = ["Jane Fairweather", "Jane Fairweather", "Ade Fairweather", "Officer 1", "Team leader", None]
    records = [case(answered, stage1_handler=handler) for handler in handlers]
    numbered = [record | {"reference": f"R{number}"} for number, record in enumerate(records)]
    audited = audit_whole(write(tmp_path / "cases.jsonl", numbered))
    (row,) = audited.summary["data_quality"]["handlers"]
    assert row == {"field": "stage1_handler", "recorded": 5, "like_a_name": 3}
    terminal = run("audit", tmp_path / "cases.jsonl", "--as-at", "2026-06-30")
    assert "stage1_handler: 3 of 5 entries look like people's names" in terminal.out
    assert "Use a role or a code" in " ".join(terminal.out.split())
    for text in (terminal.said, audited.result.said, json.dumps(audited.summary)):
        assert "Fairweather" not in text
    assert not re.search(r"R\d", json.dumps(audited.summary["data_quality"]))


# --- words ------------------------------------------------------------------------------------------

WHOLE = case(
    "received=2026-01-05 matter_occurred=2025-12-02 matter_known=2025-12-03 service=Housing category=Delay "
    "theme=Delay ward=Abbey team=Repairs "
    "channel=Email representative=false stage1_acknowledged=2026-01-07 stage1_acknowledgement_contains=understanding "
    "stage1_responded=2026-01-15 stage1_response_contains=decision stage1_outcome=upheld stage1_handler=H1"
)
BLANK = dict.fromkeys(name for name in FIELDS if not name.startswith(("stage2", "stage3")))


def test_calm_where_all_is_well(tmp_path: Path) -> None:
    said = shown(tmp_path, [BLANK | WHOLE] * 3)
    assert said.startswith("(3 cases audited; rejected rows are not counted) Every field that these cases call for")
    assert "something should have happened. lgsco" in said, "nothing more is said"


def test_the_block_is_between_the_rows_and_the_verdicts(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [WHOLE])
    out = run("audit", path, "--as-at", "2026-06-30").out
    places = [out.index(text) for text in ("row read", "How complete the data is", "lgsco: ")]
    assert places == sorted(places)
    written = run("audit", path, "--as-at", "2026-06-30", "--output", tmp_path / "findings.csv")
    assert "How complete the data is" in written.err + written.out


def test_a_share_is_never_rounded_to_all_or_none(tmp_path: Path) -> None:
    records = [BLANK | WHOLE] * 299 + [BLANK | WHOLE | {"service": None}]
    assert "service 299 300 99% cases audited" in shown(tmp_path, records)
    records = [BLANK | WHOLE | {"service": None}] * 299 + [BLANK | WHOLE]
    assert "service 1 300 1% cases audited" in shown(tmp_path, records)


def test_letters_never_described_and_columns_not_there(tmp_path: Path) -> None:
    answered = case("received=2026-01-05 stage1_acknowledged=2026-01-07 stage1_responded=2026-01-15")
    letters = dict.fromkeys(("stage1_acknowledgement_contains", "stage1_response_contains"))
    said = shown(tmp_path, [letters | dict(answered)] * 2)
    assert (
        "What these letters held is never recorded, so no verdict on their contents can be given: "
        "stage 1 acknowledgement (2), stage 1 response (2)." in said
    )
    absent = said.partition("The file has no column for")[2].partition(".")[0]
    assert {"matter_occurred", "service", "stage1_outcome", "stage1_holds"} <= set(re.findall(r"\w+", absent))
    assert "stage1_response_contains" not in absent  # said already
    assert "stage2" not in absent  # no case reached it
    assert "Every other field (4) that the file keeps and these cases call for" in said


def test_no_case_no_block(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("reference,received\n", "utf-8")
    assert "How complete" not in run("audit", path, "--as-at", "2026-06-30").out
    summary = tmp_path / "summary.json"
    assert run("audit", path, "--as-at", "2026-06-30", "--summary", summary).code == 0
    found = json.loads(summary.read_text("utf-8"))["data_quality"]
    assert found["cases"] == 0 and found["dates"] == [] and found["handlers"] == []
    assert not any(each["arises"] for each in found["fields"])


# --- references that read alike -------------------------------------------------------------------


def test_references_that_read_alike_are_named_together(tmp_path: Path) -> None:
    """Capitals, forms of a letter, what cannot be seen: whichever batch they are in, and each shown for what it is."""
    references = [
        "A1",
        "B2",
        "a1",
        "C3",
        "C\u200b3",
        "\uff22\uff12",
        "CAF\u00c9",
        "Cafe\u0301",
        "D 4",
        "D\u00a04",
        "D4",
    ]
    cases = tmp_path / "cases.jsonl"
    cases.write_text("".join(json.dumps({"reference": each, "received": "2026-03-02"}) + "\n" for each in references))
    summary = tmp_path / "summary.json"
    said = run("audit", cases, "--as-at", "2026-06-30", "--summary", summary)
    assert json.loads(summary.read_text())["data_quality"]["possible_duplicates"] == [
        ["A1", "a1"],
        ["B2", "\uff22\uff12"],
        ["C3", "C\u200b3"],
        ["CAF\u00c9", "Cafe\u0301"],
        ["D 4", "D\u00a04"],
    ]
    words = " ".join(said.out.split())
    assert "may be one case recorded twice: 'C3' and 'C\\u200b3'." in words
    assert "11 rows read = 11 audited" in words, "they are pointed out, and judged as the two that they are"


@given(st.lists(st.text(alphabet="aAbB1 \u00a0\u200b\u00e9e\u0301\uff21\u00df", min_size=1, max_size=4), unique=True))
def test_the_same_references_are_alike_in_any_batch(references: list[str]) -> None:
    """Whatever is kept of them: two that read alike are found wherever the batches part."""

    def alike(*batches: list[str]) -> list[list[str]]:
        found = References()
        for batch in batches:
            found.add(pl.Series(batch, dtype=pl.String))
        return found.alike()

    whole = alike(references)
    assert whole == alike(*([each] for each in references)) == alike(references[::-1])
    groups: dict[str, list[str]] = {}
    for each in references:
        capitals = unicodedata.normalize("NFKC", each).upper()
        plain = "".join(letter for letter in capitals if unicodedata.category(letter) not in ("Cf", "Mn"))
        groups.setdefault(" ".join(plain.split()), []).append(each)
    assert whole == sorted(sorted(found) for found in groups.values() if len(found) > 1)
