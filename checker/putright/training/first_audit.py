"""The lesson *Your first audit*: an export is read, rows are rejected, findings are read and one explained."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from putright.rulebooks.limits import Unit
from putright.rulebooks.rules import Timed
from putright.text.shown import Display, bullets, day, say, table, together
from putright.training.asking import Finding, NoMaterial
from putright.training.cases import CaseLesson, prepared
from putright.training.lessons import or_why_not, plain
from putright.training.questions import Choice, ChoiceQuestion, NumberQuestion, Question, SeveralQuestion

Row = dict[str, str]
_SHOWN = ("reference", "received", "procedure", "stage1_acknowledged", "stage1_responded", "flags")


def _no_such_day(row: Row) -> None:
    row["received"] = f"31/02/{row['received'][:4]}"


def _before_receipt(row: Row) -> None:
    received = dt.date.fromisoformat(row["received"])
    row["stage1_responded"] = (received - dt.timedelta(days=3)).isoformat()


def _misspelt(row: Row) -> None:
    row["procedure"] = "corprate"


def _on_saturday(row: Row) -> None:
    letter = "stage1_acknowledged" if row["stage1_acknowledged"] else "stage1_responded"
    sent = dt.date.fromisoformat(row[letter])
    row |= {"stage1_responded": "", letter: (sent + dt.timedelta(days=(5 - sent.weekday()) % 7)).isoformat()}


def _unknown_flag(row: Row) -> None:
    row["flags"] = ";".join(filter(None, (row["flags"], "urgent")))


def _as_it_is(row: Row) -> None:
    pass


#: The faults put into some rows of the export, and the hint for someone who judges one wrongly.
_ODD: tuple[tuple[Callable[[Row], None], str], ...] = (
    (_no_such_day, "Find the day it was received in a calendar."),
    (_on_saturday, "A letter can be sent on a Saturday. That is odd, but the row can be read."),
    (_before_receipt, "Put its dates in order."),
    (_unknown_flag, "A flag that nobody knows is kept and named. Nothing depends on it."),
    (_misspelt, "Read the name of the procedure letter by letter."),
    (_as_it_is, "Count how often each reference appears."),
    (_as_it_is, "Count how often each reference appears."),
)


@dataclass(frozen=True)
class OddRow:
    """A row of the export with a fault, or one that looks as if it had one."""

    row: Row
    hint: str
    """For someone who judges it wrongly."""
    rejected: bool
    """Whether the checker rejects it."""


class FirstAudit(CaseLesson):
    """An export with odd rows, its audit, and what to make of it."""

    cases = 80

    @cached_property
    def path(self) -> Path:
        """The export, its odd rows included."""
        path = super().path
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        faults = random.Random(self.seed).sample(_ODD, len(_ODD))
        odd = list(zip(self._fitting(rows), faults, strict=True))
        for row, (change, _) in odd:
            change(row)
        first, second = (row for row, (change, _) in odd if change is _as_it_is)
        second["reference"] = first["reference"]
        self._odd = [(row, hint) for row, (_, hint) in odd]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return path

    def _fitting(self, rows: list[Row]) -> list[Row]:
        """Rows for the faults, far enough apart."""
        plain_ones = [row for row in rows if row["procedure"] == self.procedure and row["stage1_responded"]]
        if len(plain_ones) < len(_ODD):
            raise NoMaterial(f"Too few cases can be made up by the {self.procedure} procedure of {self.authority}.")
        step = len(plain_ones) // len(_ODD)
        return plain_ones[::step][: len(_ODD)]

    @or_why_not
    @prepared(Display)
    def export(self) -> Display:
        """The first rows of the file, and how large it is."""
        with self.path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        text = (
            f"`{self.file}` has {len(rows)} rows and {len(rows[0])} columns. Six of its columns, its first five rows:"
        )
        return together(say(text), _table(rows[:5]))

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {
            "rejected": self._rejected_question,
            "rejected-row": self._rejected_row_question,
            "audited": self._audited_question,
            "no-evidence": self._nothing_shown_question,
            "standing": self._standing_question,
            "over": self._over_question,
        }

    # --- rejected rows ----------------------------------------------------------------------------

    def _rejected_row_question(self) -> Question:
        return ChoiceQuestion(
            "rejected-row",
            "A row is rejected because its day of receipt does not exist. What do you do?",
            "The mistake is in the case system. Correct it there and it stays right. Then export again and run the "
            "audit again. The checker never guesses, and neither should we.",
            choices=(
                Choice("Type the likeliest date into the spreadsheet.", "Who will know, next quarter, that you did?"),
                Choice("Leave the row out: it is only one.", "And the case in it? A person is waiting for a response."),
                Choice("Have it corrected in the case system, and export again.", None),
                Choice("Tell the checker to take the last day of February.", "It has no setting for that. Why not?"),
            ),
        )

    @prepared(list[OddRow])
    def odd(self) -> list[OddRow]:
        """The odd rows of the export."""
        rejected = set(self.records.rejected["reference"])
        return [OddRow(row, hint, row["reference"] in rejected) for row, hint in self._odd]

    @prepared(Display)
    def rejections(self) -> Display:
        """The rows that the checker rejects, and why."""
        rejected = self.records.rejected.select("row", "reference", "message")
        rows = [(row, reference, _in_words(message)) for row, reference, message in rejected.iter_rows()]
        return table(("row", "reference", "why"), rows)

    def _rejected_question(self) -> Question:
        odd = self.odd()
        return SeveralQuestion(
            "rejected",
            "Seven rows of the export. Which of them will the checker reject?",
            "A row is rejected if the checker cannot read it as a case. What is only odd is audited, and reported.",
            shows=(_table([each.row for each in odd], lettered=True),),
            choices=tuple(
                (f"{each.row['reference']}, received {each.row['received']}", each.rejected, each.hint) for each in odd
            ),
            reveal=self.rejections,
        )

    @prepared(dict[str, int])
    def reconciliation(self) -> dict[str, int]:
        """What became of every row."""
        return self.audited.reconciliation

    def _audited_question(self) -> Question:
        counts = self.reconciliation()
        known = {
            counts["rows_read"]: "That is every row of the file. Do all of them become cases?",
            counts["rejected"]: "That is how many were rejected.",
        }
        return NumberQuestion(
            "audited",
            f"The file has {counts['rows_read']} rows. How many cases were audited?",
            f"{counts['rows_read']} read, less {counts['rejected']} rejected, {counts['received_after_audit_date']} "
            f"received after the audit date and {counts['outside_period']} outside the period. Every row is counted "
            "once.",
            shows=(
                table(
                    ("rows read", "rejected", "received after the audit date", "outside the period"),
                    [
                        (
                            counts["rows_read"],
                            counts["rejected"],
                            counts["received_after_audit_date"],
                            counts["outside_period"],
                        )
                    ],
                ),
            ),
            number=counts["audited"],
            known=known,
            general="The second line of the audit's report accounts for every row. Read it from left to right.",
        )

    # --- findings ---------------------------------------------------------------------------------

    @or_why_not
    @prepared(Display)
    def verdicts(self) -> Display:
        """How many findings there are of each verdict, for each source."""
        counts = Counter((finding.rulebook, finding.verdict) for finding in self.findings)
        verdicts = ("met", "breach", "running", "no_evidence", "judgement")
        books = {name: self.host.editions[name][-1] for name in self.audited.tally.books}
        rows = [
            (f"{book.title} ({book.authority})", *(counts[name, verdict] for verdict in verdicts))
            for name, book in books.items()
        ]
        return table(("source", *map(plain, verdicts)), rows, "Findings by verdict")

    @prepared(Finding)
    def silent(self) -> Finding:
        """A finding of no evidence: the first."""
        finding = next((each for each in self._usual() if each.verdict == "no_evidence"), None)
        if finding is None:
            raise NoMaterial("No finding of the made-up year is one of no evidence.")
        return finding

    def _nothing_shown_question(self) -> Question:
        shown = self.silent()
        return ChoiceQuestion(
            "no-evidence",
            "The verdict on this one is *no evidence*. What may you tell the committee?",
            "No evidence is neither good nor bad. It says that the record cannot show what happened, and that is "
            "something to report: a figure depends only on what was recorded.",
            shows=(say(self.plainly(shown.message)),),
            choices=(
                Choice("That it was not done.", "Does the record say so, or does it say nothing?"),
                Choice("That it was done, because nobody complained.", "Silence in a record proves nothing."),
                Choice("Nothing: leave such cases out.", "Then the figures look better than the records are."),
                Choice("That our records cannot show it.", None),
            ),
            reveal=lambda: self.show_finding(shown),
            **self.rests_on(self.ruling_of(shown)),
        )

    def _over_question(self) -> Question:
        finding = self.late()
        due, done, over, taken = finding.due, finding.done, finding.days_over, finding.days_taken
        assert due and done and over is not None and taken is not None
        known = {
            _days_late(finding): "Those are calendar days. Leave out the days that are not working days.",
            taken: "That is how long it took in all. How much of it was after the due date?",
        }
        known = {number: hint for number, hint in known.items() if number != over}
        return NumberQuestion(
            "over",
            f"{finding.reference}: due by {day(due)}, done on {day(done)}. By how many working days was it late?",
            self.plainly(finding.message),
            shows=(self.timeline(finding),),
            number=over,
            known=known,
            general="The day after the due date is the first working day over. Count to the day it was done.",
            reveal=lambda: self.show_finding(finding, False),
            **self.rests_on(self.ruling_of(finding)),
        )

    @prepared(Finding)
    def late(self) -> Finding:
        """A late step to explain: the first that is more than a week and less than a month over."""
        wanted = [
            finding
            for finding in self._usual()
            if finding.verdict == "breach" and finding.kind == "deadline" and finding.done and finding.start
            if self._in_working_days(finding)
        ]
        fitting = [each for each in wanted if 5 < _days_late(each) < 30 and not each.marks]
        if not wanted:
            raise NoMaterial("No step that is counted in working days was done late in the made-up year.")
        return (fitting or wanted)[0]

    def _in_working_days(self, finding: Finding) -> bool:
        rule = self.ruling_of(finding)[1].rule
        return isinstance(rule, Timed) and rule.within is not None and rule.within.unit is Unit.WORKING_DAYS

    def _usual(self) -> list[Finding]:
        """Findings on complaints of the kind that everybody knows."""
        return [finding for finding in self.findings if finding.procedure == self.procedure]

    def _standing_question(self) -> Question:
        code = self.code()
        if code.standing != "guidance":
            raise NoMaterial(f"{code.title} is {code.standing}, and this question is about guidance.")
        return ChoiceQuestion(
            "standing",
            f"Under the {code.title}, the checker finds a response late. What is that?",
            "The Code is guidance: a finding under it is a departure from guidance. It is never called unlawful.",
            choices=(
                Choice("A breach of law.", "Is the Code an Act, or Regulations?"),
                Choice("A departure from guidance.", None),
                Choice(
                    "A fault by the Ombudsman's decision.", "Only the Ombudsman decides that, and only on a complaint."
                ),
                Choice(
                    "Nothing, because the Code does not bind us.",
                    "The Ombudsman expects a council to give reasons.",
                ),
            ),
            reveal=lambda: bullets(
                f"{book.title}: {book.standing}" for book in (self.book(), code, *self.codes("children")[:1])
            ),
        )


def _days_late(finding: Finding) -> int:
    """How many days after the due date something was done, every day counted."""
    assert finding.done and finding.due
    return (finding.done - finding.due).days


def _in_words(message: str) -> str:
    """A message with the columns named as the tables here name them."""
    return re.sub(r"\b[a-z]+\d?(?:_[a-z]+)+\b", lambda name: name[0].replace("_", " "), message)


def _table(rows: list[Row], *, lettered: bool = False) -> Display:
    headings = [name.replace("_", " ") for name in _SHOWN]
    shown = [[row.get(name) or "" for name in _SHOWN] for row in rows]
    if lettered:
        headings = ["", *headings]
        shown = [[letter, *row] for letter, row in zip("ABCDEFGHIJ", shown, strict=False)]
    return table(headings, shown)
