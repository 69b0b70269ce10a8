"""Exports in other layouts: mapped, they give the findings of the same cases in our own layout."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from casemaking import as_text, cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapmaking import EXAMPLES, NAMES, OWN, findings, keeping, records, table
from putright import cli, fields
from putright.fields import FIELDS, Type, Vocabulary
from putright.files.readers import read_table
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping import cells, dateformats
from putright.mapping.mappedtables import apply, mapped
from putright.mapping.mappingfile import Mapping, MappingError
from putright.mapping.reading import read_mapping


@pytest.fixture
def use(tmp_path: Path) -> Any:
    def make(text: str, export: Table) -> Table:
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return apply(read_mapping(path), export)

    return make


# --- the examples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("council", [None, "coventry", "telford-wrekin"])
def test_an_example_gives_the_findings_of_its_cases_in_our_layout(name: str, council: str | None) -> None:
    theirs = apply(read_mapping(EXAMPLES / f"{name}.yaml"), read_table(EXAMPLES / f"{name}.csv"))
    ours = read_table(OWN / f"{name}.csv")
    found = records(theirs, council)
    assert found.rejected.is_empty()
    assert found.rows_read == ours.frame.height >= 12
    assert found.left_out == ()
    expected = findings(records(keeping(ours, theirs), council))
    assert expected.height > 40
    assert findings(found).equals(expected)
    # What does not arise is told a little otherwise where a column is there though it is empty.
    expected = findings(records(filled_up(ours), council), include_not_applicable=True)
    assert findings(records(filled_up(theirs), council), include_not_applicable=True).equals(expected)


def filled_up(some: Table) -> Table:
    """The same records with a column for every field."""
    lacking = [pl.lit(None, pl.String).alias(name) for name in FIELDS if name not in some.frame.columns]
    return Table(some.frame.with_columns(lacking), some.day_first)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["xlsx", "parquet", "jsonl"])
def test_an_example_in_another_kind_of_file(name: str, form: str, tmp_path: Path) -> None:
    frame = pl.read_csv(EXAMPLES / f"{name}.csv", separator=";" if name == "tick-boxes" else ",", infer_schema=False)
    path = tmp_path / f"export.{form}"
    writers = {"xlsx": frame.write_excel, "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}
    writers[form](path)  # type: ignore[operator]
    theirs = apply(read_mapping(EXAMPLES / f"{name}.yaml"), read_table(path))
    ours = keeping(read_table(OWN / f"{name}.csv"), theirs)
    assert findings(records(theirs)).equals(findings(records(ours)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 5])
def test_batches_make_no_difference(name: str, size: int) -> None:
    whole = read_table(EXAMPLES / f"{name}.csv")
    batches = [Table(part, whole.day_first) for part in whole.frame.iter_slices(size)]
    rules = read_mapping(EXAMPLES / f"{name}.yaml")
    together = pl.concat([each.frame for each in mapped(rules, iter(batches))])
    assert together.equals(apply(rules, whole).frame)


@pytest.mark.parametrize("name", NAMES)
def test_columns_of_many_values_are_read_like_those_of_few(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules, export = read_mapping(EXAMPLES / f"{name}.yaml"), read_table(EXAMPLES / f"{name}.csv")
    few = apply(rules, export)
    monkeypatch.setattr(cells, "_FEW", 0)
    assert apply(rules, export).frame.equals(few.frame)


def test_the_examples_are_marked_as_invented() -> None:
    for path in EXAMPLES.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert all(line.startswith("SYNTHETIC-") for line in lines[1:]), path


def commands() -> list[str]:
    return re.findall(r"^\$ putright (.+)$", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_how_to_s_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mapping"
    shutil.copytree(EXAMPLES, folder)
    monkeypatch.chdir(folder)
    assert len(commands()) == 6
    for command in commands():
        assert cli.main(shlex.split(command)) == 0, command
        shown = capsys.readouterr()
        assert shown.out or shown.err, command
    assert (folder / "findings.xlsx").stat().st_size > 0


def test_the_how_to_names_every_key() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in Mapping.model_fields)
    assert all(f"`{name}`" in text for name in dateformats.NAMED)


# --- the command line -----------------------------------------------------------------------------


def test_a_mistake_in_the_mapping_is_exit_code_2_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("layout: case\nfields: {reference: Case Ref, received: Date Recieved}\n", encoding="utf-8")
    for command in (["audit"], ["explain"]):
        rest = ["X"] if command == ["explain"] else []
        case = str(EXAMPLES / "one-row-per-case.csv")
        assert cli.main([*command, case, *rest, "--mapping", str(path)]) == 2
        shown = capsys.readouterr().err
        assert f"{path}:2:" in shown
        assert "no column 'Date Recieved'; did you mean 'date received'?" in shown
        assert "Traceback" not in shown


# --- mistakes in a mapping ------------------------------------------------------------------------

GOOD = "layout: case\nfields:\n  reference: Ref\n  received: Recd\n"
STAGE = "layout: stage\ncase: Ref\nstage: {column: S, words: {One: 1}}\nfields:\n  received: Recd\n"
EVENT = "layout: event\ncase: Ref\nevent: What\ndate: Date\nevents:\n  Logged: received\n"

MISTAKES = [
    ("", "1:1", "expected a mapping"),
    ("- layout", "1:1", "expected a mapping"),
    ("layout: [", "2:1", "not YAML"),
    ("layout: row\n", "1:1", "'layout': must be one of case, stage, event (found 'row')"),
    (GOOD + "colour: red\n", "5:1", "'colour': is not a known key: known are layout, sheet, "),
    (GOOD + "layout: case\n", "5:1", "'layout' appears twice here"),
    ("layout: case\nfields:\n  reference: Ref\n", "2:1", "nothing gives 'received'"),
    ("layout: case\nfields:\n  received: Recd\n", "2:1", "nothing gives 'reference'"),
    (GOOD + "  recieved: R\n", "5:3", "'recieved' is not a field of a case record; did you mean 'received'?"),
    (GOOD + "  stageN_responded: R\n", "5:3", "needs the column that says the stage"),
    (GOOD + "  closed:\n", "5:3", "needs the name of a column"),
    (GOOD + "  closed: {colum: C}\n", "5:12", "'colum': is not a known key; did you mean 'column'?"),
    (GOOD + "  closed: {columns: [A, B]}\n", "5:3", "several columns for one date need 'take: first'"),
    (GOOD + "  closed: {column: A, take: last_stage}\n", "5:23", "'last_stage' is for a field of the whole case"),
    (STAGE + "  stageN_responded: {column: A, take: last_stage}\n", "6:33", "'last_stage' is for a field of the whole"),
    (GOOD + "made_for: {a: numbers}\n", "5:12", "must be one of empty, dates, stages, text (found 'numbers')"),
    (GOOD + "  closed: {columns: [A, B], take: newest}\n", "5:29", "of first, last, last_stage (found 'newest')"),
    (GOOD + "  closed: {column: A, columns: [B]}\n", "5:3", "one of them"),
    (GOOD + "  closed: {}\n", "5:3", "one of them"),
    (GOOD + "  service: {columns: [A, B]}\n", "5:3", "several columns are for dates and lists"),
    (GOOD + "  service: {column: A, take: first}\n", "5:3", "'take' is for dates"),
    (GOOD + "  service: {column: A, dates: iso}\n", "5:3", "'dates' are for dates"),
    (GOOD + "  closed: {column: A, words: {a: b}}\n", "5:3", "'words' have no meaning for it"),
    (GOOD + "  closed: {ticks: {A: reason}}\n", "5:3", "'ticks' are for lists"),
    (GOOD + "  closed: {from: A, to: B}\n", "5:3", "'from' and 'to' are for holds"),
    (GOOD + "  stage1_holds: {from: [A, B], to: C}\n", "5:3", "as many columns as each other"),
    (GOOD + "  closed: {constant: 1/2/2026}\n", "5:12", "is not a date: write it as 2026-11-22"),
    (GOOD + "  procedure: {constant: childrens}\n", "5:15", "did you mean 'children'?"),
    (GOOD + "  stage1_outcome: {column: A, words: {OK: uphold}}\n", "5:39", "did you mean 'upheld'?"),
    (GOOD + "  stage1_response_contains: {ticks: {A: reson}}\n", "5:38", "did you mean 'reason'?"),
    (GOOD + "  closed: {column: A, stage: 1}\n", "5:23", "'stage' needs the column that says the stage"),
    (GOOD + "  closed: {column: A, event: X}\n", "5:23", "'event' has no meaning in layout case"),
    (GOOD + "dates: day-frist\n", "5:1", "did you mean 'day-first'?"),
    (GOOD + "dates: [iso, dd/mm/yyyy]\n", "5:14", "or a pattern such as '%d %b %Y'"),
    (GOOD + "dates: '%d/%m'\n", "5:1", "must name one day (%d), one month"),
    (GOOD + "dates: '%d/%m/%Q'\n", "5:1", "has '%Q', which is not read here"),
    (GOOD + "dates: '%d/%d/%m/%Y'\n", "5:1", "names a part of the date twice"),
    (GOOD + "dates: []\n", "5:1", "no date format is given"),
    (GOOD + "words: {booleans: {J: maybe}}\n", "5:20", "'maybe' is not true or false"),
    (GOOD + "words:\n  contents: {A: apologies}\n", "6:14", "did you mean 'apology'?"),
    (GOOD + "words:\n  outcomes: {A: upheld, a: resolved}\n", "6:25", "is given two meanings"),
    (GOOD + "words: {colours: {}}\n", "5:9", "'colours': is not a known key: known are booleans, "),
    (GOOD + "status: {column: S, words: {}}\n", "5:1", "'date': is missing and must be given"),
    (GOOD + "status: {column: S, date: D, words: {Shut: shut}}\n", "5:38", "'shut' is not a field of a case record"),
    (GOOD + "status: {column: S, date: D, words: {Shut: service}}\n", "5:38", "a status word names an event"),
    (GOOD + "ignore: [recd]\n", "5:10", "so it cannot be ignored"),
    (GOOD + "case: Ref\n", "5:1", "'case' has no meaning in layout case"),
    ("layout: stage\ncase: Ref\nfields: {received: Recd}\n", "1:1", "'stage' is missing: layout stage needs case"),
    (STAGE.replace("One: 1", "One: 4"), "3:28", "less than or equal to 3"),
    (STAGE + "  stageN_responded: {column: A, stage: 1}\n", "6:33", "is already of the row's own stage"),
    (STAGE + "  stageN_responded: A\n  stage1_responded: B\n", "7:3", "'stage1_responded' is given twice"),
    (EVENT.replace("date: Date\n", ""), "1:1", "'date' is missing: layout event needs"),
    (EVENT + "  Shut:\n", "7:3", "an event that means nothing here goes under ignore_events"),
    (EVENT + "  Shut: shut\n", "7:3", "'shut' is not a field of a case record"),
    (EVENT + "  Shut: service\n", "7:3", "an event gives a date"),
    (EVENT + "  Hold: stage1_holds\n", "7:3", "say 'marks: begin' or 'marks: end'"),
    (EVENT + "  Shut: {field: closed, marks: end}\n", "7:3", "'marks' is for holds"),
    (EVENT + "  A: {field: closed, take: first}\n  B: {field: closed, take: last}\n", "8:3", "say the same here"),
    (EVENT + "  logged: closed\n", "7:3", "is given two meanings"),
    (EVENT + "ignore_events: [LOGGED]\n", "6:3", "is under 'ignore_events' as well"),
    (EVENT + "fields: {service: {column: T, event: Loged}}\n", "7:31", "did you mean 'Logged'?"),
    (EVENT + "status: {column: S, date: D, words: {}}\n", "7:1", "its words go under 'events'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), MISTAKES, ids=[message for _, _, message in MISTAKES])
def test_a_mistake_is_reported_with_its_place(text: str, place: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read_mapping(path)
    lines = str(caught.value).splitlines()
    assert [line for line in lines if line.startswith(f"{path}:{place}: ") and message in line], "\n".join(lines)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(GOOD + "  shut: S\ndates: uk\nignore: [Ref]\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read_mapping(path)
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_and_a_missing_column(tmp_path: Path, use: Any) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(tmp_path / "none.yaml")
    with pytest.raises(MappingError, match=r"mapping.yaml:5:22: the file has no column 'Shut'") as caught:
        use(GOOD + "  closed: {columns: [Shut, Recd], take: first}\n", table(ref=["1"], recd=["2026-01-05"]))
    assert "The file's columns: ref, recd" in str(caught.value)


# --- dates ----------------------------------------------------------------------------------------

DATES = [
    ("2026-11-22", "iso", "2026-11-22"),
    ("2026-11-22T23:30:00Z", "iso", "2026-11-22"),
    ("2026-06-30T23:30:00Z", "iso", "2026-07-01"),
    ("22/11/2026", "iso", "not a date in the format iso"),
    ("2026-02-30", "iso", "no such date in the format iso"),
    ("22/11/2026", "day-first", "2026-11-22"),
    ("2/1/2026", "day-first", "2026-01-02"),
    ("22.11.2026", "day-first", "2026-11-22"),
    ("22-11-2026 09:15", "day-first", "2026-11-22"),
    ("22/11/2026 09:15:30 PM", "day-first", "2026-11-22"),
    ("22/11.2026", "day-first", "not a date in the format day-first"),
    ("11/22/2026", "day-first", "no such date in the format day-first"),
    ("13/13/2026", "day-first", "no such date in the format day-first"),
    ("29/02/2026", "day-first", "no such date in the format day-first"),
    ("22/11/26", "day-first", "not a date in the format day-first"),
    ("22/11/1826", "day-first", "the year must be between 1900 and 2199"),
    ("2026-11-22", "day-first", "2026-11-22"),
    ("11/22/2026", "month-first", "2026-11-22"),
    ("2/1/2026", "month-first", "2026-02-01"),
    ("13/02/2026", "month-first", "no such date in the format month-first"),
    ("46348", "excel", "2026-11-22"),
    ("46348.75", "excel", "2026-11-22"),
    ("60", "excel", "no such date in the format excel"),
    ("20261122", "excel", "not a date in the format excel"),
    ("44886", "excel-1904", "2026-11-22"),
    ("22-Nov-2026", "%d-%b-%Y", "2026-11-22"),
    ("22-NOV-2026", "%d-%b-%Y", "2026-11-22"),
    ("5 Sept 2026", "%d %b %Y", "2026-09-05"),
    ("22 November 2026", "%d %B %Y", "2026-11-22"),
    ("Sunday 22 November 2026", "%A %d %B %Y", "2026-11-22"),
    ("Monday 22 November 2026", "%A %d %B %Y", "2026-11-22 is a Sunday"),
    ("22/11/26", "%d/%m/%y", "2026-11-22"),
    ("22/11/2026", "%d/%m/%y", "not a date in the format %d/%m/%y"),
    ("20261122", "%Y%m%d", "2026-11-22"),
    ("2026112", "%Y%m%d", "not a date in the format %Y%m%d"),
    ("2026-03-13", "%Y-%d-%m", "no such date in the format %Y-%d-%m"),
    ("22/11/2026 7:05 pm", "%d/%m/%Y %I:%M %p", "2026-11-22"),
    ("soon", "day-first", "not a date in the format day-first"),
    ("22/11/2026", "iso day-first", "2026-11-22"),
    ("03/04/2026", "day-first month-first", "it could be 2026-04-03 (day-first) or 2026-03-04 (month-first)"),
    ("22/11/2026", "day-first month-first", "2026-11-22"),
    ("tomorrow", "iso day-first", "not a date in any of the formats iso, day-first"),
]


@pytest.mark.parametrize(("text", "formats", "expected"), DATES)
def test_dates(text: str, formats: str, expected: str) -> None:
    names = (formats,) if formats.startswith("%") else tuple(formats.split())
    assert all(dateformats.problem(name) is None for name in names)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", expected):
        assert dateformats.parse(text, names).isoformat() == expected
    else:
        with pytest.raises(dateformats.DateError, match=re.escape(expected)):
            dateformats.parse(text, names)


@given(st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31)))
def test_a_date_written_in_a_format_is_read_back(day: dt.date) -> None:
    assert dateformats.parse(str((day - dt.date(1899, 12, 30)).days), ("excel",)) == day
    assert dateformats.parse(f"{day.day}/{day.month}/{day.year}", ("day-first",)) == day
    assert dateformats.parse(f"{day.month}/{day.day}/{day.year}", ("month-first",)) == day
    for pattern in ("%d %b %Y", "%A, %d %B %Y", "%Y%m%d", "%d.%m.%Y %H:%M", "%b %d, %Y"):
        assert dateformats.parse(day.strftime(pattern), (pattern,)) == day


def test_real_dates_and_booleans_of_a_file_are_read(use: Any) -> None:
    export = table(ref=["1"], recd=["x"], rep=["y"])
    export.frame = export.frame.with_columns(
        pl.Series("recd", [dt.datetime(2026, 6, 30, 23, 30)]).dt.replace_time_zone("UTC"), pl.Series("rep", [True])
    )
    found = use(GOOD + "  representative: Rep\ndates: month-first\n", export)
    assert found.frame.select("received", "representative").row(0) == ("2026-07-01", "true")


#: Each row's stage and closing date, and the day on which the case is closed.
CLOSED = [
    ("1 2026-04-20", "2026-04-20"),
    ("1 -", None),
    ("1 2026-04-20, 2 -", None),
    ("1 -, 2 2026-05-20", "2026-05-20"),
    ("1 2026-04-20, 2 2026-05-20", "2026-05-20"),
    ("2 2026-05-20, 1 2026-06-20", "2026-05-20"),
    ("1 2026-04-20, 2 2026-05-20, 2 -", None),
    ("1 2026-04-20, 2 2026-05-22, 2 2026-05-20", "2026-05-22"),
]


@pytest.mark.parametrize(("rows", "closed"), CLOSED)
@pytest.mark.parametrize("way", ["column", "status"])
def test_a_case_is_closed_when_its_last_stage_is(way: str, rows: str, closed: str | None, use: Any) -> None:
    stages, days = zip(*(row.split() for row in rows.split(", ")), strict=True)
    shut = [None if day == "-" else day for day in days]
    here = ["One" if stage == "1" else "Two" for stage in stages]
    text = STAGE.replace("One: 1", "One: 1, Two: 2")
    if way == "column":
        text += "  closed: {column: Shut, take: last_stage}\n"
    else:
        text += "status: {column: Now, date: Shut, words: {Done: closed, Open: }, take: last_stage}\n"
    found = use(text, table(
        ref=["A"] * len(here), s=here, recd=["2026-04-02"] * len(here), shut=shut,
        now=["Done" if day else "Open" for day in shut],
    ))  # fmt: skip
    assert found.frame["closed"].to_list() == [closed] if "closed" in found.frame.columns else closed is None
    assert found.frame[ROW_ERROR].to_list() == [None]


# --- values that cannot be turned -----------------------------------------------------------------


def rejected(found: Table) -> dict[int, str]:
    return {row["row"]: row["message"] for row in records(found).rejected.iter_rows(named=True)}


def test_a_value_is_refused_by_the_officer_s_column_and_never_guessed(use: Any) -> None:
    export = table(
        ref=["A", "B", "C", "D"],
        recd=["01/02/2026", "13/13/2026", "02/13/2026", "01/02/2026"],
        result=["Upheld", "Upheld", "Upheld", "Binned"],
    )
    found = use(GOOD + "  stage1_outcome: Result\ndates: day-first\n", export)
    messages = rejected(found)
    assert messages[3].startswith("column 'Recd', value '13/13/2026': no such date in the format day-first")
    assert messages[4].startswith("column 'Recd', value '02/13/2026': no such date in the format day-first")
    assert messages[5].startswith("column 'Result', value 'Binned': no word for outcome in the mapping")
    assert 2 not in messages
    assert (
        "column 'Recd' has values the mapping cannot convert (rows): '02/13/2026' (1), '13/13/2026' (1)" in found.notes
    )
    # What month-first refuses is not read the other way round after all.
    assert list(rejected(use(GOOD + "dates: month-first\n", export))) == [3]


def test_a_rejected_row_has_the_field_and_the_value(use: Any) -> None:
    """The field is ours; the officer's column where no field reads it."""
    text = STAGE.replace("One: 1", "One: 1, Two: 2") + (
        "  stage1_outcome: Result\n  council: {column: Place, words: {City: coventry}}\n"
        "  stageN_holds: {from: F, to: T}\nstatus: {column: Now, date: Shut, words: {Done: closed}}\n"
    )
    lines = {  # what is wrong: stage, received, outcome, place, from, to, status, its date; the field and value named
        ("Nine", "2026-01-05", "", "", "", "", "", ""): ("S", "Nine"),
        ("", "2026-01-05", "", "", "", "", "", ""): ("S", None),
        ("One", "31/02/2026", "", "", "", "", "", ""): ("received", "31/02/2026"),
        ("One", "2026-01-05", "Binned", "", "", "", "", ""): ("stage1_outcome", "Binned"),
        ("One", "2026-01-05", "", "Town", "", "", "", ""): ("council", "Town"),
        ("One", "2026-01-05", "", "", "", "2026-01-09", "", ""): ("stage1_holds", "2026-01-09"),
        ("One", "2026-01-05", "", "", "", "", "Lost", ""): ("Now", "Lost"),
        ("One", "2026-01-05", "", "", "", "", "Done", ""): ("closed", None),
    }
    names = ("s", "recd", "result", "place", "f", "t", "now", "shut")
    columns = {name: [line[place] or None for line in lines] for place, name in enumerate(names)}
    found = records(use(text, table(ref=[f"C{n}" for n in range(len(lines))], **columns))).rejected
    assert found.select("field", "value").rows() == list(lines.values())
    assert found["reference"].to_list() == [f"C{n}" for n in range(len(lines))]
    twice = records(use(LOG, table(ref=["A"] * 3, what=["Logged", "Replied", "Replied"], date=days(5, 6, 7)))).rejected
    assert twice.select("field", "value").row(0) == ("stage1_responded", "2026-01-06; 2026-01-07")


