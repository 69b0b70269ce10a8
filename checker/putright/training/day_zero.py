"""The lesson *Day zero*: how days are counted, and why two officers get two answers."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from putright import fields
from putright.api.dates import UnreadableValue
from putright.calendars import Begins, Calendar, add_months
from putright.calendars.spelling import skipped
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.limits import Limit, Unit
from putright.text.english import capital, listed
from putright.text.shown import Display, bullets, day, table
from putright.training import counting
from putright.training.answers import read_date
from putright.training.asking import NoMaterial, TrainingError
from putright.training.lessons import Lesson, limit, or_why_not, timed
from putright.training.questions import Choice, ChoiceQuestion, DateQuestion, Question

#: Days on which things arrive, each chosen for what it teaches; what follows from them is never typed.
QUIET = dt.date(2026, 6, 15)
QUIET_TOO = dt.date(2026, 7, 13)
WEEKEND = dt.date(2026, 5, 2)
BEFORE_CHRISTMAS = dt.date(2026, 12, 18)
END_OF_MONTH = dt.date(2026, 8, 31)
EASTER = dt.date(2026, 3, 27)

#: Steps that follow from the receipt, and what is done then.
_DONE = {"acknowledge-stage1": "acknowledged", "respond-stage1": "answered"}
#: Who found out what, in the question on months.
_KNEW = {"matter_known": "The person found out", "matter_occurred": "It happened"}
_RULES = ("complain-in-time", "acknowledge-stage1", "respond-stage1", "acknowledge-stage2", "respond-stage2")


#: Which day is day zero for something that arrives on a day off, under the procedure.
_ZERO = {
    (Begins.NEXT_WORKING_DAY,): "If the day it arrives is not a working day, the next working day is day zero",
    (Begins.FROM_THE_DAY,): "The day it arrives is day zero, even if it is not a working day",
    (Begins.FROM_THE_DAY, Begins.NEXT_WORKING_DAY): "The source does not say what happens on a day off. By the earlier "
    "day zero, the day it arrives, nobody is late whichever reading is right",
    (Begins.DAY_ONE,): "The day it arrives is day 1; if it is not a working day, the next working day is day 1",
}
_UNSAID = "The source does not say whether the day it arrives is day zero or day 1. By the earlier date nobody is late"
#: Where the rule for days off comes from: the Codes say nothing about it.
_PRACTICE = (
    "The Code does not say this. It is what the Housing Ombudsman does in its published decisions (see notebook 8)."
)
#: The hint for someone who starts the count under the other reading.
_OTHER_DAY_1: dict[tuple[Begins, ...], str] = {
    (Begins.NEXT_WORKING_DAY,): "On that day somebody first reads it. Is that day zero or day 1?",
    (Begins.FROM_THE_DAY,): "You have taken the next working day as day zero. Here the count starts on the day itself.",
}


class DayZero(Lesson):
    """Dates to predict, each then counted out day by day."""

    @or_why_not
    def limits(self) -> Display:
        """The time limits in this lesson, with their clauses."""
        rows = []
        for name, book, ruling in self._limits():
            rule = timed(ruling)
            doubted = " ".join(self.doubted(book, ruling))
            rows.append((fields.RULES[name], rule.within, fields.noun(rule.start), self.cite(book, ruling), doubted))
        return table(("step", "within", "counted from", "clause", "in doubt"), rows)

    def _limits(self) -> Iterator[tuple[str, Rulebook, Ruling]]:
        """The rules of this lesson that set a time limit, each with its rulebook; NoMaterial if there are none."""
        found = False
        for name in _RULES:
            with contextlib.suppress(NoMaterial):
                book, ruling = self.ruling(name)
                assert limit(ruling)
                found = True
                yield name, book, ruling
        if not found:
            raise NoMaterial(f"{self.authority} sets no time limit for any step of this lesson.")

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {
            "plain": self._plain_question,
            "last-day": self._last_day_question,
            "day-zero": self._day_zero_question,
            "weekend": self._weekend_question,
            "christmas": self._christmas_question,
            "officers": self._officers_question,
            "months": self._months_question,
            "first-day-counts": self._inclusive_question,
        }

    # --- working days -----------------------------------------------------------------------------

    def _first(self) -> tuple[Rulebook, Ruling]:
        """The first step that working days are counted to from the receipt."""
        book, ruling = self.counted(*_DONE)
        if timed(ruling).start != "received":
            raise NoMaterial(f"{book.title}: no working days are counted from the receipt of a complaint.")
        return book, ruling

    def _plain_question(self) -> Question:
        name = self._first()[1].name
        return self._due_question(
            "plain", name, QUIET, f"A complaint arrives on {{start}}. By which day must it be {_DONE[name]}?"
        )

    def _weekend_question(self) -> Question:
        name = self._first()[1].name
        return self._due_question(
            "weekend", name, WEEKEND, f"And by which day must that complaint of {{start}} be {_DONE[name]}?"
        )

    def _longer(self) -> tuple[Rulebook, Ruling]:
        """The stage 1 response, or another step that working days are counted to."""
        return self.counted("respond-stage1", "respond-stage2", "acknowledge-stage1")

    def _christmas_question(self) -> Question:
        name = self._longer()[1].name
        asked = "The time for the stage 1 response starts with {event}, on {start}. By which day must it be sent?"
        if name != "respond-stage1":
            asked = f"The time to {fields.RULES[name]} starts with {{event}}, on {{start}}. By which day is it due?"
        return self._due_question("christmas", name, BEFORE_CHRISTMAS, asked)

    def _due_question(self, name: str, rule: str, start: dt.date, text: str) -> Question:
        book, ruling = self.ruling(rule)
        asked = text.format(start=day(start), event=fields.noun(timed(ruling).start))
        because = f"{limit(ruling)} after day zero ({self.cite(book, ruling)})."
        if not self.host.calendar(book).is_working_day(start):
            because = f"{because} {self._zero(book, ruling)}"
        return self.due_question(name, rule, start, asked, because, "starts")

    def _zero(self, book: Rulebook, ruling: Ruling) -> str:
        """Which day is day zero where something arrives on a day off, and whose rule that is."""
        ways = book.begins(timed(ruling))
        told = f"{_ZERO.get(ways, _UNSAID)}."
        return f"{told} {_PRACTICE}" if ways == (Begins.NEXT_WORKING_DAY,) and book.standing == "guidance" else told

    def _day_zero_question(self) -> Question:
        book, ruling = self._first()
        calendar = self.host.calendar(book)
        ways = book.begins(timed(ruling))
        first, zero = calendar.add(WEEKEND, 1, ways[0]), calendar.day_zero(WEEKEND, ways[0])
        days = {way: calendar.add(WEEKEND, 1, way) for way in Begins}
        readings = {
            days[way]: f"That is day 1 if day zero is {day(calendar.day_zero(WEEKEND, way))}."
            for way in ways
            if days[way] != first
        }
        others = tuple({date: None for date in days.values() if date != first and date not in readings})

        def hint(given: dt.date) -> str | None:
            if given < WEEKEND:
                return "That is before the complaint came."
            if reason := calendar.why_not(given):
                return f"Nobody is at work on that day ({reason}). Day 1 has to be a working day."
            if given in others:
                return _OTHER_DAY_1.get(ways, "Does the procedure say that the day it arrives is day zero, or day 1?")
            return "That is a working day, but is it the first one that is counted?"

        def told(each: dt.date) -> str:
            number = ", and day 1" if each == first else ", and day zero" if each == zero else ""
            return f"{day(each)}: {calendar.why_not(each) or 'a working day'}{number}"

        return DateQuestion(
            "day-zero",
            f"A complaint arrives by email on {day(WEEKEND)}. Which day is day 1 of the count?",
            f"{self._zero(book, ruling)} Day 1 is the first working day after day zero ({self.cite(book, ruling)}).",
            date=first,
            hints=(hint,),
            likely=(WEEKEND, WEEKEND + dt.timedelta(days=2), *others),
            readings=readings,
            reveal=lambda: bullets(map(told, _days(WEEKEND, first))),
            **self.rests_on((book, ruling)),
        )

    def _last_day_question(self) -> Question:
        book, ruling = self._first()
        due = self.due(book, ruling.name, {"received": QUIET_TOO}).due
        return ChoiceQuestion(
            "last-day",
            f"Another complaint must be {_DONE[ruling.name]} by {day(due)}. That is done at 4.55 pm on that day. "
            "Is it in time?",
            "What is done on the due date is in time. The day after it is the first that is late.",
            choices=(
                Choice("Yes: the due date is the last day that is in time.", None),
                Choice("No: it had to be done before that day.", "Is the due date the last good day or the first bad?"),
                Choice("No: it had to go before noon.", "Records have days, not hours, and so do the procedures."),
                Choice("That depends on when it is read.", "Which date does the record have: sent, or read?"),
            ),
            reveal=lambda: bullets(
                f"Sent on {day(sent)}: {self._verdict(book, ruling, sent)}"
                for sent in (due, self.host.calendar(book).add(due, 1))
            ),
            **self.rests_on((book, ruling)),
        )

    def _verdict(self, book: Rulebook, ruling: Ruling, sent: dt.date) -> str:
        case = {"received": QUIET_TOO, timed(ruling).step: sent}
        finding = self.judge(case, book, ruling.name, as_at=sent)
        return f"**{finding.verdict}**. {self.plainly(finding.message)}"

    # --- two officers -----------------------------------------------------------------------------

    def officers(self) -> Display:
        """The dates that officers with other ways of counting get."""
        _, ruling = self._longer()
        event = fields.noun(timed(ruling).start)
        rows = [(name, day(date)) for name, (date, _) in self._habits().items()]
        step = "The stage 1 response" if ruling.name == "respond-stage1" else capital(fields.RULES[ruling.name])
        return table(("officer", "due date"), rows, f"{step}: the time starts with {event} on {day(EASTER)}")

    def _habits(self) -> dict[str, tuple[dt.date, str]]:
        """The date that each officer gets, and how."""
        book, ruling = self._longer()
        calendar, within, way = self.host.calendar(book), limit(ruling), self.begins(book, ruling)
        first, second = (
            calendar.add(EASTER, within.count, way),
            counting.last(calendar, EASTER, within.count, way, bank_holidays=True),
        )
        third = counting.last(calendar, EASTER, within.count - 1, way)
        if way is Begins.DAY_ONE or len({first, second, third}) < 3:
            raise NoMaterial(f"{within} ({self.cite(book, ruling)}) do not show this at Easter.")
        return {
            "Officer 1": (first, "counted as the checker counts"),
            "Officer 2": (second, "bank holidays counted as working days"),
            "Officer 3": (third, "day zero counted as day 1"),
        }

    def _officers_question(self) -> Question:
        habits = self._habits()
        book, ruling = self._longer()
        calendar = self.host.calendar(book)
        names, bank = calendar.holidays.days, _bank(calendar)
        off = [names[each] for each in _days(EASTER, habits["Officer 1"][0]) if each in bank]
        return ChoiceQuestion(
            "officers",
            "Three officers give three dates for the same response. What did Officer 2 do?",
            f"Officer 2 counted {listed(off)} as working days. Two officers get two answers when they skip different "
            "days or start on different days. Neither shows in the date alone.",
            shows=(self.officers(),),
            choices=(
                Choice(
                    "Started on the right day, and skipped weekends and bank holidays.",
                    "Then the date would be Officer 1's.",
                ),
                Choice(
                    "Counted day zero as day 1.",
                    "That moves a date by one working day. How far apart are the dates of Officers 1 and 2?",
                ),
                Choice("Counted bank holidays as working days.", None),
                Choice("Counted weekends as working days.", "Counting the weekends would give a much earlier date."),
            ),
            reveal=lambda: bullets(f"{name}: {day(date)}, {how}" for name, (date, how) in habits.items()),
            **self.rests_on((book, ruling)),
        )

    # --- months -----------------------------------------------------------------------------------

    def _months_question(self) -> Question:
        book, ruling = self.ruling("complain-in-time")
        rule = timed(ruling)
        within = limit(ruling)
        if rule.alternative or within.calendar_days is not None or within.unit is Unit.WORKING_DAYS:
            raise NoMaterial(
                f"The time for making a complaint is not one limit in months here: {self.cite(book, ruling)}."
            )
        start = dt.date(2024, 2, 29)
        return DateQuestion(
            "months",
            f"The time for making a complaint is {within} from {fields.noun(rule.start)}. "
            f"{_KNEW.get(rule.start, 'That was')} on {day(start)}. What is the last day they can complain?",
            f"{within} ({self.cite(book, ruling)}). Months are calendar months: they end on the same date, or on the "
            "last day of the month if it has no such date. A weekend or a bank holiday does not move them.",
            date=within.end(Calendar(), start),
            hints=counting.hints(Calendar(), start, within),
            likely=(dt.date(2025, 3, 1),),
            reveal=lambda: self._month_ends(within, start, dt.date(2025, 4, 20), END_OF_MONTH),
            **self.rests_on((book, ruling)),
        )

    def _inclusive_question(self) -> Question:
        book = self.code("adults")
        ruling = book.rulings()["respond-stage1-limit"]
        within = limit(ruling)
        start = dt.date(2026, 1, 12)
        return DateQuestion(
            "first-day-counts",
            f"The adults' Regulations give {within.count} months that begin with the day of receipt itself. "
            f"A complaint is received on {day(start)}. Which is the last day of that time?",
            f"The day of receipt is the first day of the time ({self.cite(book, ruling)}), so the time ends on the day "
            "before the same date.",
            date=add_months(start, within.count, inclusive=True),
            hints=counting.hints(Calendar(), start, within),
            likely=(add_months(start, within.count),),
            reveal=lambda: self._month_ends(within, start, END_OF_MONTH),
            **self.rests_on((book, ruling)),
        )

    def _month_ends(self, within: Limit, *starts: dt.date) -> Display:
        inclusive = within.unit.name == "MONTHS_INCLUSIVE"
        rows = [(day(start), day(add_months(start, within.count, inclusive=inclusive))) for start in starts]
        first = " months, the first day included" if inclusive else " months"
        return table(("from", "last day"), rows, f"{within.count}{first}")

    @or_why_not
    def try_it(self, start: str) -> Display:
        """The last day of every limit, were its clock to start on a day of your own choosing."""
        try:
            begun = read_date(start)
        except UnreadableValue as error:
            raise TrainingError(f"{error}.") from None
        rows = []
        for name, book, ruling in self._limits():
            within, calendar = limit(ruling), self.host.calendar(book)
            begins = self.begins(book, ruling)
            last = within.end(calendar, begun, begins)
            counted = within.unit is Unit.WORKING_DAYS
            left_out = skipped(calendar.span(begun, last, begins=begins)) if counted else ""
            note = " (provisional)" if last > calendar.horizon else ""
            rows.append((fields.RULES[name], within, fields.noun(timed(ruling).start), f"{day(last)}{note}", left_out))
        headings = ("step", "within", "counted from", "last day", "days left out")
        return table(headings, rows, f"The time starts on {day(begun)}")


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


def _bank(calendar: Calendar) -> set[dt.date]:
    """The bank holidays that are not worked."""
    return {each for each in calendar.holidays.days if not calendar.is_working_day(each) and each.weekday() < 5}
