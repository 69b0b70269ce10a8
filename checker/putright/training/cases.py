"""Lessons with cases: a council's own synthetic ones, seeded, audited by the checker and shown a finding at a time.

What is ``prepared`` can be shown where no audit runs, in a reader's browser. Everything that questions and displays
need of the cases goes through it; the rest is for these methods alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar

from putright import fields
from putright.documents.pictures import month_sheet
from putright.rulebooks import Rulebook, Ruling
from putright.text.english import as_sentence
from putright.text.shown import Display, day, say, table, together
from putright.training import asking
from putright.training.asking import Finding
from putright.training.lessons import Lesson, or_why_not, plain

if TYPE_CHECKING:
    from putright.api.audits import Audit
    from putright.api.casework import Explained, Explanation
    from putright.api.records import Records

P = ParamSpec("P")
T = TypeVar("T")
L = TypeVar("L", bound="CaseLesson")


def _case_file(lesson: CaseLesson) -> tuple[object, ...]:
    """What the file of cases, and so the audit of it, depends on."""
    return lesson.name, lesson.council, lesson.as_at, lesson.seed


def prepared(result: type[T]) -> Callable[[Callable[Concatenate[L, P], T]], Callable[Concatenate[L, P], T]]:
    """Something (of this type) of the audit of a lesson's cases, which a handbook prepares for browsers."""
    return asking.prepared(result, _case_file)


class CaseLesson(Lesson):
    """A lesson with a file of cases, ``cases.csv`` in its folder."""

    cases: ClassVar[int] = 120
    """How many synthetic cases."""
    file: ClassVar[str] = "cases.csv"

    @cached_property
    def path(self) -> Path:
        """The file of cases; written when it is first wanted."""
        from putright.api.samples import sample, write_sample

        path = self.folder / self.file
        write_sample(sample(self.host, self.council, self.cases, self.seed, year_ending=self.as_at), path)
        return path

    @cached_property
    def records(self) -> Records:
        """The file as the checker reads it."""
        from putright.api.records import read_records

        return read_records(self.path, self.host, self.council)

    @cached_property
    def audited(self) -> Audit:
        """The audit of the file."""
        from putright.api.audits import audit

        return audit(self.records, self.host, as_at=self.as_at)

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding, in the file's order."""
        return [Finding.of(row) for row in self.audited.findings.iter_rows(named=True)]

    @or_why_not
    @prepared(Display)
    def run(self, command: str) -> Display:
        """A command, with the file of cases at hand."""
        assert self.path.exists()
        return super().run(command)

    def explained(self, finding: Finding) -> tuple[Explanation, Explained]:
        """A finding's case as ``putright explain`` has it, and the rule in it."""
        reference = finding.reference
        if (whole := self._explanations.get(reference)) is None:
            whole = self._explanations[reference] = self.audited.explain(reference, include_not_applicable=True)
        key = finding.rulebook, finding.rule
        return whole, next(item for item in whole.rules if (item.finding["rulebook"], item.finding["rule"]) == key)

    @cached_property
    def _explanations(self) -> dict[str, Explanation]:
        """The cases explained so far, by reference: a question shows a case, and its answer shows it again."""
        return {}

    @prepared(Display)
    def show_finding(self, finding: Finding, verdict: bool = True) -> Display:
        """A finding with its days."""
        whole, item = self.explained(finding)
        parts = [say(f"**{plain(finding.verdict)}**: {self.plainly(finding.message)}")] if verdict else []
        if item.counting:
            parts.append(say(self.plainly(as_sentence(item.counting))))
        if item.span and item.span.counted < 60:
            parts.append(month_sheet(item.span, finding.due, "starts"))
        due = [(finding.due, fields.RULES[finding.rule])] if finding.due else []
        dates = [date for date, _ in (*whole.timeline, *due)]
        parts.append(whole.drawn(due, self.days_off(self.ruling_of(finding)[0], dates)))
        return together(*parts)

    def ruling_of(self, finding: Finding) -> tuple[Rulebook, Ruling]:
        """The rule of a finding, with the edition that judged it."""
        books = self.host.editions[finding.rulebook]
        book = next(book for book in books if book.edition == finding.edition)
        return book, book.rulings()[finding.rule]

    @prepared(Display)
    def timeline(self, finding: Finding) -> Display:
        """The record of a case: its dates and, if the rule is about one, the letter and the people."""
        whole, _ = self.explained(finding)
        rows = [(day(date), noun) for date, noun in whole.timeline]
        shown = table(("date", "what"), rows, f"{finding.reference}, as at {day(self.as_at)}")
        return together(shown, whole.drawn(), *(say(text) for text in self._beside(finding)))

    def _beside(self, finding: Finding) -> Iterator[str]:
        row = next(row for row in self._rows if row["reference"] == finding.reference)
        letter = fields.LETTERS.get(finding.rule)
        if letter:
            words = self._words(row.get(letter.contains))
            yield f"The {letter.name} included: {words}."
            if letter.stage and row.get(f"stage{letter.stage}_outcome"):
                yield f"The outcome at this stage: {plain(row[f'stage{letter.stage}_outcome'])}."
        if fields.VOCABULARY[finding.rule].act is fields.Act.INDEPENDENCE:
            for stage in (1, 2):
                yield f"Stage {stage} was considered by: {row.get(f'stage{stage}_handler') or 'nobody is recorded'}."
        if row.get("flags"):
            yield f"Flags: {row['flags'].strip(';').replace(';', ', ').replace('_', ' ')}."

    def _words(self, bits: int | None) -> str:
        if bits is None:
            return "not recorded"
        words = [word for place, word in enumerate(self.records.words) if bits >> place & 1]
        return "; ".join(self.letter_words[word] for word in words) or "none of the things that letters are checked for"

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return self.records.frame.to_dicts()