def days(*numbers: int) -> list[str | None]:
    return [f"2026-01-{number:02}" for number in numbers]


def test_a_rejected_row_is_said_once_in_the_words_of_the_mapping(use: Any) -> None:
    text = GOOD + "  closed: Shut\n  stage1_outcome: Result\ndates: day-first\n"
    found = use(text, table(
        ref=["A", None, "C", "D", "E"],
        recd=["31/02/2026", "01/02/2026", None, "01/02/2026", "soon"],
        shut=[None, None, None, "01/01/2026", "32/01/2026"],
        result=[None, None, None, None, "Binned"],
    ))  # fmt: skip
    assert rejected(found) == {
        2: "column 'Recd', value '31/02/2026': no such date in the format day-first",
        3: "column 'Ref' is blank: the row has no reference",
        4: "column 'Recd' is blank: no received date",
        5: "column 'Shut' 2026-01-01 comes before column 'Recd' 2026-02-01",
        6: "column 'Recd', value 'soon': not a date in the format day-first; "
        "column 'Shut', value '32/01/2026': no such date in the format day-first; "
        "column 'Result', value 'Binned': no word for outcome in the mapping",
    }
    assert found.frame["received"].to_list()[0] == "31/02/2026"


def test_words(use: Any) -> None:
    text = GOOD + (
        "  representative: Rep\n  flags: {column: Special, separator: '/'}\n"
        "  stage1_response_contains: {column: Letter, separator: ','}\n"
        "  council: {column: Authority, words: {City of Coventry: coventry}}\n"
        "words:\n  booleans: {J: true, N: false, dunno: }\n  flags: {VIP: , Tenant: landlord}\n"
        "  contents: {Why: reasons;decision, Chat: , Nothing: none}\nblank: [n/a]\n"
    )
    export = table(
        ref=[str(i) for i in range(7)],
        recd=["2026-01-05"] * 7,
        rep=["j", "N", "dunno", "N/A", "TRUE", None, "yes"],
        special=["Tenant / CSE", "vip", None, "VIP/landlord", "n/a", " ", "Odd"],
        letter=["why, Ombudsman", "chat", "Nothing", "nothing, why", "n/A", None, "reasons"],
        authority=["CITY of  Coventry", None, "coventry", "Leeds", None, None, None],
    )
    frame = use(text, export).frame
    assert frame["representative"].to_list() == ["true", "false", None, None, "true", None, "yes"]
    assert frame["flags"].to_list() == ["landlord;cse", None, None, "landlord", None, None, "Odd"]
    letters = ["reasons;decision;ombudsman", "none", "none", "nothing, why", None, None, "reasons"]
    assert frame["stage1_response_contains"].to_list() == letters
    assert frame["council"].to_list() == ["coventry", None, "coventry", "Leeds", None, None, None]
    row_errors = frame[ROW_ERROR].to_list()
    assert row_errors[:3] == [None] * 3
    assert "column 'Authority', value 'Leeds': no value in the mapping" in row_errors[3]
    assert "column 'Letter', value 'nothing, why': 'none' cannot have other words next to it" in row_errors[3]
    assert "column 'Rep', value 'yes': no word for true/false" in row_errors[6]
    assert "column 'Special', value 'Odd': no word for list of flags" in row_errors[6]


