"""The published figures attacked: from the file alone nothing withheld can be worked out.

``attacker`` reads figures.json and solves it without any of our own code; small cubes are attacked by trying
every filling.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attacker
import polars as pl
import pytest
from casefiles import case, run
from casemaking import as_records
from hypothesis import example, given, settings
from hypothesis import strategies as st
from putright import plugins
from putright.auditing.audits import Period, audit
from putright.disclosure import publication, relations
from putright.disclosure.suppression import THRESHOLD, Withholding
from putright.documents.paper import Column, Share, Table, Withheld
from putright.statistics import tables
from putright.statistics.cubes import COUNT, Cube, Figure, Ratio, Sheet
from putright.statistics.tables import Counts, PeriodBy
from putright.synthetic import sample
from test_counts import counted

HOST = plugins.load()
AS_AT = dt.date(2026, 11, 22)


def sampled(council: str, cases: int, seed: int, by: PeriodBy, period: Period | None) -> Counts:
    """The counts of synthetic cases."""
    rows = sample.sample(HOST, council, cases, seed, year_ending=AS_AT)
    records = as_records(rows, HOST.councils, council)
    assert not records.rejected.height
    found = Counts(AS_AT, by, period)
    found.add(audit(records, HOST, AS_AT, messages=False))
    return found


def published(found: Counts, threshold: int = THRESHOLD, withhold: publication.Withhold = "breakdowns") -> Any:
    """What figures.json holds, as a reader gets it."""
    tables = publication.published(found, None, threshold, withhold=withhold).tables
    return json.loads(json.dumps(publication.as_data(tables, found, council="any", threshold=threshold)))


def publish(sheet: Sheet, sums: Sequence[relations.Sum], threshold: int, cubes: dict[str, Cube]) -> Table:
    """A sheet as a reader gets it, all alone."""
    hidden = publication.withheld([sheet], sums, threshold, cubes).hidden
    return publication.shown_table(sheet, hidden, threshold, cubes)


def found_out(data: Any, threshold: int) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """What a reader finds that was not to be found, by elimination and by linear programming."""
    reader = attacker.Reader(data)
    exactly = {name: int(value) for name, value in attacker.solved_exactly(reader.system).items()}
    bounded = {name: least for name, (least, _) in attacker.bounded(reader.system).items()}
    return tuple(attacker.given_away(each, threshold, reader.is_conduct) for each in (exactly, bounded))


SUMMER = Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
ODD_DAYS = Period(dt.date(2026, 7, 15), dt.date(2026, 10, 10))

#: council, cases, seed, counted by, period, threshold: few cases for each service, so that small counts abound.
SAMPLES: list[tuple[str, int, int, PeriodBy, Period | None, int]] = [
    ("coventry", 30, 1, "received", None, 5),
    ("coventry", 60, 1, "received", None, 5),
    ("runnymede", 80, 519501, "received", None, 5),
    ("stoke-on-trent", 60, 3, "due", SUMMER, 5),
    ("runnymede", 50, 4, "received", ODD_DAYS, 5),
    ("brighton-hove", 45, 5, "due", None, 10),
]


@pytest.mark.parametrize(("council", "cases", "seed", "by", "period", "threshold"), SAMPLES)
def test_nothing_withheld_can_be_worked_out(
    council: str, cases: int, seed: int, by: PeriodBy, period: Period | None, threshold: int
) -> None:
    data = published(sampled(council, cases, seed, by, period), threshold)
    assert found_out(data, threshold) == ({}, {})
    reader = attacker.Reader(data)
    small = [name for name, number in reader.system.known.items() if 0 < number < threshold]
    assert small and [name for name in small if not reader.is_conduct(name)] == []


def test_the_attack_finds_what_is_only_withheld_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With small counts withheld and nothing else, the reader finds many: the attack above is worth something."""
    found = sampled("runnymede", 80, 519501, "received", None)
    monkeypatch.setattr(
        publication,
        "suppress",
        lambda those, _, threshold, *__: Withholding(
            frozenset(key for key, n in those.items() if 0 < n < threshold), frozenset()
        ),
    )
    exactly, bounded = found_out(published(found, withhold="everywhere"), THRESHOLD)
    assert len(exactly) > 5
    assert len(bounded) > 5


