"""The measures W1 to W14 counted by hand, and what is supplied by hand with its mistakes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from casefiles import case
from putright.auditing.audits import Period
from putright.documents.paper import Share, Table
from putright.statistics import handtables, measures, tables
from putright.statistics.supplied import Supplied, SuppliedError, read_supplied
from putright.statistics.tables import PeriodBy
from test_counts import counted

AS_AT = dt.date(2026, 9, 30)
Q4, Q1, Q2 = "January to March 2026", "April to June 2026", "July to September 2026"
YEAR, BEFORE = "2026/27 (to 30 September 2026)", "2025/26"

#: Received on 1 April 2026; acknowledged on the 10th, day 5; the answer then due on the 24th.
BASE = "received=2026-04-01 stage1_acknowledged=2026-04-10 "
EXTENDED = "stage1_extension_notified=2026-04-20 stage1_extension_contains=reason;new_date;ombudsman "


def table(
    cases: list[dict[str, Any]], group: str = "corporate", by: PeriodBy = "received", supplied: Supplied | None = None
) -> Table:
    """The measures of a procedure; a case of the year before has the records begin early enough."""
    found = counted([case("received=2025-04-01 withdrawn=2025-04-01"), *cases], by, as_at=AS_AT)
    wanted = re.sub("[^a-z]+", "-", group.replace("'", ""))
    of = [each for each in measures.tables(found, supplied) if each.id in (f"measures-{wanted}", f"outcomes-{wanted}")]
    return replace(of[0], rows=sum((each.rows for each in of), ()))


def value(found: Table, id: str, label: str = "", period: str = Q1) -> Any:
    """The one cell of a measure's row."""
    place = [column.heading for column in found.columns].index(period)
    rows = [row for row in found.rows if row[1] == id and str(row[0]).startswith(label)]
    assert rows, f"no row {id} {label}"
    return rows[0][place]


def unknown(found: Table, id: str, label: str, period: str = Q1) -> Any:
    """The row below a measure's: what the records cannot show."""
    place = [column.heading for column in found.columns].index(period)
    (at,) = [n for n, row in enumerate(found.rows) if row[1] == id and str(row[0]).startswith(label)]
    assert "cannot show" in str(found.rows[at + 1][0])
    return found.rows[at + 1][place]


def test_the_periods_stand_side_by_side() -> None:
    headings = [column.heading for column in table([case(BASE)]).columns]
    assert headings == ["Measure", "Id", "Code paragraph", Q4, Q1, Q2, YEAR, BEFORE]
    april = counted([case(BASE)], period=Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30)), as_at=AS_AT)
    one, _ = measures.tables(april)[1:]
    assert [column.heading for column in one.columns][3:] == [Q4, Q1, "2026/27 (to 30 June 2026)", BEFORE]
    early = counted([case(BASE)], as_at=dt.date(2026, 5, 7))
    one, _ = measures.tables(early)[1:]
    assert [column.heading for column in one.columns][3:] == [
        Q4,
        "April to June 2026 (to 7 May 2026)",
        "2026/27 (to 7 May 2026)",
        BEFORE,
    ]


def test_every_measure_is_defined_and_none_is_the_ombudsmans_indicator() -> None:
    definitions = measures.definitions()
    assert [row[0] for row in definitions.rows] == [f"W{n}" for n in range(1, 18)]
    made = [definitions, table([case(BASE)])]
    text = " ".join(str(part) for each in made for part in (each.title, each.note, *each.rows)).lower()
    assert "indicator" not in text and "kpi" not in text


def test_accepted_and_refused() -> None:
    cases = [
        case(BASE),
        case("received=2026-04-01 refused=2026-04-02"),
        case("received=2026-04-01 informal_resolved=2026-04-02"),
        case("received=2026-04-01 informal_resolved=2026-04-02 stage1_acknowledged=2026-04-01"),
        case("received=2026-07-01 refused=2026-10-02"),  # after the audit date: not refused yet
    ]
    found = table(cases)
    assert (value(found, "W2", "Complaints received"), value(found, "W2", "Complaints accepted")) == (4, 2)
    assert value(found, "W3") == Share(1, 4)
    assert (value(found, "W2", "Complaints accepted", Q2), value(found, "W3", period=Q2)) == (1, Share(0, 1))
    assert value(found, "W2", "Complaints accepted", YEAR) == 3
    assert value(found, "W3", period=Q4) is None, "no percentage of nobody"


def test_for_each_thousand_residents_only_where_they_are_supplied() -> None:
    people = Supplied.model_validate({"population": {"residents": 2000, "source": "a count", "year": "2025"}})
    assert (
        value(table([case(BASE)], supplied=people), "W2", "for each 1,000 residents (2,000: a count, 2025)") == "0.50"
    )
    assert not any("residents" in str(row[0]) for row in table([case(BASE)]).rows)