def test_a_plugin_s_own_words_are_words(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD + "  stage1_response_contains: L\n", encoding="utf-8")
    export = table(ref=["1"], recd=["2026-01-05"], l=["bus_pass"])
    assert apply(read_mapping(path), export).frame[ROW_ERROR][0] is not None
    assert (
        apply(read_mapping(path, Vocabulary(words=(*fields.CONTENTS, "bus_pass"))), export).frame[ROW_ERROR][0] is None
    )


@pytest.mark.parametrize(
    ("boxes", "plain", "careful"),
    [
        (["Y", "N"], "reasons", "reasons"),
        (["Y", "Y"], "reasons;remedy", "reasons;remedy"),
        (["N", "N"], "none", "none"),
        ([None, None], None, None),
        (["Y", None], "reasons", None),
        ([None, "N"], "none", None),
    ],
)
def test_tick_boxes(boxes: list[str | None], plain: str | None, careful: str | None, use: Any) -> None:
    export = table(ref=["1"], recd=["2026-01-05"], a=boxes[:1], b=boxes[1:])
    text = (
        GOOD
        + "  stage1_response_contains: {ticks: {A: reasons, B: remedy}%s}\nwords: {booleans: {Y: true, N: false}}\n"
    )
    assert use(text % "", export).frame["stage1_response_contains"][0] == plain
    assert use(text % ", empty_ticks: unknown", export).frame["stage1_response_contains"][0] == careful


