"""Figures copied from files: of a period before the records begin, and of other councils; and tables by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from casefiles import run
from packmaking import gathered, rows
from putright.committee.otherfigures import OTHERS, compared, read_others, with_earlier
from putright.disclosure.figuresfile import FiguresError, PublishedFigures
from putright.documents.paper import Column, Share, Table, Withheld
from putright.statistics import handtables
from putright.statistics.supplied import Supplied, SuppliedError, read_supplied
from putright.text.english import written_date

WORDS = ("Measure", "Id", "Code paragraph")
QUARTER, YEAR, BEFORE = "April to June 2026", "2026/27 (to 30 June 2026)", "2025/26"
SHARE = {"count": 90, "base": 120, "percent": 75}


def published(
    council: str | None = "coventry", *, as_at: str = "2026-04-20", rows: list[list[Any]]
) -> PublishedFigures:
    """Figures with one table of corporate measures, of one year and the year before it."""
    columns = [*({"heading": each, "figures": False} for each in WORDS)]
    columns += [{"heading": each, "figures": True} for each in (BEFORE, "2024/25")]
    return PublishedFigures.model_validate(
        {
            "format": "putright figures 1",
            "software": "putright 0.2.0",
            "council": council,
            "as_at": as_at,
            "period": {"from": None, "to": None},
            "counts_by": "received",
            "threshold": 5,
            "tables": [{"id": "measures-corporate", "title": "M", "note": "", "columns": columns, "rows": rows}],
        }
    )


def measures(*rows: tuple[Any, ...]) -> Table:
    columns = (*(Column(each, figures=False) for each in WORDS), *map(Column, (QUARTER, YEAR, BEFORE)))
    return Table("measures-corporate", "Measures", columns, rows, "A note.")


OURS = measures(
    ("Service requests", "W1", "1.8", None, None, 12),
    ("Complaints received", "W2", "3.3", 40, 40, None),
    ("Stage 1 acknowledged in time", "W4", "6.2", Share(9, 10), Share(18, 20), None),
    ("of these, what the records cannot show", "W4", "6.2", Share(1, 10), Share(1, 20), None),
    ("Stage 1 answered in time", "W5", "6.3", Share(3, 10), Withheld(), None),
    ("of these, what the records cannot show", "W5", "6.3", Share(0, 10), Share(0, 20), None),
)
THEIRS: list[list[Any]] = [
    ["Complaints received", "W2", "3.3", 130, None],
    ["Stage 1 acknowledged in time", "W4", "6.2", SHARE, None],
    ["of these, what the records cannot show", "W4", "6.2", {"withheld": True}, None],
    ["of these, what the records cannot show", "W5", "6.3", {"count": 7, "base": 99, "percent": 7}, None],
]


def column(table: Table, place: int = -1) -> list[Any]:
    return [row[place] for row in table.rows]


def test_a_period_before_the_records_is_copied_cell_by_cell() -> None:
    (found,) = with_earlier([OURS], [published(rows=THEIRS)])
    assert column(found) == [12, 130, Share(90, 120), Withheld(), None, Share(7, 99)]
    assert [row[:-1] for row in found.rows] == [row[:-1] for row in OURS.rows]
    assert found.note == "A note. 2025/26 is copied from the figures published as at 20 April 2026."


def test_the_latest_publication_that_has_the_period_is_copied() -> None:
    old = published(as_at="2026-04-01", rows=[["Complaints received", "W2", "3.3", 1, None]])
    new = published(as_at="2026-06-01", rows=[["Complaints received", "W2", "3.3", 2, None]])
    empty = published(as_at="2026-06-20", rows=[["Complaints received", "W2", "3.3", None, None]])
    (found,) = with_earlier([OURS], [old, empty, new])
    assert column(found)[1] == 2


@pytest.mark.parametrize(
    ("ours", "why"),
    [
        (measures(("Complaints received", "W2", "3.3", 40, 40, 5)), "the records have the period themselves"),
        (measures(("Complaints dealt with", "W2", "3.3", 40, 40, None)), "no row is the same measure"),
    ],
)
def test_what_the_records_show_is_never_replaced(ours: Table, why: str) -> None:
    assert with_earlier([ours], [published(rows=THEIRS)]) == [ours], why


def test_other_tables_are_left_alone() -> None:
    table = Table("services", "S", (Column("Service", figures=False), Column(BEFORE)), (("Parks", None),))
    assert with_earlier([table], [published(rows=THEIRS)]) == [table]


def test_councils_are_compared_by_the_same_measures() -> None:
    (found,) = compared({OURS.id: OURS}, {"Anytown Council": published("anytown", rows=THEIRS)})
    assert [each.heading for each in found.columns] == ["Measure", f"Ours, {YEAR}", f"Anytown Council, {BEFORE}"]
    assert found.rows == (
        ("Stage 1 acknowledged in time", Share(18, 20), Share(90, 120)),
        ("Stage 1 answered in time", Withheld(), None),
    )


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        (published(rows=THEIRS), "has your own figures: give the figures.json of another council"),
        (published(None, rows=THEIRS), "does not say whose figures they are"),
        (published("anytown", rows=THEIRS).model_copy(update={"tables": []}), "no measures of corporate complaints"),
    ],
)
def test_what_cannot_be_compared_is_refused(figures: PublishedFigures, says: str, tmp_path: Path) -> None:
    (tmp_path / "figures.json").write_text(figures.model_dump_json(by_alias=True), "utf-8")
    with pytest.raises(FiguresError, match=says):
        read_others([tmp_path], "coventry")


def test_a_paper_shows_the_year_before_and_another_council(tmp_path: Path) -> None:
    """Both from files that the program wrote itself, given as its user gives them."""
    cases = tmp_path / "cases.csv"

    def made_of(year: int, *options: object) -> None:
        run("sample", "--council", "coventry", "--cases", "60", "--year-ending", f"{year}-03-31", "--output", cases,
            "--overwrite")  # fmt: skip
        made = run("audit", cases, "--council", "coventry", "--as-at", f"{year}-05-20", "--from", f"{year - 1}-04-01",
                   "--to", f"{year}-03-31", *options)  # fmt: skip
        assert made.code == 0, made.err

    made_of(2025, "--publish", "--output", f"{tmp_path}/before/")
    theirs = json.loads((tmp_path / "before/figures.json").read_text("utf-8"))
    (tmp_path / "theirs.json").write_text(json.dumps(theirs | {"council": "any-town"}), "utf-8")
    given = ("--published", tmp_path / "before", "--compare", tmp_path / "theirs.json")
    made_of(2026, *given, "--output", f"{tmp_path}/pack/")
    assert "2024/25 is copied from the figures" in (tmp_path / "pack/committee-appendices.md").read_text("utf-8")
    assert "| Any Town, 2024/25 |" in (tmp_path / "pack/committee-paper.md").read_text("utf-8")
    receipt = json.loads((tmp_path / "pack/receipt.json").read_text("utf-8"))
    assert {"figures.json", "theirs.json"} <= {each["file"] for each in receipt["inputs"]}
    figures = (tmp_path / "pack/figures.json").read_text("utf-8")
    assert "copied from" not in figures, "what was published elsewhere is not published again as ours"


# --- by hand --------------------------------------------------------------------------------------

LETTER = {"year": "2025/26", "decided": 31, "investigated": 9, "upheld": 6, "recommendations": 6, "complied": 5}
PEOPLE = {"residents": 345_300, "source": "ONS", "year": "2025"}


def supplied(**given: Any) -> Supplied:
    return Supplied.model_validate(given)


def test_the_ombudsmans_decisions_are_shown_next_to_what_others_reached() -> None:
    found = handtables.compared(supplied(ombudsman=[LETTER], population=PEOPLE))
    assert [row[:3] for row in found.rows] == [
        ("Complaints upheld, of those investigated", "67% of 9 (2025/26)", "83% (all councils, 2024/25)"),
        ("Recommendations complied with, of those due", "83% of 6 (2025/26)", "99.7% (all councils, 2024/25)"),
        ("Complaints upheld for each 100,000 residents", "1.7 (2025/26)", "6.2 (all councils, 2024/25)"),
    ]
    assert all("Ombudsman" in str(row[3]) and "2025" in str(row[3]) for row in found.rows)


def test_what_cannot_be_worked_out_is_not_compared() -> None:
    bare = {**LETTER, "recommendations": None, "complied": None}
    assert [row[0] for row in handtables.compared(supplied(ombudsman=[bare])).rows] == [
        "Complaints upheld, of those investigated"
    ]
    assert handtables.compared(supplied(population=PEOPLE)).rows == ()


def test_newer_figures_of_others_take_the_place_of_ours() -> None:
    newer = {"year": "2025/26", "measure": "upheld", "figure": 81.5, "of": "county councils", "source": "Review, 2026"}
    found = handtables.compared(supplied(ombudsman=[LETTER], benchmarks=[newer]))
    assert [row[2:] for row in found.rows] == [("81.5% (county councils, 2025/26)", "Review, 2026")]
    assert handtables.compared(supplied(ombudsman=[LETTER], benchmarks=[])).rows == ()


def test_feedback_is_shown_by_its_own_periods_and_small_counts_withheld() -> None:
    days = {"from": "01/04/2025", "to": "31 March 2026"}
    given = supplied(
        feedback=[{"what": "Compliments", "count": 310, **days}, {"what": "Apologies", "count": 3, **days}]
    )
    (published,) = handtables.publishable(given, 5)
    assert [(row[0], row[3]) for row in published.rows] == [("Apologies", Withheld()), ("Compliments", 310)]
    assert [written_date(day) for day in published.rows[0][1:3]] == ["1 April 2025", "31 March 2026"]  # type: ignore[arg-type]
    (own,) = handtables.hand_tables(given)
    assert [row[3] for row in own.rows] == [3, 310]


def test_the_housing_ombudsmans_findings_have_a_column_for_each_year() -> None:
    years = [{"year": "2025/26", "maladministration": 2}, {"year": "2024/25", "service_failure": 1}]
    (found,) = handtables.ombudsmen(supplied(housing_ombudsman=years))
    assert [each.heading for each in found.columns] == ["Finding", "2024/25", "2025/26"]
    assert found.rows[1:3] == (("Maladministration", 0, 2), ("Service failure", 1, 0))


def test_a_committee_paper_has_what_the_ombudsmen_decided_and_its_appendices_do_not() -> None:
    given = supplied(ombudsman=[LETTER], population=PEOPLE)
    with gathered(rows(5), supplied=given) as found:
        papers = found.papers()
    assert {"ombudsman-letter", "ombudsman-compared"} <= papers.committee.tables().keys()
    assert not {"ombudsman-letter", "ombudsman-compared"} & papers.appendices.tables().keys()
    assert OTHERS not in papers.committee.tables()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("benchmarks: [{year: 2025/26, measure: upheld, figure: 101, of: all, source: x}]", "101 is above 100"),
        ("benchmarks: [{year: 2025/26, measure: praised, figure: 1, of: all, source: x}]", "'measure'"),
        ("feedback: [{what: Compliments, from: 2026-04-01, to: 2026-03-01, count: 4}]", "'to' comes before 'from'"),
        ("cover: {date: someday}", "'someday' is not a date we can read. Use 22/11/2026 or 2026-11-22"),
        ("cover: {chair: Smith}", "'chair': is not a known key"),
        ("housing_ombudsman: [{year: 2025, maladministration: 1}]", "'year'"),
    ],
)
def test_mistakes_say_where_they_are(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "supplied.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SuppliedError, match=r"supplied\.yaml:1:") as found:
        read_supplied(path)
    assert says in str(found.value)
