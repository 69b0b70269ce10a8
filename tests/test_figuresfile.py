"""Published figures that have been through other hands are read as written, or refused in one sentence."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from casefiles import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packmaking import gathered, rows
from putright.disclosure import figuresfile
from putright.disclosure.figuresfile import FiguresError, read_figures


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    """Figures as a pack writes them."""
    with gathered(rows(60), publish=True) as found:
        made = found.files(found.papers())
    data: dict[str, Any] = json.loads(made["figures.json"])
    return data


def test_every_figure_that_is_written_is_read(real: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(real))
    found = read_figures(path)
    assert json.loads(found.model_dump_json(by_alias=True)) == real


def put(value: Any, *place: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        at: Any = data
        for part in place[:-1]:
            at = at[part]
        at[place[-1]] = value

    return change


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.pop(name)


CELL = ("tables", 0, "rows", 0, 0)
SCRIPT = 'x"><script>document.title="here"</script><a class="'
TAMPERED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "an id with a script": (put(SCRIPT, "tables", 0, "id"), "'tables 1 id'"),
    "two tables of one id": (lambda data: data["tables"].append(data["tables"][0]), "there are two tables"),
    "another format": (put("putright figures 2", "format"), "'format'"),
    "no tables": (drop("tables"), "'tables' is missing"),
    "no period": (drop("period"), "'period' is missing"),
    "no threshold": (drop("threshold"), "'threshold' is missing"),
    "tables that are a word": (put("none", "tables"), "'tables'"),
    "a table that is a number": (put(4, "tables", 0), "'tables 1'"),
    "a date that is none": (put("2026-02-30", "as_at"), "'as_at'"),
    "a period that is a list": (put([], "period"), "'period'"),
    "counted by nothing": (put("luck", "counts_by"), "'counts_by'"),
    "a threshold of a word": (put("5", "threshold"), "'threshold'"),
    "a threshold of nothing": (put(0, "threshold"), "'threshold'"),
    "a council that is a list": (put(["coventry"], "council"), "'council'"),
    "unreadable that is a number": (put(3, "unreadable"), "'unreadable'"),
    "a title that is a list": (put(["a"], "tables", 0, "title"), "'tables 1 title'"),
    "a row too short": (lambda data: data["tables"][0]["rows"][0].pop(), "row 1 has"),
    "a row that is a word": (put("row", "tables", 0, "rows", 0), "'tables 1 rows 1'"),
    "a share of more than all": (put({"count": 9, "base": 3, "percent": 100}, *CELL), "than its base"),
    "a share of nothing": (put({"count": 0, "base": 0, "percent": None}, *CELL), "rows 1 1"),
    "a cell that is a list": (put([1], *CELL), "'tables 1 rows 1 1"),
    "a cell that is half a number": (put(1.5, *CELL), "'tables 1 rows 1 1"),
    "a number beyond all": (put(10**40, *CELL), "'tables 1 rows 1 1"),
    "a column without a heading": (put({"figures": True}, "tables", 0, "columns", 0), "is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_figures_are_refused_in_a_sentence(real: dict[str, Any], tmp_path: Path, name: str) -> None:
    change, said = TAMPERED[name]
    data = copy.deepcopy(real)
    change(data)
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(data))
    refused = run("handbook", "--audit", path, "--without-notebooks", "--output", tmp_path / "site")
    assert refused.code == 2 and said in refused.err, refused.err
    assert f"{path} is not published figures as putright writes them" in refused.err
    assert len(refused.err.splitlines()) == 1 and "Traceback" not in refused.err
    assert not (tmp_path / "site").exists()


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing there": (lambda path: None, "is not there"),
    "a folder": (lambda path: path.mkdir(), "or no file"),
    "a pipe": (lambda path: os.mkfifo(path), "or no file"),
    "empty": (lambda path: path.write_bytes(b""), "it is not JSON"),
    "no JSON": (lambda path: path.write_bytes(b"{"), "it is not JSON"),
    "no text": (lambda path: path.write_bytes(b"\xff\xfe\x00"), "it is not JSON"),
    "a list": (lambda path: path.write_bytes(b"[]"), "not published figures"),
    "very deep": (lambda path: path.write_bytes(b"[" * 100_000), "not published figures"),
    "very large": (lambda path: path.write_bytes(b" " * (figuresfile.LARGEST + 1)), "is larger than 10 MB"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_not_a_file_of_figures(tmp_path: Path, name: str) -> None:
    make, said = FILES[name]
    path = tmp_path / "figures.json"
    make(path)
    with pytest.raises(FiguresError, match=said) as refused:
        read_figures(path)
    assert len(str(refused.value).splitlines()) == 1


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_at_any_place_it_is_read_or_refused(
    real: dict[str, Any], tmp_path: Path, data: st.DataObject
) -> None:
    changed = copy.deepcopy(real)
    at: Any = changed
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.integers(0, 5)) == 0:
            break
        at = at[key]
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    at[key] = data.draw(
        st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
    )
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(changed))
    try:
        read_figures(path)
    except FiguresError as refused:
        assert len(str(refused).splitlines()) == 1
