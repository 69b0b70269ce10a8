"""Guess what the columns and words of an export mean, from lists of synonyms.

Every match is only a proposal, which a person checks.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from putright import fields
from putright.fields import FIELDS, Type
from putright.files.tables import key

#: Short and other forms of a word.
_FORMS = {
    word: meaning
    for meaning, words in {
        "received": "recd rcvd rec receipt receive logged registered opened came submitted lodged",
        "acknowledged": "ack ackd acked acknowledge acknowledgement acknowledgment acks",
        "responded": "resp response respond responding reply replied answer answered replies responses",
        "extended": "ext extension extend holding extn",
        "requested": "req request escalated escalation escalate wants asked asks",
        "outcome": "decision finding result outcomes",
        "handler": "investigator officer handled investigating investigated io allocated reviewer owner",
        "reference": "ref no number num id refno",
        "withdrawn": "withdrawal withdraw",
        "closed": "closure close",
        "refused": "refusal rejected declined refuse",
        "notified": "notify informed told",
        "resolved": "resolution resolve",
        "offered": "offer",
        "completed": "complete completion done",
        "occurred": "incident event happened",
        "agreed": "agree agreement",
        "hold": "held holds suspended paused",
        "from": "start started begin began",
        "to": "until end ended",
        "representative": "rep advocate",
        "department": "dept",
        "due": "target deadline sla",
    }.items()
    for word in words.split()
}
_NOISE = frozenset(
    word
    for words in (
        "date dt of the on sent issued day customer complaint complainant letter was for full final",
        "at by in time made name area yes y n",
    )
    for word in words.split()
)
_STAGE_WORDS = {
    word: stage
    for stage, words in {1: "1 one first i", 2: "2 two second ii", 3: "3 three third iii"}.items()
    for word in words.split()
}

#: For each field (``N_`` where it is a stage's) the words, other than noise, that name it.
_MEANINGS: dict[str, str] = {
    "reference": "reference|case|case reference|crm reference|crm|enquiry reference|service requested reference|ticket",
    "council": "council|authority",
    "procedure": "procedure|procedure type|statutory procedure",
    "received": "received",
    "matter_occurred": "occurred|matter occurred",
    "matter_known": "aware|matter known|became aware",
    "service": "service|team|directorate|department",
    "category": "category|subject|type|reason",
    "channel": "channel|method|contact method|contact channel|source|how received",
    "representative": "representative|someone else|behalf|behalf someone|behalf someone else",
    "consent_received": "consent|consent received",
    "triaged": "triaged|triage",
    "informal_offered": "informal offered",
    "informal_referred": "informal referred",
    "informal_resolved": "informal resolved|resolved informally",
    "refused": "refused|not accepted",
    "withdrawn": "withdrawn",
    "withdrawal_acknowledged": "withdrawn acknowledged",
    "closed": "closed|case closed",
    "proceedings_ended": "proceedings to",
    "resubmitted": "resubmitted",
    "remedy_offered": "remedy offered",
    "remedy_due": "remedy due",
    "remedy_completed": "remedy completed",
    "action_plan_due": "action plan due|action plan required",
    "action_plan_agreed": "action plan agreed",
    "learning_recorded": "learning|learning recorded",
    "N_requested": "requested|requested received|received",
    "N_request_refused": "requested refused|refused",
    "N_acknowledged": "acknowledged",
    "N_department_notified": "department notified",
    "N_statement_agreed": "statement agreed",
    "N_extension_notified": "extended|extended notified|extended agreed",
    "N_extended_to": "extended to|extended due|extended new|revised due|new due|new|new responded|revised responded",
    "N_holds from": "hold from",
    "N_holds to": "hold to|hold lifted",
    "N_panel_invited": "panel invited|panel invitation",
    "N_panel_met": "panel|panel met|panel meeting|panel hearing",
    "N_panel_reported": "panel reported|panel report",
    "N_responded": "responded",
    "N_outcome": "outcome",
    "N_handler": "handler|responded handler|outcome handler",
}
_KNOWN = {*_FORMS, *_FORMS.values(), *_NOISE, *(word for words in _MEANINGS.values() for word in words.split())}
_RULES = [(name, frozenset(words.split())) for name, listed in _MEANINGS.items() for words in listed.split("|")]

#: Words for outcomes and procedures that councils use; our own need no entry.
OUTCOMES = {
    "fully upheld": "upheld", "upheld in full": "upheld",
    "partially upheld": "partly_upheld", "partly upheld": "partly_upheld", "part upheld": "partly_upheld",
    "upheld in part": "partly_upheld", "partial": "partly_upheld",
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
    """A name's words in lower case, with digits separated from letters."""
    return re.findall(r"[^\W\d_]+|\d+", key(name).replace("'", ""))


