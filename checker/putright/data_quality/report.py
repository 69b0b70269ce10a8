"""Render how complete the data is for the terminal: a short table, then sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from putright import calendars, fields
from putright.data_quality.completeness import LETTERS, MATTER
from putright.fields import RULES, VOCABULARY, Act
from putright.text import rounding
from putright.text.english import capital, counted, plural
from putright.text.grids import Grid
from putright.text.plaintext import escape_markup

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Dates of which many on one day suggest that they were entered in bulk.
_BY_THE_COUNCIL = (*LETTERS, "closed", "learning_recorded", "remedy_completed")
#: Fewer dates than this do not show a habit.
_FEW = 10
#: The share of dates on the very last day that is reported, by kind of step; short limits are left out.
_LAST_DAY_SHARE: dict[Act | None, float] = {Act.RESPOND: 0.25, Act.ACKNOWLEDGE: 0.5}
_TIMES_USUAL = 10
_FIRST_OF_MONTH_SHARE = 0.2
_SENTENCES = 5
#: The number of references listed in a group that look the same.
_NAMED = 4


def render(quality: dict[str, Any]) -> Iterator[RenderableType]:
    """How complete the data is: a short table and sentences, for printing before the verdicts."""
    cases = quality["cases"]
    if not cases:
        return
    audited = f"{counted(cases, 'case')} audited"
    yield f"\n[bold]How complete the data is[/bold] ({audited}; rejected rows are not counted)"
    never = set(quality["letters_never_described"])
    asked = [each for each in quality["fields"] if each["arises"] and each["blank"] == "missing" and each["base"]]
    gaps = [each for each in asked if each["recorded"] < each["base"] and each["field"] not in never]
    shown = [each for each in gaps if each["in_file"]]
    if shown:
        yield _gaps(shown)
    whole = len(asked) - len(gaps) - len(never)
    rest = "Every field" if not gaps and not never else f"Every other field ({whole:,})"
    kept = "the file keeps and " if any(each["arises"] and not each["in_file"] for each in quality["fields"]) else ""
    yield (
        f"{rest} that {kept}these cases call for is recorded in full. "
        "A blank is a gap only where something should have happened."
    )
    yield from (f"- {escape_markup(sentence)}" for sentence in sentences(quality))
    yield ""


def _gaps(shown: list[dict[str, Any]]) -> RenderableType:
    grid = Grid("field", "recorded", "of", "share", "among", right=("recorded", "of", "share"))
    for each in shown:
        recorded, base = each["recorded"], each["base"]
        grid.add(each["field"], f"{recorded:,}", f"{base:,}", _percent(recorded, base), each["of"])
    return grid


def _percent(part: int, whole: int) -> str:
    return f"{rounding.percent(part, whole)}%"


def sentences(quality: Mapping[str, Any]) -> Iterator[str]:
    """What an officer should check in the data, in addition to the table."""
    if never := set(quality["letters_never_described"]):
        letters = ", ".join(_letter(each) for each in quality["fields"] if each["field"] in never)
        yield f"What these letters held is never recorded, so no verdict on their contents can be given: {letters}."
    absent = [each["field"] for each in quality["fields"] if each["arises"] and not each["in_file"]]
    if absent:
        yield (
            f"The file has no column for {counted(len(absent), 'field')}, so it cannot show "
            f"{plural(len(absent), 'it', 'them')} for any case: {', '.join(absent)}."
        )
    yield from _few(_days_off(quality["dates"]))
    yield from _few(_last_days(quality["last_day"]))
    yield from _few(_far_off(quality["dates"]))
    yield from _few(_alike(quality["dates"]))
    for each in quality["handlers"]:
        if count := each["like_a_name"]:
            yield (
                f"{each['field']}: {count:,} of {each['recorded']:,} entries look like people's names (not shown "
                "here). Use a role or a code instead, for example 'Team leader' or 'Officer 07'."
            )
    yield from _few(_read_alike(quality["possible_duplicates"]))
    if count := quality["closed_without_an_answer"]:
        yield (
            f"{counted(count, 'case')} closed with no response, refusal, withdrawal or informal resolution recorded."
        )
    if count := quality["open_over_a_year"]:
        yield (
            f"{counted(count, 'case')} received over a year before the audit date, with neither a response nor an "
            "ending recorded."
        )


def _read_alike(found: list[list[str]]) -> Iterator[str]:
    """References that look the same to a reader, each with its invisible characters as escapes."""
    for references in found:
        shown = " and ".join(ascii(reference) for reference in references[:_NAMED])
        more = f" and {len(references) - _NAMED:,} more" if len(references) > _NAMED else ""
        yield f"These references read alike, so they may be one case recorded twice: {shown}{more}."


def _letter(each: dict[str, Any]) -> str:
    """'stage 1 response (163)': the letter that a contents field describes, and how many were sent."""
    name = next(letter.name for letter in fields.LETTERS.values() if letter.contains == each["field"])
    return f"{name} ({each['base']:,})"


def _few(sentences: Iterator[str]) -> Iterator[str]:
    """The first sentences of a kind, and how many more there are."""
    found = list(sentences)
    yield from found[:_SENTENCES]
    if len(found) > _SENTENCES:
        yield f"… and {len(found) - _SENTENCES:,} more of these: --summary FILE has them all."


def _days_off(dates: list[dict[str, Any]]) -> Iterator[str]:
    for each in dates:
        off, bank = each["saturday_or_sunday"], each["bank_holiday"]
        if each["letter"] and off + bank:
            share = _percent(off + bank, each["dates"])
            yield (
                f"{each['field']}: {off + bank:,} of {each['dates']:,} dates ({share}) are a day off "
                f"({off:,} on a Saturday or Sunday, {bank:,} on a bank holiday)."
            )


def _last_days(rules: list[dict[str, Any]]) -> Iterator[str]:
    for each in rules:
        count, of = each["on_the_last_day"], each["in_time"]
        share = _LAST_DAY_SHARE.get(VOCABULARY[each["rule"]].act)
        if share and count >= max(_FEW, share * of):
            asks = RULES[each["rule"]]
            yield (
                f"{capital(asks)} ({each['rulebook']} {each['clause']}): {count:,} of {of:,} done in time "
                f"({_percent(count, of)}) are dated on the very last day."
            )


def _far_off(dates: list[dict[str, Any]]) -> Iterator[str]:
    said = {
        "before_1990": "before 1990",
        "ten_years_before_receipt": "more than ten years before receipt",
        "after_audit_date": "after the audit date",
        "after_horizon": f"after {calendars.HORIZON:%Y}, where bank holidays are not announced yet",
    }
    for each in dates:
        found = [f"{each[key]:,} {words}" for key, words in said.items() if each[key]]
        if found:
            yield f"{each['field']}: unlikely dates: {'; '.join(found)}."


def _alike(dates: list[dict[str, Any]]) -> Iterator[str]:
    for each in dates:
        count, most = each["dates"], each["most_on_one_day"]
        if each["field"] in _BY_THE_COUNCIL and most >= max(_FEW, _TIMES_USUAL * each["usual_day"]):
            yield f"{each['field']}: {most:,} of {count:,} dates are the same day: were they entered in bulk?"
        first = each["first_of_month"]
        if each["field"] in MATTER and first >= max(_FEW, _FIRST_OF_MONTH_SHARE * count):
            yield f"{each['field']}: {first:,} of {count:,} dates are the 1st of a month: was only the month known?"
