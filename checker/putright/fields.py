"""The words of a case record: its fields, its stages and their steps, its flags and letter contents.

This is the data dictionary and nothing else; everything that reads or judges a record takes its
names from here. Source: contract 1 and contract 6.4 (docs/contract.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from types import MappingProxyType

STAGES = (1, 2, 3)


class Type(StrEnum):
    """How a field's values are read."""

    TEXT = "text"
    DATE = "date"
    BOOLEAN = "true/false"
    FLAGS = "list of flags"
    CONTENTS = "list of letter contents"
    HOLDS = "list of intervals"
    OUTCOME = "outcome"
    PROCEDURE = "procedure"
    POUNDS = "pounds"


@dataclass(frozen=True)
class Field:
    """One field of a case record: its name, type and meaning; ``event`` is false for a promised date."""

    name: str
    type: Type
    meaning: str
    required: bool = False
    event: bool = True
    stage: int | None = None
    part: str = ""
    """The name without its stage: ``responded`` of ``stage2_responded``; blank for a field of the whole case."""
    after: str | None = None
    """For a council's own date, the step that it comes right after; None where it has no place in the order."""

    @property
    def column(self) -> str:
        """The column of records with its values.

        A council's own true/false field can have the name of another's date, so its column has a name of its own.
        """
        return f"{self.name} true/false" if self.type is Type.BOOLEAN and self.name not in FIELDS else self.name


PROCEDURES = ("corporate", "children", "adults", "housing", "public-health")
#: The national rulebook of each procedure; a corporate complaint flagged ``landlord`` goes to housing.
NATIONAL = {
    "corporate": "lgsco",
    "children": "children-2006",
    "adults": "adults-2009",
    "housing": "housing",
    "public-health": "public-health-2012",
}
OUTCOMES = ("upheld", "partly_upheld", "not_upheld", "resolved", "no_finding")
#: Each flag with what it says: words that complete "the complaint …".
FLAGS: dict[str, str] = {
    "straight_to_stage2": "goes straight to stage 2",
    "cse": "is about child sexual exploitation",
    "discrimination": "is about discrimination",
    "named_officer": "is about an officer by name",
    "contractor": "is about a contractor",
    "fraud": "alleges fraud",
    "anonymous": "is anonymous",
    "landlord": "is about the council as landlord",
    "reasonable_adjustments": "needs reasonable adjustments",
}

#: Words for what a letter holds, each with its meaning in plain English.
CONTENTS: dict[str, str] = {
    "reference": "the case number",
    "handler": "who is dealing with the complaint",
    "handler_contact": "how to reach the person dealing with it",
    "understanding": "the council's understanding of the complaint",
    "outcomes_sought": "the outcome the person wants",
    "reply_date": "the date by which the reply will come",
    "adjustments": "the adjustments that will be made",
    "not_responsible": "what the council is not responsible for",
    "reason": "the reason for taking longer",
    "new_date": "the new date for the reply",
    "apology": "an apology",
    "progress": "the progress made so far",
    "update_intervals": "how often the person will be updated",
    "ombudsman": "how to go to the Ombudsman",
    "complaint_stage": "the stage the complaint is at",
    "complaint_definition": "the definition of the complaint",
    "issues_investigated": "the issues looked into",
    "decision": "the decision on the complaint",
    "reasons": "the reasons for the decision",
    "remedy": "the remedy",
    "outstanding_actions": "the actions still to be done",
    "action_dates": "when the actions will be done",
    "escalation": "how to go to the next stage",
    "explanation": "why the complaint or request is refused",
    "exclusion": "the exclusion that applies",
    "alternatives": "where else the person can go",
}


#: A council's own fields by name.
Own = Mapping[str, Field]
NO_OWN: Own = MappingProxyType({})


