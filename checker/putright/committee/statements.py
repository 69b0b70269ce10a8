"""Every generated sentence, and the condition under which it applies.

A statement gets the cells of a table unchanged, including withheld ones, so that no sentence can say more than its
table. No sentence gives a cause, and none calls a figure good or bad.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from putright.documents.paper import Cell, Sentence, Share, Withheld
from putright.text.english import capital, listed, plural

#: A share with a smaller base is given as two counts: a percentage would look more certain than it is.
FEW = 20


@dataclass(frozen=True)
class Statement:
    """A sentence and its condition. ``applies`` and ``text`` take the same cells and words."""

    id: str
    condition: str
    applies: Callable[..., bool]
    text: Callable[..., str]

    def sentence(self, *given: Any) -> Sentence | None:
        """The sentence, if it applies to these cells and words."""
        return Sentence(self.id, self.text(*given), self.condition) if self.applies(*given) else None


def first(*sentences: Sentence | None) -> tuple[Sentence, ...]:
    """The first sentence that applies, if any."""
    return next(((sentence,) for sentence in sentences if sentence), ())


def number(count: int) -> str:
    """A count in a sentence."""
    return {0: "none", 1: "one"}.get(count, f"{count:,}")


def _of(share: Share) -> str:
    """The count of a share, as a word if it is all or none."""
    return "all" if share.count == share.base else f"{share.count:,}" if share.count else "none"


def _some(cell: Cell) -> bool:
    return isinstance(cell, int) and cell > 0


def _all_shown(*cells: Cell) -> bool:
    return all(isinstance(cell, int) for cell in cells)


def _total(*cells: Cell) -> int:
    return sum(cell for cell in cells if isinstance(cell, int))


# --- how many -------------------------------------------------------------------------------------


def _readable(rejected: int) -> str:
    """A limit on the count of complaints, if some records could not be read."""
    return ", counting only the case records that could be read" if rejected else ""


COMPLAINTS = (
    Statement(
        "complaints-none",
        "The count of complaints is 0, and every case record could be read.",
        lambda count, of, when, rejected=0: count == 0 and not rejected,
        lambda count, of, when, rejected=0: f"No {f'{of} ' if of else ''}complaint was received {when}.",
    ),
    Statement(
        "complaints-none-read",
        "The count of complaints is 0, and case records could not be read.",
        lambda count, of, when, rejected=0: count == 0 and rejected > 0,
        lambda count, of, when, rejected=0: (
            f"The case records that could be read show no {f'{of} ' if of else ''}complaint received {when}; "
            f"{number(rejected)} could not be read, so that we cannot say that none was received."
        ),
    ),
    Statement(
        "complaints-one",
        "The count of complaints is 1.",
        lambda count, of, when, rejected=0: count == 1,
        lambda count, of, when, rejected=0: f"One {of} complaint was received {when}{_readable(rejected)}.",
    ),
    Statement(
        "complaints",
        "The count of complaints is shown and above 1.",
        lambda count, of, when, rejected=0: isinstance(count, int) and count > 1,
        lambda count, of, when, rejected=0: f"{count:,} {of} complaints were received {when}{_readable(rejected)}.",
    ),
    Statement(
        "complaints-withheld",
        "The count of complaints is withheld.",
        lambda count, of, when, rejected=0: isinstance(count, Withheld),
        lambda count, of, when, rejected=0: (
            f"The number of {of} complaints received {when} is withheld to protect the people concerned."
        ),
    ),
)

# --- times kept -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepWords:
    """The words for a step in one procedure, for example ``stage 1 answer`` and ``given``."""

    step: str
    done: str
    group: str

    @property
    def steps(self) -> str:
        return f"{self.step}s to {self.group} complaints"

    @property
    def one(self) -> str:
        return f"{self.step} to a {self.group} complaint"


def _was(count: int) -> str:
    return "was" if count < 2 else "were"


def _steps(count: int) -> str:
    return "one step" if count == 1 else f"{count:,} steps"


def _percent(share: Share) -> str:
    return f" ({share.percent}%)" if share.base >= FEW else ""


def _unsaid(unshown: Cell) -> str:
    """How many steps the records do not show, if that is published and not 0."""
    return f"; of {number(unshown)} they do not say" if isinstance(unshown, int) and unshown else ""


def _cannot(unshown: Cell, judged: Cell) -> str:
    """How many steps the records cannot show and how many are for judgement, if those are published and not 0."""
    said = f"; for {number(unshown)} they cannot show it" if isinstance(unshown, int) and unshown else ""
    if isinstance(judged, int) and judged:
        said += f"; {number(judged)} {plural(judged, 'is', 'are')} for a person to judge"
    return said


def _none_shown(share: Cell, unshown: Cell) -> bool:
    """Whether the records show the result for none of those due."""
    return isinstance(share, Share) and share.count == 0 and unshown == share.base


def _is(share: Cell, least: int, most: int | None = None) -> bool:
    return isinstance(share, Share) and share.base >= least and (most is None or share.base <= most)


STEP_IN_TIME = (
    Statement(
        "kept-none-due",
        "There is no share, as nothing was due (base 0).",
        lambda share, kept, unshown=None, judged=None: share is None,
        lambda share, kept, unshown=None, judged=None: f"No {kept.one} had come to the end of its time.",
    ),
    Statement(
        "kept-unshown",
        "The share is shown, and so is the count that the records cannot show; it is the whole base.",
        lambda share, kept, unshown=None, judged=None: _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            f"The records cannot show whether any of {share.base:,} {kept.steps} whose time was up was {kept.done} in "
            "time."
            if share.base > 1
            else f"One {kept.one} had come to the end of its time; the records cannot show whether it was {kept.done} "
            "in time."
        ),
    ),
    Statement(
        "kept-one",
        "The base of the share is 1 and shown; the records do not leave it open.",
        lambda share, kept, unshown=None, judged=None: _is(share, 1, 1) and not _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            f"One {kept.one} had come to the end of its time; the records "
            f"{'show' if share.count else 'do not show'} that it was {kept.done} in time."
        ),
    ),
    Statement(
        "kept-few",
        f"The share is shown, its base from 2 to {FEW - 1}, and the records can show some: both counts, no percentage.",
        lambda share, kept, unshown=None, judged=None: _is(share, 2, FEW - 1) and not _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            f"Of {share.base} {kept.steps} whose time was up, the records show {_of(share)} to have been "
            f"{kept.done} in time{_cannot(unshown, judged)}."
        ),
    ),
    Statement(
        "kept",
        f"The share is shown, its base {FEW} or more, and the records can show some.",
        lambda share, kept, unshown=None, judged=None: _is(share, FEW) and not _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            f"Of {share.base:,} {kept.steps} whose time was up, the records show {_of(share)} to have been "
            f"{kept.done} in time ({share.percent}%){_cannot(unshown, judged)}."
        ),
    ),
)

STEPS_WITHHELD = Statement(
    "kept-withheld",
    "The shares of these steps are withheld (one or more).",
    lambda steps, group: len(steps) > 0,
    lambda steps, group: (
        f"How many {listed([f'{step}s' for step in steps])} to {group} complaints were in time is withheld "
        "to protect the people concerned."
    ),
)

# --- departures -----------------------------------------------------------------------------------

DEPARTURES = (
    Statement(
        "departures-none",
        "Every count of what was late, lacking or not recorded is shown and 0; something was due.",
        lambda title, due, late, lacking, unrecorded: (
            _all_shown(late, lacking, unrecorded) and _total(late, lacking, unrecorded) == 0 and _some(due)
        ),
        lambda title, due, late, lacking, unrecorded: (
            f"Of {due:,} checks whose time was up, none found a step late, "
            "without what it needed, or overdue with nothing recorded."
        ),
    ),
    Statement(
        "departures",
        "Every count of what was late, lacking or not recorded is shown, and one is above 0.",
        lambda title, due, late, lacking, unrecorded: (
            _all_shown(due, late, lacking, unrecorded) and _total(late, lacking, unrecorded) > 0
        ),
        lambda title, due, late, lacking, unrecorded: (
            f"Of {due:,} checks whose time was up, "
            f"{number(_total(late, lacking, unrecorded))} found a departure: {number(late)} late, {number(lacking)} "
            f"without what was needed, and {number(unrecorded)} overdue with nothing recorded."
        ),
    ),
    Statement(
        "departures-withheld",
        "One of the counts is withheld.",
        lambda title, due, late, lacking, unrecorded: any(
            isinstance(cell, Withheld) for cell in (due, late, lacking, unrecorded)
        ),
        lambda title, due, late, lacking, unrecorded: (
            f"The numbers of departures from {title} are not given as a "
            "whole, since some are withheld to protect the people concerned; the table of its rules has the others."
        ),
    ),
)

STAGE = (
    Statement(
        "stage",
        "The share and the counts of what was late or not recorded are shown.",
        lambda stage, share, late, unrecorded, unshown: _is(share, 1) and _all_shown(late, unrecorded),
        lambda stage, share, late, unrecorded, unshown: (
            f"{stage}: of {_steps(share.base)} whose time was up, the records show "
            f"{_of(share)} to have been taken in time{_percent(share)}; {number(late)} came late, and "
            f"{number(unrecorded)} {_was(unrecorded)} overdue with nothing recorded{_unsaid(unshown)}."
        ),
    ),
    Statement(
        "stage-share",
        "The share is shown, what was late or not recorded is not.",
        lambda stage, share, late, unrecorded, unshown: _is(share, 1) and not _all_shown(late, unrecorded),
        lambda stage, share, late, unrecorded, unshown: (
            f"{stage}: of {_steps(share.base)} whose time was up, the records show "
            f"{_of(share)} to have been taken in time{_percent(share)}{_unsaid(unshown)}."
        ),
    ),
)

LETTER = Statement(
    "letter",
    "The share of letters that held all that was called for is shown.",
    lambda letter, clause, share, unshown: _is(share, 1),
    lambda letter, clause, share, unshown: (
        f"{letter} ({clause}): of {share.base:,} {plural(share.base, 'letter')}, the records show "
        f"{_of(share)} to have held all that is called for{_percent(share)}{_unsaid(unshown)}."
    ),
)

MOST = Statement(
    "departures-most",
    "Every rule's departures are shown; one rule has more than any other, and at least 2.",
    lambda counts: (
        len(counts) > 1
        and _all_shown(*counts.values())
        and max(counts.values()) > 1
        and sorted(counts.values())[-1] > sorted(counts.values())[-2]
    ),
    lambda counts: f"The step with the most of them was: {max(counts, key=counts.get)} ({max(counts.values()):,}).",
)

GUIDANCE = Statement(
    "departures-guidance",
    "The rulebook is guidance, not law.",
    lambda title, standing: standing == "guidance",
    lambda title, standing: f"{title} is guidance: a departure from it is not in itself a breach of law.",
)

DOCUMENT = Statement(
    "document-in-doubt",
    "The rulebook says that it has been superseded, that it ends, whom it is for, or that it is in doubt as a whole.",
    lambda title, doubts: len(doubts) > 0,
    lambda title, doubts: f"{title}: {' '.join(doubts)}",
)

JUDGEMENT = Statement(
    "for-judgement",
    "The count for judgement is shown and above 0.",
    lambda count: _some(count),
    lambda count: f"{capital(number(count))} {plural(count, 'check is', 'checks are')} left for a person to judge.",
)

EVIDENCE = Statement(
    "no-evidence",
    "The count without evidence is shown and above 0.",
    lambda count: _some(count),
    lambda count: f"{capital(number(count))} {plural(count, 'check')} could not be answered from the records.",
)

# --- two procedures, the whole path ---------------------------------------------------------------

TWO_WAY = Statement(
    "two-way",
    "The count in time by the council's own procedure and not by the national one is shown and above 0.",
    lambda count, step, title: _some(count),
    lambda count, step, title: (
        f"{capital(step)}: {number(count)} in time by the council's own procedure "
        f"{plural(count, 'was', 'were')} not in time by {title}."
    ),
)

PATH = Statement(
    "path",
    f"The median is shown, of {FEW} answers or more.",
    lambda answers, median, path, group: isinstance(answers, int) and answers >= FEW and isinstance(median, int),
    lambda answers, median, path, group: (
        f"{path}, {group} complaints: half of {answers:,} took {median} working days or fewer."
    ),
)

# --- the records and waivers behind the figures ----------------------------------------------------


ROWS = (
    Statement(
        "rows-none",
        "No row was read.",
        lambda read, rejected: read == 0,
        lambda read, rejected: "The file of cases has no row, so there is nothing to report.",
    ),
    Statement(
        "rows-all",
        "Rows were read, and none of them rejected.",
        lambda read, rejected: read != 0 and rejected == 0,
        lambda read, rejected: "All case records could be read.",
    ),
    Statement(
        "rows-rejected",
        "Rows were rejected; how many were read is said where nothing is withheld.",
        lambda read, rejected: read != 0 and rejected > 0,
        lambda read, rejected: (
            f"{capital(number(rejected))} {f'of {read:,} case records' if read else plural(rejected, 'case record')} "
            f"could not be read and {plural(rejected, 'is', 'are')} in no figure."
        ),
    ),
)

UNREAD = Statement(
    "values-unread",
    "Cases were kept though some of their values could not be read.",
    lambda values: values > 0,
    lambda values: (
        "One value in the case records could not be read; it counts as not recorded."
        if values == 1
        else f"{values:,} values in the case records could not be read; they count as not recorded."
    ),
)

WITHOUT = Statement(
    "without-rulebook",
    "Cases were not judged by a rulebook, as there is none of that name.",
    lambda names: len(names) > 0,
    lambda names: (
        f"There is no rulebook named {listed(names)}: complaints that it would cover were judged by the "
        "national rulebook alone."
    ),
)

WAIVERS = Statement(
    "waivers",
    "A file of waivers was given.",
    lambda given, applied: given > 0,
    lambda given, applied: (
        f"{capital(number(given))} {plural(given, 'waiver was', 'waivers were')} given and {number(applied)} "
        "applied. A waiver is shown next to its finding and changes no verdict and no count."
    ),
)

WITHHELD_NOTE = Statement(
    "withheld",
    "A count in the tables may be withheld: the paper is for publication.",
    lambda threshold: threshold > 1,
    lambda threshold: (
        f"Counts from 1 to {threshold - 1} are withheld, and others that would give them away; 0 is shown, "
        "since it is about nobody. Percentages and sentences follow the same rule."
    ),
)

#: Every statement; a test tries each with zero, one, small and withheld counts.
ALL: tuple[Statement, ...] = (
    *COMPLAINTS,
    *STEP_IN_TIME,
    STEPS_WITHHELD,
    *DEPARTURES,
    *STAGE,
    LETTER,
    MOST,
    GUIDANCE,
    DOCUMENT,
    JUDGEMENT,
    EVIDENCE,
    TWO_WAY,
    PATH,
    *ROWS,
    UNREAD,
    WITHOUT,
    WAIVERS,
    WITHHELD_NOTE,
)
