"""The yearly complaints performance and service improvement report, with its self-assessment forms.

It has the six parts that the Ombudsmen's Codes ask for (8.1 a to f). It is a public document, made from the published
figures and those supplied by hand. Anything that neither has is a marked gap for a person to fill.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from putright.auditing.audits import Period
from putright.committee import annualtables, pack, papers, performance, reporthtml, sections
from putright.committee.gathering import Gathering
from putright.committee.material import Material
from putright.disclosure import publication
from putright.disclosure.earlier import FIGURES
from putright.disclosure.figuresfile import PublishedFigures
from putright.disclosure.publication import Published
from putright.documents.paper import (
    Block,
    Cell,
    Column,
    Gap,
    Paper,
    Prose,
    Section,
    Sentence,
    Share,
    Table,
    Withheld,
    grouped,
    spell,
)
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.policy import forms
from putright.policy.forms import Form, SelfAssessment
from putright.statistics import handtables
from putright.statistics.periods import Months
from putright.statistics.supplied import DatedNote, Supplied
from putright.statistics.tables import slug
from putright.text.english import capital

#: Codes whose Ombudsman has a form of another kind than paragraph by paragraph.
_FORMS: dict[str, Form] = {"lgsco": "sections"}
NAME = "annual-report"
_DOCUMENTS = {"html": f"{NAME}.html", "docx": f"{NAME}.docx", "pdf": f"{NAME}.pdf"}
_FOOTER = "It holds figures only, and what was supplied by hand; small counts are withheld."
_APART = Prose(
    "non-compliance-1",
    "Complaints under a procedure with a law of its own are judged by that law and reported separately below.",
)


class AnnualError(Mistake):
    """An annual report cannot be made as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Annual:
    """The paper, and every file by its name."""

    paper: Paper
    files: Mapping[str, bytes]
    exposed: int
    """How many small counts earlier publications may reveal, whatever is withheld in this one."""

    @property
    def gaps(self) -> list[Gap]:
        """What a person still has to supply."""
        return [block for section in self.paper.sections for block in section.blocks if isinstance(block, Gap)]


def order(
    cases: Path,
    folder: Path,
    council: str,
    year: int,
    as_at: dt.date,
    supplied: Supplied,
    inputs: Mapping[Path, str],
    *,
    threshold: int = publication.THRESHOLD,
    withhold: publication.Withhold = "breakdowns",
    codes: Iterable[str] = (),
    keep_readable: bool = False,
    template: Path | None = None,
    earlier: Mapping[Path, PublishedFigures] | None = None,
    others: Mapping[Path, PublishedFigures] | None = None,
    overwrite: bool = False,
) -> pack.Order:
    """The pack order for the report of the financial year that begins in ``year``; a Mistake if it cannot be made.

    ``inputs`` are the files that the report depends on, with a description of each; ``codes`` are those that govern the
    council, for each of which the report has a form.
    """
    months = Months(dt.date(year, 4, 1), 12)
    if as_at < months.last:
        raise AnnualError(
            f"The year {months} ends on {spell(months.last)}, after the audit date {spell(as_at)}: "
            "give a year that is over, or a later --as-at."
        )
    period = Period(months.first, months.last)
    return pack.Order(
        cases=cases,
        folder=folder,
        council=council,
        as_at=as_at,
        period=period,
        publish=True,
        threshold=threshold,
        withhold=withhold,
        supplied=supplied,
        inputs=inputs,
        keep_readable=keep_readable,
        template=template,
        earlier=earlier or {},
        others=others or {},
        overwrite=overwrite,
        holds=("an annual report", (FIGURES, *_DOCUMENTS.values(), *map(_form_name, codes), pack.RECEIPT)),
    )


def make(asked: pack.Order, gathering: Gathering, host: Host, figures: Mapping[str, Any]) -> Annual:
    """The report and the forms; ``figures`` are those of ``summary.summarise``."""
    assessed = dict(_assessed(host, asked.council))
    published = _published(gathering)
    paper = _paper(gathering, host, figures, published, assessed)
    written = pack.committee_files(paper, asked, NAME)
    files = {
        FIGURES: pack.figures_file(gathering, figures, published),
        _DOCUMENTS["html"]: reporthtml.page(paper, pack.SOFTWARE, _FOOTER).encode(),
        _DOCUMENTS["docx"]: written[_DOCUMENTS["docx"]],
        _DOCUMENTS["pdf"]: written[_DOCUMENTS["pdf"]],
    }
    files |= {_form_name(code): each.workbook(_form(code)) for code, each in assessed.items()}
    files |= {pack.RECEIPT: pack.receipt(asked, gathering, host, figures, files)}
    return Annual(paper, files, published.exposed)