@dataclass(frozen=True)
class Vocabulary:
    """What case records may name besides putright's fields: councils, words, and what councils have of their own."""

    councils: tuple[str, ...] = ()
    words: tuple[str, ...] = tuple(CONTENTS)
    """Words for letter contents."""
    flags: Mapping[str, Mapping[str, str]] = dataclass_field(default_factory=dict)
    """Each council's own flags, with what each says of the complaint."""
    fields: Mapping[str, Own] = dataclass_field(default_factory=dict)
    """Each council's own fields."""
    procedures: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    """Each council's own procedures."""

    def fields_of(self, council: str | None) -> Own:
        """A council's own fields; none if no council is named."""
        return self.fields.get(council or "", NO_OWN)

    def procedures_of(self, council: str | None) -> tuple[str, ...]:
        """putright's procedures, and a council's own."""
        return (*PROCEDURES, *self.procedures.get(council or "", ()))

    def every_field(self) -> dict[str, Field]:
        """Every council's own fields, and putright's; of two councils' fields of one name, the last."""
        return {**{name: field for own in self.fields.values() for name, field in own.items()}, **FIELDS}

    def every_procedure(self) -> tuple[str, ...]:
        """putright's procedures, and every council's own."""
        return tuple(dict.fromkeys([*PROCEDURES, *(name for own in self.procedures.values() for name in own)]))

    def flags_of(self, council: str | None) -> dict[str, str]:
        """putright's flags and a council's own, with what each says of the complaint."""
        return {**FLAGS, **self.flags.get(council or "", {})}


#: putright's own words alone.
COMMON = Vocabulary()

#: The dated steps of a stage, in the order of contract 5.3. ``{n}`` is the stage.
_STEPS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("requested", "the person asked for stage 1, after a step that comes before it", (1,)),
    ("requested", "escalation request received", (2, 3)),
    ("request_refused", "escalation request refused", (2, 3)),
    ("acknowledged", "acknowledgement sent", STAGES),
    ("department_notified", "the department was told", STAGES),
    ("statement_agreed", "the written statement of complaint was agreed (children's procedure)", (2,)),
    ("extension_notified", "the person was told of an extension", STAGES),
    ("panel_invited", "the person was invited to the review panel", (3,)),
    ("panel_met", "the review panel met", (3,)),
    ("panel_reported", "the review panel reported", (3,)),
    ("responded", "full response sent", STAGES),
)


def steps(stage: int, own: Own = NO_OWN) -> tuple[str, ...]:
    """The field names of a stage's dated steps, in order, with a council's own where they belong."""
    common = [f"stage{stage}_{name}" for name, _, stages in _STEPS if stage in stages]
    return tuple(_with_own(common, {name: field for name, field in own.items() if field.stage == stage}))


def _with_own(order: list[str], own: Own) -> list[str]:
    """The order of steps with a council's own dates, each after the step that it names and what is there already."""
    for name, field in own.items():
        if field.type is Type.DATE and field.after is not None:
            place = order.index(field.after) + 1 if field.after in order else 0
            while place < len(order) and order[place] in own and own[order[place]].after == field.after:
                place += 1
            order = [*order[:place], name, *order[place:]]
    return order


def _case_fields() -> list[Field]:
    text, date, boolean = Type.TEXT, Type.DATE, Type.BOOLEAN
    return [
        Field("reference", text, "the council's own case number", required=True),
        Field("council", text, "the council's plugin name; blank where only national rulebooks apply"),
        Field("procedure", Type.PROCEDURE, "which procedure the complaint follows; corporate where blank"),
        Field("received", date, "the day the council received it: day zero", required=True),
        Field("matter_occurred", date, "when the matter arose"),
        Field("matter_known", date, "when the person became aware of the matter"),
        Field("service", text, "the service complained about"),
        Field("category", text, "the kind of complaint"),
        Field("theme", text, "what the complaint is about, whichever service it concerns"),
        Field("channel", text, "how the complaint came in"),
        Field("ward", text, "the electoral ward"),
        Field("team", text, "the team complained about"),
        Field("representative", boolean, "made for someone else"),
        Field("consent_received", date, "consent to the representative received"),
        Field("flags", Type.FLAGS, "what is special about the case"),
        Field("triaged", date, "first looked at and sorted"),
        Field("informal_offered", date, "informal resolution offered"),
        Field("informal_referred", date, "passed to the service for informal resolution"),
        Field("informal_resolved", date, "resolved informally"),
        Field("refused", date, "not accepted as a complaint"),
        Field("refusal_contains", Type.CONTENTS, "what the refusal letter held"),
        Field("withdrawn", date, "complaint withdrawn"),
        Field("withdrawal_acknowledged", date, "withdrawal acknowledged"),
        Field("closed", date, "case closed"),
        Field("proceedings_ended", date, "court, criminal or tribunal proceedings on the matter ended"),
        Field("resubmitted", date, "complaint put in again after proceedings"),
        Field("remedy_offered", date, "remedy offered"),
        Field("remedy_due", date, "day a remedy was promised for", event=False),
        Field("remedy_completed", date, "remedy completed"),
        Field("remedy_amount", Type.POUNDS, "what was paid as a remedy, in pounds"),
        Field("action_plan_due", boolean, "an action plan has to be agreed"),
        Field("action_plan_agreed", date, "action plan agreed"),
        Field("learning_recorded", date, "learning recorded"),
    ]


