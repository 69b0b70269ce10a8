"""Parse one value of a record from its text, or refuse it with a reason: contract 1."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from putright import calendars
from putright.text import dates

_NONE = "none"
_WORDS = re.compile(r"\s*;\s*")
_OUT_OF_RANGE = f"a date must be between {calendars.FIRST.year} and {calendars.LAST.year}"


class UnreadableValue(Exception):
    """A value that cannot be read; the text says why."""


class OutOfOrder(UnreadableValue):
    """A hold that can be read but ends before it begins."""


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?( ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?", re.IGNORECASE
)
_UK = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")

_WORDED = re.compile(r"\d{1,2} [A-Za-z]{3,9} \d{4}")


def parse_date(text: str, *, day_first: bool = True) -> dt.date:
    """A date of a record: ISO, ISO with a time (taken to London), or 22/11/2026 and 22 November 2026 where allowed."""
    if _ISO_TIME.fullmatch(text):
        try:
            plain = re.sub(" ?(?:UTC|GMT)$", "Z", text, flags=re.IGNORECASE)
            moment = dt.datetime.fromisoformat(plain.replace(",", ".").replace(" +", "+").replace(" Z", "Z"))
        except ValueError:
            raise UnreadableValue("there is no such day or time") from None
        try:
            return _in_range((moment.astimezone(ZoneInfo(calendars.LONDON)) if moment.tzinfo else moment).date())
        except OverflowError:  # .NET's blank date is the first moment of the year 1, and London's is before it
            raise UnreadableValue(_OUT_OF_RANGE) from None
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif day_first and _WORDED.fullmatch(text):
        return _read_words(text)
    elif day_first and (match := _UK.fullmatch(text)):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise UnreadableValue(f"not a date we can read. {dates.USE if day_first else 'Use 2026-11-22'}")
    try:
        return _in_range(dt.date(year, month, day))
    except ValueError:
        raise UnreadableValue("there is no such day") from None


def _read_words(text: str) -> dt.date:
    try:
        return dates.read_date(text)
    except dates.UnreadableDate:
        raise UnreadableValue(f"not a date we can read. {dates.USE}") from None


def _in_range(day: dt.date) -> dt.date:
    if not calendars.FIRST <= day <= calendars.LAST:
        raise UnreadableValue(_OUT_OF_RANGE)
    return day


def parse_boolean(text: str) -> bool:
    """``true`` or ``false``, whatever the case."""
    word = text.casefold()
    if word not in ("true", "false"):
        raise UnreadableValue("neither true nor false")
    return word == "true"


_POUNDS = re.compile(r"(?:£|GBP)? ?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?", re.IGNORECASE)
_PENNY = Decimal("0.01")
#: In pounds. No remedy comes near it; a telephone or case number in the column does.
_MOST_POUNDS = 10_000_000


def parse_pounds(text: str) -> int:
    """An amount in pounds as pence: ``250``, ``£1,250.50``."""
    found = _POUNDS.fullmatch(text)
    if found is None:
        raise UnreadableValue("not an amount in pounds: write it as 250 or 1,250.50")
    exact = Decimal(found[1].replace(",", "") + (found[2] or ""))
    amount = exact.quantize(_PENNY)
    if abs(exact - amount) > Decimal("0.000001"):  # a spreadsheet's 33.3 can be 33.299999999999997
        raise UnreadableValue("more than pounds and pence: write it as 250 or 1,250.50")
    if amount > _MOST_POUNDS:
        raise UnreadableValue(f"more than £{_MOST_POUNDS:,}, which is too much for a remedy")
    return int(amount * 100)


def parse_contents(text: str, words: tuple[str, ...]) -> int:
    """The words of a letter as bits; ``none`` alone is a letter that was checked and contained nothing."""
    found = [word for word in _WORDS.split(text.casefold().strip("; ")) if word]
    if found == [_NONE]:
        return 0
    if _NONE in found:
        raise UnreadableValue("'none' cannot have other words next to it")
    unknown = [word for word in found if word not in words]
    if unknown:
        raise UnreadableValue(f"no word for letter contents: {', '.join(unknown)}; known: {', '.join(words)}, none")
    return sum(1 << words.index(word) for word in set(found))


def parse_holds(text: str, *, day_first: bool = False) -> list[int]:
    """Holds as day numbers: from, to, from, to …, in order of their start; an open hold ends at FAR."""
    spans = []
    for part in filter(None, _WORDS.split(text.strip("; "))):
        begin, slash, end = part.partition("/")
        if not slash:
            raise UnreadableValue(f"{part!r} is not an interval: write it as 2026-01-05/2026-01-09, or 2026-01-05/..")
        first = parse_date(begin.strip(), day_first=False)
        last = None if end.strip() == ".." else parse_date(end.strip(), day_first=False)
        if last and last < first:
            raise OutOfOrder(f"the hold {part!r} ends before it begins")
        spans.append((calendars.index(first), calendars.index(last) if last else calendars.FAR))
    return [place for span in sorted(spans) for place in span]


def parse_flags(text: str) -> str:
    """A list of flags, in order, written as ``;flag;flag;``."""
    found = sorted({word for word in _WORDS.split(text.casefold().strip("; ")) if word})
    return f";{';'.join(found)};"


def parse_one_of(text: str, known: tuple[str, ...], what: str) -> str:
    """One of the known words, whatever the case."""
    word = text.casefold()
    if word not in known:
        raise UnreadableValue(f"not a known {what}: use one of {', '.join(known)}")
    return word
