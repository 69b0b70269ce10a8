"""Read the figures that case records cannot show from a small file supplied by hand; report mistakes with their place.

    population: {residents: 345300, source: "ONS mid-year estimate", year: "2025"}
    landlord: {homes: 17900, source: "housing register", year: "2025"}
    service_requests: [{from: 2026-04-01, to: 2026-06-30, count: 5210}]
    refused: [{reason: "more than 12 months old", count: 6}]
    improvements: [{what: "Repairs texts the new date", owner: "Head of Housing", date: 2026-06-01}]
    feedback: [{what: Compliments, from: 2025-04-01, to: 2026-03-31, count: 310}]
    ombudsman: [{year: 2025/26, decided: 31, investigated: 9, upheld: 6, recommendations: 6, complied: 6}]
    housing_ombudsman: [{year: 2025/26, maladministration: 2, service_failure: 1, no_maladministration: 4}]
    benchmarks: [{year: 2024/25, measure: upheld, figure: 83, of: "all councils", source: "Annual review, July 2025"}]
    cover: {committee: "Audit Committee", date: 2026-06-15, author: "Head of Governance", wards: All, exempt: "No"}
    non_compliance: [{what: "No letter named the Ombudsman in one case", date: 2025-11-03}]
    reports: [{what: "Focus report on housing repairs", date: 2025-07-10}]
    words: {upheld: "fault found", not_upheld: "no fault found"}
    targets: {acknowledged: 95, stage1: 90, stage2: 90}

Dates may be in UK order: ``01/04/2026``. All of it may be left out; what is missing is a marked gap in the documents,
except for feedback, the Housing Ombudsman and benchmarks. ``non_compliance`` (what the Ombudsman
found against the Code) and ``reports`` (the Ombudsman's other reports) are for the annual report; ``[]`` says that
there was none.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from putright.mistakes import Mistake
from putright.rulebooks.modelfiles import read_model
from putright.statistics.periods import Months
from putright.text.dates import as_date

#: No council has more of anything; a longer number would not fit a figure.
Count = Annotated[int, Field(ge=0, le=10**9)]
Text = Annotated[str, Field(min_length=1)]
Day = Annotated[dt.date, BeforeValidator(as_date)]
Year = Annotated[str, Field(pattern=r"^\d{4}/\d{2}$")]


class SuppliedError(Mistake):
    """A file of supplied figures cannot be used; the text says where, what was found and what was expected."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Population(_Model):
    """The population of the area, with its source and year."""

    residents: Annotated[int, Field(gt=0)]
    source: Text
    year: Text


class Homes(_Model):
    """The homes that the council lets as a social landlord, with their source and year."""

    homes: Annotated[int, Field(gt=0)]
    source: Text
    year: Text


class Requests(_Model):
    """Contacts treated as service requests from one day to another, both included."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    count: Count

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end < self.start:
            raise ValueError("'to' comes before 'from'")
        return self


class Feedback(Requests):
    """Compliments, apologies or other feedback from one day to another, in the council's own words."""

    what: Text


class Reason(_Model):
    """Why complaints were refused, and how many for that reason."""

    reason: Text
    count: Count


class Improvement(_Model):
    """A change made, or to be made, because of complaints; ``date`` is when it was or is to be done."""

    what: Text
    owner: Text
    date: Day
    done: bool = True


class Letter(_Model):
    """A year as the Ombudsman's annual letter has it: copied, never worked out again."""

    year: Year
    decided: Count
    investigated: Count
    upheld: Count
    recommendations: Count | None = None
    """Decisions with recommendations that were due to be carried out."""
    complied: Count | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for part, whole in (("upheld", "investigated"), ("investigated", "decided"), ("complied", "recommendations")):
            less, more = getattr(self, part), getattr(self, whole)
            if less is not None and (more is None or less > more):
                raise ValueError(f"'{part}' cannot be more than '{whole}'; copy both from the letter")
        return self


