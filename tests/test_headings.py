"""The names of columns in public systems: each is a field, a question, worked out by putright, or nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from putright.fields import FIELDS
from putright.mapping import columnnames
from putright.mapping.columnnames import Match
from putright.mapping.headings import headings, is_field

HEADINGS = list(csv.DictReader((Path(__file__).parent / "headings.csv").read_text(encoding="utf-8").splitlines()))


def field_of(found: Match | None) -> str:
    """The field, with its stage where the name has one."""
    if found is None:
        return ""
    if found.field == "N_requested" and found.stage == 1:
        return "received"
    return found.field.replace("N_", f"stage{found.stage}_" if found.stage else "")


@pytest.mark.parametrize("row", HEADINGS, ids=[f"{row['system']}: {row['heading']}" for row in HEADINGS])
def test_what_a_heading_means(row: dict[str, str]) -> None:
    expected = row["means"]
    if not is_field(expected) and not any(name.endswith(f"_{expected.split()[-1]}") for name in FIELDS):
        # A field that this version does not have yet is not a field of a case record here.
        expected = expected if expected.split()[0] in ("ask", "due", "nothing", "holds") else "nothing"
    for heading in spellings(row["heading"]):
        found = columnnames.meaning(heading, dates=row["holds"] == "dates")
        said = {"field": field_of(found.match), "ask": f"ask {field_of(found.match)}".strip()}.get(
            found.kind, found.kind
        )
        assert said == expected, heading


def spellings(heading: str) -> list[str]:
    """The heading as it is, in capitals, with other blanks, and as a reader of the file gives it."""
    return [heading, heading.upper(), heading.replace(" ", "_"), f"  {heading} ", " ".join(heading.lower().split())]


def test_there_are_200_headings() -> None:
    assert len({row["heading"] for row in HEADINGS}) >= 200


def test_words_run_together_are_told_apart() -> None:
    assert columnnames.plain("createddate") == ["created", "date"]
    assert columnnames.plain("notes") == ["notes"]
    assert columnnames.plain("reason") == ["reason"]


def test_every_field_of_dates_has_a_name() -> None:
    named = {field for fields in headings().sure.values() for field in fields}
    lacking = [name for name, field in FIELDS.items() if (f"N_{field.part}" if field.stage else name) not in named]
    assert [name for name in lacking if not name.endswith(("contains", "holds"))] == []