def test_a_box_that_is_neither_rejects_the_row(use: Any) -> None:
    export = table(ref=["1"], recd=["2026-01-05"], a=["perhaps"])
    found = use(GOOD + "  stage1_response_contains: {ticks: {A: reasons}}\n", export)
    assert found.frame[ROW_ERROR][0] == "column 'A', value 'perhaps': no word for true/false in the mapping"


def test_holds(use: Any) -> None:
    text = GOOD + "  stage1_holds: {from: [F1, F2], to: [T1, T2]}\n  stage2_holds: H\ndates: day-first\n"
    export = table(
        ref=["1", "2", "3"],
        recd=["05/01/2026"] * 3,
        f1=["06/01/2026", None, None],
        t1=["08/01/2026", None, "09/01/2026"],
        f2=["12/01/2026", None, None],
        t2=[None, None, None],
        h=[None, "2026-01-05/2026-01-09", "January"],
    )
    frame = use(text, export).frame
    assert frame["stage1_holds"][0] == "2026-01-06/2026-01-08;2026-01-12/.."
    assert frame["stage2_holds"][1] == "2026-01-05/2026-01-09"
    assert "column 'T1', value '09/01/2026': column 'F1' is blank" in frame[ROW_ERROR][2]
    assert "column 'H', value 'January'" in frame[ROW_ERROR][2]