# --- several publications -------------------------------------------------------------------------

QUARTERS = [("2026-04-01", "2026-06-30"), ("2026-07-01", "2026-09-30")]
HALF_YEAR = ("2026-04-01", "2026-09-30")
#: Each period with its audit date: all on one day, as when old figures are made up; and each some days after its end.
AT_ONCE = [(period, "2026-11-22") for period in (*QUARTERS, HALF_YEAR)]
IN_TURN = list(zip((*QUARTERS, HALF_YEAR), ("2026-07-10", "2026-10-12", "2026-11-22"), strict=True))


def publish_in_turn(
    folder: Path,
    turns: Sequence[Any],
    by: str,
    cases_and_seed: tuple[int, int],
    withhold: str = "breakdowns",
    *,
    with_those_before: bool,
) -> list[Any]:
    """What a council publishes, one after the other, as figures.json."""
    cases = folder / "cases.csv"
    many, seed = map(str, cases_and_seed)
    sampled = ("sample", "--council", "coventry", "--cases", many, "--seed", seed, "--year-ending", "2026-11-22")
    assert run(*sampled, "--output", str(cases)).code == 0
    made: list[Path] = []
    for number, ((start, end), as_at) in enumerate(turns):
        given = ("--published", *map(str, made)) if made and with_those_before else ()
        options = ("--council", "coventry", "--from", start, "--to", end, "--as-at", as_at, "--period-by", by)
        options += ("--withhold", withhold)
        made.append(folder / f"public-{number}")
        done = run("audit", str(cases), *options, "--publish", "--output", f"{made[-1]}/", *given)
        assert done.code == 0, done.err
        assert ("--published" in done.out) == (bool(made[:-1]) and not with_those_before), "what is at risk is said"
    return [json.loads((each / "figures.json").read_text("utf-8")) for each in made]


