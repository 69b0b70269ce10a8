"""The lesson *Stage 1 to stage 2*: more time, holds, windows, independence, and what each letter must contain."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from putright import fields
from putright.api.clauses import terms
from putright.documents.pictures import month_sheet, stages
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.rulebooks.rules import Contents, Extension, Limit, Timed, Unit
from putright.text.shown import Display, day, passage, say, table, together
from putright.training import counting
from putright.training.asking import NoMaterial
from putright.training.lessons import Lesson, limit, or_why_not, plain, timed
from putright.training.questions import Choice, ChoiceQuestion, DateQuestion, Hint, Question, SeveralQuestion

#: A complaint's days, made up; what follows from them is the rulebook's.
RECEIVED = dt.date(2026, 7, 6)
ANSWERED = dt.date(2026, 8, 14)

_STEPS = ("acknowledge-stage1", "respond-stage1", "request-stage2", "acknowledge-stage2", "respond-stage2")
_LETTERS = ("acknowledgement-stage1-contents", "extension-stage1-contents", "response-stage1-contents")
#: The most items of a letter in a question, and the number of wrong ones mixed in.
_ASKED, _ODD_ONES = 4, 3


class Stages(Lesson):
    """The lesson on the steps between a complaint's receipt and the council's last answer."""

    @or_why_not
    def path(self) -> Display:
        """The steps and their times, as a picture."""
        boxes = []
        for name in _STEPS:
            if found := self._found(name):
                boxes.append((fields.RULES[name], terms(found[1])))
        if not boxes:
            raise NoMaterial(f"{self.authority} sets no step here from the receipt of a complaint to stage 2.")
        return stages(boxes, "; then ".join(f"{name}: {time}" for name, time in boxes) + ".")

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        letters = {name.removesuffix("-contents"): partial(self._letter_question, name) for name in _LETTERS}
        return {
            "more-time": self._more_time_question,
            "late-notice": self._late_notice_question,
            "hold": self._hold_question,
            "window": self._window_question,
            "independence": self._independence_question,
            **letters,
        }

    def _found(self, name: str) -> tuple[Rulebook, Ruling] | None:
        """The council's own rule, or the national one, or None if neither has it."""
        try:
            return self.ruling(name)
        except NoMaterial:
            return None

    # --- more time --------------------------------------------------------------------------------

    def _started(self, rule: Timed) -> dict[str, dt.date]:
        """The events of the made-up complaint up to the one that a clock starts with."""
        if rule.start == "received":
            return {"received": RECEIVED}
        if rule.start != "stage1_acknowledged":
            raise NoMaterial(f"The clock for stage 1 starts with {fields.noun(rule.start)}, not with the receipt.")
        book, _ = self.ruling("acknowledge-stage1")
        return {"received": RECEIVED, rule.start: self.due(book, "acknowledge-stage1", {"received": RECEIVED}).due}

    def _more_time_question(self) -> Question:
        book, ruling = self.ruling("extend-stage1")
        assert isinstance(ruling.rule, Extension)
        own = book.rulings()[ruling.rule.extends]
        start = self._started(timed(own))[timed(own).start]
        if isinstance(ruling.rule.by, Limit):
            whole = Limit(limit(own).count + ruling.rule.by.count, limit(own).unit)
            due = self.due(book, own.name, {timed(own).start: start})
            assert due.extended is not None
            calendar = self.host.calendar(book)
            in_working_days = whole.unit is Unit.WORKING_DAYS
            sheet = [month_sheet(calendar.span(start, due.extended), due.extended, "starts")] if in_working_days else []
            further = " Beyond that it may go only for good reason." if ruling.rule.cap == "soft" else ""
            return DateQuestion(
                "more-time",
                f"The clock for the stage 1 answer began with {fields.noun(timed(own).start)}, on {day(start)}. "
                "It is a hard case. What is the furthest new date that may be given?",
                f"{limit(own)}, and {ruling.rule.by} more, in one count: {whole} ({self.cite(book, ruling)}).{further}",
                date=due.extended,
                hints=(self._unextended(due.due), *counting.hints(calendar, start, whole)),
                likely=(due.due,),
                reveal=lambda: together(*sheet, self.clauses(book, ruling)),
                doubts=self.doubted(book, own, ruling),
            )
        code_ruling = self.code().rulings().get("extend-stage1")
        if code_ruling is None or not isinstance(code_ruling.rule, Extension):
            raise NoMaterial("Neither our procedure nor a national one says how much more time there is.")
        return ChoiceQuestion(
            "more-time",
            "It is a hard case, and stage 1 will take longer. By how much may it be extended under our own procedure?",
            f"Our procedure sets no figure ({self.cite(book, ruling)}: {terms(ruling)}). The Code does: "
            f"{terms(code_ruling)}. Whoever goes past that departs from guidance and should be able to say why.",
            choices=(
                Choice("Not at all.", "Does the clause allow more time, or does it not?"),
                Choice(f"{_by(code_ruling)}, and no more.", "That is the Code's figure. Does our own clause name one?"),
                Choice("Our clause names no figure.", None),
                Choice("As long as the team likes, without a word to anybody.", "Who has to hear of it, and when?"),
            ),
            reveal=lambda: self.clauses(book, ruling),
            doubts=self.doubted(book, ruling),
        )

    def _unextended(self, due: dt.date) -> Hint:
        def hint(given: dt.date) -> str | None:
            return "That is the date without any extension." if given == due else None

        return hint

    def _late_notice_question(self) -> Question:
        book, ruling = self.ruling("extend-stage1")
        assert isinstance(ruling.rule, Extension)
        own = book.rulings()[ruling.rule.extends]
        events = self._started(timed(own))
        calendar = self.host.calendar(book)
        due = self.due(book, own.name, events).due
        told = calendar.add(due, 1)
        case = {**events, "stage1_extension_notified": told, "stage1_extended_to": calendar.add(due, 5)}
        finding = self.judge(case, book, ruling.name, as_at=calendar.add(told, 1))
        right = finding.verdict
        if right not in ("met", "breach", "judgement"):
            raise NoMaterial(f"{self.cite(book, ruling)} says nothing of a notice that comes late.")
        hints = {
            "met": "By which day did the person have to hear of it?",
            "breach": "How firmly is the rule put? Look at the words of the clause.",
            "judgement": "The rule is put plainly, and the dates are there.",
        }
        return ChoiceQuestion(
            "late-notice",
            f"The answer was due by {day(due)}. The person was told of the extension on {day(told)}. "
            "What does the checker say of the extension?",
            finding.message,
            choices=tuple(
                Choice(text, None if verdict == right else hints[verdict])
                for verdict, text in (
                    ("met", "Met: it was an extension like any other."),
                    ("breach", "Breach: more time has to be announced before the time is up."),
                    ("judgement", "Judgement: a person must decide whether that was good enough."),
                )
            ),
            reveal=lambda: self.clauses(book, ruling),
            doubts=self.doubted(book, ruling),
        )

    # --- holds, windows, independence -------------------------------------------------------------

    def _hold_question(self) -> Question:
        book = self.book()
        stops = 1 in book.held_stages()
        holds = [clause for clause in book.clauses if clause.stops_clock_of or clause.topic == "holds"]
        shown = together(*(passage(f"{clause.id} {clause.heading}", clause.text) for clause in holds))
        nothing = say(f"No clause of {book.rulebook} is about putting a complaint on hold.")
        return ChoiceQuestion(
            "hold",
            "We wait for papers from the person, and put stage 1 on hold. Does the clock for our answer stop?",
            "A clause says that the clock stops."
            if stops
            else "No clause of our procedure stops the clock, so it runs on.",
            choices=(
                Choice("Yes, for as long as the hold lasts.", None if stops else "Which clause says that it stops?"),
                Choice("No, it runs on.", "A clause is about this. What does it say?" if stops else None),
                Choice("Yes, if the person agrees.", "Does a clause make that a condition?"),
            ),
            reveal=lambda: shown if holds else nothing,
            doubts=tuple(doubts.sentence(clause.unclear) for clause in holds if clause.unclear),
        )

    def _window_question(self) -> Question:
        found = self._found("request-stage2")
        if found is None and not self._has_stage2():
            raise NoMaterial(f"{self.authority} has no second stage here.")
        text = f"The stage 1 answer went out on {day(ANSWERED)}. "
        if found is None:
            return ChoiceQuestion(
                "window",
                f"{text}By when must the person have asked for stage 2?",
                f"{'Neither our procedure nor the Code' if self.codes() else 'Our procedure does not'} "
                f"{'sets' if self.codes() else 'set'} a time for asking, so no request comes too late.",
                choices=(
                    Choice("Within 20 working days.", "That is a common figure. Which clause of ours has it?"),
                    Choice("Our procedure sets no time.", None),
                    Choice("Before the case is closed.", "Closing a case in the system ends nobody's right to ask."),
                ),
                reveal=self._stage2_clauses,
            )
        book, ruling = found
        return self.due_question(
            "window",
            ruling.name,
            ANSWERED,
            f"{text}Until which day may the person ask for stage 2?",
            f"{terms(ruling)} ({self.cite(book, ruling)}). A later request is weighed by a person, not refused unread.",
            "answered",
        )

    def _has_stage2(self) -> bool:
        books = [self.book(), *self.codes()]
        return any(fields.VOCABULARY[name].stage == 2 for book in books for name in book.rulings())

    def _stage2_clauses(self) -> Display:
        clauses = [clause for clause in self.book().clauses if clause.topic == "stage 2"]
        return together(*(passage(f"{clause.id} {clause.heading}", clause.text) for clause in clauses))

    def _independence_question(self) -> Question:
        book, ruling = self.ruling("independence-stage2")
        case = {
            "received": RECEIVED,
            "stage1_responded": RECEIVED + dt.timedelta(days=10),
            "stage1_handler": "Team leader",
            "stage2_requested": RECEIVED + dt.timedelta(days=14),
            "stage2_handler": "Team leader",
        }
        finding = self.judge(case, book, ruling.name, as_at=RECEIVED + dt.timedelta(days=30))
        return ChoiceQuestion(
            "independence",
            "The team leader answered stage 1. Who considers stage 2?",
            f"Somebody who did not consider stage 1 ({self.cite(book, ruling)}). Where the same person did both, the "
            f"checker says **{plain(finding.verdict)}**: {finding.message}",
            choices=(
                Choice(
                    "The team leader again, who knows the case.",
                    "Would the same referee look at the same goal again?",
                ),
                Choice("Anyone in the team, if the team leader signs.", "Whose decision is it, then?"),
                Choice("Somebody who had no part in considering stage 1.", None),
                Choice("The Ombudsman.", "The Ombudsman comes after the council's own last word."),
            ),
            reveal=lambda: self.clauses(book, ruling),
            doubts=self.doubted(book, ruling),
        )

    # --- letters ----------------------------------------------------------------------------------

    def _letter_question(self, name: str) -> Question:
        book, ruling = self.ruling(name)
        letter = fields.LETTERS[name].name
        parts = [part.rule for part in ruling.parts if isinstance(part.rule, Contents)]
        every = {word for rule in parts for word in rule.words}
        always = list(dict.fromkeys(line for rule in parts if rule.when is None for line in self._lines(rule)))
        rng = random.Random(f"{self.seed} {name}")
        asked = rng.sample(always, min(_ASKED, len(always)))
        others = rng.sample([word for word in fields.CONTENTS if word not in every], _ODD_ONES)
        mixed = rng.sample([*asked, *(self.letter_words[word] for word in others)], len(asked) + len(others))
        left = f"Read {ruling.clause} once more: it names something that is not on your list."
        taken = f"neither {ruling.clause} nor anything it refers to asks for that in this letter."
        return SeveralQuestion(
            name.removesuffix("-contents"),
            f"Which of these does every {letter} have to hold, by our procedure?",
            f"{self.cite(book, ruling)}. Other things may be called for as the case demands.",
            choices=tuple((line, line in asked, left if line in asked else taken) for line in mixed),
            reveal=lambda: together(
                table(("by", "the letter holds"), self._shares(ruling), f"The {letter}, with what the case may add"),
                self.clauses(book, ruling),
            ),
            doubts=self.doubted(book, ruling),
        )

    def _lines(self, rule: Contents) -> list[str]:
        """The contents that a rule requires of a letter, a line each; alternatives share a line."""
        one_of = " or ".join(self.letter_words[word] for word in rule.holds_one_of)
        return [*(self.letter_words[word] for word in rule.holds), *([one_of] if one_of else [])]

    def _shares(self, ruling: Ruling) -> Iterator[tuple[str, str]]:
        for part in ruling.parts:
            if isinstance(part.rule, Contents):
                yield (
                    part.clause,
                    "; ".join(self._lines(part.rule))
                    + ("" if part.rule.when is None else " (only if the case calls for it)"),
                )


def _by(ruling: Ruling) -> str:
    assert isinstance(ruling.rule, Extension)
    return str(ruling.rule.by)
