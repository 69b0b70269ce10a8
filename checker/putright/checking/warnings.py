"""What a rulebook can say and may not mean: each is a warning with its place and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from putright import fields
from putright.checking.subjects import Subject
from putright.files.yamlfiles import Place
from putright.mistakes import Problem, did_you_mean
from putright.policy.anchors import anchor
from putright.rulebooks import Clause, Rulebook
from putright.rulebooks.conditions import Condition, sense
from putright.rulebooks.rules import Extension, Notice, Rule, Timed

#: What ``putright new-council`` writes where a council's own words belong.
TO_WRITE = "TO WRITE"


def warnings(subject: Subject, today: dt.date) -> Iterator[Problem]:
    """Every warning about a plugin's rulebooks and days."""
    yield from _closure_days(subject, today)
    for book in subject.plugin.rulebooks:
        for check in _OF_A_BOOK:
            yield from check(subject, book)
        yield from _ended(subject, book, today)
        for path, _, rule in _rules(book):
            for message in (*_never(book, rule), *_order(rule, subject.plugin.fields), *_other_stage(rule)):
                yield subject.problem(book, path, f"{rule.rule} {message}", rule=rule.rule)


def _rules(book: Rulebook) -> Iterator[tuple[Place, Clause, Rule]]:
    for number, clause in enumerate(book.clauses):
        for order, rule in enumerate(clause.rules):
            yield ("clauses", number, "rules", order), clause, rule


# --- days -----------------------------------------------------------------------------------------


def _closure_days(subject: Subject, today: dt.date) -> Iterator[Problem]:
    days = subject.plugin.closure_days
    if days and max(days).year <= today.year:
        yield Problem(
            f"putright_closure_days names no day of {today.year + 1}; its last is {max(days)}",
            severity="warning",
            plugin=subject.plugin.name,
            suggestion="add the days on which the council is closed that year",
        )


def _ended(subject: Subject, book: Rulebook, today: dt.date) -> Iterator[Problem]:
    latest = subject.host.editions.get(book.rulebook, (book,))[-1]
    if book is latest and book.last_day and book.last_day < today:
        key = "in_force" if book.in_force.end else "ends"
        yield subject.problem(
            book,
            (key,),
            f"edition {book.edition!r} ended on {book.last_day}, and no edition follows it",
            "add the next edition, or take the last day out",
        )


# --- the whole rulebook ---------------------------------------------------------------------------


def _governed_by(subject: Subject, book: Rulebook) -> Iterator[Problem]:
    known = [name for name, editions in subject.host.editions.items() if editions[-1].is_national]
    if book.procedure in fields.PROCEDURES and "governed_by" not in book.model_fields_set:
        yield subject.problem(
            book,
            (),
            "'governed_by' is not given, so no national rulebook judges these cases",
            f"name it (known: {', '.join(known)}), or write 'governed_by: []' if there is none",
        )
    for number, name in enumerate(book.governed_by):
        if name not in known:
            yield subject.problem(
                book,
                ("governed_by", number),
                f"'governed_by' names {name!r}, and no national rulebook of that name is installed",
                did_you_mean(name, known) or f"known: {', '.join(known)}",
            )


def _flags(subject: Subject, book: Rulebook) -> Iterator[Problem]:
    if book.for_flag and book.for_flag == book.not_for_flag:
        said = "'for_flag' and 'not_for_flag' are the same, so no case is judged"
        yield subject.problem(book, ("not_for_flag",), said)


def _flags_of(condition: Condition | None) -> dict[str, list[str]]:
    """The flags that each part of a condition names."""
    given = condition.given if condition else {}
    return {name: flags for name, value in given.items() if (flags := list(sense(name).flags(value)))}


def _unshown(subject: Subject, book: Rulebook) -> Iterator[Problem]:
    """Clauses that only the page of all clauses shows, and clauses that would have one address."""
    anchors: dict[str, str] = {}
    for number, clause in enumerate(book.clauses):
        path: Place = ("clauses", number)
        other = anchors.setdefault(anchor(clause.id), clause.id)
        if other != clause.id:
            yield subject.problem(
                book,
                path,
                f"clauses {other!r} and {clause.id!r} have one address in the handbook, so no page can show this one",
                "write one of the two in another way",
            )
        made = (clause.topic, clause.rules, clause.restates, clause.excludes, clause.answers, clause.departs)
        if not book.is_national and not any(made):
            yield subject.problem(
                book,
                path,
                "only the page of all clauses shows this one: it has no topic, no rules, and answers nothing",
                "give it a 'topic'",
            )


