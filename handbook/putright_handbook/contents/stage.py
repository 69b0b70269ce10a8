"""Direct answers on one stage: who, when, more time, letters, what is next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from putright import fields
from putright.fields import Act
from putright.rulebooks import Rulebook, Ruling, doubts, phrases
from putright.rulebooks.rules import Extension, Timed
from putright.text.english import capital

from putright_handbook import letters, procedures, uncertain, wording, writing
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, clause_links, link, para, section

Found = list[tuple[Rulebook, Ruling]]


def content(site: Site, docname: str, rulebook: str, number: str) -> list[nodes.Node]:
    """The questions that staff ask at one stage."""
    procedure = site.procedure(rulebook)
    stage = int(number)
    words = site.host.words_of(procedure.council)
    parts = [
        section("when", "When must it be done?", *_when(procedure, stage)),
        section("who", f"Who does stage {stage}?", *_who(procedure, stage)),
        section("more-time", "May I extend?", *_more_time(procedure, stage, words)),
        section("late", "What if we are late?", *_late(procedure, stage)),
        *_asked_late(procedure, stage),
        section("letters", "What must the letters say?", *_letters(procedure, stage)),
        section("next", "What happens next?", *_next(procedure, stage)),
    ]
    return [writing.contents(docname, parts), *parts]


# --- answers --------------------------------------------------------------------------------------


def _when(procedure: Procedure, stage: int) -> Iterator[nodes.Node]:
    found = [(book, each) for book, each in procedure.at_stage(stage) if isinstance(each.rule, Timed)]
    found += [(book, each) for book, each in _of_the_case(procedure) if stage == min(procedure.stages)]
    if not found:
        yield para("The rules set no time at this stage.")
        return
    yield _lines([(book, each) for book, each in found if not _only_when_late(each)], step=True)
    yield para(["To get the dates of a case: ", link("When is it due?", f"{procedure.folder}/due-dates")])


def _who(procedure: Procedure, stage: int) -> Iterator[nodes.Node]:
    steps = [
        (book, each)
        for book, each in procedure.at_stage(stage)
        if each.entry.act in (Act.RESPOND, Act.PANEL) and each.who and not each.entry.outer
    ]
    said: list[Content] = [
        [f"{wording.step(each.name)}: ", writing.strong(capital(each.who or "")), *_cited(book, each)]
        for book, each in steps
    ]
    for book, each in procedure.at_stage(stage):
        if each.entry.act is Act.INDEPENDENCE:
            said.append(
                [writing.strong("Not the person who considered stage 1"), *_cited(book, each), *_doubts(book, each)]
            )
    yield bullets(said) if said else para("The rules do not say who. Ask the complaints team.")


def _more_time(procedure: Procedure, stage: int, words: dict[str, str]) -> Iterator[nodes.Node]:
    found = _named(procedure, stage, Act.EXTEND)
    if not found:
        yield para("The rules do not mention more time at this stage, so keep to the due date.")
        return
    for book, each in found:
        rule = each.rule
        assert isinstance(rule, Extension)
        yes = "Yes, once the complainant has been told before the time is up"
        said = f"{yes}: {phrases.more_time(rule)}"
        if conditions := wording.conditions(rule):
            said += f". {conditions.rstrip('.')}"
        yield para([said, *_cited(book, each)])
        if each.who:
            yield para(f"Who decides: {each.who}.", "pr-small")
        yield from uncertain.note(book, doubts.of_ruling(book, each))
    notice = f"extension-stage{stage}-contents"
    if notice in letters.letters(procedure):
        yield para(
            ["The extension notice must say (", _to_letter(procedure, notice, "checklist and starter letter"), "):"]
        )
        yield bullets(_asked(item) for item in letters.items(procedure, notice, words))


def _asked(item: letters.Item) -> str:
    conditions = " or ".join(f"{said[0].lower()}{said[1:]}" for said in item.conditions)
    return capital(item.meaning) + (f", {conditions}" if conditions else "")


def _late(procedure: Procedure, stage: int) -> Iterator[nodes.Node]:
    late = [(book, each) for book, each in procedure.at_stage(stage) if _only_when_late(each)]
    outer = [
        (book, each) for book, each in procedure.at_stage(stage) if each.entry.outer and each.entry.act is Act.RESPOND
    ]
    extension = bool(_named(procedure, stage, Act.EXTEND))
    yield para(
        "Telling the complainant of an extension after the due date does not help: the response is late all the same. "
        "Respond as soon as you can, and record the day."
        if extension
        else "Respond as soon as you can, and record the day."
    )
    if late:
        yield para("Tell the complainant:")
        yield _lines(late, step=True)
    if outer:
        yield para("The outer limit:")
        yield _lines(outer)
    doubtful = [
        (book, each)
        for book, each in _named(procedure, stage, Act.RESPOND)
        if isinstance(each.rule, Timed) and each.rule.late_verdict == "judgement"
    ]
    if doubtful:
        yield para("Here a late response is for a person to judge, because the rules only aim at or expect the time:")
        yield _lines(doubtful)


def _asked_late(procedure: Procedure, stage: int) -> Iterator[nodes.Node]:
    """What if the complainant asks for the stage late; for stages that have to be asked for."""
    found = _named(procedure, stage, Act.REQUEST)
    if not found:
        return
    refusal = f"refusal-stage{stage}-contents"
    made: list[nodes.Node] = [_lines(found, step=True)]
    made.append(para("A late request is for a person to judge: the time is the complainant's, and you may allow more."))
    if refusal in letters.letters(procedure):
        made.append(para(["If you refuse it: ", _to_letter(procedure, refusal, "what the refusal must say"), "."]))
    yield section("asked-late", f"What if they ask for stage {stage} late?", *made)


def _letters(procedure: Procedure, stage: int) -> Iterator[nodes.Node]:
    found = [name for name in letters.letters(procedure) if fields.LETTERS[name].stage == stage]
    if not found:
        yield para("The rules ask for nothing in particular in the letters of this stage.")
        return
    yield bullets(_to_letter(procedure, name, capital(fields.LETTERS[name].name)) for name in found)


def _next(procedure: Procedure, stage: int) -> Iterator[nodes.Node]:
    after = [each for each in procedure.stages if each > stage]
    if after:
        window = _named(procedure, after[0], Act.REQUEST)
        page = link(f"Stage {after[0]}", f"{procedure.folder}/stage-{after[0]}")
        yield para(["If the complainant is not satisfied they can ask for ", page, "." if not window else ":"])
        if window:
            yield _lines(window)
        return
    found = letters.ombudsmen(procedure)
    names = " or the ".join(f"{name} ({', '.join(at)})" if at else name for name, at in found.items())
    if names:
        yield para(f"This is the last stage. A complainant who is still not satisfied can go to the {names}.")
    else:
        yield para("This is the last stage. A complainant who is still not satisfied can go to the Ombudsman.")
    ends = [(book, each) for book, each in _ending(procedure)]
    if ends:
        yield para("What was agreed still has to be done:")
        yield _lines(ends, step=True)


# --- rules ----------------------------------------------------------------------------------------


def _named(procedure: Procedure, stage: int, act: Act) -> Found:
    return [(book, each) for book, each in procedure.at_stage(stage) if each.entry.act is act and not each.entry.outer]


def _only_when_late(ruling: Ruling) -> bool:
    return isinstance(ruling.rule, Timed) and ruling.rule.after_time_for is not None


_ORDER = list(fields.RULES)
_FIRST_OF_STAGE_1, _LAST_OF_ALL = _ORDER.index("acknowledge-stage1"), _ORDER.index("complete-remedy")


def _whole_case(procedure: Procedure) -> Found:
    """The timed rules that belong to no stage."""
    return [
        (book, each)
        for book in procedure.books
        for each in book.rulings().values()
        if each.stage is None and isinstance(each.rule, Timed)
    ]


def _of_the_case(procedure: Procedure) -> Found:
    """The steps that come before stage 1 or with it."""
    return [(book, each) for book, each in _whole_case(procedure) if _ORDER.index(each.name) < _LAST_OF_ALL]


def _ending(procedure: Procedure) -> Found:
    """The steps that come after the last response."""
    return [(book, each) for book, each in _whole_case(procedure) if _ORDER.index(each.name) >= _LAST_OF_ALL]


# --- lines ----------------------------------------------------------------------------------------


def _lines(found: Iterable[tuple[Rulebook, Ruling]], *, step: bool = False) -> nodes.bullet_list:
    """What is asked, in a line each, the council's own first; who asks for the same is named once."""
    same: dict[tuple[str, str], Found] = {}
    for book, ruling in sorted(found, key=_place):
        same.setdefault((ruling.name, _asks(ruling)), []).append((book, ruling))
    return bullets(_line(name, asks, alike, step=step) for (name, asks), alike in same.items())


