"""Every generated sentence, and the condition under which it applies.

A statement gets the cells of a table unchanged, including withheld ones, so that no sentence can say more than its
table. No sentence gives a cause, and none calls a figure good or bad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from putright.disclosure.publication import CONDUCT
from putright.documents.paper import Cell, Sentence, Share, Withheld, spell
from putright.text.english import capital, counted, listed, plural

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
            f"The number of {of} complaints received {when} is not shown because it is too small to publish."
        ),
    ),
)

# --- times kept -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepWords:
    """The words for a step: ``sent``, ``stage 1 response to a corporate complaint``, the same of many, ``on time``."""

    done: str
    one: str
    many: str
    when: str = "on time"
    due: str = "due"
    target: int | None = None
    """The council's own target in percent, where it supplied one."""


def _percent(share: Share) -> str:
    return f" ({share.percent}%)" if share.base >= FEW else ""


def _rest(unshown: Cell, judged: Cell = None) -> str:
    """How many the records cannot show and how many are for judgement, if those are published and not 0."""
    said = ""
    if isinstance(unshown, int) and unshown:
        said += f" Our records do not show the result for {number(unshown)}."
    if isinstance(judged, int) and judged:
        said += f" {capital(number(judged))} {plural(judged, 'needs', 'need')} a person's judgement."
    return said


def _none_shown(share: Cell, unshown: Cell) -> bool:
    """Whether the records show the result for none of those due."""
    return isinstance(share, Share) and share.count == 0 and unshown == share.base


def _is(share: Cell, least: int, most: int | None = None) -> bool:
    return isinstance(share, Share) and share.base >= least and (most is None or share.base <= most)


def _kept(share: Share, kept: StepWords) -> str:
    """``We sent 3 of 40 stage 1 responses to corporate complaints on time.``"""
    if share.count == share.base:
        return f"We {kept.done} all {share.base:,} {kept.many}{_percent(share)} {kept.when}."
    count = f"{share.count:,}" if share.count else "none"
    return f"We {kept.done} {count} of {share.base:,} {kept.many}{_percent(share)} {kept.when}."


STEP_IN_TIME = (
    Statement(
        "kept-none-due",
        "There is no share, as nothing was due (base 0).",
        lambda share, kept, unshown=None, judged=None: share is None,
        lambda share, kept, unshown=None, judged=None: f"No {kept.one} was {kept.due}.",
    ),
    Statement(
        "kept-unshown",
        "The share is shown, and so is the count that the records cannot show; it is the whole base.",
        lambda share, kept, unshown=None, judged=None: _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            f"Our records do not show whether we {kept.done} any of {share.base:,} {kept.many} on time."
            if share.base > 1
            else f"One {kept.one} was {kept.due}. Our records do not show whether we {kept.done} it on time."
        ),
    ),
    Statement(
        "kept-one",
        "The base of the share is 1 and shown; the records do not leave it open.",
        lambda share, kept, unshown=None, judged=None: _is(share, 1, 1) and not _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            f"One {kept.one} was {kept.due}. "
            f"{'We' if share.count else 'Our records do not show that we'} {kept.done} it {kept.when}."
        ),
    ),
    Statement(
        "kept-few",
        f"The share is shown, its base from 2 to {FEW - 1}, and the records can show some: both counts, no percentage.",
        lambda share, kept, unshown=None, judged=None: _is(share, 2, FEW - 1) and not _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: _kept(share, kept) + _rest(unshown, judged),
    ),
    Statement(
        "kept",
        f"The share is shown, its base {FEW} or more, and the records can show some.",
        lambda share, kept, unshown=None, judged=None: _is(share, FEW) and not _none_shown(share, unshown),
        lambda share, kept, unshown=None, judged=None: (
            _kept(share, kept)
            + ("" if kept.target is None else f" Our target is {kept.target}%.")
            + _rest(unshown, judged)
        ),
    ),
)

