"""The calendar: named dates, the library it was frozen from, and counting against a plain loop."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from putright import calendars
from putright.calendars import Calendar, add_months

ENGLAND = Calendar()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("nation", calendars.NATIONS)
def test_frozen_table_is_the_library_s(nation: str) -> None:
    assert dict(calendars.bank_holidays(nation).days) == calendars.library_holidays(nation)


NOT_WORKING = {
    "2016-12-26": "Boxing Day, Christmas on Sunday",
    "2016-12-27": "Christmas Day's substitute",
    "2022-12-26": "Boxing Day, Christmas on Sunday",
    "2022-12-27": "Christmas Day's substitute",
    "2021-12-27": "Christmas on Saturday",
    "2021-12-28": "Christmas on Saturday",
    "2027-12-27": "Christmas on Saturday",
    "2027-12-28": "Christmas on Saturday",
    "2020-12-28": "Boxing Day on Saturday",
    "2026-12-28": "Boxing Day on Saturday",
    "2020-05-08": "early May moved for VE Day",
    "2022-06-02": "spring holiday moved",
    "2002-06-04": "spring holiday moved",
    "2002-06-03": "Golden Jubilee",
    "2012-06-04": "spring holiday moved",
    "1999-12-31": "Millennium",
    "2011-04-29": "royal wedding",
    "2012-06-05": "Diamond Jubilee",
    "2022-06-03": "Platinum Jubilee",
    "2022-09-19": "state funeral",
    "2023-05-08": "coronation",
    "2024-03-29": "Good Friday",
    "2025-04-21": "Easter Monday: needs subdiv ENG",
    "2025-08-25": "summer holiday: needs subdiv ENG",
    "2028-01-03": "New Year's Day on Saturday",
    "2026-12-26": "a Saturday",
}
WORKING = {
    "2020-05-04": "early May moved to the 8th",
    "2022-05-30": "spring holiday moved to 2 June",
    "2002-05-27": "spring holiday moved to 4 June",
    "2012-05-28": "spring holiday moved to 4 June",
    "2026-06-15": "a holiday in Scotland only",
    "2026-01-02": "a holiday in Scotland only",
    "2026-03-17": "a holiday in Northern Ireland only",
    "2026-12-24": "an ordinary Thursday",
    "2026-12-29": "between Christmas and New Year, not a bank holiday",
}


@pytest.mark.parametrize(("text", "why"), NOT_WORKING.items())
def test_is_not_a_working_day(text: str, why: str) -> None:
    assert not ENGLAND.is_working_day(day(text)), why
    assert ENGLAND.why_not(day(text))


@pytest.mark.parametrize(("text", "why"), WORKING.items())
def test_is_a_working_day(text: str, why: str) -> None:
    assert ENGLAND.is_working_day(day(text)), why
    assert ENGLAND.why_not(day(text)) is None


#: start, working days, due, where it comes from
DUE = [
    ("2026-12-23", 5, "2027-01-04", "24, 29, 30, 31 December, 4 January"),
    ("2027-01-04", 10, "2027-01-18", "ten days with nothing between"),
    ("2027-12-24", 5, "2028-01-05", "27 and 28 December and 3 January skipped"),
    ("2026-03-26", 10, "2026-04-13", "over Easter"),
    ("2024-08-29", 65, "2024-11-28", "the Ombudsman's own date, Cornwall 25 005 179"),
    ("2024-03-04", 20, "2024-04-03", "the Ombudsman's own date, Jigsaw 202400224"),
    ("2026-12-18", 20, "2027-01-20", "20 days from 18 December"),
    ("2024-01-13", 5, "2024-01-22", "received on Saturday: Monday is day zero"),
    ("2025-04-18", 3, "2025-04-25", "received on Good Friday: Tuesday is day zero"),
    ("2024-02-29", 10, "2024-03-14", "received on 29 February"),
    ("2025-02-02", 10, "2025-02-17", "Islington 202448147: received on Sunday"),
]


@pytest.mark.parametrize(("start", "count", "due", "why"), DUE)
def test_due(start: str, count: int, due: str, why: str) -> None:
    assert ENGLAND.add(day(start), count) == day(due), why
    assert ENGLAND.taken(day(start), day(due)) == count


#: start, months, inclusive, last day
MONTHS = [
    ("2025-02-28", 12, False, "2026-02-28"),
    ("2024-02-29", 12, False, "2025-02-28"),
    ("2026-08-31", 6, False, "2027-02-28"),
    ("2026-01-10", 6, True, "2026-07-09"),
    ("2026-08-31", 6, True, "2027-02-28"),
    ("2026-08-28", 6, True, "2027-02-27"),
    ("2026-09-01", 6, True, "2027-02-28"),
]


@pytest.mark.parametrize(("start", "count", "inclusive", "end"), MONTHS)
def test_months(start: str, count: int, inclusive: bool, end: str) -> None:
    assert add_months(day(start), count, inclusive=inclusive) == day(end)


def test_closure_days_are_the_council_s_own() -> None:
    closed = Calendar({day("2026-12-29"): "Christmas closure"})
    assert closed.add(day("2026-12-23"), 5) == day("2027-01-05")
    assert ENGLAND.add(day("2026-12-23"), 5) == day("2027-01-04")
    assert closed.why_not(day("2026-12-29")) == "Christmas closure (council closed)"


#: Bank holidays of one nation that are working days in another: the day, where it is one, where it is not.
DIFFERENCES = [
    ("2026-01-02", "scotland", "england"),
    ("2026-06-15", "scotland", "northern-ireland"),
    ("2026-08-03", "scotland", "england"),
    ("2026-11-30", "scotland", "england"),
    ("2026-08-31", "england", "scotland"),
    ("2026-04-06", "england", "scotland"),
    ("2026-03-17", "northern-ireland", "england"),
    ("2026-07-13", "northern-ireland", "scotland"),
    ("2026-04-06", "northern-ireland", "scotland"),
    ("2027-01-04", "scotland", "northern-ireland"),
]


@pytest.mark.parametrize(("text", "off", "working"), DIFFERENCES)
def test_each_nation_has_its_own_bank_holidays(text: str, off: str, working: str) -> None:
    assert not Calendar(holidays=calendars.bank_holidays(off)).is_working_day(day(text))
    assert Calendar(holidays=calendars.bank_holidays(working)).is_working_day(day(text))


def test_a_council_may_work_on_a_bank_holiday_and_close_on_another_day() -> None:
    own = Calendar({day("2026-08-10"): "Fair day"}, calendars.bank_holidays("scotland"), {day("2026-08-03")})
    assert own.is_working_day(day("2026-08-03")) and own.why_not(day("2026-08-03")) is None
    assert own.add(day("2026-07-31"), 6) == day("2026-08-11")
    assert list(own.days_off()).count(day("2026-08-10")) == 1 and day("2026-08-03") not in own.days_off()


def test_closure_days_are_known_for_eleven_months() -> None:
    assert Calendar({day("2026-12-31"): "Closed"}).horizon == day("2027-11-30")
    assert Calendar({day("2035-12-31"): "Closed"}).horizon == ENGLAND.horizon == calendars.HORIZON


def test_a_bank_holiday_can_be_added_and_every_receipt_says_so() -> None:
    jubilee = {day("2027-06-07"): "Jubilee"}
    more = calendars.bank_holidays("scotland").with_days(jubilee)
    assert Calendar(holidays=more).why_not(day("2027-06-07")) == "Jubilee (bank holiday)"
    assert more.version == "scotland-2026-08 with 2027-06-07 Jubilee"
    assert calendars.versions([more, calendars.bank_holidays()]) == (
        "england-2026-08; scotland-2026-08 with 2027-06-07 Jubilee"
    )
    assert calendars.bank_holidays("scotland").version == "scotland-2026-08"


def test_span_names_every_skipped_day() -> None:
    span = ENGLAND.span(day("2026-12-24"), day("2026-12-29"))
    assert [(d.date.day, d.number, d.skipped) for d in span.days] == [
        (25, None, "Christmas Day (bank holiday)"),
        (26, None, "Saturday"),
        (27, None, "Sunday"),
        (28, None, "Boxing Day (substitute day) (bank holiday)"),
        (29, 1, None),
    ]


def test_notice_counts_back_from_a_meeting_on_any_day() -> None:
    assert ENGLAND.back(day("2026-04-07"), 1) == day("2026-04-02")  # over Easter
    assert ENGLAND.back(day("2026-06-06"), 1) == ENGLAND.back(day("2026-06-08"), 1) == day("2026-06-05")


dates = st.dates(dt.date(1999, 1, 1), dt.date(2039, 12, 31))
nations = st.sampled_from(sorted(calendars.NATIONS))
_CALENDARS = {nation: Calendar(holidays=calendars.bank_holidays(nation)) for nation in calendars.NATIONS}


@given(nation=nations, start=dates, count=st.integers(0, 90))
def test_adding_is_walking(nation: str, start: dt.date, count: int) -> None:
    walked = start
    while not _works(nation, walked):
        walked += dt.timedelta(1)
    for _ in range(count):
        walked += dt.timedelta(1)
        while not _works(nation, walked):
            walked += dt.timedelta(1)
    calendar = _CALENDARS[nation]
    assert calendar.add(start, count) == walked
    assert calendar.taken(start, walked) == count == calendar.span(start, walked).counted


@given(nation=nations, meeting=dates, count=st.integers(1, 40))
def test_counting_back_is_walking_back(nation: str, meeting: dt.date, count: int) -> None:
    walked = meeting
    for _ in range(count):
        walked -= dt.timedelta(1)
        while not _works(nation, walked):
            walked -= dt.timedelta(1)
    assert _CALENDARS[nation].back(meeting, count) == walked


_LIBRARY = {nation: calendars.library_holidays(nation, range(1998, 2042)) for nation in calendars.NATIONS}


def _works(nation: str, candidate: dt.date) -> bool:
    return candidate.weekday() < 5 and candidate not in _LIBRARY[nation]


@pytest.mark.parametrize("text", ["1899-12-31", "2200-01-01"])
def test_outside_the_table(text: str) -> None:
    with pytest.raises(ValueError, match="outside 1900 to 2199"):
        calendars.index(day(text))


def test_past_the_end_of_the_table() -> None:
    with pytest.raises(ValueError, match="past"):
        ENGLAND.add(day("2199-12-30"), 20)
    with pytest.raises(ValueError, match="past"):
        add_months(day("2199-12-30"), 12)
