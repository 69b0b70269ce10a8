"""The lesson *What the Ombudsman counted*: real decisions, their counts and ours, and the differences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, partial

from putright import fields
from putright.api.decisions import Comparison, Comparisons
from putright.calendars import Calendar
from putright.documents.pictures import bars, month_sheet
from putright.text.english import capital
from putright.text.shown import Display, day, say, table, together
from putright.training import asking
from putright.training.asking import NoMaterial
from putright.training.lessons import Lesson, limit, plain
from putright.training.questions import Choice, ChoiceQuestion, NumberQuestion, Question

#: The wrong choices of a question, in addition to the checker's answer.
_CAUSES = (
    "bank holidays counted as working days",
    "the first day counted as well",
    "bank holidays counted as working days and the first day counted as well",
)
#: Whose rule it is that a count from a weekend starts on the next working day.
_PRACTICE = "The decisions, not the Code, show what the Ombudsman does when something arrives at a weekend."


class Decisions(Lesson):
    """Published decisions, read with a calendar."""

    @cached_property
    def comparisons(self) -> Comparisons:
        """The decisions, compared with the checker's counts."""
        return asking.decisions(self.host)

    @cached_property
    def _counted(self) -> list[Comparison]:
        return [made for made in self.comparisons.compared if made.their_count is not None and not made.derived]

    def statements(self) -> Display:
        """Every statement of a decision about two dates, compared with ours."""
        rows = [
            (
                made.reference,
                f"{_event(made.start)}, {made.start_date}",
                f"{_event(made.end)}, {made.end_date}",
                _both(made.their_count, made.their_verdict),
                _both(made.our_count, made.our_verdict),
            )
            for made in self.comparisons.compared
        ]
        headings = ("decision", "from", "to", "the decision", "the checker")
        return together(table(headings, rows), say(self.comparisons.summary()))

    def causes(self) -> Display:
        """Why the two differ, wherever they do."""
        rows = [(made.reference, _event(made.end), made.cause) for made in self.comparisons.compared if made.cause]
        return table(("decision", "to", "why the checker says otherwise"), rows)

    def differences(self) -> Display:
        """A picture of the difference between the counts."""
        apart = {
            f"{made.reference}, {_event(made.end)}"[:34]: float((made.their_count or 0) - made.our_count)
            for made in self._counted
            if made.count_agrees is False
        }
        words = "; ".join(f"{name}: {count:g} more than the checker" for name, count in apart.items())
        return bars(apart, "more", f"Days counted beyond the checker's count. {words}.")

    def sources(self) -> Display:
        """Where each decision can be read."""
        found = {made.reference: (made.reference, made.organisation, made.source) for made in self.comparisons.compared}
        return table(("decision", "organisation", "published at"), found.values())

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        weekend = next(made for made in self._counted if made.count_agrees and made.start_date.weekday() >= 5)
        apart = [made for made in self._counted if made.count_agrees is False and made.cause in _CAUSES]
        furthest = max(apart, key=lambda made: (made.their_count or 0) - made.our_count)
        other = next(made for made in apart if made.cause != furthest.cause)
        return {
            "weekend": partial(self._count_question, "weekend", weekend),
            "count": partial(self._count_question, "count", furthest),
            "cause": partial(self._cause_question, "cause", furthest, "and you have counted yourself"),
            "another-cause": partial(self._cause_question, "another-cause", other, f"the checker {other.our_count}"),
            "our-own-rule": partial(self._own_rule_question, weekend),
            "who-is-right": self._who_is_right_question,
        }

    def _count_question(self, name: str, made: Comparison) -> Question:
        calendar = Calendar()  # the decisions are England's
        known = {
            (made.end_date - made.start_date).days: "Those are calendar days.",
            made.our_count + 1: "One too many. Did you count day zero?",
            made.our_count - 1: "One too few. Did you count the last day?",
        }
        if made.their_count not in (None, made.our_count):
            known[int(made.their_count or 0)] = (
                "That is the decision's own figure. Count again without day zero and without bank holidays."
            )
        return NumberQuestion(
            name,
            f"Decision {made.reference} ({made.organisation}): from {_event(made.start)} on {day(made.start_date)} to "
            f"{_event(made.end)} on {day(made.end_date)}. How many working days?",
            f"The decision gives {made.their_count}.{f' {_PRACTICE}' if made.start_date.weekday() >= 5 else ''}",
            number=made.our_count,
            known=known,
            general="Day zero is the first day, or the next working day if that is a day off. Leave out days off.",
            reveal=lambda: month_sheet(calendar.span(made.start_date, made.end_date), None, "starts"),
        )

    def _cause_question(self, name: str, made: Comparison, ours: str) -> Question:
        hints = {
            _CAUSES[0]: "How many bank holidays are there between the two dates? Is that the whole difference?",
            _CAUSES[1]: "That makes a difference of one day. How large is it here?",
            _CAUSES[2]: "How large would the difference be then? Work out both parts.",
        }
        return ChoiceQuestion(
            name,
            f"Decision {made.reference}, from {day(made.start_date)} to {day(made.end_date)}: the decision says "
            f"{made.their_count} working days, {ours}. What explains the difference?",
            f"With {made.cause}, the count is exactly {made.their_count}.",
            choices=(
                *(Choice(f"{capital(cause)}.", None if cause == made.cause else hints[cause]) for cause in _CAUSES),
                Choice("Weekends counted as working days.", "Two days for every week between: far too many."),
            ),
            reveal=lambda: say(f"Published at {made.source}."),
        )

    def _own_rule_question(self, made: Comparison) -> Question:
        book, ruling = self.counted("acknowledge-stage1")
        start, sent = made.start_date, made.end_date
        finding = self.judge({"received": start, "stage1_acknowledged": sent}, book, ruling.name, as_at=sent)
        late = finding.verdict == "breach"
        if not late and finding.verdict != "met":
            raise NoMaterial(f"{self.cite(book, ruling)} does not say plainly whether this is in time.")
        return ChoiceQuestion(
            "our-own-rule",
            f"Suppose that complaint of {day(start)} had come to us, and we had acknowledged it on {day(sent)}. Is "
            "that in time, by our own procedure?",
            self.plainly(finding.message),
            choices=(
                Choice("In time.", "How many working days do we allow?" if late else None),
                Choice("Late.", None if late else "How many working days do we allow?"),
            ),
            reveal=lambda: together(
                say(f"{capital(fields.RULES[ruling.name])}: {limit(ruling)} ({self.cite(book, ruling)})."),
                month_sheet(
                    self.host.calendar(book).span(start, sent, begins=self.begins(book, ruling)), finding.due, "starts"
                ),
            ),
            **self.rests_on((book, ruling)),
            in_order=True,
        )

    def _who_is_right_question(self) -> Question:
        apart = [made for made in self._counted if made.count_agrees is False]
        turned = [made for made in apart if made.verdict_agrees is False]
        return ChoiceQuestion(
            "who-is-right",
            "Our count and the Ombudsman's differ by a few days in some decisions. What may we say about that?",
            f"In {len(apart)} decisions the counts differ. The difference changes the verdict on time in "
            f"{len(turned) or 'none'} of them. Show the dates and the way of counting, and anyone can check both.",
            choices=(
                Choice(
                    "That the Ombudsman was wrong, and the decision with it.", "Did the outcome depend on those days?"
                ),
                Choice("That we keep our count, show the days and explain the difference.", None),
                Choice(
                    "That we shall count as the decision did from now on.",
                    "Which decision? They differ from each other.",
                ),
                Choice("Nothing; leave those decisions out.", "A comparison must show its disagreements too."),
            ),
        )


def _event(name: str) -> str:
    """A step in plain words; a decision's own words without the date that is in the next column."""
    words = fields.noun(name).removeprefix("the ") if name in fields.FIELDS else re.sub(r"\(.*?\)|[\d-]{10}", "", name)
    return " ".join(words.split())


def _both(count: int | None, verdict: str | None) -> str:
    return ", ".join(plain(each) for each in (count, verdict) if each is not None)