def paper(gathering: Gathering, host: Host, figures: Mapping[str, Any]) -> Paper:
    """The report alone, before it is made into documents."""
    return _paper(gathering, host, figures, _published(gathering), dict(_assessed(host, gathering.scope.council)))


def _published(gathering: Gathering) -> Published:
    asked = gathering.scope
    return publication.published(
        gathering.counts, asked.supplied, asked.threshold, gathering.earlier, withhold=asked.withhold
    )


def _paper(
    gathering: Gathering,
    host: Host,
    figures: Mapping[str, Any],
    published: Published,
    assessed: Mapping[str, SelfAssessment],
) -> Paper:
    asked = gathering.scope
    material = pack.material_of(gathering, host, figures, published.tables, asked.threshold)
    return _Report(material, asked.supplied, assessed, asked.threshold).paper()


def _form_name(code: str) -> str:
    return f"self-assessment-{code}.xlsx"


def _form(code: str) -> Form:
    """The form of a Code: its Ombudsman's own, or paragraph by paragraph."""
    return _FORMS.get(code, "paragraphs")


def codes_of(host: Host, council: str | None) -> list[str]:
    """The Codes that govern any of a council's policies: the national rulebooks that are not law."""
    own = [books[-1] for books in host.of_council(council).values()]
    named = dict.fromkeys(name for book in own for name in book.governed_by)
    return [name for name in named if name in host.editions and host.editions[name][-1].standing != "law"]


def _assessed(host: Host, council: str | None) -> Iterator[tuple[str, SelfAssessment]]:
    """The latest editions of the council's policies, assessed under each Code that governs any of them."""
    own = [books[-1] for books in host.of_council(council).values()]
    for code in codes_of(host, council):
        yield code, forms.self_assess(host, [book for book in own if code in book.governed_by], code)


