"""One rounding everywhere: half up, as Excel rounds, in the terminal, the papers, figures.json and the handbook."""

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from putright.data_quality import report
from putright.disclosure.publication import _cell_data
from putright.documents.paper import Share, spell
from putright.text import rounding

ROOT = Path(__file__).parent.parent
#: Places where a number is not shown to anybody: days drawn by chance, lengths of bars, whether a column is whole.
NOT_SHOWN = {"synthetic/courses.py", "documents/charts.py", "files/parquet.py"}


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 4))
def test_a_ratio_is_rounded_half_up(part: int, whole: int, places: int) -> None:
    exact = Decimal(part) / whole  # 28 digits: enough to tell a half from its neighbours
    assert rounding.ratio(part, whole, places) == exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.integers(-(10**9), 10**9), st.integers(1, 4))
def test_halves_go_away_from_zero_as_in_excel(half: int, places: int) -> None:
    odd = 2 * half + 1
    expected = Decimal(odd + (1 if odd > 0 else -1)) / 2
    assert rounding.ratio(odd, 2) == expected
    assert rounding.ratio(odd, 2 * 10**places, places) == expected.scaleb(-places)


@given(st.integers(0, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_percentage_is_half_up_but_never_all_or_none_of_some(counts: tuple[int, int]) -> None:
    part, whole = counts
    if not whole:
        return
    rounded = int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))
    expected = min(max(rounded, 1), 99) if 0 < part < whole else rounded
    assert rounding.percent(part, whole) == expected == Share(part, whole).percent


@given(st.floats(0, 1000, allow_nan=False), st.integers(0, 3))
def test_a_number_goes_by_its_digits(value: float, places: int) -> None:
    assert rounding.number(value, places) == Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 8, 13), (3, 8, 38), (5, 8, 63), (1, 40, 3), (9, 200, 5), (29, 200, 15), (199, 200, 99), (1, 1000, 1)],
)
def test_every_output_gives_the_same_percentage(part: int, whole: int, percent: int) -> None:
    share = Share(part, whole)
    assert spell(share) == f"{percent}% of {whole:,}"  # every paper, the report, the handbook
    assert _cell_data(share)["percent"] == percent  # figures.json
    assert report._percent(part, whole) == f"{percent}%"  # the terminal


def test_nothing_else_rounds() -> None:
    """No other module rounds a number or formats one with decimal places."""
    found = []
    for part in ("checker/putright", "handbook/putright_handbook", "plugins"):
        for path in (ROOT / part).rglob("*.py"):
            name = path.relative_to(ROOT / part).as_posix()
            if name == "text/rounding.py" or name in NOT_SHOWN:
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if re.search(r"(?<![\w.])round\(|\.round\(|:[,+]?\.\d*[fge%]\}|%\.\d+f", line):
                    found.append(f"{part}/{name}:{number}: {line.strip()}")
    assert not found
