"""Dates as people write them, wherever a command or a file that people write takes one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from casefiles import case, run, write
from putright.records.parsing import UnreadableValue, parse_date
from putright.rulebooks.values import parse_day
from putright.text.dates import UnreadableDate, as_date, read_date

USE = "Use 22/11/2026 or 2026-11-22"
DAY = dt.date(2026, 11, 22)
WAYS = (
    "22/11/2026",
    "22 November 2026",
    "22 Nov 2026",
    "2026-11-22",
    " 22  november 2026 ",
    "22.11.2026",
    "22-11-2026",
)
#: a text that is not a date, and what is said of it
WRONG = [
    *(
        (text, f"'{text}' is not a date we can read. Use 22/11/2026 or 2026-11-22.")
        for text in ("31/02/2026", "soon", "")
    ),
    ("11/22/2026", "not a date we can read"),
    ("22/11/26", "not a date we can read"),
    ("1/1/1850", "'1/1/1850' is not between 1900 and 2199. Use 22/11/2026 or 2026-11-22."),
]


@pytest.mark.parametrize("text", WAYS)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert read_date(text) == as_date(text) == parse_day(text) == DAY


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_what_is_not_a_date_says_what_to_write(text: str, says: str) -> None:
    with pytest.raises(UnreadableDate) as caught:
        read_date(text)
    assert says in str(caught.value)


def test_a_value_of_a_file_may_be_a_date_already() -> None:
    assert as_date(DAY) == as_date(dt.datetime(2026, 11, 22, 9, 30)) == DAY


@pytest.mark.parametrize("text", ["22/11/2026", "22 November 2026", "22 nov 2026", "2026-11-22"])
def test_a_record_takes_them_too(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize("text", ["22 Novembre 2026", "31 February 2026", "22 November 1826", "soon"])
def test_a_record_says_what_it_cannot_read(text: str) -> None:
    with pytest.raises(UnreadableValue, match=f"not a date we can read. {USE}"):
        parse_date(text)


@pytest.mark.parametrize("text", ["22/11/2026", "22 November 2026"])
def test_a_file_of_programs_has_one_way_to_write_a_date(text: str) -> None:
    with pytest.raises(UnreadableValue, match="not a date we can read"):
        parse_date(text, day_first=False)


COMMANDS = {
    "due": ("due", "--received", "{}"),
    "event": ("due", "--received", "2026-11-02", "--event", "stage1_acknowledged={}"),
    "as-at": ("audit", "cases.csv", "--as-at", "{}"),
    "from": ("audit", "cases.csv", "--from", "{}"),
    "to": ("audit", "cases.csv", "--to", "{}"),
    "holiday": ("due", "--received", "2026-11-02", "--bank-holiday", "{}=Jubilee"),
    "sample": ("sample", "--council", "coventry", "--cases", "1", "--output", "made.csv", "--year-ending", "{}"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_date_of_a_command(command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("cases.csv"), [case(received="2026-06-01")])

    def said(day: str) -> str:
        done = run(*(word.format(day) for word in command), *(["--overwrite"] if command[0] == "sample" else []))
        assert done.code == 0, done.err
        made = Path("made.csv")
        return done.out + (made.read_text("utf-8") if made.exists() else "")

    assert said("22/11/2026") == said("22 November 2026") == said("2026-11-22")
    refused = run(*(word.format("31/02/2026") for word in command))
    assert refused.code == 2
    assert "'31/02/2026' is not a date we can read. Use 22/11/2026 or 2026-11-22." in refused.err
