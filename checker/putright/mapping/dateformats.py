"""Dates as exports write them, by named format: a value that does not match is refused, never guessed.

A format is one of NAMED, or a pattern with ``%d %m %Y %y %b %B %a %A %H %I %M %S %p`` as ``strptime``
has them. Two-digit years are read only where the pattern has ``%y`` (00 to 68 are 2000 to 2068).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo

from putright import calendars
from putright.records import parsing

#: The formats that have a name, each with what it reads.
NAMED = {
    "iso": "2026-11-22, with or without a time",
    "day-first": "22/11/2026, 22.11.2026 or 22-11-2026, with or without a time",
    "month-first": "11/22/2026, 11.22.2026 or 11-22-2026, with or without a time",
    "excel": "an Excel serial number: 46348 is 2026-11-22",
    "excel-1904": "a serial number of an old Macintosh workbook, counted from 1904",
}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?"
#: The time at the end of a text, with no zone after it.
_CLOCK = re.compile(r"[ T](?P<h>\d{1,2}):(?P<m>\d{2})(?::\d{2}(?:\.\d+)?)? ?(?P<p>[ap]m)?$", re.IGNORECASE)
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d).*")
_NUMBERS = "dmYyHIMS"
_PARTS = {
    "d": r"(?P<d>\d{1,2})(?:st|nd|rd|th)?",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "b": rf"(?P<b>{'|'.join(_MONTHS)}|sept)",
    "B": rf"(?P<B>{'|'.join(_LONG_MONTHS)})",
    "a": rf"(?P<a>{'|'.join(day[:3] for day in _DAYS)})",
    "A": rf"(?P<A>{'|'.join(_DAYS)})",
    "H": r"(?:[01]?\d|2[0-3])",
    "I": r"(?:0?[1-9]|1[0-2])",
    "M": r"[0-5]\d",
    "S": r"[0-5]\d",
    "p": r"(?:am|pm)",
}


class DateError(ValueError):
    """A value is not a date in any of the formats; the text says why."""


def problem(name: str) -> str | None:
    """What is wrong with a format as a mapping writes it; None where it can be used."""
    if name in NAMED:
        return None
    if "%" not in name:
        return f"is not a date format: use one of {', '.join(NAMED)}, or a pattern such as '%d %b %Y'"
    wrong = [part for part in re.findall(r"%(.?)", name) if part not in (*_PARTS, "%")]
    if wrong:
        return f"has '%{wrong[0]}', which is not read here: use {' '.join('%' + part for part in _PARTS)}"
    found = re.findall(r"%(.)", name)
    if len(found) != len(set(found)):
        return "names a part of the date twice"
    if any(len(set(found) & set(kind)) != 1 for kind in ("d", "mbB", "Yy")):
        return "must name one day (%d), one month (%m, %b or %B) and one year (%Y or %y)"
    return None


def parse(text: str, formats: Sequence[str], zone: str = "London") -> dt.date:
    """The one day that a text means in these formats; DateError where there is none, or more than one.

    ``zone`` is that of times that name none: with ``UTC``, 23:00 in summer is midnight of the next day.
    """
    found: dict[dt.date, str] = {}
    reasons = []
    for name in _tried(text, formats):
        try:
            found.setdefault(_read(text, name), name)
        except DateError as error:
            reasons.append(str(error))
    if len(found) > 1:
        either = " or ".join(f"{day} ({name})" for day, name in found.items())
        raise DateError(f"it could be {either}: give one format")
    if not found:
        impossible = [reason for reason in reasons if reason.startswith("no such")]
        raise DateError((impossible or reasons)[0] if len(reasons) == 1 or impossible else _none_of(formats))
    day = next(iter(found))
    return _in_london(text, day) if zone == "UTC" else day


def _tried(text: str, formats: Sequence[str]) -> Sequence[str]:
    """Try ISO as well as the other named formats: a real Excel date is read as one, and it is unambiguous."""
    if _ISO.fullmatch(text) and all(name in NAMED for name in formats):
        return ("iso",)
    return formats


def _none_of(formats: Sequence[str]) -> str:
    return f"not a date in any of the formats {', '.join(formats)}"


def _read(text: str, name: str) -> dt.date:
    if name == "iso":
        return _iso(text)
    if name.startswith("excel"):
        return _serial(text, name)
    match = _pattern(name).fullmatch(text)
    if not match:
        raise DateError(f"not a date in the format {name}")
    parts = {key: value.lower() for key, value in match.groupdict().items() if value}
    try:
        day = dt.date(_year(parts), _month(parts), int(parts["d"]))
    except ValueError:
        raise DateError(f"no such date in the format {name}") from None
    weekday = parts.get("a") or parts.get("A")
    if weekday and not _DAYS[day.weekday()].startswith(weekday):
        raise DateError(f"no such date in the format {name}: {day} is a {_DAYS[day.weekday()].title()}")
    return _in_range(day, name)


def _iso(text: str) -> dt.date:
    try:
        return parsing.parse_date(text, day_first=False)
    except parsing.UnreadableValue as error:
        if _ISO.fullmatch(text):
            raise DateError(f"no such date in the format iso: {error}") from None
        raise DateError("not a date in the format iso") from None


def _serial(text: str, name: str) -> dt.date:
    """Excel's day 60 is 29 February 1900, which never existed, so days before March 1900 are refused."""
    if not _SERIAL.fullmatch(text):
        raise DateError(f"not a date in the format {name}")
    first = dt.date(1904, 1, 1) if name == "excel-1904" else dt.date(1899, 12, 30)
    days = int(text.partition(".")[0])
    if name == "excel" and days <= 60:
        raise DateError(f"no such date in the format {name}: numbers up to 60 are not read")
    return _in_range(first + dt.timedelta(days), name)