# --- the six parts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Report:
    """Builds one year's report; ``assessed`` is by Code."""

    material: Material
    supplied: Supplied
    assessed: Mapping[str, SelfAssessment]
    threshold: int

    @property
    def year(self) -> Months:
        assert self.material.start is not None
        return Months(self.material.start, 12)

    def paper(self) -> Paper:
        """The six parts of paragraph 8.1, what 8.2 asks for, and the figures behind them."""
        response = Gap("gap-response", "the governing body's response, published with this report (8.2).")
        parts = [
            Section("self-assessment", "Self-assessment", tuple(self._self_assessment())),
            Section("analysis", "How complaints were handled", tuple(self._analysis())),
            *self._non_compliance(),
            Section("improvements", "Service improvements", tuple(self._improvements())),
            Section("letter", "The Ombudsman's annual letter", tuple(self._letter())),
            Section(
                "reports", "Other reports of the Ombudsman", tuple(self._dated_notes("reports", self.supplied.reports))
            ),
            Section("response", "Response of the governing body", (response,)),
        ]
        behind = self.material.without_ombudsmen()  # they have a part of their own
        appendices = [*sections.figures(behind, charts=False), papers.reading(behind)]
        parts += [
            replace(section, heading=f"Appendix {letter}: {section.heading}", appendix=True)
            for letter, section in zip(ascii_uppercase, appendices, strict=False)
        ]
        facts = (
            *self.material.cover,
            ("Council", self.material.council),
            ("Year", f"{self.year}: {self.material.span}, by the day complaints were received"),
            ("Audit date", spell(self.material.as_at)),
        )
        title = f"Annual complaints performance and service improvement report, {self.year}"
        return Paper(title, facts, tuple(grouped(section) for section in parts))

    # --- a: the self-assessment

    def _self_assessment(self) -> Iterator[Block]:
        yield Prose(
            "assessment-1",
            "Worked out from the words of our written procedure. Points that a policy document cannot prove, such as "
            "staffing, are left open as not shown or for judgement. The full form is attached.",
        )
        for code, assessed in self.assessed.items():
            yield annualtables.assessment(code, assessed, _form(code))
        if not self.assessed:
            yield Gap("gap-assessment", "the self-assessment: no Code governs any procedure of the council here.")
        yield Gap(
            "gap-approval", "an answer to everything not shown or for judgement, its evidence, and who approved it."
        )

    # --- b: the analysis, and what was refused

    def _analysis(self) -> Iterator[Block]:
        for section in performance.sections(self.material):
            yield from section.blocks
        yield Gap(
            "gap-analysis", f"the reasons for the figures of {self.year}, in words, and which services they concern."
        )
        if self.supplied.requests_in(self.year) is None:
            yield Gap("gap-w1", f"the number of service requests, for periods that make up {self.year}.")
        if self.supplied.population is None:
            yield Gap("gap-w2", "the number of residents, its source and year, for complaints by population.")
        yield from self._refused()

    def _refused(self) -> Iterator[Block]:
        counted = list(self._refused_in_year())
        if counted:
            columns = (Column("Procedure", figures=False), Column("Refused, of all received"))
            yield Table(
                "refused", f"Complaints refused, {self.year}", columns, tuple(counted), "By the day of receipt."
            )
        cells = [cell for _, cell in counted]
        if not self.supplied.refused:
            yield Gap("gap-w3", "the kinds of complaint refused, each with its number.")
        elif any(isinstance(cell, Withheld) for cell in cells):  # the reasons add up to what is withheld
            yield Sentence(
                "reasons-withheld",
                "The numbers refused for each reason are withheld to protect the people concerned.",
                "Reasons were supplied, and a number of refusals is withheld.",
            )
            yield Gap("gap-reasons", "the kinds of complaint refused, in words that point to nobody.")
        else:
            yield annualtables.reasons(self.supplied.refused, self.threshold)
            if sum(item.count for item in self.supplied.refused) != sum(c.count for c in cells if isinstance(c, Share)):
                yield Gap("gap-sum", "a check of the reasons: they do not add up to the refusals in the records.")

    def _refused_in_year(self) -> Iterator[tuple[str, Cell]]:
        """The refusals of each procedure, from the published measures."""
        for group in self.material.groups:
            for table in self.material.table(slug("outcomes", group)):
                place = [column.heading for column in table.columns].index(str(self.year))
                yield from ((group, row[place]) for row in table.rows if row[1] == "W3")

    # --- c: what did not comply

    def _non_compliance(self) -> Iterator[Section]:
        said: list[Block] = []
        for code, assessed in self.assessed.items():
            said += annualtables.departures(code, assessed)
        if not said:
            text = "Our written procedure was not compared with any Code."
            said.append(Sentence("departs-no-code", text, "No Code governs a procedure of the council here."))
        found, *of_cases = sections.departures(self.material)
        heading = "Findings of non-compliance with the Code"
        by_law = any(each.standing == "law" for each in self.material.judged)
        yield replace(found, id="non-compliance", heading=heading, blocks=(_APART,) if by_law else ())
        yield Section("by-policy", "In our written procedure", tuple(said), level=3)
        found_by = tuple(self._dated_notes("non-compliance", self.supplied.non_compliance))
        yield Section("by-ombudsman", "Found by the Ombudsman", found_by, level=3)
        yield from of_cases

    # --- d: improvements

    def _improvements(self) -> Iterator[Block]:
        kept = tuple(item for item in self.supplied.improvements if not item.done or item.date >= self.year.first)
        only = Supplied.model_construct(improvements=kept)
        if kept:
            yield handtables.improvements(only)
        else:
            yield Gap("gap-w12", "the improvements made or planned, each with the role that owns it and its date.")
        yield Gap("gap-lessons", f"the main lessons from the complaints of {self.year}.")

    # --- e and f: from the Ombudsman

    def _letter(self) -> Iterator[Block]:
        so_far = self.supplied.up_to(str(self.year))
        yield from handtables.ombudsmen(so_far)
        if str(self.year) not in {each.year for each in so_far.ombudsman}:
            yield Gap(
                "gap-w13", f"the figures of the Ombudsman's annual letter for {self.year}, copied, and the letter."
            )

    def _dated_notes(self, name: str, supplied: Sequence[DatedNote] | None) -> Iterator[Block]:
        """The notes supplied for the year. No list is a gap; an empty list means that there were none."""
        what = {
            "non-compliance": "what the Ombudsman found that did not comply with the Code",
            "reports": "other reports of the Ombudsman that concern the council's work",
        }[name]
        if supplied is None:
            yield Gap(f"gap-{name}", f"{what}, in {self.year}, or that there was none.")
            return
        rows = tuple((item.what, item.date) for item in supplied if item.date in self.year)
        if rows:
            columns = (Column("What", figures=False), Column("Date", figures=False))
            yield Table(f"{name}-told", capital(what), columns, rows, "Supplied by hand (Code 8.1).")
        else:
            text = f"None was recorded for {self.year} in what was supplied by hand."
            yield Sentence(f"{name}-none", text, "The list was supplied and names none dated in the year.")