def test_a_landlords_measures_need_its_homes() -> None:
    landlord = BASE + "flags=landlord "
    cases = [
        case(landlord + "stage1_acknowledged=2026-04-02 stage1_responded=2026-04-16"),  # in time
        case(landlord + "stage1_acknowledged=2026-04-02 stage1_responded=2026-05-29"),  # late
        case(landlord + "stage1_acknowledged=2026-04-02 stage1_extension_notified=2026-04-15 "
             "stage1_extended_to=2026-04-30 stage1_responded=2026-04-29 stage2_requested=2026-05-05"),  # as extended
        case(BASE + "stage1_responded=2026-05-29"),  # not the landlord's
    ]  # fmt: skip
    homes = Supplied.model_validate({"landlord": {"homes": 500, "source": "a register", "year": "2025"}})
    made = {each.id: each for each in measures.tables(counted(cases), homes)}
    found = made["measures-housing-landlord"]
    assert value(found, "W2", "CH01, stage 1 complaints for each 1,000 homes (500: a register, 2025)") == "6.00"
    assert value(found, "W2", "CH01, stage 2 complaints for each 1,000 homes (500: a register, 2025)") == "2.00"
    assert value(found, "W6", "CH02, stage 1 complaints responded to in time, extensions included") == Share(2, 3)
    for each in (made["measures-corporate"], *measures.tables(counted(cases))):
        assert not any(str(row[0]).startswith("CH0") for row in each.rows)


@pytest.mark.parametrize("by", ["received", "due"])
def test_acknowledged_in_time_by_due_date_whatever_the_tables_count_by(by: PeriodBy) -> None:
    cases = [
        case(BASE),
        case("received=2026-04-01 stage1_acknowledged=2026-04-13"),
        case("received=2026-04-01"),
        case("received=2026-04-01 stage1_responded=2026-04-20"),
        case("received=2026-03-27 stage1_acknowledged=2026-03-30"),  # due on 8 April
        case("received=2026-06-26 stage1_acknowledged=2026-06-29"),  # due on 3 July
        case("received=2026-09-29 stage1_acknowledged=2026-09-29"),  # not due by the audit date
        case("received=2026-09-29"),
    ]
    found = table(cases, by=by)
    assert value(found, "W4") == Share(2, 5)
    assert unknown(found, "W4", "Stage 1 acknowledged") == Share(1, 5)
    assert value(found, "W4", period=Q2) == Share(1, 1)
    assert value(found, "W4", period=YEAR) == Share(3, 6)


def test_answered_without_extension_and_within_a_proper_one() -> None:
    cases = [
        case(BASE + "stage1_responded=2026-04-24"),  # in time
        case(BASE + "stage1_responded=2026-04-27"),  # late
        case(BASE + EXTENDED + "stage1_extended_to=2026-05-01 stage1_responded=2026-05-01"),  # in time as extended
        case(BASE + EXTENDED + "stage1_extended_to=2026-05-01 stage1_responded=2026-04-23"),  # extended for nothing
        case(BASE + EXTENDED + "stage1_extended_to=2026-05-01 stage1_responded=2026-05-05"),  # late all the same
        case(BASE + EXTENDED.replace("-20", "-27") + "stage1_extended_to=2026-05-01 stage1_responded=2026-05-01"),
        case(BASE + "stage1_extended_to=2026-05-01 stage1_responded=2026-05-01"),  # no date of notice
    ]
    found = table(cases)
    assert value(found, "W5") == Share(2, 7)
    assert unknown(found, "W5", "Stage 1 answered in time without") == Share(1, 7)
    assert value(found, "W6") == Share(2, 5), "the notice after the due date counts as late"
    assert unknown(found, "W6", "Stage 1 answered within") == Share(1, 5)


def test_an_improper_extension_does_not_save_an_answer_in_time() -> None:
    beyond = case(
        BASE + "stage1_extension_notified=2026-04-27 stage1_extended_to=2026-05-05 stage1_responded=2026-04-24"
    )
    assert value(table([beyond]), "W6") == Share(0, 1)
    assert value(table([beyond]), "W5") == Share(1, 1)


def test_escalation_by_the_cohort_of_stage_1_answers() -> None:
    answered = BASE + "stage1_responded=2026-04-24 "
    cases = [
        case(answered),
        case(answered + "stage2_requested=2026-07-15"),
        case(answered + "stage2_requested=2026-05-01 stage2_request_refused=2026-05-05"),
        case(answered + "stage2_requested=2026-10-15"),  # after the audit date
        case("received=2026-04-01 flags=straight_to_stage2 stage2_responded=2026-05-01"),
    ]
    found = table(cases)
    assert value(found, "W7", "Escalated") == Share(2, 4)
    assert value(found, "W7", "of these, stage 2 refused") == 1


