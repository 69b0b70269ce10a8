"""What may be wrong with a mapping: each mistake is reported with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from mapmaking import EVENT, GOOD, STAGE, mapped_by, table
from putright.mapping.mappingfile import MappingError
from putright.mapping.reading import read_mapping

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


def test_a_missing_file_and_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(tmp_path / "none.yaml")
    with pytest.raises(MappingError, match=r"mapping.yaml:5:22: the file has no column 'Shut'") as caught:
        mapped_by(GOOD + "  closed: {columns: [Shut, Recd], take: first}\n", table(ref=["1"], recd=["2026-01-05"]))
    assert "The file's columns: ref, recd" in str(caught.value)
