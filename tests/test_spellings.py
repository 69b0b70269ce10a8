"""Services that differ only in capitals or spaces are one, shown as it is most often written, and reported."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from casefiles import run
from putright.records.spellings import Spellings

EXPORTS = Path(__file__).parent / "exports"

SPELT = [
    ([["Waste", "Parking", None]], {}, ""),
    ([["Waste", "Waste", "waste "]], {"waste": "Waste"}, "'Waste' (2 cases) and 'waste' (1 case)"),
    ([["waste", "WASTE  team", "Waste team", "Waste team"]], {"WASTE  team": "Waste team"},
     "'Waste team' (2 cases) and 'WASTE  team' (1 case)"),
    ([["Waste"], ["waste", "waste"]], {"Waste": "waste"}, "'waste' (2 cases) and 'Waste' (1 case)"),
    ([["b", "B", "a", "A"]], {"a": "A", "b": "B"}, "'A' (1 case) and 'a' (1 case); 'B' (1 case) and 'b' (1 case)"),
]  # fmt: skip


@pytest.mark.parametrize(("batches", "mains", "said"), SPELT)
def test_spellings(batches: list[list[str | None]], mains: dict[str, str], said: str) -> None:
    found = Spellings()
    for values in batches:
        found.add(pl.Series(values, dtype=pl.String))
    assert found.mains() == mains
    begin = "values of service that differ only in capitals or spaces are counted as one: "
    assert found.note("service") == (begin + said if said else "")


def test_the_services_of_an_export_are_one_in_the_pack_and_reported(tmp_path: Path) -> None:
    path, mapping = EXPORTS / "40_services.csv", tmp_path / "m.yaml"
    assert run("map", path, "--output", mapping).code == 0
    shown = run("audit", path, "--mapping", mapping, "--as-at", "2026-09-30", "--output", f"{tmp_path}/pack/")
    assert shown.code == 0, shown.err
    page = (tmp_path / "pack" / "report.html").read_text(encoding="utf-8")
    assert "Waste" in page and "differ only in capitals or spaces" in page
    assert ">waste<" not in page and ">WASTE<" not in page
