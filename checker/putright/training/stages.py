"""The lesson *Stage 1 to stage 2*: more time, holds, windows, independence, and what each letter must contain."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from putright import fields
from putright.api.clauses import terms
from putright.documents.pictures import month_sheet, stages
from putright.rulebooks import Clause, Rulebook, Ruling, doubts
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Contents, Extension, Timed
from putright.text.english import listed
from putright.text.shown import Display, day, say, table, together
from putright.training import counting
from putright.training.asking import NoMaterial
from putright.training.lessons import Lesson, limit, or_why_not, plain, timed
from putright.training.questions import Choice, ChoiceQuestion, DateQuestion, Hint, Question, SeveralQuestion

#: A complaint's days, made up; what follows from them is the rulebook's.
RECEIVED = dt.date(2026, 7, 6)
ANSWERED = dt.date(2026, 8, 14)

_STEPS = ("acknowledge-stage1", "respond-stage1", "request-stage2", "acknowledge-stage2", "respond-stage2")
#: Why silence is not taught as a rule.
_ONLY_READ = "Silence in what was read is not a rule: another document of the council may say something."
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
            raise NoMaterial(f"The time for stage 1 starts with {fields.noun(rule.start)}, not with the receipt.")
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
            calendar, begins = self.host.calendar(book), self.begins(book, own)
            in_working_days = whole.unit is Unit.WORKING_DAYS
            span = calendar.span(start, due.extended, begins=begins)
            sheet = [month_sheet(span, due.extended, "starts")] if in_working_days else []
            further = " It may only go beyond that for a good reason." if ruling.rule.cap == "soft" else ""
            return DateQuestion(
                "more-time",
                f"The time for the stage 1 response began with {fields.noun(timed(own).start)}, on {day(start)}. "
                "It is a hard case. What is the latest new date that may be given?",
                f"{limit(own)} and {ruling.rule.by} more, in one count: {whole} ({self.cite(book, ruling)}).{further}",
                date=due.extended,
                hints=(self._unextended(due.due), *counting.hints(calendar, start, whole, begins)),
                likely=(due.due,),
                reveal=lambda: together(*sheet),
                **self.rests_on((book, own), (book, ruling)),
            )
        code_ruling = self.code().rulings().get("extend-stage1")
        if code_ruling is None or not isinstance(code_ruling.rule, Extension):
            raise NoMaterial("Neither our procedure nor a national one says how much more time there is.")
        return ChoiceQuestion(
            "more-time",
            "It is a hard case, and stage 1 will take longer. By how much may it be extended under our own procedure?",
            f"Our clause sets no figure ({self.cite(book, ruling)}: {terms(ruling)}). The Code does: "
            f"{terms(code_ruling)}. Going past that is a departure from guidance, and we should be able to say why.",
            choices=(
                Choice("Not at all.", "Does the clause allow more time, or does it not?"),
                Choice(f"{_by(code_ruling)}, and no more.", "That is the Code's figure. Does our own clause name one?"),
                Choice("Our clause names no figure.", None),
                Choice("For as long as the team likes, without telling anybody.", "Who must be told, and when?"),
            ),
            **self.rests_on((book, ruling), (self.code(), code_ruling)),
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
            "met": "By which day must the person be told?",
            "breach": "Does the clause set a day by which the person must be told, or is that left open?",
            "judgement": "The checker takes this clause as a plain duty, and the dates are recorded.",
        }
        return ChoiceQuestion(
            "late-notice",
            f"The response was due by {day(due)}. The person was told of the extension on {day(told)}. "
            "What does the checker say about the extension?",
            self.plainly(finding.message),
            choices=tuple(
                Choice(text, None if verdict == right else hints[verdict])
                for verdict, text in (
                    ("met", "Met: it was an extension like any other."),
                    ("breach", "Breach: the person must be told before the time is up."),
                    ("judgement", "Judgement: a person must decide whether that was good enough."),
                )
            ),
            **self.rests_on((book, ruling)),
        )

    # --- holds, windows, independence -------------------------------------------------------------

    def _hold_question(self) -> Question:
        book = self.book()
        holds = [clause for clause in book.clauses if clause.stops_clock_of or clause.topic == "holds"]
        stopping = [clause for clause in holds if 1 in clause.stops_clock_of]
        unsaid = bool(stopping) and all(clause.unclear for clause in stopping)
        right = "unsaid" if unsaid else "stops" if stopping else "runs"
        because = {
            "stops": f"The time does not run during a hold ({listed(clause.id for clause in stopping)}).",
            "unsaid": f"The source allows a hold ({listed(clause.id for clause in stopping)}). It does not say "
            "outright that the time stops. The checker leaves out the days on hold and marks the finding as in doubt.",
            "runs": f"We found no clause in {book.title} by which a hold stops the time. The checker counts every "
            "working day.",
        }
        hints = {
            "stops": "Which clause says so, in plain words?",
            "unsaid": "Is there a clause on holds? What does it say about the time?",
            "runs": "There is a clause on holds. Read it below.",
        }
        texts = {
            "stops": "A clause says that it does.",
            "unsaid": "A clause allows holds. That a hold stops the time is only a way to read it.",
            "runs": "No clause that was read stops it, so keep counting.",
        }
        return ChoiceQuestion(
            "hold",
            "Stage 1 is put on hold. Does the time for our response stop meanwhile?",
            because[right],
            choices=(
                *(Choice(text, None if key == right else hints[key]) for key, text in texts.items()),
                Choice("It does if the person agrees.", "Does a clause make that a condition?"),
            ),
            reveal=lambda: together() if holds else say(f"No clause of {book.title} is about holds. {_ONLY_READ}"),
            sources=lambda: self.passages(book, holds),
            doubts=(
                *dict.fromkeys(doubts.sentence(clause.unclear) for clause in holds if clause.unclear),
                *self.whole(book),
            ),
        )

    def _window_question(self) -> Question:
        found = self._found("request-stage2")
        if found is None and not self._has_stage2():
            raise NoMaterial(f"{self.authority} has no second stage here.")
        text = f"The stage 1 response was sent on {day(ANSWERED)}. "
        if found is None:
            book = self.book()
            return ChoiceQuestion(
                "window",
                f"{text}Someone asks for stage 2 months later. What may we tell them about a time limit?",
                f"We found no time for asking in {listed((each.title for each in (book, *self.codes())), 'or')}. "
                f"{_ONLY_READ} Do not turn anybody away because of a limit that you cannot show.",
                choices=(
                    Choice("That they had 20 working days.", "That is a common figure. Where does our source have it?"),
                    Choice("That we know of no limit, and will check with the owner of the procedure.", None),
                    Choice("That there is no limit at all.", "Do we know that, or have we only not found one?"),
                    Choice("That the case is closed.", "Closing a case in the system ends nobody's right to ask."),
                ),
                sources=lambda: self.passages(book, self._stage2_clauses()),
                doubts=(*self.whole(book), *self._doubts_of(self._stage2_clauses())),
            )
        book, ruling = found
        return self.due_question(
            "window",
            ruling.name,
            ANSWERED,
            f"{text}Until which day may the person ask for stage 2?",
            f"{terms(ruling)} ({self.cite(book, ruling)}). A person decides about a later request: it is not refused "
            "unread.",
            "answered",
        )

    def _has_stage2(self) -> bool:
        books = [self.book(), *self.codes()]
        return any(fields.VOCABULARY[name].stage == 2 for book in books for name in book.rulings())

    def _stage2_clauses(self) -> list[Clause]:
        return [clause for clause in self.book().clauses if clause.topic == "stage 2"]

    def _doubts_of(self, clauses: list[Clause]) -> tuple[str, ...]:
        """What is in doubt of clauses, a sentence each."""
        return tuple(doubts.cited(doubt for clause in clauses for doubt in doubts.of_paragraph(self.book(), clause)))

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
            "The team leader answered stage 1. Who should consider stage 2?",
            f"Somebody who did not consider stage 1 ({self.cite(book, ruling)}). If the same person did both, the "
            f"checker says **{plain(finding.verdict)}**: {self.plainly(finding.message)}",
            choices=(
                Choice(
                    "The team leader again, who knows the case.",
                    "What would the person think of the same officer checking their own work?",
                ),
                Choice("Anyone in the team, if the team leader signs.", "Whose decision would it be then?"),
                Choice("Somebody who had no part in considering stage 1.", None),
                Choice("The Ombudsman.", "The Ombudsman comes after the council's own last stage."),
            ),
            **self.rests_on((book, ruling)),
        )

    # --- letters ----------------------------------------------------------------------------------

    def _letter_question(self, name: str) -> Question:
        book, ruling = self.ruling(name)
        letter = fields.LETTERS[name].name
        parts = [part.rule for part in ruling.parts if isinstance(part.rule, Contents)]
        every = {word for rule in parts for word in rule.words}
        always = list(dict.fromkeys(line for rule in parts if rule.when is None for line in self._lines(rule)))
        if not always:
            raise NoMaterial(f"We found nothing in {book.title} that every {letter} must include.")
        rng = random.Random(f"{self.seed} {name}")
        asked = rng.sample(always, min(_ASKED, len(always)))
        others = rng.sample([word for word in fields.CONTENTS if word not in every], _ODD_ONES)
        mixed = rng.sample([*asked, *(self.letter_words[word] for word in others)], len(asked) + len(others))
        left = f"Read {ruling.clause} below and tick off each thing that it asks for."
        taken = f"{ruling.clause} {'do' if ',' in ruling.clause else 'does'} not ask for that in every {letter}."
        return SeveralQuestion(
            name.removesuffix("-contents"),
            f"Which of these must every {letter} include, by {self._whose(book)}?",
            f"See {self.cite(book, ruling)}. Some cases call for other things as well.",
            choices=tuple((line, line in asked, left if line in asked else taken) for line in mixed),
            reveal=lambda: table(
                ("clause", "the letter includes"), self._shares(ruling), f"The {letter}, with what a case may add"
            ),
            **self.rests_on((book, ruling)),
        )

    def _whose(self, book: Rulebook) -> str:
        """Whose rules these are."""
        return "the Code" if book.is_national else "our procedure"

    def _lines(self, rule: Contents) -> list[str]:
        """The contents that a rule requires of a letter, a line each; alternatives share a line."""
        one_of = " or ".join(self.letter_words[word] for word in rule.holds_one_of)
        return [*(self.letter_words[word] for word in rule.holds), *([one_of] if one_of else [])]

    def _shares(self, ruling: Ruling) -> Iterator[tuple[str, str]]:
        for part in ruling.parts:
            if isinstance(part.rule, Contents):
                yield (
                    part.clause,
                    "; ".join(self._lines(part.rule)) + ("" if part.rule.when is None else " (only in some cases)"),
                )


def _by(ruling: Ruling) -> str:
    assert isinstance(ruling.rule, Extension)
    return str(ruling.rule.by)
