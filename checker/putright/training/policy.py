"""The lesson *Our policy and the Code*: read the self-assessment, find a departure, draft the change, assess again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from putright.api.clauses import Answer, Verdict, assess_pair
from putright.documents.pictures import bars
from putright.rulebooks import Clause, Departure, Rulebook, vocabularies
from putright.rulebooks.limits import Limit, Unit
from putright.text.english import capital
from putright.text.shown import Display, card, passage, say, table, together
from putright.training.asking import NoMaterial
from putright.training.lessons import Lesson, limit, or_why_not, plain
from putright.training.questions import Choice, ChoiceQuestion, Question

#: A proposal for a lesson: so many days more for the stage 1 answer.
LONGER = 5

_MEANINGS = {
    Verdict.FOLLOWS: "the policy does as the Code asks",
    Verdict.FURTHER: "the policy asks more of the council than the Code does",
    Verdict.DEPARTS: "the policy does not do as the Code asks",
    Verdict.NOT_STATED: "the policy says nothing about it",
    Verdict.JUDGEMENT: "a person must decide",
}
_HINTS = {
    Verdict.FOLLOWS: "Take a complaint acknowledged on its first day. When does the Code's time end, and when ours?",
    Verdict.FURTHER: "Going further means asking more of ourselves. Does a longer time do that?",
    Verdict.DEPARTS: "Is the proposal's time really later than the Code's, for any complaint?",
    Verdict.NOT_STATED: "The proposal does say something about it.",
    Verdict.JUDGEMENT: "Two limits can be compared day by day. Does that settle it?",
}


class PolicyAndCode(Lesson):
    """A council's policy assessed against the Code, and the effect of changing it."""

    @cached_property
    def answers(self) -> list[Answer]:
        """The assessment of the policy against every paragraph of the Code."""
        return self._assess(self._policy())

    def _policy(self) -> Rulebook:
        """The council's own rulebook; NoMaterial if it has none."""
        if (book := self.book()).is_national:
            raise NoMaterial(f"We have no procedure of {self.authority}'s own here.")
        return book

    def _assess(self, book: Rulebook) -> list[Answer]:
        code = self.code()
        return assess_pair(book, code, self.letter_words, self.host.calendar(book), self.host.calendar(code))

    @or_why_not
    def overview(self) -> Display:
        """How many paragraphs have which answer, as a table and a picture."""
        counts = Counter(answer.verdict for answer in self.answers)
        rows = [(str(verdict), meaning, counts[verdict]) for verdict, meaning in _MEANINGS.items()]
        words = "; ".join(f"{name}: {count} paragraphs" for name, _, count in rows) + "."
        picture = bars({name: count for name, _, count in rows}, "paragraphs", words)
        return together(table(("answer", "which says", "paragraphs"), rows), picture)

    @or_why_not
    def departures(self) -> Display:
        """Every paragraph that the policy departs from, with the clauses and the reason."""
        code = self.code()
        rows = [
            (
                f"{answer.paragraph} {answer.heading}",
                ", ".join(answer.clauses),
                " ".join([answer.commentary, *answer.doubts]),
            )
            for answer in self.answers
            if answer.verdict is Verdict.DEPARTS
        ]
        note = say(f"{code.title} is {code.standing}: these are departures from {code.standing}, not breaches of law.")
        return together(table(("paragraph", "our clauses", "why"), rows), note)

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {
            "find-it": self._find_question,
            "departing": self._standing_question,
            "longer": self._longer_question,
            "evidence": self._evidence_question,
            "silence": self._silence_question,
        }

    # --- reading ----------------------------------------------------------------------------------

    def _find_question(self) -> Question:
        rng = random.Random(self.seed)
        departures = [answer for answer in self.answers if answer.verdict is Verdict.DEPARTS]
        follows = [answer for answer in self.answers if answer.verdict is Verdict.FOLLOWS]
        if not departures or len(follows) < 3:
            raise NoMaterial(
                "This question needs a paragraph that our policy departs from and three that it follows. It departs "
                f"from {len(departures)} and follows {len(follows)}."
            )
        shown = [departure.departed.number for _, departure in self._to_mend[:1]]  # this one is shown below
        others = [answer for answer in departures if answer.paragraph not in shown]
        departing = rng.choice(others or departures)
        following = rng.sample(follows, 3)
        mixed = rng.sample([departing, *following], 4)
        code = {clause.id: clause for clause in self.code().clauses}
        return ChoiceQuestion(
            "find-it",
            "Here are four paragraphs of the Code, in summary. From which one does our policy depart?",
            departing.commentary,
            choices=tuple(
                Choice(
                    f"{answer.paragraph} {answer.heading} (our {', '.join(answer.clauses)})",
                    None
                    if answer is departing
                    else f"Read our {answer.clauses[0]} next to the Code's {answer.paragraph}.",
                )
                for answer in mixed
            ),
            shows=tuple(passage(f"The Code, {answer.paragraph}", code[answer.paragraph].text) for answer in mixed),
            sources=lambda: together(
                self.passages(self.book(), [clause for answer in mixed for clause in self._clauses_of(answer)]),
                self.passages(self.code(), [code[departing.paragraph]]),
            ),
            doubts=departing.doubts,
        )

    def _clauses_of(self, answer: Answer) -> list[Clause]:
        return [clause for clause in self.book().clauses if clause.id in answer.clauses]

    def _paragraph(self, answer: Answer) -> list[Clause]:
        return [clause for clause in self.code().clauses if clause.id == answer.paragraph]

    def _clause(self, clause: Clause) -> Display:
        return passage(f"Our {clause.id} {clause.heading}", clause.text)

    def _standing_question(self) -> Question:
        code = self.code()
        if code.standing != "guidance":
            raise NoMaterial(f"{code.title} is {code.standing}, and not guidance that a council may depart from.")
        return ChoiceQuestion(
            "departing",
            "The self-assessment finds a departure. What goes into the form?",
            f"The Code is {code.standing}. A council may depart from it if it says so and can say why. It may not call "
            "that compliance.",
            choices=(
                Choice("Yes, we comply, because we have good reasons.", "Reasons do not turn a no into a yes."),
                Choice("No, with the clause, our reason, and what will be done about it.", None),
                Choice("That we broke the law.", "Is the Code law?"),
                Choice("Nothing, until the policy is next reviewed.", "The form is about today, and it is published."),
            ),
            reveal=self.departures,
        )

    # --- a proposal -------------------------------------------------------------------------------

    @or_why_not
    def propose(self, more: int = LONGER) -> Display:
        """The self-assessment if stage 1 had this number of working days more and nothing in it were unclear."""
        before, after = self._stage1(self.answers), self._stage1(self._assess(self._longer(more)))
        rows = [("as it is", before.verdict, before.commentary), (f"{more} days more", after.verdict, after.commentary)]
        return table(("the policy", "answer", "why"), rows, f"The Code, {before.paragraph} {before.heading}")

    def _longer(self, more: int) -> Rulebook:
        book, time = self._policy(), self._time()

        def change(rule: dict[str, Any]) -> dict[str, Any]:
            if rule["rule"] != "respond-stage1":
                return rule
            settled = {name: value for name, value in rule.items() if name not in ("or_from", "or_within", "unclear")}
            return settled | {"within": f"{time.count + more} {time.unit}"}

        return self._changed(
            book, lambda clause: clause | {"rules": [change(rule) for rule in clause.get("rules", [])]}
        )

    def _stage1(self, answers: list[Answer]) -> Answer:
        """The answer about the time for stage 1."""
        ruling = self.code().rulings().get("respond-stage1")
        if ruling is None:
            raise NoMaterial(f"{self.code().title} sets no time for the stage 1 response.")
        paragraph = ruling.parts[0].own
        return next(answer for answer in answers if answer.paragraph == paragraph)

    def _time(self) -> Limit:
        """The policy's own time for the stage 1 response, in working days; NoMaterial if it sets none."""
        ruling = self._policy().rulings().get("respond-stage1")
        if ruling is None or limit(ruling).unit is not Unit.WORKING_DAYS:
            raise NoMaterial("Our policy sets no time in working days for the stage 1 response.")
        return limit(ruling)

    def _longer_question(self) -> Question:
        after = self._stage1(self._assess(self._longer(LONGER)))
        time = self._time()
        if after.verdict not in _MEANINGS:
            raise NoMaterial(f"{after.paragraph} of {self.code().title} asks for nothing.")
        return ChoiceQuestion(
            "longer",
            f"Someone proposes {LONGER} working days more for the stage 1 response, {time.count + LONGER} in all. What "
            f"will the self-assessment say about the Code's {after.paragraph} ({after.heading})?",
            after.commentary,
            choices=tuple(
                Choice(f"{capital(verdict)}: {meaning}.", None if verdict is after.verdict else _HINTS[verdict])
                for verdict, meaning in _MEANINGS.items()
            ),
            reveal=self.propose,
            sources=lambda: together(
                self.passages(self.book(), self._clauses_of(after)), self.passages(self.code(), self._paragraph(after))
            ),
            doubts=after.doubts,
        )

    # --- a change of your own ---------------------------------------------------------------------

    @cached_property
    def _to_mend(self) -> list[tuple[Clause, Departure]]:
        """The clauses that say that they depart from the Code, those first that no other clause does so with."""
        code = self.code().rulebook
        found = [(clause, departure) for clause in self.book().clauses for departure in clause.departs]
        named = Counter(departure.departed[:2] for _, departure in found)
        departing = {(code, answer.paragraph) for answer in self.answers if answer.verdict is Verdict.DEPARTS}
        fitting = [each for each in found if each[1].departed[:2] in departing]
        return sorted(fitting, key=lambda each: named[each[1].departed[:2]])

    def _chosen(self) -> tuple[Clause, Departure]:
        """The clause to redraft; NoMaterial if none says that it departs."""
        if not self._to_mend:
            raise NoMaterial("No clause of our policy says that it departs from the Code, so there is none to redraft.")
        return self._to_mend[0]

    @or_why_not
    def redraft(self, wording: str | None = None) -> Display:
        """A clause that departs from the Code, and the self-assessment with your wording in its place."""
        clause, departure = self._chosen()
        number = departure.departed.number
        paragraph = next(each for each in self.code().clauses if each.id == number)
        task = card(
            "question",
            f"To redraft: {self.cite_clause(clause)}",
            self._clause(clause),
            say(f"It departs from {departure.paragraph}: {departure.because}"),
            passage(f"The Code, {paragraph.id} {paragraph.heading}", paragraph.text),
            say('Put your wording in place of `None`, between quotation marks, for example `"The council …"`.'),
        )
        if wording is None:
            return task
        if len(wording.split()) < 5:
            return together(task, card("hint", "Not yet", say("Write it out, so that staff can act on it.")))
        before, after = (self._of(answers, number) for answers in (self.answers, self._assess(self._mended(wording))))
        rows = [("as it is", before.verdict, before.commentary), ("with your wording", after.verdict, after.commentary)]
        note = (
            "The checker reads rules, not prose. It trusts the policy's owner that this wording answers the paragraph. "
            "So the last step is yours: read both aloud, one after the other."
        )
        return together(task, card("right", "Assessed again", table(("the policy", "answer", "why"), rows), say(note)))

    def cite_clause(self, clause: Clause) -> str:
        """A clause as people cite it."""
        return f"{self.book().title}, {clause.id} {clause.heading}"

    def _mended(self, wording: str) -> Rulebook:
        clause, departure = self._chosen()

        def change(data: dict[str, Any]) -> dict[str, Any]:
            if data["id"] != clause.id:
                return data
            left = [each for each in data["departs"] if each["from"] != departure.paragraph]
            answers = list(dict.fromkeys([*data.get("answers", []), departure.paragraph]))
            return data | {"text": wording, "departs": left, "answers": answers}

        return self._changed(self.book(), change)

    def _of(self, answers: list[Answer], paragraph: str) -> Answer:
        return next(answer for answer in answers if answer.paragraph == paragraph)

    # --- what a policy cannot show ----------------------------------------------------------------

    def _evidence_question(self) -> Question:
        code = {clause.id: clause for clause in self.code().clauses}
        elsewhere = [
            answer
            for answer in self.answers
            if answer.verdict is Verdict.JUDGEMENT
            and code[answer.paragraph].shown_by
            and "policy" not in code[answer.paragraph].shown_by
        ]
        if not elsewhere:
            raise NoMaterial("No paragraph of the Code is shown by something other than the written policy.")
        answer = elsewhere[0]
        places = " and ".join(code[answer.paragraph].shown_by)
        return ChoiceQuestion(
            "evidence",
            f"The assessment of {answer.paragraph} ({answer.heading}) is: {plain(answer.verdict)}. Where would you "
            "look for evidence?",
            f"{answer.commentary} (Shown by: {places}.)",
            shows=(passage(f"The Code, {answer.paragraph}", code[answer.paragraph].text),),
            choices=(
                Choice("In the policy again.", "What a policy says does not show what is done."),
                Choice("In minutes, reports and case records.", None),
                Choice("On the website of the next council.", "The form is about our own practice."),
                Choice("Nowhere: leave it blank.", "Readers take a blank as a no, and rightly."),
            ),
            sources=lambda: self.passages(self.code(), self._paragraph(answer)),
            doubts=answer.doubts,
        )

    def _silence_question(self) -> Question:
        silent = [answer for answer in self.answers if answer.verdict is Verdict.NOT_STATED]
        if not silent:
            raise NoMaterial("Our policy says something about every paragraph of the Code.")
        rows = [(f"{answer.paragraph} {answer.heading}", answer.strength) for answer in silent]
        return ChoiceQuestion(
            "silence",
            f"On {len(silent)} paragraphs of the Code the policy says nothing. What does that mean?",
            "Silence is not a departure, and it is not a rule: the council may do it, or another document may say it. "
            "But nobody can tell from the policy, and staff who look there find nothing.",
            choices=(
                Choice("We do not do these things.", "Does the policy say so?"),
                Choice("We comply, because nothing says otherwise.", "Then an empty policy would comply too."),
                Choice("The policy does not show it. Somebody must find out, and perhaps write it down.", None),
                Choice("We depart from the Code.", "Does the policy say something else than the Code?"),
            ),
            reveal=lambda: table(("paragraph", "how strongly the Code asks"), rows),
            doubts=self.whole(self.book()),
        )

    def _changed(self, book: Rulebook, change: Any) -> Rulebook:
        """The rulebook with its clauses changed, checked as any other."""
        data = book.model_dump(by_alias=True, exclude_unset=True)
        context = vocabularies.context(self.host.vocabulary, self.council)
        return Rulebook.model_validate(
            data | {"clauses": [change(clause) for clause in data["clauses"]]}, context=context
        )
