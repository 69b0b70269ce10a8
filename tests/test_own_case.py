"""A case of the reader's own: the dates as people write them, the verdicts of the audit, and what cannot be read."""

from __future__ import annotations

import datetime as dt

import pytest
from notebooksets import AS_AT, SEED
from putright.api.audits import audit
from putright.api.records import Records
from putright.fields import FIELDS
from putright.text.shown import day
from putright.training import Lesson, asking, open_lesson
from putright.training.owncase import OwnCase

CASE = {
    "received": "6 July 2026",
    "stage 1 acknowledged": "7/7/26",
    "stage 1 responded": "2026-08-03",
    "checked on": "30 September 2026",
}


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return open_lesson("spot-the-breach", "coventry", AS_AT, SEED)


def test_every_time_limit_has_the_verdict_of_the_audit(lesson: Lesson) -> None:
    row = {
        **dict.fromkeys(FIELDS),
        "reference": "A1",
        "procedure": "corporate",
        "received": "2026-07-06",
        "stage1_acknowledged": "2026-07-07",
        "stage1_responded": "2026-08-03",
    }
    records = Records.from_dicts([row], lesson.host, "coventry")
    found = audit(records, lesson.host, as_at=dt.date(2026, 9, 30)).findings.to_dicts()
    limits = [each for each in found if each["due"]]
    text = lesson.your_case(CASE).text
    assert len(limits) > 3
    for each in limits:
        assert lesson.plainly(each["message"]) in text
    assert text.count("| Breach |") == sum(each["verdict"] == "breach" for each in limits)


def test_the_form_and_the_typed_case_are_the_same(lesson: Lesson) -> None:
    names = [name for name, _ in OwnCase.form["fields"]]
    clicked = dict(zip(["received", "stage1_acknowledged", "stage1_responded", "as_at"], CASE.values(), strict=True))
    assert set(clicked) <= set(names)
    assert OwnCase(lesson).reply(clicked).shown == lesson.your_case(CASE)


def test_without_a_date_it_is_checked_today(lesson: Lesson) -> None:
    today = dt.date.today()
    said = lesson.your_case({"received": today.isoformat()}).text
    assert f"As at {day(today)}" in said
    assert "| Acknowledge stage 1 | Running |" in said


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"received": "soon"}, "Receipt: I could not read 'soon' as a date"),
        ({"stage 1 responded": "1 July 2026"}, "The day of receipt is missing"),
        ({"received": "6 July 2026", "stage 1 responded": "1 July 2026", "checked on": "30/9/26"}, "comes before"),
        ({"received": "6 July 2026", "checked on": "5 July 2026"}, "received after the day it is checked on"),
        ({"recieved": "6 July 2026"}, "no date called 'recieved' here. There are: received, stage 1 acknowledged"),
        ("6 July 2026", "between curly brackets"),
    ],
)
def test_what_cannot_be_checked_is_said_in_words(lesson: Lesson, case: object, said: str) -> None:
    shown = lesson.your_case(case)  # type: ignore[arg-type]
    assert said in shown.text and "That could not be checked" in shown.text
    assert "_" not in shown.text


def test_in_a_browser_it_says_where_it_runs(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "IN_BROWSER", True)
    for case in (None, CASE):
        text = lesson.your_case(case).text
        assert "the audit does not run in a browser. To try one, open the notebook in JupyterLab" in text
