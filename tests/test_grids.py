"""Tables for a terminal: within its width, with every column and every word whole."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from putright.text.grids import Grid
from rich.cells import cell_len
from rich.console import Console

HEADINGS = ("rule (clause)", "met", "not recorded", "why")
ROWS = [
    ("acknowledge stage 1 (13.6)", "1,234", "·", "the step is recorded now, on 2026-07-29"),
    ("what the stage 1 acknowledgement holds (13.8)", "7", "12", ""),
    ("a first line\nand a second one", "1", "2", "coventry.corporate"),
]


def shown(width: int, rows: list[tuple[str, ...]], headings: tuple[str, ...] = HEADINGS, **options: bool) -> str:
    grid = Grid(*headings, title="A title", right=("met", "not recorded"), strong=("why",), **options)
    for row in rows:
        grid.add(*row)
    file = io.StringIO()
    Console(width=width, file=file, color_system=None, highlight=False).print(grid)
    return file.getvalue()


@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 50, 40, 30])
@pytest.mark.parametrize("ruled", [False, True])
def test_a_table_fits_with_every_word_whole(width: int, ruled: bool) -> None:
    text = shown(width, ROWS, ruled=ruled)
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width
    words = text.replace(":", " ").split()
    for row in (HEADINGS[1:], *ROWS):  # in a list the first cell is the heading of the rest
        assert not [word for cell in row for word in cell.split() if word not in words]


def test_where_there_is_room_nothing_is_folded() -> None:
    assert len(shown(120, ROWS[:2]).splitlines()) == len(("title", "headings", "folded", "line", *ROWS[:2], "empty"))
    assert "acknowledge stage 1 (13.6)  " in shown(120, ROWS[:1])


def test_where_there_is_none_a_row_is_a_list() -> None:
    lines = [line.rstrip() for line in shown(26, ROWS[1:2]).splitlines()]
    assert lines[:2] == ["A title", "what the stage 1"]
    assert "  met: 7" in lines and "  not recorded: 12" in lines
    assert not [line for line in lines if line.startswith("  why")], "an empty cell needs no line"


def test_nothing_in_a_cell_is_markup_or_moves_the_cursor() -> None:
    text = shown(80, [("[bold]A[/bold]\x1b[2J", "1", "2", "[red]")])
    assert "[bold]A[/bold]\ufffd[2J" in text and "[red]" in text


def test_a_table_with_no_rows_has_its_headings() -> None:
    assert {"met", "not", "recorded", "why"} <= set(shown(80, []).split())


@given(
    st.lists(st.tuples(*[st.text("ab1 .-é住", max_size=40)] * 4), min_size=1, max_size=8),
    st.integers(min_value=60, max_value=130),
)
def test_any_cells_fit(rows: list[tuple[str, ...]], width: int) -> None:
    text = shown(width, rows, ("one", "met", "three", "why"))
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width
    letters = sorted(letter for row in rows for cell in row for letter in cell if letter in "住é")
    assert sorted(letter for letter in text if letter in "住é") == letters