def found_out_of(files: Sequence[Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    system = attacker.together(files)
    exactly = {name: int(value) for name, value in attacker.solved_exactly(system).items()}
    bounded = {name: least for name, (least, _) in attacker.bounded(system).items()}
    conduct = conduct_in(files)
    return attacker.given_away(exactly, THRESHOLD, conduct), attacker.given_away(bounded, THRESHOLD, conduct)


def conduct_in(files: Sequence[Any]) -> Callable[[attacker.Name], bool]:
    """Whether a number of one of several files is of the council's own conduct."""
    readers = [attacker.Reader(data) for data in files]

    def is_conduct(name: attacker.Name) -> bool:
        number, _, id = str(name[0]).partition(": ")
        return readers[int(number)].is_conduct((id, *name[1:]))

    return is_conduct


@pytest.mark.parametrize(
    ("turns", "by", "cases_and_seed"), [(AT_ONCE, "received", (30, 28)), (IN_TURN, "due", (40, 7))]
)
def test_quarters_and_what_they_make_up_give_nothing_away(
    tmp_path: Path, turns: Sequence[Any], by: str, cases_and_seed: tuple[int, int]
) -> None:
    files = publish_in_turn(tmp_path, turns, by, cases_and_seed, with_those_before=True)
    assert found_out_of(files) == ({}, {})
    shown = attacker.together(files).known
    small = [name for name, number in shown.items() if 0 < number < THRESHOLD]
    conduct = conduct_in(files)
    assert [name for name in small if not conduct(name)] == []


def test_the_attack_finds_what_publications_apart_give_away(tmp_path: Path) -> None:
    files = publish_in_turn(tmp_path, AT_ONCE, "received", (40, 7), "everywhere", with_those_before=False)
    exactly, bounded = found_out_of(files)
    assert len(exactly) > 3
    assert len(bounded) > 3


# --- every filling of small cubes -----------------------------------------------------------------

_VALUES = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2")}
_CELLS = list(itertools.product(*_VALUES.values()))
#: As in every table: single values and all of them. (Sets that overlap in part are not published.)
_SETS = st.sampled_from([("a1",), ("a2",), ("a3",), ("a1", "a2", "a3")])


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    st.lists(st.tuples(_SETS, st.sampled_from([("b1",), ("b2",), ("b1", "b2")])), min_size=2, max_size=9),
)
@example([0, 0, 3, 0, 1, 0], [(("a2",), ("b2",)), (("a2",), ("b1", "b2")), (("a3",), ("b1",)), (_VALUES["a"], ("b1",))])
@example([0, 0, 0, 0, 1, 3], [(("a3",), ("b1",)), (("a3",), ("b2",)), (("a2", "a3"), ("b1", "b2"))])
def test_any_figures_of_a_small_cube(numbers: Sequence[int], wanted: Sequence[tuple[tuple[str, ...], ...]]) -> None:
    cube = Cube("findings", ("a", "b"))
    cube.add(
        [pl.DataFrame([(*cell, n) for cell, n in zip(_CELLS, numbers, strict=True)], [*"ab", COUNT], orient="row")]
    )
    shown = list(dict.fromkeys(cube.figure(a=a, b=b) for a, b in wanted))
    sheet = Sheet("t", "", (Column("figure"),), tuple((figure,) for figure in shown))
    cubes = {"findings": cube}
    table = publish(sheet, relations.publication(shown, Counts(AS_AT), cubes).sums, 3, cubes)
    fillings = _fillings(shown, [row[0] for row in table.rows], most=9)
    for place, figure in enumerate(shown):
        true, cell = cube.count(figure), table.rows[place][0]
        assert isinstance(cell, Withheld) or cell == true
        assert isinstance(cell, Withheld) or not 0 < true < 3
        if isinstance(cell, Withheld):
            assert true in fillings[place]
            assert len(fillings[place]) > 1, f"{figure} must be {true}"


def _fillings(figures: Sequence[Figure], cells: Sequence[Any], most: int) -> list[set[int]]:
    """Every value each figure can have, where those shown are as shown and those withheld are of somebody.

    Every cell is tried from 0 to twice what it can be in truth.
    """
    import numpy as np

    grid = [axis.ravel() for axis in np.meshgrid(*[np.arange(most, dtype=np.int16)] * len(_CELLS))]
    made, fits = [], np.ones(most ** len(_CELLS), dtype=bool)
    for figure, cell in zip(figures, cells, strict=True):
        inside = [
            axis
            for (a, b), axis in zip(_CELLS, grid, strict=True)
            if a in figure.values.get("a", _VALUES["a"]) and b in figure.values.get("b", _VALUES["b"])
        ]
        total = np.sum(inside, axis=0) if inside else np.zeros_like(grid[0])
        made.append(total)
        fits &= (total > 0) if isinstance(cell, Withheld) else (total == cell)
    return [set(total[fits].tolist()) for total in made]


# --- what is never published ----------------------------------------------------------------------

CASES = [
    *[case("received=2026-04-01 stage1_acknowledged=2026-04-02", service="Parking") for _ in range(7)],
    *[case("received=2026-04-02 stage1_acknowledged=2026-04-03", service="Libraries") for _ in range(6)],
    *[case("received=2026-05-05 stage1_handler=Officer-Nine", service="Falconry", category="Hawks") for _ in range(2)],
    *[case("received=2026-05-05 procedure=children", service="Leaving care") for _ in range(8)],
    *[case("received=2026-05-05 procedure=children", service="Fostering") for _ in range(6)],
]


def test_no_reference_handler_or_rare_category_is_published() -> None:
    text = json.dumps(published(counted(CASES)))
    for secret in ("Falconry", "Hawks", "Officer", "R13"):
        assert secret not in text
    assert "Parking" in text


def rows(data: Any, id: str) -> list[list[Any]]:
    (table,) = [table for table in data["tables"] if table["id"] == id]
    found: list[list[Any]] = table["rows"]
    return found


def test_services_with_few_cases_go_together() -> None:
    data = published(counted(CASES))
    names = [(row[0], row[2]) for row in rows(data, "services") if row[1] == "corporate"]
    assert names == [("Parking", 7), ("Other, or not recorded", 8), ("All", 15)], "the others are enough to be shown"


def test_a_cse_case_is_in_the_totals_and_its_service_makes_no_difference() -> None:
    def with_one(**more: Any) -> Any:
        return published(counted([*CASES, case("received=2026-05-06 procedure=children", **more)]))

    files = [with_one(flags="cse", service=name) for name in ("Leaving care", "Fostering", "Falconry", None)]
    assert all(file == files[0] for file in files)
    children = {row[0]: row[2] for row in rows(files[0], "services") if row[1] == "children's social care"}
    assert children == {"Leaving care": 8, "Other, or not recorded": 7, "All": 15}
    assert with_one(service="Leaving care") != files[0]


def test_a_service_whose_number_must_be_withheld_is_not_named() -> None:
    """That it is named would tell that it has five cases or more."""
    few = [case("received=2026-05-05 procedure=adults", service="Care at home") for _ in range(3)]
    data = published(counted([*CASES, *few]))
    named = [row for row in rows(data, "services") if row[0] not in ("All", "Other, or not recorded")]
    assert named and all(isinstance(row[2], int) for row in named)
    assert found_out(data, THRESHOLD) == ({}, {})


# --- the rest -------------------------------------------------------------------------------------


def test_the_file_says_what_it_is() -> None:
    data = published(counted(CASES, "due", Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))))
    assert {key: value for key, value in data.items() if key not in ("tables", "software")} == {
        "format": "putright figures 1",
        "council": "any",
        "as_at": "2026-06-30",
        "period": {"from": "2026-04-01", "to": "2026-06-30"},
        "counts_by": "due",
        "threshold": 5,
        "withhold": "breakdowns",
    }
    for table in data["tables"]:
        assert all(len(row) == len(table["columns"]) for row in table["rows"])
    cells = [cell for table in data["tables"] for row in table["rows"] for cell in row if isinstance(cell, dict)]
    everywhere = published(counted(CASES), withhold="everywhere")
    assert {"withheld": True} in [cell for table in everywhere["tables"] for row in table["rows"] for cell in row]
    assert {"count": 0, "base": 15, "percent": 0} in cells