def _in_london(text: str, day: dt.date) -> dt.date:
    """The day in London of a time in UTC; the same day for a date without a time, or with a zone of its own."""
    match = _CLOCK.search(text)
    if match is None:
        return day
    hour, minute = int(match["h"]), int(match["m"])
    if match["p"]:
        hour = hour % 12 + (12 if match["p"].lower() == "pm" else 0)
    if not (hour < 24 and minute < 60):
        return day
    moment = dt.datetime.combine(day, dt.time(hour, minute), dt.UTC)
    return moment.astimezone(ZoneInfo(calendars.LONDON)).date()


def _in_range(day: dt.date, name: str) -> dt.date:
    if not calendars.FIRST <= day <= calendars.LAST:
        years = f"{calendars.FIRST.year} and {calendars.LAST.year}"
        raise DateError(f"no such date in the format {name}: the year must be between {years}")
    return day


def _year(parts: dict[str, str]) -> int:
    if "Y" in parts:
        return int(parts["Y"])
    year = int(parts["y"])
    return year + (2000 if year <= 68 else 1900)


def _month(parts: dict[str, str]) -> int:
    if "m" in parts:
        return int(parts["m"])
    return _MONTHS.index((parts.get("b") or parts["B"])[:3]) + 1


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """A format as an expression; numbers that touch one another have to be written in full."""
    if name in ("day-first", "month-first"):
        first, second = "dm" if name == "day-first" else "md"
        text = rf"{_PARTS[first]}(?P<mark>[/.-]){_PARTS[second]}(?P=mark)(?P<Y>\d{{4}}){_TIME}"
        return re.compile(text, re.IGNORECASE)
    pieces = re.findall(r"%.|[^%]", name)
    found = []
    for place, piece in enumerate(pieces):
        if piece[0] != "%":
            found.append(r"\s+" if piece.isspace() else re.escape(piece))
            continue
        touching = any(_is_number(pieces[at]) for at in (place - 1, place + 1) if 0 <= at < len(pieces))
        part = "%" if piece == "%%" else _PARTS[piece[1]]
        found.append(part.replace("{1,2}", "{2}").replace("[01]?", "[01]") if touching else part)
    return re.compile("".join(found), re.IGNORECASE)


def _is_number(piece: str) -> bool:
    return piece.isdigit() or (len(piece) == 2 and piece[0] == "%" and piece[1] in _NUMBERS)