STEPS_WITHHELD = Statement(
    "kept-withheld",
    "The shares of these steps are withheld (one or more).",
    lambda steps: len(steps) > 0,
    lambda steps: f"How many {listed(steps)} were on time is not shown because the numbers are too small to publish.",
)

UPHELD = Statement(
    "upheld",
    f"The share of stage 1 responses that upheld the complaint is shown, its base {FEW} or more.",
    lambda share, group: _is(share, FEW),
    lambda share, group: (
        f"We upheld {number(share.count)} of {share.base:,} {group} complaints{_percent(share)} at stage 1, in full or "
        "in part."
    ),
)

ESCALATED = Statement(
    "escalated",
    f"The share of stage 1 responses after which stage 2 was asked for is shown, its base {FEW} or more.",
    lambda share, group: _is(share, FEW),
    lambda share, group: (
        f"After {number(share.count)} of {share.base:,} stage 1 responses to {group} complaints{_percent(share)} the "
        "person asked for stage 2."
    ),
)


def _or_not_shown(share: Cell) -> str:
    return "not shown" if isinstance(share, Withheld) else spell(share)


TREND = Statement(
    "trend",
    "A share of stage 1 responses on time without an extension is shown for two quarters or more.",
    lambda quarters: sum(isinstance(share, Share) for _, share in quarters) > 1,
    lambda quarters: (
        "Stage 1 responses sent on time without an extension, by quarter: "
        f"{listed(f'{_or_not_shown(share)} ({quarter})' for quarter, share in quarters)}."
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
        lambda title, due, late, lacking, unrecorded: f"We made {due:,} {plural(due, 'check')} and found no departure.",
    ),
    Statement(
        "departures",
        "Every count of what was late, lacking or not recorded is shown, and one is above 0.",
        lambda title, due, late, lacking, unrecorded: (
            _all_shown(due, late, lacking, unrecorded) and _total(late, lacking, unrecorded) > 0
        ),
        lambda title, due, late, lacking, unrecorded: (
            f"We made {due:,} {plural(due, 'check')} and found "
            f"{counted(_total(late, lacking, unrecorded), 'departure')}: {number(late)} late, {number(lacking)} "
            f"incomplete and {number(unrecorded)} overdue with nothing recorded."
        ),
    ),
    Statement(
        "departures-withheld",
        "One of the counts is withheld.",
        lambda title, due, late, lacking, unrecorded: any(
            isinstance(cell, Withheld) for cell in (due, late, lacking, unrecorded)
        ),
        lambda title, due, late, lacking, unrecorded: (
            f"A total is not given for {title} because some of the numbers are too small to publish. The table of its "
            "rules shows the rest."
        ),
    ),
)


def _deadlines(share: Share) -> str:
    """``30 of 40 deadlines (75%) were met``."""
    if share.base == 1:
        return f"the one deadline was {'' if share.count else 'not '}met"
    return f"{share.count:,} of {share.base:,} deadlines{_percent(share)} were met"


STAGE = (
    Statement(
        "stage-unshown",
        "The share is shown, and so is the count that the records cannot show; it is the whole base.",
        lambda stage, share, late, unrecorded, unshown: _none_shown(share, unshown),
        lambda stage, share, late, unrecorded, unshown: (
            f"{stage}: our records do not show whether "
            + (f"any of {share.base:,} deadlines were met." if share.base > 1 else "the one deadline was met.")
        ),
    ),
    Statement(
        "stage",
        "The share and the counts of what was late or not recorded are shown, and the records can show some.",
        lambda stage, share, late, unrecorded, unshown: (
            _is(share, 1) and _all_shown(late, unrecorded) and not _none_shown(share, unshown)
        ),
        lambda stage, share, late, unrecorded, unshown: (
            f"{stage}: {_deadlines(share)}. {capital(number(late))} {plural(late, 'was', 'were')} met late, and "
            f"{number(unrecorded)} {plural(unrecorded, 'is', 'are')} overdue with nothing recorded.{_rest(unshown)}"
        ),
    ),
    Statement(
        "stage-share",
        "The share is shown, what was late or not recorded is not, and the records can show some.",
        lambda stage, share, late, unrecorded, unshown: (
            _is(share, 1) and not _all_shown(late, unrecorded) and not _none_shown(share, unshown)
        ),
        lambda stage, share, late, unrecorded, unshown: f"{stage}: {_deadlines(share)}.{_rest(unshown)}",
    ),
)

