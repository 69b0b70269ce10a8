"""One synthetic complaint's way through a procedure, from the day it was received.

The order of the steps is here; their days, their letters and what may go wrong come from the rulebooks.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from putright import fields
from putright.engine.conditions import Conditions
from putright.engine.judging import Judge
from putright.engine.verdicts import Verdict
from putright.fields import LETTERS, Letter
from putright.rulebooks import Ruling
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Contents, Extension, Independence, Notice, Question, Timed
from putright.synthetic.courses import BLANK, LATE, Book, Course, Date, Law, Lesson

#: The kinds of rule whose lessons the steps below see to; what any other kind asks for, the engine is asked.
_HAVE_A_STEP = (Timed, Notice, Extension, Contents, Independence, Question)
#: How many days from its start a step of any other kind is looked for.
_FAR_OFF = 60


class Journey(Course):
    """A case by chance or, where there is a lesson, as that asks."""

    def __init__(
        self,
        law: Law,
        received: Date,
        rng: random.Random,
        lesson: Lesson | None = None,
        flags: Iterable[str] = (),
    ) -> None:
        super().__init__(law, received, rng, lesson, flags)
        self.walk()

    def walk(self) -> None:
        """From what lay before the complaint to its closing."""
        self._people()
        self._before()
        if self.law.timed("triaged"):
            self.take("triaged", self.received)
        self.take_own(None)
        over = self._informal() or self._refusal()
        straight = "straight_to_stage2" in self.flags or self.chance(0.015)
        straight = straight and len(self.law.stages) > 1 and not over
        if straight:
            self.flags.add("straight_to_stage2")
        finished = over or self._stages(straight)
        self._beyond()
        self._any_other()
        if finished:
            self._agree_action_plan()
            if not self.chance(0.1):
                steps = [day for name, day in self.at.items() if not name.startswith(("remedy", "action"))]
                self.at["closed"] = self.after(max(steps), 0, 3)
        if self.flags:
            self.row["flags"] = sorted(self.flags)

    def _people(self) -> None:
        """Who complains, for whom, and what is special about the case."""
        for flag in fields.FLAGS:
            # Those that change what kind of case it is are given, or come with the way it takes.
            if flag not in ("landlord", "cse", "straight_to_stage2") and self.chance(0.012):
                self.flags.add(flag)
        self.flags.update(condition.flag for condition in self.conditions if condition.flag)
        own = [each.name for each in self.law.own.values() if each.type is fields.Type.BOOLEAN]
        for name in (*fields.BOOLEANS, *own):
            if name in self.wanted:
                self.row[name] = True
        if "representative" not in self.row and self.rng.random() < 0.8:
            self.row["representative"] = self.rng.random() < 0.1

    def _before(self) -> None:
        """What comes before the complaint: the matter itself, and now and then proceedings about it."""
        in_time = self.manner(["complain-in-time"], side=True) != LATE or self.chance(0.4)
        in_time = in_time and not any(condition.out_of_time for condition in self.conditions)
        self.made_too_late = not in_time
        known = self._back("complain-in-time", in_time)
        if self.law.timed("resubmitted") and self.wants("resubmitted", 0.015):
            self.at["resubmitted"] = self.received
            ended = self._back("resubmit-in-time", self.manner(["resubmit-in-time"]) != LATE)
            self.at["proceedings_ended"] = ended
            known = min(known, ended - dt.timedelta(days=60))
        self.at["matter_known"] = known
        self.at["matter_occurred"] = known - dt.timedelta(days=self.rng.choice((0, 0, 1, 7, 20)))
        for name, chance in (("matter_known", 0.4), ("matter_occurred", 0.15)):
            if self.chance(chance):
                self.unrecorded.add(name)

    def _back(self, name: str, in_time: bool) -> Date:
        """A day so long before receipt that a window from it was kept or missed, by every rulebook."""

        def dues(days: int) -> list[Date]:
            start = self.received - dt.timedelta(days=days)
            rules = ((book, ruling.rule) for book, ruling in self.law.rulings(name))
            timed = [(book, rule) for book, rule in rules if isinstance(rule, Timed)]
            return [book.due(rule, rule.within, start) for book, rule in timed if rule.within]

        days = min(200, 2 + int(self.rng.expovariate(1 / 40)))
        while in_time and any(due < self.received for due in dues(days)):
            days //= 2
        while not in_time and any(due >= self.received for due in dues(days)):
            days += 30
        return self.received - dt.timedelta(days=days)

    def _informal(self) -> bool:
        """Try to settle it informally; whether that ended the case."""
        shown = "informal_offered" in self.wanted
        timed = bool(self.law.timed("informal_resolved")) and self.wants("informal_resolved", 0.12)
        if not (shown or timed):
            return False
        self.at["informal_offered"] = self.after(self.received, 0, 0)
        if not timed:
            return False
        if "informal_referred" in self.law.starts:
            self.at["informal_referred"] = self.at["informal_offered"]
        if self.chance(0.4):
            return False
        self.take("informal_resolved", self.at["informal_offered"])
        self.take_own(None)
        return True

    def _refusal(self) -> bool:
        if not self.wants("refused", 0.4 if self.made_too_late else 0.03):
            return False
        self.at["refused"] = self.after(self.received, 1, 4)
        self._letter("refusal-contents")
        return True

    def _stages(self, straight: bool) -> bool:
        """Every stage that the case reaches; whether it came to an end."""
        stages = self.law.stages[1 if straight else 0 :]
        for stage in stages:
            if stage != stages[0]:
                unhappy = 0.2 if self.outcomes.get(stage - 1) == "upheld" else 0.36
                if not (self.deepest >= stage if self.lesson else self.rng.random() < unhappy):
                    return True
            ended = self._stage(stage, first=stage == stages[0], straight=straight)
            if ended is not None:
                return ended
        if "stage2_requested" in self.wanted and 2 not in self.law.stages and "stage1_responded" in self.at:
            self.at["stage2_requested"] = self.after(self.at["stage1_responded"], 1, 5)  # a stage the rules do not have
        return True

    def _beyond(self) -> None:
        """A request for a stage that the procedure does not have, where the lesson's question is about that."""
        for name in sorted(self.wanted):
            stage = fields.named(name).stage or 1
            answered = self.at.get(f"stage{stage - 1}_responded")
            if name.endswith("_requested") and stage not in self.law.stages and answered:
                self.at[name] = self.after(answered, 1, 10)

    def _any_other(self) -> None:
        """A lesson on a rule of any other kind: its step on the first day on which the engine finds it as wanted."""
        for book, ruling in self.law.rulings(self.lesson.rule) if self.lesson else ():
            events = ruling.rule.events
            if isinstance(ruling.rule, _HAVE_A_STEP) or not events or events[0] not in self.at:
                continue
            start, step = self.at[events[0]], events[-1]
            for days in (*range(_FAR_OFF), *range(-1, -_FAR_OFF, -1)):
                self.at[step] = start + dt.timedelta(days=days)
                found = Judge(book.book, self.facts(), book.calendar).finding(ruling).settled
                wanted = (Verdict.BREACH, Verdict.JUDGEMENT) if self.lesson and self.lesson.broken else (Verdict.MET,)
                if found.found(*wanted)[0]:
                    break
            else:
                del self.at[step]

    def _stage(self, stage: int, *, first: bool, straight: bool) -> bool | None:
        """One stage; None where it was answered, else whether the case is over."""
        prefix = f"stage{stage}_"
        acknowledged = f"{prefix}acknowledged"
        begin = self._requested(stage, straight) if stage > 1 else self.received
        if stage == 1 and "informal_offered" in self.wanted:
            begin = self.after(self.at["informal_offered"], 1, 1)  # so that the attempt came first
        if stage == 1 and "stage1_requested" in self.law.starts:
            begin = self.at["stage1_requested"] = self.after(begin, 0, 6)
        self.take_own(stage)
        if f"{prefix}request_refused" in self.at:
            return True
        self.take(acknowledged, begin)
        self._handler(stage, acknowledged)
        self.take_own(stage)
        self._letter(f"acknowledgement-stage{stage}-contents")
        if self.law.timed(f"{prefix}department_notified"):
            self.take(f"{prefix}department_notified", begin)
        if first and self.row.get("representative"):
            self.take("consent_received", self.received)
        if first and self.wants("withdrawn", 0.03):
            self.at["withdrawn"] = self.after(self.at[acknowledged], 1, 4)
            self.take("withdrawal_acknowledged", self.at["withdrawn"])
            return True
        after = self.at[acknowledged]
        if f"{prefix}statement_agreed" in self.law.starts:
            after = self.at[f"{prefix}statement_agreed"] = self.after(after, 3, 9)
        if any(f"{prefix}panel_met" in ruling.rule.events for _, ruling in self.law.rulings()):
            after = self._panel(prefix, after)
        after = self._extend(stage, after)
        if self.chance(0.05):
            return self.rng.random() < 0.25  # closed with no answer, or left open
        self._respond(stage, after)
        self.take_own(stage)
        return None

    def _requested(self, stage: int, straight: bool) -> Date:
        """The request for a stage, and at times its refusal: mostly of a late one."""
        step, refused = f"stage{stage}_requested", f"stage{stage}_request_refused"
        if straight:
            self.at[step] = self.received
            if self.chance(0.5):
                self.unrecorded.add(step)
            return self.received
        refuse = self.lesson is not None and refused in self.wanted
        answered = self.at.get(f"stage{stage - 1}_responded", self.received)  # a stage before it may have no rules
        self.take(step, answered, LATE if refuse else None)
        if stage == 2 and any(condition.stage2_before_answer for condition in self.conditions):
            self.at[step] = max(self.received, answered - dt.timedelta(days=1))
        if any(self.at[step] > day for day in self.dues(step).get(f"request-stage{stage}", ())):
            self.late_requests.add(stage)
        if self.wants(refused, 0.5 if stage in self.late_requests else 0.03):
            self.at[refused] = self.after(self.at[step], 1, 5)
            self._letter(f"refusal-stage{stage}-contents")
        return self.at[step]

    def _panel(self, prefix: str, after: Date) -> Date:
        """A review panel: the invitation, the meeting, the report."""
        met, invited = f"{prefix}panel_met", f"{prefix}panel_invited"
        notices = [
            (book, ruling.rule)
            for book, ruling in self.law.rulings()
            if isinstance(ruling.rule, Notice) and ruling.rule.step == invited
        ]
        room = max((rule.within.count for _, rule in notices), default=0)
        self.take(met, self.law.calendar.add(after, room + 2))
        if notices:
            latest = [book.calendar.back(self.at[met], rule.within.count) for book, rule in notices]
            manner = self.manner([rule.rule for _, rule in notices])
            short = self.after(max(latest), 1, max(1, room - 2))
            self.at[invited] = min(short, self.at[met]) if manner == LATE else self.between(after, min(latest))
            if manner == BLANK:
                self.unrecorded.add(invited)
        self.take(f"{prefix}panel_reported", self.at[met])
        return self.at[f"{prefix}panel_reported"]

    # --- extension, answer, letters -------------------------------------------------------------

    def _extensions(self, stage: int) -> list[tuple[Book, Extension, Timed]]:
        found = []
        for book, ruling in self.law.rulings(f"extend-stage{stage}"):
            assert isinstance(ruling.rule, Extension)
            extended = book.rulings[ruling.rule.extends].rule
            if isinstance(extended, Timed) and extended.within and extended.start in self.at:
                found.append((book, ruling.rule, extended))
        return found

    def _extend(self, stage: int, after: Date) -> Date:
        """Give the stage longer, as the rulebooks allow or not; the day from which the answer may come."""
        step, found = f"stage{stage}_extension_notified", self._extensions(stage)
        months = any(timed.within and timed.within.unit is not Unit.WORKING_DAYS for *_, timed in found)
        if not found or not self.wants(step, 0.03 if months else 0.14):
            return after
        originals, caps = self._limits_of(found)
        manner = BLANK if self.chance(0.1) else self.manner([f"extend-stage{stage}", f"explain-delay-stage{stage}"])
        beyond = bool(caps) and (self.chance(0.12) or any(each.beyond_cap for each in self.conditions))
        last = min(caps, default=self.after(max(originals), 5, 30))
        new = self.after(max(caps), 1, 10) if beyond else self.between(self.after(max(originals), 1, 1), last)
        self.at[step] = self.between(after, min(originals))
        if manner == LATE:
            self.at[step] = self.after(max(originals), 1, 5)
        elif manner == BLANK:
            self.unrecorded.add(step)
        self.beside.setdefault(step, {})[f"stage{stage}_extended_to"] = new
        if self.chance(0.06):
            self.unrecorded.add(f"stage{stage}_extended_to")
        self._letter(f"extension-stage{stage}-contents")
        if manner != LATE:
            self.extended.update({(book, timed.rule): new for book, _, timed in found})
        after = max(*originals, self.at[step])
        late = any(condition.time_up for condition in self.conditions)  # the lesson is about a late response
        return self.after(after, 1, 1) if late else after

    def _limits_of(self, found: list[tuple[Book, Extension, Timed]]) -> tuple[list[Date], list[Date]]:
        """The days on which the bare limits end, and the furthest that extensions may reach."""
        originals, caps = [], []
        for book, extension, timed in found:
            assert timed.within
            start, limit = self.at[timed.start], timed.limit(self.flags) or timed.within
            originals.append(book.due(timed, limit, start))
            if isinstance(extension.by, Limit):
                longest = Limit(limit.count + extension.by.count, limit.unit)
                caps.append(book.due(timed, longest, start))
        return originals, caps

    def _respond(self, stage: int, after: Date) -> None:
        step = f"stage{stage}_responded"
        self.take(step, after)
        self._hold(stage, step, after)
        possible = [outcome for condition in self.conditions for outcome in condition.outcome]
        if "remedy_offered" in self.wanted and not possible:
            possible = ["upheld"]
        weights = {"upheld": 30, "partly_upheld": 25, "not_upheld": 40, "resolved": 3, "no_finding": 2}
        drawn = self.rng.choices(list(weights), list(weights.values()))[0]
        self.outcomes[stage] = possible[0] if possible else drawn
        self.beside.setdefault(step, {})[f"stage{stage}_outcome"] = self.outcomes[stage]
        self._remedy(stage)
        self._letter(f"response-stage{stage}-contents")

    def _hold(self, stage: int, step: str, after: Date) -> None:
        """Where the rulebook lets a hold stop the clock: the answer comes as much later."""
        first = self.after(after, 1, 1)
        held = self.chance(0.12) or any(condition.on_hold for condition in self.conditions)
        if not held or stage not in self.law.held or self.at[step] <= first:
            return
        days = self.rng.randint(3, 10)
        begin = self.between(first, self.at[step])
        self.holds[stage] = (begin, self.after(begin, days, days))
        self.at[step] = self.after(self.at[step], days, days)

    def _remedy(self, stage: int) -> None:
        """Something put right, where the answer found fault: offered with it, done then or later."""
        upheld = self.outcomes[stage] in ("upheld", "partly_upheld")
        answered = self.at[f"stage{stage}_responded"]
        if "remedy_offered" in self.at or not (upheld and self.wants("remedy_offered", 0.6)):
            return
        if stage < self.deepest:  # the lesson is about a later letter, when this could be done already
            return
        due = self.after(answered, 10, 20)
        self.at["remedy_offered"] = answered
        self.beside["remedy_offered"] = {"remedy_due": due}
        if "remedy_completed" in self.wanted:
            late = self.manner(["complete-remedy"]) == LATE
            self.at["remedy_completed"] = self.after(due, 1, 10) if late else self.between(answered, due)
        elif self.rng.random() < 0.8:
            now = self.chance(0.2)
            self.at["remedy_completed"] = answered if now else self.after(answered, 5, 25)
        if self.rng.random() < 0.4:
            self.at["learning_recorded"] = self.after(answered, 5, 30)

    def _handler(self, stage: int, step: str) -> None:
        """Who considers a stage: now and then the same officer again, or nobody says."""
        rank = "Officer" if stage == 1 else "Senior manager"
        handler = f"{rank} {self.rng.randint(1, 12):02}"
        if stage == 2:
            manner = self.manner(["independence-stage2"], side=True)
            before = self.beside.get("stage1_acknowledged", {}).get("stage1_handler")
            if manner == BLANK:
                return
            handler = str(before) if manner == LATE and before else handler
        self.beside.setdefault(step, {})[f"stage{stage}_handler"] = handler

    def _letter(self, name: str) -> None:
        """What a letter held: all that is called for, or less, or nobody recorded it."""
        letter = LETTERS[name]
        asked = [self._asked(book, ruling, letter) for book, ruling in self.law.rulings(name)]
        words = dict.fromkeys(word for firm, other in asked for word in firm + other)
        manner = self.manner([name], side=True)
        if not words or manner == BLANK or self.chance(0.1):
            return
        if manner == LATE:
            for firm, other in asked:  # so that every rulebook finds something lacking
                words.pop(self.rng.choice(firm or other or [""]), None)
            words = {} if self.chance(0.1) else words
        self.beside.setdefault(letter.sent, {})[letter.contains] = list(words) or ["none"]

    def _asked(self, book: Book, ruling: Ruling, letter: Letter) -> tuple[list[str], list[str]]:
        """The words that a rulebook calls for at this point: those it insists on, and others.

        What depends on something that no record shows is there half the time.
        """
        firm: list[str] = []
        other: list[str] = []
        conditions: Conditions | None = None
        for part in ruling.parts:
            rule = part.rule
            if not isinstance(rule, Contents):
                continue
            if rule.when or rule.unless:  # most words are called for in every letter, and nothing has to be asked
                conditions = conditions or self.conditions_of(book, self.at[letter.sent])
            if conditions is None or conditions.shown(rule, letter)[0]:
                unknown = rule.is_for_a_person
                if not unknown or self.rng.random() < 0.5:
                    # Of words any one of which will do, the first.
                    words = [*rule.holds, *rule.holds_one_of[:1]]
                    (other if unknown or rule.lacking != "breach" else firm).extend(words)
        return firm, other

    def _agree_action_plan(self) -> None:
        step = "action_plan_agreed"
        faults = any(outcome in ("upheld", "partly_upheld") for outcome in self.outcomes.values())
        starts = [rule.start for _, rule in self.law.timed(step) if rule.start in self.at]
        if starts and (self.wants(step, 0.5) if self.lesson or faults else False):
            self.row["action_plan_due"] = True
            self.take(step, self.at[starts[0]])