def _staged(words: list[str]) -> tuple[list[str], int | None]:
    """The words without those that name a stage, and the stage."""
    for place in range(len(words) - 1):
        one, two = words[place], words[place + 1]
        if one in ("stage", "stg", "s", "level", "st") and two in _STAGE_WORDS:
            return words[:place] + words[place + 2 :], _STAGE_WORDS[two]
        if two == "stage" and one in _STAGE_WORDS:
            return words[:place] + words[place + 2 :], _STAGE_WORDS[one]
    return words, None


def match(name: str, *, dates: bool) -> Match | None:
    """The field a name most likely means. ``dates``: the column holds dates, so unmatched words are allowed."""
    if key(name).replace(" ", "_") in FIELDS:
        return _own(key(name).replace(" ", "_"))
    words, stage = _staged(plain(name))
    meant = frozenset(_FORMS.get(word, word) for word in words) - _NOISE
    fitting = [
        (field, asked)
        for field, asked in _RULES
        if asked <= meant
        and (asked == meant or dates)
        and (stage is None or field.startswith("N_"))
        and (holds_dates(field) or not dates)
    ]
    if stage is None and any(not field.startswith("N_") for field, _ in fitting):
        fitting = [rule for rule in fitting if not rule[0].startswith("N_")] if "received" in meant else fitting
    if not fitting:
        return None
    field, asked = max(fitting, key=lambda rule: len(rule[1]))
    over = " ".join(word for word in words if _FORMS.get(word, word) in meant - asked)
    if over:
        return Match(field, stage, f"the name, but for '{over}': check", sure=False)
    return Match(field, stage, "the name")


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
        near = difflib.get_close_matches(word, _KNOWN, 1, 0.85) if len(word) > 4 else []
        spelt += near or [word]
    found = match(" ".join(spelt), dates=dates)
    return found and Match(found.field, found.stage, f"the name, read as '{' '.join(spelt)}': check", sure=False)


def tick(name: str) -> Match | None:
    """What a tick-box column ticks: a letter's word, or a flag."""
    words = plain(name)
    place = next((place for place, word in enumerate(words) if _FORMS.get(word, word) in _LETTERS), None)
    if place is None:
        flag = "_".join(words)
        return Match("flags", None, "a tick-box; the name", word=flag) if flag in fields.FLAGS else None
    before, after = words[:place], words[place + 1 :]
    stage = _staged(before)[1]
    if stage is None and _staged(after[:2])[1] and after[2:]:  # later in the name, the stage is one the letter mentions
        stage, after = _staged(after[:2])[1], after[2:]
    word = _content(after)
    letter = _LETTERS[_FORMS.get(words[place], words[place])]
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
    return " ".join(word for word in plain(name) if word not in _NOISE) in ("stage", "level", "case stage", "stage no")


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
    """Whether a column holds a due date or a count of days, which putright works out itself."""
    words = {_FORMS.get(word, word) for word in plain(name)}
    return bool(words & {"due", "overdue", "days"}) and not words & {"remedy", "plan", "new", "revised", "extended"}


def hold_mark(word: str) -> tuple[int, str] | None:
    """The stage of a hold and which end of it an event's words name: ``Clock stopped``, ``Hold lifted``."""
    words, stage = _staged(plain(word))
    if not {"hold", "clock", "paused", "suspended"} & set(words):
        return None
    if {"restarted", "lifted", "off", "resumed", "released", "ended", "end", "removed"} & set(words):
        return stage or 1, "end"
    begins = {"stopped", "on", "placed", "paused", "suspended", "started", "start", "begins", "began"}
    return (stage or 1, "begin") if begins & set(words) else None


def flag(word: str) -> str | None:
    """The flag that a word plainly names."""
    name = "_".join(plain(word))
    return name if name in fields.FLAGS else None
