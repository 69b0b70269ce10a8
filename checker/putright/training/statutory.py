"""The lesson *Children's and adults' procedures*: two limits at stage 2, panels, six months, and differing sources."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from putright import fields
from putright.api.clauses import terms, unclear
from putright.documents.pictures import stages
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Extension
from putright.text.shown import Display, card, day, say, table, together
from putright.training import counting
from putright.training.asking import NoMaterial
from putright.training.lessons import Lesson, limit, or_why_not, timed
from putright.training.questions import Choice, ChoiceQuestion, DateQuestion, Question

#: Days of made-up complaints: a child's, its request for stage 2 before Easter, a panel, an adult's in September.
HEARD = dt.date(2026, 2, 5)
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
#: What the difference between two right answers is worth.
_ANOTHER_READING = "Another way to read the source gives this date."
_LAW_FIRST = "By the earlier day nobody is late, by the law or by our procedure."


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
            note = " (national rules: we have none of the council's own)" if book.is_national else ""
            told.append(f"**{whose} procedure:** {book.title}, {book.authority}, edition {book.edition}{note}.")
            books += [book, *self.codes(procedure)[:1]]
        in_doubt = self.documents(*{book.rulebook: book for book in books}.values())
        return card("plain", self.authority, *map(say, told), *in_doubt)

    @or_why_not
    def path(self) -> Display:
        """The children's procedure, step by step."""
        boxes: list[tuple[str, str]] = []
        rows: list[tuple[str, ...]] = []
        for name in _PATH:
            with contextlib.suppress(NoMaterial):
                book, ruling = self.ruling(name)
                rules = self._with_law(book, ruling)
                times = {own.is_national: f"{terms(each)} ({each.clause})" for own, each in rules}
                by = times.get(False, ""), times.get(True, "")
                boxes.append((fields.RULES[name], terms(ruling)))
                rows.append((fields.RULES[name], *by, " ".join(self.doubted(book, ruling))))
        if not boxes:
            raise NoMaterial(f"No children's procedure of {self.authority} is known here.")
        headings = ("step", "our procedure", "the Regulations", "in doubt")
        picture = stages(boxes, "; then ".join(f"{name}: {time}" for name, time in boxes) + ".")
        return together(picture, table(headings, rows))

    def _with_law(self, book: Rulebook, ruling: Ruling) -> list[tuple[Rulebook, Ruling]]:
        """A rule, and the law's on the same step."""
        return [(book, ruling), *self.in_law(book, ruling)]

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {
            "stage-1": self._stage1_question,
            "first-limit": self._first_limit_question,
            "outer-limit": self._outer_limit_question,
            "two-readings": self._two_readings_question,
            "panel": self._panel_question,
            "last-answer": self._last_answer_question,
            "six-months": self._six_months_question,
            "disagreement": self._disagreement_question,
        }

    def _stage1_question(self) -> Question:
        acknowledged = HEARD + dt.timedelta(days=4)
        return self._by_law_and_by_us(
            "stage-1",
            *self.ruling("respond-stage1"),
            {"received": HEARD, "stage1_acknowledged": acknowledged},
            f"A child's complaint is received on {day(HEARD)} and acknowledged on {day(acknowledged)}. Which is the "
            "last day for the stage 1 response, without more time?",
        )

    def _by_law_and_by_us(
        self, name: str, book: Rulebook, ruling: Ruling, events: Mapping[str, dt.date], text: str
    ) -> DateQuestion:
        """When a step is due by the council's own rule and by the law: either is right, and the earlier is shown."""
        rules = self._with_law(book, ruling)
        days: dict[dt.date, str] = {}
        for own, each in rules:
            due = self.due(own, each.name, events).due
            said = f"{terms(each)} ({self.cite(own, each)})"
            days[due] = f"{days[due]}; {said}" if due in days else said
        first = min(days)
        also = {date: f"This time ends then: {days[date]}." for date in sorted(days)[1:]}
        other = self.due(book, ruling.name, events).other
        late = None if other is None or other in days else other
        if late and len(rules) == 1:
            also[late] = _ANOTHER_READING

        def by_other(given: dt.date) -> str | None:
            return "The source has that figure too, but the law's time ends before it." if given == late else None

        own, each = next(rule for rule in rules if self.due(rule[0], rule[1].name, events).due == first)
        start = events[timed(each).start]
        hints = counting.hints(self.host.calendar(own), start, limit(each), self.begins(own, each))
        differ = f" {_LAW_FIRST}" if len(days) > 1 else ""
        months = "" if limit(each).unit is Unit.WORKING_DAYS else " Months are calendar months, however long they are."
        return DateQuestion(
            name,
            text,
            f"The time that ends first: {days[first]}.{months}{differ}",
            date=first,
            hints=(by_other, *hints),
            likely=(first + dt.timedelta(days=3), *([late] if late else [])),
            readings=also,
            reveal=lambda: table(("last day", "by"), [(day(date), why) for date, why in sorted(days.items())]),
            **self.rests_on(*rules),
        )

    # --- stage 2 ----------------------------------------------------------------------------------

    def _first_limit_question(self) -> Question:
        book, ruling = self.ruling("respond-stage2")
        return self.due_question(
            "first-limit",
            "respond-stage2",
            ASKED,
            f"Stage 2 was asked for on {day(ASKED)}. Counted from {fields.noun(timed(ruling).start)}, by which day is "
            "the response due, without more time?",
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
                return "The outer limit is the whole time. You have added it to the first limit."
            return "That is the first limit. How much more may be added to it?" if given == first else None

        return DateQuestion(
            "outer-limit",
            "The same request, and a long investigation. What is the very last day, if the first "
            f"{limit(own)} are extended as far as they can be?",
            f"{limit(own)} and {more} more: {whole} in all, one count from the same day ({self.cite(book, ruling)}).",
            date=outer,
            hints=(hint, *counting.hints(calendar, ASKED, whole, self.begins(book, own))),
            likely=(twice, first),
            reveal=lambda: table(
                ("limit", "working days", "last day"),
                [("first", limit(own).count, day(first)), ("outer", whole.count, day(outer))],
            ),
            **self.rests_on((book, own), (book, ruling)),
        )

    def _two_readings_question(self) -> Question:
        book, ruling = self.ruling("respond-stage2")
        if not timed(ruling).has_second_reading:
            book = self.code()
            ruling = book.rulings().get("respond-stage2", ruling)
        rule = timed(ruling)
        if not rule.has_second_reading or limit(ruling).unit is not Unit.WORKING_DAYS:
            raise NoMaterial(f"The sources of {book.title} do not differ on the time for stage 2.")
        calendar = self.host.calendar(book)
        second = calendar.add(ASKED, 3) if rule.or_start else ASKED
        within = rule.or_within or limit(ruling)
        first, answered = calendar.add(ASKED, limit(ruling).count), calendar.add(second, within.count)
        case = {"received": ASKED, rule.start: ASKED, "stage2_responded": answered}
        said = f"Asked on {day(ASKED)}, answered on {day(answered)}. The sources do not agree how many days there are."
        if rule.or_start:
            case[rule.or_start] = second
            said = (
                f"Asked on {day(ASKED)}, {fields.noun(rule.or_start)} on {day(second)}, answered on {day(answered)}. "
                "The sources do not agree which of the first two starts the count."
            )
        finding = self.judge(case, book, ruling.name, as_at=calendar.add(answered, 5))
        if finding.verdict != "judgement":
            raise NoMaterial(f"Both readings of {self.cite(book, ruling)} end alike here.")
        return ChoiceQuestion(
            "two-readings",
            f"{said} What does the checker say?",
            self.plainly(finding.message),
            choices=(
                Choice("Met: it is in time by one of the readings.", "And for somebody who reads it the other way?"),
                Choice("Breach: it is late by one of the readings.", "Which source says that this reading is right?"),
                Choice("Judgement: it is late by one reading and not by the other.", None),
                Choice("Nothing, because the rule is unclear.", "It does say something, and shows both dates."),
            ),
            reveal=lambda: table(
                ("time", "counted from", "due"),
                [
                    (limit(ruling), f"{fields.noun(rule.start)} on {day(ASKED)}", day(first)),
                    (within, f"{fields.noun(rule.or_start or rule.start)} on {day(second)}", day(answered)),
                ],
            ),
            **self.rests_on((book, ruling)),
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
            return f"Too {'early' if given < last else 'late'}. Each step starts where the one before it ended."

        return DateQuestion(
            "last-answer",
            "Suppose every step of that stage 3 takes the full time allowed: the panel meets, it reports, and the "
            "council responds. On which day does the council respond?",
            "Each limit is counted from the step before it.",
            date=last,
            hints=(hint,),
            likely=tuple(steps),
            readings=self._other_end(last),
            reveal=lambda: table(
                ("step", "last day", "limit"), [(name, day(date), rule) for name, date, rule in chain]
            ),
            **self.rests_on(*map(self.ruling, _STAGE_3)),
        )

    def _other_end(self, last: dt.date) -> dict[dt.date, str]:
        """The end of stage 3 by another reading, where that counts from the request for it."""
        book, ruling = self.ruling(_STAGE_3[-1])
        rule, (_, first) = timed(ruling), self.ruling(_STAGE_3[0])
        if rule.or_within is None or rule.or_start != timed(first).start:
            return {}
        date = rule.or_within.end(self.host.calendar(book), PANEL_ASKED, self.begins(book, ruling))
        why = f"That is the end of {rule.or_within} from {fields.noun(rule.or_start)}, the other reading of the source."
        return {} if date == last else {date: why}

    # --- adults, and what is unclear --------------------------------------------------------------

    def _six_months_question(self) -> Question:
        book, ruling = self.ruling("respond-stage1-limit", "adults")
        within = limit(ruling)
        if within.calendar_days is not None or within.unit is Unit.WORKING_DAYS:
            raise NoMaterial(f"{self.cite(book, ruling)} is not in months.")
        return self._by_law_and_by_us(
            "six-months",
            book,
            ruling,
            {"received": RECEIVED},
            f"A complaint about adult social care is received on {day(RECEIVED)}. The longest time for the response "
            "is in months. Which is its last day?",
        )

    @or_why_not
    def unclear(self) -> Display:
        """Points that the sources of both procedures leave unclear."""
        books = {book.rulebook: book for book in self._books()}
        rows = [
            (book.title, doubt.clause or "all of it", doubt.text) for book in books.values() for doubt in unclear(book)
        ]
        return table(("source", "clause", "what is unclear"), rows)

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
            "By the earlier date nobody is late, whichever reading is right. The doubt is for the record and for "
            "the policy's owner, not for the person who waits.",
            choices=(
                Choice("The later date, because it is safer for us.", "It is late by one of the readings."),
                Choice("The earlier date, and have the policy's owner settle the doubt.", None),
                Choice("No date until the lawyers have met.", "The person needs a date today."),
                Choice(
                    "Both, so that the person can choose.",
                    "They asked when they will hear, not how it is counted.",
                ),
            ),
        )
