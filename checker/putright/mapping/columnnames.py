"""Guess what the columns and words of an export mean, from lists of synonyms.

Every match is only a proposal, which a person checks.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from putright import fields
from putright.fields import FIELDS, Type
from putright.files.tables import key
from putright.mapping.headings import headings

_STAGE_WORDS = {
    word: stage
    for stage, words in {1: "1 one first i", 2: "2 two second ii", 3: "3 three third iii"}.items()
    for word in words.split()
}
#: Words with which a name says that its column holds dates.
_DATE_WORDS = frozenset({"date", "dates", "dt", "dated", "day", "on", "at", "when", "datetime", "timestamp"})
#: Words run together are told apart in a word of this length or more.
_RUN_TOGETHER = 6

#: Words for outcomes and procedures that councils use; our own need no entry.
OUTCOMES = {
    "fully upheld": "upheld", "upheld in full": "upheld",
    "partially upheld": "partly_upheld", "partly upheld": "partly_upheld", "part upheld": "partly_upheld",
    "upheld in part": "partly_upheld", "partial": "partly_upheld", "part-upheld": "partly_upheld",
    "justified": "upheld", "partly justified": "partly_upheld", "partially justified": "partly_upheld",
    "not justified": "not_upheld", "unjustified": "not_upheld", "not substantiated": "not_upheld",
    "substantiated": "upheld", "partially substantiated": "partly_upheld", "partly substantiated": "partly_upheld",
    "unsubstantiated": "not_upheld", "wholly upheld": "upheld", "complaint upheld": "upheld",
    "complaint not upheld": "not_upheld", "complaint partly upheld": "partly_upheld",
    "not upheld": "not_upheld", "resolved informally": "resolved", "early resolution": "resolved",
    "no finding": "no_finding", "inconclusive": "no_finding", "no finding made": "no_finding",
}  # fmt: skip
PROCEDURES = {
    "children act": "children", "children's": "children", "childrens": "children", "children's services": "children",
    "children's social care": "children", "children's statutory": "children",
    "adult social care": "adults", "adult": "adults", "asc": "adults",
    "public health": "public-health", "corporate complaint": "corporate",
}  # fmt: skip
TRUE = ("yes", "y", "true", "1", "x", "✓", "✔", "☑", "ticked", "t")
FALSE = ("no", "n", "false", "0", "✗", "✘", "☐", "f")
#: Answers in a column that is named for one outcome: "Upheld?".
UPHELD = {
    **dict.fromkeys(("yes", "y", "true", "full", "fully"), "upheld"),
    **dict.fromkeys(("no", "n", "false"), "not_upheld"),
    **dict.fromkeys(("part", "partly", "partially", "in part"), "partly_upheld"),
}
#: What people write where nothing is recorded.
BLANKS = ("n/a", "na", "n.a.", "-", "--", "tbc", "tba", "null", "not applicable", "not known", "unknown", "?")
#: States of a case that are not events.
STATES = ("open", "in progress", "new", "pending", "active", "ongoing", "live", "under investigation")
_STATES_BEGIN = ("awaiting", "with", "waiting", "under", "being")

#: Names of tick-boxes for a letter's contents, in addition to our own words for contents.
_CONTENTS = {
    "case number": "reference", "reference number": "reference", "next stage": "escalation",
    "stage 2": "escalation", "stage 3": "escalation", "escalate": "escalation", "lgsco": "ombudsman",
    "officer": "handler", "who": "handler", "contact details": "handler_contact", "response date": "reply_date",
    "date reply": "reply_date", "date response": "reply_date", "summary": "understanding",
    "outcome wanted": "outcomes_sought", "outcomes wanted": "outcomes_sought", "issues": "issues_investigated",
    "actions": "outstanding_actions", "new date": "new_date",
}  # fmt: skip
_LETTERS = {
    "acknowledged": "acknowledgement_contains",
    "responded": "response_contains",
    "extended": "extension_contains",
}


@dataclass(frozen=True)
class Match:
    """What a name may mean: a field without its stage (``N_`` stands for that), the stage, and why."""

    field: str
    stage: int | None
    why: str
    sure: bool = True
    word: str | None = None
    """For a tick-box: the word of the list it ticks."""


def plain(name: str) -> list[str]:
    """A name's words in lower case: digits separated from letters, and words that are run together."""
    words = re.findall(r"[^\W\d_]+|\d+", key(name).replace("'", ""))
    return [part for word in words for part in _apart(word)]