def test_a_zero_is_shown_and_the_note_says_why() -> None:
    tables = publication.published(counted(CASES)).tables
    (lgsco,) = [table for table in tables if table.id == "rules-corporate-lgsco"]
    assert "shown, however small" in lgsco.note and "from 1 to 4" in lgsco.note and "Zeros are shown" in lgsco.note
    acknowledge = next(row for row in lgsco.rows if row[0] == "Acknowledge stage 1")
    assert acknowledge[4] == 0 and acknowledge[6] == 2
    everywhere = publication.published(counted(CASES), withhold="everywhere").tables
    (lgsco,) = [table for table in everywhere if table.id == "rules-corporate-lgsco"]
    assert "however small" not in lgsco.note and "Numbers from 1 to 4" in lgsco.note
    acknowledge = next(row for row in lgsco.rows if row[0] == "Acknowledge stage 1")
    assert acknowledge[4] == 0 and isinstance(acknowledge[6], Withheld)


def test_without_a_threshold_everything_is_shown_as_counted() -> None:
    found = counted(CASES)
    open_tables = {table.id: table.rows for table in publication.published(found, threshold=1).tables}
    for table in [*tables.rule_tables(found), tables.stage_table(found), tables.month_table(found)]:
        assert open_tables[table.id] == table.rows


def test_a_share_is_withheld_with_its_count_or_its_base() -> None:
    cube = Cube("findings", ("a",))
    cube.add([pl.DataFrame({"a": ["x", "y", "z"], COUNT: [30, 3, 40]})])
    met, due = cube.figure(a=["x"]), cube.figure(a=["x", "y"])
    sheet = Sheet("t", "", (Column("share"), Column("z")), ((Ratio(met, due), cube.figure(a=["z"])),))
    cubes = {"findings": cube}

    def table(threshold: int) -> Table:
        sums = relations.publication({met, due, cube.figure(a=["z"])}, Counts(AS_AT), cubes).sums
        return publish(sheet, sums, threshold, cubes)

    assert table(3).rows == ((Share(30, 33), 40),)
    assert table(5).rows == ((Withheld(), 40),), "30 of 33 would tell of the three"


def test_the_same_counts_give_the_same_file() -> None:
    assert published(counted(CASES)) == published(counted(list(reversed(CASES))))
