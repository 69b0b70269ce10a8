"""Charts: bars are as long as their numbers, and none is drawn for what is withheld."""

from __future__ import annotations

from typing import Any

import lxml.html
from putright.documents import charts
from putright.documents.paper import Chart, Column, Table, Withheld


def _bars(*rows_: tuple[Any, ...], kind: Any = "bars", columns: tuple[int, ...] = (1,)) -> str:
    table = Table("t", "T", (Column("Row", figures=False), Column("A"), Column("B")), rows_)
    return charts.svg(Chart("t", columns, kind, "What it shows"), table, 500)


def test_bars_are_as_long_as_their_numbers() -> None:
    picture = lxml.html.fromstring(_bars(("one", 10, 0), ("two", 5, 0), ("none", 0, 0)))
    widths = [float(bar.get("width")) for bar in picture.iter("rect")]
    assert widths == [400.0, 200.0]
    assert picture.get("aria-label") == "What it shows"
    assert picture.text_content().count("10") == 1


def test_no_bar_is_drawn_for_what_is_withheld() -> None:
    picture = lxml.html.fromstring(_bars(("one", 10, 3), ("two", Withheld(), 7), kind="stacked bars", columns=(1, 2)))
    texts = [text.text_content() for text in picture.iter("text")]
    assert texts == ["A", "B", "one", "13", "two", "withheld"]
    assert len(list(picture.iter("rect"))) == 2 + 2


def test_a_chart_of_nothing_is_not_drawn() -> None:
    table = Table("t", "T", (Column("Row", figures=False), Column("A")), (("one", 0), ("two", Withheld())))
    assert not charts.drawable(Chart("t", (1,), "bars", "x"), table)