@cache
def _apart(word: str) -> tuple[str, ...]:
    """The fewest known words that a word is made of, ``createddate`` of two; the word itself if it is one."""
    known = headings().known
    if len(word) < _RUN_TOGETHER or len(word) > 60 or word in known:
        return (word,)
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        ways = [(*before, word[start:end]) for start in range(end - 1)
                if (before := best[start]) is not None and word[start:end] in known]  # fmt: skip
        best.append(min(ways, key=len, default=None))
    return best[-1] or (word,)


def _staged(words: list[str]) -> tuple[list[str], int | None]:
    """The words without those that name a stage, and the stage."""
    for place in range(len(words) - 1):
        one, two = words[place], words[place + 1]
        if one in ("stage", "stg", "s", "level", "st") and two in _STAGE_WORDS:
            return words[:place] + words[place + 2 :], _STAGE_WORDS[two]
        if two == "stage" and one in _STAGE_WORDS:
            return words[:place] + words[place + 2 :], _STAGE_WORDS[one]
    return words, None


def says_date(name: str) -> bool:
    """Whether a name says that its column holds dates, as must one whose column is empty."""
    own = key(name).replace(" ", "_")
    return holds_dates(own) if own in FIELDS else bool(_DATE_WORDS & set(plain(name)))


def match(name: str, *, dates: bool) -> Match | None:
    """The field that a name means. ``dates``: whether the column holds dates.

    It is not ``sure`` where the name has something else or something more to say, which a person must be asked.
    """
    own = key(name).replace(" ", "_")
    if own in FIELDS:
        return _own(own)
    words, stage = _staged(plain(name))
    meant = headings().meant(words)
    for table, sure in ((headings().sure, True), (headings().likely, False)):
        fitting = [field for field in table.get(meant, ()) if holds_dates(field) == dates]
        if stage is not None:
            fitting = [field for field in fitting if field.startswith("N_")]
        if fitting:
            return Match(fitting[0], stage, "the name", sure=sure)
    return None


def suggested(name: str) -> Match | None:
    """The field of dates that part of a name means; only a question can be made of it."""
    words, stage = _staged(plain(name))
    meant = headings().meant(words)
    fitting = [
        (len(asked), field)
        for asked, fields_of in headings().sure.items()
        for field in fields_of
        if asked <= meant and holds_dates(field) and (stage is None or field.startswith("N_"))
    ]
    if not fitting:
        return None
    return Match(max(fitting, key=lambda each: each[0])[1], stage, "part of the name", sure=False)


@dataclass(frozen=True)
class Meaning:
    """What a column's name says: ``field``, ``ask``, ``due`` (putright works it out) or ``nothing``."""

    kind: str
    match: Match | None = None
    """The field, or the one to propose until a person has answered."""
    perhaps: Match | None = None
    """A field that part of the name means, which is proposed to a person and to nobody else."""


def meaning(name: str, *, dates: bool) -> Meaning:
    """What a column's name says. ``dates``: whether the column holds dates, or says so where it is empty."""
    found = match(name, dates=dates)
    if found and found.sure:
        return Meaning("field", found)
    if is_due_date(name):
        return Meaning("due")
    found = found or resembling(name, dates=dates)
    if found:
        return Meaning("ask", found)
    if is_other(name) or not dates:
        return Meaning("nothing")
    return Meaning("ask", perhaps=suggested(name))


def is_other(name: str) -> bool:
    """Whether a name plainly has nothing to do with a case record's fields."""
    return bool(headings().others & set(plain(name)))


def holds_dates(field: str) -> bool:
    """Whether a field, or an end of a hold, takes dates."""
    name = field.replace("N_", "stage2_").removesuffix(" from").removesuffix(" to")
    known = FIELDS.get(name) or FIELDS[name.replace("stage2_", "stage3_")]
    return known.type in (Type.DATE, Type.HOLDS)


def _own(field: str) -> Match:
    known = FIELDS[field]
    return Match(f"N_{known.part}" if known.stage else field, known.stage, "the field's own name")