def _stage_fields(stage: int) -> list[Field]:
    def field(part: str, kind: Type, meaning: str, *, event: bool = True) -> Field:
        return Field(f"stage{stage}_{part}", kind, meaning, event=event, stage=stage, part=part)

    dates = [field(step, Type.DATE, f"stage {stage}: {meaning}") for step, meaning, stages in _STEPS if stage in stages]
    others = [
        field("acknowledgement_contains", Type.CONTENTS, f"what the stage {stage} acknowledgement held"),
        field("extension_contains", Type.CONTENTS, f"what the stage {stage} extension notice held"),
        field("response_contains", Type.CONTENTS, f"what the stage {stage} response held"),
        field("extended_to", Type.DATE, f"stage {stage}: the new date promised", event=False),
        field("holds", Type.HOLDS, f"stage {stage}: times on hold"),
        field("outcome", Type.OUTCOME, f"outcome at stage {stage}"),
        field("handler", Type.TEXT, f"who considered stage {stage}: a role or pseudonym"),
    ]
    if stage > 1:
        others.append(field("refusal_contains", Type.CONTENTS, f"what the refusal of stage {stage} held"))
    return dates + others


FIELDS: dict[str, Field] = {
    field.name: field for field in [*_case_fields(), *(field for stage in STAGES for field in _stage_fields(stage))]
}

#: Texts that figures are broken down by.
FOR_FIGURES = ("service", "team", "category", "theme", "channel", "ward")
#: A value of these that cannot be read rejects its row, whatever is asked. Without ``reference`` and ``received`` it is
#: not a case. Taken as blank, ``council`` and ``procedure`` would choose another rulebook, and ``flags`` would too, or
#: would let a case of child sexual exploitation into a breakdown by service.
MUST_BE_READ = ("reference", "council", "procedure", "received", "flags")
DATES = tuple(name for name, field in FIELDS.items() if field.type is Type.DATE)
BOOLEANS = tuple(name for name, field in FIELDS.items() if field.type is Type.BOOLEAN)

#: Fields that are ignored with an event that has not happened by the audit date.
WENT_WITH: dict[str, tuple[str, ...]] = {
    "refused": ("refusal_contains",),
    "remedy_offered": ("remedy_amount",),
    **{f"stage{n}_acknowledged": (f"stage{n}_acknowledgement_contains",) for n in STAGES},
    **{f"stage{n}_extension_notified": (f"stage{n}_extension_contains", f"stage{n}_extended_to") for n in STAGES},
    **{f"stage{n}_responded": (f"stage{n}_response_contains", f"stage{n}_outcome") for n in STAGES},
    **{f"stage{n}_request_refused": (f"stage{n}_refusal_contains",) for n in STAGES if n > 1},
}

#: (event, what it answers): a record where the first comes before the second is rejected.
ORDERED: tuple[tuple[str, str], ...] = (
    *((step, "received") for n in STAGES for step in steps(n)),
    *((event, "received") for event in ("refused", "withdrawn", "closed")),
    *((step, f"stage{n}_requested") for n in STAGES for step in steps(n)[1:]),
    ("stage3_panel_reported", "stage3_panel_met"),
    ("received", "matter_occurred"),
    ("received", "matter_known"),
)


def ordered(own: Own) -> tuple[tuple[str, str], ...]:
    """As ``ORDERED``, for a council's own dates: one with a place in the order never comes before receipt."""
    placed = [field for field in own.values() if field.type is Type.DATE and field.after is not None]
    return (
        *((field.name, "received") for field in placed),
        *((field.name, f"stage{field.stage}_requested") for field in placed if field.stage),
    )


def named(name: str, own: Own = NO_OWN) -> Field:
    """The field of this name; a council's own that is not given counts as a date, of the stage that its name says."""
    return FIELDS.get(name) or own.get(name) or own_field(name)


def own_field(name: str, kind: Type = Type.DATE, meaning: str = "", after: str | None = None) -> Field:
    """A council's own field; its stage is in its name."""
    staged = re.fullmatch(r"stage([123])_(.+)", name)
    stage, part = (int(staged[1]), staged[2]) if staged else (None, "")
    return Field(name, kind, meaning or name.replace("_", " "), stage=stage, part=part, after=after)


