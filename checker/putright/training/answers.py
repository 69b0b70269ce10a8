"""Reads answers as people type them: dates, whole numbers, and the letters or the words of options.

What cannot be read raises UnreadableValue, which says how to write it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence

from putright.api.dates import UnreadableValue, parse_date

LETTERS = "ABCDEFGHIJ"

_AROUND = " \t\n'\"`()[]{}\u2018\u2019\u201c\u201d.,;:"
_MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_name) if number}
_MONTH_NAMES = {name.casefold() for name in (*calendar.month_name, *calendar.month_abbr, "Sept") if name}
_FILLERS = {name.casefold() for name in (*calendar.day_name, *calendar.day_abbr)}
_FILLERS |= {"tues", "thur", "thurs", "the", "of", "on", "by", "st", "nd", "rd", "th"}
_UNITS = r"%|per ?cent|(?:working )?days?|cases?|rows?|complaints?"
_NUMBER = re.compile(rf"(-?\d+(?:,\d{{3}})*)(\.\d+)?\s*(?:{_UNITS})?", re.I)
_LETTER = re.compile(r"(?:answer|option|letter)?\s*([a-z])", re.I)
_NONE = {"", "none", "none of them", "none of these", "nothing", "neither"}


def _bare(answer: object) -> str:
    """The text of an answer, without quotation marks or brackets around it."""
    return str(answer).strip(_AROUND)


# --- dates ----------------------------------------------------------------------------------------


def read_date(answer: object) -> dt.date:
    """A date: ``2026-06-22``, ``22/6/26``, ``Monday 22nd June 2026``, or three numbers."""
    if isinstance(answer, dt.datetime):
        return answer.date()
    if isinstance(answer, dt.date):
        return answer
    text = "/".join(map(str, answer)) if isinstance(answer, list | tuple) else _bare(answer)
    try:
        return parse_date(text)
    except UnreadableValue:
        year, month, day = _parts(text)
    if month > 12 >= day:
        raise UnreadableValue(f"I could not read {text!r}: there is no month {month}. Write the day before the month")
    try:
        return parse_date(f"{year:04}-{month:02}-{day:02}")
    except UnreadableValue as error:
        raise UnreadableValue(f"I could not read {text!r} as a date: {error}") from None


def _parts(text: str) -> tuple[int, int, int]:
    """Year, month and day of a date in another shape."""
    words = [word.casefold() for word in re.findall(r"\d+|[^\W\d_]+", text)]
    words = [word for word in words if word not in _FILLERS]
    if len(words) == 1 and re.fullmatch(r"\d{8}", words[0]):
        words = [words[0][:4], words[0][4:6], words[0][6:]]
    named = [word for word in words if word in _MONTH_NAMES]
    numbers = [int(word) for word in words if word.isdigit() and len(word) <= 4]
    if len(words) == len(named) + len(numbers) == 3 and len(named) <= 1:
        if numbers[0] > 31:
            year, *others = numbers  # the year first, then the month
        else:
            *others, year = numbers
            others.reverse()
        *month, day = [_MONTHS[name[:3]] for name in named] + others
        return year + 2000 if year < 100 else year, month[0], day
    if len(words) == 2 and len(named) == len(numbers) == 1:
        raise UnreadableValue(f'{text!r} has no year. Write it too, for example "23 November 2026"')
    raise UnreadableValue(f'I could not read {text!r} as a date. Write it like "2026-11-23" or "23/11/2026"')


# --- numbers --------------------------------------------------------------------------------------


def read_number(answer: object) -> int:
    """A whole number: ``12``, ``81%``, ``12 working days``."""
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0]
    text = _bare(answer)
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise UnreadableValue(f"I could not read {text!r} as a whole number. Write it in digits, for example 12")
    if found[2] and int(found[2][1:]):
        raise UnreadableValue(f"{text!r} is not a whole number. Round it to the nearest one, for example 12")
    return int(found[1].replace(",", ""))


# --- options --------------------------------------------------------------------------------------


def read_choice(answer: object, options: Sequence[str]) -> str:
    """The letter of one option, given by its letter or by its words."""
    found = read_choices(answer, options)
    if len(found) != 1:
        shown = " ".join(map(str, answer)) if isinstance(answer, list | tuple | set) else str(answer)
        raise UnreadableValue(f"{shown!r} is not one answer. Give one letter from A to {LETTERS[len(options) - 1]}")
    return found[0]


def read_choices(answer: object, options: Sequence[str]) -> list[str]:
    """The letters of any number of options, in the order given and none twice."""
    if isinstance(answer, list | tuple | set):
        found = [letter for each in answer for letter in read_choices(each, options)]
        return list(dict.fromkeys(found))
    text = _bare(answer)
    if text.casefold() in _NONE:
        return []
    if (one := _one(text, options)) is not None:
        return [one]
    parts = [part for part in re.split(r"[,;\n/&+]|\band\b", text) if part.strip()]
    for way in (parts, text.split(), re.findall(r"\S", text)):
        letters = [_one(part, options) for part in way]
        if all(letters):
            return list(dict.fromkeys(filter(None, letters)))
    last = LETTERS[len(options) - 1]
    raise UnreadableValue(f"{text!r} is none of the answers. Give a letter from A to {last}, or the words of one")


def _one(text: str, options: Sequence[str]) -> str | None:
    """The letter that a text names, by itself or by the words of its option."""
    if letter := _LETTER.fullmatch(_bare(text)):
        letter_given = letter[1].upper()
        return letter_given if letter_given in LETTERS[: len(options)] else None
    given = _plain(text)
    if len(given) < 2:
        return None
    said = [_plain(option) for option in options]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda option: given in (option, *(f"{letter.casefold()} {option}" for letter in LETTERS)),
        lambda option: option.startswith(f"{given} "),
        lambda option: len(given) > 4 and given in option,
    )
    for test in tests:
        fitting = [place for place, option in enumerate(said) if test(option)]
        if len(fitting) == 1:
            return LETTERS[fitting[0]]
    return None


def _plain(text: str) -> str:
    """A text in small letters without its punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("'", "").replace("\u2019", "")))