def test_status(use: Any) -> None:
    text = GOOD + "  closed: Shut\nstatus: {column: S, date: D, words: {Done: closed, Left: withdrawn, Open: }}\n"
    export = table(
        ref=list("ABCDEF"),
        recd=["2026-01-05"] * 6,
        s=["Done", "left", "Open", "Lost", "Done", "Done"],
        d=["2026-02-01", "2026-02-02", "2026-02-03", None, None, "2026-02-01"],
        shut=[None, None, None, None, None, "2026-02-09"],
    )
    frame = use(text, export).frame
    assert frame["closed"].to_list()[:4] == ["2026-02-01", None, None, None]
    assert frame["withdrawn"].to_list()[:3] == [None, "2026-02-02", None]
    assert frame[ROW_ERROR].to_list() == [
        None, None, None,
        "column 'S', value 'Lost': no word for a status in the mapping",
        "column 'S': column 'D' has no date there",
        "two values for closed: row 7, column 'Shut', has '2026-02-09'; row 7, column 'D', has '2026-02-01'",
    ]  # fmt: skip


def test_several_columns_and_a_constant(use: Any) -> None:
    export = table(ref=["1", "2"], recd=["2026-01-05"] * 2, a=["2026-02-01", None], b=["2026-01-31", "2026-03-01"])
    for take, expected in (("first", ["2026-01-31", "2026-03-01"]), ("last", ["2026-02-01", "2026-03-01"])):
        found = use(GOOD + f"  closed: {{columns: [A, B], take: {take}}}\n  procedure: {{constant: adults}}\n", export)
        assert found.frame["closed"].to_list() == expected
        assert found.frame["procedure"].to_list() == ["adults", "adults"]