def test_outcomes_and_what_stage_2_changed() -> None:
    def both(first: str, second: str) -> dict[str, Any]:
        outcomes = f"stage1_outcome={first} stage2_outcome={second}" if first else f"stage2_outcome={second}"
        return case(
            BASE + f"stage1_responded=2026-04-24 stage2_requested=2026-05-01 stage2_responded=2026-05-20 {outcomes}"
        )

    cases = [
        both("not_upheld", "upheld"),
        both("partly_upheld", "upheld"),
        both("no_finding", "not_upheld"),
        both("upheld", "partly_upheld"),
        both("resolved", "upheld"),
        both("", "upheld"),
    ]
    words = Supplied.model_validate({"words": {"upheld": "fault found"}})
    found = table(cases, supplied=words)
    assert value(found, "W9", "Stage 1 outcome: fault found") == Share(1, 6)
    assert value(found, "W9", "Stage 1 outcome: not recorded") == Share(1, 6)
    assert value(found, "W9", "Stage 2 outcome: fault found") == Share(4, 6)
    assert value(found, "W10") == Share(2, 6)


def test_remedies_by_the_day_promised() -> None:
    remedy = "received=2026-04-01 remedy_offered=2026-04-20 "
    cases = [
        case(remedy + "remedy_due=2026-05-01 remedy_completed=2026-05-01"),
        case(remedy + "remedy_due=2026-05-01 remedy_completed=2026-05-02"),
        case(remedy + "remedy_due=2026-05-01"),
        case(remedy + "remedy_due=2026-05-01 remedy_completed=2026-10-02"),  # not done by the audit date
        case(remedy + "remedy_due=2026-09-30"),  # the day is not over
        case(remedy + "remedy_due=2026-12-01"),
        case(remedy),
        case(remedy.replace("offered=2026-04-20", "offered=2026-10-20")),
    ]
    found = table(cases)
    assert value(found, "W11") == Share(1, 4)
    assert value(found, "W11", "Remedies offered with no promised date") == 1
    assert value(found, "W11", period=Q2) is None


def test_learning_of_the_last_answer_with_fault() -> None:
    cases = [
        case(BASE + "stage1_responded=2026-04-24 stage1_outcome=upheld learning_recorded=2026-05-01"),
        case(BASE + "stage1_responded=2026-04-24 stage1_outcome=partly_upheld"),
        case(BASE + "stage1_responded=2026-04-24 stage1_outcome=not_upheld learning_recorded=2026-05-01"),
        case(
            BASE + "stage1_responded=2026-04-24 stage1_outcome=upheld stage2_requested=2026-05-01 "
            "stage2_responded=2026-05-20 stage2_outcome=not_upheld"
        ),
    ]
    assert value(table(cases), "W12") == Share(1, 2)


def test_letters_telling_of_the_ombudsman() -> None:
    second = "stage1_responded=2026-04-24 stage2_requested=2026-05-01 stage2_responded=2026-05-20 "
    cases = [
        case("received=2026-04-01 refused=2026-04-02 refusal_contains=ombudsman"),  # lacks another thing
        case("received=2026-04-01 refused=2026-04-02 refusal_contains=explanation"),
        case("received=2026-04-01 refused=2026-04-02"),
        case(BASE + EXTENDED + "stage1_extended_to=2026-05-01"),
        case(BASE + second + "stage2_response_contains=ombudsman;reasons;decision"),
        case(BASE + second + "stage2_response_contains=reasons"),
        case(BASE + second),
    ]
    found = table(cases)
    assert value(found, "W14", "Told of the Ombudsman: refusals") == Share(1, 3)
    assert value(found, "W14", "Told of the Ombudsman: notices of extension") == Share(1, 1)
    assert value(found, "W14", "Told of the Ombudsman: final answers") == Share(1, 3)


def test_procedures_with_a_law_of_their_own() -> None:
    adult = case("procedure=adults received=2026-04-01 stage1_acknowledged=2026-04-09 stage1_responded=2026-04-24")
    child = case("procedure=children received=2026-04-01 stage1_responded=2026-04-20")
    found = table([adult, child], "adult social care")
    assert value(found, "W4", "Stage 1 acknowledged in time (3 working days)") == Share(0, 1), "by the 8th"
    assert not any(row[2] for row in found.rows), "the Code's paragraphs are not theirs"
    children = table([adult, child], "children's social care")
    assert value(children, "W5", "Stage 1 answered in time without extension (10 working days)") == Share(0, 1)
    assert not any(row[1] == "W4" for row in children.rows), "the Regulations give no time for it"


