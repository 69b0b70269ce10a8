"""The lesson *Children's and adults' procedures*: two limits at stage 2, panels, six months, and differing sources."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from putright import fields
from putright.api.clauses import terms, unclear
from putright.calendars import Calendar
from putright.documents.pictures import stages
from putright.rulebooks import Rulebook
from putright.rulebooks.rules import Extension, Limit, Unit
from putright.text.shown import Display, card, day, say, table, together
from putright.training import counting
from putright.training.asking import NoMaterial
from putright.training.lessons import Lesson, limit, or_why_not, timed
from putright.training.questions import Choice, ChoiceQuestion, DateQuestion, Hint, Question

#: Days of made-up complaints; the first is a request for stage 2 before Easter, the last a receipt in September.
ASKED = dt.date(2026, 3, 9)
PANEL_ASKED = dt.date(2026, 4, 20)
RECEIVED = dt.date(2026, 9, 14)

_PATH = (
    "respond-stage1",
    "request-stage2",
    "respond-stage2",
    "request-stage3",
    "convene-panel",
    "report-panel",
    "respond-stage3",
)


_STAGE_3 = ("convene-panel", "report-panel", "respond-stage3")
_LAW_FIRST = "The Regulations' time ends before our own, and it is the law: keep to the earlier day."


class Statutory(Lesson):
    """The lesson on statutory procedures, and the council's own versions of them."""

    usual = "children"

    @cached_property
    def procedure(self) -> str:
        """The children's procedure, whichever others the council has."""
        return self.usual

    @or_why_not
    def setting(self) -> Display:
        """Whose rules these are, for either procedure."""
        told, books = [], []
        for procedure, whose in (("children", "Children's"), ("adults", "Adults'")):
            try:
                book = self.book(procedure)
            except NoMaterial as missing:
                told.append(f"**{whose} procedure:** {missing}")
                continue
            note = " (the national rulebook: the council has none of its own here)" if book.is_national else ""
            told.append(f"**{whose} procedure:** {book.title}, {book.authority}, edition {book.edition}{note}.")
            books += [book, *self.codes(procedure)[:1]]
        in_doubt = self.documents(*{book.rulebook: book for book in books}.values())
        return card("plain", self.authority, *map(say, told), *in_doubt)

    @or_why_not
    def path(self) -> Display:
        """The children's procedure, step by step."""
        boxes = []
        for name in _PATH:
            with contextlib.suppress(NoMaterial):
                book, ruling = self.ruling(name)
                boxes.append((f"{fields.RULES[name]} ({book.rulebook})", terms(ruling)))
        if not boxes:
            raise NoMaterial(f"No children's procedure of {self.authority} is known here.")
        return stages(boxes, "; then ".join(f"{name}: {time}" for name, time in boxes) + ".")

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {
            "first-limit": self._first_limit_question,
            "outer-limit": self._outer_limit_question,
            "two-readings": self._two_readings_question,
            "panel": self._panel_question,
            "last-answer": self._last_answer_question,
            "six-months": self._six_months_question,
            "disagreement": self._disagreement_question,
        }

    # --- stage 2 ----------------------------------------------------------------------------------

    def _first_limit_question(self) -> Question:
        book, ruling = self.ruling("respond-stage2")
        return self.due_question(
            "first-limit",
            "respond-stage2",
            ASKED,
            f"Stage 2 was asked for on {day(ASKED)}. Counted from {fields.noun(timed(ruling).start)}, by which day "
            "should the answer be there, without any more time?",
            f"{limit(ruling)} ({self.cite(book, ruling)}).",
            "asked",
        )

    def _outer_limit_question(self) -> Question:
        book, ruling = self.ruling("extend-stage2")
        assert isinstance(ruling.rule, Extension)
        own = book.rulings()[ruling.rule.extends]
        more = ruling.rule.by
        if not isinstance(more, Limit) or more.unit is not Unit.WORKING_DAYS:
            raise NoMaterial(f"{self.cite(book, ruling)} has no outer limit in working days.")
        whole = Limit(limit(own).count + more.count, Unit.WORKING_DAYS)
        calendar = self.host.calendar(book)
        outer = calendar.add(ASKED, whole.count)
        twice = calendar.add(ASKED, limit(own).count + whole.count)
        first = calendar.add(ASKED, limit(own).count)

        def hint(given: dt.date) -> str | None:
            if given == twice:
                return "The outer limit is a total. You have put it on top of the first limit."
            return "That is the first limit. How much more may be added to it?" if given == first else None

        return DateQuestion(
            "outer-limit",
            f"The same request, and a long investigation. What is the last day there is, with all the time that may be "
            f"added to the first {limit(own)}?",
            f"{limit(own)} and {more} more: {whole} in all, one count from the same day ({self.cite(book, ruling)}).",
            date=outer,
            hints=(hint, *counting.hints(calendar, ASKED, whole)),
            likely=(twice, first),
            reveal=lambda: table(
                ("limit", "working days", "last day"),
                [("first", limit(own).count, day(first)), ("outer", whole.count, day(outer))],
            ),
            doubts=self.doubted(book, own, ruling),
        )

    def _two_readings_question(self) -> Question:
        book, ruling = self.ruling("respond-stage2")
        if not timed(ruling).has_second_reading:
            book = self.code()
            ruling = book.rulings().get("respond-stage2", ruling)
        rule = timed(ruling)
        if not rule.has_second_reading or limit(ruling).unit is not Unit.WORKING_DAYS:
            raise NoMaterial(f"The sources of {book.rulebook} do not differ on the time for stage 2.")
        calendar = self.host.calendar(book)
        second = calendar.add(ASKED, 3) if rule.or_start else ASKED
        within = rule.or_within or limit(ruling)
        first, answered = calendar.add(ASKED, limit(ruling).count), calendar.add(second, within.count)
        case = {"received": ASKED, rule.start: ASKED, "stage2_responded": answered}
        said = f"Asked on {day(ASKED)}; answered on {day(answered)}. The sources do not agree how many days there are."
        if rule.or_start:
            case[rule.or_start] = second
            said = (
                f"Asked on {day(ASKED)}; {fields.noun(rule.or_start)} on {day(second)}; answered on {day(answered)}. "
                "The sources do not agree from which of the two the days are counted."
            )
        finding = self.judge(case, book, ruling.name, as_at=calendar.add(answered, 5))
        if finding.verdict != "judgement":
            raise NoMaterial(f"Both readings of {self.cite(book, ruling)} end alike here.")
        return ChoiceQuestion(
            "two-readings",
            f"{said} What does the checker say?",
            finding.message,
            choices=(
                Choice("Met, as it keeps to one of the readings.", "And for somebody who reads it the other way?"),
                Choice("Breach, as it misses one of the readings.", "Which source says that this reading is right?"),
                Choice("Judgement: it is late by one reading and not by the other.", None),
                Choice("Nothing, as the rule is unclear.", "It says something, and shows both dates."),
            ),
            reveal=lambda: table(
                ("time", "counted from", "due"),
                [
                    (limit(ruling), f"{fields.noun(rule.start)} on {day(ASKED)}", day(first)),
                    (within, f"{fields.noun(rule.or_start or rule.start)} on {day(second)}", day(answered)),
                ],
            ),
            doubts=self.doubted(book, ruling),
        )

    # --- the panel --------------------------------------------------------------------------------

    def _panel_question(self) -> Question:
        book, ruling = self.ruling("convene-panel")
        return self.due_question(
            "panel",
            "convene-panel",
            PANEL_ASKED,
            f"A review panel is asked for on {day(PANEL_ASKED)}. By which day must it have met?",
            f"{terms(ruling)} ({self.cite(book, ruling)}).",
            "asked",
        )

    def _chain(self) -> list[tuple[str, dt.date, str]]:
        """The steps of a panel, each on its last day, with the rule."""
        found = []
        start = PANEL_ASKED
        for name in _STAGE_3:
            book, ruling = self.counted(name)
            start = self.host.calendar(book).add(start, limit(ruling).count)
            found.append((fields.RULES[name], start, f"{terms(ruling)} ({self.cite(book, ruling)})"))
        return found

    def _last_answer_question(self) -> Question:
        chain = self._chain()
        *_, (_, last, _) = chain
        steps = {date: name for name, date, _ in chain[:-1]}

        def hint(given: dt.date) -> str | None:
            if given in steps:
                return f"That is the last day for another step: {steps[given]}. What comes after it?"
            return "Each step begins where the one before it ended. Work out the last day of each in turn."

        return DateQuestion(
            "last-answer",
            "Say every step of that stage 3 takes all its time: the panel meets, reports, and the council answers. "
            "On which day does the council's answer come?",
            "Each limit is counted from the step before it.",
            date=last,
            hints=(hint,),
            likely=tuple(steps),
            reveal=lambda: table(
                ("step", "last day", "limit"), [(name, day(date), rule) for name, date, rule in chain]
            ),
            doubts=tuple(doubt for name in _STAGE_3 for doubt in self.doubted(*self.ruling(name))),
        )

    # --- adults, and what is unclear --------------------------------------------------------------

    def _six_months_question(self) -> Question:
        book, ruling = self.ruling("respond-stage1-limit", "adults")
        within = limit(ruling)
        if within.calendar_days is not None or within.unit is Unit.WORKING_DAYS:
            raise NoMaterial(f"{self.cite(book, ruling)} is not in months.")
        code = self.code("adults")
        law = code.rulings().get(ruling.name, ruling)
        legal = limit(law)
        dates = {
            one.rulebook: time.end(self.host.calendar(one), RECEIVED) for one, time in ((book, within), (code, legal))
        }
        hints: tuple[Hint, ...] = counting.hints(Calendar(), RECEIVED, within)
        return DateQuestion(
            "six-months",
            f"A complaint about adult social care is received on {day(RECEIVED)}. By {book.rulebook} it must be "
            f"answered within {terms(ruling)}. Which is the last day?",
            f"{within} ({self.cite(book, ruling)}); calendar months, whatever days they have.",
            date=dates[book.rulebook],
            hints=hints,
            likely=(dates[book.rulebook] + dt.timedelta(days=3), RECEIVED + dt.timedelta(days=182)),
            reveal=lambda: together(
                table(("rulebook", "last day"), [(name, day(date)) for name, date in dates.items()]),
                *([say(_LAW_FIRST)] if dates[book.rulebook] > dates[code.rulebook] else []),
            ),
            doubts=(
                *self.doubted(book, ruling),
                *(self.doubted(code, law) if law is not ruling else ()),
            ),
        )

    @or_why_not
    def unclear(self) -> Display:
        """Points that the sources of both procedures leave unclear."""
        books = {book.rulebook: book for book in self._books()}
        rows = [
            (doubt.rulebook, doubt.clause or "the whole", doubt.text)
            for book in books.values()
            for doubt in unclear(book)
        ]
        return table(("rulebook", "clause", "what is unclear"), rows)

    def _books(self) -> Iterator[Rulebook]:
        """The council's own rulebook of each procedure, and the national one; NoMaterial if there is none."""
        books = []
        for procedure in ("children", "adults"):
            with contextlib.suppress(NoMaterial):
                books += [self.book(procedure), *self.codes(procedure)[:1]]
        if not books:
            raise NoMaterial(f"Neither procedure of {self.authority} is known here.")
        yield from books

    def _disagreement_question(self) -> Question:
        assert list(self._books())
        return ChoiceQuestion(
            "disagreement",
            "Two sources give two limits for the same step. What do you tell the person who waits?",
            "The earlier date is the one that no reading calls late. The doubt itself belongs in the record and with "
            "whoever owns the policy, not with the person who waits.",
            choices=(
                Choice("The later date, as it is safer for us.", "Safe by one reading, late by the other."),
                Choice("The earlier date, and have the doubt settled by whoever owns the policy.", None),
                Choice("No date until the lawyers have met.", "Somebody waits for a date today."),
                Choice(
                    "Both, so that the person can choose.",
                    "They asked when the answer comes, not how it is counted.",
                ),
            ),
        )