def resembling(name: str, *, dates: bool) -> Match | None:
    """The last resort: a name that is a known one but for its spelling."""
    spelt = []
    for word in plain(name):
        near = difflib.get_close_matches(word, headings().known, 1, 0.85) if len(word) > 4 else []
        spelt += near or [word]
    found = match(" ".join(spelt), dates=dates)
    return found and Match(found.field, found.stage, f"the name, read as '{' '.join(spelt)}'", sure=False)


def tick(name: str) -> Match | None:
    """What a tick-box column ticks: a letter's word, or a flag."""
    words = plain(name)
    forms = headings().forms
    place = next((place for place, word in enumerate(words) if forms.get(word, word) in _LETTERS), None)
    if place is None:
        flag = "_".join(words)
        return Match("flags", None, "a tick-box; the name", word=flag) if flag in fields.FLAGS else None
    before, after = words[:place], words[place + 1 :]
    stage = _staged(before)[1]
    if stage is None and _staged(after[:2])[1] and after[2:]:  # later in the name, the stage is one the letter mentions
        stage, after = _staged(after[:2])[1], after[2:]
    word = _content(after)
    letter = _LETTERS[forms.get(words[place], words[place])]
    return Match(f"N_{letter}", stage, "a tick-box; the name", word=word) if word else None


def _content(said: list[str]) -> str | None:
    """The word for letter contents that matches the most words; if two match equally, the first."""
    known = {**{word: word.split("_") for word in fields.CONTENTS}, **{name: name.split() for name in _CONTENTS}}
    fitting = [name for name, words in known.items() if set(words) <= set(said)]
    if not fitting:
        return None
    best = max(fitting, key=lambda name: (len(known[name]), -min(map(said.index, known[name]))))
    return _CONTENTS.get(best, best)


def is_stage_name(name: str) -> bool:
    """Whether a column's name says that it holds the stage."""
    words = [word for word in plain(name) if word not in headings().noise]
    return " ".join(words) in _STAGE_NAMES


_STAGE_NAMES = (
    "stage", "level", "case stage", "stage no", "stage number", "current stage", "stage level", "escalation level",
    "procedure stage", "stage type", "process stage", "stg",
)  # fmt: skip


def stage_named(word: str) -> int | None:
    """The stage that a text names with the word "stage" or the like; a number alone names none."""
    return _staged(plain(word))[1]


def stage_of(word: str) -> int | None:
    """The stage that a word names: ``Stage 2 - Review``, ``2``."""
    words = plain(word)
    if len(words) == 1 and words[0] in _STAGE_WORDS:
        return _STAGE_WORDS[words[0]]
    return _staged(words)[1]


def is_state(word: str) -> bool:
    """Whether a status is only a state of the case and not an event."""
    return key(word) in STATES or key(word).split()[0] in _STATES_BEGIN


def is_due_date(name: str) -> bool:
    """Whether a column holds a due date, a count of days or whether it was in time: putright works these out itself."""
    forms = headings().forms
    words = {forms.get(word, word) for word in plain(name)}
    if words & {"remedy", "plan", "new", "revised", "extended"}:
        return False
    return bool(words & _DUE_WORDS) or {"responded", "by"} <= words or {"within"} <= words


_DUE_WORDS = {"due", "overdue", "days", "elapsed", "breached", "breach", "ontime", "duration", "working", "age"}


def hold_mark(word: str) -> tuple[int, str] | None:
    """The stage of a hold and which end of it an event's words name: ``Clock stopped``, ``Hold lifted``."""
    words, stage = _staged(plain(word))
    if not {"hold", "clock", "paused", "pause", "suspended", "suspend"} & set(words):
        return None
    ends = {"restarted", "lifted", "off", "resumed", "released", "ended", "end", "removed", "restart", "resume", "lift"}
    if (ends | {"release", "remove", "unpause"}) & set(words):
        return stage or 1, "end"
    begins = {"stopped", "on", "placed", "paused", "suspended", "started", "start", "begins", "began", "stop", "pause"}
    return (stage or 1, "begin") if begins & set(words) else None


def flag(word: str) -> str | None:
    """The flag that a word plainly names."""
    name = "_".join(plain(word))
    return name if name in fields.FLAGS else None
