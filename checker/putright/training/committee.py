"""The lesson *Before committee*: from an audit to figures a member can question, small numbers, what not to claim."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from putright.documents.paper import Share, Table, spell
from putright.documents.pictures import bars
from putright.fields import RULES
from putright.text import rounding
from putright.text.english import capital
from putright.text.shown import Display, say, table, together
from putright.training.asking import NoMaterial
from putright.training.cases import CaseLesson, prepared
from putright.training.lessons import or_why_not
from putright.training.questions import Choice, ChoiceQuestion, NumberQuestion, Question, SeveralQuestion

if TYPE_CHECKING:
    from putright.api.figures import Counts

#: Two made-up rows of figures, each with a total and a small count. The second does not reveal the first.
SERVICES: Mapping[str, int] = {"Parks": 2, "Parking": 9, "Waste": 14, "Libraries": 11}
LATER: Mapping[str, int] = {"Parks": 12, "Parking": 3, "Waste": 17, "Libraries": 8}
_TOTAL = "All services"


@dataclass(frozen=True)
class Stage1:
    """The stage 1 responses of the year, as the table of the procedure counts them."""

    figures: dict[str, int]
    """Each count above nought, by its heading."""
    share: Share
    """Those in time, of all that were due."""
    unknown: int
    """Those for which the records cannot show whether they were in time."""
    note: str


@dataclass(frozen=True)
class Withheld:
    """What has to be withheld of a row of figures, and what each of these could be."""

    threshold: int
    hidden: tuple[str, ...]
    ranges: dict[str, tuple[int, int | None]]


class BeforeCommittee(CaseLesson):
    """The lesson on figures: their base, and which statements they support."""

    cases: ClassVar[int] = 150

    @cached_property
    def counts(self) -> Counts:
        """The counts of the audit."""
        from putright.api.figures import counts

        return counts(self.audited)

    @or_why_not
    @prepared(Display)
    def rules(self) -> Display:
        """The figures of the council's own corporate procedure, rule by rule."""
        return _shown(self._own())

    @or_why_not
    @prepared(Display)
    def services(self) -> Display:
        """The figures by service, as they are before anything is withheld."""
        from putright.api.figures import service_table

        return _shown(service_table(self.counts))

    @prepared(Display)
    def measures(self) -> Display:
        """The definition of each measure and its base."""
        from putright.api.figures import definitions

        found = definitions()
        headings = [column.heading for column in found.columns[:4]]
        return table(headings, [[spell(each) for each in row[:4]] for row in found.rows], found.title)

    def _own(self) -> Table:
        """The table of the council's own rulebook; NoMaterial if there is none."""
        from putright.api.figures import rule_tables

        wanted = f"{self.council}.{self.procedure}"
        found = (each for each in rule_tables(self.counts) if wanted in each.title or self.book().title in each.title)
        if (own := next(found, None)) is None:
            raise NoMaterial(f"{self.authority} has no procedure of its own here that could be counted.")
        return own

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        return {
            "share": self._share_question,
            "base": self._base_question,
            "work-it-back": self._back_question,
            "how-many": self._withheld_question,
            "claims": self._claims_question,
            "naming": self._naming_question,
        }

    # --- shares and bases -------------------------------------------------------------------------

    @cached_property
    def _stage1(self) -> Stage1:
        return self.stage1()

    @prepared(Stage1)
    def stage1(self) -> Stage1:
        """The row of the stage 1 response in the table of the council's own procedure."""
        own = self._own()
        asked = capital(RULES["respond-stage1"])
        rows = (row for row in own.rows if str(row[0]).startswith(asked) and "limit" not in str(row[0]))
        if (row := next(rows, None)) is None:
            raise NoMaterial(f"Our procedure sets no time for this: {RULES['respond-stage1']}.")
        cells = dict(zip((column.heading for column in own.columns), row, strict=True))
        share = next((each for each in row if isinstance(each, Share)), None)
        if share is None or not share.base:
            raise NoMaterial("In the made-up year no stage 1 answer fell due.")
        unknown = cells["No evidence"]
        assert isinstance(unknown, int)
        figures = {name: each for name, each in cells.items() if isinstance(each, int) and each}
        return Stage1(figures, share, unknown, own.note)

    def _share_question(self) -> Question:
        share, figures = self._stage1.share, self._stage1.figures
        decided = Share(share.count, share.base - self._stage1.unknown)
        known = {decided.percent: "You left out those the record cannot show. A figure without them looks too good."}
        known |= {Share(share.base - share.count, share.base).percent: "That is the share that was not in time."}
        return NumberQuestion(
            "share",
            "What percentage of stage 1 responses were in time, as a whole number? The base is every response that "
            "was due, including those that the record cannot show.",
            f"{spell(share)}: {share.count} of {share.base}. Never show the percentage without its base.",
            shows=(table(tuple(figures), [list(figures.values())]),),
            number=share.percent,
            known={number: hint for number, hint in known.items() if number != share.percent},
            general="Divide the number in time by the number that were due, and round to the nearest whole number.",
            reveal=lambda: say(self._stage1.note),
        )

    def _base_question(self) -> Question:
        last, this = Share(8, 10), Share(3, 5)
        return ChoiceQuestion(
            "base",
            f"Last quarter: {spell(last)}. This quarter: {spell(this)}. A member asks what went wrong. What do you "
            "say?",
            "With bases so small, one case moves the figure by many points. You can talk about the cases themselves.",
            shows=(bars({"last quarter": last.percent, "this quarter": this.percent}, "percent", _words(last, this)),),
            choices=(
                Choice("Performance has fallen by a quarter.", "How many cases make the difference?"),
                Choice("There are too few cases to tell a change from chance. Here is what happened in them.", None),
                Choice("Nothing went wrong: both are above half.", "Two people were answered late. Is that nothing?"),
                Choice("Staff were on leave.", "Does anything in the audit show that?"),
            ),
            reveal=lambda: table(
                ("quarter", "in time", "of", "one case more or less"),
                [
                    (name, each.count, each.base, f"{rounding.percent(1, each.base)} points")
                    for name, each in (("last", last), ("this", this))
                ],
            ),
        )

    # --- small numbers ----------------------------------------------------------------------------

    def _row(self, figures: Mapping[str, int], hidden: Collection[str]) -> Display:
        cells = [(name, "withheld" if name in hidden else count) for name, count in figures.items()]
        return table(("service", "complaints"), cells)

    @prepared(Withheld)
    def withheld(self) -> Withheld:
        """What has to be withheld of the later figures."""
        from putright.api.figures import THRESHOLD, Key, Relation, solve, suppress

        relations = [Relation(_TOTAL, tuple(LATER))]
        figures: dict[Key, int] = {name: count for name, count in _with_total(LATER).items()}  # noqa: C416
        hidden = suppress(figures, relations).hidden
        ranges = solve({name: count for name, count in figures.items() if name not in hidden}, relations, hidden)
        least = {str(name): (found.least, found.most) for name, found in ranges.items()}
        return Withheld(THRESHOLD, tuple(sorted(map(str, hidden))), least)

    def _back_question(self) -> Question:
        figures, threshold = _with_total(SERVICES), self.withheld().threshold
        small = next(name for name, count in SERVICES.items() if count < threshold)
        return NumberQuestion(
            "work-it-back",
            f"A count below {threshold} is withheld, and nothing else. How many complaints were about {small}?",
            "The total less what is shown. Anybody who can subtract has the number that was to be withheld.",
            shows=(self._row(figures, {small}),),
            number=SERVICES[small],
            known={figures[_TOTAL]: "That is all of them. Take away the ones you can see."},
            general="You have a total and all its parts but one.",
        )

    def _withheld_question(self) -> Question:
        figures, withheld = _with_total(LATER), self.withheld()
        hidden = withheld.hidden
        return NumberQuestion(
            "how-many",
            "The next quarter. How many of these figures must be withheld, so that none can be worked out?",
            "Withhold one more, so that two are unknown and only their sum is known. A zero is always shown: it is a "
            "count of nobody.",
            shows=(self._row(figures, ()),),
            number=len(hidden),
            known={
                1: "Then it can be worked out as before.",
                len(figures): "That publishes nothing. How few are enough?",
            },
            general="Withhold one, and see whether it can be worked out; then withhold one more.",
            reveal=lambda: together(
                self._row(figures, hidden),
                table(
                    ("withheld", "can be anything from", "to"),
                    [(name, least, most) for name, (least, most) in withheld.ranges.items()],
                ),
            ),
        )

    # --- what may be said -------------------------------------------------------------------------

    def _claims_question(self) -> Question:
        share = self._stage1.share
        shown = "Look for a sentence that says what was counted, or what could not be."
        return SeveralQuestion(
            "claims",
            "Which of these sentences can go in the paper?",
            "Say only what was counted, out of how many, and what could not be counted.",
            choices=self._shuffled(
                (
                    f"Of {share.base} stage 1 responses due, the records show that {share.count} were in time.",
                    True,
                    shown,
                ),
                (
                    "We comply with the Code.",
                    False,
                    "An audit of dates and letters says nothing about the rest.",
                ),
                (f"For {self._stage1.unknown} of them the records cannot show whether they were in time.", True, shown),
                ("The Ombudsman would have found no fault.", False, "Nobody can say what the Ombudsman would find."),
                ("Responses are quicker, thanks to the new training.", False, "No figure here shows what caused it."),
            ),
        )

    def _shuffled(self, *sentences: tuple[str, bool, str]) -> tuple[tuple[str, bool, str], ...]:
        return tuple(random.Random(self.seed).sample(sentences, len(sentences)))

    def _naming_question(self) -> Question:
        return ChoiceQuestion(
            "naming",
            "A member asks for the case numbers behind a figure, in the public meeting. What do you say?",
            "Findings name cases by their references, so they are personal data. Public papers have figures only, with "
            "small ones withheld. The monitoring officer decides what a member may see of a case.",
            choices=(
                Choice("Read them out: a number is not a name.", "Who in the room could tell whose number it is?"),
                Choice("Not in public. The monitoring officer says who may see them.", None),
                Choice("There is no list.", "There is one, and the figures come from it."),
                Choice("Put the findings on the website.", "They are about people who complained."),
            ),
        )


def _with_total(row: Mapping[str, int]) -> dict[str, int]:
    return {**row, _TOTAL: sum(row.values())}


def _words(last: Share, this: Share) -> str:
    return f"In time last quarter: {spell(last)}; this quarter: {spell(this)}."


def _shown(found: Table) -> Display:
    rows = [[spell(each) for each in row] for row in found.rows]
    made = table([column.heading for column in found.columns], rows, found.title)
    return together(made, say(found.note)) if found.note else made