def later_steps(field: str, own: Own = NO_OWN) -> tuple[str, ...]:
    """The dated steps that come after ``field``: the rest of its stage, then every later stage.

    Triage and informal resolution come before stage 1, so every stage's steps are later than they. ``own``: the
    council's own fields, which have their place among the steps.
    """
    stage = named(field).stage
    if stage is None and field not in (*_BEFORE_STAGE_1, *_before_stage_1(own)):
        return ()
    whole = (field, *_following(field, own)) if stage is None else steps(stage, own)
    rest = whole[whole.index(field) + 1 :] if field in whole else ()
    return rest + sum((steps(n, own) for n in STAGES if stage is None or n > stage), ())


_BEFORE_STAGE_1 = ("triaged", "informal_offered", "informal_referred", "informal_resolved")
#: What a council's own date of the whole case may come right after, besides another of its own.
BEFORE_STAGE_1 = ("received", *_BEFORE_STAGE_1)


def _before_stage_1(own: Own) -> Iterator[str]:
    """A council's own dates of the whole case that come before stage 1."""
    return (name for name, field in own.items() if field.stage is None and field.after is not None)


def _following(field: str, own: Own) -> Iterator[str]:
    """A council's own dates of the whole case that come after a date before stage 1, right after it or further on."""
    for name in _before_stage_1(own):
        before = own[name].after
        while before in own and before != field:
            before = own[before or ""].after
        if before == field:
            yield name


class LetterKind(StrEnum):
    """The kind of a letter, at any stage."""

    REFUSAL = "refusal"
    ACKNOWLEDGEMENT = "acknowledgement"
    EXTENSION = "extension"
    RESPONSE = "response"


@dataclass(frozen=True)
class Letter:
    """A letter of the procedure: its kind, the field with its date, the field with what it held, its stage."""

    kind: LetterKind
    name: str
    sent: str
    contains: str
    stage: int | None


#: Each contents rule and the letter it is about.
LETTERS: dict[str, Letter] = {
    "refusal-contents": Letter(LetterKind.REFUSAL, "refusal", "refused", "refusal_contains", None),
    **{
        f"{kind}-stage{n}-contents": Letter(
            kind, f"stage {n} {noun}", f"stage{n}_{sent}", f"stage{n}_{kind}_contains", n
        )
        for n in STAGES
        for kind, noun, sent in (
            (LetterKind.ACKNOWLEDGEMENT, "acknowledgement", "acknowledged"),
            (LetterKind.EXTENSION, "extension notice", "extension_notified"),
            (LetterKind.RESPONSE, "response", "responded"),
        )
    },
    **{
        f"refusal-stage{n}-contents": Letter(
            LetterKind.REFUSAL, f"stage {n} refusal", f"stage{n}_request_refused", f"stage{n}_refusal_contains", n
        )
        for n in STAGES
        if n > 1
    },
}


class Act(StrEnum):
    """The kind of step that a rule is about, at any stage; most rules have a kind of their own."""

    REQUEST = "request"
    ACKNOWLEDGE = "acknowledge"
    EXTEND = "extend"
    RESPOND = "respond"
    PANEL = "panel"
    INDEPENDENCE = "independence"


@dataclass(frozen=True)
class RuleEntry:
    """One rule of the vocabulary: its name and what it asks, with the facts that its name stands for."""

    name: str
    asks: str
    stage: int | None = None
    """The stage it belongs to; None for a rule of the whole case, or whose step may be at any stage."""
    act: Act | None = None
    outer: bool = False
    """Whether it sets the outer limit of a step for which another rule sets the usual time."""

    @property
    def extends(self) -> str | None:
        """The rule with the response time that an extension lengthens; None for any other rule."""
        return f"respond-stage{self.stage}" if self.act is Act.EXTEND else None


def _rules() -> Iterator[RuleEntry]:
    """Every rule there is, in the order a case runs."""
    yield RuleEntry("complain-in-time", "complaint made in time")
    yield RuleEntry("resubmit-in-time", "complaint put in again in time")
    yield RuleEntry("consent", "consent to the representative")
    yield RuleEntry("start-at-stage2", "whether the case may start at stage 2", 2)
    yield RuleEntry("informal-first", "whether an informal attempt is a stage of its own")
    yield RuleEntry("triage", "first look at the complaint")
    yield RuleEntry("resolve-informally", "resolve informally")
    yield RuleEntry("refusal-contents", "what the refusal holds")
    for n in STAGES:
        yield from _stage_rules(n)
    yield RuleEntry("complete-remedy", "complete the remedy as promised")
    yield RuleEntry("agree-action-plan", "agree the action plan")
    yield RuleEntry("acknowledge-withdrawal", "acknowledge the withdrawal", act=Act.ACKNOWLEDGE)