# --- several rows, one case -----------------------------------------------------------------------

LOG = EVENT + "  Replied: stage1_responded\nignore_events: [Note]\n"


def test_contradictions_name_both_rows(use: Any) -> None:
    export = table(
        ref=["A", "B", "A", "A", "B", "C"],
        s=["One", "One", "One", "Two", "Two", "One"],
        recd=["2026-01-05", "2026-01-05", "2026-01-06", None, "2026-01-05", "2026-01-05"],
    )
    found = use(STAGE.replace("One: 1", "One: 1, Two: 2"), export)
    assert found.frame[ROW].to_list() == [2, 3, 7]
    assert rejected(found) == {
        2: "two values for received: row 2, column 'Recd', has '2026-01-05'; row 4, column 'Recd', has '2026-01-06'"
    }
    assert found.notes == ["6 rows of the file make 3 cases"]


def test_a_log_s_rows_are_all_accounted_for(use: Any) -> None:
    export = table(
        ref=["A", "A", None, "B", "B", "B", "C", "C", "D"],
        what=["Logged", "Note", "Logged", "Logged", "Replied", "Replied", "Logged", "Danced", None],
        date=["2026-01-05"] * 4 + ["2026-02-01", "2026-02-02", "2026-01-05", "2026-01-06", "2026-01-07"],
    )
    found = use(LOG, export)
    assert found.frame[ROW].to_list() == [2, 4, 5, 8, 10]
    messages = rejected(found)
    assert messages.keys() == {4, 5, 8, 10}
    assert "the row has no reference" in messages[4]
    assert messages[5] == (
        "two values for stage1_responded: row 6, column 'Date', has '2026-02-01'; "
        "row 7, column 'Date', has '2026-02-02'"
    )
    assert messages[8].startswith("in row 9: column 'What', value 'Danced': no word for an event in the mapping")
    assert "in row 10: column 'What' does not say the event" in messages[10]
    for take, day in (("first", "2026-02-01"), ("last", "2026-02-02")):
        text = LOG.replace("stage1_responded", f"{{field: stage1_responded, take: {take}}}")
        assert use(text, export).frame["stage1_responded"][2] == day
    others = use(LOG.replace("[Note]", '[Note, "*"]'), export)
    assert others.frame[ROW_ERROR][3] is None