def test_what_lies_before_the_records_is_not_nought() -> None:
    found = counted([case(BASE)], as_at=AS_AT)
    one, _ = measures.tables(found)[1:]
    assert value(one, "W2", period=BEFORE) is None
    assert value(one, "W2", period=Q1) == 1
    assert "The records begin on 1 April 2026" in one.note


# --- supplied by hand -----------------------------------------------------------------------------

FILE = """
population: {residents: 345300, source: "ONS mid-year estimate", year: "2025"}
service_requests:
  - {from: 2026-04-01, to: 2026-05-31, count: 40}
  - {from: 2026-06-01, to: 2026-06-30, count: 21}
  - {from: 2026-07-01, to: 2026-07-31, count: 12}
refused: [{reason: "more than 12 months old", count: 6}]
improvements: [{what: "Texts give the new date", owner: "Head of Housing", date: 2026-06-01}]
ombudsman: [{year: 2025/26, decided: 31, investigated: 9, upheld: 6, recommendations: 6, complied: 5}]
words: {upheld: fault found}
"""


def supplied(folder: Path, text: str) -> Supplied:
    path = folder / "supplied.yaml"
    path.write_text(text, "utf-8")
    return read_supplied(path)


def test_a_file_fills_the_gaps(tmp_path: Path) -> None:
    given = supplied(tmp_path, FILE)
    found = table([case(BASE)], supplied=given)
    assert value(found, "W1") == 61
    assert value(found, "W1", period=Q2) is None, "one month is not the quarter"
    assert measures.gaps(given) == []
    made = {each.id: each for each in handtables.hand_tables(given)}
    assert made["refusal-reasons"].rows == (("more than 12 months old", 6),)
    assert made["improvements"].rows == (("Texts give the new date", "Head of Housing", dt.date(2026, 6, 1), "yes"),)
    assert made["ombudsman-letter"].rows == (("2025/26", 31, 9, 6, 6, 5),)


def test_what_is_not_supplied_is_a_marked_gap(tmp_path: Path) -> None:
    names = [gap.id for gap in measures.gaps(None)]
    assert names == ["gap-w1", "gap-w2", "gap-w3", "gap-w12", "gap-w13"]
    assert measures.gaps(supplied(tmp_path, "population:\nwords: {upheld: fault found}\n")) == measures.gaps()
    assert handtables.hand_tables(Supplied()) == []


MISTAKES = [
    ("service_request: []", "supplied.yaml:1:1: 'service_request': is not a known key"),
    ("population: {residents: 0, source: x, year: '2025'}", "supplied.yaml:1:14: 'residents': Input should be greater"),
    ("population: {residents: 5}", "'source': is missing and must be given"),
    (
        "\nservice_requests:\n  - {from: 2026-04-01, to: 2026-03-01, count: 4}",
        "supplied.yaml:3:5: 'to' comes before 'from'",
    ),
    (
        "service_requests: "
        "[{from: 2026-04-01, to: 2026-06-30, count: 4}, {from: 2026-06-30, to: 2026-07-01, count: 4}]",
        "'service_requests' count 2026-06-30 twice",
    ),
    ("ombudsman: [{year: 2025, decided: 1, investigated: 1, upheld: 1}]", "'year': String should match"),
    ("ombudsman: [{year: 2025/26, decided: 3, investigated: 2, upheld: 4}]", "'upheld' cannot be more than"),
    ("ombudsman: [{year: 2025/26, decided: 3, investigated: 2, upheld: 1, complied: 1}]", "'complied' cannot be more"),
    ("words: {uphold: x}", "supplied.yaml:1:9: 'uphold'"),
    ("- a list", "expected supplied figures"),
    ("population: {residents: [", "not YAML"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SuppliedError) as raised:
        supplied(tmp_path, text)
    assert said in str(raised.value), raised.value


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SuppliedError, match="cannot be read"):
        read_supplied(tmp_path / "none.yaml")


def test_the_tables_of_counts_and_the_measures_are_of_the_same_cases() -> None:
    """By due date the months of the first quarter are the quarter."""
    cases = [case(f"received=2026-0{month}-03 stage1_acknowledged=2026-0{month}-07") for month in (4, 5, 6, 6)]
    found = counted(cases, "due", as_at=AS_AT)
    months = {row[0]: row[3] for row in tables.month_table(found).rows if row[1] == "corporate"}
    quarter = [months[f"{name} 2026"] for name in ("April", "May", "June")]
    assert all(isinstance(each, Share) for each in quarter)
    one, _ = measures.tables(found)[1:]
    whole = value(one, "W4")
    assert (whole.count, whole.base) == (sum(e.count for e in quarter), sum(e.base for e in quarter))
