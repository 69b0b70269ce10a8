"""Two councils' plugins from elsewhere, with what they could not say put right: it takes a line each.

They were written when a limit had no calendar days, the day of receipt was always day zero, and the bank holidays were
England's. Each said so in a doubt. The dates were worked out by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import councils
import putright
import pytest
from councils import COUNCILS

#: File, what stands there, what it becomes.
CORRECTIONS = [
    ("putright_scotland/spso.yaml", "edition: January 2020\n", "edition: January 2020\ncalendar: scotland\n"),
    (
        "putright_scotland/spso.yaml",
        "unclear: The SPSO counts the day of receipt as day 1; putright counts it as day zero.",
        "start_is_day: 1",
    ),
    (
        "putright_scotland/fife-corporate.yaml",
        "within: 5 working days\n",
        "within: 5 working days\n        start_is_day: 1\n",
    ),
    (
        "putright_thurrock/corporate-two-stages.yaml",
        "within: 20 working days\n        unclear: The source says 28 calendar days, which no limit can say; "
        "20 working days is the nearest and is later where a bank holiday falls.\n",
        "within: 28 calendar days\n",
    ),
    (
        "putright_thurrock/corporate-three-stages.yaml",
        "within: 20 working days\n        unclear: The source says 28 calendar days, which no limit can say; "
        "20 working days is the nearest and is later where a bank holiday falls.\n",
        "within: 28 calendar days\n",
    ),
]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[putright.Host]:
    place = tmp_path_factory.mktemp("corrected")
    folders = {each.name: councils.write(each, place) for each in COUNCILS if each.name in ("thurrock", "fife")}
    for name, was, becomes in CORRECTIONS:
        path = folders["fife" if "scotland" in name else "thurrock"] / name
        text = path.read_text("utf-8")
        assert text.count(was) == 1, (name, was)
        path.write_text(text.replace(was, becomes), "utf-8")
    fife = folders["fife"] / "putright_scotland" / "fife.py"  # the nation's calendar has these now
    fife.write_text(fife.read_text("utf-8").partition("@hookimpl\ndef putright_closure_days")[0], "utf-8")
    with councils.installed(folders.values()):
        yield putright.load(["spso", "fife", "thurrock"])


def due(host: putright.Host, council: str, rule: str, **events: str) -> dict[str, dt.date]:
    """The due date of a rule by each rulebook."""
    given = {name: dt.date.fromisoformat(day) for name, day in events.items()}
    return {each.rulebook: each.due for each in putright.due(host, council, events=given) if each.rule == rule}


@pytest.mark.parametrize(
    ("received", "last"),
    [
        # Thu 26 November is day 1; Mon 30 November is St Andrew's Day. 27 November, 1, 2, 3 December.
        ("2026-11-26", "2026-12-03"),
        # Fri 28 August; the last Monday of August is a working day in Scotland. 31 August, 1, 2, 3 September.
        ("2026-08-28", "2026-09-03"),
        # Sat 29 August: Mon 31 August is day 1. 1, 2, 3, 4 September.
        ("2026-08-29", "2026-09-04"),
        # Thu 31 December; 1 January, and 4 January for Saturday 2 January. 5, 6, 7, 8 January.
        ("2026-12-31", "2027-01-08"),
    ],
)
def test_day_1_is_the_day_of_receipt_and_the_holidays_are_scotland_s(
    host: putright.Host, received: str, last: str
) -> None:
    day = dt.date.fromisoformat(last)
    assert due(host, "fife", "respond-stage1", received=received) == {"fife.corporate": day, "spso": day}


@pytest.mark.parametrize(
    ("responded", "last"),
    [
        ("2026-03-02", "2026-03-30"),  # 28 days on, whatever is between
        ("2026-04-02", "2026-04-30"),  # Good Friday, Easter Monday between
        ("2026-12-04", "2027-01-01"),  # a bank holiday is not moved
    ],
)
def test_stage_2_is_asked_for_within_28_calendar_days(host: putright.Host, responded: str, last: str) -> None:
    found = due(host, "thurrock", "request-stage2", received="2026-02-02", stage1_responded=responded)
    assert found["thurrock.corporate"] == dt.date.fromisoformat(last)


def test_the_english_codes_never_judge_a_case_of_scotland(host: putright.Host) -> None:
    rows = [
        {"reference": str(place), "council": "fife", "received": "2026-06-01", "procedure": procedure, "flags": flags}
        for place, (procedure, flags) in enumerate(
            [("corporate", ""), ("corporate", "landlord"), ("housing", ""), ("children", ""), ("adults", "")]
        )
    ]
    findings = putright.audit(putright.Records.from_dicts(rows, host), host, as_at=dt.date(2026, 9, 30)).findings
    assert set(findings["rulebook"]) == {"fife.corporate", "spso"}