def test_an_event_without_its_date_is_not_passed_over(use: Any) -> None:
    found = use(LOG, table(ref=["A", "A"], what=["Logged", "Replied"], date=["2026-01-05", None]))
    assert found.frame[ROW_ERROR][0] == "in row 3: column 'What', value 'Replied': column 'Date' has no date there"


def test_the_holds_of_a_log(use: Any) -> None:
    text = EVENT + "  On: {field: stage1_holds, marks: begin}\n  Off: {field: stage1_holds, marks: end}\n"
    export = table(
        ref=["A"] * 5 + ["B"] * 2 + ["C"] * 3,
        what=["Logged", "On", "Off", "On", "Off", "Logged", "Off", "Logged", "On", "On"],
        date=[f"2026-01-{day:02}" for day in (5, 6, 8, 12, 13, 5, 9, 5, 6, 9)],
    )
    frame = use(text, export).frame
    assert frame["stage1_holds"][0] == "2026-01-06/2026-01-08;2026-01-12/2026-01-13"
    assert frame[ROW_ERROR].to_list() == [
        None,
        "in row 8: '2026-01-09' ends a hold that no event begins",
        "in row 10: the hold of 2026-01-06 has not ended when another begins",
    ]


def test_a_log_with_a_stage_column(use: Any) -> None:
    text = EVENT + "  Replied: stageN_responded\nstage: {column: S, words: {I: 1, II: 2}}\n"
    text += "fields: {stageN_outcome: {column: R, event: Replied}}\n"
    export = table(
        ref=["A"] * 3,
        what=["Logged", "Replied", "Replied"],
        s=[None, "I", "II"],
        r=["Upheld", "upheld", "resolved"],
        date=["2026-01-05", "2026-02-01", "2026-03-01"],
    )
    found = use(text, export)
    columns = ("stage1_responded", "stage2_responded", "stage1_outcome", "stage2_outcome", ROW_ERROR)
    assert found.frame.select(columns).row(0) == ("2026-02-01", "2026-03-01", "upheld", "resolved", None)
    assert "column 'r' has 1 value in rows where no field reads it (first: row 2)" in found.notes


def test_rows_the_file_rejected_stay_rejected(use: Any) -> None:
    export = table(ref=["A", "A"], s=["One", "One"], recd=["2026-01-05"] * 2)
    export.frame = export.frame.with_columns(pl.Series(ROW_ERROR, [None, "broken"]))
    assert use(STAGE, export).frame[ROW_ERROR].to_list() == ["in row 3: broken"]
    alone = export.frame.with_columns(pl.Series("ref", ["A", "B"]))
    assert use(GOOD, Table(alone, day_first=True)).frame[ROW_ERROR].to_list() == [None, "broken"]


def test_unknown_and_blank_stages_reject_their_case(use: Any) -> None:
    found = use(STAGE, table(ref=["A", "B"], s=["Nine", None], recd=["2026-01-05"] * 2))
    assert found.frame[ROW_ERROR].to_list() == [
        "in row 2: column 'S', value 'Nine': no word for a stage in the mapping",
        "in row 3: column 'S' does not say the stage",
    ]


def test_columns_not_named_are_listed_even_by_one_of_our_names(use: Any) -> None:
    export = table(ref=["1"], recd=["2026-01-05"], colour=["x"], category=["y"], case=["z"], junk=["j"])
    found = use(GOOD + "ignore: [Junk, Gone]\n", export)
    left = records(found).left_out
    assert left == ("colour", "category (not in the mapping)", "case")
    assert found.notes == ["columns the mapping leaves out on purpose: Junk"]