class Determinations(_Model):
    """A year's findings of the Housing Ombudsman on a landlord, as its landlord report has them, by kind.

    The kinds are those of the Ombudsman's page on the findings it can make. A case can have several findings.
    """

    year: Year
    severe_maladministration: Count = 0
    maladministration: Count = 0
    service_failure: Count = 0
    redress: Count = 0
    mediation: Count = 0
    no_maladministration: Count = 0
    outside_jurisdiction: Count = 0
    withdrawn: Count = 0


class Benchmark(_Model):
    """What others reached in a year, as somebody published it: a percentage, or upheld complaints by residents."""

    year: Year
    measure: Literal["upheld", "complied", "upheld_per_100000"]
    figure: Annotated[float, Field(ge=0, le=10_000)]
    of: Text
    """Whose figure it is: ``all councils in England``."""
    source: Text

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        if self.measure != "upheld_per_100000" and self.figure > 100:
            raise ValueError(f"'{self.measure}' is a percentage, and {self.figure:g} is above 100")
        return self


class Cover(_Model):
    """The head of a paper for a committee."""

    committee: Text | None = None
    date: Day | None = None
    """The day of the meeting."""
    author: Text | None = None
    """A role, rather than a name."""
    wards: Text | None = None
    exempt: Text | None = None
    """Whether the paper or a part of it is exempt from publication, and under which paragraph."""


class DatedNote(_Model):
    """A finding or report of the Ombudsman in a few words, with its date."""

    what: Text
    date: Day


Percent = Annotated[int, Field(ge=0, le=100)]
Target = Literal["acknowledged", "stage1", "stage2"]
Outcome = Literal["upheld", "partly_upheld", "not_upheld", "resolved", "no_finding", "not recorded"]


class Supplied(_Model):
    """What somebody supplied by hand, as the file that ``--supplied`` names has it."""

    population: Population | None = None
    landlord: Homes | None = None
    service_requests: tuple[Requests, ...] = ()
    refused: tuple[Reason, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    ombudsman: tuple[Letter, ...] = ()
    housing_ombudsman: tuple[Determinations, ...] = ()
    benchmarks: tuple[Benchmark, ...] | None = None
    """What others reached, in place of the figures that putright has; an empty list leaves the comparison out."""
    cover: Cover = Cover()
    non_compliance: tuple[DatedNote, ...] | None = None
    """Findings of the Ombudsman that something did not comply with the Code; None if not supplied."""
    reports: tuple[DatedNote, ...] | None = None
    """Other reports of the Ombudsman; None if not supplied."""
    words: dict[Outcome, Text] = {}
    """The council's own words for outcomes."""
    targets: dict[Target, Percent] = {}
    """The share of complaints that the council means to acknowledge and to answer in time, in percent."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for one, other in pairwise(sorted(self.service_requests, key=lambda item: item.start)):
            if other.start <= one.end:
                raise ValueError(f"'service_requests' count {other.start} twice: give periods that do not overlap")
        return self

    def up_to(self, year: str) -> Supplied:
        """The same without what the Ombudsmen decided in later financial years."""
        return self.model_copy(
            update={
                "ombudsman": tuple(each for each in self.ombudsman if each.year <= year),
                "housing_ombudsman": tuple(each for each in self.housing_ombudsman if each.year <= year),
            }
        )

    def requests_in(self, period: Months) -> list[str] | None:
        """The names of the counts of service requests that make up a period; None if they do not cover it."""
        within = [item for item in self.service_requests if item.start in period and item.end in period]
        days = sum((item.end - item.start).days + 1 for item in within)
        whole = (period.last - period.first).days + 1
        return [str(item.start) for item in within] if days == whole else None


def read_supplied(path: Path) -> Supplied:
    """Read and check a file; SuppliedError lists every mistake with its place."""
    return read_model(path, Supplied, "supplied figures: keys and values, for example 'population:'", SuppliedError)
