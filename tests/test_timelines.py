"""A case drawn to scale: every event and due date, the days between, and the days off by name."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from putright.calendars import Calendar
from putright.documents.timelines import timeline
from putright.text.shown import Display, day

EVENTS = [
    (dt.date(2026, 12, 18), "receipt"),
    (dt.date(2026, 12, 21), "the stage 1 acknowledgement"),
    (dt.date(2027, 1, 8), "the stage 1 response"),
]
DUE = [(dt.date(2027, 1, 6), "respond at stage 1")]


def days_off(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    calendar = Calendar()
    every = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    named = ((date, calendar.why_not(date)) for date in every)
    return {date: "weekend" if date.weekday() >= 5 else name for date, name in named if name}


OFF = days_off(EVENTS[0][0], EVENTS[-1][0])


def heights(shown: Display) -> list[int]:
    """Where the dots and squares are, from the top down."""
    return [int(y) for y in re.findall(r'<rect x="205" y="(\d+)" width="10"', shown.html)]


def test_a_question_s_picture_has_the_days_and_no_count_of_working_days() -> None:
    shown = timeline(EVENTS, "Case A1", OFF)
    assert "3 days" in shown.html and "18 days" in shown.html
    assert "working day" not in shown.html and "due" not in shown.html
    assert "Christmas Day" in shown.html and "weekend" not in shown.html


def test_an_answer_s_picture_has_the_due_date_and_counts_working_days_as_the_calendar_does() -> None:
    shown = timeline(EVENTS, "Case A1", OFF, DUE, every_day_off=True)
    assert "due: respond at stage 1" in shown.html
    counted = Calendar().taken(EVENTS[1][0], DUE[0][0])
    assert f"from {day(EVENTS[1][0])} to {day(DUE[0][0])}: 16 days, {counted} working days" in shown.text
    assert "Monday 28 December 2026 is a day off: Boxing Day" in shown.text


def test_all_that_is_drawn_is_in_the_words() -> None:
    shown = timeline(EVENTS, "Case A1", OFF, DUE, every_day_off=True)
    texts = re.findall(r"<text[^>]*>(.*?)</text>", shown.html)[1:]
    for text in texts:
        assert text.replace("&#x27;", "'") in shown.text


dates = st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)), min_size=1, max_size=8, unique=True)


@given(dates)
def test_a_day_takes_as_much_everywhere_but_in_a_long_break(given: list[dt.date]) -> None:
    events = [(date, "something") for date in sorted(given)]
    shown = timeline(events, "Case A1", {})
    places = heights(shown)
    assert len(places) == len(events)
    ways = {
        (after - before) / (other[0] - one[0]).days
        for one, other, before, after in zip(events, events[1:], places, places[1:], strict=False)
        if (other[0] - one[0]).days <= 100
    }
    assert len(ways) <= 1
    labels = [int(y) for y in re.findall(r'<text x="236" y="(\d+)"', shown.html)]
    assert all(later - earlier >= 17 for earlier, later in itertools.pairwise(labels))


@pytest.mark.parametrize("events", [[], [(dt.date(2026, 5, 1), "receipt")]])
def test_a_case_with_hardly_anything(events: list[tuple[dt.date, str]]) -> None:
    shown = timeline(events, "Case A1", {})
    assert ("receipt" if events else "nothing is recorded") in shown.text