# --- there and back -------------------------------------------------------------------------------


def foreign(rows: list[dict[str, str]], draw: st.DrawFn) -> tuple[Table, str]:
    """Records in our layout written out as somebody else's rows, and the mapping for them."""
    pattern = draw(st.sampled_from(["day-first", "month-first", "excel", "%d-%b-%Y", "%Y%m%d", "%A %d %B %Y"]))
    layout = draw(st.sampled_from(["case", "stage"]))
    named = {name: f"Their {name} ({place})" for place, name in enumerate(FIELDS)}
    lines: list[dict[str, str]] = []
    for row in rows:
        parts: Iterator[dict[str, str]] = iter([row])
        if layout == "stage":
            parts = iter(_stage_rows(row))
        lines += [
            {named.get(name, name): _written(name, value, pattern) for name, value in part.items()} for part in parts
        ]
    order = draw(st.permutations(range(len(lines))))
    columns = list(dict.fromkeys(name for line in lines for name in line))
    lines = [lines[place] for place in order]
    data = {name.lower(): pl.Series([line.get(name) for line in lines], dtype=pl.String) for name in columns}
    frame = pl.DataFrame({ROW: pl.Series(range(2, len(lines) + 2), dtype=pl.UInt32), **data})
    frame = frame.with_columns(pl.lit(None, pl.String).alias(ROW_ERROR))
    text = [f"layout: {layout}", f'dates: "{pattern}"', "words: {booleans: {Aye: true, Nay: false}}", "separator: '|'"]
    if layout == "stage":
        text += [f'case: "{named["reference"]}"', "stage: {column: Step, words: {First: 1, Second: 2, Third: 3}}"]
    text += ["fields:"]
    for name in FIELDS:
        if named[name] in columns and not (name == "reference" and layout == "stage"):
            text.append(f'  {name}: "{named[name]}"')
    return Table(frame, day_first=True), "\n".join(text) + "\n"


def _stage_rows(row: dict[str, str]) -> list[dict[str, str]]:
    """A case as one row for each stage: what belongs to no stage stands in the first."""
    own = {name: value for name, value in row.items() if not name.startswith("stage")}
    found = [{**own, "Step": "First"}]
    found += [{"reference": row["reference"], "Step": step} for step in ("Second", "Third")]
    for name, value in row.items():
        if name.startswith("stage"):
            found[int(name[5]) - 1][name] = value
    return found


def _written(name: str, value: str, pattern: str) -> str:
    kind = FIELDS[name].type if name in FIELDS else None
    if kind is Type.DATE:
        day = dt.date.fromisoformat(value)
        known = {"day-first": "%d/%m/%Y", "month-first": "%m/%d/%Y"}
        serial = str((day - dt.date(1899, 12, 30)).days)
        return serial if pattern == "excel" else day.strftime(known.get(pattern, pattern))
    if kind is Type.BOOLEAN:
        return {"true": "Aye", "false": "Nay"}[value]
    if kind in (Type.CONTENTS, Type.FLAGS, Type.HOLDS):
        return value.replace(";", " | ").upper() if kind is not Type.HOLDS else value.replace(";", "|")
    return value.upper() if kind is Type.OUTCOME else value


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_records_written_in_another_layout_come_back_the_same(tmp_path_factory: Any, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(cases(), min_size=1, max_size=6))
    rows = [as_text({"reference": f"SYNTHETIC-{place}", **case}) for place, case in enumerate(drawn)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names}
    frame = pl.DataFrame({ROW: pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32), **columns})
    ours = records(Table(frame.with_columns(pl.lit(None, pl.String).alias(ROW_ERROR)), day_first=False))
    export, text = data.draw(st.composite(lambda draw: foreign(rows, draw))())
    path = tmp_path_factory.mktemp("foreign") / "m.yaml"
    path.write_text(text, encoding="utf-8")
    theirs = records(apply(read_mapping(path), export))
    assert theirs.rows_read == ours.rows_read
    same = [name for name in ours.frame.columns if name != ROW]
    assert theirs.frame.sort("reference").select(same).equals(ours.frame.sort("reference").select(same))
    said = theirs.rejected.sort("reference")["message"].to_list()
    assert [re.sub(r"column 'Their (\w+) \(\d+\)'", r"\1", message) for message in said] == (
        ours.rejected.sort("reference")["message"].to_list()
    )


@pytest.mark.parametrize("more", ["", "  stage1_responded: Sent\n"])
def test_the_summary_says_that_no_reply_date_is_given(tmp_path: Path, more: str) -> None:
    (tmp_path / "export.csv").write_text("Ref,In,Closed,Sent\nA,2026-06-01,2026-06-09,2026-06-08\n", encoding="utf-8")
    fields = f"fields:\n  reference: Ref\n  received: In\n  closed: Closed\n{more}"
    (tmp_path / "mapping.yaml").write_text(f"layout: case\n{fields}", encoding="utf-8")
    found = apply(read_mapping(tmp_path / "mapping.yaml"), read_table(tmp_path / "export.csv"))
    said = "the mapping gives the day a case was closed, and no date of a reply"
    assert (said in found.notes) is (not more)
