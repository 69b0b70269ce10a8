"""Figures published before: what is taken from them, and what is said of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from casefiles import Result, run, write
from putright.auditing.audits import Period
from putright.disclosure import publication
from putright.disclosure.earlier import Earlier, cuts
from putright.disclosure.figuresfile import PublishedFigures
from putright.statistics.supplied import Supplied
from putright.statistics.tables import Counts
from test_counts import audited

AS_AT = "2026-11-22"
SPRING = ("--from", "2026-04-01", "--to", "2026-06-30")


def cases() -> list[dict[str, Any]]:
    """A case for each working day of six months, some acknowledged late."""
    days = [dt.date(2026, 4, 1) + dt.timedelta(days=days) for days in range(180)]
    return [
        {
            "reference": f"R{place}",
            "received": day.isoformat(),
            "service": ("Parking", "Libraries", "Planning")[place % 3],
            "stage1_acknowledged": (day + dt.timedelta(days=20 if place % 17 == 3 else 1)).isoformat(),
        }
        for place, day in enumerate(days)
        if day.weekday() < 5
    ]


def published(folder: Path, name: str, *options: str, rows: list[dict[str, Any]] | None = None) -> Result:
    write(folder / "cases.csv", rows or cases())
    given = ("audit", str(folder / "cases.csv"), "--council", "coventry", "--as-at", AS_AT, "--publish")
    return run(*given, "--output", f"{folder / name}/", *options)


def test_the_receipt_lists_what_was_published_before(tmp_path: Path) -> None:
    assert published(tmp_path, "spring", *SPRING).code == 0
    done = published(tmp_path, "all", "--published", str(tmp_path / "spring"))
    assert (done.code, done.err) == (0, "")
    receipt = json.loads((tmp_path / "all" / "receipt.json").read_text("utf-8"))
    digest = hashlib.sha256((tmp_path / "spring" / "figures.json").read_bytes()).hexdigest()
    assert receipt["published"] == [{"as_at": AS_AT, "from": "2026-04-01", "to": "2026-06-30", "sha256": digest}]
    assert {"sha256": digest} in receipt["inputs"]


def test_neighbouring_figures_that_were_not_given_are_named(tmp_path: Path) -> None:
    assert published(tmp_path, "spring", *SPRING).code == 0
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "figures.json").write_text("{}")
    done = published(tmp_path, "all")
    said = " ".join(done.out.split())
    assert "has figures of cases from 1 April 2026 to 30 June 2026, as at 22 November 2026" in said
    assert f"--published {tmp_path / 'spring'}" in said
    assert "notes" not in said
    again = published(tmp_path, "all", "--published", str(tmp_path / "spring" / "figures.json"))
    assert "--published" not in again.out


def test_what_the_records_no_longer_give_is_reported_and_not_held_against_them(tmp_path: Path) -> None:
    assert published(tmp_path, "spring", *SPRING).code == 0
    fewer = [case for case in cases() if case["reference"] != "R5"]
    done = published(tmp_path, "all", "--published", str(tmp_path / "spring"), rows=fewer)
    assert done.code == 0
    assert "the records now give" in " ".join(done.out.split())
    unchanged = published(tmp_path, "others", "--published", str(tmp_path / "spring"), str(tmp_path / "all"))
    assert unchanged.out.count("the records now give") == 1, "the later figures fit the records that made them"


#: what is given as --published, where to publish, and what is said
REFUSED = [
    ("nowhere", "all", "is not there, or no file"),
    ("cases.csv", "all", "is not published figures as putright writes them"),
    ("other.json", "all", "has the figures of runnymede, not of coventry"),
    ("ancient.json", "all", "0001-01-01 is outside"),
    ("spring", "spring", "is a file of published figures, and would be written over"),
]


@pytest.mark.parametrize(("given", "where", "said"), REFUSED)
def test_what_cannot_be_taken_is_refused(tmp_path: Path, given: str, where: str, said: str) -> None:
    assert published(tmp_path, "spring", *SPRING).code == 0
    text = (tmp_path / "spring" / "figures.json").read_text("utf-8")
    (tmp_path / "other.json").write_text(text.replace('"coventry"', '"runnymede"', 1))
    (tmp_path / "ancient.json").write_text(text.replace(f'"as_at": "{AS_AT}"', '"as_at": "0001-01-01"'))
    done = published(tmp_path, where, "--published", str(tmp_path / given))
    assert done.code == 2
    assert said in " ".join(done.err.split())
    assert (tmp_path / "spring" / "figures.json").read_text("utf-8") == text


def test_every_number_of_a_publication_is_found_again_in_the_records() -> None:
    """What is read back from the file is what its cells were made of: none is left aside, none differs."""
    rows = [{name: value for name, value in case.items() if name != "reference"} for case in cases()]
    for by, period in (("received", Period()), ("due", Period(dt.date(2026, 5, 11), dt.date(2026, 7, 20)))):
        counts = Counts(dt.date(2026, 11, 22), by, period)
        counts.add(audited(rows, counts.as_at))
        tables = publication.published(counts, None, 1).tables
        data = json.dumps(publication.as_data(tables, counts, council="coventry", threshold=1))
        file = PublishedFigures.model_validate_json(data)
        again = Counts(dt.date(2026, 11, 22), cuts=cuts([file]))
        again.add(audited(rows, counts.as_at))
        earlier = Earlier(Path("figures.json"), file, again.over(period, by), Supplied())
        assert earlier.changed == 0
        every = {figure for sheet in earlier.sheets for row in sheet.rows for figure in row if hasattr(figure, "cube")}
        assert every <= earlier.known