LETTER = (
    Statement(
        "letter-unshown",
        "The share of letters is shown, and so is the count that the records cannot show; it is the whole base.",
        lambda letters, clause, share, unshown: _none_shown(share, unshown),
        lambda letters, clause, share, unshown: (
            f"{letters} ({clause}): our records do not show what "
            + (f"any of {share.base:,} contained." if share.base > 1 else "the one sent contained.")
        ),
    ),
    Statement(
        "letter",
        "The share of letters that held all that was called for is shown, and the records can show some.",
        lambda letters, clause, share, unshown: _is(share, 1) and not _none_shown(share, unshown),
        lambda letters, clause, share, unshown: (
            f"{letters} ({clause}): {share.count:,} of {share.base:,} contained everything required{_percent(share)}."
            f"{_rest(unshown)}"
        ),
    ),
)

#: How many of the rules with most departures a sentence names.
_LEADING = 3


def _leading(counts: Mapping[str, Cell]) -> list[tuple[str, int]]:
    """The rules with most departures, the most first: each has 2 or more, and more than any that is not named."""
    found = [(name, count) for name, count in counts.items() if isinstance(count, int)]
    found.sort(key=lambda each: -each[1])
    after = [count for _, count in found[1:]] + [1]
    cut = [place for place, (_, count) in enumerate(found[:_LEADING]) if count > max(after[place], 1)]
    return found[: cut[-1] + 1] if cut else []


MOST = Statement(
    "departures-most",
    "Every rule's departures are shown; one to three rules have more than any other, and at least 2.",
    lambda counts: len(counts) > 1 and _all_shown(*counts.values()) and bool(_leading(counts)),
    lambda counts: f"Most departures were from: {listed(f'{name} ({count:,})' for name, count in _leading(counts))}.",
)

GUIDANCE = Statement(
    "departures-guidance",
    "The rulebook is guidance, not law.",
    lambda title, standing: standing == "guidance",
    lambda title, standing: f"{title} is guidance. Departing from it is not in itself unlawful.",
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
    lambda count: f"{capital(number(count))} {plural(count, 'check needs', 'checks need')} a person's judgement.",
)

EVIDENCE = Statement(
    "no-evidence",
    "The count without evidence is shown and above 0.",
    lambda count: _some(count),
    lambda count: f"For {counted(count, 'check')} our records do not show the result.",
)

# --- two procedures, the whole path ---------------------------------------------------------------

TWO_WAY = Statement(
    "two-way",
    "The count in time by the council's own procedure and not by the national one is shown and above 0.",
    lambda count, step, title: _some(count),
    lambda count, step, title: (
        f"{capital(step)}: {number(count)} that {plural(count, 'was', 'were')} on time by our own procedure "
        f"{plural(count, 'was', 'were')} not on time by {title}."
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
        "Rows were rejected; how many were read is added where nothing is withheld.",
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
    lambda threshold, conduct=True: threshold > 1,
    lambda threshold, conduct=True: (
        f"Numbers from 1 to {threshold - 1}, and others that would reveal them, are not shown where they are about "
        f"people. Zeros are shown.{f' {CONDUCT}' if conduct else ''} Percentages and sentences follow the same rule."
    ),
)

#: Every statement; a test tries each with zero, one, small and withheld counts.
ALL: tuple[Statement, ...] = (
    *COMPLAINTS,
    *STEP_IN_TIME,
    STEPS_WITHHELD,
    UPHELD,
    ESCALATED,
    TREND,
    *DEPARTURES,
    *STAGE,
    *LETTER,
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