def _stage_rules(n: int) -> Iterator[RuleEntry]:
    if n > 1:
        yield RuleEntry(f"request-stage{n}", f"stage {n} asked for in time", n, Act.REQUEST)
        if n == 2:
            yield RuleEntry("request-stage2-limit", "stage 2 asked for, outer limit", n, Act.REQUEST, outer=True)
            yield RuleEntry("complete-stage1", "whether stage 1 is completed before stage 2", 1)
        yield RuleEntry(f"refusal-stage{n}-contents", f"what the stage {n} refusal holds", n)
    yield RuleEntry(f"acknowledge-stage{n}", f"acknowledge stage {n}", n, Act.ACKNOWLEDGE)
    yield RuleEntry(f"acknowledgement-stage{n}-contents", f"what the stage {n} acknowledgement holds", n)
    if n == 1:
        yield RuleEntry("notify-department", "tell the department")
    if n == 2:
        yield RuleEntry("independence-stage2", "somebody else considers stage 2", n, Act.INDEPENDENCE)
    yield RuleEntry(f"extend-stage{n}", f"stage {n} extension allowed and notified", n, Act.EXTEND)
    yield RuleEntry(f"extension-stage{n}-contents", f"what the stage {n} extension notice holds", n)
    if n == 3:
        yield RuleEntry("invite-to-panel", "invite the person to the panel", n, Act.PANEL)
        yield RuleEntry("convene-panel", "convene the review panel", n, Act.PANEL)
        yield RuleEntry("report-panel", "the panel's report", n, Act.PANEL)
    yield RuleEntry(f"respond-stage{n}", f"respond at stage {n}", n, Act.RESPOND)
    if n < 3:
        yield RuleEntry(f"respond-stage{n}-limit", f"respond at stage {n}, outer limit", n, Act.RESPOND, outer=True)
    yield RuleEntry(f"explain-delay-stage{n}", f"say at stage {n} that the response will be late", n)
    yield RuleEntry(f"response-stage{n}-contents", f"what the stage {n} response holds", n)


#: Every rule by its name. Facts about a rule come from here, never from parsing its name.
VOCABULARY: dict[str, RuleEntry] = {entry.name: entry for entry in _rules()}
#: Every rule name there is, with what it asks, in the order a case runs.
RULES: dict[str, str] = {name: entry.asks for name, entry in VOCABULARY.items()}

_NOUNS = {
    "received": "receipt",
    "matter_occurred": "the matter arising",
    "matter_known": "the person becoming aware of the matter",
    "consent_received": "the representative's consent",
    "triaged": "triage",
    "informal_offered": "the offer of informal resolution",
    "informal_referred": "referral for informal resolution",
    "informal_resolved": "informal resolution",
    "refused": "refusal",
    "withdrawn": "withdrawal",
    "withdrawal_acknowledged": "the acknowledgement of the withdrawal",
    "proceedings_ended": "the end of proceedings",
    "resubmitted": "the complaint being put in again",
    "remedy_offered": "the offer of a remedy",
    "remedy_due": "the day promised for the remedy",
    "remedy_completed": "the completion of the remedy",
    "action_plan_agreed": "the agreed action plan",
    "requested": "the stage {n} request",
    "request_refused": "the refusal of stage {n}",
    "acknowledged": "the stage {n} acknowledgement",
    "department_notified": "the notice to the department at stage {n}",
    "statement_agreed": "the agreed statement of complaint",
    "extension_notified": "the stage {n} extension notice",
    "panel_invited": "the invitation to the panel",
    "panel_met": "the panel's meeting",
    "panel_reported": "the panel's report",
    "responded": "the stage {n} response",
}


def noun(field: str) -> str:
    """A dated field as a sentence names it: ``the stage 1 acknowledgement``."""
    known = FIELDS.get(field)
    if known and known.part in _NOUNS:
        return _NOUNS[known.part].format(n=known.stage)
    return _NOUNS.get(field, field.replace("_", " "))