def _place(one: tuple[Rulebook, Ruling]) -> tuple[int, bool]:
    return _ORDER.index(one[1].name), one[0].is_national


def _asks(ruling: Ruling) -> str:
    conditions = wording.conditions(ruling.rule).rstrip(".")
    time = phrases.asked(ruling.rule) + phrases.aim_mark(ruling.kind)
    return f"{time}. {conditions}" if conditions else time


def _line(name: str, asks: str, alike: Found, *, step: bool) -> list[Content]:
    time, stop, conditions = asks.partition(". ")
    said: list[Content] = [f"{wording.step(name)}: "] if step else []
    said += [writing.strong(time if step else capital(time)), f"{stop}{conditions}"]
    for place, (book, ruling) in enumerate(alike):
        said += ["; " if place else " (", _named_clause(book, ruling)]
    return [*said, ")", *(doubt for book, ruling in alike for doubt in _doubts(book, ruling))]


def _named_clause(book: Rulebook, ruling: Ruling) -> list[Content]:
    return [f"{procedures.whose(book)} " if book.is_national else "clause ", clause_links(book, ruling.clause)]


def _cited(book: Rulebook, ruling: Ruling) -> list[Content]:
    return [" (", *_named_clause(book, ruling), ")"]


def _doubts(book: Rulebook, ruling: Ruling) -> list[Content]:
    return uncertain.in_a_row(book, doubts.of_ruling(book, ruling))


def _to_letter(procedure: Procedure, name: str, text: str) -> nodes.Node:
    return link(text, f"{procedure.folder}/letters", f"letter-{name}")
