"""What a mapping makes of cells: dates, words, boxes and holds, and of several rows of one case."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mapmaking import EVENT, GOOD, LOG, STAGE, mapped_by, records, table
from putright import fields
from putright.fields import Vocabulary
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping import dateformats
from putright.mapping.mappedtables import apply
from putright.mapping.reading import read_mapping

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


def test_real_dates_and_booleans_of_a_file_are_read() -> None:
    export = table(ref=["1"], recd=["x"], rep=["y"])
    export.frame = export.frame.with_columns(
        pl.Series("recd", [dt.datetime(2026, 6, 30, 23, 30)]).dt.replace_time_zone("UTC"), pl.Series("rep", [True])
    )
    found = mapped_by(GOOD + "  representative: Rep\ndates: month-first\n", export)
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
def test_a_case_is_closed_when_its_last_stage_is(way: str, rows: str, closed: str | None) -> None:
    stages, days = zip(*(row.split() for row in rows.split(", ")), strict=True)
    shut = [None if day == "-" else day for day in days]
    here = ["One" if stage == "1" else "Two" for stage in stages]
    text = STAGE.replace("One: 1", "One: 1, Two: 2")
    if way == "column":
        text += "  closed: {column: Shut, take: last_stage}\n"
    else:
        text += "status: {column: Now, date: Shut, words: {Done: closed, Open: }, take: last_stage}\n"
    found = mapped_by(text, table(
        ref=["A"] * len(here), s=here, recd=["2026-04-02"] * len(here), shut=shut,
        now=["Done" if day else "Open" for day in shut],
    ))  # fmt: skip
    assert found.frame["closed"].to_list() == [closed] if "closed" in found.frame.columns else closed is None
    assert found.frame[ROW_ERROR].to_list() == [None]


# --- values that cannot be converted ---------------------------------------------------------------


def rejected(found: Table) -> dict[int, str]:
    return {row["row"]: row["message"] for row in records(found).rejected.iter_rows(named=True)}


def test_a_value_is_refused_by_the_officer_s_column_and_never_guessed() -> None:
    export = table(
        ref=["A", "B", "C", "D"],
        recd=["01/02/2026", "13/13/2026", "02/13/2026", "01/02/2026"],
        result=["Upheld", "Upheld", "Upheld", "Binned"],
    )
    found = mapped_by(GOOD + "  stage1_outcome: Result\ndates: day-first\n", export)
    messages = rejected(found)
    assert messages[3].startswith("column 'Recd', value '13/13/2026': no such date in the format day-first")
    assert messages[4].startswith("column 'Recd', value '02/13/2026': no such date in the format day-first")
    assert messages[5].startswith("column 'Result', value 'Binned': no word for outcome in the mapping")
    assert 2 not in messages
    assert (
        "column 'Recd' has values the mapping cannot convert (rows): '02/13/2026' (1), '13/13/2026' (1)" in found.notes
    )
    # What month-first refuses is not read the other way round after all.
    assert list(rejected(mapped_by(GOOD + "dates: month-first\n", export))) == [3]


def test_a_rejected_row_has_the_field_and_the_value() -> None:
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
    found = records(mapped_by(text, table(ref=[f"C{n}" for n in range(len(lines))], **columns))).rejected
    assert found.select("field", "value").rows() == list(lines.values())
    assert found["reference"].to_list() == [f"C{n}" for n in range(len(lines))]
    twice = records(
        mapped_by(LOG, table(ref=["A"] * 3, what=["Logged", "Replied", "Replied"], date=days(5, 6, 7)))
    ).rejected
    assert twice.select("field", "value").row(0) == ("stage1_responded", "2026-01-06; 2026-01-07")


def days(*numbers: int) -> list[str | None]:
    return [f"2026-01-{number:02}" for number in numbers]


def test_a_rejected_row_is_said_once_in_the_words_of_the_mapping() -> None:
    text = GOOD + "  closed: Shut\n  stage1_outcome: Result\ndates: day-first\n"
    found = mapped_by(text, table(
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


def test_words() -> None:
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
    frame = mapped_by(text, export).frame
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
def test_tick_boxes(boxes: list[str | None], plain: str | None, careful: str | None) -> None:
    export = table(ref=["1"], recd=["2026-01-05"], a=boxes[:1], b=boxes[1:])
    text = (
        GOOD
        + "  stage1_response_contains: {ticks: {A: reasons, B: remedy}%s}\nwords: {booleans: {Y: true, N: false}}\n"
    )
    assert mapped_by(text % "", export).frame["stage1_response_contains"][0] == plain
    assert mapped_by(text % ", empty_ticks: unknown", export).frame["stage1_response_contains"][0] == careful


def test_a_box_that_is_neither_rejects_the_row() -> None:
    export = table(ref=["1"], recd=["2026-01-05"], a=["perhaps"])
    found = mapped_by(GOOD + "  stage1_response_contains: {ticks: {A: reasons}}\n", export)
    assert found.frame[ROW_ERROR][0] == "column 'A', value 'perhaps': no word for true/false in the mapping"


def test_holds() -> None:
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
    frame = mapped_by(text, export).frame
    assert frame["stage1_holds"][0] == "2026-01-06/2026-01-08;2026-01-12/.."
    assert frame["stage2_holds"][1] == "2026-01-05/2026-01-09"
    assert "column 'T1', value '09/01/2026': column 'F1' is blank" in frame[ROW_ERROR][2]
    assert "column 'H', value 'January'" in frame[ROW_ERROR][2]


def test_status() -> None:
    text = GOOD + "  closed: Shut\nstatus: {column: S, date: D, words: {Done: closed, Left: withdrawn, Open: }}\n"
    export = table(
        ref=list("ABCDEF"),
        recd=["2026-01-05"] * 6,
        s=["Done", "left", "Open", "Lost", "Done", "Done"],
        d=["2026-02-01", "2026-02-02", "2026-02-03", None, None, "2026-02-01"],
        shut=[None, None, None, None, None, "2026-02-09"],
    )
    frame = mapped_by(text, export).frame
    assert frame["closed"].to_list()[:4] == ["2026-02-01", None, None, None]
    assert frame["withdrawn"].to_list()[:3] == [None, "2026-02-02", None]
    assert frame[ROW_ERROR].to_list() == [
        None, None, None,
        "column 'S', value 'Lost': no word for a status in the mapping",
        "column 'S': column 'D' has no date there",
        "two values for closed: row 7, column 'Shut', has '2026-02-09'; row 7, column 'D', has '2026-02-01'",
    ]  # fmt: skip


def test_several_columns_and_a_constant() -> None:
    export = table(ref=["1", "2"], recd=["2026-01-05"] * 2, a=["2026-02-01", None], b=["2026-01-31", "2026-03-01"])
    for take, expected in (("first", ["2026-01-31", "2026-03-01"]), ("last", ["2026-02-01", "2026-03-01"])):
        found = mapped_by(
            GOOD + f"  closed: {{columns: [A, B], take: {take}}}\n  procedure: {{constant: adults}}\n", export
        )
        assert found.frame["closed"].to_list() == expected
        assert found.frame["procedure"].to_list() == ["adults", "adults"]


# --- several rows, one case -----------------------------------------------------------------------


def test_contradictions_name_both_rows() -> None:
    export = table(
        ref=["A", "B", "A", "A", "B", "C"],
        s=["One", "One", "One", "Two", "Two", "One"],
        recd=["2026-01-05", "2026-01-05", "2026-01-06", None, "2026-01-05", "2026-01-05"],
    )
    found = mapped_by(STAGE.replace("One: 1", "One: 1, Two: 2"), export)
    assert found.frame[ROW].to_list() == [2, 3, 7]
    assert rejected(found) == {
        2: "two values for received: row 2, column 'Recd', has '2026-01-05'; row 4, column 'Recd', has '2026-01-06'"
    }
    assert found.notes == ["6 rows of the file make 3 cases"]


def test_a_log_s_rows_are_all_accounted_for() -> None:
    export = table(
        ref=["A", "A", None, "B", "B", "B", "C", "C", "D"],
        what=["Logged", "Note", "Logged", "Logged", "Replied", "Replied", "Logged", "Danced", None],
        date=["2026-01-05"] * 4 + ["2026-02-01", "2026-02-02", "2026-01-05", "2026-01-06", "2026-01-07"],
    )
    found = mapped_by(LOG, export)
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
        assert mapped_by(text, export).frame["stage1_responded"][2] == day
    others = mapped_by(LOG.replace("[Note]", '[Note, "*"]'), export)
    assert others.frame[ROW_ERROR][3] is None


def test_an_event_without_its_date_is_not_passed_over() -> None:
    found = mapped_by(LOG, table(ref=["A", "A"], what=["Logged", "Replied"], date=["2026-01-05", None]))
    assert found.frame[ROW_ERROR][0] == "in row 3: column 'What', value 'Replied': column 'Date' has no date there"


def test_the_holds_of_a_log() -> None:
    text = EVENT + "  On: {field: stage1_holds, marks: begin}\n  Off: {field: stage1_holds, marks: end}\n"
    export = table(
        ref=["A"] * 5 + ["B"] * 2 + ["C"] * 3,
        what=["Logged", "On", "Off", "On", "Off", "Logged", "Off", "Logged", "On", "On"],
        date=[f"2026-01-{day:02}" for day in (5, 6, 8, 12, 13, 5, 9, 5, 6, 9)],
    )
    frame = mapped_by(text, export).frame
    assert frame["stage1_holds"][0] == "2026-01-06/2026-01-08;2026-01-12/2026-01-13"
    assert frame[ROW_ERROR].to_list() == [
        None,
        "in row 8: '2026-01-09' ends a hold that no event begins",
        "in row 10: the hold of 2026-01-06 has not ended when another begins",
    ]


def test_a_log_with_a_stage_column() -> None:
    text = EVENT + "  Replied: stageN_responded\nstage: {column: S, words: {I: 1, II: 2}}\n"
    text += "fields: {stageN_outcome: {column: R, event: Replied}}\n"
    export = table(
        ref=["A"] * 3,
        what=["Logged", "Replied", "Replied"],
        s=[None, "I", "II"],
        r=["Upheld", "upheld", "resolved"],
        date=["2026-01-05", "2026-02-01", "2026-03-01"],
    )
    found = mapped_by(text, export)
    columns = ("stage1_responded", "stage2_responded", "stage1_outcome", "stage2_outcome", ROW_ERROR)
    assert found.frame.select(columns).row(0) == ("2026-02-01", "2026-03-01", "upheld", "resolved", None)
    assert "column 'r' has 1 value in rows where no field reads it (first: row 2)" in found.notes


def test_rows_the_file_rejected_stay_rejected() -> None:
    export = table(ref=["A", "A"], s=["One", "One"], recd=["2026-01-05"] * 2)
    export.frame = export.frame.with_columns(pl.Series(ROW_ERROR, [None, "broken"]))
    assert mapped_by(STAGE, export).frame[ROW_ERROR].to_list() == ["in row 3: broken"]
    alone = export.frame.with_columns(pl.Series("ref", ["A", "B"]))
    assert mapped_by(GOOD, Table(alone, day_first=True)).frame[ROW_ERROR].to_list() == [None, "broken"]


def test_unknown_and_blank_stages_reject_their_case() -> None:
    found = mapped_by(STAGE, table(ref=["A", "B"], s=["Nine", None], recd=["2026-01-05"] * 2))
    assert found.frame[ROW_ERROR].to_list() == [
        "in row 2: column 'S', value 'Nine': no word for a stage in the mapping",
        "in row 3: column 'S' does not say the stage",
    ]


def test_columns_not_named_are_listed_even_by_one_of_our_names() -> None:
    export = table(ref=["1"], recd=["2026-01-05"], colour=["x"], category=["y"], case=["z"], junk=["j"])
    found = mapped_by(GOOD + "ignore: [Junk, Gone]\n", export)
    left = records(found).left_out
    assert left == ("colour", "category (not in the mapping)", "case")
    assert found.notes == ["columns the mapping leaves out on purpose: Junk"]
