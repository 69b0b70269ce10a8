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
from mapmaking import EXAMPLES, NAMES, OWN, findings, keeping, records
from putright import cli
from putright.fields import FIELDS, Type
from putright.files.readers import read_table
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping import cells, dateformats
from putright.mapping.mappedtables import apply, mapped
from putright.mapping.mappingfile import Mapping
from putright.mapping.reading import read_mapping

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