def _editions(subject: Subject, book: Rulebook) -> Iterator[Problem]:
    """Editions whose pages in the handbook would be one."""
    for other in subject.host.editions.get(book.rulebook, ()):
        if other is not book and anchor(other.edition) == anchor(book.edition):
            said = f"editions {other.edition!r} and {book.edition!r} have one page in the handbook"
            yield subject.problem(book, ("edition",), said, "give each edition a name of its own")


def _to_write(subject: Subject, book: Rulebook) -> Iterator[Problem]:
    texts: list[tuple[Place, str | None]] = [
        *(((key,), getattr(book, key)) for key in ("title", "authority", "edition", "owner", "unclear")),
        (("source", "document"), book.source.document),
    ]
    for number, clause in enumerate(book.clauses):
        texts += [(("clauses", number, key), getattr(clause, key)) for key in ("heading", "who", "text")]
    for path, text in texts:
        if text and TO_WRITE in text:
            said = f"'{path[-1]}' is still what new-council wrote"
            yield subject.problem(book, path, said, "write what your policy says")


_OF_A_BOOK: tuple[Callable[[Subject, Rulebook], Iterator[Problem]], ...] = (
    _governed_by,
    _flags,
    _unshown,
    _editions,
    _to_write,
)


# --- a rule ---------------------------------------------------------------------------------------


def _never(book: Rulebook, rule: Rule) -> Iterator[str]:
    """Why a rule can never arise."""
    if any(set(flags) == {book.not_for_flag} for flags in _flags_of(rule.when).values()):
        yield f"can never arise: it is for cases with the flag {book.not_for_flag!r}, which 'not_for_flag' leaves out"
    left_out = _flags_of(rule.unless).values() if rule.unless and len(rule.unless.given) == 1 else ()
    if any(book.for_flag in flags for flags in left_out):
        yield f"can never arise: every case has the flag {book.for_flag!r}, since 'for_flag' asks for it"
    if rule.when and rule.unless and not rule.unless.narrows(rule.when):
        yield "can never arise: 'unless' holds wherever 'if' does"
    for why in _impossible(book, rule, rule.when) if rule.when else ():
        yield f"can never arise: {why}"


def _impossible(book: Rulebook, rule: Rule, when: Condition) -> Iterator[str]:
    """Why a condition never holds."""
    stage = rule.letter.stage if rule.letter else None
    for name, value in when.given.items():
        if sense(name).for_letters and stage is None:
            yield f"'{name}' is for the letters of a stage only"
        elif (needed := sense(name).rests_on(value, stage)) and not _has_limit(book, needed):
            yield f"'{name}' needs a rule {needed} with a time limit, and there is none"


def _has_limit(book: Rulebook, name: str) -> bool:
    """Whether a rulebook has this rule, and the rule sets a time."""
    ruling = book.rulings().get(name)
    if ruling is None:
        return False
    rule = ruling.rule
    return rule.cap != "none" if isinstance(rule, Extension) else isinstance(rule, Timed) and rule.within is not None


def _order(rule: Rule, own: fields.Own) -> Iterator[str]:
    """Where a step cannot follow what it is counted from."""
    if isinstance(rule, Notice):
        if rule.step == rule.start or rule.step in fields.later_steps(rule.start, own):
            yield f"gives notice of {fields.noun(rule.start)} by {fields.noun(rule.step)}, which cannot come before it"
    elif isinstance(rule, Timed):
        for start in rule.starts:
            if cannot_follow(start, rule.step, own):
                yield f"counts from {fields.noun(start)} ('{start}') to {fields.noun(rule.step)} ('{rule.step}'), " + (
                    "which is the same" if start == rule.step else "which cannot come after it"
                )


def cannot_follow(start: str, step: str, own: fields.Own = fields.NO_OWN) -> bool:
    """Whether a step comes before what it would be counted from, as the fields of a case record are ordered."""
    known = (*fields.ORDERED, *fields.ordered(own))
    return start == step or (start, step) in known or start in fields.later_steps(step, own)


def _other_stage(rule: Rule) -> Iterator[str]:
    """Where the name of a rule is of one stage and its step of another."""
    if isinstance(rule, Timed) and rule.stage is not None:
        stage = fields.named(rule.step).stage
        if stage is not None and stage != rule.stage:
            yield f"is a rule of stage {rule.stage}, but '{rule.step}' is a step of stage {stage}"
