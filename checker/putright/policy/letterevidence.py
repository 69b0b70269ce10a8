"""Letters: what a council's letter shows of the words that a Code asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from putright import fields
from putright.policy.evidence import Display, Pair, Verdict, named, worst
from putright.policy.letters import Extent, Word, further, words
from putright.rulebooks import Ruling, doubts
from putright.rulebooks.conditions import Condition
from putright.rulebooks.phrases import condition
from putright.rulebooks.rules import Contents
from putright.text.english import listed


def show_letter(pair: Pair, name: str, asked: list[Contents], *, first: bool) -> Display:
    """What the policy's letter holds of the words that one paragraph asks for.

    ``first``: the paragraph is the Code's first on this letter, where words beyond the Code's are reported.
    """
    letter = fields.LETTERS[name].name
    ruling = pair.policy.rulings().get(name)
    if ruling is None:
        return Display(Verdict.NOT_STATED, f"The policy does not say what the {letter} holds.")
    whole = pair.policy.doubts()
    found = words(asked, ruling, whole)
    verdict = worst(map(_by_extent, found))
    sentences = []
    if held := [word.word for word in found if word.extent is Extent.HELD]:
        said = f"The {letter} holds {named(pair, held)} ({_clauses(ruling, held)})"
        sentences.append(f"{said}, as {pair.code_name} {pair.asks}.")
    sentences += _short_of(pair, letter, ruling, [word for word in found if word.extent is not Extent.HELD])
    more = further(pair.code.rulings()[name], ruling, whole) if first else []
    if more:
        verdict = Verdict.FURTHER if verdict is Verdict.FOLLOWS else verdict
        sentences.append(f"It holds more: {named(pair, more)} ({_clauses(ruling, more)}).")
    wanted = {word.word for word in found} | set(more)
    holding = tuple(
        clause.id
        for clause in pair.policy.clauses
        if any(isinstance(rule, Contents) and rule.rule == name and wanted & set(rule.words) for rule in clause.rules)
    )
    # Where no clause holds any of the words, the clauses on the letter show that none does.
    return Display(verdict, " ".join(sentences), holding or pair.clauses(ruling))


def _by_extent(word: Word) -> Verdict:
    if word.extent is Extent.HELD:
        return Verdict.FOLLOWS
    # What depends on something no record can show, what the source does not support and what is only a
    # reading of it are never simply lacking.
    asked = word.asked
    soft = asked.lacking == "judgement" or asked.unclear is not None or asked.is_for_a_person
    return Verdict.JUDGEMENT if soft or word.extent in (Extent.ARGUABLE, Extent.READ) else Verdict.DEPARTS


def _short_of(pair: Pair, letter: str, ruling: Ruling, short: list[Word]) -> Iterator[str]:
    """What the letter lacks, words asked for alike together, and what it holds only at times."""
    groups: list[list[Word]] = []
    for word in short:
        alike = (g for g in groups if _grounds(g[0]) == _grounds(word))
        if (group := next(alike, None)) is None:
            groups.append([word])
        else:
            group.append(word)
    for group in groups:
        own, when = group[0].condition, group[0].asked.when
        held = [word.word for word in group]
        asked = _asked(pair, group[0])
        lacked = listed(" or ".join(pair.words[each] for each in (word.word, *word.others)) for word in group)
        if own is None:
            yield f"The {letter} need not hold {lacked} ({ruling.clause}){asked}."
            continue
        if group[0].extent is Extent.READ:
            yield f"The {letter} holds {lacked} on one reading only ({_clauses(ruling, held)})."
        else:
            yield f"The {letter} holds {lacked} {_only(own, when)} ({_clauses(ruling, held)}){asked}."
        if own.unclear:
            yield doubts.sentence(own.unclear)


def _asked(pair: Pair, word: Word) -> str:
    """When the Code asks for a word, and whether that is only a reading of it; nothing where it always does."""
    reading = ", on one reading," if word.asked.unclear else ""
    if not reading and not word.asked.when:
        return ""
    verb = f"{pair.asks} where {condition(word.asked.when)}" if word.asked.when else pair.asks_for
    return f", which{reading} {pair.code_name} {verb}"


def _grounds(word: Word) -> tuple[Condition | None, bool, Contents | None]:
    return word.asked.when, word.asked.unclear is None, word.condition


def _only(own: Contents, asked: Condition | None) -> str:
    if own.when and own.when != asked:
        return f"only where {condition(own.when)}"
    if own.unless:
        return f"but not where {condition(own.unless)}"
    return "or something else in its place" if own.holds_one_of else "where that is right"


def _clauses(ruling: Ruling, held: Iterable[str]) -> str:
    wanted = set(held)
    return listed(
        dict.fromkeys(
            part.clause for part in ruling.parts if isinstance(part.rule, Contents) and wanted & set(part.rule.words)
        )
    )
