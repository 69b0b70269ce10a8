"""Verdicts: one rulebook's rules over the cases of a frame, a rule at a time, all cases at once.

In every function the weakest verdict is put first and the strongest last, so that reading down is
reading the order of precedence. Source: the contract, 'Verdicts' (and 'Counting' where named).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from putright import calendars, fields
from putright.calendars import FAR, Calendar
from putright.calendars.daytables import Days, look_up, none_where, pick, uncounted_where
from putright.engine.clocks import Clock, Clocks, Reading, extension_fields
from putright.engine.facts import Bits, Facts, Mask
from putright.engine.verdicts import Judged, Mark, Verdict, Why, blank, mark, put
from putright.fields import FIELDS, LETTERS
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.rules import Condition, Contents, Extension, Independence, Notice, Question, Rule, Timed, Unit

_LATE = {"breach": Verdict.BREACH, "judgement": Verdict.JUDGEMENT}


class Judge:
    """Judges the cases of one frame by one rulebook."""

    def __init__(self, book: Rulebook, facts: Facts, calendar: Calendar) -> None:
        self.book = book
        self.facts = facts
        self.clocks = Clocks(book, facts, calendar)
        self.rulings = self.clocks.rulings

    def findings(self) -> Iterator[Judged]:
        """Every rule's findings, ``not_applicable`` ones included, in the rulebook's order."""
        for ruling in self.rulings.values():
            judged = self._judge(ruling)
            unasked = ~self._asked(ruling)
            if unasked.any():
                self._withdraw(judged, unasked)
            if not isinstance(ruling.rule, Contents | Independence | Question):  # these count no days
                unsaid = judged.because(Why.NOT_ASKED) | judged.found(Verdict.NO_EVIDENCE)
                judged.over = uncounted_where(unsaid, judged.over)
            self._mark(judged)
            yield judged

    def _judge(self, ruling: Ruling) -> Judged:
        rule = ruling.rule
        if isinstance(rule, Timed):
            if rule.kind == "window":
                return self._window(ruling, rule)
            return self._deadline(ruling, rule) if rule.within else self._step(ruling, rule)
        if isinstance(rule, Notice):
            return self._notice(ruling, rule)
        if isinstance(rule, Extension):
            return self._extension(ruling, rule)
        if isinstance(rule, Contents):
            return self._contents(ruling)
        if isinstance(rule, Question):
            return self._question(ruling)
        assert isinstance(rule, Independence)
        return self._independence(ruling, rule)

    def arises(self, ruling: Ruling) -> Mask:
        """Cases of the kind that a rule is for, whatever has been done in them."""
        return self._asked(ruling)

    # --- whether a rule arises ------------------------------------------------------------------

    def _asked(self, ruling: Ruling) -> Mask:
        """Cases of the kind that the rule is for."""
        asked = ~self.facts.none()
        rule = ruling.rule
        if not isinstance(rule, Contents):  # a letter's conditions are each clause's own
            if rule.when:
                asked &= self._holds(rule.when)
            if rule.unless:
                asked &= ~self._holds(rule.unless)
        if isinstance(rule, Extension):
            asked &= self._asked(self.rulings[rule.extends])
        if self._is_stage_1(ruling) and not isinstance(rule, Question):
            asked &= ~self.facts.flag("straight_to_stage2")
        return asked

    def _is_stage_1(self, ruling: Ruling) -> bool:
        """A rule of stage 1, a window counted from its response, or one that compares with it."""
        rule = ruling.rule
        if isinstance(rule, Independence):
            return True
        if isinstance(rule, Timed | Notice):
            return FIELDS[rule.step].stage == 1 or (rule.kind == "window" and FIELDS[rule.start].stage == 1)
        return "-stage1" in ruling.name

    def _withdraw(self, judged: Judged, where: Mask) -> None:
        put(judged, where, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        judged.start, judged.due, judged.done = (none_where(where, d) for d in (judged.start, judged.due, judged.done))
        judged.taken, judged.over = (uncounted_where(where, days) for days in (judged.taken, judged.over))
        for words in (judged.missing, judged.to_judge):
            if words is not None:
                words[where] = 0

    def _mark(self, judged: Judged) -> None:
        arises = judged.arises()
        if judged.ruling.unclear:
            mark(judged, arises & self._unclear(judged.ruling), Mark.SOURCE_UNCLEAR)
        unsettled = judged.because(Why.OTHER_DAY_ZERO, Why.OTHER_START, Why.OTHER_LIMIT)
        if unsettled.any():
            mark(judged, unsettled, Mark.SOURCE_UNCLEAR)
        if counts_working_days(judged.ruling, self.rulings):
            beyond = judged.due > calendars.index(calendars.HORIZON)
            if beyond.any():
                mark(judged, arises & beyond & (judged.due < FAR), Mark.PROVISIONAL)

    def _unclear(self, ruling: Ruling) -> Mask:
        """Cases in which a part of the rule arises whose source is unclear."""
        unclear = self.facts.none()
        for part in ruling.parts:
            if part.unclear:
                letter = LETTERS.get(ruling.name)
                unclear |= self._shown(part.rule, letter) if letter else ~self.facts.none()
            elif part.unclear_on_hold:
                begun = [begin < FAR for begin, _ in self.facts.holds(int(ruling.name[-1]))]
                unclear |= np.logical_or.reduce([self.facts.none(), *begun])
        return unclear

    def _shown(self, rule: Rule, letter: fields.Letter) -> Mask:
        """Cases whose record shows what a clause's share of a letter hangs on."""
        shown = ~self.facts.none()
        if rule.when:
            shown &= self._holds(rule.when, letter)
        if rule.unless:
            shown &= ~self._holds(rule.unless, letter)
        return shown

    def _holds(self, condition: Condition, letter: fields.Letter | None = None) -> Mask:
        """Cases whose record shows the condition; for a letter, as it stood on the letter's day."""
        facts = self.facts
        by = facts.date(letter.sent) if letter else facts.never()

        def recorded(name: str) -> Mask:
            return facts.true(name) if name in fields.BOOLEANS else (facts.date(name) <= by) & facts.true(name)

        # What only a person can say is never taken as shown; a letter's words are then theirs to judge.
        shown = facts.none() if condition.person and letter is None else ~facts.none()
        if condition.flag:
            shown &= facts.flag(condition.flag)
        if condition.any_flag:
            shown &= np.logical_or.reduce([facts.flag(flag) for flag in condition.any_flag])
        if condition.outcome:
            shown &= facts.outcome(letter.stage, condition.outcome) if letter and letter.stage else facts.none()
        for name in condition.recorded:
            shown &= recorded(name)
        if condition.any_recorded:
            shown &= np.logical_or.reduce([recorded(name) for name in condition.any_recorded])
        if condition.actions_left:
            shown &= recorded("remedy_offered") & ~recorded("remedy_completed")
            shown &= facts.keeps("remedy_completed")
        if condition.beyond_cap:
            shown &= self._beyond_cap(letter)
        if condition.late_request:
            shown &= self._late_request(letter)
        if condition.out_of_time:
            shown &= self._out_of_time()
        if condition.on_hold:
            holds = facts.holds(letter.stage) if letter and letter.stage else []
            shown &= np.logical_or.reduce([facts.none(), *((begin <= by) & (begin < FAR) for begin, _ in holds)])
        if condition.matter_since:
            shown &= self._matter_since(calendars.index(condition.matter_since))
        if condition.time_up:
            shown &= self._time_up(condition.time_up)
        if condition.informal_first:
            shown &= self._informal_first()
        if condition.stage2_before_answer:
            shown &= self._stage2_before_answer()
        return shown

    def _time_up(self, name: str) -> Mask:
        """Cases where the time for a step, any extension left aside, ran out before it was done."""
        ruling = self.rulings.get(name)
        if ruling is None or not isinstance(ruling.rule, Timed) or ruling.rule.within is None:
            return self.facts.none()
        step, original = ruling.rule.step, self.clocks.usual(ruling.rule).original
        done = self.facts.date(step)
        overdue = self.facts.undone(step) & (original < self.facts.as_at)
        late: Mask = ((done < FAR) & (original < done)) | overdue
        return late & (original < self.facts.ended(FIELDS[step].stage)) & self._asked(ruling)

    def _informal_first(self) -> Mask:
        tried = (self.facts.date(f"informal_{what}") for what in ("offered", "referred", "resolved"))
        first: Days = np.minimum.reduce([*tried])
        acknowledged = self.facts.date("stage1_acknowledged")
        shown = (acknowledged < FAR) | self.facts.skipped("stage1_acknowledged")
        before: Mask = (first < FAR) & (first < acknowledged) & shown
        return before

    def _stage2_before_answer(self) -> Mask:
        requested, answered = self.facts.date("stage2_requested"), self.facts.date("stage1_responded")
        kept = self.facts.keeps("stage1_responded")
        # A blank raises the question, unless the outcome says that an answer was given.
        raised = (answered < FAR) | (kept & ~self.facts.outcome(1, list(fields.OUTCOMES)))
        return (requested < answered) & raised & ~self.facts.flag("straight_to_stage2")

    def _matter_since(self, first: int) -> Mask:
        occurred = self.facts.date("matter_occurred")
        return (occurred >= first) & (occurred < FAR)

    def _beyond_cap(self, letter: fields.Letter | None) -> Mask:
        ruling = self.rulings.get(f"extend-stage{letter.stage}") if letter else None
        if ruling is None or not isinstance(ruling.rule, Extension):
            return self.facts.none()
        extended = self.rulings[ruling.rule.extends].rule
        assert isinstance(extended, Timed)
        new = self.facts.date(f"stage{letter.stage}_extended_to")  # type: ignore[union-attr]
        caps = (self.clocks.read(extended, reading).cap for reading in self.clocks.readings(extended))
        beyond: Mask = (new < FAR) & np.logical_and.reduce([new > cap for cap in caps])
        return beyond

    def _out_of_time(self) -> Mask:
        """Complaints surely made after the time for them."""
        ruling = self.rulings.get("complain-in-time")
        if ruling is None or not isinstance(ruling.rule, Timed):
            return self.facts.none()
        known = self.facts.date(ruling.rule.start) < FAR
        late = self.facts.date("received") > self.clocks.latest_due(ruling.rule)
        return known & late & self._asked(ruling)

    def _late_request(self, letter: fields.Letter | None) -> Mask:
        ruling = self.rulings.get(f"request-stage{letter.stage}") if letter else None
        if ruling is None or not isinstance(ruling.rule, Timed):
            return self.facts.none()
        due = self.clocks.latest_due(ruling.rule)
        requested = self.facts.date(f"stage{letter.stage}_requested")  # type: ignore[union-attr]
        late = (requested < FAR) & (requested > due)
        return late & self._asked(ruling)

    # --- steps with a time limit ----------------------------------------------------------------

    def _deadline(self, ruling: Ruling, rule: Timed) -> Judged:
        """A duty or an aim: judged on its first reading, and spared where another reading has it in time."""
        first, *others = self.clocks.readings(rule)
        judged = self._on(ruling, rule, first, self.clocks.usual(rule))
        for reading in others:
            self._spare(judged, rule, reading)
        missing = self.clocks.usual(rule).start == FAR
        put(judged, missing, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        later = (judged.done < FAR) | self.facts.later(rule.step) | self.facts.has_outcome(rule.step)
        if rule.or_start in fields.later_steps(rule.start):
            later |= self.facts.date(rule.or_start) < FAR
        put(judged, missing & later, Verdict.NO_EVIDENCE, Why.NO_START)
        judged.due = none_where(missing, judged.due)
        judged.taken, judged.over = (uncounted_where(missing, days) for days in (judged.taken, judged.over))
        judged.moved = judged.due != self.clocks.usual(rule).bare
        return judged

    def _on(self, ruling: Ruling, rule: Timed, reading: Reading, clock: Clock) -> Judged:
        """Verdicts on one reading, the start known or only bounded."""
        judged = self._from(ruling, rule, reading, clock)
        bounds = self.clocks.bounds(rule, reading)
        if bounds is not None:
            self._between(judged, rule, reading, bounds[0])
        return judged

    def _from(self, ruling: Ruling, rule: Timed, reading: Reading, clock: Clock) -> Judged:
        """Verdicts of a step whose clock began at a known start."""
        facts, stage = self.facts, FIELDS[rule.step].stage
        done, due = facts.date(rule.step), clock.due
        undone = done == FAR
        late = ~undone & (done > due)
        overdue = undone & (facts.as_at > due)
        ended = facts.ended(stage)
        late_verdict = _LATE[rule.late_verdict]

        judged = blank(ruling, facts)
        judged.start, judged.due, judged.done = clock.start, due, done
        stop = self._stop(judged, stage)
        put(judged, ~undone, Verdict.MET, Why.DONE_IN_TIME)
        put(judged, late, late_verdict, Why.DONE_LATE)
        put(judged, overdue, late_verdict, Why.OVERDUE, Mark.NOT_RECORDED)
        put(judged, overdue & (ended <= facts.as_at), late_verdict, Why.OVERDUE_ENDED, Mark.NOT_RECORDED)
        self._allow_for_extension(judged, rule, clock, late | overdue, stop)
        self._unproven(judged, rule.step, overdue)
        put(judged, undone & ~overdue, Verdict.RUNNING, Why.RUNNING)
        put(judged, undone & clock.held_open, Verdict.RUNNING, Why.ON_HOLD)
        put(judged, undone & (facts.closed(stage) < FAR), Verdict.NO_EVIDENCE, Why.CLOSED, Mark.NOT_RECORDED)
        excused = (ended <= due) & (ended < FAR)
        put(judged, undone & excused, Verdict.NOT_APPLICABLE, Why.EXCUSED)
        self._reopened(judged, stage)
        if rule.rule == "resolve-informally":  # the attempt became a formal complaint in time
            formal = facts.date("stage1_acknowledged")
            put(judged, (formal <= due) & (formal < FAR), Verdict.NOT_APPLICABLE, Why.TAKEN_UP)
        self._lengths(judged, rule, reading, stop)
        return judged

    def _unproven(self, judged: Judged, step: str, overdue: Mask) -> None:
        """Overdue steps that may have been done: the record goes on, or the file does not keep the step."""
        facts = self.facts
        if not overdue.any():
            return
        if not facts.keeps(step):
            put(judged, overdue, Verdict.NO_EVIDENCE, Why.NOT_KEPT, Mark.NOT_RECORDED)
        put(judged, overdue & facts.has_outcome(step), Verdict.NO_EVIDENCE, Why.OUTCOME_RECORDED, Mark.NOT_RECORDED)
        put(judged, overdue & facts.later(step), Verdict.NO_EVIDENCE, Why.OVERDUE_LATER_STEP, Mark.NOT_RECORDED)

    def _stop(self, judged: Judged, stage: int | None) -> Days:
        """The day a count ends: the step's own, or while it is not done the ending's, closure's or audit's."""
        facts = self.facts
        open_until = np.minimum(np.minimum(facts.ended(stage), facts.closed(stage)), facts.as_at)
        return pick(judged.done < FAR, judged.done, open_until)

    def _reopened(self, judged: Judged, stage: int | None) -> None:
        """A step done late, after an ending by its due date that had excused it."""
        late = (judged.done < FAR) & (judged.done > judged.due)
        where = late & (self.facts.ended(stage) <= judged.due)
        put(judged, where, Verdict.JUDGEMENT, Why.REOPENED, Mark.REOPENED)

    def _lengths(self, judged: Judged, rule: Timed, reading: Reading | None, stop: Days) -> None:
        known = judged.due < FAR
        judged.over = uncounted_where(~known, self.clocks.over(rule, judged.due, stop))
        uncounted = (judged.done == FAR) | (judged.start == FAR)
        judged.taken = uncounted_where(uncounted, self.clocks.taken(rule, reading, judged.start, judged.done))

    def _allow_for_extension(self, judged: Judged, rule: Timed, clock: Clock, late: Mask, stop: Days) -> None:
        """Counting 4: what an extension leaves open of a step that is late by its due date."""
        extension = self.clocks.extension(rule)
        if extension is None or not self.facts.has(*extension_fields(rule)):
            return
        prefix = rule.step.partition("_")[0]
        notice, new = (self.facts.date(name) for name in extension_fields(rule))
        proper = (notice <= clock.original) & (notice < FAR)
        undated = (notice == FAR) & (new < FAR)
        arguable, unknown = self._arguable(extension, prefix)
        reached = (new > clock.cap) & (new < FAR) & (stop <= new)
        if extension.cap == "none":
            put(judged, late & proper & (new == FAR), Verdict.NO_EVIDENCE, Why.NEW_DATE_NOT_RECORDED)
        if extension.cap == "soft":
            put(judged, late & proper & reached & arguable, Verdict.JUDGEMENT, Why.BEYOND_CAP)
            put(judged, late & proper & reached & unknown, Verdict.NO_EVIDENCE, Why.BEYOND_CAP_UNKNOWN)
        ended = self.facts.ended(FIELDS[rule.step].stage)
        saved = (stop <= clock.claimed) | ((ended <= clock.claimed) & (ended < FAR))
        if extension.cap == "soft":
            saved |= reached & (arguable | unknown)
        put(judged, late & undated & saved, Verdict.NO_EVIDENCE, Why.NOTICE_NOT_DATED)

    def _arguable(self, extension: Extension, prefix: str) -> tuple[Mask, Mask]:
        """Notices that hold what a date beyond a soft cap needs, and those whose contents nobody recorded."""
        held, recorded = self.facts.contents(f"{prefix}_extension_contains")
        wanted = self.facts.bits(extension.beyond_cap)
        enough = (held & wanted) == wanted
        if not extension.beyond_cap:
            return ~self.facts.none(), self.facts.none()
        return recorded & enough, ~recorded

    def _between(self, judged: Judged, rule: Timed, reading: Reading, earliest: Days) -> None:
        """Counting 8: the acknowledgement has no date; ``judged`` was counted from the latest it can be."""
        where = (earliest < FAR) & (judged.start < FAR)
        done = judged.done < FAR
        surely = done & (judged.done <= self.clocks.clock(rule, earliest, reading).original)
        put(judged, where & done & judged.found(Verdict.MET), Verdict.NO_EVIDENCE, Why.START_BETWEEN)
        put(judged, where & surely, Verdict.MET, Why.DONE_IN_TIME)
        mark(judged, where, Mark.START_NOT_RECORDED)
        judged.start, judged.taken = none_where(where, judged.start), uncounted_where(where, judged.taken)

    def _spare(self, judged: Judged, rule: Timed, reading: Reading) -> None:
        """Counting 1 and 6: what is late on the first reading and not late on another is for a person to judge."""
        clock = self.clocks.read(rule, reading)
        first, shown = self.clocks.readings(rule)[0], self.clocks.usual(rule)
        where = (clock.start < FAR) & (clock.bare != shown.bare)  # elsewhere the two readings are one
        if not where.any():
            return
        second = self._on(judged.ruling, rule, reading, clock)
        self._note_other_due(judged, where, clock.due)
        spared = where & ~second.because(Why.DONE_LATE, Why.OVERDUE, Why.OVERDUE_ENDED)
        spared &= second.found(Verdict.MET, Verdict.RUNNING, Verdict.NOT_APPLICABLE) | second.because(
            Why.START_BETWEEN, Why.REOPENED
        )
        marks = judged.marks.copy()  # what is marked stays marked
        why = _other(first, reading)
        put(judged, judged.because(Why.DONE_LATE) & spared, Verdict.JUDGEMENT, why)
        overdue = judged.because(Why.OVERDUE, Why.OVERDUE_ENDED)
        put(judged, overdue & spared, Verdict.JUDGEMENT, why, Mark.NOT_RECORDED)
        judged.marks = marks

    def _note_other_due(self, judged: Judged, where: Mask, due: Days) -> None:
        """Keep the latest due date that another reading gives, where it is not the one shown."""
        other = judged.other_due if judged.other_due is not None else self.facts.never()
        later = where & (due < FAR) & (due > judged.due) & ((other == FAR) | (due > other))
        judged.other_due = pick(later, due, other)

    def _window(self, ruling: Ruling, rule: Timed) -> Judged:
        """The complainant's own time limit: never the council's breach."""
        facts = self.facts
        first, *others = self.clocks.readings(rule)
        clock = self.clocks.clock(rule, self.clocks.start(rule), first)
        judged = blank(ruling, facts)
        judged.start, judged.due, judged.done = clock.start, clock.due, facts.date(rule.step)
        undone = judged.done == FAR
        put(judged, ~undone, Verdict.MET, Why.DONE_IN_TIME)
        outside = ~undone & (judged.done > clock.due)
        put(judged, outside, Verdict.JUDGEMENT, Why.OUTSIDE_WINDOW)
        for reading in others:
            other = self.clocks.clock(rule, self.clocks.start(rule, reading), reading)
            self._note_other_due(judged, other.start < FAR, other.due)
            inside = (judged.done <= other.due) & (other.start < FAR)
            put(judged, outside & inside, Verdict.JUDGEMENT, _other(first, reading))
        if rule.rule == "complain-in-time" and rule.start == "matter_known":
            unsure = outside & (facts.date("matter_known") == FAR)
            put(judged, unsure, Verdict.NO_EVIDENCE, Why.OUTSIDE_WINDOW_UNSURE)
            put(judged, ~undone & ~outside & (facts.date("matter_known") == FAR), Verdict.MET, Why.MATTER_IN_TIME)
        put(judged, clock.start == FAR, Verdict.NO_EVIDENCE, Why.NO_START)
        put(judged, undone, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        put(judged, undone & facts.later(rule.step), Verdict.NO_EVIDENCE, Why.NOT_REQUESTED)
        self._lengths(judged, rule, first, self._stop(judged, FIELDS[rule.step].stage))
        return judged

    def _step(self, ruling: Ruling, rule: Timed) -> Judged:
        """A step with no limit of time, or one due by another event."""
        facts = self.facts
        judged = blank(ruling, facts)
        judged.start, judged.done = facts.date(rule.start), facts.date(rule.step)
        judged.due = self._by(rule) if rule.by else facts.never()
        stage, done = FIELDS[rule.step].stage, judged.done < FAR
        ended = facts.ended(stage)
        put(judged, ~done, Verdict.NO_EVIDENCE, Why.NOT_RECORDED)
        put(judged, done, Verdict.MET, Why.DONE)
        put(judged, done & (judged.done > judged.due), _LATE[rule.late_verdict], Why.DONE_LATE)
        if rule.by:  # what it was due by has no date, yet must have been
            unseen = (judged.due == FAR) & self._follows(rule.by)
            put(judged, done & unseen, Verdict.NO_EVIDENCE, Why.BY_NOT_DATED)
        overdue = ~done & (facts.as_at > judged.due)
        if rule.unrecorded == "overdue":
            late = _LATE[rule.late_verdict]
            put(judged, ~done, Verdict.RUNNING, Why.RUNNING)
            put(judged, overdue, late, Why.OVERDUE, Mark.NOT_RECORDED)
            put(judged, overdue & (ended <= facts.as_at), late, Why.OVERDUE_ENDED, Mark.NOT_RECORDED)
        self._unproven(judged, rule.step, overdue)
        put(judged, ~done & (facts.closed(stage) < FAR), Verdict.NO_EVIDENCE, Why.CLOSED, Mark.NOT_RECORDED)
        if rule.unrecorded == "overdue":
            put(judged, ~done & (ended <= judged.due) & (ended < FAR), Verdict.NOT_APPLICABLE, Why.EXCUSED)
        self._reopened(judged, stage)
        put(judged, (judged.start == FAR) & ~done, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        put(judged, (judged.start == FAR) & done, Verdict.NO_EVIDENCE, Why.NO_START)
        self._lengths(judged, rule, None, self._stop(judged, stage))
        return judged

    def _by(self, rule: Timed) -> Days:
        """The event a step must be done by; of a case that went straight to stage 2, that stage's own."""
        assert rule.by is not None
        day = self.facts.date(rule.by)
        if FIELDS[rule.by].stage != 1:
            return day
        return pick(self.facts.flag("straight_to_stage2"), self.facts.date(_of_stage_2(rule.by)), day)

    def _follows(self, by: str) -> Mask:
        """Cases where something later than the event a step is due by is recorded."""
        facts = self.facts
        follows = facts.later(by) | facts.has_outcome(by)
        if FIELDS[by].stage != 1:
            return follows
        straight = facts.flag("straight_to_stage2")
        own = facts.later(_of_stage_2(by)) | facts.has_outcome(_of_stage_2(by))
        either: Mask = (follows & ~straight) | (own & straight)
        return either

    def _notice(self, ruling: Ruling, rule: Notice) -> Judged:
        """Counting 9: so many working days' notice of a meeting, counted back from it."""
        facts, calendar = self.facts, self.clocks.calendar
        meeting, done = facts.date(rule.start), facts.date(rule.step)
        judged = blank(ruling, facts)
        zero = look_up(calendar.ceiling, meeting)
        due = look_up(calendar.day_of, np.maximum(zero - rule.within.count, 0))
        judged.start, judged.done = meeting, done
        judged.due = none_where(meeting == FAR, due)
        ended = facts.ended(FIELDS[rule.step].stage)
        put(judged, ~facts.none(), Verdict.MET, Why.NOTICE_GIVEN)
        put(judged, done > judged.due, _LATE[rule.late], Why.NOTICE_SHORT)
        self._reopened(judged, FIELDS[rule.step].stage)
        put(judged, done == FAR, Verdict.NO_EVIDENCE, Why.NOT_RECORDED, Mark.NOT_RECORDED)
        put(judged, (done == FAR) & (ended <= judged.due), Verdict.NOT_APPLICABLE, Why.EXCUSED)
        put(judged, meeting == FAR, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        known = meeting < FAR
        taken = np.maximum(zero - look_up(calendar.ceiling, done), 0)
        judged.taken = uncounted_where(~known | (done == FAR), taken)
        stop = self._stop(judged, FIELDS[rule.step].stage)
        over = self.clocks.over(rule, judged.due, stop)
        judged.over = uncounted_where(~known, over)
        return judged

    # --- extensions, letters, people ------------------------------------------------------------

    def _response_clock(self, rule: Extension) -> Clock:
        """The clock of the step that an extension is for; from the latest start where that has no date."""
        extended = self.rulings[rule.extends].rule
        assert isinstance(extended, Timed)
        return self.clocks.usual(extended)

    def _extension(self, ruling: Ruling, rule: Extension) -> Judged:
        """Whether an extension was allowed, and the person told in time."""
        facts = self.facts
        extended = self.rulings[rule.extends].rule
        assert isinstance(extended, Timed)
        prefix, stage = extended.step.partition("_")[0], FIELDS[extended.step].stage
        if not facts.has(*extension_fields(extended), f"{prefix}_extension_contains"):
            return blank(ruling, facts)
        clock = self._response_clock(rule)
        judged = self._extension_from(ruling, rule, extended, clock)
        first, *others = self.clocks.readings(extended)
        bounds = self.clocks.bounds(extended, first)
        if bounds is not None:
            self._extension_between(judged, extended, first, bounds[0], facts.date(f"{prefix}_extended_to"))
        for reading in others:
            second = self.clocks.read(extended, reading)
            other = self._extension_from(ruling, rule, extended, second)
            self._note_other_due(judged, second.start < FAR, second.original)
            late = judged.because(Why.NOTICE_LATE, Why.PAST_CAP)
            where = late & other.found(Verdict.MET) & (second.start < FAR)
            put(judged, where, Verdict.JUDGEMENT, _other(first, reading))
        self._reopened(judged, stage)
        undated = judged.done == FAR
        put(judged, clock.start == FAR, Verdict.NO_EVIDENCE, Why.NO_START)
        put(judged, undated, Verdict.NO_EVIDENCE, Why.NOTICE_UNDATED)
        if bounds is not None:
            mark(judged, (bounds[0] < FAR) & (clock.start < FAR), Mark.START_NOT_RECORDED)
        made = ~undated | (facts.date(f"{prefix}_extended_to") < FAR)
        made |= facts.contents(f"{prefix}_extension_contains")[1]
        self._lengths(judged, extended, first, self._stop(judged, stage))
        self._withdraw(judged, ~made)  # nothing to count, as where the records have no such fields
        return judged

    def _extension_from(self, ruling: Ruling, rule: Extension, extended: Timed, clock: Clock) -> Judged:
        """The extension judged by a clock with a known start."""
        facts = self.facts
        prefix = extended.step.partition("_")[0]
        notice, new = (facts.date(name) for name in extension_fields(extended))
        verdict = _LATE[rule.late or extended.late_verdict]
        arguable, unknown = self._arguable(rule, prefix)
        judged = blank(ruling, facts)
        judged.start, judged.due, judged.done = clock.start, clock.original, notice
        put(judged, ~facts.none(), Verdict.MET, Why.EXTENDED)
        past = (new > clock.cap) & (new < FAR)
        put(judged, past, verdict, Why.PAST_CAP)
        if rule.cap == "soft":
            put(judged, past & arguable, Verdict.JUDGEMENT, Why.BEYOND_CAP)
            put(judged, past & unknown, Verdict.NO_EVIDENCE, Why.BEYOND_CAP_UNKNOWN)
        put(judged, (notice > clock.original) & (notice < FAR), verdict, Why.NOTICE_LATE)
        return judged

    def _extension_between(self, judged: Judged, extended: Timed, reading: Reading, earliest: Days, new: Days) -> None:
        """Counting 8 for an extension: sure only where both bounds of the start say the same."""
        where = (earliest < FAR) & (judged.start < FAR)
        clock = self.clocks.clock(extended, earliest, reading)
        surely = (judged.done <= clock.original) & ((new <= clock.cap) | (new == FAR))
        put(judged, where & judged.found(Verdict.MET) & ~surely, Verdict.NO_EVIDENCE, Why.START_BETWEEN)
        mark(judged, where, Mark.START_NOT_RECORDED)
        judged.start = none_where(where, judged.start)

    def _contents(self, ruling: Ruling) -> Judged:
        """What a letter had to hold, by all its clauses together, once it is sent."""
        facts, letter = self.facts, LETTERS[ruling.name]
        judged = blank(ruling, facts)
        if not facts.has(letter.sent, letter.contains):
            return judged
        judged.done = facts.date(letter.sent)
        sent = judged.done < FAR
        held, recorded = facts.contents(letter.contains)
        wanted, advised, doubtful = self._wanted(ruling, letter, held)
        asked = (wanted | advised) > 0
        shown = sent & recorded
        put(judged, ~facts.none(), Verdict.MET, Why.LETTER_HELD)
        if shown.any():
            judged.missing = ((wanted | advised) & ~held) * shown
            judged.to_judge = (doubtful & ~held & ~wanted & ~advised) * shown
            put(judged, judged.missing > 0, Verdict.JUDGEMENT, Why.LETTER_LACKED)
            put(judged, (judged.missing & wanted) > 0, Verdict.BREACH, Why.LETTER_LACKED)
        put(judged, ~recorded, Verdict.NO_EVIDENCE, Why.LETTER_UNKNOWN)
        put(judged, ~asked, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        if judged.to_judge is not None:
            put(judged, ~asked & (judged.to_judge > 0), Verdict.JUDGEMENT, Why.LETTER_TO_JUDGE)
        put(judged, ~sent & recorded, Verdict.NO_EVIDENCE, Why.LETTER_NOT_DATED)
        put(judged, ~sent & ~recorded, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        return judged

    def _wanted(self, ruling: Ruling, letter: fields.Letter, held: Bits) -> tuple[Bits, Bits, Bits]:
        """Words the record shows to be called for; of those, the ones a source only advises apart; and
        words that only a person can say are called for. Of words any one of which will do, one that a letter
        has stands for all."""
        wanted, advised, doubtful = (np.zeros(self.facts.count, dtype=np.uint64) for _ in range(3))
        for part in ruling.parts:
            rule = part.rule
            assert isinstance(rule, Contents)
            target = wanted if rule.lacking == "breach" else advised
            if rule.when and rule.when.person:
                target = doubtful
            bits, shown = self.facts.bits(rule.holds), self._shown(rule, letter)
            target |= bits if shown.all() else shown * bits
            if rule.holds_one_of:
                choice = self.facts.bits(rule.holds_one_of)
                chosen = held & choice
                target |= shown * np.where(chosen > 0, chosen, choice)
        return wanted, advised & ~wanted, doubtful

    def _question(self, ruling: Ruling) -> Judged:
        """A question that only a person can answer, wherever the record raises it."""
        judged = blank(ruling, self.facts)
        put(judged, ~self.facts.none(), Verdict.JUDGEMENT, Why.QUESTION)
        return judged

    def _independence(self, ruling: Ruling, rule: Independence) -> Judged:
        """Stage 2 considered by somebody else than stage 1."""
        facts = self.facts
        both, same = facts.handlers()
        judged = blank(ruling, facts)
        judged.done = facts.date("stage2_responded")
        put(judged, judged.done < FAR, Verdict.NO_EVIDENCE, Why.HANDLER_UNKNOWN)
        put(judged, both & ~same, Verdict.MET, Why.OTHER_HANDLER)
        put(judged, both & same, _LATE[rule.late], Why.SAME_HANDLER)
        put(judged, ~facts.stage_begun(2), Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
        return judged


def _of_stage_2(field: str) -> str:
    """The stage 2 field of the same name as a stage 1 field."""
    return field.replace("stage1", "stage2")


def _other(first: Reading, other: Reading) -> Why:
    """In what another reading differs from the first."""
    if other.start != first.start:
        return Why.OTHER_START
    return Why.OTHER_DAY_ZERO if other.within == first.within else Why.OTHER_LIMIT


def counts_working_days(ruling: Ruling, rulings: Mapping[str, Ruling]) -> bool:
    """Whether a rule's due date hangs on the bank holidays."""
    rule = rulings[ruling.rule.extends].rule if isinstance(ruling.rule, Extension) else ruling.rule
    limit = rule.within if isinstance(rule, Timed | Notice) else None
    return limit is not None and limit.unit is Unit.WORKING_DAYS
